/* SPDX-License-Identifier: MIT */
/*
 * tests/sources/fs/client.h - what a client of the module fs needs of its system: a scratch
 * directory, files in it, and a lock that can be waited at
 */
#ifndef CONNPT_TESTS_FS_CLIENT_H
#define CONNPT_TESTS_FS_CLIENT_H

#include <connpt/com.h>

#define CLIENT_PATH_SIZE 400

/* The scratch directory, with slashes. Each call below returns 0 when the system refuses. */
extern char client_scratch[CLIENT_PATH_SIZE];
int client_begin(void);
int client_end(void);

/* Paths in it: "a", "d/b". A file has some text, so that it counts as written. */
int client_make_file(const char *name);
int client_make_dir(const char *name);
int client_move(const char *from, const char *to);
int client_remove(const char *name);

void client_lock(void);
void client_unlock(void);
void client_wait(void); /* unlocked meanwhile; until client_wake, or a few milliseconds */
void client_wake(void);

/* What the module's DllCanUnloadNow says; E_FAIL: it has none. */
HRESULT client_can_unload(const char *module);

#endif

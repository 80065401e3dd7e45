/* SPDX-License-Identifier: MIT */
/*
 * tests/sources/fs/tree.h - a scratch directory, a watcher on it, and what it reported
 *
 * Paths are relative to the scratch directory's `in`, which is watched; `out` beside it is not:
 * "../out/x". Separators are slashes, in reports too. What a system does itself is in
 * tree_linux.c and tree_win32.c.
 */
#ifndef CONNPT_TESTS_FS_TREE_H
#define CONNPT_TESTS_FS_TREE_H

#include "watcher.h"

/* Begin: make the directories, chdir into `in`. End: close the watcher, remove everything. */
void tree_begin(void);
void tree_end(void);

/* Each stops the program when the system refuses: then no test means anything. */
void make_file(const char *path, const char *text);
void append_file(const char *path, const char *text);
void make_dir(const char *path);
void move(const char *from, const char *to);
void remove_file(const char *path);
void remove_dir(const char *path);
void remove_tree(const char *path);

/* The same, 0 when it could not be done. try_file adds nothing to a file that exists. */
int try_dir(const char *path);
int try_file(const char *path);
int try_remove(const char *path);
int try_move(const char *from, const char *to);

int exists(const char *path);
void list(const char *dir, void (*each)(const char *name, int is_dir));

/* Its attributes other than times. */
void change_attributes(const char *path);
/* Contents last written, long ago. */
void make_old(const char *path);
/* Wait until what changes now is later, to the file systems' clock and fs_now, than @path did. */
void wait_for_tick(const char *path);

/* The working directory is the scratch directory; what is watched can be removed: remove_root. */
void leave_root(void);
void remove_root(void);

/* 0 or the error number of fs_watcher_open. */
int watch(void);
int watch_flat(void);
/* Dispatch until everything done so far has been told. */
void pump(void);
struct fs_watcher *watcher(void);

/*
 * The reports since the last call, one a line, in order (reported) or sorted by text (sorted):
 *   C path   created      M path   modified     V from > to   moved    D path   deleted
 *   A path   attributes   O path   overflow     F path code   failed   S reason
 * A directory's path ends in '/'; the root is ".". Borrowed until the next call.
 */
const char *reported(void);
const char *reported_now(void); /* without pump() */
const char *reported_sorted(void);
/* Without the lines that begin with @kind. */
const char *reported_sorted_but(char kind);

/* Called with each line, before it is kept; NULL: none. */
extern void (*on_report)(const char *line);

/* ---- faults ------------------------------------------------------------------------------ */

/* A path with this end cannot be watched (Linux) or read (Windows); NULL: none. */
extern const char *refused_path;
/* The error that it fails with, of the system's; 0: permission is denied. */
extern int refused_error;
extern size_t read_size;          /* Linux: at most so many bytes a read; 0: no limit */
extern int inject_overflow;       /* the next read says that more happened than fits; ... */
extern int lose_events;           /* ... what was in the queue is lost (on Windows always) */
extern unsigned tree_buffer_size; /* Windows: of a read; 0: as usual */
extern const char *last_message;  /* of the last failure, as ASCII */

/* ---- between tree.c and tree_linux.c or tree_win32.c ---------------------------------------- */

extern char tree_scratch[]; /* of TREE_PATH_SIZE bytes, as is ... */
extern char tree_root[];    /* ... what is watched */
#define TREE_PATH_SIZE 300
/* In the name of a file that pump() makes; not reported. */
#define FENCE ".fence-"
const struct fs_system *tree_system(void);
void tree_die(const char *what, const char *path);
/* Make a scratch directory and enter its `in`. */
void tree_system_begin(void);
void tree_system_end(void);

#endif

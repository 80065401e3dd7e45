/* SPDX-License-Identifier: MIT */
/*
 * windows/process.h - programs of this folder that a test starts, waits for and kills
 *
 * Each run has a class of its own, by a CLSID made of the test's process id: tests that run at the
 * same time do not meet. Every program has a deadline and ends by itself.
 */
#ifndef CONNPT_TESTS_PROCESS_H
#define CONNPT_TESTS_PROCESS_H

#include <connpt/com.h>

struct process {
    HANDLE handle;
    HANDLE ready; /* the event that the program signals when it is at work */
    HANDLE quit;  /* the event that tells it to end */
    CLSID clsid;  /* the class of this run */
};

/* The class of the @number-th server that this test program starts. */
CLSID process_class(unsigned number);

/* Starts `PROGRAM {CLSID} EVENT @arguments` from the test's own folder, and waits until it is
 * ready. FALSE when that failed, and said so: then there is nothing to end. */
BOOL process_start(struct process *process, const char *program, const CLSID *clsid,
                   const char *arguments);

/* Waits for its end; returns the exit status. */
DWORD process_wait(struct process *process);

/* The same, after telling it to end. */
DWORD process_stop(struct process *process);

/* Ends it as a crash would, and waits until it is gone. */
void process_kill(struct process *process);

/* The full path of a program of the test's own folder. */
void process_path(const char *program, char *path, size_t size);

/* ---- the program's side ------------------------------------------------------------------------
 */

/* Takes CLSID and EVENT from the command line, and opens the events; FALSE when CLSID is not there.
 * COM starts a server without an event: then both are NULL. */
BOOL process_arguments(int argc, char **argv, struct process *ret_self);

#endif

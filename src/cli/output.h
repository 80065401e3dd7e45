/* SPDX-License-Identifier: MIT */
/*
 * cli/output.h - event lines from many threads to stdout, in blocks
 *
 * Firing threads put lines together in one buffer; the main thread is the only one that writes.
 * A line leaves at once when the command is idle, and within OUTPUT_DELAY_MS in a storm, when
 * lines travel together. A firing thread waits only when the reader of stdout is slower than
 * the events: then the source is slowed down, instead of memory growing without end.
 */
#ifndef CONNPT_CLI_OUTPUT_H
#define CONNPT_CLI_OUTPUT_H

#include "text.h"

enum { OUTPUT_DELAY_MS = 20, OUTPUT_BLOCK = 8 * 1024, OUTPUT_MOST = 16 * 1024 };

struct output;

struct output *output_create(void);
void output_destroy(struct output *output);

/* Any thread: the buffer to append to, with the lock held; NULL when the output was closed
 * (the lock is not held then). */
struct text *output_lock(struct output *output);
/* Releases the lock, and wakes the main thread when there is something to do. */
void output_unlock(struct output *output, bool wake);

/* The lock alone, without waiting for room: to look at what it protects. */
void output_enter(struct output *output);
void output_leave(struct output *output);

/* From now on the thread that fills the buffer writes it too: for while the main thread itself
 * makes the events. */
void output_set_direct(struct output *output, bool is_direct);

/* The main thread: ms until a flush is due, 0: now, -1: nothing to write. */
long output_due(struct output *output);
/* Writes what is there; false: stdout cannot be written to any more. */
bool output_flush(struct output *output);
/* From now on output_lock answers NULL; firing threads that wait are let go. */
void output_close(struct output *output);

#endif

/* SPDX-License-Identifier: MIT */
/*
 * tests/sources/fs/tree.h - a scratch directory, a watcher on it, and what it reported
 *
 * Paths are relative to the scratch directory's `in`, which is watched; `out` beside it is not:
 * "../out/x". The kernel queues an event before the call that caused it returns, so pump() knows
 * when it has seen everything without waiting.
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

/* 0 or the error number of fs_watcher_open. */
int watch(void);
int watch_flat(void);
void pump(void);
struct fs_watcher *watcher(void);

/*
 * The reports since the last call, one a line, in order (reported) or sorted by text (sorted):
 *   C path   created      M path   modified     V from > to   moved    D path   deleted
 *   A path   attributes   O path   overflow     F path code   failed   S reason
 * A directory's path ends in '/'; the root is ".". Borrowed until the next call.
 */
const char *reported(void);
const char *reported_sorted(void);

/* Called with each line, before it is kept; NULL: none. */
extern void (*on_report)(const char *line);

/* ---- faults ------------------------------------------------------------------------------ */

extern int fail_watch_errno;        /* add_watch of a path ending in ... */
extern const char *fail_watch_path; /* ... this fails; NULL: none does */
extern size_t read_size;            /* at most so many bytes a read; 0: no limit */
extern int inject_overflow;         /* the next read says that the queue overflowed; ... */
extern int lose_events;             /* ... and what was in the queue is lost */
extern const char *last_message;    /* of the last failure, as ASCII */

#endif

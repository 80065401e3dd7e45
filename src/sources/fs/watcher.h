/* SPDX-License-Identifier: MIT */
/*
 * fs/watcher.h - watch a directory tree and call one function per event
 *
 * No COM, no thread of its own: the caller runs fs_watcher_run on a thread of its choosing.
 * What existed when fs_watcher_open returned is the baseline; from then on no change is
 * missed without a word: when the system's queue overflows (or memory runs out) the tree is
 * read again and compared, after an FS_OVERFLOW that says so.
 *
 * Symbolic links are not followed, except in the path of the root itself.
 */
#ifndef CONNPT_FS_WATCHER_H
#define CONNPT_FS_WATCHER_H

#include <connpt/com.h>

/* The numbers are the dispids of DFileEvents. */
enum fs_kind {
    FS_CREATED = 1,
    FS_MODIFIED,
    FS_MOVED,
    FS_DELETED,
    FS_ATTRIBUTES,
    FS_OVERFLOW,
    FS_FAILED,
    FS_STOPPED
};

/* One event; all of it is borrowed for the call. Paths begin with the root as it was given. */
struct fs_event {
    enum fs_kind kind;
    int is_dir;   /* created, moved, deleted, attributes */
    HRESULT code; /* failed */
    BSTR path;    /* moved: where it was */
    BSTR other;   /* moved: where it is; failed: what to do; stopped: why */
};

/* The system's calls that tests replace: os_linux.h, os_win32.h. */
struct fs_system;

struct fs_options {
    const char *root; /* a directory, as fs_name_from_text gives it; copied */
    int is_recursive;
    void (*fire)(void *context, const struct fs_event *event);
    void *context;
    const struct fs_system *system; /* NULL: the real one */
};

struct fs_watcher;

/*
 * fs_watcher_open - begin to watch; calls `fire` not yet
 *
 * Returns: 0, or an error number of the system, for failure.h. Directories further down that
 *          cannot be watched are no error here: the first dispatch reports each with FS_FAILED.
 */
int fs_watcher_open(const struct fs_options *options, struct fs_watcher **ret_watcher);

/* fs_watcher_try - could @root be watched? 0, or an error number as fs_watcher_open's. */
int fs_watcher_try(const char *root);

/*
 * fs_watcher_dispatch - wait for events, at most @timeout_ms (-1: no limit), and report them
 *
 * Returns: 1; 0 once watching has ended (after FS_STOPPED) or was asked to stop.
 * Threads: one at a time. `fire` may call fs_watcher_stop and _watches, nothing else.
 */
int fs_watcher_dispatch(struct fs_watcher *watcher, int timeout_ms);

/* fs_watcher_run - dispatch until there is nothing more to do */
void fs_watcher_run(struct fs_watcher *watcher);

/* fs_watcher_stop - make run return; any thread, also inside `fire`, which is not called again
 * by the dispatch that runs now once it has seen this */
void fs_watcher_stop(struct fs_watcher *watcher);

/* fs_watcher_watches - how many directories are watched; any thread */
long fs_watcher_watches(const struct fs_watcher *watcher);

/* fs_watcher_close - free everything; NULL is allowed. No dispatch may be running. */
void fs_watcher_close(struct fs_watcher *watcher);

#endif

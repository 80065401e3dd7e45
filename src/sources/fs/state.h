/* SPDX-License-Identifier: MIT */
/*
 * fs/state.h - the watcher's inside
 *
 * What is the same everywhere: watcher.c, change.c, scan.c and report.c. How an operating system
 * tells of changes and reads directories: the files with its name (*_linux.c, *_win32.c), behind
 * the functions at the end of this header.
 */
#ifndef CONNPT_FS_STATE_H
#define CONNPT_FS_STATE_H

#include <stdatomic.h>

#ifdef _WIN32
#include "os_win32.h"
#else
#include "os_linux.h"
#endif
#include "tree.h"
#include "watcher.h"

#define FS_HELD_MAX 16
/* What may belong to a next event waits so long for it. Under Wine the halves of a move come in two
 * reads, with a wait for its server between them. */
#ifdef _WIN32
#define FS_HOLD_MS 50
#else
#define FS_HOLD_MS 5
#endif

/* Half of a move whose other half was not seen yet. */
struct fs_held {
    struct fs_dir *dir; /* the name was in here */
    uint32_t cookie;    /* the same in both halves */
    uint32_t round;     /* the read that brought it */
    uint8_t is_dir;
    uint16_t length;
    char name[FS_NAME_MAX];
};

/* A failure met before anyone could be told. */
struct fs_note {
    struct fs_note *next;
    int error;
    struct fs_text path;
};

struct fs_watcher {
    struct fs_options options;
    struct fs_tree tree;
    struct fs_dir *todo;   /* directories to read; linked by todo_next */
    struct fs_dir *root;   /* NULL once its watch is gone */
    struct fs_note *notes; /* in order; fired by the first dispatch */
    struct fs_note **notes_end;
    struct fs_text other; /* the second string of an event */
    atomic_int is_stopping;
    atomic_long n_watches;
    int is_quiet;        /* the baseline is being read: nothing is reported */
    int has_ended;       /* FS_STOPPED was fired */
    int has_lost;        /* something could not be reported: compare the tree again */
    int has_unread;      /* a directory could not be read because it was moved meanwhile */
    int64_t drained;     /* fs_now of a moment at which no event was waiting */
    uint32_t round;      /* reads so far */
    uint32_t comparison; /* comparisons of the tree so far */

    /* A file written to, not reported yet: see change.c. */
    struct fs_dir *modified_dir; /* NULL: none */
    uint32_t modified_round;     /* the read that brought it */
    uint16_t modified_length;
    char modified_name[FS_NAME_MAX];

    /* The last move that replaced its target: see change.c. */
    int replaced_from_wd; /* 0: none */
    int replaced_to_wd;
    char replaced_from[FS_NAME_MAX + 1];
    char replaced_to[FS_NAME_MAX + 1];

    unsigned n_held;
    struct fs_held held[FS_HELD_MAX];
    struct fs_os os; /* last: its buffer is left as malloc gives it */
};

enum fs_scan {
    FS_SCAN_NEW,    /* report what is not known: a directory that appeared */
    FS_SCAN_COMPARE /* and what is gone, and what changed since `drained` */
};

static inline int fs_is_over(const struct fs_watcher *watcher)
{
    return watcher->has_ended || atomic_load_explicit(&watcher->is_stopping, memory_order_acquire);
}

/* ---- report.c: events out ---------------------------------------------------------------- */

/* @name NULL: about @dir itself. */
void fs_report(struct fs_watcher *watcher, enum fs_kind kind, const struct fs_dir *dir,
               const char *name, size_t length, int is_dir);
void fs_report_move(struct fs_watcher *watcher, const struct fs_dir *from, const char *from_name,
                    size_t from_length, const struct fs_dir *to, const char *name, size_t length,
                    int is_dir);
void fs_report_failure(struct fs_watcher *watcher, const struct fs_dir *dir, const char *name,
                       size_t length, int error);
void fs_report_notes(struct fs_watcher *watcher);
void fs_end(struct fs_watcher *watcher, const char *reason);

/* ---- scan.c: directories in and out of the tree -------------------------------------------- */

/* Put a directory with watch @wd into the tree, to be read. NULL: no memory. */
struct fs_dir *fs_add_dir(struct fs_watcher *watcher, int wd, struct fs_dir *parent,
                          const char *name, size_t length);

/* Read the directories that were noted, and those found in them. 0 or the error that the first
 * one could not be read with. */
int fs_scan_noted(struct fs_watcher *watcher, enum fs_scan mode);
void fs_scan_note(struct fs_watcher *watcher, struct fs_dir *dir);
void fs_scan_note_unread(struct fs_watcher *watcher);

/*
 * A path through @dir leads nowhere: it was moved, and once we are told whereto it must be read
 * again. Unless the root's path does not lead to the root either.
 */
void fs_led_nowhere(struct fs_watcher *watcher, struct fs_dir *dir);

/* Remove a name; and if it is a watched directory, what is watched below it. */
void fs_forget(struct fs_watcher *watcher, struct fs_dir *dir, uint32_t place);
void fs_drop_tree(struct fs_watcher *watcher, struct fs_dir *top);

/* ---- change.c: what the system tells, one change at a time ---------------------------------- */

/* @is_closed: by a writer. Otherwise the report may wait for more of the same. */
void fs_written(struct fs_watcher *watcher, struct fs_dir *dir, const char *name, size_t length,
                int is_closed);
void fs_flush_modified(struct fs_watcher *watcher);

/* @id: as fs_entry's. */
void fs_appeared(struct fs_watcher *watcher, struct fs_dir *dir, const char *name, size_t length,
                 int is_dir, uint64_t id);
void fs_disappeared(struct fs_watcher *watcher, struct fs_dir *dir, const char *name, size_t length,
                    int is_dir);

/* The first half of a move: the watched @wd lost the name. */
void fs_hold(struct fs_watcher *watcher, int wd, const char *name, size_t length, int is_dir,
             uint32_t cookie);
/* The second half. Without the first it came from outside the tree. */
void fs_moved_to(struct fs_watcher *watcher, struct fs_dir *dir, const char *name, size_t length,
                 int is_dir, uint64_t id, uint32_t cookie);
void fs_flush_held(struct fs_watcher *watcher, uint32_t before_round);

/* The first half at @i is told otherwise. */
void fs_unhold(struct fs_watcher *watcher, unsigned i);

/* Is the name among what is held, with another cookie? */
int fs_is_held(const struct fs_watcher *watcher, int wd, const char *name, size_t length,
               uint32_t cookie);

/* Read the whole tree again, after an FS_OVERFLOW, and report the differences. */
void fs_compare(struct fs_watcher *watcher);

/* ---- the system ------------------------------------------------------------------------------ */

/* What fs_os_fini needs; then fs_os_open, which may fail half-way: begin to watch the root, whose
 * path it gives to the tree. 0 or an error number. */
void fs_os_init(struct fs_watcher *watcher);
int fs_os_open(struct fs_watcher *watcher);
void fs_os_fini(struct fs_watcher *watcher);

/* Make fs_os_wait return; any thread. */
void fs_os_wake(struct fs_watcher *watcher);

/* Wait for events, at most @timeout_ms (-1: no limit). 1: there are some; 0: none; -1: give up. */
int fs_os_wait(struct fs_watcher *watcher, int timeout_ms);

/* Take the events of one read and hand them to change.c. FS_TAKEN_NONE: there were none. */
enum fs_taken { FS_TAKEN_NONE, FS_TAKEN_SOME, FS_TAKEN_ALL /* no more were waiting */ };
enum fs_taken fs_os_take(struct fs_watcher *watcher);

/* The time that file systems stamp with, never ahead of a later stamp. The unit is the system's. */
int64_t fs_now(void);

/* Why the root's path no longer leads to the root; NULL while it does. */
const char *fs_os_is_gone(struct fs_watcher *watcher);

/*
 * Watch the subdirectory at @place of @dir's names, and note it to be read if it is new (or,
 * to compare, in any case). 1 when it turned out to be a directory that was watched elsewhere
 * in the tree: then FS_MOVED was reported and it must not be reported as created.
 */
int fs_watch_child(struct fs_watcher *watcher, struct fs_dir *dir, uint32_t place,
                   enum fs_scan mode);
void fs_os_unwatch(struct fs_watcher *watcher, struct fs_dir *dir);

/* One name that reading a directory meets. */
struct fs_entry {
    const char *name; /* not NUL-terminated everywhere; borrowed until the next one */
    size_t length;
    int is_dir;
    uint64_t id; /* the system's, of what has the name; 0: it has none that we use */
};

/*
 * Reading a directory: begin (0 or an error number; ENOENT and the like: it is no longer where
 * the tree has it), then each name but "." and "..", then end. next: 1, 0 after the last one, or
 * a negative error number: then what was not met may exist nevertheless.
 */
int fs_reader_begin(struct fs_watcher *watcher, struct fs_dir *dir, struct fs_reader *reader);
int fs_reader_next(struct fs_reader *reader, struct fs_entry *entry);
void fs_reader_end(struct fs_reader *reader);

/* Was what the reader is at changed since @since? *ret_written: its contents, surely. */
int fs_reader_is_changed(struct fs_reader *reader, const struct fs_entry *entry, int64_t since,
                         int *ret_written);

/* Does the error mean that a path leads nowhere? */
int fs_os_is_nowhere(int error);

#endif

/* SPDX-License-Identifier: MIT */
/* fs/state.h - the watcher's inside, shared by watcher.c, change.c, scan.c and report.c */
#ifndef CONNPT_FS_STATE_H
#define CONNPT_FS_STATE_H

#include <stdatomic.h>
#include <time.h>

#include "tree.h"
#include "watcher.h"

#define FS_HELD_MAX 16
#define FS_HOLD_MS 5         /* what may belong to a next event waits so long for it */
#define FS_BUFFER_SIZE 16384 /* a few hundred events; more only costs memory */

/* Half of a move whose other half was not seen yet. */
struct fs_held {
    struct fs_dir *dir; /* the name was in here */
    uint32_t cookie;    /* the kernel's, the same in both halves */
    uint32_t round;     /* the read that brought it */
    uint8_t is_dir;
    uint8_t length;
    char name[255];
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
    int fd;               /* inotify */
    int wake_fd;          /* eventfd: readable once stop was asked for */
    atomic_int is_stopping;
    atomic_long n_watches;
    int is_quiet;   /* the baseline is being read: nothing is reported */
    int has_ended;  /* FS_STOPPED was fired */
    int has_lost;   /* something could not be reported: compare the tree again */
    int has_unread; /* a directory could not be read because it was moved meanwhile */
    dev_t root_dev;
    ino_t root_ino;
    struct timespec drained; /* by the file systems' clock: no event was waiting then */
    uint32_t round;          /* reads so far */
    uint32_t comparison;     /* comparisons of the tree so far */

    /* A file written to, not reported yet: see change.c. */
    struct fs_dir *modified_dir; /* NULL: none */
    uint32_t modified_round;     /* the read that brought it */
    uint8_t modified_length;
    char modified_name[255];

    /* The last move that replaced its target: see change.c. */
    int replaced_from_wd; /* 0: none */
    int replaced_to_wd;
    char replaced_from[256];
    char replaced_to[256];

    unsigned n_held;
    struct fs_held held[FS_HELD_MAX];

    _Alignas(8) char buffer[FS_BUFFER_SIZE];
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

/* Watch the root. 0 or an error number. */
int fs_watch_root(struct fs_watcher *watcher);

/*
 * Watch the subdirectory at @place of @dir's names, and note it to be read if it is new (or,
 * to compare, in any case). 1 when it turned out to be a directory that was watched elsewhere
 * in the tree: then FS_MOVED was reported and it must not be reported as created.
 */
int fs_watch_child(struct fs_watcher *watcher, struct fs_dir *dir, uint32_t place,
                   enum fs_scan mode);

/* Read the directories that were noted, and those found in them. 0 or the error that the first
 * one could not be read with. */
int fs_scan_noted(struct fs_watcher *watcher, enum fs_scan mode);
void fs_scan_note(struct fs_watcher *watcher, struct fs_dir *dir);
void fs_scan_note_unread(struct fs_watcher *watcher);

/* Remove a name; and if it is a watched directory, what is watched below it. */
void fs_forget(struct fs_watcher *watcher, struct fs_dir *dir, uint32_t place);
void fs_drop_tree(struct fs_watcher *watcher, struct fs_dir *top);

/* ---- change.c: the kernel's events ---------------------------------------------------------- */

struct inotify_event;
void fs_change(struct fs_watcher *watcher, const struct inotify_event *event);
void fs_flush_modified(struct fs_watcher *watcher);
void fs_flush_held(struct fs_watcher *watcher, uint32_t before_round);
void fs_compare(struct fs_watcher *watcher);

#endif

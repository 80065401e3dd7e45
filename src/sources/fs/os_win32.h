/* SPDX-License-Identifier: MIT */
/* fs/os_win32.h - what a watcher has of ReadDirectoryChangesW's */
#ifndef CONNPT_FS_OS_WIN32_H
#define CONNPT_FS_OS_WIN32_H

#include <stdint.h>

#include <connpt/com.h>

#include "text.h"

#define FS_DOUBTS_MAX 64
#define FS_LISTING_SIZE 32768
#define FS_SECOND INT64_C(10000000) /* times are hundreds of nanoseconds */

struct fs_dir;
struct fs_watcher;

/* What tests put in the system's place; each may be NULL. */
struct fs_system {
    /* A read of the tree or of the attributes (what) has put @got bytes into @buffer, which has
     * room for @size: how many are there really. */
    DWORD (*take)(int what, void *buffer, DWORD size, DWORD got);
    /* The error that a directory is to be opened with for reading; 0: none. */
    DWORD (*refuse)(const WCHAR *path);
    DWORD buffer_size; /* of the tree's reads; 0: as usual */
};

enum { FS_STREAM_TREE, FS_STREAM_ATTRIBUTES, FS_STREAM_PARENT, FS_STREAMS };

/*
 * One handle that changes are read from. While one buffer is worked on the system has the other;
 * what happens when it has none waits in the kernel, as much as fits into one buffer.
 */
struct fs_stream {
    OVERLAPPED overlapped;
    HANDLE handle; /* NULL: this one is not watched */
    DWORD filter;
    DWORD size;
    BOOL is_subtree;
    int is_pending; /* the system may write to buffers[current] */
    int is_ready;   /* the read has ended */
    unsigned current;
    unsigned char *buffers[2];
};

/* A directory in which something was looked up by a path that may have led elsewhere. */
struct fs_doubt {
    int wd;
    uint32_t round;
};

struct fs_os {
    HANDLE port; /* completions, and FS_WAKE_KEY */
    struct fs_stream streams[FS_STREAMS];
    uint64_t root_id;
    DWORD root_volume;
    int has_stable_ids; /* of the volume: what is deleted leaves its id to nobody */
    int is_wine;        /* see change_win32.c */
    int is_renewing;    /* see scan_win32.c */
    int last_wd;
    uint32_t last_cookie;
    uint32_t rename_cookie; /* of the old name just told; 0: it was unknown */
    unsigned n_doubts;
    struct fs_doubt doubts[FS_DOUBTS_MAX];
    struct fs_text path; /* of fs_os_path */
    struct fs_text leaf; /* the root's own name, in its parent */
    unsigned char *listing;
};

struct fs_reader {
    HANDLE handle;
    unsigned char *listing; /* the watcher's: one reader at a time */
    const FILE_ID_BOTH_DIR_INFO *entry;
    int is_begun;
    char name[3 * 255];
};

/* ---- watcher_win32.c ----------------------------------------------------------------------- */

/* The path of a directory or a name in it for the system, NULL: no memory. Borrowed until the
 * next call. */
const WCHAR *fs_os_path(struct fs_watcher *watcher, const struct fs_dir *dir, const char *name,
                        size_t length);

/* Fetch what has completed, waiting at most @timeout_ms. 0: nothing has. -1: it cannot be. */
int fs_os_collect(struct fs_watcher *watcher, DWORD timeout_ms);

/* Begin the next read. 0 or an error number. */
int fs_os_issue(struct fs_stream *stream);

/* ---- change_win32.c ------------------------------------------------------------------------- */

/* What one read brought. */
void fs_os_records(struct fs_watcher *watcher, int what, const unsigned char *buffer, DWORD size);

/* ---- scan_win32.c -------------------------------------------------------------------------- */

/* What has a name now. */
struct fs_look {
    int exists;
    int is_dir;
    uint64_t id;
    DWORD error; /* when it does not */
};
void fs_os_look(struct fs_watcher *watcher, const struct fs_dir *dir, const char *name,
                size_t length, struct fs_look *look);

/* A directory to its own users; not a link to one. */
int fs_os_is_directory(DWORD attributes, DWORD reparse_tag);

#endif

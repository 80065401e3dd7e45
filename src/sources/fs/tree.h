/* SPDX-License-Identifier: MIT */
/*
 * fs/tree.h - the watched directories: found by watch descriptor, linked to their parents
 *
 * A directory is in the tree exactly while it has a watch. Its parent lists it by name with
 * that watch's descriptor, so children need no list of their own. Paths are built from the
 * links when an event needs one: renaming a directory changes one name, whatever lies below.
 */
#ifndef CONNPT_FS_TREE_H
#define CONNPT_FS_TREE_H

#include <stddef.h>
#include <stdint.h>

#include "names.h"
#include "text.h"

#ifdef _WIN32
#define FS_SEPARATOR '\\'
#else
#define FS_SEPARATOR '/'
#endif

struct fs_dir {
    struct fs_dir *parent;    /* NULL: the root */
    struct fs_dir *todo_next; /* list of directories to be read, see scan.c */
    char *name;               /* in the parent; not NUL-terminated; NULL: the root */
    struct fs_names names;    /* what was reported, or was there from the start */
    int wd;
    uint32_t compared; /* the last comparison that read it, see scan.c */
    uint16_t name_length;
    uint8_t is_todo;
    uint8_t is_partial; /* memory ran out: more may exist than `names` knows */
    uint8_t is_unread;  /* its names were not read yet */
};

struct fs_tree {
    struct fs_dir **slots; /* by wd; open addressing */
    uint32_t n_slots;      /* a power of two */
    uint32_t n_dirs;
    char *root;         /* absolute, NUL-terminated: for system calls */
    size_t root_length; /* without a separator at its end: 0 for "/" */
    char *buffer;       /* of fs_tree_path */
    size_t buffer_size;
    struct fs_text shown;           /* of fs_tree_shown: the root as the user wrote it, ... */
    uint32_t shown_root_length;     /* ... which is this long, a separator at its end not counted */
    uint32_t shown_dir_length;      /* the part of `shown` that is shown_dir with its separator */
    const struct fs_dir *shown_dir; /* NULL: the cached part is stale */
};

/* Is this between the names of a path? */
static inline int fs_is_separator(char unit)
{
    return unit == FS_SEPARATOR || unit == '/';
}

/* @root: absolute; @shown: as the user wrote it. 1, or 0 when there is no memory. */
int fs_tree_init(struct fs_tree *tree, const char *root, const char *shown);
void fs_tree_fini(struct fs_tree *tree); /* frees every directory */

struct fs_dir *fs_tree_find(const struct fs_tree *tree, int wd); /* or NULL */

/* Add a directory; @parent NULL: the root. NULL when there is no memory. */
struct fs_dir *fs_tree_add(struct fs_tree *tree, int wd, struct fs_dir *parent, const char *name,
                           size_t length);

/* Take one directory out and free it; its children still point to it. */
void fs_tree_remove(struct fs_tree *tree, struct fs_dir *dir);

/* Another place for a directory. 0: no memory, nothing changed. */
int fs_tree_move(struct fs_tree *tree, struct fs_dir *dir, struct fs_dir *parent, const char *name,
                 size_t length);

/* Is @dir @top, or below it? */
int fs_tree_is_below(const struct fs_dir *dir, const struct fs_dir *top);

/* The path for system calls; @name NULL: of the directory itself. Borrowed until the next
 * call; NULL when there is no memory. */
const char *fs_tree_path(struct fs_tree *tree, const struct fs_dir *dir, const char *name,
                         size_t length);

/* The same as the user sees it. Borrowed until the next call. 0: no memory. */
int fs_tree_shown(struct fs_tree *tree, const struct fs_dir *dir, const char *name, size_t length,
                  BSTR *ret_path);

#endif

/* SPDX-License-Identifier: MIT */
/*
 * fs/names.h - the names known in one directory, small enough to keep for every file
 *
 * A name costs its bytes + 2 (a subdirectory's + 6; 8 more where the system tells files apart by
 * an id of their own) and, in directories of more than a few names, 4 to 8 bytes of hash index. An
 * entry is spoken of by its place in the byte array; the places hold until the next fs_names_add or
 * fs_names_remove.
 */
#ifndef CONNPT_FS_NAMES_H
#define CONNPT_FS_NAMES_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* Zeroed memory is the empty set. */
struct fs_names {
    unsigned char *bytes; /* entries one after the other; names.c draws one */
    uint32_t *index;      /* hash table of places + 1, 0: free; NULL while linear search does */
    uint32_t used;        /* bytes */
    uint32_t size;        /* bytes allocated */
    uint32_t dead;        /* bytes of removed entries */
    uint32_t n_live;
    uint32_t n_slots; /* of index; a power of two */
};

#define FS_NO_NAME UINT32_MAX
#define FS_ID_AT 2 /* in an entry */

#ifdef _WIN32
#define FS_NAME_MAX 765 /* 255 UTF-16 units of three bytes each, see text.h */
#define FS_ID_SIZE 8
#else
#define FS_NAME_MAX 255
#define FS_ID_SIZE 0
#endif

void fs_names_fini(struct fs_names *names);

/* The place of a name, or FS_NO_NAME. */
uint32_t fs_names_find(const struct fs_names *names, const char *name, size_t length);

/* Add a name that is not there. FS_NO_NAME when there is no memory. @length: 1 to FS_NAME_MAX. */
uint32_t fs_names_add(struct fs_names *names, const char *name, size_t length, int is_dir);

void fs_names_remove(struct fs_names *names, uint32_t place);

/* All entries: start with FS_NO_NAME; FS_NO_NAME after the last. */
uint32_t fs_names_next(const struct fs_names *names, uint32_t place);

const char *fs_names_text(const struct fs_names *names, uint32_t place, size_t *ret_length);
int fs_names_is_dir(const struct fs_names *names, uint32_t place);

/* The watch of a subdirectory; 0: it is not watched. */
int fs_names_wd(const struct fs_names *names, uint32_t place);
void fs_names_set_wd(struct fs_names *names, uint32_t place, int wd);

/* What the system calls the file; 0: it is not known, or FS_ID_SIZE is 0. */
static inline uint64_t fs_names_id(const struct fs_names *names, uint32_t place)
{
    uint64_t id = 0;

    memcpy(&id, names->bytes + place + FS_ID_AT, FS_ID_SIZE);
    return id;
}

static inline void fs_names_set_id(struct fs_names *names, uint32_t place, uint64_t id)
{
    memcpy(names->bytes + place + FS_ID_AT, &id, FS_ID_SIZE);
}

/* A mark for whoever compares the set with the directory. */
void fs_names_unmark_all(struct fs_names *names);
void fs_names_mark(struct fs_names *names, uint32_t place);
int fs_names_is_marked(const struct fs_names *names, uint32_t place);

#endif

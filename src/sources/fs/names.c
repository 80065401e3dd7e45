/* SPDX-License-Identifier: MIT */
/*
 * fs/names.c - one byte array per directory, and a hash index once it pays
 *
 *     | flags | length | id (FS_ID_SIZE bytes) | wd (4 bytes, subdirectories only) | name ... |
 *
 * The upper half of the flags is the length's, above its eight bits.
 *
 * A removed entry stays, marked dead, until half of the array is dead; the last entry goes at
 * once, so that a file which comes and goes costs nothing.
 */
#include "names.h"

#include <string.h>

#include <connpt/memory.h>

enum { IS_DIR = 1, IS_DEAD = 2, IS_MARKED = 4 };

#define LINEAR_MAX 8    /* names searched one by one */
#define KEEP_SIZE 4096u /* an empty set gives back more than this */

#define WD_AT (FS_ID_AT + FS_ID_SIZE)

static size_t head_size(const unsigned char *entry)
{
    return entry[0] & IS_DIR ? WD_AT + 4 : WD_AT;
}

static uint32_t length_of(const unsigned char *entry)
{
    return FS_NAME_MAX < 256 ? entry[1] : (uint32_t)(entry[0] & 0xF0) << 4 | entry[1];
}

static uint32_t entry_size(const unsigned char *entry)
{
    return (uint32_t)head_size(entry) + length_of(entry);
}

static uint32_t hash_of(const unsigned char *name, size_t length)
{
    uint32_t hash = 2166136261u; /* FNV-1a */

    for (size_t i = 0; i < length; i++)
        hash = (hash ^ name[i]) * 16777619u;
    return hash ^ hash >> 15;
}

static uint32_t hash_at(const struct fs_names *names, uint32_t place)
{
    const unsigned char *entry = names->bytes + place;

    return hash_of(entry + head_size(entry), length_of(entry));
}

static int is_name(const unsigned char *entry, const char *name, size_t length)
{
    return length_of(entry) == length && !(entry[0] & IS_DEAD) &&
           memcmp(entry + head_size(entry), name, length) == 0;
}

void fs_names_fini(struct fs_names *names)
{
    connpt_CoTaskMemFree(names->bytes);
    connpt_CoTaskMemFree(names->index);
    *names = (struct fs_names){ 0 };
}

uint32_t fs_names_next(const struct fs_names *names, uint32_t place)
{
    place = place == FS_NO_NAME ? 0 : place + entry_size(names->bytes + place);
    while (place < names->used && names->bytes[place] & IS_DEAD)
        place += entry_size(names->bytes + place);
    return place < names->used ? place : FS_NO_NAME;
}

uint32_t fs_names_find(const struct fs_names *names, const char *name, size_t length)
{
    uint32_t mask = names->n_slots - 1;

    if (names->index == NULL) {
        for (uint32_t at = 0; at < names->used; at += entry_size(names->bytes + at))
            if (is_name(names->bytes + at, name, length))
                return at;
        return FS_NO_NAME;
    }
    for (uint32_t slot = hash_of((const unsigned char *)name, length) & mask;
         names->index[slot] != 0; slot = (slot + 1) & mask)
        if (is_name(names->bytes + names->index[slot] - 1, name, length))
            return names->index[slot] - 1;
    return FS_NO_NAME;
}

static void index_put(struct fs_names *names, uint32_t place)
{
    uint32_t mask = names->n_slots - 1;
    uint32_t slot = hash_at(names, place) & mask;

    while (names->index[slot] != 0)
        slot = (slot + 1) & mask;
    names->index[slot] = place + 1;
}

static void index_fill(struct fs_names *names)
{
    memset(names->index, 0, names->n_slots * sizeof *names->index);
    for (uint32_t at = fs_names_next(names, FS_NO_NAME); at != FS_NO_NAME;
         at = fs_names_next(names, at))
        index_put(names, at);
}

/* Room in the index for one more name, at most seven eighths full. */
static int index_reserve(struct fs_names *names)
{
    uint32_t n_slots = names->n_slots != 0 ? names->n_slots * 2 : LINEAR_MAX * 4;
    uint32_t *index;

    if (names->n_live < LINEAR_MAX || (names->n_live + 1) / 7 < names->n_slots / 8)
        return 1;
    index = connpt_CoTaskMemAlloc(n_slots * sizeof *index);
    if (index == NULL)
        return 0;
    connpt_CoTaskMemFree(names->index);
    names->index = index;
    names->n_slots = n_slots;
    index_fill(names);
    return 1;
}

static void index_remove(struct fs_names *names, uint32_t place)
{
    uint32_t mask = names->n_slots - 1;
    uint32_t hole = hash_at(names, place) & mask;

    while (names->index[hole] != place + 1)
        hole = (hole + 1) & mask;
    /* Close the gap: an entry further on moves into it unless it stands where it wants to. */
    for (uint32_t slot = (hole + 1) & mask; names->index[slot] != 0; slot = (slot + 1) & mask) {
        uint32_t home = hash_at(names, names->index[slot] - 1) & mask;

        if (((slot - home) & mask) >= ((slot - hole) & mask)) {
            names->index[hole] = names->index[slot];
            hole = slot;
        }
    }
    names->index[hole] = 0;
}

static void drop_dead(struct fs_names *names)
{
    uint32_t to = 0;

    for (uint32_t at = 0; at < names->used;) {
        uint32_t size = entry_size(names->bytes + at);

        if (!(names->bytes[at] & IS_DEAD)) {
            memmove(names->bytes + to, names->bytes + at, size);
            to += size;
        }
        at += size;
    }
    names->used = to;
    names->dead = 0;
    if (names->index != NULL)
        index_fill(names);
}

static int bytes_reserve(struct fs_names *names, uint32_t more)
{
    uint64_t size = names->size != 0 ? names->size : 32;
    unsigned char *bytes;

    if (names->dead > names->used / 2)
        drop_dead(names);
    while (size < (uint64_t)names->used + more)
        size += size / 2;
    if (size == names->size)
        return 1;
    if (size >= FS_NO_NAME)
        return 0;
    bytes = connpt_CoTaskMemRealloc(names->bytes, (size_t)size);
    if (bytes == NULL)
        return 0;
    names->bytes = bytes;
    names->size = (uint32_t)size;
    return 1;
}

uint32_t fs_names_add(struct fs_names *names, const char *name, size_t length, int is_dir)
{
    uint32_t size = (uint32_t)length + (is_dir ? WD_AT + 4 : WD_AT);
    uint32_t place;
    unsigned char *entry;

    if (!bytes_reserve(names, size) || !index_reserve(names))
        return FS_NO_NAME;
    place = names->used;
    entry = names->bytes + place;
    memset(entry + FS_ID_AT, 0, FS_ID_SIZE);
    if (is_dir)
        memset(entry + WD_AT, 0, 4);
    entry[0] = (unsigned char)((is_dir ? IS_DIR : 0) | (length >> 8) << 4);
    entry[1] = (unsigned char)length;
    memcpy(entry + head_size(entry), name, length);
    names->used += size;
    names->n_live++;
    if (names->index != NULL)
        index_put(names, place);
    return place;
}

void fs_names_remove(struct fs_names *names, uint32_t place)
{
    uint32_t size = entry_size(names->bytes + place);

    if (names->index != NULL)
        index_remove(names, place);
    names->n_live--;
    if (place + size == names->used) {
        names->used = place;
    } else {
        names->bytes[place] |= IS_DEAD;
        names->dead += size;
    }
    if (names->n_live == 0) {
        names->used = 0;
        names->dead = 0;
        if (names->size > KEEP_SIZE)
            fs_names_fini(names);
    }
}

const char *fs_names_text(const struct fs_names *names, uint32_t place, size_t *ret_length)
{
    const unsigned char *entry = names->bytes + place;

    *ret_length = length_of(entry);
    return (const char *)entry + head_size(entry);
}

int fs_names_is_dir(const struct fs_names *names, uint32_t place)
{
    return (names->bytes[place] & IS_DIR) != 0;
}

int fs_names_wd(const struct fs_names *names, uint32_t place)
{
    int32_t wd = 0;

    if (names->bytes[place] & IS_DIR)
        memcpy(&wd, names->bytes + place + WD_AT, sizeof wd);
    return wd;
}

void fs_names_set_wd(struct fs_names *names, uint32_t place, int wd)
{
    int32_t value = wd;

    if (names->bytes[place] & IS_DIR)
        memcpy(names->bytes + place + WD_AT, &value, sizeof value);
}

void fs_names_unmark_all(struct fs_names *names)
{
    for (uint32_t at = 0; at < names->used; at += entry_size(names->bytes + at))
        names->bytes[at] &= (unsigned char)~IS_MARKED;
}

void fs_names_mark(struct fs_names *names, uint32_t place)
{
    names->bytes[place] |= IS_MARKED;
}

int fs_names_is_marked(const struct fs_names *names, uint32_t place)
{
    return (names->bytes[place] & IS_MARKED) != 0;
}

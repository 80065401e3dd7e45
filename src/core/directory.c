/* SPDX-License-Identifier: MIT */
/* core/directory.c - linear probing; a removal closes the gap, so there are no tombstones */
#include "core/directory.h"

#include <stddef.h>

#include "base/alloc.h"

enum { FIRST_CAPACITY = 16 }; /* at least a line of 8 entries */

/*
 * Keys ascend by one. Neighbours in the list are looked up together, so eight of them share a cache
 * line; but the lines are spread, because a table that is filled in one run would make each removal
 * look at all the rest. The high bits of the product with the golden ratio spread consecutive
 * numbers evenly; thrown at random, whole lines would meet, and a search walk over dozens of
 * entries.
 */
static uint32_t home_of(const struct directory *directory, uint32_t key)
{
    uint32_t n_lines = (directory->mask >> 3) + 1;
    uint32_t spread = (key >> 3) * 0x9E3779B1u;

    return (uint32_t)((uint64_t)spread * n_lines >> 32) << 3 | (key & 7);
}

static void place(struct directory *directory, struct chunk *chunk)
{
    uint32_t i = home_of(directory, chunk->pub.key);

    while (directory->entries[i] != NULL)
        i = (i + 1) & directory->mask;
    directory->entries[i] = chunk;
}

/* Moves the entries to a table of another size. */
static int resize(struct directory *directory, uint32_t capacity)
{
    struct directory resized = { NULL, capacity - 1, directory->n_entries };

    resized.entries = connpt__alloc_zero((size_t)capacity * sizeof(struct chunk *));
    if (resized.entries == NULL)
        return -1;
    if (directory->entries != NULL) {
        for (uint32_t i = 0; i <= directory->mask; i++) {
            if (directory->entries[i] != NULL)
                place(&resized, directory->entries[i]);
        }
    }
    connpt__free(directory->entries);
    *directory = resized;
    return 0;
}

/* Room for one more, in a table that is neither crowded nor much too large for what it holds. */
static int make_room(struct directory *directory)
{
    uint64_t n_wanted = (uint64_t)directory->n_entries + 1;
    uint32_t capacity = directory->mask + 1;

    if (directory->entries == NULL)
        return resize(directory, FIRST_CAPACITY);
    if (4 * n_wanted > 3 * (uint64_t)capacity)
        return resize(directory, 2 * capacity);
    /* A list that was long once: what it frees here it need not have. */
    if (capacity > FIRST_CAPACITY && 16 * n_wanted < capacity)
        (void)resize(directory, capacity / 4);
    return 0;
}

void connpt__directory_init(struct directory *directory)
{
    directory->entries = NULL;
    directory->mask = 0;
    directory->n_entries = 0;
}

void connpt__directory_fini(struct directory *directory)
{
    connpt__free(directory->entries);
    connpt__directory_init(directory);
}

int connpt__directory_add(struct directory *directory, struct chunk *chunk)
{
    if (make_room(directory) != 0)
        return -1;
    place(directory, chunk);
    directory->n_entries++;
    return 0;
}

static uint32_t index_of(const struct directory *directory, uint32_t key)
{
    uint32_t i = home_of(directory, key);

    while (directory->entries[i] != NULL && directory->entries[i]->pub.key != key)
        i = (i + 1) & directory->mask;
    return i;
}

void connpt__directory_remove(struct directory *directory, const struct chunk *chunk)
{
    uint32_t gap = index_of(directory, chunk->pub.key);
    uint32_t i = gap;

    directory->entries[gap] = NULL;
    directory->n_entries--;
    for (;;) {
        uint32_t home;

        i = (i + 1) & directory->mask;
        if (directory->entries[i] == NULL)
            return;
        home = home_of(directory, directory->entries[i]->pub.key);
        /* An entry may move back into the gap unless its home lies behind the gap. */
        if (((i - home) & directory->mask) >= ((i - gap) & directory->mask)) {
            directory->entries[gap] = directory->entries[i];
            directory->entries[i] = NULL;
            gap = i;
        }
    }
}

struct chunk *connpt__directory_find(const struct directory *directory, uint32_t key)
{
    return directory->entries != NULL ? directory->entries[index_of(directory, key)] : NULL;
}

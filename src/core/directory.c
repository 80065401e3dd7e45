/* SPDX-License-Identifier: MIT */
/* core/directory.c - linear probing; a removal closes the gap, so there are no tombstones */
#include "core/directory.h"

#include <stddef.h>

#include "base/alloc.h"

enum { FIRST_CAPACITY = 16 };

/* Keys ascend by one, so a multiplication that spreads neighbours over cache lines would only
 * hurt: neighbours in the list are looked up together. */
static uint32_t home_of(const struct directory *directory, uint32_t key)
{
    return key & directory->mask;
}

static void place(struct directory *directory, struct chunk *chunk)
{
    uint32_t i = home_of(directory, chunk->pub.key);

    while (directory->entries[i] != NULL)
        i = (i + 1) & directory->mask;
    directory->entries[i] = chunk;
}

static int grow(struct directory *directory)
{
    struct directory bigger = { NULL, FIRST_CAPACITY - 1, directory->n_entries };

    if (directory->entries != NULL)
        bigger.mask = 2 * directory->mask + 1;
    bigger.entries = connpt__alloc_zero(((size_t)bigger.mask + 1) * sizeof(struct chunk *));
    if (bigger.entries == NULL)
        return -1;
    if (directory->entries != NULL) {
        for (uint32_t i = 0; i <= directory->mask; i++) {
            if (directory->entries[i] != NULL)
                place(&bigger, directory->entries[i]);
        }
    }
    connpt__free(directory->entries);
    *directory = bigger;
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
    uint64_t capacity = directory->entries != NULL ? (uint64_t)directory->mask + 1 : 0;

    if (4 * ((uint64_t)directory->n_entries + 1) > 3 * capacity && grow(directory) != 0)
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

/* SPDX-License-Identifier: MIT */
/*
 * core/directory.h - from a chunk's key to the chunk: an open-addressed hash table
 *
 * Used under the point's lock. Empty (no memory) until the first chunk is added.
 */
#ifndef CONNPT_CORE_DIRECTORY_H
#define CONNPT_CORE_DIRECTORY_H

#include <stdint.h>

#include "core/chunk.h"

struct directory {
    struct chunk **entries; /* NULL when empty */
    uint32_t mask;          /* capacity - 1; the capacity is a power of two */
    uint32_t n_entries;     /* at most three quarters of the capacity */
};

void connpt__directory_init(struct directory *directory);
void connpt__directory_fini(struct directory *directory);

/* 0, or -1 when there is no memory (nothing changed). The key must not be there. */
int connpt__directory_add(struct directory *directory, struct chunk *chunk);
void connpt__directory_remove(struct directory *directory, const struct chunk *chunk);
struct chunk *connpt__directory_find(const struct directory *directory, uint32_t key);

#endif

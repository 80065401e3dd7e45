/* SPDX-License-Identifier: MIT */
/* core/point_index.c - linear probing in a table that is at most half full */
#include "core/point_index.h"

#include <stddef.h>
#include <string.h>

#include <connpt/guid.h>

#include "base/alloc.h"
#include "base/atomic.h"
#include "core/point_set.h"

enum { LEAST_CAPACITY = 64 };

/* Generated IIDs are random in nearly all bits, but those of one library often differ in a few
 * only: every bit must count. */
static uint32_t hash(const IID *iid)
{
    uint64_t halves[2];

    memcpy(halves, iid, sizeof halves);
    halves[0] = (halves[0] ^ halves[1] * 0x9E3779B97F4A7C15u) * 0xBF58476D1CE4E5B9u;
    return (uint32_t)(halves[0] >> 32);
}

struct point_index *connpt__point_index_create(uint32_t n_points)
{
    uint64_t capacity = LEAST_CAPACITY;
    struct point_index *index;

    while (capacity < 4 * (uint64_t)n_points)
        capacity *= 2;
    if (capacity > UINT32_MAX / sizeof(connpt_point *))
        return NULL;
    index = connpt__alloc_zero(sizeof *index + (size_t)capacity * sizeof(connpt_point *));
    if (index == NULL)
        return NULL;
    index->mask = (uint32_t)capacity - 1;
    return index;
}

void connpt__point_index_free(struct point_index *index)
{
    while (index != NULL) {
        struct point_index *smaller = index->smaller;

        connpt__free(index);
        index = smaller;
    }
}

int connpt__point_index_is_full(const struct point_index *index)
{
    return index->n_points >= (index->mask + 1) / 2;
}

void connpt__point_index_add(struct point_index *index, connpt_point *point)
{
    uint32_t i = hash(connpt__point_source(point)->iid) & index->mask;

    while (index->points[i] != NULL)
        i = (i + 1) & index->mask;
    index->n_points++;
    /* Release: who finds the point finds it initialised. */
    store_release(&index->points[i], point);
}

connpt_point *connpt__point_index_find(const struct point_index *index, const IID *iid)
{
    uint32_t i = hash(iid) & index->mask;
    connpt_point *point;

    while ((point = load_acquire(&index->points[i])) != NULL) {
        if (connpt_guid_equal(connpt__point_source(point)->iid, iid))
            return point;
        i = (i + 1) & index->mask;
    }
    return NULL;
}

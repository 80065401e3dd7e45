/* SPDX-License-Identifier: MIT */
/*
 * core/point_index.h - from an IID to the point of an object that has many
 *
 * An open-addressed hash table. Written under the mutex of the object's points, read without it. A
 * table that has become too small is replaced by a larger one, and kept, for those who are reading
 * it, until the object ends.
 */
#ifndef CONNPT_CORE_POINT_INDEX_H
#define CONNPT_CORE_POINT_INDEX_H

#include <stdint.h>

#include <connpt/point.h>

struct point_index {
    struct point_index *smaller; /* the one before; NULL */
    uint32_t mask;               /* capacity - 1; the capacity is a power of two */
    uint32_t n_points;           /* at most half the capacity */
    connpt_point *points[];      /* atomic; NULL: free */
};

/* For @n_points and as many more; NULL when there is no memory. */
struct point_index *connpt__point_index_create(uint32_t n_points);
void connpt__point_index_free(struct point_index *index); /* with the smaller ones; may be NULL */

int connpt__point_index_is_full(const struct point_index *index);

/* The index must not be full. Of several points with one IID the first is found. */
void connpt__point_index_add(struct point_index *index, connpt_point *point);

connpt_point *connpt__point_index_find(const struct point_index *index, const IID *iid);

#endif

/* SPDX-License-Identifier: MIT */
/*
 * core/point_set.h - all points of an object, in the order of declaration
 *
 * Points are added and never leave before the object ends. Those of the class's table lie in the
 * object's own allocation: when they are few, each with its body and room for ten connections
 * behind it. Later ones are allocations of their own.
 *
 * Readers need no lock. An object with many points gets an index from IID to point when
 * one is searched for.
 */
#ifndef CONNPT_CORE_POINT_SET_H
#define CONNPT_CORE_POINT_SET_H

#include <stddef.h>
#include <stdint.h>

#include <connpt/object.h>
#include <connpt/point.h>

#include "base/atomic.h"
#include "base/mutex.h"
#include "core/point_index.h"

struct object;

enum { POINTS_WITH_BODY = 4 }; /* a class with more sources has points of one cache line */

/* A point that was declared after the creation of its object. */
struct added_point {
    connpt_point point; /* first */
    struct connpt_source source;
    IID iid;
    uint32_t number;
    connpt_point *next; /* atomic, set once */
};

struct point_set {
    struct connpt__mutex mutex; /* adding points, closing */
    connpt_point *table;        /* n_table of them, at this distance */
    uint32_t stride;            /* in bytes */
    uint32_t n_table;           /* points of the class's table */
    uint32_t n_points;          /* written under the mutex; atomic */
    uint8_t has_default;        /* a point is the default source; under the mutex */
    uint8_t closed;             /* no more points; under the mutex */
    connpt_point *first_added;  /* atomic */
    connpt_point *last_added;   /* under the mutex */
    struct point_index *index;  /* NULL when there are few, or nobody has searched; atomic */
};

/* Bytes of a set and the points of @n_sources sources, at any place that malloc may give. */
size_t connpt__point_set_size(uint32_t n_sources);

/* @memory: zeroed, of that size. S_OK; E_INVALIDARG: the class has a source twice or two default
 * ones; E_OUTOFMEMORY. With a failure nothing is left to free. */
HRESULT connpt__point_set_init(struct point_set *set, struct object *object, void *memory,
                               uint32_t n_sources);
void connpt__point_set_fini(struct point_set *set); /* closed, and no fire is running */

/* As connpt_object_add_point. */
HRESULT connpt__point_set_add(struct point_set *set, struct object *object,
                              const struct connpt_source *source, connpt_point **ret_point);

/* No more points from now on. */
void connpt__point_set_close(struct point_set *set);

/* A point of the class's table by its number; NULL beyond the last. */
connpt_point *connpt__point_set_at(struct point_set *set, size_t number);

/* How many points there are now. */
uint32_t connpt__point_set_count(struct point_set *set);

/* NULL when there is none. */
connpt_point *connpt__point_set_find(struct point_set *set, const IID *iid);

/* What a point was declared with, and as which of the object's points. */
const struct connpt_source *connpt__point_source(const connpt_point *point);
uint32_t connpt__point_number(const connpt_point *point);

/* One after the other; NULL after the last. */
connpt_point *connpt__point_set_first(struct point_set *set);
connpt_point *connpt__point_set_next(struct point_set *set, connpt_point *point);

#endif

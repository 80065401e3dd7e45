/* SPDX-License-Identifier: MIT */
/* core/point_set.c - where the points of an object lie, and how one is found */
#include "core/point_set.h"

#include <stddef.h>
#include <string.h>

#include <connpt/guid.h>

#include "base/alloc.h"
#include "core/object.h"
#include "core/point.h"

/* So few IIDs are compared faster than one is hashed. */
enum { MAX_COMPARED = 16 };

/* Every malloc aligns to two pointers. Not to what max_align_t says: GCC's <stddef.h> has one of 16
 * on 32-bit Windows, where blocks begin at multiples of 8, and mingw-w64's another. */
enum { CACHE_LINE = 64, MOST_PADDING = CACHE_LINE - 2 * sizeof(void *) };

/* ---- places -------------------------------------------------------------------------------- */

/* From one point of the table to the next: the first chunk follows each that has a body, and each
 * point begins a cache line. */
enum {
    STRIDE_WITH_CHUNK =
        (sizeof(connpt_point) + sizeof(struct chunk) + CACHE_LINE - 1) / CACHE_LINE * CACHE_LINE
};

static uint32_t stride_of(uint32_t n_sources)
{
    return n_sources <= POINTS_WITH_BODY ? STRIDE_WITH_CHUNK : sizeof(connpt_point);
}

size_t connpt__point_set_size(uint32_t n_sources)
{
    size_t bodies = n_sources <= POINTS_WITH_BODY ? n_sources : 0;

    return (size_t)n_sources * stride_of(n_sources) + MOST_PADDING +
           bodies * sizeof(struct connpt_point_body);
}

static connpt_point *table_point(const struct point_set *set, uint32_t i)
{
    return (connpt_point *)(void *)((char *)set->table + (size_t)i * set->stride);
}

static struct added_point *added_of(const connpt_point *point)
{
    return (struct added_point *)(uintptr_t)point;
}

static uint32_t table_number(const struct point_set *set, const connpt_point *point)
{
    size_t offset = (size_t)((const char *)point - (const char *)set->table);

    /* Divisions by constants: Advise asks for this. */
    if (set->stride == sizeof *point)
        return (uint32_t)(offset / sizeof *point);
    return (uint32_t)(offset / STRIDE_WITH_CHUNK);
}

const struct connpt_source *connpt__point_source(const connpt_point *point)
{
    const struct object *object = object_of(point->owner);

    if (load_relaxed(&point->flags) & POINT_ADDED)
        return &added_of(point)->source;
    return &object->cls->sources[table_number(object->points, point)];
}

uint32_t connpt__point_number(const connpt_point *point)
{
    if (load_relaxed(&point->flags) & POINT_ADDED)
        return added_of(point)->number;
    return table_number(object_of(point->owner)->points, point);
}

/* ---- one after the other ----------------------------------------------------------------- */

connpt_point *connpt__point_set_first(struct point_set *set)
{
    /* Acquire: pairs with the release in append_added. */
    return set->n_table != 0 ? set->table : load_acquire(&set->first_added);
}

connpt_point *connpt__point_set_next(struct point_set *set, connpt_point *point)
{
    uint32_t number;

    if (load_relaxed(&point->flags) & POINT_ADDED)
        return load_acquire(&added_of(point)->next);
    number = table_number(set, point) + 1;
    return number < set->n_table ? table_point(set, number) : load_acquire(&set->first_added);
}

connpt_point *connpt__point_set_at(struct point_set *set, size_t number)
{
    return number < set->n_table ? table_point(set, (uint32_t)number) : NULL;
}

uint32_t connpt__point_set_count(struct point_set *set)
{
    uint32_t n;

    connpt__mutex_lock(&set->mutex);
    n = set->n_points;
    connpt__mutex_unlock(&set->mutex);
    return n;
}

/* ---- finding ------------------------------------------------------------------------------ */

/* Under the mutex: an index of all points, with room for one more. Several points may have one IID,
 * as long as nobody has found that out. NULL when there is no memory. */
static struct point_index *create_index(struct point_set *set)
{
    struct point_index *index = connpt__point_index_create(set->n_points + 1);

    if (index == NULL)
        return NULL;
    for (connpt_point *point = connpt__point_set_first(set); point != NULL;
         point = connpt__point_set_next(set, point))
        connpt__point_index_add(index, point);
    return index;
}

static void use_index(struct point_set *set, struct point_index *index)
{
    index->smaller = set->index;
    /* Release: who finds the table finds it filled. */
    store_release(&set->index, index);
}

/* Under the mutex, before a point is added: an index if there are many, with room for it. 0, or -1
 * when there is no memory. */
static int make_index_room(struct point_set *set)
{
    struct point_index *larger;

    if (set->index != NULL ? !connpt__point_index_is_full(set->index)
                           : set->n_points < MAX_COMPARED)
        return 0;
    larger = create_index(set);
    if (larger == NULL)
        return -1;
    use_index(set, larger);
    return 0;
}

/* The first search makes the index: objects whose points nobody looks for do without. NULL: the
 * points are few, or there is no memory. */
static const struct point_index *need_index(struct point_set *set)
{
    /* Acquire: pairs with the release in use_index. */
    struct point_index *index = load_acquire(&set->index);

    if (index != NULL || load_relaxed(&set->n_points) <= MAX_COMPARED)
        return index;
    connpt__mutex_lock(&set->mutex);
    index = set->index;
    if (index == NULL) {
        index = create_index(set);
        if (index != NULL)
            use_index(set, index);
    }
    connpt__mutex_unlock(&set->mutex);
    return index;
}

static connpt_point *find(struct point_set *set, const struct point_index *index, const IID *iid)
{
    connpt_point *point;

    if (index != NULL)
        return connpt__point_index_find(index, iid);
    point = connpt__point_set_first(set);
    while (point != NULL && !connpt_guid_equal(connpt__point_source(point)->iid, iid))
        point = connpt__point_set_next(set, point);
    return point;
}

connpt_point *connpt__point_set_find(struct point_set *set, const IID *iid)
{
    return find(set, need_index(set), iid);
}

/* ---- points that are added ----------------------------------------------------------------- */

static void append_added(struct point_set *set, struct added_point *added)
{
    added->number = set->n_points;
    /* Release: who finds the point finds it initialised. */
    if (set->last_added != NULL)
        store_release(&added_of(set->last_added)->next, &added->point);
    else
        store_release(&set->first_added, &added->point);
    set->last_added = &added->point;
    store_relaxed(&set->n_points, set->n_points + 1);
    set->has_default |= (added->source.flags & CONNPT_SOURCE_DEFAULT) != 0;
    if (set->index != NULL)
        connpt__point_index_add(set->index, &added->point);
}

static HRESULT add_locked(struct point_set *set, struct added_point *added)
{
    if (set->closed)
        return CONNECT_E_CANNOTCONNECT;
    if (make_index_room(set) != 0)
        return E_OUTOFMEMORY;
    if (find(set, set->index, &added->iid) != NULL ||
        (set->has_default && (added->source.flags & CONNPT_SOURCE_DEFAULT)))
        return E_INVALIDARG;
    append_added(set, added);
    return S_OK;
}

HRESULT connpt__point_set_add(struct point_set *set, struct object *object,
                              const struct connpt_source *source, connpt_point **ret_point)
{
    struct added_point *added = connpt__alloc_zero(sizeof *added);
    HRESULT hr;

    if (added == NULL)
        return E_OUTOFMEMORY;
    added->iid = *source->iid;
    added->source = *source;
    added->source.iid = &added->iid;
    connpt__point_init(&added->point, object, source->flags | POINT_ADDED);
    connpt__mutex_lock(&set->mutex);
    hr = add_locked(set, added);
    connpt__mutex_unlock(&set->mutex);
    if (FAILED(hr)) {
        connpt__free(added);
        return hr;
    }
    *ret_point = &added->point;
    return S_OK;
}

void connpt__point_set_close(struct point_set *set)
{
    connpt__mutex_lock(&set->mutex);
    set->closed = 1;
    connpt__mutex_unlock(&set->mutex);
}

/* ---- creation and end ---------------------------------------------------------------------- */

/* The table's points are there: is each source there once, and at most one the default? */
static HRESULT check_points(struct point_set *set, const struct point_index *index)
{
    for (uint32_t i = 0; i < set->n_table; i++) {
        const connpt_point *point = table_point(set, i);
        int is_default = (point->flags & CONNPT_SOURCE_DEFAULT) != 0;

        if (find(set, index, connpt__point_source(point)->iid) != point ||
            (is_default && set->has_default))
            return E_INVALIDARG;
        set->has_default |= (uint8_t)is_default;
    }
    return S_OK;
}

static HRESULT check_table(struct point_set *set)
{
    struct point_index *index = NULL;
    HRESULT hr;

    /* Not kept: see need_index. */
    if (set->n_table > MAX_COMPARED) {
        index = create_index(set);
        if (index == NULL)
            return E_OUTOFMEMORY;
    }
    hr = check_points(set, index);
    connpt__point_index_free(index);
    return hr;
}

static HRESULT init_bodies(struct point_set *set, void *memory)
{
    struct connpt_point_body *bodies = memory;

    for (uint32_t i = 0; i < set->n_table; i++) {
        connpt_point *point = table_point(set, i);

        if (connpt__point_init_body(point, &bodies[i], (struct chunk *)(void *)(point + 1)) != 0)
            return E_OUTOFMEMORY;
    }
    return S_OK;
}

static HRESULT init_table(struct point_set *set, struct object *object, uint32_t n_sources)
{
    set->n_points = n_sources;
    set->n_table = n_sources;
    for (uint32_t i = 0; i < n_sources; i++)
        connpt__point_init(table_point(set, i), object, object->cls->sources[i].flags);
    return check_table(set);
}

HRESULT connpt__point_set_init(struct point_set *set, struct object *object, void *memory,
                               uint32_t n_sources)
{
    char *table = (char *)memory + (-(uintptr_t)memory & (CACHE_LINE - 1));
    HRESULT hr;

    if (connpt__mutex_init(&set->mutex) != 0)
        return E_OUTOFMEMORY;
    set->stride = stride_of(n_sources);
    set->table = (connpt_point *)(void *)table;
    hr = init_table(set, object, n_sources);
    if (SUCCEEDED(hr) && n_sources <= POINTS_WITH_BODY)
        hr = init_bodies(set, table + (size_t)n_sources * set->stride);
    if (FAILED(hr))
        connpt__point_set_fini(set);
    return hr;
}

void connpt__point_set_fini(struct point_set *set)
{
    connpt_point *point = connpt__point_set_first(set);

    while (point != NULL) {
        connpt_point *next = connpt__point_set_next(set, point);
        uint32_t flags = point->flags;

        connpt__point_fini(point);
        if (flags & POINT_ADDED)
            connpt__free(added_of(point));
        point = next;
    }
    connpt__point_index_free(set->index);
    connpt__mutex_fini(&set->mutex);
}

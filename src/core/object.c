/* SPDX-License-Identifier: MIT */
/*
 * core/object.c - creation, identity, reference count and end of an instance
 *
 * The last reference. A fire does not take a reference to the object (two threads that fire one
 * point would fight for the count), yet the object must outlive it. So who releases the only
 * reference while fires are running gives it to them instead: the count does not fall, and the
 * last of those fires releases it (connpt__reclaim_keep_owner). A sink that adds a reference
 * meanwhile, and keeps it, keeps the object. With an outer object the count is not ours, and a fire
 * does add and release a reference.
 */
#include "core/object.h"

#include <assert.h>
#include <string.h>

#include <connpt/guid.h>
#include <connpt/server.h>

#include "base/alloc.h"
#include "base/atomic.h"

/* Far apart, so that a cookie of one point is unknown to its neighbours; see list.h. */
static uint32_t first_key_of(uint32_t point_index)
{
    return point_index * 0x09E3779Bu & LIST_KEY_MASK;
}

/* ---- IUnknown -------------------------------------------------------------------------- */

static struct object *object_from_unknown(IUnknown *iface)
{
    return container_of(iface, struct object, IUnknown_iface);
}

static void *find_interface(struct object *object, const IID *iid)
{
    const struct connpt_class *cls = object->cls;

    for (const struct connpt_interface *row = cls->interfaces; row != NULL && row->iid != NULL;
         row++) {
        if (connpt_guid_equal(row->iid, iid))
            return (char *)object + row->offset;
    }
    if (cls->sources != NULL && connpt_guid_equal(iid, &IID_IConnectionPointContainer))
        return &object->IConnectionPointContainer_iface;
    if ((cls->sources != NULL || cls->class_info != NULL) &&
        (connpt_guid_equal(iid, &IID_IProvideClassInfo2) ||
         connpt_guid_equal(iid, &IID_IProvideClassInfo)))
        return &object->IProvideClassInfo2_iface;
    return NULL;
}

HRESULT connpt__object_query_own(struct object *object, REFIID iid, void **out)
{
    if (out == NULL)
        return E_POINTER;
    *out = NULL;
    if (iid == NULL)
        return E_POINTER;
    if (connpt_guid_equal(iid, &IID_IUnknown)) {
        (void)connpt__object_add_own_ref(object);
        *out = &object->IUnknown_iface;
        return S_OK;
    }
    *out = find_interface(object, iid);
    if (*out == NULL)
        return E_NOINTERFACE;
    (void)connpt__object_add_ref(object);
    return S_OK;
}

static HRESULT STDMETHODCALLTYPE unknown_QueryInterface(IUnknown *iface, REFIID iid, void **out)
{
    return connpt__object_query_own(object_from_unknown(iface), iid, out);
}

static ULONG STDMETHODCALLTYPE unknown_AddRef(IUnknown *iface)
{
    return connpt__object_add_own_ref(object_from_unknown(iface));
}

static ULONG STDMETHODCALLTYPE unknown_Release(IUnknown *iface)
{
    return connpt__object_release_own(object_from_unknown(iface));
}

static const IUnknownVtbl unknown_vtbl = {
    .QueryInterface = unknown_QueryInterface,
    .AddRef = unknown_AddRef,
    .Release = unknown_Release,
};

HRESULT connpt_object_QueryInterface(struct connpt_object *head, REFIID iid, void **out)
{
    struct object *object = object_of(head);

    if (object->outer != NULL)
        return IUnknown_QueryInterface(object->outer, iid, out);
    return connpt__object_query_own(object, iid, out);
}

ULONG connpt_object_AddRef(struct connpt_object *head)
{
    return connpt__object_add_ref(object_of(head));
}

ULONG connpt_object_Release(struct connpt_object *head)
{
    return connpt__object_release(object_of(head));
}

ULONG connpt__object_add_ref(struct object *object)
{
    return object->outer != NULL ? IUnknown_AddRef(object->outer)
                                 : connpt__object_add_own_ref(object);
}

ULONG connpt__object_release(struct object *object)
{
    return object->outer != NULL ? IUnknown_Release(object->outer)
                                 : connpt__object_release_own(object);
}

ULONG connpt__object_add_own_ref(struct object *object)
{
    /* Relaxed: whoever adds a reference has one, which already orders everything. */
    return add_relaxed(&object->refs, 1) + 1;
}

/* ---- the end --------------------------------------------------------------------------- */

static void free_added_points(struct object *object)
{
    struct point *point = object->first_point;
    uint32_t n = 0;

    while (point != NULL) {
        struct point *next = point->next;

        connpt__point_fini(point);
        if (n >= object->body->n_static)
            connpt__free(point);
        point = next;
        n++;
    }
}

static void object_destroy(struct object *object)
{
    const struct connpt_class *cls = object->cls;

    /* The count stays at 1: sinks that are released below may use the object once more. */
    connpt_object_close(object_head(object));
    connpt__assert_unlocked();
    if (cls->fini != NULL)
        cls->fini(object_head(object));
    free_added_points(object);
    connpt__mutex_fini(&object->body->mutex);
    connpt__free(object);
    /* Release: all that was done for the instance comes before; pairs with the load in
     * connpt_server_can_unload. */
    if (cls->server != NULL)
        (void)sub_acq_rel(&cls->server->live, 1);
}

static struct point *find_busy_point(struct object *object)
{
    for (struct point *point = object_first_point(object); point != NULL;
         point = object_next_point(point)) {
        if (!connpt__readers_idle(&point->readers))
            return point;
    }
    return NULL;
}

/* The caller's reference goes to the fires that are running on @busy. */
static void give_to_fires(struct object *object, struct point *busy)
{
    struct harvest harvest;

    (void)connpt__object_add_own_ref(object); /* for us, until we have done */
    harvest_init(&harvest);
    connpt__mutex_lock(&busy->mutex);
    connpt__reclaim_keep_owner(busy);
    connpt__reclaim_harvest(busy, &harvest);
    connpt__reclaim_unlock(busy, &harvest);
}

/*
 * The count never falls to 0 while anybody could still raise it: whoever finds that his is the
 * only reference keeps it until no fire is running, or gives it to the fires. If it did, a sink
 * that adds and releases a reference could make it fall to 0 a second time, on another thread.
 *
 * Besides a holder of the only reference, only running fires can begin a fire or add a
 * reference, and a fire within a fire ends before it. So points that are seen idle one by one
 * are all idle then; and if the count is still 1, nobody else is there.
 */
ULONG connpt__object_release_own(struct object *object)
{
    /* Acquire: the one who destroys sees what all others did. Pairs with the release part of
     * the exchange: what this holder did comes before the destruction. */
    uint32_t refs = load_acquire(&object->refs);

    for (;;) {
        struct point *busy;

        assert(refs != 0);
        if (refs > 1) {
            if (cas_weak_seq(&object->refs, &refs, refs - 1))
                return refs - 1;
            continue;
        }
        busy = find_busy_point(object);
        if (busy != NULL)
            give_to_fires(object, busy);
        refs = load_acquire(&object->refs);
        if (busy == NULL && refs == 1) {
            object_destroy(object);
            return 0;
        }
    }
}

/* ---- creation -------------------------------------------------------------------------- */

static uint32_t count_sources(const struct connpt_class *cls)
{
    uint32_t n = 0;

    while (cls->sources != NULL && cls->sources[n].iid != NULL)
        n++;
    return n;
}

static int class_is_valid(const struct connpt_class *cls, uint32_t n_sources)
{
    unsigned n_defaults = 0;

    if (cls->size < sizeof(struct connpt_object))
        return 0;
    for (uint32_t i = 0; i < n_sources; i++) {
        n_defaults += (cls->sources[i].flags & CONNPT_SOURCE_DEFAULT) != 0;
        for (uint32_t j = 0; j < i; j++) {
            if (connpt_guid_equal(cls->sources[i].iid, cls->sources[j].iid))
                return 0;
        }
    }
    return n_defaults <= 1;
}

static size_t round_up(size_t size)
{
    return (size + 63) & ~(size_t)63;
}

static void append_point(struct object *object, struct point *point)
{
    struct object_points *body = object->body;

    /* Release: who finds the point finds it initialised. */
    if (body->last_point != NULL)
        store_release(&body->last_point->next, point);
    else
        store_release(&object->first_point, point);
    body->last_point = point;
    body->n_points++;
}

static int init_points(struct object *object, uint32_t n_sources)
{
    struct object_points *body = object->body;

    for (uint32_t i = 0; i < n_sources; i++) {
        struct point *point = &body->points[i];

        if (connpt__point_init(point, object, &object->cls->sources[i], first_key_of(i)) != 0)
            return -1;
        append_point(object, point);
        body->n_static++;
    }
    return 0;
}

HRESULT connpt_object_create(const struct connpt_class *cls, IUnknown *outer,
                             struct connpt_object **ret_object)
{
    uint32_t n_sources;
    size_t body_offset, points_offset;
    struct object *object;

    if (cls == NULL || ret_object == NULL)
        return E_POINTER;
    n_sources = count_sources(cls);
    if (!class_is_valid(cls, n_sources))
        return E_INVALIDARG;
    body_offset = round_up(cls->size);
    points_offset = body_offset + round_up(sizeof(struct object_points));
    object = connpt__alloc_zero(points_offset + n_sources * sizeof(struct point));
    if (object == NULL)
        return E_OUTOFMEMORY;
    object->IUnknown_iface.lpVtbl = (void *)&unknown_vtbl;
    object->IConnectionPointContainer_iface.lpVtbl = (void *)&connpt__container_vtbl;
    object->IProvideClassInfo2_iface.lpVtbl = (void *)&connpt__class_info_vtbl;
    object->cls = cls;
    object->outer = outer;
    object->refs = 1;
    object->body = (struct object_points *)(void *)((char *)object + body_offset);
    object->body->points = (struct point *)(void *)((char *)object + points_offset);
    if (connpt__mutex_init(&object->body->mutex) != 0)
        goto fail_object;
    if (init_points(object, n_sources) != 0)
        goto fail_points;
    /* Relaxed: the factory that asks for the instance is counted already. */
    if (cls->server != NULL)
        (void)add_relaxed(&cls->server->live, 1);
    *ret_object = object_head(object);
    return S_OK;

fail_points:
    free_added_points(object);
    connpt__mutex_fini(&object->body->mutex);
fail_object:
    connpt__free(object);
    return E_OUTOFMEMORY;
}

IUnknown *connpt_object_unknown(struct connpt_object *head)
{
    return &object_of(head)->IUnknown_iface;
}

/* ---- points ---------------------------------------------------------------------------- */

IConnectionPointContainer *connpt_object_container(struct connpt_object *head)
{
    struct object *object = object_of(head);

    return object->cls->sources != NULL ? &object->IConnectionPointContainer_iface : NULL;
}

connpt_point *connpt_object_point(struct connpt_object *head, size_t index)
{
    struct object_points *body = object_of(head)->body;

    return index < body->n_static ? &body->points[index].head : NULL;
}

/* Under the mutex of the points. */
static HRESULT check_new_point(struct object *object, const struct connpt_source *source)
{
    if (object->body->closed)
        return CONNECT_E_CANNOTCONNECT;
    for (struct point *point = object->first_point; point != NULL; point = point->next) {
        if (connpt_guid_equal(&point->iid, source->iid) ||
            (point->head.flags & source->flags & CONNPT_SOURCE_DEFAULT))
            return E_INVALIDARG;
    }
    return S_OK;
}

HRESULT connpt_object_add_point(struct connpt_object *head, const struct connpt_source *source,
                                connpt_point **ret_point)
{
    struct object *object = object_of(head);
    struct point *point;
    HRESULT hr;

    if (head == NULL || source == NULL || source->iid == NULL)
        return E_POINTER;
    if (object->cls->sources == NULL)
        return E_INVALIDARG; /* not connectable: its QueryInterface has said so already */
    point = connpt__alloc_zero(sizeof *point);
    if (point == NULL)
        return E_OUTOFMEMORY;
    connpt__mutex_lock(&object->body->mutex);
    hr = check_new_point(object, source);
    if (SUCCEEDED(hr) &&
        connpt__point_init(point, object, source, first_key_of(object->body->n_points)) != 0)
        hr = E_OUTOFMEMORY;
    if (SUCCEEDED(hr))
        append_point(object, point);
    connpt__mutex_unlock(&object->body->mutex);
    if (FAILED(hr)) {
        connpt__free(point);
        return hr;
    }
    if (ret_point != NULL)
        *ret_point = &point->head;
    return S_OK;
}

void connpt_object_close(struct connpt_object *head)
{
    struct object *object = object_of(head);

    (void)connpt__object_add_own_ref(object); /* a sink's Release may drop the last one */
    /* First no new points, then no new connections, point by point. */
    connpt__mutex_lock(&object->body->mutex);
    object->body->closed = 1;
    connpt__mutex_unlock(&object->body->mutex);
    for (struct point *point = object_first_point(object); point != NULL;
         point = object_next_point(point))
        connpt__point_close(point);
    (void)connpt__object_release_own(object);
}

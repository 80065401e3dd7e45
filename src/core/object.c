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
    return (add_relaxed(&object->refs, 1) & OBJECT_REFS) + 1;
}

/* ---- the end --------------------------------------------------------------------------- */

static void object_destroy(struct object *object)
{
    const struct connpt_class *cls = object->cls;

    /* The count stays at 1: sinks that are released below may use the object once more. */
    connpt_object_close(object_head(object));
    connpt__assert_unlocked();
    if (cls->fini != NULL)
        cls->fini(object_head(object));
    connpt__point_set_fini(object->points);
    connpt__free(object);
    /* Release: all that was done for the instance comes before; pairs with the load in
     * connpt_server_can_unload. */
    if (cls->server != NULL)
        (void)sub_acq_rel(&cls->server->live, 1);
}

static connpt_point *find_busy_point(struct object *object)
{
    for (connpt_point *point = connpt__point_set_first(object->points); point != NULL;
         point = connpt__point_set_next(object->points, point)) {
        if (!readers_idle(point))
            return point;
    }
    return NULL;
}

/* The caller's reference goes to the fires that are running on @busy. */
static void give_to_fires(struct object *object, connpt_point *busy)
{
    struct harvest harvest;

    (void)connpt__object_add_own_ref(object); /* for us, until we have done */
    harvest_init(&harvest);
    connpt__mutex_lock(&busy->body->mutex);
    connpt__reclaim_keep_owner(busy);
    connpt__reclaim_harvest(busy, &harvest);
    connpt__reclaim_unlock(busy, &harvest);
}

/*
 * The count never falls to 0 while anybody could still raise it: whoever finds that his is the
 * only reference keeps it until no fire is running, or gives it to the fires. If it did, a sink
 * that adds and releases a reference could make it fall to 0 a second time, on another thread.
 *
 * Besides a holder of the only reference, only running fires can begin a fire or add a reference.
 * The points are seen idle one by one, and a reference that comes and goes meanwhile could carry a
 * fire from a point not yet looked at to one that was already:
 *
 *     holder                       fire of P1
 *     sees P0 idle
 *                                  its sink adds a reference; the fire ends
 *                                  with the reference, a fire of P0 begins
 *                                  its sink releases the reference
 *     sees P1 idle, destroys       is still running
 *
 * So the holder marks the count before it looks. If the mark is still there afterwards, nobody has
 * released a reference since, hence with a count of 1 nobody has added one; then only fires within
 * fires can have begun, which end before these, and points seen idle one by one are all idle now.
 */
ULONG connpt__object_release_own(struct object *object)
{
    /* Acquire: the one who destroys sees what all others did. Pairs with the release part of
     * the exchange: what this holder did comes before the destruction. */
    uint32_t refs = load_acquire(&object->refs);

    for (;;) {
        connpt_point *busy;

        assert((refs & OBJECT_REFS) != 0);
        if ((refs & OBJECT_REFS) > 1) {
            if (cas_weak_seq(&object->refs, &refs, (refs & OBJECT_REFS) - 1))
                return (refs & OBJECT_REFS) - 1;
            continue;
        }
        if (!cas_weak_seq(&object->refs, &refs, OBJECT_LOOKING | 1))
            continue;
        busy = find_busy_point(object);
        if (busy != NULL)
            give_to_fires(object, busy);
        refs = load_acquire(&object->refs);
        if (busy == NULL && refs == (OBJECT_LOOKING | 1)) {
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

static size_t round_up(size_t size)
{
    return (size + 15) & ~(size_t)15;
}

HRESULT connpt_object_create(const struct connpt_class *cls, IUnknown *outer,
                             struct connpt_object **ret_object)
{
    uint32_t n_sources;
    size_t set_offset, points_offset;
    struct object *object;
    HRESULT hr;

    if (cls == NULL || ret_object == NULL)
        return E_POINTER;
    if (cls->size < sizeof(struct connpt_object))
        return E_INVALIDARG;
    n_sources = count_sources(cls);
    set_offset = round_up(cls->size);
    points_offset = set_offset + round_up(sizeof(struct point_set));
    object = connpt__alloc_zero(points_offset + connpt__point_set_size(n_sources));
    if (object == NULL)
        return E_OUTOFMEMORY;
    object->IUnknown_iface.lpVtbl = (void *)&unknown_vtbl;
    object->IConnectionPointContainer_iface.lpVtbl = (void *)&connpt__container_vtbl;
    object->IProvideClassInfo2_iface.lpVtbl = (void *)&connpt__class_info_vtbl;
    object->cls = cls;
    object->outer = outer;
    object->refs = 1;
    object->points = (struct point_set *)(void *)((char *)object + set_offset);
    hr = connpt__point_set_init(object->points, object, (char *)object + points_offset, n_sources);
    if (FAILED(hr)) {
        connpt__free(object);
        return hr;
    }
    /* Relaxed: the factory that asks for the instance is counted already. */
    if (cls->server != NULL)
        (void)add_relaxed(&cls->server->live, 1);
    *ret_object = object_head(object);
    return S_OK;
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
    return connpt__point_set_at(object_of(head)->points, index);
}

HRESULT connpt_object_add_point(struct connpt_object *head, const struct connpt_source *source,
                                connpt_point **ret_point)
{
    struct object *object = object_of(head);
    connpt_point *point;
    HRESULT hr;

    if (head == NULL || source == NULL || source->iid == NULL)
        return E_POINTER;
    if (object->cls->sources == NULL)
        return E_INVALIDARG; /* not connectable: its QueryInterface has said so already */
    hr = connpt__point_set_add(object->points, object, source, &point);
    if (SUCCEEDED(hr) && ret_point != NULL)
        *ret_point = point;
    return hr;
}

void connpt_object_close(struct connpt_object *head)
{
    struct object *object = object_of(head);

    (void)connpt__object_add_own_ref(object); /* a sink's Release may drop the last one */
    /* First no new points, then no new connections, point by point. */
    connpt__point_set_close(object->points);
    for (connpt_point *point = connpt__point_set_first(object->points); point != NULL;
         point = connpt__point_set_next(object->points, point))
        connpt__point_close(point);
    (void)connpt__object_release_own(object);
}

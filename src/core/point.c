/* SPDX-License-Identifier: MIT */
/*
 * core/point.c - IConnectionPoint on top of the connection list
 *
 * The lock of a point protects its list and what waits to be released. It is never held while
 * a sink, or the owner, is called: sinks are queried before it is taken, and released after.
 */
#include "core/point.h"

#include <connpt/guid.h>

#include "base/atomic.h"
#include "core/object.h"

static const IConnectionPointVtbl point_vtbl;

static struct point *point_from_iface(IConnectionPoint *iface)
{
    return point_of((connpt_point *)(void *)iface);
}

/* ---- telling the owner whether anybody listens ------------------------------------------- */

static int wants_notice(const struct point *point)
{
    int is_listening = (point->head.flags & POINT_LISTENING) != 0;

    return is_listening != (load_relaxed(&point->head.n_connections) != 0);
}

/* Only holders of the lock write the flags; others read them at any time. */
static void change_flags(struct point *point, uint32_t set, uint32_t clear)
{
    store_relaxed(&point->head.flags, (point->head.flags & ~clear) | set);
}

/*
 * One thread at a time calls `listening`, and goes on until what it said last is true. So calls
 * never overlap, and a thread that connects meanwhile need not wait for the call.
 */
static void notify_owner(struct point *point)
{
    struct connpt_object *head = object_head(point->owner);
    const struct connpt_class *cls = point->owner->cls;

    if (cls->listening == NULL)
        return;
    connpt__mutex_lock(&point->mutex);
    while (!(point->head.flags & POINT_NOTIFYING) && wants_notice(point)) {
        int any = load_relaxed(&point->head.n_connections) != 0;

        if (any)
            change_flags(point, POINT_NOTIFYING | POINT_LISTENING, 0);
        else
            change_flags(point, POINT_NOTIFYING, POINT_LISTENING);
        connpt__mutex_unlock(&point->mutex);
        connpt__reclaim_settle(point);
        connpt__assert_unlocked();
        cls->listening(head, &point->head, any);
        connpt__mutex_lock(&point->mutex);
        change_flags(point, 0, POINT_NOTIFYING);
    }
    connpt__mutex_unlock(&point->mutex);
    connpt__reclaim_settle(point);
}

/* ---- adding and removing, with the lock -------------------------------------------------- */

static HRESULT connect_locked(struct point *point, void *sink, uint32_t *cookie)
{
    uint32_t n_connections = point->head.n_connections;

    if (point->head.flags & POINT_CLOSED)
        return CONNECT_E_CANNOTCONNECT;
    if (n_connections == UINT32_MAX || (point->limit != 0 && n_connections >= point->limit))
        return CONNECT_E_ADVISELIMIT;
    if (connpt__list_append(&point->list, sink, cookie) != 0)
        return E_OUTOFMEMORY;
    /* Release: a fire that sees the count sees the connection; pairs with the load in
     * connpt_point_has_sinks. */
    store_release(&point->head.n_connections, n_connections + 1);
    return S_OK;
}

/* The connection ends, and no fire that begins now calls it. Its sink is still in its slot. */
static void remove_locked(struct point *point, struct chunk *chunk, uint32_t slot)
{
    connpt__list_remove(&point->list, chunk, slot);
    store_relaxed(&point->head.n_connections, point->head.n_connections - 1);
}

/* The same, and the sink leaves its slot: into @harvest when nobody can be calling it, else to
 * the running fires. */
static void disconnect_locked(struct point *point, struct chunk *chunk, uint32_t slot,
                              struct harvest *harvest)
{
    remove_locked(point, chunk, slot);
    if (connpt__readers_idle(&point->readers)) {
        harvest->sinks[harvest->n_sinks++] = chunk->pub.sinks[slot];
        connpt__list_recycle(&point->list, chunk);
        return;
    }
    connpt__reclaim_queue(point, chunk, slot);
    connpt__reclaim_harvest(point, harvest);
}

/* ---- IUnknown ---------------------------------------------------------------------------- */

static HRESULT STDMETHODCALLTYPE point_QueryInterface(IConnectionPoint *iface, REFIID iid,
                                                      void **out)
{
    if (out == NULL)
        return E_POINTER;
    *out = NULL;
    if (iid == NULL)
        return E_POINTER;
    if (!connpt_guid_equal(iid, &IID_IUnknown) && !connpt_guid_equal(iid, &IID_IConnectionPoint))
        return E_NOINTERFACE;
    (void)connpt__object_add_ref(point_from_iface(iface)->owner);
    *out = iface;
    return S_OK;
}

static ULONG STDMETHODCALLTYPE point_AddRef(IConnectionPoint *iface)
{
    return connpt__object_add_ref(point_from_iface(iface)->owner);
}

static ULONG STDMETHODCALLTYPE point_Release(IConnectionPoint *iface)
{
    return connpt__object_release(point_from_iface(iface)->owner);
}

/* ---- IConnectionPoint -------------------------------------------------------------------- */

static HRESULT STDMETHODCALLTYPE point_GetConnectionInterface(IConnectionPoint *iface, IID *iid)
{
    if (iid == NULL)
        return E_POINTER;
    *iid = point_from_iface(iface)->iid;
    return S_OK;
}

static HRESULT STDMETHODCALLTYPE point_GetConnectionPointContainer(IConnectionPoint *iface,
                                                                   IConnectionPointContainer **out)
{
    struct object *owner = point_from_iface(iface)->owner;

    if (out == NULL)
        return E_POINTER;
    (void)connpt__object_add_ref(owner);
    *out = &owner->IConnectionPointContainer_iface;
    return S_OK;
}

/* The pointer to keep and to call: what QueryInterface returns for the point's interface. */
static void *query_sink(struct point *point, IUnknown *sink)
{
    void *queried = NULL;

    connpt__assert_unlocked();
    if (SUCCEEDED(IUnknown_QueryInterface(sink, &point->iid, &queried)) && queried != NULL)
        return queried;
    if (!(load_relaxed(&point->head.flags) & CONNPT_SOURCE_DISPATCH))
        return NULL;
    queried = NULL;
    if (SUCCEEDED(IUnknown_QueryInterface(sink, &IID_IDispatch, &queried)))
        return queried;
    return NULL;
}

/*
 * The sink's methods, which Advise, Unadvise and close call, may drop the last reference to the
 * owner. It must not end before they return; that is what hold and let_go are for. The owner's
 * own count will do: the outer object of an aggregate may come and go.
 */
static void hold(struct point *point)
{
    (void)connpt__object_add_own_ref(point->owner);
}

static void let_go(struct point *point)
{
    (void)connpt__object_release_own(point->owner);
}

static HRESULT connect_sink(struct point *point, IUnknown *sink, DWORD *cookie)
{
    uint32_t new_cookie = 0;
    void *queried = query_sink(point, sink);
    HRESULT hr;

    if (queried == NULL)
        return CONNECT_E_CANNOTCONNECT;

    connpt__mutex_lock(&point->mutex);
    hr = connect_locked(point, queried, &new_cookie);
    connpt__mutex_unlock(&point->mutex);
    connpt__reclaim_settle(point);
    if (FAILED(hr)) {
        (void)IUnknown_Release((IUnknown *)queried);
        return hr;
    }
    *cookie = new_cookie;
    notify_owner(point);
    return S_OK;
}

static HRESULT STDMETHODCALLTYPE point_Advise(IConnectionPoint *iface, IUnknown *sink,
                                              DWORD *cookie)
{
    struct point *point = point_from_iface(iface);
    HRESULT hr;

    if (cookie == NULL)
        return E_POINTER;
    *cookie = 0;
    if (sink == NULL)
        return E_POINTER;
    if (load_relaxed(&point->head.flags) & POINT_CLOSED)
        return CONNECT_E_CANNOTCONNECT;
    hold(point);
    hr = connect_sink(point, sink, cookie);
    let_go(point);
    return hr;
}

static HRESULT STDMETHODCALLTYPE point_Unadvise(IConnectionPoint *iface, DWORD cookie)
{
    struct point *point = point_from_iface(iface);
    struct harvest harvest;
    struct chunk *chunk;
    uint32_t slot;

    hold(point);
    connpt__mutex_lock(&point->mutex);
    chunk = connpt__list_find(&point->list, cookie, &slot);
    if (chunk == NULL) {
        connpt__mutex_unlock(&point->mutex);
        connpt__reclaim_settle(point);
        let_go(point);
        return CONNECT_E_NOCONNECTION;
    }
    harvest_init(&harvest);
    disconnect_locked(point, chunk, slot, &harvest);
    connpt__reclaim_unlock(point, &harvest);
    notify_owner(point);
    let_go(point);
    return S_OK;
}

static HRESULT STDMETHODCALLTYPE point_EnumConnections(IConnectionPoint *iface,
                                                       IEnumConnections **out)
{
    if (out == NULL)
        return E_POINTER;
    *out = NULL;
    return connpt__enum_connections_create(point_from_iface(iface), out);
}

static const IConnectionPointVtbl point_vtbl = {
    /* IUnknown */
    .QueryInterface = point_QueryInterface,
    .AddRef = point_AddRef,
    .Release = point_Release,
    /* IConnectionPoint */
    .GetConnectionInterface = point_GetConnectionInterface,
    .GetConnectionPointContainer = point_GetConnectionPointContainer,
    .Advise = point_Advise,
    .Unadvise = point_Unadvise,
    .EnumConnections = point_EnumConnections,
};

/* ---- for the owner ----------------------------------------------------------------------- */

connpt_point *connpt_point_from_iface(IConnectionPoint *iface)
{
    if (iface == NULL || iface->lpVtbl != &point_vtbl)
        return NULL;
    return (connpt_point *)(void *)iface;
}

uint32_t connpt_point_connections(const connpt_point *point)
{
    return load_acquire(&point->n_connections);
}

uint32_t connpt_point_dropped(const connpt_point *point)
{
    return load_relaxed(&point_of((connpt_point *)(uintptr_t)point)->dropped);
}

/* ---- synchronous Unadvise ------------------------------------------------------------------ */

/*
 * With the lock, the connection just removed. Decides who releases the sink: this thread after
 * waiting (1), or, because it is inside a fire of the point, the fires (0, it may still have to
 * wait for other threads).
 */
static int begin_sync_wait(struct point *point, struct sync_waiter *waiter, struct chunk *chunk,
                           uint32_t slot)
{
    uint32_t n_own = connpt__fire_own_holds(point, waiter->own);

    waiter->is_inside = n_own != 0;
    if (!waiter->is_inside) {
        chunk->awaited |= (uint16_t)(1u << slot);
        connpt__reclaim_wait(point, waiter);
        return 1;
    }
    connpt__reclaim_queue(point, chunk, slot);
    /* Two threads inside fires of this point might each wait for the other's fire. And a counter
     * has room for so many only. */
    if (point->reclaim.inside_waiters || n_own > READERS_MAX_PARKED)
        connpt__event_set(&waiter->over);
    else
        connpt__reclaim_wait(point, waiter);
    return 0;
}

/* Nothing can reach the slot any more: take the sink out. */
static IUnknown *take_awaited(struct point *point, struct chunk *chunk, uint32_t slot)
{
    IUnknown *sink = chunk->pub.sinks[slot];

    connpt__mutex_lock(&point->mutex);
    chunk->awaited &= (uint16_t) ~(1u << slot);
    connpt__list_recycle(&point->list, chunk);
    connpt__mutex_unlock(&point->mutex);
    connpt__reclaim_settle(point);
    return sink;
}

HRESULT connpt_point_unadvise_sync(IConnectionPoint *iface, DWORD cookie)
{
    struct sync_waiter waiter;
    struct harvest harvest;
    struct point *point;
    struct chunk *chunk;
    uint32_t slot;
    int is_ours;

    if (iface == NULL)
        return E_POINTER;
    if (connpt_point_from_iface(iface) == NULL)
        return E_NOINTERFACE;
    point = point_from_iface(iface);
    if (connpt__event_init(&waiter.over) != 0)
        return E_OUTOFMEMORY;

    hold(point);
    connpt__mutex_lock(&point->mutex);
    chunk = connpt__list_find(&point->list, cookie, &slot);
    if (chunk == NULL) {
        connpt__mutex_unlock(&point->mutex);
        connpt__reclaim_settle(point);
        let_go(point);
        connpt__event_fini(&waiter.over);
        return CONNECT_E_NOCONNECTION;
    }
    remove_locked(point, chunk, slot);
    is_ours = begin_sync_wait(point, &waiter, chunk, slot);
    harvest_init(&harvest);
    connpt__reclaim_harvest(point, &harvest);
    connpt__reclaim_unlock(point, &harvest);

    connpt__event_wait(&waiter.over);
    connpt__event_fini(&waiter.over);
    if (is_ours) {
        IUnknown *sink = take_awaited(point, chunk, slot);

        (void)IUnknown_Release(sink);
    }
    notify_owner(point);
    let_go(point);
    return is_ours ? S_OK : S_FALSE;
}

/* ---- dropping and closing ------------------------------------------------------------------ */

void connpt__point_drop(struct point *point, struct chunk *chunk, uint32_t slot)
{
    struct harvest harvest;

    connpt__mutex_lock(&point->mutex);
    if (!chunk_is_live(chunk, slot)) {
        connpt__mutex_unlock(&point->mutex);
        connpt__reclaim_settle(point);
        return;
    }
    harvest_init(&harvest);
    disconnect_locked(point, chunk, slot, &harvest);
    (void)add_relaxed(&point->dropped, 1);
    connpt__reclaim_unlock(point, &harvest);
    notify_owner(point);
}

void connpt__point_close(struct point *point)
{
    struct connpt_chunk *pub, *next;
    struct harvest harvest;
    uint32_t slot;

    connpt__mutex_lock(&point->mutex);
    change_flags(point, POINT_CLOSED, 0);
    for (pub = point->list.first; pub != NULL; pub = next) {
        struct chunk *chunk = chunk_of(pub);

        next = pub->next; /* the chunk may leave the list, but not its memory: it is pending */
        while ((slot = chunk_first_live(chunk)) != CHUNK_SLOTS) {
            connpt__reclaim_queue(point, chunk, slot);
            connpt__list_remove(&point->list, chunk, slot);
        }
    }
    store_relaxed(&point->head.n_connections, 0);
    harvest_init(&harvest);
    connpt__reclaim_harvest(point, &harvest);
    connpt__reclaim_unlock(point, &harvest);
    notify_owner(point);
}

/* ---- life ---------------------------------------------------------------------------------- */

int connpt__point_init(struct point *point, struct object *owner,
                       const struct connpt_source *source, uint32_t first_key)
{
    if (connpt__mutex_init(&point->mutex) != 0)
        return -1;
    point->head.IConnectionPoint_vtbl = &point_vtbl;
    point->head.n_connections = 0;
    point->head.flags = source->flags | (owner->outer != NULL ? POINT_AGGREGATED : 0);
    connpt__list_init(&point->list, &point->embedded, first_key);
    connpt__readers_init(&point->readers);
    connpt__reclaim_init(&point->reclaim);
    point->owner = owner;
    point->iid = *source->iid;
    point->limit = source->limit;
    point->dropped = 0;
    point->next = NULL;
    return 0;
}

void connpt__point_fini(struct point *point)
{
    connpt__list_fini(&point->list);
    connpt__readers_fini(&point->readers);
    connpt__mutex_fini(&point->mutex);
}

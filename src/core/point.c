/* SPDX-License-Identifier: MIT */
/*
 * core/point.c - IConnectionPoint on top of the connection list
 *
 * The lock of a point protects its list and what waits to be released. It is never held while
 * a sink, or the owner, is called: sinks are queried before it is taken, and released after.
 */
#include "core/point.h"

#include <connpt/guid.h>

#include "base/alloc.h"
#include "base/atomic.h"
#include "core/agile.h"
#include "core/object.h"

static const IConnectionPointVtbl point_vtbl;

static connpt_point *point_from_iface(IConnectionPoint *iface)
{
    return (connpt_point *)(void *)iface;
}

static struct object *owner_of(const connpt_point *point)
{
    return object_of(point->owner);
}

/* ---- telling the owner whether anybody listens ------------------------------------------- */

static int wants_notice(const connpt_point *point)
{
    int is_listening = (load_relaxed(&point->flags) & POINT_LISTENING) != 0;

    return is_listening != (load_relaxed(&point->n_connections) != 0);
}

/*
 * One thread at a time calls `listening`, and goes on until what it said last is true. So calls
 * never overlap, and a thread that connects meanwhile need not wait for the call.
 */
void connpt__point_tell_listening(connpt_point *point)
{
    const struct connpt_class *cls = owner_of(point)->cls;

    connpt__mutex_lock(&point->body->mutex);
    while (!(load_relaxed(&point->flags) & POINT_NOTIFYING) && wants_notice(point)) {
        int any = load_relaxed(&point->n_connections) != 0;

        (void)xor_seq(&point->flags, POINT_NOTIFYING | POINT_LISTENING);
        connpt__mutex_unlock(&point->body->mutex);
        reclaim_settle(point);
        connpt__assert_unlocked();
        cls->listening(point->owner, point, any);
        connpt__mutex_lock(&point->body->mutex);
        (void)and_seq(&point->flags, ~(uint32_t)POINT_NOTIFYING);
    }
    connpt__mutex_unlock(&point->body->mutex);
    reclaim_settle(point);
}

/* ---- the body -------------------------------------------------------------------------------- */

/* Far apart, so that a cookie of one point is unknown to its neighbours; see list.h. */
static uint32_t first_key_of(const connpt_point *point)
{
    return connpt__point_number(point) * 0x09E3779Bu & LIST_KEY_MASK;
}

static int init_body(struct connpt_point_body *body, struct chunk *embedded, uint32_t first_key)
{
    if (connpt__mutex_init(&body->mutex) != 0)
        return -1;
    connpt__list_init(&body->list, embedded, first_key);
    connpt__reclaim_init(&body->reclaim);
    return 0;
}

static void fini_body(struct connpt_point_body *body)
{
    connpt__mutex_fini(&body->mutex);
}

/* In one allocation with the first chunk, which begins a cache line. */
static struct connpt_point_body *create_body(uint32_t first_key)
{
    const size_t room = sizeof(struct connpt_point_body) + (CHUNK_ALIGN - 1);
    struct connpt_point_body *body = connpt__alloc(room + sizeof(struct chunk));
    char *end;

    if (body == NULL)
        return NULL;
    end = (char *)body + sizeof *body;
    end += -(uintptr_t)end & (CHUNK_ALIGN - 1);
    if (init_body(body, (struct chunk *)(void *)end, first_key) != 0) {
        connpt__free(body);
        return NULL;
    }
    return body;
}

/* Before the point's first connection. Several threads may come at once; one body stays. */
static HRESULT need_body(connpt_point *point)
{
    struct connpt_point_body *none = NULL;
    struct connpt_point_body *body;

    if (point_body(point) != NULL)
        return S_OK;
    body = create_body(first_key_of(point));
    if (body == NULL)
        return E_OUTOFMEMORY;
    /* Sequentially consistent, the flag too: pairs with connpt__point_close. */
    if (cas_seq(&point->body, &none, body)) {
        (void)or_seq(&point->flags, POINT_OWNS_BODY);
        return S_OK;
    }
    fini_body(body);
    connpt__free(body);
    return S_OK;
}

/* ---- adding and removing, with the lock -------------------------------------------------- */

static HRESULT connect_locked(connpt_point *point, void *sink, uint32_t limit, uint32_t *cookie)
{
    uint32_t n_connections = point->n_connections;

    /* Sequentially consistent: pairs with connpt__point_close. */
    if (load_seq(&point->flags) & POINT_CLOSED)
        return CONNECT_E_CANNOTCONNECT;
    if (connpt__list_is_full(point) || (limit != 0 && n_connections >= limit))
        return CONNECT_E_ADVISELIMIT;
    if (connpt__list_append(point, sink, cookie) != 0)
        return E_OUTOFMEMORY;
    /* Release: a fire that sees the count sees the connection; pairs with the load in
     * connpt_point_has_sinks. */
    store_release(&point->n_connections, n_connections + 1);
    return S_OK;
}

void connpt__point_remove(connpt_point *point, struct chunk *chunk, uint32_t slot)
{
    connpt__list_remove(point, chunk, slot);
    /* Release: as in connect_locked; who sees this count sees the point's body. */
    store_release(&point->n_connections, point->n_connections - 1);
}

int connpt__point_release_if_idle(connpt_point *point, struct chunk *chunk, uint32_t slot)
{
    void *held = chunk->pub.sinks[slot];

    if (!readers_idle(point))
        return 0;
    connpt__list_recycle(point, chunk);
    connpt__mutex_unlock(&point->body->mutex);
    reclaim_settle(point);
    connpt__assert_unlocked();
    held_release(held);
    return 1;
}

/* With the lock, which it gives back: the connection ends. Its sink is released at once when nobody
 * can be calling it, else by the fires that are running. */
static void disconnect_and_unlock(connpt_point *point, struct chunk *chunk, uint32_t slot)
{
    struct harvest harvest;

    connpt__point_remove(point, chunk, slot);
    if (connpt__point_release_if_idle(point, chunk, slot))
        return;
    connpt__reclaim_queue(point, chunk, slot);
    harvest_init(&harvest);
    connpt__reclaim_harvest(point, &harvest);
    connpt__reclaim_unlock(point, &harvest);
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
    (void)connpt__object_add_ref(owner_of(point_from_iface(iface)));
    *out = iface;
    return S_OK;
}

static ULONG STDMETHODCALLTYPE point_AddRef(IConnectionPoint *iface)
{
    return connpt__object_add_ref(owner_of(point_from_iface(iface)));
}

static ULONG STDMETHODCALLTYPE point_Release(IConnectionPoint *iface)
{
    return connpt__object_release(owner_of(point_from_iface(iface)));
}

/* ---- IConnectionPoint -------------------------------------------------------------------- */

static HRESULT STDMETHODCALLTYPE point_GetConnectionInterface(IConnectionPoint *iface, IID *iid)
{
    if (iid == NULL)
        return E_POINTER;
    *iid = *connpt__point_source(point_from_iface(iface))->iid;
    return S_OK;
}

static HRESULT STDMETHODCALLTYPE point_GetConnectionPointContainer(IConnectionPoint *iface,
                                                                   IConnectionPointContainer **out)
{
    struct object *owner = owner_of(point_from_iface(iface));

    if (out == NULL)
        return E_POINTER;
    (void)connpt__object_add_ref(owner);
    *out = &owner->IConnectionPointContainer_iface;
    return S_OK;
}

/* The pointer to keep and to call: what QueryInterface returns for the point's interface. */
static void *query_sink(connpt_point *point, const IID *iid, IUnknown *sink)
{
    void *queried = NULL;

    connpt__assert_unlocked();
    if (SUCCEEDED(IUnknown_QueryInterface(sink, iid, &queried)) && queried != NULL)
        return queried;
    if (!(load_relaxed(&point->flags) & CONNPT_SOURCE_DISPATCH))
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
static void hold(connpt_point *point)
{
    object_hold(owner_of(point));
}

static void let_go(connpt_point *point)
{
    object_let_go(owner_of(point));
}

static HRESULT connect_sink(connpt_point *point, IUnknown *sink, DWORD *cookie)
{
    const struct connpt_source *source = connpt__point_source(point);
    uint32_t new_cookie = 0;
    void *held = query_sink(point, source->iid, sink);
    HRESULT hr;

    if (held == NULL)
        return CONNECT_E_CANNOTCONNECT;
    hr = need_body(point);
    if (SUCCEEDED(hr))
        hr = connpt__agile_wrap(point, source->iid, &held);
    if (SUCCEEDED(hr)) {
        connpt__mutex_lock(&point->body->mutex);
        hr = connect_locked(point, held, source->limit, &new_cookie);
        connpt__mutex_unlock(&point->body->mutex);
        reclaim_settle(point);
    }
    if (FAILED(hr)) {
        held_release(held);
        return hr;
    }
    *cookie = new_cookie;
    point_notify_owner(point);
    return S_OK;
}

static HRESULT STDMETHODCALLTYPE point_Advise(IConnectionPoint *iface, IUnknown *sink,
                                              DWORD *cookie)
{
    connpt_point *point = point_from_iface(iface);
    HRESULT hr;

    if (cookie == NULL)
        return E_POINTER;
    *cookie = 0;
    if (sink == NULL)
        return E_POINTER;
    if (load_relaxed(&point->flags) & POINT_CLOSED)
        return CONNECT_E_CANNOTCONNECT;
    hold(point);
    hr = connect_sink(point, sink, cookie);
    let_go(point);
    return hr;
}

static HRESULT STDMETHODCALLTYPE point_Unadvise(IConnectionPoint *iface, DWORD cookie)
{
    connpt_point *point = point_from_iface(iface);
    struct chunk *chunk;
    uint32_t slot;

    if (point_body(point) == NULL)
        return CONNECT_E_NOCONNECTION;
    hold(point);
    connpt__mutex_lock(&point->body->mutex);
    chunk = connpt__list_find(point, cookie, &slot);
    if (chunk == NULL) {
        connpt__mutex_unlock(&point->body->mutex);
        reclaim_settle(point);
        let_go(point);
        return CONNECT_E_NOCONNECTION;
    }
    disconnect_and_unlock(point, chunk, slot);
    point_notify_owner(point);
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
    const struct connpt_point_body *body = load_acquire(&point->body);

    return body != NULL ? load_relaxed(&body->list.n_dropped) : 0;
}

/* ---- dropping and closing ------------------------------------------------------------------ */

void connpt__point_drop(connpt_point *point, struct chunk *chunk, uint32_t slot)
{
    connpt__mutex_lock(&point->body->mutex);
    if (!chunk_is_live(chunk, slot)) {
        connpt__mutex_unlock(&point->body->mutex);
        reclaim_settle(point);
        return;
    }
    (void)add_relaxed(&point->body->list.n_dropped, 1);
    disconnect_and_unlock(point, chunk, slot);
    point_notify_owner(point);
}

void connpt__point_close(connpt_point *point)
{
    struct connpt_chunk *pub, *next;
    struct harvest harvest;
    uint32_t slot;

    /*
     * Sequentially consistent: an Advise that makes the body after this did not find one finds
     * the flag, and connects nothing.
     */
    (void)or_seq(&point->flags, POINT_CLOSED);
    if (load_seq(&point->body) == NULL)
        return;
    connpt__mutex_lock(&point->body->mutex);
    for (pub = point->first; !list_is_end(pub); pub = next) {
        struct chunk *chunk = chunk_of(pub);

        next = pub->next; /* the chunk may leave the list, but not its memory: it is pending */
        while ((slot = chunk_first_live(chunk)) != CHUNK_SLOTS) {
            connpt__reclaim_queue(point, chunk, slot);
            connpt__list_remove(point, chunk, slot);
        }
    }
    store_relaxed(&point->n_connections, 0);
    harvest_init(&harvest);
    connpt__reclaim_harvest(point, &harvest);
    connpt__reclaim_unlock(point, &harvest);
    point_notify_owner(point);
}

/* ---- life ---------------------------------------------------------------------------------- */

void connpt__point_init(connpt_point *point, struct object *owner, uint32_t flags)
{
    point->IConnectionPoint_vtbl = &point_vtbl;
    point->flags = flags | (owner->outer != NULL ? CONNPT_POINT_AGGREGATED : 0);
    point->owner = object_head(owner);
    connpt__list_clear_ends(point);
}

int connpt__point_init_body(connpt_point *point, struct connpt_point_body *body,
                            struct chunk *embedded)
{
    if (init_body(body, embedded, first_key_of(point)) != 0)
        return -1;
    point->body = body;
    return 0;
}

void connpt__point_fini(connpt_point *point)
{
    struct connpt_point_body *body = point->body;

    if (body == NULL)
        return;
    connpt__list_fini(point);
    connpt__readers_fini(point);
    fini_body(body);
    if (point->flags & POINT_OWNS_BODY)
        connpt__free(body);
}

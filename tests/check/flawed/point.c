/* SPDX-License-Identifier: MIT */
/* check/flawed/point.c - a connection point: a list in the order of Advise */
#include <stdlib.h>
#include <string.h>

#include "flawed.h"

static struct flawed_point *point_of(IConnectionPoint *This)
{
    return (struct flawed_point *)(void *)This;
}

/* ---- IUnknown ------------------------------------------------------------------------------ */

void point_add_ref(struct flawed_point *point)
{
    if (point->is_copy)
        __atomic_add_fetch(&point->refs, 1, __ATOMIC_SEQ_CST);
    else
        flawed_add_ref(point->owner);
}

void point_release(struct flawed_point *point)
{
    if (!point->is_copy) {
        flawed_release(point->owner);
    } else if (__atomic_sub_fetch(&point->refs, 1, __ATOMIC_SEQ_CST) == 0) {
        struct flawed *owner = point->owner;
        bool is_weak = has(owner, end_point_is_weak);

        point_fini(point);
        free(point);
        if (!is_weak)
            flawed_release(owner);
    }
}

static HRESULT STDMETHODCALLTYPE point_QueryInterface(IConnectionPoint *This, REFIID iid,
                                                      void **out)
{
    struct flawed_point *point = point_of(This);

    if (has(point->owner, point_is_container))
        return flawed_query(point->owner, iid, out);
    if (has(point->owner, point_answers_container) && out != NULL &&
        IsEqualGUID(iid, &IID_IConnectionPointContainer))
        return flawed_query(point->owner, iid, out);
    if (out == NULL && !has(point->owner, point_query_null_crashes))
        return E_POINTER;
    if (!has(point->owner, point_query_leaves_out))
        *out = NULL;
    if (!IsEqualGUID(iid, &IID_IUnknown) && !IsEqualGUID(iid, &IID_IConnectionPoint))
        return E_NOINTERFACE;
    point_add_ref(point);
    *out = This;
    return S_OK;
}

static ULONG STDMETHODCALLTYPE point_AddRef(IConnectionPoint *This)
{
    struct flawed_point *point = point_of(This);

    if (!point->is_copy)
        return flawed_add_ref(point->owner);
    return (ULONG)__atomic_add_fetch(&point->refs, 1, __ATOMIC_SEQ_CST);
}

static ULONG STDMETHODCALLTYPE point_Release(IConnectionPoint *This)
{
    struct flawed_point *point = point_of(This);
    ULONG refs;

    if (!point->is_copy)
        return flawed_release(point->owner);
    refs = (ULONG)point->refs - 1;
    point_release(point);
    return refs;
}

/* ---- what it is ------------------------------------------------------------------------------ */

static HRESULT STDMETHODCALLTYPE point_GetConnectionInterface(IConnectionPoint *This, IID *out)
{
    struct flawed_point *point = point_of(This);

    if (out == NULL && !has(point->owner, interface_null_crashes))
        return E_POINTER;
    if (has(point->owner, interface_not_implemented))
        return E_NOTIMPL;
    *out = has(point->owner, interface_is_another) ? IID_IDispatch : point->iid;
    return S_OK;
}

static HRESULT STDMETHODCALLTYPE point_GetConnectionPointContainer(IConnectionPoint *This,
                                                                   IConnectionPointContainer **out)
{
    struct flawed *owner = point_of(This)->owner;

    if (out == NULL && !has(owner, container_null_crashes))
        return E_POINTER;
    *out = NULL;
    if (has(owner, container_not_implemented))
        return E_NOTIMPL;
    flawed_add_ref(owner);
    if (has(owner, container_takes_two))
        flawed_add_ref(owner);
    *out = &owner->IConnectionPointContainer_iface;
    return S_OK;
}

/* ---- Advise ---------------------------------------------------------------------------------- */

/* With the lock held; -1: none. */
static int find(const struct flawed_point *point, DWORD cookie)
{
    for (unsigned i = 0; i < point->n; i++) {
        if (point->list[i].cookie == cookie && point->list[i].sink != NULL)
            return (int)i;
    }
    return -1;
}

static DWORD free_slot_number(const struct flawed_point *point)
{
    DWORD number = 1;

    while (find(point, number) >= 0)
        number++;
    return number;
}

static DWORD next_cookie(struct flawed_point *point)
{
    const struct flawed *owner = point->owner;

    if (has(owner, cookie_is_length))
        return point->n + 1;
    if (has(owner, cookie_is_slot))
        return free_slot_number(point);
    if (has(owner, cookie_last_again) &&
        (point->last_cookie == 0 || find(point, point->last_cookie) < 0))
        return point->last_cookie != 0 ? point->last_cookie : ++point->last_cookie;
    if (has(owner, cookie_wraps_early) && point->last_cookie == 5000)
        point->last_cookie = 0;
    point->last_cookie++;
    if (has(owner, cookie_from_zero))
        return point->last_cookie - 1;
    return has(owner, cookie_from_hundred) ? point->last_cookie + 99 : point->last_cookie;
}

/* Where a new connection goes. With the lock held. */
static unsigned place(struct flawed_point *point)
{
    for (unsigned i = 0; i < point->n && has(point->owner, fire_fills_gaps); i++) {
        if (point->list[i].sink == NULL)
            return i;
    }
    return point->n++;
}

static HRESULT add(struct flawed_point *point, IUnknown *sink, DWORD *cookie)
{
    struct flawed *owner = point->owner;
    struct connection connection = { sink, 0 };
    bool is_short = has(owner, advise_limit_wrong_code) || has(owner, advise_limit_leaks);
    unsigned limit = is_short ? 100 : MAX_CONNECTIONS;
    bool is_known = false;

    flawed_lock(owner);
    for (unsigned i = 0; i < point->n; i++)
        is_known = is_known || point->list[i].sink == sink;
    if (point->n >= limit || (is_known && has(owner, advise_refuses_second))) {
        flawed_unlock(owner);
        return is_known && has(owner, advise_refuses_second) ? E_INVALIDARG
               : has(owner, advise_limit_wrong_code)         ? E_OUTOFMEMORY
                                                             : CONNECT_E_ADVISELIMIT;
    }
    if (is_known && has(owner, advise_finds_first)) { /* the sink is the key */
        for (unsigned i = 0; i < point->n; i++) {
            if (point->list[i].sink == sink)
                connection.cookie = point->list[i].cookie;
        }
        flawed_unlock(owner);
        IUnknown_Release(sink);
        *cookie = connection.cookie;
        return S_OK;
    }
    connection.cookie = next_cookie(point);
    if (!has(owner, threads_without_lock) || !race_to_add(point, connection))
        point->list[place(point)] = connection;
    flawed_unlock(owner);
    if (cookie != NULL)
        *cookie = connection.cookie;
    return S_OK;
}

/* The sink's own pointer for the interface, with a reference. */
static HRESULT ask(struct flawed_point *point, IUnknown *sink, IUnknown **out)
{
    struct flawed *owner = point->owner;
    HRESULT hr;

    *out = NULL;
    if (has(owner, advise_asks_nobody)) {
        IUnknown_AddRef(sink);
        *out = sink;
        return S_OK;
    }
    if (has(owner, advise_leaks_refused))
        IUnknown_AddRef(sink);
    hr = IUnknown_QueryInterface(sink, &point->iid, (void **)out);
    if (FAILED(hr) && has(owner, advise_passes_code_on) && hr != E_NOINTERFACE)
        return hr;
    if (FAILED(hr) || (*out == NULL && !has(owner, advise_connects_null)))
        return has(owner, advise_wrong_code) ? E_UNEXPECTED : CONNECT_E_CANNOTCONNECT;
    if (has(owner, advise_leaks_refused))
        IUnknown_Release(sink);
    if (has(owner, advise_keeps_handed) && *out != NULL) {
        IUnknown_Release(*out);
        IUnknown_AddRef(sink);
        *out = sink;
    }
    if (has(owner, advise_takes_two) && *out != NULL)
        IUnknown_AddRef(*out);
    if (has(owner, advise_takes_none) && *out != NULL)
        IUnknown_Release(*out);
    return S_OK;
}

static HRESULT STDMETHODCALLTYPE point_Advise(IConnectionPoint *This, IUnknown *sink, DWORD *cookie)
{
    struct flawed_point *point = point_of(This);
    struct flawed *owner = point->owner;
    IUnknown *queried;
    HRESULT hr;

    hostile_advise(owner);
    race_enter(owner);
    if (has(owner, advise_not_implemented)) {
        if (cookie != NULL)
            *cookie = 0;
        return E_NOTIMPL;
    }
    if ((sink == NULL && !has(owner, advise_null_sink_crashes)) ||
        (cookie == NULL && !has(owner, advise_null_cookie_crashes) &&
         !has(owner, advise_null_cookie_works))) {
        if (cookie != NULL && !has(owner, advise_null_keeps_cookie))
            *cookie = 0;
        return E_POINTER;
    }
    if (cookie != NULL || has(owner, advise_null_cookie_crashes)) {
        if (!has(owner, advise_keeps_cookie))
            *cookie = 0;
    }
    if (has(owner, fire_refuses_advise) && point->cursor != 0)
        return E_UNEXPECTED;
    hr = ask(point, sink, &queried);
    if (FAILED(hr))
        return hr;
    if (has(owner, session_leaks_object))
        flawed_add_ref(owner);
    hr = add(point, queried, cookie);
    if (FAILED(hr) && queried != NULL && !has(owner, advise_limit_leaks))
        IUnknown_Release(queried);
    return hr;
}

/* ---- Unadvise -------------------------------------------------------------------------------- */

/* Takes entry @at out of the list. With the lock held. */
static IUnknown *take_out(struct flawed_point *point, unsigned at)
{
    IUnknown *sink = point->list[at].sink;

    if (has(point->owner, fire_fills_gaps) || has(point->owner, unadvise_twice_works)) {
        point->list[at].sink = NULL;
        return sink;
    }
    if (has(point->owner, fire_shares_cursor) && at <= point->cursor)
        point->cursor--;
    point->n--;
    memmove(&point->list[at], &point->list[at + 1], (point->n - at) * sizeof *point->list);
    return sink;
}

static HRESULT not_there(const struct flawed_point *point, DWORD cookie)
{
    const struct flawed *owner = point->owner;

    if (cookie == 0 && has(owner, unadvise_zero_works))
        return S_OK;
    if (cookie == 0 && has(owner, unadvise_zero_invalid))
        return E_INVALIDARG;
    if (cookie != 0 && cookie > point->last_cookie && has(owner, unadvise_unknown_works))
        return S_OK;
    if (has(owner, unadvise_unknown_crashes) && cookie > MAX_CONNECTIONS)
        return point->list[(size_t)cookie << 20].sink != NULL; /* an index that nobody tested */
    for (unsigned i = 0; i < point->n && has(owner, unadvise_twice_works); i++) {
        if (point->list[i].cookie == cookie)
            return S_OK;
    }
    return CONNECT_E_NOCONNECTION;
}

static void end_all(struct flawed_point *point)
{
    IUnknown *sink;

    for (;;) {
        flawed_lock(point->owner);
        sink = point->n > 0 ? take_out(point, 0) : NULL;
        flawed_unlock(point->owner);
        if (sink == NULL)
            return;
        IUnknown_Release(sink);
    }
}

static HRESULT STDMETHODCALLTYPE point_Unadvise(IConnectionPoint *This, DWORD cookie)
{
    struct flawed_point *point = point_of(This);
    struct flawed *owner = point->owner;
    IUnknown *sink = NULL;
    int at;

    flawed_lock(owner);
    if (has(owner, threads_hold_late))
        race_before_removal(point);
    at = cookie != 0 || has(owner, cookie_from_zero) ? find(point, cookie) : -1;
    if (at < 0 || (has(owner, fire_refuses_unadvise) && point->cursor != 0)) {
        flawed_unlock(owner);
        return at < 0 ? not_there(point, cookie) : E_UNEXPECTED;
    }
    if (has(owner, unadvise_releases_first)) {
        sink = point->list[at].sink;
        flawed_unlock(owner);
        IUnknown_Release(sink);
        flawed_lock(owner);
        at = find(point, cookie);
        if (at >= 0)
            (void)take_out(point, (unsigned)at);
        flawed_unlock(owner);
        return S_OK;
    }
    sink = take_out(point, (unsigned)at);
    flawed_unlock(owner);
    if (sink != NULL && !has(owner, unadvise_leaks))
        IUnknown_Release(sink);
    if (sink != NULL && has(owner, unadvise_releases_twice))
        IUnknown_Release(sink);
    if (has(owner, threads_hold_late))
        race_after_release(point, cookie);
    if (has(owner, unadvise_ends_all))
        end_all(point);
    return has(owner, unadvise_always_false) ? S_FALSE : S_OK;
}

static HRESULT STDMETHODCALLTYPE point_EnumConnections(IConnectionPoint *This,
                                                       IEnumConnections **out)
{
    struct flawed_point *point = point_of(This);

    if (has(point->owner, enum_not_implemented))
        return E_NOTIMPL;
    if (out == NULL && !has(point->owner, enum_null_crashes))
        return E_POINTER;
    *out = NULL;
    if (has(point->owner, enum_none_fails) && point->n == 0)
        return OLE_E_NOCONNECTION;
    return enumerate_connections(point, out);
}

/* ---- life ------------------------------------------------------------------------------------ */

static const IConnectionPointVtbl point_vtable = {
    .QueryInterface = point_QueryInterface,
    .AddRef = point_AddRef,
    .Release = point_Release,
    .GetConnectionInterface = point_GetConnectionInterface,
    .GetConnectionPointContainer = point_GetConnectionPointContainer,
    .Advise = point_Advise,
    .Unadvise = point_Unadvise,
    .EnumConnections = point_EnumConnections,
};

/* As of an object that was never finished. */
static const IConnectionPointVtbl table_with_holes = {
    .QueryInterface = point_QueryInterface,
    .AddRef = point_AddRef,
    .Release = point_Release,
    .GetConnectionInterface = point_GetConnectionInterface,
    .Advise = point_Advise,
    .Unadvise = point_Unadvise,
};

bool point_init(struct flawed_point *point, struct flawed *owner, const IID *iid)
{
    point->IConnectionPoint_iface.lpVtbl =
        has(owner, table_has_holes) ? &table_with_holes : &point_vtable;
    point->owner = owner;
    point->iid = *iid;
    point->refs = 1;
    point->list = calloc(MAX_CONNECTIONS + 1, sizeof *point->list);
    return point->list != NULL;
}

void point_fini(struct flawed_point *point)
{
    for (unsigned i = 0; i < point->n && point->list != NULL; i++) {
        IUnknown *sink = point->list[i].sink;

        if (sink == NULL || has(point->owner, end_leaks_sinks))
            continue;
        IUnknown_Release(sink);
        if (has(point->owner, end_releases_twice))
            IUnknown_Release(sink);
    }
    free(point->list);
    point->list = NULL;
    if (point->weak != NULL)
        point_release(point->weak);
    point->weak = NULL;
}

struct flawed_point *point_copy(const struct flawed_point *point)
{
    struct flawed_point *copy = calloc(1, sizeof *copy);

    if (copy == NULL || !point_init(copy, point->owner, &point->iid)) {
        free(copy);
        return NULL;
    }
    copy->is_copy = true;
    if (!has(point->owner, end_point_is_weak))
        flawed_add_ref(point->owner);
    return copy;
}

struct flawed_point *point_for_client(struct flawed_point *point)
{
    if (has(point->owner, points_are_copies))
        return point_copy(point);
    if (has(point->owner, end_point_is_weak)) {
        if (point->weak == NULL)
            point->weak = point_copy(point);
        if (point->weak == NULL)
            return NULL;
        point = point->weak;
    }
    point_add_ref(point);
    return point;
}

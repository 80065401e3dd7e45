/* SPDX-License-Identifier: MIT */
/* check/flawed/enumerators.c - both enumerators in one: a copy of what there is, and a position */
#include <stdlib.h>
#include <string.h>

#include "flawed.h"

typedef struct flawed_enumerator enumerator;

enum { OVERRUN = 4096 };

/* What one item is, of either kind. */
union slot {
    IUnknown *point;
    CONNECTDATA connection;
};

static bool of_points(const enumerator *e)
{
    return e->point == NULL;
}

static unsigned length(const enumerator *e)
{
    return !of_points(e) && has(e->owner, enum_follows_list) ? e->point->n : e->n;
}

/* ---- life ------------------------------------------------------------------------------------ */

static const struct IEnumConnectionPointsVtbl points_vtable;
static const struct IEnumConnectionsVtbl connections_vtable;

static enumerator *create(struct flawed *owner, struct flawed_point *point)
{
    enumerator *e = calloc(1, sizeof *e);

    if (e == NULL)
        return NULL;
    e->lpVtbl = point == NULL ? (const void *)&points_vtable : (const void *)&connections_vtable;
    e->refs = 1;
    e->owner = owner;
    e->point = point;
    e->is_weak = point != NULL && has(owner, enum_connections_is_weak);
    if (!has(owner, enum_holds_nothing) && !e->is_weak)
        flawed_add_ref(owner);
    return e;
}

static ULONG release(enumerator *e)
{
    LONG refs = __atomic_sub_fetch(&e->refs, 1, __ATOMIC_SEQ_CST);

    if (refs > 0)
        return (ULONG)refs;
    for (unsigned i = 0; i < e->n && (e->is_weak || !has(e->owner, enum_keeps_references)); i++) {
        if (of_points(e) && !has(e->owner, enum_holds_nothing))
            IUnknown_Release(e->items[i]);
        else if (!of_points(e))
            IUnknown_Release(e->connections[i].sink);
    }
    if (!e->is_weak && !has(e->owner, enum_holds_nothing))
        flawed_release(e->owner);
    free(e->connections);
    free(e);
    return 0;
}

static HRESULT query(enumerator *e, REFIID iid, void **out)
{
    bool is_own =
        IsEqualGUID(iid, of_points(e) ? &IID_IEnumConnectionPoints : &IID_IEnumConnections);

    if (out == NULL)
        return E_POINTER;
    *out = NULL;
    if (has(e->owner, enum_is_point)) {
        if (of_points(e) && IsEqualGUID(iid, &IID_IConnectionPointContainer))
            return flawed_query(e->owner, iid, out);
        if (!of_points(e) && IsEqualGUID(iid, &IID_IConnectionPoint)) {
            point_add_ref(e->point);
            *out = &e->point->IConnectionPoint_iface;
            return S_OK;
        }
    }
    if (!is_own && !IsEqualGUID(iid, &IID_IUnknown))
        return E_NOINTERFACE;
    __atomic_add_fetch(&e->refs, 1, __ATOMIC_SEQ_CST);
    *out = e;
    return S_OK;
}

/* ---- the methods, of either kind ------------------------------------------------------------- */

static DWORD shown_cookie(const enumerator *e, const struct connection *list, unsigned at)
{
    if (has(e->owner, enum_invents_cookies))
        return at + 1;
    for (unsigned i = 0; i < at && has(e->owner, enum_finds_cookie_by_sink); i++) {
        if (list[i].sink == list[at].sink)
            return list[i].cookie;
    }
    return list[at].cookie;
}

static void deliver(enumerator *e, void *array, ULONG to, unsigned from)
{
    const struct connection *list =
        !of_points(e) && has(e->owner, enum_follows_list) ? e->point->list : e->connections;
    IUnknown *item = of_points(e) ? e->items[from] : list[from].sink;

    if (of_points(e)) {
        ((IUnknown **)array)[to] = item;
    } else {
        ((CONNECTDATA *)array)[to].pUnk = item;
        ((CONNECTDATA *)array)[to].dwCookie = shown_cookie(e, list, from);
    }
    if (!has(e->owner, enum_takes_no_reference))
        IUnknown_AddRef(item);
}

static HRESULT next(enumerator *e, ULONG n, void *array, ULONG *fetched)
{
    const struct flawed *owner = e->owner;
    size_t size = of_points(e) ? sizeof(IUnknown *) : sizeof(CONNECTDATA);
    ULONG done = 0;

    if (array == NULL && n > 0 && !has(owner, enum_array_null_crashes))
        return E_POINTER;
    if (fetched == NULL &&
        (has(owner, enum_needs_count) || (n != 1 && !has(owner, enum_many_without_count))))
        return E_POINTER;
    if (e->is_weak) /* of a point that may have gone */
        *(volatile LONG *)&e->point->owner->refs;
    if (n > 0 && has(owner, enum_needs_full_array) && *(void **)array == NULL) {
        if (fetched != NULL)
            *fetched = 0;
        return S_FALSE;
    }
    if (n == 0 && has(owner, enum_zero_fails))
        return E_UNEXPECTED;
    if (fetched != NULL)
        *fetched = 0;
    if (has(owner, enum_never_ends) && length(e) > 0 && e->at == length(e))
        e->at = 0;
    for (; done < n && e->at < length(e); done++) {
        deliver(e, array, done, e->at++);
        if (has(owner, enum_never_ends) && e->at == length(e))
            e->at = 0;
    }
    if (has(owner, enum_adds_next) && done > 0)
        IUnknown_AddRef(*(IUnknown **)(void *)((char *)array + done * size));
    if (has(owner, enum_writes_one_more) && e->at < length(e) && n > 0)
        memset((char *)array + done * size, 0, size);
    if (has(owner, enum_overruns))
        memset((char *)array + done * size, 0x77, OVERRUN);
    if (done < n && has(owner, enum_clears_rest))
        memset((char *)array + done * size, 0, (n - done) * size);
    if (fetched != NULL)
        *fetched = has(owner, enum_counts_wildly) ? 0xffffffff : done;
    if (done < n && done > 0 && has(owner, enum_short_is_ok))
        return S_OK;
    if (done == 0 && n > 0 && has(owner, enum_end_is_ok))
        return S_OK;
    if (done == n && n > 1 && e->at == length(e) && has(owner, enum_full_is_false))
        return S_FALSE;
    return done == n ? S_OK : S_FALSE;
}

static HRESULT skip(enumerator *e, ULONG n)
{
    const struct flawed *owner = e->owner;
    unsigned left = length(e) - e->at;

    if (has(owner, enum_no_skip_no_clone))
        return E_NOTIMPL;
    if (n == 0 && has(owner, enum_skip_zero_fails))
        return E_UNEXPECTED;
    if (has(owner, enum_skip_runs_over)) {
        if (e->at + n > length(e)) {
            e->at = length(e);
            return S_FALSE;
        }
        e->at += n;
        return S_OK;
    }
    if (n > left || (n == left && has(owner, enum_skip_exact_fails))) {
        if (n != left && !has(owner, enum_skip_stays))
            e->at = length(e);
        return S_FALSE;
    }
    e->at += n;
    return S_OK;
}

static HRESULT reset(enumerator *e)
{
    if (has(e->owner, enum_no_skip_no_clone))
        return E_NOTIMPL;
    if (!has(e->owner, enum_reset_does_nothing))
        e->at = 0;
    return S_OK;
}

static bool copy_items(enumerator *to, const enumerator *from)
{
    to->n = from->n;
    memcpy(to->items, from->items, sizeof to->items);
    for (unsigned i = 0; of_points(to) && i < to->n; i++) {
        if (!has(to->owner, enum_holds_nothing))
            IUnknown_AddRef(to->items[i]);
    }
    if (of_points(to))
        return true;
    to->connections = calloc(to->n + 1, sizeof *to->connections);
    if (to->connections == NULL) {
        to->n = 0;
        return false;
    }
    memcpy(to->connections, from->connections, to->n * sizeof *to->connections);
    for (unsigned i = 0; i < to->n && !has(to->owner, enum_clone_takes_no_reference); i++)
        IUnknown_AddRef(to->connections[i].sink);
    return true;
}

static HRESULT clone(enumerator *e, void **out)
{
    enumerator *copy;

    if (has(e->owner, enum_no_skip_no_clone))
        return E_NOTIMPL;
    if (out == NULL && !has(e->owner, enum_clone_null_crashes))
        return E_POINTER;
    *out = NULL;
    if (has(e->owner, clone_gives_null))
        return S_OK;
    if (has(e->owner, enum_clone_is_itself)) {
        __atomic_add_fetch(&e->refs, 1, __ATOMIC_SEQ_CST);
        *out = e;
        return S_OK;
    }
    copy = create(e->owner, e->point);
    if (copy == NULL || !copy_items(copy, e)) {
        if (copy != NULL)
            release(copy);
        return E_OUTOFMEMORY;
    }
    if (has(e->owner, enum_clone_keeps_references))
        (void)copy_items(copy, e);
    copy->at = has(e->owner, enum_clone_starts_over) ? 0 : e->at;
    *out = copy;
    return S_OK;
}

/* ---- the two tables -------------------------------------------------------------------------- */

#define METHODS(prefix, interface, item)                                                           \
    static HRESULT STDMETHODCALLTYPE prefix##_QueryInterface(interface *This, REFIID iid,          \
                                                             void **out)                           \
    {                                                                                              \
        return query((enumerator *)(void *)This, iid, out);                                        \
    }                                                                                              \
    static ULONG STDMETHODCALLTYPE prefix##_AddRef(interface *This)                                \
    {                                                                                              \
        enumerator *e = (enumerator *)(void *)This;                                                \
                                                                                                   \
        return (ULONG)__atomic_add_fetch(&e->refs, 1, __ATOMIC_SEQ_CST);                           \
    }                                                                                              \
    static ULONG STDMETHODCALLTYPE prefix##_Release(interface *This)                               \
    {                                                                                              \
        return release((enumerator *)(void *)This);                                                \
    }                                                                                              \
    static HRESULT STDMETHODCALLTYPE prefix##_Next(interface *This, ULONG n, item *array,          \
                                                   ULONG *fetched)                                 \
    {                                                                                              \
        return next((enumerator *)(void *)This, n, array, fetched);                                \
    }                                                                                              \
    static HRESULT STDMETHODCALLTYPE prefix##_Skip(interface *This, ULONG n)                       \
    {                                                                                              \
        return skip((enumerator *)(void *)This, n);                                                \
    }                                                                                              \
    static HRESULT STDMETHODCALLTYPE prefix##_Reset(interface *This)                               \
    {                                                                                              \
        return reset((enumerator *)(void *)This);                                                  \
    }                                                                                              \
    static HRESULT STDMETHODCALLTYPE prefix##_Clone(interface *This, interface **out)              \
    {                                                                                              \
        return clone((enumerator *)(void *)This, (void **)out);                                    \
    }                                                                                              \
    static const interface##Vtbl prefix##_vtable = {                                               \
        .QueryInterface = prefix##_QueryInterface,                                                 \
        .AddRef = prefix##_AddRef,                                                                 \
        .Release = prefix##_Release,                                                               \
        .Next = prefix##_Next,                                                                     \
        .Skip = prefix##_Skip,                                                                     \
        .Reset = prefix##_Reset,                                                                   \
        .Clone = prefix##_Clone,                                                                   \
    }

METHODS(points, IEnumConnectionPoints, LPCONNECTIONPOINT);
METHODS(connections, IEnumConnections, CONNECTDATA);

/* ---- making them ----------------------------------------------------------------------------- */

HRESULT enumerate_points(struct flawed *flawed, IEnumConnectionPoints **out)
{
    unsigned n = has(flawed, points_forgets_one) || has(flawed, source_without_point) ? N_POINTS - 1
                                                                                      : N_POINTS;
    enumerator *e = flawed->shared != NULL ? flawed->shared : create(flawed, NULL);

    *out = NULL;
    if (e == NULL)
        return E_OUTOFMEMORY;
    if (has(flawed, enum_points_is_shared)) {
        bool is_new = flawed->shared == NULL;

        flawed->shared = e;
        e->refs++;
        *out = (IEnumConnectionPoints *)(void *)e;
        if (!is_new)
            return S_OK;
    }
    if (has(flawed, enum_gives_null) || has(flawed, enum_gives_garbage)) {
        release(e);
        *out = has(flawed, enum_gives_null) ? NULL : garbage;
        return S_OK;
    }
    for (unsigned i = 0; i < n; i++) {
        struct flawed_point *point = point_for_client(&flawed->points[i]);

        if (point == NULL)
            continue;
        if (has(flawed, enum_holds_nothing))
            point_release(point);
        e->items[e->n++] = (IUnknown *)&point->IConnectionPoint_iface;
    }
    if (has(flawed, points_gives_one_twice)) {
        e->items[e->n++] = e->items[0];
        IUnknown_AddRef(e->items[0]);
    }
    *out = (IEnumConnectionPoints *)(void *)e;
    return S_OK;
}

static bool copy_list(enumerator *e, struct flawed_point *point)
{
    flawed_lock(point->owner);
    e->connections = calloc(point->n + 1, sizeof *e->connections);
    for (unsigned i = 0; i < point->n && e->connections != NULL; i++) {
        unsigned from = has(point->owner, enum_backwards) ? point->n - 1 - i : i;

        if (point->list[from].sink == NULL)
            continue;
        e->connections[e->n++] = point->list[from];
        IUnknown_AddRef(point->list[from].sink);
    }
    flawed_unlock(point->owner);
    if (e->n > 1 && has(point->owner, enum_forgets_last)) {
        e->n--;
        IUnknown_Release(e->connections[e->n].sink);
    }
    return e->connections != NULL;
}

HRESULT enumerate_connections(struct flawed_point *point, IEnumConnections **out)
{
    enumerator *e;

    if (has(point->owner, enum_gives_null) || has(point->owner, enum_gives_garbage)) {
        *out = has(point->owner, enum_gives_null) ? NULL : garbage;
        return S_OK;
    }
    if (has(point->owner, enum_is_shared) && point->shared != NULL) {
        point->shared->refs++;
        *out = (IEnumConnections *)(void *)point->shared;
        return S_OK;
    }
    e = create(point->owner, point);
    if (e == NULL || !copy_list(e, point)) {
        if (e != NULL)
            release(e);
        return E_OUTOFMEMORY;
    }
    if (has(point->owner, enum_is_shared)) {
        point->shared = e;
        e->refs++;
    }
    *out = (IEnumConnections *)(void *)e;
    return S_OK;
}

/* SPDX-License-Identifier: MIT */
/* check/pages/enumerators.h - part of object.c: both enumerators */

bool next_is_valid(ULONG n, const void *items, const ULONG *ret_n)
{
    return (items != NULL || n == 0) && (ret_n != NULL || n == 1);
}

/* ---- IEnumConnectionPoints ------------------------------------------------------------------- */

/* With room for what an example delivers too much. */
struct wide_points {
    struct points points;
    struct point *more[N_POINTS];
};

static struct point **points_item(struct points *points, ULONG at)
{
    return at < N_POINTS ? &points->items[at]
                         : &((struct wide_points *)(void *)points)->more[at - N_POINTS];
}

void points_destroy(struct points *points)
{
#if defined(PAGE_points_released)
    empty(points);
#elif !(defined(PAGE_end_points_stay) && defined(WRONG))
    object_Release(points->owner);
#endif
    free(points);
}

#ifndef HAS_points_QueryInterface
static HRESULT STDMETHODCALLTYPE points_QueryInterface(IEnumConnectionPoints *This, REFIID iid,
                                                       void **out)
{
    if (out == NULL)
        return E_POINTER;
    *out = NULL;
    if (!IsEqualGUID(iid, &IID_IEnumConnectionPoints) && !IsEqualGUID(iid, &IID_IUnknown))
        return E_NOINTERFACE;
    increment(&points_of(This)->refs);
    *out = This;
    return S_OK;
}
#endif

static ULONG STDMETHODCALLTYPE points_AddRef(IEnumConnectionPoints *This)
{
    return (ULONG)increment(&points_of(This)->refs);
}

static ULONG STDMETHODCALLTYPE points_Release(IEnumConnectionPoints *This)
{
    LONG refs = decrement(&points_of(This)->refs);

    if (refs == 0)
        points_destroy(points_of(This));
    return (ULONG)refs;
}

#ifndef HAS_points_Next
#ifndef PAGE_points_references
static void deliver_point(struct points *points, IConnectionPoint **item)
{
    *item = &(*points_item(points, points->at++))->IConnectionPoint_iface;
    IConnectionPoint_AddRef(*item);
}
#else
#define deliver_point deliver
#endif

static HRESULT STDMETHODCALLTYPE points_Next(IEnumConnectionPoints *This, ULONG n,
                                             IConnectionPoint **items, ULONG *ret_n)
{
    struct points *points = points_of(This);
    ULONG i = 0;

    if (!next_is_valid(n, items, ret_n))
        return E_POINTER;
    for (; i < n && points->at < points->n; i++)
        deliver_point(points, &items[i]);
    if (ret_n != NULL)
        *ret_n = i;
    return i == n ? S_OK : S_FALSE;
}
#endif

#ifndef HAS_points_Skip
static HRESULT STDMETHODCALLTYPE points_Skip(IEnumConnectionPoints *This, ULONG n)
{
    struct points *points = points_of(This);
    ULONG left = points->n - points->at;

    points->at += n <= left ? n : left;
    return n <= left ? S_OK : S_FALSE;
}
#endif

#ifndef HAS_points_Reset
static HRESULT STDMETHODCALLTYPE points_Reset(IEnumConnectionPoints *This)
{
    points_of(This)->at = 0;
    return S_OK;
}
#endif

#ifndef HAS_points_Clone
static HRESULT STDMETHODCALLTYPE points_Clone(IEnumConnectionPoints *This,
                                              IEnumConnectionPoints **out)
{
    struct points *copy;

    if (out == NULL)
        return E_POINTER;
    *out = NULL;
    copy = points_create(points_of(This)->owner);
    if (copy == NULL)
        return E_OUTOFMEMORY;
    copy->at = points_of(This)->at;
    *out = &copy->IEnumConnectionPoints_iface;
    return S_OK;
}
#endif

static const IEnumConnectionPointsVtbl points_vtable = {
    .QueryInterface = points_QueryInterface,
    .AddRef = points_AddRef,
    .Release = points_Release,
    .Next = points_Next,
    .Skip = points_Skip,
    .Reset = points_Reset,
    .Clone = points_Clone,
};

struct points *points_create(struct object *owner)
{
    struct wide_points *wide = calloc(1, sizeof *wide);
    struct points *points = &wide->points;

    if (wide == NULL)
        return NULL;
    points->IEnumConnectionPoints_iface.lpVtbl = &points_vtable;
    points->refs = 1;
    points->owner = owner;
#ifdef HAS_fill
    fill(points, owner);
#else
    object_AddRef(owner);
#ifdef PAGE_points_once
    struct point *items[2 * N_POINTS];

    enumerate(owner, items, &points->n);
    for (ULONG i = 0; i < points->n; i++)
        *points_item(points, i) = items[i];
#elif defined(HAS_enumerate)
    enumerate(points);
#else
    for (ULONG i = 0; i < N_POINTS; i++)
        points->items[points->n++] = &owner->points[i];
#endif
#endif
    return points;
}

/* ---- IEnumConnections ------------------------------------------------------------------------ */

void connections_destroy(struct connections *connections)
{
    copy_free(connections->items, connections->n);
#if !(defined(PAGE_end_connections_stay) && defined(WRONG))
    point_Release(connections->point);
#endif
    free(connections);
}

static HRESULT STDMETHODCALLTYPE connections_QueryInterface(IEnumConnections *This, REFIID iid,
                                                            void **out)
{
    if (out == NULL)
        return E_POINTER;
    *out = NULL;
    if (!IsEqualGUID(iid, &IID_IEnumConnections) && !IsEqualGUID(iid, &IID_IUnknown))
        return E_NOINTERFACE;
    increment(&connections_of(This)->refs);
    *out = This;
    return S_OK;
}

static ULONG STDMETHODCALLTYPE connections_AddRef(IEnumConnections *This)
{
    return (ULONG)increment(&connections_of(This)->refs);
}

static ULONG STDMETHODCALLTYPE connections_Release(IEnumConnections *This)
{
#ifdef HAS_listing_Release
    return listing_Release((struct listing *)(void *)connections_of(This));
#else
    LONG refs = decrement(&connections_of(This)->refs);

    if (refs == 0)
        connections_destroy(connections_of(This));
    return (ULONG)refs;
#endif
}

/* One item of Next; false: there is none. */
static bool deliver_connection(struct connections *connections, CONNECTDATA *item)
{
#if defined(HAS_next_one)
#if defined(PAGE_connections_snapshot) && defined(WRONG)
    struct connection *connection = next_one(connections, &connections->at);
#else
    struct connection *connection = next_one(connections);
#endif

    if (connection == NULL)
        return false;
    *item = (CONNECTDATA){ connection->sink, connection->cookie };
    IUnknown_AddRef(item->pUnk);
    connection_put(connection);
    return true;
#else
    if (connections->at == connections->n)
        return false;
#if defined(HAS_listing_Release)
    *item = ((struct listing *)(void *)connections)->items[connections->at++];
    IUnknown_AddRef(item->pUnk);
#elif defined(HAS_deliver) && !defined(PAGE_points_references)
    deliver(connections, item);
#else
    *item = (CONNECTDATA){ connections->items[connections->at]->sink,
                           connections->items[connections->at]->cookie };
    connections->at++;
    IUnknown_AddRef(item->pUnk);
#endif
    return true;
#endif
}

static HRESULT STDMETHODCALLTYPE connections_Next(IEnumConnections *This, ULONG n,
                                                  CONNECTDATA *items, ULONG *ret_n)
{
    ULONG i = 0;

    if (!next_is_valid(n, items, ret_n))
        return E_POINTER;
    while (i < n && deliver_connection(connections_of(This), &items[i]))
        i++;
    if (ret_n != NULL)
        *ret_n = i;
    return i == n ? S_OK : S_FALSE;
}

static HRESULT STDMETHODCALLTYPE connections_Skip(IEnumConnections *This, ULONG n)
{
    struct connections *connections = connections_of(This);
    ULONG left = connections->n - connections->at;

    connections->at += n <= left ? n : left;
    return n <= left ? S_OK : S_FALSE;
}

static HRESULT STDMETHODCALLTYPE connections_Reset(IEnumConnections *This)
{
    connections_of(This)->at = 0;
    return S_OK;
}

static HRESULT STDMETHODCALLTYPE connections_Clone(IEnumConnections *This, IEnumConnections **out)
{
    struct connections *from = connections_of(This), *copy;

    if (out == NULL)
        return E_POINTER;
    *out = NULL;
    copy = connections_create(from->point);
    if (copy == NULL)
        return E_OUTOFMEMORY;
#ifndef HAS_listing_Release /* there the list is what it was */
    copy_free(copy->items, copy->n);
    copy->items = calloc(from->n + 1, sizeof(struct connection *));
    copy->n = copy->items != NULL ? from->n : 0;
    for (ULONG i = 0; i < copy->n; i++)
        copy->items[i] = connection_get(from->items[i]);
#endif
    copy->at = from->at;
    *out = &copy->IEnumConnections_iface;
    return S_OK;
}

static const IEnumConnectionsVtbl connections_vtable = {
    .QueryInterface = connections_QueryInterface,
    .AddRef = connections_AddRef,
    .Release = connections_Release,
    .Next = connections_Next,
    .Skip = connections_Skip,
    .Reset = connections_Reset,
    .Clone = connections_Clone,
};

/* What is enumerated; connections->items is NULL without memory. */
static void take_copy(struct connections *connections, struct point *point)
{
#if defined(PAGE_threads_enumerate)
    (void)copy_list(connections, point);
#elif defined(PAGE_connections_complete)
    /* the same list as its example has it: the first one apart */
    struct inline_point inlined = { *point, point->n > 0 ? point->list[0] : NULL };

    inlined.point.list = point->n > 0 ? point->list + 1 : NULL;
    inlined.point.n = point->n > 0 ? point->n - 1 : 0;
    connections->items = calloc(point->n + 1, sizeof(struct connection *));
    if (connections->items != NULL)
        connections->n = copy_list(&inlined, connections->items);
#elif defined(HAS_listing_Release)
    struct listing *listing = (struct listing *)(void *)connections;
    ULONG n;
    struct connection **copy = point_copy(point, &n);

    listing->items = calloc(n + 1, sizeof *listing->items);
    for (ULONG i = 0; i < n; i++) {
        listing->items[i] = (CONNECTDATA){ copy[i]->sink, copy[i]->cookie };
        IUnknown_AddRef(copy[i]->sink);
    }
    listing->n = n;
    copy_free(copy, n);
#else
    connections->items = point_copy(point, &connections->n);
#endif
}

struct connections *connections_create(struct point *point)
{
    struct connections *connections = calloc(1, sizeof *connections);

    if (connections == NULL)
        return NULL;
    connections->IEnumConnections_iface.lpVtbl = &connections_vtable;
    take_copy(connections, point);
#ifdef HAS_begin
    begin(connections, point);
#else
    connections->refs = 1;
    connections->point = point;
    point_AddRef(point);
#endif
    return connections;
}

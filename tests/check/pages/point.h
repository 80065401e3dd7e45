/* SPDX-License-Identifier: MIT */
/* check/pages/point.h - part of object.c: connections, the list of a point, its methods */

/* ---- a connection ---------------------------------------------------------------------------- */

struct connection *connection_create(IUnknown *sink)
{
    struct connection *connection = calloc(1, sizeof *connection);

    if (connection != NULL) {
        connection->refs = 1;
        connection->sink = sink;
    }
    return connection;
}

struct connection *connection_get(struct connection *connection)
{
    increment(&connection->refs);
    return connection;
}

void connection_put(struct connection *connection)
{
    if (decrement(&connection->refs) > 0)
        return;
    if (connection->sink != NULL)
        IUnknown_Release(connection->sink);
    free(connection);
}

/* ---- the list -------------------------------------------------------------------------------- */

#if defined(PAGE_advise_many) || defined(PAGE_advise_limit_clean)
enum { CAPACITY = 128 }; /* the example does not grow it */
#else
enum { CAPACITY = 4 };
#endif

static bool has_gaps(void)
{
#if (defined(PAGE_cookie_stale) || defined(PAGE_fire_order_kept)) && defined(WRONG)
    return true;
#else
    return false;
#endif
}

struct connection *point_find(struct point *point, DWORD cookie)
{
    for (ULONG i = 0; i < point->n; i++) {
        if (point->list[i] != NULL && point->list[i]->cookie == cookie)
            return point->list[i];
    }
    return NULL;
}

/* The old list is freed at once, so that whoever still walks it is caught. */
bool point_grow(struct point *point)
{
    ULONG capacity = point->capacity > 0 ? 2 * point->capacity : CAPACITY;
    struct connection **list;

    if (point->n < point->capacity)
        return true;
    list = calloc(capacity, sizeof *list);
    if (list == NULL)
        return false;
    if (point->n > 0)
        memcpy(list, point->list, point->n * sizeof *list);
    free(point->list);
    point->list = list;
    point->capacity = capacity;
    return true;
}

#ifdef HAS_fire_tick_nodes
static struct node *nodes; /* of the first point: the same list */

static void nodes_add(struct connection *connection)
{
    struct node **at = &nodes;

    while (*at != NULL)
        at = &(*at)->next;
    *at = calloc(1, sizeof **at);
    if (*at != NULL)
        (*at)->connection = connection;
}

static void nodes_remove(const struct connection *connection)
{
    for (struct node **at = &nodes; *at != NULL; at = &(*at)->next) {
        struct node *node = *at;

        if (node->connection == connection) {
            *at = node->next;
            free(node);
            return;
        }
    }
}
#endif

void point_take_out(struct point *point, struct connection *connection)
{
    ULONG at = 0;

    while (at < point->n && point->list[at] != connection)
        at++;
    if (at == point->n)
        return;
    connection->is_ended = true;
#ifdef HAS_fire_tick_nodes
    nodes_remove(connection);
#endif
    if (has_gaps()) {
        point->list[at] = NULL;
        return;
    }
    point->n--;
    memmove(&point->list[at], &point->list[at + 1], (point->n - at) * sizeof point->list[0]);
}

DWORD point_next_cookie(struct point *point)
{
#ifdef HAS_next_cookie
    return next_cookie(point);
#else
    do
        point->last_cookie++;
    while (point->last_cookie == 0 || point_find(point, point->last_cookie) != NULL);
    return point->last_cookie;
#endif
}

#ifndef HAS_insert
static bool insert(struct point *point, struct connection *connection)
{
    if (!point_grow(point))
        return false;
    point->list[point->n++] = connection;
    return true;
}
#endif

#ifndef HAS_add
static HRESULT add(struct point *point, struct connection *connection, DWORD *cookie)
{
    *cookie = connection->cookie = point_next_cookie(point);
    return insert(point, connection) ? S_OK : E_OUTOFMEMORY;
}
#endif

#ifdef HAS_fire_tick_caching
static struct caching_point caching;
#endif

HRESULT point_add(struct point *point, IUnknown *sink, DWORD *ret_cookie)
{
    struct connection *connection = connection_create(sink);
    HRESULT hr = E_OUTOFMEMORY;

    if (connection == NULL) {
        IUnknown_Release(sink);
        return hr;
    }
#ifndef PAGE_threads_advise /* its example takes the lock, or should */
    lock(point->owner);
#endif
    if (point->list != NULL || point_grow(point))
        hr = add(point, connection, ret_cookie);
#ifndef PAGE_threads_advise
    unlock(point->owner);
#endif
    if (FAILED(hr))
        connection_put(connection);
#ifdef HAS_fire_tick_nodes
    else if (point == &point->owner->points[0])
        nodes_add(connection);
#endif
#ifdef HAS_fire_tick_caching
    if (point == &point->owner->points[0])
        caching.copy = point_copy(point, &caching.n);
#endif
    return hr;
}

struct connection **point_copy(struct point *point, ULONG *ret_n)
{
    struct connection **copy;
    ULONG n = 0;

    lock(point->owner);
    copy = calloc(point->n + 1, sizeof(struct connection *));
    for (ULONG i = 0; i < point->n && copy != NULL; i++) {
        if (point->list[i] != NULL)
            copy[n++] = connection_get(point->list[i]);
    }
    unlock(point->owner);
    *ret_n = n;
    return copy;
}

void copy_free(struct connection **copy, ULONG n)
{
    for (ULONG i = 0; i < n; i++)
        connection_put(copy[i]);
    free(copy);
}

struct connection *point_after(struct point *point, DWORD cookie)
{
    struct connection *found = NULL;

    lock(point->owner);
    for (ULONG i = 0; i < point->n; i++) {
        struct connection *one = point->list[i];

        if (one->cookie > cookie && (found == NULL || one->cookie < found->cookie))
            found = one;
    }
    if (found != NULL)
        connection_get(found);
    unlock(point->owner);
    return found;
}

/* ---- IConnectionPoint ------------------------------------------------------------------------ */

#ifndef HAS_point_QueryInterface
static HRESULT STDMETHODCALLTYPE point_QueryInterface(IConnectionPoint *This, REFIID iid,
                                                      void **out)
{
#if defined(PAGE_connections_separate) && defined(WRONG)
    static struct connections *one; /* of all points: good enough for one at a time */

    if (IsEqualGUID(iid, &IID_IEnumConnections)) {
        if (one == NULL)
            one = connections_create(point_of(This));
        *out = one;
        increment(&one->refs);
        return S_OK;
    }
#endif
    if (out == NULL)
        return E_POINTER;
    *out = NULL;
    if (!IsEqualGUID(iid, &IID_IUnknown) && !IsEqualGUID(iid, &IID_IConnectionPoint))
        return E_NOINTERFACE;
    IConnectionPoint_AddRef(This);
    *out = This;
    return S_OK;
}
#endif

static ULONG STDMETHODCALLTYPE point_iface_AddRef(IConnectionPoint *This)
{
#if defined(HAS_lone_AddRef)
    return lone_AddRef(This);
#elif defined(HAS_shared_AddRef)
    return shared_AddRef(This);
#else
    return point_AddRef(point_of(This));
#endif
}

static ULONG STDMETHODCALLTYPE point_iface_Release(IConnectionPoint *This)
{
#ifdef HAS_lone_AddRef
    struct lone_point *lone = (struct lone_point *)(void *)point_of(This);
    LONG refs = decrement(&lone->refs);

    if (refs == 0)
        free(lone);
    return (ULONG)refs;
#else
    return point_Release(point_of(This));
#endif
}

#ifndef HAS_point_GetConnectionInterface
static HRESULT STDMETHODCALLTYPE point_GetConnectionInterface(IConnectionPoint *This, IID *out)
{
    if (out == NULL)
        return E_POINTER;
    *out = point_of(This)->iid;
    return S_OK;
}
#endif

#ifndef HAS_point_GetConnectionPointContainer
static HRESULT STDMETHODCALLTYPE point_GetConnectionPointContainer(IConnectionPoint *This,
                                                                   IConnectionPointContainer **out)
{
#if defined(HAS_lone_GetConnectionPointContainer)
    return lone_GetConnectionPointContainer(This, out);
#elif defined(HAS_shared_GetConnectionPointContainer)
    return shared_GetConnectionPointContainer(This, out);
#else
    if (out == NULL)
        return E_POINTER;
    object_AddRef(point_of(This)->owner);
    *out = &point_of(This)->owner->IConnectionPointContainer_iface;
    return S_OK;
#endif
}
#endif

#ifndef HAS_point_Advise
#ifndef HAS_ask
static HRESULT ask(struct point *point, IUnknown *handed, IUnknown **ret_sink)
{
    IUnknown *sink = NULL;

    if (FAILED(IUnknown_QueryInterface(handed, &point->iid, (void **)&sink)) || sink == NULL)
        return CONNECT_E_CANNOTCONNECT;
    *ret_sink = sink;
    return S_OK;
}
#endif

#ifndef HAS_connect
static HRESULT connect(struct point *point, IUnknown *sink, DWORD *cookie)
{
    return point_add(point, sink, cookie);
}
#endif

static HRESULT STDMETHODCALLTYPE point_Advise(IConnectionPoint *This, IUnknown *sink, DWORD *cookie)
{
    IUnknown *asked;
    HRESULT hr;

    if (cookie == NULL)
        return E_POINTER;
    *cookie = 0;
    if (sink == NULL)
        return E_POINTER;
#ifdef HAS_connect_sink
    return connect_sink(point_of(This), sink, cookie);
#endif
    hr = ask(point_of(This), sink, &asked);
    return SUCCEEDED(hr) ? connect(point_of(This), asked, cookie) : hr;
}
#endif

#ifndef HAS_point_Unadvise
static HRESULT STDMETHODCALLTYPE point_Unadvise(IConnectionPoint *This, DWORD cookie)
{
    struct point *point = point_of(This);
    struct connection *connection;

    lock(point->owner);
    connection = point_find(point, cookie);
    if (connection != NULL)
        point_take_out(point, connection);
    unlock(point->owner);
    if (connection == NULL)
        return CONNECT_E_NOCONNECTION;
    connection_put(connection);
    return S_OK;
}
#endif

#ifndef HAS_point_EnumConnections
static HRESULT STDMETHODCALLTYPE point_EnumConnections(IConnectionPoint *This,
                                                       IEnumConnections **out)
{
    struct connections *connections;

    if (out == NULL)
        return E_POINTER;
    connections = connections_create(point_of(This));
    *out = connections != NULL ? &connections->IEnumConnections_iface : NULL;
    return connections != NULL ? S_OK : E_OUTOFMEMORY;
}
#endif

static const IConnectionPointVtbl point_vtable = {
    .QueryInterface = point_QueryInterface,
    .AddRef = point_iface_AddRef,
    .Release = point_iface_Release,
    .GetConnectionInterface = point_GetConnectionInterface,
    .GetConnectionPointContainer = point_GetConnectionPointContainer,
    .Advise = point_Advise,
    .Unadvise = point_Unadvise,
    .EnumConnections = point_EnumConnections,
};

/* ---- making it ------------------------------------------------------------------------------- */

static void point_init(struct point *point, struct object *owner, REFIID iid)
{
    point->IConnectionPoint_iface.lpVtbl = &point_vtable;
#ifdef HAS_init
    init(point, owner, iid);
#else
    point->owner = owner;
    point->iid = *iid;
#endif
#ifdef HAS_connect_sink /* it takes what there is for the limit */
    (void)point_grow(point);
#endif
}

struct point *point_create(struct object *owner, REFIID iid)
{
    struct point *point;

    if (!IsEqualGUID(iid, &owner->points[0].iid) && !IsEqualGUID(iid, &owner->points[1].iid))
        return NULL;
    point = calloc(1, sizeof *point);
    if (point != NULL) {
        point_init(point, owner, iid);
        object_AddRef(owner);
    }
    return point;
}

#ifdef HAS_lone_AddRef
static struct point *lone_create(const struct point *point)
{
    struct lone_point *lone = calloc(1, sizeof *lone);

    if (lone == NULL)
        return NULL;
    point_init(&lone->point, point->owner, &point->iid);
    lone->refs = 1;
    return &lone->point;
}
#endif

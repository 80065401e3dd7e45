/* SPDX-License-Identifier: MIT */
/*
 * When there is no memory: every call says E_OUTOFMEMORY, gives NULL and changes nothing, whichever
 * of its allocations failed. The runs with --oom look for leaks and crashes only.
 */
#include <connpt/guid.h>

#include <stddef.h>

#include "sink.h"
#include "t.h"

#include "core/point.h"

/* Calls @call with its n-th allocation failing, for n = 1, 2, ... until none failed and it has
 * succeeded; in how many calls one failed. */
static int sweep(HRESULT (*call)(void))
{
    for (int n = 1;; n++) {
        HRESULT hr;
        int is_hit;

        t_fail_allocation(n);
        hr = call();
        is_hit = t_oom_hit();
        t_memory_begin(0); /* checks count again */
        if (!is_hit) {
            CHECK_HR(hr, S_OK);
            return n - 1;
        }
        CHECK_HR(hr, E_OUTOFMEMORY);
    }
}

static struct source *source;
static struct sink sink;

static int setup(void)
{
    sink_init(&sink, 0);
    source = source_create();
    return CHECK(source != NULL);
}

static void teardown(void)
{
    source_release(source);
    CHECK_INT(sink.refs, 1);
}

/* Takes a result that must be NULL when the call failed. */
static HRESULT dispose(HRESULT hr, void *iface)
{
    CHECK(SUCCEEDED(hr) == (iface != NULL) || t_oom_hit());
    if (FAILED(hr) && iface != NULL)
        return E_UNEXPECTED;
    if (iface != NULL)
        (void)IUnknown_Release((IUnknown *)iface);
    return hr;
}

/* ---- objects and their points ---------------------------------------------------------------- */

static HRESULT create_object(void)
{
    struct connpt_object *object = NULL;
    HRESULT hr = connpt_object_create(&source_class, NULL, &object);

    return dispose(hr, object != NULL ? connpt_object_unknown(object) : NULL);
}

static void object_is_not_created(void)
{
    CHECK(sweep(create_object) >= 1);
}

/* So many sources that they are looked up by a table. */
enum { MANY_SOURCES = 40 };
static IID iids[MANY_SOURCES + 1];
static struct connpt_object *object_with_many;

static HRESULT create_object_with_many_points(void)
{
    static struct connpt_source sources[MANY_SOURCES + 1];
    static const struct connpt_class cls = { .size = sizeof(struct connpt_object),
                                             .sources = sources };
    struct connpt_object *object = NULL;
    HRESULT hr;

    for (int i = 0; i <= MANY_SOURCES; i++) {
        iids[i] = IID_ITestEvents;
        iids[i].Data2 = (uint16_t)i;
        sources[i] = (struct connpt_source){ i < MANY_SOURCES ? &iids[i] : NULL, 0, 0 };
    }
    hr = connpt_object_create(&cls, NULL, &object);
    if (SUCCEEDED(hr) != (object != NULL))
        return E_UNEXPECTED;
    object_with_many = object;
    return hr;
}

static HRESULT add_one_more_point(void)
{
    static uint16_t number;
    IID iid = IID_ITestOther;
    const struct connpt_source one_more = { &iid, 0, 0 };
    connpt_point *point = NULL;
    HRESULT hr;

    iid.Data2 = number;
    hr = connpt_object_add_point(object_with_many, &one_more, &point);
    number = (uint16_t)(number + SUCCEEDED(hr));
    return SUCCEEDED(hr) == (point != NULL) ? hr : E_UNEXPECTED;
}

static void object_with_many_points_is_not_created_nor_enlarged(void)
{
    int n_failed = 0;

    CHECK(sweep(create_object_with_many_points) >= 2);
    for (int i = 0; i < 200; i++)
        n_failed += sweep(add_one_more_point);
    CHECK(n_failed > 200);
    (void)connpt_object_Release(object_with_many);
}

static HRESULT add_third_point(void)
{
    static const struct connpt_source third = { &IID_ITestThird, 0, 0 };
    IConnectionPointContainer *container = connpt_object_container(&source->object);
    IConnectionPoint *found = NULL;
    HRESULT hr = connpt_object_add_point(&source->object, &third, NULL);
    HRESULT looked =
        IConnectionPointContainer_FindConnectionPoint(container, &IID_ITestThird, &found);

    if (looked != (SUCCEEDED(hr) ? S_OK : CONNECT_E_NOCONNECTION))
        return E_UNEXPECTED;
    if (found != NULL)
        (void)IConnectionPoint_Release(found);
    return hr;
}

static void point_is_not_added(void)
{
    if (!setup())
        return;
    CHECK(sweep(add_third_point) >= 1);
    teardown();
}

/* ---- connections ----------------------------------------------------------------------------- */

enum { MANY = 700 };
static DWORD cookies[MANY];
static int n_connected;

static HRESULT advise_one_more(void)
{
    const struct chunk_pool *pool = &source->events->body->list.pool;
    uint32_t next_size = pool->next_size;
    DWORD cookie = 77;
    HRESULT hr = IConnectionPoint_Advise(source_events(source), sink_unknown(&sink), &cookie);

    if (FAILED(hr) && (cookie != 0 || sink.refs != 1 + n_connected))
        return E_UNEXPECTED;
    /* A block that came with a call that failed has all its chunks back. */
    if (FAILED(hr) && pool->next_size != next_size && pool->spare == NULL)
        return E_UNEXPECTED;
    if (SUCCEEDED(hr))
        cookies[n_connected++] = cookie;
    return connpt_point_connections(source->events) == (uint32_t)n_connected ? hr : E_UNEXPECTED;
}

/* The cookie of the n-th connection, of a point of its own (src/core/list.h). */
static DWORD cookie_of(int n)
{
    return (DWORD)(n / CHUNK_SLOTS) << 4 | (DWORD)(n % CHUNK_SLOTS + 1);
}

/* A point of many, which has no body before its first connection. */
static HRESULT advise_first(void)
{
    connpt_point *point = connpt_object_point(object_with_many, 7);
    DWORD cookie = 77;
    HRESULT hr = IConnectionPoint_Advise(connpt_point_iface(point), sink_unknown(&sink), &cookie);

    if (FAILED(hr) && (cookie != 0 || sink.refs != 1))
        return E_UNEXPECTED;
    return hr;
}

static void first_connection_of_a_point_without_a_body_is_not_made(void)
{
    sink_init(&sink, 0);
    if (!CHECK_HR(create_object_with_many_points(), S_OK))
        return;
    iids[7] = IID_ITestEvents; /* which the sink has */
    CHECK(sweep(advise_first) >= 1);
    (void)connpt_object_Release(object_with_many);
    CHECK_INT(sink.refs, 1);
}

/* So many that chunks are wanted, blocks of chunks, the directory of chunks, and a larger one. */
static void connection_is_not_made_and_the_others_stay(void)
{
    int n_failed = 0;

    if (!setup())
        return;
    n_connected = 0;
    for (int i = 0; i < MANY; i++)
        n_failed += sweep(advise_one_more);
    CHECK(n_failed > 8);
    for (int i = 0; i < MANY; i++) {
        /* A call that failed has used up none. */
        if (cookies[i] != cookie_of(i))
            CHECK_INT(cookies[i], cookie_of(i));
    }
    CHECK_HR(fire_event(source->events, 1), S_OK);
    CHECK_INT(sink.calls, MANY);
    for (int i = 0; i < MANY; i++)
        CHECK_HR(IConnectionPoint_Unadvise(source_events(source), cookies[i * 11 % MANY]), S_OK);
    CHECK_INT(sink.refs, 1);
    teardown();
}

static HRESULT open_connection(void)
{
    struct connpt_connection connection;
    HRESULT hr = connpt_connection_open(&connection, connpt_object_unknown(&source->object),
                                        sink_unknown(&sink), &IID_ITestEvents);

    if (FAILED(hr) && (connection.point != NULL || connection.cookie != 0))
        return E_UNEXPECTED;
    if (SUCCEEDED(hr) && connpt_connection_close(&connection) != S_OK)
        return E_UNEXPECTED;
    return hr;
}

static void connection_of_a_client_is_not_made(void)
{
    if (!setup())
        return;
    for (int i = 0; i < 10; i++) /* the chunk that the point brings along is full then */
        CHECK(advise(source_events(source), &sink) != 0);
    CHECK(sweep(open_connection) >= 1);
    CHECK_INT(sink.refs, 11);
    teardown();
}

/* ---- enumerators ----------------------------------------------------------------------------- */

static HRESULT enumerate_connections(void)
{
    IEnumConnections *connections = (void *)&sink;
    HRESULT hr = IConnectionPoint_EnumConnections(source_events(source), &connections);

    return dispose(hr, connections);
}

static HRESULT enumerate_points(void)
{
    IEnumConnectionPoints *points = (void *)&sink;
    HRESULT hr = IConnectionPointContainer_EnumConnectionPoints(
        connpt_object_container(&source->object), &points);

    return dispose(hr, points);
}

static IEnumConnections *connections_to_clone;
static IEnumConnectionPoints *points_to_clone;

static HRESULT clone_connections(void)
{
    IEnumConnections *clone = (void *)&sink;
    HRESULT hr = IEnumConnections_Clone(connections_to_clone, &clone);

    return dispose(hr, clone);
}

static HRESULT clone_points(void)
{
    IEnumConnectionPoints *clone = (void *)&sink;
    HRESULT hr = IEnumConnectionPoints_Clone(points_to_clone, &clone);

    return dispose(hr, clone);
}

static void enumerators_and_their_clones_are_not_made(void)
{
    if (!setup())
        return;
    CHECK(advise(source_events(source), &sink) != 0);
    CHECK_INT(sweep(enumerate_connections), 1);
    CHECK_INT(sweep(enumerate_points), 1);
    CHECK_HR(IConnectionPoint_EnumConnections(source_events(source), &connections_to_clone), S_OK);
    CHECK_HR(IConnectionPointContainer_EnumConnectionPoints(
                 connpt_object_container(&source->object), &points_to_clone),
             S_OK);
    CHECK_INT(sweep(clone_connections), 1);
    CHECK_INT(sweep(clone_points), 1);
    CHECK_INT(IEnumConnections_Release(connections_to_clone), 0);
    CHECK_INT(IEnumConnectionPoints_Release(points_to_clone), 0);
    CHECK_INT(sink.refs, 2);
    teardown();
}

/* An outer object in whose AddRef, while the enumerator is being made, connections come. */
static IUnknown outer_iface;
static struct connpt_object *inner;
static DWORD come_meanwhile[2];
static int is_armed;

static HRESULT STDMETHODCALLTYPE outer_QueryInterface(IUnknown *iface, REFIID iid, void **out)
{
    (void)iface;
    (void)iid;
    *out = NULL;
    return E_NOINTERFACE;
}

static ULONG STDMETHODCALLTYPE outer_AddRef(IUnknown *iface)
{
    (void)iface;
    if (is_armed) {
        is_armed = 0;
        for (int i = 0; i < 2; i++)
            come_meanwhile[i] = advise(connpt_point_iface(connpt_object_point(inner, 0)), &sink);
    }
    return 2;
}

static ULONG STDMETHODCALLTYPE outer_Release(IUnknown *iface)
{
    (void)iface;
    return 1;
}

static HRESULT enumerate_while_connections_come(void)
{
    IConnectionPoint *point = connpt_point_iface(connpt_object_point(inner, 0));
    IEnumConnections *connections = (void *)&sink;
    HRESULT hr;

    is_armed = 1;
    hr = IConnectionPoint_EnumConnections(point, &connections);
    hr = dispose(hr, connections);
    for (int i = 0; !is_armed && i < 2; i++)
        (void)IConnectionPoint_Unadvise(point, come_meanwhile[i]);
    is_armed = 0;
    return sink.refs == 2 ? hr : E_UNEXPECTED;
}

static void enumerator_that_must_grow_is_not_made(void)
{
    static const IUnknownVtbl vtbl = { outer_QueryInterface, outer_AddRef, outer_Release };

    sink_init(&sink, 0);
    outer_iface.lpVtbl = (void *)&vtbl;
    if (!CHECK_HR(connpt_object_create(&source_class, &outer_iface, &inner), S_OK))
        return;
    CHECK(advise(connpt_point_iface(connpt_object_point(inner, 0)), &sink) != 0);
    CHECK_INT(sweep(enumerate_while_connections_come), 2);
    (void)IUnknown_Release(connpt_object_unknown(inner));
    CHECK_INT(sink.refs, 1);
}

/* ---- class objects --------------------------------------------------------------------------- */

static const CLSID CLSID_Source = { 0x5d0c3a11, 0x1111, 0x4222, { 1, 2, 3, 4, 5, 6, 7, 8 } };

static HRESULT create_source(IUnknown *outer, struct connpt_object **ret_object)
{
    return connpt_object_create(&source_class, outer, ret_object);
}

static const struct connpt_server_class classes[] = {
    { &CLSID_Source, create_source },
    { NULL, NULL },
};
static struct connpt_server server = { classes, 0 };

static HRESULT get_class_object(void)
{
    void *factory = &sink;
    HRESULT hr =
        connpt_server_get_class_object(&server, &CLSID_Source, &IID_IClassFactory, &factory);

    return dispose(hr, factory);
}

static IClassFactory *factory_to_use;

static HRESULT create_instance(void)
{
    void *instance = &sink;
    HRESULT hr = IClassFactory_CreateInstance(factory_to_use, NULL, &IID_IUnknown, &instance);

    return dispose(hr, instance);
}

static void class_object_and_instance_are_not_made(void)
{
    void *factory = NULL;

    CHECK_INT(sweep(get_class_object), 1);
    CHECK_HR(connpt_server_can_unload(&server), S_OK);
    CHECK_HR(connpt_server_get_class_object(&server, &CLSID_Source, &IID_IClassFactory, &factory),
             S_OK);
    if (factory == NULL)
        return;
    factory_to_use = factory;
    CHECK(sweep(create_instance) >= 1);
    CHECK_INT(IClassFactory_Release(factory_to_use), 0);
    CHECK_HR(connpt_server_can_unload(&server), S_OK);
}

int main(int argc, char **argv)
{
    static const struct t_test tests[] = {
        T(object_is_not_created),
        T(object_with_many_points_is_not_created_nor_enlarged),
        T(point_is_not_added),
        T(first_connection_of_a_point_without_a_body_is_not_made),
        T(connection_is_not_made_and_the_others_stay),
        T(connection_of_a_client_is_not_made),
        T(enumerators_and_their_clones_are_not_made),
        T(enumerator_that_must_grow_is_not_made),
        T(class_object_and_instance_are_not_made),
        T_END,
    };

    return t_run(argc, argv, tests);
}

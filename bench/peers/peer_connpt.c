/* SPDX-License-Identifier: MIT */
/*
 * peers/peer_connpt.c - connpt, called in four ways: with all that the header compiles into the
 * caller; the same, by an owner that first asks whether anybody listens; with a call into the
 * shared library at the begin and one at the end (peer_connpt_called.c); with everything called, as
 * a language without a C compiler would
 */
#include "measure.h"
#include "peer.h"
#include "peer_connpt_called.h"

static const struct connpt_source sources[] = { { &IID_IPropertyNotifySink, 0, 0 },
                                                { NULL, 0, 0 } };
static const struct connpt_class source_class = {
    .size = sizeof(struct connpt_object),
    .sources = sources,
};

/* A source is its point: it lives as long as its object, and shares the object's references. */
static void *connpt_create(void)
{
    struct connpt_object *object;

    bench_must(connpt_object_create(&source_class, NULL, &object));
    return connpt_object_point(object, 0);
}

static void connpt_destroy(void *source)
{
    (void)IConnectionPoint_Release(connpt_point_iface(source));
}

static void connpt_connect(void *source, struct sink *sinks, void *handles, size_t n)
{
    IConnectionPoint *iface = connpt_point_iface(source);
    DWORD *cookies = handles;

    for (size_t i = 0; i < n; i++)
        bench_must(IConnectionPoint_Advise(iface, (IUnknown *)&sinks[i].iface, &cookies[i]));
}

static void connpt_disconnect(void *source, void *const *handles, size_t n)
{
    IConnectionPoint *iface = connpt_point_iface(source);

    for (size_t i = 0; i < n; i++)
        bench_must(IConnectionPoint_Unadvise(iface, *(DWORD *)handles[i]));
}

static void connpt_pairs(void *source, struct sink *sink, size_t n)
{
    IConnectionPoint *iface = connpt_point_iface(source);
    DWORD cookie;

    for (size_t i = 0; i < n; i++) {
        bench_must(IConnectionPoint_Advise(iface, (IUnknown *)&sink->iface, &cookie));
        bench_must(IConnectionPoint_Unadvise(iface, cookie));
    }
}

static void connpt_pairs_sync(void *source, struct sink *sink, size_t n)
{
    IConnectionPoint *iface = connpt_point_iface(source);
    DWORD cookie;

    for (size_t i = 0; i < n; i++) {
        bench_must(IConnectionPoint_Advise(iface, (IUnknown *)&sink->iface, &cookie));
        bench_must(connpt_point_unadvise_sync(iface, cookie));
    }
}

static void connpt_fire_inline(void *point, int value)
{
    struct connpt_fire fire;
    IPropertyNotifySink *sink;

    connpt_fire_begin(&fire, point, CONNPT_FIRE_IGNORE);
    while ((sink = connpt_fire_next(&fire)) != NULL)
        connpt_fire_result(&fire, IPropertyNotifySink_OnChanged(sink, value));
    (void)connpt_fire_end(&fire);
}

static void connpt_fire_asked(void *point, int value)
{
    struct connpt_fire fire;
    IPropertyNotifySink *sink;

    if (!connpt_point_has_sinks(point))
        return;
    connpt_fire_begin(&fire, point, CONNPT_FIRE_IGNORE);
    while ((sink = connpt_fire_next(&fire)) != NULL)
        connpt_fire_result(&fire, IPropertyNotifySink_OnChanged(sink, value));
    (void)connpt_fire_end(&fire);
}

/* A name in parentheses is the function, whatever macro has the same name. */
static void connpt_fire_by_calls(void *point, int value)
{
    struct connpt_fire fire;
    IPropertyNotifySink *sink;

    (connpt_fire_begin)(&fire, point, CONNPT_FIRE_IGNORE);
    while ((sink = (connpt_fire_next)(&fire)) != NULL)
        (connpt_fire_result)(&fire, IPropertyNotifySink_OnChanged(sink, value));
    (void)(connpt_fire_end)(&fire);
}

#define CONNPT_ALIKE                                                                               \
    .handle_size = sizeof(DWORD), .create = connpt_create, .destroy = connpt_destroy,              \
    .connect = connpt_connect, .disconnect = connpt_disconnect, .pairs = connpt_pairs,             \
    .pairs_sync = connpt_pairs_sync

enum { PROMISES = PEER_FIRES | PEER_THREADS | PEER_ORDER | PEER_REMOVAL | PEER_STALE };

const struct peer peer_connpt = {
    .name = "connpt",
    .flags = PROMISES,
    .fire = connpt_fire_inline,
    CONNPT_ALIKE,
};

const struct peer peer_connpt_asked = {
    .name = "connpt, has_sinks asked first",
    .flags = PROMISES | PEER_FIRE_ONLY,
    .fire = connpt_fire_asked,
    CONNPT_ALIKE,
};

const struct peer peer_connpt_exported = {
    .name = "connpt, begin and end called",
    .flags = PROMISES | PEER_FIRE_ONLY,
    .fire = connpt_fire_with_calls,
    CONNPT_ALIKE,
};

const struct peer peer_connpt_next = {
    .name = "connpt, everything called",
    .flags = PROMISES | PEER_FIRE_ONLY,
    .fire = connpt_fire_by_calls,
    CONNPT_ALIKE,
};

/* SPDX-License-Identifier: MIT */
/* harness/sink.c - the counting sink and the test source */
#include "sink.h"

#include <stddef.h>
#include <string.h>

const IID IID_ITestEvents = { 0x7d0f2ab1, 0x51c6, 0x4c0e, { 0x9a, 1, 2, 3, 4, 5, 6, 7 } };
const IID IID_ITestOther = { 0x7d0f2ab2, 0x51c6, 0x4c0e, { 0x9a, 1, 2, 3, 4, 5, 6, 7 } };
const IID IID_ITestThird = { 0x7d0f2ab3, 0x51c6, 0x4c0e, { 0x9a, 1, 2, 3, 4, 5, 6, 7 } };

int sink_log[64];
int sink_log_length;

void sink_log_reset(void)
{
    sink_log_length = 0;
    memset(sink_log, 0, sizeof sink_log);
}

static struct sink *sink_from_events(ITestEvents *iface)
{
    return (struct sink *)(void *)((char *)iface - offsetof(struct sink, ITestEvents_iface));
}

static struct sink *sink_from_unknown(IUnknown *iface)
{
    return (struct sink *)(void *)((char *)iface - offsetof(struct sink, IUnknown_iface));
}

static ULONG sink_add_ref(struct sink *sink)
{
    return (ULONG)__atomic_add_fetch(&sink->refs, 1, __ATOMIC_RELAXED);
}

static ULONG sink_drop_ref(struct sink *sink)
{
    LONG refs = __atomic_sub_fetch(&sink->refs, 1, __ATOMIC_ACQ_REL);

    if (refs == 0) {
        __atomic_add_fetch(&sink->releases_to_zero, 1, __ATOMIC_RELAXED);
        if (sink->on_release != NULL)
            sink->on_release(sink);
    }
    return (ULONG)refs;
}

static HRESULT sink_query(struct sink *sink, const IID *iid, void **out)
{
    *out = NULL;
    if (sink->on_query != NULL)
        sink->on_query(sink);
    if (FAILED(sink->query_result))
        return sink->query_result;
    if (connpt_guid_equal(iid, &IID_IUnknown)) {
        *out = &sink->IUnknown_iface;
    } else if ((connpt_guid_equal(iid, &IID_ITestEvents) && (sink->answers & SINK_EVENTS)) ||
               (connpt_guid_equal(iid, &IID_ITestOther) && (sink->answers & SINK_OTHER)) ||
               (connpt_guid_equal(iid, &IID_IDispatch) && (sink->answers & SINK_DISPATCH))) {
        *out = &sink->ITestEvents_iface;
    } else if (sink->answers & SINK_NULL) {
        return S_OK;
    } else {
        return E_NOINTERFACE;
    }
    (void)sink_add_ref(sink);
    return S_OK;
}

static HRESULT STDMETHODCALLTYPE events_QueryInterface(ITestEvents *iface, REFIID iid, void **out)
{
    return sink_query(sink_from_events(iface), iid, out);
}

static ULONG STDMETHODCALLTYPE events_AddRef(ITestEvents *iface)
{
    return sink_add_ref(sink_from_events(iface));
}

static ULONG STDMETHODCALLTYPE events_Release(ITestEvents *iface)
{
    return sink_drop_ref(sink_from_events(iface));
}

static HRESULT STDMETHODCALLTYPE events_OnEvent(ITestEvents *iface, LONG value)
{
    struct sink *sink = sink_from_events(iface);

    __atomic_add_fetch(&sink->calls, 1, __ATOMIC_RELAXED);
    if (__atomic_load_n(&sink->refs, __ATOMIC_RELAXED) <= 0)
        __atomic_add_fetch(&sink->calls_after_death, 1, __ATOMIC_RELAXED);
    if (sink->number != 0) {
        sink->last_value = value;
        if (sink_log_length < 64)
            sink_log[sink_log_length++] = sink->number;
    }
    if (sink->on_event != NULL)
        sink->on_event(sink, value);
    return sink->result;
}

static const ITestEventsVtbl events_vtbl = {
    .QueryInterface = events_QueryInterface,
    .AddRef = events_AddRef,
    .Release = events_Release,
    .OnEvent = events_OnEvent,
};

static HRESULT STDMETHODCALLTYPE unknown_QueryInterface(IUnknown *iface, REFIID iid, void **out)
{
    return sink_query(sink_from_unknown(iface), iid, out);
}

static ULONG STDMETHODCALLTYPE unknown_AddRef(IUnknown *iface)
{
    return sink_add_ref(sink_from_unknown(iface));
}

static ULONG STDMETHODCALLTYPE unknown_Release(IUnknown *iface)
{
    return sink_drop_ref(sink_from_unknown(iface));
}

static const IUnknownVtbl unknown_vtbl = {
    .QueryInterface = unknown_QueryInterface,
    .AddRef = unknown_AddRef,
    .Release = unknown_Release,
};

void sink_init(struct sink *sink, int number)
{
    memset(sink, 0, sizeof *sink);
    sink->ITestEvents_iface.lpVtbl = &events_vtbl;
    sink->IUnknown_iface.lpVtbl = (void *)&unknown_vtbl;
    sink->answers = SINK_EVENTS | SINK_OTHER;
    sink->refs = 1;
    sink->number = number;
}

/* ---- the source ------------------------------------------------------------------------ */

LONG source_n_finished;

static void source_fini(struct connpt_object *object)
{
    (void)object;
    __atomic_add_fetch(&source_n_finished, 1, __ATOMIC_RELAXED);
}

static const struct connpt_source source_sources[] = {
    { &IID_ITestEvents, CONNPT_SOURCE_DEFAULT, 0 },
    { &IID_ITestOther, 0, 0 },
    { NULL, 0, 0 },
};

const struct connpt_class source_class = {
    .size = sizeof(struct source),
    .sources = source_sources,
    .fini = source_fini,
};

struct source *source_create_class(const struct connpt_class *cls, IUnknown *outer)
{
    struct connpt_object *object;
    struct source *source;

    if (FAILED(connpt_object_create(cls, outer, &object)))
        return NULL;
    source = (struct source *)(void *)object;
    source->events = connpt_object_point(object, 0);
    source->other = connpt_object_point(object, 1);
    source_n_finished = 0;
    return source;
}

struct source *source_create(void)
{
    return source_create_class(&source_class, NULL);
}

void source_release(struct source *source)
{
    (void)connpt_object_Release(&source->object);
}

IConnectionPoint *source_events(struct source *source)
{
    return connpt_point_iface(source->events);
}

IConnectionPoint *source_other(struct source *source)
{
    return connpt_point_iface(source->other);
}

HRESULT fire_event_policy(connpt_point *point, LONG value, uint32_t policy)
{
    struct connpt_fire fire;
    ITestEvents *sink;

    connpt_fire_begin(&fire, point, policy);
    while ((sink = connpt_fire_next(&fire)) != NULL)
        connpt_fire_result(&fire, sink->lpVtbl->OnEvent(sink, value));
    return connpt_fire_end(&fire);
}

HRESULT fire_event(connpt_point *point, LONG value)
{
    return fire_event_policy(point, value, CONNPT_FIRE_IGNORE);
}

DWORD advise(IConnectionPoint *point, struct sink *sink)
{
    DWORD cookie = 0;

    (void)IConnectionPoint_Advise(point, sink_unknown(sink), &cookie);
    return cookie;
}

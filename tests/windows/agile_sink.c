/* SPDX-License-Identifier: MIT */
/* windows/agile_sink.c - the sink, the source and the apartment that a sink is at home in */
#include "agile_sink.h"

#include <stddef.h>
#include <string.h>

#include "t.h"
#include "thunks.h"
#include "undescribed.h"

const IID DIID_AgileEvents = { 0x4d1f3c01, 0x8a52, 0x4be7, { 0xb1, 2, 3, 4, 5, 6, 7, 8 } };
const IID IID_AgileStranger = { 0x4d1f3c02, 0x8a52, 0x4be7, { 0xb1, 2, 3, 4, 5, 6, 7, 8 } };

LONG agile_turn;

/* ---- the sink -------------------------------------------------------------------------------- */

static ULONG agile_sink_add_ref(struct agile_sink *sink)
{
    return (ULONG)InterlockedIncrement(&sink->refs);
}

static ULONG agile_sink_release(struct agile_sink *sink)
{
    sink->release_thread = GetCurrentThreadId();
    return (ULONG)InterlockedDecrement(&sink->refs);
}

static HRESULT sink_query_marshaler(struct agile_sink *sink, void **out)
{
    if (sink->kind != SINK_FREE)
        return E_NOINTERFACE;
    if (sink->marshaler == NULL) {
        HRESULT hr = CoCreateFreeThreadedMarshaler(agile_sink_unknown(sink), &sink->marshaler);

        if (FAILED(hr))
            return hr;
    }
    return IUnknown_QueryInterface(sink->marshaler, &IID_IMarshal, out);
}

static HRESULT agile_sink_query(struct agile_sink *sink, REFIID iid, void **out)
{
    *out = NULL;
    if (IsEqualIID(iid, &IID_IMarshal))
        return sink_query_marshaler(sink, out);
    if (IsEqualIID(iid, &IID_IUnknown) || IsEqualIID(iid, &IID_IPropertyNotifySink) ||
        (IsEqualIID(iid, &IID_IAgileObject) && sink->kind == SINK_MARKED) ||
        (IsEqualIID(iid, &IID_AgileStranger) && sink->answers_stranger))
        *out = &sink->IPropertyNotifySink_iface;
    else if (IsEqualIID(iid, &IID_IDispatch) ||
             (IsEqualIID(iid, &DIID_AgileEvents) && sink->answers_stranger))
        *out = &sink->IDispatch_iface;
    else
        return E_NOINTERFACE;
    (void)agile_sink_add_ref(sink);
    return S_OK;
}

static HRESULT sink_call(struct agile_sink *sink, DISPID value)
{
    sink->value = value;
    sink->call_thread = GetCurrentThreadId();
    sink->turn = InterlockedIncrement(&agile_turn);
    (void)InterlockedIncrement(&sink->n_calls);
    if (sink->on_call != NULL)
        sink->on_call(sink);
    return sink->result;
}

UNKNOWN_THUNKS(agile_sink, IPropertyNotifySink)
UNKNOWN_THUNKS(agile_sink, IDispatch)

static HRESULT STDMETHODCALLTYPE notify_OnChanged(IPropertyNotifySink *iface, DISPID dispid)
{
    return sink_call(SINK_FROM(agile_sink, iface, IPropertyNotifySink), dispid);
}

static HRESULT STDMETHODCALLTYPE notify_OnRequestEdit(IPropertyNotifySink *iface, DISPID dispid)
{
    (void)iface, (void)dispid;
    return S_OK;
}

static const IPropertyNotifySinkVtbl notify_vtbl = {
    /* IUnknown */
    .QueryInterface = IPropertyNotifySink_query,
    .AddRef = IPropertyNotifySink_add_ref,
    .Release = IPropertyNotifySink_release,
    /* IPropertyNotifySink */
    .OnChanged = notify_OnChanged,
    .OnRequestEdit = notify_OnRequestEdit,
};

static HRESULT STDMETHODCALLTYPE dispatch_Invoke(IDispatch *iface, DISPID dispid, REFIID iid,
                                                 LCID lcid, WORD flags, DISPPARAMS *params,
                                                 VARIANT *result, EXCEPINFO *except, UINT *bad)
{
    (void)iid, (void)lcid, (void)flags, (void)params, (void)result, (void)except, (void)bad;
    return sink_call(SINK_FROM(agile_sink, iface, IDispatch), dispid);
}

static const IDispatchVtbl dispatch_vtbl = {
    /* IUnknown */
    .QueryInterface = IDispatch_query,
    .AddRef = IDispatch_add_ref,
    .Release = IDispatch_release,
    /* IDispatch */
    .GetTypeInfoCount = undescribed_GetTypeInfoCount,
    .GetTypeInfo = undescribed_GetTypeInfo,
    .GetIDsOfNames = undescribed_GetIDsOfNames,
    .Invoke = dispatch_Invoke,
};

void agile_sink_init(struct agile_sink *sink, enum agile_kind kind)
{
    memset(sink, 0, sizeof *sink);
    sink->IPropertyNotifySink_iface.lpVtbl = &notify_vtbl;
    sink->IDispatch_iface.lpVtbl = &dispatch_vtbl;
    sink->kind = kind;
    sink->refs = 1;
}

void agile_sink_fini(struct agile_sink *sink)
{
    CHECK_INT(sink->refs, 1);
    if (sink->marshaler != NULL)
        (void)IUnknown_Release(sink->marshaler);
    sink->marshaler = NULL;
}

/* ---- the source ------------------------------------------------------------------------------ */

/* clang-format off */
#define SOURCES(name, flags)                                                                       \
    static const struct connpt_source name[] = {                                                   \
        { &IID_IPropertyNotifySink, (flags), 0 },                                                  \
        { &DIID_AgileEvents, (flags) | CONNPT_SOURCE_DISPATCH, 0 },                                \
        { &IID_AgileStranger, (flags), 0 },                                                        \
        { NULL, 0, 0 },                                                                            \
    }
/* clang-format on */

SOURCES(plain_sources, 0);
SOURCES(agile_sources, CONNPT_SOURCE_AGILE);
SOURCES(dropping_sources, CONNPT_SOURCE_AGILE | CONNPT_SOURCE_DROP_DEAD);

static const struct connpt_class plain_class = {
    .size = sizeof(struct agile_source),
    .sources = plain_sources,
};
static const struct connpt_class agile_class = {
    .size = sizeof(struct agile_source),
    .sources = agile_sources,
};
static const struct connpt_class dropping_class = {
    .size = sizeof(struct agile_source),
    .sources = dropping_sources,
};

struct agile_source *agile_source_create(uint32_t flags)
{
    const struct connpt_class *cls = flags & CONNPT_SOURCE_DROP_DEAD ? &dropping_class
                                     : flags & CONNPT_SOURCE_AGILE   ? &agile_class
                                                                     : &plain_class;
    struct connpt_object *object;
    struct agile_source *source;

    if (FAILED(connpt_object_create(cls, NULL, &object)))
        return NULL;
    source = (struct agile_source *)(void *)object;
    for (size_t i = 0; i < N_POINTS; i++)
        source->points[i] = connpt_object_point(object, i);
    agile_turn = 0;
    return source;
}

void agile_source_release(struct agile_source *source)
{
    (void)connpt_object_Release(&source->object);
}

HRESULT agile_fire(struct agile_source *source, DISPID value, uint32_t policy)
{
    struct connpt_fire fire;
    IPropertyNotifySink *sink;

    connpt_fire_begin(&fire, source->points[POINT_CHANGES], policy);
    while ((sink = connpt_fire_next(&fire)) != NULL)
        connpt_fire_result(&fire, IPropertyNotifySink_OnChanged(sink, value));
    return connpt_fire_end(&fire);
}

/* ---- a sink's home --------------------------------------------------------------------------- */

static void settle(void *context)
{
    struct agile_home *home = context;

    home->thread = GetCurrentThreadId();
    if (home->source != NULL)
        home->result = IConnectionPoint_Advise(agile_point(home->source, POINT_CHANGES),
                                               agile_sink_unknown(&home->sink), &home->cookie);
}

static void move_out(void *context)
{
    struct agile_home *home = context;

    if (home->cookie != 0)
        (void)IConnectionPoint_Unadvise(agile_point(home->source, POINT_CHANGES), home->cookie);
}

void agile_home_open(struct agile_home *home, enum agile_kind kind, struct agile_source *source)
{
    memset(home, 0, sizeof *home);
    agile_sink_init(&home->sink, kind);
    home->source = source;
    home->apartment = apartment_start(COINIT_APARTMENTTHREADED);
    apartment_call(home->apartment, settle, home);
}

void agile_home_close(struct agile_home *home)
{
    apartment_call(home->apartment, move_out, home);
    apartment_end(home->apartment);
    agile_sink_fini(&home->sink);
}

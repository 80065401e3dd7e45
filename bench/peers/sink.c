/* SPDX-License-Identifier: MIT */
/* peers/sink.c - the listener as a COM object that costs as little as it can */
#include "sink.h"

#include <stdlib.h>

#include "measure.h"

static struct sink *sink_of(IPropertyNotifySink *iface)
{
    return (struct sink *)(void *)iface;
}

static ULONG STDMETHODCALLTYPE sink_AddRef(IPropertyNotifySink *iface)
{
    return __atomic_add_fetch(&sink_of(iface)->refs, 1, __ATOMIC_RELAXED);
}

static ULONG STDMETHODCALLTYPE sink_Release(IPropertyNotifySink *iface)
{
    return __atomic_sub_fetch(&sink_of(iface)->refs, 1, __ATOMIC_ACQ_REL);
}

static HRESULT STDMETHODCALLTYPE sink_QueryInterface(IPropertyNotifySink *iface, REFIID iid,
                                                     void **out)
{
    *out = NULL;
    if (!IsEqualIID(iid, &IID_IPropertyNotifySink) && !IsEqualIID(iid, &IID_IUnknown))
        return E_NOINTERFACE;
    (void)sink_AddRef(iface);
    *out = iface;
    return S_OK;
}

static HRESULT STDMETHODCALLTYPE sink_OnChanged(IPropertyNotifySink *iface, DISPID property)
{
    sink_hear(sink_of(iface), property);
    return S_OK;
}

static HRESULT STDMETHODCALLTYPE sink_OnChanged_quiet(IPropertyNotifySink *iface, DISPID property)
{
    (void)property;
    sink_hear_quietly(sink_of(iface));
    return S_OK;
}

const struct IPropertyNotifySinkVtbl sink_adding_vtbl = {
    .QueryInterface = sink_QueryInterface,
    .AddRef = sink_AddRef,
    .Release = sink_Release,
    .OnChanged = sink_OnChanged, /* OnRequestEdit is never fired */
};

const struct IPropertyNotifySinkVtbl sink_quiet_vtbl = {
    .QueryInterface = sink_QueryInterface,
    .AddRef = sink_AddRef,
    .Release = sink_Release,
    .OnChanged = sink_OnChanged_quiet,
};

struct sink *sinks_create(size_t n, enum sink_kind kind)
{
    struct sink *sinks = bench_alloc(n * sizeof *sinks);

    for (size_t i = 0; i < n; i++) {
        sinks[i].iface.lpVtbl = kind == SINK_QUIET ? &sink_quiet_vtbl : &sink_adding_vtbl;
        sinks[i].refs = 1;
    }
    return sinks;
}

/* SPDX-License-Identifier: MIT */
/* windows/listener.c - the three interfaces of the sink */
#include "listener.h"

#include <connpt/automation.h>
#include <connpt/guid.h>

#include "gauge.h"
#include "thunks.h"
#include "undescribed.h"

static ULONG listener_add_ref(struct listener *listener)
{
    return (ULONG)InterlockedIncrement(&listener->refs);
}

static ULONG listener_release(struct listener *listener)
{
    return (ULONG)InterlockedDecrement(&listener->refs);
}

static HRESULT listener_query(struct listener *listener, REFIID iid, void **out)
{
    *out = NULL;
    if (connpt_guid_equal(iid, &IID_IUnknown))
        *out = &listener->IUnknown_iface;
    else if (connpt_guid_equal(iid, &IID_IPropertyNotifySink))
        *out = &listener->IPropertyNotifySink_iface;
    else if (connpt_guid_equal(iid, &IID_IDispatch))
        *out = &listener->IDispatch_iface;
    else
        return E_NOINTERFACE;
    (void)listener_add_ref(listener);
    return S_OK;
}

UNKNOWN_THUNKS(listener, IUnknown)
UNKNOWN_THUNKS(listener, IPropertyNotifySink)
UNKNOWN_THUNKS(listener, IDispatch)

static HRESULT listener_hear(struct listener *listener, LONG *counter, LONG value)
{
    listener->value = value;
    listener->thread = GetCurrentThreadId();
    (void)InterlockedIncrement(counter);
    if (listener->on_event != NULL)
        listener->on_event(listener);
    if (listener->heard != NULL)
        (void)SetEvent(listener->heard);
    return listener->result;
}

static HRESULT STDMETHODCALLTYPE listener_OnChanged(IPropertyNotifySink *iface, DISPID property)
{
    struct listener *listener = SINK_FROM(listener, iface, IPropertyNotifySink);

    return listener_hear(listener, &listener->n_changes, property);
}

static HRESULT STDMETHODCALLTYPE listener_OnRequestEdit(IPropertyNotifySink *iface, DISPID property)
{
    (void)iface;
    (void)property;
    return S_OK;
}

static HRESULT STDMETHODCALLTYPE listener_Invoke(IDispatch *iface, DISPID dispid, REFIID riid,
                                                 LCID lcid, WORD flags, DISPPARAMS *params,
                                                 VARIANT *result, EXCEPINFO *except, UINT *arg_err)
{
    struct listener *listener = SINK_FROM(listener, iface, IDispatch);

    (void)riid;
    (void)lcid;
    (void)flags;
    (void)result;
    (void)except;
    (void)arg_err;
    if (dispid != GAUGE_CHANGED || params->cArgs != 1 || params->rgvarg[0].vt != VT_I4)
        return DISP_E_MEMBERNOTFOUND;
    return listener_hear(listener, &listener->n_events, params->rgvarg[0].lVal);
}

void listener_init(struct listener *listener)
{
    static const IUnknownVtbl unknown_vtbl = {
        .QueryInterface = IUnknown_query,
        .AddRef = IUnknown_add_ref,
        .Release = IUnknown_release,
    };
    static const IPropertyNotifySinkVtbl notify_vtbl = {
        .QueryInterface = IPropertyNotifySink_query,
        .AddRef = IPropertyNotifySink_add_ref,
        .Release = IPropertyNotifySink_release,
        .OnChanged = listener_OnChanged,
        .OnRequestEdit = listener_OnRequestEdit,
    };
    static const IDispatchVtbl dispatch_vtbl = {
        .QueryInterface = IDispatch_query,
        .AddRef = IDispatch_add_ref,
        .Release = IDispatch_release,
        .GetTypeInfoCount = undescribed_GetTypeInfoCount,
        .GetTypeInfo = undescribed_GetTypeInfo,
        .GetIDsOfNames = undescribed_GetIDsOfNames,
        .Invoke = listener_Invoke,
    };
    static const struct listener fresh = {
        { &unknown_vtbl }, { &notify_vtbl }, { &dispatch_vtbl }, .refs = 1
    };

    *listener = fresh;
}

/* SPDX-License-Identifier: MIT */
/* client.c - the three interfaces of the sink, and the questions that every test asks */
#include "client.h"

#include <stdio.h>

#include <connpt/automation.h>
#include <connpt/guid.h>
#include <connpt/memory.h>
#include <connpt/module.h>

#include "t.h"
#include "thunks.h"
#include "undescribed.h"

static ULONG listener_add_ref(struct listener *listener)
{
    return (ULONG)(atomic_fetch_add(&listener->refs, 1) + 1);
}

static ULONG listener_release(struct listener *listener)
{
    return (ULONG)(atomic_fetch_sub(&listener->refs, 1) - 1);
}

static HRESULT listener_query(struct listener *listener, REFIID iid, void **out)
{
    *out = NULL;
    if (connpt_guid_equal(iid, &IID_IUnknown) || connpt_guid_equal(iid, &IID_IDispatch) ||
        (connpt_guid_equal(iid, &DIID_DTickerEvents) && !listener->only_idispatch))
        *out = &listener->IDispatch_iface;
    else if (connpt_guid_equal(iid, &IID_ITickerSink))
        *out = &listener->ITickerSink_iface;
    else if (connpt_guid_equal(iid, &IID_IPropertyNotifySink))
        *out = &listener->IPropertyNotifySink_iface;
    else
        return E_NOINTERFACE;
    (void)listener_add_ref(listener);
    return S_OK;
}

UNKNOWN_THUNKS(listener, ITickerSink)
UNKNOWN_THUNKS(listener, IDispatch)
UNKNOWN_THUNKS(listener, IPropertyNotifySink)

static void listener_hear(struct listener *listener, double price, BSTR symbol)
{
    UINT length = connpt_SysStringLen(symbol), i;

    listener->n_ticks++;
    listener->price = price;
    for (i = 0; i < length && i + 1 < sizeof listener->symbol; i++)
        listener->symbol[i] = (char)symbol[i];
    listener->symbol[i] = '\0';
    if (listener->drops != NULL) {
        ITicker_Release(listener->drops);
        listener->drops = NULL;
    }
}

static HRESULT STDMETHODCALLTYPE listener_OnTick(ITickerSink *iface, double price, BSTR symbol)
{
    listener_hear(SINK_FROM(listener, iface, ITickerSink), price, symbol);
    return S_OK;
}

static HRESULT STDMETHODCALLTYPE listener_OnClosing(ITickerSink *iface, VARIANT_BOOL *cancel)
{
    struct listener *listener = SINK_FROM(listener, iface, ITickerSink);

    listener->n_closings++;
    if (listener->objects)
        *cancel = VARIANT_TRUE;
    return S_OK;
}

/* Looks at the arguments as raw VARIANTs, last first, as a hand-written sink does. */
static HRESULT STDMETHODCALLTYPE listener_Invoke(IDispatch *iface, DISPID dispid, REFIID riid,
                                                 LCID lcid, WORD flags, DISPPARAMS *params,
                                                 VARIANT *result, EXCEPINFO *except, UINT *arg_err)
{
    struct listener *listener = SINK_FROM(listener, iface, IDispatch);

    (void)lcid;
    (void)result;
    (void)except;
    (void)arg_err;
    CHECK(connpt_guid_equal(riid, &IID_NULL));
    CHECK_INT(flags, DISPATCH_METHOD);
    CHECK_INT(params->cNamedArgs, 0);
    if (dispid == TickerEvent_OnTick && CHECK_INT(params->cArgs, 2) &&
        CHECK_INT(params->rgvarg[1].vt, VT_R8) && CHECK_INT(params->rgvarg[0].vt, VT_BSTR)) {
        listener_hear(listener, params->rgvarg[1].dblVal, params->rgvarg[0].bstrVal);
        return S_OK;
    }
    if (dispid == TickerEvent_OnClosing && CHECK_INT(params->cArgs, 1) &&
        CHECK_INT(params->rgvarg[0].vt, VT_BYREF | VT_BOOL)) {
        listener->n_closings++;
        if (listener->objects)
            *params->rgvarg[0].pboolVal = VARIANT_TRUE;
        return S_OK;
    }
    return DISP_E_MEMBERNOTFOUND;
}

static HRESULT STDMETHODCALLTYPE listener_OnChanged(IPropertyNotifySink *iface, DISPID property)
{
    struct listener *listener = SINK_FROM(listener, iface, IPropertyNotifySink);

    listener->n_changes++;
    listener->property = property;
    return S_OK;
}

static HRESULT STDMETHODCALLTYPE listener_OnRequestEdit(IPropertyNotifySink *iface, DISPID property)
{
    struct listener *listener = SINK_FROM(listener, iface, IPropertyNotifySink);

    listener->n_requests++;
    listener->property = property;
    return listener->objects ? S_FALSE : S_OK;
}

struct listener listener_new(void)
{
    static const ITickerSinkVtbl sink_vtbl = {
        .QueryInterface = ITickerSink_query,
        .AddRef = ITickerSink_add_ref,
        .Release = ITickerSink_release,
        .OnTick = listener_OnTick,
        .OnClosing = listener_OnClosing,
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
    static const IPropertyNotifySinkVtbl notify_vtbl = {
        .QueryInterface = IPropertyNotifySink_query,
        .AddRef = IPropertyNotifySink_add_ref,
        .Release = IPropertyNotifySink_release,
        .OnChanged = listener_OnChanged,
        .OnRequestEdit = listener_OnRequestEdit,
    };
    struct listener listener = {
        { &sink_vtbl }, { &dispatch_vtbl }, { &notify_vtbl }, 1, .only_idispatch = 0
    };

    return listener;
}

/* ---- a ticker and its points, by bare COM ---------------------------------------------------- */

ITicker *ticker_new(void)
{
    void *out = NULL;
    HRESULT hr = connpt_create_instance(TICKER, &CLSID_Ticker, &IID_ITicker, &out);

    if (!CHECK_HR(hr, S_OK) && !t_oom_hit())
        fprintf(stderr, "# %s\n", connpt_module_error());
    return FAILED(hr) ? NULL : out;
}

IConnectionPoint *point_of(ITicker *ticker, REFIID iid)
{
    IConnectionPointContainer *container = NULL;
    IConnectionPoint *point = NULL;

    if (CHECK_HR(
            ITicker_QueryInterface(ticker, &IID_IConnectionPointContainer, (void **)&container),
            S_OK)) {
        CHECK_HR(IConnectionPointContainer_FindConnectionPoint(container, iid, &point), S_OK);
        IConnectionPointContainer_Release(container);
    }
    return point;
}

DWORD connect_to(ITicker *ticker, REFIID iid, struct listener *listener)
{
    IConnectionPoint *point = point_of(ticker, iid);
    DWORD cookie = 0;

    if (point == NULL)
        return 0;
    CHECK_HR(IConnectionPoint_Advise(point, (IUnknown *)&listener->IDispatch_iface, &cookie), S_OK);
    IConnectionPoint_Release(point);
    return cookie;
}

void disconnect_from(ITicker *ticker, REFIID iid, DWORD cookie)
{
    IConnectionPoint *point = point_of(ticker, iid);

    if (point == NULL)
        return;
    CHECK_HR(IConnectionPoint_Unadvise(point, cookie), S_OK);
    IConnectionPoint_Release(point);
}

HRESULT put_name(ITicker *ticker, const char *text)
{
    BSTR name = NULL;
    HRESULT hr = connpt_bstr_from_utf8(text, (size_t)-1, &name);

    if (FAILED(hr))
        return hr;
    hr = ITicker_put_symbol(ticker, name);
    connpt_SysFreeString(name);
    return hr;
}

void check_name(ITicker *ticker, const char *expected)
{
    BSTR name = NULL;
    char *text = NULL;

    if (CHECK_HR(ITicker_get_symbol(ticker, &name), S_OK) &&
        CHECK_HR(connpt_utf8_from_bstr(name, &text, NULL), S_OK))
        CHECK_STR(text, expected);
    connpt_CoTaskMemFree(text);
    connpt_SysFreeString(name);
}

void ticker_end(ITicker *ticker)
{
    CHECK_INT(ITicker_Release(ticker), 0);
}

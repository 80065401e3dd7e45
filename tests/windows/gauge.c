/* SPDX-License-Identifier: MIT */
/* windows/gauge.c - the object, and late-bound calls of it */
#include "gauge.h"

const CLSID CLSID_Gauge = { 0x6ea1bb50, 0x8f0c, 0x4d53, { 0x9b, 1, 2, 3, 4, 5, 6, 7 } };
const IID DIID_DGaugeEvents = { 0x6ea1bb51, 0x8f0c, 0x4d53, { 0x9b, 1, 2, 3, 4, 5, 6, 7 } };

LONG gauge_n_live;
HANDLE gauge_quit, gauge_gone;

static struct gauge *gauge_from_iface(IDispatch *iface)
{
    return CONNPT_FROM_IFACE(iface, IDispatch, gauge);
}

LONG gauge_set(struct gauge *gauge, LONG value)
{
    VARIANT args[] = { connpt_variant_i4(value) };
    struct connpt_event event = {
        .dispid = GAUGE_CHANGED, .n_args = 1, .args = args, .policy = CONNPT_FIRE_FIRST_FAILURE
    };
    struct connpt_fire fire;
    IPropertyNotifySink *sink;
    uint32_t n_events = 0;
    LONG n_called = 0;
    HRESULT hr, failure;

    connpt_fire_begin(&fire, gauge->changes, CONNPT_FIRE_FIRST_FAILURE);
    while ((sink = connpt_fire_next(&fire)) != NULL) {
        connpt_fire_result(&fire, IPropertyNotifySink_OnChanged(sink, value));
        n_called++;
    }
    failure = connpt_fire_end(&fire);
    hr = connpt_point_fire_event(gauge->events, &event, &n_events);
    gauge->failure = FAILED(failure) ? failure : hr;
    return n_called + (LONG)n_events;
}

/* ---- IDispatch ------------------------------------------------------------------------------- */

CONNPT_UNKNOWN_METHODS(IDispatch, gauge)

static HRESULT call_set(void *self, VARIANT *args, VARIANT *result, EXCEPINFO *except)
{
    (void)except;
    *result = connpt_variant_i4(gauge_set(self, args[0].lVal));
    return S_OK;
}

static HRESULT call_failure(void *self, VARIANT *args, VARIANT *result, EXCEPINFO *except)
{
    struct gauge *gauge = self;

    (void)args;
    (void)except;
    *result = connpt_variant_i4(gauge->failure);
    return S_OK;
}

static LONG n_connections(connpt_point *point)
{
    return (LONG)__atomic_load_n(&point->n_connections, __ATOMIC_ACQUIRE);
}

static HRESULT call_connected(void *self, VARIANT *args, VARIANT *result, EXCEPINFO *except)
{
    struct gauge *gauge = self;

    (void)args;
    (void)except;
    *result = connpt_variant_i4(n_connections(gauge->changes) + n_connections(gauge->events));
    return S_OK;
}

static HRESULT call_quit(void *self, VARIANT *args, VARIANT *result, EXCEPINFO *except)
{
    (void)self;
    (void)args;
    (void)result;
    (void)except;
    if (gauge_quit != NULL)
        (void)SetEvent(gauge_quit);
    return S_OK;
}

static const struct connpt_dispatch_param set_params[] = { { "value", VT_I4, 0 } };
static const struct connpt_dispatch_method gauge_methods[] = {
    { "Set", GAUGE_SET, DISPATCH_METHOD, 1, set_params, call_set },
    { "Failure", GAUGE_FAILURE, DISPATCH_PROPERTYGET, 0, NULL, call_failure },
    { "Connected", GAUGE_CONNECTED, DISPATCH_PROPERTYGET, 0, NULL, call_connected },
    { "Quit", GAUGE_QUIT, DISPATCH_METHOD, 0, NULL, call_quit },
    { NULL, 0, 0, 0, NULL, NULL },
};

static HRESULT STDMETHODCALLTYPE gauge_GetTypeInfoCount(IDispatch *iface, UINT *count)
{
    (void)iface;
    if (count == NULL)
        return E_POINTER;
    *count = 0;
    return S_OK;
}

static HRESULT STDMETHODCALLTYPE gauge_GetTypeInfo(IDispatch *iface, UINT index, LCID lcid,
                                                   ITypeInfo **out)
{
    (void)iface;
    (void)index;
    (void)lcid;
    if (out == NULL)
        return E_POINTER;
    *out = NULL;
    return DISP_E_BADINDEX;
}

static HRESULT STDMETHODCALLTYPE gauge_GetIDsOfNames(IDispatch *iface, REFIID riid, LPOLESTR *names,
                                                     UINT n, LCID lcid, DISPID *ids)
{
    (void)iface;
    return connpt_dispatch_GetIDsOfNames(gauge_methods, riid, names, n, lcid, ids);
}

static HRESULT STDMETHODCALLTYPE gauge_Invoke(IDispatch *iface, DISPID dispid, REFIID riid,
                                              LCID lcid, WORD flags, DISPPARAMS *params,
                                              VARIANT *result, EXCEPINFO *except, UINT *arg_err)
{
    struct gauge *gauge = gauge_from_iface(iface);
    HRESULT hr;

    /* A sink may drop the caller's reference inside the call. */
    (void)connpt_object_AddRef(&gauge->object);
    hr = connpt_dispatch_Invoke(gauge_methods, gauge, dispid, riid, lcid, flags, params, result,
                                except, arg_err);
    (void)connpt_object_Release(&gauge->object);
    return hr;
}

static const IDispatchVtbl gauge_vtbl = {
    CONNPT_UNKNOWN_SLOTS(IDispatch, gauge),
    .GetTypeInfoCount = gauge_GetTypeInfoCount,
    .GetTypeInfo = gauge_GetTypeInfo,
    .GetIDsOfNames = gauge_GetIDsOfNames,
    .Invoke = gauge_Invoke,
};

/* ---- the two classes ------------------------------------------------------------------------- */

static const struct connpt_interface gauge_interfaces[] = {
    { &IID_IDispatch, offsetof(struct gauge, IDispatch_iface) },
    { NULL, 0 },
};
static const struct connpt_source plain_sources[] = {
    { &IID_IPropertyNotifySink, 0, 0 },
    { &DIID_DGaugeEvents, CONNPT_SOURCE_DISPATCH | CONNPT_SOURCE_DEFAULT, 0 },
    { NULL, 0, 0 },
};
static const struct connpt_source dropping_sources[] = {
    { &IID_IPropertyNotifySink, CONNPT_SOURCE_DROP_DEAD, 0 },
    { &DIID_DGaugeEvents, CONNPT_SOURCE_DROP_DEAD | CONNPT_SOURCE_DISPATCH | CONNPT_SOURCE_DEFAULT,
      0 },
    { NULL, 0, 0 },
};

static void gauge_fini(struct connpt_object *object)
{
    (void)object;
    (void)InterlockedDecrement(&gauge_n_live);
    if (gauge_gone != NULL)
        (void)SetEvent(gauge_gone);
}

static const struct connpt_class plain_class = {
    .size = sizeof(struct gauge),
    .interfaces = gauge_interfaces,
    .sources = plain_sources,
    .fini = gauge_fini,
};
static const struct connpt_class dropping_class = {
    .size = sizeof(struct gauge),
    .interfaces = gauge_interfaces,
    .sources = dropping_sources,
    .fini = gauge_fini,
};

struct gauge *gauge_create(BOOL drops_dead)
{
    struct connpt_object *object;
    struct gauge *gauge;

    if (FAILED(connpt_object_create(drops_dead ? &dropping_class : &plain_class, NULL, &object)))
        return NULL;
    (void)InterlockedIncrement(&gauge_n_live);
    gauge = (struct gauge *)(void *)object;
    gauge->IDispatch_iface.lpVtbl = &gauge_vtbl;
    gauge->changes = connpt_object_point(object, 0);
    gauge->events = connpt_object_point(object, 1);
    return gauge;
}

void gauge_release(struct gauge *gauge)
{
    (void)connpt_object_Release(&gauge->object);
}

/* ---- the client's side ----------------------------------------------------------------------- */

HRESULT gauge_call(IDispatch *gauge, DISPID dispid, LONG value, LONG *ret_result)
{
    int is_property = dispid == GAUGE_FAILURE || dispid == GAUGE_CONNECTED;
    VARIANT arg = connpt_variant_i4(value), result;
    DISPPARAMS params = { &arg, NULL, dispid == GAUGE_SET ? 1 : 0, 0 };
    EXCEPINFO except = { 0 };
    UINT arg_err = 0;
    HRESULT hr;

    VariantInit(&result);
    hr = IDispatch_Invoke(gauge, dispid, &IID_NULL, LOCALE_USER_DEFAULT,
                          is_property ? DISPATCH_PROPERTYGET : DISPATCH_METHOD, &params, &result,
                          &except, &arg_err);
    if (SUCCEEDED(hr) && ret_result != NULL)
        *ret_result = result.lVal;
    (void)VariantClear(&result);
    return hr;
}

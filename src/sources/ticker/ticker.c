/* SPDX-License-Identifier: MIT */
/*
 * ticker.c - a connectable object with everything that one can have, to read and to copy
 *
 * A Ticker tells prices of one symbol to whoever is connected. It has
 *
 *   incoming   ITicker               dual: a method table, and IDispatch for scripts
 *   outgoing   DTickerEvents         dispinterface, the default: OnTick, OnClosing
 *              ITickerSink           the same events as a method table
 *              IPropertyNotifySink   told of symbol before (and may refuse) and after it changes
 *
 * The interfaces are declared in idl/ticker.idl; connpt-widl made ticker.h and ticker.tlb of it.
 * This file is the object from top to bottom: data, events, methods, IDispatch, class, module.
 *
 * Every method may be called from any thread. The lock guards `symbol` and nothing else, and is
 * never held while a sink is called: a sink may call back into the ticker.
 */
#include <connpt/connpt.h>

#include <ticker.h>

#include "os.h"

#define DISPID_SYMBOL 1 /* ITicker::symbol in the IDL */

/* ---- data ---------------------------------------------------------------------------------- */

struct ticker {
    struct connpt_object object; /* first: references, QueryInterface and the points live here */
    ITicker ITicker_iface;       /* what callers hold: a pointer to this field */

    connpt_point *events;     /* DTickerEvents; borrowed from the object, as the next two */
    connpt_point *sinks;      /* ITickerSink */
    connpt_point *properties; /* IPropertyNotifySink */

    ticker_lock lock;
    BSTR symbol; /* guarded by lock; owned */
};

/* A copy that the caller frees; NULL without memory. */
static BSTR ticker_copy_symbol(struct ticker *ticker)
{
    BSTR copy;

    ticker_lock_enter(&ticker->lock);
    copy = connpt_SysAllocStringLen(ticker->symbol, connpt_SysStringLen(ticker->symbol));
    ticker_lock_leave(&ticker->lock);
    return copy;
}

/* ---- events: each one is an ordinary loop over the sinks ------------------------------------- */

static void fire_tick(struct ticker *ticker, double price, BSTR symbol)
{
    VARIANT args[] = { connpt_variant_r8(price), connpt_variant_bstr(symbol) }; /* as declared */
    struct connpt_event event = {
        .dispid = TickerEvent_OnTick, .n_args = 2, .args = args, .policy = CONNPT_FIRE_IGNORE
    };
    struct connpt_fire fire;
    ITickerSink *sink;

    connpt_fire_begin(&fire, ticker->sinks, CONNPT_FIRE_IGNORE);
    while ((sink = connpt_fire_next(&fire)) != NULL)
        connpt_fire_result(&fire, ITickerSink_OnTick(sink, price, symbol));
    (void)connpt_fire_end(&fire);

    (void)connpt_point_fire_event(ticker->events, &event, NULL);
}

/* Asks everyone and stops at the first objection. */
static VARIANT_BOOL fire_closing(struct ticker *ticker)
{
    VARIANT_BOOL cancel = VARIANT_FALSE; /* one flag, which every sink sees and may set */
    VARIANT args[] = { connpt_variant_bool_ref(&cancel) };
    struct connpt_event event = {
        .dispid = TickerEvent_OnClosing, .n_args = 1, .args = args, .cancel = &cancel
    };
    struct connpt_fire fire;
    ITickerSink *sink;

    connpt_fire_begin(&fire, ticker->sinks, CONNPT_FIRE_IGNORE);
    while (cancel == VARIANT_FALSE && (sink = connpt_fire_next(&fire)) != NULL)
        connpt_fire_result(&fire, ITickerSink_OnClosing(sink, &cancel));
    (void)connpt_fire_end(&fire);

    if (cancel == VARIANT_FALSE)
        (void)connpt_point_fire_event(ticker->events, &event, NULL);
    return cancel;
}

/* S_FALSE from any sink refuses the change; a sink that fails has no opinion. */
static int may_change(struct ticker *ticker, DISPID property)
{
    struct connpt_fire fire;
    IPropertyNotifySink *sink;
    HRESULT hr = S_OK;

    connpt_fire_begin(&fire, ticker->properties, CONNPT_FIRE_IGNORE);
    while (hr != S_FALSE && (sink = connpt_fire_next(&fire)) != NULL) {
        hr = IPropertyNotifySink_OnRequestEdit(sink, property);
        connpt_fire_result(&fire, hr);
    }
    (void)connpt_fire_end(&fire);
    return hr != S_FALSE;
}

static void fire_changed(struct ticker *ticker, DISPID property)
{
    struct connpt_fire fire;
    IPropertyNotifySink *sink;

    connpt_fire_begin(&fire, ticker->properties, CONNPT_FIRE_IGNORE);
    while ((sink = connpt_fire_next(&fire)) != NULL)
        connpt_fire_result(&fire, IPropertyNotifySink_OnChanged(sink, property));
    (void)connpt_fire_end(&fire);
}

/* ---- ITicker ----------------------------------------------------------------------------- */

/* ticker_ITicker_QueryInterface, _AddRef and _Release */
CONNPT_UNKNOWN_METHODS(ITicker, ticker)

static struct ticker *ticker_from_iface(ITicker *iface)
{
    return CONNPT_FROM_IFACE(iface, ITicker, ticker);
}

static HRESULT STDMETHODCALLTYPE ticker_get_symbol(ITicker *iface, BSTR *value)
{
    if (value == NULL)
        return E_POINTER;
    *value = ticker_copy_symbol(ticker_from_iface(iface));
    return *value != NULL ? S_OK : E_OUTOFMEMORY;
}

/* S_FALSE: a sink refused the change. */
static HRESULT STDMETHODCALLTYPE ticker_put_symbol(ITicker *iface, BSTR value)
{
    struct ticker *ticker = ticker_from_iface(iface);
    BSTR fresh = connpt_SysAllocStringLen(value, connpt_SysStringLen(value));
    HRESULT hr = S_FALSE;

    if (fresh == NULL)
        return E_OUTOFMEMORY;
    ITicker_AddRef(iface); /* a sink may drop the caller's reference, and we are not done yet */
    if (may_change(ticker, DISPID_SYMBOL)) {
        BSTR old;

        ticker_lock_enter(&ticker->lock);
        old = ticker->symbol;
        ticker->symbol = fresh;
        ticker_lock_leave(&ticker->lock);
        fresh = old;
        fire_changed(ticker, DISPID_SYMBOL);
        hr = S_OK;
    }
    connpt_SysFreeString(fresh); /* the old one, or the refused one */
    ITicker_Release(iface);
    return hr;
}

static HRESULT STDMETHODCALLTYPE ticker_Tick(ITicker *iface, double price)
{
    struct ticker *ticker = ticker_from_iface(iface);
    BSTR symbol;

    /* Nobody listens: do not even make the event's arguments. */
    if (!connpt_point_has_sinks(ticker->events) && !connpt_point_has_sinks(ticker->sinks))
        return S_OK;
    symbol = ticker_copy_symbol(ticker);
    if (symbol == NULL)
        return E_OUTOFMEMORY;
    ITicker_AddRef(iface);
    fire_tick(ticker, price, symbol);
    ITicker_Release(iface);
    connpt_SysFreeString(symbol);
    return S_OK;
}

static HRESULT STDMETHODCALLTYPE ticker_Close(ITicker *iface, VARIANT_BOOL *closed)
{
    struct ticker *ticker = ticker_from_iface(iface);

    if (closed == NULL)
        return E_POINTER;
    *closed = VARIANT_FALSE;
    ITicker_AddRef(iface);
    if (fire_closing(ticker) == VARIANT_FALSE) {
        connpt_object_close(&ticker->object); /* every connection ends; Advise is refused now */
        *closed = VARIANT_TRUE;
    }
    ITicker_Release(iface);
    return S_OK;
}

/* ---- IDispatch: a table of the same methods ---------------------------------------------- */

static HRESULT call_get_symbol(void *self, VARIANT *args, VARIANT *result, EXCEPINFO *except)
{
    (void)args;
    (void)except;
    result->vt = VT_BSTR;
    result->bstrVal = NULL;
    return ticker_get_symbol(self, &result->bstrVal);
}

static HRESULT call_put_symbol(void *self, VARIANT *args, VARIANT *result, EXCEPINFO *except)
{
    (void)result;
    (void)except;
    return ticker_put_symbol(self, args[0].bstrVal);
}

static HRESULT call_Tick(void *self, VARIANT *args, VARIANT *result, EXCEPINFO *except)
{
    (void)result;
    (void)except;
    return ticker_Tick(self, args[0].dblVal);
}

static HRESULT call_Close(void *self, VARIANT *args, VARIANT *result, EXCEPINFO *except)
{
    (void)args;
    (void)except;
    result->vt = VT_BOOL;
    return ticker_Close(self, &result->boolVal);
}

/* The arguments arrive converted to these types: a script may pass the price as text. */
static const struct connpt_dispatch_param symbol_params[] = { { "value", VT_BSTR, 0 } };
static const struct connpt_dispatch_param tick_params[] = { { "price", VT_R8, 0 } };

static const struct connpt_dispatch_method ticker_methods[] = {
    { "symbol", DISPID_SYMBOL, DISPATCH_PROPERTYGET, 0, NULL, call_get_symbol },
    { "symbol", DISPID_SYMBOL, DISPATCH_PROPERTYPUT, 1, symbol_params, call_put_symbol },
    { "Tick", 2, DISPATCH_METHOD, 1, tick_params, call_Tick },
    { "Close", 3, DISPATCH_METHOD, 0, NULL, call_Close },
    { NULL, 0, 0, 0, NULL, NULL },
};

static HRESULT STDMETHODCALLTYPE ticker_GetIDsOfNames(ITicker *iface, REFIID riid, LPOLESTR *names,
                                                      UINT n_names, LCID lcid, DISPID *ids)
{
    (void)iface;
    return connpt_dispatch_GetIDsOfNames(ticker_methods, riid, names, n_names, lcid, ids);
}

static HRESULT STDMETHODCALLTYPE ticker_Invoke(ITicker *iface, DISPID dispid, REFIID riid,
                                               LCID lcid, WORD flags, DISPPARAMS *params,
                                               VARIANT *result, EXCEPINFO *except, UINT *arg_err)
{
    return connpt_dispatch_Invoke(ticker_methods, iface, dispid, riid, lcid, flags, params, result,
                                  except, arg_err);
}

static HRESULT load_type(const GUID *guid, ITypeInfo **ret_info)
{
    ITypeLib *library;
    HRESULT hr = ticker_load_typelib(&library);

    if (FAILED(hr))
        return hr;
    hr = ITypeLib_GetTypeInfoOfGuid(library, guid, ret_info);
    ITypeLib_Release(library);
    return hr;
}

static HRESULT STDMETHODCALLTYPE ticker_GetTypeInfoCount(ITicker *iface, UINT *count)
{
    (void)iface;
    if (count == NULL)
        return E_POINTER;
    *count = 1;
    return S_OK;
}

static HRESULT STDMETHODCALLTYPE ticker_GetTypeInfo(ITicker *iface, UINT index, LCID lcid,
                                                    ITypeInfo **out)
{
    (void)iface;
    (void)lcid;
    if (out == NULL)
        return E_POINTER;
    *out = NULL;
    return index == 0 ? load_type(&IID_ITicker, out) : DISP_E_BADINDEX;
}

static const ITickerVtbl ticker_vtbl = {
    /* IUnknown */
    CONNPT_UNKNOWN_SLOTS(ITicker, ticker),
    /* IDispatch */
    .GetTypeInfoCount = ticker_GetTypeInfoCount,
    .GetTypeInfo = ticker_GetTypeInfo,
    .GetIDsOfNames = ticker_GetIDsOfNames,
    .Invoke = ticker_Invoke,
    /* ITicker */
    .get_symbol = ticker_get_symbol,
    .put_symbol = ticker_put_symbol,
    .Tick = ticker_Tick,
    .Close = ticker_Close,
};

/* ---- the class --------------------------------------------------------------------------- */

static const struct connpt_interface ticker_interfaces[] = {
    { &IID_ITicker, offsetof(struct ticker, ITicker_iface) },
    { &IID_IDispatch, offsetof(struct ticker, ITicker_iface) }, /* ITicker begins with its slots */
    { NULL, 0 },
};

/* connpt_object_point counts these rows. */
enum { POINT_EVENTS, POINT_SINKS, POINT_PROPERTIES };
static const struct connpt_source ticker_sources[] = {
    [POINT_EVENTS] = { &DIID_DTickerEvents, CONNPT_SOURCE_DISPATCH | CONNPT_SOURCE_DEFAULT, 0 },
    [POINT_SINKS] = { &IID_ITickerSink, 0, 0 },
    [POINT_PROPERTIES] = { &IID_IPropertyNotifySink, 0, 0 },
    { NULL, 0, 0 },
};

static void ticker_fini(struct connpt_object *object)
{
    struct ticker *ticker = (struct ticker *)object;

    connpt_SysFreeString(ticker->symbol);
    ticker_lock_fini(&ticker->lock);
}

static HRESULT ticker_class_info(struct connpt_object *object, ITypeInfo **ret_info)
{
    (void)object;
    return load_type(&CLSID_Ticker, ret_info);
}

static const struct connpt_class ticker_class = {
    .size = sizeof(struct ticker),
    .interfaces = ticker_interfaces,
    .sources = ticker_sources,
    .fini = ticker_fini,
    .class_info = ticker_class_info,
    .server = &ticker_server,
};

static HRESULT ticker_create(IUnknown *outer, struct connpt_object **ret_object)
{
    struct connpt_object *object;
    struct ticker *ticker;
    HRESULT hr = connpt_object_create(&ticker_class, outer, &object);

    if (FAILED(hr))
        return hr;
    ticker = (struct ticker *)object;
    ticker->ITicker_iface.lpVtbl = &ticker_vtbl;
    ticker->events = connpt_object_point(object, POINT_EVENTS);
    ticker->sinks = connpt_object_point(object, POINT_SINKS);
    ticker->properties = connpt_object_point(object, POINT_PROPERTIES);
    ticker_lock_init(&ticker->lock);
    hr = connpt_bstr_from_utf8("CNPT", (size_t)-1, &ticker->symbol);
    if (FAILED(hr)) {
        IUnknown_Release(connpt_object_unknown(object)); /* ends in ticker_fini */
        return hr;
    }
    *ret_object = object;
    return S_OK;
}

/* ---- the module: the two names that it exports; os_win32.c has more ------------------------ */

static const struct connpt_server_class ticker_classes[] = {
    { &CLSID_Ticker, ticker_create },
    { NULL, NULL },
};
struct connpt_server ticker_server = { ticker_classes, 0 };

STDAPI DllGetClassObject(REFCLSID clsid, REFIID iid, void **out)
{
    return connpt_server_get_class_object(&ticker_server, clsid, iid, out);
}

STDAPI DllCanUnloadNow(void)
{
    return connpt_server_can_unload(&ticker_server);
}

/* SPDX-License-Identifier: MIT */
/*
 * automation/dispatch_sink.c - ready sinks for dispinterfaces
 *
 * One object for both kinds: it calls one function for all events, or the one of a table that
 * has the event's id. It describes nothing (no type info, no names): sources fire by id.
 */
#include <connpt/automation.h>

#include <assert.h>
#include <string.h>

#include <connpt/guid.h>

#include "base/alloc.h"
#include "base/atomic.h"
#include "base/container_of.h"
#include "base/mutex.h"

struct dispatch_sink {
    IDispatch IDispatch_iface;
    uint32_t refs;                               /* atomic */
    IID iid;                                     /* the dispinterface */
    connpt_event_fn call;                        /* all events; NULL: see handlers */
    const struct connpt_event_handler *handlers; /* borrowed; its last entry has no `call` */
    void *context;
    void (*destroy)(void *context); /* may be NULL */
};

static const IDispatchVtbl dispatch_sink_vtbl;

static struct dispatch_sink *sink_from_iface(IDispatch *iface)
{
    assert(iface->lpVtbl == &dispatch_sink_vtbl);
    return container_of(iface, struct dispatch_sink, IDispatch_iface);
}

static HRESULT STDMETHODCALLTYPE sink_QueryInterface(IDispatch *iface, REFIID iid, void **out)
{
    struct dispatch_sink *sink = sink_from_iface(iface);

    if (out == NULL)
        return E_POINTER;
    *out = NULL;
    if (iid == NULL)
        return E_POINTER;
    if (!connpt_guid_equal(iid, &sink->iid) && !connpt_guid_equal(iid, &IID_IDispatch) &&
        !connpt_guid_equal(iid, &IID_IUnknown))
        return E_NOINTERFACE;
    (void)add_relaxed(&sink->refs, 1);
    *out = iface;
    return S_OK;
}

static ULONG STDMETHODCALLTYPE sink_AddRef(IDispatch *iface)
{
    /* Relaxed: whoever adds one has one. */
    return add_relaxed(&sink_from_iface(iface)->refs, 1) + 1;
}

static ULONG STDMETHODCALLTYPE sink_Release(IDispatch *iface)
{
    struct dispatch_sink *sink = sink_from_iface(iface);
    /* Pairs with the other releases: the last one sees what their threads did to the context. */
    ULONG left = sub_acq_rel(&sink->refs, 1) - 1;

    if (left == 0) {
        connpt__assert_unlocked();
        if (sink->destroy != NULL)
            sink->destroy(sink->context);
        connpt__free(sink);
    }
    return left;
}

static HRESULT STDMETHODCALLTYPE sink_GetTypeInfoCount(IDispatch *iface, UINT *ret_count)
{
    (void)iface;
    if (ret_count == NULL)
        return E_POINTER;
    *ret_count = 0;
    return S_OK;
}

static HRESULT STDMETHODCALLTYPE sink_GetTypeInfo(IDispatch *iface, UINT index, LCID lcid,
                                                  ITypeInfo **ret_info)
{
    (void)iface;
    (void)index;
    (void)lcid;
    if (ret_info == NULL)
        return E_POINTER;
    *ret_info = NULL;
    return DISP_E_BADINDEX;
}

static HRESULT STDMETHODCALLTYPE sink_GetIDsOfNames(IDispatch *iface, REFIID riid, LPOLESTR *names,
                                                    UINT n_names, LCID lcid, DISPID *ids)
{
    static const struct connpt_dispatch_method none = { .name = NULL };

    (void)iface;
    return connpt_dispatch_GetIDsOfNames(&none, riid, names, n_names, lcid, ids);
}

static connpt_event_fn find_handler(const struct dispatch_sink *sink, DISPID dispid)
{
    const struct connpt_event_handler *handler = sink->handlers;

    if (sink->call != NULL)
        return sink->call;
    while (handler->call != NULL && handler->dispid != dispid)
        handler++;
    return handler->call;
}

static HRESULT STDMETHODCALLTYPE sink_Invoke(IDispatch *iface, DISPID dispid, REFIID riid,
                                             LCID lcid, WORD flags, DISPPARAMS *params,
                                             VARIANT *result, EXCEPINFO *except, UINT *arg_err)
{
    struct dispatch_sink *sink = sink_from_iface(iface);
    DISPPARAMS no_params = { NULL, NULL, 0, 0 };
    connpt_event_fn call;
    HRESULT hr;

    (void)lcid;
    (void)arg_err;
    if (result != NULL)
        connpt_VariantInit(result);
    if (riid == NULL || !connpt_guid_equal(riid, &IID_NULL))
        return DISP_E_UNKNOWNINTERFACE;
    call = (flags & DISPATCH_METHOD) != 0 ? find_handler(sink, dispid) : NULL;
    if (call == NULL)
        return DISP_E_MEMBERNOTFOUND;
    connpt__assert_unlocked();
    hr = call(sink->context, dispid, params != NULL ? params : &no_params, result);
    /* Whoever gets this code frees what is in there; the callback had no way to fill it. */
    if (hr == DISP_E_EXCEPTION && except != NULL)
        memset(except, 0, sizeof *except);
    return hr;
}

static const IDispatchVtbl dispatch_sink_vtbl = {
    /* IUnknown */
    .QueryInterface = sink_QueryInterface,
    .AddRef = sink_AddRef,
    .Release = sink_Release,
    /* IDispatch */
    .GetTypeInfoCount = sink_GetTypeInfoCount,
    .GetTypeInfo = sink_GetTypeInfo,
    .GetIDsOfNames = sink_GetIDsOfNames,
    .Invoke = sink_Invoke,
};

static HRESULT sink_create(REFIID iid, connpt_event_fn call,
                           const struct connpt_event_handler *handlers, void *context,
                           void (*destroy)(void *context), IDispatch **ret_sink)
{
    struct dispatch_sink *sink = connpt__alloc(sizeof *sink);

    if (sink == NULL)
        return E_OUTOFMEMORY;
    *sink = (struct dispatch_sink){
        .IDispatch_iface = { &dispatch_sink_vtbl },
        .refs = 1,
        .iid = *iid,
        .call = call,
        .handlers = handlers,
        .context = context,
        .destroy = destroy,
    };
    *ret_sink = &sink->IDispatch_iface;
    return S_OK;
}

HRESULT connpt_dispatch_sink_create(REFIID iid, connpt_event_fn call, void *context,
                                    void (*destroy)(void *context), IDispatch **ret_sink)
{
    if (iid == NULL || call == NULL || ret_sink == NULL)
        return E_POINTER;
    return sink_create(iid, call, NULL, context, destroy, ret_sink);
}

HRESULT connpt_table_sink_create(REFIID iid, const struct connpt_event_handler *handlers,
                                 void *context, void (*destroy)(void *context),
                                 IDispatch **ret_sink)
{
    if (iid == NULL || handlers == NULL || ret_sink == NULL)
        return E_POINTER;
    return sink_create(iid, NULL, handlers, context, destroy, ret_sink);
}

/* SPDX-License-Identifier: MIT */
/* cli/property_sink.c - an IPropertyNotifySink that looks like a dispinterface sink */
#include "property_sink.h"

#include <connpt/object.h>

struct property_sink {
    struct connpt_object object;
    IPropertyNotifySink IPropertyNotifySink_iface;
    connpt_event_fn call;
    void *context;
    void (*destroy)(void *context);
};

CONNPT_UNKNOWN_METHODS(IPropertyNotifySink, property_sink)

static HRESULT report(IPropertyNotifySink *iface, DISPID event, DISPID property)
{
    struct property_sink *sink = CONNPT_FROM_IFACE(iface, IPropertyNotifySink, property_sink);
    VARIANT argument = connpt_variant_i4(property);
    DISPPARAMS params = { &argument, NULL, 1, 0 };

    return sink->call(sink->context, event, &params, NULL);
}

static HRESULT STDMETHODCALLTYPE property_sink_OnChanged(IPropertyNotifySink *iface, DISPID dispid)
{
    return report(iface, 1, dispid);
}

/* S_OK allows the change; S_FALSE would forbid it. */
static HRESULT STDMETHODCALLTYPE property_sink_OnRequestEdit(IPropertyNotifySink *iface,
                                                             DISPID dispid)
{
    (void)report(iface, 2, dispid);
    return S_OK;
}

static const IPropertyNotifySinkVtbl property_sink_vtbl = {
    /* IUnknown */
    CONNPT_UNKNOWN_SLOTS(IPropertyNotifySink, property_sink),
    /* IPropertyNotifySink */
    .OnChanged = property_sink_OnChanged,
    .OnRequestEdit = property_sink_OnRequestEdit,
};

static void property_sink_fini(struct connpt_object *object)
{
    struct property_sink *sink = (struct property_sink *)(void *)object;

    if (sink->destroy != NULL)
        sink->destroy(sink->context);
}

static const struct connpt_interface property_sink_interfaces[] = {
    { &IID_IPropertyNotifySink, offsetof(struct property_sink, IPropertyNotifySink_iface) },
    { NULL, 0 },
};

static const struct connpt_class property_sink_class = {
    .size = sizeof(struct property_sink),
    .interfaces = property_sink_interfaces,
    .fini = property_sink_fini,
};

HRESULT property_sink_create(connpt_event_fn call, void *context, void (*destroy)(void *context),
                             IUnknown **ret_sink)
{
    struct connpt_object *object;
    struct property_sink *sink;
    HRESULT hr = connpt_object_create(&property_sink_class, NULL, &object);

    if (FAILED(hr))
        return hr;
    sink = (struct property_sink *)(void *)object;
    sink->IPropertyNotifySink_iface.lpVtbl = &property_sink_vtbl;
    sink->call = call;
    sink->context = context;
    sink->destroy = destroy;
    *ret_sink = (IUnknown *)(void *)&sink->IPropertyNotifySink_iface;
    return S_OK;
}

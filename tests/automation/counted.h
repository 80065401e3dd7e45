/* SPDX-License-Identifier: MIT */
/* tests/automation/counted.h - an object on the stack that counts its references */
#ifndef CONNPT_TESTS_COUNTED_H
#define CONNPT_TESTS_COUNTED_H

#include <connpt/automation.h>
#include <connpt/guid.h>

#include "undescribed.h"

/* An IDispatch whose default property is `value` (VT_EMPTY: it has none). */
struct counted {
    IDispatch IDispatch_iface;
    LONG refs;
    VARIANT value;
    int is_plain; /* QueryInterface knows IUnknown only */
};

static inline struct counted *counted_from(IDispatch *iface)
{
    return (struct counted *)(void *)iface;
}

static HRESULT STDMETHODCALLTYPE counted_QueryInterface(IDispatch *iface, REFIID iid, void **out)
{
    struct counted *counted = counted_from(iface);

    *out = NULL;
    if (!connpt_guid_equal(iid, &IID_IUnknown) &&
        (counted->is_plain || !connpt_guid_equal(iid, &IID_IDispatch)))
        return E_NOINTERFACE;
    counted->refs++;
    *out = iface;
    return S_OK;
}

static ULONG STDMETHODCALLTYPE counted_AddRef(IDispatch *iface)
{
    return (ULONG)++counted_from(iface)->refs;
}

static ULONG STDMETHODCALLTYPE counted_Release(IDispatch *iface)
{
    return (ULONG)--counted_from(iface)->refs;
}

static HRESULT STDMETHODCALLTYPE counted_Invoke(IDispatch *iface, DISPID id, REFIID riid, LCID lcid,
                                                WORD flags, DISPPARAMS *params, VARIANT *result,
                                                EXCEPINFO *except, UINT *arg_err)
{
    (void)riid;
    (void)lcid;
    (void)params;
    (void)except;
    (void)arg_err;
    if (id != DISPID_VALUE || (flags & DISPATCH_PROPERTYGET) == 0 ||
        V_VT(&counted_from(iface)->value) == VT_EMPTY)
        return DISP_E_MEMBERNOTFOUND;
    return connpt_VariantCopy(result, &counted_from(iface)->value);
}

static const IDispatchVtbl counted_vtbl = {
    /* IUnknown */
    .QueryInterface = counted_QueryInterface,
    .AddRef = counted_AddRef,
    .Release = counted_Release,
    /* IDispatch */
    .GetTypeInfoCount = undescribed_GetTypeInfoCount,
    .GetTypeInfo = undescribed_GetTypeInfo,
    .GetIDsOfNames = undescribed_GetIDsOfNames,
    .Invoke = counted_Invoke,
};

static inline void counted_init(struct counted *counted)
{
    *counted = (struct counted){ .IDispatch_iface = { &counted_vtbl }, .refs = 1 };
}

#endif

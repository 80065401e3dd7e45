/* SPDX-License-Identifier: MIT */
/* harness/undescribed.h - the methods of an IDispatch that knows no names and has no type info */
#ifndef CONNPT_TESTS_UNDESCRIBED_H
#define CONNPT_TESTS_UNDESCRIBED_H

#include <connpt/com.h>

static inline HRESULT STDMETHODCALLTYPE undescribed_GetTypeInfoCount(IDispatch *iface, UINT *count)
{
    (void)iface;
    *count = 0;
    return S_OK;
}

static inline HRESULT STDMETHODCALLTYPE undescribed_GetTypeInfo(IDispatch *iface, UINT index,
                                                                LCID lcid, ITypeInfo **out)
{
    (void)iface;
    (void)index;
    (void)lcid;
    *out = NULL;
    return DISP_E_BADINDEX;
}

static inline HRESULT STDMETHODCALLTYPE undescribed_GetIDsOfNames(IDispatch *iface, REFIID riid,
                                                                  LPOLESTR *names, UINT n,
                                                                  LCID lcid, DISPID *ids)
{
    (void)iface;
    (void)riid;
    (void)names;
    (void)n;
    (void)lcid;
    (void)ids;
    return DISP_E_UNKNOWNNAME;
}

#endif

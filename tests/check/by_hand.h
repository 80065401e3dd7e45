/* SPDX-License-Identifier: MIT */
/*
 * tests/check/by_hand.h - what every object by hand has alike: an IDispatch in which any name is
 * the method that fires, and a class object that lives for ever
 *
 * Invoke and CreateInstance are the includer's.
 */
#ifndef CONNPT_TESTS_CHECK_BY_HAND_H
#define CONNPT_TESTS_CHECK_BY_HAND_H

#include <connpt/automation.h>

/* ---- IDispatch ------------------------------------------------------------------------------- */

static HRESULT STDMETHODCALLTYPE dispatch_GetTypeInfoCount(IDispatch *This, UINT *count)
{
    (void)This;
    *count = 0;
    return S_OK;
}

static HRESULT STDMETHODCALLTYPE dispatch_GetTypeInfo(IDispatch *This, UINT index, LCID lcid,
                                                      ITypeInfo **info)
{
    (void)This;
    (void)index;
    (void)lcid;
    *info = NULL;
    return E_NOTIMPL;
}

static HRESULT STDMETHODCALLTYPE dispatch_GetIDsOfNames(IDispatch *This, REFIID iid,
                                                        LPOLESTR *names, UINT n, LCID lcid,
                                                        DISPID *ids)
{
    (void)This;
    (void)iid;
    (void)names;
    (void)lcid;
    for (UINT i = 0; i < n; i++)
        ids[i] = 2;
    return S_OK;
}

/* ---- IClassFactory --------------------------------------------------------------------------- */

static HRESULT STDMETHODCALLTYPE factory_QueryInterface(IClassFactory *This, REFIID iid, void **out)
{
    *out = NULL;
    if (!IsEqualGUID(iid, &IID_IUnknown) && !IsEqualGUID(iid, &IID_IClassFactory))
        return E_NOINTERFACE;
    *out = This;
    return S_OK;
}

static ULONG STDMETHODCALLTYPE factory_AddRef(IClassFactory *This)
{
    (void)This;
    return 2;
}

static ULONG STDMETHODCALLTYPE factory_Release(IClassFactory *This)
{
    (void)This;
    return 1;
}

static HRESULT STDMETHODCALLTYPE factory_LockServer(IClassFactory *This, BOOL is_locked)
{
    (void)This;
    (void)is_locked;
    return S_OK;
}

#endif

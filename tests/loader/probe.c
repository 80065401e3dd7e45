/* SPDX-License-Identifier: MIT */
/*
 * loader/probe.c - a module that misbehaves on request: the class identifier says how
 *
 * It is written in bare COM without the library, as a stranger's module would be.
 */
#include <connpt/com.h>
#include <connpt/export.h>

#include "probe.h"

static HRESULT STDMETHODCALLTYPE probe_QueryInterface(IClassFactory *iface, REFIID iid, void **out)
{
    (void)iid;
    *out = iface;
    return S_OK;
}

static ULONG STDMETHODCALLTYPE probe_AddRef(IClassFactory *iface)
{
    (void)iface;
    return 2;
}

static ULONG STDMETHODCALLTYPE probe_Release(IClassFactory *iface)
{
    (void)iface;
    return 1;
}

static HRESULT STDMETHODCALLTYPE honest_CreateInstance(IClassFactory *iface, IUnknown *outer,
                                                       REFIID iid, void **out)
{
    (void)outer;
    return probe_QueryInterface(iface, iid, out);
}

static HRESULT STDMETHODCALLTYPE empty_CreateInstance(IClassFactory *iface, IUnknown *outer,
                                                      REFIID iid, void **out)
{
    (void)iface;
    (void)outer;
    (void)iid;
    *out = NULL;
    return S_OK;
}

static HRESULT STDMETHODCALLTYPE littering_CreateInstance(IClassFactory *iface, IUnknown *outer,
                                                          REFIID iid, void **out)
{
    (void)iface;
    (void)outer;
    (void)iid;
    *out = (void *)(uintptr_t)0x5a5a;
    return E_NOINTERFACE;
}

static HRESULT STDMETHODCALLTYPE probe_LockServer(IClassFactory *iface, BOOL lock)
{
    (void)iface;
    (void)lock;
    return S_OK;
}

#define PROBE_VTBL(create)                                                                         \
    {                                                                                              \
        .QueryInterface = probe_QueryInterface, .AddRef = probe_AddRef, .Release = probe_Release,  \
        .CreateInstance = create, .LockServer = probe_LockServer                                   \
    }

static const IClassFactoryVtbl honest_vtbl = PROBE_VTBL(honest_CreateInstance);
static const IClassFactoryVtbl empty_vtbl = PROBE_VTBL(empty_CreateInstance);
static const IClassFactoryVtbl littering_vtbl = PROBE_VTBL(littering_CreateInstance);
static IClassFactory honest = { &honest_vtbl };
static IClassFactory empty = { &empty_vtbl };
static IClassFactory littering = { &littering_vtbl };

EXTERN_C CONNPT_API HRESULT STDAPICALLTYPE DllGetClassObject(REFCLSID clsid, REFIID iid,
                                                             void **out);

HRESULT STDAPICALLTYPE DllGetClassObject(REFCLSID clsid, REFIID iid, void **out)
{
    (void)iid;
    switch (clsid->Data1) {
    case PROBE_HONEST:
        *out = &honest;
        return S_OK;
    case PROBE_EMPTY_CLASS_OBJECT:
        *out = NULL;
        return S_OK;
    case PROBE_EMPTY_INSTANCE:
        *out = &empty;
        return S_OK;
    case PROBE_LITTERING_INSTANCE:
        *out = &littering;
        return S_OK;
    case PROBE_REFUSING:
        *out = (void *)(uintptr_t)0x5a5a;
        return E_ACCESSDENIED;
    default:
        *out = (void *)(uintptr_t)0x5a5a;
        return CLASS_E_CLASSNOTAVAILABLE;
    }
}

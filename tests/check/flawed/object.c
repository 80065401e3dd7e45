/* SPDX-License-Identifier: MIT */
/* check/flawed/object.c - the object: IUnknown, IDispatch, its container, its class info */
#include <stdlib.h>

#include <connpt/typelib.h>

#include "../by_hand.h"
#include "flawed.h"

const IID IID_flawed_events = {
    0x08b84bf0, 0x4058, 0x4070, { 0xbc, 0xab, 0x7a, 0xe4, 0x1d, 0xac, 0xcc, 0x08 }
};
static const IID IID_sink = {
    0x415b6894, 0x10e9, 0x47b0, { 0x81, 0x9c, 0x5d, 0x35, 0x2c, 0x7e, 0x3c, 0xff }
};
static const CLSID CLSID_described = {
    0x5b1d4a2b, 0x846e, 0x4106, { 0xbc, 0xee, 0x6a, 0x7b, 0xe3, 0xc8, 0x6d, 0x5b }
};
static const IID IID_described = {
    0x9aa508ed, 0x1fa6, 0x451b, { 0xb8, 0x82, 0x3e, 0xa6, 0x02, 0x3d, 0xd8, 0x77 }
};

#define FROM(type, iface, pointer)                                                                 \
    ((struct type *)(void *)((char *)(pointer)-offsetof(struct type, iface)))

/* As small as it can be: it is held for a few instructions, but where a defect holds it longer. */
void flawed_lock(struct flawed *flawed)
{
    while (__atomic_exchange_n(&flawed->lock, 1, __ATOMIC_ACQUIRE) != 0)
        continue;
}

void flawed_unlock(struct flawed *flawed)
{
    __atomic_store_n(&flawed->lock, 0, __ATOMIC_RELEASE);
}

/* ---- IUnknown ------------------------------------------------------------------------------ */

void *const garbage = (void *)(uintptr_t)0x5a5a5a50;

static HRESULT recurse(struct flawed *flawed, REFIID iid, void **out)
{
    volatile HRESULT hr = flawed_query(flawed, iid, out); /* not a jump */

    return hr;
}

HRESULT flawed_query(struct flawed *flawed, REFIID iid, void **out)
{
    IUnknown *found = NULL;

    if (out == NULL && !has(flawed, query_null_crashes))
        return E_POINTER;
    if (has(flawed, query_recurses) && IsEqualGUID(iid, &IID_IUnknown))
        return recurse(flawed, iid, out);
    if ((has(flawed, query_gives_null) || has(flawed, query_gives_garbage)) &&
        !IsEqualGUID(iid, &IID_IUnknown)) {
        *out = has(flawed, query_gives_null) ? NULL : garbage;
        return S_OK;
    }
    if (has(flawed, container_missing) && IsEqualGUID(iid, &IID_IConnectionPointContainer))
        found = NULL;
    else if (IsEqualGUID(iid, &IID_IUnknown) || IsEqualGUID(iid, &IID_IDispatch))
        found = (IUnknown *)&flawed->IDispatch_iface;
    else if (IsEqualGUID(iid, &IID_IConnectionPointContainer))
        found = (IUnknown *)&flawed->IConnectionPointContainer_iface;
    else if (IsEqualGUID(iid, &IID_IProvideClassInfo) || IsEqualGUID(iid, &IID_IProvideClassInfo2))
        found = (IUnknown *)&flawed->IProvideClassInfo2_iface;
    if (found == NULL) {
        if (!has(flawed, query_leaves_out))
            *out = NULL;
        return has(flawed, query_wrong_code) ? E_FAIL : E_NOINTERFACE;
    }
    *out = found;
    flawed_add_ref(flawed);
    if (has(flawed, query_takes_two))
        flawed_add_ref(flawed);
    return S_OK;
}

ULONG flawed_add_ref(struct flawed *flawed)
{
    LONG refs = __atomic_add_fetch(&flawed->refs, 1, __ATOMIC_SEQ_CST);

    return (ULONG)(has(flawed, counts_are_negative) ? -refs : refs);
}

ULONG flawed_release(struct flawed *flawed)
{
    LONG refs = __atomic_sub_fetch(&flawed->refs, 1, __ATOMIC_SEQ_CST);

    if (has(flawed, counts_are_negative) && refs > 0)
        return (ULONG)-refs;
    if (refs == 0) {
        flawed->refs = 1000; /* while the sinks are released they may look at it */
        for (int i = 0; i < N_POINTS; i++)
            point_fini(&flawed->points[i]);
        free(flawed);
    }
    return (ULONG)refs;
}

#define UNKNOWN_OF(prefix, interface)                                                              \
    static ULONG STDMETHODCALLTYPE prefix##_AddRef(interface *This)                                \
    {                                                                                              \
        return flawed_add_ref(FROM(flawed, interface##_iface, This));                              \
    }                                                                                              \
    static ULONG STDMETHODCALLTYPE prefix##_Release(interface *This)                               \
    {                                                                                              \
        return flawed_release(FROM(flawed, interface##_iface, This));                              \
    }

UNKNOWN_OF(dispatch, IDispatch)
UNKNOWN_OF(container, IConnectionPointContainer)
UNKNOWN_OF(info, IProvideClassInfo2)

static HRESULT STDMETHODCALLTYPE dispatch_QueryInterface(IDispatch *This, REFIID iid, void **out)
{
    return flawed_query(FROM(flawed, IDispatch_iface, This), iid, out);
}

static HRESULT STDMETHODCALLTYPE container_QueryInterface(IConnectionPointContainer *This,
                                                          REFIID iid, void **out)
{
    return flawed_query(FROM(flawed, IConnectionPointContainer_iface, This), iid, out);
}

static HRESULT STDMETHODCALLTYPE info_QueryInterface(IProvideClassInfo2 *This, REFIID iid,
                                                     void **out)
{
    struct flawed *flawed = FROM(flawed, IProvideClassInfo2_iface, This);

    if (has(flawed, query_two_identities) && out != NULL && IsEqualGUID(iid, &IID_IUnknown)) {
        *out = This;
        flawed_add_ref(flawed);
        return S_OK;
    }
    if (has(flawed, query_one_way) && out != NULL &&
        IsEqualGUID(iid, &IID_IConnectionPointContainer)) {
        *out = NULL;
        return E_NOINTERFACE;
    }
    return flawed_query(flawed, iid, out);
}

/* ---- IDispatch: any name is the method that fires -------------------------------------------- */

static HRESULT STDMETHODCALLTYPE dispatch_Invoke(IDispatch *This, DISPID id, REFIID iid, LCID lcid,
                                                 WORD flags, DISPPARAMS *params, VARIANT *result,
                                                 EXCEPINFO *exception, UINT *wrong)
{
    (void)id;
    (void)iid;
    (void)lcid;
    (void)flags;
    (void)params;
    (void)result;
    (void)exception;
    (void)wrong;
    flawed_fire(FROM(flawed, IDispatch_iface, This));
    return S_OK;
}

/* ---- IConnectionPointContainer --------------------------------------------------------------- */

static HRESULT STDMETHODCALLTYPE container_EnumConnectionPoints(IConnectionPointContainer *This,
                                                                IEnumConnectionPoints **out)
{
    struct flawed *flawed = FROM(flawed, IConnectionPointContainer_iface, This);

    if (has(flawed, points_not_implemented))
        return E_NOTIMPL;
    if (out == NULL && !has(flawed, points_null_crashes))
        return E_POINTER;
    return enumerate_points(flawed, out);
}

static HRESULT STDMETHODCALLTYPE container_FindConnectionPoint(IConnectionPointContainer *This,
                                                               REFIID iid, IConnectionPoint **out)
{
    struct flawed *flawed = FROM(flawed, IConnectionPointContainer_iface, This);

    if (out == NULL && !has(flawed, find_null_crashes))
        return E_POINTER;
    if (!has(flawed, find_leaves_out))
        *out = NULL;
    if (has(flawed, find_not_implemented))
        return E_NOTIMPL;
    if (iid == NULL && !has(flawed, find_null_iid_crashes))
        return E_POINTER;
    for (int i = 0; i < N_POINTS; i++) {
        struct flawed_point *point = &flawed->points[i];

        if (!IsEqualGUID(iid, &point->iid) || (i == 2 && has(flawed, source_without_point)))
            continue;
        if (has(flawed, find_gives_null) || has(flawed, find_gives_garbage)) {
            *out = has(flawed, find_gives_null) ? NULL : garbage;
            return S_OK;
        }
        point = point_for_client(point);
        if (point == NULL)
            return E_OUTOFMEMORY;
        if (has(flawed, find_takes_two))
            point_add_ref(point);
        *out = &point->IConnectionPoint_iface;
        return S_OK;
    }
    return has(flawed, find_wrong_code) ? E_INVALIDARG : CONNECT_E_NOCONNECTION;
}

/* ---- IProvideClassInfo2 ---------------------------------------------------------------------- */

/* One type info for all callers, as some keep it; so many references that no client ends it. */
static void give_kept(struct flawed *flawed, ITypeInfo **info)
{
    static ITypeInfo *kept;

    if (kept == NULL) {
        kept = *info;
        for (int i = 0; i < 1000; i++)
            ITypeInfo_AddRef(kept);
    } else {
        ITypeInfo_Release(*info);
    }
    for (int i = 0; i < 2 && has(flawed, info_takes_two); i++)
        ITypeInfo_AddRef(kept);
    *info = kept;
}

static HRESULT STDMETHODCALLTYPE info_GetClassInfo(IProvideClassInfo2 *This, ITypeInfo **out)
{
    struct flawed *flawed = FROM(flawed, IProvideClassInfo2_iface, This);
    ITypeLib *library;
    HRESULT hr;

    if (has(flawed, info_not_implemented))
        return E_NOTIMPL;
    if (out == NULL && !has(flawed, info_null_crashes))
        return E_POINTER;
    *out = NULL;
    if (has(flawed, info_gives_null))
        return S_OK;
    hr = connpt_typelib_load(FLAWED_TLB, &library);
    if (FAILED(hr))
        return hr;
    hr = ITypeLib_GetTypeInfoOfGuid(
        library, has(flawed, info_of_interface) ? &IID_described : &CLSID_described, out);
    ITypeLib_Release(library);
    if (SUCCEEDED(hr) && (has(flawed, info_takes_no_reference) || has(flawed, info_takes_two)))
        give_kept(flawed, out);
    return hr;
}

static HRESULT STDMETHODCALLTYPE info_GetGUID(IProvideClassInfo2 *This, DWORD kind, GUID *out)
{
    static const GUID nobodys = { 0x12345678, 0, 0, { 0 } };
    struct flawed *flawed = FROM(flawed, IProvideClassInfo2_iface, This);

    if (out == NULL && !has(flawed, guid_null_crashes))
        return E_POINTER;
    if (kind != GUIDKIND_DEFAULT_SOURCE_DISP_IID && !has(flawed, guid_any_kind))
        return E_INVALIDARG;
    *out = has(flawed, guid_is_null)            ? GUID_NULL
           : has(flawed, guid_is_nobodys)       ? nobodys
           : has(flawed, guid_is_second_source) ? IID_sink
                                                : IID_flawed_events;
    return S_OK;
}

/* ---- making it ------------------------------------------------------------------------------- */

static const IDispatchVtbl dispatch_vtable = {
    .QueryInterface = dispatch_QueryInterface,
    .AddRef = dispatch_AddRef,
    .Release = dispatch_Release,
    .GetTypeInfoCount = dispatch_GetTypeInfoCount,
    .GetTypeInfo = dispatch_GetTypeInfo,
    .GetIDsOfNames = dispatch_GetIDsOfNames,
    .Invoke = dispatch_Invoke,
};
static const IConnectionPointContainerVtbl container_vtable = {
    .QueryInterface = container_QueryInterface,
    .AddRef = container_AddRef,
    .Release = container_Release,
    .EnumConnectionPoints = container_EnumConnectionPoints,
    .FindConnectionPoint = container_FindConnectionPoint,
};
static const IProvideClassInfo2Vtbl info_vtable = {
    .QueryInterface = info_QueryInterface,
    .AddRef = info_AddRef,
    .Release = info_Release,
    .GetClassInfo = info_GetClassInfo,
    .GetGUID = info_GetGUID,
};

static HRESULT create(enum defect defect, REFIID iid, void **out)
{
    const IID *const iids[N_POINTS] = { &IID_flawed_events, &IID_sink, &IID_IPropertyNotifySink };
    struct flawed *flawed = calloc(1, sizeof *flawed);
    HRESULT hr;

    if (flawed == NULL)
        return E_OUTOFMEMORY;
    flawed->IDispatch_iface.lpVtbl = &dispatch_vtable;
    flawed->IConnectionPointContainer_iface.lpVtbl = &container_vtable;
    flawed->IProvideClassInfo2_iface.lpVtbl = &info_vtable;
    flawed->refs = 1;
    flawed->defect = defect;
    for (int i = 0; i < N_POINTS; i++) {
        if (!point_init(&flawed->points[i], flawed, iids[i])) {
            flawed_release(flawed);
            return E_OUTOFMEMORY;
        }
    }
    hr = flawed_query(flawed, iid, out);
    flawed_release(flawed);
    return hr;
}

/* ---- the module: a class object for each defect, which is never freed ------------------------ */

struct factory {
    IClassFactory IClassFactory_iface;
    enum defect defect;
};

static HRESULT STDMETHODCALLTYPE factory_CreateInstance(IClassFactory *This, IUnknown *outer,
                                                        REFIID iid, void **out)
{
    if (outer != NULL)
        return CLASS_E_NOAGGREGATION;
    return create(FROM(factory, IClassFactory_iface, This)->defect, iid, out);
}

static const IClassFactoryVtbl factory_vtable = {
    .QueryInterface = factory_QueryInterface,
    .AddRef = factory_AddRef,
    .Release = factory_Release,
    .CreateInstance = factory_CreateInstance,
    .LockServer = factory_LockServer,
};

/* On Windows <objbase.h> declares it, without dllexport. */
#ifdef _WIN32
#define EXPORTED
#else
#define EXPORTED __attribute__((visibility("default")))
HRESULT STDMETHODCALLTYPE DllGetClassObject(REFCLSID clsid, REFIID iid, void **out);
#endif

EXPORTED HRESULT STDMETHODCALLTYPE DllGetClassObject(REFCLSID clsid, REFIID iid, void **out)
{
    static struct factory factories[N_DEFECTS];
    unsigned number = clsid->Data4[6] * 256u + clsid->Data4[7];

    *out = NULL;
    if (clsid->Data1 != 0xf1a0ed00 || number >= N_DEFECTS)
        return CLASS_E_CLASSNOTAVAILABLE;
    factories[number].IClassFactory_iface.lpVtbl = &factory_vtable;
    factories[number].defect = (enum defect)number;
    return factory_QueryInterface(&factories[number].IClassFactory_iface, iid, out);
}

/* SPDX-License-Identifier: MIT */
/*
 * check/pages/object.c - the object of docs/check/prelude.h, with one example in the place of its
 * own function
 *
 * It is compiled once for each example. EXAMPLE is the file with it, HAS_name is defined for each
 * function that is in it, PAGE_rule for the page that it is from, and WRONG for the first of the
 * two. Where an example has a function the object has none of its own, and calls that one. Without
 * an example it is right.
 */
#include <pthread.h>
#include <sched.h>
#include <time.h>

#include <connpt/typelib.h>

#ifdef EXAMPLE
#include EXAMPLE
#endif

#include "../by_hand.h"
#include "point.h"

#include "enumerators.h"

#include "fire.h"

/* The pages about what an event brings have an event of two arguments, and one that asks. */
#if defined(PAGE_fire_argument_count) || defined(PAGE_fire_argument_order) ||                      \
    defined(PAGE_fire_argument_types) || defined(PAGE_fire_declared)
enum { CLASS = 0x31, EVENTS = 0x12 };
#else
enum { CLASS = 0x30, EVENTS = 0x10 };
#endif

/* As in object.idl. */
#define PAGES_GUID(n)                                                                              \
    {                                                                                              \
        0x5d0c0000 + (n), 0x6a1e, 0x4c1b,                                                          \
        {                                                                                          \
            0x9b, 0x7d, 0x2f, 0x6e, 0x0a, 0x9c, 0x4d, 0x11                                         \
        }                                                                                          \
    }
static const CLSID CLSID_described = PAGES_GUID(CLASS);
static const IID iids[N_POINTS] = { PAGES_GUID(EVENTS), PAGES_GUID(0x11) };

/* ---- counts and the lock --------------------------------------------------------------------- */

LONG increment(LONG *refs)
{
    return __atomic_add_fetch(refs, 1, __ATOMIC_SEQ_CST);
}

LONG decrement(LONG *refs)
{
    return __atomic_sub_fetch(refs, 1, __ATOMIC_SEQ_CST);
}

void lock(struct object *object)
{
    while (__atomic_exchange_n(&object->lock.held, 1, __ATOMIC_ACQUIRE) != 0)
        (void)sched_yield();
}

void unlock(struct object *object)
{
    __atomic_store_n(&object->lock.held, 0, __ATOMIC_RELEASE);
}

/* ---- the object ------------------------------------------------------------------------------ */

void object_disconnect(struct object *object)
{
    for (ULONG i = 0; i < N_POINTS; i++) {
        struct point *point = &object->points[i];

        while (point->n > 0) {
            struct connection *last = point->list[point->n - 1];

            if (last == NULL) { /* an example with gaps */
                point->n--;
                continue;
            }
            point_take_out(point, last);
            connection_put(last);
        }
        free(point->list);
    }
}

#ifndef HAS_object_end
static void object_end(struct object *object)
{
    object->refs = 1; /* a sink that uses it once more does not end it again */
    object_disconnect(object);
    if (object->class_info != NULL)
        ITypeInfo_Release(object->class_info);
    free(object);
}
#endif

ULONG object_AddRef(struct object *object)
{
    return (ULONG)increment(&object->refs);
}

#ifdef PAGE_end_quiet
static struct timer *timer_of(struct object *object);
static void timer_is_due(struct timer *timer);
#endif

ULONG object_Release(struct object *object)
{
    LONG refs = decrement(&object->refs);

    if (refs == 0) {
#ifdef PAGE_end_quiet
        struct timer *timer = timer_of(object);

        object_end(object);
        timer_is_due(timer);
#else
        object_end(object);
#endif
    }
    return (ULONG)refs;
}

HRESULT object_query(struct object *object, REFIID iid, void **out)
{
#ifdef HAS_query
    return query(object, iid, out);
#else
    if (out == NULL)
        return E_POINTER;
    *out = NULL;
    if (IsEqualGUID(iid, &IID_IUnknown) || IsEqualGUID(iid, &IID_IDispatch))
        *out = &object->IDispatch_iface;
    else if (IsEqualGUID(iid, &IID_IConnectionPointContainer))
        *out = &object->IConnectionPointContainer_iface;
    else if (IsEqualGUID(iid, &IID_IProvideClassInfo) || IsEqualGUID(iid, &IID_IProvideClassInfo2))
        *out = &object->IProvideClassInfo2_iface;
    if (*out == NULL)
        return E_NOINTERFACE;
    object_AddRef(object);
    return S_OK;
#endif
}

/* ---- IDispatch: any name is the method that fires -------------------------------------------- */

#ifndef HAS_dispatch_QueryInterface
static HRESULT STDMETHODCALLTYPE dispatch_QueryInterface(IDispatch *This, REFIID iid, void **out)
{
    return object_query(object_of_dispatch(This), iid, out);
}
#endif

static ULONG STDMETHODCALLTYPE dispatch_AddRef(IDispatch *This)
{
    return object_AddRef(object_of_dispatch(This));
}

#ifndef HAS_dispatch_Release
static ULONG STDMETHODCALLTYPE dispatch_Release(IDispatch *This)
{
    return object_Release(object_of_dispatch(This));
}
#endif

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
    fire(object_of_dispatch(This));
    return S_OK;
}

static const IDispatchVtbl dispatch_vtable = {
    .QueryInterface = dispatch_QueryInterface,
    .AddRef = dispatch_AddRef,
    .Release = dispatch_Release,
    .GetTypeInfoCount = dispatch_GetTypeInfoCount,
    .GetTypeInfo = dispatch_GetTypeInfo,
    .GetIDsOfNames = dispatch_GetIDsOfNames,
    .Invoke = dispatch_Invoke,
};

/* ---- IConnectionPointContainer --------------------------------------------------------------- */

#ifndef HAS_container_QueryInterface
static HRESULT STDMETHODCALLTYPE container_QueryInterface(IConnectionPointContainer *This,
                                                          REFIID iid, void **out)
{
    return object_query(object_of_container(This), iid, out);
}
#endif

static ULONG STDMETHODCALLTYPE container_AddRef(IConnectionPointContainer *This)
{
    return object_AddRef(object_of_container(This));
}

static ULONG STDMETHODCALLTYPE container_Release(IConnectionPointContainer *This)
{
    return object_Release(object_of_container(This));
}

#ifndef HAS_container_EnumConnectionPoints
static HRESULT STDMETHODCALLTYPE container_EnumConnectionPoints(IConnectionPointContainer *This,
                                                                IEnumConnectionPoints **out)
{
    struct points *points;

    if (out == NULL)
        return E_POINTER;
    points = points_create(object_of_container(This));
    *out = points != NULL ? &points->IEnumConnectionPoints_iface : NULL;
    return points != NULL ? S_OK : E_OUTOFMEMORY;
}
#endif

#ifndef HAS_container_FindConnectionPoint
static struct point *lookup(struct object *object, REFIID iid)
{
#if defined(HAS_find)
    return find(object, iid);
#elif defined(HAS_point_by_iid)
    return point_by_iid(object, iid);
#else
    for (ULONG i = 0; i < N_POINTS; i++) {
        if (IsEqualGUID(iid, &object->points[i].iid))
            return &object->points[i];
    }
    return NULL;
#endif
}

static HRESULT STDMETHODCALLTYPE container_FindConnectionPoint(IConnectionPointContainer *This,
                                                               REFIID iid, IConnectionPoint **out)
{
    struct point *point;

    if (out == NULL)
        return E_POINTER;
    *out = NULL;
    if (iid == NULL)
        return E_POINTER;
    point = lookup(object_of_container(This), iid);
    if (point == NULL)
        return CONNECT_E_NOCONNECTION;
#ifdef HAS_lone_AddRef
    point = lone_create(point);
#else
    point_AddRef(point);
#endif
    *out = &point->IConnectionPoint_iface;
    return S_OK;
}
#endif

static const IConnectionPointContainerVtbl container_vtable = {
    .QueryInterface = container_QueryInterface,
    .AddRef = container_AddRef,
    .Release = container_Release,
    .EnumConnectionPoints = container_EnumConnectionPoints,
    .FindConnectionPoint = container_FindConnectionPoint,
};

/* ---- IProvideClassInfo2 ---------------------------------------------------------------------- */

#ifndef HAS_info_QueryInterface
static HRESULT STDMETHODCALLTYPE info_QueryInterface(IProvideClassInfo2 *This, REFIID iid,
                                                     void **out)
{
    return object_query(object_of_info(This), iid, out);
}
#endif

static ULONG STDMETHODCALLTYPE info_AddRef(IProvideClassInfo2 *This)
{
    return object_AddRef(object_of_info(This));
}

static ULONG STDMETHODCALLTYPE info_Release(IProvideClassInfo2 *This)
{
    return object_Release(object_of_info(This));
}

#ifndef HAS_info_GetClassInfo
static HRESULT STDMETHODCALLTYPE info_GetClassInfo(IProvideClassInfo2 *This, ITypeInfo **out)
{
    if (out == NULL)
        return E_POINTER;
    *out = object_of_info(This)->class_info;
    if (*out == NULL)
        return TYPE_E_LIBNOTREGISTERED;
    ITypeInfo_AddRef(*out);
    return S_OK;
}
#endif

#ifndef HAS_info_GetGUID
static HRESULT STDMETHODCALLTYPE info_GetGUID(IProvideClassInfo2 *This, DWORD kind, GUID *out)
{
    if (out == NULL)
        return E_POINTER;
    if (kind != GUIDKIND_DEFAULT_SOURCE_DISP_IID)
        return E_INVALIDARG;
    *out = object_of_info(This)->points[0].iid;
    return S_OK;
}
#endif

static const IProvideClassInfo2Vtbl info_vtable = {
    .QueryInterface = info_QueryInterface,
    .AddRef = info_AddRef,
    .Release = info_Release,
    .GetClassInfo = info_GetClassInfo,
    .GetGUID = info_GetGUID,
};

/* ---- making it ------------------------------------------------------------------------------- */

static ITypeInfo *class_info(void)
{
    ITypeInfo *info = NULL;
    ITypeLib *library;

    if (FAILED(connpt_typelib_load(EXAMPLE_TLB, &library)))
        return NULL;
    if (FAILED(ITypeLib_GetTypeInfoOfGuid(library, &CLSID_described, &info)))
        info = NULL;
    ITypeLib_Release(library);
    return info;
}

static HRESULT create(REFIID iid, void **out)
{
    struct object *object = calloc(1, sizeof *object + 256); /* an example may add something */
    HRESULT hr;

    if (object == NULL)
        return E_OUTOFMEMORY;
    object->IDispatch_iface.lpVtbl = &dispatch_vtable;
    object->IConnectionPointContainer_iface.lpVtbl = &container_vtable;
    object->IProvideClassInfo2_iface.lpVtbl = &info_vtable;
    object->refs = 1;
    for (ULONG i = 0; i < N_POINTS; i++)
        point_init(&object->points[i], object, &iids[i]);
#ifndef PAGE_object_made
    object->class_info = class_info();
#endif
#if defined(PAGE_points_separate) && defined(WRONG)
    ((struct listed_object *)(void *)object)->points = points_create(object);
    object_Release(object);
#endif
#ifdef PAGE_end_quiet
    ((struct ticking_object *)(void *)object)->timer = timer_start(object);
#endif
    hr = object_query(object, iid, out);
    IDispatch_Release(&object->IDispatch_iface);
    return hr;
}

static HRESULT STDMETHODCALLTYPE factory_CreateInstance(IClassFactory *This, IUnknown *outer,
                                                        REFIID iid, void **out)
{
    (void)This;
    return outer != NULL ? CLASS_E_NOAGGREGATION : create(iid, out);
}

static const IClassFactoryVtbl factory_vtable = {
    .QueryInterface = factory_QueryInterface,
    .AddRef = factory_AddRef,
    .Release = factory_Release,
    .CreateInstance = factory_CreateInstance,
    .LockServer = factory_LockServer,
};

HRESULT STDMETHODCALLTYPE DllGetClassObject(REFCLSID clsid, REFIID iid, void **out);

HRESULT STDMETHODCALLTYPE DllGetClassObject(REFCLSID clsid, REFIID iid, void **out)
{
    static IClassFactory factory = { &factory_vtable };

    (void)clsid;
    return factory_QueryInterface(&factory, iid, out);
}

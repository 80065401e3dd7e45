/* SPDX-License-Identifier: MIT */
/*
 * cli/foreign.c - a module whose connection point container is as bad as those in the field
 *
 * It serves the class and the events of the sample type library (foreign.tlb is a copy of
 * ticker.tlb), by an implementation of IConnectionPointContainer of its own:
 *
 *     FOREIGN_ENUM=notimpl   EnumConnectionPoints answers E_NOTIMPL (the default)
 *     FOREIGN_ENUM=null      ... S_OK without an enumerator
 *     FOREIGN_ENUM=endless   ... an enumerator whose Next delivers the same point for ever
 *     FOREIGN_ENUM=failing   ... answers E_FAIL
 *     FOREIGN_ENUM=nothing   ... answers S_OK and delivers nothing
 *     FOREIGN_ENUM=uncounted ... delivers one point and counts none
 *     FOREIGN_ENUM=short     ... answers S_OK for a short read
 *
 *     FOREIGN_FIND=nointerface  FindConnectionPoint answers E_NOINTERFACE for what is not there
 *     FOREIGN_FIND=null         ... S_OK without a point
 *
 *     FOREIGN_INFO=notimpl   there is IProvideClassInfo2, whose methods answer E_NOTIMPL
 *     FOREIGN_INFO=null      ... S_OK, without class info and with GUID_NULL
 *
 *     FOREIGN_POINT=nameless  GetConnectionInterface fails
 *     FOREIGN_POINT=mute      ... answers S_OK and writes nothing
 *     FOREIGN_POINT=liar      ... names an interface that the object does not have
 *     FOREIGN_POINT=refuse    Advise answers CONNECT_E_CANNOTCONNECT
 *     FOREIGN_POINT=zero      ... connects, and the cookie is 0
 *     FOREIGN_POINT=stuck     Unadvise fails
 *     FOREIGN_POINT=hang      Advise says so on stderr and never returns
 *     FOREIGN_POINT=hold      Unadvise says so on stderr and never returns
 *     FOREIGN_POINT=burst     Advise fires 1000 events more, before it returns
 *     FOREIGN_POINT=plain     none of these; EnumConnections answers as FOREIGN_LIST says
 *                             (foreign_list.h), with every FOREIGN_POINT
 *
 *     FOREIGN_CLASS=null      DllGetClassObject answers S_OK without an object
 *     FOREIGN_CLASS=failing   ... E_UNEXPECTED, and an address that is none
 *     FOREIGN_CLASS=memory    CreateInstance answers E_OUTOFMEMORY
 *     FOREIGN_CLASS=nothing   ... S_OK without an object
 *     FOREIGN_CLASS=plain     the object has no events
 *
 * When somebody connects it fires one OnTick(1.5, "foreign").
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#ifndef _WIN32
#include <unistd.h>
#endif

#include <connpt/connpt.h>

#include "foreign_list.h"

static const CLSID CLSID_Foreign = {
    0x5b1d4a2b, 0x846e, 0x4106, { 0xbc, 0xee, 0x6a, 0x7b, 0xe3, 0xc8, 0x6d, 0x5b }
};
static const IID DIID_Events = {
    0x08b84bf0, 0x4058, 0x4070, { 0xbc, 0xab, 0x7a, 0xe4, 0x1d, 0xac, 0xcc, 0x08 }
};

static const IID IID_Unknown = {
    0x0badcafe, 0x846e, 0x4106, { 0xbc, 0xee, 0x6a, 0x7b, 0xe3, 0xc8, 0x6d, 0x5b }
};

struct foreign {
    struct connpt_object object;
    IConnectionPointContainer IConnectionPointContainer_iface;
    IEnumConnectionPoints IEnumConnectionPoints_iface; /* of FOREIGN_ENUM=endless */
    IConnectionPoint IConnectionPoint_iface;           /* of FOREIGN_POINT */
    IProvideClassInfo2 IProvideClassInfo2_iface;       /* of FOREIGN_INFO */
    struct connpt_object *inner;                       /* the one that really has the point */
    DWORD cookie;                                      /* the last one */
    IUnknown *sink;                                    /* of that; borrowed */
    int is_read;                                       /* of FOREIGN_ENUM=short and uncounted */
};

CONNPT_UNKNOWN_METHODS(IConnectionPointContainer, foreign)
CONNPT_UNKNOWN_METHODS(IEnumConnectionPoints, foreign)
CONNPT_UNKNOWN_METHODS(IConnectionPoint, foreign)
CONNPT_UNKNOWN_METHODS(IProvideClassInfo2, foreign)

static int is_mode(const char *variable, const char *mode)
{
    const char *value = getenv(variable);

    return value != NULL && strcmp(value, mode) == 0;
}

/* The point as others see it: with FOREIGN_POINT one with bad manners before the real one. */
static HRESULT find_point(struct foreign *foreign, REFIID iid, IConnectionPoint **out)
{
    HRESULT hr = IConnectionPointContainer_FindConnectionPoint(
        connpt_object_container(foreign->inner), iid, out);

    if (SUCCEEDED(hr) && getenv("FOREIGN_POINT") != NULL) {
        IConnectionPoint_Release(*out);
        *out = &foreign->IConnectionPoint_iface;
        IConnectionPoint_AddRef(*out);
    }
    return hr;
}

static HRESULT STDMETHODCALLTYPE foreign_EnumConnectionPoints(IConnectionPointContainer *iface,
                                                              IEnumConnectionPoints **out)
{
    struct foreign *foreign = CONNPT_FROM_IFACE(iface, IConnectionPointContainer, foreign);

    *out = NULL;
    if (is_mode("FOREIGN_ENUM", "null"))
        return S_OK;
    if (getenv("FOREIGN_ENUM") == NULL || is_mode("FOREIGN_ENUM", "notimpl"))
        return E_NOTIMPL;
    foreign->is_read = 0;
    *out = &foreign->IEnumConnectionPoints_iface;
    IEnumConnectionPoints_AddRef(*out);
    return S_OK;
}

static HRESULT STDMETHODCALLTYPE foreign_FindConnectionPoint(IConnectionPointContainer *iface,
                                                             REFIID iid, IConnectionPoint **out)
{
    struct foreign *foreign = CONNPT_FROM_IFACE(iface, IConnectionPointContainer, foreign);
    HRESULT hr = find_point(foreign, iid, out);

    if (FAILED(hr) && is_mode("FOREIGN_FIND", "nointerface"))
        hr = E_NOINTERFACE;
    if (FAILED(hr) && is_mode("FOREIGN_FIND", "null"))
        hr = S_OK;
    return hr;
}

static const IConnectionPointContainerVtbl foreign_container_vtbl = {
    /* IUnknown */
    CONNPT_UNKNOWN_SLOTS(IConnectionPointContainer, foreign),
    /* IConnectionPointContainer */
    .EnumConnectionPoints = foreign_EnumConnectionPoints,
    .FindConnectionPoint = foreign_FindConnectionPoint,
};

static HRESULT STDMETHODCALLTYPE foreign_Next(IEnumConnectionPoints *iface, ULONG n,
                                              IConnectionPoint **points, ULONG *fetched)
{
    struct foreign *foreign = CONNPT_FROM_IFACE(iface, IEnumConnectionPoints, foreign);
    int is_end = foreign->is_read && !is_mode("FOREIGN_ENUM", "endless");
    HRESULT hr;

    if (is_mode("FOREIGN_ENUM", "failing"))
        return E_FAIL;
    if (is_mode("FOREIGN_ENUM", "nothing"))
        return S_OK;
    if (fetched != NULL)
        *fetched = is_end || is_mode("FOREIGN_ENUM", "uncounted") ? 0 : 1;
    if (is_end)
        return S_FALSE;
    foreign->is_read = 1;
    hr = find_point(foreign, &DIID_Events, &points[0]);
    return FAILED(hr) || n == 1 || is_mode("FOREIGN_ENUM", "short") ? hr : S_FALSE;
}

static HRESULT STDMETHODCALLTYPE foreign_Skip(IEnumConnectionPoints *iface, ULONG n)
{
    (void)iface;
    (void)n;
    return E_NOTIMPL;
}

static HRESULT STDMETHODCALLTYPE foreign_Reset(IEnumConnectionPoints *iface)
{
    struct foreign *foreign = CONNPT_FROM_IFACE(iface, IEnumConnectionPoints, foreign);

    if (!is_mode("FOREIGN_ENUM", "short"))
        return E_NOTIMPL;
    foreign->is_read = 0;
    return S_OK;
}

static HRESULT STDMETHODCALLTYPE foreign_Clone(IEnumConnectionPoints *iface,
                                               IEnumConnectionPoints **out)
{
    (void)iface;
    *out = NULL;
    return E_NOTIMPL;
}

static const IEnumConnectionPointsVtbl foreign_enum_vtbl = {
    /* IUnknown */
    CONNPT_UNKNOWN_SLOTS(IEnumConnectionPoints, foreign),
    /* IEnumConnectionPoints */
    .Next = foreign_Next,
    .Skip = foreign_Skip,
    .Reset = foreign_Reset,
    .Clone = foreign_Clone,
};

/* ---- the point with bad manners ---------------------------------------------------------- */

static IConnectionPoint *real_point(struct foreign *foreign)
{
    return connpt_point_iface(connpt_object_point(foreign->inner, 0));
}

static HRESULT STDMETHODCALLTYPE foreign_GetConnectionInterface(IConnectionPoint *iface, IID *iid)
{
    if (is_mode("FOREIGN_POINT", "nameless"))
        return E_FAIL;
    if (is_mode("FOREIGN_POINT", "liar"))
        *iid = IID_Unknown;
    else if (!is_mode("FOREIGN_POINT", "mute"))
        *iid = DIID_Events;
    (void)iface;
    return S_OK;
}

static HRESULT STDMETHODCALLTYPE
foreign_GetConnectionPointContainer(IConnectionPoint *iface, IConnectionPointContainer **out)
{
    struct foreign *foreign = CONNPT_FROM_IFACE(iface, IConnectionPoint, foreign);

    *out = &foreign->IConnectionPointContainer_iface;
    IConnectionPointContainer_AddRef(*out);
    return S_OK;
}

static void fire_tick(struct foreign *foreign);

static void never_return(const char *method)
{
    fprintf(stderr, "foreign: %s never returns\n", method);
    fflush(stderr);
    for (;;)
#ifdef _WIN32
        Sleep(INFINITE);
#else
        pause();
#endif
}

static HRESULT STDMETHODCALLTYPE foreign_Advise(IConnectionPoint *iface, IUnknown *sink,
                                                DWORD *cookie)
{
    struct foreign *foreign = CONNPT_FROM_IFACE(iface, IConnectionPoint, foreign);
    HRESULT hr;

    if (is_mode("FOREIGN_POINT", "refuse"))
        return CONNECT_E_CANNOTCONNECT;
    if (is_mode("FOREIGN_POINT", "hang"))
        never_return("Advise");
    hr = IConnectionPoint_Advise(real_point(foreign), sink, cookie);
    foreign->cookie = *cookie;
    foreign->sink = sink;
    if (is_mode("FOREIGN_POINT", "zero"))
        *cookie = 0;
    for (int i = 0; i < 1000 && is_mode("FOREIGN_POINT", "burst"); i++)
        fire_tick(foreign);
    return hr;
}

static HRESULT STDMETHODCALLTYPE foreign_Unadvise(IConnectionPoint *iface, DWORD cookie)
{
    struct foreign *foreign = CONNPT_FROM_IFACE(iface, IConnectionPoint, foreign);

    if (is_mode("FOREIGN_POINT", "stuck"))
        return E_FAIL;
    if (is_mode("FOREIGN_POINT", "hold"))
        never_return("Unadvise");
    return IConnectionPoint_Unadvise(real_point(foreign), cookie != 0 ? cookie : foreign->cookie);
}

static HRESULT STDMETHODCALLTYPE foreign_EnumConnections(IConnectionPoint *iface,
                                                         IEnumConnections **out)
{
    struct foreign *foreign = CONNPT_FROM_IFACE(iface, IConnectionPoint, foreign);

    return foreign_list_create(foreign->sink, foreign->cookie, out);
}

static const IConnectionPointVtbl foreign_point_vtbl = {
    /* IUnknown */
    CONNPT_UNKNOWN_SLOTS(IConnectionPoint, foreign),
    /* IConnectionPoint */
    .GetConnectionInterface = foreign_GetConnectionInterface,
    .GetConnectionPointContainer = foreign_GetConnectionPointContainer,
    .Advise = foreign_Advise,
    .Unadvise = foreign_Unadvise,
    .EnumConnections = foreign_EnumConnections,
};

/* ---- the object with the point ----------------------------------------------------------- */

static void fire_point(connpt_point *point)
{
    static OLECHAR name[] = { 'f', 'o', 'r', 'e', 'i', 'g', 'n', 0 };
    VARIANT args[2] = { connpt_variant_r8(1.5), connpt_variant_bstr(NULL) };
    struct connpt_event event = { .dispid = 1, .n_args = 2, .args = args };

    V_BSTR(&args[1]) = connpt_SysAllocString(name);
    connpt_point_fire_event(point, &event, NULL);
    connpt_SysFreeString(V_BSTR(&args[1]));
}

static void fire_tick(struct foreign *foreign)
{
    fire_point(connpt_object_point(foreign->inner, 0));
}

static void inner_listening(struct connpt_object *object, connpt_point *point, BOOL any)
{
    (void)object;
    if (any)
        fire_point(point);
}

static const struct connpt_source inner_sources[] = {
    { &DIID_Events, CONNPT_SOURCE_DISPATCH, 0 },
    { NULL, 0, 0 },
};

static const struct connpt_class inner_class = {
    .size = sizeof(struct connpt_object),
    .sources = inner_sources,
    .listening = inner_listening,
};

/* ---- the module -------------------------------------------------------------------------- */

static struct connpt_server server; /* below */

static void foreign_fini(struct connpt_object *object)
{
    struct foreign *foreign = (struct foreign *)(void *)object;

    if (foreign->inner != NULL)
        connpt_object_Release(foreign->inner);
}

/* ---- class info that is none ------------------------------------------------------------- */

static HRESULT STDMETHODCALLTYPE foreign_GetClassInfo(IProvideClassInfo2 *iface, ITypeInfo **out)
{
    (void)iface;
    *out = NULL;
    return is_mode("FOREIGN_INFO", "null") ? S_OK : E_NOTIMPL;
}

static HRESULT STDMETHODCALLTYPE foreign_GetGUID(IProvideClassInfo2 *iface, DWORD kind, GUID *out)
{
    (void)iface;
    (void)kind;
    memset(out, 0, sizeof(*out));
    return is_mode("FOREIGN_INFO", "null") ? S_OK : E_NOTIMPL;
}

static const IProvideClassInfo2Vtbl foreign_info_vtbl = {
    /* IUnknown */
    CONNPT_UNKNOWN_SLOTS(IProvideClassInfo2, foreign),
    /* IProvideClassInfo */
    .GetClassInfo = foreign_GetClassInfo,
    /* IProvideClassInfo2 */
    .GetGUID = foreign_GetGUID,
};

/* ---- the class --------------------------------------------------------------------------- */

static const struct connpt_interface foreign_interfaces[] = {
    { &IID_IConnectionPointContainer, offsetof(struct foreign, IConnectionPointContainer_iface) },
    { &IID_IEnumConnectionPoints, offsetof(struct foreign, IEnumConnectionPoints_iface) },
    { &IID_IConnectionPoint, offsetof(struct foreign, IConnectionPoint_iface) },
    { NULL, 0 },
};

static const struct connpt_class foreign_class = {
    .size = sizeof(struct foreign),
    .interfaces = foreign_interfaces,
    .fini = foreign_fini,
    .server = &server,
};

static const struct connpt_interface informed_interfaces[] = {
    { &IID_IConnectionPointContainer, offsetof(struct foreign, IConnectionPointContainer_iface) },
    { &IID_IProvideClassInfo, offsetof(struct foreign, IProvideClassInfo2_iface) },
    { &IID_IProvideClassInfo2, offsetof(struct foreign, IProvideClassInfo2_iface) },
    { NULL, 0 },
};

static const struct connpt_class informed_class = {
    .size = sizeof(struct foreign),
    .interfaces = informed_interfaces,
    .fini = foreign_fini,
    .server = &server,
};

static const struct connpt_class plain_class = {
    .size = sizeof(struct connpt_object),
    .server = &server,
};

static HRESULT foreign_create(IUnknown *outer, struct connpt_object **ret_object)
{
    struct connpt_object *object;
    struct foreign *foreign;
    HRESULT hr;

    if (is_mode("FOREIGN_CLASS", "memory"))
        return E_OUTOFMEMORY;
    if (is_mode("FOREIGN_CLASS", "plain"))
        return connpt_object_create(&plain_class, outer, ret_object);
    hr = connpt_object_create(getenv("FOREIGN_INFO") != NULL ? &informed_class : &foreign_class,
                              outer, &object);
    if (FAILED(hr))
        return hr;
    foreign = (struct foreign *)(void *)object;
    foreign->IConnectionPointContainer_iface.lpVtbl = &foreign_container_vtbl;
    foreign->IEnumConnectionPoints_iface.lpVtbl = &foreign_enum_vtbl;
    foreign->IConnectionPoint_iface.lpVtbl = &foreign_point_vtbl;
    foreign->IProvideClassInfo2_iface.lpVtbl = &foreign_info_vtbl;
    hr = connpt_object_create(&inner_class, NULL, &foreign->inner);
    if (FAILED(hr)) {
        connpt_object_Release(object);
        return hr;
    }
    *ret_object = object;
    return S_OK;
}

static const struct connpt_server_class classes[] = {
    { &CLSID_Foreign, foreign_create },
    { NULL, NULL },
};

static struct connpt_server server = { classes, 0 };

/* ---- a class factory that makes nothing, and says that it did ---------------------------- */

static HRESULT STDMETHODCALLTYPE factory_QueryInterface(IClassFactory *iface, REFIID iid,
                                                        void **out)
{
    (void)iid;
    *out = iface;
    return S_OK;
}

static ULONG STDMETHODCALLTYPE factory_count(IClassFactory *iface)
{
    (void)iface;
    return 1;
}

static HRESULT STDMETHODCALLTYPE factory_CreateInstance(IClassFactory *iface, IUnknown *outer,
                                                        REFIID iid, void **out)
{
    (void)iface;
    (void)outer;
    (void)iid;
    *out = NULL;
    return S_OK;
}

static HRESULT STDMETHODCALLTYPE factory_LockServer(IClassFactory *iface, BOOL lock)
{
    (void)iface;
    (void)lock;
    return S_OK;
}

static const IClassFactoryVtbl factory_vtbl = {
    /* IUnknown */
    .QueryInterface = factory_QueryInterface,
    .AddRef = factory_count,
    .Release = factory_count,
    /* IClassFactory */
    .CreateInstance = factory_CreateInstance,
    .LockServer = factory_LockServer,
};

STDAPI DllGetClassObject(REFCLSID clsid, REFIID iid, void **out)
{
    static IClassFactory nothing = { &factory_vtbl };

    *out = NULL;
    if (is_mode("FOREIGN_CLASS", "null"))
        return S_OK;
    if (is_mode("FOREIGN_CLASS", "nothing")) {
        *out = &nothing;
        return S_OK;
    }
    if (is_mode("FOREIGN_CLASS", "failing")) {
        *out = &server;
        return E_UNEXPECTED;
    }
    return connpt_server_get_class_object(&server, clsid, iid, out);
}

STDAPI DllCanUnloadNow(void)
{
    return connpt_server_can_unload(&server);
}

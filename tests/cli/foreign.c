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
 *
 * When somebody connects it fires one OnTick(1.5, "foreign").
 */
#include <stdlib.h>
#include <string.h>

#include <connpt/connpt.h>

static const CLSID CLSID_Foreign = {
    0x5b1d4a2b, 0x846e, 0x4106, { 0xbc, 0xee, 0x6a, 0x7b, 0xe3, 0xc8, 0x6d, 0x5b }
};
static const IID DIID_Events = {
    0x08b84bf0, 0x4058, 0x4070, { 0xbc, 0xab, 0x7a, 0xe4, 0x1d, 0xac, 0xcc, 0x08 }
};

struct foreign {
    struct connpt_object object;
    IConnectionPointContainer IConnectionPointContainer_iface;
    IEnumConnectionPoints IEnumConnectionPoints_iface; /* of FOREIGN_ENUM=endless */
    struct connpt_object *inner;                       /* the one that really has the point */
};

CONNPT_UNKNOWN_METHODS(IConnectionPointContainer, foreign)
CONNPT_UNKNOWN_METHODS(IEnumConnectionPoints, foreign)

static HRESULT STDMETHODCALLTYPE foreign_EnumConnectionPoints(IConnectionPointContainer *iface,
                                                              IEnumConnectionPoints **out)
{
    struct foreign *foreign = CONNPT_FROM_IFACE(iface, IConnectionPointContainer, foreign);
    const char *mode = getenv("FOREIGN_ENUM");

    *out = NULL;
    if (mode != NULL && strcmp(mode, "null") == 0)
        return S_OK;
    if (mode == NULL || strcmp(mode, "endless") != 0)
        return E_NOTIMPL;
    *out = &foreign->IEnumConnectionPoints_iface;
    IEnumConnectionPoints_AddRef(*out);
    return S_OK;
}

static HRESULT STDMETHODCALLTYPE foreign_FindConnectionPoint(IConnectionPointContainer *iface,
                                                             REFIID iid, IConnectionPoint **out)
{
    struct foreign *foreign = CONNPT_FROM_IFACE(iface, IConnectionPointContainer, foreign);

    return IConnectionPointContainer_FindConnectionPoint(connpt_object_container(foreign->inner),
                                                         iid, out);
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

    (void)n;
    if (fetched != NULL)
        *fetched = 1;
    points[0] = connpt_point_iface(connpt_object_point(foreign->inner, 0));
    IConnectionPoint_AddRef(points[0]);
    return S_OK;
}

static HRESULT STDMETHODCALLTYPE foreign_Skip(IEnumConnectionPoints *iface, ULONG n)
{
    (void)iface;
    (void)n;
    return E_NOTIMPL;
}

static HRESULT STDMETHODCALLTYPE foreign_Reset(IEnumConnectionPoints *iface)
{
    (void)iface;
    return E_NOTIMPL;
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

/* ---- the object with the point -----------------------------------------------------------------
 */

static void inner_listening(struct connpt_object *object, connpt_point *point, BOOL any)
{
    static OLECHAR name[] = { 'f', 'o', 'r', 'e', 'i', 'g', 'n', 0 };
    VARIANT args[2] = { connpt_variant_r8(1.5), connpt_variant_bstr(NULL) };
    struct connpt_event event = { .dispid = 1, .n_args = 2, .args = args };

    (void)object;
    if (!any)
        return;
    V_BSTR(&args[1]) = connpt_SysAllocString(name);
    connpt_point_fire_event(point, &event, NULL);
    connpt_SysFreeString(V_BSTR(&args[1]));
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

/* ---- the module --------------------------------------------------------------------------------
 */

static struct connpt_server server; /* below */

static void foreign_fini(struct connpt_object *object)
{
    struct foreign *foreign = (struct foreign *)(void *)object;

    if (foreign->inner != NULL)
        connpt_object_Release(foreign->inner);
}

static const struct connpt_interface foreign_interfaces[] = {
    { &IID_IConnectionPointContainer, offsetof(struct foreign, IConnectionPointContainer_iface) },
    { &IID_IEnumConnectionPoints, offsetof(struct foreign, IEnumConnectionPoints_iface) },
    { NULL, 0 },
};

static const struct connpt_class foreign_class = {
    .size = sizeof(struct foreign),
    .interfaces = foreign_interfaces,
    .fini = foreign_fini,
    .server = &server,
};

static HRESULT foreign_create(IUnknown *outer, struct connpt_object **ret_object)
{
    struct connpt_object *object;
    struct foreign *foreign;
    HRESULT hr = connpt_object_create(&foreign_class, outer, &object);

    if (FAILED(hr))
        return hr;
    foreign = (struct foreign *)(void *)object;
    foreign->IConnectionPointContainer_iface.lpVtbl = &foreign_container_vtbl;
    foreign->IEnumConnectionPoints_iface.lpVtbl = &foreign_enum_vtbl;
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

STDAPI DllGetClassObject(REFCLSID clsid, REFIID iid, void **out)
{
    return connpt_server_get_class_object(&server, clsid, iid, out);
}

STDAPI DllCanUnloadNow(void)
{
    return connpt_server_can_unload(&server);
}

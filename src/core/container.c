/* SPDX-License-Identifier: MIT */
/* core/container.c - IConnectionPointContainer: the points of an object */
#include <connpt/guid.h>

#include "core/object.h"

static struct object *object_from_container(IConnectionPointContainer *iface)
{
    return container_of(iface, struct object, IConnectionPointContainer_iface);
}

static HRESULT STDMETHODCALLTYPE container_QueryInterface(IConnectionPointContainer *iface,
                                                          REFIID iid, void **out)
{
    return connpt_object_QueryInterface(object_head(object_from_container(iface)), iid, out);
}

static ULONG STDMETHODCALLTYPE container_AddRef(IConnectionPointContainer *iface)
{
    return connpt__object_add_ref(object_from_container(iface));
}

static ULONG STDMETHODCALLTYPE container_Release(IConnectionPointContainer *iface)
{
    return connpt__object_release(object_from_container(iface));
}

static HRESULT STDMETHODCALLTYPE container_EnumConnectionPoints(IConnectionPointContainer *iface,
                                                                IEnumConnectionPoints **out)
{
    if (out == NULL)
        return E_POINTER;
    *out = NULL;
    return connpt__enum_points_create(object_from_container(iface), out);
}

static HRESULT STDMETHODCALLTYPE container_FindConnectionPoint(IConnectionPointContainer *iface,
                                                               REFIID iid, IConnectionPoint **out)
{
    struct object *object = object_from_container(iface);
    connpt_point *point;

    if (out == NULL)
        return E_POINTER;
    *out = NULL;
    if (iid == NULL)
        return E_POINTER;
    point = connpt__point_set_find(object->points, iid);
    if (point == NULL)
        return CONNECT_E_NOCONNECTION;
    (void)connpt__object_add_ref(object);
    *out = connpt_point_iface(point);
    return S_OK;
}

const IConnectionPointContainerVtbl connpt__container_vtbl = {
    /* IUnknown */
    .QueryInterface = container_QueryInterface,
    .AddRef = container_AddRef,
    .Release = container_Release,
    /* IConnectionPointContainer */
    .EnumConnectionPoints = container_EnumConnectionPoints,
    .FindConnectionPoint = container_FindConnectionPoint,
};

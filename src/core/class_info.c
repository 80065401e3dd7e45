/* SPDX-License-Identifier: MIT */
/* core/class_info.c - IProvideClassInfo2: what the class is, and its default source */
#include <connpt/com.h>

#include "core/object.h"

static struct object *object_from_class_info(IProvideClassInfo2 *iface)
{
    return container_of(iface, struct object, IProvideClassInfo2_iface);
}

static HRESULT STDMETHODCALLTYPE class_info_QueryInterface(IProvideClassInfo2 *iface, REFIID iid,
                                                           void **out)
{
    return connpt_object_QueryInterface(object_head(object_from_class_info(iface)), iid, out);
}

static ULONG STDMETHODCALLTYPE class_info_AddRef(IProvideClassInfo2 *iface)
{
    return connpt__object_add_ref(object_from_class_info(iface));
}

static ULONG STDMETHODCALLTYPE class_info_Release(IProvideClassInfo2 *iface)
{
    return connpt__object_release(object_from_class_info(iface));
}

static HRESULT STDMETHODCALLTYPE class_info_GetClassInfo(IProvideClassInfo2 *iface, ITypeInfo **out)
{
    struct object *object = object_from_class_info(iface);
    ITypeInfo *info = NULL;
    HRESULT hr;

    if (out == NULL)
        return E_POINTER;
    *out = NULL;
    /* E_NOTIMPL is not an answer that this method may give. */
    if (object->cls->class_info == NULL)
        return TYPE_E_LIBNOTREGISTERED;
    hr = object->cls->class_info(object_head(object), &info);
    if (FAILED(hr))
        return hr;
    *out = info;
    return info != NULL ? hr : E_UNEXPECTED; /* never S_OK with NULL: clients would call it */
}

static HRESULT STDMETHODCALLTYPE class_info_GetGUID(IProvideClassInfo2 *iface, DWORD kind,
                                                    GUID *ret_guid)
{
    struct object *object = object_from_class_info(iface);

    if (ret_guid == NULL)
        return E_POINTER;
    *ret_guid = GUID_NULL;
    if (kind != GUIDKIND_DEFAULT_SOURCE_DISP_IID)
        return E_INVALIDARG;
    for (connpt_point *point = connpt__point_set_first(object->points); point != NULL;
         point = connpt__point_set_next(object->points, point)) {
        if (load_relaxed(&point->flags) & CONNPT_SOURCE_DEFAULT) {
            *ret_guid = *connpt__point_source(point)->iid;
            return S_OK;
        }
    }
    return E_FAIL; /* never S_OK with GUID_NULL: clients would ask for that interface */
}

const IProvideClassInfo2Vtbl connpt__class_info_vtbl = {
    /* IUnknown */
    .QueryInterface = class_info_QueryInterface,
    .AddRef = class_info_AddRef,
    .Release = class_info_Release,
    /* IProvideClassInfo */
    .GetClassInfo = class_info_GetClassInfo,
    /* IProvideClassInfo2 */
    .GetGUID = class_info_GetGUID,
};

/* SPDX-License-Identifier: MIT */
/*
 * typelib/source.c - which outgoing interface of an object a client means by default
 *
 * Everything here is asked of foreign objects through their public methods, on every system
 * alike. No lock of the library is held anywhere in this file.
 *
 * Running out of memory ends a search: going on to the next way to ask could give another
 * answer than with memory.
 */
#include <string.h>

#include <connpt/guid.h>
#include <connpt/typelib.h>

#include "base/mutex.h"

/* ---- type infos -------------------------------------------------------------------------- */

/* Those fields of TYPEATTR that are of use here. */
struct attr {
    GUID guid;
    TYPEKIND kind;
    UINT n_impls;
};

static HRESULT read_attr(ITypeInfo *info, struct attr *ret_attr)
{
    TYPEATTR *attr = NULL;
    HRESULT hr = ITypeInfo_GetTypeAttr(info, &attr);

    if (FAILED(hr))
        return hr;
    if (attr == NULL)
        return E_UNEXPECTED;
    ret_attr->guid = attr->guid;
    ret_attr->kind = attr->typekind;
    ret_attr->n_impls = attr->cImplTypes;
    ITypeInfo_ReleaseTypeAttr(info, attr);
    return S_OK;
}

/* The index-th interface of a coclass and its identifier. */
static HRESULT impl_type(ITypeInfo *coclass, UINT index, GUID *ret_iid, ITypeInfo **ret_info)
{
    ITypeInfo *info = NULL;
    struct attr attr;
    HREFTYPE href;
    HRESULT hr = ITypeInfo_GetRefTypeOfImplType(coclass, index, &href);

    if (SUCCEEDED(hr))
        hr = ITypeInfo_GetRefTypeInfo(coclass, href, &info);
    if (FAILED(hr))
        return hr;
    if (info == NULL)
        return E_UNEXPECTED;
    hr = read_attr(info, &attr);
    if (SUCCEEDED(hr))
        *ret_iid = attr.guid;
    if (SUCCEEDED(hr) && ret_info != NULL)
        *ret_info = info;
    else
        ITypeInfo_Release(info);
    return hr;
}

HRESULT connpt_coclass_source(ITypeInfo *coclass, UINT index, IID *ret_iid, INT *flags,
                              ITypeInfo **ret_info)
{
    struct attr attr;
    HRESULT hr;

    if (coclass == NULL || ret_iid == NULL)
        return E_POINTER;
    connpt__assert_unlocked();
    hr = read_attr(coclass, &attr);
    if (FAILED(hr))
        return hr;
    for (UINT i = 0; i < attr.n_impls; i++) {
        INT impl_flags = 0;

        hr = ITypeInfo_GetImplTypeFlags(coclass, i, &impl_flags);
        if (FAILED(hr))
            return hr;
        if (!(impl_flags & IMPLTYPEFLAG_FSOURCE) || index-- > 0)
            continue;
        hr = impl_type(coclass, i, ret_iid, ret_info);
        if (SUCCEEDED(hr) && flags != NULL)
            *flags = impl_flags;
        return FAILED(hr) ? hr : S_OK;
    }
    return S_FALSE;
}

/* ---- from an object to its class --------------------------------------------------------- */

static HRESULT provided_coclass(IUnknown *object, ITypeInfo **ret_coclass)
{
    IProvideClassInfo *provider = NULL;
    ITypeInfo *coclass = NULL;
    HRESULT hr = IUnknown_QueryInterface(object, &IID_IProvideClassInfo, (void **)&provider);

    if (FAILED(hr) || provider == NULL)
        return FAILED(hr) ? hr : E_NOINTERFACE;
    hr = IProvideClassInfo_GetClassInfo(provider, &coclass);
    IProvideClassInfo_Release(provider);
    if (FAILED(hr) || coclass == NULL)
        return FAILED(hr) ? hr : E_UNEXPECTED;
    *ret_coclass = coclass;
    return S_OK;
}

static HRESULT dispatch_typeinfo(IUnknown *object, ITypeInfo **ret_info)
{
    IDispatch *dispatch = NULL;
    ITypeInfo *info = NULL;
    HRESULT hr = IUnknown_QueryInterface(object, &IID_IDispatch, (void **)&dispatch);

    if (FAILED(hr) || dispatch == NULL)
        return FAILED(hr) ? hr : E_NOINTERFACE;
    hr = IDispatch_GetTypeInfo(dispatch, 0, LOCALE_USER_DEFAULT, &info);
    IDispatch_Release(dispatch);
    if (FAILED(hr) || info == NULL)
        return FAILED(hr) ? hr : E_UNEXPECTED;
    *ret_info = info;
    return S_OK;
}

/* Whether a coclass has that interface as its default incoming one. */
static HRESULT is_coclass_of(ITypeInfo *coclass, const GUID *iid, int *ret_is)
{
    struct attr attr;
    HRESULT hr = read_attr(coclass, &attr);

    *ret_is = 0;
    if (FAILED(hr) || attr.kind != TKIND_COCLASS)
        return hr;
    for (UINT i = 0; i < attr.n_impls; i++) {
        INT flags = 0;
        GUID impl_iid;

        hr = ITypeInfo_GetImplTypeFlags(coclass, i, &flags);
        if (FAILED(hr))
            return hr;
        if ((flags & (IMPLTYPEFLAG_FDEFAULT | IMPLTYPEFLAG_FSOURCE)) != IMPLTYPEFLAG_FDEFAULT)
            continue;
        hr = impl_type(coclass, i, &impl_iid, NULL);
        if (hr == E_OUTOFMEMORY)
            return hr;
        if (SUCCEEDED(hr) && connpt_guid_equal(&impl_iid, iid)) {
            *ret_is = 1;
            return S_OK;
        }
    }
    return S_OK;
}

static HRESULT find_coclass(ITypeLib *library, const GUID *iid, ITypeInfo **ret_coclass)
{
    UINT n = ITypeLib_GetTypeInfoCount(library);

    for (UINT i = 0; i < n; i++) {
        ITypeInfo *info = NULL;
        int found = 0;
        HRESULT hr = ITypeLib_GetTypeInfo(library, i, &info);

        if (SUCCEEDED(hr) && info != NULL)
            hr = is_coclass_of(info, iid, &found);
        if (found) {
            *ret_coclass = info;
            return S_OK;
        }
        if (info != NULL)
            ITypeInfo_Release(info);
        if (hr == E_OUTOFMEMORY)
            return hr;
    }
    return TYPE_E_ELEMENTNOTFOUND;
}

/* The coclass in the library of the object's dispatch interface. */
static HRESULT dispatch_coclass(IUnknown *object, ITypeInfo **ret_coclass)
{
    ITypeLib *library = NULL;
    ITypeInfo *info;
    struct attr attr;
    UINT index;
    HRESULT hr = dispatch_typeinfo(object, &info);

    if (FAILED(hr))
        return hr;
    hr = read_attr(info, &attr);
    if (SUCCEEDED(hr))
        hr = ITypeInfo_GetContainingTypeLib(info, &library, &index);
    if (SUCCEEDED(hr) && library == NULL)
        hr = E_UNEXPECTED;
    if (SUCCEEDED(hr)) {
        hr = find_coclass(library, &attr.guid, ret_coclass);
        ITypeLib_Release(library);
    }
    ITypeInfo_Release(info);
    return hr;
}

HRESULT connpt_object_coclass(IUnknown *object, ITypeInfo **ret_coclass)
{
    HRESULT hr;

    if (object == NULL || ret_coclass == NULL)
        return E_POINTER;
    connpt__assert_unlocked();
    hr = provided_coclass(object, ret_coclass);
    if (FAILED(hr) && hr != E_OUTOFMEMORY)
        hr = dispatch_coclass(object, ret_coclass);
    return SUCCEEDED(hr) || hr == E_OUTOFMEMORY ? hr : TYPE_E_ELEMENTNOTFOUND;
}

/* ---- the default source ------------------------------------------------------------------ */

/* One way to ask: S_OK with an identifier, and with a type info if that comes for nothing. */
typedef HRESULT ask_fn(IUnknown *object, IID *ret_iid, ITypeInfo **ret_info);

static HRESULT ask_class_info2(IUnknown *object, IID *ret_iid, ITypeInfo **ret_info)
{
    IProvideClassInfo2 *provider = NULL;
    GUID iid;
    HRESULT hr = IUnknown_QueryInterface(object, &IID_IProvideClassInfo2, (void **)&provider);

    (void)ret_info;
    if (FAILED(hr) || provider == NULL)
        return FAILED(hr) ? hr : E_NOINTERFACE;
    memset(&iid, 0, sizeof iid);
    hr = IProvideClassInfo2_GetGUID(provider, GUIDKIND_DEFAULT_SOURCE_DISP_IID, &iid);
    IProvideClassInfo2_Release(provider);
    if (SUCCEEDED(hr))
        *ret_iid = iid;
    return hr;
}

/* The source that a coclass marks as default. */
static HRESULT default_of(ITypeInfo *coclass, IID *ret_iid, ITypeInfo **ret_info)
{
    static const INT default_source = IMPLTYPEFLAG_FDEFAULT | IMPLTYPEFLAG_FSOURCE;

    for (UINT i = 0;; i++) {
        ITypeInfo *info = NULL;
        INT flags = 0;
        IID iid;
        HRESULT hr = connpt_coclass_source(coclass, i, &iid, &flags, &info);

        if (hr == S_FALSE)
            return TYPE_E_ELEMENTNOTFOUND;
        if (FAILED(hr))
            return hr;
        if ((flags & (default_source | IMPLTYPEFLAG_FRESTRICTED)) == default_source) {
            *ret_iid = iid;
            *ret_info = info;
            return S_OK;
        }
        ITypeInfo_Release(info);
    }
}

static HRESULT ask_class_info(IUnknown *object, IID *ret_iid, ITypeInfo **ret_info)
{
    ITypeInfo *coclass;
    HRESULT hr = provided_coclass(object, &coclass);

    if (FAILED(hr))
        return hr;
    hr = default_of(coclass, ret_iid, ret_info);
    ITypeInfo_Release(coclass);
    return hr;
}

static HRESULT ask_dispatch(IUnknown *object, IID *ret_iid, ITypeInfo **ret_info)
{
    ITypeInfo *coclass;
    HRESULT hr = dispatch_coclass(object, &coclass);

    if (FAILED(hr))
        return hr;
    hr = default_of(coclass, ret_iid, ret_info);
    ITypeInfo_Release(coclass);
    return hr;
}

static HRESULT ask_only_point(IUnknown *object, IID *ret_iid, ITypeInfo **ret_info)
{
    IConnectionPointContainer *container = NULL;
    IConnectionPoint *point = NULL, *second = NULL;
    IEnumConnectionPoints *points = NULL;
    ULONG n = 0;
    IID iid;
    HRESULT hr =
        IUnknown_QueryInterface(object, &IID_IConnectionPointContainer, (void **)&container);

    (void)ret_info;
    if (FAILED(hr) || container == NULL)
        return FAILED(hr) ? hr : E_NOINTERFACE;
    hr = IConnectionPointContainer_EnumConnectionPoints(container, &points);
    IConnectionPointContainer_Release(container);
    if (FAILED(hr) || points == NULL)
        return FAILED(hr) ? hr : E_UNEXPECTED;

    hr = IEnumConnectionPoints_Next(points, 1, &point, &n);
    if (hr == S_OK && point != NULL) {
        /* A second one leaves the choice to the client. */
        if (IEnumConnectionPoints_Next(points, 1, &second, &n) == S_OK && second != NULL) {
            IConnectionPoint_Release(second);
            hr = CONNECT_E_NOCONNECTION;
        } else {
            hr = IConnectionPoint_GetConnectionInterface(point, &iid);
        }
        if (SUCCEEDED(hr))
            *ret_iid = iid;
        IConnectionPoint_Release(point);
    } else if (SUCCEEDED(hr)) {
        hr = CONNECT_E_NOCONNECTION;
    }
    IEnumConnectionPoints_Release(points);
    return hr;
}

/* What describes an interface that was found by identifier only: the library of the object's
 * class, or of its dispatch interface. */
static HRESULT describe(IUnknown *object, const IID *iid, ITypeInfo **ret_info)
{
    ITypeLib *library = NULL;
    ITypeInfo *info, *described = NULL;
    UINT index;
    HRESULT hr = provided_coclass(object, &info);

    if (FAILED(hr) && hr != E_OUTOFMEMORY)
        hr = dispatch_typeinfo(object, &info);
    if (FAILED(hr))
        return hr;
    hr = ITypeInfo_GetContainingTypeLib(info, &library, &index);
    ITypeInfo_Release(info);
    if (FAILED(hr) || library == NULL)
        return FAILED(hr) ? hr : E_UNEXPECTED;
    hr = ITypeLib_GetTypeInfoOfGuid(library, iid, &described);
    ITypeLib_Release(library);
    if (SUCCEEDED(hr))
        *ret_info = described;
    return hr;
}

HRESULT connpt_default_source(IUnknown *object, IID *ret_iid, ITypeInfo **ret_info)
{
    static ask_fn *const ways[] = { ask_class_info2, ask_class_info, ask_dispatch, ask_only_point };

    if (object == NULL || ret_iid == NULL)
        return E_POINTER;
    connpt__assert_unlocked();
    for (size_t i = 0; i < sizeof ways / sizeof ways[0]; i++) {
        ITypeInfo *info = NULL;
        IID iid;
        HRESULT hr = ways[i](object, &iid, &info);

        if (SUCCEEDED(hr) && !connpt_guid_equal(&iid, &GUID_NULL)) {
            if (info == NULL && ret_info != NULL)
                hr = describe(object, &iid, &info);
            if (hr == E_OUTOFMEMORY)
                return hr;
            *ret_iid = iid;
            if (ret_info != NULL)
                *ret_info = info;
            else if (info != NULL)
                ITypeInfo_Release(info);
            return S_OK;
        }
        if (info != NULL)
            ITypeInfo_Release(info);
        if (hr == E_OUTOFMEMORY)
            return hr;
    }
    return CONNECT_E_NOCONNECTION;
}

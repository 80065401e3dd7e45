/* SPDX-License-Identifier: MIT */
/*
 * typelib/typeinfo.c - ITypeInfo over one type of an MSFT image
 *
 * A dual interface is stored once, as TKIND_DISPATCH, and has two type infos, each of which
 * gives the other for the HREFTYPE -2:
 *
 *     dispatch side    every function that Invoke reaches, bases first, as Invoke calls them
 *     interface side   TKIND_INTERFACE: its own functions, as the vtable has them
 */
#include "typelib/library.h"

#include <assert.h>

#include <connpt/automation.h>
#include <connpt/guid.h>

#include "base/alloc.h"
#include "base/container_of.h"
#include "typelib/descriptors.h"
#include "typelib/members.h"

static const ITypeInfoVtbl typeinfo_vtbl;
static const HREFTYPE other_side = (HREFTYPE)-2;

static struct typeinfo *typeinfo_from_iface(ITypeInfo *iface)
{
    assert(iface->lpVtbl == &typeinfo_vtbl);
    return container_of(iface, struct typeinfo, ITypeInfo_iface);
}

void connpt__typeinfo_init(struct typeinfo *info, struct library *library, uint32_t index,
                           int is_interface_side)
{
    info->ITypeInfo_iface.lpVtbl = &typeinfo_vtbl;
    info->library = library;
    info->index = index;
    info->is_interface_side = is_interface_side;
}

HRESULT connpt__typeinfo_read(const struct typeinfo *info, struct msft_type *ret_type)
{
    HRESULT hr = connpt__msft_type(&info->library->msft, info->index, ret_type);

    if (SUCCEEDED(hr) && info->is_interface_side)
        ret_type->kind = TKIND_INTERFACE;
    return hr;
}

static int is_dual(const struct msft_type *type)
{
    return (type->flags & TYPEFLAG_FDUAL) &&
           (type->kind == TKIND_DISPATCH || type->kind == TKIND_INTERFACE);
}

/* Borrowed. */
static struct typeinfo *side_of(struct typeinfo *info, int is_interface_side)
{
    struct library *library = info->library;

    return &library->infos[(is_interface_side ? library->msft.n_types : 0) + info->index];
}

/* ---- references to types ----------------------------------------------------------------- */

/* An even HREFTYPE: the offset of the type's record. Borrowed; NULL: not one. */
static struct typeinfo *local_type(struct library *library, HREFTYPE href)
{
    uint32_t offset = href & ~(HREFTYPE)3;

    if (offset % MSFT_TYPE_SIZE != 0 || offset / MSFT_TYPE_SIZE >= library->msft.n_types)
        return NULL;
    return &library->infos[offset / MSFT_TYPE_SIZE];
}

HRESULT connpt__typeinfo_resolve(struct library *library, HREFTYPE href, struct typeinfo **ret_info)
{
    struct typeinfo *info;
    struct msft_type type;
    HRESULT hr;

    if (msft_href_is_import(href)) {
        struct msft_import import;

        hr = connpt__msft_import(&library->msft, href, &import);
        if (SUCCEEDED(hr))
            hr = connpt__import_resolve(library, &import, &info);
        if (FAILED(hr))
            return hr;
    } else {
        info = local_type(library, href);
        if (info == NULL)
            return TYPE_E_ELEMENTNOTFOUND;
        connpt__library_get(library);
    }
    if (msft_href_wants_interface(href) && SUCCEEDED(connpt__typeinfo_read(info, &type)) &&
        is_dual(&type))
        info = side_of(info, 1);
    *ret_info = info;
    return S_OK;
}

static HRESULT resolve(struct typeinfo *info, HREFTYPE href, struct typeinfo **ret_info)
{
    struct typeinfo *base;
    struct msft_type type;
    unsigned depth;
    HRESULT hr = connpt__typeinfo_read(info, &type);

    if (FAILED(hr))
        return hr;
    if (href == other_side || href == (HREFTYPE)-1) {
        if (!is_dual(&type))
            return TYPE_E_ELEMENTNOTFOUND;
        *ret_info = side_of(info, !info->is_interface_side);
        connpt__library_get(info->library);
        return S_OK;
    }
    depth = href >> HREF_DEPTH_SHIFT;
    if (type.kind != TKIND_DISPATCH || depth == 0)
        return connpt__typeinfo_resolve(info->library, href, ret_info);

    /* From the description of an inherited function: it counts in the base's library. */
    hr = connpt__typeinfo_base(info, depth, &base);
    if (FAILED(hr))
        return hr;
    hr = connpt__typeinfo_resolve(base->library, href - ((HREFTYPE)depth << HREF_DEPTH_SHIFT),
                                  ret_info);
    (void)connpt__library_put(base->library);
    return hr;
}

static HRESULT STDMETHODCALLTYPE typeinfo_GetRefTypeInfo(ITypeInfo *iface, HREFTYPE href,
                                                         ITypeInfo **out)
{
    struct typeinfo *info;
    HRESULT hr;

    if (out == NULL)
        return E_POINTER;
    *out = NULL;
    hr = resolve(typeinfo_from_iface(iface), href, &info);
    if (SUCCEEDED(hr))
        *out = &info->ITypeInfo_iface;
    return hr;
}

static HRESULT STDMETHODCALLTYPE typeinfo_GetRefTypeOfImplType(ITypeInfo *iface, UINT index,
                                                               HREFTYPE *out)
{
    struct typeinfo *info = typeinfo_from_iface(iface);
    struct msft_type type;
    uint32_t flags;
    HRESULT hr;

    if (out == NULL)
        return E_POINTER;
    *out = 0;
    hr = connpt__typeinfo_read(info, &type);
    if (FAILED(hr))
        return hr;
    if (index == (UINT)-1) {
        if (!is_dual(&type))
            return TYPE_E_ELEMENTNOTFOUND;
        *out = other_side;
        return S_OK;
    }
    if (type.kind == TKIND_DISPATCH && index == 0) {
        /* Every dispinterface is an IDispatch, whatever else it builds on. */
        if (info->library->msft.dispatch == (HREFTYPE)-1)
            return TYPE_E_ELEMENTNOTFOUND;
        *out = info->library->msft.dispatch;
        return S_OK;
    }
    if (index >= type.n_impls)
        return TYPE_E_ELEMENTNOTFOUND;
    if (type.kind == TKIND_COCLASS)
        return connpt__msft_impl(&info->library->msft, &type, index, out, &flags);
    if (index != 0 || type.datatype == (HREFTYPE)-1)
        return TYPE_E_ELEMENTNOTFOUND;
    *out = type.kind == TKIND_INTERFACE ? type.datatype | 2 : type.datatype;
    return S_OK;
}

static HRESULT STDMETHODCALLTYPE typeinfo_GetImplTypeFlags(ITypeInfo *iface, UINT index, INT *out)
{
    struct typeinfo *info = typeinfo_from_iface(iface);
    struct msft_type type;
    uint32_t flags = 0;
    HREFTYPE href;
    HRESULT hr;

    if (out == NULL)
        return E_POINTER;
    *out = 0;
    hr = connpt__typeinfo_read(info, &type);
    if (FAILED(hr) || (type.kind == TKIND_DISPATCH && index == 0))
        return hr;
    if (index >= type.n_impls)
        return TYPE_E_ELEMENTNOTFOUND;
    if (type.kind == TKIND_COCLASS)
        hr = connpt__msft_impl(&info->library->msft, &type, index, &href, &flags);
    if (SUCCEEDED(hr))
        *out = (INT)flags;
    return hr;
}

static HRESULT STDMETHODCALLTYPE typeinfo_GetContainingTypeLib(ITypeInfo *iface, ITypeLib **library,
                                                               UINT *index)
{
    struct typeinfo *info = typeinfo_from_iface(iface);

    if (library == NULL && index == NULL)
        return E_POINTER;
    if (library != NULL) {
        connpt__library_get(info->library);
        *library = &info->library->ITypeLib_iface;
    }
    if (index != NULL)
        *index = info->index;
    return S_OK;
}

/* ---- descriptions ------------------------------------------------------------------------ */

static HRESULT STDMETHODCALLTYPE typeinfo_GetTypeAttr(ITypeInfo *iface, TYPEATTR **out)
{
    if (out == NULL)
        return E_POINTER;
    *out = NULL;
    return connpt__typeattr_create(typeinfo_from_iface(iface), out);
}

static HRESULT STDMETHODCALLTYPE typeinfo_GetFuncDesc(ITypeInfo *iface, UINT index, FUNCDESC **out)
{
    struct typeinfo *info = typeinfo_from_iface(iface);
    struct member member;
    struct msft_type type;
    HRESULT hr;

    if (out == NULL)
        return E_POINTER;
    *out = NULL;
    hr = connpt__typeinfo_read(info, &type);
    if (SUCCEEDED(hr))
        hr = connpt__member_of_index(info, index, &member);
    if (FAILED(hr))
        return hr;
    hr = connpt__funcdesc_create(&member, type.kind == TKIND_DISPATCH, out);
    connpt__member_fini(&member);
    return hr;
}

static HRESULT STDMETHODCALLTYPE typeinfo_GetVarDesc(ITypeInfo *iface, UINT index, VARDESC **out)
{
    struct typeinfo *info = typeinfo_from_iface(iface);
    struct msft_type type;
    HRESULT hr;

    if (out == NULL)
        return E_POINTER;
    *out = NULL;
    hr = connpt__typeinfo_read(info, &type);
    if (FAILED(hr))
        return hr;
    if (index >= type.n_vars)
        return TYPE_E_ELEMENTNOTFOUND;
    return connpt__vardesc_create(info, &type, index, out);
}

static void STDMETHODCALLTYPE typeinfo_ReleaseTypeAttr(ITypeInfo *iface, TYPEATTR *attr)
{
    (void)iface;
    connpt__free(attr);
}

static void STDMETHODCALLTYPE typeinfo_ReleaseFuncDesc(ITypeInfo *iface, FUNCDESC *desc)
{
    (void)iface;
    connpt__free(desc);
}

static void STDMETHODCALLTYPE typeinfo_ReleaseVarDesc(ITypeInfo *iface, VARDESC *desc)
{
    (void)iface;
    connpt__free(desc);
}

/* ---- names ------------------------------------------------------------------------------- */

static HRESULT STDMETHODCALLTYPE typeinfo_GetNames(ITypeInfo *iface, MEMBERID id, BSTR *names,
                                                   UINT max, UINT *n_names)
{
    struct typeinfo *info = typeinfo_from_iface(iface);
    struct member member;
    UINT n = 0;
    HRESULT hr;

    if (n_names != NULL)
        *n_names = 0;
    if (names == NULL || n_names == NULL)
        return E_POINTER;
    for (UINT i = 0; i < max; i++)
        names[i] = NULL;
    hr = connpt__member_of_id(info, id, &member);
    if (FAILED(hr))
        return hr;
    if (max > 0)
        hr = connpt__member_names(info, &member, names, max, &n);
    connpt__member_fini(&member);
    if (FAILED(hr)) {
        while (n > 0) {
            connpt_SysFreeString(names[--n]);
            names[n] = NULL;
        }
    }
    *n_names = n;
    return hr;
}

static HRESULT STDMETHODCALLTYPE typeinfo_GetIDsOfNames(ITypeInfo *iface, LPOLESTR *names,
                                                        UINT n_names, MEMBERID *ids)
{
    struct typeinfo *info = typeinfo_from_iface(iface);
    struct member member;
    HRESULT hr;

    if (names == NULL || ids == NULL)
        return E_POINTER;
    if (n_names == 0)
        return E_INVALIDARG;
    for (UINT i = 0; i < n_names; i++)
        ids[i] = MEMBERID_NIL;
    for (UINT i = 0; i < n_names; i++) {
        if (names[i] == NULL)
            return E_POINTER;
    }
    hr = connpt__member_of_name(info, names[0], &member);
    if (FAILED(hr))
        return hr == TYPE_E_ELEMENTNOTFOUND ? DISP_E_UNKNOWNNAME : hr;
    ids[0] = connpt__msft_member_id(&member.type, member.index);
    hr = connpt__member_param_ids(info, &member, names + 1, n_names - 1, ids + 1);
    connpt__member_fini(&member);
    return hr;
}

static HRESULT STDMETHODCALLTYPE typeinfo_GetDocumentation(ITypeInfo *iface, MEMBERID id,
                                                           BSTR *name, BSTR *docstring,
                                                           DWORD *help_context, BSTR *help_file)
{
    struct typeinfo *info = typeinfo_from_iface(iface);
    struct documentation of;
    struct member member;
    HRESULT hr;

    connpt__documentation_clear(name, docstring, help_context, help_file);
    if (id == MEMBERID_NIL) {
        struct msft_type type;

        hr = connpt__typeinfo_read(info, &type);
        if (FAILED(hr))
            return hr;
        of.name = type.name;
        of.docstring = type.docstring;
        of.help_context = type.help_context;
        return connpt__documentation(&info->library->msft, &of, name, docstring, help_context,
                                     help_file);
    }
    hr = connpt__member_of_id(info, id, &member);
    if (FAILED(hr))
        return hr;
    hr = connpt__member_documentation(&member, &of);
    if (SUCCEEDED(hr))
        hr = connpt__documentation(&member.owner->library->msft, &of, name, docstring, help_context,
                                   help_file);
    connpt__member_fini(&member);
    return hr;
}

/* ---- what a description cannot do -------------------------------------------------------- */

static HRESULT STDMETHODCALLTYPE typeinfo_GetTypeComp(ITypeInfo *iface, ITypeComp **out)
{
    (void)iface;
    if (out == NULL)
        return E_POINTER;
    *out = NULL;
    return E_NOTIMPL;
}

static HRESULT STDMETHODCALLTYPE typeinfo_Invoke(ITypeInfo *iface, PVOID instance, MEMBERID id,
                                                 WORD flags, DISPPARAMS *params, VARIANT *result,
                                                 EXCEPINFO *except, UINT *arg_err)
{
    (void)iface;
    (void)instance;
    (void)id;
    (void)flags;
    (void)params;
    (void)result;
    (void)except;
    (void)arg_err;
    return E_NOTIMPL;
}

static HRESULT STDMETHODCALLTYPE typeinfo_GetDllEntry(ITypeInfo *iface, MEMBERID id,
                                                      INVOKEKIND invoke, BSTR *dll, BSTR *name,
                                                      WORD *ordinal)
{
    (void)iface;
    (void)id;
    (void)invoke;
    connpt__documentation_clear(dll, name, NULL, NULL);
    if (ordinal != NULL)
        *ordinal = 0;
    return E_NOTIMPL;
}

static HRESULT STDMETHODCALLTYPE typeinfo_AddressOfMember(ITypeInfo *iface, MEMBERID id,
                                                          INVOKEKIND invoke, PVOID *out)
{
    (void)iface;
    (void)id;
    (void)invoke;
    if (out == NULL)
        return E_POINTER;
    *out = NULL;
    return E_NOTIMPL;
}

static HRESULT STDMETHODCALLTYPE typeinfo_CreateInstance(ITypeInfo *iface, IUnknown *outer,
                                                         REFIID iid, PVOID *out)
{
    (void)iface;
    (void)outer;
    (void)iid;
    if (out == NULL)
        return E_POINTER;
    *out = NULL;
    return E_NOTIMPL;
}

static HRESULT STDMETHODCALLTYPE typeinfo_GetMops(ITypeInfo *iface, MEMBERID id, BSTR *out)
{
    (void)iface;
    (void)id;
    if (out == NULL)
        return E_POINTER;
    *out = NULL;
    return E_NOTIMPL;
}

/* ---- IUnknown ---------------------------------------------------------------------------- */

static HRESULT STDMETHODCALLTYPE typeinfo_QueryInterface(ITypeInfo *iface, REFIID iid, void **out)
{
    if (out == NULL)
        return E_POINTER;
    *out = NULL;
    if (iid == NULL)
        return E_POINTER;
    if (!connpt_guid_equal(iid, &IID_IUnknown) && !connpt_guid_equal(iid, &IID_ITypeInfo))
        return E_NOINTERFACE;
    connpt__library_get(typeinfo_from_iface(iface)->library);
    *out = iface;
    return S_OK;
}

static ULONG STDMETHODCALLTYPE typeinfo_AddRef(ITypeInfo *iface)
{
    struct library *library = typeinfo_from_iface(iface)->library;

    return ITypeLib_AddRef(&library->ITypeLib_iface);
}

static ULONG STDMETHODCALLTYPE typeinfo_Release(ITypeInfo *iface)
{
    return connpt__library_put(typeinfo_from_iface(iface)->library);
}

static const ITypeInfoVtbl typeinfo_vtbl = {
    /* IUnknown */
    .QueryInterface = typeinfo_QueryInterface,
    .AddRef = typeinfo_AddRef,
    .Release = typeinfo_Release,
    /* ITypeInfo */
    .GetTypeAttr = typeinfo_GetTypeAttr,
    .GetTypeComp = typeinfo_GetTypeComp,
    .GetFuncDesc = typeinfo_GetFuncDesc,
    .GetVarDesc = typeinfo_GetVarDesc,
    .GetNames = typeinfo_GetNames,
    .GetRefTypeOfImplType = typeinfo_GetRefTypeOfImplType,
    .GetImplTypeFlags = typeinfo_GetImplTypeFlags,
    .GetIDsOfNames = typeinfo_GetIDsOfNames,
    .Invoke = typeinfo_Invoke,
    .GetDocumentation = typeinfo_GetDocumentation,
    .GetDllEntry = typeinfo_GetDllEntry,
    .GetRefTypeInfo = typeinfo_GetRefTypeInfo,
    .AddressOfMember = typeinfo_AddressOfMember,
    .CreateInstance = typeinfo_CreateInstance,
    .GetMops = typeinfo_GetMops,
    .GetContainingTypeLib = typeinfo_GetContainingTypeLib,
    .ReleaseTypeAttr = typeinfo_ReleaseTypeAttr,
    .ReleaseFuncDesc = typeinfo_ReleaseFuncDesc,
    .ReleaseVarDesc = typeinfo_ReleaseVarDesc,
};

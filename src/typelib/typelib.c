/* SPDX-License-Identifier: MIT */
/* typelib/typelib.c - ITypeLib over an MSFT image */
#include "typelib/library.h"

#include <assert.h>
#include <string.h>

#include <connpt/automation.h>
#include <connpt/guid.h>

#include "base/alloc.h"
#include "base/atomic.h"
#include "base/container_of.h"
#include "typelib/text.h"

static const ITypeLibVtbl library_vtbl;

static struct library *library_from_iface(ITypeLib *iface)
{
    assert(iface->lpVtbl == &library_vtbl);
    return container_of(iface, struct library, ITypeLib_iface);
}

struct library *connpt__library_from(ITypeLib *iface)
{
    return iface->lpVtbl == &library_vtbl ? library_from_iface(iface) : NULL;
}

/* ---- IUnknown ------------------------------------------------------------------------------ */

void connpt__library_get(struct library *library)
{
    /* relaxed: whoever gets a reference was given the pointer, and with it the object */
    (void)add_relaxed(&library->refs, 1);
}

ULONG connpt__library_put(struct library *library)
{
    /* The release half orders this thread's reads of the image before the decrement; the
     * acquire half orders them before the free, in the thread that does it. */
    uint32_t before = sub_acq_rel(&library->refs, 1);

    assert(before != 0);
    if (before == 1) {
        connpt__registry_remove(library);
        connpt__free(library->image);
        connpt__free(library->folder);
        connpt__free(library);
    }
    return (ULONG)(before - 1);
}

static HRESULT STDMETHODCALLTYPE library_QueryInterface(ITypeLib *iface, REFIID iid, void **out)
{
    if (out == NULL)
        return E_POINTER;
    *out = NULL;
    if (iid == NULL)
        return E_POINTER;
    if (!connpt_guid_equal(iid, &IID_IUnknown) && !connpt_guid_equal(iid, &IID_ITypeLib))
        return E_NOINTERFACE;
    connpt__library_get(library_from_iface(iface));
    *out = iface;
    return S_OK;
}

static ULONG STDMETHODCALLTYPE library_AddRef(ITypeLib *iface)
{
    struct library *library = library_from_iface(iface);

    return add_relaxed(&library->refs, 1) + 1;
}

static ULONG STDMETHODCALLTYPE library_Release(ITypeLib *iface)
{
    return connpt__library_put(library_from_iface(iface));
}

/* ---- ITypeLib: its types --------------------------------------------------------------------- */

static UINT STDMETHODCALLTYPE library_GetTypeInfoCount(ITypeLib *iface)
{
    return library_from_iface(iface)->msft.n_types;
}

static HRESULT STDMETHODCALLTYPE library_GetTypeInfo(ITypeLib *iface, UINT index, ITypeInfo **out)
{
    struct library *library = library_from_iface(iface);

    if (out == NULL)
        return E_POINTER;
    *out = NULL;
    if (index >= library->msft.n_types)
        return TYPE_E_ELEMENTNOTFOUND;
    connpt__library_get(library);
    *out = &library->infos[index].ITypeInfo_iface;
    return S_OK;
}

static HRESULT STDMETHODCALLTYPE library_GetTypeInfoType(ITypeLib *iface, UINT index, TYPEKIND *out)
{
    struct library *library = library_from_iface(iface);
    struct msft_type type;
    HRESULT hr;

    if (out == NULL)
        return E_POINTER;
    if (index >= library->msft.n_types)
        return TYPE_E_ELEMENTNOTFOUND;
    hr = connpt__msft_type(&library->msft, index, &type);
    if (SUCCEEDED(hr))
        *out = type.kind;
    return hr;
}

struct typeinfo *connpt__library_type_of_guid(struct library *library, const GUID *guid)
{
    /* Types without a GUID have this one. */
    if (connpt_guid_equal(guid, &GUID_NULL))
        return NULL;
    for (uint32_t i = 0; i < library->msft.n_types; i++) {
        struct msft_type type;

        if (SUCCEEDED(connpt__msft_type(&library->msft, i, &type)) &&
            connpt_guid_equal(&type.guid, guid))
            return &library->infos[i];
    }
    return NULL;
}

static HRESULT STDMETHODCALLTYPE library_GetTypeInfoOfGuid(ITypeLib *iface, REFGUID guid,
                                                           ITypeInfo **out)
{
    struct library *library = library_from_iface(iface);
    struct typeinfo *info;

    if (out == NULL)
        return E_POINTER;
    *out = NULL;
    if (guid == NULL)
        return E_POINTER;
    info = connpt__library_type_of_guid(library, guid);
    if (info == NULL)
        return TYPE_E_ELEMENTNOTFOUND;
    connpt__library_get(library);
    *out = &info->ITypeInfo_iface;
    return S_OK;
}

/* ---- ITypeLib: itself ------------------------------------------------------------------------ */

static HRESULT STDMETHODCALLTYPE library_GetLibAttr(ITypeLib *iface, TLIBATTR **out)
{
    const struct msft *msft = &library_from_iface(iface)->msft;
    TLIBATTR *attr;

    if (out == NULL)
        return E_POINTER;
    *out = NULL;
    attr = connpt__alloc_zero(sizeof *attr);
    if (attr == NULL)
        return E_OUTOFMEMORY;
    attr->guid = msft->libid;
    attr->lcid = msft->lcid;
    attr->syskind = msft->syskind;
    attr->wMajorVerNum = msft->major;
    attr->wMinorVerNum = msft->minor;
    attr->wLibFlags = (WORD)(msft->flags | LIBFLAG_FHASDISKIMAGE);
    *out = attr;
    return S_OK;
}

static void STDMETHODCALLTYPE library_ReleaseTLibAttr(ITypeLib *iface, TLIBATTR *attr)
{
    (void)iface;
    connpt__free(attr);
}

static HRESULT STDMETHODCALLTYPE library_GetTypeComp(ITypeLib *iface, ITypeComp **out)
{
    (void)iface;
    if (out == NULL)
        return E_POINTER;
    *out = NULL;
    return E_NOTIMPL;
}

static HRESULT STDMETHODCALLTYPE library_GetDocumentation(ITypeLib *iface, INT index, BSTR *name,
                                                          BSTR *docstring, DWORD *help_context,
                                                          BSTR *help_file)
{
    struct library *library = library_from_iface(iface);
    struct documentation own = { library->msft.name, library->msft.docstring,
                                 library->msft.help_context };
    ITypeInfo *info;

    if (index == -1)
        return connpt__documentation(&library->msft, &own, name, docstring, help_context,
                                     help_file);
    if (index < 0 || (uint32_t)index >= library->msft.n_types) {
        connpt__documentation_clear(name, docstring, help_context, help_file);
        return TYPE_E_ELEMENTNOTFOUND;
    }
    info = &library->infos[index].ITypeInfo_iface;
    return ITypeInfo_GetDocumentation(info, MEMBERID_NIL, name, docstring, help_context, help_file);
}

/* ---- ITypeLib: looking for names --------------------------------------------------------- */

/* @ret_text: written only if it is. */
static int name_is(const struct msft *msft, msft_offset offset, const OLECHAR *name,
                   struct bytes *ret_text)
{
    struct bytes text;

    if (FAILED(connpt__msft_name(msft, offset, &text)) || !connpt__text_is(text, name))
        return 0;
    *ret_text = text;
    return 1;
}

/* Whether a type or one of its members has that name. */
static int type_has_name(const struct msft *msft, const struct msft_type *type, const OLECHAR *name,
                         MEMBERID *ret_id, struct bytes *ret_text)
{
    uint32_t n_members = (uint32_t)type->n_funcs + type->n_vars;

    if (name_is(msft, type->name, name, ret_text)) {
        *ret_id = MEMBERID_NIL;
        return 1;
    }
    for (uint32_t i = 0; i < n_members; i++) {
        if (name_is(msft, connpt__msft_member_name(type, i), name, ret_text)) {
            *ret_id = connpt__msft_member_id(type, i);
            return 1;
        }
    }
    return 0;
}

static int type_has_param(const struct msft *msft, const struct msft_type *type,
                          const OLECHAR *name, struct bytes *ret_text)
{
    for (uint32_t i = 0; i < type->n_funcs; i++) {
        struct msft_func func;

        if (FAILED(connpt__msft_func(type, i, &func)))
            continue;
        for (uint32_t k = 0; k < func.n_params; k++) {
            if (name_is(msft, connpt__msft_param(&func, k).name, name, ret_text))
                return 1;
        }
    }
    return 0;
}

static HRESULT STDMETHODCALLTYPE library_IsName(ITypeLib *iface, LPOLESTR name, ULONG hash,
                                                BOOL *out)
{
    const struct msft *msft = &library_from_iface(iface)->msft;

    (void)hash;
    if (out == NULL)
        return E_POINTER;
    *out = FALSE;
    if (name == NULL)
        return E_POINTER;
    for (uint32_t i = 0; i < msft->n_types; i++) {
        struct msft_type type;
        struct bytes text;
        MEMBERID id;

        if (FAILED(connpt__msft_type(msft, i, &type)))
            continue;
        if (type_has_name(msft, &type, name, &id, &text) ||
            type_has_param(msft, &type, name, &text)) {
            connpt__text_respell(text, name);
            *out = TRUE;
            break;
        }
    }
    return S_OK;
}

static HRESULT STDMETHODCALLTYPE library_FindName(ITypeLib *iface, LPOLESTR name, ULONG hash,
                                                  ITypeInfo **infos, MEMBERID *ids, USHORT *n_found)
{
    struct library *library = library_from_iface(iface);
    USHORT room, n = 0;
    struct bytes spelling = { NULL, 0 };

    (void)hash;
    if (n_found == NULL)
        return E_POINTER;
    room = *n_found;
    *n_found = 0;
    if (name == NULL || infos == NULL || ids == NULL)
        return E_POINTER;
    for (uint32_t i = 0; i < library->msft.n_types && n < room; i++) {
        struct msft_type type;

        if (FAILED(connpt__msft_type(&library->msft, i, &type)) ||
            !type_has_name(&library->msft, &type, name, &ids[n], &spelling))
            continue;
        connpt__library_get(library);
        infos[n++] = &library->infos[i].ITypeInfo_iface;
    }
    if (n > 0)
        connpt__text_respell(spelling, name);
    *n_found = n;
    return S_OK;
}

static const ITypeLibVtbl library_vtbl = {
    /* IUnknown */
    .QueryInterface = library_QueryInterface,
    .AddRef = library_AddRef,
    .Release = library_Release,
    /* ITypeLib */
    .GetTypeInfoCount = library_GetTypeInfoCount,
    .GetTypeInfo = library_GetTypeInfo,
    .GetTypeInfoType = library_GetTypeInfoType,
    .GetTypeInfoOfGuid = library_GetTypeInfoOfGuid,
    .GetLibAttr = library_GetLibAttr,
    .GetTypeComp = library_GetTypeComp,
    .GetDocumentation = library_GetDocumentation,
    .IsName = library_IsName,
    .FindName = library_FindName,
    .ReleaseTLibAttr = library_ReleaseTLibAttr,
};

/* ---- creation -------------------------------------------------------------------------------- */

static char *copy_text(const char *text)
{
    size_t size = strlen(text) + 1;
    char *copy = connpt__alloc(size);

    return copy != NULL ? memcpy(copy, text, size) : NULL;
}

HRESULT connpt__library_create(void *image, struct bytes bytes, const char *folder,
                               struct fault *fault, struct library **ret_library)
{
    struct library *library;
    struct msft msft;
    HRESULT hr = connpt__msft_open(bytes, &msft, fault);

    if (FAILED(hr))
        return hr;
    library =
        connpt__alloc_zero(sizeof *library + (size_t)2 * msft.n_types * sizeof library->infos[0]);
    if (library == NULL)
        return connpt__fault(fault, E_OUTOFMEMORY, "there is no memory for its types");
    if (folder != NULL) {
        library->folder = copy_text(folder);
        if (library->folder == NULL) {
            connpt__free(library);
            return connpt__fault(fault, E_OUTOFMEMORY, "there is no memory for its folder");
        }
    }
    library->ITypeLib_iface.lpVtbl = &library_vtbl;
    library->refs = 1;
    library->msft = msft;
    library->image = image;
    for (uint32_t i = 0; i < msft.n_types; i++) {
        connpt__typeinfo_init(&library->infos[i], library, i, 0);
        connpt__typeinfo_init(&library->infos[msft.n_types + i], library, i, 1);
    }
    connpt__registry_add(library);
    *ret_library = library;
    return S_OK;
}

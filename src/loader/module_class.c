/* SPDX-License-Identifier: MIT */
/* loader/module_class.c - a module's classes by name, from its type library */
#include "loader/loader.h"

#include <stdio.h>
#include <string.h>

#include <connpt/automation.h>
#include <connpt/memory.h>
#include <connpt/typelib.h>

static int lower(char c)
{
    return c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c;
}

/* As type libraries compare names: ASCII, without case, whatever the locale. */
static int same_name(const char *a, const char *b)
{
    while (*a != '\0' && lower(*a) == lower(*b)) {
        a++;
        b++;
    }
    return *a == *b;
}

/* What a walk over the coclasses has found. */
struct search {
    const char *wanted; /* NULL: any */
    CLSID clsid;
    unsigned n_found;
    char names[200]; /* "Ticker, Clock" for the error; cut when there are many */
};

static void note_name(struct search *search, const char *name)
{
    size_t length = strlen(search->names);

    (void)snprintf(search->names + length, sizeof search->names - length, "%s%s",
                   length != 0 ? ", " : "", name);
}

static HRESULT clsid_of(ITypeInfo *coclass, CLSID *ret_clsid)
{
    TYPEATTR *attr = NULL;
    HRESULT hr = ITypeInfo_GetTypeAttr(coclass, &attr);

    if (FAILED(hr))
        return hr;
    *ret_clsid = attr->guid;
    ITypeInfo_ReleaseTypeAttr(coclass, attr);
    return S_OK;
}

static HRESULT coclass_name(ITypeInfo *coclass, char **ret_name)
{
    BSTR wide = NULL;
    HRESULT hr = ITypeInfo_GetDocumentation(coclass, MEMBERID_NIL, &wide, NULL, NULL, NULL);

    if (FAILED(hr))
        return hr;
    hr = connpt_utf8_from_bstr(wide, ret_name, NULL);
    connpt_SysFreeString(wide);
    return hr;
}

static HRESULT look_at(struct search *search, ITypeLib *library, UINT index)
{
    TYPEKIND kind;
    ITypeInfo *coclass = NULL;
    char *name = NULL;
    HRESULT hr = ITypeLib_GetTypeInfoType(library, index, &kind);

    if (FAILED(hr) || kind != TKIND_COCLASS)
        return hr;
    hr = ITypeLib_GetTypeInfo(library, index, &coclass);
    if (FAILED(hr))
        return hr;
    hr = coclass_name(coclass, &name);
    if (SUCCEEDED(hr)) {
        note_name(search, name);
        if (search->wanted == NULL || same_name(search->wanted, name)) {
            hr = clsid_of(coclass, &search->clsid);
            search->n_found++;
        }
        connpt_CoTaskMemFree(name);
    }
    ITypeInfo_Release(coclass);
    return hr;
}

static HRESULT find_class(const char *file, ITypeLib *library, const char *name, CLSID *ret_clsid)
{
    struct search search = { .wanted = name != NULL && name[0] != '\0' ? name : NULL };
    UINT count = ITypeLib_GetTypeInfoCount(library);

    for (UINT i = 0; i < count; i++) {
        HRESULT hr = look_at(&search, library, i);

        if (FAILED(hr))
            return connpt__module_fail(hr, "The type library of %.600s cannot be read (0x%08X).",
                                       file, (unsigned)hr);
    }
    if (search.names[0] == '\0')
        return connpt__module_fail(TYPE_E_ELEMENTNOTFOUND,
                                   "The type library of %.600s declares no class; give a CLSID.",
                                   file);
    if (search.n_found == 0)
        return connpt__module_fail(TYPE_E_ELEMENTNOTFOUND,
                                   "%.500s has no class %.100s; it has: %s.", file, name,
                                   search.names);
    if (search.wanted == NULL && search.n_found > 1)
        return connpt__module_fail(TYPE_E_ELEMENTNOTFOUND,
                                   "%.600s has several classes; name one of them: %s.", file,
                                   search.names);
    *ret_clsid = search.clsid;
    return S_OK;
}

HRESULT connpt_module_find_class(const char *path, const char *name, CLSID *ret_clsid)
{
    ITypeLib *library;
    char *file;
    HRESULT hr;

    connpt__module_clear_error();
    if (ret_clsid == NULL)
        return connpt__module_fail(E_POINTER, "No place for the class identifier was given.");
    hr = connpt__module_resolve(path, &file);
    if (FAILED(hr))
        return hr;
    hr = connpt_typelib_load(file, &library);
    if (FAILED(hr)) {
        const char *why = connpt_typelib_error();

        (void)connpt__module_fail(hr, "%.900s",
                                  why[0] != '\0' ? why : "The module has no type library.");
        goto free_file;
    }
    hr = find_class(file, library, name, ret_clsid);
    ITypeLib_Release(library);
free_file:
    connpt_CoTaskMemFree(file);
    return hr;
}

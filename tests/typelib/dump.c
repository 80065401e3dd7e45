/* SPDX-License-Identifier: MIT */
/*
 * dump.c - everything that ITypeLib and ITypeInfo answer about some files, as text
 *
 *     typelib_dump [--memory] FILE...
 *
 * On Linux this library's reader answers, on Windows the system's; with --memory this library's
 * on both (connpt_typelib_from_memory). same_text_test.py compares the texts, so there is nothing
 * in them that two correct readers may choose: no address and no HREFTYPE, but what it leads to.
 */
#include "dump.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <connpt/guid.h>
#include <connpt/typelib.h>

enum { MAX_NAMES = 64 };

/* Far behind whatever a type has. */
static const MEMBERID no_member = 0x7fff1234;

/* ---- references ---------------------------------------------------------------------------- */

static void dump_reference(ITypeInfo *info, HREFTYPE href)
{
    ITypeInfo *referred = NULL;
    ITypeLib *library = NULL;
    TLIBATTR *library_attr = NULL;
    TYPEATTR *attr = NULL;
    BSTR name = NULL;
    UINT index = 0;
    HRESULT hr = ITypeInfo_GetRefTypeInfo(info, href, &referred);

    if (FAILED(hr)) {
        printf("<0x%08X>", (unsigned)hr);
        return;
    }
    if (SUCCEEDED(ITypeInfo_GetDocumentation(referred, MEMBERID_NIL, &name, NULL, NULL, NULL)))
        dump_bstr(name);
    if (SUCCEEDED(ITypeInfo_GetTypeAttr(referred, &attr))) {
        printf("(kind %d ", (int)attr->typekind);
        dump_guid(&attr->guid);
        ITypeInfo_ReleaseTypeAttr(referred, attr);
    }
    if (SUCCEEDED(ITypeInfo_GetContainingTypeLib(referred, &library, &index))) {
        if (SUCCEEDED(ITypeLib_GetLibAttr(library, &library_attr))) {
            printf(" of ");
            dump_guid(&library_attr->guid);
            ITypeLib_ReleaseTLibAttr(library, library_attr);
        }
        ITypeLib_Release(library);
    }
    printf(")");
    ITypeInfo_Release(referred);
}

static void dump_typedesc(ITypeInfo *info, const TYPEDESC *desc)
{
    for (;;) {
        printf("%d", desc->vt);
        if (desc->vt == VT_USERDEFINED) {
            dump_reference(info, desc->hreftype);
            return;
        }
        if (desc->vt == VT_CARRAY) {
            const ARRAYDESC *array = desc->lpadesc;

            for (unsigned i = 0; i < array->cDims; i++)
                printf("[%d+%u]", (int)array->rgbounds[i].lLbound,
                       (unsigned)array->rgbounds[i].cElements);
            desc = &array->tdescElem;
        } else if (desc->vt == VT_PTR || desc->vt == VT_SAFEARRAY) {
            desc = desc->lptdesc;
        } else {
            return;
        }
        printf(" ");
    }
}

/* ---- members --------------------------------------------------------------------------------- */

static void dump_documentation(ITypeInfo *info, MEMBERID id)
{
    BSTR name = NULL, docstring = NULL, help_file = NULL;
    DWORD help_context = 0;
    HRESULT hr = ITypeInfo_GetDocumentation(info, id, &name, &docstring, &help_context, &help_file);

    printf(" doc");
    if (FAILED(hr)) {
        printf(" 0x%08X", (unsigned)hr);
        return;
    }
    printf(" ");
    dump_bstr(name);
    printf(" ");
    dump_bstr(docstring);
    printf(" %u ", (unsigned)help_context);
    dump_bstr(help_file);
}

static void dump_ids(ITypeInfo *info, BSTR *names, UINT n_names)
{
    MEMBERID ids[MAX_NAMES];
    HRESULT hr = ITypeInfo_GetIDsOfNames(info, names, n_names, ids);

    printf(" ids 0x%08X", (unsigned)hr);
    for (UINT i = 0; SUCCEEDED(hr) && i < n_names; i++)
        printf(" %d", (int)ids[i]);
}

static void dump_names(ITypeInfo *info, MEMBERID id)
{
    BSTR names[MAX_NAMES];
    UINT n_names = 0;
    HRESULT hr = ITypeInfo_GetNames(info, id, names, MAX_NAMES, &n_names);

    if (FAILED(hr)) {
        printf(" names 0x%08X", (unsigned)hr);
        return;
    }
    printf(" names");
    for (UINT i = 0; i < n_names; i++) {
        BSTR copy = connpt_SysAllocStringLen(names[i], connpt_SysStringLen(names[i]));

        printf(" ");
        dump_bstr(copy);
    }
    if (n_names > 0)
        dump_ids(info, names, n_names);
    for (UINT i = 0; i < n_names; i++)
        connpt_SysFreeString(names[i]);
}

static void dump_elemdesc(ITypeInfo *info, const ELEMDESC *desc)
{
    const PARAMDESC *param = &desc->paramdesc;

    dump_typedesc(info, &desc->tdesc);
    printf(" flags 0x%X", param->wParamFlags);
    if ((param->wParamFlags & PARAMFLAG_FHASDEFAULT) && param->pparamdescex != NULL) {
        printf(" default ");
        dump_variant(&param->pparamdescex->varDefaultValue);
    }
}

static void dump_function(ITypeInfo *info, UINT index)
{
    FUNCDESC *desc = NULL;
    HRESULT hr = ITypeInfo_GetFuncDesc(info, index, &desc);

    printf("  func %u", index);
    if (FAILED(hr)) {
        printf(" 0x%08X\n", (unsigned)hr);
        return;
    }
    printf(" id 0x%08X kind %d invoke %d call %d optional %d vft 0x%X codes %d flags 0x%X result ",
           (unsigned)desc->memid, (int)desc->funckind, (int)desc->invkind, (int)desc->callconv,
           desc->cParamsOpt, (unsigned)desc->oVft, desc->cScodes, desc->wFuncFlags);
    dump_elemdesc(info, &desc->elemdescFunc);
    dump_names(info, desc->memid);
    dump_documentation(info, desc->memid);
    printf("\n");
    for (int i = 0; i < desc->cParams; i++) {
        printf("    param %d ", i);
        dump_elemdesc(info, &desc->lprgelemdescParam[i]);
        printf("\n");
    }
    ITypeInfo_ReleaseFuncDesc(info, desc);
}

static void dump_variable(ITypeInfo *info, UINT index)
{
    VARDESC *desc = NULL;
    HRESULT hr = ITypeInfo_GetVarDesc(info, index, &desc);

    printf("  var %u", index);
    if (FAILED(hr)) {
        printf(" 0x%08X\n", (unsigned)hr);
        return;
    }
    printf(" id 0x%08X kind %d flags 0x%X ", (unsigned)desc->memid, (int)desc->varkind,
           desc->wVarFlags);
    if (desc->varkind == VAR_CONST)
        dump_variant(desc->lpvarValue);
    else
        printf("at %u", (unsigned)desc->oInst);
    printf(" type ");
    dump_elemdesc(info, &desc->elemdescVar);
    dump_names(info, desc->memid);
    dump_documentation(info, desc->memid);
    printf("\n");
    ITypeInfo_ReleaseVarDesc(info, desc);
}

/* ---- types ----------------------------------------------------------------------------------- */

static void dump_implemented(ITypeInfo *info, UINT index)
{
    HREFTYPE href = 0;
    INT flags = 0;
    HRESULT hr = ITypeInfo_GetRefTypeOfImplType(info, index, &href);

    printf("  implements %d ", (int)index);
    if (SUCCEEDED(hr))
        dump_reference(info, href);
    else
        printf("0x%08X", (unsigned)hr);
    hr = ITypeInfo_GetImplTypeFlags(info, index, &flags);
    if (SUCCEEDED(hr))
        printf(" flags 0x%X\n", (unsigned)flags);
    else
        printf(" flags 0x%08X\n", (unsigned)hr);
}

static void dump_attr(ITypeInfo *info, const TYPEATTR *attr)
{
    printf(" ");
    dump_guid(&attr->guid);
    printf(" lcid %u kind %d size %u align %u vft %u flags 0x%X version %u.%u funcs %u vars %u "
           "impls %u ctor %d dtor %d idl 0x%X",
           (unsigned)attr->lcid, (int)attr->typekind, (unsigned)attr->cbSizeInstance,
           attr->cbAlignment, attr->cbSizeVft, attr->wTypeFlags, attr->wMajorVerNum,
           attr->wMinorVerNum, attr->cFuncs, attr->cVars, attr->cImplTypes,
           (int)attr->memidConstructor, (int)attr->memidDestructor, attr->idldescType.wIDLFlags);
    if (attr->typekind == TKIND_ALIAS) {
        printf(" alias ");
        dump_typedesc(info, &attr->tdescAlias);
    }
}

/* What is asked for and cannot be there. */
static void dump_refusals(ITypeInfo *info)
{
    static const OLECHAR no_name[] = u"no such name";
    OLECHAR buffer[sizeof no_name / sizeof no_name[0]];
    OLECHAR *name = buffer;
    MEMBERID id = 0;
    HRESULT hr;

    memcpy(buffer, no_name, sizeof no_name);
    hr = ITypeInfo_GetIDsOfNames(info, &name, 1, &id);
    printf("  nothing ids 0x%08X", (unsigned)hr);
    dump_names(info, no_member);
    dump_documentation(info, no_member);
    printf("\n");
}

static void dump_side(ITypeInfo *info)
{
    TYPEATTR *attr = NULL;
    ITypeLib *library = NULL;
    UINT index = 0;
    HRESULT hr = ITypeInfo_GetTypeAttr(info, &attr);

    if (FAILED(hr)) {
        printf(" attr 0x%08X\n", (unsigned)hr);
        return;
    }
    dump_attr(info, attr);
    dump_documentation(info, MEMBERID_NIL);
    hr = ITypeInfo_GetContainingTypeLib(info, &library, &index);
    printf(" in 0x%08X %u\n", (unsigned)hr, index);
    if (library != NULL)
        ITypeLib_Release(library);
    /* One more of each: that one must be refused. */
    for (UINT i = 0; i <= attr->cImplTypes; i++)
        dump_implemented(info, i);
    for (UINT i = 0; i <= attr->cFuncs; i++)
        dump_function(info, i);
    for (UINT i = 0; i <= attr->cVars; i++)
        dump_variable(info, i);
    dump_refusals(info);
    ITypeInfo_ReleaseTypeAttr(info, attr);
}

static void dump_type(ITypeLib *library, UINT index)
{
    ITypeInfo *info = NULL, *other = NULL;
    TYPEKIND kind = TKIND_MAX;
    HREFTYPE href = 0;
    HRESULT hr = ITypeLib_GetTypeInfoType(library, index, &kind);

    printf("type %u: 0x%08X kind %d", index, (unsigned)hr, (int)kind);
    hr = ITypeLib_GetTypeInfo(library, index, &info);
    if (FAILED(hr)) {
        printf(" 0x%08X\n", (unsigned)hr);
        return;
    }
    dump_side(info);
    hr = ITypeInfo_GetRefTypeOfImplType(info, (UINT)-1, &href);
    printf("  other side 0x%08X", (unsigned)hr);
    if (SUCCEEDED(hr)) {
        hr = ITypeInfo_GetRefTypeInfo(info, href, &other);
        printf(" 0x%08X", (unsigned)hr);
    }
    if (other != NULL) {
        dump_side(other);
        ITypeInfo_Release(other);
    } else {
        printf("\n");
    }
    ITypeInfo_Release(info);
}

/* ---- libraries ----------------------------------------------------------------------------- */

static void dump_library_documentation(ITypeLib *library, INT index)
{
    BSTR name = NULL, docstring = NULL, help_file = NULL;
    DWORD help_context = 0;
    HRESULT hr =
        ITypeLib_GetDocumentation(library, index, &name, &docstring, &help_context, &help_file);

    printf("documentation %d: 0x%08X ", index, (unsigned)hr);
    if (SUCCEEDED(hr)) {
        dump_bstr(name);
        printf(" ");
        dump_bstr(docstring);
        printf(" %u ", (unsigned)help_context);
        dump_bstr(help_file);
    }
    printf("\n");
}

/* @name may be respelled. */
static void dump_name(ITypeLib *library, OLECHAR *name)
{
    enum { ROOM = 4 };
    ITypeInfo *infos[ROOM];
    MEMBERID ids[ROOM];
    USHORT n = ROOM;
    BOOL is_name = FALSE;
    HRESULT hr = ITypeLib_IsName(library, name, 0, &is_name);

    printf("is 0x%08X %d", (unsigned)hr, is_name);
    hr = ITypeLib_FindName(library, name, 0, infos, ids, &n);
    printf(" found 0x%08X %u ", (unsigned)hr, n);
    dump_units(name);
    for (USHORT i = 0; SUCCEEDED(hr) && i < n; i++) {
        ITypeLib *around = NULL;
        UINT index = 0;

        if (SUCCEEDED(ITypeInfo_GetContainingTypeLib(infos[i], &around, &index)))
            ITypeLib_Release(around);
        printf(" %u:%d", index, (int)ids[i]);
        ITypeInfo_Release(infos[i]);
    }
    printf("\n");
}

/* The name as it is, then the same in capitals. Frees it. */
static void dump_spellings(ITypeLib *library, const char *of, UINT index, BSTR name)
{
    if (name != NULL) {
        printf("%s %u ", of, index);
        dump_name(library, name);
        for (OLECHAR *unit = name; *unit != 0; unit++) {
            if (*unit >= 'a' && *unit <= 'z')
                *unit = (OLECHAR)(*unit - 'a' + 'A');
        }
        printf("%s %u capitals ", of, index);
        dump_name(library, name);
    }
    connpt_SysFreeString(name);
}

/* The names of a type and of its first function. */
static void dump_lookup(ITypeLib *library, UINT index)
{
    ITypeInfo *info = NULL;
    FUNCDESC *desc = NULL;
    BSTR name = NULL;
    UINT n = 0;

    if (FAILED(ITypeLib_GetTypeInfo(library, index, &info)))
        return;
    if (SUCCEEDED(ITypeInfo_GetDocumentation(info, MEMBERID_NIL, &name, NULL, NULL, NULL)))
        dump_spellings(library, "type name", index, name);
    if (SUCCEEDED(ITypeInfo_GetFuncDesc(info, 0, &desc))) {
        name = NULL;
        if (SUCCEEDED(ITypeInfo_GetNames(info, desc->memid, &name, 1, &n)) && n == 1)
            dump_spellings(library, "function name", index, name);
        ITypeInfo_ReleaseFuncDesc(info, desc);
    }
    ITypeInfo_Release(info);
}

static void dump_library(ITypeLib *library)
{
    static const GUID no_guid = { 0x12345678, 1, 2, { 3, 4, 5, 6, 7, 8, 9, 10 } };
    UINT n_types = ITypeLib_GetTypeInfoCount(library);
    ITypeInfo *info = NULL;
    TLIBATTR *attr = NULL;
    HRESULT hr = ITypeLib_GetLibAttr(library, &attr);

    printf("library 0x%08X types %u", (unsigned)hr, n_types);
    if (SUCCEEDED(hr)) {
        printf(" ");
        dump_guid(&attr->guid);
        printf(" lcid %u system %d version %u.%u flags 0x%X", (unsigned)attr->lcid,
               (int)attr->syskind, attr->wMajorVerNum, attr->wMinorVerNum, attr->wLibFlags);
        ITypeLib_ReleaseTLibAttr(library, attr);
    }
    hr = ITypeLib_GetTypeInfoOfGuid(library, &no_guid, &info);
    printf(" nothing 0x%08X\n", (unsigned)hr);
    for (INT i = -2; i <= (INT)n_types; i++)
        dump_library_documentation(library, i);
    for (UINT i = 0; i <= n_types; i++)
        dump_type(library, i);
    /* Looking for names costs much: not all of them. */
    for (UINT i = 0; i < n_types; i += n_types / 50 + 1)
        dump_lookup(library, i);
}

/* ---- files --------------------------------------------------------------------------------- */

/* Through memory, with the file's folder for its imports. */
static HRESULT load_memory(const char *path, ITypeLib **ret_library)
{
    enum { MAX_SIZE = 64 << 20 };
    const char *slash = strrchr(path, '/');
    char *bytes = malloc(MAX_SIZE), *folder = malloc(strlen(path) + 2);
    FILE *file = fopen(path, "rb");
    HRESULT hr = TYPE_E_CANTLOADLIBRARY;

    if (file != NULL && bytes != NULL && folder != NULL) {
        size_t size = fread(bytes, 1, MAX_SIZE, file);

        strcpy(folder, slash != NULL ? path : ".");
        if (slash != NULL)
            folder[slash - path] = '\0';
        hr = connpt_typelib_from_memory(bytes, size, folder, ret_library);
    }
    if (file != NULL)
        (void)fclose(file);
    free(folder);
    free(bytes);
    return hr;
}

int main(int argc, char **argv)
{
    int from_memory = argc > 1 && strcmp(argv[1], "--memory") == 0;

    dump_init();
    for (int i = 1 + from_memory; i < argc; i++) {
        ITypeLib *library = NULL;
        HRESULT hr =
            from_memory ? load_memory(argv[i], &library) : connpt_typelib_load(argv[i], &library);

        printf("file %s 0x%08X\n", argv[i], (unsigned)hr);
        if (SUCCEEDED(hr)) {
            dump_library(library);
            ITypeLib_Release(library);
        }
    }
    return ferror(stdout) ? 1 : 0;
}

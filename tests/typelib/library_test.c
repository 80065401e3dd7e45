/* SPDX-License-Identifier: MIT */
/* library_test.c - what ITypeLib says of sample.tlb */
#include <string.h>

#include <connpt/guid.h>

#include "sample.h"

static void a_library_tells_its_attributes(void)
{
    static const GUID libid = SAMPLE_GUID(0);
    ITypeLib *library = sample_open("sample.tlb");
    TLIBATTR *attr = NULL;

    if (library != NULL && CHECK_HR(ITypeLib_GetLibAttr(library, &attr), S_OK)) {
        CHECK(connpt_guid_equal(&attr->guid, &libid));
        CHECK_INT(attr->lcid, 0);
        CHECK_INT(attr->syskind, SYS_WIN64);
        CHECK_INT(attr->wMajorVerNum, 3);
        CHECK_INT(attr->wMinorVerNum, 7);
        CHECK_INT(attr->wLibFlags, LIBFLAG_FCONTROL | LIBFLAG_FHASDISKIMAGE);
        ITypeLib_ReleaseTLibAttr(library, attr);
    }
    sample_close(library, NULL);
}

static void a_library_documents_itself_and_its_types(void)
{
    ITypeLib *library = sample_open("sample.tlb");
    BSTR name = NULL, docstring = NULL, help_file = NULL;
    DWORD help_context = 0;

    if (library == NULL)
        return;
    if (CHECK_HR(
            ITypeLib_GetDocumentation(library, -1, &name, &docstring, &help_context, &help_file),
            S_OK)) {
        CHECK_TEXT(name, "Sample");
        CHECK_TEXT(docstring, "A library for tests");
        /* Wine gives the number before it in the file. */
        CHECK_INT(help_context, sample_by_system() ? 0 : 4711);
        CHECK_TEXT(help_file, "sample.hlp");
    }
    if (CHECK_HR(ITypeLib_GetDocumentation(library, SAMPLE_IPART, &name, &docstring, &help_context,
                                           NULL),
                 S_OK)) {
        CHECK_TEXT(name, "IPart");
        CHECK_TEXT(docstring, "A part");
        CHECK_INT(help_context, 12);
    }
    if (CHECK_HR(ITypeLib_GetDocumentation(library, SAMPLE_RECORD, NULL, &docstring, NULL, NULL),
                 S_OK))
        CHECK_PTR(docstring, NULL);
    CHECK_HR(ITypeLib_GetDocumentation(library, SAMPLE_IPART, NULL, NULL, NULL, NULL), S_OK);
    name = (BSTR)(void *)library;
    CHECK_HR(ITypeLib_GetDocumentation(library, SAMPLE_N_TYPES, &name, NULL, NULL, NULL),
             TYPE_E_ELEMENTNOTFOUND);
    SAMPLE_CHECK_CLEARED(name);
    if (!sample_by_system()) /* Wine takes it for -1 */
        CHECK_HR(ITypeLib_GetDocumentation(library, -2, &name, NULL, NULL, NULL),
                 TYPE_E_ELEMENTNOTFOUND);
    sample_close(library, NULL);
}

static void types_are_found_by_index_and_by_guid(void)
{
    static const TYPEKIND kinds[] = { TKIND_DISPATCH,  TKIND_ENUM,     TKIND_ALIAS,
                                      TKIND_ALIAS,     TKIND_RECORD,   TKIND_UNION,
                                      TKIND_MODULE,    TKIND_DISPATCH, TKIND_INTERFACE,
                                      TKIND_INTERFACE, TKIND_DISPATCH, TKIND_DISPATCH,
                                      TKIND_COCLASS };
    static const GUID plain = SAMPLE_GUID(0x13), other = SAMPLE_GUID(0x99);
    ITypeLib *library = sample_open("sample.tlb"), *container = NULL;
    ITypeInfo *info = NULL, *again;
    TYPEKIND kind;
    UINT index = 0;

    if (library == NULL)
        return;
    CHECK_INT(ITypeLib_GetTypeInfoCount(library), SAMPLE_N_TYPES);
    for (UINT i = 0; i < SAMPLE_N_TYPES; i++) {
        CHECK_HR(ITypeLib_GetTypeInfoType(library, i, &kind), S_OK);
        CHECK_INT(kind, kinds[i]);
    }
    CHECK_HR(ITypeLib_GetTypeInfoType(library, SAMPLE_N_TYPES, &kind), TYPE_E_ELEMENTNOTFOUND);
    CHECK_HR(ITypeLib_GetTypeInfo(library, SAMPLE_N_TYPES, &info), TYPE_E_ELEMENTNOTFOUND);
    CHECK_PTR(info, NULL);

    CHECK_HR(ITypeLib_GetTypeInfoOfGuid(library, &other, &info), TYPE_E_ELEMENTNOTFOUND);
    CHECK_HR(ITypeLib_GetTypeInfoOfGuid(library, &GUID_NULL, &info), TYPE_E_ELEMENTNOTFOUND);
    if (CHECK_HR(ITypeLib_GetTypeInfoOfGuid(library, &plain, &info), S_OK)) {
        CHECK_HR(ITypeInfo_GetContainingTypeLib(info, &container, &index), S_OK);
        CHECK_PTR(container, library);
        CHECK_INT(index, SAMPLE_IPLAIN);
        ITypeLib_Release(container);
        again = sample_type(library, SAMPLE_IPLAIN);
        CHECK_PTR(again, info);
        ITypeInfo_Release(again);
    }
    sample_close(library, info);
}

static const char wine_compares_case[] = "Wine's IsName and FindName compare case";

static void is_name_knows_types_members_and_parameters_in_any_case(void)
{
    OLECHAR member[] = { 'w', 'E', 'i', 'g', 'h', 'T', 0 };
    OLECHAR parameter[] = { 'D', 'E', 'G', 'R', 'E', 'E', 'S', 0 };
    OLECHAR type[] = { 'i', 'p', 'a', 'r', 't', 0 };
    OLECHAR shorter[] = { 'W', 'e', 'i', 'g', 'h', 0 };
    OLECHAR longer[] = { 'W', 'e', 'i', 'g', 'h', 't', 's', 0 };
    OLECHAR empty[] = { 0 };
    ITypeLib *library = sample_open("sample.tlb");
    BOOL is_name = FALSE;

    if (sample_by_system())
        t_skip(wine_compares_case);
    if (library == NULL || sample_by_system()) {
        sample_close(library, NULL);
        return;
    }
    CHECK_HR(ITypeLib_IsName(library, member, 0, &is_name), S_OK);
    CHECK_INT(is_name, TRUE);
    CHECK(member[0] == 'W' && member[1] == 'e' && member[5] == 't');
    CHECK_HR(ITypeLib_IsName(library, parameter, 0, &is_name), S_OK);
    CHECK_INT(is_name, TRUE);
    CHECK(parameter[0] == 'd');
    CHECK_HR(ITypeLib_IsName(library, type, 0, &is_name), S_OK);
    CHECK_INT(is_name, TRUE);
    CHECK(type[0] == 'I' && type[1] == 'P');
    CHECK_HR(ITypeLib_IsName(library, shorter, 0, &is_name), S_OK);
    CHECK_INT(is_name, FALSE);
    CHECK_HR(ITypeLib_IsName(library, longer, 0, &is_name), S_OK);
    CHECK_INT(is_name, FALSE);
    CHECK_HR(ITypeLib_IsName(library, empty, 0, &is_name), S_OK);
    CHECK_INT(is_name, FALSE);
    sample_close(library, NULL);
}

static void find_name_gives_each_type_that_has_it_once(void)
{
    OLECHAR turned[] = { 't', 'u', 'r', 'n', 'e', 'd', 0 };
    OLECHAR part[] = { 'p', 'a', 'r', 't', 0 };
    OLECHAR missing[] = { 'x', 'y', 0 };
    ITypeLib *library = sample_open("sample.tlb");
    ITypeInfo *infos[4] = { NULL }, *expected;
    MEMBERID ids[4] = { 0 };
    USHORT n = 4;

    if (sample_by_system())
        t_skip(wine_compares_case);
    if (library == NULL || sample_by_system()) {
        sample_close(library, NULL);
        return;
    }
    CHECK_HR(ITypeLib_FindName(library, turned, 0, infos, ids, &n), S_OK);
    if (CHECK_INT(n, 1)) {
        expected = sample_type(library, SAMPLE_DPARTEVENTS);
        CHECK_PTR(infos[0], expected);
        CHECK_INT(ids[0], 1);
        CHECK(turned[0] == 'T');
        ITypeInfo_Release(expected);
        ITypeInfo_Release(infos[0]);
    }
    n = 4;
    CHECK_HR(ITypeLib_FindName(library, part, 0, infos, ids, &n), S_OK);
    if (CHECK_INT(n, 1)) {
        CHECK_INT(ids[0], MEMBERID_NIL);
        ITypeInfo_Release(infos[0]);
    }
    n = 4;
    CHECK_HR(ITypeLib_FindName(library, missing, 0, infos, ids, &n), S_OK);
    CHECK_INT(n, 0);
    n = 0;
    CHECK_HR(ITypeLib_FindName(library, part, 0, infos, ids, &n), S_OK);
    CHECK_INT(n, 0);
    sample_close(library, NULL);
}

static void a_type_keeps_its_library(void)
{
    ITypeLib *library = sample_open("sample.tlb");
    ITypeInfo *info = sample_type(library, SAMPLE_KIND);
    TYPEATTR *attr = NULL;

    if (info == NULL)
        return;
    CHECK_INT(ITypeLib_Release(library), 1);
    if (CHECK_HR(ITypeInfo_GetTypeAttr(info, &attr), S_OK)) {
        CHECK_INT(attr->typekind, TKIND_ENUM);
        ITypeInfo_ReleaseTypeAttr(info, attr);
    }
    CHECK_INT(ITypeInfo_AddRef(info), 2);
    CHECK_INT(ITypeInfo_Release(info), 1);
    CHECK_INT(ITypeInfo_Release(info), 0);
}

static void both_objects_have_their_own_identity(void)
{
    ITypeLib *library = sample_open("sample.tlb");
    ITypeInfo *info = sample_type(library, SAMPLE_KIND);
    void *out = NULL;

    if (info == NULL)
        return;
    CHECK_HR(ITypeLib_QueryInterface(library, &IID_IUnknown, &out), S_OK);
    CHECK_PTR(out, library);
    ITypeLib_Release(library);
    CHECK_HR(ITypeLib_QueryInterface(library, &IID_ITypeLib, &out), S_OK);
    CHECK_PTR(out, library);
    ITypeLib_Release(library);
    CHECK_HR(ITypeLib_QueryInterface(library, &IID_ITypeInfo, &out), E_NOINTERFACE);
    CHECK_PTR(out, NULL);
    if (!sample_by_system()) /* Wine does not check it */
        CHECK_HR(ITypeLib_QueryInterface(library, &IID_IUnknown, NULL), E_POINTER);
    CHECK_HR(ITypeInfo_QueryInterface(info, &IID_ITypeInfo, &out), S_OK);
    CHECK_PTR(out, info);
    ITypeInfo_Release(info);
    CHECK_HR(ITypeInfo_QueryInterface(info, &IID_IUnknown, &out), S_OK);
    CHECK_PTR(out, info);
    ITypeInfo_Release(info);
    CHECK_HR(ITypeInfo_QueryInterface(info, &IID_IDispatch, &out), E_NOINTERFACE);
    CHECK_PTR(out, NULL);
    sample_close(library, info);
}

static void null_out_pointers_are_refused(void)
{
    ITypeLib *library = sample_open("sample.tlb");
    ITypeInfo *info = sample_type(library, SAMPLE_IPART);
    OLECHAR name[] = { 'x', 0 };
    ITypeComp *comp = (ITypeComp *)(void *)library;
    MEMBERID id;
    USHORT n = 1;
    BOOL is_name;

    if (sample_by_system())
        t_skip("the system does not promise to check its callers' pointers");
    else if (info != NULL) {
        CHECK_HR(ITypeLib_GetTypeInfo(library, 0, NULL), E_POINTER);
        CHECK_HR(ITypeLib_GetTypeInfoType(library, 0, NULL), E_POINTER);
        CHECK_HR(ITypeLib_GetTypeInfoOfGuid(library, &GUID_NULL, NULL), E_POINTER);
        CHECK_HR(ITypeLib_GetLibAttr(library, NULL), E_POINTER);
        CHECK_HR(ITypeLib_IsName(library, NULL, 0, &is_name), E_POINTER);
        CHECK_HR(ITypeLib_IsName(library, name, 0, NULL), E_POINTER);
        CHECK_HR(ITypeLib_FindName(library, name, 0, NULL, &id, &n), E_POINTER);
        CHECK_HR(ITypeLib_FindName(library, name, 0, &info, &id, NULL), E_POINTER);
        CHECK_HR(ITypeLib_GetTypeComp(library, &comp), E_NOTIMPL);
        CHECK_PTR(comp, NULL);
        CHECK_HR(ITypeInfo_GetTypeAttr(info, NULL), E_POINTER);
        CHECK_HR(ITypeInfo_GetFuncDesc(info, 0, NULL), E_POINTER);
        CHECK_HR(ITypeInfo_GetVarDesc(info, 0, NULL), E_POINTER);
        CHECK_HR(ITypeInfo_GetNames(info, 1, NULL, 1, NULL), E_POINTER);
        CHECK_HR(ITypeInfo_GetIDsOfNames(info, NULL, 1, &id), E_POINTER);
        CHECK_HR(ITypeInfo_GetRefTypeInfo(info, 0, NULL), E_POINTER);
        CHECK_HR(ITypeInfo_GetRefTypeOfImplType(info, 0, NULL), E_POINTER);
        CHECK_HR(ITypeInfo_GetImplTypeFlags(info, 0, NULL), E_POINTER);
        CHECK_HR(ITypeInfo_GetContainingTypeLib(info, NULL, NULL), E_POINTER);
    }
    sample_close(library, info);
}

static void what_a_description_cannot_do_is_not_implemented(void)
{
    ITypeLib *library = sample_open("sample.tlb");
    ITypeInfo *info = sample_type(library, SAMPLE_IPART);
    void *out = library;
    BSTR text = (BSTR)(void *)library;

    if (sample_by_system())
        t_skip("the system implements it");
    else if (info != NULL) {
        CHECK_HR(ITypeInfo_Invoke(info, library, 1, DISPATCH_METHOD, NULL, NULL, NULL, NULL),
                 E_NOTIMPL);
        CHECK_HR(ITypeInfo_CreateInstance(info, NULL, &IID_IUnknown, &out), E_NOTIMPL);
        CHECK_PTR(out, NULL);
        out = library;
        CHECK_HR(ITypeInfo_AddressOfMember(info, 1, INVOKE_FUNC, &out), E_NOTIMPL);
        CHECK_PTR(out, NULL);
        CHECK_HR(ITypeInfo_GetDllEntry(info, 1, INVOKE_FUNC, &text, NULL, NULL), E_NOTIMPL);
        CHECK_PTR(text, NULL);
        text = (BSTR)(void *)library;
        CHECK_HR(ITypeInfo_GetMops(info, 1, &text), E_NOTIMPL);
        CHECK_PTR(text, NULL);
    }
    sample_close(library, info);
}

int main(int argc, char **argv)
{
    static const struct t_test tests[] = {
        T(a_library_tells_its_attributes),
        T(a_library_documents_itself_and_its_types),
        T(types_are_found_by_index_and_by_guid),
        T(is_name_knows_types_members_and_parameters_in_any_case),
        T(find_name_gives_each_type_that_has_it_once),
        T(a_type_keeps_its_library),
        T(both_objects_have_their_own_identity),
        T(null_out_pointers_are_refused),
        T(what_a_description_cannot_do_is_not_implemented),
        T_END,
    };

    return t_run(argc, argv, tests);
}

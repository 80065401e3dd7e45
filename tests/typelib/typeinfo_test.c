/* SPDX-License-Identifier: MIT */
/* typeinfo_test.c - what ITypeInfo says of the types of sample.tlb, by exact values */
#include <string.h>

#include <connpt/guid.h>

#include "sample.h"

/* Bytes that a pointer takes in the attributes of sample.tlb: as many as here. Wine says it of the
 * system that the file was made for, 64-bit Windows, but for what it knows of IDispatch itself. */
static int pointer_size(TYPEKIND kind)
{
    return sample_by_system() && kind != TKIND_DISPATCH ? 8 : (int)sizeof(void *);
}

/* The attributes of a type, checked in one line. */
static void check_attr(ITypeInfo *info, TYPEKIND kind, int n_funcs, int n_vars, int n_impls,
                       int vft_slots, int flags)
{
    TYPEATTR *attr = NULL;

    if (info == NULL || !CHECK_HR(ITypeInfo_GetTypeAttr(info, &attr), S_OK))
        return;
    CHECK_INT(attr->typekind, kind);
    CHECK_INT(attr->cFuncs, n_funcs);
    CHECK_INT(attr->cVars, n_vars);
    CHECK_INT(attr->cImplTypes, n_impls);
    CHECK_INT(attr->cbSizeVft, vft_slots * pointer_size(kind));
    CHECK_INT(attr->wTypeFlags, flags);
    CHECK_INT(attr->memidConstructor, MEMBERID_NIL);
    CHECK_INT(attr->memidDestructor, MEMBERID_NIL);
    ITypeInfo_ReleaseTypeAttr(info, attr);
}

static FUNCDESC *func_at(ITypeInfo *info, UINT index)
{
    FUNCDESC *desc = NULL;

    if (info != NULL)
        CHECK_HR(ITypeInfo_GetFuncDesc(info, index, &desc), S_OK);
    return desc;
}

static VARDESC *var_at(ITypeInfo *info, UINT index)
{
    VARDESC *desc = NULL;

    if (info != NULL)
        CHECK_HR(ITypeInfo_GetVarDesc(info, index, &desc), S_OK);
    return desc;
}

static void check_func(const FUNCDESC *desc, MEMBERID id, FUNCKIND kind, INVOKEKIND invoke,
                       VARTYPE result, int n_params, int slot)
{
    CHECK_INT(desc->memid, id);
    CHECK_INT(desc->funckind, kind);
    CHECK_INT(desc->invkind, invoke);
    CHECK_INT(desc->callconv, CC_STDCALL);
    CHECK_INT(desc->elemdescFunc.tdesc.vt, result);
    CHECK_INT(desc->cParams, n_params);
    CHECK_INT(desc->oVft, slot * (int)sizeof(void *));
    CHECK_INT(desc->cScodes, 0);
}

/* The type that an HREFTYPE leads to is called so. */
static void check_ref(ITypeInfo *info, HREFTYPE href, const char *name)
{
    ITypeInfo *other = NULL;
    BSTR text = NULL;

    if (!CHECK_HR(ITypeInfo_GetRefTypeInfo(info, href, &other), S_OK))
        return;
    if (CHECK_HR(ITypeInfo_GetDocumentation(other, MEMBERID_NIL, &text, NULL, NULL, NULL), S_OK))
        CHECK_TEXT(text, name);
    ITypeInfo_Release(other);
}

/* ---- constants, aliases, records --------------------------------------------------------- */

static void an_enum_has_constants(void)
{
    static const LONG values[] = { 0, 7, -2, 0x7fffffff };
    ITypeLib *library = sample_open("sample.tlb");
    ITypeInfo *info = sample_type(library, SAMPLE_KIND);

    check_attr(info, TKIND_ENUM, 0, 4, 0, 0, 0);
    for (UINT i = 0; i < 4; i++) {
        VARDESC *desc = var_at(info, i);

        if (desc == NULL)
            continue;
        CHECK_INT(desc->memid, 0x40000000 + (MEMBERID)i);
        CHECK_INT(desc->varkind, VAR_CONST);
        CHECK_INT(desc->elemdescVar.tdesc.vt, VT_INT);
        CHECK_INT(V_VT(desc->lpvarValue), VT_I4);
        CHECK_INT(V_I4(desc->lpvarValue), values[i]);
        ITypeInfo_ReleaseVarDesc(info, desc);
    }
    sample_close(library, info);
}

static void an_alias_names_another_type(void)
{
    ITypeLib *library = sample_open("sample.tlb");
    ITypeInfo *handle = sample_type(library, SAMPLE_HANDLE),
              *texts = sample_type(library, SAMPLE_TEXTS);
    TYPEATTR *attr = NULL;

    if (handle != NULL && CHECK_HR(ITypeInfo_GetTypeAttr(handle, &attr), S_OK)) {
        CHECK_INT(attr->typekind, TKIND_ALIAS);
        CHECK_INT(attr->tdescAlias.vt, VT_I4);
        CHECK_INT(attr->cbSizeInstance, 4);
        ITypeInfo_ReleaseTypeAttr(handle, attr);
    }
    if (texts != NULL && CHECK_HR(ITypeInfo_GetTypeAttr(texts, &attr), S_OK)) {
        CHECK_INT(attr->tdescAlias.vt, VT_SAFEARRAY);
        CHECK_INT(attr->tdescAlias.lptdesc->vt, VT_BSTR);
        CHECK_INT(attr->cbSizeInstance, pointer_size(TKIND_ALIAS));
        ITypeInfo_ReleaseTypeAttr(texts, attr);
    }
    sample_close(NULL, handle);
    sample_close(library, texts);
}

static void a_record_has_fields_at_offsets(void)
{
    ITypeLib *library = sample_open("sample.tlb");
    ITypeInfo *info = sample_type(library, SAMPLE_RECORD);
    TYPEATTR *attr = NULL;
    VARDESC *desc;

    check_attr(info, TKIND_RECORD, 0, 4, 0, 0, 0);
    if (info != NULL && CHECK_HR(ITypeInfo_GetTypeAttr(info, &attr), S_OK)) {
        CHECK_INT(attr->cbSizeInstance, 88);
        CHECK_INT(attr->cbAlignment, 8);
        ITypeInfo_ReleaseTypeAttr(info, attr);
    }
    desc = var_at(info, 2);
    if (desc != NULL) {
        const TYPEDESC *type = &desc->elemdescVar.tdesc;

        CHECK_INT(desc->varkind, VAR_PERINSTANCE);
        CHECK_INT(desc->oInst, 16);
        if (CHECK_INT(type->vt, VT_CARRAY)) {
            CHECK_INT(type->lpadesc->cDims, 2);
            CHECK_INT(type->lpadesc->rgbounds[0].cElements, 3);
            CHECK_INT(type->lpadesc->rgbounds[1].cElements, 5);
            CHECK_INT(type->lpadesc->rgbounds[1].lLbound, 0);
            CHECK_INT(type->lpadesc->tdescElem.vt, VT_I4);
        }
        ITypeInfo_ReleaseVarDesc(info, desc);
    }
    desc = (VARDESC *)(void *)&desc;
    if (info != NULL)
        CHECK_HR(ITypeInfo_GetVarDesc(info, 4, &desc), TYPE_E_ELEMENTNOTFOUND);
    if (info != NULL)
        SAMPLE_CHECK_CLEARED(desc);
    sample_close(library, info);
}

static void a_union_has_its_fields_at_one_place(void)
{
    ITypeLib *library = sample_open("sample.tlb");
    ITypeInfo *info = sample_type(library, SAMPLE_EITHER);
    VARDESC *desc = var_at(info, 1);

    check_attr(info, TKIND_UNION, 0, 2, 0, 0, 0);
    if (desc != NULL) {
        CHECK_INT(desc->oInst, 0);
        CHECK_INT(desc->elemdescVar.tdesc.vt, VT_R8);
        ITypeInfo_ReleaseVarDesc(info, desc);
    }
    sample_close(library, info);
}

/* ---- interfaces -------------------------------------------------------------------------- */

static void an_interface_shows_its_own_functions(void)
{
    ITypeLib *library = sample_open("sample.tlb");
    ITypeInfo *info = sample_type(library, SAMPLE_IPLAIN);
    FUNCDESC *first = func_at(info, 0), *second = func_at(info, 1), *none = first;

    check_attr(info, TKIND_INTERFACE, 2, 0, 1, 5, 0);
    if (first != NULL) {
        check_func(first, 0x60010000, FUNC_PUREVIRTUAL, INVOKE_FUNC, VT_HRESULT, 2, 3);
        CHECK_INT(first->lprgelemdescParam[0].tdesc.vt, VT_PTR);
        CHECK_INT(first->lprgelemdescParam[0].paramdesc.wParamFlags, PARAMFLAG_FIN);
        CHECK_INT(first->lprgelemdescParam[1].tdesc.lptdesc->vt, VT_I8);
        CHECK_INT(first->lprgelemdescParam[1].paramdesc.wParamFlags, PARAMFLAG_FOUT);
        ITypeInfo_ReleaseFuncDesc(info, first);
    }
    if (second != NULL) {
        check_func(second, 0x60010001, FUNC_PUREVIRTUAL, INVOKE_FUNC, VT_UI4, 0, 4);
        ITypeInfo_ReleaseFuncDesc(info, second);
    }
    if (info != NULL) {
        CHECK_HR(ITypeInfo_GetFuncDesc(info, 2, &none), TYPE_E_ELEMENTNOTFOUND);
        SAMPLE_CHECK_CLEARED(none);
    }
    sample_close(library, info);
}

static void an_interface_refers_to_its_base_by_the_interface_side(void)
{
    ITypeLib *library = sample_open("sample.tlb");
    ITypeInfo *build = sample_type(library, SAMPLE_IBUILD), *base = NULL, *grand = NULL;
    HREFTYPE href = 0;

    if (build != NULL && CHECK_HR(ITypeInfo_GetRefTypeOfImplType(build, 0, &href), S_OK)) {
        CHECK_INT(href & 2, 2);
        if (CHECK_HR(ITypeInfo_GetRefTypeInfo(build, href, &base), S_OK))
            check_attr(base, TKIND_INTERFACE, 1, 0, 1, 14, 0x1140);
        CHECK_HR(ITypeInfo_GetRefTypeOfImplType(build, 1, &href), TYPE_E_ELEMENTNOTFOUND);
    }
    if (base != NULL && CHECK_HR(ITypeInfo_GetRefTypeOfImplType(base, 0, &href), S_OK) &&
        CHECK_HR(ITypeInfo_GetRefTypeInfo(base, href, &grand), S_OK)) {
        check_attr(grand, TKIND_INTERFACE, 6, 0, 1, 13, 0x1140);
        ITypeInfo_Release(grand);
    }
    if (base != NULL)
        ITypeInfo_Release(base);
    sample_close(library, build);
}

/* ---- dual interfaces --------------------------------------------------------------------- */

static void the_dispatch_side_shows_every_function_as_invoke_calls_it(void)
{
    ITypeLib *library = sample_open("sample.tlb");
    ITypeInfo *info = sample_type(library, SAMPLE_IPART);
    FUNCDESC *desc;

    check_attr(info, TKIND_DISPATCH, 13, 0, 1, 7, TYPEFLAG_FDUAL | TYPEFLAG_FDISPATCHABLE);
    desc = func_at(info, 7);
    if (desc != NULL) { /* the [retval] is the result */
        check_func(desc, 1, FUNC_DISPATCH, INVOKE_PROPERTYGET, VT_R8, 0, 7);
        ITypeInfo_ReleaseFuncDesc(info, desc);
    }
    desc = func_at(info, 8);
    if (desc != NULL) { /* HRESULT is no result */
        check_func(desc, 1, FUNC_DISPATCH, INVOKE_PROPERTYPUT, VT_VOID, 1, 8);
        ITypeInfo_ReleaseFuncDesc(info, desc);
    }
    desc = func_at(info, 10);
    if (desc != NULL) { /* [lcid] is not passed */
        check_func(desc, 3, FUNC_DISPATCH, INVOKE_FUNC, VT_BSTR, 0, 10);
        ITypeInfo_ReleaseFuncDesc(info, desc);
    }
    sample_close(library, info);
}

static void the_dispatch_side_shows_the_bases_first(void)
{
    ITypeLib *library = sample_open("sample.tlb");
    ITypeInfo *info = sample_type(library, SAMPLE_IPART2);
    FUNCDESC *desc = func_at(info, 0);

    check_attr(info, TKIND_DISPATCH, 14, 0, 1, 7, TYPEFLAG_FDUAL | TYPEFLAG_FDISPATCHABLE);
    if (desc != NULL) { /* IUnknown::QueryInterface, whose GUID is a type of stdole2 */
        const TYPEDESC *type = &desc->lprgelemdescParam[0].tdesc;

        check_func(desc, 0x60000000, FUNC_DISPATCH, INVOKE_FUNC, VT_VOID, 2, 0);
        CHECK_INT(type->vt, VT_PTR);
        CHECK_INT(type->lptdesc->vt, VT_USERDEFINED);
        check_ref(info, type->lptdesc->hreftype, "GUID");
        ITypeInfo_ReleaseFuncDesc(info, desc);
    }
    desc = func_at(info, 6);
    if (desc != NULL) { /* IDispatch::Invoke */
        check_func(desc, 0x60010003, FUNC_DISPATCH, INVOKE_FUNC, VT_VOID, 8, 6);
        check_ref(info, desc->lprgelemdescParam[4].tdesc.lptdesc->hreftype, "DISPPARAMS");
        check_ref(info, desc->lprgelemdescParam[6].tdesc.lptdesc->hreftype, "EXCEPINFO");
        ITypeInfo_ReleaseFuncDesc(info, desc);
    }
    desc = func_at(info, 11);
    if (desc != NULL) { /* IPart::Join */
        check_ref(info, desc->lprgelemdescParam[0].tdesc.lptdesc->hreftype, "IPart");
        check_ref(info, desc->lprgelemdescParam[1].tdesc.hreftype, "Kind");
        ITypeInfo_ReleaseFuncDesc(info, desc);
    }
    desc = func_at(info, 13);
    if (desc != NULL) { /* its own */
        check_func(desc, 20, FUNC_DISPATCH, INVOKE_FUNC, VT_VOID, 2, 13);
        check_ref(info, desc->lprgelemdescParam[1].tdesc.hreftype, "Handle");
        ITypeInfo_ReleaseFuncDesc(info, desc);
    }
    if (info != NULL)
        CHECK_HR(ITypeInfo_GetFuncDesc(info, 14, &desc), TYPE_E_ELEMENTNOTFOUND);
    sample_close(library, info);
}

static void the_interface_side_shows_the_method_table(void)
{
    ITypeLib *library = sample_open("sample.tlb");
    ITypeInfo *info = sample_type(library, SAMPLE_IPART), *side = NULL, *back = NULL;
    HREFTYPE href = 0;
    FUNCDESC *desc;

    if (info != NULL && CHECK_HR(ITypeInfo_GetRefTypeOfImplType(info, (UINT)-1, &href), S_OK)) {
        CHECK_INT((int)href, -2);
        CHECK_HR(ITypeInfo_GetRefTypeInfo(info, href, &side), S_OK);
    }
    if (side != NULL) {
        check_attr(side, TKIND_INTERFACE, 6, 0, 1, 13,
                   TYPEFLAG_FDUAL | TYPEFLAG_FDISPATCHABLE | TYPEFLAG_FOLEAUTOMATION);
        CHECK_HR(ITypeInfo_GetRefTypeOfImplType(side, (UINT)-1, &href), S_OK);
        if (CHECK_HR(ITypeInfo_GetRefTypeInfo(side, href, &back), S_OK)) {
            if (!sample_by_system()) /* an object for each call is as good */
                CHECK_PTR(back, info);
            ITypeInfo_Release(back);
        }
    }
    desc = func_at(side, 3);
    if (desc != NULL) {
        check_func(desc, 3, FUNC_PUREVIRTUAL, INVOKE_FUNC, VT_HRESULT, 2, 10);
        CHECK_INT(desc->lprgelemdescParam[0].paramdesc.wParamFlags,
                  PARAMFLAG_FIN | PARAMFLAG_FLCID);
        CHECK_INT(desc->lprgelemdescParam[1].paramdesc.wParamFlags,
                  PARAMFLAG_FOUT | PARAMFLAG_FRETVAL);
        ITypeInfo_ReleaseFuncDesc(side, desc);
    }
    sample_close(NULL, side);
    sample_close(library, info);
}

static void only_a_dual_interface_has_another_side(void)
{
    ITypeLib *library = sample_open("sample.tlb");
    ITypeInfo *plain = sample_type(library, SAMPLE_IPLAIN), *other = plain;
    HREFTYPE href;

    if (plain != NULL) {
        CHECK_HR(ITypeInfo_GetRefTypeOfImplType(plain, (UINT)-1, &href), TYPE_E_ELEMENTNOTFOUND);
        CHECK_HR(ITypeInfo_GetRefTypeInfo(plain, (HREFTYPE)-2, &other), TYPE_E_ELEMENTNOTFOUND);
        SAMPLE_CHECK_CLEARED(other);
    }
    sample_close(library, plain);
}

static void default_values_come_with_the_parameters(void)
{
    ITypeLib *library = sample_open("sample.tlb");
    ITypeInfo *info = sample_type(library, SAMPLE_IPART);
    FUNCDESC *turn = func_at(info, 9), *rename = func_at(info, 12);

    if (turn != NULL) {
        const PARAMDESC *speed = &turn->lprgelemdescParam[1].paramdesc;

        CHECK_INT(turn->cParamsOpt, 1);
        CHECK_INT(turn->lprgelemdescParam[0].paramdesc.wParamFlags, PARAMFLAG_FIN);
        CHECK_PTR(turn->lprgelemdescParam[0].paramdesc.pparamdescex, NULL);
        CHECK_INT(speed->wParamFlags, PARAMFLAG_FIN | PARAMFLAG_FOPT | PARAMFLAG_FHASDEFAULT);
        if (CHECK(speed->pparamdescex != NULL)) {
            CHECK_INT(V_VT(&speed->pparamdescex->varDefaultValue), VT_I4);
            CHECK_INT(V_I4(&speed->pparamdescex->varDefaultValue), 5);
        }
        CHECK_INT(turn->lprgelemdescParam[2].paramdesc.wParamFlags, PARAMFLAG_FIN | PARAMFLAG_FOPT);
        ITypeInfo_ReleaseFuncDesc(info, turn);
    }
    if (rename != NULL) {
        const PARAMDESC *name = &rename->lprgelemdescParam[0].paramdesc;
        const TYPEDESC *numbers = &rename->lprgelemdescParam[1].tdesc;

        CHECK_INT(rename->wFuncFlags, FUNCFLAG_FHIDDEN);
        if (CHECK(name->pparamdescex != NULL)) {
            const VARIANT *value = &name->pparamdescex->varDefaultValue;

            CHECK_INT(V_VT(value), VT_BSTR);
            CHECK_INT(connpt_SysStringLen(V_BSTR(value)), 4);
            CHECK(V_BSTR(value)[0] == 'n' && V_BSTR(value)[3] == 'e' && V_BSTR(value)[4] == 0);
        }
        CHECK_INT(numbers->vt, VT_PTR);
        CHECK_INT(numbers->lptdesc->vt, VT_SAFEARRAY);
        CHECK_INT(numbers->lptdesc->lptdesc->vt, VT_I4);
        ITypeInfo_ReleaseFuncDesc(info, rename);
    }
    sample_close(library, info);
}

/* ---- dispinterfaces and coclasses -------------------------------------------------------- */

static void a_dispinterface_shows_its_events_and_properties(void)
{
    ITypeLib *library = sample_open("sample.tlb");
    ITypeInfo *info = sample_type(library, SAMPLE_DPARTEVENTS);
    FUNCDESC *turning = func_at(info, 1);
    VARDESC *total = var_at(info, 0);
    HREFTYPE href = 0;
    INT flags = -1;

    check_attr(info, TKIND_DISPATCH, 2, 1, 1, 7, TYPEFLAG_FDISPATCHABLE);
    if (turning != NULL) {
        const ELEMDESC *cancel = &turning->lprgelemdescParam[1];

        check_func(turning, 2, FUNC_DISPATCH, INVOKE_FUNC, VT_VOID, 2, 0);
        CHECK_INT(cancel->tdesc.vt, VT_PTR);
        CHECK_INT(cancel->tdesc.lptdesc->vt, VT_BOOL);
        CHECK_INT(cancel->paramdesc.wParamFlags, PARAMFLAG_FIN | PARAMFLAG_FOUT);
        ITypeInfo_ReleaseFuncDesc(info, turning);
    }
    if (total != NULL) {
        CHECK_INT(total->memid, 30);
        CHECK_INT(total->varkind, VAR_DISPATCH);
        CHECK_INT(total->wVarFlags, VARFLAG_FREADONLY);
        CHECK_INT(total->elemdescVar.tdesc.vt, VT_I4);
        ITypeInfo_ReleaseVarDesc(info, total);
    }
    if (info != NULL) {
        CHECK_HR(ITypeInfo_GetImplTypeFlags(info, 0, &flags), S_OK);
        CHECK_INT(flags, 0);
        if (CHECK_HR(ITypeInfo_GetRefTypeOfImplType(info, 0, &href), S_OK))
            check_ref(info, href, "IDispatch");
    }
    sample_close(library, info);
}

static void a_coclass_lists_its_interfaces(void)
{
    static const struct {
        const char *name;
        INT flags;
    } expected[] = { { "IPart2", IMPLTYPEFLAG_FDEFAULT },
                     { "IPlain", 0 },
                     { "DOtherEvents", IMPLTYPEFLAG_FSOURCE },
                     { "DPartEvents", IMPLTYPEFLAG_FDEFAULT | IMPLTYPEFLAG_FSOURCE } };
    ITypeLib *library = sample_open("sample.tlb");
    ITypeInfo *info = sample_type(library, SAMPLE_PART), *none = info;
    HREFTYPE href = 0;
    INT flags;

    check_attr(info, TKIND_COCLASS, 0, 0, 4, 0, TYPEFLAG_FCANCREATE);
    for (UINT i = 0; info != NULL && i < 4; i++) {
        CHECK_HR(ITypeInfo_GetImplTypeFlags(info, i, &flags), S_OK);
        CHECK_INT(flags, expected[i].flags);
        if (CHECK_HR(ITypeInfo_GetRefTypeOfImplType(info, i, &href), S_OK))
            check_ref(info, href, expected[i].name);
    }
    if (info != NULL) {
        CHECK_HR(ITypeInfo_GetImplTypeFlags(info, 4, &flags), TYPE_E_ELEMENTNOTFOUND);
        CHECK_HR(ITypeInfo_GetRefTypeOfImplType(info, 4, &href), TYPE_E_ELEMENTNOTFOUND);
        CHECK_HR(ITypeInfo_GetRefTypeInfo(info, 0x64 * SAMPLE_N_TYPES, &none),
                 sample_by_system() ? E_FAIL : TYPE_E_ELEMENTNOTFOUND);
        SAMPLE_CHECK_CLEARED(none);
    }
    sample_close(library, info);
}

/* ---- another word size ------------------------------------------------------------------- */

static void a_32_bit_library_shows_slots_of_this_machine(void)
{
    ITypeLib *library = sample_open("sample32.tlb");
    ITypeInfo *info = sample_type(library, SAMPLE_IPART),
              *texts = sample_type(library, SAMPLE_TEXTS),
              *part = sample_type(library, SAMPLE_PART);
    FUNCDESC *weight = func_at(info, 7);
    TYPEATTR *attr = NULL;

    check_attr(info, TKIND_DISPATCH, 13, 0, 1, 7, TYPEFLAG_FDUAL | TYPEFLAG_FDISPATCHABLE);
    if (weight != NULL) {
        check_func(weight, 1, FUNC_DISPATCH, INVOKE_PROPERTYGET, VT_R8, 0, 7);
        ITypeInfo_ReleaseFuncDesc(info, weight);
    }
    if (texts != NULL && CHECK_HR(ITypeInfo_GetTypeAttr(texts, &attr), S_OK)) {
        CHECK_INT(attr->cbSizeInstance, sizeof(void *));
        ITypeInfo_ReleaseTypeAttr(texts, attr);
    }
    if (part != NULL && CHECK_HR(ITypeInfo_GetTypeAttr(part, &attr), S_OK)) {
        CHECK_INT(attr->cbSizeInstance, sizeof(void *));
        CHECK_INT(attr->cbAlignment, sizeof(void *));
        ITypeInfo_ReleaseTypeAttr(part, attr);
    }
    sample_close(NULL, texts);
    sample_close(NULL, part);
    sample_close(library, info);
}

int main(int argc, char **argv)
{
    static const struct t_test tests[] = {
        T(an_enum_has_constants),
        T(an_alias_names_another_type),
        T(a_record_has_fields_at_offsets),
        T(a_union_has_its_fields_at_one_place),
        T(an_interface_shows_its_own_functions),
        T(an_interface_refers_to_its_base_by_the_interface_side),
        T(the_dispatch_side_shows_every_function_as_invoke_calls_it),
        T(the_dispatch_side_shows_the_bases_first),
        T(the_interface_side_shows_the_method_table),
        T(only_a_dual_interface_has_another_side),
        T(default_values_come_with_the_parameters),
        T(a_dispinterface_shows_its_events_and_properties),
        T(a_coclass_lists_its_interfaces),
        T(a_32_bit_library_shows_slots_of_this_machine),
        T_END,
    };

    return t_run(argc, argv, tests);
}

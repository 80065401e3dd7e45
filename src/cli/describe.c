/* SPDX-License-Identifier: MIT */
/*
 * cli/describe.c - reads an ITypeInfo into plain C, once, when a connection is made
 *
 * Type infos may come from foreign objects: every answer is checked, and a member that cannot
 * be read is left out.
 */
#include "describe.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <connpt/automation.h>
#include <connpt/guid.h>

#include "known.h"
#include "text.h"
#include "value.h"

enum { MOST_NAMES = CONNPT_MAX_ARGS + 1, DEEPEST_TYPE = 8 };

bool cli_is_same_name(const char *a, const char *b)
{
    for (; *a != '\0' && *b != '\0'; a++, b++) {
        if (tolower((unsigned char)*a) != tolower((unsigned char)*b))
            return false;
    }
    return *a == *b;
}

char *describe_type_name(ITypeInfo *info, char **ret_help)
{
    BSTR name = NULL, help = NULL;
    char *result = NULL;

    if (SUCCEEDED(ITypeInfo_GetDocumentation(info, MEMBERID_NIL, &name, &help, NULL, NULL)))
        result = cli_take_bstr(name);
    else
        help = NULL;
    if (ret_help != NULL)
        *ret_help = cli_utf8(help);
    connpt_SysFreeString(help);
    return result != NULL ? result : cli_strdup("?");
}

/* ---- types ----------------------------------------------------------------------------------- */

static void write_type(struct text *text, ITypeInfo *info, const TYPEDESC *type, int depth);

/* What a reference points to; NULL. The caller releases it. */
static ITypeInfo *referenced(ITypeInfo *info, HREFTYPE reference)
{
    ITypeInfo *target = NULL;

    return SUCCEEDED(ITypeInfo_GetRefTypeInfo(info, reference, &target)) ? target : NULL;
}

static void write_type(struct text *text, ITypeInfo *info, const TYPEDESC *type, int depth)
{
    const char *simple = value_type_name(type->vt);
    ITypeInfo *target;
    char *name;

    if (depth > DEEPEST_TYPE) {
        text_str(text, "...");
    } else if (type->vt == VT_PTR && type->lptdesc != NULL) {
        write_type(text, info, type->lptdesc, depth + 1);
        text_str(text, text->length > 0 && text->bytes[text->length - 1] == '*' ? "*" : " *");
    } else if (type->vt == VT_SAFEARRAY && type->lptdesc != NULL) {
        text_str(text, "SAFEARRAY(");
        write_type(text, info, type->lptdesc, depth + 1);
        text_str(text, ")");
    } else if (type->vt == VT_USERDEFINED) {
        target = referenced(info, type->hreftype);
        name = target != NULL ? describe_type_name(target, NULL) : cli_strdup("?");
        text_str(text, name);
        cli_free(name);
        if (target != NULL)
            ITypeInfo_Release(target);
    } else if (simple != NULL) {
        text_str(text, simple);
    } else {
        text_printf(text, "/* type %u */", (unsigned)type->vt);
    }
}

static char *type_text(ITypeInfo *info, const TYPEDESC *type)
{
    struct text text = { 0 };

    write_type(&text, info, type, 0);
    return text_take(&text);
}

static VARTYPE variant_type(ITypeInfo *info, const TYPEDESC *type, int depth);

/* What a VARIANT holds for a named type: enums are numbers, interfaces objects. */
static VARTYPE named_type(ITypeInfo *info, HREFTYPE reference, int depth)
{
    ITypeInfo *target = referenced(info, reference);
    TYPEATTR *attr = NULL;
    VARTYPE vt = VT_EMPTY;

    if (target == NULL)
        return VT_EMPTY;
    if (SUCCEEDED(ITypeInfo_GetTypeAttr(target, &attr)) && attr != NULL) {
        switch (attr->typekind) {
        case TKIND_ENUM:
            vt = VT_I4;
            break;
        case TKIND_ALIAS:
            vt = variant_type(target, &attr->tdescAlias, depth + 1);
            break;
        case TKIND_INTERFACE:
            vt = VT_UNKNOWN;
            break;
        case TKIND_DISPATCH:
        case TKIND_COCLASS:
            vt = VT_DISPATCH;
            break;
        case TKIND_RECORD:
            vt = VT_RECORD;
            break;
        default:
            break;
        }
        ITypeInfo_ReleaseTypeAttr(target, attr);
    }
    ITypeInfo_Release(target);
    return vt;
}

static VARTYPE variant_type(ITypeInfo *info, const TYPEDESC *type, int depth)
{
    if (depth > DEEPEST_TYPE)
        return VT_EMPTY;
    if (type->vt == VT_PTR && type->lptdesc != NULL)
        return variant_type(info, type->lptdesc, depth + 1);
    if (type->vt == VT_SAFEARRAY && type->lptdesc != NULL)
        return (VARTYPE)(VT_ARRAY | variant_type(info, type->lptdesc, depth + 1));
    if (type->vt == VT_USERDEFINED)
        return named_type(info, type->hreftype, depth);
    if (type->vt == VT_INT || type->vt == VT_HRESULT)
        return type->vt == VT_INT ? VT_I4 : VT_ERROR;
    if (type->vt == VT_UINT)
        return VT_UI4;
    return type->vt == VT_VOID ? VT_EMPTY : type->vt;
}

/* ---- members --------------------------------------------------------------------------------- */

static void read_params(ITypeInfo *info, const FUNCDESC *func, struct described_member *member)
{
    BSTR names[MOST_NAMES] = { NULL };
    UINT n_names = 0;
    SHORT n_params = func->cParams < 0 ? 0 : func->cParams;

    if (FAILED(ITypeInfo_GetNames(info, func->memid, names, MOST_NAMES, &n_names)))
        n_names = 0;
    if (n_names > MOST_NAMES)
        n_names = MOST_NAMES;
    member->name =
        n_names > 0 ? cli_take_bstr(names[0]) : cli_format("member%ld", (long)func->memid);
    if (n_params > CONNPT_MAX_ARGS)
        n_params = CONNPT_MAX_ARGS;
    member->params = cli_alloc((size_t)n_params * sizeof(*member->params));
    member->n_params = (unsigned)n_params;
    for (unsigned i = 0; i < member->n_params; i++) {
        const ELEMDESC *element = &func->lprgelemdescParam[i];
        struct described_param *param = &member->params[i];

        param->name = i + 1 < n_names && names[i + 1] != NULL ? cli_utf8(names[i + 1])
                                                              : cli_format("arg%u", i);
        param->type = type_text(info, &element->tdesc);
        param->vt = variant_type(info, &element->tdesc, 0);
        param->flags = element->paramdesc.wParamFlags;
    }
    for (UINT i = 1; i < n_names; i++)
        connpt_SysFreeString(names[i]);
}

/* QueryInterface to Invoke, which a dual interface's dispinterface lists too. */
static bool is_plumbing(const FUNCDESC *func)
{
    return (func->wFuncFlags & FUNCFLAG_FRESTRICTED) != 0 && func->memid >= 0x60000000 &&
           func->memid < 0x60020000;
}

/* In a FUNCDESC of a dual interface the result is the last parameter; move it to where a
 * caller of Invoke sees it. */
static void take_retval(struct described_member *member)
{
    struct described_param *last;

    if (member->n_params == 0)
        return;
    last = &member->params[member->n_params - 1];
    if ((last->flags & PARAMFLAG_FRETVAL) == 0)
        return;
    cli_free(member->result);
    member->result = last->type;
    if (strlen(member->result) > 2 &&
        strcmp(member->result + strlen(member->result) - 2, " *") == 0)
        member->result[strlen(member->result) - 2] = '\0';
    cli_free(last->name);
    member->n_params--;
}

static void read_member(ITypeInfo *info, const FUNCDESC *func, struct described_member *member)
{
    BSTR help = NULL;

    member->dispid = func->memid;
    member->kind = func->invkind;
    read_params(info, func, member);
    member->result = type_text(info, &func->elemdescFunc.tdesc);
    take_retval(member);
    if (FAILED(ITypeInfo_GetDocumentation(info, func->memid, NULL, &help, NULL, NULL)))
        help = NULL;
    member->help = cli_take_bstr(help);
}

static void read_members(ITypeInfo *info, const TYPEATTR *attr, struct described *described)
{
    described->members = cli_alloc((size_t)attr->cFuncs * sizeof(*described->members));
    for (UINT i = 0; i < attr->cFuncs; i++) {
        FUNCDESC *func = NULL;

        if (FAILED(ITypeInfo_GetFuncDesc(info, i, &func)) || func == NULL)
            continue;
        if (!is_plumbing(func))
            read_member(info, func, &described->members[described->n_members++]);
        ITypeInfo_ReleaseFuncDesc(info, func);
    }
}

static void describe_property_sink(struct described *described)
{
    static const char *const names[] = { "OnChanged", "OnRequestEdit" };

    described->kind = TKIND_INTERFACE;
    described->members = cli_alloc(2 * sizeof(*described->members));
    described->n_members = 2;
    for (unsigned i = 0; i < 2; i++) {
        struct described_member *member = &described->members[i];

        member->dispid = (DISPID)i + 1;
        member->name = cli_strdup(names[i]);
        member->help = cli_strdup(i == 0 ? "A property has changed" : "A property will change");
        member->kind = INVOKE_FUNC;
        member->result = cli_strdup("HRESULT");
        member->n_params = 1;
        member->params = cli_alloc(sizeof(*member->params));
        member->params[0].name = cli_strdup("dispid");
        member->params[0].type = cli_strdup("DISPID");
        member->params[0].vt = VT_I4;
        member->params[0].flags = PARAMFLAG_FIN;
    }
}

/* An interface that adds no method to IDispatch's is called like a dispinterface: some libraries
 * declare their events so, and leave the methods out. */
static bool is_bare_dispatch(ITypeInfo *info, const TYPEATTR *attr)
{
    ITypeInfo *base = NULL;
    TYPEATTR *base_attr = NULL;
    HREFTYPE reference;
    bool is_bare = false;

    if (attr->typekind != TKIND_INTERFACE || attr->cFuncs != 0 || attr->cImplTypes != 1 ||
        FAILED(ITypeInfo_GetRefTypeOfImplType(info, 0, &reference)))
        return false;
    base = referenced(info, reference);
    if (base == NULL)
        return false;
    if (SUCCEEDED(ITypeInfo_GetTypeAttr(base, &base_attr)) && base_attr != NULL) {
        is_bare = connpt_guid_equal(&base_attr->guid, &IID_IDispatch) != 0;
        ITypeInfo_ReleaseTypeAttr(base, base_attr);
    }
    ITypeInfo_Release(base);
    return is_bare;
}

/* What is known of an interface without any type info. */
static void describe_known(struct described *described)
{
    const struct known_interface *known = known_find(&described->iid);
    const char *name = known != NULL ? known->name : connpt_iid_name(&described->iid);

    described->kind = known != NULL ? known->kind : TKIND_MAX;
    if (name != NULL)
        described->name = cli_strdup(name);
}

struct described *describe(const IID *iid, ITypeInfo *info)
{
    struct described *described = cli_alloc(sizeof(*described));
    char guid[CONNPT_GUID_TEXT_SIZE];
    TYPEATTR *attr = NULL;

    described->iid = *iid;
    describe_known(described);
    if (connpt_guid_equal(iid, &IID_IPropertyNotifySink)) {
        describe_property_sink(described);
    } else if (info != NULL) {
        cli_free(described->name);
        described->name = describe_type_name(info, &described->help);
        if (SUCCEEDED(ITypeInfo_GetTypeAttr(info, &attr)) && attr != NULL) {
            described->kind = is_bare_dispatch(info, attr) ? TKIND_DISPATCH : attr->typekind;
            read_members(info, attr, described);
            ITypeInfo_ReleaseTypeAttr(info, attr);
        }
    }
    connpt_guid_format(iid, guid);
    if (described->name == NULL)
        described->name = cli_strdup(guid);
    if (described->help == NULL)
        described->help = cli_strdup("");
    return described;
}

static void free_member(struct described_member *member)
{
    for (unsigned i = 0; i < member->n_params; i++) {
        cli_free(member->params[i].name);
        cli_free(member->params[i].type);
    }
    cli_free(member->params);
    cli_free(member->name);
    cli_free(member->help);
    cli_free(member->result);
}

void describe_free(struct described *described)
{
    if (described == NULL)
        return;
    for (unsigned i = 0; i < described->n_members; i++)
        free_member(&described->members[i]);
    cli_free(described->members);
    cli_free(described->name);
    cli_free(described->help);
    cli_free(described);
}

const struct described_member *described_by_id(const struct described *described, DISPID dispid)
{
    for (unsigned i = 0; i < described->n_members; i++) {
        if (described->members[i].dispid == dispid)
            return &described->members[i];
    }
    return NULL;
}

const struct described_member *described_find(const struct described *described, const char *name)
{
    char *end;
    long dispid = strtol(name, &end, 10);

    for (unsigned i = 0; i < described->n_members; i++) {
        if (cli_is_same_name(described->members[i].name, name))
            return &described->members[i];
    }
    return *name != '\0' && *end == '\0' ? described_by_id(described, (DISPID)dispid) : NULL;
}

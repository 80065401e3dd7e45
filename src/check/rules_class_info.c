/* SPDX-License-Identifier: MIT */
/* check/rules_class_info.c - IProvideClassInfo, IProvideClassInfo2 and the type library */
#include "check.h"

#include <connpt/typelib.h>

/* NULL after skipping. */
static IProvideClassInfo *class_info_of(struct check *check)
{
    IProvideClassInfo *provider = NULL;

    check->step = "QueryInterface(IProvideClassInfo)";
    if (SUCCEEDED(
            IUnknown_QueryInterface(check->object, &IID_IProvideClassInfo, (void **)&provider)) &&
        provider != NULL)
        return provider;
    check_skip(check, "the object has no IProvideClassInfo");
    return NULL;
}

static IProvideClassInfo2 *class_info2_of(struct check *check)
{
    IProvideClassInfo2 *provider = NULL;

    check->step = "QueryInterface(IProvideClassInfo2)";
    if (SUCCEEDED(
            IUnknown_QueryInterface(check->object, &IID_IProvideClassInfo2, (void **)&provider)) &&
        provider != NULL)
        return provider;
    check_skip(check, "the object has no IProvideClassInfo2");
    return NULL;
}

static void class_info_null(struct check *check)
{
    IProvideClassInfo *provider = class_info_of(check);
    HRESULT hr;

    if (provider == NULL)
        return;
    check->step = "GetClassInfo(NULL)";
    hr = IProvideClassInfo_GetClassInfo(provider, NULL);
    if (hr == E_NOTIMPL)
        check_skip(check, "GetClassInfo returned %s: see class-info-works", HR(hr));
    check_result(check, check->step, hr, E_POINTER, (const HRESULT[]){ E_INVALIDARG, S_OK });
    IProvideClassInfo_Release(provider);
}

static void class_info_works(struct check *check)
{
    IProvideClassInfo *provider = class_info_of(check);
    ITypeInfo *info = NULL;
    TYPEATTR *attributes;
    HRESULT hr;

    if (provider == NULL)
        return;
    check->step = "GetClassInfo";
    hr = IProvideClassInfo_GetClassInfo(provider, &info);
    if (hr == TYPE_E_LIBNOTREGISTERED) {
        check_skip(check, "GetClassInfo returned %s: its type library is not installed", HR(hr));
    } else if (FAILED(hr) || info == NULL) {
        check_fail(check, "GetClassInfo returned %s%s", HR(hr), FAILED(hr) ? "" : " and NULL");
    } else if (SUCCEEDED(ITypeInfo_GetTypeAttr(info, &attributes))) {
        if (attributes->typekind != TKIND_COCLASS)
            check_fail(check,
                       "GetClassInfo gives the type info of something that is no coclass "
                       "(kind %d): it tells of no outgoing interface",
                       (int)attributes->typekind);
        ITypeInfo_ReleaseTypeAttr(info, attributes);
    }
    if (info != NULL)
        ITypeInfo_Release(info);
    IProvideClassInfo_Release(provider);
}

/* How many references are there to what GetClassInfo gives? One call is not enough to know: who
 * keeps it has one too. False after skipping, or when there is nothing to know. */
static bool class_info_counted(struct check *check, IProvideClassInfo *provider,
                               ITypeInfo **ret_info, ULONG *ret_count)
{
    ITypeInfo *info = NULL;
    HRESULT hr = IProvideClassInfo_GetClassInfo(provider, &info);

    if (FAILED(hr) || info == NULL) {
        check_skip(check, "GetClassInfo returned %s%s: see class-info-works", HR(hr),
                   FAILED(hr) ? "" : " and NULL");
        return false;
    }
    *ret_info = info;
    if (check_count((IUnknown *)info, ret_count))
        return true;
    check_skip(check, "AddRef and Release of the type info do not tell the count");
    ITypeInfo_Release(info);
    return false;
}

static void class_info_references(struct check *check)
{
    IProvideClassInfo *provider = class_info_of(check);
    ITypeInfo *first, *second;
    ULONG before, after;
    long taken = 1;

    if (provider == NULL)
        return;
    check->step = "GetClassInfo";
    if (class_info_counted(check, provider, &first, &before)) {
        if (class_info_counted(check, provider, &second, &after)) {
            taken = first == second ? (long)after - (long)before : 1;
            if (taken != 1)
                check_fail(check,
                           "GetClassInfo gave the same type info twice, and took %ld references "
                           "for it the second time; it is one, which the caller releases",
                           taken);
            if (taken > 0)
                ITypeInfo_Release(second);
        }
        if (taken > 0)
            ITypeInfo_Release(first);
    }
    IProvideClassInfo_Release(provider);
}

static void class_guid_null(struct check *check)
{
    IProvideClassInfo2 *provider = class_info2_of(check);

    if (provider == NULL)
        return;
    check->step = "GetGUID(GUIDKIND_DEFAULT_SOURCE_DISP_IID, NULL)";
    check_result(check, check->step,
                 IProvideClassInfo2_GetGUID(provider, GUIDKIND_DEFAULT_SOURCE_DISP_IID, NULL),
                 E_POINTER, (const HRESULT[]){ E_INVALIDARG, S_OK });
    IProvideClassInfo2_Release(provider);
}

static void class_guid_kind(struct check *check)
{
    IProvideClassInfo2 *provider = class_info2_of(check);
    GUID guid;

    if (provider == NULL)
        return;
    check->step = "GetGUID of a kind that does not exist";
    check_result(check, check->step, IProvideClassInfo2_GetGUID(provider, 0x7777, &guid),
                 E_INVALIDARG, (const HRESULT[]){ E_FAIL, E_NOTIMPL, E_UNEXPECTED, S_OK });
    IProvideClassInfo2_Release(provider);
}

/* The default source's IID; false after skipping. */
static bool default_source(struct check *check, GUID *ret_guid)
{
    IProvideClassInfo2 *provider = class_info2_of(check);
    HRESULT hr;

    if (provider == NULL)
        return false;
    check->step = "GetGUID";
    *ret_guid = GUID_NULL;
    hr = IProvideClassInfo2_GetGUID(provider, GUIDKIND_DEFAULT_SOURCE_DISP_IID, ret_guid);
    IProvideClassInfo2_Release(provider);
    if (FAILED(hr))
        check_skip(check, "GetGUID returned %s", HR(hr));
    return SUCCEEDED(hr);
}

static void class_guid_default(struct check *check)
{
    GUID guid;

    if (default_source(check, &guid) && IsEqualGUID(&guid, &GUID_NULL))
        check_fail(check, "GetGUID returned S_OK and GUID_NULL: a client connects to nothing");
}

static void class_guid_found(struct check *check)
{
    IConnectionPoint *point = NULL;
    GUID guid;
    HRESULT hr;

    if (!check_need_container(check) || !default_source(check, &guid))
        return;
    if (IsEqualGUID(&guid, &GUID_NULL)) {
        check_skip(check, "GetGUID gave GUID_NULL");
        return;
    }
    check->step = "FindConnectionPoint";
    hr = IConnectionPointContainer_FindConnectionPoint(check->container, &guid, &point);
    if (FAILED(hr) || point == NULL)
        check_fail(check,
                   "GetGUID names %s as the default source, and FindConnectionPoint of it "
                   "returned %s",
                   GUID_TEXT(&guid), HR(hr));
    else
        IConnectionPoint_Release(point);
}

static void class_sources_found(struct check *check)
{
    ITypeInfo *coclass = NULL;
    IID iid;

    if (!check_need_container(check))
        return;
    check->step = "the type library";
    if (connpt_object_coclass(check->object, &coclass) != S_OK) {
        check_skip(check, "no type library describes the object's class");
        return;
    }
    for (UINT i = 0; connpt_coclass_source(coclass, i, &iid, NULL, NULL) == S_OK; i++) {
        IConnectionPoint *point = NULL;
        HRESULT hr;

        check->step = "FindConnectionPoint";
        hr = IConnectionPointContainer_FindConnectionPoint(check->container, &iid, &point);
        if (FAILED(hr) || point == NULL)
            check_fail(check,
                       "the type library declares the source %s, and FindConnectionPoint of "
                       "it returned %s",
                       GUID_TEXT(&iid), HR(hr));
        else
            IConnectionPoint_Release(point);
    }
    ITypeInfo_Release(coclass);
}

static void class_default_same(struct check *check)
{
    ITypeInfo *coclass = NULL;
    bool any = false, same = false;
    INT flags;
    GUID guid;
    IID iid;

    if (!default_source(check, &guid))
        return;
    check->step = "the type library";
    if (connpt_object_coclass(check->object, &coclass) != S_OK) {
        check_skip(check, "no type library describes the object's class");
        return;
    }
    for (UINT i = 0; connpt_coclass_source(coclass, i, &iid, &flags, NULL) == S_OK; i++) {
        if (flags & IMPLTYPEFLAG_FDEFAULT) {
            any = true;
            same = same || IsEqualGUID(&iid, &guid);
        }
    }
    ITypeInfo_Release(coclass);
    if (any && !same && !IsEqualGUID(&guid, &GUID_NULL))
        check_fail(check,
                   "GetGUID names %s as the default source, and the type library another one",
                   GUID_TEXT(&guid));
}

#define INFO_PAGE "Microsoft: IProvideClassInfo::GetClassInfo"
#define GUID_PAGE "Microsoft: IProvideClassInfo2::GetGUID"

const struct rule check_rules_class_info[] = {
    { { "class-info-null", "GetClassInfo(NULL) returns E_POINTER.", INFO_PAGE,
        "Test the pointer first.", CONNPT_CHECK_VIOLATES },
      class_info_null,
      RULE_OBJECT,
      RULE_NO_KIND,
      0 },
    { { "class-info-works", "GetClassInfo gives the type info of the coclass.", INFO_PAGE,
        "Return the coclass's type info, or do not answer IProvideClassInfo. The page forbids "
        "E_NOTIMPL.",
        CONNPT_CHECK_VIOLATES },
      class_info_works,
      RULE_OBJECT,
      RULE_NO_KIND,
      0 },
    { { "class-info-references", "GetClassInfo takes one reference for the caller.", INFO_PAGE,
        "Call AddRef on a type info that you keep, and on one that was made for the call not.",
        CONNPT_CHECK_VIOLATES },
      class_info_references,
      RULE_OBJECT,
      RULE_NO_KIND,
      0 },
    { { "class-guid-null", "GetGUID with a NULL result pointer returns E_POINTER.", GUID_PAGE,
        "Test the pointer first.", CONNPT_CHECK_VIOLATES },
      class_guid_null,
      RULE_OBJECT,
      RULE_NO_KIND,
      0 },
    { { "class-guid-kind", "GetGUID of an unknown kind returns E_INVALIDARG.", GUID_PAGE,
        "Know GUIDKIND_DEFAULT_SOURCE_DISP_IID only.", CONNPT_CHECK_VIOLATES },
      class_guid_kind,
      RULE_OBJECT,
      RULE_NO_KIND,
      0 },
    { { "class-guid-default", "GetGUID does not succeed with GUID_NULL.",
        "practice: comtypes#934: clients believe it",
        "Return a failure when there is no default source.", CONNPT_CHECK_BREAKS },
      class_guid_default,
      RULE_OBJECT,
      RULE_NO_KIND,
      0 },
    { { "class-guid-found", "The default source has a connection point.", GUID_PAGE,
        "Name an IID that FindConnectionPoint finds.", CONNPT_CHECK_VIOLATES },
      class_guid_found,
      RULE_OBJECT,
      RULE_NO_KIND,
      0 },
    { { "class-sources-found", "Each [source] of the coclass has a connection point.",
        "Microsoft: Using IProvideClassInfo", "Declare what you fire, and fire what you declare.",
        CONNPT_CHECK_BREAKS },
      class_sources_found,
      RULE_OBJECT,
      RULE_NO_KIND,
      0 },
    { { "class-default-same", "GetGUID and the type library name the same default source.",
        "Microsoft: Using IProvideClassInfo", "Return the IID of the [default, source] interface.",
        CONNPT_CHECK_RISKY },
      class_default_same,
      RULE_OBJECT,
      RULE_NO_KIND,
      0 },
    { { NULL, NULL, NULL, NULL, 0 }, NULL, 0, 0, 0 },
};

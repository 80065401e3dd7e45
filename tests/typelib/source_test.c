/* SPDX-License-Identifier: MIT */
/* source_test.c - the default source of objects that tell it in one way only */
#include <string.h>

#include <connpt/guid.h>

#include "sample.h"

static const GUID dpartevents = SAMPLE_GUID(0x20), dotherevents = SAMPLE_GUID(0x21);

/* What the object of a test can be asked. */
enum { CLASS_INFO = 1, CLASS_INFO_2 = 2, DISPATCH = 4, ONE_POINT = 8 };

/* One object with four interfaces, its enumerator and its points; none of it is allocated. */
struct fake {
    IProvideClassInfo2 IProvideClassInfo2_iface;
    IDispatch IDispatch_iface;
    IConnectionPointContainer IConnectionPointContainer_iface;
    IEnumConnectionPoints IEnumConnectionPoints_iface;
    IConnectionPoint IConnectionPoint_iface;
    unsigned answers;      /* CLASS_INFO ... */
    HRESULT guid_hr;       /* of GetGUID */
    GUID guid;             /* from GetGUID */
    ITypeInfo *coclass;    /* from GetClassInfo */
    ITypeInfo *interface_; /* from IDispatch::GetTypeInfo */
    unsigned n_points, next_point;
    int refs;
};

#define FAKE(iface, Interface)                                                                     \
    ((struct fake *)(void *)((char *)(iface)-offsetof(struct fake, Interface##_iface)))

static HRESULT fake_query(struct fake *fake, REFIID iid, void **out)
{
    *out = NULL;
    if (connpt_guid_equal(iid, &IID_IUnknown))
        *out = &fake->IDispatch_iface;
    else if (connpt_guid_equal(iid, &IID_IProvideClassInfo) && (fake->answers & CLASS_INFO))
        *out = &fake->IProvideClassInfo2_iface;
    else if (connpt_guid_equal(iid, &IID_IProvideClassInfo2) && (fake->answers & CLASS_INFO_2))
        *out = &fake->IProvideClassInfo2_iface;
    else if (connpt_guid_equal(iid, &IID_IDispatch) && (fake->answers & DISPATCH))
        *out = &fake->IDispatch_iface;
    else if (connpt_guid_equal(iid, &IID_IConnectionPointContainer) && (fake->answers & ONE_POINT))
        *out = &fake->IConnectionPointContainer_iface;
    if (*out == NULL)
        return E_NOINTERFACE;
    fake->refs++;
    return S_OK;
}

/* The three methods of IUnknown of each interface, and their slots. */
#define FAKE_UNKNOWN(Interface)                                                                    \
    static HRESULT STDMETHODCALLTYPE Interface##_query(Interface *iface, REFIID iid, void **out)   \
    {                                                                                              \
        return fake_query(FAKE(iface, Interface), iid, out);                                       \
    }                                                                                              \
    static ULONG STDMETHODCALLTYPE Interface##_get(Interface *iface)                               \
    {                                                                                              \
        return (ULONG)++FAKE(iface, Interface)->refs;                                              \
    }                                                                                              \
    static ULONG STDMETHODCALLTYPE Interface##_put(Interface *iface)                               \
    {                                                                                              \
        return (ULONG)--FAKE(iface, Interface)->refs;                                              \
    }
#define FAKE_SLOTS(Interface)                                                                      \
    .QueryInterface = Interface##_query, .AddRef = Interface##_get, .Release = Interface##_put

FAKE_UNKNOWN(IProvideClassInfo2)
FAKE_UNKNOWN(IDispatch)
FAKE_UNKNOWN(IConnectionPointContainer)
FAKE_UNKNOWN(IEnumConnectionPoints)
FAKE_UNKNOWN(IConnectionPoint)

static HRESULT give(ITypeInfo *info, ITypeInfo **out)
{
    *out = info;
    if (info == NULL)
        return E_FAIL;
    ITypeInfo_AddRef(info);
    return S_OK;
}

static HRESULT STDMETHODCALLTYPE fake_GetClassInfo(IProvideClassInfo2 *iface, ITypeInfo **out)
{
    return give(FAKE(iface, IProvideClassInfo2)->coclass, out);
}

static HRESULT STDMETHODCALLTYPE fake_GetGUID(IProvideClassInfo2 *iface, DWORD kind, GUID *out)
{
    struct fake *fake = FAKE(iface, IProvideClassInfo2);

    CHECK_INT(kind, GUIDKIND_DEFAULT_SOURCE_DISP_IID);
    *out = fake->guid;
    return fake->guid_hr;
}

static HRESULT STDMETHODCALLTYPE fake_GetTypeInfo(IDispatch *iface, UINT index, LCID lcid,
                                                  ITypeInfo **out)
{
    (void)lcid;
    CHECK_INT(index, 0);
    return give(FAKE(iface, IDispatch)->interface_, out);
}

static HRESULT STDMETHODCALLTYPE fake_EnumConnectionPoints(IConnectionPointContainer *iface,
                                                           IEnumConnectionPoints **out)
{
    struct fake *fake = FAKE(iface, IConnectionPointContainer);

    fake->next_point = 0;
    fake->refs++;
    *out = &fake->IEnumConnectionPoints_iface;
    return S_OK;
}

static HRESULT STDMETHODCALLTYPE fake_Next(IEnumConnectionPoints *iface, ULONG n,
                                           IConnectionPoint **points, ULONG *fetched)
{
    struct fake *fake = FAKE(iface, IEnumConnectionPoints);

    CHECK_INT(n, 1);
    *fetched = fake->next_point < fake->n_points;
    if (*fetched == 0)
        return S_FALSE;
    fake->next_point++;
    fake->refs++;
    points[0] = &fake->IConnectionPoint_iface;
    return S_OK;
}

static HRESULT STDMETHODCALLTYPE fake_GetConnectionInterface(IConnectionPoint *iface, IID *out)
{
    (void)iface;
    *out = dotherevents;
    return S_OK;
}

static const IProvideClassInfo2Vtbl class_info_vtbl = {
    FAKE_SLOTS(IProvideClassInfo2),
    .GetClassInfo = fake_GetClassInfo,
    .GetGUID = fake_GetGUID,
};
static const IDispatchVtbl dispatch_vtbl = {
    FAKE_SLOTS(IDispatch),
    .GetTypeInfo = fake_GetTypeInfo,
};
static const IConnectionPointContainerVtbl container_vtbl = {
    FAKE_SLOTS(IConnectionPointContainer),
    .EnumConnectionPoints = fake_EnumConnectionPoints,
};
static const IEnumConnectionPointsVtbl points_vtbl = {
    FAKE_SLOTS(IEnumConnectionPoints),
    .Next = fake_Next,
};
static const IConnectionPointVtbl point_vtbl = {
    FAKE_SLOTS(IConnectionPoint),
    .GetConnectionInterface = fake_GetConnectionInterface,
};

static struct fake fake_make(unsigned answers)
{
    struct fake fake = {
        .IProvideClassInfo2_iface.lpVtbl = &class_info_vtbl,
        .IDispatch_iface.lpVtbl = &dispatch_vtbl,
        .IConnectionPointContainer_iface.lpVtbl = &container_vtbl,
        .IEnumConnectionPoints_iface.lpVtbl = &points_vtbl,
        .IConnectionPoint_iface.lpVtbl = &point_vtbl,
        .answers = answers,
        .guid_hr = S_OK,
        .n_points = 1,
        .refs = 1,
    };

    return fake;
}

/* The object's answer, and whether it is described; its references are all given back. */
static void check_source(struct fake *fake, HRESULT expected, const GUID *iid, int is_described)
{
    IUnknown *object = (IUnknown *)(void *)&fake->IDispatch_iface;
    ITypeInfo *info = NULL;
    TYPEATTR *attr = NULL;
    IID found = dpartevents;

    CHECK_HR(connpt_default_source(object, &found, &info), expected);
    CHECK(connpt_guid_equal(&found, expected == S_OK ? iid : &dpartevents));
    CHECK_INT(info != NULL, is_described);
    if (info != NULL) {
        if (CHECK_HR(ITypeInfo_GetTypeAttr(info, &attr), S_OK)) {
            CHECK(connpt_guid_equal(&attr->guid, iid));
            ITypeInfo_ReleaseTypeAttr(info, attr);
        }
        ITypeInfo_Release(info);
    }
    CHECK_HR(connpt_default_source(object, &found, NULL), expected);
    CHECK_INT(fake->refs, 1);
}

static void class_info_2_names_it(void)
{
    struct fake fake = fake_make(CLASS_INFO | CLASS_INFO_2 | DISPATCH | ONE_POINT);
    ITypeLib *library = sample_open("sample.tlb");

    fake.guid = dotherevents;
    check_source(&fake, S_OK, &dotherevents, 0);
    fake.interface_ = sample_type(library, SAMPLE_IPART2);
    if (fake.interface_ != NULL)
        check_source(&fake, S_OK, &dotherevents, 1);
    sample_close(library, fake.interface_);
}

static void the_null_guid_is_no_answer(void)
{
    struct fake fake = fake_make(CLASS_INFO_2);

    check_source(&fake, CONNECT_E_NOCONNECTION, NULL, 0);
    fake.guid = dotherevents;
    fake.guid_hr = E_FAIL;
    check_source(&fake, CONNECT_E_NOCONNECTION, NULL, 0);
    fake.answers |= ONE_POINT;
    check_source(&fake, S_OK, &dotherevents, 0);
}

static void class_info_leads_to_the_coclass(void)
{
    struct fake fake = fake_make(CLASS_INFO | ONE_POINT);
    ITypeLib *library = sample_open("sample.tlb");

    fake.coclass = sample_type(library, SAMPLE_PART);
    if (fake.coclass != NULL)
        check_source(&fake, S_OK, &dpartevents, 1);
    sample_close(library, fake.coclass);
}

static void the_dispatch_interface_leads_to_the_coclass_of_which_it_is_the_default(void)
{
    struct fake fake = fake_make(DISPATCH);
    ITypeLib *library = sample_open("sample.tlb");

    fake.interface_ = sample_type(library, SAMPLE_IPART2);
    if (fake.interface_ != NULL)
        check_source(&fake, S_OK, &dpartevents, 1);
    sample_close(NULL, fake.interface_);
    fake.interface_ = sample_type(library, SAMPLE_IPLAIN); /* of the coclass, but not its default */
    if (fake.interface_ != NULL)
        check_source(&fake, CONNECT_E_NOCONNECTION, NULL, 0);
    sample_close(library, fake.interface_);
}

static void the_only_point_is_the_default(void)
{
    struct fake fake = fake_make(ONE_POINT);

    check_source(&fake, S_OK, &dotherevents, 0);
    fake.n_points = 2;
    check_source(&fake, CONNECT_E_NOCONNECTION, NULL, 0);
    fake.n_points = 0;
    check_source(&fake, CONNECT_E_NOCONNECTION, NULL, 0);
}

static void an_object_that_tells_nothing_has_none(void)
{
    struct fake fake = fake_make(0);
    IUnknown *object = (IUnknown *)(void *)&fake.IDispatch_iface;
    ITypeInfo *coclass = NULL;
    IID iid;

    check_source(&fake, CONNECT_E_NOCONNECTION, NULL, 0);
    CHECK_HR(connpt_object_coclass(object, &coclass), TYPE_E_ELEMENTNOTFOUND);
    CHECK_HR(connpt_default_source(NULL, &iid, NULL), E_POINTER);
    CHECK_HR(connpt_default_source(object, NULL, NULL), E_POINTER);
    CHECK_HR(connpt_object_coclass(NULL, &coclass), E_POINTER);
    CHECK_HR(connpt_object_coclass(object, NULL), E_POINTER);
}

static void the_coclass_of_an_object_is_found_either_way(void)
{
    struct fake fake = fake_make(DISPATCH);
    IUnknown *object = (IUnknown *)(void *)&fake.IDispatch_iface;
    ITypeLib *library = sample_open("sample.tlb");
    ITypeInfo *part = sample_type(library, SAMPLE_PART), *coclass = NULL;

    fake.interface_ = sample_type(library, SAMPLE_IPART2);
    if (part != NULL && fake.interface_ != NULL) {
        if (CHECK_HR(connpt_object_coclass(object, &coclass), S_OK)) {
            CHECK_PTR(coclass, part);
            ITypeInfo_Release(coclass);
        }
        fake.answers = CLASS_INFO;
        fake.coclass = part;
        if (CHECK_HR(connpt_object_coclass(object, &coclass), S_OK)) {
            CHECK_PTR(coclass, part);
            ITypeInfo_Release(coclass);
        }
    }
    CHECK_INT(fake.refs, 1);
    sample_close(NULL, part);
    sample_close(library, fake.interface_);
}

static void a_coclass_declares_its_sources_in_order(void)
{
    ITypeLib *library = sample_open("sample.tlb");
    ITypeInfo *part = sample_type(library, SAMPLE_PART), *info = NULL;
    INT flags = 0;
    IID iid;

    if (part != NULL) {
        if (CHECK_HR(connpt_coclass_source(part, 0, &iid, &flags, &info), S_OK)) {
            CHECK(connpt_guid_equal(&iid, &dotherevents));
            CHECK_INT(flags, IMPLTYPEFLAG_FSOURCE);
            ITypeInfo_Release(info);
        }
        CHECK_HR(connpt_coclass_source(part, 1, &iid, &flags, NULL), S_OK);
        CHECK_INT(flags, IMPLTYPEFLAG_FSOURCE | IMPLTYPEFLAG_FDEFAULT);
        CHECK_HR(connpt_coclass_source(part, 1, &iid, NULL, NULL), S_OK);
        CHECK(connpt_guid_equal(&iid, &dpartevents));
        CHECK_HR(connpt_coclass_source(part, 2, &iid, NULL, NULL), S_FALSE);
        CHECK_HR(connpt_coclass_source(NULL, 0, &iid, NULL, NULL), E_POINTER);
        CHECK_HR(connpt_coclass_source(part, 0, NULL, NULL, NULL), E_POINTER);
    }
    sample_close(library, part);
}

int main(int argc, char **argv)
{
    static const struct t_test tests[] = {
        T(class_info_2_names_it),
        T(the_null_guid_is_no_answer),
        T(class_info_leads_to_the_coclass),
        T(the_dispatch_interface_leads_to_the_coclass_of_which_it_is_the_default),
        T(the_only_point_is_the_default),
        T(an_object_that_tells_nothing_has_none),
        T(the_coclass_of_an_object_is_found_either_way),
        T(a_coclass_declares_its_sources_in_order),
        T_END,
    };

    return t_run(argc, argv, tests);
}

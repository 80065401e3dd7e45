/* SPDX-License-Identifier: MIT */
/* check/rules_point.c - what a connection point is, apart from its connections */
#include "check.h"

static void point_interface(struct check *check)
{
    IID iid = IID_NULL;
    HRESULT hr;

    check->step = "GetConnectionInterface";
    hr = IConnectionPoint_GetConnectionInterface(check->point, &iid);
    if (FAILED(hr))
        check_fail(check, "GetConnectionInterface returned %s", HR(hr));
    else if (!IsEqualGUID(&iid, &check->source->iid))
        check_fail(check, "GetConnectionInterface says %s, and the point was found as %s",
                   GUID_TEXT(&iid), GUID_TEXT(&check->source->iid));
}

static void point_interface_null(struct check *check)
{
    HRESULT hr;

    check->step = "GetConnectionInterface(NULL)";
    hr = IConnectionPoint_GetConnectionInterface(check->point, NULL);
    if (hr == E_NOTIMPL)
        check_skip(check, "GetConnectionInterface returned %s: see point-interface", HR(hr));
    check_result(check, check->step, hr, E_POINTER, (const HRESULT[]){ E_INVALIDARG, S_OK });
}

/* The container that the point tells; NULL after skipping. */
static IConnectionPointContainer *container_of_point(struct check *check)
{
    IConnectionPointContainer *container = NULL;
    HRESULT hr;

    check->step = "GetConnectionPointContainer";
    hr = IConnectionPoint_GetConnectionPointContainer(check->point, &container);
    if (SUCCEEDED(hr) && container != NULL)
        return container;
    check_skip(check, "GetConnectionPointContainer returned %s", HR(hr));
    return NULL;
}

static void point_container(struct check *check)
{
    IConnectionPointContainer *container = NULL;
    HRESULT hr;

    check->step = "GetConnectionPointContainer";
    hr = IConnectionPoint_GetConnectionPointContainer(check->point, &container);
    if (FAILED(hr) || container == NULL) {
        check_fail(check, "GetConnectionPointContainer returned %s%s", HR(hr),
                   FAILED(hr) ? "" : " and NULL");
        return;
    }
    if (container != check->container) {
        IUnknown *theirs = NULL, *ours = NULL;

        (void)IUnknown_QueryInterface(container, &IID_IUnknown, (void **)&theirs);
        (void)IUnknown_QueryInterface(check->object, &IID_IUnknown, (void **)&ours);
        if (theirs == NULL || theirs != ours)
            check_fail(check, "GetConnectionPointContainer gives another object than the one whose "
                              "point it is");
        if (theirs != NULL)
            IUnknown_Release(theirs);
        if (ours != NULL)
            IUnknown_Release(ours);
    }
    IConnectionPointContainer_Release(container);
}

static void point_container_null(struct check *check)
{
    HRESULT hr;

    check->step = "GetConnectionPointContainer(NULL)";
    hr = IConnectionPoint_GetConnectionPointContainer(check->point, NULL);
    if (hr == E_NOTIMPL)
        check_skip(check, "GetConnectionPointContainer returned %s: see point-container", HR(hr));
    check_result(check, check->step, hr, E_POINTER, (const HRESULT[]){ E_INVALIDARG, S_OK });
}

static void point_container_references(struct check *check)
{
    IConnectionPointContainer *container;
    ULONG before, after;

    if (!check_count(check->object, &before)) {
        check_skip(check, "AddRef and Release of the object do not tell the count");
        return;
    }
    container = container_of_point(check);
    if (container == NULL)
        return;
    IConnectionPointContainer_Release(container);
    if (check_count(check->object, &after) && after != before)
        check_fail(check,
                   "GetConnectionPointContainer and one Release changed the object's count "
                   "from %lu to %lu; it takes one reference",
                   (unsigned long)before, (unsigned long)after);
}

static void point_query(struct check *check)
{
    static const IID *const iids[] = { &IID_IUnknown, &IID_IConnectionPoint };

    check->step = "QueryInterface of the point";
    for (int i = 0; i < 2; i++) {
        IUnknown *out = NULL;
        HRESULT hr = IUnknown_QueryInterface(check->point, iids[i], (void **)&out);

        if (FAILED(hr) || out == NULL)
            check_fail(check, "the point's QueryInterface(%s) returned %s",
                       i == 0 ? "IUnknown" : "IConnectionPoint", HR(hr));
        else
            IUnknown_Release(out);
    }
}

static void point_identity(struct check *check)
{
    IUnknown *point = NULL, *object = NULL;

    check->step = "QueryInterface(IUnknown)";
    if (FAILED(IUnknown_QueryInterface(check->point, &IID_IUnknown, (void **)&point)) ||
        FAILED(IUnknown_QueryInterface(check->object, &IID_IUnknown, (void **)&object)) ||
        point == NULL || object == NULL)
        check_skip(check, "QueryInterface(IUnknown) fails");
    else if (point == object)
        check_fail(check, "the point and the object are one: QueryInterface(IUnknown) gives the "
                          "same pointer");
    if (point != NULL)
        IUnknown_Release(point);
    if (object != NULL)
        IUnknown_Release(object);
}

static void point_separate(struct check *check)
{
    IUnknown *out = NULL;

    check->step = "QueryInterface";
    if (SUCCEEDED(
            IUnknown_QueryInterface(check->point, &IID_IConnectionPointContainer, (void **)&out)) &&
        out != NULL) {
        check_fail(check, "the point answers QueryInterface(IConnectionPointContainer); the way "
                          "there is GetConnectionPointContainer");
        IUnknown_Release(out);
    }
    out = NULL;
    if (SUCCEEDED(IUnknown_QueryInterface(check->object, &IID_IConnectionPoint, (void **)&out)) &&
        out != NULL) {
        check_fail(check, "the object answers QueryInterface(IConnectionPoint); the way there is "
                          "FindConnectionPoint");
        IUnknown_Release(out);
    }
}

static void point_query_unknown(struct check *check)
{
    int here;
    void *out = &here;
    HRESULT hr;

    check->step = "the point's QueryInterface of an interface that nobody has";
    hr = IUnknown_QueryInterface(check->point, &check_nobodys_iid, &out);
    check_result(check, check->step, hr, E_NOINTERFACE, NULL);
    if (FAILED(hr) && out != NULL)
        check_fail(check, "%s returned %s, and *ppv is not NULL", check->step, HR(hr));
}

static void point_query_null(struct check *check)
{
    check->step = "the point's QueryInterface(IUnknown, NULL)";
    check_result(check, check->step, IUnknown_QueryInterface(check->point, &IID_IUnknown, NULL),
                 E_POINTER, (const HRESULT[]){ E_INVALIDARG, S_OK });
}

#define ARCHITECTURE "Microsoft: Architecture of Connectable Objects"
#define INTERFACE_PAGE "Microsoft: IConnectionPoint::GetConnectionInterface"
#define CONTAINER_PAGE "Microsoft: IConnectionPoint::GetConnectionPointContainer"

const struct rule check_rules_point[] = {
    { { "point-interface", "GetConnectionInterface tells the IID by which the point is found.",
        INTERFACE_PAGE, "Write the IID of the point. The page forbids E_NOTIMPL.",
        CONNPT_CHECK_VIOLATES },
      point_interface,
      RULE_POINT,
      RULE_NO_KIND,
      0 },
    { { "point-interface-null", "GetConnectionInterface(NULL) returns E_POINTER.", INTERFACE_PAGE,
        "Test the pointer first.", CONNPT_CHECK_VIOLATES },
      point_interface_null,
      RULE_POINT,
      RULE_NO_KIND,
      0 },
    { { "point-container", "GetConnectionPointContainer gives the object whose point it is.",
        CONTAINER_PAGE, "Keep a pointer to the object and return it. The page forbids E_NOTIMPL.",
        CONNPT_CHECK_VIOLATES },
      point_container,
      RULE_POINT,
      RULE_NO_KIND,
      0 },
    { { "point-container-null", "GetConnectionPointContainer(NULL) returns E_POINTER.",
        CONTAINER_PAGE, "Test the pointer first.", CONNPT_CHECK_VIOLATES },
      point_container_null,
      RULE_POINT,
      RULE_NO_KIND,
      0 },
    { { "point-container-references", "GetConnectionPointContainer takes exactly one reference.",
        CONTAINER_PAGE, "Call AddRef once on the container that you return.",
        CONNPT_CHECK_VIOLATES },
      point_container_references,
      RULE_POINT,
      RULE_NO_KIND,
      0 },
    { { "point-query", "A point answers IUnknown and IConnectionPoint.", ARCHITECTURE,
        "Give the point a QueryInterface of its own; do not hand it on to the container's.",
        CONNPT_CHECK_VIOLATES },
      point_query,
      RULE_POINT,
      RULE_NO_KIND,
      0 },
    { { "point-identity", "A point and its object are two objects.", ARCHITECTURE,
        "Answer the point's QueryInterface(IUnknown) with the point.", CONNPT_CHECK_VIOLATES },
      point_identity,
      RULE_POINT,
      RULE_NO_KIND,
      0 },
    { { "point-separate", "QueryInterface leads neither from the object to a point nor back.",
        "Microsoft: Using IConnectionPointContainer", "Answer in each only what belongs to it.",
        CONNPT_CHECK_VIOLATES },
      point_separate,
      RULE_POINT,
      RULE_NO_KIND,
      0 },
    { { "point-query-unknown",
        "A point's QueryInterface for what it has not returns E_NOINTERFACE and writes NULL.",
        "Microsoft: IUnknown::QueryInterface", "Write NULL to *ppv before you compare IIDs.",
        CONNPT_CHECK_VIOLATES },
      point_query_unknown,
      RULE_POINT,
      RULE_NO_KIND,
      0 },
    { { "point-query-null",
        "A point's QueryInterface with a NULL result pointer returns E_POINTER.",
        "Microsoft: IUnknown::QueryInterface", "Test ppv before anything else.",
        CONNPT_CHECK_VIOLATES },
      point_query_null,
      RULE_POINT,
      RULE_NO_KIND,
      0 },
    { { NULL, NULL, NULL, NULL, 0 }, NULL, 0, 0, 0 },
};

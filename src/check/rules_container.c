/* SPDX-License-Identifier: MIT */
/* check/rules_container.c - IConnectionPointContainer */
#include "check.h"

#include <string.h>

#include "walk.h"

/* ---- EnumConnectionPoints ------------------------------------------------------------------ */

static void points_implemented(struct check *check)
{
    IEnumConnectionPoints *points = NULL;
    HRESULT hr;

    if (!check_need_container(check))
        return;
    check->step = "EnumConnectionPoints";
    hr = IConnectionPointContainer_EnumConnectionPoints(check->container, &points);
    check_result(check, check->step, hr, S_OK, (const HRESULT[]){ E_NOTIMPL, S_OK });
    if (SUCCEEDED(hr) && points == NULL)
        check_fail(check, "EnumConnectionPoints returned S_OK and NULL");
    if (points != NULL)
        IEnumConnectionPoints_Release(points);
}

static void points_null_out(struct check *check)
{
    HRESULT hr;

    if (!check_need_container(check))
        return;
    check->step = "EnumConnectionPoints(NULL)";
    hr = IConnectionPointContainer_EnumConnectionPoints(check->container, NULL);
    if (hr == E_NOTIMPL)
        check_skip(check, "EnumConnectionPoints returned %s", HR(hr));
    check_result(check, check->step, hr, E_POINTER, (const HRESULT[]){ E_INVALIDARG, S_OK });
}

/* The enumerator's points, each with a reference. Skips the rule when there is no enumerator. */
static uint32_t all_points(struct check *check, IConnectionPoint *found[CHECK_MAX_SOURCES])
{
    union walk_items items;
    struct walk walk;
    uint32_t n;

    if (!walk_open(check, 0, &walk))
        return 0;
    n = walk_read_all(&walk, &items);
    memcpy(found, items.points, n * sizeof *found);
    walk_close(&walk);
    return n;
}

static void release_points(IConnectionPoint *found[CHECK_MAX_SOURCES], uint32_t n)
{
    for (uint32_t i = 0; i < n; i++)
        IConnectionPoint_Release(found[i]);
}

static unsigned times_enumerated(IConnectionPoint *found[CHECK_MAX_SOURCES], uint32_t n,
                                 const IID *iid)
{
    unsigned times = 0;
    IID one;

    for (uint32_t i = 0; i < n; i++)
        times += SUCCEEDED(IConnectionPoint_GetConnectionInterface(found[i], &one)) &&
                 IsEqualGUID(&one, iid);
    return times;
}

static void points_complete(struct check *check)
{
    IConnectionPoint *found[CHECK_MAX_SOURCES];
    uint32_t n = all_points(check, found);
    IID iid;

    if (n > 0 && FAILED(IConnectionPoint_GetConnectionInterface(found[0], &iid)))
        check_skip(check, "GetConnectionInterface of a point fails: see point-interface");
    for (uint32_t i = 0; i < check->sources->n_items && !check_is_told(check); i++) {
        const IID *known = &check->sources->items[i].iid;

        if (times_enumerated(found, n, known) == 0)
            check_fail(check, "FindConnectionPoint knows %s, and EnumConnectionPoints does not",
                       GUID_TEXT(known));
    }
    release_points(found, n);
}

static void points_once(struct check *check)
{
    IConnectionPoint *found[CHECK_MAX_SOURCES];
    uint32_t n = all_points(check, found);

    for (uint32_t i = 0; i < n; i++) {
        IID iid;

        if (SUCCEEDED(IConnectionPoint_GetConnectionInterface(found[i], &iid)) &&
            times_enumerated(found, n, &iid) > 1)
            check_fail(check,
                       "EnumConnectionPoints gives %s %u times; a client cannot know which "
                       "of them fires",
                       GUID_TEXT(&iid), times_enumerated(found, n, &iid));
    }
    release_points(found, n);
}

static void points_lead_back(struct check *check)
{
    IConnectionPoint *found[CHECK_MAX_SOURCES];
    uint32_t n = all_points(check, found);

    for (uint32_t i = 0; i < n; i++) {
        IConnectionPoint *point = NULL;
        IID iid;
        HRESULT hr;

        if (FAILED(IConnectionPoint_GetConnectionInterface(found[i], &iid)))
            continue;
        check->step = "FindConnectionPoint";
        hr = IConnectionPointContainer_FindConnectionPoint(check->container, &iid, &point);
        if (FAILED(hr) || point == NULL)
            check_fail(check,
                       "EnumConnectionPoints gives %s, and FindConnectionPoint of it "
                       "returned %s",
                       GUID_TEXT(&iid), HR(hr));
        else if (point != found[i])
            check_fail(check,
                       "EnumConnectionPoints and FindConnectionPoint give two connection "
                       "points for %s",
                       GUID_TEXT(&iid));
        if (point != NULL)
            IConnectionPoint_Release(point);
    }
    release_points(found, n);
}

/* ---- FindConnectionPoint --------------------------------------------------------------------- */

static void find_null_out(struct check *check)
{
    if (!check_need_container(check))
        return;
    check->step = "FindConnectionPoint(iid, NULL)";
    check_result(
        check, check->step,
        IConnectionPointContainer_FindConnectionPoint(check->container, &check->source->iid, NULL),
        E_POINTER, (const HRESULT[]){ E_INVALIDARG, S_OK });
}

static void find_null_iid(struct check *check)
{
    IConnectionPoint *point = NULL;
    HRESULT hr;

    if (!check_need_container(check))
        return;
    check->step = "FindConnectionPoint(NULL, &point)";
    hr = IConnectionPointContainer_FindConnectionPoint(check->container, NULL, &point);
    if (hr == E_NOTIMPL)
        check_skip(check, "FindConnectionPoint returned %s: see find-unknown-iid", HR(hr));
    check_result(check, check->step, hr, E_POINTER,
                 (const HRESULT[]){ E_INVALIDARG, CONNECT_E_NOCONNECTION, S_OK });
}

static void find_unknown_iid(struct check *check)
{
    IConnectionPoint *point = NULL;

    if (!check_need_container(check))
        return;
    check->step = "FindConnectionPoint of an interface that nobody has";
    check_result(
        check, check->step,
        IConnectionPointContainer_FindConnectionPoint(check->container, &check_nobodys_iid, &point),
        CONNECT_E_NOCONNECTION, (const HRESULT[]){ E_NOINTERFACE, E_NOTIMPL, S_OK });
}

static void find_clears_out(struct check *check)
{
    IConnectionPoint *here = (IConnectionPoint *)(void *)&check->text, *point = here;
    HRESULT hr;

    if (!check_need_container(check))
        return;
    check->step = "FindConnectionPoint of an interface that nobody has";
    hr =
        IConnectionPointContainer_FindConnectionPoint(check->container, &check_nobodys_iid, &point);
    if (SUCCEEDED(hr))
        check_skip(check, "%s returned %s", check->step, HR(hr));
    else if (point != NULL)
        check_fail(check, "FindConnectionPoint returned %s and %s", HR(hr),
                   point == here ? "left *ppCP as it was" : "wrote to *ppCP what is not NULL");
}

static void find_same(struct check *check)
{
    IConnectionPoint *again;

    if (!check_find(check, &check->source->iid, &again))
        return;
    if (again != check->point)
        check_fail(check, "FindConnectionPoint gives another pointer the second time; connections "
                          "of the one are not in the other");
    IConnectionPoint_Release(again);
}

static void find_references(struct check *check)
{
    IConnectionPoint *again;
    ULONG before, after;

    if (!check_count((IUnknown *)check->point, &before)) {
        check_skip(check, "AddRef and Release of the point do not tell the count");
        return;
    }
    if (!check_find(check, &check->source->iid, &again))
        return;
    IConnectionPoint_Release(again);
    if (again == check->point && check_count((IUnknown *)check->point, &after) && after != before)
        check_fail(check,
                   "FindConnectionPoint and one Release changed the point's count from %lu "
                   "to %lu; it takes one reference",
                   (unsigned long)before, (unsigned long)after);
}

#define ENUM_PAGE "Microsoft: IConnectionPointContainer::EnumConnectionPoints"
#define FIND_PAGE "Microsoft: IConnectionPointContainer::FindConnectionPoint"

const struct rule check_rules_container[] = {
    { { "points-implemented", "EnumConnectionPoints works.", ENUM_PAGE,
        "Implement it: clients that do not know the IIDs have no other way. The page forbids "
        "E_NOTIMPL.",
        CONNPT_CHECK_VIOLATES },
      points_implemented,
      RULE_OBJECT,
      RULE_POINTS,
      0 },
    { { "points-null-out", "EnumConnectionPoints(NULL) returns E_POINTER.", ENUM_PAGE,
        "Test the pointer first.", CONNPT_CHECK_VIOLATES },
      points_null_out,
      RULE_OBJECT,
      RULE_POINTS,
      0 },
    { { "points-complete",
        "EnumConnectionPoints gives every connection point that "
        "FindConnectionPoint finds.",
        ENUM_PAGE, "Make both work from one table.", CONNPT_CHECK_VIOLATES },
      points_complete,
      RULE_OBJECT,
      RULE_POINTS,
      0 },
    { { "points-once", "Each outgoing interface has one connection point.", ENUM_PAGE,
        "Enumerate one point for each IID.", CONNPT_CHECK_VIOLATES },
      points_once,
      RULE_OBJECT,
      RULE_POINTS,
      0 },
    { { "points-lead-back", "FindConnectionPoint gives the point that was enumerated.", FIND_PAGE,
        "Return the same object from both.", CONNPT_CHECK_VIOLATES },
      points_lead_back,
      RULE_OBJECT,
      RULE_POINTS,
      0 },
    { { "find-null-out", "FindConnectionPoint with a NULL result pointer returns E_POINTER.",
        FIND_PAGE, "Test ppCP first.", CONNPT_CHECK_VIOLATES },
      find_null_out,
      RULE_POINT,
      RULE_NO_KIND,
      0 },
    { { "find-null-iid", "FindConnectionPoint with a NULL IID fails.",
        "practice: a reference cannot be NULL in C++, a pointer of C can",
        "Return E_POINTER, with *ppCP = NULL.", CONNPT_CHECK_RISKY },
      find_null_iid,
      RULE_OBJECT,
      RULE_NO_KIND,
      0 },
    { { "find-unknown-iid",
        "FindConnectionPoint of an unknown interface returns "
        "CONNECT_E_NOCONNECTION.",
        FIND_PAGE, "Return CONNECT_E_NOCONNECTION.", CONNPT_CHECK_VIOLATES },
      find_unknown_iid,
      RULE_OBJECT,
      RULE_NO_KIND,
      0 },
    { { "find-clears-out", "FindConnectionPoint that fails writes NULL.", FIND_PAGE,
        "Write NULL to *ppCP before you search.", CONNPT_CHECK_VIOLATES },
      find_clears_out,
      RULE_OBJECT,
      RULE_NO_KIND,
      0 },
    { { "find-same", "FindConnectionPoint gives the same point for the same interface.", FIND_PAGE,
        "Keep one point for each IID; do not make a new one for each call.",
        CONNPT_CHECK_VIOLATES },
      find_same,
      RULE_POINT,
      RULE_NO_KIND,
      0 },
    { { "find-references", "FindConnectionPoint takes exactly one reference.", FIND_PAGE,
        "Call AddRef once on the point that you return.", CONNPT_CHECK_VIOLATES },
      find_references,
      RULE_POINT,
      RULE_NO_KIND,
      0 },
    { { NULL, NULL, NULL, NULL, 0 }, NULL, 0, 0, 0 },
};

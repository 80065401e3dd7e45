/* SPDX-License-Identifier: MIT */
/* check/rules_object.c - the object itself: QueryInterface, identity, being connectable */
#include "check.h"

/* Interfaces that a connectable object may have; those that it has are compared. */
static const IID *const usual_iids[] = {
    &IID_IUnknown,  &IID_IConnectionPointContainer, &IID_IProvideClassInfo, &IID_IProvideClassInfo2,
    &IID_IDispatch,
};
enum { N_USUAL = sizeof usual_iids / sizeof usual_iids[0] };

/* It has been made already; that it goes without trouble is what is left to see. */
static void object_made(struct check *check)
{
    check->step = "the Release of an object that nobody used";
    if (check->container != NULL)
        IConnectionPointContainer_Release(check->container);
    check->container = NULL;
    IUnknown_Release(check->object);
    check->object = NULL;
}

static void container_present(struct check *check)
{
    IUnknown *container = (IUnknown *)(void *)&check_nobodys_iid;
    HRESULT hr =
        IUnknown_QueryInterface(check->object, &IID_IConnectionPointContainer, (void **)&container);

    if (FAILED(hr)) {
        check_fail(check,
                   "QueryInterface(IConnectionPointContainer) returned %s: the object has no "
                   "events that anyone could connect to",
                   HR(hr));
        return;
    }
    if (container == NULL) {
        check_fail(check, "QueryInterface(IConnectionPointContainer) returned %s and NULL", HR(hr));
        return;
    }
    IUnknown_Release(container);
}

static void query_null_out(struct check *check)
{
    check->step = "QueryInterface(IUnknown, NULL)";
    check_result(check, check->step, IUnknown_QueryInterface(check->object, &IID_IUnknown, NULL),
                 E_POINTER, (const HRESULT[]){ E_INVALIDARG, S_OK });
}

static void query_unknown_iid(struct check *check)
{
    void *out = NULL;

    check->step = "QueryInterface of an interface that nobody has";
    check_result(check, check->step,
                 IUnknown_QueryInterface(check->object, &check_nobodys_iid, &out), E_NOINTERFACE,
                 NULL);
}

static void query_clears_out(struct check *check)
{
    int here;
    void *out = &here;
    HRESULT hr;

    check->step = "QueryInterface of an interface that nobody has";
    hr = IUnknown_QueryInterface(check->object, &check_nobodys_iid, &out);
    if (SUCCEEDED(hr))
        check_skip(check, "QueryInterface of an interface that nobody has returned %s", HR(hr));
    else if (out == &here)
        check_fail(check, "QueryInterface returned %s and left *ppv as it was", HR(hr));
    else if (out != NULL)
        check_fail(check, "QueryInterface returned %s and wrote something to *ppv that is not NULL",
                   HR(hr));
}

/* ---- the interfaces among each other --------------------------------------------------------- */

static void collect(struct check *check, IUnknown *found[N_USUAL])
{
    for (int i = 0; i < N_USUAL; i++) {
        found[i] = NULL;
        check->step = "QueryInterface";
        if (FAILED(IUnknown_QueryInterface(check->object, usual_iids[i], (void **)&found[i])))
            found[i] = NULL;
    }
}

static void give_back(IUnknown *found[N_USUAL])
{
    for (int i = 0; i < N_USUAL; i++) {
        if (found[i] != NULL)
            IUnknown_Release(found[i]);
    }
}

static void query_identity(struct check *check)
{
    IUnknown *found[N_USUAL], *first = NULL;

    collect(check, found);
    for (int i = 0; i < N_USUAL; i++) {
        IUnknown *identity = NULL;

        if (found[i] == NULL)
            continue;
        if (FAILED(IUnknown_QueryInterface(found[i], &IID_IUnknown, (void **)&identity)) ||
            identity == NULL) {
            check_fail(check, "QueryInterface(IUnknown) fails on %s", GUID_TEXT(usual_iids[i]));
            continue;
        }
        if (first == NULL)
            first = identity;
        if (identity != first)
            check_fail(check,
                       "QueryInterface(IUnknown) on %s gives another pointer than on the "
                       "object: nobody can see that they are one object",
                       GUID_TEXT(usual_iids[i]));
        IUnknown_Release(identity);
    }
    give_back(found);
}

static void query_consistent(struct check *check)
{
    IUnknown *found[N_USUAL];

    collect(check, found);
    for (int from = 0; from < N_USUAL; from++) {
        for (int to = 0; found[from] != NULL && to < N_USUAL; to++) {
            IUnknown *out = NULL;
            HRESULT hr = IUnknown_QueryInterface(found[from], usual_iids[to], (void **)&out);

            if (FAILED(hr) == (found[to] != NULL))
                check_fail(check,
                           "QueryInterface(%s) on the object's %s returned %s, unlike on the "
                           "object",
                           GUID_TEXT(usual_iids[to]), GUID_TEXT(usual_iids[from]), HR(hr));
            if (SUCCEEDED(hr) && out != NULL)
                IUnknown_Release(out);
        }
    }
    give_back(found);
}

/* ---- references ---------------------------------------------------------------------------- */

static void query_references(struct check *check)
{
    ULONG before, after;
    IUnknown *out = NULL;

    if (!check_count(check->object, &before)) {
        check_skip(check, "AddRef and Release do not tell the count");
        return;
    }
    for (int i = 0; i < N_USUAL; i++) {
        if (FAILED(IUnknown_QueryInterface(check->object, usual_iids[i], (void **)&out)) ||
            out == NULL)
            continue;
        IUnknown_Release(out);
        if (check_count(check->object, &after) && after != before) {
            check_fail(check,
                       "QueryInterface(%s) and one Release changed the count from %lu to "
                       "%lu; QueryInterface takes one reference",
                       GUID_TEXT(usual_iids[i]), (unsigned long)before, (unsigned long)after);
            return;
        }
    }
}

#define COM_RULES "Microsoft: Rules for Implementing QueryInterface"

const struct rule check_rules_object[] = {
    { { CHECK_FIRST_RULE, "An object can be made and released.", "the binary interface",
        "Run it under a debugger or a sanitizer.", CONNPT_CHECK_VIOLATES },
      object_made,
      RULE_OBJECT,
      RULE_NO_KIND,
      RULE_ENDS_OBJECT },
    { { "container-present", "A connectable object answers IConnectionPointContainer.",
        "Microsoft: Architecture of Connectable Objects",
        "Return the container from QueryInterface.", CONNPT_CHECK_VIOLATES },
      container_present,
      RULE_OBJECT,
      RULE_NO_KIND,
      0 },
    { { "query-null-out", "QueryInterface with a NULL result pointer returns E_POINTER.",
        "Microsoft: IUnknown::QueryInterface", "Test ppv before anything else.",
        CONNPT_CHECK_VIOLATES },
      query_null_out,
      RULE_OBJECT,
      RULE_NO_KIND,
      0 },
    { { "query-unknown-iid",
        "QueryInterface for an interface that is not there returns "
        "E_NOINTERFACE.",
        "Microsoft: IUnknown::QueryInterface", "Return E_NOINTERFACE, and no success.",
        CONNPT_CHECK_VIOLATES },
      query_unknown_iid,
      RULE_OBJECT,
      RULE_NO_KIND,
      0 },
    { { "query-clears-out", "QueryInterface that fails writes NULL.",
        "Microsoft: IUnknown::QueryInterface", "Write NULL to *ppv before you compare IIDs.",
        CONNPT_CHECK_VIOLATES },
      query_clears_out,
      RULE_OBJECT,
      RULE_NO_KIND,
      0 },
    { { "query-identity", "QueryInterface for IUnknown gives one pointer from every interface.",
        COM_RULES, "Answer IID_IUnknown with the same pointer in every QueryInterface.",
        CONNPT_CHECK_VIOLATES },
      query_identity,
      RULE_OBJECT,
      RULE_NO_KIND,
      0 },
    { { "query-consistent", "Every interface of the object leads to every other one.", COM_RULES,
        "Let every interface's QueryInterface call the same function.", CONNPT_CHECK_VIOLATES },
      query_consistent,
      RULE_OBJECT,
      RULE_NO_KIND,
      0 },
    { { "query-references", "QueryInterface takes exactly one reference.",
        "Microsoft: Rules for Managing Reference Counts",
        "Call AddRef once on the pointer that you return.", CONNPT_CHECK_VIOLATES },
      query_references,
      RULE_OBJECT,
      RULE_NO_KIND,
      0 },
    { { NULL, NULL, NULL, NULL, 0 }, NULL, 0, 0, 0 },
};

/* SPDX-License-Identifier: MIT */
/* check/rules_unadvise.c - IConnectionPoint::Unadvise */
#include "check.h"

#include "sink.h"

/* What is returned for a connection that is not there. The page has E_POINTER, which nobody
 * returns; clients know CONNECT_E_NOCONNECTION. */
static void no_connection(struct check *check, HRESULT hr)
{
    if (hr != E_POINTER)
        check_result(
            check, check->step, hr, CONNECT_E_NOCONNECTION,
            (const HRESULT[]){ E_INVALIDARG, OLE_E_NOCONNECTION, E_FAIL, E_UNEXPECTED, S_OK });
}

static void unadvise_zero(struct check *check)
{
    struct sink *sink = sink_create(check);
    DWORD cookie;

    if (sink == NULL || !check_advise(check, sink, &cookie))
        return;
    if (cookie == 0) {
        check_skip(check, "0 is the cookie of a connection: see cookie-nonzero");
        return;
    }
    check->step = "Unadvise(0)";
    no_connection(check, IConnectionPoint_Unadvise(check->point, 0));
}

static void unadvise_unknown(struct check *check)
{
    static const DWORD far_away[] = {
        2, 100, 65537, 0x7fffffff, 0x80000000, 0xfffffffe, 0xffffffff
    };
    struct sink *sink = sink_create(check);
    DWORD cookie;

    if (sink == NULL || !check_advise(check, sink, &cookie))
        return;
    check->step = "Unadvise of a cookie that was never given";
    for (size_t i = 0; i < sizeof far_away / sizeof far_away[0]; i++)
        no_connection(check, IConnectionPoint_Unadvise(check->point, cookie + far_away[i]));
}

static void unadvise_twice(struct check *check)
{
    struct sink *sink = sink_create(check);
    DWORD cookie;

    if (sink == NULL || !check_advise(check, sink, &cookie) || !check_unadvise(check, cookie))
        return;
    check->step = "the second Unadvise of one cookie";
    no_connection(check, IConnectionPoint_Unadvise(check->point, cookie));
}

static void unadvise_works(struct check *check)
{
    struct sink *sink = sink_create(check);
    DWORD cookie;
    HRESULT hr;

    if (sink == NULL || !check_advise(check, sink, &cookie))
        return;
    check->step = "Unadvise";
    hr = IConnectionPoint_Unadvise(check->point, cookie);
    if (hr != S_OK)
        check_fail(check, "Unadvise of the cookie that Advise gave returned %s", HR(hr));
}

/* Eight connections that end in another order than they came. */
static void unadvise_releases(struct check *check)
{
    enum { N = 8 };
    static const int order[N] = { 3, 0, 7, 4, 1, 6, 2, 5 };
    struct sink *sinks[N];
    DWORD cookies[N];
    LONG held[N];

    for (int i = 0; i < N; i++) {
        sinks[i] = sink_create(check);
        if (sinks[i] == NULL || !check_advise(check, sinks[i], &cookies[i]))
            return;
        held[i] = sink_held(sinks[i]);
    }
    for (int i = 0; i < N && !check_is_told(check); i++) {
        struct sink *sink = sinks[order[i]];

        if (!check_unadvise(check, cookies[order[i]]))
            return;
        /* What Advise took, and no more: how much it should take is another rule's matter. */
        if (sink_held(sink) != held[order[i]] - 1)
            sink_fail(sink, "Unadvise let go of %ld references to the sink; Advise took one",
                      (long)(held[order[i]] - sink_held(sink)));
    }
}

static void unadvise_keeps_others(struct check *check)
{
    enum { N = 4 };
    struct sink *sinks[N];
    DWORD cookies[N];
    LONG held[N];

    for (int i = 0; i < N; i++) {
        sinks[i] = sink_create(check);
        if (sinks[i] == NULL || !check_advise(check, sinks[i], &cookies[i]))
            return;
        held[i] = sink_held(sinks[i]);
    }
    if (!check_unadvise(check, cookies[1]))
        return;
    for (int i = 0; i < N; i++) {
        if (i != 1 && sink_held(sinks[i]) != held[i])
            sink_fail(sinks[i], "Unadvise of connection 2 of %d touched connection %d", N, i + 1);
    }
}

/* ---- a sink that ends its connection while it is being released --------------------------------
 */

struct again {
    IConnectionPoint *point;
    DWORD cookie;
    unsigned n_succeeded;
    unsigned depth;
};

static void unadvise_again(struct sink *sink)
{
    struct again *again = sink->context;

    if (again->cookie == 0 || again->depth >= 3)
        return;
    again->depth++;
    again->n_succeeded += SUCCEEDED(IConnectionPoint_Unadvise(again->point, again->cookie));
    again->depth--;
}

static void unadvise_from_release(struct check *check)
{
    struct sink *sink = sink_create(check);
    struct again again = { check->point, 0, 0, 0 };
    DWORD cookie;

    if (sink == NULL)
        return;
    sink->context = &again;
    sink->on_release = unadvise_again;
    if (!check_advise(check, sink, &cookie))
        return;
    again.cookie = cookie;
    check->step = "Unadvise, with another one inside the sink's Release";
    if (FAILED(IConnectionPoint_Unadvise(check->point, cookie)))
        check_skip(check, "Unadvise fails");
    again.cookie = 0;
    if (again.n_succeeded > 0)
        sink_fail(sink,
                  "the sink's Release called Unadvise with the same cookie, which succeeded "
                  "%u times more: one connection, ended more than once",
                  again.n_succeeded);
}

#define UNADVISE_PAGE "Microsoft: IConnectionPoint::Unadvise"

const struct rule check_rules_unadvise[] = {
    { { "unadvise-works", "Unadvise of the cookie that Advise gave returns S_OK.", UNADVISE_PAGE,
        "Find the connection by its cookie.", CONNPT_CHECK_VIOLATES },
      unadvise_works,
      RULE_POINT,
      RULE_NO_KIND,
      0 },
    { { "unadvise-zero", "Unadvise(0) returns CONNECT_E_NOCONNECTION.",
        "practice: clients keep 0 for \"not connected\"; the page says E_POINTER",
        "Treat 0 like any cookie that is not there.", CONNPT_CHECK_BREAKS },
      unadvise_zero,
      RULE_POINT,
      RULE_NO_KIND,
      0 },
    { { "unadvise-unknown",
        "Unadvise of a cookie that was never given returns "
        "CONNECT_E_NOCONNECTION.",
        "practice: what nearly all objects return; the page says E_POINTER",
        "Look the cookie up; do not use it as an index without a test.", CONNPT_CHECK_BREAKS },
      unadvise_unknown,
      RULE_POINT,
      RULE_NO_KIND,
      0 },
    { { "unadvise-twice", "The second Unadvise of a cookie fails.", UNADVISE_PAGE,
        "Forget the connection before you release the sink.", CONNPT_CHECK_BREAKS },
      unadvise_twice,
      RULE_POINT,
      RULE_NO_KIND,
      0 },
    { { "unadvise-releases", "Unadvise releases the sink once.", UNADVISE_PAGE,
        "Release the pointer that Advise stored, once.", CONNPT_CHECK_VIOLATES },
      unadvise_releases,
      RULE_POINT,
      RULE_NO_KIND,
      0 },
    { { "unadvise-keeps-others", "Unadvise touches no other connection.", UNADVISE_PAGE,
        "Take one entry out of the list.", CONNPT_CHECK_VIOLATES },
      unadvise_keeps_others,
      RULE_POINT,
      RULE_NO_KIND,
      0 },
    { { "unadvise-from-release", "A sink may call Unadvise while it is being released.",
        "practice: wrappers that end their connection in the destructor",
        "Take the connection out of the list first, and release the sink then.",
        CONNPT_CHECK_RISKY },
      unadvise_from_release,
      RULE_POINT,
      RULE_NO_KIND,
      0 },
    { { NULL, NULL, NULL, NULL, 0 }, NULL, 0, 0, 0 },
};

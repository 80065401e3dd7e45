/* SPDX-License-Identifier: MIT */
/* check/rules_advise.c - IConnectionPoint::Advise: arguments, the sink's interface, references */
#include "check.h"

#include "sink.h"

static void advise_works(struct check *check)
{
    struct sink *sink = sink_create(check);
    DWORD cookie = 0;
    HRESULT hr;

    if (sink == NULL)
        return;
    check->step = "Advise";
    hr = IConnectionPoint_Advise(check->point, sink_handed(sink), &cookie);
    if (FAILED(hr))
        check_fail(check, "Advise of a sink that answers %s returned %s: nobody can connect",
                   GUID_TEXT(&check->source->iid), HR(hr));
    else
        (void)IConnectionPoint_Unadvise(check->point, cookie);
}

/* An Advise that is not there tells nothing of its arguments. */
static bool is_there(struct check *check, HRESULT hr)
{
    if (hr == E_NOTIMPL)
        check_skip(check, "Advise returned %s: see advise-works", HR(hr));
    return hr != E_NOTIMPL;
}

/* ---- arguments ----------------------------------------------------------------------------- */

static void advise_null_sink(struct check *check)
{
    DWORD cookie = 77;
    HRESULT hr;

    check->step = "Advise(NULL, &cookie)";
    hr = IConnectionPoint_Advise(check->point, NULL, &cookie);
    if (is_there(check, hr))
        check_result(check, check->step, hr, E_POINTER,
                     (const HRESULT[]){ E_INVALIDARG, CONNECT_E_CANNOTCONNECT, E_FAIL, S_OK });
    if (FAILED(hr) && cookie != 0)
        check_fail(check, "%s returned %s, and the cookie is %lu; a failure writes 0", check->step,
                   HR(hr), (unsigned long)cookie);
}

static void advise_null_cookie(struct check *check)
{
    struct sink *sink = sink_create(check);
    HRESULT hr;

    if (sink == NULL)
        return;
    check->step = "Advise(sink, NULL)";
    hr = IConnectionPoint_Advise(check->point, sink_handed(sink), NULL);
    if (hr == S_OK) /* as some of Windows' own objects */
        check_dialect(check, "%s returned S_OK: a connection that nobody can end", check->step);
    else if (is_there(check, hr))
        check_result(check, check->step, hr, E_POINTER,
                     (const HRESULT[]){ E_INVALIDARG, E_FAIL, S_OK });
}

static void advise_zeroes_cookie(struct check *check)
{
    struct sink *sink = sink_create(check);
    DWORD cookie = 77;
    HRESULT hr;

    if (sink == NULL)
        return;
    sink->refuses = true;
    sink->refusal = E_NOINTERFACE;
    check->step = "Advise of a sink without the interface";
    hr = IConnectionPoint_Advise(check->point, sink_handed(sink), &cookie);
    if (SUCCEEDED(hr))
        check_skip(check, "%s returned %s", check->step, HR(hr));
    else if (cookie != 0)
        check_fail(check,
                   "%s returned %s, and the cookie is %lu%s; a client that looks at the "
                   "cookie believes to be connected",
                   check->step, HR(hr), (unsigned long)cookie,
                   cookie == 77 ? " as before the call" : "");
}

/* ---- the sink's interface -------------------------------------------------------------------- */

static void advise_queries(struct check *check)
{
    struct sink *sink = sink_create(check);
    DWORD cookie;

    if (sink == NULL || !check_advise(check, sink, &cookie))
        return;
    if (sink->n_queries == 0)
        sink_fail(sink,
                  "Advise did not ask the sink for %s; the pointer that it was given may be "
                  "any interface of the sink",
                  GUID_TEXT(&check->source->iid));
}

static void advise_keeps_queried(struct check *check)
{
    struct sink *sink = sink_create(check);
    DWORD cookie;

    if (sink == NULL || !check_advise(check, sink, &cookie))
        return;
    if (sink_held(sink) < 1)
        check_skip(check, "Advise keeps no reference");
    else if (sink->n_queries > 0 && sink->taken[SINK_QUERIED] < 1)
        sink_fail(sink,
                  "Advise keeps the pointer that it was given, not the one that the sink "
                  "answered for %s",
                  GUID_TEXT(&check->source->iid));
}

static void advise_one_reference(struct check *check)
{
    struct sink *sink = sink_create(check);
    DWORD cookie;

    if (sink == NULL || !check_advise(check, sink, &cookie))
        return;
    if (sink_held(sink) != 1)
        sink_fail(sink,
                  "after Advise the object holds %ld references to the sink; it should be "
                  "one",
                  (long)sink_held(sink));
}

/* Advise with a sink whose QueryInterface answers @refusal. */
static HRESULT advise_refusing(struct check *check, HRESULT refusal, struct sink **ret_sink)
{
    struct sink *sink = sink_create(check);
    DWORD cookie = 0;

    *ret_sink = sink;
    if (sink == NULL)
        return E_OUTOFMEMORY;
    sink->refuses = true;
    sink->refusal = refusal;
    return IConnectionPoint_Advise(check->point, sink_handed(sink), &cookie);
}

static void advise_refused(struct check *check)
{
    struct sink *sink;
    HRESULT hr;

    check->step = "Advise of a sink without the interface";
    hr = advise_refusing(check, E_NOINTERFACE, &sink);
    if (is_there(check, hr))
        check_result(check, check->step, hr, CONNECT_E_CANNOTCONNECT,
                     (const HRESULT[]){ E_NOINTERFACE, E_FAIL, CONNECT_E_NOCONNECTION, S_OK });
}

static void advise_refused_otherwise(struct check *check)
{
    struct sink *sink;
    HRESULT hr;

    check->step = "Advise of a sink whose QueryInterface returns E_ACCESSDENIED";
    hr = advise_refusing(check, E_ACCESSDENIED, &sink);
    if (is_there(check, hr))
        check_result(check, check->step, hr, CONNECT_E_CANNOTCONNECT,
                     (const HRESULT[]){ E_ACCESSDENIED, E_NOINTERFACE, E_FAIL,
                                        CONNECT_E_NOCONNECTION, S_OK });
}

static void advise_refused_null(struct check *check)
{
    struct sink *sink;
    HRESULT hr;

    check->step = "Advise of a sink whose QueryInterface returns S_OK and NULL";
    hr = advise_refusing(check, S_OK, &sink);
    if (SUCCEEDED(hr))
        check_fail(check, "%s returned %s: it connects a NULL pointer", check->step, HR(hr));
}

static void advise_refused_references(struct check *check)
{
    struct sink *sink;
    HRESULT hr;

    check->step = "Advise of a sink without the interface";
    hr = advise_refusing(check, E_NOINTERFACE, &sink);
    if (SUCCEEDED(hr))
        check_skip(check, "%s returned %s", check->step, HR(hr));
    else if (sink != NULL && sink_held(sink) != 0)
        sink_fail(sink, "%s returned %s and left %ld references to the sink", check->step, HR(hr),
                  (long)sink_held(sink));
}

/* ---- several connections --------------------------------------------------------------------- */

static void advise_twice(struct check *check)
{
    struct sink *sink = sink_create(check);
    DWORD first, second = 0;
    HRESULT hr;

    if (sink == NULL || !check_advise(check, sink, &first))
        return;
    check->step = "the second Advise of one sink";
    hr = IConnectionPoint_Advise(check->point, sink_handed(sink), &second);
    if (hr == CONNECT_E_ADVISELIMIT)
        check_skip(check, "the point takes one connection only");
    else if (FAILED(hr))
        check_fail(check, "%s returned %s; each Advise is a connection of its own", check->step,
                   HR(hr));
    else if (first == second)
        check_fail(check,
                   "both connections of one sink have the cookie %lu: one of them cannot be "
                   "ended",
                   (unsigned long)first);
    if (SUCCEEDED(hr))
        (void)IConnectionPoint_Unadvise(check->point, second);
}

enum { MANY = 1000 };

static void advise_many(struct check *check)
{
    struct sink *sink = sink_create(check);
    DWORD cookies[MANY];
    unsigned n = 0;
    HRESULT hr = S_OK;

    if (sink == NULL)
        return;
    check->step = "Advise";
    for (; n < MANY; n++) {
        hr = IConnectionPoint_Advise(check->point, sink_handed(sink), &cookies[n]);
        if (FAILED(hr))
            break;
    }
    if (FAILED(hr) && n == 0)
        check_skip(check, "Advise returned %s", HR(hr));
    else if (FAILED(hr) && hr != CONNECT_E_ADVISELIMIT)
        check_fail(check, "Advise number %u returned %s; a limit is CONNECT_E_ADVISELIMIT", n + 1,
                   HR(hr));
    check->step = "Unadvise";
    for (unsigned i = 0; i < n; i++) {
        hr = IConnectionPoint_Unadvise(check->point, cookies[i]);
        if (FAILED(hr))
            check_fail(check, "with %u connections, Unadvise of number %u returned %s", n, i + 1,
                       HR(hr));
    }
    check->step = "Advise";
    hr = n > 0 ? IConnectionPoint_Advise(check->point, sink_handed(sink), &cookies[0]) : S_OK;
    if (FAILED(hr))
        check_fail(check, "after %u connections came and went, Advise returned %s", n, HR(hr));
    else if (n > 0)
        (void)IConnectionPoint_Unadvise(check->point, cookies[0]);
}

/* At the limit, if there is one within reach. */
static void advise_limit_clean(struct check *check)
{
    struct sink *sink = sink_create(check), *late = sink_create(check);
    DWORD cookies[MANY], cookie = 77;
    unsigned n = 0;
    HRESULT hr;

    if (sink == NULL || late == NULL)
        return;
    check->step = "Advise";
    while (n < MANY &&
           SUCCEEDED(IConnectionPoint_Advise(check->point, sink_handed(sink), &cookies[n])))
        n++;
    if (n == 0) {
        check_skip(check, "no Advise works: see advise-works");
    } else if (n < MANY) {
        check->step = "Advise at the limit";
        hr = IConnectionPoint_Advise(check->point, sink_handed(late), &cookie);
        if (SUCCEEDED(hr))
            check_skip(check, "the limit is not always the same");
        else if (cookie != 0)
            check_fail(check, "%s returned %s, and the cookie is %lu; a failure writes 0",
                       check->step, HR(hr), (unsigned long)cookie);
        else if (sink_held(late) != 0)
            sink_fail(late, "%s returned %s and left %ld references to the sink", check->step,
                      HR(hr), (long)sink_held(late));
        if (SUCCEEDED(hr))
            (void)IConnectionPoint_Unadvise(check->point, cookie);
    }
    check->step = "Unadvise";
    for (unsigned i = 0; i < n; i++)
        (void)IConnectionPoint_Unadvise(check->point, cookies[i]);
}

#define ADVISE_PAGE "Microsoft: IConnectionPoint::Advise"

const struct rule check_rules_advise[] = {
    { { "advise-works", "Advise connects a sink that has the interface.", ADVISE_PAGE,
        "Implement it: a connection point is for nothing else. Ask the sink for the point's own "
        "interface.",
        CONNPT_CHECK_VIOLATES },
      advise_works,
      RULE_POINT,
      RULE_NO_KIND,
      0 },
    { { "advise-null-sink", "Advise(NULL, &cookie) returns E_POINTER.", ADVISE_PAGE,
        "Test both pointers first.", CONNPT_CHECK_VIOLATES },
      advise_null_sink,
      RULE_POINT,
      RULE_NO_KIND,
      0 },
    { { "advise-null-cookie", "Advise(sink, NULL) returns E_POINTER.", ADVISE_PAGE,
        "Test both pointers first.", CONNPT_CHECK_VIOLATES },
      advise_null_cookie,
      RULE_POINT,
      RULE_NO_KIND,
      0 },
    { { "advise-zeroes-cookie", "Advise that fails writes 0 to the cookie.", ADVISE_PAGE,
        "Write 0 before anything else can fail.", CONNPT_CHECK_VIOLATES },
      advise_zeroes_cookie,
      RULE_POINT,
      RULE_NO_KIND,
      0 },
    { { "advise-queries", "Advise asks the sink for the point's interface.", ADVISE_PAGE,
        "Call the sink's QueryInterface with the point's IID.", CONNPT_CHECK_VIOLATES },
      advise_queries,
      RULE_POINT,
      RULE_NO_KIND,
      0 },
    { { "advise-keeps-queried", "Advise keeps the pointer that the sink's QueryInterface gave.",
        "Microsoft: Architecture of Connectable Objects",
        "Store what came back from QueryInterface: the pointer that was passed may have another "
        "method table.",
        CONNPT_CHECK_VIOLATES },
      advise_keeps_queried,
      RULE_POINT,
      RULE_NO_KIND,
      0 },
    { { "advise-one-reference", "A connection is one reference to the sink.", ADVISE_PAGE,
        "Keep the reference that QueryInterface took, and no other.", CONNPT_CHECK_VIOLATES },
      advise_one_reference,
      RULE_POINT,
      RULE_NO_KIND,
      0 },
    { { "advise-refused",
        "Advise of a sink without the interface returns "
        "CONNECT_E_CANNOTCONNECT.",
        ADVISE_PAGE, "Return CONNECT_E_CANNOTCONNECT when QueryInterface fails.",
        CONNPT_CHECK_VIOLATES },
      advise_refused,
      RULE_POINT,
      RULE_NO_KIND,
      0 },
    { { "advise-refused-otherwise",
        "Advise of a sink whose QueryInterface fails with another "
        "code returns CONNECT_E_CANNOTCONNECT too.",
        ADVISE_PAGE, "Do not look at which failure it was.", CONNPT_CHECK_TASTE },
      advise_refused_otherwise,
      RULE_POINT,
      RULE_NO_KIND,
      0 },
    { { "advise-refused-null", "A QueryInterface that succeeds with NULL connects nobody.",
        "practice: sinks in scripting languages do it", "Treat NULL as a failure.",
        CONNPT_CHECK_RISKY },
      advise_refused_null,
      RULE_POINT,
      RULE_NO_KIND,
      0 },
    { { "advise-refused-references", "Advise that fails keeps no reference to the sink.",
        "Microsoft: Rules for Managing Reference Counts",
        "Release what you took before you return the failure.", CONNPT_CHECK_VIOLATES },
      advise_refused_references,
      RULE_POINT,
      RULE_NO_KIND,
      0 },
    { { "advise-twice", "One sink can be connected twice, with two cookies.", ADVISE_PAGE,
        "Make a connection for each Advise; do not search for the sink.", CONNPT_CHECK_VIOLATES },
      advise_twice,
      RULE_POINT,
      RULE_NO_KIND,
      0 },
    { { "advise-many", "A thousand connections work, or end with CONNECT_E_ADVISELIMIT.",
        ADVISE_PAGE, "Return CONNECT_E_ADVISELIMIT at the limit, and go on working.",
        CONNPT_CHECK_BREAKS },
      advise_many,
      RULE_POINT,
      RULE_NO_KIND,
      0 },
    { { "advise-limit-clean", "Advise beyond the limit leaves nothing behind.", ADVISE_PAGE,
        "Write 0 to the cookie, and release what QueryInterface took.", CONNPT_CHECK_VIOLATES },
      advise_limit_clean,
      RULE_POINT,
      RULE_NO_KIND,
      0 },
    { { NULL, NULL, NULL, NULL, 0 }, NULL, 0, 0, 0 },
};

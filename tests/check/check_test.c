/* SPDX-License-Identifier: MIT */
/* connpt_check and connpt_check_object, as a program's own tests use them. */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <connpt/check.h>

#include "own_source.h"
#include "t.h"
#include "threads.h"

/* All that goes before a hang must be over within it, on a busy machine too. */
enum { HANG_MS = 10000 };

/* What was reported. */
struct seen {
    unsigned n_reports, n_failed, n_skipped, n_crashed, n_hung;
    int are_in_order;
    char first_failure[64];
    char text[512];
    char trace[512];
};

static void see(void *context, const struct connpt_check_result *result)
{
    struct seen *seen = context;

    seen->are_in_order = (seen->n_reports == 0 || seen->are_in_order) &&
                         result->index == seen->n_reports && result->index < result->n_rules;
    seen->n_reports++;
    seen->n_skipped += result->outcome == CONNPT_CHECK_SKIPPED;
    seen->n_crashed += result->outcome == CONNPT_CHECK_CRASHED;
    seen->n_hung += result->outcome == CONNPT_CHECK_HUNG;
    if (result->outcome == CONNPT_CHECK_FAILED || result->outcome == CONNPT_CHECK_CRASHED ||
        result->outcome == CONNPT_CHECK_HUNG) {
        seen->n_failed++;
        strncpy(seen->first_failure, result->rule->id, sizeof seen->first_failure - 1);
        strncpy(seen->text, result->text, sizeof seen->text - 1);
        strncpy(seen->trace, result->trace, sizeof seen->trace - 1);
    }
}

static struct connpt_check_options options_for_source(void)
{
    struct connpt_check_options options = { .size = sizeof options,
                                            .create = make_source,
                                            .fire = fire_source };

    options.flags = CONNPT_CHECK_RESTART;
    options.timeout_ms = 600000; /* emulated processors, valgrind, other programs */

    return options;
}

/* What no object should do. */
enum misbehaviour { ABORT, CRASH, EXIT_WELL, EXIT_BADLY, HANG, RUN_OVER };

static int run_over(volatile char *before)
{
    volatile char here[4096];

    here[0] = before[0];
    return here[0] == 1 ? 1 : run_over(here) + here[0];
}

/* On Windows the trace shows this program, not a system's function. */
static void hang(void)
{
#ifdef _WIN32
    static volatile char none;

    while (none == 0)
        continue;
#else
    static struct t_gate never = T_GATE;

    for (;;)
        (void)t_gate_pass_within(&never, UINT_MAX);
#endif
}

static void misbehave(enum misbehaviour way)
{
    static volatile long *volatile nowhere;
    volatile char none = 0;

    fprintf(stderr, "touchy\n");
    switch (way) {
    case ABORT:
        abort();
    case CRASH:
        *nowhere = 1;
        break;
    case EXIT_WELL:
        exit(0);
    case EXIT_BADLY:
        exit(5);
    case RUN_OVER:
        (void)run_over(&none);
        break;
    case HANG:
        hang();
    }
}

static uint32_t n_rules(void)
{
    uint32_t n = 0;

    while (connpt_check_rule_at(n) != NULL)
        n++;
    return n;
}

/* ---- progress -------------------------------------------------------------------------------- */

struct announced {
    struct seen seen; /* first: it is what `see` gets */
    unsigned n_started;
    int are_announced;
    const struct connpt_check_rule *rule;
};

static void announce(void *context, const struct connpt_check_rule *rule, uint32_t index,
                     uint32_t rules)
{
    struct announced *announced = context;

    announced->are_announced = announced->are_announced && index == announced->n_started &&
                               announced->seen.n_reports == index && index < rules;
    announced->n_started++;
    announced->rule = rule;
}

static void see_announced(void *context, const struct connpt_check_result *result)
{
    struct announced *announced = context;

    announced->are_announced = announced->are_announced && announced->rule == result->rule;
    see(&announced->seen, result);
}

static void each_rule_is_announced_before_it_runs(void)
{
    struct connpt_check_options options = options_for_source();
    struct announced announced = { .are_announced = 1 };
    struct source *source = source_create();

    options.starting = announce;
    options.context = &announced;
    options.only = "advise-*";
    CHECK_HR(connpt_check(&options, see_announced, &announced), S_OK);
    CHECK(announced.are_announced);
    CHECK_INT(announced.n_started, announced.seen.n_reports);
    if (source == NULL)
        return;
    memset(&announced, 0, sizeof announced);
    announced.are_announced = 1;
    /* To valgrind the object that is left in a process of its own is memory that may be lost. */
    options.flags |= CONNPT_CHECK_IN_PROCESS;
    CHECK_HR(connpt_check_object(connpt_object_unknown(&source->object), &options, see_announced,
                                 &announced),
             S_OK);
    CHECK(announced.are_announced);
    CHECK_INT(announced.n_started, announced.seen.n_reports);
    source_release(source);
}

/* ---- the rules ------------------------------------------------------------------------------- */

static void each_rule_has_an_id_of_its_own_and_tells_its_reason(void)
{
    for (uint32_t i = 0; i < n_rules(); i++) {
        const struct connpt_check_rule *rule = connpt_check_rule_at(i);

        CHECK(rule->id[0] != '\0' && rule->sentence[0] != '\0' && rule->source[0] != '\0' &&
              rule->advice[0] != '\0');
        for (uint32_t k = 0; k < i; k++)
            CHECK(strcmp(connpt_check_rule_at(k)->id, rule->id) != 0);
    }
    CHECK(n_rules() > 100);
}

/* ---- an object without fault -------------------------------------------------------------------
 */

static void our_own_object_passes_every_rule_in_processes(void)
{
    struct connpt_check_options options = options_for_source();
    struct seen seen = { 0 };

    options.flags |= CONNPT_CHECK_STRICT | CONNPT_CHECK_THREADS;
#ifdef _WIN32 /* where each takes a start of the program; all of them: check clean */
    options.only = "cookie-*,end-*,fire-*";
#endif
    CHECK_HR(connpt_check(&options, see, &seen), S_OK);
    CHECK(options.only != NULL || seen.n_reports == n_rules());
    CHECK_INT(seen.n_failed, 0);
    CHECK_STR(seen.first_failure, "");
    CHECK(seen.are_in_order);
}

static void our_own_object_passes_every_rule_in_this_process(void)
{
    struct connpt_check_options options = options_for_source();
    struct seen seen = { 0 };

    options.flags = CONNPT_CHECK_STRICT | CONNPT_CHECK_THREADS | CONNPT_CHECK_IN_PROCESS;
    CHECK_HR(connpt_check(&options, see, &seen), S_OK);
    CHECK_INT(seen.n_failed, 0);
    CHECK_STR(seen.first_failure, "");
}

static void an_object_that_exists_can_be_checked_and_is_left_as_it_was(void)
{
    struct connpt_check_options options = options_for_source();
    struct source *source = source_create();
    struct seen seen = { 0 };

    if (!CHECK(source != NULL))
        return;
    options.create = NULL;
    options.flags = CONNPT_CHECK_IN_PROCESS;
    CHECK_HR(connpt_check_object(connpt_object_unknown(&source->object), &options, see, &seen),
             S_OK);
    CHECK_STR(seen.first_failure, "");
    CHECK(seen.n_skipped > 0); /* those that must see it end */
    CHECK_INT(connpt_object_Release(&source->object), 0);
}

static void in_processes_the_copy_of_an_object_may_end(void)
{
    struct connpt_check_options options = options_for_source();
    struct source *source = source_create();
    struct seen seen = { 0 };

    if (!CHECK(source != NULL))
        return;
    options.only = "end-*";
    CHECK_HR(connpt_check_object(connpt_object_unknown(&source->object), &options, see, &seen),
             S_OK);
    CHECK_STR(seen.first_failure, "");
    CHECK_INT(seen.n_skipped, 0);
    CHECK_INT(connpt_object_Release(&source->object), 0);
}

/* ---- objects that cannot be had -------------------------------------------------------------- */

static HRESULT misbehave_at_once(void *context, IUnknown **ret_object)
{
    (void)ret_object;
    misbehave(*(const enum misbehaviour *)context);
    return E_FAIL;
}

static void an_object_that_ends_the_process_while_it_is_made_ends_the_check(void)
{
    static const enum misbehaviour ways[] = { ABORT, CRASH, EXIT_WELL };

    for (size_t i = 0; i < sizeof ways / sizeof ways[0]; i++) {
        enum misbehaviour way = ways[i];
        struct connpt_check_options options = options_for_source();
        struct seen seen = { 0 };

        options.create = misbehave_at_once;
        options.context = &way;
        CHECK_HR(connpt_check(&options, see, &seen), S_FALSE);
        CHECK_STR(seen.first_failure, "object-made");
        CHECK_INT(seen.n_crashed, 1);
        CHECK_INT(seen.n_reports, 1);
        CHECK(strstr(seen.text, "making the object") != NULL);
    }
}

static void an_object_whose_making_hangs_ends_the_check(void)
{
    enum misbehaviour way = HANG;
    struct connpt_check_options options = options_for_source();
    struct seen seen = { 0 };

    options.create = misbehave_at_once;
    options.context = &way;
    options.timeout_ms = HANG_MS;
    CHECK_HR(connpt_check(&options, see, &seen), S_FALSE);
    CHECK_STR(seen.first_failure, "object-made");
    CHECK_INT(seen.n_hung, 1);
    CHECK_INT(seen.n_reports, 1);
    CHECK_STR(seen.text, "it did not come back from making the object");
}

static HRESULT refuse(void *context, IUnknown **ret_object)
{
    (void)context;
    (void)ret_object;
    return CLASS_E_CLASSNOTAVAILABLE;
}

static void the_failure_of_create_is_returned(void)
{
    struct connpt_check_options options = options_for_source();
    struct seen seen = { 0 };

    options.create = refuse;
    CHECK_HR(connpt_check(&options, see, &seen), CLASS_E_CLASSNOTAVAILABLE);
    CHECK_INT(seen.n_reports, 1);
    CHECK_STR(seen.first_failure, "object-made");
}

/* ---- right objects that are unlike ours ------------------------------------------------------ */

static const struct connpt_source few_sources[] = {
    { &IID_ITestEvents, CONNPT_SOURCE_DEFAULT, 4 }, /* as many as the rules connect at once */
    { NULL, 0, 0 },
};
static const struct connpt_class few_class = {
    .size = sizeof(struct connpt_object),
    .sources = few_sources,
};

static HRESULT make_limited(void *context, IUnknown **ret_object)
{
    struct connpt_object *object;
    HRESULT hr = connpt_object_create(&few_class, NULL, &object);

    (void)context;
    if (SUCCEEDED(hr))
        *ret_object = connpt_object_unknown(object);
    return hr;
}

static void a_limit_of_connections_is_no_fault(void)
{
    struct connpt_check_options options = options_for_source();
    struct seen seen = { 0 };

    options.create = make_limited;
    options.only = "advise-*,reentry-*,fire-*";
    CHECK_HR(connpt_check(&options, see, &seen), S_OK);
    CHECK_STR(seen.first_failure, "");
}

static HRESULT STDMETHODCALLTYPE unlisted_EnumConnectionPoints(IConnectionPointContainer *This,
                                                               IEnumConnectionPoints **out)
{
    (void)This;
    if (out == NULL)
        return E_POINTER;
    *out = NULL;
    return E_NOTIMPL;
}

/* Nothing but its GetGUID leads to its point. */
static HRESULT make_unlisted(void *context, IUnknown **ret_object)
{
    static IConnectionPointContainerVtbl unlisted_vtbl;
    struct source *source = source_create();
    IConnectionPointContainer *container;

    (void)context;
    if (source == NULL)
        return E_OUTOFMEMORY;
    container = connpt_object_container(&source->object);
    unlisted_vtbl = *container->lpVtbl;
    unlisted_vtbl.EnumConnectionPoints = unlisted_EnumConnectionPoints;
    container->lpVtbl = &unlisted_vtbl;
    *ret_object = connpt_object_unknown(&source->object);
    return S_OK;
}

static void a_source_that_only_its_guid_tells_of_is_looked_at(void)
{
    struct connpt_check_options options = options_for_source();
    struct seen seen = { 0 };

    options.create = make_unlisted;
    options.only = "advise-works,cookie-first,fire-heard";
    CHECK_HR(connpt_check(&options, see, &seen), S_OK);
    CHECK_STR(seen.first_failure, "");
    CHECK_INT(seen.n_skipped, 0);
}

/* ---- objects that fail in a rule ------------------------------------------------------------- */

/* It has IUnknown, and does not bear to be asked for anything else. */
struct touchy {
    IUnknown IUnknown_iface;
    LONG refs;
    enum misbehaviour way;
};

static HRESULT STDMETHODCALLTYPE touchy_QueryInterface(IUnknown *This, REFIID iid, void **out)
{
    if (out == NULL)
        return E_POINTER;
    *out = NULL;
    if (IsEqualGUID(iid, &IID_IUnknown)) {
        IUnknown_AddRef(This);
        *out = This;
        return S_OK;
    }
    if (!IsEqualGUID(iid, &IID_IConnectionPointContainer) &&
        !IsEqualGUID(iid, &IID_IProvideClassInfo))
        misbehave(((struct touchy *)(void *)This)->way);
    return E_NOINTERFACE;
}

static ULONG STDMETHODCALLTYPE touchy_AddRef(IUnknown *This)
{
    return (ULONG)++((struct touchy *)(void *)This)->refs;
}

static ULONG STDMETHODCALLTYPE touchy_Release(IUnknown *This)
{
    LONG refs = --((struct touchy *)(void *)This)->refs;

    if (refs == 0)
        free(This);
    return (ULONG)refs;
}

static HRESULT make_touchy(void *context, IUnknown **ret_object)
{
    static const IUnknownVtbl vtable = { .QueryInterface = touchy_QueryInterface,
                                         .AddRef = touchy_AddRef,
                                         .Release = touchy_Release };
    struct touchy *touchy = malloc(sizeof *touchy);

    if (touchy == NULL)
        return E_OUTOFMEMORY;
    touchy->IUnknown_iface.lpVtbl = &vtable;
    touchy->refs = 1;
    touchy->way = *(const enum misbehaviour *)context;
    *ret_object = &touchy->IUnknown_iface;
    return S_OK;
}

static HRESULT check_touchy(enum misbehaviour way, struct seen *ret_seen)
{
    struct connpt_check_options options = options_for_source();

    memset(ret_seen, 0, sizeof *ret_seen);
    options.create = make_touchy;
    options.fire = NULL;
    options.context = &way;
    options.only = "query-null-out,query-unknown-iid,find-null-out";
    if (way == HANG)
        options.timeout_ms = HANG_MS;
    return connpt_check(&options, see, ret_seen);
}

static void an_object_that_ends_the_process_is_told_of_and_the_rules_go_on(void)
{
    static const enum misbehaviour ways[] = { ABORT, CRASH, EXIT_WELL, EXIT_BADLY };
    struct seen seen;

    for (size_t i = 0; i < sizeof ways / sizeof ways[0]; i++) {
        CHECK_HR(check_touchy(ways[i], &seen), S_FALSE);
        CHECK_STR(seen.first_failure, "query-unknown-iid");
        CHECK_INT(seen.n_crashed, 1);
        CHECK_INT(seen.n_reports, 4);
        CHECK(strstr(seen.text, "the process ended by ") == seen.text);
        CHECK(strstr(seen.text, " while QueryInterface") != NULL);
        if (ways[i] == EXIT_WELL || ways[i] == EXIT_BADLY)
            CHECK(strstr(seen.text, "ended by exit(") != NULL);
    }
}

static void an_object_that_hangs_is_told_of_and_the_rules_go_on(void)
{
    struct seen seen;

    CHECK_HR(check_touchy(HANG, &seen), S_FALSE);
    CHECK_STR(seen.first_failure, "query-unknown-iid");
    CHECK_INT(seen.n_hung, 1);
    CHECK_INT(seen.n_reports, 4);
    CHECK(strstr(seen.text, "it did not come back from QueryInterface") == seen.text);
}

#ifdef _WIN32
/* With fork() it depends on the C library and on sanitizers what the trace has. */
static void the_trace_shows_what_was_said_and_the_calls(void)
{
    static const struct {
        enum misbehaviour way;
        const char *cause, *call;
    } ends[] = {
        { ABORT, "abort() (0x40000015)", " touchy_QueryInterface+0x" },
        { CRASH, "access violation (0xC0000005)", " touchy_QueryInterface+0x" },
        { RUN_OVER, "stack overflow (0xC00000FD)", " run_over" },
        { HANG, "did not come back", " touchy_QueryInterface+0x" },
    };
    struct seen seen;

    for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++) {
        CHECK_HR(check_touchy(ends[i].way, &seen), S_FALSE);
        CHECK(strstr(seen.text, ends[i].cause) != NULL);
        CHECK(strstr(seen.trace, "touchy\n") != NULL);
        CHECK(strstr(seen.trace, "calls, the innermost first:\n") != NULL);
#if defined(_M_X64) || defined(__x86_64__)
        if (!CHECK(strstr(seen.trace, ends[i].call) != NULL))
            fprintf(stderr, "# the trace was: %s\n", seen.trace);
#else /* no call is certain to be seen there */
        CHECK(strstr(seen.trace, "check_test.exe+0x") != NULL);
#endif
    }
}

/* A report that does not come tells it that it was started again. */
static void a_program_that_does_not_come_to_its_call_again_is_told_of(void)
{
    struct connpt_check_options options = options_for_source();
    struct seen seen = { 0 };

    options.only = "object-made";
    options.flags = CONNPT_CHECK_IN_PROCESS;
    CHECK_HR(connpt_check(&options, see, &seen), S_OK);
    if (seen.n_reports == 0)
        exit(0);
    options.flags = CONNPT_CHECK_RESTART;
    CHECK_HR(connpt_check(&options, see, &seen), E_FAIL);
    CHECK_INT(seen.n_reports, 1);
}
#endif

/* ---- options ------------------------------------------------------------------------------- */

static void rules_can_be_chosen_by_id_and_by_beginning(void)
{
    struct connpt_check_options options = options_for_source();
    struct seen seen = { 0 };

    options.flags = CONNPT_CHECK_IN_PROCESS;
    options.only = "cookie-stale,unadvise-*";
    options.except = "unadvise-twice";
    CHECK_HR(connpt_check(&options, see, &seen), S_OK);
    /* object-made, cookie-stale, and all but one of seven */
    CHECK_INT(seen.n_reports, 8);
}

static void wrong_options_are_refused(void)
{
    struct connpt_check_options options = options_for_source();
    struct seen seen = { 0 };

    CHECK_HR(connpt_check(NULL, see, &seen), E_POINTER);
    CHECK_HR(connpt_check(&options, NULL, &seen), E_POINTER);
    CHECK_HR(connpt_check_object(NULL, &options, see, &seen), E_POINTER);
    options.create = NULL;
    CHECK_HR(connpt_check(&options, see, &seen), E_POINTER);
    options = options_for_source();
    options.size = 8;
    CHECK_HR(connpt_check(&options, see, &seen), E_INVALIDARG);
    options = options_for_source();
    options.only = "cookie-stale,no-such-rule";
    CHECK_HR(connpt_check(&options, see, &seen), E_INVALIDARG);
    options.only = NULL;
    options.except = "*,x*";
    CHECK_HR(connpt_check(&options, see, &seen), E_INVALIDARG);
    CHECK_INT(seen.n_reports, 0);
}

int main(int argc, char **argv)
{
    static const struct t_test tests[] = {
        T(each_rule_has_an_id_of_its_own_and_tells_its_reason),
        T(our_own_object_passes_every_rule_in_processes),
        T(our_own_object_passes_every_rule_in_this_process),
        T(an_object_that_exists_can_be_checked_and_is_left_as_it_was),
        T(in_processes_the_copy_of_an_object_may_end),
        T(an_object_that_ends_the_process_while_it_is_made_ends_the_check),
        T(an_object_whose_making_hangs_ends_the_check),
        T(an_object_that_ends_the_process_is_told_of_and_the_rules_go_on),
        T(an_object_that_hangs_is_told_of_and_the_rules_go_on),
#ifdef _WIN32
        T(the_trace_shows_what_was_said_and_the_calls),
#endif
        T(the_failure_of_create_is_returned),
        T(a_limit_of_connections_is_no_fault),
        T(a_source_that_only_its_guid_tells_of_is_looked_at),
        T(each_rule_is_announced_before_it_runs),
        T(rules_can_be_chosen_by_id_and_by_beginning),
        T(wrong_options_are_refused),
#ifdef _WIN32
        T(a_program_that_does_not_come_to_its_call_again_is_told_of), /* it ends there: the last */
#endif
        T_END,
    };

    return t_run(argc, argv, tests);
}

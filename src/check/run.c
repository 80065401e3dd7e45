/* SPDX-License-Identifier: MIT */
/* check/run.c - connpt_check: each rule with its object, in its process, and what came of it */
#include <stdio.h>
#include <string.h>

#include "check.h"
#include "isolate.h"
#include "select.h"
#include "sink.h"
#include "sources.h"

enum { DEFAULT_TIMEOUT_MS = 10000 };

/* What a work needs and what comes of it: all that its process and its maker share. In a process
 * that was started anew only the numbers of its maker mean something, so it sets the pointers. */
struct shared {
    bool is_search;  /* the search for sources, else a rule */
    uint32_t number; /* of the rule; of the first step of the search, and then of the one at work */
    const char *anchor; /* isolate_anchor, as the process has it */
    struct check_sources sources;
    struct check check;
};

/* What all rules of a run share. */
struct run {
    struct connpt_check_options options;
    void (*report)(void *context, const struct connpt_check_result *result);
    void *context;
    IUnknown *given;              /* connpt_check_object: the object; NULL */
    struct check_sources sources; /* what the search has found */
    struct isolate isolate;
    struct shared *shared; /* of the work that is done; each has its own */
    struct check *check;   /* the one in shared */
    char *trace;           /* CHECK_TRACE bytes */
};

/* ---- a rule on one object -------------------------------------------------------------------- */

static bool prepare(struct check *check)
{
    const struct connpt_check_options *options = check->options;
    HRESULT hr;

    check->step = "making the object";
    hr = options->create(options->context, &check->object);
    if (FAILED(hr) || check->object == NULL) {
        check->object = NULL;
        check->making = FAILED(hr) ? hr : E_POINTER;
        check_skip(check, "no object could be made: %s", HR(check->making));
        return false;
    }
    check->is_made = true;
    check->step = "QueryInterface";
    hr = IUnknown_QueryInterface(check->object, &IID_IConnectionPointContainer,
                                 (void **)&check->container);
    if (FAILED(hr))
        check->container = NULL;
    if (check->rule->scope == RULE_OBJECT)
        return true;
    check->step = "FindConnectionPoint";
    return check_need_container(check) && check_find(check, &check->source->iid, &check->point);
}

static void let_go(struct check *check)
{
    if (check->rule->flags & RULE_ENDS_OBJECT)
        check->n_made = 0; /* it has ended, or was meant to with all of them */
    check_disconnect(check);
    check->step = "releasing the object";
    if (check->point != NULL)
        IConnectionPoint_Release(check->point);
    if (check->container != NULL)
        IConnectionPointContainer_Release(check->container);
    if (check->object != NULL)
        IUnknown_Release(check->object);
    check->point = NULL;
    check->container = NULL;
    check->object = NULL;
}

static void run_once(struct check *check)
{
    if (prepare(check)) {
        check->step = NULL;
        check->rule->run(check);
    }
    let_go(check);
    sink_free_all(check);
}

/* Which interface it was, when there are several. */
static void name_source(struct check *check)
{
    const struct check_source *source = check->source;
    char text[CHECK_TEXT];

    if (source == NULL || check->sources->n_items < 2 || check->outcome == CONNPT_CHECK_PASSED)
        return;
    (void)snprintf(text, sizeof text, "%s", check->text);
    (void)snprintf(check->text, sizeof check->text, "%s: %.*s",
                   source->name[0] != '\0' ? source->name : GUID_TEXT(&source->iid),
                   (int)(sizeof text - sizeof source->name - 2), text);
}

/* Of two outcomes of one rule, the one that is told. */
static bool is_worse(enum connpt_check_outcome a, enum connpt_check_outcome b)
{
    static const int rank[] = { [CONNPT_CHECK_PASSED] = 1,
                                [CONNPT_CHECK_DIALECT] = 2,
                                [CONNPT_CHECK_FAILED] = 3,
                                [CONNPT_CHECK_SKIPPED] = 0 };

    return rank[a] > rank[b];
}

struct verdict {
    enum connpt_check_outcome outcome;
    char text[CHECK_TEXT];
    char ledger[CHECK_LEDGER];
};

static bool is_for(const struct rule *rule, const struct check_source *source)
{
    return rule->scope != RULE_FIRE || source->fires;
}

/* Every interface in turn, until one fails; what was worst remains in @check. */
static void run_for_sources(struct check *check)
{
    static struct verdict worst;
    bool any = false;

    worst.outcome = CONNPT_CHECK_SKIPPED;
    for (uint32_t i = 0; i < check->sources->n_items; i++) {
        check->source = &check->sources->items[i];
        check->source_number = i + 1;
        if (!is_for(check->rule, check->source))
            continue;
        check->outcome = CONNPT_CHECK_PASSED;
        check->text[0] = check->ledger[0] = '\0';
        run_once(check);
        name_source(check);
        if (!any || is_worse(check->outcome, worst.outcome)) {
            worst.outcome = check->outcome;
            memcpy(worst.text, check->text, sizeof worst.text);
            memcpy(worst.ledger, check->ledger, sizeof worst.ledger);
        }
        any = true;
        if (worst.outcome == CONNPT_CHECK_FAILED ||
            (check->is_given && (check->rule->flags & RULE_ENDS_OBJECT)))
            break;
    }
    if (any) {
        check->outcome = worst.outcome;
        memcpy(check->text, worst.text, sizeof check->text);
        memcpy(check->ledger, worst.ledger, sizeof check->ledger);
    }
}

/* ---- a work, in its process ------------------------------------------------------------------ */

static void run_rule(struct run *run)
{
    struct check *check = run->check;

    memset(check, 0, sizeof *check);
    check->options = &run->options;
    check->sources = &run->shared->sources;
    check->rule = check_rule_at(run->shared->number);
    check->is_given = run->given != NULL;
    if (check->rule->scope == RULE_OBJECT)
        run_once(check);
    else
        run_for_sources(check);
    check->step = NULL;
}

static void work(void *context)
{
    struct run *run = context;
    struct shared *shared = run->shared;

    shared->anchor = isolate_anchor;
    if (shared->is_search) {
        shared->check.rule = NULL;
        for (; shared->number < sources_n_steps(&run->options); shared->number++)
            sources_step(&shared->sources, &run->options, shared->number);
    } else {
        run_rule(run);
    }
}

/* ---- what cannot be tried -------------------------------------------------------------------- */

/* Why a rule cannot be tried; NULL when it can. */
static const char *why_not(const struct run *run, const struct rule *rule)
{
    const struct check_sources *sources = &run->sources;
    bool is_callers = run->given != NULL && !run->isolate.has_processes;
    bool fires = false;

    for (uint32_t i = 0; i < sources->n_items; i++)
        fires = fires || sources->items[i].fires;
    if ((rule->flags & RULE_ENDS_OBJECT) && is_callers)
        return "it would end the object, which is the caller's";
    if ((rule->flags & RULE_FRESH) && is_callers)
        return "it needs an object that nobody has used";
    if ((rule->flags & RULE_THREADS) && !(run->options.flags & CONNPT_CHECK_THREADS))
        return "not asked for: rules with several threads";
    if (rule->scope == RULE_FIRE && run->options.fire == NULL)
        return "it is not known how to make the object fire";
    if (rule->scope == RULE_FIRE && !fires)
        return "no sink hears the fire";
    if (rule->scope == RULE_POINT && sources->n_items == 0)
        return "no outgoing interface was found";
    return NULL;
}

/* ---- what came of it ------------------------------------------------------------------------- */

static void take_shared(struct run *run)
{
    run->shared = run->isolate.memory;
    run->check = &run->shared->check;
}

/* Memory for one work. Not used again: a process that got away from an earlier one may write to
 * that one's still. */
static bool renew_shared(struct run *run)
{
    if (!isolate_renew(&run->isolate))
        return false;
    take_shared(run);
    run->shared->sources = run->sources;
    return true;
}

static enum isolate_end isolated(struct run *run, bool is_search, uint32_t number,
                                 struct isolate_report *report)
{
    report->trace = run->trace;
    report->trace_size = CHECK_TRACE;
    report->cause[0] = report->trace[0] = '\0';
    run->shared->is_search = is_search;
    run->shared->number = number;
    return isolate_run(&run->isolate, work, run, run->options.timeout_ms, report);
}

/* What a step found, if it can be so. */
static void take_sources(struct run *run)
{
    const struct check_sources *found = &run->shared->sources;

    if (found->n_items <= CHECK_MAX_SOURCES)
        run->sources = *found;
    for (uint32_t i = 0; i < run->sources.n_items; i++)
        run->sources.items[i].name[sizeof run->sources.items[i].name - 1] = '\0';
}

/* All steps in one process, as long as it lives. The step that ended it may have been led astray by
 * those before, so it is tried again as the first of another process. */
static void find_sources(struct run *run)
{
    uint32_t n = sources_n_steps(&run->options);

    for (uint32_t first = 0; first < n && renew_shared(run);) {
        struct isolate_report report;
        enum isolate_end end = isolated(run, true, first, &report);
        uint32_t last = run->shared->number;

        if (end == ISOLATE_IMPOSSIBLE)
            return;
        take_sources(run);
        if (end == ISOLATE_DONE || last < first)
            return;
        first = end == ISOLATE_CRASHED && last > first ? last : last + 1;
    }
}

/* The pointers that the process left become ours. The object could write there too: what is not
 * looked at yet is made fit to be. */
static void adopt(struct run *run)
{
    struct check *check = run->check;

    check->sources = &run->sources;
    check->source = check->source_number - 1 < run->sources.n_items
                        ? &run->sources.items[check->source_number - 1]
                        : NULL;
    check->step = isolate_text(check->step, run->shared->anchor);
    check->text[CHECK_TEXT - 1] = check->ledger[CHECK_LEDGER - 1] = '\0';
    if ((unsigned)check->outcome > CONNPT_CHECK_SKIPPED)
        check->outcome = CONNPT_CHECK_CRASHED;
}

static void tell_end(struct check *check, enum isolate_end end, const char *cause)
{
    const char *step = check->step != NULL ? check->step : "working";

    if (end == ISOLATE_CRASHED) {
        check->outcome = CONNPT_CHECK_CRASHED;
        (void)snprintf(check->text, sizeof check->text, "the process ended by %s while %s", cause,
                       step);
        name_source(check);
    } else if (end == ISOLATE_HUNG) {
        check->outcome = CONNPT_CHECK_HUNG;
        (void)snprintf(check->text, sizeof check->text, "it did not come back from %s", step);
        name_source(check);
    }
}

static bool is_finding(enum connpt_check_outcome outcome)
{
    return outcome == CONNPT_CHECK_FAILED || outcome == CONNPT_CHECK_CRASHED ||
           outcome == CONNPT_CHECK_HUNG;
}

/* Returns: S_OK, S_FALSE: it is a finding; E_FAIL: the system gives no processes; what
 * options->create returned when the first rule gets no object. */
static HRESULT run_and_report(struct run *run, const struct rule *rule, uint32_t number,
                              uint32_t index, uint32_t n)
{
    bool is_first = strcmp(rule->info.id, CHECK_FIRST_RULE) == 0;
    struct check *check;
    struct isolate_report report = { .cause = "" };
    struct connpt_check_result result = { .rule = &rule->info, .index = index, .n_rules = n };
    const char *reason = why_not(run, rule);

    if (!renew_shared(run))
        return E_OUTOFMEMORY;
    check = run->check;
    run->trace[0] = '\0';
    if (run->options.starting != NULL)
        run->options.starting(run->options.context, &rule->info, index, n);
    if (reason != NULL) {
        check_skip(check, "%s", reason);
    } else {
        enum isolate_end end = isolated(run, false, number, &report);

        if (end == ISOLATE_IMPOSSIBLE)
            return E_FAIL;
        adopt(run);
        tell_end(check, end, report.cause);
    }
    if (is_first && FAILED(check->making))
        check->outcome = CONNPT_CHECK_FAILED;
    result.outcome = check->outcome;
    result.text = check->text;
    result.ledger = check->ledger;
    result.trace = is_finding(check->outcome) ? run->trace : "";
    run->report(run->context, &result);
    if (is_first && FAILED(check->making))
        return check->making;
    return is_finding(check->outcome) ? S_FALSE : S_OK;
}

static HRESULT run_all(struct run *run)
{
    HRESULT worst = S_OK;
    uint32_t n = 0, at = 0;
    const struct rule *rule;

    for (uint32_t i = 0; (rule = check_rule_at(i)) != NULL; i++)
        n += rule_is_selected(rule, &run->options);
    for (uint32_t i = 0; (rule = check_rule_at(i)) != NULL; i++) {
        HRESULT hr;

        if (!rule_is_selected(rule, &run->options))
            continue;
        hr = run_and_report(run, rule, i, at++, n);
        if (FAILED(hr))
            return hr;
        if (hr == S_FALSE)
            worst = S_FALSE;
        if (at == 1 && run->check->outcome != CONNPT_CHECK_SKIPPED && !run->check->is_made)
            break; /* it crashed while it was made */
        /* After the first rule: it may be that there is no object to ask. */
        if (at == 1)
            find_sources(run);
    }
    return worst;
}

/* ---- the functions --------------------------------------------------------------------------- */

static HRESULT begin(struct run *run)
{
    enum isolate_role role = isolate_begin(&run->isolate, sizeof *run->shared, run->options.flags);
    HRESULT hr = E_OUTOFMEMORY;

    if (run->options.timeout_ms == 0)
        run->options.timeout_ms = DEFAULT_TIMEOUT_MS;
    if (role == ISOLATE_PASSER)
        return run->isolate.result;
    if (role == ISOLATE_PROCESS) {
        take_shared(run);
        work(run);
        isolate_leave(&run->isolate);
    }
    run->trace = check_alloc(CHECK_TRACE);
    if (run->trace != NULL)
        hr = run_all(run);
    check_free(run->trace);
    isolate_end(&run->isolate, hr);
    return hr;
}

HRESULT connpt_check(const struct connpt_check_options *options,
                     void (*report)(void *context, const struct connpt_check_result *result),
                     void *context)
{
    struct run run = { .report = report, .context = context };

    if (options == NULL || report == NULL || options->create == NULL)
        return E_POINTER;
    if (options->size != sizeof *options || !rules_can_be_selected(options))
        return E_INVALIDARG;
    run.options = *options;
    return begin(&run);
}

/* connpt_check_object: every rule gets the object that there is. */
struct given {
    IUnknown *object;
    const struct connpt_check_options *options;
    const struct run *run;
};

static HRESULT hand_out(void *context, IUnknown **ret_object)
{
    const struct given *given = context;
    const struct rule *rule = given->run->check->rule;

    /* In a process of its own the object's end is seen when the caller's reference goes too. */
    if (rule == NULL || !(rule->flags & RULE_ENDS_OBJECT))
        IUnknown_AddRef(given->object);
    *ret_object = given->object;
    return S_OK;
}

static HRESULT fire_given(void *context, IUnknown *object)
{
    const struct given *given = context;

    return given->options->fire(given->options->context, object);
}

static void tell_start(void *context, const struct connpt_check_rule *rule, uint32_t index,
                       uint32_t n_rules)
{
    const struct given *given = context;

    given->options->starting(given->options->context, rule, index, n_rules);
}

static void let_go_given(void *context)
{
    const struct given *given = context;

    given->options->let_go(given->options->context);
}

HRESULT connpt_check_object(IUnknown *object, const struct connpt_check_options *options,
                            void (*report)(void *context, const struct connpt_check_result *result),
                            void *context)
{
    struct connpt_check_options none = { .size = sizeof none };
    struct run run = { .report = report, .context = context, .given = object };
    struct given given = { object, options != NULL ? options : &none, &run };

    if (object == NULL || report == NULL)
        return E_POINTER;
    if (given.options->size != sizeof none || !rules_can_be_selected(given.options))
        return E_INVALIDARG;
    run.options = *given.options;
    run.options.create = hand_out;
    run.options.fire = given.options->fire != NULL ? fire_given : NULL;
    run.options.starting = given.options->starting != NULL ? tell_start : NULL;
    run.options.let_go = given.options->let_go != NULL ? let_go_given : NULL;
    run.options.context = &given;
    return begin(&run);
}

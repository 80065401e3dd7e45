/* SPDX-License-Identifier: MIT */
/* cli/cmd_check.c - `connpt check`: does an object do what clients rely on? */
#include "cli.h"

#include <stdio.h>
#include <string.h>

#include <connpt/automation.h>
#include <connpt/check.h>
#include <connpt/guid.h>
#include <connpt/typelib.h>

#include "call.h"
#include "check_report.h"
#include "explain.h"
#include "known.h"
#include "os.h"
#include "progress.h"
#include "target.h"
#include "trigger.h"

static bool arg_threads, arg_strict, arg_json, arg_junit, arg_verbose, arg_quiet, arg_rules,
    arg_put, arg_no_fire;
static const char *arg_fire, *arg_only, *arg_except, *arg_explain, *arg_server;
static struct cli_list arg_iids;
static long arg_timeout_ms;

static const struct cli_option options[] = {
    { "fire", 'f', CLI_TEXT, &arg_fire, "METHOD",
      "the object's method that fires an event; its arguments follow the target" },
    { "no-fire", 0, CLI_FLAG, &arg_no_fire, NULL,
      "do not make it fire, even if its type library says how" },
    { "put", 'p', CLI_FLAG, &arg_put, NULL, "METHOD is a property, which is written" },
    { "threads", 't', CLI_FLAG, &arg_threads, NULL, "the rules with several threads too" },
    { "strict", 's', CLI_FLAG, &arg_strict, NULL, "what many objects do is no excuse" },
    { "only", 'o', CLI_TEXT, &arg_only, "RULES", "these only: ids with commas, or cookie-*" },
    { "except", 'x', CLI_TEXT, &arg_except, "RULES", "all but these" },
    { "iid", 0, CLI_LIST, &arg_iids, "{IID}", "look for this outgoing interface too" },
    { "server", 0, CLI_TEXT, &arg_server, "KIND",
      "where a progid: or clsid: object runs: inproc or local" },
    { "timeout", 0, CLI_SECONDS, &arg_timeout_ms, "SECONDS", "for each rule; 10 without it" },
    { "verbose", 'v', CLI_FLAG, &arg_verbose, NULL, "show what passed and what was skipped" },
    { "quiet", 'q', CLI_FLAG, &arg_quiet, NULL, "no progress on stderr" },
    { "json", 'j', CLI_FLAG, &arg_json, NULL, "one JSON object for each rule, and a summary" },
    { "junit", 0, CLI_FLAG, &arg_junit, NULL, "JUnit XML, for CI systems" },
    { "rules", 0, CLI_FLAG, &arg_rules, NULL, "list the rules; no target is needed" },
    { "explain", 'e', CLI_TEXT, &arg_explain, "RULE",
      "print the page of a rule, with examples; no target is needed" },
    { NULL, 0, CLI_FLAG, NULL, NULL, NULL },
};

/* What the callbacks of a check work with; create and fire run in the rule's process. */
struct subject {
    struct target *target;
    const char *member; /* that fires; NULL: none */
    bool is_put;
    int n_words;
    char **words;
    struct call *call; /* that is running; NULL */
    struct findings *findings;
    struct progress progress;
    int64_t started; /* the rule at work; monotonic ms */
    bool was_told;   /* in this process: why there is no object */
};

/* The reference is the rule's alone: the target keeps none. */
static HRESULT create(void *context, IUnknown **ret_object)
{
    struct subject *subject = context;
    struct target *target = subject->target;
    IUnknown *object;

    subject->was_told = true;
    if (target_create(target) != CLI_OK)
        return E_FAIL;
    if (target->path != NULL && target->path[0] != '\0' && target_start(target) != CLI_OK) {
        target_close(target);
        return E_FAIL;
    }
    subject->was_told = false;
    object = target->object;
    target->object = NULL;
    target_close(target);
    *ret_object = object;
    return S_OK;
}

static HRESULT fire(void *context, IUnknown *object)
{
    struct subject *subject = context;
    struct target target = *subject->target;
    char *member = cli_strdup(subject->member);
    struct call call = { 0 }, *outer = subject->call; /* of a fire inside a fire */
    VARIANT result;

    target.object = object;
    target.member = member;
    if (call_prepare(&call, &target, subject->is_put ? DISPATCH_PROPERTYPUT : DISPATCH_METHOD,
                     subject->n_words, subject->words) == CLI_OK) {
        subject->call = &call;
        (void)call_run(&call, &target, &result);
        subject->call = outer;
        connpt_VariantClear(&result);
    }
    call_fini(&call);
    cli_free(member);
    return S_OK;
}

/* A sink that releases the object in its call releases this reference too. */
static void let_go(void *context)
{
    const struct subject *subject = context;

    if (subject->call != NULL)
        call_let_go(subject->call);
}

/* ---- progress -------------------------------------------------------------------------------- */

static void starting(void *context, const struct connpt_check_rule *rule, uint32_t index,
                     uint32_t n_rules)
{
    struct subject *subject = context;

    progress_show(&subject->progress, "rule %u of %u, %u to go: %s", index + 1, n_rules,
                  n_rules - index - 1, rule->id);
    subject->started = cli_os_monotonic_ms();
}

static void collect(void *context, const struct connpt_check_result *result)
{
    struct subject *subject = context;

    findings_add(subject->findings, result,
                 (unsigned long)(cli_os_monotonic_ms() - subject->started));
}

/* ---- the verb -------------------------------------------------------------------------------- */

enum { MOST_KNOWN = 16 }; /* interfaces that a header alone describes */

struct iids {
    IID items[sizeof(arg_iids.items) / sizeof(arg_iids.items[0]) + MOST_KNOWN];
    uint32_t n_items;
};

/* Those of --iid, and those that nothing but a header describes. */
static int collect_iids(struct iids *iids)
{
    for (unsigned i = 0; i < arg_iids.n_items; i++) {
        if (FAILED(connpt_guid_parse(arg_iids.items[i], &iids->items[iids->n_items++]))) {
            cli_error("--iid: \"%s\" is not an IID; write {XXXXXXXX-XXXX-XXXX-XXXX-XXXXXXXXXXXX}",
                      arg_iids.items[i]);
            return CLI_USAGE;
        }
    }
    for (int i = 0; i < MOST_KNOWN && known_interfaces[i].name != NULL; i++)
        iids->items[iids->n_items++] = known_interfaces[i].iid;
    return CLI_OK;
}

static int print_findings(const struct findings *findings)
{
    struct text text = { 0 };
    int status;

    if (arg_json)
        findings_write_json(&text, findings);
    else if (arg_junit)
        findings_write_junit(&text, findings);
    else
        findings_write_text(&text, findings, cli_os_columns(), cli_use_color());
    status = report_print(&text);
    return status != CLI_OK ? status : findings_exit_code(findings);
}

/* A line, and those that go on with it: cli_error_hr. */
static size_t length_of_message(const char *said)
{
    size_t length = strcspn(said, "\n");

    while (strncmp(said + length, "\n  ", 3) == 0)
        length += 1 + strcspn(said + length + 1, "\n");
    return length;
}

/* There was no object; what was said in the rule's process is said here. A program that reads the
 * report gets one all the same. */
static int tell_no_object(struct findings *findings, const struct subject *subject)
{
    const struct finding *first = &findings->items[0];
    const char *said = first->trace;

    findings->is_no_object = true;
    if (arg_json || arg_junit)
        (void)print_findings(findings);

    if (subject->was_told)
        return CLI_FAILURE;
    if (strncmp(said, "connpt: ", 8) == 0)
        said += 8;
    if (said[0] != '\0')
        cli_error("%.*s", (int)length_of_message(said), said);
    else
        cli_error("%s: %s", findings->target, first->text);
    return CLI_FAILURE;
}

static const char no_processes[] =
    "The system gives no process for a rule, or no memory to share with it; see what is limited "
    "(ulimit -a).";

/* @trigger: what fires */
static int check(struct target *target, ITypeLib *library, const struct trigger *trigger)
{
    struct iids iids = { .n_items = 0 };
    int status = collect_iids(&iids);
    struct findings findings = { .is_strict = arg_strict, .is_verbose = arg_verbose };
    struct subject subject = {
        .target = target,
        .member = trigger->member,
        .is_put = trigger->is_put,
        .n_words = trigger->n_words,
        .words = (char **)(uintptr_t)trigger->words,
        .findings = &findings,
    };
    struct connpt_check_options check_options = {
        .size = sizeof(check_options),
        .flags = CONNPT_CHECK_RESTART | (arg_threads ? CONNPT_CHECK_THREADS : 0u) |
                 (arg_strict ? CONNPT_CHECK_STRICT : 0u),
        .timeout_ms = (uint32_t)arg_timeout_ms,
        .create = create,
        .fire = subject.member != NULL ? fire : NULL,
        .let_go = let_go,
        .starting = starting,
        .context = &subject,
        .iids = iids.items,
        .n_iids = iids.n_items,
        .library = library,
        .only = arg_only,
        .except = arg_except,
    };
    char *target_text;
    HRESULT hr;

    if (status != CLI_OK)
        return status;
    findings.target = target_text = cli_visible(target->text);
    progress_begin(&subject.progress, !arg_quiet);
    hr = connpt_check(&check_options, collect, &subject);
    progress_clear(&subject.progress);
    if (hr == E_INVALIDARG) {
        cli_error(
            "check: --only or --except names a rule that does not exist; connpt check --rules "
            "lists them");
        status = CLI_USAGE;
    } else if (FAILED(hr) && findings.n_items > 0) {
        status = tell_no_object(&findings, &subject);
    } else if (FAILED(hr)) {
        cli_error_hr(hr, hr == E_FAIL ? no_processes : NULL, "cannot check %s", target->text);
        status = CLI_FAILURE;
    } else {
        status = print_findings(&findings);
    }
    findings_fini(&findings);
    cli_free(target_text);
    return status;
}

/* --fire, or what the type library declares. */
static int find_trigger(ITypeLib *library, const struct target *target, int n_words, char **words,
                        struct trigger *ret_trigger)
{
    memset(ret_trigger, 0, sizeof *ret_trigger);
    if (arg_fire == NULL)
        return arg_no_fire ? CLI_OK : trigger_find(library, target, ret_trigger);
    if (n_words > TRIGGER_MAX_WORDS) {
        cli_error("check: at most %d arguments", TRIGGER_MAX_WORDS);
        return CLI_USAGE;
    }
    ret_trigger->member = ret_trigger->text = cli_strdup(arg_fire);
    ret_trigger->is_put = arg_put;
    ret_trigger->n_words = n_words;
    for (int i = 0; i < n_words; i++)
        ret_trigger->words[i] = words[i];
    return CLI_OK;
}

static int run(int argc, char **argv)
{
    struct trigger trigger = { .member = NULL };
    ITypeLib *library = NULL;
    struct target target;
    int status;

    if (arg_rules)
        return rules_print(arg_json);
    if (arg_explain != NULL && argc == 0)
        return explain_rule(arg_explain);
    if (arg_explain != NULL) {
        cli_error("check: --explain prints a page, and looks at no object; leave \"%s\" out",
                  argv[0]);
        return CLI_USAGE;
    }
    if (argc == 0) {
        cli_error("check: which object? write connpt check TARGET; connpt list shows targets");
        return CLI_USAGE;
    }
    if (argc > 1 && arg_fire == NULL) {
        cli_error("check: \"%s\" is an argument of a method; which one? add --fire METHOD",
                  argv[1]);
        return CLI_USAGE;
    }
    if (arg_no_fire && arg_fire != NULL) {
        cli_error("check: --fire and --no-fire contradict each other");
        return CLI_USAGE;
    }
    if (arg_json && arg_junit) {
        cli_error("check: --json and --junit are two forms of the report; write one of them");
        return CLI_USAGE;
    }
    cli_set_quiet(arg_quiet);
    status = target_parse(argv[0], &target);
    if (status != CLI_OK)
        return status;
    target.use = arg_threads ? SYSTEM_USE_CHECK_THREADS : SYSTEM_USE_CHECK;
    status = target_set_server(&target, arg_server);
    if (status == CLI_OK)
        status = target_find(&target, &library);
    if (status == CLI_OK)
        status = find_trigger(library, &target, argc - 1, argv + 1, &trigger);
    if (status == CLI_OK)
        status = check(&target, library, &trigger);
    trigger_fini(&trigger);
    if (library != NULL)
        ITypeLib_Release(library);
    target_fini(&target);
    return status;
}

const struct cli_verb cli_verb_check = {
    .name = "check",
    .arguments = "TARGET [ARGUMENT...]",
    .summary = "Find what is wrong with a connectable object",
    .min_args = 0,
    .max_args = -1,
    .options = options,
    .details =
        "More than a hundred rules look at the object from outside, whoever made it. Each gets a\n"
        "fresh object in a process of its own: a crash is a finding. What differs from the "
        "documents\n"
        "as many objects do is a dialect, which counts with --strict only.\n\n"
        "The exit code is 0 when nothing was found, or differences in taste only; 4: risky;\n"
        "5: breaks known clients; 6: violates the documents; 7: crashed or hung; 1: there is no\n"
        "object to look at.\n",
    .examples = "  connpt check mod:./ticker.so#Ticker --fire Tick 12.5\n"
                "  connpt check mod:./mine.so --threads --json\n"
                "  connpt check mod:./mine.so --only 'cookie-*,unadvise-twice'\n"
                "  connpt check --rules\n"
                "  connpt check --explain cookie-stale\n",
    .run = run,
};

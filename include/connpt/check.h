/* SPDX-License-Identifier: MIT */
/*
 * connpt/check.h - does a connectable object do what clients rely on?
 *
 *     static HRESULT create(void *context, IUnknown **ret_object) { ... a fresh object ... }
 *
 *     struct connpt_check_options options = { .size = sizeof options, .create = create };
 *     HRESULT hr = connpt_check(&options, report, NULL);
 *
 * More than a hundred rules look at an object from outside, through its COM interfaces and nothing
 * else: whoever made it, in whatever language. Each rule gets an object of its own and a process of
 * its own, so that a crash is a finding like any other; on Windows, which has no fork(), programs
 * that allow it with CONNPT_CHECK_RESTART are started again for that.
 * `connpt check` is this function as a command, and docs/check.md tells more.
 *
 * The library is connpt-check (pkg-config connpt-check).
 */
#ifndef CONNPT_CHECK_H
#define CONNPT_CHECK_H

#include <connpt/com.h>
#include <connpt/export.h>

CONNPT_BEGIN_DECLS

/* How bad it is when an object breaks a rule. */
enum connpt_check_severity {
    CONNPT_CHECK_TASTE,   /* allowed, and unlike what most objects do */
    CONNPT_CHECK_RISKY,   /* works until something unusual happens */
    CONNPT_CHECK_BREAKS,  /* known clients break */
    CONNPT_CHECK_VIOLATES /* against Microsoft's documents, or the binary interface */
};

enum connpt_check_outcome {
    CONNPT_CHECK_PASSED,
    CONNPT_CHECK_DIALECT, /* not as documented, but as many implementations do it; with
                             CONNPT_CHECK_STRICT it is CONNPT_CHECK_FAILED */
    CONNPT_CHECK_FAILED,
    CONNPT_CHECK_CRASHED, /* the process ended; only with processes */
    CONNPT_CHECK_HUNG,    /* it did not end in time; only with processes */
    CONNPT_CHECK_SKIPPED  /* could not be tried; the text says why */
};

struct connpt_check_rule {
    const char *id;       /* never changes: "cookie-stale" */
    const char *sentence; /* what must hold: "A cookie that ended disconnects nobody." */
    const char *source;   /* where that is said, or why it is so */
    const char *advice;   /* what to do about it */
    enum connpt_check_severity severity;
};

/* What one rule found. All of it is borrowed for the length of the report call. */
struct connpt_check_result {
    const struct connpt_check_rule *rule;
    enum connpt_check_outcome outcome;
    const char *text;   /* what was done and what was seen; "" when it passed */
    const char *ledger; /* who took and who gave references, a line each; "" without such */
    const char *trace;  /* the calls that led to a crash or were still going on, and what was
                           written to stderr; "" without such */
    uint32_t index;     /* of the rules that are run: 0 ... */
    uint32_t n_rules;   /* ... to this */
};

enum {
    CONNPT_CHECK_STRICT = 0x1,     /* dialects are failures */
    CONNPT_CHECK_THREADS = 0x2,    /* the rules that use several threads too */
    CONNPT_CHECK_IN_PROCESS = 0x4, /* no processes: a crash ends the caller */
    /* Windows, where there is no fork(): the program may be started again for each rule, with the
     * same command line. Without it everything is done in the calling process there. */
    CONNPT_CHECK_RESTART = 0x8
};

struct connpt_check_options {
    size_t size;         /* sizeof(struct connpt_check_options) */
    uint32_t flags;      /* CONNPT_CHECK_... */
    uint32_t timeout_ms; /* for a rule; 0: 10 seconds. Only with processes */

    /*
     * Makes a fresh object, with one reference, for each rule; with processes it is called in the
     * rule's process. A failure ends that rule: SKIPPED, with the HRESULT.
     */
    HRESULT (*create)(void *context, IUnknown **ret_object);
    /*
     * Makes the object fire, once, on the calling thread, an event of one of its outgoing
     * interfaces. NULL: the rules about firing are skipped. Its HRESULT is not looked at, but a
     * fire that reaches no sink is found.
     */
    HRESULT (*fire)(void *context, IUnknown *object);
    /*
     * Told on the calling thread before each rule, whose index and number are those of its result:
     * for a display of progress. May be NULL.
     */
    void (*starting)(void *context, const struct connpt_check_rule *rule, uint32_t index,
                     uint32_t n_rules);
    /*
     * Releases the references to the object that a running fire holds, and after that the fire
     * does not touch the object: how the rule reentry-release-object sees an object end inside its
     * own fire. NULL: fire holds none but the one that it is handed, or the rule sees nothing.
     */
    void (*let_go)(void *context);
    void *context;

    const IID *iids; /* outgoing interfaces, besides those that the object tells of */
    uint32_t n_iids;
    ITypeLib *library;  /* describes the interfaces when the object does not; may be NULL */
    const char *only;   /* ids of rules, separated by commas, each may end in "*"; NULL: all */
    const char *except; /* the same; NULL: none */
};

/* connpt_check_rule_at - the index-th rule, in the order in which they are run; NULL past the last
 */
CONNPT_API const struct connpt_check_rule *connpt_check_rule_at(uint32_t index);

/*
 * connpt_check - run the rules against objects that options->create makes
 *
 * @report: gets each result, in order, on the calling thread
 *
 * Returns: S_OK: nothing was found; S_FALSE: a rule failed, crashed or hung; E_POINTER (options,
 *          create or report NULL); E_INVALIDARG: options->size, or a name in `only` or `except`
 *          that no rule has; E_OUTOFMEMORY; E_FAIL: the system gives no processes, or the program
 *          did not come to this call when it was started again; what `create` returned when it
 *          fails for the first rule, "object-made", which is always run.
 * Threads: any; with processes, call it while the program has one thread only: fork().
 * Restart: a program that is started again runs from its beginning to this call, which does a
 *          rule's work there and ends the process. So it must come here whatever it has reported
 *          before, in the same folder and environment, with nothing to read from stdin. Calls of
 *          connpt_check and connpt_check_object before this one return at once, without reports,
 *          what they returned in the process that the user started.
 * Cost:    a few seconds; connects and disconnects some 400,000 times.
 */
CONNPT_API CONNPT_NODISCARD HRESULT connpt_check(
    const struct connpt_check_options *options,
    void (*report)(void *context, const struct connpt_check_result *result), void *context);

/*
 * connpt_check_object - the same for one object that exists, as a test of one's own has it
 *
 * With processes each rule works on the copy that fork() makes, or on the object that the program
 * made again. In process the rules follow one another on the same object, and those that must see
 * it end are skipped. With valgrind say CONNPT_CHECK_IN_PROCESS: to it the copy that a process
 * leaves behind is memory that may be lost, and the exit status that it then gives is told as a
 * crash.
 *
 * @object:  borrowed; the caller's should be the only reference, or its end cannot be seen
 * @options: as for connpt_check, without `create`; may be NULL
 */
CONNPT_API CONNPT_NODISCARD HRESULT connpt_check_object(
    IUnknown *object, const struct connpt_check_options *options,
    void (*report)(void *context, const struct connpt_check_result *result), void *context);

CONNPT_END_DECLS

#endif

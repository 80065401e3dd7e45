/* SPDX-License-Identifier: MIT */
/* check/rules_process.c - what an object does to the thread and the process that it lives in */
#include "check.h"

#include "sink.h"
#include "thread_state.h"
#include "threads.h"
#include "walk.h"

/* ---- the thread ------------------------------------------------------------------------------ */

static void session_keeps_thread(struct check *check)
{
    struct sink *sink = sink_create(check);
    struct thread_state before, after;
    IEnumConnections *connections = NULL;
    const char *what;
    DWORD cookie;

    if (sink == NULL)
        return;
    thread_state_read(&before);
    if (!check_advise(check, sink, &cookie))
        return;
    check->step = "EnumConnections";
    if (SUCCEEDED(IConnectionPoint_EnumConnections(check->point, &connections)) &&
        connections != NULL)
        IEnumConnections_Release(connections);
    if (!check_unadvise(check, cookie))
        return;
    thread_state_read(&after);
    what = thread_state_difference(&before, &after);
    if (what != NULL)
        check_fail(check,
                   "Advise, EnumConnections and Unadvise left %s of the caller's thread "
                   "changed",
                   what);
}

/* ---- after the end --------------------------------------------------------------------------- */

enum { QUIET_MS = 300, LOOK_MS = 10, MAX_WATCHED = 8 };

/* A sink at each of the first points; the cookies are nobody's concern. */
static unsigned connect_everywhere(struct check *check, struct sink *sinks[MAX_WATCHED])
{
    unsigned n = 0;

    for (uint32_t i = 0; i < check->sources->n_items && n < MAX_WATCHED; i++) {
        IConnectionPoint *point = NULL;
        DWORD cookie;

        check->source = &check->sources->items[i];
        sinks[n] = sink_create(check);
        if (sinks[n] == NULL || !check_find(check, &check->source->iid, &point))
            return 0;
        check->step = "Advise";
        n += SUCCEEDED(IConnectionPoint_Advise(point, sink_handed(sinks[n]), &cookie));
        IConnectionPoint_Release(point);
    }
    return n;
}

/* Threads and timers of the object, if it has any, get time to do what they should not. */
static void end_quiet(struct check *check)
{
    struct sink *sinks[MAX_WATCHED];
    unsigned calls[MAX_WATCHED], n;

    if (!check_need_container(check))
        return;
    n = connect_everywhere(check, sinks);
    check->source = NULL;
    if (check_is_told(check))
        return;
    check->step = "the last Release of the object";
    IConnectionPointContainer_Release(check->container);
    IUnknown_Release(check->object);
    check->container = NULL;
    check->object = NULL;
    check->step = "waiting, after the object was released";
    for (unsigned i = 0; i < n; i++)
        calls[i] = sinks[i]->n_calls;
    for (unsigned ms = 0; ms < QUIET_MS && !check_is_told(check); ms += LOOK_MS) {
        check_pause(LOOK_MS);
        for (unsigned i = 0; i < n; i++) {
            /* who is held still is another rule's matter */
            if (sink_held(sinks[i]) > 0)
                calls[i] = sinks[i]->n_calls;
            else if (sinks[i]->n_calls != calls[i])
                sink_fail(sinks[i], "the object was released, and has released the sink, and "
                                    "calls it all the same");
        }
    }
}

const struct rule check_rules_process[] = {
    { { "session-keeps-thread", "Methods leave the caller's thread as it was.",
        "the binary interface: the floating-point control word belongs to the caller",
        "Restore what you change: rounding, floating-point exceptions, the signal mask.",
        CONNPT_CHECK_RISKY },
      session_keeps_thread,
      RULE_POINT,
      RULE_NO_KIND,
      0 },
    { { "end-quiet", "An object that has ended does nothing more.",
        "practice: timers and threads that outlive their object",
        "Stop threads and timers before you free what they use.", CONNPT_CHECK_BREAKS },
      end_quiet,
      RULE_OBJECT,
      RULE_NO_KIND,
      RULE_ENDS_OBJECT },
    { { NULL, NULL, NULL, NULL, 0 }, NULL, 0, 0, 0 },
};

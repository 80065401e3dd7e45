/* SPDX-License-Identifier: MIT */
/* No lock of the library is held while code runs that is not its own (CONTRACT T-2). Builds without
 * assertions do not count their locks. */
#include <stddef.h>

#include "crowd.h"
#include "threads.h"
#include "waiting.h"

#include "base/mutex.h"

#ifndef NDEBUG
static int locks_seen;

static void look_for_locks(struct sink *sink, LONG value)
{
    (void)sink;
    (void)value;
    locks_seen += connpt__locks_held();
}

static void look_for_locks_at_release(struct sink *sink)
{
    look_for_locks(sink, 0);
}

static void listening_without_lock(struct connpt_object *object, connpt_point *point, BOOL any)
{
    (void)object;
    (void)point;
    (void)any;
    locks_seen += connpt__locks_held();
}

static const struct connpt_source plain_sources[] = { { &IID_ITestEvents, 0, 0 },
                                                      { &IID_ITestOther, 0, 0 },
                                                      { NULL, 0, 0 } };
static const struct connpt_class watched_class = { .size = sizeof(struct source),
                                                   .sources = plain_sources,
                                                   .listening = listening_without_lock };

static void no_lock_is_held_in_events_releases_and_listening(void)
{
    locks_seen = 0;
    source = source_create_class(&watched_class, NULL);
    if (!CHECK(source != NULL))
        return;
    for (int i = 0; i < 12; i++) {
        sink_init(&sinks[i], 0);
        sinks[i].on_event = look_for_locks;
        sinks[i].on_release = look_for_locks_at_release;
        cookies[i] = advise(source_events(source), &sinks[i]);
        (void)IUnknown_Release(sink_unknown(&sinks[i]));
    }
    (void)fire_event(source->events, 1);
    (void)IConnectionPoint_Unadvise(source_events(source), cookies[3]);
    (void)connpt_point_unadvise_sync(source_events(source), cookies[4]);
    connpt_object_close(&source->object);
    source_release(source);
    CHECK_INT(locks_seen, 0);
    for (int i = 0; i < 12; i++)
        CHECK_INT(sinks[i].releases_to_zero, 1);
}

static void look_for_locks_at_query(struct sink *sink)
{
    look_for_locks(sink, 0);
}

static void no_lock_is_held_in_the_sinks_query(void)
{
    locks_seen = 0;
    if (!crowd_connect(1, 0)) /* so that the point has all that it needs */
        return;
    sink_init(&sinks[1], 0);
    sinks[1].on_query = look_for_locks_at_query;
    (void)advise(source_events(source), &sinks[1]);
    CHECK_INT(locks_seen, 0);
    teardown(2);
}

/* ---- a fire on another thread, whose end others wait for ------------------------------------- */

static struct t_gate entered, leave;

/* A sink that stays in its call until `leave` opens. */
static void block(struct sink *sink, LONG value)
{
    (void)value;
    sink->on_event = NULL;
    t_gate_open(&entered);
    CHECK(t_gate_pass(&leave));
}

static void fire_thread(void *point)
{
    (void)fire_event(point, 1);
}

/* One sink that blocks its fire, and @n that only the point has references to. */
static int start_fire(int n, struct t_thread *ret_thread)
{
    locks_seen = 0;
    t_gate_close(&entered);
    t_gate_close(&leave);
    if (!crowd_connect(1 + n, 0))
        return 0;
    for (int i = 1; i <= n; i++) {
        sinks[i].on_release = look_for_locks_at_release;
        (void)IUnknown_Release(sink_unknown(&sinks[i]));
    }
    sinks[0].on_event = block;
    CHECK(t_thread_start(ret_thread, fire_thread, source->events));
    return CHECK(t_gate_pass(&entered));
}

static void no_lock_is_held_when_the_end_of_a_fire_releases(void)
{
    enum { REMOVED = 20 }; /* more than are taken out in one go */
    struct t_thread thread;

    if (!start_fire(REMOVED, &thread))
        return;
    for (int i = 1; i <= REMOVED; i++)
        CHECK_HR(IConnectionPoint_Unadvise(source_events(source), cookies[i]), S_OK);
    CHECK_INT(sinks[1].releases_to_zero, 0); /* the fire runs */
    t_gate_open(&leave);
    t_thread_join(&thread);
    for (int i = 1; i <= REMOVED; i++)
        CHECK_INT(sinks[i].releases_to_zero, 1);
    CHECK_INT(locks_seen, 0);
    teardown(1);
}

static HRESULT sync_result;

static void sync_thread(void *cookie)
{
    sync_result = connpt_point_unadvise_sync(source_events(source), *(DWORD *)cookie);
}

static void no_lock_is_held_when_a_synchronous_unadvise_has_waited(void)
{
    struct t_thread firing, waiting;

    if (!start_fire(1, &firing))
        return;
    CHECK(t_thread_start(&waiting, sync_thread, &cookies[1]));
    wait_until_waiting();
    t_gate_open(&leave);
    t_thread_join(&firing);
    t_thread_join(&waiting);
    CHECK_HR(sync_result, S_OK);
    CHECK_INT(sinks[1].releases_to_zero, 1);
    CHECK_INT(locks_seen, 0);
    teardown(1);
}
#else
static void no_lock_is_held_while_foreign_code_runs(void)
{
    t_skip("release builds do not count their locks");
}
#endif

int main(int argc, char **argv)
{
    static const struct t_test tests[] = {
#ifndef NDEBUG
        T(no_lock_is_held_in_events_releases_and_listening),
        T(no_lock_is_held_in_the_sinks_query),
        T(no_lock_is_held_when_the_end_of_a_fire_releases),
        T(no_lock_is_held_when_a_synchronous_unadvise_has_waited),
#else
        T(no_lock_is_held_while_foreign_code_runs),
#endif
        T_END,
    };

    return t_run(argc, argv, tests);
}

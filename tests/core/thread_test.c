/* SPDX-License-Identifier: MIT */
/* What holds across threads (CONTRACT T-1, T-3 to T-6, F-3, F-6). Threads meet at gates, nobody
 * sleeps.
 */
#include <stddef.h>

#include "crowd.h"
#include "threads.h"
#include "waiting.h"

static struct t_gate entered, leave;

static int setup(int n)
{
    t_gate_close(&entered);
    t_gate_close(&leave);
    return crowd_connect(n, 0);
}

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

static void unadvise_during_a_call_on_another_thread_keeps_the_sink_until_the_fire_ends(void)
{
    struct t_thread thread;

    if (!setup(2))
        return;
    sinks[0].on_event = block;
    CHECK(t_thread_start(&thread, fire_thread, source->events));
    CHECK(t_gate_pass(&entered));
    CHECK_HR(IConnectionPoint_Unadvise(source_events(source), cookies[0]), S_OK); /* no waiting */
    CHECK_INT(sinks[0].refs, 2); /* still being called */
    CHECK_HR(IConnectionPoint_Unadvise(source_events(source), cookies[1]), S_OK);
    CHECK_INT(sinks[1].refs, 2);
    t_gate_open(&leave);
    t_thread_join(&thread);
    CHECK_INT(sinks[0].refs, 1); /* by the fire's end, not by a helper */
    CHECK_INT(sinks[1].refs, 1);
    CHECK_INT(sinks[1].calls, 0); /* removed before the fire came to it */
    teardown(2);
}

static void blocked_sink_delays_no_advise_unadvise_or_fire(void)
{
    struct t_thread thread;
    DWORD cookie;

    if (!setup(2))
        return;
    sink_init(&sinks[2], 0);
    sinks[0].on_event = block;
    CHECK(t_thread_start(&thread, fire_thread, source->events));
    CHECK(t_gate_pass(&entered));
    for (int i = 0; i < 50; i++) {
        cookie = advise(source_events(source), &sinks[2]);
        CHECK(cookie != 0);
        (void)fire_event(source->events, 2);
        CHECK_HR(IConnectionPoint_Unadvise(source_events(source), cookie), S_OK);
        cookie = advise(source_other(source), &sinks[2]);
        CHECK_HR(IConnectionPoint_Unadvise(source_other(source), cookie), S_OK);
    }
    CHECK_INT(sinks[2].calls, 50);
    CHECK_INT(sinks[0].calls, 51);
    CHECK_INT(sinks[2].refs, 51); /* what it holds back: releases on its own point only */
    t_gate_open(&leave);
    t_thread_join(&thread);
    CHECK_INT(sinks[2].refs, 1);
    teardown(3);
}

struct sync_call {
    DWORD cookie;
    HRESULT result;
    LONG refs_after;
    struct t_gate done;
};

static void sync_thread(void *context)
{
    struct sync_call *call = context;

    call->result = connpt_point_unadvise_sync(source_events(source), call->cookie);
    call->refs_after = sinks[0].refs;
    t_gate_open(&call->done);
}

static void unadvise_sync_waits_for_a_running_call_and_releases_itself(void)
{
    struct sync_call call = { 0, E_FAIL, -1, T_GATE };
    struct t_thread firing, waiting;

    if (!setup(2))
        return;
    sinks[0].on_event = block;
    call.cookie = cookies[0];
    CHECK(t_thread_start(&firing, fire_thread, source->events));
    CHECK(t_gate_pass(&entered));
    CHECK(t_thread_start(&waiting, sync_thread, &call));
    wait_until_waiting();
    CHECK(!__atomic_load_n(&call.done.open, __ATOMIC_ACQUIRE));
    t_gate_open(&leave);
    t_thread_join(&waiting);
    t_thread_join(&firing);
    CHECK_HR(call.result, S_OK);
    CHECK_INT(call.refs_after, 1);
    CHECK_HR(connpt_point_unadvise_sync(source_events(source), cookies[0]), CONNECT_E_NOCONNECTION);
    teardown(2);
}

static struct sync_call call_inside_other;

static void wait_inside_the_other_point(struct sink *sink, LONG value)
{
    (void)sink;
    (void)value;
    sync_thread(&call_inside_other);
}

/* Has been inside of more fires than are kept account of, and of none now. */
static void fire_after_many(void *point)
{
    static struct connpt_fire many[2 * CONNPT_THREAD_FIRES];
    enum { N = sizeof many / sizeof *many };

    for (int i = 0; i < N; i++)
        connpt_fire_begin(&many[i], point, CONNPT_FIRE_IGNORE);
    for (int i = N; i-- > 0;)
        (void)connpt_fire_end(&many[i]);
    (void)fire_event(point, 1);
}

static void unadvise_sync_inside_a_fire_of_another_point_waits_like_any_other(void)
{
    static const struct sync_call fresh = { 0, E_FAIL, -1, T_GATE };
    struct t_thread firing, waiting;

    if (!setup(1))
        return;
    sink_init(&sinks[1], 0);
    sinks[1].on_event = wait_inside_the_other_point;
    CHECK(advise(source_other(source), &sinks[1]) != 0);
    sinks[0].on_event = block;
    call_inside_other = fresh;
    call_inside_other.cookie = cookies[0];
    CHECK(t_thread_start(&firing, fire_thread, source->events));
    CHECK(t_gate_pass(&entered));
    CHECK(t_thread_start(&waiting, fire_after_many, source->other));
    wait_until_waiting();
    t_gate_open(&leave);
    t_thread_join(&waiting);
    t_thread_join(&firing);
    CHECK_HR(call_inside_other.result, S_OK);
    CHECK_INT(call_inside_other.refs_after, 1);
    teardown(2);
}

static void fire_until_told(void *stop)
{
    while (!__atomic_load_n((int *)stop, __ATOMIC_ACQUIRE))
        (void)fire_event(source->events, 1);
}

static void unadvise_sync_ends_although_other_threads_fire_without_pause(void)
{
    struct t_thread threads[3];
    int stop = 0;

    if (!setup(1))
        return;
    for (int i = 0; i < 3; i++)
        CHECK(t_thread_start(&threads[i], fire_until_told, &stop));
    for (int i = 0; i < 300; i++) {
        LONG calls;

        sink_init(&sinks[1], 0);
        cookies[1] = advise(source_events(source), &sinks[1]);
        CHECK_HR(connpt_point_unadvise_sync(source_events(source), cookies[1]), S_OK);
        CHECK_INT(sinks[1].refs, 1);
        calls = __atomic_load_n(&sinks[1].calls, __ATOMIC_RELAXED);
        (void)fire_event(source->events, 1);
        CHECK_INT(__atomic_load_n(&sinks[1].calls, __ATOMIC_RELAXED), calls);
    }
    __atomic_store_n(&stop, 1, __ATOMIC_RELEASE);
    for (int i = 0; i < 3; i++)
        t_thread_join(&threads[i]);
    teardown(2);
}

static HRESULT inside_result;
static LONG inside_refs;

static void sync_unadvise_myself(struct sink *sink, LONG value)
{
    (void)value;
    sink->on_event = NULL;
    inside_result = connpt_point_unadvise_sync(source_events(source), cookies[0]);
    inside_refs = sinks[0].refs;
}

static void unadvise_sync_inside_a_fire_says_s_false_and_does_not_deadlock(void)
{
    if (!setup(2))
        return;
    sinks[0].on_event = sync_unadvise_myself;
    (void)fire_event(source->events, 1);
    CHECK_HR(inside_result, S_FALSE);
    CHECK_INT(inside_refs, 2); /* its own call still runs */
    CHECK_INT(sinks[0].refs, 1);
    teardown(2);
}

static void sync_unadvise_the_blocked_one(struct sink *sink, LONG value)
{
    (void)value;
    sink->on_event = NULL;
    inside_result = connpt_point_unadvise_sync(source_events(source), cookies[0]);
    /* The other thread's fire has ended; only this thread's own frames are left. */
    inside_refs = __atomic_load_n(&leave.open, __ATOMIC_ACQUIRE);
}

static void unadvise_sync_inside_a_fire_waits_for_other_threads(void)
{
    struct t_thread firing, inside;

    if (!setup(2))
        return;
    sinks[0].on_event = block;
    CHECK(t_thread_start(&firing, fire_thread, source->events));
    CHECK(t_gate_pass(&entered));
    sinks[1].on_event = sync_unadvise_the_blocked_one;
    CHECK(t_thread_start(&inside, fire_thread, source->events)); /* calls sink 0, then sink 1 */
    wait_until_waiting();
    t_gate_open(&leave);
    t_thread_join(&firing);
    t_thread_join(&inside);
    CHECK_HR(inside_result, S_FALSE);
    CHECK_INT(inside_refs, 1);
    teardown(2);
}

static struct t_gate both_in[2];
static HRESULT mutual[2];

static void unadvise_each_other(struct sink *sink, LONG value)
{
    int me = sink == &sinks[0] ? 0 : 1;

    (void)value;
    sink->on_event = NULL;
    t_gate_open(&both_in[me]);
    CHECK(t_gate_pass(&both_in[1 - me]));
    mutual[me] = connpt_point_unadvise_sync(source_events(source), cookies[1 - me]);
}

static void fire_second_first(void *point)
{
    /* A fire that reaches sink 1 while the other thread is in sink 0. */
    (void)fire_event(point, 2);
}

static void two_callbacks_that_wait_for_each_other_are_detected(void)
{
    struct t_thread threads[2];

    if (!setup(2))
        return;
    t_gate_close(&both_in[0]);
    t_gate_close(&both_in[1]);
    sinks[0].on_event = unadvise_each_other;
    sinks[1].on_event = unadvise_each_other;
    CHECK(t_thread_start(&threads[0], fire_thread, source->events));
    CHECK(t_gate_pass(&both_in[0])); /* the first thread is in sink 0; its on_event is gone */
    CHECK(t_thread_start(&threads[1], fire_second_first, source->events));
    t_thread_join(&threads[0]);
    t_thread_join(&threads[1]);
    CHECK_HR(mutual[0], S_FALSE);
    CHECK_HR(mutual[1], S_FALSE);
    CHECK_INT(connpt_point_connections(source->events), 0);
    teardown(2);
}

static void last_release_on_another_thread_waits_for_the_fire_without_blocking(void)
{
    struct t_thread thread;

    if (!setup(2))
        return;
    sinks[0].on_event = block;
    CHECK(t_thread_start(&thread, fire_thread, source->events));
    CHECK(t_gate_pass(&entered));
    source_release(source); /* returns although the fire runs */
    CHECK_INT(source_n_finished, 0);
    t_gate_open(&leave);
    t_thread_join(&thread);
    CHECK_INT(source_n_finished, 1);
    CHECK_INT(sinks[0].refs, 1);
    CHECK_INT(sinks[1].refs, 1);
    CHECK_INT(sinks[1].calls, 1); /* the fire went on, the owner being alive */
}

/* ---- many threads -------------------------------------------------------------------------- */

static void churn(void *number)
{
    struct sink *mine = &sinks[2 + *(int *)number];

    for (int i = 0; i < 2000; i++) {
        DWORD cookie = advise(source_events(source), mine);

        (void)fire_event(source->events, 1);
        if (cookie != 0)
            CHECK_HR(IConnectionPoint_Unadvise(source_events(source), cookie), S_OK);
    }
}

static void threads_that_fire_one_point_get_stripes_and_lose_nothing(void)
{
    static int numbers[4] = { 0, 1, 2, 3 };
    struct t_thread threads[4];

    if (!setup(2))
        return;
    for (int i = 0; i < 4; i++) {
        sink_init(&sinks[2 + i], 0);
        CHECK(t_thread_start(&threads[i], churn, &numbers[i]));
    }
    for (int i = 0; i < 4; i++)
        t_thread_join(&threads[i]);
    CHECK_INT(sinks[0].calls, 4 * 2000);
    CHECK_INT(sinks[1].calls, 4 * 2000);
    CHECK_INT(connpt_point_connections(source->events), 2);
    for (int i = 0; i < 4; i++)
        CHECK(sinks[2 + i].calls >= 2000);
    teardown(6);
}

/* A thread alone does not get a point stripes; as if others had come meanwhile. */
static void nested_fire(struct sink *sink, LONG value)
{
    (void)sink;
    connpt__readers_note_overlap(source->events);
    if (value < 400)
        (void)fire_event(source->events, value + 1);
}

static void point_that_gets_stripes_inside_a_fire_goes_on(void)
{
    if (!setup(2))
        return;
    sinks[0].on_event = nested_fire; /* 400 times */
    (void)fire_event(source->events, 1);
    CHECK(source->events->stripes != NULL);
    CHECK_HR(IConnectionPoint_Unadvise(source_events(source), cookies[1]), S_OK);
    CHECK_INT(sinks[1].refs, 1);
    teardown(2);
}

static void sync_inside_a_striped_point(struct sink *sink, LONG value)
{
    if (value < 400) {
        (void)fire_event(source->events, value + 1);
        return;
    }
    sink->on_event = NULL; /* the innermost of 400 fires, partly in stripes */
    inside_result = connpt_point_unadvise_sync(source_events(source), cookies[1]);
}

static void unadvise_sync_finds_its_own_fires_in_the_stripes(void)
{
    if (!setup(2))
        return;
    for (int round = 0; round < 2; round++) {
        sinks[0].on_event = sync_inside_a_striped_point;
        inside_result = E_FAIL;
        (void)fire_event(source->events, 1);
        CHECK_HR(inside_result, S_FALSE);
        CHECK_INT(sinks[1].refs, 1);
        cookies[1] = advise(source_events(source), &sinks[1]);
    }
    teardown(2);
}

static void fire_deeply(void *point)
{
    sinks[0].on_event = sync_inside_a_striped_point;
    (void)fire_event(point, 1);
}

/* Threads get one stripe after the other, so one of these has the last. */
static void every_threads_stripe_is_one_of_the_points(void)
{
    if (!setup(2))
        return;
    for (int i = 0; i < READERS_STRIPES; i++) {
        struct t_thread thread;

        inside_result = E_FAIL;
        if (!CHECK(t_thread_start(&thread, fire_deeply, source->events)))
            break;
        t_thread_join(&thread);
        CHECK_HR(inside_result, S_FALSE);
        CHECK_INT(sinks[1].refs, 1);
        cookies[1] = advise(source_events(source), &sinks[1]);
    }
    teardown(2);
}

static void nest_deeply(struct sink *sink, LONG value)
{
    if (value < 1100)
        (void)fire_event(source->events, value + 1);
    else
        sync_unadvise_myself(sink, value);
}

static void unadvise_sync_inside_too_many_fires_gives_up_waiting(void)
{
    if (!setup(2))
        return;
    sinks[1].on_event = nest_deeply;
    inside_result = E_FAIL;
    (void)fire_event(source->events, 1);
    CHECK_HR(inside_result, S_FALSE);
    CHECK_INT(sinks[0].refs, 1);
    teardown(2);
}

/* How many of so many points that fire at the same time get stripes. */
static int count_striped(void)
{
    enum { POINTS = 130 };
    static struct source *sources[POINTS];
    int n_striped = 0, n = 0;

    for (; n < POINTS && setup(2); n++) {
        sources[n] = source;
        sinks[0].on_event = nested_fire;
        (void)fire_event(source->events, 1);
        n_striped += source->events->stripes != NULL;
    }
    CHECK_INT(n, POINTS);
    CHECK(n_striped > 0 && n_striped < POINTS);
    while (n > 0)
        source_release(sources[--n]);
    return n_striped;
}

static void points_beyond_the_pool_of_stripes_work_without(void)
{
    int n_striped = count_striped();

    CHECK_INT(count_striped(), n_striped); /* they came back, each of them */
}

int main(int argc, char **argv)
{
    static const struct t_test tests[] = {
        T(unadvise_during_a_call_on_another_thread_keeps_the_sink_until_the_fire_ends),
        T(blocked_sink_delays_no_advise_unadvise_or_fire),
        T(unadvise_sync_waits_for_a_running_call_and_releases_itself),
        T(unadvise_sync_inside_a_fire_of_another_point_waits_like_any_other),
        T(unadvise_sync_ends_although_other_threads_fire_without_pause),
        T(unadvise_sync_inside_a_fire_says_s_false_and_does_not_deadlock),
        T(unadvise_sync_inside_a_fire_waits_for_other_threads),
        T(two_callbacks_that_wait_for_each_other_are_detected),
        T(last_release_on_another_thread_waits_for_the_fire_without_blocking),
        T(threads_that_fire_one_point_get_stripes_and_lose_nothing),
        T(point_that_gets_stripes_inside_a_fire_goes_on),
        T(unadvise_sync_finds_its_own_fires_in_the_stripes),
        T(every_threads_stripe_is_one_of_the_points),
        T(unadvise_sync_inside_too_many_fires_gives_up_waiting),
        T(points_beyond_the_pool_of_stripes_work_without),
        T_END,
    };

    return t_run(argc, argv, tests);
}

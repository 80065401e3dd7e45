/* SPDX-License-Identifier: MIT */
/* Firing: what the results of the calls do, and the loop written by hand (CONTRACT F). */
#include <stddef.h>

#include "crowd.h"

static int setup(int n)
{
    return crowd_connect(n, 1);
}

static void failures_do_not_stop_the_others(void)
{
    if (!setup(3))
        return;
    sinks[0].result = E_FAIL;
    CHECK_HR(fire_event(source->events, 1), S_OK);
    CHECK_LOG(1, 2, 3);
    teardown(3);
}

static void first_failure_is_reported_by_policy(void)
{
    if (!setup(3))
        return;
    sinks[1].result = E_ACCESSDENIED;
    sinks[2].result = E_FAIL;
    CHECK_HR(fire_event_policy(source->events, 1, CONNPT_FIRE_FIRST_FAILURE), E_ACCESSDENIED);
    CHECK_LOG(1, 2, 3);
    sinks[1].result = sinks[2].result = S_OK;
    CHECK_HR(fire_event_policy(source->events, 1, CONNPT_FIRE_FIRST_FAILURE), S_OK);
    teardown(3);
}

static void failure_stops_the_fire_by_policy(void)
{
    if (!setup(3))
        return;
    sinks[1].result = E_FAIL;
    CHECK_HR(fire_event_policy(source->events, 1, CONNPT_FIRE_STOP_ON_FAILURE), E_FAIL);
    CHECK_LOG(1, 2);
    teardown(3);
}

static HRESULT call_sink(void *sink, void *context)
{
    (void)context;
    return ((ITestEvents *)sink)->lpVtbl->OnEvent(sink, 1);
}

static int cancelled_by_second(void *context)
{
    (void)context;
    return sinks[1].calls > 0;
}

static void cancel_test_stops_the_fire(void)
{
    uint32_t n_called = 99;

    if (!setup(3))
        return;
    CHECK_HR(connpt_point_fire(source->events, CONNPT_FIRE_IGNORE, call_sink, cancelled_by_second,
                               NULL, &n_called),
             S_OK);
    CHECK_INT(n_called, 2);
    CHECK_LOG(1, 2);
    CHECK_HR(connpt_point_fire(source->events, CONNPT_FIRE_IGNORE, call_sink, NULL, NULL, NULL),
             S_OK);
    CHECK_LOG(1, 2, 1, 2, 3);
    CHECK_HR(connpt_point_fire(NULL, 0, call_sink, NULL, NULL, NULL), E_POINTER);
    CHECK_HR(connpt_point_fire(source->events, 0, NULL, NULL, NULL, NULL), E_POINTER);
    teardown(3);
}

static void loop_left_by_break_is_ended_like_any_other(void)
{
    struct connpt_fire fire;
    ITestEvents *sink;

    if (!setup(3))
        return;
    connpt_fire_begin(&fire, source->events, CONNPT_FIRE_IGNORE);
    while ((sink = connpt_fire_next(&fire)) != NULL) {
        connpt_fire_result(&fire, sink->lpVtbl->OnEvent(sink, 1));
        CHECK_HR(IConnectionPoint_Unadvise(source_events(source), cookies[0]), S_OK);
        CHECK_INT(sinks[0].refs, 2); /* the fire may still be calling it */
        break;
    }
    CHECK_HR(connpt_fire_end(&fire), S_OK);
    CHECK_INT(sinks[0].refs, 1);
    CHECK_LOG(1);
    teardown(3);
}

static void exported_loop_functions_do_the_same(void)
{
    struct connpt_fire fire;
    ITestEvents *sink;

    if (!setup(11))
        return;
    sinks[3].result = E_FAIL;
    connpt_fire_begin(&fire, source->events, CONNPT_FIRE_FIRST_FAILURE);
    while ((sink = (connpt_fire_next)(&fire)) != NULL)
        (connpt_fire_result)(&fire, sink->lpVtbl->OnEvent(sink, 1));
    CHECK_HR(connpt_fire_end(&fire), E_FAIL);
    CHECK_INT(sink_log_length, 11);
    teardown(11);
}

/* For compilers that do not compile the loop in. */
static void exported_failure_function_remembers_and_stops(void)
{
    struct connpt_fire fire;
    int n = 0;

    if (!setup(3))
        return;
    connpt_fire_begin(&fire, source->events, CONNPT_FIRE_STOP_ON_FAILURE);
    while ((connpt_fire_next)(&fire) != NULL) {
        if (++n == 2)
            (connpt_fire_failed)(&fire, E_ACCESSDENIED);
    }
    CHECK_INT(n, 2);
    CHECK_HR((connpt_fire_end)(&fire), E_ACCESSDENIED);

    connpt_fire_begin(&fire, source->events, CONNPT_FIRE_FIRST_FAILURE);
    (connpt_fire_failed)(&fire, E_FAIL); /* before any call: of no sink */
    for (n = 0; (connpt_fire_next)(&fire) != NULL; n++)
        (connpt_fire_failed)(&fire, E_ACCESSDENIED);
    CHECK_INT(n, 3);
    CHECK_HR((connpt_fire_end)(&fire), E_FAIL);
    teardown(3);
}

static const struct connpt_source drop_sources[] = {
    { &IID_ITestEvents, CONNPT_SOURCE_DROP_DEAD, 0 }, { &IID_ITestOther, 0, 0 }, { NULL, 0, 0 }
};

static const struct connpt_class drop_class = { .size = sizeof(struct source),
                                                .sources = drop_sources };

static void dead_sinks_are_dropped_and_counted_when_the_point_asks_for_it(void)
{
    static const HRESULT dead[] = { RPC_E_DISCONNECTED,    CONNPT_E_SERVER_UNAVAILABLE,
                                    CO_E_OBJNOTCONNECTED,  RPC_E_SERVER_DIED,
                                    RPC_E_SERVER_DIED_DNE, CONNPT_E_UNKNOWN_IF };
    static const HRESULT alive[] = { E_FAIL, (HRESULT)0x800706BE /* RPC_S_CALL_FAILED */ };
    enum { N_DEAD = sizeof dead / sizeof *dead, N = N_DEAD + sizeof alive / sizeof *alive };

    sink_log_reset();
    source = source_create_class(&drop_class, NULL);
    if (!CHECK(source != NULL))
        return;
    for (int i = 0; i < N; i++) {
        sink_init(&sinks[i], i + 1);
        (void)advise(source_events(source), &sinks[i]);
        sinks[i].result = i < N_DEAD ? dead[i] : alive[i - N_DEAD];
    }
    (void)fire_event(source->events, 1);
    CHECK_INT(connpt_point_dropped(source->events), N_DEAD);
    for (int i = 0; i < N_DEAD; i++)
        CHECK_INT(sinks[i].refs, 1);
    (void)fire_event(source->events, 2);
    CHECK_LOG(1, 2, 3, 4, 5, 6, 7, 8, 7, 8);
    CHECK_HR(fire_event_policy(source->events, 1, CONNPT_FIRE_STOP_ON_FAILURE), E_FAIL);
    source_release(source);
    for (int i = 0; i < N; i++)
        CHECK_INT(sinks[i].refs, 1);
}

/* Twelve, so that the loop also stands before the first sink of a second chunk. */
static void failure_before_the_first_call_drops_nobody(void)
{
    struct connpt_fire fire;
    int n = 0;

    sink_log_reset();
    source = source_create_class(&drop_class, NULL);
    if (!CHECK(source != NULL))
        return;
    for (int i = 0; i < 12; i++) {
        sink_init(&sinks[i], i + 1);
        n += advise(source_events(source), &sinks[i]) != 0;
    }
    connpt_fire_begin(&fire, source->events, CONNPT_FIRE_FIRST_FAILURE);
    connpt_fire_failed(&fire, RPC_E_DISCONNECTED);
    while (connpt_fire_next(&fire) != NULL)
        n--;
    CHECK_HR(connpt_fire_end(&fire), RPC_E_DISCONNECTED);
    CHECK_INT(n, 0);
    CHECK_INT(connpt_point_dropped(source->events), 0);
    source_release(source);
    for (int i = 0; i < 12; i++)
        CHECK_INT(sinks[i].refs, 1);
}

static void dead_sinks_stay_by_default(void)
{
    if (!setup(2))
        return;
    sinks[0].result = RPC_E_DISCONNECTED;
    (void)fire_event(source->events, 1);
    (void)fire_event(source->events, 1);
    CHECK_LOG(1, 2, 1, 2);
    CHECK_INT(connpt_point_dropped(source->events), 0);
    teardown(2);
}

static void drop_itself_and_die(struct sink *sink, LONG value)
{
    unadvise_in_call(sink, value);
    sink->result = RPC_E_DISCONNECTED;
}

static void dead_sink_that_unadvised_itself_is_not_dropped_twice(void)
{
    sink_log_reset();
    source = source_create_class(&drop_class, NULL);
    if (!CHECK(source != NULL))
        return;
    sink_init(&sinks[0], 1);
    cookies[0] = advise(source_events(source), &sinks[0]);
    sinks[0].context = &cookies[0];
    if (cookies[0] != 0)
        sinks[0].on_event = drop_itself_and_die;
    (void)fire_event(source->events, 1);
    CHECK_INT(connpt_point_dropped(source->events), 0);
    source_release(source);
    CHECK_INT(sinks[0].refs, 1);
}

static void next_after_the_end_stays_null(void)
{
    struct connpt_fire fire;
    int n = 0;

    if (!setup(20))
        return;
    connpt_fire_begin(&fire, source->events, CONNPT_FIRE_IGNORE);
    while (connpt_fire_next(&fire) != NULL)
        n++;
    CHECK_INT(n, 20);
    CHECK_PTR(connpt_fire_next(&fire), NULL);
    CHECK_HR(connpt_fire_end(&fire), S_OK);

    connpt_fire_begin(&fire, source->other, CONNPT_FIRE_FIRST_FAILURE);
    CHECK_PTR(connpt_fire_next(&fire), NULL);
    CHECK_PTR(connpt_fire_next(&fire), NULL);
    connpt_fire_result(&fire, E_FAIL); /* of no sink: reported, nothing else */
    CHECK_HR(connpt_fire_end(&fire), E_FAIL);
    teardown(20);
}

int main(int argc, char **argv)
{
    static const struct t_test tests[] = {
        T(failures_do_not_stop_the_others),
        T(first_failure_is_reported_by_policy),
        T(failure_stops_the_fire_by_policy),
        T(cancel_test_stops_the_fire),
        T(loop_left_by_break_is_ended_like_any_other),
        T(exported_loop_functions_do_the_same),
        T(exported_failure_function_remembers_and_stops),
        T(dead_sinks_are_dropped_and_counted_when_the_point_asks_for_it),
        T(failure_before_the_first_call_drops_nobody),
        T(dead_sinks_stay_by_default),
        T(dead_sink_that_unadvised_itself_is_not_dropped_twice),
        T(next_after_the_end_stays_null),
        T_END,
    };

    return t_run(argc, argv, tests);
}

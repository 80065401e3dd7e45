/* SPDX-License-Identifier: MIT */
/* Firing: who is called, in which order, and what a sink may do inside its call (CONTRACT F). */
#include <stddef.h>

#include "crowd.h"

static int setup(int n)
{
    return crowd_connect(n, 1);
}

static void fire_calls_all_in_order_of_advise(void)
{
    int n = 25; /* three chunks */

    if (!setup(n))
        return;
    CHECK_HR(fire_event(source->events, 7), S_OK);
    CHECK_INT(sink_log_length, n);
    for (int i = 0; i < n; i++) {
        CHECK_INT(sink_log[i], i + 1);
        CHECK_INT(sinks[i].last_value, 7);
        CHECK_INT(sinks[i].calls, 1);
    }
    teardown(n);
}

static void fire_without_connections_says_s_false(void)
{
    if (!setup(0))
        return;
    CHECK(!connpt_point_has_sinks(source->events));
    CHECK_HR(fire_event(source->events, 1), S_FALSE);
    teardown(0);
}

static void order_is_kept_after_removals_and_new_connections(void)
{
    if (!setup(12))
        return;
    for (int i = 0; i < 12; i += 2)
        CHECK_HR(IConnectionPoint_Unadvise(source_events(source), cookies[i]), S_OK);
    for (int i = 0; i < 12; i += 2)
        (void)advise(source_events(source), &sinks[i]);
    (void)fire_event(source->events, 1);
    CHECK_LOG(2, 4, 6, 8, 10, 12, 1, 3, 5, 7, 9, 11);
    teardown(12);
}

static void sink_that_unadvises_itself_is_kept_alive_for_its_call(void)
{
    if (!setup(3))
        return;
    sinks[1].context = &cookies[1];
    sinks[1].on_event = unadvise_in_call;
    (void)IUnknown_Release(sink_unknown(&sinks[1])); /* only the connection's reference is left */
    (void)fire_event(source->events, 1);
    CHECK_LOG(1, 2, 3);
    CHECK_INT(sinks[1].releases_to_zero, 1);
    (void)fire_event(source->events, 1);
    CHECK_LOG(1, 2, 3, 1, 3);
    (void)IUnknown_AddRef(sink_unknown(&sinks[1]));
    teardown(3);
}

static void unadvise_of_later_sink_prevents_its_call(void)
{
    if (!setup(15))
        return;
    sinks[1].context = &cookies[13]; /* in another chunk */
    sinks[1].on_event = unadvise_in_call;
    (void)fire_event(source->events, 1);
    CHECK_LOG(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 15);
    CHECK_INT(sinks[13].calls, 0);
    CHECK_INT(sinks[13].refs, 1);
    teardown(15);
}

static void unadvise_of_earlier_sink_changes_nothing_for_this_fire(void)
{
    if (!setup(3))
        return;
    sinks[2].context = &cookies[0];
    sinks[2].on_event = unadvise_in_call;
    (void)fire_event(source->events, 1);
    (void)fire_event(source->events, 2);
    CHECK_LOG(1, 2, 3, 2, 3);
    teardown(3);
}

static void advise_one_more(struct sink *sink, LONG value)
{
    (void)value;
    CHECK(advise(source_events(source), sink->context) != 0);
    sink->on_event = NULL;
}

static void connection_made_during_fire_is_not_called_by_it(void)
{
    if (!setup(1))
        return;
    sink_init(&sinks[1], 2);
    sinks[0].context = &sinks[1];
    sinks[0].on_event = advise_one_more;
    (void)fire_event(source->events, 1);
    CHECK_LOG(1);
    (void)fire_event(source->events, 2);
    CHECK_LOG(1, 1, 2);
    teardown(2);
}

static void connection_made_in_a_new_chunk_during_fire_is_not_called_by_it(void)
{
    if (!setup(10))
        return;
    sink_init(&sinks[10], 11);
    sinks[9].context = &sinks[10];
    sinks[9].on_event = advise_one_more;
    (void)fire_event(source->events, 1);
    CHECK_INT(sink_log_length, 10);
    CHECK_INT(sinks[10].calls, 0);
    teardown(11);
}

static void connection_made_in_the_last_chunk_during_fire_is_not_called_by_it(void)
{
    if (!setup(12))
        return;
    sink_init(&sinks[12], 13);
    sinks[0].context = &sinks[12];
    sinks[0].on_event = advise_one_more;
    (void)fire_event(source->events, 1);
    CHECK_LOG(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12);
    teardown(13);
}

static void connection_made_between_begin_and_the_first_call_is_not_called(void)
{
    struct connpt_fire fire;
    ITestEvents *sink;

    if (!setup(1))
        return;
    sink_init(&sinks[1], 2);
    connpt_fire_begin(&fire, source->events, CONNPT_FIRE_IGNORE);
    (void)advise(source_events(source), &sinks[1]);
    while ((sink = connpt_fire_next(&fire)) != NULL)
        (void)sink->lpVtbl->OnEvent(sink, 1);
    (void)connpt_fire_end(&fire);
    CHECK_LOG(1);
    teardown(2);
}

static void reconnect(struct sink *sink, LONG value)
{
    DWORD *cookie = sink->context;

    (void)value;
    CHECK_HR(IConnectionPoint_Unadvise(source_events(source), *cookie), S_OK);
    *cookie = advise(source_events(source), sink);
}

static void sinks_that_reconnect_in_each_call_are_called_once_a_fire(void)
{
    if (!setup(10))
        return;
    for (int i = 0; i < 10; i++) {
        sinks[i].context = &cookies[i];
        sinks[i].on_event = reconnect;
    }
    for (int round = 1; round <= 5; round++) {
        (void)fire_event(source->events, round);
        for (int i = 0; i < 10; i++)
            CHECK_INT(sinks[i].calls, round);
    }
    teardown(10);
}

static void fire_again(struct sink *sink, LONG value)
{
    (void)sink;
    if (value > 0)
        (void)fire_event(source->events, value - 1);
}

static void nested_fires_follow_the_same_rules(void)
{
    if (!setup(3))
        return;
    sinks[1].on_event = fire_again;
    (void)fire_event(source->events, 2);
    CHECK_LOG(1, 2, 1, 2, 1, 2, 3, 3, 3);
    teardown(3);
}

static void fire_then_unadvise(struct sink *sink, LONG value)
{
    if (value == 0)
        return;
    (void)fire_event(source->events, 0);
    unadvise_in_call(sink, value);
}

static void connection_removed_in_nested_fire_is_skipped_by_the_outer_one(void)
{
    if (!setup(3))
        return;
    sinks[0].context = &cookies[2];
    sinks[0].on_event = fire_then_unadvise;
    (void)fire_event(source->events, 1);
    CHECK_LOG(1, 1, 2, 3, 2);
    teardown(3);
}

static void fire_other_point(struct sink *sink, LONG value)
{
    (void)sink;
    (void)fire_event(source->other, value);
}

static void fire_of_another_point_inside_a_fire(void)
{
    if (!setup(2))
        return;
    sink_init(&sinks[2], 3);
    (void)advise(source_other(source), &sinks[2]);
    sinks[0].on_event = fire_other_point;
    (void)fire_event(source->events, 1);
    CHECK_LOG(1, 3, 2);
    teardown(3);
}

static void close_object(struct sink *sink, LONG value)
{
    (void)sink;
    (void)value;
    connpt_object_close(&source->object);
}

static void close_inside_a_fire_ends_it_after_this_call(void)
{
    if (!setup(12))
        return;
    sinks[2].on_event = close_object;
    (void)fire_event(source->events, 1);
    CHECK_LOG(1, 2, 3);
    for (int i = 0; i < 12; i++)
        CHECK_INT(sinks[i].refs, 1);
    CHECK_HR(fire_event(source->events, 1), S_FALSE);
    teardown(12);
}

static void release_source(struct sink *sink, LONG value)
{
    (void)value;
    sink->on_event = NULL;
    source_release(source);
    CHECK_INT(source_n_finished, 0);
}

static void last_release_inside_a_call_keeps_the_owner_until_the_fire_ends(void)
{
    if (!setup(3))
        return;
    sinks[0].on_event = release_source;
    (void)fire_event(source->events, 1);
    CHECK_LOG(1, 2, 3);
    CHECK_INT(source_n_finished, 1);
    for (int i = 0; i < 3; i++)
        CHECK_INT(sinks[i].refs, 1);
}

static void release_then_add_and_release(struct sink *sink, LONG value)
{
    (void)value;
    sink->on_event = NULL;
    source_release(source);
    /* A sink that uses the object it was called by: up from the fires' one reference. */
    CHECK_INT(connpt_object_AddRef(&source->object), 2);
    CHECK_INT(connpt_object_Release(&source->object), 1);
    CHECK_INT(source_n_finished, 0);
}

static void references_within_the_call_after_the_last_release_are_harmless(void)
{
    if (!setup(2))
        return;
    sinks[0].on_event = release_then_add_and_release;
    (void)fire_event(source->events, 1);
    CHECK_INT(source_n_finished, 1);
}

static void release_and_keep(struct sink *sink, LONG value)
{
    (void)value;
    sink->on_event = NULL;
    source_release(source);
    (void)connpt_object_AddRef(&source->object);
}

static void reference_taken_within_the_call_after_the_last_release_keeps_the_object(void)
{
    if (!setup(2))
        return;
    sinks[0].on_event = release_and_keep;
    (void)fire_event(source->events, 1);
    CHECK_INT(source_n_finished, 0);
    (void)fire_event(source->events, 2);
    CHECK_LOG(1, 2, 1, 2);
    teardown(2);
}

static void release_source_in_nested(struct sink *sink, LONG value)
{
    sink->on_event = value > 0 ? release_source_in_nested : NULL;
    if (value > 0)
        (void)fire_event(source->other, value - 1);
    else
        release_source(sink, value);
}

static void last_release_inside_nested_fires_of_two_points(void)
{
    if (!setup(2))
        return;
    sink_init(&sinks[2], 3);
    (void)advise(source_other(source), &sinks[2]);
    sinks[0].on_event = release_source_in_nested;
    sinks[2].on_event = release_source_in_nested;
    (void)fire_event(source->events, 1);
    CHECK_LOG(1, 3, 2);
    CHECK_INT(source_n_finished, 1);
}

static void fire_allocates_nothing(void)
{
    long before;

    if (!setup(30))
        return;
    before = t_allocations();
    (void)fire_event(source->events, 1);
    CHECK_INT(t_allocations(), before);
    teardown(30);
}

static void fires_of_one_thread_may_end_in_another_order(void)
{
    struct connpt_fire first, second;

    if (!setup(2))
        return;
    /* As a sink that switches stacks inside its call would make it happen. */
    connpt_fire_begin(&first, source->events, CONNPT_FIRE_IGNORE);
    connpt_fire_begin(&second, source->events, CONNPT_FIRE_IGNORE);
    CHECK(connpt_fire_next(&first) != NULL);
    CHECK_HR(connpt_fire_end(&first), S_OK);
    CHECK_HR(IConnectionPoint_Unadvise(source_events(source), cookies[0]), S_OK);
    CHECK_INT(sinks[0].refs, 2);
    CHECK_HR(connpt_point_unadvise_sync(source_events(source), cookies[1]), S_FALSE);
    CHECK_HR(connpt_fire_end(&second), S_FALSE);
    CHECK_INT(sinks[0].refs, 1);
    CHECK_HR(fire_event(source->events, 1), S_FALSE);
    teardown(2);
}

static void remove_all_that_follow(struct sink *sink, LONG value)
{
    (void)value;
    sink->on_event = NULL;
    for (int i = 1; i < 35; i++)
        CHECK_HR(IConnectionPoint_Unadvise(source_events(source), cookies[i]), S_OK);
    for (int i = 1; i < 35; i++)
        cookies[i] = advise(source_events(source), &sinks[i]);
}

static void chunks_that_leave_the_list_under_a_fire_do_not_mislead_it(void)
{
    if (!setup(35))
        return;
    sinks[0].on_event = remove_all_that_follow;
    (void)fire_event(source->events, 1);
    CHECK_LOG(1);
    for (int i = 1; i < 35; i++) /* more sinks than one harvest holds */
        CHECK_INT(sinks[i].refs, t_oom_hit() ? sinks[i].refs : 2);
    (void)fire_event(source->events, 2);
    CHECK_INT(sink_log_length, 36);
    teardown(35);
}

/* tests/windows/agile_test.c says what it means where there are some. */
static void agile_flag_means_nothing_where_there_are_no_apartments(void)
{
#ifdef _WIN32
    t_skip("there are apartments on Windows, and this thread is in none");
#else
    static const struct connpt_source agile_sources[] = {
        { &IID_ITestEvents, CONNPT_SOURCE_AGILE, 0 },
        { &IID_ITestOther, CONNPT_SOURCE_AGILE | CONNPT_SOURCE_DROP_DEAD, 0 },
        { NULL, 0, 0 },
    };
    static const struct connpt_class agile_class = { .size = sizeof(struct source),
                                                     .sources = agile_sources };
    struct source *agile = source_create_class(&agile_class, NULL);
    struct sink sink;
    DWORD cookie;

    if (agile == NULL)
        return;
    sink_init(&sink, 1);
    cookie = advise(source_events(agile), &sink);
    CHECK_INT(sink.refs, 2);
    CHECK_HR(fire_event(agile->events, 7), S_OK);
    CHECK_INT(sink.calls, 1);
    CHECK_HR(IConnectionPoint_Unadvise(source_events(agile), cookie), S_OK);
    CHECK_INT(sink.refs, 1);
    source_release(agile);
#endif
}

int main(int argc, char **argv)
{
    static const struct t_test tests[] = {
        T(fire_calls_all_in_order_of_advise),
        T(fire_without_connections_says_s_false),
        T(order_is_kept_after_removals_and_new_connections),
        T(sink_that_unadvises_itself_is_kept_alive_for_its_call),
        T(unadvise_of_later_sink_prevents_its_call),
        T(unadvise_of_earlier_sink_changes_nothing_for_this_fire),
        T(connection_made_during_fire_is_not_called_by_it),
        T(connection_made_in_a_new_chunk_during_fire_is_not_called_by_it),
        T(connection_made_in_the_last_chunk_during_fire_is_not_called_by_it),
        T(connection_made_between_begin_and_the_first_call_is_not_called),
        T(sinks_that_reconnect_in_each_call_are_called_once_a_fire),
        T(nested_fires_follow_the_same_rules),
        T(connection_removed_in_nested_fire_is_skipped_by_the_outer_one),
        T(fire_of_another_point_inside_a_fire),
        T(close_inside_a_fire_ends_it_after_this_call),
        T(last_release_inside_a_call_keeps_the_owner_until_the_fire_ends),
        T(references_within_the_call_after_the_last_release_are_harmless),
        T(reference_taken_within_the_call_after_the_last_release_keeps_the_object),
        T(last_release_inside_nested_fires_of_two_points),
        T(fire_allocates_nothing),
        T(fires_of_one_thread_may_end_in_another_order),
        T(chunks_that_leave_the_list_under_a_fire_do_not_mislead_it),
        T(agile_flag_means_nothing_where_there_are_no_apartments),
        T_END,
    };

    return t_run(argc, argv, tests);
}

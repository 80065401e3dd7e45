/* SPDX-License-Identifier: MIT */
/* The owner outlives every method in whose course a sink drops the last reference to it
 * (CONTRACT C-11, L-2). Fires are in fire_test.c. */
#include "sink.h"
#include "t.h"

static struct source *source;
static struct sink sinks[3];

static int setup(void)
{
    source = source_create();
    sink_init(&sinks[0], 1);
    return CHECK(source != NULL);
}

/* In a sink's method: nobody else has a reference, and the method of the point still runs. */
static void drop_the_source(struct sink *sink)
{
    (void)sink;
    source_release(source);
    CHECK_INT(source_n_finished, 0);
}

static void owner_lives_until_advise_returns_when_the_sinks_query_drops_it(void)
{
    DWORD cookie = 1;

    if (!setup())
        return;
    sinks[0].on_query = drop_the_source;
    (void)IConnectionPoint_Advise(source_events(source), sink_unknown(&sinks[0]), &cookie);
    CHECK_INT(source_n_finished, 1);
    CHECK_INT(sinks[0].refs, 1);
}

static void owner_lives_until_unadvise_returns_when_the_sinks_release_drops_it(void)
{
    DWORD cookie;

    if (!setup())
        return;
    cookie = advise(source_events(source), &sinks[0]);
    (void)IUnknown_Release(sink_unknown(&sinks[0])); /* the connection's is the last one */
    sinks[0].on_release = drop_the_source;
    if (cookie != 0)
        CHECK_HR(IConnectionPoint_Unadvise(source_events(source), cookie), S_OK);
    else
        source_release(source);
    CHECK_INT(source_n_finished, 1);
}

static void owner_lives_until_unadvise_sync_returns_when_the_sinks_release_drops_it(void)
{
    DWORD cookie;

    if (!setup())
        return;
    cookie = advise(source_events(source), &sinks[0]);
    (void)IUnknown_Release(sink_unknown(&sinks[0]));
    sinks[0].on_release = drop_the_source;
    if (cookie != 0)
        CHECK_HR(connpt_point_unadvise_sync(source_events(source), cookie), S_OK);
    else
        source_release(source);
    CHECK_INT(source_n_finished, 1);
}

static void owner_lives_until_close_returns_when_a_sinks_release_drops_it(void)
{
    DWORD cookie;

    if (!setup())
        return;
    cookie = advise(source_events(source), &sinks[0]);
    (void)IUnknown_Release(sink_unknown(&sinks[0]));
    sinks[0].on_release = drop_the_source;
    if (cookie != 0)
        connpt_object_close(&source->object);
    else
        source_release(source);
    CHECK_INT(source_n_finished, 1);
}

static void drop_in_call(struct sink *sink, LONG value)
{
    (void)value;
    drop_the_source(sink);
}

static void fire_that_drops(connpt_point *point)
{
    sinks[0].answers |= SINK_DISPATCH;
    if (advise(connpt_point_iface(point), &sinks[0]) == 0) {
        source_release(source);
        return;
    }
    sinks[0].on_event = drop_in_call;
    (void)fire_event(point, 1);
    CHECK_INT(source_n_finished, 1);
    CHECK_INT(sinks[0].refs, 1);
}

static void owner_lives_until_a_fire_of_any_point_ends_when_the_sink_drops_it(void)
{
    static const struct connpt_source third = { &IID_ITestThird, CONNPT_SOURCE_DISPATCH, 0 };
    connpt_point *added = NULL;

    if (setup())
        fire_that_drops(source->events);
    if (source != NULL && setup())
        fire_that_drops(source->other);
    if (source != NULL && setup()) {
        if (FAILED(connpt_object_add_point(&source->object, &third, &added)))
            source_release(source);
        else
            fire_that_drops(added);
    }
}

static DWORD last_cookie;

static void unadvise_last_and_wait(struct sink *sink)
{
    (void)sink;
    CHECK_HR(connpt_point_unadvise_sync(source_other(source), last_cookie), S_OK);
    CHECK_INT(sinks[2].refs, 1);
}

/* The object ends at the end of the fire; its sinks are released when the thread is in none. */
static void sink_that_is_released_at_the_end_of_a_fire_is_outside_of_it(void)
{
    DWORD first;

    if (!setup())
        return;
    sink_init(&sinks[1], 2);
    sink_init(&sinks[2], 3);
    first = advise(source_events(source), &sinks[1]);
    (void)advise(source_other(source), &sinks[0]);
    last_cookie = advise(source_other(source), &sinks[2]);
    sinks[0].on_event = drop_in_call;
    sinks[1].on_release = unadvise_last_and_wait;
    (void)IUnknown_Release(sink_unknown(&sinks[1]));
    if (first == 0 || last_cookie == 0 || t_oom_hit()) {
        sinks[1].on_release = NULL;
        source_release(source);
        return;
    }
    (void)fire_event(source->other, 1);
    CHECK_INT(source_n_finished, 1);
    CHECK_INT(sinks[1].releases_to_zero, 1);
    CHECK_INT(sinks[0].refs, 1);
}

static int n_called_after_the_end;

static void note_the_end(struct sink *sink)
{
    (void)sink;
    n_called_after_the_end += source_n_finished != 0;
}

static void every_sink_is_released_before_the_class_ends_the_instance(void)
{
    n_called_after_the_end = 0;
    if (!setup())
        return;
    for (int i = 0; i < 3; i++) {
        sink_init(&sinks[i], 0);
        sinks[i].on_release = note_the_end;
        (void)advise(i == 2 ? source_other(source) : source_events(source), &sinks[i]);
        (void)IUnknown_Release(sink_unknown(&sinks[i]));
    }
    source_release(source);
    CHECK_INT(source_n_finished, 1);
    CHECK_INT(n_called_after_the_end, 0);
    for (int i = 0; i < 3; i++)
        CHECK_INT(sinks[i].releases_to_zero, 1);
}

int main(int argc, char **argv)
{
    static const struct t_test tests[] = {
        T(owner_lives_until_advise_returns_when_the_sinks_query_drops_it),
        T(owner_lives_until_unadvise_returns_when_the_sinks_release_drops_it),
        T(owner_lives_until_unadvise_sync_returns_when_the_sinks_release_drops_it),
        T(owner_lives_until_close_returns_when_a_sinks_release_drops_it),
        T(owner_lives_until_a_fire_of_any_point_ends_when_the_sink_drops_it),
        T(sink_that_is_released_at_the_end_of_a_fire_is_outside_of_it),
        T(every_sink_is_released_before_the_class_ends_the_instance),
        T_END,
    };

    return t_run(argc, argv, tests);
}

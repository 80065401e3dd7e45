/* SPDX-License-Identifier: MIT */
/*
 * Fires that overlap without end, so that there is no moment at which none is running: removed
 * sinks are released all the same, and a synchronous Unadvise returns (CONTRACT T-3, T-4). The
 * overlapping is done by one thread, whose fires end in another order than they began.
 */
#include <stddef.h>
#include <time.h>

#include "crowd.h"
#include "threads.h"

#include "core/point.h"

static struct connpt_fire fires[2];
static unsigned n_begun;

/* A fire begins, then the one before it ends. */
static void overlap(void)
{
    connpt_fire_begin(&fires[n_begun % 2], source->events, CONNPT_FIRE_IGNORE);
    n_begun++;
    if (n_begun > 1)
        (void)connpt_fire_end(&fires[n_begun % 2]);
}

static void overlap_ends(void)
{
    (void)connpt_fire_end(&fires[(n_begun - 1) % 2]);
    n_begun = 0;
}

static void unadvise(int i)
{
    CHECK_HR(IConnectionPoint_Unadvise(source_events(source), cookies[i]), S_OK);
    CHECK_INT(sinks[i].refs, 2); /* a fire may be calling it */
}

static void removed_sink_goes_when_the_fires_of_its_time_have_ended(void)
{
    if (!crowd_connect(3, 0))
        return;
    overlap();
    unadvise(1);
    overlap();
    CHECK_INT(sinks[1].refs, 1);
    overlap_ends();
    teardown(3);
}

/* Those that are removed while others wait come next; none waits longer than twice. */
static void sinks_that_are_removed_one_after_the_other_go_too(void)
{
    if (!crowd_connect(30, 0))
        return;
    overlap();
    for (int i = 0; i < 28; i++) {
        unadvise(i);
        overlap();
        if (i > 1)
            CHECK_INT(sinks[i - 2].refs, 1);
    }
    overlap();
    overlap();
    for (int i = 0; i < 28; i++)
        CHECK_INT(sinks[i].refs, 1);
    overlap_ends();
    teardown(30);
}

static void the_same_in_a_point_with_stripes(void)
{
    if (!crowd_connect(12, 0))
        return;
    for (int i = 0; i < 1000; i++)
        connpt__readers_note_overlap(source->events);
    CHECK(source->events->stripes != NULL);
    overlap();
    for (int i = 0; i < 10; i++) {
        unadvise(i);
        overlap();
        if (i > 1)
            CHECK_INT(sinks[i - 2].refs, 1);
    }
    overlap_ends();
    teardown(12);
}

/* ---- what a thread knows of its own fires ------------------------------------------------- */

static void point_that_one_thread_fires_gets_no_stripes(void)
{
    struct connpt_fire outer, inner;

    if (!crowd_connect(2, 0))
        return;
    for (int i = 0; i < 1000; i++) {
        connpt_fire_begin(&outer, source->events, CONNPT_FIRE_IGNORE);
        connpt_fire_begin(&inner, source->events, CONNPT_FIRE_IGNORE);
        (void)connpt_fire_end(&inner);
        (void)connpt_fire_end(&outer);
    }
    CHECK_PTR(source->events->stripes, NULL);
    teardown(2);
}

static void fire_that_ends_out_of_turn_leaves_the_others_known(void)
{
    struct connpt_fire first, second, third;
    DWORD cookie;

    if (!crowd_connect(2, 0))
        return;
    sink_init(&sinks[2], 0);
    cookie = advise(source_other(source), &sinks[2]);
    if (cookie != 0) {
        connpt_fire_begin(&first, source->events, CONNPT_FIRE_IGNORE);
        connpt_fire_begin(&second, source->other, CONNPT_FIRE_IGNORE);
        connpt_fire_begin(&third, source->other, CONNPT_FIRE_IGNORE);
        (void)connpt_fire_end(&first);
        /* Not inside a fire of this point any more, but of the other one, twice. */
        CHECK_HR(connpt_point_unadvise_sync(source_events(source), cookies[0]), S_OK);
        CHECK_INT(sinks[0].refs, 1);
        CHECK_HR(connpt_point_unadvise_sync(source_other(source), cookie), S_FALSE);
        CHECK_INT(sinks[2].refs, 2);
        (void)connpt_fire_end(&second);
        CHECK_INT(sinks[2].refs, 2);
        (void)connpt_fire_end(&third);
        CHECK_INT(sinks[2].refs, 1);
        CHECK_HR(connpt_point_unadvise_sync(source_events(source), cookies[1]), S_OK);
    }
    teardown(2);
}

static HRESULT STDMETHODCALLTYPE outer_QueryInterface(IUnknown *iface, REFIID iid, void **out)
{
    (void)iface;
    (void)iid;
    *out = NULL;
    return E_NOINTERFACE;
}

static ULONG STDMETHODCALLTYPE outer_count(IUnknown *iface)
{
    (void)iface;
    return 1;
}

static void unadvise_itself_sync(struct sink *sink, LONG value)
{
    (void)value;
    CHECK_HR(connpt_point_unadvise_sync(source_events(source), cookies[0]), S_FALSE);
    CHECK_INT(sink->refs, 2); /* this call is still running */
}

/* The first one gives the thread a stripe. */
static void fire_both(void *striped)
{
    (void)fire_event(striped, 1);
    (void)fire_event(source->events, 1);
}

/* The fires of an aggregated object are counted in another way. */
static void fire_of_an_aggregated_object_is_known_too(void)
{
    static const IUnknownVtbl vtbl = { outer_QueryInterface, outer_count, outer_count };
    static IUnknown outer = { (void *)&vtbl };
    struct t_thread thread;
    struct source *beside;

    if (!crowd_connect(1, 0))
        return;
    for (int i = 0; i < 300; i++)
        connpt__readers_note_overlap(source->events);
    (void)fire_event(source->events, 1); /* of another object, before */
    beside = source;
    source = source_create_class(&source_class, &outer);
    if (!CHECK(source != NULL)) {
        source_release(beside);
        return;
    }
    sink_init(&sinks[1], 0);
    cookies[0] = advise(source_events(source), &sinks[1]);
    sinks[1].on_event = unadvise_itself_sync;
    (void)fire_event(source->events, 1);
    CHECK_INT(sinks[1].calls, 1);
    CHECK_INT(sinks[1].refs, 1);
    sinks[1].on_event = NULL;
    CHECK(advise(source_events(source), &sinks[1]) != 0);
    for (int i = 0; i < 2; i++) { /* the first stripe of all may be the one's, not both */
        if (CHECK(t_thread_start(&thread, fire_both, beside->events)))
            t_thread_join(&thread);
    }
    (void)IUnknown_Release(connpt_object_unknown(&source->object));
    source_release(beside);
    CHECK_INT(source_n_finished, 2);
    CHECK_INT(sinks[0].refs, 1);
    CHECK_INT(sinks[1].refs, 1);
    CHECK_INT(sinks[1].calls, 3);
}

/* ---- beside a thread that waits ---------------------------------------------------------- */

static int is_back; /* atomic */

static void unadvise_sync(void *context)
{
    CHECK_HR(connpt_point_unadvise_sync(source_events(source), cookies[*(int *)context]), S_OK);
    CHECK_INT(sinks[*(int *)context].refs, 1);
    __atomic_store_n(&is_back, 1, __ATOMIC_RELEASE);
}

static void unadvise_sync_returns_though_fires_never_cease(void)
{
    if (!crowd_connect(6, 0))
        return;
    for (int i = 0; i < 5; i++) {
        time_t deadline = time(NULL) + 60;
        struct t_thread thread;

        overlap();
        is_back = 0;
        CHECK(t_thread_start(&thread, unadvise_sync, &i));
        while (!__atomic_load_n(&is_back, __ATOMIC_ACQUIRE) && time(NULL) < deadline)
            overlap();
        CHECK(__atomic_load_n(&is_back, __ATOMIC_ACQUIRE));
        overlap_ends();
        t_thread_join(&thread);
    }
    teardown(6);
}

int main(int argc, char **argv)
{
    static const struct t_test tests[] = {
        T(removed_sink_goes_when_the_fires_of_its_time_have_ended),
        T(sinks_that_are_removed_one_after_the_other_go_too),
        T(the_same_in_a_point_with_stripes),
        T(point_that_one_thread_fires_gets_no_stripes),
        T(fire_that_ends_out_of_turn_leaves_the_others_known),
        T(fire_of_an_aggregated_object_is_known_too),
        T(unadvise_sync_returns_though_fires_never_cease),
        T_END,
    };

    return t_run(argc, argv, tests);
}

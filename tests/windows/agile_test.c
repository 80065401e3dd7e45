/* SPDX-License-Identifier: MIT */
/*
 * windows/agile_test.c - which thread an agile connection's sink is called on
 *
 * The thread of main is in no apartment, and there is no multithreaded one but while a test has a
 * thread in it: Windows counts a thread without COM into that.
 */
#include <string.h>

#include <connpt/automation.h>

#include "agile_sink.h"
#include "t.h"

/* ---- a fire as a task ------------------------------------------------------------------------ */

struct firing {
    struct agile_source *source;
    uint32_t policy;
    DISPID value;
    DWORD thread; /* that fired */
    HRESULT result;
};

static void fire_task(void *context)
{
    struct firing *firing = context;

    firing->thread = GetCurrentThreadId();
    firing->result = agile_fire(firing->source, firing->value, firing->policy);
}

static struct firing fire_from(DWORD apartment_kind, struct agile_source *source, DISPID value)
{
    struct firing firing = { .source = source,
                             .policy = CONNPT_FIRE_FIRST_FAILURE,
                             .value = value };

    in_apartment(apartment_kind, fire_task, &firing);
    return firing;
}

/* ---- who is called where --------------------------------------------------------------------- */

static void mta_fire_calls_the_sink_on_the_thread_of_its_sta(void)
{
    struct agile_source *source = agile_source_create(CONNPT_SOURCE_AGILE);
    struct agile_home home;
    struct firing firing;

    if (source == NULL)
        return;
    agile_home_open(&home, SINK_BOUND, source);
    CHECK_HR(home.result, S_OK);
    firing = fire_from(COINIT_MULTITHREADED, source, 7);
    CHECK_HR(firing.result, S_OK);
    CHECK_INT(home.sink.n_calls, 1);
    CHECK_INT(home.sink.value, 7);
    CHECK_INT(home.sink.call_thread, home.thread);
    CHECK(firing.thread != home.thread);
    agile_home_close(&home);
    agile_source_release(source);
}

static void sta_fire_calls_a_sink_of_another_sta_there(void)
{
    struct agile_source *source = agile_source_create(CONNPT_SOURCE_AGILE);
    struct agile_home home;

    if (source == NULL)
        return;
    agile_home_open(&home, SINK_BOUND, source);
    CHECK_HR(fire_from(COINIT_APARTMENTTHREADED, source, 7).result, S_OK);
    CHECK_INT(home.sink.n_calls, 1);
    CHECK_INT(home.sink.call_thread, home.thread);
    agile_home_close(&home);
    agile_source_release(source);
}

static void connect_task(void *context)
{
    struct agile_home *home = context;

    home->result = IConnectionPoint_Advise(agile_point(home->source, POINT_CHANGES),
                                           agile_sink_unknown(&home->sink), &home->cookie);
}

static void disconnect_task(void *context)
{
    struct agile_home *home = context;

    if (home->cookie != 0)
        (void)IConnectionPoint_Unadvise(agile_point(home->source, POINT_CHANGES), home->cookie);
}

static void sink_of_the_mta_is_called_there_by_an_sta(void)
{
    struct agile_source *source = agile_source_create(CONNPT_SOURCE_AGILE);
    struct agile_home home;
    struct firing firing;

    if (source == NULL)
        return;
    memset(&home, 0, sizeof home);
    agile_sink_init(&home.sink, SINK_BOUND);
    home.source = source;
    home.apartment = apartment_start(COINIT_MULTITHREADED);
    apartment_call(home.apartment, connect_task, &home);
    CHECK_HR(home.result, S_OK);
    firing = fire_from(COINIT_APARTMENTTHREADED, source, 3);
    CHECK_HR(firing.result, S_OK);
    CHECK_INT(home.sink.n_calls, 1);
    CHECK(home.sink.call_thread != firing.thread);
    apartment_call(home.apartment, disconnect_task, &home);
    apartment_end(home.apartment);
    agile_sink_fini(&home.sink);
    agile_source_release(source);
}

static void without_the_flag_the_firing_thread_calls_directly(void)
{
    struct agile_source *source = agile_source_create(0);
    struct agile_home home;
    struct firing firing;

    if (source == NULL)
        return;
    agile_home_open(&home, SINK_BOUND, source);
    firing = fire_from(COINIT_MULTITHREADED, source, 7);
    CHECK_HR(firing.result, S_OK);
    CHECK_INT(home.sink.n_calls, 1);
    CHECK_INT(home.sink.call_thread, firing.thread);
    CHECK(firing.thread != home.thread);
    agile_home_close(&home);
    agile_source_release(source);
}

static void free_sink_is_called_directly(enum agile_kind kind)
{
    struct agile_source *source = agile_source_create(CONNPT_SOURCE_AGILE);
    struct agile_home home;
    struct firing firing;

    if (source == NULL)
        return;
    agile_home_open(&home, kind, source);
    CHECK_HR(home.result, S_OK);
    firing = fire_from(COINIT_MULTITHREADED, source, 7);
    CHECK_HR(firing.result, S_OK);
    CHECK_INT(home.sink.n_calls, 1);
    CHECK_INT(home.sink.call_thread, firing.thread);
    /* Threads without COM may call it too. */
    CHECK_HR(agile_fire(source, 8, CONNPT_FIRE_FIRST_FAILURE), S_OK);
    CHECK_INT(home.sink.call_thread, GetCurrentThreadId());
    agile_home_close(&home);
    agile_source_release(source);
}

static void sink_that_is_marked_as_agile_is_called_directly(void)
{
    free_sink_is_called_directly(SINK_MARKED);
}

static void sink_with_the_free_threaded_marshaler_is_called_directly(void)
{
    free_sink_is_called_directly(SINK_FREE);
}

/* ---- a fire in the sink's own apartment ------------------------------------------------------ */

static void fire_and_compare(void *context)
{
    struct agile_home *home = context;
    struct connpt_fire fire;

    connpt_fire_begin(&fire, home->source->points[POINT_CHANGES], CONNPT_FIRE_IGNORE);
    CHECK_PTR(connpt_fire_next(&fire), &home->sink.IPropertyNotifySink_iface);
    CHECK(connpt_fire_next(&fire) == NULL);
    CHECK_HR(connpt_fire_end(&fire), S_OK);
}

static void in_the_sinks_own_apartment_the_fire_has_the_sink_itself(void)
{
    struct agile_source *source = agile_source_create(CONNPT_SOURCE_AGILE);
    struct agile_home home;

    if (source == NULL)
        return;
    agile_home_open(&home, SINK_BOUND, source);
    apartment_call(home.apartment, fire_and_compare, &home);
    agile_home_close(&home);
    agile_source_release(source);
}

/* ---- order, and changes inside a call -------------------------------------------------------- */

static void order_is_kept_among_agile_and_direct_sinks(void)
{
    enum { N_HOMES = 4 };
    static const enum agile_kind kinds[N_HOMES] = { SINK_BOUND, SINK_MARKED, SINK_BOUND,
                                                    SINK_FREE };
    struct agile_source *source = agile_source_create(CONNPT_SOURCE_AGILE);
    struct agile_home homes[N_HOMES];

    if (source == NULL)
        return;
    for (int i = 0; i < N_HOMES; i++)
        agile_home_open(&homes[i], kinds[i], source);
    CHECK_HR(fire_from(COINIT_MULTITHREADED, source, 1).result, S_OK);
    for (int i = 0; i < N_HOMES; i++) {
        CHECK_INT(homes[i].sink.n_calls, 1);
        CHECK_INT(homes[i].sink.turn, i + 1);
        if (kinds[i] == SINK_BOUND)
            CHECK_INT(homes[i].sink.call_thread, homes[i].thread);
    }
    for (int i = 0; i < N_HOMES; i++)
        agile_home_close(&homes[i]);
    agile_source_release(source);
}

/* On the sink's thread, in the middle of the fire of another one. */
static void unadvise_what_context_says(struct agile_sink *sink)
{
    struct agile_home *victim = sink->context;

    CHECK_HR(IConnectionPoint_Unadvise(agile_point(victim->source, POINT_CHANGES), victim->cookie),
             S_OK);
    victim->cookie = 0;
}

static void sink_that_unadvises_itself_is_kept_for_its_call(void)
{
    struct agile_source *source = agile_source_create(CONNPT_SOURCE_AGILE);
    struct agile_home home;

    if (source == NULL)
        return;
    agile_home_open(&home, SINK_BOUND, source);
    home.sink.on_call = unadvise_what_context_says;
    home.sink.context = &home;
    CHECK_HR(fire_from(COINIT_MULTITHREADED, source, 1).result, S_OK);
    CHECK_INT(home.sink.n_calls, 1);
    CHECK_INT(home.sink.refs, 1);
    CHECK_INT(connpt_point_connections(source->points[POINT_CHANGES]), 0);
    agile_home_close(&home);
    agile_source_release(source);
}

static void sink_that_unadvises_the_next_one_prevents_its_call(void)
{
    struct agile_source *source = agile_source_create(CONNPT_SOURCE_AGILE);
    struct agile_home first, second, third;

    if (source == NULL)
        return;
    agile_home_open(&first, SINK_BOUND, source);
    agile_home_open(&second, SINK_BOUND, source);
    agile_home_open(&third, SINK_BOUND, source);
    first.sink.on_call = unadvise_what_context_says;
    first.sink.context = &second;
    CHECK_HR(fire_from(COINIT_MULTITHREADED, source, 1).result, S_OK);
    CHECK_INT(first.sink.n_calls, 1);
    CHECK_INT(second.sink.n_calls, 0);
    CHECK_INT(second.sink.refs, 1);
    CHECK_INT(third.sink.n_calls, 1);
    agile_home_close(&first);
    agile_home_close(&second);
    agile_home_close(&third);
    agile_source_release(source);
}

static void close_what_context_says(struct agile_sink *sink)
{
    struct agile_source *source = sink->context;

    connpt_object_close(&source->object);
}

static void close_inside_a_call_ends_the_fire_and_releases_all(void)
{
    struct agile_source *source = agile_source_create(CONNPT_SOURCE_AGILE);
    struct agile_home first, second;

    if (source == NULL)
        return;
    agile_home_open(&first, SINK_BOUND, source);
    agile_home_open(&second, SINK_BOUND, source);
    first.sink.on_call = close_what_context_says;
    first.sink.context = source;
    CHECK_HR(fire_from(COINIT_MULTITHREADED, source, 1).result, S_OK);
    CHECK_INT(first.sink.n_calls, 1);
    CHECK_INT(second.sink.n_calls, 0);
    CHECK_INT(first.sink.refs, 1);
    CHECK_INT(second.sink.refs, 1);
    first.cookie = second.cookie = 0;
    agile_home_close(&first);
    agile_home_close(&second);
    agile_source_release(source);
}

/* ---- calls that come back in while an STA's fire waits -----------------------------------------
 */

static void fire_what_context_says(struct agile_sink *sink)
{
    CHECK_HR(agile_fire(sink->context, 20, CONNPT_FIRE_FIRST_FAILURE), S_OK);
}

/* @local lives in the firing STA, and is called back there while that waits for @other. */
static void event_comes_back_into_the_sta_that_waits_in_a_fire(void)
{
    struct agile_source *there = agile_source_create(CONNPT_SOURCE_AGILE);
    struct agile_source *back = agile_source_create(CONNPT_SOURCE_AGILE);
    struct agile_home other, local;
    struct firing firing = { .source = there, .policy = CONNPT_FIRE_FIRST_FAILURE, .value = 10 };

    if (there == NULL || back == NULL) {
        if (there != NULL)
            agile_source_release(there);
        if (back != NULL)
            agile_source_release(back);
        return;
    }
    agile_home_open(&other, SINK_BOUND, there);
    agile_home_open(&local, SINK_BOUND, back);
    other.sink.on_call = fire_what_context_says;
    other.sink.context = back;
    local.sink.on_call = unadvise_what_context_says; /* of the sink that is in its call */
    local.sink.context = &other;
    if (other.cookie != 0 && local.cookie != 0) {
        apartment_call(local.apartment, fire_task, &firing);
        CHECK_HR(firing.result, S_OK);
        CHECK_INT(other.sink.call_thread, other.thread);
        CHECK_INT(local.sink.call_thread, local.thread);
        CHECK_INT(local.sink.value, 20);
        CHECK_INT(other.sink.refs, 1);
    }
    agile_home_close(&other);
    agile_home_close(&local);
    agile_source_release(there);
    agile_source_release(back);
}

/* ---- waiting for a fire that calls into the waiter's own apartment -----------------------------
 */

struct sync_unadvise {
    struct agile_home home;
    HANDLE firing; /* set once the fire of the other thread is in a call */
    HRESULT result;
};

static void say_that_it_is_called(struct agile_sink *sink)
{
    (void)SetEvent(sink->context);
}

static void unadvise_sync_task(void *context)
{
    struct sync_unadvise *sync = context;

    /* Without a message loop: the call for the sink at home is not let in before the wait. */
    CHECK_INT(WaitForSingleObject(sync->firing, PATIENCE_MS), WAIT_OBJECT_0);
    sync->result = connpt_point_unadvise_sync(agile_point(sync->home.source, POINT_CHANGES),
                                              sync->home.cookie);
    sync->home.cookie = 0;
}

/* The fire has called the first sink, on its own thread, and goes on to the second one. */
static void unadvise_sync_of_an_sta_lets_the_fires_call_in(void)
{
    struct agile_source *source = agile_source_create(CONNPT_SOURCE_AGILE);
    struct firing firing = { .source = source, .policy = CONNPT_FIRE_FIRST_FAILURE };
    struct agile_home first, last;
    struct apartment *mta;
    struct sync_unadvise sync = { .firing = NULL };

    if (source == NULL)
        return;
    sync.firing = CreateEventW(NULL, TRUE, FALSE, NULL);
    agile_home_open(&first, SINK_MARKED, source);
    agile_home_open(&sync.home, SINK_BOUND, source);
    agile_home_open(&last, SINK_BOUND, source);
    first.sink.on_call = say_that_it_is_called;
    first.sink.context = sync.firing;
    mta = apartment_start(COINIT_MULTITHREADED);
    if (first.cookie != 0 && sync.home.cookie != 0) {
        apartment_post(sync.home.apartment, unadvise_sync_task, &sync);
        apartment_call(mta, fire_task, &firing);
        apartment_join(sync.home.apartment);
        CHECK_HR(firing.result, S_OK);
        CHECK_HR(sync.result, S_OK);
        CHECK_INT(sync.home.sink.refs, 1);
        CHECK_INT(last.sink.n_calls, 1);
    }
    apartment_end(mta);
    agile_home_close(&first);
    agile_home_close(&sync.home);
    agile_home_close(&last);
    agile_source_release(source);
    CloseHandle(sync.firing);
}

/* ---- the other ways to fire --------------------------------------------------------------------
 */

static HRESULT change_to_9(void *sink, void *context)
{
    (void)context;
    return IPropertyNotifySink_OnChanged((IPropertyNotifySink *)sink, 9);
}

static void point_fire_task(void *context)
{
    struct firing *firing = context;
    uint32_t n_called = 0;

    firing->result = connpt_point_fire(firing->source->points[POINT_CHANGES], firing->policy,
                                       change_to_9, NULL, NULL, &n_called);
    CHECK_INT(n_called, 2);
}

static void break_task(void *context)
{
    struct firing *firing = context;
    struct connpt_fire fire;
    IPropertyNotifySink *sink;

    connpt_fire_begin(&fire, firing->source->points[POINT_CHANGES], firing->policy);
    sink = connpt_fire_next(&fire);
    if (CHECK(sink != NULL))
        CHECK_HR(IPropertyNotifySink_OnChanged(sink, 11), S_OK);
    firing->result = connpt_fire_end(&fire);
}

static void functions_task(void *context)
{
    struct firing *firing = context;
    struct connpt_fire fire;
    IPropertyNotifySink *sink;

    (connpt_fire_begin)(&fire, firing->source->points[POINT_CHANGES], firing->policy);
    while ((sink = (connpt_fire_next)(&fire)) != NULL)
        (connpt_fire_result)(&fire, IPropertyNotifySink_OnChanged(sink, 12));
    firing->result = (connpt_fire_end)(&fire);
}

static void callbacks_functions_and_breaks_leave_no_reference(void)
{
    struct agile_source *source = agile_source_create(CONNPT_SOURCE_AGILE);
    struct firing firing = { .source = source, .policy = CONNPT_FIRE_FIRST_FAILURE };
    struct agile_home first, second;
    LONG refs;

    if (source == NULL)
        return;
    agile_home_open(&first, SINK_BOUND, source);
    agile_home_open(&second, SINK_BOUND, source);
    refs = second.sink.refs;
    if (first.cookie != 0 && second.cookie != 0) {
        in_apartment(COINIT_MULTITHREADED, point_fire_task, &firing);
        CHECK_HR(firing.result, S_OK);
        CHECK_INT(second.sink.value, 9);
        in_apartment(COINIT_MULTITHREADED, break_task, &firing);
        CHECK_HR(firing.result, S_OK);
        CHECK_INT(first.sink.value, 11);
        CHECK_INT(second.sink.value, 9);
        in_apartment(COINIT_MULTITHREADED, functions_task, &firing);
        CHECK_HR(firing.result, S_OK);
        CHECK_INT(second.sink.value, 12);
        apartment_call(second.apartment, break_task, &firing);
        CHECK_INT(second.sink.refs, refs);
        CHECK_INT(second.sink.call_thread, second.thread);
    }
    agile_home_close(&first);
    agile_home_close(&second);
    agile_source_release(source);
}

/* ---- dispinterfaces ----------------------------------------------------------------------------
 */

struct dispatch_firing {
    struct agile_home home;
    DWORD cookie;
    uint32_t n_called;
    HRESULT result;
};

static void advise_events(void *context)
{
    struct dispatch_firing *firing = context;

    firing->result =
        IConnectionPoint_Advise(agile_point(firing->home.source, POINT_EVENTS),
                                agile_sink_unknown(&firing->home.sink), &firing->cookie);
}

static void unadvise_events(void *context)
{
    struct dispatch_firing *firing = context;

    (void)IConnectionPoint_Unadvise(agile_point(firing->home.source, POINT_EVENTS), firing->cookie);
}

static void fire_events(void *context)
{
    struct dispatch_firing *firing = context;
    struct connpt_event event = { .dispid = 5, .policy = CONNPT_FIRE_FIRST_FAILURE };

    firing->result = connpt_point_fire_event(firing->home.source->points[POINT_EVENTS], &event,
                                             &firing->n_called);
}

/* Its own IID has no proxy anywhere, so that it is reached as IDispatch. */
static void dispinterface_is_fired(BOOL answers_its_iid)
{
    struct agile_source *source = agile_source_create(CONNPT_SOURCE_AGILE);
    struct dispatch_firing firing = { .cookie = 0 };

    if (source == NULL)
        return;
    agile_home_open(&firing.home, SINK_BOUND, NULL);
    firing.home.source = source;
    firing.home.sink.answers_stranger = answers_its_iid;
    apartment_call(firing.home.apartment, advise_events, &firing);
    CHECK_HR(firing.result, S_OK);
    if (firing.cookie != 0) {
        in_apartment(COINIT_MULTITHREADED, fire_events, &firing);
        CHECK_HR(firing.result, S_OK);
        CHECK_INT(firing.n_called, 1);
        CHECK_INT(firing.home.sink.value, 5);
        CHECK_INT(firing.home.sink.call_thread, firing.home.thread);
        apartment_call(firing.home.apartment, unadvise_events, &firing);
    }
    agile_home_close(&firing.home);
    agile_source_release(source);
}

static void event_reaches_a_sink_that_answers_idispatch_only(void)
{
    dispinterface_is_fired(FALSE);
}

static void event_reaches_a_sink_whose_dispinterface_has_no_proxy(void)
{
    dispinterface_is_fired(TRUE);
}

int main(int argc, char **argv)
{
    static const struct t_test tests[] = {
        T(mta_fire_calls_the_sink_on_the_thread_of_its_sta),
        T(sta_fire_calls_a_sink_of_another_sta_there),
        T(sink_of_the_mta_is_called_there_by_an_sta),
        T(without_the_flag_the_firing_thread_calls_directly),
        T(sink_that_is_marked_as_agile_is_called_directly),
        T(sink_with_the_free_threaded_marshaler_is_called_directly),
        T(in_the_sinks_own_apartment_the_fire_has_the_sink_itself),
        T(order_is_kept_among_agile_and_direct_sinks),
        T(sink_that_unadvises_itself_is_kept_for_its_call),
        T(sink_that_unadvises_the_next_one_prevents_its_call),
        T(close_inside_a_call_ends_the_fire_and_releases_all),
        T(event_comes_back_into_the_sta_that_waits_in_a_fire),
        T(unadvise_sync_of_an_sta_lets_the_fires_call_in),
        T(callbacks_functions_and_breaks_leave_no_reference),
        T(event_reaches_a_sink_that_answers_idispatch_only),
        T(event_reaches_a_sink_whose_dispinterface_has_no_proxy),
        T_END,
    };

    deadline_start();
    return t_run(argc, argv, tests);
}

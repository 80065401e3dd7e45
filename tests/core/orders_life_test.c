/* SPDX-License-Identifier: MIT */
/* As orders_test.c: threads that fire a point, and others that close the object, drop its last
 * reference, enumerate, or are told whether anybody listens. */
#include "orders_crowd.h"

static void make_2(void)
{
    make(2);
}

static void disconnect_0(void)
{
    CHECK_HR(disconnect(0), S_OK);
}

static void disconnect_1(void)
{
    CHECK_HR(disconnect(1), S_OK);
}

static void disconnect_0_and_connect(void)
{
    disconnect_0();
    connect(20);
}

/* ---- closing, and many at once ------------------------------------------------------------------
 */

static void close_source(void)
{
    leaving = ~UINT32_C(0);
    connpt_object_close(&source->object);
    gone |= connected;
}

static void connect_or_not(void)
{
    HRESULT hr = connect_to(source_events(source), 20);

    CHECK(hr == S_OK || hr == CONNECT_E_CANNOTCONNECT);
}

static void end_closed(void)
{
    gone = connected;
    end();
}

static void close_beside_a_fire_and_an_advise(void)
{
    static const struct orders orders = { make_2,
                                          { fire, close_source, connect_or_not },
                                          end_closed };

    CHECK(orders_run(&orders, 2) > 100);
}

static void make_many(void)
{
    make(20);
}

static void close_of_more_than_one_harvest(void)
{
    static const struct orders orders = { make_many, { fire, close_source }, end_closed };

    CHECK(orders_run(&orders, 2) > 100);
}

/* ---- the last reference
 * --------------------------------------------------------------------------- */

static void release(void)
{
    source_release(source);
}

static void add_and_release(unsigned i)
{
    (void)i;
    connpt_object_AddRef(&source->object);
    orders_step();
    source_release(source);
}

static void make_with_references(void)
{
    make(1);
    in_call[0] = add_and_release;
    connpt_object_AddRef(&source->object);
}

static void fire_and_release(void)
{
    fire();
    source_release(source);
}

static void end_released(void)
{
    check_ended();
}

static void two_holders_fire_and_release(void)
{
    static const struct orders orders = { make_with_references,
                                          { fire_and_release, fire_and_release },
                                          end_released };

    CHECK(orders_run(&orders, 3) > 100);
}

static void release_in_call(unsigned i)
{
    (void)i;
    source_release(source);
}

static void release_and_add_and_release(unsigned i)
{
    release_in_call(i);
    add_and_release(i);
}

static void make_with_release_in_call(void)
{
    make_with_references();
    in_call[0] = release_and_add_and_release;
}

/* The fire outlives all references but what it is given; its sink drops that of its thread. */
static void fire_outlives_the_references(void)
{
    static const struct orders orders = { make_with_release_in_call,
                                          { fire, release },
                                          end_released };

    CHECK(orders_run(&orders, 3) > 100);
}

static void release_and_add(unsigned i)
{
    release_in_call(i);
    connpt_object_AddRef(&source->object);
}

static void make_with_reference_from_call(void)
{
    make_with_references();
    in_call[0] = release_and_add;
}

static void fire_and_release_what_its_sink_took(void)
{
    fire();
    CHECK_INT(source_n_finished, 0);
    source_release(source);
}

static void reference_that_a_sink_takes_counts_when_the_fire_ends(void)
{
    static const struct orders orders = { make_with_reference_from_call,
                                          { fire_and_release_what_its_sink_took, release },
                                          end_released };

    CHECK(orders_run(&orders, 3) > 100);
}

/* A reference that is taken in a fire of one point is dropped in a call of the other one. */
static void fire_other_and_then_this(void)
{
    struct connpt_fire outer;

    connpt_fire_begin(&outer, source->other, CONNPT_FIRE_IGNORE);
    CHECK(connpt_fire_next(&outer) != NULL);
    release_and_add(0);
    (void)connpt_fire_end(&outer);
    CHECK_INT(source_n_finished, 0);
    fire_point(source->events, BIT(0), NULL);
}

static void make_two_points(void)
{
    make_with_references();
    in_call[0] = release_in_call;
    CHECK_HR(connect_to(source_other(source), 1), S_OK);
}

static void reference_goes_from_point_to_point(void)
{
    static const struct orders orders = { make_two_points,
                                          { fire_other_and_then_this, release },
                                          end_released };

    CHECK(orders_run(&orders, 3) > 100);
}

/* ---- stripes
 * --------------------------------------------------------------------------------------- */

static void make_almost_striped(void)
{
    make(2);
    source->events->body->reclaim.overlaps = READERS_OVERLAPS;
}

static void fires_get_stripes_beside_an_unadvise(void)
{
    static const struct orders orders = { make_almost_striped,
                                          { fire, fire_twice, disconnect_0 },
                                          end };

    CHECK(orders_run(&orders, 2) > 100);
}

/* ---- what else threads do to a point
 * ----------------------------------------------------------------- */

static void enumerate(void)
{
    IEnumConnections *all;
    CONNECTDATA data;
    uint32_t found = 0, before = connected & ~leaving;

    if (!CHECK_HR(IConnectionPoint_EnumConnections(source_events(source), &all), S_OK))
        return;
    while (IEnumConnections_Next(all, 1, &data, NULL) == S_OK) {
        for (unsigned i = 0; i < SINKS; i++) {
            if ((called_first & BIT(i)) && data.dwCookie == cookies[i])
                found |= BIT(i);
        }
        (void)IUnknown_Release(data.pUnk);
    }
    (void)IEnumConnections_Release(all);
    CHECK((before & ~leaving & ~found) == 0);
}

static void enumeration_beside_a_fire_and_an_unadvise(void)
{
    static const struct orders orders = { make_2,
                                          { fire, enumerate, disconnect_0_and_connect },
                                          end };

    CHECK(orders_run(&orders, 2) > 100);
}

/* Its array has to grow, for which there is no memory. */
static void enumerate_short_of_memory(void)
{
    IEnumConnections *all;
    HRESULT hr;

    t_fail_allocation(2);
    hr = IConnectionPoint_EnumConnections(source_events(source), &all);
    t_memory_begin(0);
    CHECK(hr == S_OK || hr == E_OUTOFMEMORY);
    CHECK((hr == S_OK) == (all != NULL));
    if (all != NULL)
        (void)IEnumConnections_Release(all);
}

static void connect_20_to_22(void)
{
    connect(20);
    connect(21);
    connect(22);
}

static void enumeration_that_cannot_grow_keeps_nothing(void)
{
    static const struct orders orders = { make_2,
                                          { enumerate_short_of_memory, connect_20_to_22 },
                                          end };

    CHECK(orders_run(&orders, 2) > 100);
}

static int is_telling, told; /* in a call of `listening`; what the last one said */

static void listening(struct connpt_object *object, connpt_point *point, int any)
{
    (void)object;
    (void)point;
    CHECK(!is_telling);
    CHECK(any != told);
    is_telling = 1;
    orders_step();
    told = any;
    is_telling = 0;
}

static void make_listening(void)
{
    static struct connpt_class cls;

    forget();
    cls = source_class;
    cls.listening = listening;
    is_telling = told = 0;
    source = source_create_class(&cls, NULL);
    CHECK(source != NULL);
}

static void connect_0_and_disconnect(void)
{
    connect(0);
    disconnect_0();
}

static void connect_1_and_disconnect(void)
{
    connect(1);
    disconnect_1();
}

static void connect_1(void)
{
    connect(1);
}

static void end_listening(void)
{
    CHECK_INT(told, (connected & ~gone) != 0);
    end();
}

static void owner_hears_what_is_true_last(void)
{
    static const struct orders two = { make_listening,
                                       { connect_0_and_disconnect, connect_1_and_disconnect },
                                       end_listening };
    static const struct orders stays = { make_listening,
                                         { connect_0_and_disconnect, connect_1 },
                                         end_listening };

    CHECK(orders_run(&two, 2) > 100);
    CHECK(orders_run(&stays, 2) > 100);
}

/* `listening` waits for a thread that waits for a fire, which may end while the lock is taken. */
static uint32_t is_back; /* that thread */

static void listening_that_waits(struct connpt_object *object, connpt_point *point, int any)
{
    (void)object;
    (void)point;
    (void)any;
    if (orders_thread() == 2)
        orders_wait(&is_back, 0);
}

static void make_listening_that_waits(void)
{
    static struct connpt_class cls;

    forget();
    cls = source_class;
    cls.listening = listening_that_waits;
    is_back = 0;
    source = source_create_class(&cls, NULL);
    if (!CHECK(source != NULL))
        return;
    connect(0);
    begin_running_fire();
}

static void sync_and_come_back(void)
{
    disconnect_sync(0, 0);
    is_back = 1;
}

static void connect_2(void)
{
    connect(2);
}

static void connect_2_and_disconnect(void)
{
    connect(2);
    CHECK_HR(disconnect(2), S_OK);
}

static void owner_may_wait_in_listening_for_a_thread_that_a_note_wakes(void)
{
    static const struct orders stays = { make_listening_that_waits,
                                         { end_running_fire, sync_and_come_back, connect_2 },
                                         end };
    static const struct orders leaves = { make_listening_that_waits,
                                          { end_running_fire, sync_and_come_back,
                                            connect_2_and_disconnect },
                                          end };

    CHECK(orders_run(&stays, 2) > 100);
    CHECK(orders_run(&leaves, 2) > 100);
}

int main(int argc, char **argv)
{
    static const struct t_test tests[] = {
        T(close_beside_a_fire_and_an_advise),
        T(close_of_more_than_one_harvest),
        T(two_holders_fire_and_release),
        T(fire_outlives_the_references),
        T(reference_that_a_sink_takes_counts_when_the_fire_ends),
        T(reference_goes_from_point_to_point),
        T(fires_get_stripes_beside_an_unadvise),
        T(enumeration_beside_a_fire_and_an_unadvise),
        T(enumeration_that_cannot_grow_keeps_nothing),
        T(owner_hears_what_is_true_last),
        T(owner_may_wait_in_listening_for_a_thread_that_a_note_wakes),
        T_END,
    };

    return t_run(argc, argv, tests);
}

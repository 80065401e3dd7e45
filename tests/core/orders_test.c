/* SPDX-License-Identifier: MIT */
/* The core's own code in every order of its steps, up to some number of interruptions: two or three
 * threads that fire a point, connect and disconnect. */
#include "orders_crowd.h"

static void make_2(void)
{
    make(2);
}

static void make_3(void)
{
    make(3);
}

/* A chunk has ten slots: only the last one of the first chunk stays connected, and @n behind it. */
static void make_last_of_chunk(unsigned n)
{
    make(10 + n);
    for (unsigned i = 0; i < 9; i++)
        CHECK_HR(disconnect(i), S_OK);
}

static void make_full_chunk(void)
{
    make_last_of_chunk(0);
}

static void make_full_chunk_and_1(void)
{
    make_last_of_chunk(1);
}

/* ---- fires and Unadvise -----------------------------------------------------------------------
 */

static void disconnect_0(void)
{
    CHECK_HR(disconnect(0), S_OK);
}

static void disconnect_1(void)
{
    CHECK_HR(disconnect(1), S_OK);
}

static void disconnect_0_and_1(void)
{
    disconnect_0();
    disconnect_1();
}

static void fire_beside_two_unadvises(void)
{
    static const struct orders orders = { make_3, { fire, disconnect_0_and_1 }, end };

    CHECK(orders_run(&orders, 3) > 100);
}

static void fires_beside_an_unadvise(void)
{
    static const struct orders orders = { make_2, { fire, fire, disconnect_0 }, end };

    CHECK(orders_run(&orders, 2) > 100);
}

static void fire_beside_unadvises_of_two_threads(void)
{
    static const struct orders orders = { make_2, { fire, disconnect_0, disconnect_1 }, end };

    CHECK(orders_run(&orders, 2) > 100);
}

static void disconnect_9(void)
{
    CHECK_HR(disconnect(9), S_OK);
}

static void disconnect_9_and_connect(void)
{
    disconnect_9();
    connect(20);
}

static void fire_beside_the_end_of_a_chunk(void)
{
    static const struct orders orders = { make_full_chunk_and_1,
                                          { fire, disconnect_9_and_connect },
                                          end };

    CHECK(orders_run(&orders, 2) > 100);
}

static void make_full_chunks(void)
{
    make_last_of_chunk(12);
    for (unsigned i = 10; i < 19; i++)
        CHECK_HR(disconnect(i), S_OK);
}

static void disconnect_9_and_19(void)
{
    disconnect_9();
    CHECK_HR(disconnect(19), S_OK);
}

static void fire_beside_the_end_of_two_chunks(void)
{
    static const struct orders orders = { make_full_chunks, { fire, disconnect_9_and_19 }, end };

    CHECK(orders_run(&orders, 2) > 100);
}

/* ---- Advise ------------------------------------------------------------------------------------
 */

static void connect_20(void)
{
    connect(20);
}

/* What is connected once the fire has begun must not be called, whichever chunk it comes to. */
static void fire_and_connect(void)
{
    fire_point(source->events, BIT(LATER) - 1, connect_20);
}

static void connect_and_disconnect_9(void)
{
    connect(21);
    disconnect_9();
}

static void fire_that_begins_as_its_chunks_change(void)
{
    static const struct orders orders = { make_full_chunk,
                                          { fire_and_connect, connect_and_disconnect_9 },
                                          end };

    CHECK(orders_run(&orders, 2) > 100);
}

static void disconnect_0_and_connect(void)
{
    disconnect_0();
    connect(20);
}

static void fire_beside_unadvise_and_advise(void)
{
    static const struct orders orders = { make_2, { fire, disconnect_0_and_connect }, end };

    CHECK(orders_run(&orders, 3) > 100);
}

static void connect_20_and_21(void)
{
    connect(20);
    connect(21);
}

static void fire_beside_advises_and_an_unadvise(void)
{
    static const struct orders orders = { make_full_chunk,
                                          { fire, connect_20_and_21, disconnect_9 },
                                          end };

    CHECK(orders_run(&orders, 2) > 100);
}

/* ---- the synchronous Unadvise
 * -------------------------------------------------------------------- */

static void sync_0(void)
{
    disconnect_sync(0, 0);
}

static void sync_1(void)
{
    disconnect_sync(1, 0);
}

static void fire_beside_a_synchronous_unadvise(void)
{
    static const struct orders orders = { make_2, { fire_twice, sync_0 }, end };

    CHECK(orders_run(&orders, 3) > 100);
}

static void fires_beside_a_synchronous_unadvise(void)
{
    static const struct orders orders = { make_2, { fire, fire, sync_0 }, end };

    CHECK(orders_run(&orders, 2) > 100);
}

static void fire_beside_two_synchronous_unadvises(void)
{
    static const struct orders orders = { make_3, { fire, sync_0, sync_1 }, end };

    CHECK(orders_run(&orders, 2) > 100);
}

/* A chunk that is to be used again, while one slot waits for the fire and one for a thread. */
static void sync_9_and_connect(void)
{
    disconnect_sync(9, 0);
    connect(20);
}

static void sync_10(void)
{
    disconnect_sync(10, 0);
}

static void make_two_in_full_chunk(void)
{
    make(10);
    for (unsigned i = 0; i < 8; i++)
        CHECK_HR(disconnect(i), S_OK);
}

static void disconnect_8_and_connect(void)
{
    CHECK_HR(disconnect(8), S_OK);
    connect(21);
}

/* The other way round: the fire runs already, and a slot waits for it. */
static void make_with_a_running_fire(void)
{
    make_two_in_full_chunk();
    begin_running_fire();
    CHECK_HR(disconnect(8), S_OK);
}

static void chunk_is_used_again_once_all_its_sinks_have_gone(void)
{
    static const struct orders awaited = { make_two_in_full_chunk,
                                           { fire, disconnect_8_and_connect, sync_9_and_connect },
                                           end };
    static const struct orders pending = { make_with_a_running_fire,
                                           { end_running_fire, connect_20, disconnect_9 },
                                           end };

    CHECK(orders_run(&awaited, 2) > 100);
    CHECK(orders_run(&pending, 2) > 100);
}

static void fire_beside_synchronous_unadvises_of_chunks(void)
{
    static const struct orders orders = { make_full_chunk_and_1,
                                          { fire, sync_9_and_connect, sync_10 },
                                          end };

    CHECK(orders_run(&orders, 2) > 100);
}

static void sync_here(unsigned i)
{
    disconnect_sync(i, 1);
}

/* ---- holders of the lock that change nothing
 * ----------------------------------------------------- */

static void sync_of_nobody(void)
{
    CHECK_HR(connpt_point_unadvise_sync(source_events(source), 0), CONNECT_E_NOCONNECTION);
}

static void make_waiting_for_a_fire(void)
{
    make(3);
    begin_running_fire();
    disconnect_0();
}

static void synchronous_unadvise_of_nobody_reads_the_notes(void)
{
    static const struct orders orders = { make_waiting_for_a_fire,
                                          { end_running_fire, sync_of_nobody },
                                          end };

    CHECK(orders_run(&orders, 2) > 50);
}

static void leave_and_say_so(unsigned i)
{
    CHECK_HR(disconnect(i), S_OK);
    sinks[i].result = RPC_E_DISCONNECTED;
}

/* Its fire counts itself where nobody waits, and finds the sink that has gone disconnected. */
static void make_with_sink_that_leaves(void)
{
    make(3);
    source->events->flags |= CONNPT_SOURCE_DROP_DEAD;
    begin_running_fire();
    disconnect_0();
    in_call[1] = leave_and_say_so;
}

static void fire_whose_sink_has_gone_reads_the_notes(void)
{
    static const struct orders orders = { make_with_sink_that_leaves,
                                          { end_running_fire, fire },
                                          end };

    CHECK(orders_run(&orders, 2) > 50);
}

/* ---- inside fires
 * ---------------------------------------------------------------------------------- */

static void make_with_sync_in_call(void)
{
    make(3);
    in_call[0] = in_call[1] = sync_here;
}

/* Each of two sinks disconnects itself in its call; whichever thread calls it. */
static void synchronous_unadvises_inside_fires(void)
{
    static const struct orders orders = { make_with_sync_in_call, { fire, fire }, end };

    CHECK(orders_run(&orders, 2) > 100);
}

int main(int argc, char **argv)
{
    static const struct t_test tests[] = {
        T(fire_beside_two_unadvises),
        T(fires_beside_an_unadvise),
        T(fire_beside_unadvises_of_two_threads),
        T(fire_beside_the_end_of_a_chunk),
        T(fire_beside_the_end_of_two_chunks),
        T(fire_that_begins_as_its_chunks_change),
        T(fire_beside_unadvise_and_advise),
        T(fire_beside_advises_and_an_unadvise),
        T(fire_beside_a_synchronous_unadvise),
        T(fires_beside_a_synchronous_unadvise),
        T(fire_beside_two_synchronous_unadvises),
        T(chunk_is_used_again_once_all_its_sinks_have_gone),
        T(fire_beside_synchronous_unadvises_of_chunks),
        T(synchronous_unadvise_of_nobody_reads_the_notes),
        T(fire_whose_sink_has_gone_reads_the_notes),
        T(synchronous_unadvises_inside_fires),
        T_END,
    };

    return t_run(argc, argv, tests);
}

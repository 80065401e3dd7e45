/* SPDX-License-Identifier: MIT */
/*
 * last_reference - a reference that comes and goes while the last holder looks for fires
 *
 * The library of this program calls connpt__shake before each atomic operation. The thread that
 * releases the last reference is stopped at each of its first operations in turn, and another
 * thread carries a fire from one point to the other meanwhile, with a reference that its sink took
 * and drops.
 */
#include <stdint.h>

#include "sink.h"
#include "t.h"
#include "threads.h"

enum { STEPS = 24 };

static _Thread_local int is_holder;
static int step, stop_at; /* of the holder */
static struct t_gate inside, go, back, end;

void connpt__shake(void);
void connpt__shake(void)
{
    if (is_holder && ++step == stop_at) {
        t_gate_open(&go);
        CHECK(t_gate_pass(&back));
    }
}

static struct source *source;
static ULONG refs_left;
static LONG finished_within;

/* Two points: `other` comes second in the table, so the holder looks at it last. */
static void carry(void *context)
{
    struct connpt_fire first, second;

    (void)context;
    (connpt_fire_begin)(&first, source->other, CONNPT_FIRE_IGNORE);
    (void)(connpt_fire_next)(&first);
    t_gate_open(&inside);
    CHECK(t_gate_pass(&go));
    connpt_object_AddRef(&source->object);
    (void)(connpt_fire_end)(&first);
    (connpt_fire_begin)(&second, source->events, CONNPT_FIRE_IGNORE);
    (void)(connpt_fire_next)(&second);
    refs_left = connpt_object_Release(&source->object);
    t_gate_open(&back);
    CHECK(t_gate_pass(&end));
    finished_within = __atomic_load_n(&source_n_finished, __ATOMIC_RELAXED);
    if (finished_within == 0)
        (void)(connpt_fire_end)(&second);
}

static void fire_outlives_the_look_for_fires(void)
{
    for (stop_at = 1; stop_at <= STEPS; stop_at++) {
        struct sink sinks[2];
        struct t_thread thread;

        source = source_create();
        if (!CHECK(source != NULL))
            return;
        sink_init(&sinks[0], 0);
        sink_init(&sinks[1], 0);
        (void)advise(source_events(source), &sinks[0]);
        (void)advise(source_other(source), &sinks[1]);
        t_gate_close(&inside);
        t_gate_close(&go);
        t_gate_close(&back);
        t_gate_close(&end);
        step = 0;
        CHECK(t_thread_start(&thread, carry, NULL));
        CHECK(t_gate_pass(&inside));
        is_holder = 1;
        (void)connpt_object_Release(&source->object);
        is_holder = 0;
        if (step < stop_at) { /* it was over before: as if it had been stopped at its end */
            t_gate_open(&go);
            CHECK(t_gate_pass(&back));
        }
        t_gate_open(&end);
        t_thread_join(&thread);
        CHECK(refs_left >= 1);
        CHECK_INT(finished_within, 0);
        CHECK_INT(source_n_finished, 1);
        CHECK_INT(sinks[0].refs, 1);
        CHECK_INT(sinks[1].refs, 1);
    }
}

int main(int argc, char **argv)
{
    static const struct t_test tests[] = { T(fire_outlives_the_look_for_fires), T_END };

    return t_run(argc, argv, tests);
}

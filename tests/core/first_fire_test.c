/* SPDX-License-Identifier: MIT */
/*
 * The first fire of a thread (CONTRACT F-8). What a thread keeps of its own must be there before:
 * a fire that asks for memory may not get it. The program is linked with --wrap, so that who asks
 * the C library for memory comes here first, the compiler's own library too.
 */
#include <stddef.h>
#include <stdlib.h>

#include "crowd.h"
#include "threads.h"

#include "core/point.h"

void *__real_malloc(size_t size);
void *__wrap_malloc(size_t size);
void *__real_calloc(size_t n, size_t size);
void *__wrap_calloc(size_t n, size_t size);
void *__real_realloc(void *block, size_t size);
void *__wrap_realloc(void *block, size_t size);

static int n_asked; /* atomic */

static void *ask(void *block)
{
    (void)__atomic_add_fetch(&n_asked, 1, __ATOMIC_RELAXED);
    return block;
}

void *__wrap_malloc(size_t size)
{
    return ask(__real_malloc(size));
}

void *__wrap_calloc(size_t n, size_t size)
{
    return ask(__real_calloc(n, size));
}

void *__wrap_realloc(void *block, size_t size)
{
    return ask(__real_realloc(block, size));
}

static int asked_in_fire; /* by the other thread */

static void fire(void *point)
{
    int before = __atomic_load_n(&n_asked, __ATOMIC_RELAXED);

    (void)fire_event(point, 1);
    asked_in_fire = __atomic_load_n(&n_asked, __ATOMIC_RELAXED) - before;
}

static void fire_on_a_thread_of_its_own(void)
{
    struct t_thread thread;

    asked_in_fire = -1;
    if (CHECK(t_thread_start(&thread, fire, source->events)))
        t_thread_join(&thread);
    CHECK_INT(asked_in_fire, 0);
}

static void first_fire_of_a_thread_asks_for_no_memory(void)
{
    if (!crowd_connect(2, 0))
        return;
    CHECK(__atomic_load_n(&n_asked, __ATOMIC_RELAXED) > 0); /* so it would be seen */
    fire_on_a_thread_of_its_own();
    CHECK_INT(sinks[0].calls, 1);
    teardown(2);
}

static void first_fire_of_a_point_with_stripes_asks_for_no_memory(void)
{
    if (!crowd_connect(2, 0))
        return;
    for (int i = 0; i < 1000; i++)
        connpt__readers_note_overlap(source->events);
    CHECK(source->events->stripes != NULL);
    fire_on_a_thread_of_its_own();
    CHECK_INT(sinks[0].calls, 1);
    teardown(2);
}

static void nest(struct sink *sink, LONG value)
{
    (void)sink;
    if (value < 40)
        (void)fire_event(source->events, value + 1);
}

static void fires_within_fires_ask_for_no_memory(void)
{
    if (!crowd_connect(1, 0))
        return;
    sinks[0].on_event = nest;
    fire_on_a_thread_of_its_own();
    CHECK_INT(sinks[0].calls, 40);
    teardown(1);
}

int main(int argc, char **argv)
{
    static const struct t_test tests[] = {
        T(first_fire_of_a_thread_asks_for_no_memory),
        T(first_fire_of_a_point_with_stripes_asks_for_no_memory),
        T(fires_within_fires_ask_for_no_memory),
        T_END,
    };

    return t_run(argc, argv, tests);
}

/* SPDX-License-Identifier: MIT */
/*
 * Points that get their body with the first Advise: two threads that come at once. The allocator
 * stops the first one between its allocation and what it does with it.
 */
#include <stdlib.h>

#include "sink.h"
#include "t.h"
#include "threads.h"

static struct t_gate stopped, go_on;
static int is_armed;  /* atomic */
static long n_blocks; /* atomic */

static void *stopping_resize(void *context, void *block, size_t size)
{
    void *result = realloc(block, size);

    (void)context;
    if (result != NULL && block == NULL)
        (void)__atomic_add_fetch(&n_blocks, 1, __ATOMIC_RELAXED);
    if (__atomic_exchange_n(&is_armed, 0, __ATOMIC_ACQ_REL)) {
        t_gate_open(&stopped);
        CHECK(t_gate_pass(&go_on));
    }
    return result;
}

static void counting_release(void *context, void *block)
{
    (void)context;
    (void)__atomic_sub_fetch(&n_blocks, 1, __ATOMIC_RELAXED);
    free(block);
}

static struct source *source;
static connpt_point *added;
static struct sink sinks[2];
static DWORD cookies[2];

static void close_gates(void)
{
    t_gate_close(&stopped);
    t_gate_close(&go_on);
}

static void advise_first(void *arg)
{
    (void)arg;
    cookies[0] = advise(connpt_point_iface(added), &sinks[0]);
}

static void second_thread_is_first(void)
{
    static const struct connpt_source third = { &IID_ITestThird, CONNPT_SOURCE_DISPATCH, 0 };
    struct t_thread thread;

    close_gates();
    source = source_create();
    if (!CHECK(source != NULL) ||
        !CHECK_HR(connpt_object_add_point(&source->object, &third, &added), S_OK))
        return;
    for (int i = 0; i < 2; i++) {
        sink_init(&sinks[i], 0);
        sinks[i].answers = SINK_DISPATCH;
    }
    __atomic_store_n(&is_armed, 1, __ATOMIC_RELEASE);
    CHECK(t_thread_start(&thread, advise_first, NULL));
    CHECK(t_gate_pass(&stopped));
    cookies[1] = advise(connpt_point_iface(added), &sinks[1]);
    t_gate_open(&go_on);
    t_thread_join(&thread);
}

static void two_first_connections_at_once_are_both_made(void)
{
    static const struct connpt_allocator allocator = { stopping_resize, counting_release, NULL };

    connpt_set_allocator(&allocator);
    second_thread_is_first();
    if (source != NULL && added != NULL) {
        CHECK(cookies[0] != 0 && cookies[1] != 0 && cookies[0] != cookies[1]);
        CHECK_INT(connpt_point_connections(added), 2);
        (void)fire_event(added, 1);
        for (int i = 0; i < 2; i++) {
            CHECK_INT(sinks[i].calls, 1);
            CHECK_HR(IConnectionPoint_Unadvise(connpt_point_iface(added), cookies[i]), S_OK);
            CHECK_INT(sinks[i].refs, 1);
        }
    }
    if (source != NULL)
        source_release(source);
    CHECK_INT(n_blocks, 0);
    t_memory_install();
}

/* A close that comes between must not be overlooked by the Advise. */
static void close_object(void *arg)
{
    (void)arg;
    connpt_object_close(&source->object);
}

static void close_while_the_body_is_made_refuses_the_connection(void)
{
    static const struct connpt_allocator allocator = { stopping_resize, counting_release, NULL };
    static const struct connpt_source third = { &IID_ITestThird, CONNPT_SOURCE_DISPATCH, 0 };
    struct t_thread thread, closing;

    connpt_set_allocator(&allocator);
    close_gates();
    source = source_create();
    if (source != NULL && SUCCEEDED(connpt_object_add_point(&source->object, &third, &added))) {
        sink_init(&sinks[0], 0);
        sinks[0].answers = SINK_DISPATCH;
        cookies[0] = 1;
        __atomic_store_n(&is_armed, 1, __ATOMIC_RELEASE);
        CHECK(t_thread_start(&thread, advise_first, NULL));
        CHECK(t_gate_pass(&stopped));
        CHECK(t_thread_start(&closing, close_object, NULL));
        t_thread_join(&closing);
        t_gate_open(&go_on);
        t_thread_join(&thread);
        CHECK_INT(cookies[0], 0);
        CHECK_INT(connpt_point_connections(added), 0);
        CHECK_INT(sinks[0].refs, 1);
    }
    if (source != NULL)
        source_release(source);
    CHECK_INT(n_blocks, 0);
    t_memory_install();
}

int main(int argc, char **argv)
{
    static const struct t_test tests[] = {
        T(two_first_connections_at_once_are_both_made),
        T(close_while_the_body_is_made_refuses_the_connection),
        T_END,
    };

    return t_run(argc, argv, tests);
}

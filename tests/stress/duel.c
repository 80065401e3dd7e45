/* SPDX-License-Identifier: MIT */
/*
 * One thread fires as fast as it can, the other connects and disconnects: the narrow window
 * between a fire that counts itself and a removal that looks at the counts (src/core/list.c).
 *
 *     duel [rounds]
 *
 * The sinks are static and marked when their last reference goes; a call to a marked one is
 * what must never happen. A weaker order in connpt__list_remove needs a store to be seen late,
 * which x86 does as well; the pauses vary where the two meet.
 */
#include <stdio.h>
#include <stdlib.h>

#include <connpt/connpt.h>

#include "sink.h"
#include "threads.h"

static struct sink sinks[64];
static struct source *source;
static uint32_t dead[64];    /* atomic */
static uint32_t ready, stop; /* atomic */
static unsigned long called_dead, calls, fires;

static void on_event(struct sink *sink, LONG value)
{
    (void)value;
    calls++;
    if (__atomic_load_n(&dead[sink - sinks], __ATOMIC_RELAXED))
        called_dead++;
}

static void on_release(struct sink *sink)
{
    __atomic_store_n(&dead[sink - sinks], 1, __ATOMIC_RELEASE);
}

static void pause_for(unsigned n)
{
    for (volatile unsigned i = 0; i < n; i++)
        continue;
}

static void keep_firing(void *arg)
{
    unsigned n = 0;

    (void)arg;
    __atomic_store_n(&ready, 1, __ATOMIC_RELEASE);
    while (!__atomic_load_n(&stop, __ATOMIC_RELAXED)) {
        (void)fire_event(source->events, 0);
        fires++;
        pause_for(n++ % 61);
    }
}

int main(int argc, char **argv)
{
    unsigned long n_rounds = argc > 1 ? strtoul(argv[1], NULL, 10) : 200000;
    struct sink anchor;
    struct t_thread thread;

    source = source_create();
    sink_init(&anchor, 0);
    if (source == NULL || advise(source_events(source), &anchor) == 0 ||
        !t_thread_start(&thread, keep_firing, NULL))
        abort();
    while (!__atomic_load_n(&ready, __ATOMIC_ACQUIRE))
        continue;
    for (unsigned long round = 0; round < n_rounds; round++) {
        struct sink *sink = &sinks[round % 64];
        DWORD cookie;

        /* Its last turn may be waiting for a fire that was interrupted. */
        while (round >= 64 && !__atomic_load_n(&dead[sink - sinks], __ATOMIC_ACQUIRE))
            t_yield();
        sink_init(sink, 0);
        __atomic_store_n(&dead[sink - sinks], 0, __ATOMIC_RELAXED);
        sink->on_event = on_event;
        sink->on_release = on_release;
        cookie = advise(source_events(source), sink);
        (void)IUnknown_Release(sink_unknown(sink));
        pause_for((unsigned)(round * 7 % 97));
        (void)IConnectionPoint_Unadvise(source_events(source), cookie);
    }
    __atomic_store_n(&stop, 1, __ATOMIC_RELAXED);
    t_thread_join(&thread);
    source_release(source);
    printf("# rounds %lu, fires %lu, calls of the changing sink %lu\n", n_rounds, fires, calls);
    printf("1..1\n%sok 1 - no dead sink is called # %lu were\n", called_dead != 0 ? "not " : "",
           called_dead);
    return called_dead != 0;
}

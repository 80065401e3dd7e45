/* SPDX-License-Identifier: MIT */
/*
 * peers/memory.c - heap bytes, as the C library's allocator counts them: with its own rounding
 * and headers
 *
 * Each peer is measured in a process of its own, whose heap nothing else has used. connpt is also
 * measured by what it asks for, through the hook of <connpt/memory.h>.
 */
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>

#include "measure.h"
#include "rig.h"
#include "scenarios.h"

enum { CONNECTIONS = 100000, SOURCES = 1000 };

static double heap_bytes(void)
{
    struct mallinfo2 info = mallinfo2();

    return (double)(info.uordblks + info.hblkhd);
}

static void measure_connections(const void *argument)
{
    const struct peer *peer = argument;
    struct rig rig;
    double before, own = peer->flags & PEER_OWN_HANDLES ? (double)peer->handle_size : 0;

    rig_open(&rig, peer, 0, CONNECTIONS, SINK_ADDING);
    rig.n = CONNECTIONS;
    before = heap_bytes();
    (peer->build != NULL ? peer->build : peer->connect)(rig.source, rig.sinks, rig.handles, rig.n);
    bench_record("bytes fresh", peer->name, (heap_bytes() - before) / CONNECTIONS + own);
    rig_churn(&rig, 20 * CONNECTIONS, effort.is_quick ? 1e9 : 4e9);
    bench_record("bytes aged", peer->name, (heap_bytes() - before) / CONNECTIONS + own);
}

static void measure_source(const void *argument)
{
    const struct peer *peer = argument;
    struct sink *sinks = sinks_create(10, SINK_ADDING);
    char *handles = bench_alloc(10 * SOURCES * peer->handle_size);
    void **sources = bench_alloc(SOURCES * sizeof(void *));
    double own = peer->flags & PEER_OWN_HANDLES ? (double)peer->handle_size : 0;
    double before;

    peer->destroy(peer->create()); /* what a process has once */
    before = heap_bytes();
    for (size_t i = 0; i < SOURCES; i++)
        sources[i] = peer->create();
    bench_record("bytes source", peer->name, (heap_bytes() - before) / SOURCES);
    for (size_t i = 0; i < SOURCES; i++)
        peer->connect(sources[i], sinks, handles + i * 10 * peer->handle_size, 10);
    bench_record("bytes source with 10", peer->name, (heap_bytes() - before) / SOURCES + 10 * own);
}

/* ---- what connpt asks for -------------------------------------------------------------------- */

static size_t n_allocated, n_blocks, n_calls;

static void *counting_resize(void *context, void *block, size_t size)
{
    size_t old = block != NULL ? malloc_usable_size(block) : 0;
    void *resized = realloc(block, size);

    (void)context;
    if (resized == NULL)
        return NULL;
    n_calls++;
    n_blocks += block == NULL;
    n_allocated += malloc_usable_size(resized) - old;
    return resized;
}

static void counting_release(void *context, void *block)
{
    (void)context;
    n_blocks--;
    n_allocated -= malloc_usable_size(block);
    free(block);
}

static void count_allocations(void)
{
    static const struct connpt_allocator counting = { counting_resize, counting_release, NULL };

    connpt_set_allocator(&counting);
}

enum { MANY_POINTS = 1000 };

/* The bytes that an object with so many points holds, in blocks as malloc rounds them. */
static double object_bytes(size_t n_points)
{
    static IID iids[MANY_POINTS];
    static struct connpt_source sources[MANY_POINTS + 1];
    static struct connpt_class cls = { .size = sizeof(struct connpt_object), .sources = sources };
    struct connpt_object *object;
    size_t before = n_allocated;
    double bytes;

    for (unsigned i = 0; i < n_points; i++) {
        iids[i] = IID_IPropertyNotifySink; /* but for the number, which nobody else has */
        iids[i].Data1 += i;
        sources[i].iid = &iids[i];
    }
    sources[n_points].iid = NULL;
    bench_must(connpt_object_create(&cls, NULL, &object));
    bytes = (double)(n_allocated - before);
    (void)IUnknown_Release(connpt_object_unknown(object));
    return bytes;
}

/* What a point costs where there are few of them, and room for ten connections is made at once;
 * where there are many, and room is made by the first Advise; and what that adds. */
static void measure_points(const void *argument)
{
    const struct peer *peer = argument;
    struct sink *sinks = sinks_create(10, SINK_ADDING);
    DWORD cookies[10];
    connpt_point *point;
    size_t before;

    count_allocations();
    bench_record("bytes object", peer->name, object_bytes(1));
    bench_record("bytes point", peer->name, object_bytes(2) - object_bytes(1));
    bench_record("bytes idle point", peer->name,
                 (object_bytes(MANY_POINTS) - object_bytes(MANY_POINTS / 2)) / (MANY_POINTS / 2));
    point = peer->create();
    before = n_allocated;
    peer->connect(point, sinks, cookies, 10);
    bench_record("bytes ten connections", peer->name, (double)(n_allocated - before));
}

static void measure_requested(const void *argument)
{
    const struct peer *peer = argument;
    enum { MANY = 1000000 };
    struct rig rig;
    IEnumConnections *all;
    size_t n_calls_before;

    count_allocations();
    rig_open(&rig, peer, MANY, 0, SINK_ADDING);
    bench_record("blocks per connection", peer->name, (double)n_blocks / MANY);
    n_calls_before = n_calls;
    bench_must(IConnectionPoint_EnumConnections(connpt_point_iface(rig.source), &all));
    bench_record("allocations of EnumConnections", peer->name, (double)(n_calls - n_calls_before));
    n_calls_before = n_calls;
    rig_fire(&rig, 3);
    bench_record("allocations of a fire", peer->name, (double)(n_calls - n_calls_before));
    n_calls_before = n_calls;
    rig_shrink(&rig, 10);
    bench_record("allocations of Unadvise", peer->name, (double)(n_calls - n_calls_before));
}

void scenario_memory(void)
{
    for (size_t i = 0; i < n_peers; i++) {
        if (peers[i]->flags & PEER_FIRE_ONLY)
            continue;
        bench_in_child(measure_connections, peers[i]);
        bench_in_child(measure_source, peers[i]);
    }
    bench_in_child(measure_points, &peer_connpt);
    bench_in_child(measure_requested, &peer_connpt);
}

/* SPDX-License-Identifier: MIT */
/*
 * peers/change.c - the cost of connecting and disconnecting, over the number of connections there
 *
 * A batch is a fixed number of new connections: so that what comes once in many (memory for more
 * of them) is in each. All sizes of one peer are measured in turns; the least time counts.
 */
#include <stdio.h>
#include <stdlib.h>

#include "measure.h"
#include "rig.h"
#include "scenarios.h"

enum { BATCH = 512, SIZES = 7 };
static const size_t sizes[SIZES] = { 1, 10, 100, 1000, 10000, 100000, 1000000 };

struct cost {
    struct rig rig;
    size_t batch;      /* fewer than BATCH where one takes long */
    double connect_ns; /* behind all others */
    double recent_ns;  /* disconnect what was connected last */
    double random_ns;  /* disconnect what chance chooses, its memory cold if there is much */
    int has_random;    /* there are as many as that takes */
};

/* One batch at the end of the list, and gone again, the last one first. */
static void measure_recent(struct cost *cost)
{
    struct rig *rig = &cost->rig;
    void *handles[BATCH];
    double start = now_ns();

    for (size_t i = 0; i < cost->batch; i++)
        rig_connect(rig, rig->n + i);
    cost->connect_ns = lesser(cost->connect_ns, (now_ns() - start) / (double)cost->batch);
    for (size_t i = 0; i < cost->batch; i++)
        handles[i] = rig_handle(rig, rig->n + cost->batch - 1 - i);
    start = now_ns();
    rig->peer->disconnect(rig->source, handles, cost->batch);
    cost->recent_ns = lesser(cost->recent_ns, (now_ns() - start) / (double)cost->batch);
}

static void measure_random(struct cost *cost)
{
    struct rig *rig = &cost->rig;
    uint32_t chosen[BATCH];
    void *handles[BATCH];
    char sum = 0;
    double start;

    /* Distinct: one out of each stretch. */
    for (size_t i = 0; i < cost->batch; i++) {
        size_t stretch = rig->n / cost->batch;

        chosen[i] = (uint32_t)(i * stretch + bench_random((uint32_t)stretch));
    }
    bench_shuffle(chosen, cost->batch);
    for (size_t i = 0; i < cost->batch; i++) {
        handles[i] = rig_handle(rig, chosen[i]);
        sum = (char)(sum + *(char *)handles[i]); /* the handle itself is at hand */
    }
    *(volatile char *)&sum = sum;
    start = now_ns();
    rig->peer->disconnect(rig->source, handles, cost->batch);
    cost->random_ns = lesser(cost->random_ns, (now_ns() - start) / (double)cost->batch);
    for (size_t i = 0; i < cost->batch; i++)
        rig_connect(rig, chosen[i]);
}

/* Where one takes long, the batch is short; and it must not be what makes the list long. */
static void choose_batch(struct cost *cost)
{
    const struct rig *rig = &cost->rig;

    cost->batch = BATCH;
    if (rig->peer->flags & PEER_LINEAR)
        cost->batch = rig->n > 1000 ? 1 : 16;
    cost->has_random = rig->n >= cost->batch;
}

static void record(const struct cost *cost)
{
    const char *name = cost->rig.peer->name;
    char scenario[32];

    snprintf(scenario, sizeof scenario, "connect %zu", cost->rig.n);
    bench_record(scenario, name, cost->connect_ns);
    snprintf(scenario, sizeof scenario, "disconnect recent %zu", cost->rig.n);
    bench_record(scenario, name, cost->recent_ns);
    if (!cost->has_random)
        return;
    snprintf(scenario, sizeof scenario, "disconnect random %zu", cost->rig.n);
    bench_record(scenario, name, cost->random_ns);
}

static void measure_peer(const struct peer *peer)
{
    struct cost costs[SIZES] = { 0 };
    double end;

    for (size_t i = 0; i < SIZES; i++) {
        rig_open(&costs[i].rig, peer, sizes[i], BATCH, SINK_ADDING);
        choose_batch(&costs[i]);
    }
    end = now_ns() + (effort.is_quick ? 1e9 : 5e9);
    for (int round = 0; round < effort.rounds && now_ns() < end; round++) {
        for (size_t i = 0; i < SIZES; i++) {
            measure_recent(&costs[i]);
            if (costs[i].has_random)
                measure_random(&costs[i]);
        }
    }
    for (size_t i = 0; i < SIZES; i++) {
        record(&costs[i]);
        rig_close(&costs[i].rig);
    }
}

/* Connect and disconnect one beside few others, again and again. */
static void measure_pair(const struct peer *peer)
{
    enum { PAIRS = 2000, THERE = 8 };
    struct rig rig;
    double ns = 0;

    rig_open(&rig, peer, THERE, 1, SINK_ADDING);
    for (int round = 0; round < effort.rounds; round++) {
        double start = now_ns();

        peer->pairs(rig.source, &rig.sinks[THERE], PAIRS);
        ns = lesser(ns, (now_ns() - start) / PAIRS);
    }
    bench_record("pair", peer->name, ns);
    rig_close(&rig);
}

void scenario_change(void)
{
    for (size_t i = 0; i < n_peers; i++) {
        if (peers[i]->flags & PEER_FIRE_ONLY)
            continue;
        measure_peer(peers[i]);
        measure_pair(peers[i]);
    }
}

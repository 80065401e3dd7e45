/* SPDX-License-Identifier: MIT */
/*
 * peers/count.c - have callgrind count the instructions of a fire and of a pair
 *
 * Runs under callgrind, which writes its counts to a file at each dump; the dump's name is
 * "scenario;peer;events". bench/instructions reads them. Each figure is the difference of two
 * dumps, so that what surrounds the events does not count.
 */
#include <stdio.h>

#ifdef HAVE_CALLGRIND
#include <valgrind/callgrind.h>
#endif

#include "rig.h"
#include "scenarios.h"

#ifdef HAVE_CALLGRIND

enum { FEW = 100, MANY = 300, THERE = 8 };

static void dump(const char *scenario, const struct peer *peer, int n_events)
{
    char name[128];

    snprintf(name, sizeof name, "%s;%s;%d", scenario, peer->name, n_events);
    CALLGRIND_DUMP_STATS_AT(name);
}

static void count_fires(const struct peer *peer, size_t n_sinks)
{
    struct rig rig;
    char scenario[32];

    rig_open(&rig, peer, n_sinks, 0, SINK_ADDING);
    snprintf(scenario, sizeof scenario, "fire %zu", n_sinks);
    rig_fire(&rig, FEW); /* names are bound, caches of any kind are filled */
    CALLGRIND_ZERO_STATS;
    rig_fire(&rig, FEW);
    dump(scenario, peer, FEW);
    rig_fire(&rig, MANY);
    dump(scenario, peer, MANY);
    rig_close(&rig);
}

static void count_pairs(const struct peer *peer)
{
    struct rig rig;
    struct sink *sink;

    rig_open(&rig, peer, THERE, 1, SINK_ADDING);
    sink = &rig.sinks[THERE];
    peer->pairs(rig.source, sink, FEW);
    CALLGRIND_ZERO_STATS;
    peer->pairs(rig.source, sink, FEW);
    dump("pair", peer, FEW);
    peer->pairs(rig.source, sink, MANY);
    dump("pair", peer, MANY);
    rig_close(&rig);
}

void scenario_count(void)
{
    static const size_t n_sinks[] = { 0, 1, 101 };

    for (size_t i = 0; i < n_peers; i++) {
        for (size_t k = 0; k < sizeof n_sinks / sizeof n_sinks[0]; k++)
            count_fires(peers[i], n_sinks[k]);
        if (!(peers[i]->flags & PEER_FIRE_ONLY))
            count_pairs(peers[i]);
    }
}

#else

void scenario_count(void)
{
    fprintf(stderr, "peers: built without valgrind's headers\n");
}

#endif

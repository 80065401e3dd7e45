/* SPDX-License-Identifier: MIT */
/* peers/fire.c - the cost of one event: over the number of sinks, and in lists with a past */
#include <stdio.h>
#include <stdlib.h>

#include "measure.h"
#include "rig.h"
#include "scenarios.h"

enum { MOST_PEERS = 32 };

static void record(const struct rig *rigs, size_t n_rigs, const char *scenario)
{
    for (size_t i = 0; i < n_rigs; i++)
        bench_record(scenario, rigs[i].peer->name, rigs[i].ns);
}

static void close_all(struct rig *rigs, size_t n_rigs)
{
    for (size_t i = 0; i < n_rigs; i++)
        rig_close(&rigs[i]);
}

static void measure_sinks(size_t n_sinks)
{
    struct rig rigs[MOST_PEERS];
    char scenario[32];

    for (size_t i = 0; i < n_peers; i++) {
        rig_open(&rigs[i], peers[i], n_sinks, 0, SINK_ADDING);
        rig_check(&rigs[i], n_sinks);
    }
    rigs_measure_fires(rigs, n_peers);
    snprintf(scenario, sizeof scenario, "fire %zu", n_sinks);
    record(rigs, n_peers, scenario);
    close_all(rigs, n_peers);
}

void scenario_fire(void)
{
    static const size_t sizes[] = { 0, 1, 2, 4, 8, 16, 64, 256, 1024, 16384, 65536 };

    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++)
        measure_sinks(sizes[i]);
}

/* ---- lists with a past ----------------------------------------------------------------------- */

static void measure_aged(size_t n_sinks, int by_refilling)
{
    struct rig rigs[MOST_PEERS];
    size_t n_rigs = 0;
    char scenario[32];

    for (size_t i = 0; i < n_peers; i++) {
        if (peers[i]->flags & PEER_FIRE_ONLY)
            continue;
        rig_open(&rigs[n_rigs], peers[i], n_sinks, 0, SINK_ADDING);
        if (by_refilling)
            rig_refill(&rigs[n_rigs]);
        else
            rig_churn(&rigs[n_rigs], 20 * n_sinks, effort.is_quick ? 0.3e9 : 3e9);
        rig_check(&rigs[n_rigs], n_sinks);
        n_rigs++;
    }
    rigs_measure_fires(rigs, n_rigs);
    snprintf(scenario, sizeof scenario, "%s %zu", by_refilling ? "refilled" : "aged", n_sinks);
    record(rigs, n_rigs, scenario);
    close_all(rigs, n_rigs);
}

void scenario_aged(void)
{
    measure_aged(64, 0);
    measure_aged(1024, 0);
    measure_aged(1024, 1);
    measure_aged(16384, 0);
}

/* ---- lists that were long -------------------------------------------------------------------- */

static void measure_shrunk(size_t n_before, size_t n_after)
{
    struct rig shrunk[MOST_PEERS], fresh[MOST_PEERS];
    size_t n_rigs = 0;
    char scenario[32];

    for (size_t i = 0; i < n_peers; i++) {
        /* Disconnecting a million would take hours. */
        int is_slow = n_before > 100000 && (peers[i] == &peer_raw || peers[i] == &peer_winrt);

        if ((peers[i]->flags & PEER_FIRE_ONLY) || is_slow)
            continue;
        rig_open(&fresh[n_rigs], peers[i], n_after, 0, SINK_ADDING);
        rig_open(&shrunk[n_rigs], peers[i], n_before, 0, SINK_ADDING);
        rig_shrink(&shrunk[n_rigs], n_after);
        rig_check(&shrunk[n_rigs], n_after);
        n_rigs++;
    }
    rigs_measure_fires(fresh, n_rigs);
    rigs_measure_fires(shrunk, n_rigs);
    for (size_t i = 0; i < n_rigs; i++)
        shrunk[i].ns /= fresh[i].ns;
    snprintf(scenario, sizeof scenario, "shrunk %zu %zu", n_before, n_after);
    record(shrunk, n_rigs, scenario);
    close_all(fresh, n_rigs);
    close_all(shrunk, n_rigs);
}

void scenario_shrunk(void)
{
    measure_shrunk(16384, 8);
    measure_shrunk(1000000, 10);
}

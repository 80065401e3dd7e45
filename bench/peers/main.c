/* SPDX-License-Identifier: MIT */
/*
 * peers/main.c - measure connpt and its peers on the same work, in one run
 *
 *     peers [--quick] [SCENARIO...]
 *
 * Prints "scenario;peer;value" lines; bench/report makes tables of them. Times are nanoseconds.
 */
#include <stdio.h>
#include <string.h>

#include "measure.h"
#include "peer.h"
#include "scenarios.h"

struct scenario {
    const char *name;
    void (*run)(void);
    int is_asked_for; /* runs only when it is named */
};

static const struct scenario scenarios[] = {
    { "memory", scenario_memory, 0 }, /* before the heap is used */
    { "cold", scenario_cold, 0 },     /* too */
    { "fire", scenario_fire, 0 },           { "aged", scenario_aged, 0 },
    { "shrunk", scenario_shrunk, 0 },       { "change", scenario_change, 0 },
    { "threads", scenario_threads, 0 },     { "churn", scenario_churn, 0 },
    { "enumerate", scenario_enumerate, 0 }, { "event", scenario_event, 0 },
    { "count", scenario_count, 1 },
};
enum { N_SCENARIOS = sizeof scenarios / sizeof scenarios[0] };

static int usage(void)
{
    fprintf(stderr, "usage: peers [--quick] [SCENARIO...]\nscenarios:");
    for (size_t i = 0; i < N_SCENARIOS; i++)
        fprintf(stderr, " %s", scenarios[i].name);
    fprintf(stderr, "\n");
    return 2;
}

/* Who was measured, in the order of the table. */
static void record_promises(void)
{
    for (size_t i = 0; i < n_peers; i++)
        bench_record("promises", peers[i]->name, peers[i]->flags);
}

static void run(const struct scenario *scenario)
{
    double start = now_ns();

    fprintf(stderr, "%s", scenario->name);
    scenario->run();
    fprintf(stderr, " %.0f s  ", (now_ns() - start) / 1e9);
}

int main(int argc, char **argv)
{
    int is_chosen[N_SCENARIOS] = { 0 }, n_chosen = 0;

    for (int i = 1; i < argc; i++) {
        size_t k = 0;

        if (strcmp(argv[i], "--quick") == 0) {
            effort = (struct effort){ .rounds = 20,
                                      .slice_ns = 100e3,
                                      .window_ns = 3e6,
                                      .windows = 15,
                                      .patience_ns = 0.4e9,
                                      .is_quick = 1 };
            continue;
        }
        while (k < N_SCENARIOS && strcmp(argv[i], scenarios[k].name) != 0)
            k++;
        if (k == N_SCENARIOS)
            return usage();
        is_chosen[k] = 1;
        n_chosen++;
    }
    bench_go_first();
    record_promises();
    for (size_t i = 0; i < N_SCENARIOS; i++) {
        if (n_chosen != 0 ? is_chosen[i] : !scenarios[i].is_asked_for)
            run(&scenarios[i]);
    }
    fprintf(stderr, "\n");
    return 0;
}

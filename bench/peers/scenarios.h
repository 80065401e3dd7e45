/* SPDX-License-Identifier: MIT */
/* peers/scenarios.h - what is measured; each writes its results with bench_record */
#ifndef BENCH_PEERS_SCENARIOS_H
#define BENCH_PEERS_SCENARIOS_H

/* The first two, while the heap is as the C library made it. */
void scenario_memory(void);
void scenario_cold(void);

void scenario_fire(void);
void scenario_aged(void);
void scenario_shrunk(void);
void scenario_change(void);
void scenario_threads(void);
void scenario_churn(void);
void scenario_enumerate(void);
void scenario_event(void);

/* Under callgrind only: see count.c. */
void scenario_count(void);

#endif

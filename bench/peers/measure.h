/* SPDX-License-Identifier: MIT */
/*
 * peers/measure.h - what the scenarios share: time, chance, memory that is there, and a line of
 * results for each figure
 */
#ifndef BENCH_PEERS_MEASURE_H
#define BENCH_PEERS_MEASURE_H

#include <stddef.h>
#include <stdint.h>
#include <time.h>

#include <connpt/connpt.h>

CONNPT_BEGIN_DECLS

#define NOINLINE __attribute__((noinline))

/* How long the whole takes: each measurement makes so many rounds. */
struct effort {
    int rounds;         /* over all peers; the least time of them counts */
    double slice_ns;    /* of one peer in one round */
    double window_ns;   /* of threads at work */
    int windows;        /* good ones, see threads.c ... */
    double patience_ns; /* ... unless they are not found for so long */
    int is_quick;
};
extern struct effort effort;

static inline double now_ns(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec * 1e9 + (double)now.tv_nsec;
}

static inline double lesser(double a, double b)
{
    return a == 0 || b < a ? b : a;
}

/* Before other programs, where the system allows it (root, mostly). Threads made later inherit it.
 */
void bench_go_first(void);

/* Zeroed; the program ends when there is none. */
void *bench_alloc(size_t size);
void bench_must(HRESULT hr);

/* The same numbers in each run. */
uint32_t bench_random(uint32_t below);
void bench_shuffle(uint32_t *numbers, size_t n);

/* Call it in a process of its own, whose heap nothing was measured in yet. */
void bench_in_child(void (*measure)(const void *argument), const void *argument);

/* scenario;peer;value: one line of the results */
void bench_record(const char *scenario, const char *peer, double value);

CONNPT_END_DECLS

#endif

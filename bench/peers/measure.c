/* SPDX-License-Identifier: MIT */
/* peers/measure.c - what the scenarios share */
#include "measure.h"

#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

struct effort effort = {
    .rounds = 60, .slice_ns = 300e3, .window_ns = 4e6, .windows = 40, .patience_ns = 1.5e9
};

void bench_go_first(void)
{
    struct sched_param lowest = { .sched_priority = 1 };

    (void)sched_setscheduler(0, SCHED_FIFO, &lowest);
}

void *bench_alloc(size_t size)
{
    void *block = calloc(1, size != 0 ? size : 1);

    if (block == NULL) {
        fprintf(stderr, "peers: no memory for %zu bytes\n", size);
        exit(1);
    }
    return block;
}

void bench_must(HRESULT hr)
{
    if (FAILED(hr)) {
        fprintf(stderr, "peers: %s\n", connpt_hresult_name(hr));
        exit(1);
    }
}

/* Xorshift: speed and repeatability are all that is asked of it. */
uint32_t bench_random(uint32_t below)
{
    static uint64_t state = 0x9e3779b97f4a7c15u;

    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return (uint32_t)((state >> 32) * below >> 32);
}

void bench_shuffle(uint32_t *numbers, size_t n)
{
    for (size_t i = n; i > 1; i--) {
        uint32_t k = bench_random((uint32_t)i);
        uint32_t number = numbers[i - 1];

        numbers[i - 1] = numbers[k];
        numbers[k] = number;
    }
}

void bench_in_child(void (*measure)(const void *argument), const void *argument)
{
    pid_t pid;
    int status;

    fflush(stdout);
    pid = fork();
    if (pid == 0) {
        measure(argument);
        fflush(stdout);
        _exit(0);
    }
    if (pid < 0 || waitpid(pid, &status, 0) != pid || status != 0) {
        fprintf(stderr, "peers: a child failed\n");
        exit(1);
    }
}

/* One write for each line: children may print too. */
void bench_record(const char *scenario, const char *peer, double value)
{
    printf("%s;%s;%.4g\n", scenario, peer, value);
    fflush(stdout);
}

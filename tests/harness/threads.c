/* SPDX-License-Identifier: MIT */
/* harness/threads.c - gates, threads and barriers, of what the system has */
#include "threads.h"

#include <limits.h>
#include <stdio.h>

/* ---- gates ---------------------------------------------------------------------------------- */

void t_gate_close(struct t_gate *gate)
{
    static const struct t_gate closed = T_GATE;

    *gate = closed;
}

void t_gate_open(struct t_gate *gate)
{
    t_mutex_lock(&gate->mutex);
    __atomic_store_n(&gate->open, 1, __ATOMIC_RELEASE);
    t_condition_wake_all(&gate->changed);
    t_mutex_unlock(&gate->mutex);
}

int t_gate_pass_within(struct t_gate *gate, unsigned seconds)
{
    int is_open;

    t_mutex_lock(&gate->mutex);
    is_open = t_condition_wait(&gate->changed, &gate->mutex, &gate->open, seconds);
    t_mutex_unlock(&gate->mutex);
    return is_open;
}

int t_gate_pass(struct t_gate *gate)
{
    int is_open = t_gate_pass_within(gate, T_PATIENCE);

    if (!is_open)
        fprintf(stderr, "# nobody opened a gate for %d seconds\n", T_PATIENCE);
    return is_open;
}

/* ---- threads -------------------------------------------------------------------------------- */

void t_thread_main(struct t_thread *thread)
{
    thread->run(thread->context);
    t_gate_open(&thread->ended);
}

int t_thread_start(struct t_thread *thread, void (*run)(void *context), void *context)
{
    thread->run = run;
    thread->context = context;
    t_gate_close(&thread->ended);
    return t_thread_start_os(thread);
}

void t_thread_join(struct t_thread *thread)
{
    t_thread_join_os(thread);
}

int t_thread_ends_within(struct t_thread *thread, unsigned seconds)
{
    if (!t_gate_pass_within(&thread->ended, seconds))
        return 0;
    t_thread_join_os(thread);
    return 1;
}

/* ---- barriers ------------------------------------------------------------------------------- */

void t_barrier_init(struct t_barrier *barrier, unsigned n_threads)
{
    static const struct t_mutex unlocked = T_MUTEX;

    barrier->mutex = unlocked;
    barrier->n_threads = barrier->n_missing = n_threads;
    barrier->turn = 0;
    t_gate_close(&barrier->gates[0]);
    t_gate_close(&barrier->gates[1]);
}

int t_barrier_wait(struct t_barrier *barrier)
{
    struct t_gate *gate;
    int is_last;

    t_mutex_lock(&barrier->mutex);
    gate = &barrier->gates[barrier->turn % 2];
    is_last = --barrier->n_missing == 0;
    if (is_last) {
        /* All have passed the other gate, for all have come to this one. */
        barrier->turn++;
        barrier->n_missing = barrier->n_threads;
        __atomic_store_n(&barrier->gates[barrier->turn % 2].open, 0, __ATOMIC_RELEASE);
        t_gate_open(gate);
    }
    t_mutex_unlock(&barrier->mutex);
    if (!is_last)
        (void)t_gate_pass_within(gate, UINT_MAX);
    return is_last;
}

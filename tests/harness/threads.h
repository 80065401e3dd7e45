/* SPDX-License-Identifier: MIT */
/*
 * harness/threads.h - threads that meet, the same on every system
 *
 * Nobody sleeps: a thread waits at a gate that another one opens. What waits here gives up after
 * a minute, which only a deadlock takes, and says so.
 *
 * threads_posix.c and threads_win32.c have the first group, threads.c what is made of it.
 */
#ifndef CONNPT_TESTS_THREADS_H
#define CONNPT_TESTS_THREADS_H

enum { T_PATIENCE = 60 }; /* seconds */

/* ---- what the system has ------------------------------------------------------------------- */

#ifdef _WIN32
struct t_mutex {
    void *os; /* SRWLOCK */
};
struct t_condition {
    void *os; /* CONDITION_VARIABLE */
};
#define T_MUTEX                                                                                    \
    {                                                                                              \
        0                                                                                          \
    }
#define T_CONDITION                                                                                \
    {                                                                                              \
        0                                                                                          \
    }
typedef void *t_thread_os; /* HANDLE */
#else
#include <pthread.h>
struct t_mutex {
    pthread_mutex_t os;
};
struct t_condition {
    pthread_cond_t os;
};
#define T_MUTEX                                                                                    \
    {                                                                                              \
        PTHREAD_MUTEX_INITIALIZER                                                                  \
    }
#define T_CONDITION                                                                                \
    {                                                                                              \
        PTHREAD_COND_INITIALIZER                                                                   \
    }
typedef pthread_t t_thread_os;
#endif

void t_mutex_lock(struct t_mutex *mutex);
void t_mutex_unlock(struct t_mutex *mutex);

/* Waits until *@flag is not 0, which changes under the mutex; 0: not in so many seconds. */
int t_condition_wait(struct t_condition *condition, struct t_mutex *mutex, const int *flag,
                     unsigned seconds);
void t_condition_wake_all(struct t_condition *condition);

/* Lets others run. */
void t_yield(void);

/* ---- gates: closed until somebody opens them ------------------------------------------------ */

struct t_gate {
    struct t_mutex mutex;
    struct t_condition changed;
    int open; /* atomic, to look at */
};
#define T_GATE                                                                                     \
    {                                                                                              \
        T_MUTEX, T_CONDITION, 0                                                                    \
    }

void t_gate_close(struct t_gate *gate); /* or makes one; nobody waits there */
void t_gate_open(struct t_gate *gate);
int t_gate_pass(struct t_gate *gate); /* 0: out of patience */
int t_gate_pass_within(struct t_gate *gate, unsigned seconds);

/* ---- threads -------------------------------------------------------------------------------- */

struct t_thread {
    t_thread_os os;
    void (*run)(void *context);
    void *context;
    struct t_gate ended;
};

/* 1, or 0 when there are no more threads. */
int t_thread_start(struct t_thread *thread, void (*run)(void *context), void *context);

/* Returns when it has ended. The second one gives up: 0. */
void t_thread_join(struct t_thread *thread);
int t_thread_ends_within(struct t_thread *thread, unsigned seconds);

/* The system's part of both: the thread runs t_thread_main(thread). */
int t_thread_start_os(struct t_thread *thread);
void t_thread_join_os(struct t_thread *thread);
void t_thread_main(struct t_thread *thread);

/* ---- barriers: all of them come before one goes on ------------------------------------------ */

struct t_barrier {
    struct t_mutex mutex;
    unsigned n_threads, n_missing;
    unsigned turn;
    struct t_gate gates[2]; /* of this turn, and of the next one */
};

void t_barrier_init(struct t_barrier *barrier, unsigned n_threads);

/* 1 for one of the threads. No deadline: whoever started the threads has one. */
int t_barrier_wait(struct t_barrier *barrier);

#endif

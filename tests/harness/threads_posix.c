/* SPDX-License-Identifier: MIT */
/* harness/threads_posix.c - threads.h over POSIX threads */
#include "threads.h"

#include <limits.h>
#include <sched.h>
#include <time.h>

void t_mutex_lock(struct t_mutex *mutex)
{
    (void)pthread_mutex_lock(&mutex->os);
}

void t_mutex_unlock(struct t_mutex *mutex)
{
    (void)pthread_mutex_unlock(&mutex->os);
}

static time_t monotonic_seconds(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec;
}

int t_condition_wait(struct t_condition *condition, struct t_mutex *mutex, const int *flag,
                     unsigned seconds)
{
    time_t end = monotonic_seconds() + (time_t)(seconds < INT_MAX / 2 ? seconds : INT_MAX / 2) + 1;

    /* The clock of conditions may be set while they are waited for. */
    while (!*flag && monotonic_seconds() < end) {
        struct timespec soon;

        clock_gettime(CLOCK_REALTIME, &soon);
        soon.tv_sec++;
        (void)pthread_cond_timedwait(&condition->os, &mutex->os, &soon);
    }
    return *flag != 0;
}

void t_condition_wake_all(struct t_condition *condition)
{
    (void)pthread_cond_broadcast(&condition->os);
}

void t_yield(void)
{
    (void)sched_yield();
}

static void *start(void *thread)
{
    t_thread_main(thread);
    return NULL;
}

int t_thread_start_os(struct t_thread *thread)
{
    return pthread_create(&thread->os, NULL, start, thread) == 0;
}

void t_thread_join_os(struct t_thread *thread)
{
    (void)pthread_join(thread->os, NULL);
}

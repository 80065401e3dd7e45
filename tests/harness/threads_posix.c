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

int t_condition_wait(struct t_condition *condition, struct t_mutex *mutex, const int *flag,
                     unsigned seconds)
{
    struct timespec deadline;
    int rc = 0;

    clock_gettime(CLOCK_REALTIME, &deadline);
    deadline.tv_sec += (time_t)(seconds < INT_MAX / 2 ? seconds : INT_MAX / 2);
    while (!*flag && rc == 0)
        rc = pthread_cond_timedwait(&condition->os, &mutex->os, &deadline);
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

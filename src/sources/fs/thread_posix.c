/* SPDX-License-Identifier: MIT */
/* fs/thread_posix.c - pthreads */
#include "thread.h"

#include <signal.h>

#include <connpt/memory.h>

#include "failure.h"

/* Without attributes none of these can fail on Linux. */
void fs_lock_init(struct fs_lock *lock)
{
    (void)pthread_mutex_init(&lock->lock, NULL);
}

void fs_lock_fini(struct fs_lock *lock)
{
    (void)pthread_mutex_destroy(&lock->lock);
}

void fs_lock_acquire(struct fs_lock *lock)
{
    (void)pthread_mutex_lock(&lock->lock);
}

void fs_lock_release(struct fs_lock *lock)
{
    (void)pthread_mutex_unlock(&lock->lock);
}

void fs_condition_init(struct fs_condition *condition)
{
    (void)pthread_cond_init(&condition->variable, NULL);
}

void fs_condition_fini(struct fs_condition *condition)
{
    (void)pthread_cond_destroy(&condition->variable);
}

void fs_condition_wait(struct fs_condition *condition, struct fs_lock *lock)
{
    (void)pthread_cond_wait(&condition->variable, &lock->lock);
}

void fs_condition_signal_all(struct fs_condition *condition)
{
    (void)pthread_cond_broadcast(&condition->variable);
}

struct start {
    void (*main)(void *context);
    void *context;
};

static void *thread_main(void *argument)
{
    struct start start = *(struct start *)argument;

    connpt_CoTaskMemFree(argument);
    start.main(start.context);
    return NULL;
}

int fs_thread_start(void (*main)(void *context), void *context, struct fs_thread *ret_thread)
{
    struct start *start = connpt_CoTaskMemAlloc(sizeof *start);
    pthread_attr_t attributes;
    sigset_t all, before;
    int error;

    if (start == NULL)
        return FS_NO_MEMORY;
    *start = (struct start){ main, context };
    error = pthread_attr_init(&attributes);
    if (error != 0)
        goto free_start;
    (void)pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    (void)sigfillset(&all);
    (void)pthread_sigmask(SIG_SETMASK, &all, &before);
    error = pthread_create(&ret_thread->id, &attributes, thread_main, start);
    (void)pthread_sigmask(SIG_SETMASK, &before, NULL);
    (void)pthread_attr_destroy(&attributes);
    if (error == 0)
        return 0;
free_start:
    connpt_CoTaskMemFree(start);
    return error;
}

int fs_thread_is_self(const struct fs_thread *thread)
{
    return pthread_equal(thread->id, pthread_self());
}

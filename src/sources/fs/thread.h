/* SPDX-License-Identifier: MIT */
/* fs/thread.h - a lock, waiting for a change under it, and threads: pthreads or Windows' own */
#ifndef CONNPT_FS_THREAD_H
#define CONNPT_FS_THREAD_H

#ifdef _WIN32
#include <connpt/com.h>

struct fs_lock {
    SRWLOCK lock;
};
struct fs_condition {
    CONDITION_VARIABLE variable;
};
struct fs_thread {
    DWORD id;
};
#else
#include <pthread.h>

struct fs_lock {
    pthread_mutex_t lock;
};
struct fs_condition {
    pthread_cond_t variable;
};
struct fs_thread {
    pthread_t id;
};
#endif

void fs_lock_init(struct fs_lock *lock);
void fs_lock_fini(struct fs_lock *lock);
void fs_lock_acquire(struct fs_lock *lock);
void fs_lock_release(struct fs_lock *lock);

void fs_condition_init(struct fs_condition *condition);
void fs_condition_fini(struct fs_condition *condition);
void fs_condition_wait(struct fs_condition *condition, struct fs_lock *lock);
void fs_condition_signal_all(struct fs_condition *condition);

/*
 * fs_thread_start - run @main on a thread that nobody joins; the module stays until it has ended
 *
 * The program's signals are not for it; on Windows it is in the multithreaded apartment, since it
 * calls sinks. *ret_thread is set before this returns, not before @main runs.
 *
 * Returns: 0 or an error number.
 */
int fs_thread_start(void (*main)(void *context), void *context, struct fs_thread *ret_thread);

/* Is it the calling thread? */
int fs_thread_is_self(const struct fs_thread *thread);

#endif

/* SPDX-License-Identifier: MIT */
/*
 * base/mutex.h - the locks of the library, and one-shot events
 *
 * The library never calls foreign code with a lock held. connpt__assert_unlocked() stands
 * before each such call: in debug builds it stops the program when the thread holds one.
 *
 * Trying to lock, also when that fails, and unlocking are as if they were sequentially consistent
 * operations of one word: core/reclaim.c (NOTE) relies on that. POSIX promises less. On Linux and
 * Windows the locks are our own, over what these have to wait for a word; elsewhere they are the
 * system's, with a fence.
 */
#ifndef CONNPT_BASE_MUTEX_H
#define CONNPT_BASE_MUTEX_H

#include <assert.h>
#include <stdint.h>

#include "base/atomic.h"

/* tests/core builds the library in two other ways as well: with the locks of POSIX, and with calls
 * where the uncontended case is compiled in. */
#if (defined(__linux__) || defined(_WIN32)) && !defined(CONNPT_POSIX_LOCKS)
#define CONNPT__WORD_LOCKS
#ifndef CONNPT_OUTLINE_LOCKS
#define CONNPT__INLINE_LOCKS
#endif
typedef uint32_t connpt__mutex_os; /* atomic; see mutex_word.c */
#define CONNPT__MUTEX_OS_INIT 0
#else
#include <pthread.h>
typedef pthread_mutex_t connpt__mutex_os;
#define CONNPT__MUTEX_OS_INIT PTHREAD_MUTEX_INITIALIZER
#endif

/* Not recursive. */
struct connpt__mutex {
    connpt__mutex_os os;
};

/* For a lock that is there from the start; nothing can fail, and it has no connpt__mutex_fini. */
#define CONNPT__MUTEX_INIT                                                                         \
    {                                                                                              \
        CONNPT__MUTEX_OS_INIT                                                                      \
    }

/* Returns 0, or -1 when the system has no resources. */
int connpt__mutex_init(struct connpt__mutex *mutex);
void connpt__mutex_fini(struct connpt__mutex *mutex);

/* The system's part of the three functions below. */
void connpt__mutex_lock_os(struct connpt__mutex *mutex);
int connpt__mutex_trylock_os(struct connpt__mutex *mutex);
void connpt__mutex_unlock_os(struct connpt__mutex *mutex);

#ifndef NDEBUG
/* How many locks of the library this thread holds. */
int connpt__locks_held(void);
void connpt__locks_count(int change);
#define connpt__assert_unlocked() assert(connpt__locks_held() == 0)
#else
#define connpt__locks_count(change) ((void)0)
#define connpt__assert_unlocked() ((void)0)
#endif

static inline void connpt__mutex_lock(struct connpt__mutex *mutex)
{
#ifdef CONNPT__INLINE_LOCKS
    uint32_t free = 0;

    if (!cas_seq(&mutex->os, &free, 1))
#endif
        connpt__mutex_lock_os(mutex);
    connpt__locks_count(1);
}

/* 1: locked; 0: another thread has it */
static inline int connpt__mutex_trylock(struct connpt__mutex *mutex)
{
#ifdef CONNPT__INLINE_LOCKS
    uint32_t free = 0;

    if (!cas_seq(&mutex->os, &free, 1))
        return 0;
#else
    fence_seq(); /* what was written before is seen by whoever has the lock now */
    if (!connpt__mutex_trylock_os(mutex))
        return 0;
#endif
    connpt__locks_count(1);
    return 1;
}

static inline void connpt__mutex_unlock(struct connpt__mutex *mutex)
{
    connpt__locks_count(-1);
#ifdef CONNPT__INLINE_LOCKS
    if (exchange_seq(&mutex->os, 0) != 1)
        connpt__mutex_unlock_os(mutex);
#else
    connpt__mutex_unlock_os(mutex);
    fence_seq(); /* what others wrote before they failed to lock is seen after this */
#endif
}

/* A thread waits once until another one has set it. The system's own structures lie in it. */
struct connpt__event_storage {
    union {
        long long align;
        uint32_t word;
        unsigned char bytes[128];
    } u;
};
int connpt__event_init(struct connpt__event_storage *storage); /* 0, or -1 */
void connpt__event_fini(struct connpt__event_storage *storage);
void connpt__event_set(struct connpt__event_storage *storage);
void connpt__event_wait(struct connpt__event_storage *storage);

#endif

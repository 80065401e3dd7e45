/* SPDX-License-Identifier: MIT */
/*
 * base/mutex.h - the locks of the library, and one-shot events
 *
 * The library never calls foreign code with a lock held. connpt__assert_unlocked() stands
 * before each such call: in debug builds it stops the program when the thread holds one.
 */
#ifndef CONNPT_BASE_MUTEX_H
#define CONNPT_BASE_MUTEX_H

#include <assert.h>

#ifdef _WIN32
#include <connpt/com.h>
typedef CRITICAL_SECTION connpt__mutex_os;
#else
#include <pthread.h>
typedef pthread_mutex_t connpt__mutex_os;
#endif

/* Not recursive. */
struct connpt__mutex {
    connpt__mutex_os os;
};

/* Returns 0, or -1 when the system has no resources. */
int connpt__mutex_init(struct connpt__mutex *mutex);
void connpt__mutex_fini(struct connpt__mutex *mutex);
void connpt__mutex_lock(struct connpt__mutex *mutex);
/*
 * Trylock: 1: locked; 0: another thread has it. What a thread wrote before a trylock that fails
 * can be read by the holder after its unlock: both have their place in the one order of
 * sequentially consistent operations. POSIX does not promise that; core/reclaim.c needs it.
 */
int connpt__mutex_trylock(struct connpt__mutex *mutex);
void connpt__mutex_unlock(struct connpt__mutex *mutex);

/* A thread waits once until another one has set it. The system's own structures lie in it. */
struct connpt__event_storage {
    union {
        long long align;
        unsigned char bytes[128];
    } u;
};
int connpt__event_init(struct connpt__event_storage *storage); /* 0, or -1 */
void connpt__event_fini(struct connpt__event_storage *storage);
void connpt__event_set(struct connpt__event_storage *storage);
void connpt__event_wait(struct connpt__event_storage *storage);

#ifndef NDEBUG
/* How many locks of the library this thread holds. */
int connpt__locks_held(void);
#define connpt__assert_unlocked() assert(connpt__locks_held() == 0)
#else
#define connpt__assert_unlocked() ((void)0)
#endif

#endif

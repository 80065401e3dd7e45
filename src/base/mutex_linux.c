/* SPDX-License-Identifier: MIT */
/*
 * base/mutex_linux.c - mutex.h over futexes
 *
 * The word of a lock: 0 free, 1 taken, 2 taken and somebody may be waiting in the kernel. Who comes
 * out of the kernel takes the lock as 2, because he cannot know whether he was the only one.
 *
 * The word of an event: 0 not set, 1 set, 2 not set and the waiter is in the kernel. The one who
 * sets it touches it no more after the exchange, for the waiter may be gone; the wake-up that
 * follows is of an address, and whoever waits there by then for something else expects idle ones.
 */
#include "base/mutex.h"

#ifdef CONNPT__FUTEX_LOCKS

#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Looks at the word so many times before going to sleep: a callback is short, mostly. */
enum { SPINS = 300 };

#ifdef SYS_futex
#define FUTEX SYS_futex
#else
#define FUTEX SYS_futex_time64 /* 32-bit systems that never had the other one */
#endif

static void futex_wait(uint32_t *word, uint32_t value)
{
    (void)syscall(FUTEX, word, FUTEX_WAIT_PRIVATE, value, NULL, NULL, 0);
}

static void futex_wake_one(uint32_t *word)
{
    (void)syscall(FUTEX, word, FUTEX_WAKE_PRIVATE, 1, NULL, NULL, 0);
}

static void relax(void)
{
#if defined(__x86_64__) || defined(__i386__)
    __builtin_ia32_pause();
#endif
}

int connpt__mutex_init(struct connpt__mutex *mutex)
{
    mutex->os = 0;
    return 0;
}

void connpt__mutex_fini(struct connpt__mutex *mutex)
{
    assert(load_relaxed(&mutex->os) == 0);
    (void)mutex;
}

void connpt__mutex_lock_os(struct connpt__mutex *mutex)
{
    while (exchange_seq(&mutex->os, 2) != 0)
        futex_wait(&mutex->os, 2);
}

void connpt__mutex_unlock_os(struct connpt__mutex *mutex)
{
    futex_wake_one(&mutex->os);
}

int connpt__event_init(struct connpt__event_storage *storage)
{
    storage->u.word = 0;
    return 0;
}

void connpt__event_fini(struct connpt__event_storage *storage)
{
    (void)storage;
}

void connpt__event_set(struct connpt__event_storage *storage)
{
    if (exchange_seq(&storage->u.word, 1) == 2)
        futex_wake_one(&storage->u.word);
}

void connpt__event_wait(struct connpt__event_storage *storage)
{
    uint32_t *word = &storage->u.word;
    uint32_t unset = 0;

    for (int i = 0; i < SPINS; i++) {
        /* Acquire: what the one who set it did comes before. */
        if (load_acquire(word) == 1)
            return;
        relax();
    }
    if (!cas_seq(word, &unset, 2))
        return;
    while (load_acquire(word) != 1)
        futex_wait(word, 2);
}

#endif

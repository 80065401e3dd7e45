/* SPDX-License-Identifier: MIT */
/*
 * base/mutex_word.c - mutex.h over words that a thread can wait for
 *
 * The word of a lock: 0 free, 1 taken, 2 taken and somebody may be waiting in the kernel. Who comes
 * out of the kernel takes the lock as 2, because he cannot know whether he was the only one. Before
 * that he looks for a while whether it is given back.
 *
 * The one who gives it back touches it no more after the exchange, for the next holder may have
 * freed it; the wake-up that follows is of an address, and whoever waits there by then for
 * something else expects idle ones.
 */
#include "base/mutex.h"

#ifdef CONNPT__WORD_LOCKS

#include "base/word_wait.h"

enum { SPINS = 100 };

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

/* Whoever has a lock needs a few dozen instructions, and to sleep takes thousands. */
static int lock_soon(struct connpt__mutex *mutex)
{
    for (int i = 0; i < SPINS; i++) {
        uint32_t free = 0;

        if (load_relaxed(&mutex->os) == 0 && cas_seq(&mutex->os, &free, 1))
            return 1;
        connpt__word_relax();
    }
    return 0;
}

void connpt__mutex_lock_os(struct connpt__mutex *mutex)
{
    if (lock_soon(mutex))
        return;
    while (exchange_seq(&mutex->os, 2) != 0)
        connpt__word_wait(&mutex->os, 2);
}

#ifdef CONNPT__INLINE_LOCKS
void connpt__mutex_unlock_os(struct connpt__mutex *mutex)
{
    connpt__word_wake(&mutex->os);
}
#else
int connpt__mutex_trylock_os(struct connpt__mutex *mutex)
{
    uint32_t free = 0;

    return cas_seq(&mutex->os, &free, 1);
}

void connpt__mutex_unlock_os(struct connpt__mutex *mutex)
{
    if (exchange_seq(&mutex->os, 0) != 1)
        connpt__word_wake(&mutex->os);
}
#endif

#endif

/* SPDX-License-Identifier: MIT */
/*
 * base/event_linux.c - the events of mutex.h over futexes
 *
 * The word of an event: 0 not set, 1 set, 2 not set and the waiter is in the kernel. The one who
 * sets it touches it no more after the exchange, for the waiter may be gone (see mutex_word.c).
 */
#include "base/mutex.h"

#ifdef CONNPT__WORD_LOCKS

#include "base/word_wait.h"

/* Looks at the word so many times before going to sleep: a callback is short, mostly. */
enum { SPINS = 300 };

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
        connpt__word_wake(&storage->u.word);
}

void connpt__event_wait(struct connpt__event_storage *storage)
{
    uint32_t *word = &storage->u.word;
    uint32_t unset = 0;

    for (int i = 0; i < SPINS; i++) {
        /* Acquire: what the one who set it did comes before. */
        if (load_acquire(word) == 1)
            return;
        connpt__word_relax();
    }
    if (!cas_seq(word, &unset, 2))
        return;
    while (load_acquire(word) != 1)
        connpt__word_wait(word, 2);
}

#endif

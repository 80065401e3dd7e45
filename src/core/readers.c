/* SPDX-License-Identifier: MIT */
/* core/readers.c - entering, leaving, and the process's pool of striped counters */
#include "core/readers.h"

#include <stddef.h>

#include "base/atomic.h"

/*
 * A fire allocates nothing, and it is a fire that finds out that a point needs stripes. So they
 * come from static memory (untouched, and so without cost, until it is used). When all sets are
 * taken, further points keep their two counters.
 */
enum { N_SETS = 128 };
static _Alignas(64) struct reader_stripe stripe_sets[N_SETS][READERS_STRIPES];
static unsigned char set_taken[N_SETS]; /* atomic */

static struct reader_stripe *take_set(void)
{
    for (unsigned i = 0; i < N_SETS; i++) {
        /* Acquire: pairs with the release in give_back_set; the counters are at 0 again. */
        if (!load_relaxed(&set_taken[i]) && exchange_acquire(&set_taken[i], 1) == 0)
            return stripe_sets[i];
    }
    return NULL;
}

static void give_back_set(struct reader_stripe *stripes)
{
    for (unsigned i = 0; i < READERS_STRIPES; i++) {
        store_relaxed(&stripes[i].active[0], 0);
        store_relaxed(&stripes[i].active[1], 0);
    }
    store_release(&set_taken[(stripes - stripe_sets[0]) / READERS_STRIPES], 0);
}

void connpt__readers_init(struct readers *readers)
{
    readers->active[0] = 0;
    readers->active[1] = 0;
    readers->phase = 0;
    readers->overlaps = 0;
    readers->stripes = NULL;
}

void connpt__readers_fini(struct readers *readers)
{
    if (readers->stripes != NULL)
        give_back_set(readers->stripes);
}

static unsigned thread_number(void)
{
    static uint32_t n_threads;
    static _Thread_local uint32_t number;

    if (number == 0)
        number = add_relaxed(&n_threads, 1) + 1;
    return number;
}

static void add_stripes(struct readers *readers)
{
    struct reader_stripe *stripes = take_set();
    struct reader_stripe *none = NULL;

    if (stripes == NULL)
        return;
    /*
     * Sequentially consistent: a holder of the lock that reads NULL here, after it cleared a
     * connection's bit, need not look at the stripes: fires that count themselves there do so
     * after this, and find the bit cleared.
     */
    if (!cas_seq(&readers->stripes, &none, stripes))
        give_back_set(stripes);
}

uint32_t *connpt__readers_enter_striped(struct reader_stripe *stripes, uint32_t phase)
{
    uint32_t *counter = &stripes[thread_number() % READERS_STRIPES].active[phase];

    (void)add_seq(counter, 1);
    return counter;
}

void connpt__readers_note_overlap(struct readers *readers)
{
    if (add_relaxed(&readers->overlaps, 1) == READERS_OVERLAPS)
        add_stripes(readers);
}

unsigned connpt__readers_n_counters(const struct readers *readers)
{
    return load_seq(&readers->stripes) != NULL ? READERS_MAX_COUNTERS : 2;
}

uint32_t *connpt__readers_counter(struct readers *readers, unsigned number)
{
    return number < 2 ? &readers->active[number]
                      : &readers->stripes[number / 2 - 1].active[number % 2];
}

unsigned connpt__readers_number(const struct readers *readers, const uint32_t *counter)
{
    size_t offset;

    if (counter == &readers->active[0])
        return 0;
    if (counter == &readers->active[1])
        return 1;
    offset = (size_t)((const char *)counter - (const char *)readers->stripes);
    return (unsigned)(2 + offset / sizeof(struct reader_stripe) * 2 +
                      offset % sizeof(struct reader_stripe) / sizeof(uint32_t));
}

int connpt__readers_idle(struct readers *readers)
{
    unsigned n_counters = connpt__readers_n_counters(readers);

    for (unsigned i = 0; i < n_counters; i++) {
        if (load_seq(connpt__readers_counter(readers, i)) & READERS_COUNT)
            return 0;
    }
    return 1;
}

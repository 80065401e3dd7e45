/* SPDX-License-Identifier: MIT */
/* core/readers.c - entering, leaving, and the process's pool of striped counters */
#include "core/readers.h"

#include <stddef.h>

#include "base/atomic.h"
#include "core/point.h"

/*
 * A fire allocates nothing, and it is a fire that finds out that a point needs stripes. So they
 * come from static memory (untouched, and so without cost, until it is used). When all sets are
 * taken, further points keep their two counters.
 */
enum { N_SETS = 128 };
static _Alignas(64) struct connpt_stripe stripe_sets[N_SETS][READERS_STRIPES];
static uint32_t set_taken[N_SETS]; /* atomic; a byte would need a library on some processors */

static struct connpt_stripe *take_set(void)
{
    for (unsigned i = 0; i < N_SETS; i++) {
        /* Acquire: pairs with the release in give_back_set; the counters are at 0 again. */
        if (!load_relaxed(&set_taken[i]) && exchange_acquire(&set_taken[i], 1) == 0)
            return stripe_sets[i];
    }
    return NULL;
}

static void give_back_set(struct connpt_stripe *stripes)
{
    for (unsigned i = 0; i < READERS_STRIPES; i++) {
        store_relaxed(&stripes[i].active[0], 0);
        store_relaxed(&stripes[i].active[1], 0);
    }
    store_release(&set_taken[(stripes - stripe_sets[0]) / READERS_STRIPES], 0);
}

void connpt__readers_fini(connpt_point *point)
{
    if (point->stripes != NULL)
        give_back_set(point->stripes);
}

void connpt__readers_number_thread(struct connpt_thread *thread)
{
    static uint32_t n_threads;

    if (thread->stripe == 0) {
        size_t number = add_relaxed(&n_threads, 1);

        /* Every other one first: some processors fetch two neighbouring lines together. */
        number = (2 * number + number / (READERS_STRIPES / 2) % 2) % READERS_STRIPES;
        thread->stripe = (1 + number) * CONNPT_STRIPE_BYTES;
    }
}

static void add_stripes(connpt_point *point)
{
    struct connpt_stripe *stripes = take_set();
    struct connpt_stripe *none = NULL;

    if (stripes == NULL)
        return;
    /*
     * Sequentially consistent, both: a holder of the lock that reads NULL here, after it cleared a
     * connection's bit, need not look at the stripes. Fires count themselves there only when they
     * have seen the flag, hence after this, and find the bit cleared.
     */
    if (cas_seq(&point->stripes, &none, stripes))
        (void)or_seq(&point->flags, CONNPT_POINT_STRIPED);
    else
        give_back_set(stripes);
}

void connpt__readers_note_overlap(connpt_point *point)
{
    if (add_relaxed(&point->body->reclaim.overlaps, 1) == READERS_OVERLAPS)
        add_stripes(point);
}

unsigned connpt__readers_n_counters(const connpt_point *point)
{
    return load_seq(&point->stripes) != NULL ? READERS_MAX_COUNTERS : 2;
}

uint32_t *connpt__readers_counter(connpt_point *point, unsigned number)
{
    return number < 2 ? &point->active[number] : &point->stripes[number / 2 - 1].active[number % 2];
}

unsigned connpt__readers_number(const connpt_point *point, const uint32_t *counter)
{
    /* As numbers: a pointer to another point's counter may be compared, but not subtracted. */
    uintptr_t offset = (uintptr_t)counter - (uintptr_t)point->active;
    struct connpt_stripe *stripes = load_relaxed(&point->stripes);

    if (offset < sizeof point->active)
        return (unsigned)(offset / sizeof(uint32_t));
    offset = (uintptr_t)counter - (uintptr_t)stripes;
    if (stripes == NULL || offset >= READERS_STRIPES * sizeof(struct connpt_stripe))
        return READERS_MAX_COUNTERS;
    return (unsigned)(2 + offset / sizeof(struct connpt_stripe) * 2 +
                      offset % sizeof(struct connpt_stripe) / sizeof(uint32_t));
}

uint32_t connpt__readers_striped_bits(connpt_point *point, uint32_t bits)
{
    uint32_t found = 0;

    for (unsigned i = 2; i < READERS_MAX_COUNTERS; i++)
        found |= load_seq(connpt__readers_counter(point, i)) & bits;
    return found;
}

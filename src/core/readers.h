/* SPDX-License-Identifier: MIT */
/*
 * core/readers.h - how many fires of a point are running
 *
 * A fire counts itself in one counter at its begin and takes itself out of the same counter at
 * its end. There are two phases with a counter each; new fires use the current phase, so that
 * after a change of phase the counters of the other one run dry even if somebody is always
 * firing. A point that several threads fire at once gets eight more pairs of counters, each in
 * a cache line of its own, which threads share by number.
 *
 * Counting in is compiled into the callers (<connpt/fire_inline.h>), and so is counting out in the
 * usual case.
 *
 * The upper bits of a counter carry messages between ending fires and holders of the point's
 * lock; reclaim.c explains them.
 */
#ifndef CONNPT_CORE_READERS_H
#define CONNPT_CORE_READERS_H

#include <stddef.h>
#include <stdint.h>

#include <connpt/fire_inline.h>

#include "base/atomic.h"

#define READERS_COUNT 0x000fffffu   /* fires that are running: a million at most */
#define READERS_PARKED 0x3ff00000u  /* a number: those of them that wait inside, see reclaim.c */
#define READERS_NOTE 0x40000000u    /* a fire ended while the lock was taken: look again */
#define READERS_WATCHED 0x80000000u /* someone waits for this counter */
#define READERS_FLAGS (~READERS_COUNT)

enum {
    READERS_PARKED_SHIFT = 20,
    READERS_MAX_PARKED = 0x3ff,
    READERS_STRIPES = 8,
    READERS_MAX_COUNTERS = 2 + 2 * READERS_STRIPES,
    READERS_OVERLAPS = 256 /* begins beside another running fire before a point gets stripes */
};

struct connpt_thread;

struct connpt_stripe {
    uint32_t active[2]; /* by phase; atomic */
    char padding[CONNPT_STRIPE_BYTES - 2 * sizeof(uint32_t)];
};

void connpt__readers_fini(connpt_point *point); /* no fire may be running */

/* Gives the thread its stripe, if it has none yet. */
void connpt__readers_number_thread(struct connpt_thread *thread);

/* A fire has begun beside that of another thread. */
void connpt__readers_note_overlap(connpt_point *point);

/* The current phase, 0 or 1; it changes under the point's lock. */
static inline uint32_t readers_phase(const connpt_point *point)
{
    return (load_relaxed(&point->flags) >> CONNPT_POINT_PHASE_SHIFT) & 1;
}

/* Count it out again, unless someone waits for that: 1 when done. Touches nothing after the
 * count has gone down, because the point may be freed from then on. */
static inline int readers_leave(uint32_t *counter)
{
    uint32_t value = load_relaxed(counter);

    while (!(value & READERS_FLAGS)) {
        /* The release part: what the fire read happened before whoever sees the lower count
         * recycles it. Pairs with the loads in readers_idle and reclaim.c. */
        if (cas_weak_seq(counter, &value, value - 1))
            return 1;
    }
    return 0;
}

/* Counters have numbers; the lowest bit is the phase. READERS_MAX_COUNTERS: not of this point. */
unsigned connpt__readers_n_counters(const connpt_point *point);
uint32_t *connpt__readers_counter(connpt_point *point, unsigned number);
unsigned connpt__readers_number(const connpt_point *point, const uint32_t *counter);

uint32_t connpt__readers_striped_bits(connpt_point *point, uint32_t bits);

/* Which of these bits any counter has. The counters are looked at one after the other. */
static inline uint32_t readers_bits(connpt_point *point, uint32_t bits)
{
    /* Before the counters; see add_stripes. */
    struct connpt_stripe *stripes = load_seq(&point->stripes);
    uint32_t found = load_seq(&point->active[0]);

    found |= load_seq(&point->active[1]);
    if (stripes != NULL)
        found |= connpt__readers_striped_bits(point, bits);
    return found & bits;
}

/* 1 when each counter was seen at 0: then every fire that was running when this call began has
 * ended, and those that began since see what the caller wrote before. */
static inline int readers_idle(connpt_point *point)
{
    return readers_bits(point, READERS_COUNT) == 0;
}

#endif

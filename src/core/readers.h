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
 * The upper bits of a counter carry messages between ending fires and holders of the point's
 * lock; reclaim.c explains them.
 */
#ifndef CONNPT_CORE_READERS_H
#define CONNPT_CORE_READERS_H

#include <stddef.h>
#include <stdint.h>

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

struct reader_stripe {
    uint32_t active[2]; /* by phase; atomic */
    char padding[64 - 2 * sizeof(uint32_t)];
};

struct readers {
    uint32_t active[2];            /* by phase; atomic */
    uint32_t phase;                /* 0 or 1; atomic; changed under the point's lock */
    uint32_t overlaps;             /* atomic */
    struct reader_stripe *stripes; /* NULL, or READERS_STRIPES of them; atomic; set once */
};

void connpt__readers_init(struct readers *readers);
void connpt__readers_fini(struct readers *readers); /* no fire may be running */

uint32_t *connpt__readers_enter_striped(struct reader_stripe *stripes, uint32_t phase);
void connpt__readers_note_overlap(struct readers *readers);

/* Count a fire in, and say where. Never waits. */
static inline uint32_t *readers_enter(struct readers *readers)
{
    struct reader_stripe *stripes = load_seq(&readers->stripes);
    /* Relaxed: a fire that uses the old phase only delays the one who waits for it. */
    uint32_t phase = load_relaxed(&readers->phase);
    uint32_t *counter = &readers->active[phase];

    if (stripes != NULL)
        return connpt__readers_enter_striped(stripes, phase);
    /* Sequentially consistent: comes before the fire's look at the connections. Pairs with
     * connpt__list_remove and unlink_chunk in list.c. */
    if ((add_seq(counter, 1) & READERS_COUNT) != 0)
        connpt__readers_note_overlap(readers);
    return counter;
}

/* Count it out again, unless someone waits for that: 1 when done. Touches nothing after the
 * count has gone down, because the point may be freed from then on. */
static inline int readers_leave(uint32_t *counter)
{
    uint32_t value = load_relaxed(counter);

    while (!(value & READERS_FLAGS)) {
        /* The release part: what the fire read happened before whoever sees the lower count
         * recycles it. Pairs with the loads in connpt__readers_idle and reclaim.c. */
        if (cas_weak_seq(counter, &value, value - 1))
            return 1;
    }
    return 0;
}

/* Counters have numbers; the lowest bit is the phase. */
unsigned connpt__readers_n_counters(const struct readers *readers);
uint32_t *connpt__readers_counter(struct readers *readers, unsigned number);
unsigned connpt__readers_number(const struct readers *readers, const uint32_t *counter);

/* 1 when each counter was seen at 0: then every fire that was running when this call began has
 * ended, and those that began since see what the caller wrote before. */
int connpt__readers_idle(struct readers *readers);

#endif

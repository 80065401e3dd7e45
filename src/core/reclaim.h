/* SPDX-License-Identifier: MIT */
/*
 * core/reclaim.h - when a disconnected sink may be released
 *
 * Whoever removes a connection while fires are running hands the sink to the point; the fire
 * whose end makes it unreachable releases it. reclaim.c has the argument.
 */
#ifndef CONNPT_CORE_RECLAIM_H
#define CONNPT_CORE_RECLAIM_H

#include <stdint.h>

#include <connpt/com.h>

#include "base/mutex.h"
#include "core/chunk.h"
#include "core/readers.h"

/* A wait for the fires that were running when it began (a grace period). */
struct grace {
    uint32_t unseen; /* counters not seen idle since (a mask by number); 0: over */
};

/* A thread in connpt_point_unadvise_sync; on its stack. */
struct sync_waiter {
    struct grace grace;
    uint32_t own[READERS_MAX_COUNTERS]; /* the thread's own fires of this point, by counter */
    int is_inside;                      /* it has some */
    struct sync_waiter *next;
    struct connpt__event_storage over; /* set when the wait is over */
};

enum batch_state {
    BATCH_NONE,
    BATCH_WAITING,  /* for the fires that may still call its sinks */
    BATCH_RELEASING /* its sinks are being taken out, a handful at a time */
};

struct reclaim {
    struct chunk *draining;      /* chunks with slots of the current batch */
    struct chunk *incoming;      /* chunks with slots of the next one only */
    struct sync_waiter *waiters; /* oldest first */
    struct grace batch;
    struct grace owner;     /* see connpt__reclaim_keep_owner */
    uint8_t state;          /* enum batch_state */
    uint8_t parity;         /* which of chunk.pending[] takes new removals */
    uint8_t owner_waits;    /* the running fires hold a reference to the object */
    uint8_t inside_waiters; /* waiters that are inside a fire of this point; 0 or 1 */
    uint32_t overlaps;      /* fires that began beside another one (readers.h); atomic */
};

enum { HARVEST_SINKS = 16 };

/* What a holder of the lock takes out to release after unlocking. */
struct harvest {
    void *sinks[HARVEST_SINKS]; /* what their connections held: agile.h */
    unsigned n_sinks;
    int owner; /* also a reference to the point's object */
    int more;  /* there were more sinks than fit: harvest again */
};

static inline void harvest_init(struct harvest *harvest)
{
    harvest->n_sinks = 0;
    harvest->owner = 0;
    harvest->more = 0;
}

void connpt__reclaim_init(struct reclaim *reclaim);

/* --- with the lock --- */

/* A slot that connpt__list_remove has cleared: its sink is released when no fire can reach it. */
void connpt__reclaim_queue(connpt_point *point, struct chunk *chunk, uint32_t slot);

/* Begin a synchronous wait; @waiter->own and is_inside are set, the event is initialised. */
void connpt__reclaim_wait(connpt_point *point, struct sync_waiter *waiter);

/* The object's last reference has gone while fires are running: they get it. */
void connpt__reclaim_keep_owner(connpt_point *point);

/* Add to @harvest what has become free. Needed after the three above. */
void connpt__reclaim_harvest(connpt_point *point, struct harvest *harvest);

/* Unlock, and release the harvest. The caller keeps the object alive. */
void connpt__reclaim_unlock(connpt_point *point, struct harvest *harvest);

/* --- without the lock --- */

void connpt__reclaim_take_notes(connpt_point *point);

/* What every holder of the lock does after unlocking, if not by connpt__reclaim_unlock, while the
 * object is sure to live: take over the work of fires that ended meanwhile and found the lock
 * taken. */
static inline void reclaim_settle(connpt_point *point)
{
    if (readers_bits(point, READERS_NOTE))
        connpt__reclaim_take_notes(point);
}

/* The end of a fire that readers_leave refused: someone waits for it. Never waits itself. 1: the
 * caller has got a reference to the object, to release. 0: the point may be gone. */
int connpt__reclaim_end_fire(connpt_point *point, uint32_t *counter);

#endif

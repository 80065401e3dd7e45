/* SPDX-License-Identifier: MIT */
/*
 * core/reclaim.c - grace periods: who may release a removed sink, and when
 *
 * The claim. A removed sink is released, and a chunk that left the list is used again, only
 * when no fire can reach it; and some thread that is at work anyway does it, without waiting.
 *
 * What can reach it. A fire that counted itself in (connpt_fire_begin) before the removal cleared
 * the slot's bit may have read the bit, and holds its counter until its end. A fire that counted
 * itself in later finds the bit cleared and the chunk unlinked: both sides are sequentially
 * consistent (connpt__list_remove has the drawing). So it suffices to see each counter at 0 once,
 * at any time after the removal, each at its own time: a counter at 0 proves that the fires which
 * were in it at the removal have ended. That is a grace period: a set of counters not yet seen
 * at 0. It does not matter for its truth which phase is current.
 *
 * Progress. If somebody is always firing, the current phase's counters may never be at 0. So
 * when a grace period lacks counters of the current phase only, the phase changes, and those
 * run dry, because new fires go to the other phase. One grace period leads, and only it asks for
 * changes; if all did, two might undo each other's for ever. What the leader waits for, the
 * others see too, because all look at the same reading of the counters.
 *
 * Batches. Removed slots are marked in their chunk (chunk.pending[parity]). One batch at a time
 * waits; what is removed meanwhile gathers under the other parity and becomes the next batch.
 * No memory is needed. A chunk whose last slot is being removed leaves the list before the
 * batch begins, so the batch covers the chunk too.
 *
 * Who looks. Somebody must look at the counters when the last fire that matters has ended. A
 * counter is WATCHED exactly as long as a grace period lacks it; with the lock not held, this is
 * always so. A fire that ends in a watched counter may just count itself out when others are
 * left there: it is their turn then. The last one must look first, with its own count taken as
 * gone, and then finds that no grace period lacks its counter any more, takes WATCHED off, and
 * counts itself out if nobody put it on again. Whether it may go is decided by the same atomic
 * operation that counts it out; so it cannot happen that two fires see each other and both go:
 *
 *          fire A: looks, sees B         fire B
 *                                        counts out: A is left, 2 -> 1
 *          count out? -> no: WATCHED and last, so look again
 *
 * PARKED is for a synchronous wait inside a fire, which ignores the fires of its own thread: it
 * is over when none but these are left. So their number stands in the counter, and an ending
 * fire is the last one when no others are left. There is one such wait at a time for a point.
 *
 * The ending fire must not wait for the lock (a firing thread never waits), and it must not touch
 * the point after its count has gone down (the object may be freed at once). Hence
 *
 *   NOTE   "I end, and the lock was taken." Set before trylock. If trylock fails, the holder
 *          of that moment is bound to look at the notes after unlocking, before it calls
 *          anything foreign, and looks at the counters again. The fire counts itself out only
 *          while its note is still there: if a holder has taken the note already, that holder
 *          may have counted the fire as running, and the fire begins anew.
 *
 *          fire: NOTE on      holder: takes NOTE off
 *          fire: trylock fails        sees count 1
 *          fire: count down?  -> no: NOTE is off, so set it again, and try again
 *
 * That the holder finds the note rests on one order: the note comes before the failed trylock, and
 * the unlock before the look at the notes. Locks promise less than that; ours do (base/mutex.h).
 *
 * Two threads that meet again and again in exact step, the fire at its trylock whenever the holder
 * has the lock for its note, would go on as long as they keep step. Each round needs a step of
 * both, and any other timing ends it: the fire is lock-free, not wait-free.
 */
#include "core/reclaim.h"

#include <assert.h>
#include <stddef.h>

#include "base/atomic.h"
#include "core/agile.h"
#include "core/object.h"
#include "core/point.h"

void connpt__reclaim_init(struct reclaim *reclaim)
{
    *reclaim = (struct reclaim){ .state = BATCH_NONE };
}

/* ---- grace periods --------------------------------------------------------------------- */

/* A reading of all counters. */
struct reading {
    unsigned n_counters;
    uint32_t running[READERS_MAX_COUNTERS];
};

/* @ending: the counter of a fire that ends and is to be taken as gone, or NULL. */
static void read_counters(connpt_point *point, const uint32_t *ending, struct reading *reading)
{
    reading->n_counters = connpt__readers_n_counters(point);
    for (unsigned i = 0; i < reading->n_counters; i++) {
        uint32_t *counter = connpt__readers_counter(point, i);

        /* Sequentially consistent: comes after the removal that the grace period is for, and
         * after WATCHED was set; and what a fire that has counted itself out read, it has read. */
        reading->running[i] = (load_seq(counter) & READERS_COUNT) - (counter == ending ? 1 : 0);
    }
}

/* @own: how many fires the waiting thread itself is inside of, by counter; NULL: none. */
static void grace_begin(struct grace *grace, connpt_point *point, const uint32_t *own)
{
    unsigned n_counters = connpt__readers_n_counters(point);

    grace->unseen = (1u << n_counters) - 1;
    for (unsigned i = 0; i < n_counters; i++) {
        uint32_t parked = own != NULL ? own[i] << READERS_PARKED_SHIFT : 0;

        /* Before the counters are read: a fire that is counted then finds this at its end. */
        (void)or_seq(connpt__readers_counter(point, i), READERS_WATCHED | parked);
    }
}

static void grace_look(struct grace *grace, const struct reading *reading, const uint32_t *own)
{
    for (unsigned i = 0; i < reading->n_counters; i++) {
        if (reading->running[i] == (own != NULL ? own[i] : 0))
            grace->unseen &= ~(1u << i);
    }
}

/* Does it lack counters of the current phase only? */
static int wants_other_phase(const struct grace *grace, uint32_t phase)
{
    const uint32_t phase_1 = 0xaaaaaaaau; /* counters with odd numbers */
    uint32_t current = phase != 0 ? phase_1 : ~phase_1;

    return grace->unseen != 0 && (grace->unseen & ~current) == 0;
}

/* ---- with the lock --------------------------------------------------------------------- */

static void push_incoming(struct reclaim *reclaim, struct chunk *chunk)
{
    chunk->flags |= CHUNK_QUEUED;
    chunk->pending_next = reclaim->incoming;
    reclaim->incoming = chunk;
}

void connpt__reclaim_queue(connpt_point *point, struct chunk *chunk, uint32_t slot)
{
    struct reclaim *reclaim = &point->body->reclaim;

    chunk->pending[reclaim->parity] |= (uint16_t)(1u << slot);
    if (!(chunk->flags & CHUNK_QUEUED))
        push_incoming(reclaim, chunk);
}

void connpt__reclaim_wait(connpt_point *point, struct sync_waiter *waiter)
{
    struct sync_waiter **end = &point->body->reclaim.waiters;

    while (*end != NULL)
        end = &(*end)->next;
    *end = waiter;
    waiter->next = NULL;
    if (waiter->is_inside)
        point->body->reclaim.inside_waiters = 1;
    grace_begin(&waiter->grace, point, waiter->own);
}

void connpt__reclaim_keep_owner(connpt_point *point)
{
    assert(!point->body->reclaim.owner_waits);
    point->body->reclaim.owner_waits = 1;
    grace_begin(&point->body->reclaim.owner, point, NULL);
}

static void begin_batch(connpt_point *point)
{
    struct reclaim *reclaim = &point->body->reclaim;

    reclaim->draining = reclaim->incoming;
    reclaim->incoming = NULL;
    reclaim->parity ^= 1;
    reclaim->state = BATCH_WAITING;
    grace_begin(&reclaim->batch, point, NULL);
}

/* Take sinks of the finished batch, as many as there is room for. */
static void take_sinks(connpt_point *point, struct harvest *harvest)
{
    struct reclaim *reclaim = &point->body->reclaim;
    unsigned parity = reclaim->parity ^ 1u;
    struct chunk *chunk;

    while ((chunk = reclaim->draining) != NULL) {
        while (chunk->pending[parity] != 0) {
            unsigned slot = (unsigned)__builtin_ctz(chunk->pending[parity]);

            if (harvest->n_sinks == HARVEST_SINKS)
                return;
            harvest->sinks[harvest->n_sinks++] = chunk->pub.sinks[slot];
            chunk->pending[parity] &= (uint16_t)(chunk->pending[parity] - 1);
        }
        reclaim->draining = chunk->pending_next;
        chunk->flags &= (uint8_t)~CHUNK_QUEUED;
        if (chunk->pending[reclaim->parity] != 0)
            push_incoming(reclaim, chunk);
        else
            connpt__list_recycle(point, chunk);
    }
    reclaim->state = BATCH_NONE;
}

static void look_at_waiters(connpt_point *point, const struct reading *reading)
{
    struct sync_waiter **link = &point->body->reclaim.waiters;

    while (*link != NULL) {
        struct sync_waiter *waiter = *link;

        grace_look(&waiter->grace, reading, waiter->own);
        if (waiter->grace.unseen != 0) {
            link = &waiter->next;
            continue;
        }
        *link = waiter->next;
        if (waiter->is_inside)
            point->body->reclaim.inside_waiters = 0;
        connpt__event_set(&waiter->over); /* the waiter's stack frame may go from here on */
    }
}

static void look(connpt_point *point, const uint32_t *ending, struct harvest *harvest)
{
    struct reclaim *reclaim = &point->body->reclaim;
    struct reading reading;

    read_counters(point, ending, &reading);
    look_at_waiters(point, &reading);
    if (reclaim->owner_waits) {
        grace_look(&reclaim->owner, &reading, NULL);
        if (reclaim->owner.unseen == 0) {
            reclaim->owner_waits = 0;
            harvest->owner = 1;
        }
    }
    if (reclaim->state == BATCH_WAITING) {
        grace_look(&reclaim->batch, &reading, NULL);
        if (reclaim->batch.unseen == 0)
            reclaim->state = BATCH_RELEASING;
    }
}

/* The grace period that decides about the phase: where a thread waits, before others. */
static const struct grace *leading_grace(const struct reclaim *reclaim)
{
    if (reclaim->waiters != NULL)
        return &reclaim->waiters->grace;
    if (reclaim->owner_waits)
        return &reclaim->owner;
    return reclaim->state == BATCH_WAITING ? &reclaim->batch : NULL;
}

static int change_phase(connpt_point *point)
{
    const struct grace *leader = leading_grace(&point->body->reclaim);

    if (leader == NULL || !wants_other_phase(leader, readers_phase(point)))
        return 0;
    (void)xor_seq(&point->flags, CONNPT_POINT_PHASE);
    return 1;
}

static void clear_flags(connpt_point *point, uint32_t counters, uint32_t flags)
{
    unsigned n_counters = connpt__readers_n_counters(point);

    for (unsigned i = 0; i < n_counters; i++) {
        uint32_t *counter = connpt__readers_counter(point, i);

        if ((counters & 1u << i) && (load_seq(counter) & flags))
            (void)and_seq(counter, ~flags);
    }
}

/* Leaves WATCHED and PARKED where somebody lacks the counter. */
static void update_flags(connpt_point *point)
{
    const struct reclaim *reclaim = &point->body->reclaim;
    uint32_t watched = 0, parked = 0;

    if (reclaim->state == BATCH_WAITING)
        watched |= reclaim->batch.unseen;
    if (reclaim->owner_waits)
        watched |= reclaim->owner.unseen;
    for (const struct sync_waiter *w = reclaim->waiters; w != NULL; w = w->next) {
        watched |= w->grace.unseen;
        if (w->is_inside)
            parked |= w->grace.unseen;
    }
    clear_flags(point, ~watched, READERS_WATCHED);
    clear_flags(point, ~parked, READERS_PARKED);
}

/* @ending: the counter of a fire that ends and is to be taken as gone, or NULL. */
static void harvest_lock_held(connpt_point *point, uint32_t *ending, struct harvest *harvest)
{
    struct reclaim *reclaim = &point->body->reclaim;

    clear_flags(point, ~0u, READERS_NOTE);
    for (;;) {
        look(point, ending, harvest);
        if (reclaim->state == BATCH_RELEASING)
            take_sinks(point, harvest);
        if (reclaim->state == BATCH_NONE && reclaim->incoming != NULL) {
            begin_batch(point);
            continue;
        }
        if (!change_phase(point))
            break;
    }
    harvest->more = reclaim->state == BATCH_RELEASING;
    update_flags(point);
}

void connpt__reclaim_harvest(connpt_point *point, struct harvest *harvest)
{
    harvest_lock_held(point, NULL, harvest);
}

/* ---- unlocking ------------------------------------------------------------------------- */

/* Nothing foreign is called before all notes are somebody else's: it might wait for a thread
 * that waits for what a note tells. */
static void unlock_and_look(connpt_point *point, uint32_t *ending, struct harvest *harvest)
{
    for (;;) {
        connpt__mutex_unlock(&point->body->mutex);
        if (!readers_bits(point, READERS_NOTE) || !connpt__mutex_trylock(&point->body->mutex))
            return;
        harvest_lock_held(point, ending, harvest);
    }
}

static void release_sinks(struct harvest *harvest)
{
    connpt__assert_unlocked();
    for (unsigned i = 0; i < harvest->n_sinks; i++)
        held_release(harvest->sinks[i]);
}

void connpt__reclaim_unlock(connpt_point *point, struct harvest *harvest)
{
    for (;;) {
        unlock_and_look(point, NULL, harvest);
        release_sinks(harvest);
        if (harvest->owner)
            connpt__object_release_own(object_of(point->owner));
        if (!harvest->more)
            return;
        harvest_init(harvest);
        connpt__mutex_lock(&point->body->mutex);
        harvest_lock_held(point, NULL, harvest);
    }
}

void connpt__reclaim_take_notes(connpt_point *point)
{
    struct harvest harvest;

    if (!connpt__mutex_trylock(&point->body->mutex))
        return; /* the notes are the holder's */
    harvest_init(&harvest);
    harvest_lock_held(point, NULL, &harvest);
    connpt__reclaim_unlock(point, &harvest);
}

/* ---- the end of a fire ------------------------------------------------------------------- */

/* Count out, unless somebody's wait may end with it. */
static int leave(uint32_t *counter)
{
    uint32_t value = load_seq(counter);

    while (!(value & READERS_FLAGS) ||
           (value & READERS_COUNT) > ((value & READERS_PARKED) >> READERS_PARKED_SHIFT) + 1) {
        if (cas_weak_seq(counter, &value, value - 1))
            return 1;
    }
    return 0;
}

/* Count out while the note is there. */
static int leave_with_note(uint32_t *counter)
{
    uint32_t value = load_seq(counter);

    while (value & READERS_NOTE) {
        if (cas_weak_seq(counter, &value, value - 1))
            return 1;
    }
    return 0;
}

int connpt__reclaim_end_fire(connpt_point *point, uint32_t *counter)
{
    int has_owner = 0; /* the reference that connpt__reclaim_keep_owner gave to the fires */
    struct harvest harvest;

    harvest_init(&harvest);
    while (harvest.more || !leave(counter)) {
        harvest_init(&harvest);
        (void)or_seq(counter, READERS_NOTE);
        if (!connpt__mutex_trylock(&point->body->mutex)) {
            if (leave_with_note(counter))
                break;
            continue;
        }
        harvest_lock_held(point, counter, &harvest);
        unlock_and_look(point, counter, &harvest);
        release_sinks(&harvest);
        has_owner |= harvest.owner;
    }
    return has_owner;
}

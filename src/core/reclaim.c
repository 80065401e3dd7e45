/* SPDX-License-Identifier: MIT */
/*
 * core/reclaim.c - grace periods: who may release a removed sink, and when
 *
 * The claim. A removed sink is released, and a chunk that left the list is used again, only
 * when no fire can reach it; and some thread that is at work anyway does it, without waiting.
 *
 * What can reach it. A fire that counted itself in (readers_enter) before the removal cleared
 * the slot's bit may have read the bit, and holds its counter until its end. A fire that counted
 * itself in later finds the bit cleared and the chunk unlinked: both sides are sequentially
 * consistent (list_remove has the drawing). So it suffices to see each counter at 0 once, at
 * any time after the removal, each at its own time: a counter at 0 proves that the fires which
 * were in it at the removal have ended. That is a grace period: a set of counters not yet seen
 * at 0. It does not matter for its truth which phase is current.
 *
 * Progress. If somebody is always firing, the current phase's counters may never be at 0. So
 * when a grace period lacks counters of the current phase only, the phase changes, and those
 * run dry, because new fires go to the other phase. One change for each harvest, so that two
 * grace periods that want opposite changes both get their turn.
 *
 * Batches. Removed slots are marked in their chunk (chunk.pending[parity]). One batch at a time
 * waits; what is removed meanwhile gathers under the other parity and becomes the next batch.
 * No memory is needed. A chunk whose last slot is being removed leaves the list before the
 * batch begins, so the batch covers the chunk too.
 *
 * Who looks. Somebody must look at the counters when the last fire that matters has ended. A
 * grace period sets WATCHED in every counter; an ending fire that finds it does not just count
 * itself out but comes to reclaim_end_fire. There it must not wait for the lock (a firing
 * thread never waits), and it must not touch the point after its count has gone down (the
 * object may be freed at once). Hence the two flags:
 *
 *   NOTE   "I end, and the lock was taken." Set before trylock. If trylock fails, the holder
 *          of that moment is bound to look at the notes after unlocking (reclaim_settle), and
 *          looks again. The fire counts itself out only while its note is still there: if a
 *          holder has taken the note already, that holder may have counted the fire as running,
 *          and the fire begins anew.
 *
 *          fire: NOTE on      holder: takes NOTE off
 *          fire: trylock fails        sees count 1
 *          fire: count down?  -> no: NOTE is off, so set it again, and try again
 *
 *   FRESH  "A grace period began." A fire that got the lock looks at the counters with its own
 *          count taken as gone, unlocks, releases what it found, and then counts itself out -
 *          but if a grace period began in between, it was counted as running, and looks again.
 *
 * AWAITED marks counters of a synchronous wait. Such a wait ignores the fires of its own
 * thread, so it may be over when a counter falls to another value than 0; other grace periods
 * need only be looked at when the last fire leaves a counter.
 */
#include "core/reclaim.h"

#include <assert.h>
#include <stddef.h>

#include "base/atomic.h"
#include "core/object.h"
#include "core/point.h"

void reclaim_init(struct reclaim *reclaim)
{
    *reclaim = (struct reclaim){ .state = BATCH_NONE };
}

/* ---- grace periods --------------------------------------------------------------------- */

/* The count of a counter without the fire that is ending (@ending: its counter, or NULL). */
static uint32_t running(uint32_t value, const uint32_t *counter, const uint32_t *ending)
{
    return (value & READERS_COUNT) - (counter == ending ? 1 : 0);
}

static void grace_begin(struct grace *grace, struct point *point, uint32_t extra_flag,
                        const uint32_t *own, const uint32_t *ending)
{
    unsigned n_counters = readers_n_counters(&point->readers);

    grace->unseen = 0;
    for (unsigned i = 0; i < n_counters; i++) {
        uint32_t *counter = readers_counter(&point->readers, i);
        /* Sequentially consistent: a fire whose count this does not show ends, if at all,
         * before; any other finds the flags at its end (readers_leave). */
        uint32_t value = or_seq(counter, READERS_WATCHED | READERS_FRESH | extra_flag);

        if (running(value, counter, ending) != (own != NULL ? own[i] : 0))
            grace->unseen |= 1u << i;
    }
}

static void grace_look(struct grace *grace, struct point *point, const uint32_t *own,
                       const uint32_t *ending)
{
    uint32_t unseen = grace->unseen;

    while (unseen != 0) {
        unsigned i = (unsigned)__builtin_ctz(unseen);
        uint32_t *counter = readers_counter(&point->readers, i);

        /* Acquire: pairs with the fire's count down; what it read, it has read. */
        if (running(load_seq(counter), counter, ending) == (own != NULL ? own[i] : 0))
            grace->unseen &= ~(1u << i);
        unseen &= unseen - 1;
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

void reclaim_queue(struct point *point, struct chunk *chunk, uint32_t slot)
{
    struct reclaim *reclaim = &point->reclaim;

    chunk->pending[reclaim->parity] |= (uint16_t)(1u << slot);
    if (!(chunk->flags & CHUNK_QUEUED))
        push_incoming(reclaim, chunk);
}

void reclaim_wait(struct point *point, struct sync_waiter *waiter)
{
    struct sync_waiter **end = &point->reclaim.waiters;

    while (*end != NULL)
        end = &(*end)->next;
    *end = waiter;
    waiter->next = NULL;
    if (waiter->is_inside)
        point->reclaim.inside_waiters = 1;
    grace_begin(&waiter->grace, point, READERS_AWAITED, waiter->own, NULL);
}

void reclaim_keep_owner(struct point *point)
{
    assert(!point->reclaim.owner_waits);
    point->reclaim.owner_waits = 1;
    grace_begin(&point->reclaim.owner, point, 0, NULL, NULL);
}

static void begin_batch(struct point *point, const uint32_t *ending)
{
    struct reclaim *reclaim = &point->reclaim;

    reclaim->draining = reclaim->incoming;
    reclaim->incoming = NULL;
    reclaim->parity ^= 1;
    reclaim->state = BATCH_WAITING;
    grace_begin(&reclaim->batch, point, 0, NULL, ending);
}

/* Take sinks of the finished batch, as many as there is room for. */
static void take_sinks(struct point *point, struct harvest *harvest)
{
    struct reclaim *reclaim = &point->reclaim;
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
            list_recycle(&point->list, chunk);
    }
    reclaim->state = BATCH_NONE;
}

static void look_at_waiters(struct point *point, const uint32_t *ending)
{
    struct sync_waiter **link = &point->reclaim.waiters;

    while (*link != NULL) {
        struct sync_waiter *waiter = *link;

        grace_look(&waiter->grace, point, waiter->own, ending);
        if (waiter->grace.unseen != 0) {
            link = &waiter->next;
            continue;
        }
        *link = waiter->next;
        if (waiter->is_inside)
            point->reclaim.inside_waiters = 0;
        connpt__event_set(&waiter->over); /* the waiter's stack frame may go from here on */
    }
}

static void look(struct point *point, const uint32_t *ending, struct harvest *harvest)
{
    struct reclaim *reclaim = &point->reclaim;

    look_at_waiters(point, ending);
    if (reclaim->owner_waits) {
        grace_look(&reclaim->owner, point, NULL, ending);
        if (reclaim->owner.unseen == 0) {
            reclaim->owner_waits = 0;
            harvest->owner = 1;
        }
    }
    if (reclaim->state == BATCH_WAITING) {
        grace_look(&reclaim->batch, point, NULL, ending);
        if (reclaim->batch.unseen == 0)
            reclaim->state = BATCH_RELEASING;
    }
}

/* Change the phase if that lets the oldest grace period that needs it go on. */
static int change_phase(struct point *point)
{
    struct reclaim *reclaim = &point->reclaim;
    uint32_t phase = point->readers.phase;
    int wanted = (reclaim->state == BATCH_WAITING && wants_other_phase(&reclaim->batch, phase)) ||
                 (reclaim->owner_waits && wants_other_phase(&reclaim->owner, phase));

    for (struct sync_waiter *w = reclaim->waiters; w != NULL && !wanted; w = w->next)
        wanted = wants_other_phase(&w->grace, phase);
    if (wanted)
        store_seq(&point->readers.phase, phase ^ 1);
    return wanted;
}

static void clear_flags(struct point *point, uint32_t flags)
{
    unsigned n_counters = readers_n_counters(&point->readers);

    for (unsigned i = 0; i < n_counters; i++) {
        uint32_t *counter = readers_counter(&point->readers, i);

        if (load_seq(counter) & flags)
            (void)and_seq(counter, ~flags);
    }
}

static int anybody_waits(const struct reclaim *reclaim)
{
    return reclaim->state != BATCH_NONE || reclaim->owner_waits || reclaim->waiters != NULL;
}

/* @ending: the counter of a fire that ends and is to be taken as gone, or NULL. */
static void harvest_lock_held(struct point *point, uint32_t *ending, struct harvest *harvest)
{
    struct reclaim *reclaim = &point->reclaim;
    int phase_changed = 0;

    harvest->n_sinks = 0;
    harvest->owner = 0;
    clear_flags(point, READERS_NOTE);
    for (;;) {
        look(point, ending, harvest);
        if (reclaim->state == BATCH_RELEASING)
            take_sinks(point, harvest);
        if (reclaim->state == BATCH_RELEASING)
            break; /* the harvest is full */
        if (reclaim->state == BATCH_NONE && reclaim->incoming != NULL) {
            begin_batch(point, ending);
            continue;
        }
        if (phase_changed || !change_phase(point))
            break;
        phase_changed = 1;
    }
    if (!anybody_waits(reclaim))
        clear_flags(point, READERS_FLAGS);
    else if (ending != NULL)
        (void)and_seq(ending, ~READERS_FRESH);
    if (reclaim->state == BATCH_RELEASING) /* more to take: so that reclaim_settle comes back */
        (void)or_seq(readers_counter(&point->readers, 0), READERS_NOTE);
}

void reclaim_harvest(struct point *point, struct harvest *harvest)
{
    harvest_lock_held(point, NULL, harvest);
}

/* ---- without the lock ------------------------------------------------------------------ */

static void release_sinks(struct harvest *harvest)
{
    connpt__assert_unlocked();
    for (unsigned i = 0; i < harvest->n_sinks; i++)
        IUnknown_Release(harvest->sinks[i]);
    harvest->n_sinks = 0;
}

void harvest_release(struct point *point, struct harvest *harvest)
{
    release_sinks(harvest);
    if (harvest->owner)
        object_release_own(point->owner);
}

static int has_notes(struct point *point)
{
    unsigned n_counters = readers_n_counters(&point->readers);

    for (unsigned i = 0; i < n_counters; i++) {
        if (load_seq(readers_counter(&point->readers, i)) & READERS_NOTE)
            return 1;
    }
    return 0;
}

void reclaim_settle(struct point *point)
{
    struct harvest harvest;

    while (has_notes(point)) {
        if (!connpt__mutex_trylock(&point->mutex))
            return; /* then the notes are its holder's */
        harvest_lock_held(point, NULL, &harvest);
        connpt__mutex_unlock(&point->mutex);
        harvest_release(point, &harvest);
    }
}

/* Count down while @required is set and @forbidden is not. 1 when done. */
static int count_out(uint32_t *counter, uint32_t required, uint32_t forbidden)
{
    uint32_t value = load_seq(counter);

    while ((value & required) == required && (value & forbidden) == 0) {
        if (cas_weak_seq(counter, &value, value - 1))
            return 1;
    }
    return 0;
}

/* Not the last one in its counter, and no synchronous wait: nobody's wait ends with this fire. */
static int leave_to_others(uint32_t *counter)
{
    uint32_t value = load_seq(counter);

    while ((value & READERS_COUNT) > 1 && !(value & READERS_AWAITED)) {
        if (cas_weak_seq(counter, &value, value - 1))
            return 1;
    }
    return 0;
}

void reclaim_end_fire(struct point *point, uint32_t *counter)
{
    struct object *owner = point->owner;
    struct harvest harvest;
    int has_owner = 0; /* the reference that reclaim_keep_owner gave to the fires */

    for (;;) {
        if (leave_to_others(counter))
            break;
        (void)or_seq(counter, READERS_NOTE);
        if (!connpt__mutex_trylock(&point->mutex)) {
            if (count_out(counter, READERS_NOTE, 0))
                break;
            continue;
        }
        harvest_lock_held(point, counter, &harvest);
        connpt__mutex_unlock(&point->mutex);
        has_owner |= harvest.owner;
        release_sinks(&harvest);
        if (!has_notes(point) && count_out(counter, 0, READERS_NOTE | READERS_FRESH))
            break;
    }
    /* Counted out: the point may be gone, unless this fire has the object's last reference. */
    if (has_owner)
        object_release_own(owner);
}

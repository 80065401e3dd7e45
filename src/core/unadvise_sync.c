/* SPDX-License-Identifier: MIT */
/* core/unadvise_sync.c - the Unadvise that waits until its sink is left alone */
#include <connpt/point.h>

#include "base/mutex.h"
#include "core/agile.h"
#include "core/object.h"
#include "core/point.h"

/*
 * With the lock, the connection just removed. Decides who releases the sink: this thread after
 * waiting (1), or, because it is inside a fire of the point, the fires (0, it may still have to
 * wait for other threads).
 */
static int begin_sync_wait(connpt_point *point, struct sync_waiter *waiter, struct chunk *chunk,
                           uint32_t slot)
{
    uint32_t n_own;
    int is_lost = connpt__fire_own_holds(point, waiter->own, &n_own) != 0;

    waiter->is_inside = is_lost || n_own != 0;
    if (!waiter->is_inside) {
        chunk->awaited |= (uint16_t)(1u << slot);
        connpt__reclaim_wait(point, waiter);
        return 1;
    }
    connpt__reclaim_queue(point, chunk, slot);
    /* Two threads inside fires of this point might each wait for the other's fire. And who does
     * not know his own fires might wait for one of these. */
    if (point->body->reclaim.inside_waiters || is_lost)
        connpt__event_set(&waiter->over);
    else
        connpt__reclaim_wait(point, waiter);
    return 0;
}

/* Nothing can reach the slot any more: take the sink out. */
static void *take_awaited(connpt_point *point, struct chunk *chunk, uint32_t slot)
{
    void *held = chunk->pub.sinks[slot];

    connpt__mutex_lock(&point->body->mutex);
    chunk->awaited &= (uint16_t) ~(1u << slot);
    connpt__list_recycle(point, chunk);
    connpt__mutex_unlock(&point->body->mutex);
    reclaim_settle(point);
    return held;
}

/* The same with the lock, which it gives back: waits, and releases the sink if that is for us to
 * do. */
static int wait_and_release(connpt_point *point, struct sync_waiter *waiter, struct chunk *chunk,
                            uint32_t slot)
{
    int is_ours = begin_sync_wait(point, waiter, chunk, slot);
    struct harvest harvest;

    harvest_init(&harvest);
    connpt__reclaim_harvest(point, &harvest);
    connpt__reclaim_unlock(point, &harvest);
    connpt__event_wait(&waiter->over);
    if (is_ours)
        held_release(take_awaited(point, chunk, slot));
    return is_ours;
}

HRESULT connpt_point_unadvise_sync(IConnectionPoint *iface, DWORD cookie)
{
    struct sync_waiter waiter;
    connpt_point *point;
    struct chunk *chunk;
    uint32_t slot;
    int is_ours;

    if (iface == NULL)
        return E_POINTER;
    point = connpt_point_from_iface(iface);
    if (point == NULL)
        return E_NOINTERFACE;
    if (point_body(point) == NULL)
        return CONNECT_E_NOCONNECTION;
    if (connpt__event_init(&waiter.over) != 0)
        return E_OUTOFMEMORY;

    object_hold(object_of(point->owner));
    connpt__mutex_lock(&point->body->mutex);
    chunk = connpt__list_find(point, cookie, &slot);
    if (chunk == NULL) {
        connpt__mutex_unlock(&point->body->mutex);
        reclaim_settle(point);
        object_let_go(object_of(point->owner));
        connpt__event_fini(&waiter.over);
        return CONNECT_E_NOCONNECTION;
    }
    connpt__point_remove(point, chunk, slot);
    is_ours = connpt__point_release_if_idle(point, chunk, slot) ||
              wait_and_release(point, &waiter, chunk, slot);
    connpt__event_fini(&waiter.over);
    point_notify_owner(point);
    object_let_go(object_of(point->owner));
    return is_ours ? S_OK : S_FALSE;
}

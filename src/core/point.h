/* SPDX-License-Identifier: MIT */
/*
 * core/point.h - one IConnectionPoint of an object
 *
 * A point has an identity of its own and shares its object's reference count: it lives exactly
 * as long as the object.
 *
 * A point that nobody ever connected to is one cache line, struct connpt_point. What connecting
 * needs is its body, which is there from the start if the object has few points, and comes with the
 * first Advise otherwise. Once there it stays.
 */
#ifndef CONNPT_CORE_POINT_H
#define CONNPT_CORE_POINT_H

#include <connpt/point.h>

#include "base/atomic.h"
#include "base/mutex.h"
#include "core/list.h"
#include "core/readers.h"
#include "core/reclaim.h"

struct object;

/* Bits of connpt_point.flags, beside CONNPT_SOURCE_... and CONNPT_POINT_... */
enum {
    POINT_CLOSED = 0x1000,
    POINT_LISTENING = 0x2000, /* the last call of the class's `listening` said TRUE */
    POINT_NOTIFYING = 0x4000, /* a thread is making such calls; others leave them to it */
    POINT_ADDED = 0x8000,     /* not in the class's table: a struct added_point */
    POINT_OWNS_BODY = 0x10000 /* the body is an allocation of its own */
};

struct connpt_point_body {
    struct connpt__mutex mutex; /* list, reclaim; never held while calling strangers */
    struct list list;
    struct reclaim reclaim;
};

_Static_assert(sizeof(void *) != 8 || sizeof(struct connpt_point) == 64,
               "what a fire begins with is one cache line");
#ifdef CONNPT__WORD_LOCKS
_Static_assert(sizeof(void *) != 8 || sizeof(struct connpt_point) + sizeof(struct chunk) +
                                              sizeof(struct connpt_point_body) <=
                                          320,
               "a point with room for ten is small");
#endif

/* Of a zeroed @point: all but its body. */
void connpt__point_init(connpt_point *point, struct object *owner, uint32_t flags);

/* Gives @point a body that lies in the object. 0, or -1 when the system has no resources for a
 * lock. */
int connpt__point_init_body(connpt_point *point, struct connpt_point_body *body,
                            struct chunk *embedded);
void connpt__point_fini(connpt_point *point); /* closed, and no fire is running */

/* With the lock: the connection ends, and no fire that begins now calls it. Its sink is still in
 * its slot. */
void connpt__point_remove(connpt_point *point, struct chunk *chunk, uint32_t slot);

/* With the lock, a connection just removed: when no fire is running, gives the lock back, releases
 * the sink, and returns 1. */
int connpt__point_release_if_idle(connpt_point *point, struct chunk *chunk, uint32_t slot);

/* Without the lock, after any change of an object whose class has a `listening`. */
void connpt__point_tell_listening(connpt_point *point);

/* Drop every connection and refuse new ones. */
void connpt__point_close(connpt_point *point);

/* End the connection in a slot that a fire of this thread has just called, if it is still
 * there, because its sink says that it has gone. */
void connpt__point_drop(connpt_point *point, struct chunk *chunk, uint32_t slot);

static inline struct connpt_point_body *point_body(connpt_point *point)
{
    /* Acquire: pairs with the exchange in need_body. */
    return load_acquire(&point->body);
}

/* fire.c: how many fires of @point this thread is inside of, by counter number, and their sum. -1:
 * it is inside of so many fires that it does not know. */
int connpt__fire_own_holds(const connpt_point *point, uint32_t own[READERS_MAX_COUNTERS],
                           uint32_t *ret_sum);

/* The slot of the sink that a fire has handed out last; @live: connpt_fire.live. */
static inline uint32_t fire_slot(uint32_t live)
{
    return (uint32_t)__builtin_ctz(live) - CONNPT_FIRE_SLOT_SHIFT;
}

/* enum_connections.c */
HRESULT connpt__enum_connections_create(connpt_point *point, IEnumConnections **ret_enum);

#endif

/* SPDX-License-Identifier: MIT */
/*
 * core/point.h - one IConnectionPoint of an object
 *
 * A point has an identity of its own and shares its object's reference count: it lives exactly
 * as long as the object.
 */
#ifndef CONNPT_CORE_POINT_H
#define CONNPT_CORE_POINT_H

#include <connpt/point.h>

#include "base/mutex.h"
#include "core/list.h"
#include "core/readers.h"
#include "core/reclaim.h"

struct object;

enum {
    POINT_CLOSED = 0x100,    /* of head.flags, beside CONNPT_SOURCE_... */
    POINT_LISTENING = 0x200, /* the last call of the class's `listening` said TRUE */
    POINT_NOTIFYING = 0x400, /* a thread is making such calls; others leave them to it */
    POINT_AGGREGATED = 0x800 /* the object has an outer one, which a fire must keep */
};

struct point {
    struct connpt_point head; /* flags, n_connections: atomic, written under the lock */
    struct list list;         /* first, tail: read by fires */
    struct readers readers;
    struct object *owner;
    IID iid;
    uint32_t limit;             /* connections; 0: none */
    uint32_t dropped;           /* connections ended because their sink was dead; atomic */
    struct point *next;         /* of the object; atomic, set once */
    struct connpt__mutex mutex; /* list, reclaim, flags; never held while calling strangers */
    struct reclaim reclaim;
    struct chunk embedded; /* room for ten connections */
};

/* 0, or -1 when the system has no resources for a lock. @first_key: see list.h. */
int connpt__point_init(struct point *point, struct object *owner,
                       const struct connpt_source *source, uint32_t first_key);
void connpt__point_fini(struct point *point); /* closed, and no fire is running */

/* Drop every connection and refuse new ones. */
void connpt__point_close(struct point *point);

/* End the connection in a slot that a fire of this thread has just called, if it is still
 * there, because its sink says that it has gone. */
void connpt__point_drop(struct point *point, struct chunk *chunk, uint32_t slot);

static inline struct point *point_of(connpt_point *head)
{
    return container_of(head, struct point, head);
}

static inline IConnectionPoint *point_iface(struct point *point)
{
    return connpt_point_iface(&point->head);
}

/* fire.c: how many fires of @point this thread is inside of, by counter number. The sum. */
uint32_t connpt__fire_own_holds(struct point *point, uint32_t own[READERS_MAX_COUNTERS]);

/* The slot of the sink that a fire has handed out last. */
static inline uint32_t fire_slot(const struct connpt_fire *fire)
{
    return (uint32_t)__builtin_ctz(fire->live) - 1;
}

/* enum_connections.c */
HRESULT connpt__enum_connections_create(struct point *point, IEnumConnections **ret_enum);

#endif

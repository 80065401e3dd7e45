/* SPDX-License-Identifier: MIT */
/*
 * connpt/point.h - one outgoing interface of an object: its IConnectionPoint
 *
 * Clients use IConnectionPoint; the owner also has the functions below, and <connpt/fire.h>.
 */
#ifndef CONNPT_POINT_H
#define CONNPT_POINT_H

#include <connpt/object.h>

CONNPT_BEGIN_DECLS

/*
 * A point: one cache line, with all that a fire reads before it comes to the sinks. The layout is
 * part of the ABI, because the begin and the end of a fire are compiled into callers
 * (<connpt/fire_inline.h>). `n_connections` may be read at any time, by any thread, to skip the
 * work of making an event that nobody hears (connpt_point_has_sinks); the rest is the library's.
 */
struct connpt_point {
    const void *IConnectionPoint_vtbl; /* a point is an IConnectionPoint */
    uint32_t n_connections;            /* live connections; atomic */
    uint32_t flags;                    /* CONNPT_SOURCE_..., CONNPT_POINT_...; atomic */
    struct connpt_chunk *first;        /* connections in the order of Advise; never NULL; atomic */
    struct connpt_chunk *tail;         /* the last of them; never NULL; atomic */
    uint32_t active[2];                /* how many fires run, by phase; atomic */
    struct connpt_stripe *stripes;     /* more such counts; NULL until needed; atomic */
    struct connpt_point_body *body;    /* what fires do not need; NULL until the first Advise */
    struct connpt_object *owner;       /* the object whose point this is */
};

enum {
    CONNPT_POINT_PHASE = 0x100,     /* in which of `active` a fire counts itself now */
    CONNPT_POINT_STRIPED = 0x200,   /* it counts itself in `stripes` */
    CONNPT_POINT_AGGREGATED = 0x400 /* the object has an outer one, which a fire must keep */
};

/* connpt_point_iface - the point as the COM interface, borrowed */
static inline IConnectionPoint *connpt_point_iface(connpt_point *point)
{
    return (IConnectionPoint *)(void *)point;
}

/*
 * connpt_point_has_sinks - is anybody connected?
 *
 * A connection whose Advise returned before this call (in the sense of the program's own
 * ordering) is seen.
 *
 * Threads: any.
 * Cost:    one load.
 * Source:  CONTRACT F-8.
 */
static inline int connpt_point_has_sinks(const connpt_point *point)
{
#if defined(__GNUC__)
    return __atomic_load_n(&point->n_connections, __ATOMIC_ACQUIRE) != 0;
#else
    return *(const volatile uint32_t *)&point->n_connections != 0;
#endif
}

/* connpt_point_from_iface - the point behind an interface pointer; NULL when it is another
 * implementation's (or a proxy), or NULL */
CONNPT_API connpt_point *connpt_point_from_iface(IConnectionPoint *iface);

/* connpt_point_connections - how many connections are live now; one load, on any thread */
CONNPT_API uint32_t connpt_point_connections(const connpt_point *point);

/* connpt_point_dropped - how many connections were ended by CONNPT_SOURCE_DROP_DEAD so far; one
 * load, on any thread. Source: CONTRACT F-7. */
CONNPT_API uint32_t connpt_point_dropped(const connpt_point *point);

/*
 * connpt_point_unadvise_sync - end a connection, and wait until its sink is left alone
 *
 * @point:  any IConnectionPoint; borrowed
 * @cookie: what Advise returned
 *
 * Returns:
 *   S_OK: no call to this connection is running, none will start, and the sink was released on
 *     the calling thread (with CONNPT_SOURCE_AGILE: in its own apartment).
 *   S_FALSE: called from inside a fire of this point, so that calls further up the caller's own
 *     stack are still running: every other thread's calls have ended; or, when another thread
 *     waits from inside a fire of this point too, waiting was given up, because the two might
 *     wait for each other (or because the caller is inside of more than 14 fires, one in the
 *     other, of any points). The last fire that can still reach the sink releases it.
 *   CONNECT_E_NOCONNECTION: unknown cookie.
 *   E_POINTER: @point is NULL.
 *   E_NOINTERFACE: not a point of this library.
 *   E_OUTOFMEMORY: the system has nothing left to wait with.
 * With a failure nothing was changed.
 *
 * Threads: any. Waits for the fires of this point that run now on other threads, and perhaps for
 *          some that begin before these have ended, but not for an endless row of fires. Two
 *          threads that each wait, inside a fire of one point, for the fires of the other's point,
 *          wait for ever: do not wait for strangers inside a callback. On Windows, a thread of a
 *          single-threaded apartment lets calls in while it waits.
 * Source:  CONTRACT T-4, T-8.
 */
CONNPT_API HRESULT connpt_point_unadvise_sync(IConnectionPoint *point, DWORD cookie);

CONNPT_END_DECLS

#endif

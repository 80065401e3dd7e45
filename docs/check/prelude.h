/* SPDX-License-Identifier: MIT */
/*
 * docs/check/prelude.h - the object that the examples of these pages are parts of
 *
 * A connectable object by hand, as such objects are written without a library: a list of
 * connections in each point, a copy of it in each enumerator. The examples are compiled against
 * this file and not linked, so most functions are only declared here; their comments say what they
 * do. Unless an example says so, callers do not hold the object's lock.
 */
#ifndef CONNPT_DOCS_CHECK_PRELUDE_H
#define CONNPT_DOCS_CHECK_PRELUDE_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <connpt/automation.h>
#include <connpt/com.h>

/* ---- the object -------------------------------------------------------------------------- */

enum { N_POINTS = 2 };

/* A counted record, so that the list can be copied with the lock held: counting calls nobody. */
struct connection {
    LONG refs;
    IUnknown *sink; /* what the sink's QueryInterface gave for the point's IID; a reference */
    DWORD cookie;
    atomic_bool is_ended; /* it is in the list no more; read without the lock */
};

/* It is a part of its object, whose count it shares: a point that is held keeps the object. */
struct point {
    IConnectionPoint IConnectionPoint_iface;
    struct object *owner;
    IID iid;                  /* the outgoing interface */
    struct connection **list; /* in the order of Advise, without gaps, unless an example has them */
    ULONG n, capacity;
    DWORD last_cookie; /* that was given; 0: none was */
    ULONG cursor;      /* for examples of walks that share one position */
};

struct object {
    IDispatch IDispatch_iface; /* also the object's identity, its IUnknown */
    IConnectionPointContainer IConnectionPointContainer_iface;
    IProvideClassInfo2 IProvideClassInfo2_iface;
    LONG refs;
    struct lock {
        int held;
    } lock;                        /* protects the lists of the points */
    struct point points[N_POINTS]; /* the first is of the default source, a dispinterface */
    ITypeInfo *class_info;         /* of the coclass; a reference */
};

/* ---- the enumerators --------------------------------------------------------------------- */

/* IEnumConnectionPoints */
struct points {
    IEnumConnectionPoints IEnumConnectionPoints_iface;
    LONG refs;
    struct object *owner; /* a reference, which keeps the points too */
    struct point *items[N_POINTS];
    ULONG n, at; /* how many; which one is next */
};

/* IEnumConnections */
struct connections {
    IEnumConnections IEnumConnections_iface;
    LONG refs;
    struct point *point;       /* a reference */
    struct connection **items; /* a copy of the point's list, as point_copy gives it */
    ULONG n, at;
};

/* ---- from an interface to what it is a part of ------------------------------------------- */

#define PART_OF(type, iface, pointer)                                                              \
    ((struct type *)(void *)((char *)(pointer)-offsetof(struct type, iface)))

static inline struct object *object_of_dispatch(IDispatch *This)
{
    return PART_OF(object, IDispatch_iface, This);
}

static inline struct object *object_of_container(IConnectionPointContainer *This)
{
    return PART_OF(object, IConnectionPointContainer_iface, This);
}

static inline struct object *object_of_info(IProvideClassInfo2 *This)
{
    return PART_OF(object, IProvideClassInfo2_iface, This);
}

static inline struct point *point_of(IConnectionPoint *This)
{
    return PART_OF(point, IConnectionPoint_iface, This);
}

static inline struct points *points_of(IEnumConnectionPoints *This)
{
    return PART_OF(points, IEnumConnectionPoints_iface, This);
}

static inline struct connections *connections_of(IEnumConnections *This)
{
    return PART_OF(connections, IEnumConnections_iface, This);
}

/* ---- counts and the lock ----------------------------------------------------------------- */

/* They return the new count, and are atomic. */
LONG increment(LONG *refs);
LONG decrement(LONG *refs);

/* At 0 it releases all sinks and frees the object. */
ULONG object_AddRef(struct object *object);
ULONG object_Release(struct object *object);
/* Ends all connections of all points, and frees the lists. */
void object_disconnect(struct object *object);
/* All interfaces of the object; takes the reference. */
HRESULT object_query(struct object *object, REFIID iid, void **out);

/* A point counts on its owner. */
static inline ULONG point_AddRef(struct point *point)
{
    return object_AddRef(point->owner);
}

static inline ULONG point_Release(struct point *point)
{
    return object_Release(point->owner);
}

/* Not recursive. */
void lock(struct object *object);
void unlock(struct object *object);

/* ---- connections ------------------------------------------------------------------------- */

/* With a count of 1; takes over the reference to the sink. NULL: no memory; the caller keeps it. */
struct connection *connection_create(IUnknown *sink);
struct connection *connection_get(struct connection *connection);
/* The last one releases the sink: not with the lock held. */
void connection_put(struct connection *connection);

/* ---- the list of a point; the caller holds the lock -------------------------------------- */

/* NULL: there is none. */
struct connection *point_find(struct point *point, DWORD cookie);
/* Makes room for one more at list[n]; false: no memory. */
bool point_grow(struct point *point);
/* Closes the gap and marks the connection as ended; the list's count passes to the caller. */
void point_take_out(struct point *point, struct connection *connection);
/* A cookie that is not 0 and that no connection has, given in turn through the whole range. */
DWORD point_next_cookie(struct point *point);

/* ---- the rest, where an example is about something else; they take the lock themselves --- */

/* Makes a connection with the next cookie and appends it. Takes over the reference to the sink, and
 * releases it when there is no memory. */
HRESULT point_add(struct point *point, IUnknown *sink, DWORD *ret_cookie);
/* A copy of the list with a count of each connection; *ret_n = 0 without memory. copy_free gives
 * all of it back. */
struct connection **point_copy(struct point *point, ULONG *ret_n);
void copy_free(struct connection **copy, ULONG n);

/* The connection with the smallest cookie above that one, counted; NULL: there is none. */
struct connection *point_after(struct point *point, DWORD cookie);

/* A fresh enumerator at the start, with a count of 1; NULL: no memory. */
struct points *points_create(struct object *owner);
struct connections *connections_create(struct point *point);
/* A point of its own, with a list of its own, for examples that should not make one. */
struct point *point_create(struct object *owner, REFIID iid);
/* They give back all that the enumerator holds, and free it. */
void points_destroy(struct points *points);
void connections_destroy(struct connections *connections);
/* The arguments of Next: is there an array, unless n is 0, and a count, unless n is 1? */
bool next_is_valid(ULONG n, const void *items, const ULONG *ret_n);

/* No call of it begins after that, and none is running but the caller's own. */
struct timer;
void timer_stop(struct timer *timer);

/* Calls the event Tick of a dispinterface: Invoke with one argument. */
HRESULT invoke_tick(IUnknown *sink, double value);

#endif

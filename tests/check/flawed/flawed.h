/* SPDX-License-Identifier: MIT */
/*
 * check/flawed/flawed.h - a connectable object by hand, as they are written without a library,
 * with one defect that can be chosen
 *
 * Without a defect it is right, so that each finding is the defect's. It uses nothing of the
 * library but the COM types and the reader of type libraries: it describes itself by the type
 * library of the ticker, whose three sources it has. The first one, a dispinterface, is fired by
 * the method Tick.
 */
#ifndef CONNPT_TESTS_CHECK_FLAWED_H
#define CONNPT_TESTS_CHECK_FLAWED_H

#include <stdbool.h>

#include <connpt/com.h>

#include "defects.h"

enum { N_POINTS = 3, MAX_CONNECTIONS = 4096 };

struct connection {
    IUnknown *sink;
    DWORD cookie;
};

struct flawed_point {
    IConnectionPoint IConnectionPoint_iface;
    struct flawed *owner;
    IID iid;
    LONG refs; /* of a copy, or of a weak point: its own; else unused */
    bool is_copy;
    struct flawed_point *weak; /* end_point_is_weak: what clients get, with a count of its own */
    struct connection *list;   /* in the order of Advise; room for MAX_CONNECTIONS */
    unsigned n;
    DWORD last_cookie;
    unsigned cursor;                  /* of fires, and of enumerators that are shared */
    struct flawed_enumerator *shared; /* enum_is_shared */
};

/* Where threads meet: race.c. Guarded by the lock. */
struct race {
    const void *first; /* the first thread that connected */
    bool has_others;   /* a second one has */
    bool is_over;
    unsigned n_here, n_done; /* of those that add */
    DWORD first_cookie;      /* of the first of them */
    bool wants_sink;         /* a fire waits for somebody to call */
    DWORD watched;           /* who is about to be called; 0: nobody */
    bool has_gone;           /* it was disconnected, and released */
};

struct flawed {
    IDispatch IDispatch_iface;
    IConnectionPointContainer IConnectionPointContainer_iface;
    IProvideClassInfo2 IProvideClassInfo2_iface;
    LONG refs;
    enum defect defect;
    struct flawed_point points[N_POINTS];
    struct flawed_enumerator *shared; /* enum_points_is_shared */
    int lock;                         /* atomic */
    struct race race;
};

struct flawed_enumerator {
    /* the same slots: both have Next, Skip, Reset and Clone, with pointers of other types */
    const void *lpVtbl;
    LONG refs;
    struct flawed_point *point; /* NULL: of points */
    struct flawed *owner;
    IUnknown *items[N_POINTS + 1];  /* of points */
    struct connection *connections; /* of connections */
    unsigned n, at;
    bool is_weak; /* enum_connections_is_weak */
};

static inline bool has(const struct flawed *flawed, enum defect defect)
{
    return flawed->defect == defect;
}

void flawed_lock(struct flawed *flawed);
void flawed_unlock(struct flawed *flawed);

HRESULT flawed_query(struct flawed *flawed, REFIID iid, void **out);
ULONG flawed_add_ref(struct flawed *flawed);
ULONG flawed_release(struct flawed *flawed);

bool point_init(struct flawed_point *point, struct flawed *owner, const IID *iid);
void point_fini(struct flawed_point *point);
struct flawed_point *point_copy(const struct flawed_point *point);
/* What FindConnectionPoint gives for a point, with a reference. */
struct flawed_point *point_for_client(struct flawed_point *point);
void point_add_ref(struct flawed_point *point);
void point_release(struct flawed_point *point);

/* At each Advise and fire: which threads there are. */
void race_enter(struct flawed *flawed);
/* threads_without_lock: two threads put their connections in the same place. With the lock held;
 * true: the connection is in the list, or was. */
bool race_to_add(struct flawed_point *point, struct connection connection);
/* threads_hold_late: a fire waits until a sink of its copy has been released, and who released it
 * until the fire has taken its reference. The first three with the lock held. */
void race_before_copy(struct flawed_point *point);
void race_before_removal(struct flawed_point *point);
void race_after_copy(struct flawed_point *point);
void race_after_references(struct flawed_point *point);
void race_after_release(struct flawed_point *point, DWORD cookie);

HRESULT enumerate_points(struct flawed *flawed, IEnumConnectionPoints **out);
HRESULT enumerate_connections(struct flawed_point *point, IEnumConnections **out);

/* Fires OnTick at the first point. */
void flawed_fire(struct flawed *flawed);

extern const IID IID_flawed_events;
extern void *const garbage; /* a pointer to nothing */

#endif

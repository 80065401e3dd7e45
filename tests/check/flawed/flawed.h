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

struct flawed {
    IDispatch IDispatch_iface;
    IConnectionPointContainer IConnectionPointContainer_iface;
    IProvideClassInfo2 IProvideClassInfo2_iface;
    LONG refs;
    enum defect defect;
    struct flawed_point points[N_POINTS];
    struct flawed_enumerator *shared; /* enum_points_is_shared */
    int lock;                         /* atomic */
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
/* Other threads get their turn, now and then: so that a race is lost soon. */
void let_others_run(void);
void point_add_ref(struct flawed_point *point);
void point_release(struct flawed_point *point);

HRESULT enumerate_points(struct flawed *flawed, IEnumConnectionPoints **out);
HRESULT enumerate_connections(struct flawed_point *point, IEnumConnections **out);

/* Fires OnTick at the first point. */
void flawed_fire(struct flawed *flawed);

extern const IID IID_flawed_events;
extern void *const garbage; /* a pointer to nothing */

#endif

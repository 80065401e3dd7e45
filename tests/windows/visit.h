/* SPDX-License-Identifier: MIT */
/*
 * windows/visit.h - a client in one apartment, a gauge in another, and the system's proxies and
 * stubs between them
 *
 * Everything is run for each pair of apartments that differ: the same code is a proxy's caller
 * from the process's multithreaded apartment and from a single-threaded one.
 */
#ifndef CONNPT_TESTS_VISIT_H
#define CONNPT_TESTS_VISIT_H

#include "apartment.h"
#include "gauge.h"
#include "listener.h"
#include "t.h"

struct visit {
    DWORD client_kind; /* COINIT_... */
    BOOL drops_dead;   /* the gauge's points */
    void (*client)(struct visit *visit);

    /* For the client, on its thread. */
    IConnectionPointContainer *container; /* a proxy; the visit's, or NULL: the client's */
    IDispatch *dispatch;                  /* a proxy of the same object; as container */
    struct listener listener;             /* lives in the client's apartment */
    struct apartment *home;               /* where the gauge lives */
    void *context;                        /* the client's */

    struct gauge *gauge; /* for tasks on home's thread; NULL: the client has had it ended */
    struct parcel parcels[2];
};

/* Makes a gauge, shows its container to @client in another apartment, and ends it: for each pair
 * of apartments. Nothing may be left of either side. */
void visit_all(void (*client)(struct visit *visit));

/* The same for one pair, whose apartments end with it: the client's first, and then @afterwards
 * runs at home. @drops_dead as in gauge_create. */
void visit_gone(DWORD home_kind, DWORD client_kind, BOOL drops_dead,
                void (*client)(struct visit *visit), void (*afterwards)(struct visit *visit));

/* t_run, with the apartments of visit_all and a deadline. They last for the program: Wine 8 listens
 * for each apartment that it ever had, on at most 63, and hangs with one more. */
int visit_run(int argc, char **argv, const struct t_test *tests);

/* A point, by proxy, with a reference; NULL when that failed, and said so. */
IConnectionPoint *visit_point(struct visit *visit, REFIID iid);

/* Connects the visit's listener; returns the cookie, 0 when that failed, and said so. */
DWORD visit_advise(struct visit *visit, REFIID iid);
void visit_unadvise(struct visit *visit, REFIID iid, DWORD cookie);

/* Has the gauge tell @value, by a call through the proxy; returns how many sinks were called. */
LONG visit_set(struct visit *visit, LONG value);

#endif

/* SPDX-License-Identifier: MIT */
/*
 * windows/gauge.h - a connectable object that a client in another apartment or process can work
 *
 *   incoming   IDispatch             Set, Failure, Connected, Quit
 *   outgoing   IPropertyNotifySink   by method table; Windows has its proxy
 *              DGaugeEvents          dispinterface: Changed(value); sinks may answer IDispatch only
 */
#ifndef CONNPT_TESTS_GAUGE_H
#define CONNPT_TESTS_GAUGE_H

#include <connpt/connpt.h>

extern const CLSID CLSID_Gauge;
extern const IID DIID_DGaugeEvents;

enum {
    GAUGE_SET = 1,       /* method (I4 value): tells every sink; I4: how many were called */
    GAUGE_FAILURE = 2,   /* property, I4: the first failure that a sink of the last Set returned */
    GAUGE_CONNECTED = 3, /* property, I4: how many connections there are */
    GAUGE_QUIT = 4,      /* method: signals gauge_quit */
    GAUGE_CHANGED = 1    /* the event */
};

struct gauge {
    struct connpt_object object;
    IDispatch IDispatch_iface;
    connpt_point *changes; /* IPropertyNotifySink::OnChanged(value) */
    connpt_point *events;  /* DGaugeEvents::Changed(value) */
    HRESULT failure;
};

extern LONG gauge_n_live; /* atomic */
extern HANDLE gauge_quit; /* NULL, or an event that Quit signals */
extern HANDLE gauge_gone; /* NULL, or an event that the end of each gauge signals */

/* The points of such a gauge drop dead sinks. NULL: no memory. */
struct gauge *gauge_create(BOOL drops_dead);
void gauge_release(struct gauge *gauge);
static inline IUnknown *gauge_unknown(struct gauge *gauge)
{
    return connpt_object_unknown(&gauge->object);
}

/* Tells every sink the value; returns how many were called. */
LONG gauge_set(struct gauge *gauge, LONG value);

/* ---- the client's side: late-bound calls, through whatever proxy there is ---------------------
 */

HRESULT gauge_call(IDispatch *gauge, DISPID dispid, LONG value, LONG *ret_result);

#endif

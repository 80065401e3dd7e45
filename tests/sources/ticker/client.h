/* SPDX-License-Identifier: MIT */
/*
 * client.h - a client of the ticker in bare COM, and a sink for everything that it tells
 *
 * The sink looks at raw arguments as other people's sinks do, and checks how it is called.
 */
#ifndef CONNPT_TESTS_TICKER_CLIENT_H
#define CONNPT_TESTS_TICKER_CLIENT_H

#include <stdatomic.h>

#include <connpt/com.h>

#include <ticker.h>

/* Counts what it is told; answers as the flags say. On the stack of a test. */
struct listener {
    ITickerSink ITickerSink_iface;
    IDispatch IDispatch_iface;
    IPropertyNotifySink IPropertyNotifySink_iface;
    atomic_int refs;
    int only_idispatch; /* does not answer DIID_DTickerEvents */
    int objects;        /* to closing, and to changes of properties */
    ITicker *drops;     /* released inside the first event */
    int n_ticks, n_closings, n_requests, n_changes;
    double price;
    char symbol[32];
    DISPID property;
};

typedef HRESULT STDAPICALLTYPE module_function(void);

/* A sink with one reference. */
struct listener listener_new(void);

/* A ticker out of the module TICKER; NULL when that failed. */
ITicker *ticker_new(void);
/* A function that the module exports; NULL. The module need not be loaded before. */
module_function *module_symbol(const char *name);
/* Releases the last reference: nothing of the ticker may be left. */
void ticker_end(ITicker *ticker);

IConnectionPoint *point_of(ITicker *ticker, REFIID iid);                  /* or NULL */
DWORD connect_to(ITicker *ticker, REFIID iid, struct listener *listener); /* 0: failed */
void disconnect_from(ITicker *ticker, REFIID iid, DWORD cookie);

HRESULT put_name(ITicker *ticker, const char *text);
void check_name(ITicker *ticker, const char *expected);

#endif

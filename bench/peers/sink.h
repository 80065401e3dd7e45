/* SPDX-License-Identifier: MIT */
/*
 * peers/sink.h - the listener, the same for every peer: it adds the event's argument to a sum
 *
 * As a COM object it counts its references atomically, as COM objects do, but is never freed: it
 * lies in an array. Quiet ones only read their sum, so that threads can call the same ones
 * without writing to the same memory. For peers without interfaces there are the two functions.
 */
#ifndef BENCH_PEERS_SINK_H
#define BENCH_PEERS_SINK_H

#include <stddef.h>

#include <connpt/connpt.h>

CONNPT_BEGIN_DECLS

struct sink {
    IPropertyNotifySink iface; /* first */
    ULONG refs;                /* atomic */
    LONG sum;                  /* of the arguments heard */
};

enum sink_kind { SINK_ADDING, SINK_QUIET };

extern const struct IPropertyNotifySinkVtbl sink_adding_vtbl, sink_quiet_vtbl;

/* @n of them, with one reference each; exits when there is no memory. Free with free(). */
struct sink *sinks_create(size_t n, enum sink_kind kind);

static inline int sink_is_quiet(const struct sink *sink)
{
    return sink->iface.lpVtbl == &sink_quiet_vtbl;
}

static inline void sink_hear(struct sink *sink, int value)
{
    sink->sum += value;
}

static inline void sink_hear_quietly(const struct sink *sink)
{
    (void)*(const volatile LONG *)&sink->sum;
}

CONNPT_END_DECLS

#endif

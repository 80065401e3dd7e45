/* SPDX-License-Identifier: MIT */
/*
 * windows/agile_sink.h - a sink that knows which thread it was called and released on, and a
 * source with the points that agile connections are tested on
 */
#ifndef CONNPT_TESTS_AGILE_SINK_H
#define CONNPT_TESTS_AGILE_SINK_H

#include <connpt/connpt.h>

#include "apartment.h"

enum agile_kind {
    SINK_BOUND,  /* belongs to its apartment, as most objects do */
    SINK_MARKED, /* answers IAgileObject */
    SINK_FREE    /* aggregates the free-threaded marshaler */
};

/* On the stack or static. It answers IPropertyNotifySink, and IDispatch, whose Invoke counts as a
 * call with the DISPID as value. */
struct agile_sink {
    IPropertyNotifySink IPropertyNotifySink_iface;
    IDispatch IDispatch_iface;
    enum agile_kind kind;
    IUnknown *marshaler;   /* SINK_FREE: made when first asked for */
    BOOL answers_stranger; /* also an interface that nobody has a proxy for, if it asks */
    LONG refs;             /* atomic; starts at 1 */
    LONG n_calls;          /* atomic */
    DISPID value;          /* of the last call */
    DWORD call_thread;
    DWORD release_thread; /* of the last Release */
    LONG turn;            /* the last call's place among all calls since agile_turn was 0 */
    HRESULT result;
    void (*on_call)(struct agile_sink *sink); /* may be NULL */
    void *context;
};

extern LONG agile_turn; /* atomic */

void agile_sink_init(struct agile_sink *sink, enum agile_kind kind);
/* What the sink made for itself goes; it must have one reference left. */
void agile_sink_fini(struct agile_sink *sink);
static inline IUnknown *agile_sink_unknown(struct agile_sink *sink)
{
    return (IUnknown *)(void *)&sink->IPropertyNotifySink_iface;
}

/* A dispinterface, and an interface with a method table, that no registry knows. */
extern const IID DIID_AgileEvents, IID_AgileStranger;

/* The points of a source, by their index. */
enum {
    POINT_CHANGES,  /* IPropertyNotifySink */
    POINT_EVENTS,   /* DIID_AgileEvents, a dispinterface */
    POINT_STRANGER, /* IID_AgileStranger */
    N_POINTS
};

struct agile_source {
    struct connpt_object object;
    connpt_point *points[N_POINTS];
};

/* @flags of every point, beside CONNPT_SOURCE_DISPATCH: 0, CONNPT_SOURCE_AGILE, and that with
 * CONNPT_SOURCE_DROP_DEAD. NULL: no memory. */
struct agile_source *agile_source_create(uint32_t flags);
void agile_source_release(struct agile_source *source);

static inline IConnectionPoint *agile_point(struct agile_source *source, int index)
{
    return connpt_point_iface(source->points[index]);
}

/* Calls OnChanged(value) of every sink; what connpt_fire_end says. */
HRESULT agile_fire(struct agile_source *source, DISPID value, uint32_t policy);

/* A single-threaded apartment with a sink that is connected there. */
struct agile_home {
    struct apartment *apartment;
    DWORD thread;
    struct agile_sink sink;
    struct agile_source *source;
    DWORD cookie; /* 0: Advise failed */
    HRESULT result;
};

/* @source may be NULL: nothing is connected then. */
void agile_home_open(struct agile_home *home, enum agile_kind kind, struct agile_source *source);
/* Unadvises in its apartment, if it still is connected, and ends that. */
void agile_home_close(struct agile_home *home);

#endif

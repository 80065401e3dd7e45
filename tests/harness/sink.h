/* SPDX-License-Identifier: MIT */
/*
 * harness/sink.h - a sink that counts what is done to it and does as it is told
 *
 * Its interface is ITestEvents: IUnknown and one event, HRESULT OnEvent(LONG). It also answers
 * as ITestOther (same table) and, if asked to, as IDispatch; see `answers`.
 */
#ifndef CONNPT_TESTS_SINK_H
#define CONNPT_TESTS_SINK_H

#include <connpt/connpt.h>

/* As a generated header has it, on Windows and elsewhere. */
typedef struct ITestEvents ITestEvents;
typedef struct ITestEventsVtbl {
    HRESULT(STDMETHODCALLTYPE *QueryInterface)(ITestEvents *This, REFIID iid, void **out);
    ULONG(STDMETHODCALLTYPE *AddRef)(ITestEvents *This);
    ULONG(STDMETHODCALLTYPE *Release)(ITestEvents *This);
    HRESULT(STDMETHODCALLTYPE *OnEvent)(ITestEvents *This, LONG value);
} ITestEventsVtbl;
struct ITestEvents {
    const ITestEventsVtbl *lpVtbl;
};

extern const IID IID_ITestEvents, IID_ITestOther, IID_ITestThird;

enum { SINK_EVENTS = 1, SINK_OTHER = 2, SINK_DISPATCH = 4, SINK_NULL = 8 /* S_OK with NULL */ };

struct sink {
    ITestEvents ITestEvents_iface; /* what QueryInterface answers */
    IUnknown IUnknown_iface;       /* what is handed to Advise: another pointer */
    int answers;                   /* SINK_... */
    HRESULT query_result;          /* if a failure: what QueryInterface returns */
    LONG refs;                     /* atomic; starts at 1 */
    LONG calls;                    /* atomic */
    LONG releases_to_zero;         /* atomic; must never be more than 1 */
    LONG calls_after_death;        /* atomic */
    LONG last_value;
    HRESULT result;                                  /* what OnEvent returns */
    void (*on_event)(struct sink *sink, LONG value); /* may be NULL */
    void (*on_release)(struct sink *sink);           /* at the last Release; may be NULL */
    void (*on_query)(struct sink *sink);             /* in QueryInterface; may be NULL */
    void *context;
    int number; /* for the order log */
};

/* Static storage or the stack: a sink is never freed by its count. */
void sink_init(struct sink *sink, int number);
static inline IUnknown *sink_unknown(struct sink *sink)
{
    return &sink->IUnknown_iface;
}

/* The numbers of the sinks that were called, in order. One thread only. */
extern int sink_log[64];
extern int sink_log_length;
void sink_log_reset(void);

/* ---- a source to connect them to ----------------------------------------------------------- */

struct source {
    struct connpt_object object;
    connpt_point *events; /* IID_ITestEvents, default source */
    connpt_point *other;  /* IID_ITestOther */
    void *context;
};

/* Counts of instances that ended, and calls of `listening`. Reset by source_create. */
extern LONG source_n_finished;
extern const struct connpt_class source_class;

struct source *source_create(void); /* NULL when there is no memory */
struct source *source_create_class(const struct connpt_class *cls, IUnknown *outer);
void source_release(struct source *source);
IConnectionPoint *source_events(struct source *source); /* borrowed */
IConnectionPoint *source_other(struct source *source);  /* borrowed */

/* Fire OnEvent(value) on every sink of a point; the result of connpt_fire_end. */
HRESULT fire_event(connpt_point *point, LONG value);
HRESULT fire_event_policy(connpt_point *point, LONG value, uint32_t policy);

/* Advise without a check: 0 on failure. */
DWORD advise(IConnectionPoint *point, struct sink *sink);

#endif

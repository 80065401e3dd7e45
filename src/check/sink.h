/* SPDX-License-Identifier: MIT */
/*
 * check/sink.h - a sink that keeps a ledger
 *
 * It answers IUnknown and the interface of the point that is looked at, whatever that is: its
 * method table has a function in each slot, which counts the call and returns S_OK. Of a
 * dispinterface it answers IDispatch too.
 *
 * Three pointers, so that a rule can see which one an object uses: the one that is handed to
 * Advise, the one that QueryInterface gives for the interface, and the identity (IUnknown).
 *
 * A sink's memory stays until the rule ends: what is done to it after its last Release is counted,
 * and hurts nobody.
 */
#ifndef CONNPT_CHECK_SINK_H
#define CONNPT_CHECK_SINK_H

#include "check.h"

enum sink_pointer { SINK_HANDED, SINK_QUERIED, SINK_IDENTITY, SINK_N_POINTERS };

enum sink_entry_kind { SINK_QUERY, SINK_QUERY_FAILED, SINK_ADD, SINK_RELEASE, SINK_CALL };

/* One line of the ledger. Equal ones that follow each other are one, with a count. */
struct sink_entry {
    const char *step; /* what the checker was doing */
    enum sink_entry_kind kind;
    enum sink_pointer pointer;
    unsigned n;
    LONG refs; /* afterwards */
};

enum { SINK_MAX_ENTRIES = 64 };

/* What a sink of a dispinterface does with its EXCEPINFO. */
enum sink_exception { SINK_NO_EXCEPTION, SINK_EXCEPTION_TEXTS, SINK_EXCEPTION_EMPTY };

enum { SINK_MAX_EVENTS = 8, SINK_MAX_ARGS = 16 };

/* One call of Invoke. */
struct sink_event {
    DISPID id;
    UINT n_args;
    VARTYPE types[SINK_MAX_ARGS]; /* of rgvarg, as they stand */
};

struct sink_face {
    void (*const *vtable)(void);
    struct sink *sink;
};

struct sink {
    struct sink_face faces[SINK_N_POINTERS];
    struct check *check;
    struct sink *next; /* of check->sinks */
    unsigned number;   /* 1 ... */
    IID iid;
    bool is_dispatch;

    /* how it behaves; set before it is connected */
    bool refuses;    /* QueryInterface for the interface fails with refusal ... */
    HRESULT refusal; /* ... or, S_OK: succeeds with NULL */
    HRESULT result;  /* what its methods return */
    enum sink_exception exception;
    bool naps; /* now and then lets other threads run while it is asked, or goes on with one */
    void (*on_call)(struct sink *sink);    /* in each call; may be NULL */
    void (*on_release)(struct sink *sink); /* after each Release; may be NULL */
    void *context;

    /* what it saw; guarded by a lock of the module while calls may come from other threads */
    bool is_given_up;            /* the checker's own reference went: sink_give_up */
    LONG refs;                   /* starts at 1, the checker's own */
    LONG taken[SINK_N_POINTERS]; /* references by pointer: AddRef and QueryInterface less Release */
    unsigned n_queries;          /* for the interface */
    unsigned n_calls;
    unsigned n_foreign_calls; /* of them, through a pointer that is not the interface's */
    unsigned n_running;       /* calls that have not returned */
    unsigned n_ended;         /* times that the count came to 0 */
    unsigned n_unheld;        /* uses of the interface's pointer while nobody held it */
    unsigned n_after_end;     /* calls of any method after that */
    unsigned n_ended_in_call; /* ended while one of its calls was running */
    unsigned call_order;      /* the check's count of calls when it was called last */
    int slot;                 /* of the method table that was called last */
    HRESULT dispatch_fault;   /* S_OK, or ... */
    char dispatch_text[256];  /* ... what was wrong with the arguments of Invoke */
    struct sink_event events[SINK_MAX_EVENTS]; /* the first ones */
    unsigned n_events;
    struct sink_entry entries[SINK_MAX_ENTRIES];
    unsigned n_entries;
    unsigned n_entries_lost;
};

/* A sink for the interface of check->source. Owned by the check. NULL: no memory; skipped. */
struct sink *sink_create(struct check *check);
void sink_free_all(struct check *check);

/* What is handed to Advise. */
static inline IUnknown *sink_handed(struct sink *sink)
{
    return (IUnknown *)(void *)&sink->faces[SINK_HANDED];
}
static inline IUnknown *sink_queried(struct sink *sink)
{
    return (IUnknown *)(void *)&sink->faces[SINK_QUERIED];
}
static inline IUnknown *sink_identity(struct sink *sink)
{
    return (IUnknown *)(void *)&sink->faces[SINK_IDENTITY];
}

/* The checker's own reference goes: the sink lives as long as others hold it. */
void sink_give_up(struct sink *sink);

/* Is this one of the sink's pointers? */
bool sink_is(const struct sink *sink, const void *pointer);
/* References that others hold. */
LONG sink_held(const struct sink *sink);
/* Calls to all sinks that there ever were. */
unsigned sink_total_calls(void);
/* Fails the rule with the sink's ledger. */
void sink_fail(struct sink *sink, const char *format, ...) CHECK_PRINTF(2, 3);
void sink_write_ledger(const struct sink *sink, char *buffer, size_t size);

#endif

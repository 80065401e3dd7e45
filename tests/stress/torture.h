/* SPDX-License-Identifier: MIT */
/*
 * torture.h - what the parts of the torture share: its state, its counts, and time
 *
 * torture_sink.c has the sinks, and what each call checks; torture_object.c the objects, and the
 * places where threads find them; torture_operations.c what a thread does; torture.c the rounds.
 */
#ifndef CONNPT_TESTS_STRESS_TORTURE_H
#define CONNPT_TESTS_STRESS_TORTURE_H

#include <stdint.h>

#include <connpt/connpt.h>

#include "sink.h" /* the interface only */
#include "threads.h"

enum {
    MAX_THREADS = 64,
    N_PLACES = 2,  /* shared objects; replaced all the time */
    N_POINTS = 2,  /* of each */
    N_ANCHORS = 3, /* sinks that stay for an object's life: each whole fire calls them */
    N_KEPT = 48,   /* connections that a thread has at most */
    MAX_DEPTH = 3  /* fires within fires */
};

/* ---- what happens, and what must not ------------------------------------------------------ */

/* clang-format off */
#define OPERATIONS(X)                                                                              \
    X(advise) X(unadvise) X(unadvise_sync) X(unadvise_gone) X(fire) X(nested_fire) X(call)         \
    X(enumerate) X(clone) X(replace_object) X(drop_object) X(close) X(own_ref) X(blocked_call)     \
    X(unadvise_in_call) X(sync_in_call) X(advise_in_call) X(unadvise_in_release)                   \
    X(out_of_memory) X(first_key_near_wrap) X(dropped_dead)
#define FAULTS(X)                                                                                  \
    X(called_after_death) X(released_twice) X(leaked_sinks) X(leaked_blocks) X(leaked_objects)     \
    X(called_after_sync_unadvise) X(called_by_later_fire) X(out_of_order) X(called_twice)          \
    X(anchor_missed) X(kept_missed) X(wrong_cookie) X(dead_in_enumerator) X(wrong_result) X(still_waiting)        \
    X(wrong_count)
/* clang-format on */

#define FIELD(name) uint64_t name;
struct operations {
    OPERATIONS(FIELD)
};
struct faults {
    FAULTS(FIELD)
};

extern struct faults faults; /* atomic */
#define FAULT(name) ((void)__atomic_add_fetch(&faults.name, 1, __ATOMIC_RELAXED))

/* ---- state -------------------------------------------------------------------------------- */

/* A sink that knows what may happen to it. */
struct probe {
    ITestEvents ITestEvents_iface;
    LONG refs;       /* atomic */
    uint32_t cookie; /* atomic; 0 until Advise has returned */
    uint32_t is_anchor;
    uint32_t in_call;    /* atomic; calls under way */
    uint64_t removed_at; /* atomic; 0 while connected */
    uint64_t synced;     /* atomic; connpt_point_unadvise_sync has said S_OK */
    uint32_t said_dead;  /* atomic; the fire that was told so may have dropped it */
    uint64_t object_id;
    unsigned point;
    struct worker *owner; /* who connected it; only this thread uses the next */
    uint64_t called_in;   /* when its owner's last fire that called it began */
    struct probe *newer;  /* in quarantine */
};

/* An object whose points are fired. */
struct thing {
    struct connpt_object object;
    uint64_t id;
    connpt_point *points[N_POINTS];
    unsigned place;
    uint32_t closed; /* atomic; by anybody */
};

/* A connection that a thread has made and will end. */
struct kept {
    struct probe *sink;  /* with a reference of the thread's */
    struct thing *thing; /* with a reference, or NULL: it is looked for */
    uint64_t object_id;
    uint64_t since;
    unsigned place, point;
};

/* A fire that is under way, as its sinks see it. */
struct walk {
    uint64_t began;
    struct thing *thing;
    unsigned point;
    uint64_t last_position;
    unsigned n_anchors;
    struct walk *outer;
};

/* A thread. */
struct worker {
    struct t_thread thread;
    uint64_t random;
    unsigned depth;
    int calm; /* in this round no object goes: lists grow to many chunks */
    struct walk *walk;
    struct kept kept[N_KEPT];
    unsigned n_kept;
    struct operations done;
    struct probe *oldest, *newest; /* quarantine */
    unsigned n_quarantined;
};

/* Where threads find an object. */
struct place {
    struct t_mutex mutex;
    struct thing *thing; /* with a reference; NULL: empty */
};

extern struct place places[N_PLACES];
extern _Thread_local struct worker *self;
extern int64_t live_sinks;  /* atomic */
extern int64_t live_things; /* atomic */

/* ---- torture.c ----------------------------------------------------------------------------- */

/* The next moment. */
uint64_t tick(void);

/* A number below @n, at random. */
uint32_t chance(uint32_t n);

/* ---- torture_sink.c ------------------------------------------------------------------------ */

/* One reference. */
struct probe *sink_new(const struct thing *thing, unsigned point);
void sink_release(struct probe *sink);

static inline struct probe *sink_of(IUnknown *iface)
{
    return (struct probe *)(void *)iface;
}

/* A thread's dead sinks, at last. */
void free_dead_sinks(struct worker *worker);

/* ---- torture_object.c ---------------------------------------------------------------------- */

/* One reference; with its anchors connected. NULL when there is no memory. */
struct thing *thing_new(unsigned place);
void thing_release(struct thing *thing);

/* The object in a place, with a reference; NULL when the place is empty. */
struct thing *place_visit(unsigned place);

/* Takes over the reference to @thing; the object that was there loses its own. */
void place_put(unsigned place, struct thing *thing);
void place_empty(unsigned place);

/* ---- torture_operations.c ------------------------------------------------------------------ */

/* One step of a thread. */
void operate(void);
void unadvise_one(int sync);

/* What a sink does in its call, and when its last reference has gone. */
void act_in_call(struct thing *thing, unsigned point);
void act_in_release(void);

#endif

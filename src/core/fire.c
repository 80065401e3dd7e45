/* SPDX-License-Identifier: MIT */
/* core/fire.c - begin and end of a fire; the loop between them is in <connpt/fire.h> */
#include <connpt/fire.h>

#include <stddef.h>

#include "base/atomic.h"
#include "core/object.h"

/* The fires that this thread is inside of, innermost first, linked by `outer`. */
#if defined(__GNUC__) && !defined(_WIN32)
static _Thread_local struct connpt_fire *innermost __attribute__((tls_model("initial-exec")));
#else
static _Thread_local struct connpt_fire *innermost;
#endif

/* Fires end in reverse order, unless a sink switches stacks inside its call. */
static void leave_thread(struct connpt_fire *fire)
{
    struct connpt_fire **link = &innermost;

    while (*link != NULL && *link != fire)
        link = &(*link)->outer;
    if (*link != NULL)
        *link = fire->outer;
}

uint32_t connpt__fire_own_holds(struct point *point, uint32_t own[READERS_MAX_COUNTERS])
{
    uint32_t sum = 0;

    for (unsigned i = 0; i < READERS_MAX_COUNTERS; i++)
        own[i] = 0;
    for (const struct connpt_fire *fire = innermost; fire != NULL; fire = fire->outer) {
        if (fire->point == &point->head) {
            own[connpt__readers_number(&point->readers, fire->counter)]++;
            sum++;
        }
    }
    return sum;
}

/* What a fire without connections walks: its only chunk is also its end. */
static struct connpt_chunk no_connections;

static void set_no_range(struct connpt_fire *fire)
{
    fire->chunk = &no_connections;
    fire->end_sequence = no_connections.sequence;
}

/* Where the walk starts and ends. The loads are sequentially consistent: they come after the
 * count in readers_enter; pairs with unlink_chunk in list.c. */
static void set_range(struct connpt_fire *fire, struct list *list)
{
    struct connpt_chunk *tail = load_seq(&list->tail);
    struct connpt_chunk *first = load_seq(&list->first);

    /* Later than the end: all that was there when the end was read has gone. */
    if (tail == NULL || first == NULL || first->sequence > tail->sequence) {
        set_no_range(fire);
        return;
    }
    fire->chunk = first;
    fire->end_sequence = tail->sequence;
    fire->end_slots = (2u << (load_seq(&tail->state) >> CHUNK_USED_SHIFT)) - 2;
    fire->live |= first == tail ? fire->end_slots : CONNPT_CHUNK_ALL;
}

void connpt_fire_begin(struct connpt_fire *fire, connpt_point *head, uint32_t policy)
{
    struct point *point = point_of(head);

    fire->live = CONNPT_CHUNK_START;
    fire->policy = policy;
    fire->called = 0;
    fire->point = head;
    fire->failure = S_OK;
    fire->n_failed = 0;
    if (!connpt_point_has_sinks(head)) {
        fire->counter = NULL;
        set_no_range(fire);
        return;
    }
    if (load_relaxed(&head->flags) & POINT_AGGREGATED)
        (void)IUnknown_AddRef(point->owner->outer);
    fire->counter = readers_enter(&point->readers);
    fire->outer = innermost;
    innermost = fire;
    set_range(fire, &point->list);
}

static HRESULT result_of(const struct connpt_fire *fire)
{
    if (fire->policy != CONNPT_FIRE_IGNORE && FAILED(fire->failure))
        return fire->failure;
    return fire->called || !(fire->live & CONNPT_CHUNK_START) ? S_OK : S_FALSE;
}

/* Someone waits for this fire, or the object is aggregated, or the thread's fires do not end in
 * reverse order. */
static HRESULT end_slowly(struct connpt_fire *fire)
{
    struct point *point = point_of(fire->point);
    struct object *owner = point->owner;
    IUnknown *outer = owner->outer;
    int has_owner = 0;

    if (!readers_leave(fire->counter))
        has_owner = connpt__reclaim_end_fire(point, fire->counter);
    leave_thread(fire);
    /* Counted out: the point may be gone, unless this fire has got the last reference. And
     * what is released now may ask which fires this thread is inside of. */
    if (has_owner)
        (void)connpt__object_release_own(owner);
    if (outer != NULL)
        (void)IUnknown_Release(outer);
    return result_of(fire);
}

HRESULT connpt_fire_end(struct connpt_fire *fire)
{
    if (fire->counter != NULL) {
        if (innermost != fire || (load_relaxed(&fire->point->flags) & POINT_AGGREGATED) ||
            !readers_leave(fire->counter))
            return end_slowly(fire);
        innermost = fire->outer;
    }
    return result_of(fire);
}

static int is_dead(HRESULT hr)
{
    return hr == RPC_E_DISCONNECTED || hr == CONNPT_E_SERVER_UNAVAILABLE ||
           hr == CO_E_OBJNOTCONNECTED;
}

void connpt_fire_failed(struct connpt_fire *fire, HRESULT hr)
{
    struct point *point = point_of(fire->point);

    fire->n_failed++;
    if (SUCCEEDED(fire->failure))
        fire->failure = hr;
    if (fire->live & CONNPT_CHUNK_START)
        return; /* nothing of this chunk was called: not the result of a sink */
    if (is_dead(hr) && (load_relaxed(&point->head.flags) & CONNPT_SOURCE_DROP_DEAD))
        connpt__point_drop(point, chunk_of(fire->chunk), fire_slot(fire));
    if (fire->policy & CONNPT_FIRE_STOP_ON_FAILURE) {
        fire->called = 1;
        set_no_range(fire);
    }
}

/* ---- the loop as functions, for callers that cannot compile it in ------------------------- */

void *(connpt_fire_next)(struct connpt_fire *fire)
{
    return connpt_fire_next_inline(fire);
}

void(connpt_fire_result)(struct connpt_fire *fire, HRESULT hr)
{
    connpt_fire_result_inline(fire, hr);
}

HRESULT connpt_point_fire(connpt_point *point, uint32_t policy,
                          HRESULT (*call)(void *sink, void *context),
                          int (*cancelled)(void *context), void *context, uint32_t *ret_called)
{
    struct connpt_fire fire;
    uint32_t n_called = 0;
    void *sink;

    if (point == NULL || call == NULL)
        return E_POINTER;
    connpt_fire_begin(&fire, point, policy);
    while ((sink = connpt_fire_next(&fire)) != NULL) {
        connpt_fire_result(&fire, call(sink, context));
        n_called++;
        if (cancelled != NULL && cancelled(context))
            break;
    }
    if (ret_called != NULL)
        *ret_called = n_called;
    return connpt_fire_end(&fire);
}

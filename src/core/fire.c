/* SPDX-License-Identifier: MIT */
/* core/fire.c - begin and end of a fire; the loop between them is in <connpt/fire.h> */
#include <connpt/fire.h>

#include <stddef.h>

#include "base/atomic.h"
#include "base/hresult.h"
#include "base/thread_local.h"
#include "core/object.h"

struct connpt_chunk connpt__no_connections = { .sequence = UINT64_MAX,
                                               .next = &connpt__no_connections };

#if defined(__GLIBC__)
__thread struct connpt_thread connpt__thread __attribute__((tls_model("initial-exec")));
#elif defined(CONNPT_FIRE_THREAD_OWN)
static THREAD_LOCAL struct connpt_thread own_thread;

struct connpt_thread *connpt__thread_own(void)
{
    return &OF_THREAD(own_thread);
}
#else
__thread struct connpt_thread connpt__thread;
#endif

/* ---- the fires that a thread is inside of --------------------------------------------------- */

/* In connpt_thread.n_fires: there were more than are kept, and since fires need not end in reverse
 * order, nobody knows which of those that are kept still run. Until all have ended. */
#define FIRES_LOST 0x10000u

static void join_thread(uint32_t *counter)
{
    struct connpt_thread *thread = &connpt__thread;

    if (thread->n_fires < CONNPT_THREAD_FIRES)
        thread->counters[thread->n_fires] = counter;
    thread->n_fires++;
    if (thread->n_fires > CONNPT_THREAD_FIRES)
        thread->n_fires |= FIRES_LOST;
}

/* Fires end in reverse order, unless a sink switches stacks inside its call. */
static void leave_thread(const uint32_t *counter)
{
    struct connpt_thread *thread = &connpt__thread;
    size_t i = --thread->n_fires;

    if (i == FIRES_LOST)
        thread->n_fires = 0;
    if (i >= CONNPT_THREAD_FIRES)
        return;
    while (i > 0 && thread->counters[i] != counter)
        i--;
    for (; i < thread->n_fires; i++)
        thread->counters[i] = thread->counters[i + 1];
}

int connpt__fire_own_holds(const connpt_point *point, uint32_t own[READERS_MAX_COUNTERS],
                           uint32_t *ret_sum)
{
    const struct connpt_thread *thread = &connpt__thread;

    *ret_sum = 0;
    for (unsigned i = 0; i < READERS_MAX_COUNTERS; i++)
        own[i] = 0;
    if (thread->n_fires > CONNPT_THREAD_FIRES)
        return -1;
    for (size_t i = 0; i < thread->n_fires; i++) {
        unsigned number = connpt__readers_number(point, thread->counters[i]);

        if (number < READERS_MAX_COUNTERS) {
            own[number]++;
            ++*ret_sum;
        }
    }
    return 0;
}

/* A fire inside a fire of the same thread makes nobody wait for a cache line. */
void connpt__fire_overlaps(connpt_point *point, const uint32_t *counter)
{
    const struct connpt_thread *thread = &connpt__thread;
    size_t n_own = 0;

    if (load_relaxed(&point->flags) & CONNPT_POINT_STRIPED)
        return;
    for (size_t i = 0; i < thread->n_fires && i < CONNPT_THREAD_FIRES; i++)
        n_own += thread->counters[i] == counter;
    if ((load_relaxed(counter) & READERS_COUNT) > n_own)
        connpt__readers_note_overlap(point);
}

/* ---- the slow ways --------------------------------------------------------------------------- */

/* In what connpt__fire_enter_slowly returns: the fire has a reference to the outer object. Such a
 * value is in no thread's list, so the fire does not end the fast way. */
#define KEEPS_OUTER 0x1u

uint32_t *connpt__fire_enter_slowly(connpt_point *point)
{
    uint32_t *counter = point->active;
    uint32_t flags = connpt_fire_flags(point);

    if (flags & CONNPT_POINT_AGGREGATED)
        (void)IUnknown_AddRef(object_of(point->owner)->outer);
    connpt__readers_number_thread(&connpt__thread);
    if (flags & CONNPT_POINT_STRIPED)
        counter = connpt_fire_stripe(point);
    counter = connpt_fire_phase(counter, flags);
    join_thread(counter);
    connpt_fire_count_in(point, counter);
    if (flags & CONNPT_POINT_AGGREGATED)
        counter = (uint32_t *)((uintptr_t)counter | KEEPS_OUTER);
    return counter;
}

void connpt__fire_leave_slowly(connpt_point *point, uint32_t *entered)
{
    uint32_t *counter = (uint32_t *)((uintptr_t)entered & ~(uintptr_t)KEEPS_OUTER);
    struct object *owner = object_of(point->owner);
    IUnknown *outer = counter != entered ? owner->outer : NULL;
    int has_owner = 0;

    if (!readers_leave(counter))
        has_owner = connpt__reclaim_end_fire(point, counter);
    leave_thread(counter);
    /* Counted out: the point may be gone, unless this fire has got the last reference. And
     * what is released now may ask which fires this thread is inside of. */
    if (has_owner)
        (void)connpt__object_release_own(owner);
    if (outer != NULL)
        (void)IUnknown_Release(outer);
}

void connpt__fire_dead(connpt_point *point, struct connpt_chunk *chunk, uint32_t live, HRESULT hr)
{
    if (hr_is_dead(hr) && (load_relaxed(&point->flags) & CONNPT_SOURCE_DROP_DEAD))
        connpt__point_drop(point, chunk_of(chunk), fire_slot(live));
}

/* ---- the fire as functions, for callers that cannot compile it in ------------------------- */

uint32_t *connpt__fire_enter(connpt_point *point)
{
    return connpt_fire_enter_inline(point);
}

void connpt__fire_leave(connpt_point *point, uint32_t *counter)
{
    connpt_fire_leave_inline(point, counter);
}

void(connpt_fire_begin)(struct connpt_fire *fire, connpt_point *point, uint32_t policy)
{
    connpt_fire_begin_inline(fire, point, policy);
}

HRESULT(connpt_fire_end)(struct connpt_fire *fire)
{
    return connpt_fire_end_inline(fire);
}

void connpt_fire_failed(struct connpt_fire *fire, HRESULT hr)
{
    connpt_fire_failed_inline(fire, hr);
}

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

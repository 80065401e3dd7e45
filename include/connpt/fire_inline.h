/* SPDX-License-Identifier: MIT */
/*
 * connpt/fire_inline.h - the usual case of a fire, compiled into the caller
 *
 * Included by <connpt/fire.h>, which says what the functions mean. With GCC and Clang the loop is
 * compiled in: a call of a library function for each sink would cost more than the sink's own. A
 * fire that has sinks to call counts itself in before and out after. Where a thread-local variable
 * of a shared library can be reached without a call (glibc) these two are compiled in as well;
 * elsewhere, and where the program says CONNPT_FIRE_CALL_ENDS, they are calls.
 *
 * No function of the library gets the address of the caller's connpt_fire, but pieces of it: so the
 * compiler can keep it in registers while the sinks are called. What is here is part of the ABI.
 */
#ifndef CONNPT_FIRE_INLINE_H
#define CONNPT_FIRE_INLINE_H

#include <connpt/fire_layout.h>
#include <connpt/point.h>

#if defined(__GNUC__) || defined(CONNPT_BUILDING)

#define CONNPT_FIRE_INLINE
#if (defined(__GLIBC__) && !defined(CONNPT_FIRE_CALL_ENDS)) || defined(CONNPT_BUILDING)
#define CONNPT_FIRE_INLINE_COUNT
#endif

/* The library's own tests interrupt a thread here, before each step that others can see. */
#ifndef CONNPT_FIRE_STEP
#define CONNPT_FIRE_STEP() ((void)0)
#endif

CONNPT_BEGIN_DECLS

#define CONNPT_FIRE_SLOTS 0xffcu /* in a mask of slots: all of them */
#define CONNPT_FIRE_WHOLE (CONNPT_FIRE_SLOTS | CONNPT_FIRE_NEW_CHUNK)
#define CONNPT_FIRE_NOTHING 0x1u   /* in connpt_fire.live */
#define CONNPT_FIRE_NEW_CHUNK 0x2u /* in connpt_fire.live */
enum { CONNPT_FIRE_SLOT_SHIFT = 2, CONNPT_POINT_PHASE_SHIFT = 8, CONNPT_STRIPE_BYTES = 64 };
enum { CONNPT_THREAD_FIRES = 14 }; /* one in the other, that a thread keeps account of */

/* What a fire without connections walks, and what comes after the last chunk of each list: it has
 * no connections, and the highest sequence. */
CONNPT_API extern struct connpt_chunk connpt__no_connections;

/* ---- the loop ---------------------------------------------------------------------------- */

/* The number of the lowest bit; @mask is not 0. What __builtin_ctz gives takes two instructions
 * more on x86-64, one against an old processor's weakness and one to widen the result. */
static inline size_t connpt_fire_lowest(uint32_t mask)
{
#if defined(__x86_64__) && defined(__GNUC__)
    size_t bit;

    __asm__("{rep bsfl %1, %k0|rep bsf %k0, %1}" : "=r"(bit) : "r"(mask) : "cc");
    return bit;
#else
    return (size_t)__builtin_ctz(mask);
#endif
}

/* The next connection: what stands in its slot. NULL when there is none. */
static inline void *connpt_fire_next_slot(struct connpt_fire *fire)
{
    for (;;) {
        struct connpt_chunk *chunk = fire->chunk, *next;
        uint64_t end_sequence = fire->end_sequence;
        uint32_t live = fire->live, rest, mask = CONNPT_FIRE_WHOLE;

        /*
         * A slot that is not connected now never will be again, so its bit need not be kept. The
         * bits that stand for no slot are not in `state`.
         *
         * Sequentially consistent, as is the fire's count before it: pairs with the removal of
         * the bit and the look at the counts after it (src/core/list.c, reclaim.c).
         */
        CONNPT_FIRE_STEP();
        rest = live & (live - 1) & __atomic_load_n(&chunk->state, __ATOMIC_SEQ_CST);
        if (__builtin_expect(rest != 0, 1)) {
            void *sink = chunk->sinks[connpt_fire_lowest(rest) - CONNPT_FIRE_SLOT_SHIFT];

            fire->live = rest;
            if (sink == NULL)
                __builtin_unreachable();
            return sink;
        }

        if (chunk->sequence >= end_sequence)
            return NULL;
        CONNPT_FIRE_STEP();
        next = __atomic_load_n(&chunk->next, __ATOMIC_SEQ_CST);
        if (__builtin_expect(next->sequence >= end_sequence, 0)) {
            if (next->sequence > end_sequence) {
                /* The last chunk has left the list, and this was the end. */
                fire->end_sequence = 0;
                return NULL;
            }
            mask = fire->end_slots;
        }
        /* An old list lies scattered in memory: fetch what comes after the chunk that is next. */
        __builtin_prefetch(__atomic_load_n(&next->next, __ATOMIC_RELAXED));
        fire->chunk = next;
        fire->live = (live & CONNPT_FIRE_NOTHING) | mask;
    }
}

/* What a failure says of the sink in the lowest slot of @live: see connpt_fire_failed. */
CONNPT_API void connpt__fire_dead(connpt_point *point, struct connpt_chunk *chunk, uint32_t live,
                                  HRESULT hr);

static inline void connpt_fire_failed_inline(struct connpt_fire *fire, HRESULT hr)
{
    if (fire->policy != CONNPT_FIRE_IGNORE && SUCCEEDED(fire->failure))
        fire->failure = hr;
    if (fire->live & (CONNPT_FIRE_NOTHING | CONNPT_FIRE_NEW_CHUNK))
        return; /* nothing of this chunk was called: not the result of a sink */
    connpt__fire_dead(fire->point, fire->chunk, fire->live, hr);
    if (fire->policy & CONNPT_FIRE_STOP_ON_FAILURE) {
        fire->chunk = &connpt__no_connections;
        fire->end_sequence = 0;
    }
}

static inline void connpt_fire_result_inline(struct connpt_fire *fire, HRESULT hr)
{
    if (__builtin_expect(FAILED(hr), 0))
        connpt_fire_failed_inline(fire, hr);
}

#ifdef _WIN32

/* Added to what stands in a slot: it is no sink, but leads to one of another apartment. */
#define CONNPT_FIRE_AGILE 0x1u

/* A pointer to that sink for the calling thread, with a reference. NULL: *ret_failure says why. */
CONNPT_API void *connpt__agile_reach(void *held, HRESULT *ret_failure);
CONNPT_API void connpt__agile_let_go(void *sink);

static inline void connpt_fire_let_go(struct connpt_fire *fire)
{
    if (__builtin_expect(fire->reached != NULL, 0)) {
        connpt__agile_let_go(fire->reached);
        fire->reached = NULL;
    }
}

/* A sink that this thread cannot reach is as one whose call failed, but was not called. */
static inline void *connpt_fire_next_inline(struct connpt_fire *fire)
{
    connpt_fire_let_go(fire);
    for (;;) {
        uint32_t nothing = fire->live & CONNPT_FIRE_NOTHING;
        void *held = connpt_fire_next_slot(fire);
        HRESULT hr = S_OK;

        if (__builtin_expect(((uintptr_t)held & CONNPT_FIRE_AGILE) == 0, 1))
            return held;
        fire->reached = connpt__agile_reach(held, &hr);
        if (fire->reached != NULL)
            return fire->reached;
        connpt_fire_failed_inline(fire, hr);
        fire->live = (fire->live & (fire->live - 1)) | CONNPT_FIRE_NEW_CHUNK | nothing;
    }
}

#else

static inline void *connpt_fire_next_inline(struct connpt_fire *fire)
{
    return connpt_fire_next_slot(fire);
}

#endif

/* ---- begin and end ----------------------------------------------------------------------- */

/* A fire that calls nobody. */
static inline void connpt_fire_set_no_range(struct connpt_fire *fire)
{
    fire->counter = NULL;
    fire->live = CONNPT_FIRE_NOTHING;
    fire->chunk = &connpt__no_connections;
    fire->end_sequence = 0;
    fire->end_slots = 0;
}

/* Counting a fire in, and out again. What `enter` returns is for `leave` only. */
CONNPT_API uint32_t *connpt__fire_enter(connpt_point *point);
CONNPT_API void connpt__fire_leave(connpt_point *point, uint32_t *counter);

#ifdef CONNPT_FIRE_INLINE_COUNT

/* What a thread knows of the fires that it is inside of. */
struct connpt_thread {
    size_t stripe;  /* CONNPT_STRIPE_BYTES * (1 + its stripe); 0: unknown */
    size_t n_fires; /* how many */
    uint32_t *counters[CONNPT_THREAD_FIRES]; /* where the outermost ones of them are counted */
};
#if defined(__GLIBC__)
CONNPT_API extern __thread struct connpt_thread connpt__thread
    __attribute__((tls_model("initial-exec")));
#elif defined(_WIN32)
#define CONNPT_FIRE_THREAD_OWN /* see src/base/thread_local.h */
#if defined(__GNUC__)
__attribute__((const))
#endif
struct connpt_thread *
connpt__thread_own(void);
#define connpt__thread (*connpt__thread_own())
#else
extern __thread struct connpt_thread connpt__thread;
#endif

/* A fire has begun beside another one: points that several threads fire get stripes. */
CONNPT_API void connpt__fire_overlaps(connpt_point *point, const uint32_t *counter);

/*
 * The slow ways. The one counts a fire in when the thread has no stripe yet, or is inside of many
 * fires, or the object is aggregated; the other counts it out whatever waits for that.
 */
CONNPT_API uint32_t *connpt__fire_enter_slowly(connpt_point *point);
CONNPT_API void connpt__fire_leave_slowly(connpt_point *point, uint32_t *counter);

/* Acquire: who sees STRIPED sees the stripes, and comes after it in the order of all sequentially
 * consistent operations (add_stripes in src/core/readers.c). */
static inline uint32_t connpt_fire_flags(const connpt_point *point)
{
    CONNPT_FIRE_STEP();
    return __atomic_load_n(&point->flags, __ATOMIC_ACQUIRE);
}

/* This thread's pair of counts in a point with stripes; the thread has been given a stripe. */
static inline uint32_t *connpt_fire_stripe(connpt_point *point)
{
    return (uint32_t *)(void *)((char *)__atomic_load_n(&point->stripes, __ATOMIC_RELAXED) +
                                (connpt__thread.stripe - CONNPT_STRIPE_BYTES));
}

/* Which of a pair of counts. A fire that uses the old phase only delays the one who waits for it.
 */
static inline uint32_t *connpt_fire_phase(uint32_t *counters, uint32_t flags)
{
    return &counters[(flags >> CONNPT_POINT_PHASE_SHIFT) & 1];
}

/* Sequentially consistent: comes before the fire's look at the connections. Pairs with
 * connpt__list_remove and unlink_chunk in src/core/list.c. */
static inline void connpt_fire_count_in(connpt_point *point, uint32_t *counter)
{
    CONNPT_FIRE_STEP();
    if (__builtin_expect(__atomic_fetch_add(counter, 1, __ATOMIC_SEQ_CST) != 0, 0))
        connpt__fire_overlaps(point, counter);
}

static inline uint32_t *connpt_fire_enter_inline(connpt_point *point)
{
    size_t n_fires = connpt__thread.n_fires;
    uint32_t flags = connpt_fire_flags(point);
    uint32_t *counter;

    if (__builtin_expect(n_fires >= CONNPT_THREAD_FIRES, 0))
        return connpt__fire_enter_slowly(point);
    if (__builtin_expect(!(flags & (CONNPT_POINT_STRIPED | CONNPT_POINT_AGGREGATED)), 1))
        counter = connpt_fire_phase(point->active, flags);
    else if ((flags & CONNPT_POINT_AGGREGATED) || connpt__thread.stripe == 0)
        return connpt__fire_enter_slowly(point);
    else
        counter = connpt_fire_phase(connpt_fire_stripe(point), flags);
    connpt__thread.counters[n_fires] = counter;
    connpt__thread.n_fires = n_fires + 1;
    connpt_fire_count_in(point, counter);
    return counter;
}

/* The slow way it is when somebody waits for this fire, or other fires are in its counter.
 * Touches nothing of the point after the count has gone down, because it may be freed from then
 * on. */
static inline void connpt_fire_leave_inline(connpt_point *point, uint32_t *counter)
{
    size_t n_outer = connpt__thread.n_fires - 1;
    uint32_t alone = 1; /* and no flag of src/core/readers.h */

    CONNPT_FIRE_STEP();
    /* The release part: what the fire read happened before whoever sees the lower count uses it
     * again. Pairs with the loads in readers_idle and src/core/reclaim.c. */
    if (__builtin_expect(n_outer < CONNPT_THREAD_FIRES &&
                             connpt__thread.counters[n_outer] == counter &&
                             __atomic_compare_exchange_n(counter, &alone, 0, 0, __ATOMIC_SEQ_CST,
                                                         __ATOMIC_RELAXED),
                         1))
        connpt__thread.n_fires = n_outer;
    else
        connpt__fire_leave_slowly(point, counter);
}

#else

static inline uint32_t *connpt_fire_enter_inline(connpt_point *point)
{
    return connpt__fire_enter(point);
}

static inline void connpt_fire_leave_inline(connpt_point *point, uint32_t *counter)
{
    connpt__fire_leave(point, counter);
}

#endif

/* Where the walk of a fire that is counted in starts and ends. */
static inline void connpt_fire_set_range(struct connpt_fire *fire, connpt_point *point)
{
    struct connpt_chunk *tail, *first;
    uint32_t used;

    CONNPT_FIRE_STEP();
    tail = __atomic_load_n(&point->tail, __ATOMIC_SEQ_CST);
    CONNPT_FIRE_STEP();
    first = __atomic_load_n(&point->first, __ATOMIC_SEQ_CST);
    CONNPT_FIRE_STEP();
    used = __atomic_load_n(&tail->state, __ATOMIC_SEQ_CST) & CONNPT_FIRE_SLOTS;
    if (__builtin_expect(first == tail, 1)) {
        fire->chunk = first;
        fire->end_sequence = 0; /* this one is the last */
        fire->end_slots = 0;
        fire->live = CONNPT_FIRE_NOTHING | CONNPT_FIRE_NEW_CHUNK | used;
        return;
    }
    fire->end_sequence = tail->sequence;
    fire->end_slots = CONNPT_FIRE_NEW_CHUNK | used;
    /* Later than the end: all that was there when the end was read has gone. */
    fire->chunk = first->sequence > tail->sequence ? &connpt__no_connections : first;
    fire->live = CONNPT_FIRE_NOTHING | CONNPT_FIRE_WHOLE;
}

static inline void connpt_fire_begin_inline(struct connpt_fire *fire, connpt_point *point,
                                            uint32_t policy)
{
    fire->policy = policy;
    fire->failure = S_OK;
    fire->point = point;
#ifdef _WIN32
    fire->reached = NULL;
#endif
    /* Points of objects with few of them have their first chunk behind them. Nothing that comes
     * after the count is read before it is done; this is. */
    __builtin_prefetch(point + 1);
    if (!connpt_point_has_sinks(point)) {
        connpt_fire_set_no_range(fire);
        return;
    }
    fire->counter = connpt_fire_enter_inline(point);
    connpt_fire_set_range(fire, point);
}

static inline HRESULT connpt_fire_end_inline(struct connpt_fire *fire)
{
#ifdef _WIN32
    connpt_fire_let_go(fire);
#endif
    if (fire->counter != NULL)
        connpt_fire_leave_inline(fire->point, fire->counter);
    if (FAILED(fire->failure))
        return fire->failure;
    return fire->live & CONNPT_FIRE_NOTHING ? S_FALSE : S_OK;
}

CONNPT_END_DECLS

#endif

#endif

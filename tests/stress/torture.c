/* SPDX-License-Identifier: MIT */
/*
 * Threads do everything to a few objects at once, at random, and count what must never happen.
 *
 *     torture [threads [operations [seed]]]
 *
 * The operations of each thread follow from the seed; how they meet is up to the scheduler (and
 * to connpt__shake, in the build with CONNPT_SHAKE). The threads work in short rounds. Between
 * two rounds nothing runs, so nothing may wait, be queued or be flagged in any point: a wake-up
 * that was lost shows there, before a later fire can make up for it.
 *
 * Time is a counter that everybody advances. A connection knows the time when its Unadvise had
 * returned, a fire the time when it began.
 */
#include <inttypes.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <connpt/connpt.h>

#include "core/object.h"
#include "sink.h" /* the interface only */

enum {
    MAX_THREADS = 64,
    N_PLACES = 2,     /* shared objects; replaced all the time */
    N_POINTS = 2,     /* of each */
    N_ANCHORS = 3,    /* sinks that stay for an object's life: each whole fire calls them */
    N_KEPT = 48,      /* connections that a thread has at most */
    ROUND = 64,       /* operations of a thread in a round */
    MAX_DEPTH = 3,    /* fires within fires */
    QUARANTINE = 512, /* dead sinks that are watched for a while before they are freed */
    PATIENCE = 10     /* seconds that a round may take */
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
    X(anchor_missed) X(wrong_cookie) X(dead_in_enumerator) X(wrong_result) X(still_waiting)        \
    X(wrong_count)
/* clang-format on */

#define FIELD(name) uint64_t name;
struct operations {
    OPERATIONS(FIELD)
};
struct faults {
    FAULTS(FIELD)
};

static struct faults faults; /* atomic */
#define FAULT(name) ((void)__atomic_add_fetch(&faults.name, 1, __ATOMIC_RELAXED))

/* ---- state -------------------------------------------------------------------------------- */

struct probe {
    ITestEvents ITestEvents_iface;
    LONG refs;       /* atomic */
    uint32_t cookie; /* atomic; 0 until Advise has returned */
    uint32_t is_anchor;
    uint32_t in_call;    /* atomic; calls under way */
    uint64_t removed_at; /* atomic; 0 while connected */
    uint64_t synced;     /* atomic; connpt_point_unadvise_sync has said S_OK */
    uint64_t object_id;
    unsigned point;
    struct probe *newer; /* in quarantine */
};

struct thing {
    struct connpt_object object;
    uint64_t id;
    connpt_point *points[N_POINTS];
    unsigned place;
    uint32_t closed; /* atomic; by anybody */
};

struct kept {
    struct probe *sink;  /* with a reference of the thread's */
    struct thing *thing; /* with a reference, or NULL: it is looked for */
    uint64_t object_id;
    unsigned place, point;
};

struct walk {
    uint64_t began;
    struct thing *thing;
    unsigned point;
    uint64_t last_position;
    unsigned n_anchors;
    struct walk *outer;
};

struct worker {
    pthread_t thread;
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

static struct {
    pthread_mutex_t mutex;
    struct thing *thing;
} places[N_PLACES];

static struct worker workers[MAX_THREADS];
static _Thread_local struct worker *self;
static unsigned n_threads = 4;
static uint64_t n_operations = 120000;
static uint64_t seed = 1;
static uint64_t now = 1;    /* atomic */
static int64_t live_sinks;  /* atomic */
static int64_t live_things; /* atomic */
static int64_t live_blocks; /* atomic */
static uint64_t next_id;    /* atomic */
static pthread_barrier_t barrier;

static uint64_t tick(void)
{
    return __atomic_add_fetch(&now, 1, __ATOMIC_RELAXED);
}

static uint32_t chance(uint32_t n)
{
    uint64_t x = self->random;

    x ^= x << 13;
    x ^= x >> 7;
    x ^= x << 17;
    self->random = x;
    return (uint32_t)((x * 0x2545F4914F6CDD1Dull) >> 32) % n;
}

void connpt__shake(void); /* called before each atomic operation of a library built for it */
void connpt__shake(void)
{
    if (self == NULL)
        return;
    if (chance(48) == 0)
        sched_yield();
}

/* ---- memory -------------------------------------------------------------------------------- */

static void *torture_resize(void *context, void *block, size_t size)
{
    void *result;

    (void)context;
    if (self != NULL && chance(50) == 0) {
        self->done.out_of_memory++;
        return NULL;
    }
    result = realloc(block, size);
    if (result != NULL && block == NULL)
        (void)__atomic_add_fetch(&live_blocks, 1, __ATOMIC_RELAXED);
    return result;
}

static void torture_release(void *context, void *block)
{
    (void)context;
    (void)__atomic_sub_fetch(&live_blocks, 1, __ATOMIC_RELAXED);
    free(block);
}

/* ---- sinks --------------------------------------------------------------------------------- */

static void act_in_call(struct thing *thing, unsigned point, struct probe *sink);
static void act_in_release(void);

static void bury(struct probe *sink)
{
    sink->newer = NULL;
    if (self->newest != NULL)
        self->newest->newer = sink;
    else
        self->oldest = sink;
    self->newest = sink;
    if (++self->n_quarantined <= QUARANTINE)
        return;
    sink = self->oldest;
    self->oldest = sink->newer;
    self->n_quarantined--;
    free(sink);
}

static struct probe *sink_of(ITestEvents *iface)
{
    return (struct probe *)(void *)iface;
}

static ULONG STDMETHODCALLTYPE sink_AddRef(ITestEvents *iface)
{
    LONG refs = __atomic_add_fetch(&sink_of(iface)->refs, 1, __ATOMIC_RELAXED);

    if (refs <= 1)
        FAULT(called_after_death);
    return (ULONG)refs;
}

static ULONG STDMETHODCALLTYPE sink_Release(ITestEvents *iface)
{
    struct probe *sink = sink_of(iface);
    LONG refs = __atomic_sub_fetch(&sink->refs, 1, __ATOMIC_ACQ_REL);

    if (refs < 0)
        FAULT(released_twice);
    if (refs != 0)
        return (ULONG)refs;
    if (__atomic_load_n(&sink->in_call, __ATOMIC_RELAXED) != 0)
        FAULT(called_after_death);
    (void)__atomic_sub_fetch(&live_sinks, 1, __ATOMIC_RELAXED);
    act_in_release();
    bury(sink);
    return 0;
}

static HRESULT STDMETHODCALLTYPE sink_QueryInterface(ITestEvents *iface, REFIID iid, void **out)
{
    (void)iid;
    *out = iface;
    (void)sink_AddRef(iface);
    return S_OK;
}

static void check_call(const struct probe *sink, struct walk *walk)
{
    uint64_t removed_at = __atomic_load_n(&sink->removed_at, __ATOMIC_RELAXED);

    if (__atomic_load_n(&sink->refs, __ATOMIC_RELAXED) <= 0)
        FAULT(called_after_death);
    if (removed_at != 0 && removed_at < walk->began)
        FAULT(called_by_later_fire);
    if (__atomic_load_n(&sink->synced, __ATOMIC_RELAXED))
        FAULT(called_after_sync_unadvise);
    if (sink->object_id != walk->thing->id || sink->point != walk->point)
        FAULT(wrong_result);
    walk->n_anchors += sink->is_anchor;
}

static HRESULT STDMETHODCALLTYPE sink_OnEvent(ITestEvents *iface, LONG value)
{
    struct probe *sink = sink_of(iface);
    struct walk *walk = self->walk;
    HRESULT hr = S_OK;

    (void)value;
    self->done.call++;
    (void)__atomic_add_fetch(&sink->in_call, 1, __ATOMIC_RELAXED);
    check_call(sink, walk);
    act_in_call(walk->thing, walk->point, sink);
    if (!sink->is_anchor && chance(64) == 0)
        hr = RPC_E_DISCONNECTED;
    if (__atomic_load_n(&sink->refs, __ATOMIC_RELAXED) <= 0)
        FAULT(called_after_death);
    (void)__atomic_sub_fetch(&sink->in_call, 1, __ATOMIC_RELEASE);
    return hr;
}

static const ITestEventsVtbl sink_vtbl = {
    .QueryInterface = sink_QueryInterface,
    .AddRef = sink_AddRef,
    .Release = sink_Release,
    .OnEvent = sink_OnEvent,
};

static struct probe *sink_new(const struct thing *thing, unsigned point)
{
    struct probe *sink = calloc(1, sizeof *sink);

    if (sink == NULL)
        abort();
    sink->ITestEvents_iface.lpVtbl = &sink_vtbl;
    sink->refs = 1;
    sink->object_id = thing->id;
    sink->point = point;
    (void)__atomic_add_fetch(&live_sinks, 1, __ATOMIC_RELAXED);
    return sink;
}

/* ---- objects ------------------------------------------------------------------------------- */

static void thing_fini(struct connpt_object *object)
{
    struct thing *thing = (struct thing *)(void *)object;

    for (unsigned p = 0; p < N_POINTS; p++) {
        if (connpt_point_connections(thing->points[p]) != 0)
            FAULT(wrong_count);
    }
    (void)__atomic_sub_fetch(&live_things, 1, __ATOMIC_RELAXED);
}

static const struct connpt_source thing_sources[] = {
    { &IID_ITestEvents, CONNPT_SOURCE_DROP_DEAD, 0 },
    { &IID_ITestOther, CONNPT_SOURCE_DROP_DEAD, 0 },
    { NULL, 0, 0 },
};
static const struct connpt_class thing_class = {
    .size = sizeof(struct thing),
    .sources = thing_sources,
    .fini = thing_fini,
};

/* What would take 2 * 10^9 Advise calls, or a machine with more processors. */
static void set_internals(struct thing *thing)
{
    for (unsigned p = 0; p < N_POINTS; p++) {
        struct point *point = point_of(thing->points[p]);

        if (chance(2) == 0) {
            point->list.first_key = LIST_KEY_MASK - chance(12);
            point->list.next_key = point->list.first_key;
            self->done.first_key_near_wrap++;
        }
        if (chance(2) == 0)
            point->readers.overlaps = READERS_OVERLAPS - chance(4);
    }
}

static void thing_release(struct thing *thing)
{
    (void)connpt_object_Release(&thing->object);
}

static struct thing *thing_new(unsigned place)
{
    struct connpt_object *object;
    struct thing *thing;

    if (FAILED(connpt_object_create(&thing_class, NULL, &object)))
        return NULL;
    thing = (struct thing *)(void *)object;
    thing->id = __atomic_add_fetch(&next_id, 1, __ATOMIC_RELAXED);
    (void)__atomic_add_fetch(&live_things, 1, __ATOMIC_RELAXED);
    for (unsigned p = 0; p < N_POINTS; p++)
        thing->points[p] = connpt_object_point(object, p);
    thing->place = place;
    set_internals(thing);
    for (unsigned p = 0; p < N_POINTS; p++) {
        for (unsigned i = 0; i < N_ANCHORS; i++) {
            struct probe *sink = sink_new(thing, p);
            DWORD cookie;
            HRESULT hr;

            sink->is_anchor = 1;
            hr = IConnectionPoint_Advise(connpt_point_iface(thing->points[p]), (IUnknown *)sink,
                                         &cookie);
            __atomic_store_n(&sink->cookie, cookie, __ATOMIC_RELAXED);
            (void)sink_Release(&sink->ITestEvents_iface);
            if (FAILED(hr)) {
                thing_release(thing);
                return NULL;
            }
            if (i == 0 && cookie != 1)
                FAULT(wrong_cookie);
        }
    }
    return thing;
}

/* The object in a place, with a reference; NULL when the place is empty. */
static struct thing *visit(unsigned place)
{
    struct thing *thing;

    pthread_mutex_lock(&places[place].mutex);
    thing = places[place].thing;
    if (thing != NULL)
        (void)connpt_object_AddRef(&thing->object);
    pthread_mutex_unlock(&places[place].mutex);
    return thing;
}

static void put(unsigned place, struct thing *thing)
{
    struct thing *old;

    pthread_mutex_lock(&places[place].mutex);
    old = places[place].thing;
    places[place].thing = thing;
    pthread_mutex_unlock(&places[place].mutex);
    if (old != NULL)
        thing_release(old);
}

static void drop(unsigned place)
{
    if (self->calm)
        return;
    self->done.drop_object++;
    put(place, NULL);
}

/* ---- operations ---------------------------------------------------------------------------- */

static void advise_one(struct thing *thing, unsigned point)
{
    struct kept *kept;
    struct probe *sink;
    DWORD cookie = 77;
    HRESULT hr;

    if (self->n_kept == N_KEPT)
        return;
    sink = sink_new(thing, point);
    hr = IConnectionPoint_Advise(connpt_point_iface(thing->points[point]), (IUnknown *)sink,
                                 &cookie);
    self->done.advise++;
    if (FAILED(hr)) {
        if (cookie != 0 || (hr != E_OUTOFMEMORY && hr != CONNECT_E_CANNOTCONNECT))
            FAULT(wrong_result);
        if (__atomic_load_n(&sink->refs, __ATOMIC_RELAXED) != 1)
            FAULT(wrong_count);
        (void)sink_Release(&sink->ITestEvents_iface);
        return;
    }
    __atomic_store_n(&sink->cookie, cookie, __ATOMIC_RELAXED);
    if (self->n_kept == N_KEPT) { /* a sink that was released inside has filled it */
        (void)sink_Release(&sink->ITestEvents_iface);
        return;
    }
    kept = &self->kept[self->n_kept++];
    *kept = (struct kept){
        .sink = sink, .object_id = thing->id, .place = thing->place, .point = point
    };
    if (chance(4) == 0) {
        kept->thing = thing;
        (void)connpt_object_AddRef(&thing->object);
    }
}

static HRESULT unadvise(struct thing *thing, const struct kept *kept, int sync)
{
    IConnectionPoint *point = connpt_point_iface(thing->points[kept->point]);
    DWORD cookie = __atomic_load_n(&kept->sink->cookie, __ATOMIC_RELAXED);

    return sync ? connpt_point_unadvise_sync(point, cookie)
                : IConnectionPoint_Unadvise(point, cookie);
}

static void after_unadvise(struct thing *thing, const struct kept *kept, int sync, HRESULT hr)
{
    struct probe *sink = kept->sink;

    if (FAILED(hr)) { /* closed, or dropped because a call said that it was dead */
        if (hr != CONNECT_E_NOCONNECTION)
            FAULT(wrong_result);
        self->done.unadvise_gone++;
        return;
    }
    __atomic_store_n(&sink->removed_at, tick(), __ATOMIC_RELAXED);
    if (sync && hr == S_OK) {
        if (__atomic_load_n(&sink->in_call, __ATOMIC_ACQUIRE) != 0)
            FAULT(called_after_sync_unadvise);
        __atomic_store_n(&sink->synced, 1, __ATOMIC_RELAXED);
    } else if (hr != S_OK && !(sync && self->depth > 0 && hr == S_FALSE)) {
        FAULT(wrong_result);
    }
    if (unadvise(thing, kept, sync) != CONNECT_E_NOCONNECTION)
        FAULT(wrong_result);
}

/* Two threads that wait inside fires of two points may wait for each other: not asked for. */
static int may_wait(const struct thing *thing, unsigned point)
{
    for (const struct walk *walk = self->walk; walk != NULL; walk = walk->outer) {
        if (walk->thing != thing || walk->point != point)
            return 0;
    }
    return 1;
}

static void unadvise_one(int sync)
{
    unsigned i;
    struct kept kept;
    struct thing *thing;

    if (self->n_kept == 0)
        return;
    i = chance(self->n_kept);
    kept = self->kept[i];
    self->kept[i] = self->kept[--self->n_kept];
    thing = kept.thing;
    if (thing == NULL) {
        thing = visit(kept.place);
        if (thing != NULL && thing->id != kept.object_id) {
            thing_release(thing);
            thing = NULL;
        }
    }
    if (thing != NULL) {
        if (sync && !may_wait(thing, kept.point))
            sync = 0;
        if (sync)
            self->done.unadvise_sync++;
        else
            self->done.unadvise++;
        if (sync && self->depth > 0)
            self->done.sync_in_call++;
        after_unadvise(thing, &kept, sync, unadvise(thing, &kept, sync));
        thing_release(thing);
    }
    (void)sink_Release(&kept.sink->ITestEvents_iface);
}

static void check_position(struct walk *walk, const struct connpt_fire *fire)
{
    uint64_t position = fire->chunk->sequence * 16 + fire_slot(fire) + 1;

    if (position == walk->last_position)
        FAULT(called_twice);
    else if (position < walk->last_position)
        FAULT(out_of_order);
    walk->last_position = position;
}

/* The caller has a reference, or is inside a fire of the object. */
static void fire_point(struct thing *thing, unsigned point)
{
    struct walk walk = { .thing = thing, .point = point, .outer = self->walk };
    int stop_after = chance(8) == 0 ? (int)chance(6) : -1;
    int was_open = !__atomic_load_n(&thing->closed, __ATOMIC_RELAXED);
    int is_open;
    struct connpt_fire fire;
    ITestEvents *sink;

    if (self->depth++ > 0)
        self->done.nested_fire++;
    else
        self->done.fire++;
    self->walk = &walk;
    walk.began = tick();
    connpt_fire_begin(&fire, thing->points[point], CONNPT_FIRE_IGNORE);
    while (stop_after-- != 0 && (sink = connpt_fire_next(&fire)) != NULL) {
        HRESULT hr;

        check_position(&walk, &fire);
        hr = sink->lpVtbl->OnEvent(sink, 1);
        if (FAILED(hr))
            self->done.dropped_dead++;
        connpt_fire_result(&fire, hr);
    }
    is_open = was_open && !__atomic_load_n(&thing->closed, __ATOMIC_RELAXED);
    (void)connpt_fire_end(&fire);
    if (stop_after < -1 && is_open && walk.n_anchors != N_ANCHORS)
        FAULT(anchor_missed);
    self->walk = walk.outer;
    self->depth--;
}

static void check_items(const CONNECTDATA *items, ULONG n, const struct thing *thing,
                        unsigned point)
{
    for (ULONG i = 0; i < n; i++) {
        struct probe *sink = sink_of((ITestEvents *)(void *)items[i].pUnk);
        uint32_t cookie = __atomic_load_n(&sink->cookie, __ATOMIC_RELAXED);

        if (__atomic_load_n(&sink->refs, __ATOMIC_RELAXED) <= 1) /* the enumerator's, and ours */
            FAULT(dead_in_enumerator);
        if ((cookie != 0 && cookie != items[i].dwCookie) || sink->object_id != thing->id ||
            sink->point != point)
            FAULT(wrong_cookie);
        (void)IUnknown_Release(items[i].pUnk);
    }
}

static void enumerate(struct thing *thing, unsigned point)
{
    /* The snapshot is taken by a fire, whose end may release sinks. */
    struct walk walk = { .thing = thing, .point = point, .outer = self->walk };
    IEnumConnections *list, *clone;
    CONNECTDATA items[7];
    ULONG n = 99;
    HRESULT created;

    self->walk = &walk;
    self->depth++;
    created = IConnectionPoint_EnumConnections(connpt_point_iface(thing->points[point]), &list);
    self->walk = walk.outer;
    self->depth--;
    if (FAILED(created))
        return;
    self->done.enumerate++;
    (void)IEnumConnections_Skip(list, chance(3));
    while (n != 0) {
        HRESULT hr = IEnumConnections_Next(list, 7, items, &n);

        if (n > 7 || (hr == S_OK) != (n == 7))
            FAULT(wrong_result);
        check_items(items, n, thing, point);
        if (chance(4) == 0 && SUCCEEDED(IEnumConnections_Clone(list, &clone))) {
            (void)IEnumConnections_Release(list);
            list = clone;
            self->done.clone++;
        }
        if (chance(16) == 0)
            (void)IEnumConnections_Reset(list);
    }
    (void)IEnumConnections_Release(list);
}

static void close_thing(struct thing *thing)
{
    if (self->calm)
        return;
    self->done.close++;
    __atomic_store_n(&thing->closed, 1, __ATOMIC_RELAXED);
    connpt_object_close(&thing->object);
}

static void block(void)
{
    self->done.blocked_call++;
    for (unsigned i = chance(64); i > 0; i--)
        sched_yield();
}

static void act_in_call(struct thing *thing, unsigned point, struct probe *sink)
{
    (void)sink;
    switch (chance(40)) {
    case 0:
    case 1:
        self->done.unadvise_in_call++;
        unadvise_one(0);
        break;
    case 2:
        unadvise_one(1);
        break;
    case 3:
        self->done.advise_in_call++;
        advise_one(thing, chance(N_POINTS));
        break;
    case 4:
    case 5:
        if (self->depth < MAX_DEPTH)
            fire_point(thing, chance(4) == 0 ? chance(N_POINTS) : point);
        break;
    case 6:
        drop(chance(N_PLACES));
        break;
    case 7:
        block();
        break;
    case 8:
    case 9:
        self->done.own_ref++;
        (void)connpt_object_AddRef(&thing->object);
        if (chance(2) == 0)
            sched_yield();
        thing_release(thing);
        break;
    case 10:
        if (chance(8) == 0)
            close_thing(thing);
        break;
    default:
        break;
    }
}

/* The sink's last reference has gone, maybe at the end of a fire: the library holds no lock. */
static void act_in_release(void)
{
    static _Thread_local int inside;

    if (inside || chance(8) != 0)
        return;
    inside = 1;
    self->done.unadvise_in_release++;
    unadvise_one(chance(4) == 0);
    inside = 0;
}

static void operate_on(struct thing *thing, unsigned place, unsigned what)
{
    unsigned point = chance(4) == 0 ? 1 : 0;

    if (what < 20) {
        advise_one(thing, point);
    } else if (what < 38) {
        unadvise_one(0);
    } else if (what < 44) {
        unadvise_one(1);
    } else if (what < 90) {
        fire_point(thing, point);
    } else if (what < 95) {
        enumerate(thing, point);
    } else if (what < 96) {
        close_thing(thing);
    } else {
        drop(place);
    }
}

static void operate(void)
{
    unsigned place = chance(N_PLACES);
    struct thing *thing = visit(place);

    if (thing == NULL) {
        thing = thing_new(place);
        if (thing == NULL)
            return;
        self->done.replace_object++;
        (void)connpt_object_AddRef(&thing->object);
        put(place, thing);
    }
    if (chance(4) == 0 && self->depth == 0) {
        /* Fire with a reference that anybody may make the last one. */
        unsigned point = chance(N_POINTS);

        fire_point(thing, point);
    }
    operate_on(thing, place, chance(100));
    thing_release(thing);
}

/* ---- rounds -------------------------------------------------------------------------------- */

static void check_quiet_point(struct point *point)
{
    const struct reclaim *reclaim = &point->reclaim;
    unsigned n_counters = readers_n_counters(&point->readers);

    for (unsigned i = 0; i < n_counters; i++) {
        if (*readers_counter(&point->readers, i) != 0)
            FAULT(still_waiting);
    }
    if (reclaim->state != BATCH_NONE || reclaim->incoming != NULL || reclaim->draining != NULL ||
        reclaim->waiters != NULL || reclaim->owner_waits || reclaim->inside_waiters)
        FAULT(still_waiting);
}

static void count_connections(struct point *point)
{
    uint32_t n = 0;

    for (struct connpt_chunk *chunk = point->list.first; chunk != NULL; chunk = chunk->next)
        n += (uint32_t)__builtin_popcount(chunk->state & CONNPT_CHUNK_ALL);
    if (n != connpt_point_connections(&point->head))
        FAULT(wrong_count);
}

static void check_quiet_thing(struct thing *thing)
{
    for (unsigned p = 0; p < N_POINTS; p++) {
        check_quiet_point(point_of(thing->points[p]));
        count_connections(point_of(thing->points[p]));
    }
}

static void check_quiet(void)
{
    for (unsigned i = 0; i < N_PLACES; i++) {
        if (places[i].thing != NULL)
            check_quiet_thing(places[i].thing);
    }
    for (unsigned t = 0; t < n_threads; t++) {
        for (unsigned i = 0; i < workers[t].n_kept; i++) {
            if (workers[t].kept[i].thing != NULL)
                check_quiet_thing(workers[t].kept[i].thing);
        }
    }
}

static int no_faults(void)
{
    static const struct faults none;

    return memcmp(&faults, &none, sizeof faults) == 0;
}

static void *work(void *arg)
{
    uint64_t n_rounds = n_operations / n_threads / ROUND + 1;

    self = arg;
    for (uint64_t round = 0; round < n_rounds; round++) {
        self->calm = round % 16 < 12;
        for (unsigned i = 0; i < ROUND; i++)
            operate();
        if (pthread_barrier_wait(&barrier) == PTHREAD_BARRIER_SERIAL_THREAD)
            check_quiet();
        pthread_barrier_wait(&barrier);
        if (!no_faults())
            break;
    }
    pthread_barrier_wait(&barrier);
    while (self->n_kept > 0)
        unadvise_one(0);
    pthread_barrier_wait(&barrier);
    return NULL;
}

/* ---- report -------------------------------------------------------------------------------- */

static void add_up(struct operations *sum)
{
    for (unsigned t = 0; t < n_threads; t++) {
        const uint64_t *one = (const uint64_t *)(const void *)&workers[t].done;

        for (size_t i = 0; i < sizeof *sum / sizeof(uint64_t); i++)
            ((uint64_t *)(void *)sum)[i] += one[i];
    }
}

static int report(void)
{
    struct operations sum = { 0 };

    add_up(&sum);
    printf("# threads %u, operations %" PRIu64 ", seed %" PRIu64 "\n", n_threads, n_operations,
           seed);
#define PRINT_OPERATION(name) printf("# %-28s %12" PRIu64 "\n", #name, sum.name);
    OPERATIONS(PRINT_OPERATION)
    printf("# must be zero:\n");
#define PRINT_FAULT(name)                                                                          \
    printf("# %-28s %12" PRIu64 "%s\n", #name, faults.name, faults.name != 0 ? "  <---" : "");
    FAULTS(PRINT_FAULT)
    printf("1..1\n%sok 1 - torture\n", no_faults() ? "" : "not ");
    return no_faults() ? 0 : 1;
}

static void wait_for(pthread_t thread)
{
#ifdef __linux__
    uint64_t before = 0;

    for (;;) {
        struct timespec until;
        uint64_t at = __atomic_load_n(&now, __ATOMIC_RELAXED);

        clock_gettime(CLOCK_REALTIME, &until);
        until.tv_sec += PATIENCE;
        if (pthread_timedjoin_np(thread, NULL, &until) == 0)
            return;
        if (at == before) {
            printf("1..1\nnot ok 1 - torture: nothing moves any more (seed %" PRIu64 ")\n", seed);
            fflush(stdout);
            _Exit(1);
        }
        before = at;
    }
#else
    pthread_join(thread, NULL);
#endif
}

int main(int argc, char **argv)
{
    static const struct connpt_allocator allocator = { torture_resize, torture_release, NULL };

    if (argc > 1)
        n_threads = (unsigned)strtoul(argv[1], NULL, 10);
    if (argc > 2)
        n_operations = strtoull(argv[2], NULL, 10);
    if (argc > 3)
        seed = strtoull(argv[3], NULL, 10);
    if (n_threads < 1 || n_threads > MAX_THREADS) {
        fprintf(stderr,
                "torture: from 1 to %d threads; usage: torture [threads [operations "
                "[seed]]]\n",
                MAX_THREADS);
        return 2;
    }
    connpt_set_allocator(&allocator);
    pthread_barrier_init(&barrier, NULL, n_threads);
    for (unsigned i = 0; i < N_PLACES; i++)
        pthread_mutex_init(&places[i].mutex, NULL);
    for (unsigned t = 0; t < n_threads; t++) {
        workers[t].random = (seed * 1000003 + t + 1) * 0x9E3779B97F4A7C15ull | 1;
        if (pthread_create(&workers[t].thread, NULL, work, &workers[t]) != 0)
            abort();
    }
    for (unsigned t = 0; t < n_threads; t++)
        wait_for(workers[t].thread);
    self = &workers[0];
    for (unsigned i = 0; i < N_PLACES; i++)
        put(i, NULL);
    while (self->n_kept > 0)
        unadvise_one(0);
    for (unsigned t = 0; t < n_threads; t++) {
        for (struct probe *sink = workers[t].oldest, *newer; sink != NULL; sink = newer) {
            newer = sink->newer;
            free(sink);
        }
    }
    faults.leaked_sinks = (uint64_t)live_sinks;
    faults.leaked_objects = (uint64_t)live_things;
    faults.leaked_blocks = (uint64_t)live_blocks;
    return report();
}

/* SPDX-License-Identifier: MIT */
/*
 * torture_operations.c - what a thread does with an object, outside and inside a sink's call
 *
 * Each operation checks its own result; check_call in torture_sink.c checks the calls.
 */

#include "torture.h"

#include "core/object.h"

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
        sink_release(sink);
        return;
    }
    __atomic_store_n(&sink->cookie, cookie, __ATOMIC_RELAXED);
    if (self->n_kept == N_KEPT) { /* a sink that was released inside has filled it */
        sink_release(sink);
        return;
    }
    kept = &self->kept[self->n_kept++];
    *kept = (struct kept){
        .sink = sink, .object_id = thing->id, .place = thing->place, .point = point, .since = tick()
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

void unadvise_one(int sync)
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
        thing = place_visit(kept.place);
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
    sink_release(kept.sink);
}

static void check_position(struct walk *walk, const struct connpt_fire *fire)
{
    uint64_t position = fire->chunk->sequence * 16 + fire_slot(fire->live) + 1;

    if (position == walk->last_position)
        FAULT(called_twice);
    else if (position < walk->last_position)
        FAULT(out_of_order);
    walk->last_position = position;
}

/* A whole fire has called all that this thread had connected before, and has not disconnected. */
static void check_kept(const struct walk *walk)
{
    for (unsigned i = 0; i < self->n_kept; i++) {
        const struct kept *kept = &self->kept[i];

        if (kept->object_id == walk->thing->id && kept->point == walk->point &&
            kept->since < walk->began && kept->sink->called_in < walk->began &&
            !__atomic_load_n(&kept->sink->said_dead, __ATOMIC_RELAXED))
            FAULT(kept_missed);
    }
}

/* The caller has a reference, or is inside a fire of the object. */
static void fire_point(struct thing *thing, unsigned point)
{
    struct walk walk = { .thing = thing, .point = point, .outer = self->walk };
    int stop_after = chance(8) == 0 ? (int)chance(6) : -1;
    int was_open = !__atomic_load_n(&thing->closed, __ATOMIC_RELAXED);
    int is_open, is_called = chance(4) == 0; /* the library's functions, not what is compiled in */
    struct connpt_fire fire;
    ITestEvents *sink;

    if (self->depth++ > 0)
        self->done.nested_fire++;
    else
        self->done.fire++;
    self->walk = &walk;
    walk.began = tick();
    if (is_called)
        (connpt_fire_begin)(&fire, thing->points[point], CONNPT_FIRE_IGNORE);
    else
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
    (void)(is_called ? (connpt_fire_end)(&fire) : connpt_fire_end(&fire));
    if (stop_after < -1 && is_open && walk.n_anchors != N_ANCHORS)
        FAULT(anchor_missed);
    if (stop_after < -1 && is_open)
        check_kept(&walk);
    self->walk = walk.outer;
    self->depth--;
}

static void check_items(const CONNECTDATA *items, ULONG n, const struct thing *thing,
                        unsigned point)
{
    for (ULONG i = 0; i < n; i++) {
        struct probe *sink = sink_of(items[i].pUnk);
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
        t_yield();
}

void act_in_call(struct thing *thing, unsigned point)
{
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
        place_empty(chance(N_PLACES));
        break;
    case 7:
        block();
        break;
    case 8:
    case 9:
        self->done.own_ref++;
        (void)connpt_object_AddRef(&thing->object);
        if (chance(2) == 0)
            t_yield();
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
void act_in_release(void)
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
        place_empty(place);
    }
}

void operate(void)
{
    unsigned place = chance(N_PLACES);
    struct thing *thing = place_visit(place);

    if (thing == NULL) {
        thing = thing_new(place);
        if (thing == NULL)
            return;
        self->done.replace_object++;
        (void)connpt_object_AddRef(&thing->object);
        place_put(place, thing);
    }
    if (chance(4) == 0 && self->depth == 0) {
        /* Fire with a reference that anybody may make the last one. */
        unsigned point = chance(N_POINTS);

        fire_point(thing, point);
    }
    operate_on(thing, place, chance(100));
    thing_release(thing);
}

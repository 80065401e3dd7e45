/* SPDX-License-Identifier: MIT */
/*
 * torture_object.c - the objects that threads share, and the places where they find them
 *
 * An object is replaced, closed and dropped while others use it.
 */
#include "torture.h"

#include "core/object.h"

static uint64_t next_id; /* atomic */

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
        struct connpt_point_body *body = thing->points[p]->body;

        if (chance(2) == 0) {
            body->list.first_key = LIST_KEY_MASK - chance(12);
            body->list.next_key = body->list.first_key;
            self->done.first_key_near_wrap++;
        }
        if (chance(2) == 0)
            body->reclaim.overlaps = READERS_OVERLAPS - chance(4);
    }
}

void thing_release(struct thing *thing)
{
    (void)connpt_object_Release(&thing->object);
}

struct thing *thing_new(unsigned place)
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
            sink_release(sink);
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

struct thing *place_visit(unsigned place)
{
    struct thing *thing;

    t_mutex_lock(&places[place].mutex);
    thing = places[place].thing;
    if (thing != NULL)
        (void)connpt_object_AddRef(&thing->object);
    t_mutex_unlock(&places[place].mutex);
    return thing;
}

void place_put(unsigned place, struct thing *thing)
{
    struct thing *old;

    t_mutex_lock(&places[place].mutex);
    old = places[place].thing;
    places[place].thing = thing;
    t_mutex_unlock(&places[place].mutex);
    if (old != NULL)
        thing_release(old);
}

void place_empty(unsigned place)
{
    if (self->calm)
        return;
    self->done.drop_object++;
    place_put(place, NULL);
}

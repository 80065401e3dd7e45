/* SPDX-License-Identifier: MIT */
/*
 * core/object.h - the head of every instance: identity, reference count, points
 *
 * Lies in connpt_object.connpt_private. The set of points lies in the same allocation, behind the
 * instance.
 */
#ifndef CONNPT_CORE_OBJECT_H
#define CONNPT_CORE_OBJECT_H

#include <connpt/object.h>

#include "base/atomic.h"
#include "base/container_of.h"
#include "base/mutex.h"
#include "core/point.h"
#include "core/point_set.h"

struct object {
    IUnknown IUnknown_iface; /* never delegates to `outer` */
    IConnectionPointContainer IConnectionPointContainer_iface;
    IProvideClassInfo2 IProvideClassInfo2_iface;
    const struct connpt_class *cls;
    IUnknown *outer;          /* controlling object, borrowed; NULL: stands alone */
    struct point_set *points; /* what does not fit here */
    uint32_t refs;            /* atomic; OBJECT_... */
};

_Static_assert(sizeof(struct object) <= sizeof(struct connpt_object), "the head fits");

static inline struct object *object_of(struct connpt_object *head)
{
    return (struct object *)(void *)head;
}

static inline struct connpt_object *object_head(struct object *object)
{
    return (struct connpt_object *)(void *)object;
}

/* References that clients see: the outer object's, if there is one. */
ULONG connpt__object_add_ref(struct object *object);
ULONG connpt__object_release(struct object *object);

/* The instance's own count. */
ULONG connpt__object_add_own_ref(struct object *object);
ULONG connpt__object_release_own(struct object *object);

/* Of `refs`: the count, and a mark. The only holder sets the mark before it looks whether fires are
 * running; every other release takes it off, so that it knows of those. */
#define OBJECT_REFS 0x7fffffffu
#define OBJECT_LOOKING 0x80000000u

/* For the length of a call: as add_own_ref and release_own, short. */
static inline void object_hold(struct object *object)
{
    /* Relaxed: whoever adds a reference has one, which already orders everything. */
    (void)add_relaxed(&object->refs, 1);
}

static inline void object_let_go(struct object *object)
{
    uint32_t refs = load_relaxed(&object->refs);

    /* Not the last one; otherwise that needs care. */
    if ((refs & OBJECT_REFS) <= 1 || !cas_seq(&object->refs, &refs, (refs & OBJECT_REFS) - 1))
        (void)connpt__object_release_own(object);
}

/* Without the lock of the point, after any change: tells the class's `listening` what is new. */
static inline void point_notify_owner(connpt_point *point)
{
    if (object_of(point->owner)->cls->listening != NULL)
        connpt__point_tell_listening(point);
}

/* object.c */
HRESULT connpt__object_query_own(struct object *object, REFIID iid, void **out);

/* container.c */
extern const IConnectionPointContainerVtbl connpt__container_vtbl;
/* class_info.c */
extern const IProvideClassInfo2Vtbl connpt__class_info_vtbl;
/* enum_points.c */
HRESULT connpt__enum_points_create(struct object *object, IEnumConnectionPoints **ret_enum);

#endif

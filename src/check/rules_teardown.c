/* SPDX-License-Identifier: MIT */
/* check/rules_teardown.c - what is left when the object's references go */
#include "check.h"

#include <string.h>

#include "sink.h"
#include "walk.h"

enum { N_SINKS = 3 };

/* The checker's references to the object and its container; the point stays. */
static void let_object_go(struct check *check)
{
    check->step = "the last Release of the object";
    IConnectionPointContainer_Release(check->container);
    IUnknown_Release(check->object);
    check->container = NULL;
    check->object = NULL;
}

static void let_point_go(struct check *check)
{
    check->step = "the last Release";
    IConnectionPoint_Release(check->point);
    check->point = NULL;
}

static void end_releases_sinks(struct check *check)
{
    struct sink *sinks[N_SINKS];
    DWORD cookie;

    for (int i = 0; i < N_SINKS; i++) {
        sinks[i] = sink_create(check);
        if (sinks[i] == NULL || !check_advise(check, sinks[i], &cookie))
            return;
    }
    let_object_go(check);
    let_point_go(check);
    for (int i = 0; i < N_SINKS; i++) {
        LONG held = sink_held(sinks[i]);

        if (held > 0)
            sink_fail(sinks[i],
                      "the object's last reference went while %d sinks were connected, and "
                      "%ld references to sink %d are still held: it leaks",
                      N_SINKS, (long)held, i + 1);
        else if (held < 0)
            sink_fail(sinks[i],
                      "the object's last reference went while %d sinks were connected, and "
                      "sink %d was released %ld times too often",
                      N_SINKS, i + 1, (long)-held);
    }
}

static void session_balanced(struct check *check)
{
    struct sink *sink = sink_create(check);
    ULONG before, after;
    IConnectionPoint *again;
    DWORD cookie;

    if (sink == NULL)
        return;
    if (!check_count(check->object, &before)) {
        check_skip(check, "AddRef and Release of the object do not tell the count");
        return;
    }
    for (int i = 0; i < 3; i++) {
        if (!check_find(check, &check->source->iid, &again))
            return;
        if (!check_advise(check, sink, &cookie) || !check_unadvise(check, cookie)) {
            IConnectionPoint_Release(again);
            return;
        }
        IConnectionPoint_Release(again);
    }
    if (check_count(check->object, &after) && after != before)
        check_fail(check,
                   "three times FindConnectionPoint, Advise, Unadvise and Release changed the "
                   "object's count from %lu to %lu",
                   (unsigned long)before, (unsigned long)after);
}

/* ---- what a client may hold longer than the object ----------------------------------------- */

static void end_point_stays(struct check *check)
{
    struct sink *sink = sink_create(check);
    IConnectionPointContainer *container = NULL;
    IEnumConnections *connections = NULL;
    DWORD cookie;
    IID iid;
    HRESULT before, hr;

    if (sink == NULL)
        return;
    before = IConnectionPoint_GetConnectionInterface(check->point, &iid);
    let_object_go(check);
    check->step = "GetConnectionInterface of a point whose object was released";
    hr = IConnectionPoint_GetConnectionInterface(check->point, &iid);
    if (FAILED(hr) && SUCCEEDED(before))
        check_fail(check, "%s returned %s", check->step, HR(hr));
    check->step = "GetConnectionPointContainer of a point whose object was released";
    if (SUCCEEDED(IConnectionPoint_GetConnectionPointContainer(check->point, &container)) &&
        container != NULL) {
        IConnectionPoint *point = NULL;

        if (SUCCEEDED(IConnectionPointContainer_FindConnectionPoint(container, &check->source->iid,
                                                                    &point)) &&
            point != NULL)
            IConnectionPoint_Release(point);
        IConnectionPointContainer_Release(container);
    }
    check->step = "EnumConnections of a point whose object was released";
    if (SUCCEEDED(IConnectionPoint_EnumConnections(check->point, &connections)) &&
        connections != NULL)
        IEnumConnections_Release(connections);
    check->step = "Advise at a point whose object was released";
    if (SUCCEEDED(IConnectionPoint_Advise(check->point, sink_handed(sink), &cookie)))
        (void)IConnectionPoint_Unadvise(check->point, cookie);
    let_point_go(check);
}

/* An enumerator that is all that is left. */
static void end_enumerator_stays(struct check *check)
{
    struct walk walk, copy;

    if (!walk_open(check, 0, &walk))
        return;
    let_object_go(check);
    if (check->point != NULL)
        let_point_go(check);
    for (ULONG i = 0; i < walk.n_items; i++) {
        if (walk_one(&walk) == NULL)
            check_fail(check, "%s gives %lu of %lu items once the object was released",
                       walk_name(&walk), (unsigned long)i, (unsigned long)walk.n_items);
    }
    (void)walk_reset(&walk);
    if (SUCCEEDED(walk_clone(&walk, &copy)) && copy.as.unknown != NULL) {
        (void)walk_one(&copy);
        walk_close(&copy);
    }
    walk_close(&walk);
}

#define COUNTS "Microsoft: Rules for Managing Reference Counts"

const struct rule check_rules_teardown[] = {
    { { "session-balanced", "Connecting and disconnecting leaves the object's count as it was.",
        COUNTS, "Release in Unadvise what Advise took, of the object too.", CONNPT_CHECK_VIOLATES },
      session_balanced,
      RULE_POINT,
      RULE_NO_KIND,
      0 },
    { { "end-releases-sinks",
        "An object that ends releases each sink that is still connected, "
        "once.",
        COUNTS, "Walk the list when the last reference goes.", CONNPT_CHECK_VIOLATES },
      end_releases_sinks,
      RULE_POINT,
      RULE_NO_KIND,
      RULE_ENDS_OBJECT },
    { { "end-point-stays", "A point that somebody holds can be used after the object was released.",
        COUNTS,
        "Let the point share the object's count, or hold a reference to it; not a bare "
        "pointer.",
        CONNPT_CHECK_VIOLATES },
      end_point_stays,
      RULE_POINT,
      RULE_NO_KIND,
      RULE_ENDS_OBJECT },
    { { "end-connections-stay",
        "An enumerator of connections can be read after the object was "
        "released.",
        COUNTS,
        "Let the enumerator hold a reference to each item, and to the object if it needs "
        "it.",
        CONNPT_CHECK_VIOLATES },
      end_enumerator_stays,
      RULE_POINT,
      RULE_CONNECTIONS,
      RULE_ENDS_OBJECT },
    { { "end-points-stay", "An enumerator of points can be read after the object was released.",
        COUNTS,
        "Let the enumerator hold a reference to each point, and to the object if it needs "
        "it.",
        CONNPT_CHECK_VIOLATES },
      end_enumerator_stays,
      RULE_OBJECT,
      RULE_POINTS,
      RULE_ENDS_OBJECT },
    { { NULL, NULL, NULL, NULL, 0 }, NULL, 0, 0, 0 },
};

/* SPDX-License-Identifier: MIT */
/* What an aggregated object gives out counts on the outer object, and on nothing else (CONTRACT
 * O-5, C-4). */
#include "sink.h"
#include "t.h"

struct outer {
    IUnknown IUnknown_iface;
    LONG refs;
    struct source *inner;
};

static struct outer *outer_of(IUnknown *iface)
{
    return (struct outer *)(void *)iface;
}

static HRESULT STDMETHODCALLTYPE outer_QueryInterface(IUnknown *iface, REFIID iid, void **out)
{
    return IUnknown_QueryInterface(connpt_object_unknown(&outer_of(iface)->inner->object), iid,
                                   out);
}

static ULONG STDMETHODCALLTYPE outer_AddRef(IUnknown *iface)
{
    return (ULONG)++outer_of(iface)->refs;
}

static ULONG STDMETHODCALLTYPE outer_Release(IUnknown *iface)
{
    return (ULONG)--outer_of(iface)->refs;
}

static const IUnknownVtbl outer_vtbl = { outer_QueryInterface, outer_AddRef, outer_Release };

static struct outer outer;

static int setup(void)
{
    outer.IUnknown_iface.lpVtbl = (void *)&outer_vtbl;
    outer.refs = 1;
    outer.inner = source_create_class(&source_class, &outer.IUnknown_iface);
    return outer.inner != NULL;
}

/* The outer object has lost nothing and gained nothing; the inner one ends with its only
 * reference. */
static void teardown(void)
{
    CHECK_INT(outer.refs, 1);
    CHECK_INT(source_n_finished, 0);
    (void)IUnknown_Release(connpt_object_unknown(&outer.inner->object));
    CHECK_INT(source_n_finished, 1);
}

static void container_of_a_point_is_the_outer_objects(void)
{
    IConnectionPointContainer *container;

    if (!setup())
        return;
    CHECK_HR(IConnectionPoint_GetConnectionPointContainer(source_events(outer.inner), &container),
             S_OK);
    CHECK_INT(outer.refs, 2);
    (void)IConnectionPointContainer_Release(container);
    teardown();
}

static void point_counts_on_the_outer_object(void)
{
    IConnectionPoint *point, *same;

    if (!setup())
        return;
    point = source_events(outer.inner);
    CHECK_INT(IConnectionPoint_AddRef(point), 2);
    CHECK_HR(IConnectionPoint_QueryInterface(point, &IID_IConnectionPoint, (void **)&same), S_OK);
    CHECK_INT(outer.refs, 3);
    CHECK_INT(IConnectionPoint_Release(same), 2);
    CHECK_INT(IConnectionPoint_Release(point), 1);
    teardown();
}

static void class_info_counts_on_the_outer_object(void)
{
    IProvideClassInfo2 *info;

    if (!setup())
        return;
    CHECK_HR(
        IUnknown_QueryInterface(&outer.IUnknown_iface, &IID_IProvideClassInfo2, (void **)&info),
        S_OK);
    CHECK_INT(outer.refs, 2);
    CHECK_INT(IProvideClassInfo2_Release(info), 1);
    teardown();
}

static void enumerators_hold_the_outer_object(void)
{
    IEnumConnectionPoints *points = NULL;
    IEnumConnections *connections = NULL;
    IConnectionPointContainer *container;

    if (!setup())
        return;
    container = connpt_object_container(&outer.inner->object);
    (void)IConnectionPoint_EnumConnections(source_events(outer.inner), &connections);
    if (connections != NULL) {
        CHECK_INT(outer.refs, 2);
        (void)IEnumConnections_Release(connections);
    }
    CHECK_INT(outer.refs, 1);
    (void)IConnectionPointContainer_EnumConnectionPoints(container, &points);
    if (points != NULL) {
        CHECK_INT(outer.refs, 1 + 1 + 2); /* the enumerator's own, and one for each point */
        (void)IEnumConnectionPoints_Release(points);
    }
    teardown();
}

/* A sink's Release may end the instance; the instance's own count holds it, not the outer one. */
static void connecting_leaves_the_outer_count_alone(void)
{
    struct sink sink;
    DWORD cookie;

    if (!setup())
        return;
    sink_init(&sink, 1);
    cookie = advise(source_events(outer.inner), &sink);
    CHECK_INT(outer.refs, 1);
    (void)fire_event(outer.inner->events, 1);
    CHECK_INT(outer.refs, 1);
    if (cookie != 0)
        CHECK_HR(IConnectionPoint_Unadvise(source_events(outer.inner), cookie), S_OK);
    CHECK_INT(sink.refs, 1);
    teardown();
}

int main(int argc, char **argv)
{
    static const struct t_test tests[] = {
        T(container_of_a_point_is_the_outer_objects), T(point_counts_on_the_outer_object),
        T(class_info_counts_on_the_outer_object),     T(enumerators_hold_the_outer_object),
        T(connecting_leaves_the_outer_count_alone),   T_END,
    };

    return t_run(argc, argv, tests);
}

/* SPDX-License-Identifier: MIT */
/* Objects: identity, the container, aggregation, added points, class info (CONTRACT O, C-1, C-2,
 * C-12). */
#include <stddef.h>
#include <string.h>

#include "sink.h"
#include "t.h"

/* ---- an object with two incoming interfaces ---------------------------------------------- */

struct thing {
    struct connpt_object object;
    ITestEvents ITestEvents_iface;
    IPropertyNotifySink IPropertyNotifySink_iface;
};

CONNPT_UNKNOWN_METHODS(ITestEvents, thing)
CONNPT_UNKNOWN_METHODS(IPropertyNotifySink, thing)

static HRESULT STDMETHODCALLTYPE thing_OnEvent(ITestEvents *iface, LONG value)
{
    (void)iface;
    return value;
}

static const ITestEventsVtbl thing_events_vtbl = {
    CONNPT_UNKNOWN_SLOTS(ITestEvents, thing),
    .OnEvent = thing_OnEvent,
};

static const IPropertyNotifySinkVtbl thing_notify_vtbl = {
    CONNPT_UNKNOWN_SLOTS(IPropertyNotifySink, thing),
};

static const struct connpt_interface thing_interfaces[] = {
    { &IID_ITestEvents, offsetof(struct thing, ITestEvents_iface) },
    { &IID_IPropertyNotifySink, offsetof(struct thing, IPropertyNotifySink_iface) },
    { NULL, 0 },
};

static const struct connpt_source thing_sources[] = {
    { &IID_ITestOther, CONNPT_SOURCE_DEFAULT, 0 },
    { NULL, 0, 0 },
};

static int n_finished;

static void thing_fini(struct connpt_object *object)
{
    (void)object;
    n_finished++;
}

static const struct connpt_class thing_class = {
    .size = sizeof(struct thing),
    .interfaces = thing_interfaces,
    .sources = thing_sources,
    .fini = thing_fini,
};

static struct thing *thing_create(IUnknown *outer)
{
    struct connpt_object *object;
    struct thing *thing;

    n_finished = 0;
    if (!CHECK(SUCCEEDED(connpt_object_create(&thing_class, outer, &object))))
        return NULL;
    thing = (struct thing *)(void *)object;
    thing->ITestEvents_iface.lpVtbl = &thing_events_vtbl;
    thing->IPropertyNotifySink_iface.lpVtbl = (void *)&thing_notify_vtbl;
    return thing;
}

static const IID *const all_iids[] = {
    &IID_IUnknown,          &IID_ITestEvents,        &IID_IPropertyNotifySink,
    &IID_IProvideClassInfo, &IID_IProvideClassInfo2, &IID_IConnectionPointContainer,
};
enum { N_IIDS = 6 };

static void query_interface_is_reflexive_symmetric_and_transitive(void)
{
    struct thing *thing = thing_create(NULL);
    IUnknown *ifaces[N_IIDS];

    if (thing == NULL)
        return;
    for (int i = 0; i < N_IIDS; i++)
        CHECK_HR(IUnknown_QueryInterface(connpt_object_unknown(&thing->object), all_iids[i],
                                         (void **)&ifaces[i]),
                 S_OK);
    for (int i = 0; i < N_IIDS; i++) {
        for (int j = 0; j < N_IIDS; j++) {
            void *out = NULL;

            CHECK_HR(IUnknown_QueryInterface(ifaces[i], all_iids[j], &out), S_OK);
            CHECK_PTR(out, ifaces[j]);
            (void)IUnknown_Release((IUnknown *)out);
        }
    }
    for (int i = 0; i < N_IIDS; i++)
        (void)IUnknown_Release(ifaces[i]);
    CHECK_INT(connpt_object_Release(&thing->object), 0);
    CHECK_INT(n_finished, 1);
}

static void query_interface_clears_on_failure_and_refuses_null(void)
{
    struct thing *thing = thing_create(NULL);
    IUnknown *unknown;
    void *out;

    if (thing == NULL)
        return;
    unknown = connpt_object_unknown(&thing->object);
    out = thing;
    CHECK_HR(IUnknown_QueryInterface(unknown, &IID_ITestThird, &out), E_NOINTERFACE);
    CHECK_PTR(out, NULL);
    out = thing;
    CHECK_HR(IUnknown_QueryInterface(unknown, &IID_IConnectionPoint, &out), E_NOINTERFACE);
    CHECK_HR(IUnknown_QueryInterface(unknown, &IID_IUnknown, NULL), E_POINTER);
    out = thing;
    CHECK_HR(IUnknown_QueryInterface(unknown, NULL, &out), E_POINTER);
    CHECK_PTR(out, NULL);
    CHECK_INT(connpt_object_Release(&thing->object), 0);
}

static void create_refuses_bad_classes(void)
{
    static const struct connpt_source two_defaults[] = {
        { &IID_ITestEvents, CONNPT_SOURCE_DEFAULT, 0 },
        { &IID_ITestOther, CONNPT_SOURCE_DEFAULT, 0 },
        { NULL, 0, 0 },
    };
    static const struct connpt_source twice[] = {
        { &IID_ITestEvents, 0, 0 },
        { &IID_ITestEvents, 0, 0 },
        { NULL, 0, 0 },
    };
    static const struct connpt_class small = { .size = sizeof(struct connpt_object) - 1 };
    static const struct connpt_class defaults = { .size = sizeof(struct source),
                                                  .sources = two_defaults };
    static const struct connpt_class doubles = { .size = sizeof(struct source), .sources = twice };
    struct connpt_object *object = NULL;

    CHECK_HR(connpt_object_create(NULL, NULL, &object), E_POINTER);
    CHECK_HR(connpt_object_create(&source_class, NULL, NULL), E_POINTER);
    CHECK_HR(connpt_object_create(&small, NULL, &object), E_INVALIDARG);
    CHECK_HR(connpt_object_create(&defaults, NULL, &object), E_INVALIDARG);
    CHECK_HR(connpt_object_create(&doubles, NULL, &object), E_INVALIDARG);
    CHECK_PTR(object, NULL);
}

static void object_without_sources_is_not_connectable(void)
{
    static const struct connpt_class plain = { .size = sizeof(struct source) };
    static const struct connpt_source added = { &IID_ITestEvents, 0, 0 };
    struct connpt_object *object;
    void *out;

    if (!CHECK(SUCCEEDED(connpt_object_create(&plain, NULL, &object))))
        return;
    CHECK_PTR(connpt_object_container(object), NULL);
    CHECK_PTR(connpt_object_point(object, 0), NULL);
    CHECK_HR(connpt_object_QueryInterface(object, &IID_IConnectionPointContainer, &out),
             E_NOINTERFACE);
    CHECK_HR(connpt_object_QueryInterface(object, &IID_IProvideClassInfo2, &out), E_NOINTERFACE);
    if (!t_oom_hit())
        CHECK_HR(connpt_object_add_point(object, &added, NULL), E_INVALIDARG);
    (void)connpt_object_Release(object);
}

/* ---- the container ------------------------------------------------------------------------- */

static void find_connection_point_follows_its_rules(void)
{
    struct source *source = source_create();
    IConnectionPointContainer *container;
    IConnectionPoint *point, *again;

    if (!CHECK(source != NULL))
        return;
    container = connpt_object_container(&source->object);
    point = (IConnectionPoint *)(void *)source;
    CHECK_HR(IConnectionPointContainer_FindConnectionPoint(container, &IID_ITestThird, &point),
             CONNECT_E_NOCONNECTION);
    CHECK_PTR(point, NULL);
    point = (IConnectionPoint *)(void *)source;
    CHECK_HR(IConnectionPointContainer_FindConnectionPoint(container, NULL, &point), E_POINTER);
    CHECK_PTR(point, NULL);
    CHECK_HR(IConnectionPointContainer_FindConnectionPoint(container, &IID_ITestEvents, NULL),
             E_POINTER);
    CHECK_HR(IConnectionPointContainer_FindConnectionPoint(container, &IID_ITestEvents, &point),
             S_OK);
    CHECK_INT(IConnectionPoint_Release(point), 1);
    /* The same point, also after every reference to it went. */
    CHECK_HR(IConnectionPointContainer_FindConnectionPoint(container, &IID_ITestEvents, &again),
             S_OK);
    CHECK_PTR(point, again);
    (void)IConnectionPoint_Release(again);
    source_release(source);
}

static const struct connpt_source no_sources[] = { { NULL, 0, 0 } };
static const struct connpt_class empty_class = { .size = sizeof(struct source),
                                                 .sources = no_sources };

static void enum_connection_points_works_with_no_points(void)
{
    struct source *source = source_create_class(&empty_class, NULL);
    IEnumConnectionPoints *points;
    IConnectionPoint *point;
    ULONG n = 9;

    if (!CHECK(source != NULL))
        return;
    if (CHECK(SUCCEEDED(IConnectionPointContainer_EnumConnectionPoints(
            connpt_object_container(&source->object), &points)))) {
        CHECK_HR(IEnumConnectionPoints_Next(points, 1, &point, &n), S_FALSE);
        CHECK_INT(n, 0);
        (void)IEnumConnectionPoints_Release(points);
    }
    CHECK_HR(IConnectionPointContainer_EnumConnectionPoints(
                 connpt_object_container(&source->object), NULL),
             E_POINTER);
    source_release(source);
}

static void added_points_are_found_and_leave_enumerators_alone(void)
{
    static const struct connpt_source third = { &IID_ITestThird, 0, 1 };
    static const struct connpt_source nameless = { NULL, 0, 0 };
    static const struct connpt_source second_default = { &IID_IDispatch, CONNPT_SOURCE_DEFAULT, 0 };
    struct source *source = source_create();
    IConnectionPointContainer *container;
    IEnumConnectionPoints *before = NULL, *after = NULL;
    IConnectionPoint *points[4], *found = NULL;
    connpt_point *added = NULL;
    ULONG n;

    if (!CHECK(source != NULL))
        return;
    container = connpt_object_container(&source->object);
    CHECK_HR(IConnectionPointContainer_EnumConnectionPoints(container, &before), S_OK);
    CHECK_HR(connpt_object_add_point(&source->object, &third, &added), S_OK);
    if (t_oom_hit() || before == NULL || added == NULL)
        goto out;
    CHECK_HR(connpt_object_add_point(&source->object, &third, NULL), E_INVALIDARG);
    CHECK_HR(connpt_object_add_point(&source->object, &second_default, NULL), E_INVALIDARG);
    CHECK_HR(connpt_object_add_point(&source->object, NULL, NULL), E_POINTER);
    CHECK_HR(connpt_object_add_point(&source->object, &nameless, NULL), E_POINTER);
    CHECK_HR(connpt_object_add_point(NULL, &third, NULL), E_POINTER);
    CHECK_HR(IConnectionPointContainer_FindConnectionPoint(container, &IID_ITestThird, &found),
             S_OK);
    CHECK_PTR(found, connpt_point_iface(added));
    (void)IConnectionPoint_Release(found);

    CHECK_HR(IEnumConnectionPoints_Next(before, 4, points, &n), S_FALSE);
    CHECK_INT(n, 2);
    for (ULONG i = 0; i < n; i++)
        (void)IConnectionPoint_Release(points[i]);
    if (CHECK(SUCCEEDED(IConnectionPointContainer_EnumConnectionPoints(container, &after)))) {
        CHECK_HR(IEnumConnectionPoints_Next(after, 3, points, &n), S_OK);
        CHECK_PTR(points[0], source_events(source));
        CHECK_PTR(points[1], source_other(source));
        CHECK_PTR(points[2], found);
        for (ULONG i = 0; i < n; i++)
            (void)IConnectionPoint_Release(points[i]);
    }
    connpt_object_close(&source->object);
    CHECK_HR(connpt_object_add_point(&source->object, &third, NULL), CONNECT_E_CANNOTCONNECT);
out:
    if (before != NULL)
        (void)IEnumConnectionPoints_Release(before);
    if (after != NULL)
        (void)IEnumConnectionPoints_Release(after);
    source_release(source);
}

/* ---- class info ------------------------------------------------------------------------------ */

static HRESULT no_class_info(struct connpt_object *object, ITypeInfo **ret_info)
{
    (void)object;
    (void)ret_info;
    return TYPE_E_CANTLOADLIBRARY;
}

static IProvideClassInfo2 *class_info_of(struct source *source)
{
    IProvideClassInfo2 *info = NULL;

    CHECK_HR(connpt_object_QueryInterface(&source->object, &IID_IProvideClassInfo2, (void **)&info),
             S_OK);
    return info;
}

static void get_guid_names_the_default_source(void)
{
    struct source *source = source_create();
    IProvideClassInfo2 *info;
    GUID guid;

    if (!CHECK(source != NULL))
        return;
    info = class_info_of(source);
    CHECK_HR(IProvideClassInfo2_GetGUID(info, GUIDKIND_DEFAULT_SOURCE_DISP_IID, &guid), S_OK);
    CHECK(connpt_guid_equal(&guid, &IID_ITestEvents));
    CHECK_HR(IProvideClassInfo2_GetGUID(info, 2, &guid), E_INVALIDARG);
    CHECK(connpt_guid_equal(&guid, &GUID_NULL));
    CHECK_HR(IProvideClassInfo2_GetGUID(info, 1, NULL), E_POINTER);
    (void)IProvideClassInfo2_Release(info);
    source_release(source);
}

static void get_guid_finds_a_default_that_is_not_the_first(void)
{
    static const struct connpt_source sources[] = {
        { &IID_ITestEvents, 0, 0 },
        { &IID_ITestOther, CONNPT_SOURCE_DEFAULT, 0 },
        { NULL, 0, 0 },
    };
    static const struct connpt_class cls = { .size = sizeof(struct source), .sources = sources };
    struct source *source = source_create_class(&cls, NULL);
    IProvideClassInfo2 *info;
    GUID guid;

    if (!CHECK(source != NULL))
        return;
    info = class_info_of(source);
    CHECK_HR(IProvideClassInfo2_GetGUID(info, GUIDKIND_DEFAULT_SOURCE_DISP_IID, &guid), S_OK);
    CHECK(connpt_guid_equal(&guid, &IID_ITestOther));
    (void)IProvideClassInfo2_Release(info);
    source_release(source);
}

static void get_guid_without_default_source_fails_with_guid_null(void)
{
    struct source *source = source_create_class(&empty_class, NULL);
    IProvideClassInfo2 *info;
    ITypeInfo *type_info = (ITypeInfo *)(void *)&source;
    GUID guid = IID_ITestEvents;

    if (!CHECK(source != NULL))
        return;
    info = class_info_of(source);
    CHECK_HR(IProvideClassInfo2_GetGUID(info, GUIDKIND_DEFAULT_SOURCE_DISP_IID, &guid), E_FAIL);
    CHECK(connpt_guid_equal(&guid, &GUID_NULL));
    CHECK_HR(IProvideClassInfo2_GetClassInfo(info, &type_info), TYPE_E_LIBNOTREGISTERED);
    CHECK_PTR(type_info, NULL);
    CHECK_HR(IProvideClassInfo2_GetClassInfo(info, NULL), E_POINTER);
    (void)IProvideClassInfo2_Release(info);
    source_release(source);
}

static HRESULT some_class_info(struct connpt_object *object, ITypeInfo **ret_info)
{
    *ret_info = (ITypeInfo *)(void *)object; /* only passed on */
    return S_OK;
}

static HRESULT empty_class_info(struct connpt_object *object, ITypeInfo **ret_info)
{
    (void)object;
    *ret_info = NULL;
    return S_OK;
}

static void get_class_info_asks_the_class(void)
{
    struct connpt_class cls = { .size = sizeof(struct source), .class_info = no_class_info };
    struct source *source = source_create_class(&cls, NULL);
    IProvideClassInfo2 *info;
    ITypeInfo *type_info;

    if (!CHECK(source != NULL))
        return;
    info = class_info_of(source);
    CHECK_HR(IProvideClassInfo2_GetClassInfo(info, &type_info), TYPE_E_CANTLOADLIBRARY);
    CHECK_PTR(type_info, NULL);
    cls.class_info = some_class_info;
    CHECK_HR(IProvideClassInfo2_GetClassInfo(info, &type_info), S_OK);
    CHECK_PTR(type_info, source);
    cls.class_info = empty_class_info;
    CHECK_HR(IProvideClassInfo2_GetClassInfo(info, &type_info), E_UNEXPECTED);
    (void)IProvideClassInfo2_Release(info);
    source_release(source);
}

/* ---- aggregation ----------------------------------------------------------------------------- */

struct outer {
    IUnknown IUnknown_iface;
    LONG refs;
    struct thing *inner;
    int n_freed;
};

static struct outer *outer_of(IUnknown *iface)
{
    return (struct outer *)(void *)iface;
}

static HRESULT STDMETHODCALLTYPE outer_QueryInterface(IUnknown *iface, REFIID iid, void **out)
{
    struct outer *outer = outer_of(iface);

    *out = NULL;
    if (connpt_guid_equal(iid, &IID_IUnknown)) {
        outer->refs++;
        *out = iface;
        return S_OK;
    }
    return IUnknown_QueryInterface(connpt_object_unknown(&outer->inner->object), iid, out);
}

static ULONG STDMETHODCALLTYPE outer_AddRef(IUnknown *iface)
{
    return (ULONG)++outer_of(iface)->refs;
}

static ULONG STDMETHODCALLTYPE outer_Release(IUnknown *iface)
{
    struct outer *outer = outer_of(iface);

    if (--outer->refs == 0) {
        outer->refs = 1000; /* what the inner object's end does to us does not matter */
        outer->n_freed++;
        (void)IUnknown_Release(connpt_object_unknown(&outer->inner->object));
        return 0;
    }
    return (ULONG)outer->refs;
}

static const IUnknownVtbl outer_vtbl = { outer_QueryInterface, outer_AddRef, outer_Release };

static int outer_setup(struct outer *outer)
{
    outer->IUnknown_iface.lpVtbl = (void *)&outer_vtbl;
    outer->refs = 1;
    outer->n_freed = 0;
    outer->inner = thing_create(&outer->IUnknown_iface);
    return outer->inner != NULL;
}

static void aggregated_object_has_the_outer_identity_and_count(void)
{
    struct outer outer;
    IConnectionPointContainer *container;
    IConnectionPoint *point;
    IUnknown *unknown;

    if (!outer_setup(&outer))
        return;
    CHECK_HR(IUnknown_QueryInterface(&outer.IUnknown_iface, &IID_IConnectionPointContainer,
                                     (void **)&container),
             S_OK);
    CHECK_INT(outer.refs, 2);
    CHECK_HR(IConnectionPointContainer_QueryInterface(container, &IID_IUnknown, (void **)&unknown),
             S_OK);
    CHECK_PTR(unknown, &outer.IUnknown_iface);
    CHECK_INT(outer.refs, 3);
    (void)IUnknown_Release(unknown);
    CHECK_HR(IConnectionPointContainer_FindConnectionPoint(container, &IID_ITestOther, &point),
             S_OK);
    CHECK_INT(outer.refs, 3);
    (void)IConnectionPoint_Release(point);
    (void)IConnectionPointContainer_Release(container);
    CHECK_INT(outer.refs, 1);
    (void)IUnknown_Release(&outer.IUnknown_iface);
    CHECK_INT(outer.n_freed, 1);
    CHECK_INT(n_finished, 1);
}

static struct outer *current_outer;

static void release_outer(struct sink *sink, LONG value)
{
    (void)value;
    sink->on_event = NULL;
    (void)IUnknown_Release(&current_outer->IUnknown_iface);
    CHECK_INT(current_outer->n_freed, 0);
}

static void fire_of_an_aggregated_object_keeps_the_outer_one(void)
{
    struct outer outer;
    struct sink sinks[2];
    connpt_point *point;

    if (!outer_setup(&outer))
        return;
    sink_log_reset();
    current_outer = &outer;
    point = connpt_object_point(&outer.inner->object, 0);
    for (int i = 0; i < 2; i++) {
        sink_init(&sinks[i], i + 1);
        CHECK(advise(connpt_point_iface(point), &sinks[i]) != 0);
    }
    sinks[0].on_event = release_outer;
    (void)fire_event(point, 1);
    CHECK_INT(outer.n_freed, 1);
    CHECK_INT(n_finished, 1);
    CHECK_INT(sink_log_length, 2);
    CHECK_INT(sinks[0].refs, 1);
    CHECK_INT(sinks[1].refs, 1);
}

static struct sink *sink_to_add;

static ULONG STDMETHODCALLTYPE advising_AddRef(IUnknown *iface)
{
    struct sink *sink = sink_to_add;

    /* Between the count of the connections and the walk over them. */
    sink_to_add = NULL;
    if (sink != NULL)
        (void)advise(connpt_point_iface(connpt_object_point(&outer_of(iface)->inner->object, 0)),
                     sink);
    return outer_AddRef(iface);
}

static void enumerator_grows_when_connections_come_meanwhile(void)
{
    static const IUnknownVtbl vtbl = { outer_QueryInterface, advising_AddRef, outer_Release };
    struct outer outer;
    struct sink sinks[2];
    IEnumConnections *connections = NULL;
    IConnectionPoint *point;
    CONNECTDATA data[3];
    ULONG n = 0;

    if (!outer_setup(&outer))
        return;
    outer.IUnknown_iface.lpVtbl = (void *)&vtbl;
    point = connpt_point_iface(connpt_object_point(&outer.inner->object, 0));
    sink_init(&sinks[0], 1);
    sink_init(&sinks[1], 2);
    (void)advise(point, &sinks[0]);
    sink_to_add = &sinks[1];
    (void)IConnectionPoint_EnumConnections(point, &connections);
    if (connections != NULL) {
        CHECK_HR(IEnumConnections_Next(connections, 3, data, &n), S_FALSE);
        CHECK_INT(n, 2);
        for (ULONG i = 0; i < n; i++)
            (void)IUnknown_Release(data[i].pUnk);
        (void)IEnumConnections_Release(connections);
    }
    CHECK_INT(outer.refs, 1);
    (void)IUnknown_Release(&outer.IUnknown_iface);
    CHECK_INT(sinks[0].refs, 1);
    CHECK_INT(sinks[1].refs, 1);
}

static void container_and_class_info_count_on_the_object(void)
{
    struct thing *thing = thing_create(NULL);
    IConnectionPointContainer *container;
    IProvideClassInfo2 *info = NULL;

    if (thing == NULL)
        return;
    container = connpt_object_container(&thing->object);
    CHECK_INT(IConnectionPointContainer_AddRef(container), 2);
    CHECK_HR(IConnectionPointContainer_QueryInterface(container, &IID_IProvideClassInfo2,
                                                      (void **)&info),
             S_OK);
    CHECK_INT(IProvideClassInfo2_AddRef(info), 4);
    CHECK_INT(IUnknown_AddRef(connpt_object_unknown(&thing->object)), 5);
    CHECK_INT(IUnknown_Release(connpt_object_unknown(&thing->object)), 4);
    CHECK_INT(IProvideClassInfo2_Release(info), 3);
    CHECK_INT(IProvideClassInfo2_Release(info), 2);
    CHECK_INT(IConnectionPointContainer_Release(container), 1);
    CHECK_INT(connpt_object_Release(&thing->object), 0);
}

int main(int argc, char **argv)
{
    static const struct t_test tests[] = {
        T(query_interface_is_reflexive_symmetric_and_transitive),
        T(query_interface_clears_on_failure_and_refuses_null),
        T(create_refuses_bad_classes),
        T(object_without_sources_is_not_connectable),
        T(find_connection_point_follows_its_rules),
        T(enum_connection_points_works_with_no_points),
        T(added_points_are_found_and_leave_enumerators_alone),
        T(get_guid_names_the_default_source),
        T(get_guid_finds_a_default_that_is_not_the_first),
        T(get_guid_without_default_source_fails_with_guid_null),
        T(get_class_info_asks_the_class),
        T(aggregated_object_has_the_outer_identity_and_count),
        T(fire_of_an_aggregated_object_keeps_the_outer_one),
        T(enumerator_grows_when_connections_come_meanwhile),
        T(container_and_class_info_count_on_the_object),
        T_END,
    };

    return t_run(argc, argv, tests);
}

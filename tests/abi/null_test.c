/* SPDX-License-Identifier: MIT */
/*
 * abi/null_test.c - NULL where a pointer is needed: every function and method that promises
 * E_POINTER keeps it, whichever of its arguments is missing, and clears the out-pointers it can
 */
#include <string.h>

#include <connpt/connpt.h>

#include "sink.h"
#include "t.h"

/* Something to put into an out-pointer, to see it cleared. */
static int junk;
#define JUNK ((void *)&junk)

static void clients_need_a_source_a_sink_and_a_place_for_the_cookie(void)
{
    struct source *source = source_create();
    struct connpt_connection connection;
    struct sink sink;
    IUnknown *unknown;
    DWORD cookie = 7;

    if (!CHECK(source != NULL))
        return;
    sink_init(&sink, 1);
    unknown = connpt_object_unknown(&source->object);
    CHECK_HR(connpt_advise(NULL, sink_unknown(&sink), &IID_ITestEvents, &cookie), E_POINTER);
    CHECK_INT(cookie, 0);
    cookie = 7;
    CHECK_HR(connpt_advise(unknown, NULL, &IID_ITestEvents, &cookie), E_POINTER);
    CHECK_INT(cookie, 0);
    cookie = 7;
    CHECK_HR(connpt_advise(unknown, sink_unknown(&sink), NULL, &cookie), E_POINTER);
    CHECK_INT(cookie, 0);
    CHECK_HR(connpt_advise(unknown, sink_unknown(&sink), &IID_ITestEvents, NULL), E_POINTER);
    CHECK_HR(connpt_unadvise(NULL, &IID_ITestEvents, 1), E_POINTER);
    CHECK_HR(connpt_unadvise(unknown, NULL, 1), E_POINTER);

    memset(&connection, 0xff, sizeof connection);
    CHECK_HR(connpt_connection_open(&connection, NULL, sink_unknown(&sink), &IID_ITestEvents),
             E_POINTER);
    CHECK(connection.point == NULL && connection.cookie == 0);
    CHECK_HR(connpt_connection_open(&connection, unknown, NULL, &IID_ITestEvents), E_POINTER);
    CHECK_HR(connpt_connection_open(&connection, unknown, sink_unknown(&sink), NULL), E_POINTER);
    CHECK_HR(connpt_connection_open(NULL, unknown, sink_unknown(&sink), &IID_ITestEvents),
             E_POINTER);
    CHECK_HR(connpt_connection_close(NULL), S_FALSE);
    CHECK_INT(sink.refs, 1);
    source_release(source);
}

static HRESULT never(void *sink, void *context)
{
    (void)sink;
    (void)context;
    return E_UNEXPECTED;
}

static void owners_need_a_class_an_object_and_a_point(void)
{
    struct source *source = source_create();
    const struct connpt_source row = { &IID_ITestThird, 0, 0 };
    const struct connpt_event event = { .dispid = 1 };
    struct connpt_object *object = JUNK;
    connpt_point *point = JUNK;
    uint32_t called = 7;

    if (!CHECK(source != NULL))
        return;
    CHECK_HR(connpt_object_create(NULL, NULL, &object), E_POINTER);
    CHECK_HR(connpt_object_create(&source_class, NULL, NULL), E_POINTER);
    CHECK_HR(connpt_object_add_point(NULL, &row, &point), E_POINTER);
    CHECK_HR(connpt_object_add_point(&source->object, NULL, &point), E_POINTER);
    CHECK_HR(connpt_object_QueryInterface(&source->object, NULL, (void **)&object), E_POINTER);
    CHECK_HR(connpt_object_QueryInterface(&source->object, &IID_IUnknown, NULL), E_POINTER);
    CHECK(connpt_point_from_iface(NULL) == NULL);
    CHECK_HR(connpt_point_unadvise_sync(NULL, 1), E_POINTER);
    CHECK_HR(connpt_point_fire(NULL, 0, never, NULL, NULL, &called), E_POINTER);
    CHECK_HR(connpt_point_fire(source->events, 0, NULL, NULL, NULL, &called), E_POINTER);
    CHECK_HR(connpt_point_fire(source->events, 0, never, NULL, NULL, NULL), S_FALSE);
    CHECK_HR(connpt_point_fire_event(NULL, &event, &called), E_POINTER);
    CHECK_HR(connpt_point_fire_event(source->events, NULL, &called), E_POINTER);
    source_release(source);
}

static void points_and_containers_need_their_out_pointers(void)
{
    struct source *source = source_create();
    IConnectionPointContainer *container;
    IConnectionPoint *events, *found = JUNK;
    struct sink sink;
    DWORD cookie = 7;
    void *out = JUNK;

    if (!CHECK(source != NULL))
        return;
    sink_init(&sink, 1);
    events = source_events(source);
    container = connpt_object_container(&source->object);
    CHECK_HR(IConnectionPointContainer_EnumConnectionPoints(container, NULL), E_POINTER);
    CHECK_HR(IConnectionPointContainer_FindConnectionPoint(container, &IID_ITestEvents, NULL),
             E_POINTER);
    CHECK_HR(IConnectionPointContainer_FindConnectionPoint(container, NULL, &found), E_POINTER);
    CHECK_PTR(found, NULL);
    CHECK_HR(IConnectionPoint_GetConnectionInterface(events, NULL), E_POINTER);
    CHECK_HR(IConnectionPoint_GetConnectionPointContainer(events, NULL), E_POINTER);
    CHECK_HR(IConnectionPoint_EnumConnections(events, NULL), E_POINTER);
    CHECK_HR(IConnectionPoint_Advise(events, NULL, &cookie), E_POINTER);
    CHECK_INT(cookie, 0);
    CHECK_HR(IConnectionPoint_Advise(events, sink_unknown(&sink), NULL), E_POINTER);
    CHECK_HR(IConnectionPoint_QueryInterface(events, &IID_IUnknown, NULL), E_POINTER);
    CHECK_HR(IConnectionPoint_QueryInterface(events, NULL, &out), E_POINTER);
    CHECK_PTR(out, NULL);
    CHECK_INT(sink.refs, 1);
    source_release(source);
}

static void enumerators_need_room_for_what_they_deliver(void)
{
    struct source *source = source_create();
    IEnumConnectionPoints *points = NULL;
    IEnumConnections *connections = NULL;
    ULONG fetched = 7;

    if (!CHECK(source != NULL))
        return;
    if (CHECK_HR(IConnectionPointContainer_EnumConnectionPoints(
                     connpt_object_container(&source->object), &points),
                 S_OK)) {
        CHECK_HR(IEnumConnectionPoints_Next(points, 1, NULL, &fetched), E_POINTER);
        CHECK_INT(fetched, 0);
        CHECK_HR(IEnumConnectionPoints_Clone(points, NULL), E_POINTER);
        CHECK_HR(IEnumConnectionPoints_QueryInterface(points, &IID_IUnknown, NULL), E_POINTER);
        IEnumConnectionPoints_Release(points);
    }
    fetched = 7;
    if (CHECK_HR(IConnectionPoint_EnumConnections(source_events(source), &connections), S_OK)) {
        CHECK_HR(IEnumConnections_Next(connections, 1, NULL, &fetched), E_POINTER);
        CHECK_INT(fetched, 0);
        CHECK_HR(IEnumConnections_Clone(connections, NULL), E_POINTER);
        IEnumConnections_Release(connections);
    }
    source_release(source);
}

static void class_info_needs_a_place(void)
{
    struct source *source = source_create();
    void *provider = NULL;
    GUID guid;

    if (!CHECK(source != NULL))
        return;
    if (CHECK_HR(connpt_object_QueryInterface(&source->object, &IID_IProvideClassInfo2, &provider),
                 S_OK)) {
        IProvideClassInfo2 *info = provider;

        CHECK_HR(IProvideClassInfo2_GetClassInfo(info, NULL), E_POINTER);
        CHECK_HR(IProvideClassInfo2_GetGUID(info, GUIDKIND_DEFAULT_SOURCE_DISP_IID, NULL),
                 E_POINTER);
        CHECK_HR(IProvideClassInfo2_GetGUID(info, GUIDKIND_DEFAULT_SOURCE_DISP_IID, &guid), S_OK);
        IProvideClassInfo2_Release(info);
    }
    source_release(source);
}

static HRESULT create_nothing(IUnknown *outer, struct connpt_object **ret_object)
{
    (void)outer;
    (void)ret_object;
    return E_FAIL;
}

static void servers_need_a_class_and_a_place(void)
{
    static const struct connpt_server_class classes[] = {
        { &IID_ITestThird, create_nothing },
        { NULL, NULL },
    };
    struct connpt_server server = { classes, 0 };
    void *out = JUNK;

    CHECK_HR(connpt_server_get_class_object(NULL, &IID_ITestThird, &IID_IUnknown, &out), E_POINTER);
    CHECK_PTR(out, NULL);
    out = JUNK;
    CHECK_HR(connpt_server_get_class_object(&server, NULL, &IID_IUnknown, &out), E_POINTER);
    CHECK_PTR(out, NULL);
    out = JUNK;
    CHECK_HR(connpt_server_get_class_object(&server, classes[0].clsid, NULL, &out), E_POINTER);
    CHECK_PTR(out, NULL);
    CHECK_HR(connpt_server_get_class_object(&server, classes[0].clsid, &IID_IUnknown, NULL),
             E_POINTER);
    out = JUNK;
    if (!CHECK_HR(
            connpt_server_get_class_object(&server, classes[0].clsid, &IID_IClassFactory, &out),
            S_OK))
        return;
    CHECK_HR(IClassFactory_CreateInstance((IClassFactory *)out, NULL, &IID_IUnknown, NULL),
             E_POINTER);
    {
        void *object = JUNK;

        CHECK_HR(IClassFactory_CreateInstance((IClassFactory *)out, NULL, NULL, &object),
                 E_POINTER);
        CHECK_PTR(object, NULL);
    }
    IClassFactory_Release((IClassFactory *)out);
    CHECK_HR(connpt_server_can_unload(&server), S_OK);
}

static void modules_need_a_path_and_a_place(void)
{
    void *out = JUNK;
    char *file = JUNK;
    CLSID clsid;

    CHECK_HR(connpt_load_class_object(NULL, &IID_IUnknown, &IID_IUnknown, &out), E_POINTER);
    CHECK_HR(connpt_load_class_object("x", NULL, &IID_IUnknown, &out), E_POINTER);
    CHECK_HR(connpt_load_class_object("x", &IID_IUnknown, NULL, &out), E_POINTER);
    CHECK_HR(connpt_load_class_object("x", &IID_IUnknown, &IID_IUnknown, NULL), E_POINTER);
    CHECK_HR(connpt_create_instance(NULL, &IID_IUnknown, &IID_IUnknown, &out), E_POINTER);
    CHECK_HR(connpt_create_instance("x", NULL, &IID_IUnknown, &out), E_POINTER);
    CHECK_HR(connpt_create_instance("x", &IID_IUnknown, NULL, &out), E_POINTER);
    CHECK_HR(connpt_create_instance("x", &IID_IUnknown, &IID_IUnknown, NULL), E_POINTER);
    CHECK_HR(connpt_module_find_class(NULL, NULL, &clsid), E_POINTER);
    CHECK_HR(connpt_module_find_class("x", NULL, NULL), E_POINTER);
    CHECK_HR(connpt_module_resolve(NULL, &file), E_POINTER);
    CHECK_HR(connpt_module_resolve("x", NULL), E_POINTER);
    CHECK(connpt_module_error()[0] != '\0');
}

static void type_libraries_need_a_path_an_image_and_a_place(void)
{
    ITypeLib *library = JUNK;
    ITypeInfo *info = JUNK;
    IUnknown *object = sink_unknown(&(struct sink){ 0 });
    BSTR text = JUNK;
    IID iid;

    CHECK_HR(connpt_typelib_load(NULL, &library), E_POINTER);
    CHECK_HR(connpt_typelib_load("x.tlb", NULL), E_POINTER);
    CHECK_HR(connpt_typelib_from_memory(NULL, 4, NULL, &library), E_POINTER);
    CHECK_HR(connpt_typelib_from_memory("MSFT", 4, NULL, NULL), E_POINTER);
    CHECK_HR(connpt_typelib_custom(NULL, &IID_IUnknown, &text), E_POINTER);
    CHECK_HR(connpt_coclass_source(NULL, 0, &iid, NULL, &info), E_POINTER);
    CHECK_HR(connpt_object_coclass(NULL, &info), E_POINTER);
    CHECK_HR(connpt_object_coclass(object, NULL), E_POINTER);
    CHECK_HR(connpt_default_source(NULL, &iid, &info), E_POINTER);
    CHECK_HR(connpt_default_source(object, NULL, &info), E_POINTER);
}

static void texts_need_a_place(void)
{
    BSTR bstr = JUNK;
    GUID guid;

    CHECK_HR(connpt_guid_parse(NULL, &guid), E_POINTER);
    CHECK_HR(connpt_guid_parse("{00000000-0000-0000-C000-000000000046}", NULL), E_POINTER);
    CHECK_HR(connpt_bstr_from_utf8(NULL, 1, &bstr), E_POINTER);
    CHECK_HR(connpt_bstr_from_utf8("x", 1, NULL), E_POINTER);
    CHECK_HR(connpt_utf8_from_bstr(NULL, NULL, NULL), E_POINTER);
}

static HRESULT never_event(void *context, DISPID dispid, DISPPARAMS *params, VARIANT *result)
{
    (void)context;
    (void)dispid;
    (void)params;
    (void)result;
    return E_UNEXPECTED;
}

static void sinks_need_an_interface_a_callback_and_a_place(void)
{
    static const struct connpt_event_handler handlers[] = { { 0, NULL } };
    IDispatch *sink = JUNK;

    CHECK_HR(connpt_dispatch_sink_create(NULL, never_event, NULL, NULL, &sink), E_POINTER);
    CHECK_HR(connpt_dispatch_sink_create(&IID_ITestEvents, NULL, NULL, NULL, &sink), E_POINTER);
    CHECK_HR(connpt_dispatch_sink_create(&IID_ITestEvents, never_event, NULL, NULL, NULL),
             E_POINTER);
    CHECK_HR(connpt_table_sink_create(NULL, handlers, NULL, NULL, &sink), E_POINTER);
    CHECK_HR(connpt_table_sink_create(&IID_ITestEvents, NULL, NULL, NULL, &sink), E_POINTER);
    CHECK_HR(connpt_table_sink_create(&IID_ITestEvents, handlers, NULL, NULL, NULL), E_POINTER);
}

static void tables_need_names_ids_and_parameters(void)
{
    static const struct connpt_dispatch_method methods[] = { { .name = NULL } };
    OLECHAR name[] = { 'x', 0 };
    LPOLESTR names[1] = { name };
    LPOLESTR no_name[1] = { NULL };
    DISPID id;

    CHECK_HR(connpt_dispatch_GetIDsOfNames(methods, &IID_NULL, NULL, 1, 0, &id), E_POINTER);
    CHECK_HR(connpt_dispatch_GetIDsOfNames(methods, &IID_NULL, names, 1, 0, NULL), E_POINTER);
    CHECK_HR(connpt_dispatch_GetIDsOfNames(methods, &IID_NULL, no_name, 1, 0, &id),
             DISP_E_UNKNOWNNAME);
    CHECK_INT(id, DISPID_UNKNOWN);
    CHECK_HR(connpt_dispatch_GetIDsOfNames(NULL, &IID_NULL, names, 1, 0, &id), E_POINTER);
    CHECK_HR(connpt_dispatch_Invoke(methods, NULL, 1, &IID_NULL, 0, DISPATCH_METHOD, NULL, NULL,
                                    NULL, NULL),
             E_POINTER);
}

static void arguments_need_a_place(void)
{
    DISPPARAMS params = { NULL, NULL, 0, 0 };
    VARIANT value;

    CHECK_HR(connpt_arg_get(&params, 0, VT_I4, NULL), E_POINTER);
    CHECK_HR(connpt_arg_get(&params, 0, VT_I4, &value), DISP_E_PARAMNOTFOUND);
    CHECK_HR(connpt_VariantClear(NULL), E_INVALIDARG);
}

int main(int argc, char **argv)
{
    static const struct t_test tests[] = {
        T(clients_need_a_source_a_sink_and_a_place_for_the_cookie),
        T(owners_need_a_class_an_object_and_a_point),
        T(points_and_containers_need_their_out_pointers),
        T(enumerators_need_room_for_what_they_deliver),
        T(class_info_needs_a_place),
        T(servers_need_a_class_and_a_place),
        T(modules_need_a_path_and_a_place),
        T(type_libraries_need_a_path_an_image_and_a_place),
        T(texts_need_a_place),
        T(sinks_need_an_interface_a_callback_and_a_place),
        T(tables_need_names_ids_and_parameters),
        T(arguments_need_a_place),
        T_END,
    };

    return t_run(argc, argv, tests);
}

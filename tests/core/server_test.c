/* SPDX-License-Identifier: MIT */
/* core/server_test.c - class objects, aggregation through them, and what keeps a module loaded */
#include <connpt/guid.h>
#include <connpt/server.h>

#include "t.h"

static const CLSID CLSID_Thing = { 0x5d0c3a01, 0x1111, 0x4222, { 1, 2, 3, 4, 5, 6, 7, 8 } };
static const CLSID CLSID_Loner = { 0x5d0c3a02, 0x1111, 0x4222, { 1, 2, 3, 4, 5, 6, 7, 8 } };
static const CLSID CLSID_Liar = { 0x5d0c3a03, 0x1111, 0x4222, { 1, 2, 3, 4, 5, 6, 7, 8 } };
static const CLSID CLSID_Unknown = { 0x5d0c3a04, 0x1111, 0x4222, { 1, 2, 3, 4, 5, 6, 7, 8 } };
static const IID IID_IThingSink = { 0x5d0c3a05, 0x1111, 0x4222, { 1, 2, 3, 4, 5, 6, 7, 8 } };

static struct connpt_server server;

struct thing {
    struct connpt_object object;
};

static const struct connpt_source thing_sources[] = { { &IID_IThingSink, 0, 0 }, { NULL, 0, 0 } };
static const struct connpt_class thing_class = {
    .size = sizeof(struct thing),
    .sources = thing_sources,
    .server = &server,
};

static HRESULT thing_create(IUnknown *outer, struct connpt_object **ret_object)
{
    return connpt_object_create(&thing_class, outer, ret_object);
}

static HRESULT loner_create(IUnknown *outer, struct connpt_object **ret_object)
{
    return outer != NULL ? CLASS_E_NOAGGREGATION : thing_create(NULL, ret_object);
}

static HRESULT liar_create(IUnknown *outer, struct connpt_object **ret_object)
{
    (void)outer;
    (void)ret_object;
    return S_OK;
}

static const struct connpt_server_class classes[] = {
    { &CLSID_Thing, thing_create },
    { &CLSID_Loner, loner_create },
    { &CLSID_Liar, liar_create },
    { NULL, NULL },
};
static struct connpt_server server = { classes, 0 };

static IClassFactory *get_factory(const CLSID *clsid)
{
    void *out = NULL;

    if (!CHECK_HR(connpt_server_get_class_object(&server, clsid, &IID_IClassFactory, &out), S_OK))
        return NULL;
    return out;
}

static void class_object_is_refused_without_arguments(void)
{
    void *out = &server;

    CHECK_HR(connpt_server_get_class_object(&server, &CLSID_Thing, &IID_IUnknown, NULL), E_POINTER);
    CHECK_HR(connpt_server_get_class_object(&server, &CLSID_Thing, NULL, &out), E_POINTER);
    CHECK_PTR(out, NULL);
    out = &server;
    CHECK_HR(connpt_server_get_class_object(&server, NULL, &IID_IUnknown, &out), E_POINTER);
    CHECK_PTR(out, NULL);
    CHECK_HR(connpt_server_get_class_object(NULL, &CLSID_Thing, &IID_IUnknown, &out), E_POINTER);
    CHECK_HR(connpt_server_can_unload(NULL), E_POINTER);
}

static void unknown_class_is_not_available(void)
{
    void *out = &server;

    CHECK_HR(connpt_server_get_class_object(&server, &CLSID_Unknown, &IID_IUnknown, &out),
             CLASS_E_CLASSNOTAVAILABLE);
    CHECK_PTR(out, NULL);
}

static void class_object_answers_only_its_two_interfaces(void)
{
    IClassFactory *factory = get_factory(&CLSID_Thing);
    void *out = &server;

    if (factory == NULL)
        return;
    CHECK_HR(IClassFactory_QueryInterface(factory, &IID_IDispatch, &out), E_NOINTERFACE);
    CHECK_PTR(out, NULL);
    CHECK_HR(IClassFactory_QueryInterface(factory, &IID_IUnknown, NULL), E_POINTER);
    CHECK_HR(IClassFactory_QueryInterface(factory, NULL, &out), E_POINTER);
    CHECK_HR(IClassFactory_QueryInterface(factory, &IID_IUnknown, &out), S_OK);
    CHECK_PTR(out, factory);
    CHECK_INT(IClassFactory_AddRef(factory), 3);
    CHECK_INT(IClassFactory_Release(factory), 2);
    CHECK_INT(IClassFactory_Release(factory), 1);
    CHECK_INT(IClassFactory_Release(factory), 0);
    out = &server;
    CHECK_HR(connpt_server_get_class_object(&server, &CLSID_Thing, &IID_IDispatch, &out),
             E_NOINTERFACE);
    CHECK_PTR(out, NULL);
    CHECK_HR(connpt_server_can_unload(&server), S_OK);
}

static void instance_is_created_with_the_interface_asked_for(void)
{
    IClassFactory *factory = get_factory(&CLSID_Thing);
    void *out = &server;

    if (factory == NULL)
        return;
    if (CHECK_HR(IClassFactory_CreateInstance(factory, NULL, &IID_IConnectionPointContainer, &out),
                 S_OK))
        CHECK_INT(IConnectionPointContainer_Release((IConnectionPointContainer *)out), 0);
    out = &server;
    CHECK_HR(IClassFactory_CreateInstance(factory, NULL, &IID_IClassFactory, &out), E_NOINTERFACE);
    CHECK_PTR(out, NULL);
    CHECK_HR(IClassFactory_CreateInstance(factory, NULL, &IID_IUnknown, NULL), E_POINTER);
    CHECK_HR(IClassFactory_CreateInstance(factory, NULL, NULL, &out), E_POINTER);
    IClassFactory_Release(factory);
    CHECK_HR(connpt_server_can_unload(&server), S_OK);
}

static void create_that_gives_nothing_is_an_error(void)
{
    IClassFactory *factory = get_factory(&CLSID_Liar);
    void *out = &server;

    if (factory == NULL)
        return;
    CHECK_HR(IClassFactory_CreateInstance(factory, NULL, &IID_IUnknown, &out), E_UNEXPECTED);
    CHECK_PTR(out, NULL);
    IClassFactory_Release(factory);
}

/* An outer object that only counts. */
static LONG outer_refs;

static HRESULT STDMETHODCALLTYPE outer_QueryInterface(IUnknown *iface, REFIID iid, void **out)
{
    (void)iface;
    (void)iid;
    *out = NULL;
    return E_NOINTERFACE;
}

static ULONG STDMETHODCALLTYPE outer_AddRef(IUnknown *iface)
{
    (void)iface;
    return (ULONG)++outer_refs;
}

static ULONG STDMETHODCALLTYPE outer_Release(IUnknown *iface)
{
    (void)iface;
    return (ULONG)--outer_refs;
}

static const IUnknownVtbl outer_vtbl = {
    .QueryInterface = outer_QueryInterface,
    .AddRef = outer_AddRef,
    .Release = outer_Release,
};

static void aggregation_gives_the_private_unknown_and_nothing_else(void)
{
    IClassFactory *factory = get_factory(&CLSID_Thing);
    IUnknown outer = { &outer_vtbl };
    void *out = &server;

    if (factory == NULL)
        return;
    outer_refs = 1;
    CHECK_HR(IClassFactory_CreateInstance(factory, &outer, &IID_IConnectionPointContainer, &out),
             CLASS_E_NOAGGREGATION);
    CHECK_PTR(out, NULL);
    if (CHECK_HR(IClassFactory_CreateInstance(factory, &outer, &IID_IUnknown, &out), S_OK)) {
        IUnknown *inner = out;
        void *container = NULL;

        CHECK_INT(outer_refs, 1);
        CHECK_HR(IUnknown_QueryInterface(inner, &IID_IConnectionPointContainer, &container), S_OK);
        CHECK_INT(outer_refs, 2);
        if (container != NULL)
            IConnectionPointContainer_Release((IConnectionPointContainer *)container);
        CHECK_INT(outer_refs, 1);
        CHECK_INT(IUnknown_Release(inner), 0);
    }
    IClassFactory_Release(factory);
    CHECK_HR(connpt_server_can_unload(&server), S_OK);
}

static void class_may_refuse_aggregation(void)
{
    IClassFactory *factory = get_factory(&CLSID_Loner);
    IUnknown outer = { &outer_vtbl };
    void *out = &server;

    if (factory == NULL)
        return;
    CHECK_HR(IClassFactory_CreateInstance(factory, &outer, &IID_IUnknown, &out),
             CLASS_E_NOAGGREGATION);
    CHECK_PTR(out, NULL);
    IClassFactory_Release(factory);
}

static void module_may_go_only_when_nothing_of_it_lives(void)
{
    IClassFactory *factory;
    IUnknown *instance;
    void *out = NULL;

    CHECK_HR(connpt_server_can_unload(&server), S_OK);
    factory = get_factory(&CLSID_Thing);
    if (factory == NULL)
        return;
    CHECK_HR(connpt_server_can_unload(&server), S_FALSE);
    CHECK_HR(IClassFactory_CreateInstance(factory, NULL, &IID_IUnknown, &out), S_OK);
    instance = out;
    IClassFactory_Release(factory);
    if (instance == NULL)
        return;
    CHECK_HR(connpt_server_can_unload(&server), S_FALSE);
    IUnknown_Release(instance);
    CHECK_HR(connpt_server_can_unload(&server), S_OK);
}

static void server_lock_keeps_the_module(void)
{
    IClassFactory *factory = get_factory(&CLSID_Thing);

    if (factory == NULL)
        return;
    CHECK_HR(IClassFactory_LockServer(factory, TRUE), S_OK);
    CHECK_INT(server.live, 2);
    IClassFactory_Release(factory);
    CHECK_HR(connpt_server_can_unload(&server), S_FALSE);
    /* A lock may be undone through another class object of the same module. */
    factory = get_factory(&CLSID_Loner);
    if (factory == NULL) {
        server.live = 0;
        return;
    }
    CHECK_HR(IClassFactory_LockServer(factory, FALSE), S_OK);
    IClassFactory_Release(factory);
    CHECK_HR(connpt_server_can_unload(&server), S_OK);
}

int main(int argc, char **argv)
{
    static const struct t_test tests[] = {
        T(class_object_is_refused_without_arguments),
        T(unknown_class_is_not_available),
        T(class_object_answers_only_its_two_interfaces),
        T(instance_is_created_with_the_interface_asked_for),
        T(create_that_gives_nothing_is_an_error),
        T(aggregation_gives_the_private_unknown_and_nothing_else),
        T(class_may_refuse_aggregation),
        T(module_may_go_only_when_nothing_of_it_lives),
        T(server_lock_keeps_the_module),
        T_END,
    };

    return t_run(argc, argv, tests);
}

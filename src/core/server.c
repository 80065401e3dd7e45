/* SPDX-License-Identifier: MIT */
/*
 * core/server.c - class objects for the classes of a module
 *
 * A factory is made anew for each DllGetClassObject and knows its row of the server's table.
 * It counts as alive in `live` while it exists, as each LockServer(TRUE) does, and each
 * instance (object.c counts those, through connpt_class.server).
 */
#include <connpt/server.h>

#include <connpt/guid.h>

#include "base/alloc.h"
#include "base/atomic.h"
#include "base/container_of.h"
#include "base/mutex.h"

struct factory {
    IClassFactory IClassFactory_iface;
    LONG refs; /* atomic */
    struct connpt_server *server;
    const struct connpt_server_class *cls; /* a row of the server's table */
};

static void server_add(struct connpt_server *server, LONG n)
{
    /*
     * Release: what the factory did last comes before its -1. Pairs with the acquire in
     * connpt_server_can_unload; without it the module could be unmapped under code that still
     * runs on another thread.
     */
    (void)add_release(&server->live, n);
}

static struct factory *factory_from_iface(IClassFactory *iface)
{
    return container_of(iface, struct factory, IClassFactory_iface);
}

static ULONG STDMETHODCALLTYPE factory_AddRef(IClassFactory *iface)
{
    /* Relaxed: the caller's own reference keeps the count above 0. */
    return (ULONG)add_relaxed(&factory_from_iface(iface)->refs, 1) + 1;
}

static ULONG STDMETHODCALLTYPE factory_Release(IClassFactory *iface)
{
    struct factory *factory = factory_from_iface(iface);
    /* Acquire and release: every thread's use of the factory comes before its end. */
    LONG refs = sub_acq_rel(&factory->refs, 1) - 1;

    if (refs == 0) {
        struct connpt_server *server = factory->server;

        connpt__free(factory);
        server_add(server, -1);
    }
    return (ULONG)refs;
}

static HRESULT STDMETHODCALLTYPE factory_QueryInterface(IClassFactory *iface, REFIID iid,
                                                        void **out)
{
    if (out == NULL)
        return E_POINTER;
    *out = NULL;
    if (iid == NULL)
        return E_POINTER;
    if (!connpt_guid_equal(iid, &IID_IUnknown) && !connpt_guid_equal(iid, &IID_IClassFactory))
        return E_NOINTERFACE;
    (void)factory_AddRef(iface);
    *out = iface;
    return S_OK;
}

static HRESULT STDMETHODCALLTYPE factory_CreateInstance(IClassFactory *iface, IUnknown *outer,
                                                        REFIID iid, void **out)
{
    struct factory *factory = factory_from_iface(iface);
    struct connpt_object *object = NULL;
    IUnknown *unknown;
    HRESULT hr;

    if (out == NULL)
        return E_POINTER;
    *out = NULL;
    if (iid == NULL)
        return E_POINTER;
    /* Any other pointer would already be counted by the outer object, which would then keep
     * itself alive; the private IUnknown is the only grip that it may be given. */
    if (outer != NULL && !connpt_guid_equal(iid, &IID_IUnknown))
        return CLASS_E_NOAGGREGATION;

    connpt__assert_unlocked();
    hr = factory->cls->create(outer, &object);
    if (FAILED(hr))
        return hr;
    if (object == NULL)
        return E_UNEXPECTED;
    unknown = connpt_object_unknown(object);
    hr = IUnknown_QueryInterface(unknown, iid, out);
    IUnknown_Release(unknown);
    return hr;
}

static HRESULT STDMETHODCALLTYPE factory_LockServer(IClassFactory *iface, BOOL lock)
{
    server_add(factory_from_iface(iface)->server, lock ? 1 : -1);
    return S_OK;
}

static const IClassFactoryVtbl factory_vtbl = {
    /* IUnknown */
    .QueryInterface = factory_QueryInterface,
    .AddRef = factory_AddRef,
    .Release = factory_Release,
    /* IClassFactory */
    .CreateInstance = factory_CreateInstance,
    .LockServer = factory_LockServer,
};

static const struct connpt_server_class *find_class(const struct connpt_server *server,
                                                    const CLSID *clsid)
{
    for (const struct connpt_server_class *cls = server->classes; cls->clsid != NULL; cls++)
        if (connpt_guid_equal(cls->clsid, clsid))
            return cls;
    return NULL;
}

HRESULT connpt_server_get_class_object(struct connpt_server *server, REFCLSID clsid, REFIID iid,
                                       void **out)
{
    const struct connpt_server_class *cls;
    struct factory *factory;
    HRESULT hr;

    if (out == NULL)
        return E_POINTER;
    *out = NULL;
    if (server == NULL || clsid == NULL || iid == NULL)
        return E_POINTER;
    cls = find_class(server, clsid);
    if (cls == NULL)
        return CLASS_E_CLASSNOTAVAILABLE;
    factory = connpt__alloc_zero(sizeof *factory);
    if (factory == NULL)
        return E_OUTOFMEMORY;

    factory->IClassFactory_iface.lpVtbl = &factory_vtbl;
    factory->refs = 1;
    factory->server = server;
    factory->cls = cls;
    server_add(server, 1);
    hr = factory_QueryInterface(&factory->IClassFactory_iface, iid, out);
    (void)factory_Release(&factory->IClassFactory_iface);
    return hr;
}

HRESULT connpt_server_can_unload(struct connpt_server *server)
{
    if (server == NULL)
        return E_POINTER;
    /* Acquire: pairs with the release in server_add, and in the end of an instance (object.c). */
    return load_acquire(&server->live) == 0 ? S_OK : S_FALSE;
}

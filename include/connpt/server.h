/* SPDX-License-Identifier: MIT */
/*
 * connpt/server.h - write an in-proc server: a module that exports DllGetClassObject and
 * DllCanUnloadNow
 *
 *     static const struct connpt_server_class classes[] = {
 *         { &CLSID_Ticker, ticker_create }, { NULL, NULL }
 *     };
 *     struct connpt_server ticker_server = { classes, 0 };
 *
 *     STDAPI DllGetClassObject(REFCLSID clsid, REFIID iid, void **out)
 *     { return connpt_server_get_class_object(&ticker_server, clsid, iid, out); }
 *     STDAPI DllCanUnloadNow(void)
 *     { return connpt_server_can_unload(&ticker_server); }
 */
#ifndef CONNPT_SERVER_H
#define CONNPT_SERVER_H

#include <connpt/object.h>

CONNPT_BEGIN_DECLS

/* One class of a server: `create` is what IClassFactory::CreateInstance calls, on any thread; it
 * returns an instance with one reference, or a failure, which is passed on. */
struct connpt_server_class {
    const CLSID *clsid; /* NULL ends the table */
    HRESULT (*create)(IUnknown *outer, struct connpt_object **ret_object);
};

/* A server: static, one for each module. The classes' connpt_class.server points to it. */
struct connpt_server {
    const struct connpt_server_class *classes;
    LONG live; /* instances, factories and LockServer locks; atomic, starts at 0 */
};

/*
 * connpt_server_get_class_object - the body of DllGetClassObject
 *
 * @server: borrowed for ever
 * @iid:    IID_IClassFactory or IID_IUnknown
 * @out:    a new factory, with one reference
 *
 * The factory's CreateInstance returns what `create` and the instance's QueryInterface return;
 * CLASS_E_NOAGGREGATION when there is an outer object and the interface is not IUnknown;
 * E_POINTER; E_UNEXPECTED when `create` succeeds with no instance.
 *
 * Returns: S_OK; E_POINTER; CLASS_E_CLASSNOTAVAILABLE; E_NOINTERFACE; E_OUTOFMEMORY. *out is
 *          NULL on failure.
 * Threads: any.
 */
CONNPT_API HRESULT connpt_server_get_class_object(struct connpt_server *server, REFCLSID clsid,
                                                  REFIID iid, void **out);

/*
 * connpt_server_can_unload - the body of DllCanUnloadNow
 *
 * Returns: S_OK: no instance, no factory and no lock of the server is left; S_FALSE: something
 *          is; E_POINTER.
 * Threads: any.
 */
CONNPT_API HRESULT connpt_server_can_unload(struct connpt_server *server);

/* Outside Windows: the linkage of the two exports. */
#ifndef STDAPI
#define STDAPI EXTERN_C CONNPT_API HRESULT STDAPICALLTYPE
#endif

#ifndef _WIN32
/* What a module defines; <objbase.h> declares them on Windows. */
STDAPI DllGetClassObject(REFCLSID clsid, REFIID iid, void **out);
STDAPI DllCanUnloadNow(void);
#endif

CONNPT_END_DECLS

#endif

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

/* One class of a server: `create` is what IClassFactory::CreateInstance calls. */
struct connpt_server_class {
    const CLSID *clsid; /* NULL ends the table */
    HRESULT (*create)(IUnknown *outer, struct connpt_object **ret_object);
};

struct connpt_server {
    const struct connpt_server_class *classes;
    LONG live; /* instances, factories and LockServer locks; atomic, starts at 0 */
};

/*
 * connpt_server_get_class_object - the body of DllGetClassObject
 *
 * Returns: S_OK; E_POINTER; CLASS_E_CLASSNOTAVAILABLE; E_NOINTERFACE; E_OUTOFMEMORY. *out is
 *          NULL on failure. The factory refuses to aggregate with another interface than
 *          IUnknown (CLASS_E_NOAGGREGATION... as COM demands).
 */
CONNPT_API HRESULT connpt_server_get_class_object(struct connpt_server *server, REFCLSID clsid,
                                                  REFIID iid, void **out);

/* connpt_server_can_unload - the body of DllCanUnloadNow: S_OK when nothing is alive, or S_FALSE */
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

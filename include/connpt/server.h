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

#ifdef _WIN32

/* How a server is registered. 0: for the machine, or for the user when that is not allowed; for
 * any apartment. */
enum connpt_register_flags {
    CONNPT_REGISTER_MACHINE = 1,   /* in HKEY_LOCAL_MACHINE, or not at all */
    CONNPT_REGISTER_USER = 2,      /* in HKEY_CURRENT_USER */
    CONNPT_REGISTER_APARTMENT = 4, /* ThreadingModel=Apartment: the objects live in STAs */
    CONNPT_REGISTER_FREE = 8       /* ThreadingModel=Free: they live in the MTA. Neither: Both */
};

/*
 * connpt_server_register - the body of DllRegisterServer (Windows only)
 *
 *     STDAPI DllRegisterServer(void)
 *     { return connpt_server_register(&ticker_server, 0); }
 *
 * @server: a variable of the module, which tells what file is registered
 * @flags:  connpt_register_flags
 *
 * Writes for each class of the server its CLSID with InprocServer32 and ThreadingModel, and, when
 * a TYPELIB resource of the module describes it, its ProgIDs (Library.Class and Library.Class.1,
 * where 1 is the library's major version), its help text and its library, which is registered
 * too. Nothing is left of an attempt that failed.
 *
 * Returns: S_OK; E_POINTER; E_INVALIDARG (flags that exclude each other); E_ACCESSDENIED;
 *          E_OUTOFMEMORY; TYPE_E_... from the type library; HRESULT_FROM_WIN32 of the registry's
 *          error.
 * Threads: any.
 */
CONNPT_API HRESULT connpt_server_register(const struct connpt_server *server, unsigned flags);

/*
 * connpt_server_unregister - the body of DllUnregisterServer (Windows only)
 *
 * @flags: 0 removes what is registered for the machine and for the user
 *
 * A registration that names another file, one that exists, is left alone, as is a ProgID that
 * means another class by now. What is not registered is no error.
 *
 * Returns: S_OK; S_FALSE (some of it names another file); E_ACCESSDENIED: it is registered for the
 *          machine, which the caller may not change; else as connpt_server_register.
 * Threads: any.
 */
CONNPT_API HRESULT connpt_server_unregister(const struct connpt_server *server, unsigned flags);

/*
 * connpt_server_install - the body of DllInstall (Windows only): the same for one place
 *
 *     regsvr32 /n /i:user ticker.dll      and with /u to undo it
 *
 * @command: "user" or "machine", whatever flags say of the place; NULL or "": as flags say
 *
 * Returns: as connpt_server_register or _unregister; E_INVALIDARG for any other command.
 * Threads: any.
 */
CONNPT_API HRESULT connpt_server_install(const struct connpt_server *server, BOOL install,
                                         const WCHAR *command, unsigned flags);

/*
 * connpt_server_typelib - the type library in the first TYPELIB resource of a server's module
 * (Windows only)
 *
 * @ret_library: one reference; untouched on failure
 *
 * Returns: S_OK; E_POINTER; E_OUTOFMEMORY; what LoadTypeLibEx returned.
 * Threads: any.
 */
CONNPT_API CONNPT_NODISCARD HRESULT connpt_server_typelib(const struct connpt_server *server,
                                                          ITypeLib **ret_library);

STDAPI DllInstall(BOOL install, LPCWSTR command); /* <shlwapi.h> declares it, <olectl.h> not */

#endif

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

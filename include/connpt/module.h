/* SPDX-License-Identifier: MIT */
/*
 * connpt/module.h - load an in-proc server from a file and get its class objects
 *
 * A module is a shared library that exports DllGetClassObject. It stays loaded for the life of
 * the process: objects may outlive any handle to it.
 */
#ifndef CONNPT_MODULE_H
#define CONNPT_MODULE_H

#include <connpt/com.h>
#include <connpt/export.h>

CONNPT_BEGIN_DECLS

/*
 * connpt_load_class_object - call a module's DllGetClassObject
 *
 * @path: UTF-8; a path with a slash is taken as it is, a bare name is looked for in the folders
 *        of CONNPT_MODULE_PATH (':'), then in the installation's module folder. Never the
 *        linker's search path.
 *
 * Returns: S_OK; E_POINTER; CO_E_DLLNOTFOUND; CO_E_ERRORINDLL (not a module: wrong
 *          architecture, not a shared library, an undefined symbol, no DllGetClassObject);
 *          else the module's answer (CLASS_E_CLASSNOTAVAILABLE, E_NOINTERFACE ...).
 *          connpt_module_error() tells more.
 */
CONNPT_API CONNPT_NODISCARD HRESULT connpt_load_class_object(const char *path, REFCLSID clsid,
                                                             REFIID iid, void **ret_class);

/* connpt_create_instance - the same, then IClassFactory::CreateInstance without an outer object */
CONNPT_API CONNPT_NODISCARD HRESULT connpt_create_instance(const char *path, REFCLSID clsid,
                                                           REFIID iid, void **ret_object);

/*
 * connpt_module_find_class - the CLSID of a coclass by its name in the module's type library,
 * compared without case; @name NULL or "": the library's only coclass
 *
 * @path: as for connpt_load_class_object
 * Returns: S_OK; TYPE_E_ELEMENTNOTFOUND (no such class; or several and no name);
 *          CO_E_DLLNOTFOUND; what connpt_typelib_load returned.
 */
CONNPT_API CONNPT_NODISCARD HRESULT connpt_module_find_class(const char *path, const char *name,
                                                             CLSID *ret_clsid);

/*
 * connpt_module_resolve - the file that a module path means
 * @ret_file: free with connpt_CoTaskMemFree
 * Returns: S_OK; CO_E_DLLNOTFOUND; E_POINTER; E_OUTOFMEMORY.
 */
CONNPT_API CONNPT_NODISCARD HRESULT connpt_module_resolve(const char *path, char **ret_file);

/* connpt_module_error - why the last connpt_load_… or connpt_module_… call of this thread
 * failed, in one English sentence naming the file and what to do; "" if it did not. Borrowed. */
CONNPT_API const char *connpt_module_error(void);

CONNPT_END_DECLS

#endif

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
 * @path:      UTF-8; a path with a slash is taken as it is, a bare name is looked for, as it is
 *             and with the system's suffix, in the folders of the environment variable
 *             CONNPT_MODULE_PATH (separated by ':'; on Windows by ';'), then in the
 *             installation's module folder. Never the linker's search path.
 * @ret_class: one reference; untouched on failure
 *
 * Returns: S_OK; E_POINTER; E_OUTOFMEMORY; CO_E_DLLNOTFOUND; CO_E_ERRORINDLL (not a module: wrong
 *          architecture, not a shared library, an undefined symbol, no DllGetClassObject, or one
 *          that succeeds without an object); else the module's answer (CLASS_E_CLASSNOTAVAILABLE,
 *          E_NOINTERFACE ...). connpt_module_error() tells more.
 * Threads: any. The module's own code runs.
 */
CONNPT_API CONNPT_NODISCARD HRESULT connpt_load_class_object(const char *path, REFCLSID clsid,
                                                             REFIID iid, void **ret_class);

/*
 * connpt_create_instance - the same, then IClassFactory::CreateInstance without an outer object
 *
 * @ret_object: one reference; untouched on failure
 *
 * Returns: as connpt_load_class_object; else what CreateInstance returned.
 * Threads: any. The module's own code runs.
 */
CONNPT_API CONNPT_NODISCARD HRESULT connpt_create_instance(const char *path, REFCLSID clsid,
                                                           REFIID iid, void **ret_object);

/*
 * connpt_module_find_class - the CLSID of a coclass by its name in the module's type library,
 * compared without case; @name NULL or "": the library's only coclass
 *
 * @path:      as for connpt_load_class_object
 * @ret_clsid: untouched on failure
 *
 * Returns: S_OK; E_POINTER; TYPE_E_ELEMENTNOTFOUND (no such class; or several and no name);
 *          CO_E_DLLNOTFOUND; E_OUTOFMEMORY; what connpt_typelib_load returned.
 *          connpt_module_error() tells more.
 * Threads: any. Nothing of the module runs.
 */
CONNPT_API CONNPT_NODISCARD HRESULT connpt_module_find_class(const char *path, const char *name,
                                                             CLSID *ret_clsid);

/*
 * connpt_module_resolve - the file that a module path means
 *
 * @path:     as for connpt_load_class_object
 * @ret_file: UTF-8; free with connpt_CoTaskMemFree; untouched on failure
 *
 * Returns: S_OK; CO_E_DLLNOTFOUND; E_POINTER; E_OUTOFMEMORY.
 * Threads: any.
 */
CONNPT_API CONNPT_NODISCARD HRESULT connpt_module_resolve(const char *path, char **ret_file);

/*
 * connpt_module_folder - where the installation's modules are: the last place where a bare name is
 * looked for
 *
 * On Windows it is found from where the DLL or program with this library lies: an installed tree
 * may be moved.
 *
 * @ret_folder: UTF-8; free with connpt_CoTaskMemFree; untouched on failure. It need not exist.
 *
 * Returns: S_OK; E_POINTER; E_OUTOFMEMORY.
 * Threads: any.
 */
CONNPT_API CONNPT_NODISCARD HRESULT connpt_module_folder(char **ret_folder);

/*
 * connpt_module_error - why the last of the functions above failed on this thread, in English,
 * with the file and what to do; "" if it did not. Borrowed until the thread's next such call.
 */
CONNPT_API const char *connpt_module_error(void);

CONNPT_END_DECLS

#endif

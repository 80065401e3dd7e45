/* SPDX-License-Identifier: MIT */
/*
 * loader/module.c - what a module path means, and what a module answers
 *
 * A module is foreign code: whatever it returns is checked before a caller sees it, and the
 * answer that was wrong is named together with the file.
 */
#include "loader/loader.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <connpt/guid.h>
#include <connpt/memory.h>

#include "base/alloc.h"
#include "base/mutex.h"
#include "base/system.h"
#include "base/thread_local.h"
#include "config.h"

/* Per thread, so that it is still there after the call whatever other threads do. */
/* Small: this library's thread-local memory is static (core/fire.c), of which a program that loads
 * it at run time has little. */
static THREAD_LOCAL char last_error[512];

void connpt__module_clear_error(void)
{
    OF_THREAD(last_error)[0] = '\0';
}

HRESULT connpt__module_fail(HRESULT hr, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    (void)vsnprintf(OF_THREAD(last_error), sizeof last_error, format, args);
    va_end(args);
    return hr;
}

const char *connpt_module_error(void)
{
    return OF_THREAD(last_error);
}

/* ---- which file ---------------------------------------------------------------------------- */

/* folder + "/" + name + suffix, or NULL without memory. */
static char *join(const char *folder, size_t folder_length, const char *name, const char *suffix)
{
    size_t size = folder_length + 1 + strlen(name) + strlen(suffix) + 1;
    char *file = connpt_CoTaskMemAlloc(size);

    if (file != NULL)
        (void)snprintf(file, size, "%.*s%s%s%s", (int)folder_length, folder,
                       folder_length != 0 ? "/" : "", name, suffix);
    return file;
}

/* "fs" is fs, or fs.so. S_FALSE: neither is in this folder. */
static HRESULT look_in(const char *folder, size_t folder_length, const char *name, char **ret_file)
{
    static const char *const suffixes[] = { "", CONNPT__MODULE_SUFFIX };

    for (size_t i = 0; i < sizeof suffixes / sizeof suffixes[0]; i++) {
        char *file = join(folder, folder_length, name, suffixes[i]);

        if (file == NULL)
            return E_OUTOFMEMORY;
        if (connpt__module_is_regular(file)) {
            *ret_file = file;
            return S_OK;
        }
        connpt_CoTaskMemFree(file);
    }
    return S_FALSE;
}

static HRESULT look_in_list(const char *folder, const char *name, char **ret_file)
{
    while (folder != NULL) {
        const char *end = strchr(folder, CONNPT__PATH_LIST_SEPARATOR);
        size_t length = end != NULL ? (size_t)(end - folder) : strlen(folder);

        /* Nothing between two separators is nothing: modules never come from the current
         * folder by accident. */
        HRESULT hr = length != 0 ? look_in(folder, length, name, ret_file) : S_FALSE;

        if (hr != S_FALSE)
            return hr;
        folder = end != NULL ? end + 1 : NULL;
    }
    return S_FALSE;
}

/* S_FALSE: it is nowhere, which the thread's error says. */
static HRESULT look_everywhere(const char *name, char **ret_file)
{
    char *list, *installed;
    HRESULT hr = connpt__environment("CONNPT_MODULE_PATH", &list);

    if (FAILED(hr))
        return hr;
    hr = look_in_list(list, name, ret_file);
    connpt__free(list);
    if (hr != S_FALSE)
        return hr;
    hr = connpt__installed_folder(CONNPT_MODULE_DIR, &installed);
    if (FAILED(hr))
        return hr;
    hr = look_in(installed, strlen(installed), name, ret_file);
    if (hr == S_FALSE)
        (void)connpt__module_fail(
            hr,
            "No module %.100s (nor %.100s%s) is in the folders of CONNPT_MODULE_PATH or in %.150s; "
            "give its path with a slash (./%.20s), or set CONNPT_MODULE_PATH.",
            name, name, CONNPT__MODULE_SUFFIX, installed, name);
    connpt__free(installed);
    return hr;
}

HRESULT connpt__module_resolve(const char *path, char **ret_file)
{
    HRESULT hr;

    if (path == NULL || ret_file == NULL)
        return connpt__module_fail(E_POINTER, "No module path, or no place for the answer, was "
                                              "given.");
    if (path[0] == '\0')
        return connpt__module_fail(CO_E_DLLNOTFOUND, "The module path is empty; give the path of "
                                                     "a module.");
    if (connpt__module_has_folder(path)) {
        char *file;

        if (!connpt__module_exists(path))
            return connpt__module_fail(
                CO_E_DLLNOTFOUND, "%.600s does not exist; check the path of the module.", path);
        file = join("", 0, path, "");
        if (file == NULL)
            return connpt__module_fail(E_OUTOFMEMORY, "Out of memory.");
        *ret_file = file;
        return S_OK;
    }
    hr = look_everywhere(path, ret_file);
    if (hr == S_FALSE)
        return CO_E_DLLNOTFOUND;
    if (FAILED(hr))
        return connpt__module_fail(hr, "Out of memory.");
    return S_OK;
}

HRESULT connpt_module_resolve(const char *path, char **ret_file)
{
    connpt__module_clear_error();
    return connpt__module_resolve(path, ret_file);
}

HRESULT connpt_module_folder(char **ret_folder)
{
    char *folder;
    HRESULT hr;

    connpt__module_clear_error();
    if (ret_folder == NULL)
        return connpt__module_fail(E_POINTER, "No place for the answer was given.");
    hr = connpt__installed_folder(CONNPT_MODULE_DIR, &folder);
    if (SUCCEEDED(hr)) {
        *ret_folder = join("", 0, folder, ""); /* from the caller's allocator */
        connpt__free(folder);
        hr = *ret_folder != NULL ? S_OK : E_OUTOFMEMORY;
    }
    return FAILED(hr) ? connpt__module_fail(hr, "Out of memory.") : hr;
}

/* ---- class objects and instances ------------------------------------------------------------- */

static HRESULT class_refused(const char *file, const CLSID *clsid, HRESULT hr)
{
    char text[CONNPT_GUID_TEXT_SIZE];
    const char *name = connpt_hresult_name(hr);

    connpt_guid_format(clsid, text);
    if (hr == CLASS_E_CLASSNOTAVAILABLE)
        return connpt__module_fail(hr, "%.600s has no class %s; check the class.", file, text);
    return connpt__module_fail(hr,
                               "%.600s gave no class object for %s: its DllGetClassObject "
                               "returned %s (0x%08X).",
                               file, text, name != NULL ? name : "an error", (unsigned)hr);
}

static HRESULT load_class_object(const char *file, REFCLSID clsid, REFIID iid, void **ret_class)
{
    connpt__get_class_object_fn entry;
    void *class_object = NULL;
    HRESULT hr = connpt__module_open(file, &entry);

    if (FAILED(hr))
        return hr;
    connpt__assert_unlocked();
    hr = entry(clsid, iid, &class_object);
    if (FAILED(hr))
        return class_refused(file, clsid, hr);
    if (class_object == NULL)
        return connpt__module_fail(CO_E_ERRORINDLL,
                                   "%.600s is faulty: its DllGetClassObject returned success "
                                   "without a class object.",
                                   file);
    *ret_class = class_object;
    return S_OK;
}

HRESULT connpt_load_class_object(const char *path, REFCLSID clsid, REFIID iid, void **ret_class)
{
    char *file;
    HRESULT hr;

    connpt__module_clear_error();
    if (clsid == NULL || iid == NULL || ret_class == NULL)
        return connpt__module_fail(E_POINTER, "No class, no interface or no place for the class "
                                              "object was given.");
    hr = connpt__module_resolve(path, &file);
    if (FAILED(hr))
        return hr;
    hr = load_class_object(file, clsid, iid, ret_class);
    connpt_CoTaskMemFree(file);
    return hr;
}

static HRESULT create_instance(const char *path, IClassFactory *factory, REFCLSID clsid, REFIID iid,
                               void **ret_object)
{
    char text[CONNPT_GUID_TEXT_SIZE];
    void *object = NULL;
    HRESULT hr;

    connpt__assert_unlocked();
    hr = IClassFactory_CreateInstance(factory, NULL, iid, &object);
    connpt_guid_format(clsid, text);
    if (FAILED(hr)) {
        const char *name = connpt_hresult_name(hr);

        return connpt__module_fail(hr,
                                   "%.600s did not create an instance of %s: CreateInstance "
                                   "returned %s (0x%08X).",
                                   path, text, name != NULL ? name : "an error", (unsigned)hr);
    }
    if (object == NULL)
        return connpt__module_fail(CO_E_ERRORINDLL,
                                   "%.600s is faulty: CreateInstance of %s returned success "
                                   "without an instance.",
                                   path, text);
    *ret_object = object;
    return S_OK;
}

HRESULT connpt_create_instance(const char *path, REFCLSID clsid, REFIID iid, void **ret_object)
{
    IClassFactory *factory;
    void *class_object;
    HRESULT hr;

    connpt__module_clear_error();
    if (iid == NULL || ret_object == NULL)
        return connpt__module_fail(E_POINTER, "No interface or no place for the instance was "
                                              "given.");
    hr = connpt_load_class_object(path, clsid, &IID_IClassFactory, &class_object);
    if (FAILED(hr))
        return hr;
    factory = class_object;
    hr = create_instance(path, factory, clsid, iid, ret_object);
    IClassFactory_Release(factory);
    return hr;
}

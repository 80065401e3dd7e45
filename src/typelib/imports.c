/* SPDX-License-Identifier: MIT */
/*
 * typelib/imports.c - finding the types of other libraries
 *
 * A library keeps no reference to what it imports: two files that import each other would keep
 * each other for ever. While someone holds a type of the other library it is found among the
 * loaded ones; else its file is read again.
 *
 * The file's name comes from an image that nobody vouches for. Only its last part is used, in
 * folders that the caller or the system chose, and what is found there counts only if it has
 * the right identifier and version.
 */
#include "typelib/library.h"

#include <stdlib.h>
#include <string.h>

#include <connpt/guid.h>

#include "base/alloc.h"
#include "base/system.h"
#include "config.h"

/* {00020430-0000-0000-C000-000000000046} */
static const GUID stdole_libid = { 0x00020430, 0, 0, { 0xC0, 0, 0, 0, 0, 0, 0, 0x46 } };

/* The type in a library that was found. Takes the library's reference, gives the type's. */
static HRESULT type_in(struct library *library, const struct msft_import *import,
                       struct typeinfo **ret_info)
{
    struct typeinfo *info = NULL;

    if (import->by_guid)
        info = connpt__library_type_of_guid(library, &import->guid);
    else if (import->index < library->msft.n_types)
        info = &library->infos[import->index];
    if (info == NULL) {
        (void)connpt__library_put(library);
        return TYPE_E_ELEMENTNOTFOUND;
    }
    *ret_info = info;
    return S_OK;
}

/* ---- the built-in library ---------------------------------------------------------------- */

static HRESULT from_builtin(const struct msft_import *import, struct typeinfo **ret_info)
{
    const struct bytes image = { connpt__stdole2_image, connpt__stdole2_size };
    struct library *library;
    HRESULT hr;

    if (!connpt_guid_equal(&import->libid, &stdole_libid))
        return TYPE_E_CANTLOADLIBRARY;
    hr = connpt__library_create(NULL, image, NULL, NULL, &library);
    if (FAILED(hr))
        return hr;
    return type_in(library, import, ret_info);
}

/* ---- files ------------------------------------------------------------------------------- */

/* The last part of a file name of whatever system; empty when it names no file. */
static struct bytes plain_name(struct bytes file)
{
    struct bytes name = file;

    for (size_t i = 0; i < file.size; i++) {
        if (file.data[i] == '/' || file.data[i] == '\\' || file.data[i] == ':')
            name = bytes_part(file, i + 1, file.size - i - 1);
        else if (file.data[i] == '\0')
            name.size = 0;
    }
    if (file.size > 0 && name.data + name.size != file.data + file.size)
        name.size = 0;
    return name;
}

static int is_import(const struct library *library, const struct msft_import *import)
{
    return library->msft.major == import->major && library->msft.minor >= import->minor &&
           connpt_guid_equal(&library->msft.libid, &import->libid);
}

static HRESULT from_file(const char *path, const struct msft_import *import,
                         struct typeinfo **ret_info)
{
    struct library *library;
    HRESULT hr = connpt__library_load(path, NULL, &library);

    if (FAILED(hr))
        return hr;
    if (!is_import(library, import)) {
        (void)connpt__library_put(library);
        return TYPE_E_CANTLOADLIBRARY;
    }
    return type_in(library, import, ret_info);
}

/* As it is spelled, then in lower case: the file may come from a system that does not care. */
static HRESULT from_folder(const char *folder, size_t length, const struct msft_import *import,
                           struct typeinfo **ret_info)
{
    struct bytes name = plain_name(import->file);
    HRESULT hr = TYPE_E_CANTLOADLIBRARY;
    int is_lower = 1;
    char *path;

    if (length == 0 || name.size == 0)
        return hr;
    path = connpt__alloc(length + 1 + name.size + 1);
    if (path == NULL)
        return E_OUTOFMEMORY;
    memcpy(path, folder, length);
    path[length] = '/';
    memcpy(path + length + 1, name.data, name.size);
    path[length + 1 + name.size] = '\0';
    hr = from_file(path, import, ret_info);
    for (char *p = path + length + 1; *p != '\0'; p++) {
        if (*p >= 'A' && *p <= 'Z') {
            *p = (char)(*p - 'A' + 'a');
            is_lower = 0;
        }
    }
    if (FAILED(hr) && hr != E_OUTOFMEMORY && !is_lower)
        hr = from_file(path, import, ret_info);
    connpt__free(path);
    return hr;
}

static HRESULT from_search_path(const struct msft_import *import, struct typeinfo **ret_info)
{
    const char *folder;
    char *path;
    HRESULT hr = connpt__environment("CONNPT_TYPELIB_PATH", &path);

    if (FAILED(hr))
        return hr;
    hr = TYPE_E_CANTLOADLIBRARY;
    folder = path;
    while (folder != NULL && FAILED(hr) && hr != E_OUTOFMEMORY) {
        const char *end = strchr(folder, CONNPT__PATH_LIST_SEPARATOR);
        size_t length = end != NULL ? (size_t)(end - folder) : strlen(folder);

        hr = from_folder(folder, length, import, ret_info);
        folder = end != NULL ? end + 1 : NULL;
    }
    connpt__free(path);
    return hr;
}

static HRESULT from_installation(const struct msft_import *import, struct typeinfo **ret_info)
{
    char *folder;
    HRESULT hr = connpt__installed_folder(CONNPT_TYPELIB_DIR, &folder);

    if (FAILED(hr))
        return hr;
    hr = from_folder(folder, strlen(folder), import, ret_info);
    connpt__free(folder);
    return hr;
}

/* ---- the order --------------------------------------------------------------------------- */

/* Whether to look further: a library that lacks the type may be an older one. */
static int is_settled(HRESULT hr, HRESULT *reason)
{
    if (hr == TYPE_E_ELEMENTNOTFOUND)
        *reason = hr;
    return SUCCEEDED(hr) || hr == E_OUTOFMEMORY;
}

HRESULT connpt__import_resolve(const struct library *library, const struct msft_import *import,
                               struct typeinfo **ret_info)
{
    HRESULT reason = TYPE_E_CANTLOADLIBRARY;
    struct library *loaded;
    HRESULT hr = from_builtin(import, ret_info);

    if (is_settled(hr, &reason))
        return hr;
    loaded = connpt__registry_find(&import->libid, import->major, import->minor);
    if (loaded != NULL) {
        hr = type_in(loaded, import, ret_info);
        if (is_settled(hr, &reason))
            return hr;
    }
    if (library->folder != NULL) {
        hr = from_folder(library->folder, strlen(library->folder), import, ret_info);
        if (is_settled(hr, &reason))
            return hr;
    }
    hr = from_search_path(import, ret_info);
    if (is_settled(hr, &reason))
        return hr;
    hr = from_installation(import, ret_info);
    if (is_settled(hr, &reason))
        return hr;
    return reason;
}

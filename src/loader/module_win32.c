/* SPDX-License-Identifier: MIT */
/*
 * loader/module_win32.c - modules through LoadLibraryExW
 *
 * The file is named in full and its own folder is searched for what it needs; the current
 * folder and PATH are not. The module is pinned: objects outlive every handle.
 */
#include "loader/loader.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"

/* UTF-16, or NULL when @utf8 is not UTF-8 or memory is short. connpt__free it. */
static WCHAR *wide_path(const char *utf8)
{
    int length = MultiByteToWideChar(CP_UTF8, MB_ERR_INVALID_CHARS, utf8, -1, NULL, 0);
    WCHAR *wide = length > 0 ? connpt__alloc((size_t)length * sizeof *wide) : NULL;

    if (wide != NULL)
        (void)MultiByteToWideChar(CP_UTF8, MB_ERR_INVALID_CHARS, utf8, -1, wide, length);
    return wide;
}

/* The absolute path with backslashes, which LOAD_LIBRARY_SEARCH_DLL_LOAD_DIR asks for. */
static WCHAR *full_path(const char *utf8)
{
    WCHAR *wide = wide_path(utf8), *full = NULL;
    DWORD length = wide != NULL ? GetFullPathNameW(wide, 0, NULL, NULL) : 0;

    if (length != 0)
        full = connpt__alloc((size_t)length * sizeof *full);
    if (full != NULL)
        (void)GetFullPathNameW(wide, length, full, NULL);
    connpt__free(wide);
    return full;
}

static DWORD file_attributes(const char *file)
{
    WCHAR *wide = wide_path(file);
    DWORD attributes = wide != NULL ? GetFileAttributesW(wide) : INVALID_FILE_ATTRIBUTES;

    connpt__free(wide);
    return attributes;
}

int connpt__module_has_folder(const char *path)
{
    return strpbrk(path, "/\\:") != NULL;
}

int connpt__module_exists(const char *file)
{
    return file_attributes(file) != INVALID_FILE_ATTRIBUTES;
}

int connpt__module_is_regular(const char *file)
{
    DWORD attributes = file_attributes(file);

    return attributes != INVALID_FILE_ATTRIBUTES && (attributes & FILE_ATTRIBUTE_DIRECTORY) == 0;
}

static HRESULT dll_missing(const char *file, const WCHAR *full)
{
    struct connpt__missing missing;

    if (!connpt__module_missing(full, &missing))
        return connpt__module_fail(CO_E_ERRORINDLL,
                                   "%.600s needs a DLL that is not there; put it into the same "
                                   "folder.",
                                   file);
    return connpt__module_fail(CO_E_ERRORINDLL,
                               "%.600s needs %s%s%s, which is not there; put it into the same "
                               "folder.",
                               file, missing.is_direct ? "" : missing.needed_by,
                               missing.is_direct ? "" : ", and that needs ", missing.name);
}

/* @full: the path that was tried */
static HRESULT load_failed(const char *file, const WCHAR *full, DWORD error)
{
    switch (error) {
    case ERROR_FILE_NOT_FOUND:
    case ERROR_PATH_NOT_FOUND:
        return connpt__module_fail(CO_E_DLLNOTFOUND,
                                   "%.600s does not exist; check the path of the module.", file);
    case ERROR_BAD_EXE_FORMAT:
        return connpt__module_fail(CO_E_ERRORINDLL,
                                   "%.600s is no DLL for this process: it is damaged or was built "
                                   "for another machine; build it for this one.",
                                   file);
    case ERROR_MOD_NOT_FOUND:
        return dll_missing(file, full);
    case ERROR_PROC_NOT_FOUND:
        return connpt__module_fail(CO_E_ERRORINDLL,
                                   "%.600s needs a function that a DLL does not have; install the "
                                   "version that it was linked with.",
                                   file);
    default:
        return connpt__module_fail(CO_E_ERRORINDLL, "%.600s cannot be loaded (error %lu).", file,
                                   error);
    }
}

HRESULT connpt__module_open(const char *file, connpt__get_class_object_fn *ret_entry)
{
    WCHAR *full;
    HMODULE module, pinned;
    FARPROC entry;
    HRESULT hr = S_OK;

    if (connpt__module_exists(file) && !connpt__module_is_regular(file))
        return connpt__module_fail(
            CO_E_ERRORINDLL, "%.600s is not a file but a folder; give the path of a module.", file);
    full = full_path(file);
    if (full == NULL)
        return connpt__module_fail(E_OUTOFMEMORY, "Out of memory, or %.600s is not UTF-8.", file);
    module = LoadLibraryExW(full, NULL,
                            LOAD_LIBRARY_SEARCH_DLL_LOAD_DIR | LOAD_LIBRARY_SEARCH_DEFAULT_DIRS);
    if (module == NULL)
        hr = load_failed(file, full, GetLastError());
    connpt__free(full);
    if (FAILED(hr))
        return hr;
    entry = GetProcAddress(module, "DllGetClassObject");
    if (entry == NULL) {
        (void)FreeLibrary(module);
        return connpt__module_fail(CO_E_ERRORINDLL,
                                   "%.600s is a DLL but no module: it does not export "
                                   "DllGetClassObject.",
                                   file);
    }
    (void)GetModuleHandleExW(GET_MODULE_HANDLE_EX_FLAG_PIN | GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS,
                             (LPCWSTR)(void *)module, &pinned);
    memcpy(ret_entry, &entry, sizeof entry);
    return S_OK;
}

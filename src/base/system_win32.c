/* SPDX-License-Identifier: MIT */
/* base/system_win32.c - environment and folders of Windows */
#include "base/system.h"

#include <string.h>

#include "base/alloc.h"
#include "base/utf.h"

#define LONGEST_PATH 32768 /* units, that Windows has */

HRESULT connpt__environment(const char *name, char **ret_value)
{
    WCHAR wide_name[64], *wide;
    size_t n = 0;
    DWORD size;
    HRESULT hr = S_OK;

    *ret_value = NULL;
    /* Our names are ASCII, and short. */
    while (name[n] != '\0' && n < sizeof wide_name / sizeof *wide_name - 1) {
        wide_name[n] = (WCHAR)name[n];
        n++;
    }
    wide_name[n] = 0;
    size = GetEnvironmentVariableW(wide_name, NULL, 0);
    if (size == 0)
        return S_OK;
    wide = connpt__alloc(size * sizeof *wide);
    if (wide == NULL)
        return E_OUTOFMEMORY;
    /* It may have grown meanwhile: then there is no text. */
    if (GetEnvironmentVariableW(wide_name, wide, size) < size)
        hr = connpt__utf8_dup(wide, wcslen(wide), ret_value);
    connpt__free(wide);
    return hr == E_OUTOFMEMORY ? hr : S_OK;
}

/* Of the DLL or program that this code is in. S_FALSE: not told, here and below. */
static HRESULT own_file(WCHAR *path)
{
    HMODULE module = NULL;
    const WCHAR *here;
    DWORD length;

    memcpy(&here, &(HRESULT(*)(WCHAR *)){ own_file }, sizeof here);
    if (!GetModuleHandleExW(GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS |
                                GET_MODULE_HANDLE_EX_FLAG_UNCHANGED_REFCOUNT,
                            here, &module))
        return S_FALSE;
    length = GetModuleFileNameW(module, path, LONGEST_PATH);
    return length != 0 && length < LONGEST_PATH ? S_OK : S_FALSE;
}

/* @path: of our own file; becomes that of the folder. */
static HRESULT beside(WCHAR *path, const char *folder, char **ret_folder)
{
    WCHAR *to = wcsrchr(path, L'\\');
    WCHAR *full;
    HRESULT hr = S_FALSE;

    if (to == NULL || (size_t)(to - path) + strlen(folder) + 2 > LONGEST_PATH)
        return S_FALSE;
    /* What the build was configured with is ASCII, or not found. */
    to++;
    for (const char *from = folder; *from != '\0'; from++)
        *to++ = *from == '/' ? L'\\' : (WCHAR)(unsigned char)*from;
    *to = 0;
    full = connpt__alloc(LONGEST_PATH * sizeof *full);
    if (full == NULL)
        return E_OUTOFMEMORY;
    if (GetFullPathNameW(path, LONGEST_PATH, full, NULL) - 1 < LONGEST_PATH - 1)
        hr = connpt__utf8_dup(full, wcslen(full), ret_folder);
    connpt__free(full);
    return hr == E_INVALIDARG ? S_FALSE : hr;
}

HRESULT connpt__installed_folder(const char *folder, char **ret_folder)
{
    int is_absolute =
        folder[0] == '/' || folder[0] == '\\' || (folder[0] != '\0' && folder[1] == ':');
    HRESULT hr = S_FALSE;
    size_t size = strlen(folder) + 1;

    if (!is_absolute) {
        WCHAR *path = connpt__alloc(LONGEST_PATH * sizeof *path);

        if (path == NULL)
            return E_OUTOFMEMORY;
        hr = own_file(path);
        if (hr == S_OK)
            hr = beside(path, folder, ret_folder);
        connpt__free(path);
    }
    if (hr != S_FALSE)
        return hr;
    *ret_folder = connpt__alloc(size);
    if (*ret_folder == NULL)
        return E_OUTOFMEMORY;
    memcpy(*ret_folder, folder, size);
    return S_OK;
}

/* SPDX-License-Identifier: MIT */
/*
 * typelib/typelib_win32.c - connpt_typelib_load by the system, and files for those libraries
 * that connpt_typelib_from_memory reads
 */
#include "typelib/library.h"

#include <string.h>

#include <connpt/typelib.h>

#include "base/alloc.h"
#include "base/utf.h"

static HRESULT wide_path(const char *path, struct fault *fault, WCHAR **ret_wide)
{
    size_t length = strlen(path), n_units;
    WCHAR *wide;

    if (FAILED(connpt__utf16_from_utf8(path, length, NULL, &n_units)))
        return connpt__fault(fault, TYPE_E_CANTLOADLIBRARY, "is a path that is not UTF-8");
    wide = connpt__alloc((n_units + 1) * sizeof *wide);
    if (wide == NULL)
        return connpt__fault(fault, E_OUTOFMEMORY, "there is no memory for its path");
    (void)connpt__utf16_from_utf8(path, length, wide, &n_units);
    wide[n_units] = 0;
    *ret_wide = wide;
    return S_OK;
}

HRESULT connpt__file_open(const char *path, struct fault *fault, struct source *ret_source)
{
    LARGE_INTEGER size;
    HANDLE file;
    WCHAR *wide;
    HRESULT hr = wide_path(path, fault, &wide);

    if (FAILED(hr))
        return hr;
    file = CreateFileW(wide, GENERIC_READ, FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE,
                       NULL, OPEN_EXISTING, 0, NULL);
    connpt__free(wide);
    if (file == INVALID_HANDLE_VALUE)
        return connpt__fault(fault, TYPE_E_CANTLOADLIBRARY, "cannot be opened");
    if (GetFileType(file) != FILE_TYPE_DISK || !GetFileSizeEx(file, &size)) {
        (void)CloseHandle(file);
        return connpt__fault(fault, TYPE_E_IOERROR, "is not a regular file");
    }
    *ret_source = (struct source){ .size = (uint64_t)size.QuadPart, .handle = (intptr_t)file };
    return S_OK;
}

void connpt__file_close(struct source *source)
{
    (void)CloseHandle((HANDLE)source->handle);
}

HRESULT connpt__file_read_at(const struct source *source, uint64_t at, void *buffer, size_t size,
                             struct fault *fault, size_t *ret_done)
{
    size_t done = 0;

    while (done < size) {
        OVERLAPPED place = { .Offset = (DWORD)(at + done),
                             .OffsetHigh = (DWORD)((at + done) >> 32) };
        DWORD n, most = 0x40000000;

        if (!ReadFile((HANDLE)source->handle, (char *)buffer + done,
                      size - done < most ? (DWORD)(size - done) : most, &n, &place)) {
            if (GetLastError() == ERROR_HANDLE_EOF)
                break;
            return connpt__fault(fault, TYPE_E_IOERROR, "cannot be read: Windows error %lu",
                                 GetLastError());
        }
        if (n == 0)
            break;
        done += n;
    }
    *ret_done = done;
    return S_OK;
}

static HRESULT absolute(const char *path, char **ret_full)
{
    WCHAR full[MAX_PATH];
    WCHAR *wide;
    DWORD length;
    HRESULT hr = wide_path(path, NULL, &wide);

    if (FAILED(hr))
        return hr;
    length = GetFullPathNameW(wide, MAX_PATH, full, NULL);
    connpt__free(wide);
    return length > 0 && length < MAX_PATH ? connpt__utf8_dup(full, length, ret_full) : E_FAIL;
}

char *connpt__file_folder(const char *path)
{
    size_t length = strlen(path);
    const char *start = path;
    char *folder, *full;

    while (length > 0 && path[length - 1] != '/' && path[length - 1] != '\\')
        length--;
    if (length == 0) {
        start = ".";
        length = 1;
    }
    folder = connpt__alloc(length + 1);
    if (folder == NULL)
        return NULL;
    memcpy(folder, start, length);
    folder[length] = '\0';

    /* Imports are looked for later, when the current folder may be another one. */
    if (FAILED(absolute(folder, &full)))
        return folder;
    connpt__free(folder);
    return full;
}

/* x.tlb beside x.dll, which has none inside. Changes @path; returns @hr when there is none. */
static HRESULT load_beside(WCHAR *path, HRESULT hr, ITypeLib **ret_library)
{
    size_t length = wcslen(path);

    if (length < 4 || _wcsicmp(path + length - 4, L".dll") != 0)
        return hr;
    wcscpy(path + length - 4, L".tlb");
    return SUCCEEDED(LoadTypeLibEx(path, REGKIND_NONE, ret_library)) ? S_OK : hr;
}

HRESULT connpt_typelib_load(const char *path, ITypeLib **ret_library)
{
    struct fault *fault = connpt__fault_begin(path != NULL ? path : "connpt_typelib_load");
    ITypeLib *library = NULL;
    WCHAR *wide;
    HRESULT hr;

    if (path == NULL || ret_library == NULL)
        return connpt__fault(fault, E_POINTER, "a pointer is NULL");
    hr = wide_path(path, fault, &wide);
    if (FAILED(hr))
        return hr;
    hr = LoadTypeLibEx(wide, REGKIND_NONE, &library);
    if (hr == TYPE_E_CANTLOADLIBRARY)
        hr = load_beside(wide, hr, &library);
    connpt__free(wide);
    if (FAILED(hr))
        return connpt__fault(fault, hr, "Windows cannot load it as a type library (0x%08X)",
                             (unsigned)hr);
    *ret_library = library;
    return S_OK;
}

/* SPDX-License-Identifier: MIT */
/*
 * loader/missing_win32.c - which DLL was it that Windows did not find?
 *
 * It says only that one is missing, of those that the module needs, or that they need. So their
 * tables of imports are read, and each name is looked for where the system does. What this cannot
 * know is taken for there: it never names one that is not missing.
 */
#include "loader/loader.h"

#include <wchar.h>

#include "pe/file_win32.h"

enum { LONGEST_PATH = 1024, DEEPEST = 6, MOST_FILES = 100 };

struct search {
    const WCHAR *folder; /* of the module, with its backslash */
    WCHAR program[LONGEST_PATH];
    int n_files; /* that may still be read */
    struct connpt__missing *found;
};

/* The part in front of the file's name; 0: there is none. */
static size_t folder_length(const WCHAR *path)
{
    const WCHAR *end = wcsrchr(path, L'\\');

    return end != NULL ? (size_t)(end - path) + 1 : 0;
}

/* @path: LONGEST_PATH characters. Returns: 0: it is not there. */
static int is_in(const WCHAR *folder, const WCHAR *name, WCHAR *path)
{
    if (wcslen(folder) + wcslen(name) >= LONGEST_PATH)
        return 0;
    (void)wcscpy(path, folder);
    (void)wcscat(path, name);
    return GetFileAttributesW(path) != INVALID_FILE_ATTRIBUTES;
}

/* By what is loaded already, and by the system's own search. */
static int is_elsewhere(const WCHAR *name)
{
    HMODULE module;
    DWORD error;

    /* Names of contracts, not of files. */
    if (_wcsnicmp(name, L"api-", 4) == 0 || _wcsnicmp(name, L"ext-", 4) == 0 ||
        GetModuleHandleW(name) != NULL)
        return 1;
    module =
        LoadLibraryExW(name, NULL, LOAD_LIBRARY_AS_DATAFILE | LOAD_LIBRARY_SEARCH_DEFAULT_DIRS);
    error = GetLastError();
    if (module != NULL)
        (void)FreeLibrary(module);
    return module != NULL || (error != ERROR_FILE_NOT_FOUND && error != ERROR_MOD_NOT_FOUND);
}

static int search_file(struct search *search, const WCHAR *file, int depth);

/* Returns: 1: it is missing, or something that it needs. */
static int search_need(struct search *search, struct bytes text, const WCHAR *file, int depth)
{
    WCHAR name[PE_LONGEST_NAME + 1], path[LONGEST_PATH];
    int length = MultiByteToWideChar(CP_ACP, 0, (const char *)text.data, (int)text.size, name,
                                     PE_LONGEST_NAME);

    name[length] = 0;
    if (length == 0 || wcschr(name, L'.') == NULL || wcspbrk(name, L"\\/:") != NULL)
        return 0;
    if (GetModuleHandleW(name) == NULL &&
        (is_in(search->folder, name, path) || is_in(search->program, name, path)))
        return search_file(search, path, depth + 1);
    if (is_elsewhere(name))
        return 0;
    if (WideCharToMultiByte(CP_UTF8, 0, name, -1, search->found->name, sizeof search->found->name,
                            NULL, NULL) == 0 ||
        WideCharToMultiByte(CP_UTF8, 0, file + folder_length(file), -1, search->found->needed_by,
                            sizeof search->found->needed_by, NULL, NULL) == 0)
        return 0;
    search->found->is_direct = depth == 0;
    return 1;
}

static int search_file(struct search *search, const WCHAR *path, int depth)
{
    struct pe_file file;
    struct bytes name;
    int is_found = 0;

    if (depth > DEEPEST || search->n_files == 0 || !connpt__pe_file_open(path, &file))
        return 0;
    search->n_files--;
    for (unsigned i = 0; !is_found && connpt__pe_need(&file.pe, i, &name); i++)
        is_found = search_need(search, name, path, depth);
    connpt__pe_file_close(&file);
    return is_found;
}

int connpt__module_missing(const WCHAR *file, struct connpt__missing *ret_missing)
{
    WCHAR folder[LONGEST_PATH];
    size_t length = folder_length(file);
    struct search search = { .folder = folder, .n_files = MOST_FILES, .found = ret_missing };
    DWORD n = GetModuleFileNameW(NULL, search.program, LONGEST_PATH);

    if (length == 0 || length >= LONGEST_PATH || n == 0 || n == LONGEST_PATH)
        return 0;
    (void)wcsncpy(folder, file, length);
    folder[length] = 0;
    search.program[folder_length(search.program)] = 0;
    return search_file(&search, file, 0);
}

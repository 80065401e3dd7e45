/* SPDX-License-Identifier: MIT */
/* cli/os_files_win32.c - folders, files and the environment on Windows: UTF-16 there, UTF-8 here */
#include "os.h"

#include <direct.h>
#include <errno.h>
#include <io.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <connpt/com.h>

#include "cli.h"

/* ---- texts: free with cli_free -----------------------------------------------------------------
 */

/* What is not UTF-8 becomes U+FFFD, which no file's name contains. */
static wchar_t *wide(const char *utf8)
{
    int length = MultiByteToWideChar(CP_UTF8, 0, utf8, -1, NULL, 0);
    wchar_t *text = cli_alloc(((size_t)length + 1) * sizeof(*text));

    (void)MultiByteToWideChar(CP_UTF8, 0, utf8, -1, text, length);
    return text;
}

char *cli_os_utf8(const wchar_t *text)
{
    int length = WideCharToMultiByte(CP_UTF8, 0, text, -1, NULL, 0, NULL, NULL);
    char *utf8 = cli_alloc((size_t)length + 1);

    (void)WideCharToMultiByte(CP_UTF8, 0, text, -1, utf8, length, NULL, NULL);
    return utf8;
}

char *cli_os_environment(const char *name)
{
    wchar_t *wide_name = wide(name);
    const wchar_t *value = _wgetenv(wide_name);

    cli_free(wide_name);
    return value != NULL ? cli_os_utf8(value) : NULL;
}

/* ---- folders -----------------------------------------------------------------------------------
 */

static int compare_names(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

bool cli_os_list_folder(const char *folder, char ***ret_names, size_t *ret_n)
{
    char *pattern = cli_format("%s\\*", folder);
    wchar_t *wide_pattern = wide(pattern);
    struct _wfinddata_t found;
    intptr_t handle = _wfindfirst(wide_pattern, &found);
    char **names = NULL;
    size_t n = 0;

    cli_free(wide_pattern);
    cli_free(pattern);
    if (handle == -1)
        return false;
    do {
        if (found.name[0] == L'.')
            continue;
        names = cli_realloc(names, (n + 1) * sizeof(*names));
        names[n++] = cli_os_utf8(found.name);
    } while (_wfindnext(handle, &found) == 0);
    (void)_findclose(handle);
    if (n > 1)
        qsort(names, n, sizeof(*names), compare_names);
    *ret_names = names;
    *ret_n = n;
    return true;
}

static bool is_separator(char c)
{
    return c == '/' || c == '\\';
}

bool cli_os_is_absolute(const char *path)
{
    return is_separator(path[0]) || (path[0] != '\0' && path[1] == ':');
}

static bool make_folder(const char *path)
{
    wchar_t *wide_path = wide(path);
    bool made = _wmkdir(wide_path) == 0 || errno == EEXIST;

    cli_free(wide_path);
    return made;
}

bool cli_os_make_folders(const char *folder)
{
    char *path = cli_strdup(folder);
    bool made = true;

    for (char *at = path + 1; made; at++) {
        bool is_end = *at == '\0';
        char separator = *at;

        if ((!is_separator(separator) && !is_end) || at[-1] == ':')
            continue;
        *at = '\0';
        made = make_folder(path);
        if (is_end)
            break;
        *at = separator;
    }
    cli_free(path);
    return made;
}

char *cli_os_user_data_folder(void)
{
    static const char *const names[] = { "XDG_DATA_HOME", "LOCALAPPDATA" };

    for (int i = 0; i < 2; i++) {
        char *data = cli_os_environment(names[i]);

        if (data != NULL && cli_os_is_absolute(data))
            return data;
        cli_free(data);
    }
    return NULL;
}

/* ---- files -------------------------------------------------------------------------------------
 */

bool cli_os_is_file(const char *path)
{
    wchar_t *wide_path = wide(path);
    struct _stat64 status;
    bool is_file = _wstat64(wide_path, &status) == 0 && (status.st_mode & _S_IFMT) == _S_IFREG;

    cli_free(wide_path);
    return is_file;
}

static FILE *open_file(const char *path, const wchar_t *mode)
{
    wchar_t *wide_path = wide(path);
    FILE *file = _wfopen(wide_path, mode);

    cli_free(wide_path);
    return file;
}

FILE *cli_os_open(const char *path)
{
    return open_file(path, L"rb");
}

bool cli_os_remove(const char *path)
{
    wchar_t *wide_path = wide(path);
    bool removed = _wremove(wide_path) == 0;

    cli_free(wide_path);
    return removed;
}

static bool replace_file(const char *from, const char *to)
{
    wchar_t *wide_from = wide(from), *wide_to = wide(to);
    bool replaced = MoveFileExW(wide_from, wide_to, MOVEFILE_REPLACE_EXISTING);

    if (!replaced)
        errno = EACCES;
    cli_free(wide_to);
    cli_free(wide_from);
    return replaced;
}

bool cli_os_write_file(const char *path, const char *bytes, size_t size)
{
    char *temporary = cli_format("%s.%lu.new", path, (unsigned long)GetCurrentProcessId());
    FILE *file = open_file(temporary, L"wb");
    bool written = false;

    if (file != NULL) {
        written = fwrite(bytes, 1, size, file) == size;
        written = fclose(file) == 0 && written;
        written = written && replace_file(temporary, path);
        if (!written) {
            int saved = errno;

            (void)cli_os_remove(temporary);
            errno = saved;
        }
    }
    cli_free(temporary);
    return written;
}

char *cli_os_absolute(const char *path)
{
    wchar_t *wide_path = wide(path), *resolved = _wfullpath(NULL, wide_path, 0);
    char *copy = resolved != NULL && _waccess(resolved, 0) == 0 ? cli_os_utf8(resolved) : NULL;

    free(resolved);
    cli_free(wide_path);
    return copy;
}

char *cli_os_program_folder(void)
{
    enum { LONGEST = 32768 }; /* that Windows has */
    wchar_t *file = cli_alloc(LONGEST * sizeof(*file));
    DWORD length = GetModuleFileNameW(NULL, file, LONGEST);
    char *folder = NULL;

    if (length > 0 && length < LONGEST && wcsrchr(file, L'\\') != NULL) {
        *wcsrchr(file, L'\\') = L'\0';
        folder = cli_os_utf8(file);
    }
    cli_free(file);
    return folder;
}

/* SPDX-License-Identifier: MIT */
/* cli/system_registry_win32.c - reading HKEY_CLASSES_ROOT, in UTF-8 */
#include "system_registry_win32.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <connpt/automation.h>
#include <connpt/typelib.h>

#include "text.h"

enum { LONGEST_KEY = 256 }; /* the system's limit, in UTF-16 units with the terminator */

/* NULL when it cannot be UTF-16. */
static BSTR format_wide(const char *format, va_list args)
{
    struct text text = { 0 };
    BSTR wide = NULL;

    text_vprintf(&text, format, args);
    if (FAILED(connpt_bstr_from_utf8(text_cstr(&text), text.length, &wide)))
        wide = NULL;
    text_fini(&text);
    return wide;
}

static char *utf8_of(const WCHAR *wide)
{
    struct text text = { 0 };

    text_utf16(&text, wide, wcslen(wide), TEXT_PLAIN);
    return text_take(&text);
}

/* @name: NULL for the default value */
static char *read_value(const WCHAR *name, const char *format, va_list args)
{
    const DWORD types = RRF_RT_REG_SZ; /* with %VARIABLES% already replaced */
    BSTR key = format_wide(format, args);
    WCHAR *value = NULL;
    char *result = NULL;
    DWORD size = 0;

    if (key == NULL)
        return NULL;
    if (RegGetValueW(HKEY_CLASSES_ROOT, key, name, types, NULL, NULL, &size) == ERROR_SUCCESS) {
        value = cli_alloc(size + sizeof(WCHAR));
        if (RegGetValueW(HKEY_CLASSES_ROOT, key, name, types, NULL, value, &size) == ERROR_SUCCESS)
            result = utf8_of(value);
        cli_free(value);
    }
    connpt_SysFreeString(key);
    if (result != NULL && result[0] == '\0') {
        cli_free(result);
        return NULL;
    }
    return result;
}

char *hkcr_value(const char *format, ...)
{
    va_list args;
    char *value;

    va_start(args, format);
    value = read_value(NULL, format, args);
    va_end(args);
    return value;
}

char *hkcr_named_value(const WCHAR *name, const char *format, ...)
{
    va_list args;
    char *value;

    va_start(args, format);
    value = read_value(name, format, args);
    va_end(args);
    return value;
}

size_t hkcr_keys(char ***ret_names, const char *format, ...)
{
    char **names = NULL;
    size_t n = 0;
    va_list args;
    HKEY key;
    BSTR wide;
    LSTATUS opened;

    *ret_names = NULL;
    va_start(args, format);
    wide = format_wide(format, args);
    va_end(args);
    if (wide == NULL)
        return 0;
    opened = RegOpenKeyExW(HKEY_CLASSES_ROOT, wide, 0, KEY_READ, &key);
    connpt_SysFreeString(wide);
    if (opened != ERROR_SUCCESS)
        return 0;
    for (DWORD i = 0;; i++) {
        WCHAR name[LONGEST_KEY];
        DWORD length = LONGEST_KEY;

        if (RegEnumKeyExW(key, i, name, &length, NULL, NULL, NULL, NULL) != ERROR_SUCCESS)
            break;
        names = cli_realloc(names, (n + 1) * sizeof(*names));
        names[n++] = utf8_of(name);
    }
    (void)RegCloseKey(key);
    *ret_names = names;
    return n;
}

void hkcr_keys_free(char **names, size_t n)
{
    for (size_t i = 0; i < n; i++)
        cli_free(names[i]);
    cli_free(names);
}

/* ---- type libraries -------------------------------------------------------------------------- */

/* "major.minor", both hexadecimal. */
static unsigned long version_number(const char *version)
{
    char *dot;
    unsigned long major = strtoul(version, &dot, 16);

    return major << 16 | (*dot == '.' ? strtoul(dot + 1, NULL, 16) & 0xFFFF : 0);
}

static int newest_first(const void *a, const void *b)
{
    unsigned long left = version_number(*(char *const *)a),
                  right = version_number(*(char *const *)b);

    return left > right ? -1 : left < right;
}

/* Below a version stand languages, 0 for all of them, and help files. */
static bool is_language(const char *name)
{
    char *end;

    (void)strtoul(name, &end, 16);
    return name[0] != '\0' && *end == '\0';
}

char *hkcr_typelib_path(const char *libid, const char *version)
{
    static const char *const systems[] = {
#ifdef _WIN64
        "win64",
#endif
        "win32",
    };
    char **languages;
    size_t n = hkcr_keys(&languages, "TypeLib\\%s\\%s", libid, version);
    char *path = NULL;

    for (size_t i = 0; i < n && path == NULL; i++) {
        for (size_t k = 0; k < sizeof(systems) / sizeof(systems[0]) && path == NULL; k++) {
            if (is_language(languages[i]))
                path =
                    hkcr_value("TypeLib\\%s\\%s\\%s\\%s", libid, version, languages[i], systems[k]);
        }
    }
    hkcr_keys_free(languages, n);
    return path;
}

static ITypeLib *load_version(const char *libid, const char *version, hkcr_typelib_fn *is_wanted,
                              const GUID *wanted)
{
    char *path = hkcr_typelib_path(libid, version);
    ITypeLib *library = NULL;

    if (path != NULL && FAILED(connpt_typelib_load(path, &library)))
        library = NULL;
    cli_free(path);
    if (library != NULL && is_wanted != NULL && !is_wanted(library, wanted)) {
        ITypeLib_Release(library);
        library = NULL;
    }
    return library;
}

ITypeLib *hkcr_typelib(const char *libid, const char *version, hkcr_typelib_fn *is_wanted,
                       const GUID *wanted)
{
    ITypeLib *library = version != NULL ? load_version(libid, version, is_wanted, wanted) : NULL;
    char **versions;
    size_t n;

    if (library != NULL)
        return library;
    n = hkcr_keys(&versions, "TypeLib\\%s", libid);
    if (n > 1)
        qsort(versions, n, sizeof(*versions), newest_first);
    for (size_t i = 0; i < n && library == NULL; i++)
        library = load_version(libid, versions[i], is_wanted, wanted);
    hkcr_keys_free(versions, n);
    return library;
}

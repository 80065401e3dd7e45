/* SPDX-License-Identifier: MIT */
/*
 * loader/module_win32_test.c - modules on Windows: found, loaded and refused
 *
 * What a module answers is judged by the same code everywhere and tested by module_test.c; here
 * are the parts that differ: paths, and what is no DLL. PROBE_DIR is where probe.dll lies, and
 * where the damaged files are made.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <connpt/memory.h>
#include <connpt/module.h>

#include "probe.h"
#include "t.h"

#define PROBE PROBE_DIR "/probe.dll"

static HRESULT load(const char *path, uint32_t behaviour, void **ret_class)
{
    CLSID clsid = { behaviour, 0x1234, 0x4567, { 8, 7, 6, 5, 4, 3, 2, 1 } };

    return connpt_load_class_object(path, &clsid, &IID_IClassFactory, ret_class);
}

static void check_refused(const char *path, HRESULT expected, const char *words)
{
    void *out = &out;
    int held = CHECK_HR(load(path, PROBE_HONEST, &out), expected);

    held &= CHECK(strstr(connpt_module_error(), path) != NULL);
    held &= CHECK(strstr(connpt_module_error(), words) != NULL);
    CHECK_PTR(out, &out);
    if (!held && !t_oom_hit())
        fprintf(stderr, "# the error was: %s\n", connpt_module_error());
}

static void file_write(const char *path, const void *bytes, size_t size)
{
    FILE *file = fopen(path, "wb");

    if (file == NULL || fwrite(bytes, 1, size, file) != size || fclose(file) != 0)
        abort();
}

static void module_gives_its_class_object(void)
{
    void *out = NULL;

    CHECK_HR(load(PROBE, PROBE_HONEST, &out), S_OK);
    CHECK(out != NULL || t_oom_hit());
    CHECK_STR(connpt_module_error(), "");
}

static void both_slashes_make_a_path(void)
{
    char path[] = PROBE, *file = NULL;

    for (char *c = path; *c != '\0'; c++)
        if (*c == '/')
            *c = '\\';
    if (CHECK_HR(connpt_module_resolve(path, &file), S_OK))
        CHECK_STR(file, path);
    connpt_CoTaskMemFree(file);
}

static void bare_name_is_looked_for_in_the_module_path(void)
{
    char *file = NULL;

    (void)_putenv("CONNPT_MODULE_PATH=/nowhere;;" PROBE_DIR);
    if (CHECK_HR(connpt_module_resolve("probe", &file), S_OK))
        CHECK_STR(file, PROBE_DIR "/probe.dll");
    connpt_CoTaskMemFree(file);
    file = NULL;
    CHECK_HR(connpt_module_resolve("kernel32.dll", &file), CO_E_DLLNOTFOUND);
    CHECK_PTR(file, NULL);
    (void)_putenv("CONNPT_MODULE_PATH=");
}

/* The same tests run with --oom at the same time, so each process has a file of its own. */
static void file_that_is_no_module_is_named(void)
{
    char path[sizeof PROBE_DIR + 32];

    (void)snprintf(path, sizeof path, PROBE_DIR "/text%lu.dll", GetCurrentProcessId());
    file_write(path, "This is not a module, it is a sentence.\n", 40);
    check_refused(path, CO_E_ERRORINDLL, "is no DLL for this process");
    (void)remove(path);
}

/* probe.dll with other names of what it needs, each as long as the one before. */
static void write_needing(const char *path, const char *need, const char *instead)
{
    FILE *file = fopen(PROBE, "rb");
    size_t length = strlen(need), size, n_changed = 0;
    char *bytes = malloc(4 * 1024 * 1024);

    if (file == NULL || bytes == NULL || strlen(instead) != length)
        abort();
    size = fread(bytes, 1, 4 * 1024 * 1024, file);
    (void)fclose(file);
    for (size_t i = 0; i + length <= size; i++) {
        if (memcmp(bytes + i, need, length) == 0) {
            memcpy(bytes + i, instead, length);
            n_changed++;
        }
    }
    if (n_changed == 0)
        abort();
    file_write(path, bytes, size);
    free(bytes);
}

/* Wine keeps a file that it could not load as a module until the process ends, so that it can
 * neither be written nor removed: with --oom each time has a folder of its own. */
static void the_dll_that_is_missing_is_named(void)
{
    static unsigned n;
    char folder[sizeof PROBE_DIR + 32], inner[sizeof folder + 16], outer[sizeof folder + 16];

    (void)snprintf(folder, sizeof folder, PROBE_DIR "/missing%lu-%u", GetCurrentProcessId(), n++);
    (void)snprintf(inner, sizeof inner, "%s/inner1.dll", folder);
    (void)snprintf(outer, sizeof outer, "%s/outer.dll", folder);
    (void)CreateDirectoryA(folder, NULL);
    write_needing(inner, "KERNEL32.dll", "ABSENT32.dll");
    check_refused(inner, CO_E_ERRORINDLL, " needs ABSENT32.dll, which is not there");
    write_needing(outer, "msvcrt.dll", "inner1.dll");
    check_refused(outer, CO_E_ERRORINDLL,
                  " needs inner1.dll, and that needs ABSENT32.dll, which is not there");
    (void)remove(inner);
    (void)remove(outer);
    (void)RemoveDirectoryA(folder);
}

static void what_is_no_module_is_named(void)
{
    check_refused(PROBE_DIR "/missing.dll", CO_E_DLLNOTFOUND, "does not exist");
    check_refused(PROBE_DIR "/", CO_E_ERRORINDLL, "folder");
    check_refused(PROBE_DIR "/no_entry.dll", CO_E_ERRORINDLL, "does not export DllGetClassObject");
}

static void path_that_is_no_utf8_is_refused(void)
{
    check_refused("./\xff.dll", CO_E_DLLNOTFOUND, "does not exist");
}

/* From where this program lies, wherever that is. */
static void the_folder_of_installed_modules_is_told(void)
{
    char *folder = NULL;

    if (CHECK_HR(connpt_module_folder(&folder), S_OK))
        CHECK(folder[1] == ':' && strstr(folder, "..") == NULL &&
              strstr(folder, "\\connpt") != NULL);
    connpt_CoTaskMemFree(folder);
    CHECK_HR(connpt_module_folder(NULL), E_POINTER);
}

static void the_module_path_may_hold_any_name(void)
{
    static const WCHAR folder[] = L"Z:\\\u0416-none;"
                                  L"" PROBE_DIR;
    char *file = NULL;

    (void)SetEnvironmentVariableW(L"CONNPT_MODULE_PATH", folder);
    if (CHECK_HR(connpt_module_resolve("probe", &file), S_OK))
        CHECK_STR(file, PROBE_DIR "/probe.dll");
    connpt_CoTaskMemFree(file);
    (void)SetEnvironmentVariableW(L"CONNPT_MODULE_PATH", NULL);
}

int main(int argc, char **argv)
{
    static const struct t_test tests[] = {
        T(module_gives_its_class_object),
        T(both_slashes_make_a_path),
        T(bare_name_is_looked_for_in_the_module_path),
        T(the_folder_of_installed_modules_is_told),
        T(the_module_path_may_hold_any_name),
        T(what_is_no_module_is_named),
        T(file_that_is_no_module_is_named),
        T(the_dll_that_is_missing_is_named),
        T(path_that_is_no_utf8_is_refused),
        T_END,
    };

    return t_run(argc, argv, tests);
}

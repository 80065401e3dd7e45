/* SPDX-License-Identifier: MIT */
/*
 * loader/module_test.c - modules found, loaded and refused
 *
 * PROBE_DIR has the modules that meson built beside this program. Damaged ones are made from
 * them in a folder that each test creates and removes.
 */
#include <dirent.h>
#include <fcntl.h>
#include <link.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <connpt/memory.h>
#include <connpt/module.h>

#include "probe.h"
#include "t.h"

#define PROBE PROBE_DIR "/probe.so"

static CLSID probe_class(uint32_t behaviour)
{
    CLSID clsid = { behaviour, 0x1234, 0x4567, { 8, 7, 6, 5, 4, 3, 2, 1 } };

    return clsid;
}

static HRESULT load(const char *path, uint32_t behaviour, void **ret_class)
{
    CLSID clsid = probe_class(behaviour);

    return connpt_load_class_object(path, &clsid, &IID_IClassFactory, ret_class);
}

/* The sentence of the last failure names the file and says this. */
static void check_error(const char *file, const char *words)
{
    const char *error = connpt_module_error();

    if ((!CHECK(strstr(error, file) != NULL) || !CHECK(strstr(error, words) != NULL)) &&
        !t_oom_hit())
        fprintf(stderr, "# the error was: %s\n", error);
}

static void check_refused(const char *path, HRESULT expected, const char *words)
{
    void *out = &out;

    if (!CHECK_HR(load(path, PROBE_HONEST, &out), expected) && !t_oom_hit())
        fprintf(stderr, "# for %s: %s\n", path, connpt_module_error());
    CHECK_PTR(out, &out);
    check_error(path, words);
}

/* ---- a folder for one test ---------------------------------------------------------------- */

static char folder[64];

static void folder_make(void)
{
    (void)snprintf(folder, sizeof folder, "/tmp/connpt-loader-XXXXXX");
    if (mkdtemp(folder) == NULL)
        abort();
}

static const char *in_folder(const char *name)
{
    static char path[400];

    (void)snprintf(path, sizeof path, "%s/%s", folder, name);
    return path;
}

static void folder_remove(void)
{
    DIR *dir = opendir(folder);
    struct dirent *entry;

    while (dir != NULL && (entry = readdir(dir)) != NULL)
        if (entry->d_name[0] != '.' && unlink(in_folder(entry->d_name)) != 0)
            (void)rmdir(in_folder(entry->d_name));
    if (dir != NULL)
        (void)closedir(dir);
    (void)rmdir(folder);
}

static void file_write(const char *path, const void *bytes, size_t size)
{
    FILE *file = fopen(path, "wb");

    if (file == NULL || fwrite(bytes, 1, size, file) != size || fclose(file) != 0)
        abort();
}

/* The bytes of a file; free() them. */
static unsigned char *file_read(const char *path, size_t *ret_size)
{
    FILE *file = fopen(path, "rb");
    unsigned char *bytes = malloc(1 << 20);

    if (file == NULL || bytes == NULL)
        abort();
    *ret_size = fread(bytes, 1, 1 << 20, file);
    (void)fclose(file);
    return bytes;
}

/* ---- which file ---------------------------------------------------------------------------- */

static void path_with_a_slash_is_taken_as_it_is(void)
{
    char *file = NULL;

    if (CHECK_HR(connpt_module_resolve(PROBE, &file), S_OK))
        CHECK_STR(file, PROBE);
    CHECK_STR(connpt_module_error(), "");
    connpt_CoTaskMemFree(file);
}

static void path_with_a_slash_gets_no_suffix(void)
{
    char *file = NULL;

    CHECK_HR(connpt_module_resolve(PROBE_DIR "/probe", &file), CO_E_DLLNOTFOUND);
    CHECK_PTR(file, NULL);
    check_error(PROBE_DIR "/probe", "does not exist");
}

static void bare_name_is_looked_for_in_the_module_path(void)
{
    char *file = NULL;

    (void)setenv("CONNPT_MODULE_PATH", "/nowhere::" PROBE_DIR ":/nowhere/else", 1);
    if (CHECK_HR(connpt_module_resolve("probe.so", &file), S_OK))
        CHECK_STR(file, PROBE_DIR "/probe.so");
    connpt_CoTaskMemFree(file);
    file = NULL;
    if (CHECK_HR(connpt_module_resolve("probe", &file), S_OK))
        CHECK_STR(file, PROBE_DIR "/probe.so");
    connpt_CoTaskMemFree(file);
    (void)unsetenv("CONNPT_MODULE_PATH");
}

static void first_folder_of_the_module_path_wins(void)
{
    char path[256], *file = NULL;

    folder_make();
    file_write(in_folder("probe.so"), "", 0);
    (void)snprintf(path, sizeof path, "%s:%s", folder, PROBE_DIR);
    (void)setenv("CONNPT_MODULE_PATH", path, 1);
    if (CHECK_HR(connpt_module_resolve("probe", &file), S_OK))
        CHECK_STR(file, in_folder("probe.so"));
    connpt_CoTaskMemFree(file);
    (void)unsetenv("CONNPT_MODULE_PATH");
    folder_remove();
}

static void folder_of_the_bare_name_is_passed_over(void)
{
    char *file = NULL;

    folder_make();
    (void)mkdir(in_folder("thing"), 0700);
    file_write(in_folder("thing.so"), "", 0);
    (void)setenv("CONNPT_MODULE_PATH", folder, 1);
    if (CHECK_HR(connpt_module_resolve("thing", &file), S_OK))
        CHECK_STR(file, in_folder("thing.so"));
    connpt_CoTaskMemFree(file);
    (void)unsetenv("CONNPT_MODULE_PATH");
    folder_remove();
}

static void bare_name_is_never_taken_from_here_or_from_the_linker(void)
{
    char before[4096], *file = NULL;

    if (getcwd(before, sizeof before) == NULL || chdir(PROBE_DIR) != 0)
        return;
    (void)setenv("CONNPT_MODULE_PATH", ":", 1);
    CHECK_HR(connpt_module_resolve("probe.so", &file), CO_E_DLLNOTFOUND);
    CHECK_HR(connpt_module_resolve("libc.so.6", &file), CO_E_DLLNOTFOUND);
    check_error("libc.so.6", "CONNPT_MODULE_PATH");
    CHECK_PTR(file, NULL);
    (void)unsetenv("CONNPT_MODULE_PATH");
    CHECK(chdir(before) == 0);
}

static void empty_and_missing_paths_are_refused(void)
{
    void *out = &out;
    char *file = NULL;

    CHECK_HR(connpt_module_resolve(NULL, &file), E_POINTER);
    CHECK_HR(connpt_module_resolve(PROBE, NULL), E_POINTER);
    CHECK_HR(connpt_module_resolve("", &file), CO_E_DLLNOTFOUND);
    CHECK_HR(load(NULL, PROBE_HONEST, &out), E_POINTER);
    CHECK_HR(load(PROBE, PROBE_HONEST, NULL), E_POINTER);
    CHECK_HR(connpt_load_class_object(PROBE, NULL, &IID_IUnknown, &out), E_POINTER);
    CHECK_HR(connpt_create_instance(PROBE, NULL, &IID_IUnknown, &out), E_POINTER);
    CHECK_PTR(out, &out);
    CHECK(connpt_module_error()[0] != '\0');
}

/* ---- what a module answers ------------------------------------------------------------------ */

static void honest_module_gives_class_object_and_instance(void)
{
    CLSID clsid = probe_class(PROBE_HONEST);
    void *out = NULL;

    CHECK_HR(load(PROBE, PROBE_HONEST, &out), S_OK);
    CHECK(out != NULL || t_oom_hit());
    CHECK_STR(connpt_module_error(), "");
    out = NULL;
    CHECK_HR(connpt_create_instance(PROBE, &clsid, &IID_IUnknown, &out), S_OK);
    CHECK(out != NULL || t_oom_hit());
}

static void success_without_class_object_is_the_modules_fault(void)
{
    void *out = &out;

    CHECK_HR(load(PROBE, PROBE_EMPTY_CLASS_OBJECT, &out), CO_E_ERRORINDLL);
    CHECK_PTR(out, &out);
    check_error(PROBE, "without a class object");
}

static void success_without_instance_is_the_modules_fault(void)
{
    CLSID clsid = probe_class(PROBE_EMPTY_INSTANCE);
    void *out = &out;

    CHECK_HR(connpt_create_instance(PROBE, &clsid, &IID_IUnknown, &out), CO_E_ERRORINDLL);
    CHECK_PTR(out, &out);
    check_error(PROBE, "without an instance");
}

static void wild_pointer_of_a_failed_call_is_not_handed_on(void)
{
    CLSID clsid = probe_class(PROBE_LITTERING_INSTANCE);
    void *out = &out;

    CHECK_HR(connpt_create_instance(PROBE, &clsid, &IID_IUnknown, &out), E_NOINTERFACE);
    CHECK_PTR(out, &out);
    check_error(PROBE, "E_NOINTERFACE");
    CHECK_HR(load(PROBE, PROBE_REFUSING, &out), E_ACCESSDENIED);
    CHECK_PTR(out, &out);
    check_error(PROBE, "E_ACCESSDENIED");
    CHECK_HR(load(PROBE, PROBE_UNKNOWN, &out), CLASS_E_CLASSNOTAVAILABLE);
    CHECK_PTR(out, &out);
    check_error(PROBE, "{00000006-1234-4567-0807-060504030201}");
}

/* ---- what is not a module ---------------------------------------------------------------- */

static void files_that_are_no_modules_are_named_for_what_they_are(void)
{
    folder_make();
    check_refused(in_folder("missing.so"), CO_E_DLLNOTFOUND, "does not exist");
    check_refused(folder, CO_E_ERRORINDLL, "folder");
    file_write(in_folder("empty.so"), "", 0);
    check_refused(in_folder("empty.so"), CO_E_ERRORINDLL, "is empty");
    file_write(in_folder("text.so"), "This is not a module, it is a sentence.\n", 40);
    check_refused(in_folder("text.so"), CO_E_ERRORINDLL, "is not a shared library");
    check_refused(PROBE "/inside.so", CO_E_DLLNOTFOUND, "does not exist");
    folder_remove();
}

static void named_pipe_is_refused_without_waiting_for_its_writer(void)
{
    folder_make();
    if (CHECK_INT(mkfifo(in_folder("pipe.so"), 0600), 0))
        check_refused(in_folder("pipe.so"), CO_E_ERRORINDLL, "is not a file");
    folder_remove();
}

static void library_without_the_entry_point_is_refused(void)
{
    check_refused(PROBE_DIR "/no_entry.so", CO_E_ERRORINDLL, "does not export DllGetClassObject");
}

static void undefined_symbol_is_named(void)
{
    check_refused(PROBE_DIR "/unresolved.so", CO_E_ERRORINDLL, "connpt_test_is_defined_nowhere");
}

static void program_is_refused(void)
{
    check_refused("/proc/self/exe", CO_E_ERRORINDLL, "is a program");
}

static void module_for_another_machine_is_refused_by_its_name(void)
{
    size_t size;
    unsigned char *bytes = file_read(PROBE, &size);
    unsigned char *machine = bytes + 18; /* 16 bits, in the byte order of this machine */
    unsigned char *low = machine + (bytes[5] == 2 ? 1 : 0);

    folder_make();
    *low = *low == 183 ? 243 : 183; /* 183 is aarch64 and 243 RISC-V */
    file_write(in_folder("other.so"), bytes, size);
    check_refused(in_folder("other.so"), CO_E_ERRORINDLL,
                  *low == 183 ? "built for aarch64" : "built for RISC-V");
    machine[0] = machine[1] = 0xee;
    file_write(in_folder("other.so"), bytes, size);
    check_refused(in_folder("other.so"), CO_E_ERRORINDLL, "ELF machine 61166");
    folder_remove();
    free(bytes);
}

static void module_cut_off_at_any_length_is_refused_or_whole(void)
{
    size_t size, step;
    unsigned char *bytes = file_read(PROBE, &size);
    int n_refused = 0;

    folder_make();
    step = size / 29 + 1;
    for (size_t length = 0; length < size; length += length < 128 ? 17 : step) {
        char name[32];
        void *out = &out;
        HRESULT hr;

        (void)snprintf(name, sizeof name, "cut-%zu.so", length);
        file_write(in_folder(name), bytes, length);
        hr = load(in_folder(name), PROBE_HONEST, &out);
        if (SUCCEEDED(hr))
            continue; /* only the section headers were cut, which nobody loads */
        n_refused++;
        CHECK_HR(hr, CO_E_ERRORINDLL);
        check_error(in_folder(name), length == 0   ? "is empty"
                                     : length < 16 ? "is not a shared library"
                                                   : "is cut off");
    }
    CHECK(n_refused > 10);
    folder_remove();
    free(bytes);
}

/* Where the dynamic table begins in the file: behind it little may follow that is missed. */
static size_t dynamic_offset(const unsigned char *bytes)
{
    ElfW(Ehdr) header;

    memcpy(&header, bytes, sizeof header);
    for (unsigned i = 0; i < header.e_phnum; i++) {
        ElfW(Phdr) segment;

        memcpy(&segment, bytes + header.e_phoff + i * sizeof segment, sizeof segment);
        if (segment.p_type == PT_DYNAMIC)
            return (size_t)segment.p_offset;
    }
    abort();
}

static void module_whose_end_is_zeros_is_refused(void)
{
    size_t size;
    unsigned char *bytes = file_read(PROBE, &size);

    folder_make();
    for (size_t length = dynamic_offset(bytes); length >= 64; length -= length / 8) {
        char name[32];

        memset(bytes + length, 0, size - length);
        (void)snprintf(name, sizeof name, "zeros-%zu.so", length);
        file_write(in_folder(name), bytes, size);
        /* Without all of its headers it may be taken for something else. */
        check_refused(in_folder(name), CO_E_ERRORINDLL, length > 1024 ? "is damaged" : "");
    }
    folder_remove();
    free(bytes);
}

static void *fail_on_another_thread(void *unused)
{
    char *file = NULL;

    (void)unused;
    CHECK_HR(connpt_module_resolve("/nowhere/other.so", &file), CO_E_DLLNOTFOUND);
    check_error("/nowhere/other.so", "does not exist");
    return NULL;
}

static void error_belongs_to_the_thread_that_failed(void)
{
    char *file = NULL;
    pthread_t thread;

    CHECK_HR(connpt_module_resolve("/nowhere/mine.so", &file), CO_E_DLLNOTFOUND);
    if (pthread_create(&thread, NULL, fail_on_another_thread, NULL) != 0)
        return;
    (void)pthread_join(thread, NULL);
    check_error("/nowhere/mine.so", "does not exist");
}

static void the_folder_of_installed_modules_is_told(void)
{
    char *told = NULL;

    if (CHECK_HR(connpt_module_folder(&told), S_OK))
        CHECK(told[0] == '/' && strstr(told, "/connpt") != NULL);
    connpt_CoTaskMemFree(told);
    CHECK_HR(connpt_module_folder(NULL), E_POINTER);
}

int main(int argc, char **argv)
{
    static const struct t_test tests[] = {
        T(the_folder_of_installed_modules_is_told),
        T(path_with_a_slash_is_taken_as_it_is),
        T(path_with_a_slash_gets_no_suffix),
        T(bare_name_is_looked_for_in_the_module_path),
        T(first_folder_of_the_module_path_wins),
        T(folder_of_the_bare_name_is_passed_over),
        T(bare_name_is_never_taken_from_here_or_from_the_linker),
        T(empty_and_missing_paths_are_refused),
        T(honest_module_gives_class_object_and_instance),
        T(success_without_class_object_is_the_modules_fault),
        T(success_without_instance_is_the_modules_fault),
        T(wild_pointer_of_a_failed_call_is_not_handed_on),
        T(files_that_are_no_modules_are_named_for_what_they_are),
        T(named_pipe_is_refused_without_waiting_for_its_writer),
        T(library_without_the_entry_point_is_refused),
        T(undefined_symbol_is_named),
        T(program_is_refused),
        T(module_for_another_machine_is_refused_by_its_name),
        T(module_cut_off_at_any_length_is_refused_or_whole),
        T(module_whose_end_is_zeros_is_refused),
        T(error_belongs_to_the_thread_that_failed),
        T_END,
    };

    return t_run(argc, argv, tests);
}

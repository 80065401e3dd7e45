/* SPDX-License-Identifier: MIT */
/* load_test.c - where libraries come from: files, modules, and the libraries that they import */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "files.h"
#include "sample.h"

#define IN_DATA "../../fuzz/corpus/typelib/"
#define CORPUS TYPELIB_DATA "/" IN_DATA

static void check_refused(const char *path, HRESULT expected, const char *words)
{
    ITypeLib *library = NULL;

    CHECK_HR(connpt_typelib_load(path, &library), expected);
    CHECK_PTR(library, NULL);
    CHECK(strncmp(connpt_typelib_error(), path, strlen(path)) == 0);
    if (!CHECK(strstr(connpt_typelib_error(), words) != NULL))
        fprintf(stderr, "# %s\n", connpt_typelib_error());
}

static void what_is_no_library_is_refused_by_name(void)
{
    ITypeLib *library = NULL;

#ifdef _WIN32 /* the system has one code for all */
    check_refused("/nowhere/x.tlb", TYPE_E_CANTLOADLIBRARY, "Windows cannot load");
    check_refused(TYPELIB_DATA, TYPE_E_CANTLOADLIBRARY, "Windows cannot load");
    check_refused(TYPELIB_DATA "/sample.idl", TYPE_E_CANTLOADLIBRARY, "Windows cannot load");
    check_refused("x\xff", TYPE_E_CANTLOADLIBRARY, "not UTF-8");
#else
    check_refused("/nowhere/x.tlb", TYPE_E_CANTLOADLIBRARY, "No such file");
    check_refused(TYPELIB_DATA, TYPE_E_IOERROR, "regular file");
    check_refused(TYPELIB_DATA "/sample.idl", TYPE_E_CANTLOADLIBRARY, "not a type library");
#endif
    CHECK_HR(connpt_typelib_load(NULL, &library), E_POINTER);
    CHECK_HR(connpt_typelib_load("x", NULL), E_POINTER);
    CHECK_HR(connpt_typelib_from_memory(NULL, 0, NULL, &library), E_POINTER);
    library = sample_open("sample.tlb");
    if (library != NULL)
        CHECK_STR(connpt_typelib_error(), "");
    sample_close(library, NULL);
}

/* Closes it. */
static void check_name(ITypeLib *library, const char *name)
{
    BSTR text = NULL;

    if (library != NULL &&
        CHECK_HR(ITypeLib_GetDocumentation(library, -1, &text, NULL, NULL, NULL), S_OK))
        CHECK_TEXT(text, name);
    sample_close(library, NULL);
}

static void check_library(const char *path, const char *name)
{
    ITypeLib *library = NULL;

    CHECK_HR(connpt_typelib_load(path, &library), S_OK);
    check_name(library, name);
}

static void a_windows_module_holds_libraries_by_number(void)
{
#ifdef _WIN32
    static const char words[] = "Windows cannot load";
#else
    static const char words[] = "number 2";
#endif

    check_library(CORPUS "module.dll", "User");
    check_library(CORPUS "module.dll\\1", "User");
    check_refused(CORPUS "module.dll\\2", TYPE_E_CANTLOADLIBRARY, words);
    check_name(sample_open(IN_DATA "module.dll"), "User");
}

static void a_module_of_this_system_holds_one_in_a_section(void)
{
    check_name(sample_open(IN_DATA "module.so"), "User");
#ifdef EMBEDDED_MODULE
    check_library(EMBEDDED_MODULE, "Sample");
#endif
}

static void a_library_beside_a_module_belongs_to_it(void)
{
    static const char *const names[] = { "m.so.1", "m.tlb", "n.so", NULL };
    char folder[FILES_FOLDER_SIZE], path[FILES_PATH_SIZE];
    unsigned char elf[64] = { 0x7f, 'E', 'L', 'F', 2, 1, 1 };
    ITypeLib *library = NULL;

#ifdef _WIN32
    t_skip("the system does not look there");
    return;
#endif
    if (!files_make_folder(folder))
        return;
    if (files_write(folder, "m.so.1", elf, sizeof elf) &&
        files_write(folder, "n.so", elf, sizeof elf) && files_copy(folder, "sample.tlb", "m.tlb")) {
        (void)snprintf(path, sizeof path, "%s/m.so.1", folder);
        CHECK_HR(connpt_typelib_load(path, &library), S_OK);
        sample_close(library, NULL);
        (void)snprintf(path, sizeof path, "%s/n.so", folder);
        check_refused(path, TYPE_E_CANTLOADLIBRARY, "n.tlb");
    }
    files_remove_folder(folder, names);
}

/* ---- modules of other machines ----------------------------------------------------------- */

static void put(unsigned char *at, unsigned size, int is_big_endian, size_t value)
{
    for (unsigned i = 0; i < size; i++)
        at[is_big_endian ? size - 1 - i : i] =
            (unsigned char)(i < sizeof value ? value >> 8 * i : 0);
}

/* A module with nothing but @library in its section. free() it. */
static unsigned char *make_elf(int is_64, int is_big, const unsigned char *library, size_t size,
                               size_t *ret_size)
{
    static const char names[] = "\0.shstrtab\0.connpt.tlb";
    const unsigned word = is_64 ? 8 : 4, entry_size = 8 + 6 * word + 8;
    const size_t names_at = 64, table_at = 128, library_at = table_at + 3 * entry_size;
    const struct {
        size_t name, kind, at, size;
    } sections[] = { { 0, 0, 0, 0 },
                     { 1, 3, names_at, sizeof names },
                     { 11, 1, library_at, size } };
    unsigned char *elf = calloc(1, library_at + size);

    if (elf == NULL)
        abort();
    memcpy(elf, "\177ELF", 4);
    elf[4] = is_64 ? 2 : 1;
    elf[5] = is_big ? 2 : 1;
    put(elf + (is_64 ? 0x28 : 0x20), word, is_big, table_at);
    put(elf + (is_64 ? 0x3a : 0x2e), 2, is_big, entry_size);
    put(elf + (is_64 ? 0x3c : 0x30), 2, is_big, 3);
    put(elf + (is_64 ? 0x3e : 0x32), 2, is_big, 1);
    memcpy(elf + names_at, names, sizeof names);
    for (size_t i = 0; i < 3; i++) {
        unsigned char *section = elf + table_at + i * entry_size;

        put(section, 4, is_big, sections[i].name);
        put(section + 4, 4, is_big, sections[i].kind);
        put(section + 8 + 2 * word, word, is_big, sections[i].at);
        put(section + 8 + 3 * word, word, is_big, sections[i].size);
    }
    memcpy(elf + library_at, library, size);
    *ret_size = library_at + size;
    return elf;
}

static void a_module_of_any_machine_is_read(void)
{
    static const char *const names[] = { "m.so", NULL };
    char folder[FILES_FOLDER_SIZE], path[FILES_PATH_SIZE];
    size_t library_size = 0;
    unsigned char *bytes = sample_bytes("sample.tlb", &library_size);

    if (!files_make_folder(folder) || bytes == NULL)
        return;
    (void)snprintf(path, sizeof path, "%s/m.so", folder);
    for (int kind = 0; kind < 4; kind++) {
        ITypeLib *library = NULL;
        size_t size = 0;
        unsigned char *elf = make_elf(kind & 1, kind >> 1, bytes, library_size, &size);

        CHECK_HR(connpt_typelib_from_memory(elf, size, NULL, &library), S_OK);
        sample_close(library, NULL);
        library = NULL;
#ifndef _WIN32 /* there the system reads files, and knows only its own kind */
        if (files_write(folder, "m.so", elf, size))
            CHECK_HR(connpt_typelib_load(path, &library), S_OK);
        sample_close(library, NULL);
#endif
        free(elf);
    }
    free(bytes);
    files_remove_folder(folder, names);
}

/* A section table, or a section, that cannot be: nothing is read and no memory asked for. */
static void what_a_hostile_table_of_sections_says_is_not_believed(void)
{
    static const struct {
        const char *what;
        size_t at, size;
        uint64_t value;
    } lies[] = {
        { "table past the end", 0x28, 8, 0x100000000u },
        { "table whose end wraps", 0x28, 8, UINT64_MAX - 63 },
        { "entries of no size", 0x3a, 2, 0 },
        { "entries of 64 KiB", 0x3a, 2, 0xffff },
        { "no sections", 0x3c, 2, 0 },
        { "names in a section that is none", 0x3e, 2, 0xffff },
        { "names in a section without bytes", 0x3e, 2, 0 },
        { "names past the end", 128 + 64 + 0x18, 8, 0x7fffffffffffffffu },
        { "names whose end wraps", 128 + 64 + 0x20, 8, UINT64_MAX },
        { "a name past the names", 128 + 128, 4, 0xffffffffu },
        { "library past the end", 128 + 128 + 0x18, 8, UINT64_MAX },
        { "library of all memory", 128 + 128 + 0x20, 8, UINT64_MAX },
        { "library one byte too long", 128 + 128 + 0x20, 8, 0 }, /* the true size and 1 */
    };
    static const char *const names[] = { "m.so", NULL };
    char folder[FILES_FOLDER_SIZE], path[FILES_PATH_SIZE];
    size_t library_size = 0;
    unsigned char *bytes = sample_bytes("sample.tlb", &library_size);

    if (!files_make_folder(folder) || bytes == NULL)
        return;
    (void)snprintf(path, sizeof path, "%s/m.so", folder);
    for (size_t i = 0; i < sizeof lies / sizeof lies[0]; i++) {
        uint64_t value = lies[i].value != 0 || i + 1 < sizeof lies / sizeof lies[0]
                             ? lies[i].value
                             : library_size + 1;
        ITypeLib *library = NULL;
        size_t size = 0;
        unsigned char *elf = make_elf(1, 0, bytes, library_size, &size);

        for (unsigned n = 0; n < lies[i].size; n++)
            elf[lies[i].at + n] = (unsigned char)(value >> 8 * n);
        if (!CHECK_HR(connpt_typelib_from_memory(elf, size, NULL, &library),
                      TYPE_E_CANTLOADLIBRARY))
            fprintf(stderr, "# in memory: %s\n", lies[i].what);
#ifndef _WIN32 /* there the system reads files */
        if (files_write(folder, "m.so", elf, size) &&
            !CHECK_HR(connpt_typelib_load(path, &library), TYPE_E_CANTLOADLIBRARY))
            fprintf(stderr, "# in a file: %s\n", lies[i].what);
#endif
        sample_close(library, NULL);
        free(elf);
    }
    free(bytes);
    files_remove_folder(folder, names);
}

static void of_a_large_module_only_the_library_is_read(void)
{
#ifdef _WIN32
    t_skip("there the system reads files");
#else
    static const char *const names[] = { "m.so", NULL };
    char folder[FILES_FOLDER_SIZE], path[FILES_PATH_SIZE];
    size_t library_size = 0, size = 0;
    unsigned char *bytes = sample_bytes("sample.tlb", &library_size), *elf;
    ITypeLib *library = NULL;

    if (!files_make_folder(folder) || bytes == NULL)
        return;
    (void)snprintf(path, sizeof path, "%s/m.so", folder);
    elf = make_elf(1, 0, bytes, library_size, &size);
    /* A hole of more than is ever read whole; another of the kind makes the section too large. */
    if (files_write(folder, "m.so", elf, size) && files_lengthen(path, (int64_t)3 << 30)) {
        CHECK_HR(connpt_typelib_load(path, &library), S_OK);
        sample_close(library, NULL);
        library = NULL;
        put(elf + 128 + 128 + 0x20, 8, 0, 0x80000000u);
        if (files_write(folder, "m.so", elf, size) && files_lengthen(path, (int64_t)3 << 30))
            check_refused(path, TYPE_E_INVDATAREAD, "2 GiB");
    }
    free(elf);
    free(bytes);
    files_remove_folder(folder, names);
#endif
}

/* ---- imports ----------------------------------------------------------------------------- */

/* Follows the first parameter of IUser::Use, which is sample.tlb's IPart. */
static HRESULT follow_import(ITypeLib *library)
{
    ITypeInfo *user = sample_type(library, 0), *part = NULL;
    FUNCDESC *desc = NULL;
    HRESULT hr = E_FAIL;

    if (user != NULL && CHECK_HR(ITypeInfo_GetFuncDesc(user, 0, &desc), S_OK)) {
        hr = ITypeInfo_GetRefTypeInfo(user, desc->lprgelemdescParam[0].tdesc.lptdesc->hreftype,
                                      &part);
        CHECK(SUCCEEDED(hr) == (part != NULL));
        if (part != NULL)
            ITypeInfo_Release(part);
        ITypeInfo_ReleaseFuncDesc(user, desc);
    }
    sample_close(NULL, user);
    return hr;
}

static ITypeLib *open_user_from_memory(const char *folder)
{
    size_t size = 0;
    unsigned char *bytes = sample_bytes("user.tlb", &size);
    ITypeLib *library = NULL;

    if (bytes != NULL)
        CHECK_HR(connpt_typelib_from_memory(bytes, size, folder, &library), S_OK);
    free(bytes);
    return library;
}

static void an_import_is_found_in_the_same_folder(void)
{
    ITypeLib *library = sample_open("user.tlb");

    if (library != NULL)
        CHECK_HR(follow_import(library), S_OK);
    sample_close(library, NULL);
    library = open_user_from_memory(TYPELIB_DATA);
    if (library != NULL)
        CHECK_HR(follow_import(library), S_OK);
    sample_close(library, NULL);
}

static void an_import_that_is_nowhere_spoils_only_what_needs_it(void)
{
    ITypeLib *library = open_user_from_memory(NULL);

    if (library != NULL)
        CHECK_HR(follow_import(library), TYPE_E_CANTLOADLIBRARY);
    sample_close(library, NULL);
}

static void an_import_is_found_among_the_loaded_libraries(void)
{
    ITypeLib *sample = sample_open("sample.tlb"), *library = open_user_from_memory(NULL);

    if (library != NULL && sample != NULL) {
        CHECK_HR(follow_import(library), S_OK);
        CHECK_INT(ITypeLib_Release(sample), 0);
        sample = NULL;
        CHECK_HR(follow_import(library), TYPE_E_CANTLOADLIBRARY);
    }
    sample_close(sample, NULL);
    sample_close(library, NULL);
}

static void an_import_is_found_by_the_search_path(void)
{
    ITypeLib *library = open_user_from_memory(NULL);

    if (library != NULL) {
        files_set_variable("CONNPT_TYPELIB_PATH", TYPELIB_DATA);
        CHECK_HR(follow_import(library), S_OK);
        files_set_variable("CONNPT_TYPELIB_PATH",
                           "/nowhere" FILES_SEPARATOR FILES_SEPARATOR TYPELIB_DATA);
        CHECK_HR(follow_import(library), S_OK);
        files_set_variable("CONNPT_TYPELIB_PATH", NULL);
        CHECK_HR(follow_import(library), TYPE_E_CANTLOADLIBRARY);
    }
    sample_close(library, NULL);
}

/* sample.tlb, of the same version but with another identifier. */
static int write_stranger(const char *folder)
{
    static const unsigned char libid[] = { 0x00, 0x0a, 0x1f, 0x5e, 0x4c, 0x3b };
    size_t size = 0, at = 0;
    unsigned char *bytes = sample_bytes("sample.tlb", &size);
    int written = 0;

    while (bytes != NULL && at + sizeof libid < size &&
           memcmp(bytes + at, libid, sizeof libid) != 0)
        at++;
    if (bytes != NULL && CHECK(at + sizeof libid < size)) {
        bytes[at] = 0x77;
        written = files_write(folder, "sample.tlb", bytes, size);
    }
    free(bytes);
    return written;
}

static void a_file_of_the_right_name_must_be_the_right_library(void)
{
    static const char *const names[] = { "sample.tlb", NULL };
    char folder[FILES_FOLDER_SIZE];
    ITypeLib *library;

    if (!files_make_folder(folder))
        return;
    library = open_user_from_memory(folder);
    if (library != NULL && files_copy(folder, "user.tlb", "sample.tlb"))
        CHECK_HR(follow_import(library), TYPE_E_CANTLOADLIBRARY);
    if (library != NULL && write_stranger(folder))
        CHECK_HR(follow_import(library), TYPE_E_CANTLOADLIBRARY);
    sample_close(library, NULL);
    files_remove_folder(folder, names);
}

int main(int argc, char **argv)
{
    static const struct t_test tests[] = {
        T(what_is_no_library_is_refused_by_name),
        T(a_windows_module_holds_libraries_by_number),
        T(a_module_of_this_system_holds_one_in_a_section),
        T(a_library_beside_a_module_belongs_to_it),
        T(a_module_of_any_machine_is_read),
        T(what_a_hostile_table_of_sections_says_is_not_believed),
        T(of_a_large_module_only_the_library_is_read),
        T(an_import_is_found_in_the_same_folder),
        T(an_import_that_is_nowhere_spoils_only_what_needs_it),
        T(an_import_is_found_among_the_loaded_libraries),
        T(an_import_is_found_by_the_search_path),
        T(a_file_of_the_right_name_must_be_the_right_library),
        T_END,
    };

    return t_run(argc, argv, tests);
}

/* SPDX-License-Identifier: MIT */
/* loader/class_test.c - a module's classes by their names. DATA_DIR has two.tlb and none.tlb. */
#include <stdio.h>
#include <string.h>

#include <connpt/guid.h>
#include <connpt/module.h>

#include "t.h"

static const CLSID CLSID_Bell = {
    0x2f6f0a12, 0x7d7c, 0x4f3e, { 0x9a, 0x61, 0x0d, 0x5c, 0x3c, 0x1b, 0x7e, 0x01 }
};
static const CLSID CLSID_Clock = {
    0x2f6f0a13, 0x7d7c, 0x4f3e, { 0x9a, 0x61, 0x0d, 0x5c, 0x3c, 0x1b, 0x7e, 0x01 }
};

static void check_found(const char *name, const CLSID *expected)
{
    CLSID clsid = { 0, 0, 0, { 0 } };

    if (CHECK_HR(connpt_module_find_class(DATA_DIR "/two.tlb", name, &clsid), S_OK))
        CHECK(connpt_guid_equal(&clsid, expected));
}

static void check_refused(const char *file, const char *name, HRESULT expected, const char *words)
{
    CLSID clsid = { 7, 0, 0, { 0 } };

    CHECK_HR(connpt_module_find_class(file, name, &clsid), expected);
    CHECK_INT(clsid.Data1, 7);
    if ((!CHECK(strstr(connpt_module_error(), file) != NULL) ||
         !CHECK(strstr(connpt_module_error(), words) != NULL)) &&
        !t_oom_hit())
        fprintf(stderr, "# the error was: %s\n", connpt_module_error());
}

static void class_is_found_by_its_name_in_any_case(void)
{
    check_found("Bell", &CLSID_Bell);
    check_found("Clock", &CLSID_Clock);
    check_found("cLOCK", &CLSID_Clock);
}

static void name_is_needed_when_there_are_several(void)
{
    check_refused(DATA_DIR "/two.tlb", NULL, TYPE_E_ELEMENTNOTFOUND,
                  "name one of them: Bell, Clock");
    check_refused(DATA_DIR "/two.tlb", "", TYPE_E_ELEMENTNOTFOUND, "name one of them: Bell, Clock");
}

static void name_that_is_not_there_gets_those_that_are(void)
{
    check_refused(DATA_DIR "/two.tlb", "Clocks", TYPE_E_ELEMENTNOTFOUND, "it has: Bell, Clock");
    check_refused(DATA_DIR "/two.tlb", "Clo", TYPE_E_ELEMENTNOTFOUND, "no class Clo;");
    check_refused(DATA_DIR "/two.tlb", "IBell", TYPE_E_ELEMENTNOTFOUND, "no class IBell;");
}

static void library_without_classes_says_so(void)
{
    check_refused(DATA_DIR "/none.tlb", NULL, TYPE_E_ELEMENTNOTFOUND, "declares no class");
    check_refused(DATA_DIR "/none.tlb", "Bell", TYPE_E_ELEMENTNOTFOUND, "declares no class");
}

static void module_without_type_library_is_named(void)
{
    CLSID clsid;

    check_refused(DATA_DIR "/two.idl", NULL, TYPE_E_CANTLOADLIBRARY, "two.idl");
    check_refused(DATA_DIR "/missing.so", NULL, CO_E_DLLNOTFOUND, "does not exist");
    CHECK_HR(connpt_module_find_class(DATA_DIR "/two.tlb", "Bell", NULL), E_POINTER);
    CHECK_HR(connpt_module_find_class(NULL, "Bell", &clsid), E_POINTER);
}

int main(int argc, char **argv)
{
    static const struct t_test tests[] = {
        T(class_is_found_by_its_name_in_any_case),     T(name_is_needed_when_there_are_several),
        T(name_that_is_not_there_gets_those_that_are), T(library_without_classes_says_so),
        T(module_without_type_library_is_named),       T_END,
    };

    return t_run(argc, argv, tests);
}

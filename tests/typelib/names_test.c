/* SPDX-License-Identifier: MIT */
/* names_test.c - from ids to names and back, and the help texts of members */
#include <string.h>

#include "sample.h"

enum { MAX_NAMES = 8 };

/* The first words of `expected` are the names that GetNames gives; NULL ends them. */
static void check_names(ITypeInfo *info, MEMBERID id, const char *const *expected)
{
    BSTR names[MAX_NAMES];
    UINT n = 0;

    if (info == NULL || !CHECK_HR(ITypeInfo_GetNames(info, id, names, MAX_NAMES, &n), S_OK))
        return;
    for (UINT i = 0; i < n; i++) {
        if (!CHECK(expected[i] != NULL))
            n = i;
        else
            CHECK_TEXT(names[i], expected[i]);
    }
    CHECK_PTR(expected[n], NULL);
}

static void a_function_names_itself_and_its_parameters(void)
{
    static const char *const turned[] = { "Turned", "degrees", "by", NULL };
    ITypeLib *library = sample_open("sample.tlb");
    ITypeInfo *info = sample_type(library, SAMPLE_DPARTEVENTS);

    check_names(info, 1, turned);
    sample_close(library, info);
}

static void each_side_of_a_dual_names_the_parameters_it_shows(void)
{
    static const char *const as_dispatch[] = { "Describe", NULL };
    static const char *const as_interface[] = { "Describe", "locale", "text", NULL };
    ITypeLib *library = sample_open("sample.tlb");
    ITypeInfo *info = sample_type(library, SAMPLE_IPART), *side = NULL;

    check_names(info, 3, as_dispatch);
    if (info != NULL && CHECK_HR(ITypeInfo_GetRefTypeInfo(info, (HREFTYPE)-2, &side), S_OK))
        check_names(side, 3, as_interface);
    sample_close(NULL, side);
    sample_close(library, info);
}

static void the_first_accessor_names_a_property(void)
{
    static const char *const weight[] = { "Weight", NULL };
    ITypeLib *library = sample_open("sample.tlb");
    ITypeInfo *info = sample_type(library, SAMPLE_IPART);

    check_names(info, 1, weight);
    sample_close(library, info);
}

static void variables_and_constants_have_names(void)
{
    static const char *const total[] = { "Total", NULL };
    static const char *const screw[] = { "Kind_Screw", NULL };
    ITypeLib *library = sample_open("sample.tlb");
    ITypeInfo *events = sample_type(library, SAMPLE_DPARTEVENTS),
              *kind = sample_type(library, SAMPLE_KIND);

    check_names(events, 30, total);
    check_names(kind, 0x40000001, screw);
    sample_close(NULL, kind);
    sample_close(library, events);
}

static void inherited_members_are_found_in_the_base(void)
{
    static const char *const turn[] = { "Turn", "degrees", "speed", "reason", NULL };
    static const char *const release[] = { "Release", NULL };
    ITypeLib *library = sample_open("sample.tlb");
    ITypeInfo *part2 = sample_type(library, SAMPLE_IPART2),
              *build = sample_type(library, SAMPLE_IBUILD);

    check_names(part2, 2, turn);
    check_names(part2, 0x60000002, release);
    check_names(build, 2, turn);
    sample_close(NULL, build);
    sample_close(library, part2);
}

static void no_more_names_than_there_is_room_for(void)
{
    ITypeLib *library = sample_open("sample.tlb");
    ITypeInfo *info = sample_type(library, SAMPLE_IPART);
    BSTR names[2] = { NULL, NULL };
    UINT n = 9;

    if (info != NULL && CHECK_HR(ITypeInfo_GetNames(info, 2, names, 2, &n), S_OK)) {
        CHECK_INT(n, 2);
        CHECK_TEXT(names[0], "Turn");
        CHECK_TEXT(names[1], "degrees");
    }
    if (info != NULL) {
        CHECK_HR(ITypeInfo_GetNames(info, 2, names, 0, &n), S_OK);
        CHECK_INT(n, 0);
        CHECK_HR(ITypeInfo_GetNames(info, 77, names, 2, &n), TYPE_E_ELEMENTNOTFOUND);
        CHECK_INT(n, 0);
        SAMPLE_CHECK_CLEARED(names[0]);
    }
    sample_close(library, info);
}

static void names_lead_to_ids_in_any_case(void)
{
    OLECHAR turn[] = { 't', 'U', 'R', 'N', 0 }, speed[] = { 'S', 'p', 'e', 'e', 'd', 0 };
    OLECHAR degrees[] = { 'd', 'e', 'g', 'r', 'e', 'e', 's', 0 };
    OLECHAR *names[] = { turn, speed, degrees };
    MEMBERID ids[3] = { 0 };
    ITypeLib *library = sample_open("sample.tlb");
    ITypeInfo *info = sample_type(library, SAMPLE_IPART2);

    if (info != NULL) {
        CHECK_HR(ITypeInfo_GetIDsOfNames(info, names, 3, ids), S_OK);
        CHECK_INT(ids[0], 2);
        CHECK_INT(ids[1], 1);
        CHECK_INT(ids[2], 0);
    }
    sample_close(library, info);
}

static void an_unknown_name_is_told(void)
{
    OLECHAR turn[] = { 'T', 'u', 'r', 'n', 0 }, other[] = { 'x', 0 };
    OLECHAR speed[] = { 's', 'p', 'e', 'e', 'd', 0 };
    OLECHAR *unknown_param[] = { turn, other, speed }, *unknown[] = { other, speed };
    MEMBERID ids[3] = { 0 };
    ITypeLib *library = sample_open("sample.tlb");
    ITypeInfo *info = sample_type(library, SAMPLE_IPART);

    if (info != NULL) {
        CHECK_HR(ITypeInfo_GetIDsOfNames(info, unknown_param, 3, ids), DISP_E_UNKNOWNNAME);
        CHECK_INT(ids[0], 2);
        CHECK_INT(ids[1], MEMBERID_NIL);
        CHECK_INT(ids[2], 1);
        CHECK_HR(ITypeInfo_GetIDsOfNames(info, unknown, 2, ids), DISP_E_UNKNOWNNAME);
        CHECK_INT(ids[0], MEMBERID_NIL);
        CHECK_INT(ids[1], MEMBERID_NIL);
        CHECK_HR(ITypeInfo_GetIDsOfNames(info, unknown, 0, ids),
                 sample_by_system() ? DISP_E_UNKNOWNNAME : E_INVALIDARG);
    }
    sample_close(library, info);
}

static void a_lcid_or_retval_is_no_parameter_of_the_dispatch_side(void)
{
    OLECHAR describe[] = { 'D', 'e', 's', 'c', 'r', 'i', 'b', 'e', 0 };
    OLECHAR text[] = { 't', 'e', 'x', 't', 0 };
    OLECHAR *names[] = { describe, text };
    MEMBERID ids[2] = { 0 };
    ITypeLib *library = sample_open("sample.tlb");
    ITypeInfo *info = sample_type(library, SAMPLE_IPART), *side = NULL;

    if (info != NULL) {
        /* Wine finds it there, though its GetNames does not show it. */
        CHECK_HR(ITypeInfo_GetIDsOfNames(info, names, 2, ids),
                 sample_by_system() ? S_OK : DISP_E_UNKNOWNNAME);
        if (CHECK_HR(ITypeInfo_GetRefTypeInfo(info, (HREFTYPE)-2, &side), S_OK)) {
            CHECK_HR(ITypeInfo_GetIDsOfNames(side, names, 2, ids), S_OK);
            CHECK_INT(ids[1], 1);
        }
    }
    sample_close(NULL, side);
    sample_close(library, info);
}

static void members_have_help(void)
{
    ITypeLib *library = sample_open("sample.tlb");
    ITypeInfo *info = sample_type(library, SAMPLE_IPART2);
    BSTR name = NULL, docstring = NULL, help_file = NULL;
    DWORD help_context = 0;

    if (info != NULL &&
        CHECK_HR(ITypeInfo_GetDocumentation(info, 1, &name, &docstring, &help_context, &help_file),
                 S_OK)) {
        CHECK_TEXT(name, "Weight");
        CHECK_TEXT(docstring, "What it weighs");
        CHECK_INT(help_context, 13);
        CHECK_TEXT(help_file, "sample.hlp");
    }
    if (info != NULL &&
        CHECK_HR(ITypeInfo_GetDocumentation(info, 20, &name, &docstring, NULL, NULL), S_OK)) {
        CHECK_TEXT(name, "Polish");
        CHECK_PTR(docstring, NULL);
    }
    if (info != NULL) {
        name = docstring = (BSTR)(void *)info;
        CHECK_HR(ITypeInfo_GetDocumentation(info, 999, &name, &docstring, NULL, NULL),
                 TYPE_E_ELEMENTNOTFOUND);
        SAMPLE_CHECK_CLEARED(name);
        SAMPLE_CHECK_CLEARED(docstring);
    }
    sample_close(library, info);
}

int main(int argc, char **argv)
{
    static const struct t_test tests[] = {
        T(a_function_names_itself_and_its_parameters),
        T(each_side_of_a_dual_names_the_parameters_it_shows),
        T(the_first_accessor_names_a_property),
        T(variables_and_constants_have_names),
        T(inherited_members_are_found_in_the_base),
        T(no_more_names_than_there_is_room_for),
        T(names_lead_to_ids_in_any_case),
        T(an_unknown_name_is_told),
        T(a_lcid_or_retval_is_no_parameter_of_the_dispatch_side),
        T(members_have_help),
        T_END,
    };

    return t_run(argc, argv, tests);
}

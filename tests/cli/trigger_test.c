/* SPDX-License-Identifier: MIT */
/* cli/trigger_test.c - how a type library says what fires: ticker.tlb, with other texts in it */
#include "trigger.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <connpt/typelib.h>

#include "t.h"

static const char declared[] = "Ticker.Tick 12.5"; /* as idl/ticker.idl has it */
enum { LENGTH = sizeof declared - 1 };

/* The library's file, with @text, of the same length, instead of what is declared. */
static ITypeLib *library_with(const char *text)
{
    static char image[16384];
    FILE *file = fopen(TICKER_TLB, "rb");
    size_t size = file != NULL ? fread(image, 1, sizeof image, file) : 0;
    ITypeLib *library = NULL;
    unsigned n_found = 0;

    if (file != NULL)
        (void)fclose(file);
    for (size_t i = 0; i + LENGTH <= size; i++) {
        if (memcmp(image + i, declared, LENGTH) == 0) {
            memcpy(image + i, text, LENGTH);
            n_found++;
        }
    }
    CHECK_INT(strlen(text), LENGTH);
    CHECK_INT(n_found, 1);
    CHECK_HR(connpt_typelib_from_memory(image, size, NULL, &library), S_OK);
    return library;
}

/* "member|=|word|word" for a class; "" nothing; "wrong". */
static const char *trigger_of(const char *text, const char *target_text)
{
    static char line[256];
    ITypeLib *library = library_with(text);
    struct trigger trigger;
    struct target target;
    int length;

    if (library == NULL || !CHECK_INT(target_parse(target_text, &target), CLI_OK))
        return "no library";
    line[0] = '\0';
    if (trigger_find(library, &target, &trigger) != CLI_OK) {
        (void)snprintf(line, sizeof line, "wrong");
    } else if (trigger.member != NULL) {
        length = snprintf(line, sizeof line, "%s%s", trigger.member, trigger.is_put ? "|=" : "");
        for (int i = 0; i < trigger.n_words; i++)
            length +=
                snprintf(line + length, sizeof line - (size_t)length, "|%s", trigger.words[i]);
        trigger_fini(&trigger);
    }
    target_fini(&target);
    ITypeLib_Release(library);
    return line;
}

static void a_library_names_a_method_and_its_arguments(void)
{
    CHECK_STR(trigger_of(declared, "mod:x#Ticker"), "Tick|12.5");
    CHECK_STR(trigger_of(declared, "mod:x"), "Tick|12.5");
    CHECK_STR(trigger_of(declared, "mod:x#{5B1D4A2B-846E-4106-BCEE-6A7BE3C86D5B}"), "Tick|12.5");
    CHECK_STR(trigger_of("Tick   1   2 3  ", "mod:x#Other"), "Tick|1|2|3");
}

static void a_trigger_is_for_its_class_only(void)
{
    CHECK_STR(trigger_of(declared, "mod:x#Clock"), "");
    CHECK_STR(trigger_of(declared, "mod:x#{00000000-846E-4106-BCEE-6A7BE3C86D5B}"), "Tick|12.5");
    CHECK_STR(trigger_of("A.B 1; C.D 2;   ", "mod:x#C"), "D|2");
    CHECK_STR(trigger_of("A.B 1;C.D;E.F 3 ", "mod:x#C"), "D");
}

static void a_trigger_without_a_class_is_for_those_that_have_none(void)
{
    CHECK_STR(trigger_of("Go 7; C.D 2;    ", "mod:x#C"), "D|2");
    CHECK_STR(trigger_of("C.D 2; Go 7;    ", "mod:x#E"), "Go|7");
}

static void an_argument_may_stand_in_quotes(void)
{
    CHECK_STR(trigger_of("Say \"a b;c\" \"\" d", "mod:x#E"), "Say|a b;c||d");
}

static void a_property_is_written(void)
{
    CHECK_STR(trigger_of("Ticker.sym = ABC", "mod:x#Ticker"), "sym|=|ABC");
}

static void what_cannot_be_understood_is_refused(void)
{
    CHECK_STR(trigger_of("Say \"without end", "mod:x#E"), "wrong");
    CHECK_STR(trigger_of("; Go 1          ", "mod:x#E"), "wrong");
    CHECK_STR(trigger_of("                ", "mod:x#E"), "");
}

static void a_library_without_such_a_text_declares_nothing(void)
{
    static const GUID nobodys = { 1, 2, 3, { 4 } };
    ITypeLib *library = library_with(declared);
    BSTR text = NULL;

    if (library == NULL)
        return;
    CHECK_HR(connpt_typelib_custom(library, &nobodys, &text), S_FALSE);
    CHECK(text == NULL);
    ITypeLib_Release(library);
}

int main(int argc, char **argv)
{
    static const struct t_test tests[] = {
        T(a_library_names_a_method_and_its_arguments),
        T(a_trigger_is_for_its_class_only),
        T(a_trigger_without_a_class_is_for_those_that_have_none),
        T(an_argument_may_stand_in_quotes),
        T(a_property_is_written),
        T(what_cannot_be_understood_is_refused),
        T(a_library_without_such_a_text_declares_nothing),
        T_END,
    };

    return t_run(argc, argv, tests);
}

/* SPDX-License-Identifier: MIT */
/* cli/match_test.c - what `--match` takes for true, and which column it blames */
#include "match.h"

#include <string.h>

#include <connpt/automation.h>

#include "t.h"

/* Created(path="./spool/a.conf", dir=false, size=42), arguments last first. */
static int is_true(const char *expression)
{
    static const char *const names[] = { "path", "dir", "size", "missing" };
    VARIANT args[3] = { connpt_variant_i4(42), connpt_variant_bool(0), connpt_variant_i4(0) };
    DISPPARAMS params = { args, NULL, 3, 0 };
    struct match_event event = { "Created", "DFileEvents", names, 4, &params };
    unsigned column;
    const char *error;
    struct match *match = match_parse(expression, &column, &error);
    BSTR path;
    int result;

    if (match == NULL || FAILED(connpt_bstr_from_utf8("./spool/a.conf", (size_t)-1, &path))) {
        match_free(match);
        return -1;
    }
    V_VT(&args[2]) = VT_BSTR;
    V_BSTR(&args[2]) = path;
    result = match_test(match, &event);
    connpt_SysFreeString(path);
    match_free(match);
    return result;
}

static int error_column(const char *expression)
{
    unsigned column = 0;
    const char *error = NULL;
    struct match *match = match_parse(expression, &column, &error);

    CHECK((match == NULL) == (error != NULL));
    match_free(match);
    return match == NULL ? (int)column : 0;
}

static void comparisons_know_texts_numbers_and_truth(void)
{
    CHECK_INT(is_true("path == \"./spool/a.conf\""), 1);
    CHECK_INT(is_true("path != \"./spool/a.conf\""), 0);
    CHECK_INT(is_true("path<\"0\""), 1);
    CHECK_INT(is_true("size>=42 && size<=42"), 1);
    CHECK_INT(is_true("size > 42.5"), 0);
    CHECK_INT(is_true("dir == false"), 1);
    CHECK_INT(is_true("dir == true"), 0);
    CHECK_INT(is_true("PATH ~ \"spool\""), 1);
}

static void no_order_holds_for_what_is_no_number(void)
{
    const double zero = 0.0;
    const char *const names[] = { "price" };
    VARIANT price = connpt_variant_r8(zero / zero);
    DISPPARAMS params = { &price, NULL, 1, 0 };
    struct match_event event = { "OnTick", "DTickerEvents", names, 1, &params };
    const char *const expressions[] = { "price == 5", "price < 5", "price >= 5", "price != 5" };

    for (int i = 0; i < 4; i++) {
        unsigned column;
        const char *error;
        struct match *match = match_parse(expressions[i], &column, &error);

        CHECK_INT(match_test(match, &event), i == 3);
        match_free(match);
    }
}

static void a_tilde_is_a_part_or_a_glob(void)
{
    CHECK_INT(is_true("path ~ \"a.c\""), 1);
    CHECK_INT(is_true("path ~ \"a-c\""), 0);
    CHECK_INT(is_true("path ~ \"*.conf\""), 1);
    CHECK_INT(is_true("path ~ \"*.con\""), 0);
    CHECK_INT(is_true("path ~ \"./spool/?.[a-c]onf\""), 1);
    CHECK_INT(is_true("path ~ \"*[!c]onf\""), 0);
    CHECK_INT(is_true("path ~ \"*\""), 1);
    CHECK_INT(is_true("path ~ \"*[\""), 0);
    CHECK_INT(is_true("path ~ \"\""), 1);
}

static void and_binds_closer_than_or(void)
{
    CHECK_INT(is_true("size==42 || size==1 && size==2"), 1);
    CHECK_INT(is_true("(size==42 || size==1) && size==2"), 0);
    CHECK_INT(is_true("!size==1 && !(size==2)"), 1);
}

static void the_event_and_its_interface_have_names(void)
{
    CHECK_INT(is_true("event == \"Created\""), 1);
    CHECK_INT(is_true("interface ~ \"D*Events\""), 1);
}

static void what_cannot_be_compared_is_false(void)
{
    CHECK_INT(is_true("nothing == 1"), 0);
    CHECK_INT(is_true("nothing != 1"), 0);
    CHECK_INT(is_true("missing != 1"), 0);
    CHECK_INT(is_true("path != 1"), 0);
    CHECK_INT(is_true("size == \"42\""), 0);
    CHECK_INT(is_true("size == null"), 0);
}

static void texts_may_hold_quotes(void)
{
    CHECK_INT(is_true("path == \"a\\\"b\\\\\""), 0);
    CHECK_INT(error_column("path == \"a\\\"b\\\\\""), 0);
}

static void mistakes_are_found_in_their_column(void)
{
    CHECK_INT(error_column(""), 1);
    CHECK_INT(error_column("path"), 5);
    CHECK_INT(error_column("path = 1"), 6);
    CHECK_INT(error_column("path == "), 9);
    CHECK_INT(error_column("path == 'x'"), 9);
    CHECK_INT(error_column("path == \"x"), 11);
    CHECK_INT(error_column("path == 1 dir"), 11);
    CHECK_INT(error_column("path == 1 &&"), 13);
    CHECK_INT(error_column("(path == 1"), 11);
    CHECK_INT(error_column("path ~ 5"), 6);
    CHECK_INT(error_column("1 == path"), 1);
    CHECK_INT(error_column("path == nan"), 9);
}

/* "a==1||a==1||...": @n comparisons. */
static const char *row_of(int n)
{
    static char row[6 * 1500 + 1];

    for (int i = 0; i < n; i++)
        memcpy(row + 6 * i, "a==1||", 6);
    row[6 * n - 2] = '\0';
    return row;
}

static void depth_has_an_end(void)
{
    char deep[300];

    for (size_t i = 0; i < sizeof(deep) - 1; i++)
        deep[i] = '(';
    deep[sizeof(deep) - 1] = '\0';
    CHECK(error_column(deep) > 0);
    CHECK(error_column(row_of(1500)) > 0);
    CHECK_INT(is_true(row_of(1000)), 0);
}

int main(int argc, char **argv)
{
    static const struct t_test tests[] = {
        T(comparisons_know_texts_numbers_and_truth),
        T(no_order_holds_for_what_is_no_number),
        T(a_tilde_is_a_part_or_a_glob),
        T(and_binds_closer_than_or),
        T(the_event_and_its_interface_have_names),
        T(what_cannot_be_compared_is_false),
        T(texts_may_hold_quotes),
        T(mistakes_are_found_in_their_column),
        T(depth_has_an_end),
        T_END,
    };

    return t_run(argc, argv, tests);
}

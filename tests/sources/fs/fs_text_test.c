/* SPDX-License-Identifier: MIT */
/* fs_text_test.c - file names as UTF-16, and back */
#include "text.h"

#include <string.h>

#include <connpt/memory.h>

#include "t.h"

/* Does the name become these units, and those units the name again? */
static int is_round_trip(const char *name, const OLECHAR *units, uint32_t n)
{
    struct fs_text text = { 0 };
    char *back = NULL;
    int same = 0;

    if (fs_text_append_name(&text, name, strlen(name))) {
        same = text.length == n && memcmp(fs_text_bstr(&text), units, n * sizeof *units) == 0;
        if (SUCCEEDED(fs_name_from_text(units, n, &back)))
            same = same && strcmp(back, name) == 0;
    }
    connpt_CoTaskMemFree(back);
    fs_text_fini(&text);
    return same;
}

static void well_formed_names_keep_their_characters(void)
{
    static const OLECHAR ascii[] = { 'a', '.', 'c' };
    static const OLECHAR two[] = { 0xE4, 0x7FF };
    static const OLECHAR three[] = { 0x20AC, 0xFFFD, 0xD7FF, 0xE000 };
    static const OLECHAR four[] = { 0xD83D, 0xDE00, 0xDBFF, 0xDFFF };

    CHECK(is_round_trip("a.c", ascii, 3));
    CHECK(is_round_trip("\xC3\xA4\xDF\xBF", two, 2));
    CHECK(is_round_trip("\xE2\x82\xAC\xEF\xBF\xBD\xED\x9F\xBF\xEE\x80\x80", three, 4));
    CHECK(is_round_trip("\xF0\x9F\x98\x80\xF4\x8F\xBF\xBF", four, 4));
}

#ifdef _WIN32
static void every_lone_surrogate_becomes_three_bytes(void)
{
    static const OLECHAR high[] = { 'a', 0xD800 };
    static const OLECHAR low[] = { 0xDC7F, 0xDCFF, 'b' };
    static const OLECHAR reversed[] = { 0xDC00, 0xD800 };

    CHECK(is_round_trip("a\xED\xA0\x80", high, 2));
    CHECK(is_round_trip("\xED\xB1\xBF\xED\xB3\xBF"
                        "b",
                        low, 3));
    CHECK(is_round_trip("\xED\xB0\x80\xED\xA0\x80", reversed, 2));
}

static void text_that_stands_for_no_name_is_refused(void)
{
    static const OLECHAR nul[] = { 'a', 0, 'b' };
    char *bytes = NULL;

    CHECK_HR(fs_name_from_text(nul, 3, &bytes), E_INVALIDARG);
    CHECK(bytes == NULL);
}
#else
static void every_bad_byte_becomes_one_lone_surrogate(void)
{
    static const OLECHAR lone[] = { 'a', 0xDCFF, 'b', 0xDC80 };
    static const OLECHAR overlong[] = { 0xDCC0, 0xDCAF };
    static const OLECHAR surrogate[] = { 0xDCED, 0xDCA0, 0xDC80 };
    static const OLECHAR too_high[] = { 0xDCF4, 0xDC90, 0xDC80, 0xDC80 };
    static const OLECHAR cut_off[] = { 0xDCE2, 0xDC82 };

    CHECK(is_round_trip("a\xFF"
                        "b\x80",
                        lone, 4));
    CHECK(is_round_trip("\xC0\xAF", overlong, 2));
    CHECK(is_round_trip("\xED\xA0\x80", surrogate, 3));
    CHECK(is_round_trip("\xF4\x90\x80\x80", too_high, 4));
    CHECK(is_round_trip("\xE2\x82", cut_off, 2));
}

static void text_that_stands_for_no_name_is_refused(void)
{
    static const OLECHAR nul[] = { 'a', 0, 'b' };
    static const OLECHAR high[] = { 'a', 0xD800 };
    static const OLECHAR low[] = { 0xDC7F };
    char *bytes = NULL;

    CHECK_HR(fs_name_from_text(nul, 3, &bytes), E_INVALIDARG);
    CHECK_HR(fs_name_from_text(high, 2, &bytes), E_INVALIDARG);
    CHECK_HR(fs_name_from_text(low, 1, &bytes), E_INVALIDARG);
    CHECK(bytes == NULL);
}
#endif

static void the_bstr_has_its_length_in_front_and_a_nul_behind(void)
{
    struct fs_text text = { 0 };
    uint32_t size;

    CHECK(fs_text_bstr(&text) == NULL);
    for (int i = 0; i < 1000; i++)
        if (!CHECK(fs_text_append_name(&text, "abc", 3)))
            break;
    if (text.length == 3000) {
        BSTR bstr = fs_text_bstr(&text);

        memcpy(&size, (char *)bstr - sizeof size, sizeof size);
        CHECK_INT(size, 6000);
        CHECK_INT(bstr[2999], 'c');
        CHECK_INT(bstr[3000], 0);
    }
    fs_text_fini(&text);
}

int main(int argc, char **argv)
{
    static const struct t_test tests[] = {
        T(well_formed_names_keep_their_characters),
#ifdef _WIN32
        T(every_lone_surrogate_becomes_three_bytes),
#else
        T(every_bad_byte_becomes_one_lone_surrogate),
#endif
        T(text_that_stands_for_no_name_is_refused),
        T(the_bstr_has_its_length_in_front_and_a_nul_behind),
        T_END,
    };

    return t_run(argc, argv, tests);
}

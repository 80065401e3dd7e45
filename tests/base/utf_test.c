/* SPDX-License-Identifier: MIT */
/* tests/base/utf_test.c - UTF-8 and UTF-16: all that is well-formed goes round, nothing else in */
#include "base/utf.h"

#include <string.h>

#include "t.h"

static int utf8_is_refused(const char *text)
{
    OLECHAR units[16];
    size_t length = 77;
    HRESULT measured = connpt__utf16_from_utf8(text, strlen(text), NULL, &length);
    HRESULT converted = connpt__utf16_from_utf8(text, strlen(text), units, &length);

    return measured == E_INVALIDARG && converted == E_INVALIDARG && length == 77;
}

static int utf16_is_refused(const OLECHAR *units, size_t n_units)
{
    char bytes[16];
    size_t length = 77;
    HRESULT measured = connpt__utf8_from_utf16(units, n_units, NULL, &length);
    HRESULT converted = connpt__utf8_from_utf16(units, n_units, bytes, &length);

    return measured == E_INVALIDARG && converted == E_INVALIDARG && length == 77;
}

static void text_of_every_width_is_converted(void)
{
    /* U+0041, U+00E9, U+20AC, U+1F600 */
    static const char utf8[] = "A\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80";
    static const OLECHAR utf16[] = { 0x41, 0xE9, 0x20AC, 0xD83D, 0xDE00 };
    OLECHAR units[5];
    char bytes[sizeof utf8 - 1];
    size_t length = 0;

    CHECK_HR(connpt__utf16_from_utf8(utf8, sizeof utf8 - 1, NULL, &length), S_OK);
    CHECK_INT(length, 5);
    CHECK_HR(connpt__utf16_from_utf8(utf8, sizeof utf8 - 1, units, NULL), S_OK);
    CHECK(memcmp(units, utf16, sizeof utf16) == 0);
    CHECK_HR(connpt__utf8_from_utf16(utf16, 5, NULL, &length), S_OK);
    CHECK_INT(length, sizeof utf8 - 1);
    CHECK_HR(connpt__utf8_from_utf16(utf16, 5, bytes, NULL), S_OK);
    CHECK(memcmp(bytes, utf8, sizeof bytes) == 0);
}

static void every_character_survives_the_round_trip(void)
{
    for (uint32_t code = 0; code <= 0x10FFFF; code++) {
        OLECHAR units[2], again[2];
        char bytes[4];
        size_t n_units = code < 0x10000 ? 1 : 2, n_bytes = 0, n_again = 0;

        if (code >= 0xD800 && code <= 0xDFFF)
            continue;
        units[0] = (OLECHAR)(n_units == 1 ? code : 0xD800 + ((code - 0x10000) >> 10));
        units[1] = (OLECHAR)(0xDC00 + (code & 0x3FF));
        if (connpt__utf8_from_utf16(units, n_units, bytes, &n_bytes) != S_OK ||
            connpt__utf16_from_utf8(bytes, n_bytes, again, &n_again) != S_OK ||
            n_again != n_units || memcmp(units, again, n_units * sizeof units[0]) != 0) {
            CHECK_INT(code, -1);
            return;
        }
    }
}

static void empty_and_nul_are_text_like_any_other(void)
{
    OLECHAR units[3] = { 7, 7, 7 };
    char bytes[3];
    size_t length = 9;

    CHECK_HR(connpt__utf16_from_utf8("", 0, NULL, &length), S_OK);
    CHECK_INT(length, 0);
    CHECK_HR(connpt__utf8_from_utf16(units, 0, NULL, &length), S_OK);
    CHECK_INT(length, 0);
    CHECK_HR(connpt__utf16_from_utf8("a\0b", 3, units, &length), S_OK);
    CHECK_INT(length, 3);
    CHECK_INT(units[1], 0);
    CHECK_HR(connpt__utf8_from_utf16(units, 3, bytes, &length), S_OK);
    CHECK(length == 3 && memcmp(bytes, "a\0b", 3) == 0);
}

static void overlong_forms_are_refused(void)
{
    CHECK(utf8_is_refused("\xC0\x80"));
    CHECK(utf8_is_refused("\xC1\xBF"));
    CHECK(utf8_is_refused("\xE0\x80\x80"));
    CHECK(utf8_is_refused("\xE0\x9F\xBF"));
    CHECK(utf8_is_refused("\xF0\x8F\xBF\xBF"));
}

static void surrogates_in_utf8_are_refused(void)
{
    CHECK(utf8_is_refused("\xED\xA0\x80"));
    CHECK(utf8_is_refused("\xED\xBF\xBF"));
    CHECK(!utf8_is_refused("\xED\x9F\xBF"));
    CHECK(!utf8_is_refused("\xEE\x80\x80"));
}

static void values_above_the_last_character_are_refused(void)
{
    CHECK(!utf8_is_refused("\xF4\x8F\xBF\xBF"));
    CHECK(utf8_is_refused("\xF4\x90\x80\x80"));
    CHECK(utf8_is_refused("\xF5\x80\x80\x80"));
    CHECK(utf8_is_refused("\xF8\x88\x80\x80\x80"));
    CHECK(utf8_is_refused("\xFF"));
}

static void cut_off_and_stray_bytes_are_refused(void)
{
    CHECK(utf8_is_refused("\xC3"));
    CHECK(utf8_is_refused("\xE2\x82"));
    CHECK(utf8_is_refused("\xF0\x9F\x98"));
    CHECK(utf8_is_refused("\xE2\x82"
                          "A"));
    CHECK(utf8_is_refused("\xC3\xC3"));
    CHECK(utf8_is_refused("A\x80"));
}

static void lone_surrogates_are_refused(void)
{
    static const OLECHAR high_at_end[] = { 'a', 0xD83D };
    static const OLECHAR high_then_letter[] = { 0xD83D, 'a' };
    static const OLECHAR low_first[] = { 0xDE00, 0xD83D };
    static const OLECHAR two_high[] = { 0xD83D, 0xD83D, 0xDE00 };

    CHECK(utf16_is_refused(high_at_end, 2));
    CHECK(utf16_is_refused(high_then_letter, 2));
    CHECK(utf16_is_refused(low_first, 2));
    CHECK(utf16_is_refused(two_high, 3));
}

int main(int argc, char **argv)
{
    static const struct t_test tests[] = {
        T(text_of_every_width_is_converted),
        T(every_character_survives_the_round_trip),
        T(empty_and_nul_are_text_like_any_other),
        T(overlong_forms_are_refused),
        T(surrogates_in_utf8_are_refused),
        T(values_above_the_last_character_are_refused),
        T(cut_off_and_stray_bytes_are_refused),
        T(lone_surrogates_are_refused),
        T_END,
    };

    return t_run(argc, argv, tests);
}

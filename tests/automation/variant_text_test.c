/* SPDX-License-Identifier: MIT */
/* tests/automation/variant_text_test.c - VariantChangeType: from and to text, and dates */
#include "automation/date.h"

#include <float.h>
#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "convert.h"
#include "system.h"
#include "t.h"

static void bool_is_a_number_as_text_unless_words_are_asked_for(void)
{
    CHECK(text_is(connpt_variant_bool(1), 0, "-1"));
    CHECK(text_is(connpt_variant_bool(0), 0, "0"));
    CHECK(text_is(connpt_variant_bool(1), VARIANT_ALPHABOOL, "True"));
    CHECK(text_is(connpt_variant_bool(0), VARIANT_LOCALBOOL, "False"));
}

static void words_and_numbers_are_read_as_bool(void)
{
    static const char *yes[] = { "True", "TRUE", "#TRUE#", "-1", "0.5", " 7 " };
    /* Wine knows the words between # in capitals only. */
    static const char *no[] = { "False", BY_SYSTEM ? "#FALSE#" : "#false#", "0", "-0.00" };
    VARIANT to;

    for (size_t i = 0; i < sizeof yes / sizeof yes[0]; i++) {
        CHECK_HR(from_text(yes[i], VT_BOOL, &to), S_OK);
        CHECK_INT(V_BOOL(&to), VARIANT_TRUE);
    }
    for (size_t i = 0; i < sizeof no / sizeof no[0]; i++) {
        CHECK_HR(from_text(no[i], VT_BOOL, &to), S_OK);
        CHECK_INT(V_BOOL(&to), VARIANT_FALSE);
    }
    CHECK_HR(from_text("yes", VT_BOOL, &to), DISP_E_TYPEMISMATCH);
    CHECK_HR(from_text("", VT_BOOL, &to), DISP_E_TYPEMISMATCH);
}

static void numbers_become_text(void)
{
    CHECK(text_is(connpt_variant_i4(-2147483647 - 1), 0, "-2147483648"));
    CHECK(text_is(typed(VT_UI8, -1), 0, "18446744073709551615"));
    CHECK(text_is(connpt_variant_i8(INT64_MIN), 0, "-9223372036854775808"));
    CHECK(text_is(connpt_variant_i4(0), 0, "0"));
    CHECK(text_is(connpt_variant_r8(0.1), 0, "0.1"));
    CHECK(text_is(connpt_variant_r8(-0.0), 0, "0"));
    CHECK(text_is(connpt_variant_r8(1e300), 0, "1E+300"));
    CHECK(text_is(connpt_variant_r8(1.0 / 3), 0, "0.333333333333333"));
    CHECK(text_is(cy(-12345), 0, "-1.2345"));
    CHECK(text_is(cy(5000), 0, "0.5"));
    CHECK(text_is(cy(1), 0, "0.0001"));
    CHECK(text_is(cy(INT64_MIN), 0, "-922337203685477.5808"));
    CHECK(text_is(decimal(0, 2, 0, 150), 0, "1.5"));
    CHECK(text_is(decimal(1, 0, UINT32_MAX, UINT64_MAX), 0, "-79228162514264337593543950335"));
    CHECK(text_is(decimal(0, 28, 0, 1), 0, "0.0000000000000000000000000001"));
    CHECK(text_is(decimal(1, 28, 0, 0), 0, "0"));
    CHECK(text_is(typed(VT_EMPTY, 0), 0, ""));
}

static void single_precision_has_seven_digits_as_text(void)
{
    VARIANT v;

    V_VT(&v) = VT_R4;
    V_R4(&v) = 0.1f;
    CHECK(text_is(v, 0, "0.1"));
    V_R4(&v) = 16777216.0f;
    CHECK(text_is(v, 0, "1.677722E+07"));
}

static void text_is_read_as_numbers(void)
{
    VARIANT to;

    CHECK_HR(from_text("  -12  ", VT_I4, &to), S_OK);
    CHECK_INT(V_I4(&to), -12);
    CHECK_HR(from_text("+1.25e2", VT_I4, &to), S_OK);
    CHECK_INT(V_I4(&to), 125);
    CHECK_HR(from_text("2.5", VT_I4, &to), S_OK);
    CHECK_INT(V_I4(&to), 2);
    CHECK_HR(from_text("2.50000000000000000000000000000000000000000000000000000000001", VT_I4, &to),
             S_OK);
    CHECK_INT(V_I4(&to), 3);
    CHECK_HR(from_text("-9223372036854775808", VT_I8, &to), S_OK);
    CHECK_INT(V_I8(&to), INT64_MIN);
    CHECK_HR(from_text("18446744073709551615", VT_UI8, &to), S_OK);
    CHECK(V_UI8(&to) == UINT64_MAX);
    CHECK_HR(from_text(".5", VT_R8, &to), S_OK);
    CHECK(V_R8(&to) == 0.5);
    CHECK_HR(from_text("5.", VT_R8, &to), S_OK);
    CHECK(V_R8(&to) == 5.0);
    CHECK_HR(from_text("4.9406564584124654e-324", VT_R8, &to), S_OK);
    if (!BY_SYSTEM || sizeof(void *) == 8) /* 32-bit Wine takes it for 0 */
        CHECK(V_R8(&to) > 0);
    CHECK_HR(from_text("1e-99999999999999999999", VT_R8, &to), S_OK);
    CHECK(V_R8(&to) == 0);
    if (!BY_SYSTEM) { /* Wine goes by way of a double */
        CHECK_HR(from_text("-0.00005", VT_CY, &to), S_OK);
        CHECK_INT(V_CY(&to).int64, 0);
        CHECK_HR(from_text("0.00015", VT_CY, &to), S_OK);
        CHECK_INT(V_CY(&to).int64, 2);
    }
}

static void digits_beyond_those_kept_still_count(void)
{
    VARIANT to;

    if (BY_SYSTEM) {
        t_skip("Wine computes the double digit by digit");
        return;
    }
    CHECK_HR(from_text("100000000000000000000000000000000000000000000000000000000001", VT_R8, &to),
             S_OK);
    CHECK(V_R8(&to) == (double)1e59); /* a plain 1e59 has more digits on x87 */
    /* 2^53 + 1 lies between two doubles; anything more goes up. */
    CHECK_HR(from_text("9007199254740993", VT_R8, &to), S_OK);
    CHECK(V_R8(&to) == 9007199254740992.0);
    CHECK_HR(
        from_text("9007199254740993.00000000000000000000000000000000000000000000001", VT_R8, &to),
        S_OK);
    CHECK(V_R8(&to) == 9007199254740994.0);
}

static void text_that_is_no_number_is_a_mismatch(void)
{
    static const char *bad[] = { "", " ", "a", "1a", "1 2", "1e", "1e+", ".", "--1", "+", "e5",
                                 "0x10", "inf", "nan", "1.2.3", "\xE2\x82\xAC\x31", "\xD9\xA1",
                                 /* As one may write money there. */
                                 "1,5", "$1", "(1)", "1-" };
    VARIANT to;

    for (size_t i = 0; i < sizeof bad / sizeof bad[0] - (BY_SYSTEM ? 4 : 0); i++) {
        CHECK_HR(from_text(bad[i], VT_I4, &to), DISP_E_TYPEMISMATCH);
        CHECK_HR(from_text(bad[i], VT_R8, &to), DISP_E_TYPEMISMATCH);
        CHECK_HR(from_text(bad[i], VT_CY, &to), DISP_E_TYPEMISMATCH);
        CHECK_HR(from_text(bad[i], VT_DECIMAL, &to), DISP_E_TYPEMISMATCH);
    }
}

static void text_with_too_large_a_number_overflows(void)
{
    VARIANT to;

    CHECK_HR(from_text("2147483648", VT_I4, &to), DISP_E_OVERFLOW);
    CHECK_HR(from_text("-1", VT_UI2, &to), DISP_E_OVERFLOW);
    CHECK_HR(from_text("9223372036854775808", VT_I8, &to), DISP_E_OVERFLOW);
    CHECK_HR(from_text("18446744073709551616", VT_UI8, &to), DISP_E_OVERFLOW);
    CHECK_HR(from_text("1e99999", VT_UI8, &to), DISP_E_OVERFLOW);
    CHECK_HR(from_text("1e309", VT_R8, &to), DISP_E_OVERFLOW);
    CHECK_HR(from_text("3.5e38", VT_R4, &to), DISP_E_OVERFLOW);
    CHECK_HR(from_text("922337203685477.5808", VT_CY, &to), DISP_E_OVERFLOW);
    if (!BY_SYSTEM) { /* a double of that size has no fourth digit */
        CHECK_HR(from_text("922337203685477.58074", VT_CY, &to), S_OK);
        CHECK_INT(V_CY(&to).int64, INT64_MAX);
    }
    CHECK_HR(from_text("79228162514264337593543950336", VT_DECIMAL, &to), DISP_E_OVERFLOW);
    CHECK_HR(from_text("2958466", VT_DATE, &to), DISP_E_TYPEMISMATCH);
}

static void reals_survive_as_text_with_seventeen_digits(void)
{
    static const double reals[] = { 0.1, 1.0 / 3, 1e23, DBL_MAX, DBL_MIN, 123456789012345678.0 };

    if (BY_SYSTEM) {
        t_skip("Wine computes the double digit by digit");
        return;
    }
    for (size_t i = 0; i < sizeof reals / sizeof reals[0]; i++) {
        char text[40];
        VARIANT to;

        snprintf(text, sizeof text, "%.17g", reals[i]);
        CHECK_HR(from_text(text, VT_R8, &to), S_OK);
        CHECK(V_R8(&to) == reals[i]);
    }
}

static void dates_become_text_and_back(void)
{
    static const struct {
        double days;
        const char *text;
    } dates[] = {
        { 0, "00:00:00" },
        { 1, "1899-12-31" },
        { -1, "1899-12-29" },
        { 0.25, "06:00:00" },
        { -1.25, "1899-12-29 06:00:00" },
        { 45351, "2024-02-29" },
        { 45351.573229166665, "2024-02-29 13:45:27" },
        { 36585, "2000-02-29" },
        { 2, "1900-01-01" },
        { 61, "1900-03-01" },
        { -657434, "0100-01-01" },
        { -657434.75, "0100-01-01 18:00:00" },
        { 2958465, "9999-12-31" },
    };

    for (size_t i = 0; i < sizeof dates / sizeof dates[0]; i++) {
        VARIANT to;

        if (!BY_SYSTEM) /* its invariant locale has months first */
            CHECK(text_is(date(dates[i].days), 0, dates[i].text));
        CHECK_HR(from_text(dates[i].text, VT_DATE, &to), S_OK);
        CHECK(fabs(V_DATE(&to) - dates[i].days) < 1e-9);
    }
}

static void months_begin_and_end_where_the_calendar_says(void)
{
    /* Walks the calendar by its rules, beside the arithmetic. */
    static const int lengths[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
    int first = -657434; /* 0100-01-01 */

    for (int year = 100; year <= 9999; year++) {
        int leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);

        for (int month = 0; month < 12; month++) {
            int length = lengths[month] + (month == 1 && leap);
            char text[CONNPT__DATE_TEXT_SIZE], expected[40];

            if (first != 0) { /* day 0 is written as a time */
                snprintf(expected, sizeof expected, "%04d-%02d-01", year, month + 1);
                CHECK_HR(connpt__date_format(first, text), S_OK);
                if (!CHECK_STR(text, expected))
                    return;
            }
            snprintf(expected, sizeof expected, "%04d-%02d-%02d", year, month + 1, length);
            CHECK_HR(connpt__date_format(first + length - 1, text), S_OK);
            if (!CHECK_STR(text, expected))
                return;
            first += length;
        }
    }
    CHECK_INT(first, 2958466);
}

static void seconds_round_up_into_the_next_day(void)
{
    CHECK(text_is(date(1.999999), 0, BY_SYSTEM ? "01/01/1900 00:00:00" : "1900-01-01"));
    CHECK(text_is(date(-1.999999), 0, BY_SYSTEM ? "12/30/1899 00:00:00" : "00:00:00"));
}

static void dates_out_of_range_overflow(void)
{
    VARIANT to;

    CHECK_HR(change(connpt_variant_r8(2958466), VT_DATE, &to), DISP_E_OVERFLOW);
    CHECK_HR(change(connpt_variant_r8(-657435), VT_DATE, &to), DISP_E_OVERFLOW);
    if (!BY_SYSTEM) { /* Wine takes the first, and writes a month 13 or so for the second */
        CHECK_HR(change(connpt_variant_r8((double)NAN), VT_DATE, &to), DISP_E_OVERFLOW);
        CHECK_HR(change(date(2958465.9999999), VT_BSTR, &to), DISP_E_OVERFLOW);
    }
    CHECK_HR(change(date(1e9), VT_BSTR, &to), BY_SYSTEM ? E_INVALIDARG : DISP_E_OVERFLOW);
    CHECK_HR(change(connpt_variant_i4(45351), VT_DATE, &to), S_OK);
    CHECK(V_DATE(&to) == 45351);
    CHECK(is_i8(date(45351.5), 45352));
}

static void dates_are_read_in_these_forms_only(void)
{
    static const char *bad[] = { "2024-02-30",
                                 "2023-02-29",
                                 "2024-13-01",
                                 "2024-00-01",
                                 "2024-01-00",
                                 "0099-12-31",
                                 "2024-1-1",
                                 "24:00",
                                 "12:60",
                                 "12:00:60",
                                 "12",
                                 "2024-01-01 ",
                                 "2024-01-01T",
                                 "2024-01-01 12",
                                 "12:00:00.",
                                 "12:00:00.5x",
                                 "1/2/2024",
                                 "now",
                                 "" };
    VARIANT to;

    if (BY_SYSTEM) {
        t_skip("the system reads dates in many forms");
        return;
    }
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        if (strcmp(bad[i], "2024-01-01 ") == 0) /* blanks at the ends do no harm */
            CHECK_HR(from_text(bad[i], VT_DATE, &to), S_OK);
        else
            CHECK_HR(from_text(bad[i], VT_DATE, &to), DISP_E_TYPEMISMATCH);
    }
    CHECK_HR(from_text(" 2024-02-29T06:00 ", VT_DATE, &to), S_OK);
    CHECK(V_DATE(&to) == 45351.25);
    CHECK_HR(from_text("00:00:00.5", VT_DATE, &to), S_OK);
    CHECK(fabs(V_DATE(&to) * 86400 - 0.5) < 1e-9);
}

static void the_locale_changes_nothing(void)
{
    static const char *candidates[] = { "de_DE.UTF-8", "fr_FR.UTF-8", "de_DE", "ps_AF.UTF-8" };
    const char *set = NULL;
    VARIANT to;

    for (size_t i = 0; set == NULL && i < sizeof candidates / sizeof candidates[0]; i++)
        set = setlocale(LC_NUMERIC, candidates[i]);
    CHECK(text_is(connpt_variant_r8(1.5), 0, "1.5"));
    CHECK_HR(from_text("1.5", VT_R8, &to), S_OK);
    CHECK(V_R8(&to) == 1.5);
    CHECK_HR(change(connpt_variant_r8(1.5), VT_DECIMAL, &to), S_OK);
    CHECK(text_is(to, 0, "1.5"));
    setlocale(LC_NUMERIC, "C");
    if (set == NULL)
        t_skip("no locale with another decimal point is installed");
}

int main(int argc, char **argv)
{
    static const struct t_test tests[] = {
        T(bool_is_a_number_as_text_unless_words_are_asked_for),
        T(words_and_numbers_are_read_as_bool),
        T(numbers_become_text),
        T(single_precision_has_seven_digits_as_text),
        T(text_is_read_as_numbers),
        T(digits_beyond_those_kept_still_count),
        T(text_that_is_no_number_is_a_mismatch),
        T(text_with_too_large_a_number_overflows),
        T(reals_survive_as_text_with_seventeen_digits),
        T(dates_become_text_and_back),
        T(months_begin_and_end_where_the_calendar_says),
        T(seconds_round_up_into_the_next_day),
        T(dates_out_of_range_overflow),
        T(dates_are_read_in_these_forms_only),
        T(the_locale_changes_nothing),
        T_END,
    };

    return t_run(argc, argv, tests);
}

/* SPDX-License-Identifier: MIT */
/* tests/automation/variant_convert_test.c - VariantChangeType: what becomes what */
#include "automation/date.h"

#include <float.h>
#include <locale.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include <connpt/memory.h>

#include "counted.h"
#include "t.h"

static VARIANT typed(VARTYPE vt, LONGLONG bits)
{
    VARIANT v = connpt_variant_i8(bits);

    V_VT(&v) = vt;
    return v;
}

static VARIANT cy(LONGLONG ten_thousandths)
{
    return typed(VT_CY, ten_thousandths);
}

static VARIANT date(double days)
{
    VARIANT v = connpt_variant_r8(days);

    V_VT(&v) = VT_DATE;
    return v;
}

static VARIANT decimal(int is_negative, int scale, ULONG high, ULONGLONG low)
{
    VARIANT v = { 0 };

    V_DECIMAL(&v).Hi32 = high;
    V_DECIMAL(&v).Lo64 = low;
    V_DECIMAL(&v).scale = (BYTE)scale;
    V_DECIMAL(&v).sign = (BYTE)(is_negative ? DECIMAL_NEG : 0);
    V_VT(&v) = VT_DECIMAL;
    return v;
}

/* From text to @vt. */
static HRESULT from_text(const char *text, VARTYPE vt, VARIANT *to)
{
    BSTR bstr = NULL;
    VARIANT from;
    HRESULT hr = connpt_bstr_from_utf8(text, (size_t)-1, &bstr);

    connpt_VariantInit(to);
    if (FAILED(hr))
        return hr;
    from = connpt_variant_bstr(bstr);
    hr = connpt_VariantChangeType(to, &from, 0, vt);
    connpt_SysFreeString(bstr);
    return hr;
}

/* Does @from become the text @expected? */
static int text_is(VARIANT from, USHORT flags, const char *expected)
{
    VARIANT to;
    char *utf8 = NULL;
    int held = 0;

    connpt_VariantInit(&to);
    if (SUCCEEDED(connpt_VariantChangeType(&to, &from, flags, VT_BSTR)) &&
        SUCCEEDED(connpt_utf8_from_bstr(V_BSTR(&to), &utf8, NULL)))
        held = CHECK_STR(utf8, expected);
    connpt_CoTaskMemFree(utf8);
    (void)connpt_VariantClear(&to);
    return held || t_oom_hit();
}

static HRESULT change(VARIANT from, VARTYPE vt, VARIANT *to)
{
    connpt_VariantInit(to);
    return connpt_VariantChangeType(to, &from, 0, vt);
}

static int is_i8(VARIANT from, LONGLONG expected)
{
    VARIANT to;

    return CHECK_HR(change(from, VT_I8, &to), S_OK) && CHECK_INT(V_I8(&to), expected);
}

static int is_r8(VARIANT from, double expected)
{
    VARIANT to;

    return CHECK_HR(change(from, VT_R8, &to), S_OK) && CHECK(V_R8(&to) == expected);
}

static void integers_widen_with_their_sign(void)
{
    CHECK(is_i8(typed(VT_I1, 0x80), -128));
    CHECK(is_i8(typed(VT_UI1, 0x80), 128));
    CHECK(is_i8(typed(VT_I2, 0x8000), -32768));
    CHECK(is_i8(typed(VT_UI2, 0x8000), 32768));
    CHECK(is_i8(typed(VT_I4, 0x80000000), INT32_MIN));
    CHECK(is_i8(typed(VT_UI4, 0x80000000), 2147483648));
    CHECK(is_i8(typed(VT_INT, 0xFFFFFFFF), -1));
    CHECK(is_i8(typed(VT_UINT, 0xFFFFFFFF), 4294967295));
}

static void integers_that_do_not_fit_overflow(void)
{
    VARIANT to;

    CHECK_HR(change(connpt_variant_i4(128), VT_I1, &to), DISP_E_OVERFLOW);
    CHECK_HR(change(connpt_variant_i4(-129), VT_I1, &to), DISP_E_OVERFLOW);
    CHECK_HR(change(connpt_variant_i4(-1), VT_UI1, &to), DISP_E_OVERFLOW);
    CHECK_HR(change(connpt_variant_i4(256), VT_UI1, &to), DISP_E_OVERFLOW);
    CHECK_HR(change(connpt_variant_i4(32768), VT_I2, &to), DISP_E_OVERFLOW);
    CHECK_HR(change(connpt_variant_i4(65536), VT_UI2, &to), DISP_E_OVERFLOW);
    CHECK_HR(change(connpt_variant_i8(2147483648), VT_I4, &to), DISP_E_OVERFLOW);
    CHECK_HR(change(connpt_variant_i8(4294967296), VT_UI4, &to), DISP_E_OVERFLOW);
    CHECK_HR(change(connpt_variant_i4(-1), VT_UI8, &to), DISP_E_OVERFLOW);
    CHECK_HR(change(connpt_variant_i4(-128), VT_I1, &to), S_OK);
    CHECK_INT((signed char)V_I1(&to), -128);
    CHECK_HR(change(connpt_variant_i8(INT32_MIN), VT_INT, &to), S_OK);
    CHECK_INT(V_VT(&to), VT_INT);
    CHECK_INT(V_INT(&to), INT32_MIN);
}

static void integers_of_one_width_keep_their_bits(void)
{
    VARIANT to;

    CHECK_HR(change(connpt_variant_i4(-1), VT_UI4, &to), S_OK);
    CHECK_INT(V_UI4(&to), UINT32_MAX);
    CHECK_HR(change(typed(VT_UI1, 255), VT_I1, &to), S_OK);
    CHECK_INT((signed char)V_I1(&to), -1);
    CHECK_HR(change(typed(VT_UI8, -2), VT_I8, &to), S_OK);
    CHECK_INT(V_I8(&to), -2);
}

static void reals_round_halves_to_even(void)
{
    static const struct {
        double real;
        LONGLONG whole;
    } rounded[] = { { 0.5, 0 },   { 1.5, 2 },   { 2.5, 2 },
                    { -0.5, 0 },  { -1.5, -2 }, { 2.51, 3 },
                    { 2.49, 2 },  { -2.5, -2 }, { 1e15 + 0.5, 1000000000000000 },
                    { -3.51, -4 } };

    for (size_t i = 0; i < sizeof rounded / sizeof rounded[0]; i++)
        CHECK(is_i8(connpt_variant_r8(rounded[i].real), rounded[i].whole));
}

static void reals_that_do_not_fit_overflow(void)
{
    VARIANT to;

    CHECK_HR(change(connpt_variant_r8(9223372036854775808.0), VT_I8, &to), DISP_E_OVERFLOW);
    CHECK_HR(change(connpt_variant_r8(-9223372036854775808.0), VT_I8, &to), S_OK);
    CHECK_INT(V_I8(&to), INT64_MIN);
    CHECK_HR(change(connpt_variant_r8(18446744073709551616.0), VT_UI8, &to), DISP_E_OVERFLOW);
    CHECK_HR(change(connpt_variant_r8(18446744073709549568.0), VT_UI8, &to), S_OK);
    CHECK(V_UI8(&to) == 18446744073709549568u);
    CHECK_HR(change(connpt_variant_r8(2147483647.5), VT_I4, &to), DISP_E_OVERFLOW);
    CHECK_HR(change(connpt_variant_r8(2147483647.49), VT_I4, &to), S_OK);
    CHECK_HR(change(connpt_variant_r8(-0.51), VT_UI1, &to), DISP_E_OVERFLOW);
    CHECK_HR(change(connpt_variant_r8(-0.5), VT_UI1, &to), S_OK);
    CHECK_HR(change(connpt_variant_r8((double)NAN), VT_I4, &to), DISP_E_OVERFLOW);
    CHECK_HR(change(connpt_variant_r8((double)INFINITY), VT_CY, &to), DISP_E_OVERFLOW);
    CHECK_HR(change(connpt_variant_r8((double)NAN), VT_DECIMAL, &to), DISP_E_OVERFLOW);
    CHECK_HR(change(connpt_variant_r8(1e39), VT_R4, &to), DISP_E_OVERFLOW);
    CHECK_HR(change(connpt_variant_r8(1e29), VT_DECIMAL, &to), DISP_E_OVERFLOW);
    CHECK_HR(change(connpt_variant_r8(1e15), VT_CY, &to), DISP_E_OVERFLOW);
}

static void bool_is_minus_one_as_a_number(void)
{
    VARIANT yes = connpt_variant_bool(1), to;

    CHECK(is_i8(yes, -1));
    CHECK(is_r8(yes, -1.0));
    CHECK_HR(change(yes, VT_UI1, &to), S_OK);
    CHECK_INT(V_UI1(&to), 255);
    CHECK_HR(change(yes, VT_UI8, &to), S_OK);
    CHECK_INT(V_I8(&to), -1);
    CHECK_HR(change(yes, VT_CY, &to), S_OK);
    CHECK_INT(V_CY(&to).int64, -10000);
    CHECK_HR(change(yes, VT_DECIMAL, &to), S_OK);
    CHECK(V_DECIMAL(&to).Lo64 == 1 && V_DECIMAL(&to).sign == 0);
}

static void bool_is_true_for_all_but_zero(void)
{
    VARIANT to;

    CHECK_HR(change(connpt_variant_i4(2), VT_BOOL, &to), S_OK);
    CHECK_INT(V_BOOL(&to), VARIANT_TRUE);
    CHECK_HR(change(connpt_variant_r8(0.1), VT_BOOL, &to), S_OK);
    CHECK_INT(V_BOOL(&to), VARIANT_TRUE);
    CHECK_HR(change(connpt_variant_r8(-0.0), VT_BOOL, &to), S_OK);
    CHECK_INT(V_BOOL(&to), VARIANT_FALSE);
    CHECK_HR(change(cy(1), VT_BOOL, &to), S_OK);
    CHECK_INT(V_BOOL(&to), VARIANT_TRUE);
    CHECK_HR(change(decimal(0, 3, 0, 0), VT_BOOL, &to), S_OK);
    CHECK_INT(V_BOOL(&to), VARIANT_FALSE);
}

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
    static const char *no[] = { "False", "#false#", "0", "-0.00" };
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
    CHECK(V_R8(&to) > 0);
    CHECK_HR(from_text("1e-99999999999999999999", VT_R8, &to), S_OK);
    CHECK(V_R8(&to) == 0);
    CHECK_HR(from_text("-0.00005", VT_CY, &to), S_OK);
    CHECK_INT(V_CY(&to).int64, 0);
    CHECK_HR(from_text("0.00015", VT_CY, &to), S_OK);
    CHECK_INT(V_CY(&to).int64, 2);
}

static void text_that_is_no_number_is_a_mismatch(void)
{
    static const char *bad[] = { "",        " ",   "a",    "1a",  "1 2",
                                 "1e",      "1e+", ".",    "--1", "1,5",
                                 "+",       "e5",  "0x10", "inf", "nan",
                                 "1.2.3",   "$1",  "(1)",  "1-",  "\xE2\x82\xAC\x31",
                                 "\xD9\xA1" };
    VARIANT to;

    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
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
    CHECK_HR(from_text("922337203685477.58074", VT_CY, &to), S_OK);
    CHECK_INT(V_CY(&to).int64, INT64_MAX);
    CHECK_HR(from_text("79228162514264337593543950336", VT_DECIMAL, &to), DISP_E_OVERFLOW);
    CHECK_HR(from_text("2958466", VT_DATE, &to), DISP_E_TYPEMISMATCH);
}

static void decimals_keep_all_digits_that_fit(void)
{
    VARIANT to;

    CHECK_HR(from_text("-1.50", VT_DECIMAL, &to), S_OK);
    CHECK(V_DECIMAL(&to).Lo64 == 150 && V_DECIMAL(&to).scale == 2);
    CHECK_INT(V_DECIMAL(&to).sign, DECIMAL_NEG);
    CHECK_INT(V_VT(&to), VT_DECIMAL);
    CHECK_HR(from_text("79228162514264337593543950335", VT_DECIMAL, &to), S_OK);
    CHECK(V_DECIMAL(&to).Hi32 == UINT32_MAX && V_DECIMAL(&to).Lo64 == UINT64_MAX);
    /* One fraction digit too many for 96 bits: it is rounded away, to even. */
    CHECK_HR(from_text("79228162514264337593543950334.5", VT_DECIMAL, &to), S_OK);
    CHECK(V_DECIMAL(&to).Lo64 == UINT64_MAX - 1 && V_DECIMAL(&to).scale == 0);
    CHECK_HR(from_text("79228162514264337593543950335.5", VT_DECIMAL, &to), DISP_E_OVERFLOW);
    /* Rounding up carries into a digit more. */
    CHECK_HR(from_text("7.92281625142643375935439503355", VT_DECIMAL, &to), S_OK);
    CHECK(V_DECIMAL(&to).scale == 27 && V_DECIMAL(&to).Lo64 != 0);
    CHECK_HR(from_text("1e-29", VT_DECIMAL, &to), S_OK);
    CHECK(V_DECIMAL(&to).Lo64 == 0 && V_DECIMAL(&to).sign == 0);
    CHECK_HR(from_text("1e28", VT_DECIMAL, &to), S_OK);
    CHECK(text_is(to, 0, "10000000000000000000000000000"));
}

static void reals_give_decimals_the_digits_they_are_sure_of(void)
{
    VARIANT to, single;

    CHECK_HR(change(connpt_variant_r8(0.1), VT_DECIMAL, &to), S_OK);
    CHECK(V_DECIMAL(&to).Lo64 == 1 && V_DECIMAL(&to).scale == 1);
    CHECK_HR(change(connpt_variant_r8(-1e20), VT_DECIMAL, &to), S_OK);
    CHECK(text_is(to, 0, "-100000000000000000000"));
    V_VT(&single) = VT_R4;
    V_R4(&single) = 0.1f;
    CHECK_HR(change(single, VT_DECIMAL, &to), S_OK);
    CHECK(V_DECIMAL(&to).Lo64 == 1 && V_DECIMAL(&to).scale == 1);
}

static void currency_and_decimals_become_other_numbers(void)
{
    VARIANT to;

    CHECK(is_i8(cy(25000), 2));
    CHECK(is_i8(cy(35000), 4));
    CHECK(is_i8(cy(-25001), -3));
    CHECK(is_r8(cy(12345), 1.2345));
    CHECK(is_i8(decimal(1, 1, 0, 25), -2));
    CHECK(is_r8(decimal(0, 28, 0, 1), 1e-28));
    CHECK_HR(change(decimal(0, 0, 1, 0), VT_I8, &to), DISP_E_OVERFLOW);
    CHECK_HR(change(decimal(0, 5, 0, 150005), VT_CY, &to), S_OK);
    CHECK_INT(V_CY(&to).int64, 15000);
    CHECK_HR(change(cy(-15), VT_DECIMAL, &to), S_OK);
    CHECK(text_is(to, 0, "-0.0015"));
    CHECK_HR(change(connpt_variant_r8(0.00005), VT_CY, &to), S_OK);
    CHECK_INT(V_CY(&to).int64, 0);
    CHECK_HR(change(connpt_variant_r8(-1.23456), VT_CY, &to), S_OK);
    CHECK_INT(V_CY(&to).int64, -12346);
}

static void reals_survive_as_text_with_seventeen_digits(void)
{
    static const double reals[] = { 0.1, 1.0 / 3, 1e23, DBL_MAX, DBL_MIN, 123456789012345678.0 };

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
        { 2958465, "9999-12-31" },
    };

    for (size_t i = 0; i < sizeof dates / sizeof dates[0]; i++) {
        VARIANT to;

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
    CHECK(text_is(date(1.999999), 0, "1900-01-01"));
    CHECK(text_is(date(-1.999999), 0, "00:00:00"));
}

static void dates_out_of_range_overflow(void)
{
    VARIANT to;

    CHECK_HR(change(connpt_variant_r8(2958466), VT_DATE, &to), DISP_E_OVERFLOW);
    CHECK_HR(change(connpt_variant_r8(-657435), VT_DATE, &to), DISP_E_OVERFLOW);
    CHECK_HR(change(connpt_variant_r8((double)NAN), VT_DATE, &to), DISP_E_OVERFLOW);
    CHECK_HR(change(date(2958465.9999999), VT_BSTR, &to), DISP_E_OVERFLOW);
    CHECK_HR(change(date(1e9), VT_BSTR, &to), DISP_E_OVERFLOW);
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

static void empty_is_zero_and_null_is_nothing(void)
{
    static const VARTYPE targets[] = { VT_I4, VT_R8, VT_CY, VT_DATE, VT_BOOL, VT_DECIMAL };
    VARIANT empty = typed(VT_EMPTY, -1), null = typed(VT_NULL, 0), to;

    for (size_t i = 0; i < sizeof targets / sizeof targets[0]; i++) {
        CHECK_HR(change(empty, targets[i], &to), S_OK);
        CHECK_INT(V_VT(&to), targets[i]);
        CHECK(is_i8(to, 0));
        CHECK_HR(change(null, targets[i], &to), DISP_E_TYPEMISMATCH);
    }
    CHECK_HR(change(null, VT_BSTR, &to), DISP_E_TYPEMISMATCH);
    CHECK_HR(change(null, VT_EMPTY, &to), DISP_E_TYPEMISMATCH);
    CHECK_HR(change(connpt_variant_i4(3), VT_EMPTY, &to), S_OK);
    CHECK_INT(V_VT(&to), VT_EMPTY);
    CHECK_HR(change(connpt_variant_i4(3), VT_NULL, &to), S_OK);
    CHECK_INT(V_VT(&to), VT_NULL);
}

static void errors_become_nothing_else(void)
{
    VARIANT error = typed(VT_ERROR, DISP_E_PARAMNOTFOUND), to;

    CHECK_HR(change(error, VT_ERROR, &to), S_OK);
    CHECK_INT(V_ERROR(&to), DISP_E_PARAMNOTFOUND);
    CHECK_HR(change(error, VT_I4, &to), DISP_E_TYPEMISMATCH);
    CHECK_HR(change(error, VT_BSTR, &to), DISP_E_TYPEMISMATCH);
    CHECK_HR(change(error, VT_EMPTY, &to), DISP_E_TYPEMISMATCH);
    CHECK_HR(change(connpt_variant_i4(1), VT_ERROR, &to), DISP_E_TYPEMISMATCH);
}

static void objects_are_asked_for_the_other_interface(void)
{
    struct counted object;
    VARIANT to;

    counted_init(&object);
    CHECK_HR(change(connpt_variant_dispatch(&object.IDispatch_iface), VT_UNKNOWN, &to), S_OK);
    CHECK_INT(object.refs, 2);
    CHECK_HR(connpt_VariantChangeType(&to, &to, 0, VT_DISPATCH), S_OK); /* in place */
    CHECK_INT(V_VT(&to), VT_DISPATCH);
    CHECK_INT(object.refs, 2);
    CHECK_HR(connpt_VariantClear(&to), S_OK);
    object.is_plain = 1;
    CHECK_HR(change(connpt_variant_unknown((IUnknown *)&object.IDispatch_iface), VT_DISPATCH, &to),
             DISP_E_TYPEMISMATCH);
    CHECK_INT(object.refs, 1);
    CHECK_HR(change(connpt_variant_unknown(NULL), VT_DISPATCH, &to), S_OK);
    CHECK_PTR(V_DISPATCH(&to), NULL);
}

static void an_object_gives_its_default_property(void)
{
    struct counted object, inner;
    VARIANT from, to;

    counted_init(&object);
    counted_init(&inner);
    from = connpt_variant_dispatch(&object.IDispatch_iface);
    CHECK_HR(change(from, VT_I4, &to), DISP_E_TYPEMISMATCH);
    object.value = connpt_variant_r8(41.6);
    CHECK_HR(change(from, VT_I4, &to), S_OK);
    CHECK_INT(V_I4(&to), 42);
    CHECK_HR(connpt_VariantChangeType(&to, &from, VARIANT_NOVALUEPROP, VT_I4), DISP_E_TYPEMISMATCH);
    object.value = connpt_variant_dispatch(&inner.IDispatch_iface);
    inner.value = connpt_variant_i4(1);
    CHECK_HR(change(from, VT_I4, &to), DISP_E_TYPEMISMATCH); /* not any deeper */
    CHECK_INT(inner.refs, 1);
    CHECK_HR(change(connpt_variant_dispatch(NULL), VT_I4, &to), DISP_E_TYPEMISMATCH);
    CHECK_HR(change(connpt_variant_unknown(NULL), VT_I4, &to), DISP_E_TYPEMISMATCH);
}

static void arrays_and_references_are_no_targets(void)
{
    VARIANT to, from = connpt_variant_i4(1);

    CHECK_HR(change(from, VT_ARRAY | VT_I4, &to), DISP_E_TYPEMISMATCH);
    CHECK_HR(change(from, VT_BYREF | VT_I4, &to), DISP_E_TYPEMISMATCH);
    CHECK_HR(change(from, VT_VARIANT, &to), DISP_E_TYPEMISMATCH);
    CHECK_HR(change(from, 15, &to), DISP_E_BADVARTYPE);
    CHECK_HR(change(typed(VT_RECORD, 0), VT_I4, &to), DISP_E_BADVARTYPE);
    CHECK_HR(connpt_VariantChangeType(NULL, &from, 0, VT_I4), E_INVALIDARG);
    CHECK_HR(connpt_VariantChangeType(&to, NULL, 0, VT_I4), E_INVALIDARG);
}

static void a_failed_conversion_leaves_the_target(void)
{
    VARIANT v = connpt_variant_i4(300);

    CHECK_HR(connpt_VariantChangeType(&v, &v, 0, VT_UI1), DISP_E_OVERFLOW);
    CHECK_INT(V_VT(&v), VT_I4);
    CHECK_INT(V_I4(&v), 300);
}

static void references_are_followed(void)
{
    double real = 2.5;
    VARIANT ref = connpt_variant_ref(VT_R8, &real);
    VARIANT outer = connpt_variant_ref(VT_VARIANT, &ref), to;

    CHECK_HR(change(outer, VT_I4, &to), S_OK);
    CHECK_INT(V_I4(&to), 2);
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
        T(integers_widen_with_their_sign),
        T(integers_that_do_not_fit_overflow),
        T(integers_of_one_width_keep_their_bits),
        T(reals_round_halves_to_even),
        T(reals_that_do_not_fit_overflow),
        T(bool_is_minus_one_as_a_number),
        T(bool_is_true_for_all_but_zero),
        T(bool_is_a_number_as_text_unless_words_are_asked_for),
        T(words_and_numbers_are_read_as_bool),
        T(numbers_become_text),
        T(single_precision_has_seven_digits_as_text),
        T(text_is_read_as_numbers),
        T(text_that_is_no_number_is_a_mismatch),
        T(text_with_too_large_a_number_overflows),
        T(decimals_keep_all_digits_that_fit),
        T(reals_give_decimals_the_digits_they_are_sure_of),
        T(currency_and_decimals_become_other_numbers),
        T(reals_survive_as_text_with_seventeen_digits),
        T(dates_become_text_and_back),
        T(months_begin_and_end_where_the_calendar_says),
        T(seconds_round_up_into_the_next_day),
        T(dates_out_of_range_overflow),
        T(dates_are_read_in_these_forms_only),
        T(empty_is_zero_and_null_is_nothing),
        T(errors_become_nothing_else),
        T(objects_are_asked_for_the_other_interface),
        T(an_object_gives_its_default_property),
        T(arrays_and_references_are_no_targets),
        T(a_failed_conversion_leaves_the_target),
        T(references_are_followed),
        T(the_locale_changes_nothing),
        T_END,
    };

    return t_run(argc, argv, tests);
}

/* SPDX-License-Identifier: MIT */
/* tests/automation/variant_convert_test.c - VariantChangeType: numbers, objects and nothing */
#include <connpt/automation.h>

#include <math.h>

#include "convert.h"
#include "counted.h"
#include "system.h"
#include "t.h"

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

static void integers_narrow_when_they_fit(void)
{
    VARIANT to;

    CHECK_HR(change(connpt_variant_i4(-32768), VT_I2, &to), S_OK);
    CHECK_INT(V_I2(&to), -32768);
    CHECK_HR(change(connpt_variant_i8(65535), VT_UI2, &to), S_OK);
    CHECK_INT(V_UI2(&to), 65535);
    CHECK_HR(change(connpt_variant_i8(4294967295), VT_UINT, &to), S_OK);
    CHECK_INT(V_UINT(&to), UINT32_MAX);
    CHECK_HR(change(connpt_variant_r8(0.1), VT_R4, &to), S_OK);
    CHECK(V_R4(&to) == (FLOAT)0.1); /* a plain 0.1f has more digits on x87 */
    /* Just below the middle of two floats, and so near to it that the nearest double is there. */
    CHECK_HR(change(typed(VT_UI8, (LONGLONG)18446743523953737727u), VT_R4, &to), S_OK);
    CHECK(V_R4(&to) == 18446742974197923840.0f);
    /* Its infinity, or larger than the largest: both can be said. */
    if (CHECK_HR(change(connpt_variant_r8((double)INFINITY), VT_R4, &to),
                 BY_SYSTEM ? DISP_E_OVERFLOW : S_OK))
        CHECK(BY_SYSTEM || isinf(V_R4(&to)));
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
    if (!BY_SYSTEM) { /* Wine refuses what is beyond 2^62 either way, though it fits */
        CHECK_HR(change(connpt_variant_r8(-9223372036854775808.0), VT_I8, &to), S_OK);
        CHECK_INT(V_I8(&to), INT64_MIN);
    }
    CHECK_HR(change(connpt_variant_r8(18446744073709551616.0), VT_UI8, &to), DISP_E_OVERFLOW);
    CHECK_HR(change(connpt_variant_r8(18446744073709549568.0), VT_UI8, &to), S_OK);
    CHECK(V_UI8(&to) == 18446744073709549568u);
    CHECK_HR(change(connpt_variant_r8(2147483647.5), VT_I4, &to), DISP_E_OVERFLOW);
    CHECK_HR(change(connpt_variant_r8(2147483647.49), VT_I4, &to), S_OK);
    CHECK_HR(change(connpt_variant_r8(-0.51), VT_UI1, &to), DISP_E_OVERFLOW);
    CHECK_HR(change(connpt_variant_r8(-0.5), VT_UI1, &to), S_OK);
    if (!BY_SYSTEM) { /* Wine gives some number for what is none, and DISP_E_BADVARTYPE */
        CHECK_HR(change(connpt_variant_r8((double)NAN), VT_I4, &to), DISP_E_OVERFLOW);
        CHECK_HR(change(connpt_variant_r8((double)NAN), VT_DECIMAL, &to), DISP_E_OVERFLOW);
    }
    CHECK_HR(change(connpt_variant_r8((double)INFINITY), VT_CY, &to), DISP_E_OVERFLOW);
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

static void decimals_keep_all_digits_that_fit(void)
{
    VARIANT to;

    CHECK_HR(from_text("-1.50", VT_DECIMAL, &to), S_OK);
    if (!BY_SYSTEM) /* there zeros at the end are not kept: the same number */
        CHECK(V_DECIMAL(&to).Lo64 == 150 && V_DECIMAL(&to).scale == 2);
    CHECK(is_r8(to, -1.5));
    CHECK_INT(V_DECIMAL(&to).sign, DECIMAL_NEG);
    CHECK_INT(V_VT(&to), VT_DECIMAL);
    CHECK_HR(from_text("79228162514264337593543950335", VT_DECIMAL, &to), S_OK);
    CHECK(V_DECIMAL(&to).Hi32 == UINT32_MAX && V_DECIMAL(&to).Lo64 == UINT64_MAX);
    CHECK_HR(from_text("79228162514264337593543950335.5", VT_DECIMAL, &to), DISP_E_OVERFLOW);
    CHECK_HR(from_text("1e28", VT_DECIMAL, &to), S_OK);
    CHECK(text_is(to, 0, "10000000000000000000000000000"));
}

static void digits_that_do_not_fit_a_decimal_are_rounded_away(void)
{
    VARIANT to;

    if (BY_SYSTEM) {
        t_skip("Wine refuses a fraction with more digits than it has room for");
        return;
    }
    /* One fraction digit too many for 96 bits: it is rounded away, to even. */
    CHECK_HR(from_text("79228162514264337593543950334.5", VT_DECIMAL, &to), S_OK);
    CHECK(V_DECIMAL(&to).Lo64 == UINT64_MAX - 1 && V_DECIMAL(&to).scale == 0);
    /* Rounding up carries into a digit more. */
    CHECK_HR(from_text("7.92281625142643375935439503355", VT_DECIMAL, &to), S_OK);
    CHECK(V_DECIMAL(&to).scale == 27 && V_DECIMAL(&to).Lo64 != 0);
    CHECK_HR(from_text("1e-29", VT_DECIMAL, &to), S_OK);
    CHECK(V_DECIMAL(&to).Lo64 == 0 && V_DECIMAL(&to).sign == 0);
}

static void reals_give_decimals_the_digits_they_are_sure_of(void)
{
    VARIANT to, single;

    CHECK_HR(change(connpt_variant_r8(0.1), VT_DECIMAL, &to), S_OK);
    CHECK(V_DECIMAL(&to).Lo64 == 1 && V_DECIMAL(&to).scale == 1);
    CHECK_HR(change(connpt_variant_r8(0), VT_DECIMAL, &to), S_OK);
    CHECK(V_DECIMAL(&to).Lo64 == 0 && V_DECIMAL(&to).scale == 0);
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
    if (!BY_SYSTEM) /* Wine divides 28 times by ten, and rounds each time */
        CHECK(is_r8(decimal(0, 28, 0, 1), 1e-28));
    CHECK_HR(change(decimal(0, 0, 1, 0), VT_I8, &to), DISP_E_OVERFLOW);
    CHECK_HR(change(decimal(0, 5, 0, 150005), VT_CY, &to), S_OK);
    CHECK_INT(V_CY(&to).int64, BY_SYSTEM ? 15001 : 15000); /* Wine goes by way of a double */
    CHECK_HR(change(cy(-15), VT_DECIMAL, &to), S_OK);
    CHECK(text_is(to, 0, "-0.0015"));
    CHECK_HR(change(connpt_variant_r8(0.00005), VT_CY, &to), S_OK);
    CHECK_INT(V_CY(&to).int64, 1); /* this double is a little more than the half */
    CHECK_HR(change(connpt_variant_r8(-0.00005), VT_CY, &to), S_OK);
    CHECK_INT(V_CY(&to).int64, -1);
    CHECK_HR(change(connpt_variant_r8(0.50048828125), VT_CY, &to), S_OK);
    CHECK_INT(V_CY(&to).int64, 5005);
    CHECK_HR(change(connpt_variant_r8(312438957486156.0), VT_CY, &to), S_OK);
    CHECK_INT(V_CY(&to).int64, 3124389574861560000);
    CHECK_HR(change(connpt_variant_r8(-922337203685477.5), VT_CY, &to), S_OK);
    CHECK_INT(V_CY(&to).int64, -9223372036854775000);
    CHECK_HR(change(connpt_variant_r8(922337203685477.625), VT_CY, &to), DISP_E_OVERFLOW);
    CHECK_HR(change(connpt_variant_r8(-922337203685477.625), VT_CY, &to), DISP_E_OVERFLOW);
    CHECK_HR(change(connpt_variant_r8(-1.23456), VT_CY, &to), S_OK);
    CHECK_INT(V_CY(&to).int64, -12346);
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
             BY_SYSTEM ? E_NOINTERFACE : DISP_E_TYPEMISMATCH); /* what the object said */
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
    /* Not any deeper; Wine goes on while it gets objects. */
    CHECK_HR(change(from, VT_I4, &to), BY_SYSTEM ? S_OK : DISP_E_TYPEMISMATCH);
    CHECK_INT(inner.refs, 1);
    CHECK_HR(change(connpt_variant_dispatch(NULL), VT_I4, &to),
             BY_SYSTEM ? DISP_E_BADVARTYPE : DISP_E_TYPEMISMATCH);
    CHECK_HR(change(connpt_variant_unknown(NULL), VT_I4, &to), DISP_E_TYPEMISMATCH);
}

static void arrays_and_references_are_no_targets(void)
{
    VARIANT to, from = connpt_variant_i4(1);

    CHECK_HR(change(from, VT_ARRAY | VT_I4, &to), DISP_E_TYPEMISMATCH);
    CHECK_HR(change(from, VT_BYREF | VT_I4, &to), DISP_E_TYPEMISMATCH);
    CHECK_HR(change(from, VT_VARIANT, &to), DISP_E_TYPEMISMATCH);
    CHECK_HR(change(from, 15, &to), DISP_E_BADVARTYPE);
    CHECK_HR(change(typed(VT_RECORD, 0), VT_I4, &to), /* there it is a type */
             BY_SYSTEM ? DISP_E_TYPEMISMATCH : DISP_E_BADVARTYPE);
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

int main(int argc, char **argv)
{
    static const struct t_test tests[] = {
        T(integers_widen_with_their_sign),
        T(integers_that_do_not_fit_overflow),
        T(integers_narrow_when_they_fit),
        T(integers_of_one_width_keep_their_bits),
        T(reals_round_halves_to_even),
        T(reals_that_do_not_fit_overflow),
        T(bool_is_minus_one_as_a_number),
        T(bool_is_true_for_all_but_zero),
        T(decimals_keep_all_digits_that_fit),
        T(digits_that_do_not_fit_a_decimal_are_rounded_away),
        T(reals_give_decimals_the_digits_they_are_sure_of),
        T(currency_and_decimals_become_other_numbers),
        T(empty_is_zero_and_null_is_nothing),
        T(errors_become_nothing_else),
        T(objects_are_asked_for_the_other_interface),
        T(an_object_gives_its_default_property),
        T(arrays_and_references_are_no_targets),
        T(a_failed_conversion_leaves_the_target),
        T(references_are_followed),
        T_END,
    };

    return t_run(argc, argv, tests);
}

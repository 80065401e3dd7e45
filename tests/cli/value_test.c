/* SPDX-License-Identifier: MIT */
/* cli/value_test.c - values as text and JSON, and words as values */
#include "value.h"

#include <math.h>

#include <connpt/automation.h>

#include "t.h"

static const char *shown(const VARIANT *value, bool json)
{
    static char line[512];
    struct text text = { 0 };

    value_write(&text, value, json);
    text_char(&text, '\0');
    CHECK(text.length < sizeof(line));
    memcpy(line, text.bytes, text.length < sizeof(line) ? text.length : sizeof(line));
    text_fini(&text);
    return line;
}

static VARIANT of_type(VARTYPE vt, LONGLONG bits)
{
    VARIANT value;

    connpt_VariantInit(&value);
    V_VT(&value) = vt;
    if (vt == VT_I1 || vt == VT_UI1)
        V_UI1(&value) = (BYTE)bits;
    else if (vt == VT_I2 || vt == VT_UI2)
        V_UI2(&value) = (USHORT)bits;
    else if (vt == VT_I4 || vt == VT_UI4 || vt == VT_ERROR)
        V_UI4(&value) = (ULONG)bits;
    else
        V_I8(&value) = bits;
    return value;
}

static const char *shown_real(double real)
{
    VARIANT value = connpt_variant_r8(real);

    return shown(&value, true);
}

static void integers_keep_their_sign_and_width(void)
{
    VARIANT value = of_type(VT_I1, 0xff);

    CHECK_STR(shown(&value, true), "-1");
    value = of_type(VT_UI1, 0xff);
    CHECK_STR(shown(&value, true), "255");
    value = of_type(VT_I2, 0x8000);
    CHECK_STR(shown(&value, true), "-32768");
    value = of_type(VT_UI4, 0xffffffff);
    CHECK_STR(shown(&value, true), "4294967295");
    value = of_type(VT_UI8, -1);
    CHECK_STR(shown(&value, true), "18446744073709551615");
}

static void reals_read_back_as_the_same_number(void)
{
    VARIANT value;

    CHECK_STR(shown_real(12.5), "12.5");
    CHECK_STR(shown_real(0.1), "0.1");
    CHECK_STR(shown_real(0.30000000000000004), "0.30000000000000004");
    CHECK_STR(shown_real(1e300), "1e+300");
    CHECK_STR(shown_real(-INFINITY), "\"-Infinity\"");
    connpt_VariantInit(&value);
    V_VT(&value) = VT_R4;
    V_R4(&value) = 0.1f;
    CHECK_STR(shown(&value, true), "0.1");
}

static void money_and_dates_have_their_own_form(void)
{
    VARIANT value = of_type(VT_CY, -12345);

    CHECK_STR(shown(&value, true), "-1.2345");
    value = of_type(VT_CY, 20000);
    CHECK_STR(shown(&value, true), "2");
    connpt_VariantInit(&value);
    V_VT(&value) = VT_DATE;
    V_DATE(&value) = 36526.5;
    CHECK_STR(shown(&value, true), "\"2000-01-01T12:00:00\"");
    V_DATE(&value) = -1.25;
    CHECK_STR(shown(&value, false), "1899-12-29T06:00:00");
    V_DATE(&value) = 1e9;
    CHECK_STR(shown(&value, true), "1000000000");
}

static void nothing_null_and_missing_differ_in_text(void)
{
    VARIANT value = of_type(VT_EMPTY, 0);

    CHECK_STR(shown(&value, false), "empty");
    CHECK_STR(shown(&value, true), "null");
    value = of_type(VT_NULL, 0);
    CHECK_STR(shown(&value, false), "null");
    CHECK_STR(shown(NULL, false), "<missing>");
    CHECK_STR(shown(NULL, true), "null");
    value = of_type(VT_DISPATCH, 0);
    CHECK_STR(shown(&value, true), "null");
}

static void errors_have_names(void)
{
    VARIANT value = of_type(VT_ERROR, (LONG)CONNECT_E_NOCONNECTION);

    CHECK_STR(shown(&value, false), "CONNECT_E_NOCONNECTION");
    value = of_type(VT_ERROR, 0x1234567);
    CHECK_STR(shown(&value, true), "\"0x01234567\"");
}

static void references_are_followed(void)
{
    VARIANT_BOOL cancel = VARIANT_TRUE;
    VARIANT value = connpt_variant_bool_ref(&cancel), inner = connpt_variant_i4(7);

    CHECK_STR(shown(&value, true), "true");
    value = connpt_variant_ref(VT_VARIANT, &inner);
    CHECK_STR(shown(&value, true), "7");
    value = connpt_variant_ref(VT_I4, NULL);
    CHECK_STR(shown(&value, true), "null");
}

static void arrays_are_nested_by_dimension(void)
{
    SAFEARRAYBOUND bounds[2] = { { 2, 0 }, { 2, 5 } };
    SAFEARRAY *array = connpt_SafeArrayCreate(VT_I4, 2, bounds);
    VARIANT value = of_type(VT_ARRAY | VT_I4, 0);

    if (!CHECK(array != NULL))
        return;
    for (LONG i = 0; i < 2; i++) {
        for (LONG k = 5; k < 7; k++) {
            LONG indices[2] = { i, k }, number = 10 * i + k;

            CHECK_HR(connpt_SafeArrayPutElement(array, indices, &number), S_OK);
        }
    }
    V_ARRAY(&value) = array;
    CHECK_STR(shown(&value, true), "[[5,6],[15,16]]");
    CHECK_STR(shown(&value, false), "[[5, 6], [15, 16]]");
    connpt_VariantClear(&value);
}

static const char *parsed(const char *word, VARTYPE vt)
{
    VARIANT value;
    const char *line;

    if (FAILED(value_parse(word, vt, &value)))
        return "refused";
    line = shown(&value, true);
    connpt_VariantClear(&value);
    return line;
}

static void words_become_what_the_method_wants(void)
{
    CHECK_STR(parsed("12", VT_BSTR), "\"12\"");
    CHECK_STR(parsed("12", VT_R8), "12");
    CHECK_STR(parsed("-3", VT_I2), "-3");
    CHECK_STR(parsed("true", VT_BOOL), "true");
    CHECK_STR(parsed("70000", VT_I2), "refused");
    CHECK_STR(parsed("abc", VT_I4), "refused");
}

static void without_a_type_words_are_guessed(void)
{
    CHECK_STR(parsed("12", VT_EMPTY), "12");
    CHECK_STR(parsed("0x10", VT_EMPTY), "16");
    CHECK_STR(parsed("5000000000", VT_EMPTY), "5000000000");
    CHECK_STR(parsed("1.5", VT_VARIANT), "1.5");
    CHECK_STR(parsed("false", VT_EMPTY), "false");
    CHECK_STR(parsed("nan", VT_EMPTY), "\"nan\"");
    CHECK_STR(parsed("", VT_EMPTY), "\"\"");
    CHECK_STR(parsed("12a", VT_EMPTY), "\"12a\"");
}

int main(int argc, char **argv)
{
    static const struct t_test tests[] = {
        T(integers_keep_their_sign_and_width),
        T(reals_read_back_as_the_same_number),
        T(money_and_dates_have_their_own_form),
        T(nothing_null_and_missing_differ_in_text),
        T(errors_have_names),
        T(references_are_followed),
        T(arrays_are_nested_by_dimension),
        T(words_become_what_the_method_wants),
        T(without_a_type_words_are_guessed),
        T_END,
    };

    return t_run(argc, argv, tests);
}

/* SPDX-License-Identifier: MIT */
/* cli/value.c - a VARIANT as text or JSON, and text as a VARIANT */
#include "value.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include <connpt/automation.h>
#include <connpt/guid.h>

#include "os.h"

/* Neither infinity nor NaN; <math.h>'s own is noisy with -Wconversion on Windows. */
static bool is_finite(double value)
{
    return value - value == 0;
}

static void write_string(struct text *text, BSTR bstr, bool json)
{
    text_char(text, '"');
    text_utf16(text, bstr, connpt_SysStringLen(bstr), json ? TEXT_JSON : TEXT_QUOTED);
    text_char(text, '"');
}

/* The fewest digits that read back as the same number. */
static void write_real(struct text *text, double value, int digits, bool json)
{
    char number[40];

    if (!is_finite(value)) {
        text_printf(text, json ? "\"%s\"" : "%s",
                    value != value ? "NaN"
                    : value > 0    ? "Infinity"
                                   : "-Infinity");
        return;
    }
    for (; digits < 17; digits++) {
        (void)snprintf(number, sizeof(number), "%.*g", digits, value);
        if (strtod(number, NULL) == value)
            break;
    }
    if (digits == 17)
        (void)snprintf(number, sizeof(number), "%.17g", value);
    text_str(text, number);
}

static void write_float(struct text *text, float value, bool json)
{
    char number[40];
    int digits = 6;

    if (!is_finite((double)value)) {
        write_real(text, (double)value, 17, json);
        return;
    }
    for (; digits < 9; digits++) {
        (void)snprintf(number, sizeof(number), "%.*g", digits, (double)value);
        if (strtof(number, NULL) == value)
            break;
    }
    if (digits == 9)
        (void)snprintf(number, sizeof(number), "%.9g", (double)value);
    text_str(text, number);
}

/* Ten-thousandths, with no more digits than needed. */
static void write_currency(struct text *text, CY value)
{
    unsigned long long magnitude =
        value.int64 < 0 ? 0ull - (unsigned long long)value.int64 : (unsigned long long)value.int64;
    unsigned fraction = (unsigned)(magnitude % 10000);

    if (value.int64 < 0)
        text_char(text, '-');
    text_unsigned(text, magnitude / 10000);
    if (fraction != 0) {
        char digits[8];
        size_t length = 5;

        (void)snprintf(digits, sizeof(digits), ".%04u", fraction);
        while (digits[length - 1] == '0')
            length--;
        text_bytes(text, digits, length);
    }
}

/* Days since 1899-12-30; the fraction counts away from midnight also before that day. */
static void write_date(struct text *text, DATE value, bool json)
{
    const int64_t days_to_1970 = 25569, day = 86400; /* seconds */
    struct cli_time time;
    int64_t whole, seconds;
    double fraction;

    if (!(value > -657435.0 && value < 2958466.0)) { /* years 100 to 9999 */
        write_real(text, value, 15, json);
        return;
    }
    whole = (int64_t)value;
    fraction = value - (double)whole;
    seconds = (int64_t)((fraction < 0 ? -fraction : fraction) * (double)day + 0.5);
    seconds += (whole - days_to_1970) * day;
    cli_os_time(seconds, true, &time);
    text_printf(text, json ? "\"%04d-%02d-%02dT%02d:%02d:%02d\"" : "%04d-%02d-%02dT%02d:%02d:%02d",
                time.year, time.month, time.day, time.hour, time.minute, time.second);
}

static void write_error(struct text *text, SCODE code, bool json)
{
    const char *name = connpt_hresult_name(code);
    const char *quote = json ? "\"" : "";

    if (name != NULL)
        text_printf(text, "%s%s%s", quote, name, quote);
    else
        text_printf(text, "%s0x%08lX%s", quote, (unsigned long)(uint32_t)code, quote);
}

/* What has no form of its own here is shown as the string that automation makes of it. */
static void write_as_string(struct text *text, const VARIANT *value, bool json)
{
    VARIANT string;

    connpt_VariantInit(&string);
    if (SUCCEEDED(connpt_VariantChangeType(&string, value, 0, VT_BSTR))) {
        if (V_VT(value) == VT_DECIMAL)
            text_utf16(text, V_BSTR(&string), connpt_SysStringLen(V_BSTR(&string)), TEXT_PLAIN);
        else
            write_string(text, V_BSTR(&string), json);
        connpt_VariantClear(&string);
    } else {
        text_printf(text, json ? "\"<type %u>\"" : "<type %u>", (unsigned)V_VT(value));
    }
}

static void write_word(struct text *text, const char *word, bool json)
{
    text_printf(text, json ? "\"%s\"" : "%s", word);
}

/* The element at @indices, or the elements of dimension @dim under it. */
static void write_dimension(struct text *text, SAFEARRAY *array, VARTYPE vt, LONG *indices,
                            UINT dim, bool json)
{
    LONG lower = 0, upper = -1;

    if (dim == connpt_SafeArrayGetDim(array)) {
        VARIANT element;
        void *place = vt == VT_VARIANT   ? (void *)&element
                      : vt == VT_DECIMAL ? (void *)&V_DECIMAL(&element)
                                         : (void *)&V_I8(&element);

        connpt_VariantInit(&element);
        if (FAILED(connpt_SafeArrayGetElement(array, indices, place))) {
            text_str(text, "null");
            return;
        }
        if (vt != VT_VARIANT)
            V_VT(&element) = vt;
        value_write(text, &element, json);
        connpt_VariantClear(&element);
        return;
    }
    (void)connpt_SafeArrayGetLBound(array, dim + 1, &lower);
    (void)connpt_SafeArrayGetUBound(array, dim + 1, &upper);
    text_char(text, '[');
    for (LONGLONG i = lower; i <= upper; i++) {
        if (i > lower)
            text_str(text, json ? "," : ", ");
        indices[dim] = (LONG)i;
        write_dimension(text, array, vt, indices, dim + 1, json);
    }
    text_char(text, ']');
}

enum { MOST_DIMENSIONS = 16 };

static void write_array(struct text *text, SAFEARRAY *array, VARTYPE vt, bool json)
{
    LONG indices[MOST_DIMENSIONS] = { 0 };
    VARTYPE own;

    if (array == NULL) {
        text_str(text, "null");
        return;
    }
    if (SUCCEEDED(connpt_SafeArrayGetVartype(array, &own)))
        vt = own;
    if (vt == VT_RECORD || connpt_SafeArrayGetDim(array) > MOST_DIMENSIONS)
        write_word(text, "<array>", json);
    else
        write_dimension(text, array, vt, indices, 0, json);
}

/* A BYREF value as a plain one that borrows what it points to. */
static VARIANT follow(const VARIANT *value)
{
    VARTYPE vt = (VARTYPE)(V_VT(value) & ~VT_BYREF);
    VARIANT plain;

    connpt_VariantInit(&plain);
    if (V_BYREF(value) == NULL)
        return plain;
    if (vt == VT_VARIANT)
        return *V_VARIANTREF(value);
    V_VT(&plain) = vt;
    if ((vt & VT_ARRAY) != 0) {
        V_ARRAY(&plain) = *V_ARRAYREF(value);
        return plain;
    }
    switch (vt) {
    case VT_I1:
    case VT_UI1:
        V_UI1(&plain) = *V_UI1REF(value);
        break;
    case VT_I2:
    case VT_UI2:
    case VT_BOOL:
        V_I2(&plain) = *V_I2REF(value);
        break;
    case VT_I8:
    case VT_UI8:
    case VT_CY:
    case VT_R8:
    case VT_DATE:
        V_I8(&plain) = *V_I8REF(value);
        break;
    case VT_DECIMAL:
        V_DECIMAL(&plain) = *V_DECIMALREF(value);
        V_VT(&plain) = vt;
        break;
    case VT_BSTR:
        V_BSTR(&plain) = *V_BSTRREF(value);
        break;
    case VT_UNKNOWN:
    case VT_DISPATCH:
        V_UNKNOWN(&plain) = *V_UNKNOWNREF(value);
        break;
    case VT_RECORD:
        break;
    default:
        V_I4(&plain) = *V_I4REF(value);
        break;
    }
    return plain;
}

/* False when it is no integer. */
static bool write_integer(struct text *text, const VARIANT *value)
{
    switch (V_VT(value)) {
    case VT_I1:
        text_signed(text, (signed char)V_I1(value)); /* char may have no sign */
        break;
    case VT_I2:
        text_signed(text, V_I2(value));
        break;
    case VT_I4:
    case VT_INT:
        text_signed(text, V_I4(value));
        break;
    case VT_I8:
        text_signed(text, V_I8(value));
        break;
    case VT_UI1:
        text_unsigned(text, V_UI1(value));
        break;
    case VT_UI2:
        text_unsigned(text, V_UI2(value));
        break;
    case VT_UI4:
    case VT_UINT:
        text_unsigned(text, V_UI4(value));
        break;
    case VT_UI8:
        text_unsigned(text, V_UI8(value));
        break;
    default:
        return false;
    }
    return true;
}

void value_write(struct text *text, const VARIANT *value, bool json)
{
    VARIANT plain;

    if (value == NULL) {
        text_str(text, json ? "null" : "<missing>");
        return;
    }
    if ((V_VT(value) & VT_BYREF) != 0) {
        plain = follow(value);
        /* a VARIANT by reference may hold another reference, and no more */
        value = (V_VT(&plain) & VT_BYREF) != 0 ? NULL : &plain;
        value_write(text, value, json);
        return;
    }
    if ((V_VT(value) & VT_ARRAY) != 0) {
        write_array(text, V_ARRAY(value), V_VT(value) & VT_TYPEMASK, json);
        return;
    }
    if (write_integer(text, value))
        return;
    switch (V_VT(value)) {
    case VT_BSTR:
        write_string(text, V_BSTR(value), json);
        break;
    case VT_BOOL:
        text_str(text, V_BOOL(value) != VARIANT_FALSE ? "true" : "false");
        break;
    case VT_R4:
        write_float(text, V_R4(value), json);
        break;
    case VT_R8:
        write_real(text, V_R8(value), 15, json);
        break;
    case VT_CY:
        write_currency(text, V_CY(value));
        break;
    case VT_DATE:
        write_date(text, V_DATE(value), json);
        break;
    case VT_ERROR:
        write_error(text, V_ERROR(value), json);
        break;
    case VT_EMPTY:
    case VT_NULL:
        text_str(text, json ? "null" : V_VT(value) == VT_EMPTY ? "empty" : "null");
        break;
    case VT_UNKNOWN:
    case VT_DISPATCH:
        if (V_UNKNOWN(value) == NULL)
            text_str(text, "null");
        else
            write_word(text, "<object>", json);
        break;
    case VT_RECORD:
        write_word(text, "<record>", json);
        break;
    default:
        write_as_string(text, value, json);
        break;
    }
}

/* ---- from words ------------------------------------------------------------------------------ */

static HRESULT parse_string(const char *word, VARIANT *ret_value)
{
    BSTR bstr;
    HRESULT hr = connpt_bstr_from_utf8(word, (size_t)-1, &bstr);

    if (FAILED(hr))
        return hr;
    connpt_VariantInit(ret_value);
    V_VT(ret_value) = VT_BSTR;
    V_BSTR(ret_value) = bstr;
    return S_OK;
}

/* true, false, 12, -3, 2.5e3, 0x1f; anything else is a string */
static HRESULT guess(const char *word, VARIANT *ret_value)
{
    char *end;
    long long whole;
    double real;

    if (strcmp(word, "true") == 0 || strcmp(word, "false") == 0) {
        *ret_value = connpt_variant_bool(word[0] == 't');
        return S_OK;
    }
    errno = 0;
    whole = strtoll(word, &end, 0);
    if (word[0] != '\0' && *end == '\0' && errno == 0) {
        *ret_value = whole >= INT32_MIN && whole <= INT32_MAX ? connpt_variant_i4((LONG)whole)
                                                              : connpt_variant_i8(whole);
        return S_OK;
    }
    real = strtod(word, &end);
    if (word[0] != '\0' && *end == '\0' && is_finite(real)) {
        *ret_value = connpt_variant_r8(real);
        return S_OK;
    }
    return parse_string(word, ret_value);
}

HRESULT value_parse(const char *word, VARTYPE vt, VARIANT *ret_value)
{
    VARIANT value;
    HRESULT hr;

    if (vt == VT_BSTR)
        return parse_string(word, ret_value);
    hr = guess(word, &value);
    if (FAILED(hr))
        return hr;
    if (vt != VT_EMPTY && vt != VT_VARIANT && vt != V_VT(&value)) {
        hr = connpt_VariantChangeType(&value, &value, 0, vt);
        if (FAILED(hr)) {
            connpt_VariantClear(&value);
            return hr;
        }
    }
    *ret_value = value;
    return S_OK;
}

const char *value_type_name(VARTYPE vt)
{
    static const char *const names[] = {
        [VT_I2] = "short",           [VT_I4] = "long",
        [VT_R4] = "float",           [VT_R8] = "double",
        [VT_CY] = "CURRENCY",        [VT_DATE] = "DATE",
        [VT_BSTR] = "BSTR",          [VT_DISPATCH] = "IDispatch *",
        [VT_ERROR] = "SCODE",        [VT_BOOL] = "VARIANT_BOOL",
        [VT_VARIANT] = "VARIANT",    [VT_UNKNOWN] = "IUnknown *",
        [VT_DECIMAL] = "DECIMAL",    [VT_I1] = "signed char",
        [VT_UI1] = "unsigned char",  [VT_UI2] = "unsigned short",
        [VT_UI4] = "unsigned long",  [VT_I8] = "hyper",
        [VT_UI8] = "unsigned hyper", [VT_INT] = "int",
        [VT_UINT] = "unsigned int",  [VT_VOID] = "void",
        [VT_HRESULT] = "HRESULT",    [VT_LPSTR] = "LPSTR",
        [VT_LPWSTR] = "LPWSTR",
    };

    return vt < sizeof(names) / sizeof(names[0]) ? names[vt] : NULL;
}

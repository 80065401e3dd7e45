/* SPDX-License-Identifier: MIT */
/*
 * automation/variant_convert.c - VariantChangeType, outside Windows
 *
 * A value is first read into one of two forms, exact digits or a double, and then written as
 * the type that is wanted; so there is one reader and one writer for each type, not one
 * function for each pair. As on Windows:
 *   - rounding is to the nearest, halves to the even neighbour;
 *   - what does not fit is DISP_E_OVERFLOW, except between the signed and the unsigned integer
 *     of one width, where the bits stay as they are;
 *   - VT_BOOL is -1 or 0 as a number (1 or 0 as a DECIMAL), and as text unless
 *     VARIANT_ALPHABOOL asks for "True" and "False"; both are understood.
 * Unlike there, no locale is asked: numbers have a point, dates are as date.h says.
 */
#include "automation/variant.h"

#include <float.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "automation/bstr.h"
#include "automation/date.h"
#include "automation/digits.h"
#include "base/mutex.h"

/* A number on its way from one type to another. */
struct number {
    int is_real;
    double real;                 /* when is_real */
    struct connpt__digits exact; /* otherwise */
};

struct integer_type {
    VARTYPE vt;
    uint8_t size; /* bytes */
    int64_t min;
    uint64_t max;
};

static const struct integer_type integer_types[] = {
    { VT_I1, 1, INT8_MIN, INT8_MAX },    { VT_UI1, 1, 0, UINT8_MAX },
    { VT_I2, 2, INT16_MIN, INT16_MAX },  { VT_UI2, 2, 0, UINT16_MAX },
    { VT_I4, 4, INT32_MIN, INT32_MAX },  { VT_UI4, 4, 0, UINT32_MAX },
    { VT_INT, 4, INT32_MIN, INT32_MAX }, { VT_UINT, 4, 0, UINT32_MAX },
    { VT_I8, 8, INT64_MIN, INT64_MAX },  { VT_UI8, 8, 0, UINT64_MAX },
};

static const struct integer_type *integer_type(VARTYPE vt)
{
    for (size_t i = 0; i < sizeof integer_types / sizeof integer_types[0]; i++) {
        if (integer_types[i].vt == vt)
            return &integer_types[i];
    }
    return NULL;
}

/* ---- reading ----------------------------------------------------------------------------- */

static void number_from_i64(int64_t value, int exponent, struct number *number)
{
    number->is_real = 0;
    connpt__digits_from_u64(value < 0 ? 0 - (uint64_t)value : (uint64_t)value, value < 0, exponent,
                            &number->exact);
}

static void number_from_real(double value, struct number *number)
{
    number->is_real = 1;
    number->real = value;
}

static void number_from_integer(const VARIANT *from, struct number *number)
{
    switch (from->vt) {
    case VT_I1:
        number_from_i64((signed char)from->bVal, 0, number);
        break;
    case VT_UI1:
        number_from_i64(from->bVal, 0, number);
        break;
    case VT_I2:
        number_from_i64(from->iVal, 0, number);
        break;
    case VT_UI2:
        number_from_i64(from->uiVal, 0, number);
        break;
    case VT_I4:
    case VT_INT:
        number_from_i64(from->lVal, 0, number);
        break;
    case VT_UI4:
    case VT_UINT:
        number_from_i64(from->ulVal, 0, number);
        break;
    case VT_I8:
        number_from_i64(from->llVal, 0, number);
        break;
    default: /* VT_UI8 */
        number->is_real = 0;
        connpt__digits_from_u64(from->ullVal, 0, 0, &number->exact);
        break;
    }
}

/* Any type but the objects. Returns: S_OK; DISP_E_TYPEMISMATCH. */
static HRESULT read_number(const VARIANT *from, struct number *number)
{
    number->is_real = 0;
    switch (from->vt) {
    case VT_EMPTY:
        number_from_i64(0, 0, number);
        return S_OK;
    case VT_BOOL:
        number_from_i64(from->boolVal, 0, number);
        return S_OK;
    case VT_R4:
        number_from_real((double)from->fltVal, number);
        return S_OK;
    case VT_R8:
    case VT_DATE:
        number_from_real(from->dblVal, number);
        return S_OK;
    case VT_CY:
        number_from_i64(from->cyVal.int64, -4, number);
        return S_OK;
    case VT_DECIMAL:
        connpt__digits_from_decimal(&from->decVal, &number->exact);
        return S_OK;
    case VT_BSTR:
        return connpt__digits_from_text(from->bstrVal, connpt_SysStringLen(from->bstrVal),
                                        &number->exact);
    default:
        if (integer_type(from->vt) == NULL)
            return DISP_E_TYPEMISMATCH;
        number_from_integer(from, number);
        return S_OK;
    }
}

/* ---- writing ----------------------------------------------------------------------------- */

/* Halves to the even neighbour, whatever the floating-point environment says. */
static double round_real(double real)
{
    double whole, rest;

    if (!(fabs(real) < 4503599627370496.0)) /* 2^52: whole already, infinite or not a number */
        return real;
    whole = (double)(int64_t)real;
    rest = real - whole;
    if (fabs(rest) > 0.5 || (fabs(rest) == 0.5 && ((int64_t)whole & 1) != 0))
        whole += rest < 0 ? -1 : 1;
    return whole;
}

/*
 * @real times 10000, rounded once. Whole and rest apart, because their product may need more digits
 * than a double has; the rest in two parts of few bits, so that what the sum loses is known.
 */
static HRESULT currency_from_real(double real, int64_t *ret_units)
{
    double rest, high, low, product, lost, rounded;
    int64_t whole;

    if (!(fabs(real) < 922337203685478.0)) /* and nothing overflows below but the sum */
        return DISP_E_OVERFLOW;
    whole = (int64_t)real;
    rest = real - (double)whole;
    high = (double)(float)rest;
    low = (rest - high) * 10000.0;
    high *= 10000.0;
    product = high + low;
    lost = low - (product - high);
    rounded = round_real(product);
    /* It only looks like a half. */
    if (lost != 0 && fabs(product - (double)(int64_t)product) == 0.5)
        rounded = product + (lost > 0 ? 0.5 : -0.5);
    if (__builtin_add_overflow(whole * 10000, (int64_t)rounded, ret_units))
        return DISP_E_OVERFLOW;
    return S_OK;
}

/* The number times 10^@shift, rounded, when it lies from @min to @max; two's complement. */
static HRESULT round_number(const struct number *number, int shift, int64_t min, uint64_t max,
                            uint64_t *ret_bits)
{
    uint64_t magnitude;

    if (number->is_real) {
        double rounded = round_real(number->real);

        /* Not `> max`: as a double, a maximum of 64 bits is one too much. All maxima are odd, so
         * this is exactly the next number, also where the compiler computes with more digits
         * (x87): there `(double)max + 1` may be one more than that. */
        if (!(rounded >= (double)min && rounded < 2.0 * (double)(max / 2 + 1)))
            return DISP_E_OVERFLOW;
        *ret_bits = rounded < 0 ? (uint64_t)(int64_t)rounded : (uint64_t)rounded;
        return S_OK;
    }
    if (FAILED(connpt__digits_to_u64(&number->exact, shift, &magnitude)))
        return DISP_E_OVERFLOW;
    if (number->exact.is_negative) {
        if (magnitude > 0 - (uint64_t)min)
            return DISP_E_OVERFLOW;
        magnitude = 0 - magnitude;
    } else if (magnitude > max) {
        return DISP_E_OVERFLOW;
    }
    *ret_bits = magnitude;
    return S_OK;
}

static double number_as_real(const struct number *number)
{
    return number->is_real ? number->real : connpt__digits_to_real(&number->exact);
}

static HRESULT write_integer(const struct number *number, const struct integer_type *type,
                             VARIANT *to)
{
    uint64_t bits;
    HRESULT hr = round_number(number, 0, type->min, type->max, &bits);

    if (FAILED(hr))
        return hr;
    switch (type->size) {
    case 1:
        to->bVal = (BYTE)bits;
        break;
    case 2:
        to->uiVal = (USHORT)bits;
        break;
    case 4:
        to->ulVal = (ULONG)bits;
        break;
    default:
        to->ullVal = bits;
        break;
    }
    return S_OK;
}

static HRESULT write_currency(const struct number *number, VARIANT *to)
{
    uint64_t bits;
    int64_t units;
    HRESULT hr;

    if (number->is_real) {
        hr = currency_from_real(number->real, &units);
    } else {
        hr = round_number(number, 4, INT64_MIN, INT64_MAX, &bits);
        units = SUCCEEDED(hr) ? (int64_t)bits : 0;
    }
    if (SUCCEEDED(hr))
        to->cyVal.int64 = units;
    return hr;
}

static HRESULT write_decimal(const struct number *number, VARTYPE from, VARIANT *to)
{
    struct connpt__digits digits;
    HRESULT hr;

    if (!number->is_real) {
        digits = number->exact;
        if (from == VT_BOOL)
            digits.is_negative = 0;
    } else {
        /* As many digits as the binary form is sure of. */
        hr = connpt__digits_from_real(number->real, from == VT_R4 ? 7 : 15, &digits);
        if (FAILED(hr))
            return hr;
        while (digits.n > 0 && digits.text[digits.n - 1] == 0) {
            digits.n--;
            digits.exponent++;
        }
        if (digits.n == 0)
            digits.exponent = 0;
    }
    return connpt__digits_to_decimal(&digits, &to->decVal);
}

/* Types other than VT_BSTR and the objects. */
static HRESULT write_number(const struct number *number, VARTYPE from, VARTYPE vt, VARIANT *to)
{
    const struct integer_type *type = integer_type(vt);
    double real;

    if (type != NULL)
        return write_integer(number, type, to);
    switch (vt) {
    case VT_BOOL:
        to->boolVal = (number->is_real ? number->real != 0 : number->exact.n != 0) ? VARIANT_TRUE
                                                                                   : VARIANT_FALSE;
        return S_OK;
    case VT_CY:
        return write_currency(number, to);
    case VT_DECIMAL:
        return write_decimal(number, from, to);
    case VT_R4:
        real = number_as_real(number);
        if (isfinite(real) ? fabs(real) > (double)FLT_MAX : !number->is_real)
            return DISP_E_OVERFLOW;
        to->fltVal = number->is_real ? (FLOAT)real : connpt__digits_to_single(&number->exact);
        return S_OK;
    case VT_R8:
        to->dblVal = number_as_real(number);
        return number->is_real || isfinite(to->dblVal) ? S_OK : DISP_E_OVERFLOW;
    case VT_DATE:
        to->date = number_as_real(number);
        return connpt__date_check(to->date);
    default:
        return DISP_E_TYPEMISMATCH;
    }
}

/* ---- text -------------------------------------------------------------------------------- */

static void format_real(double real, int precision, char *text, size_t size)
{
    char *to = text;

    (void)snprintf(text, size, "%.*G", precision, real + 0.0); /* -0 becomes 0 */
    if (!isfinite(real))
        return; /* INF, NAN */
    /* What is no digit, sign or 'E' is the locale's decimal point, of one byte or more. */
    for (const char *from = text; *from != '\0'; from++) {
        if (strchr("+-0123456789E", *from) != NULL)
            *to++ = *from;
        else if (to[-1] != '.')
            *to++ = '.';
    }
    *to = '\0';
}

static HRESULT write_text(const VARIANT *from, USHORT flags, VARIANT *to)
{
    char text[CONNPT__DIGITS_TEXT_SIZE] = "";
    struct number number;
    HRESULT hr = S_OK;

    if (from->vt == VT_DATE) {
        hr = connpt__date_format(from->date, text);
    } else if (from->vt == VT_R4 || from->vt == VT_R8) {
        format_real(from->vt == VT_R4 ? (double)from->fltVal : from->dblVal,
                    from->vt == VT_R4 ? 7 : 15, text, sizeof text);
    } else if (from->vt == VT_BOOL && (flags & (VARIANT_ALPHABOOL | VARIANT_LOCALBOOL)) != 0) {
        strcpy(text, from->boolVal != VARIANT_FALSE ? "True" : "False");
    } else if (from->vt != VT_EMPTY) {
        hr = read_number(from, &number);
        if (SUCCEEDED(hr))
            connpt__digits_format(&number.exact, text);
    }
    return SUCCEEDED(hr) ? connpt__bstr_from_ascii(text, &to->bstrVal) : hr;
}

static int text_is(BSTR text, const char *word)
{
    size_t length = strlen(word);

    if (connpt_SysStringLen(text) != length)
        return 0;
    for (size_t i = 0; i < length; i++) {
        OLECHAR c = text[i] >= 'A' && text[i] <= 'Z' ? (OLECHAR)(text[i] + 32) : text[i];

        if (c != (OLECHAR)word[i])
            return 0;
    }
    return 1;
}

/* S_FALSE: the text is a matter for read_number. */
static HRESULT read_special_text(BSTR text, VARTYPE vt, VARIANT *to)
{
    if (vt == VT_DATE)
        return connpt__date_parse(text, connpt_SysStringLen(text), &to->date);
    if (vt != VT_BOOL)
        return S_FALSE;
    if (text_is(text, "true") || text_is(text, "#true#"))
        to->boolVal = VARIANT_TRUE;
    else if (text_is(text, "false") || text_is(text, "#false#"))
        to->boolVal = VARIANT_FALSE;
    else
        return S_FALSE;
    return S_OK;
}

/* ---- objects ----------------------------------------------------------------------------- */

static HRESULT query_object(IUnknown *object, REFIID iid, void **ret_object)
{
    HRESULT hr;

    *ret_object = NULL;
    if (object == NULL)
        return S_OK;
    connpt__assert_unlocked();
    hr = IUnknown_QueryInterface(object, iid, ret_object);
    if (hr == E_OUTOFMEMORY)
        return hr;
    return SUCCEEDED(hr) && *ret_object != NULL ? S_OK : DISP_E_TYPEMISMATCH;
}

/* The value of the object's default property, which may not be an object again. */
static HRESULT convert_default_property(IDispatch *object, USHORT flags, VARTYPE vt, VARIANT *to)
{
    DISPPARAMS no_params = { NULL, NULL, 0, 0 };
    VARIANT value;
    HRESULT hr;

    if (object == NULL || (flags & VARIANT_NOVALUEPROP) != 0)
        return DISP_E_TYPEMISMATCH;
    connpt_VariantInit(&value);
    connpt__assert_unlocked();
    hr = IDispatch_Invoke(object, DISPID_VALUE, &IID_NULL, LOCALE_NEUTRAL, DISPATCH_PROPERTYGET,
                          &no_params, &value, NULL, NULL);
    if (FAILED(hr))
        return hr == E_OUTOFMEMORY ? hr : DISP_E_TYPEMISMATCH;
    hr = connpt_VariantChangeType(&value, &value, (USHORT)(flags | VARIANT_NOVALUEPROP), vt);
    if (FAILED(hr))
        (void)connpt_VariantClear(&value);
    else
        *to = value;
    return hr;
}

/* ---- all of it --------------------------------------------------------------------------- */

static HRESULT convert_to_nothing(VARTYPE from, VARTYPE vt)
{
    if (from == VT_ERROR || (from == VT_NULL && vt == VT_EMPTY))
        return DISP_E_TYPEMISMATCH;
    return S_OK;
}

/* @from: by value, no array, and not of type @vt. @to: VT_EMPTY; its vt is not set here. */
static HRESULT convert(const VARIANT *from, USHORT flags, VARTYPE vt, VARIANT *to)
{
    const struct integer_type *from_integer = integer_type(from->vt);
    const struct integer_type *to_integer = integer_type(vt);
    struct number number;
    HRESULT hr;

    if (vt == VT_EMPTY || vt == VT_NULL)
        return convert_to_nothing(from->vt, vt);
    if (from->vt == VT_NULL || from->vt == VT_ERROR || from->vt == VT_VARIANT)
        return DISP_E_TYPEMISMATCH;
    if (vt == VT_UNKNOWN && from->vt == VT_DISPATCH)
        return query_object(from->punkVal, &IID_IUnknown, (void **)&to->punkVal);
    if (vt == VT_DISPATCH && from->vt == VT_UNKNOWN)
        return query_object(from->punkVal, &IID_IDispatch, (void **)&to->punkVal);
    if (from->vt == VT_DISPATCH)
        return convert_default_property(from->pdispVal, flags, vt, to);
    if (from->vt == VT_UNKNOWN)
        return DISP_E_TYPEMISMATCH;
    if (vt == VT_BSTR)
        return write_text(from, flags, to);
    if (from_integer != NULL && to_integer != NULL && from_integer->size == to_integer->size) {
        to->ullVal = from->ullVal;
        return S_OK;
    }
    if (from->vt == VT_BOOL && to_integer != NULL) {
        to->llVal = from->boolVal != VARIANT_FALSE ? -1 : 0; /* all bits, in unsigned types too */
        return S_OK;
    }
    if (from->vt == VT_BSTR) {
        hr = read_special_text(from->bstrVal, vt, to);
        if (hr != S_FALSE)
            return hr;
    }
    hr = read_number(from, &number);
    if (FAILED(hr))
        return hr;
    return write_number(&number, from->vt, vt, to);
}

HRESULT connpt_VariantChangeType(VARIANT *to, const VARIANT *from, USHORT flags, VARTYPE vt)
{
    VARIANT borrowed, result = { .vt = VT_EMPTY };
    HRESULT hr;

    if (to == NULL || from == NULL)
        return E_INVALIDARG;
    hr = connpt__vartype_check(vt);
    if (FAILED(hr))
        return hr;
    hr = connpt__variant_deref(from, &borrowed);
    if (FAILED(hr))
        return hr == E_INVALIDARG ? DISP_E_TYPEMISMATCH : hr;
    if (borrowed.vt == vt) {
        hr = connpt_VariantCopy(&result, &borrowed);
    } else if (((borrowed.vt | vt) & (VT_ARRAY | VT_BYREF)) != 0 || vt == VT_VARIANT) {
        return DISP_E_TYPEMISMATCH;
    } else {
        hr = convert(&borrowed, flags, vt, &result);
        if (SUCCEEDED(hr))
            result.vt = vt; /* last: a DECIMAL lies across it */
    }
    if (FAILED(hr))
        return hr;
    hr = connpt_VariantClear(to);
    if (FAILED(hr))
        (void)connpt_VariantClear(&result); /* a fresh value has no lock that could prevent it */
    else
        *to = result;
    return hr;
}

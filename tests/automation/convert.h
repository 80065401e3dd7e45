/* SPDX-License-Identifier: MIT */
/* tests/automation/convert.h - values of every type, and checks of what they become */
#ifndef CONNPT_TESTS_CONVERT_H
#define CONNPT_TESTS_CONVERT_H

#include <connpt/automation.h>
#include <connpt/memory.h>

#include "t.h"

/* As much of @bits as the type has. */
static inline VARIANT typed(VARTYPE vt, LONGLONG bits)
{
    VARIANT v = connpt_variant_i8(bits);

    V_VT(&v) = vt;
    switch (vt) {
    case VT_I1:
    case VT_UI1:
        V_UI1(&v) = (BYTE)bits;
        break;
    case VT_I2:
    case VT_UI2:
    case VT_BOOL:
        V_UI2(&v) = (USHORT)bits;
        break;
    case VT_I4:
    case VT_UI4:
    case VT_INT:
    case VT_UINT:
    case VT_ERROR:
        V_UI4(&v) = (ULONG)bits;
        break;
    default:
        break;
    }
    return v;
}

static inline VARIANT cy(LONGLONG ten_thousandths)
{
    return typed(VT_CY, ten_thousandths);
}

static inline VARIANT date(double days)
{
    VARIANT v = connpt_variant_r8(days);

    V_VT(&v) = VT_DATE;
    return v;
}

static inline VARIANT decimal(int is_negative, int scale, ULONG high, ULONGLONG low)
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
static inline HRESULT from_text(const char *text, VARTYPE vt, VARIANT *to)
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
static inline int text_is(VARIANT from, USHORT flags, const char *expected)
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

static inline HRESULT change(VARIANT from, VARTYPE vt, VARIANT *to)
{
    connpt_VariantInit(to);
    return connpt_VariantChangeType(to, &from, 0, vt);
}

static inline int is_i8(VARIANT from, LONGLONG expected)
{
    VARIANT to;

    return CHECK_HR(change(from, VT_I8, &to), S_OK) && CHECK_INT(V_I8(&to), expected);
}

static inline int is_r8(VARIANT from, double expected)
{
    VARIANT to;

    return CHECK_HR(change(from, VT_R8, &to), S_OK) && CHECK(V_R8(&to) == expected);
}

#endif

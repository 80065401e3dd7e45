/* SPDX-License-Identifier: MIT */
/* automation/variant_make.c - VARIANTs as expressions, for the arguments of events */
#include <connpt/automation.h>

VARIANT connpt_variant_i4(LONG value)
{
    VARIANT variant = { 0 };

    V_VT(&variant) = VT_I4;
    V_I4(&variant) = value;
    return variant;
}

VARIANT connpt_variant_i8(LONGLONG value)
{
    VARIANT variant = { 0 };

    V_VT(&variant) = VT_I8;
    V_I8(&variant) = value;
    return variant;
}

VARIANT connpt_variant_r8(double value)
{
    VARIANT variant = { 0 };

    V_VT(&variant) = VT_R8;
    V_R8(&variant) = value;
    return variant;
}

VARIANT connpt_variant_bool(int value)
{
    VARIANT variant = { 0 };

    V_VT(&variant) = VT_BOOL;
    V_BOOL(&variant) = value ? VARIANT_TRUE : VARIANT_FALSE;
    return variant;
}

VARIANT connpt_variant_bstr(BSTR value)
{
    VARIANT variant = { 0 };

    V_VT(&variant) = VT_BSTR;
    V_BSTR(&variant) = value;
    return variant;
}

VARIANT connpt_variant_dispatch(IDispatch *value)
{
    VARIANT variant = { 0 };

    V_VT(&variant) = VT_DISPATCH;
    V_DISPATCH(&variant) = value;
    return variant;
}

VARIANT connpt_variant_unknown(IUnknown *value)
{
    VARIANT variant = { 0 };

    V_VT(&variant) = VT_UNKNOWN;
    V_UNKNOWN(&variant) = value;
    return variant;
}

VARIANT connpt_variant_bool_ref(VARIANT_BOOL *value)
{
    return connpt_variant_ref(VT_BOOL, value);
}

VARIANT connpt_variant_ref(VARTYPE vt, void *value)
{
    VARIANT variant = { 0 };

    V_VT(&variant) = (VARTYPE)(VT_BYREF | vt);
    V_BYREF(&variant) = value;
    return variant;
}

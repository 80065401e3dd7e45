/* SPDX-License-Identifier: MIT */
/*
 * automation/dispparams.c - the arguments of Invoke by the number of their parameter
 *
 * rgvarg holds the named arguments first, in the order of rgdispidNamedArgs, and then the
 * others, last one first. A named argument's id is the number of its parameter.
 */
#include "automation/dispparams.h"

#include <connpt/automation.h>

int connpt__arg_is_missing(const VARIANT *arg)
{
    return arg == NULL || (V_VT(arg) == VT_ERROR && V_ERROR(arg) == DISP_E_PARAMNOTFOUND);
}

VARIANT *connpt_arg(const DISPPARAMS *params, UINT position)
{
    VARIANT *arg = NULL;

    if (params == NULL || params->rgvarg == NULL || params->cNamedArgs > params->cArgs)
        return NULL;
    if (position < params->cArgs - params->cNamedArgs) {
        arg = &params->rgvarg[params->cArgs - 1 - position];
    } else if (params->rgdispidNamedArgs != NULL) {
        for (UINT i = 0; i < params->cNamedArgs; i++) {
            DISPID id = params->rgdispidNamedArgs[i];

            if (id >= 0 && (UINT)id == position) {
                arg = &params->rgvarg[i];
                break;
            }
        }
    }
    return connpt__arg_is_missing(arg) ? NULL : arg;
}

HRESULT connpt_arg_get(const DISPPARAMS *params, UINT position, VARTYPE vt, VARIANT *ret_value)
{
    VARIANT *arg = connpt_arg(params, position);
    VARIANT value;
    HRESULT hr;

    if (ret_value == NULL)
        return E_POINTER;
    if (arg == NULL)
        return DISP_E_PARAMNOTFOUND;
    connpt_VariantInit(&value);
    if (vt == VT_VARIANT)
        hr = connpt_VariantCopyInd(&value, arg);
    else
        hr = connpt_VariantChangeType(&value, arg, 0, vt);
    if (SUCCEEDED(hr))
        *ret_value = value;
    return hr;
}

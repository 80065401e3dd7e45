/* SPDX-License-Identifier: MIT */
/*
 * automation/dispatch_table.c - IDispatch's two working methods over a table of methods
 *
 * Invoke puts the arguments into declared order, converts those that have another type than
 * their parameter, calls, and frees what it converted.
 */
#include <connpt/automation.h>

#include <string.h>

#include <connpt/guid.h>

#include "automation/dispparams.h"
#include "automation/excepinfo.h"
#include "base/mutex.h"

/* ---- names ------------------------------------------------------------------------------- */

static unsigned lower(unsigned c)
{
    return c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c;
}

/* Without case; @ascii may be NULL. */
static int name_is(const OLECHAR *name, const char *ascii)
{
    if (ascii == NULL)
        return 0;
    for (; *name != 0 && *ascii != '\0'; name++, ascii++) {
        if (lower(*name) != lower((unsigned char)*ascii))
            return 0;
    }
    return *name == 0 && *ascii == '\0';
}

/* The get and the put of a property have the same name and id, but not the same parameters. */
static DISPID find_param(const struct connpt_dispatch_method *methods, const OLECHAR *method_name,
                         const OLECHAR *name)
{
    for (; methods->name != NULL; methods++) {
        if (!name_is(method_name, methods->name))
            continue;
        for (uint16_t i = 0; i < methods->n_params; i++) {
            if (name_is(name, methods->params[i].name))
                return i;
        }
    }
    return DISPID_UNKNOWN;
}

HRESULT connpt_dispatch_GetIDsOfNames(const struct connpt_dispatch_method *methods, REFIID riid,
                                      LPOLESTR *names, UINT n_names, LCID lcid, DISPID *ids)
{
    HRESULT hr = S_OK;

    (void)lcid; /* the names are the same everywhere */
    if (methods == NULL || names == NULL || ids == NULL)
        return E_POINTER;
    if (riid == NULL || !connpt_guid_equal(riid, &IID_NULL))
        return DISP_E_UNKNOWNINTERFACE;
    for (UINT i = 0; i < n_names; i++) {
        ids[i] = DISPID_UNKNOWN;
        if (i > 0 && ids[0] != DISPID_UNKNOWN && names[i] != NULL)
            ids[i] = find_param(methods, names[0], names[i]);
        for (size_t m = 0; i == 0 && names[0] != NULL && methods[m].name != NULL; m++) {
            if (name_is(names[0], methods[m].name)) {
                ids[0] = methods[m].dispid;
                break;
            }
        }
        if (ids[i] == DISPID_UNKNOWN)
            hr = DISP_E_UNKNOWNNAME;
    }
    return hr;
}

/* ---- arguments --------------------------------------------------------------------------- */

/* The arguments of one call, in declared order. */
struct arguments {
    UINT n;
    uint32_t owned; /* bit i: values[i] was made here and is cleared here */
    VARIANT values[CONNPT_MAX_ARGS];
};

static void arguments_clear(struct arguments *arguments)
{
    for (UINT i = 0; i < arguments->n; i++) {
        if ((arguments->owned >> i & 1) != 0)
            (void)connpt_VariantClear(&arguments->values[i]);
    }
}

/* The caller's own variable for a parameter of type VT_BYREF | x: VT_BYREF | x itself, or the
 * x inside the VARIANT that is referred to, which is what scripts pass. */
static HRESULT bind_reference(VARTYPE vt, VARIANT *arg, VARIANT *value)
{
    VARIANT *inner = V_VARIANTREF(arg);

    if (V_VT(arg) == vt) {
        *value = *arg;
        return S_OK;
    }
    if (V_VT(arg) != (VT_BYREF | VT_VARIANT) || inner == NULL || (V_VT(inner) | VT_BYREF) != vt)
        return DISP_E_TYPEMISMATCH;
    if ((V_VT(inner) & VT_BYREF) != 0)
        *value = *inner;
    else if (V_VT(inner) == VT_DECIMAL)
        *value = connpt_variant_ref(VT_DECIMAL, &V_DECIMAL(inner));
    else
        *value = connpt_variant_ref(V_VT(inner), &V_I8(inner)); /* all members begin there */
    return S_OK;
}

static HRESULT bind_argument(const struct connpt_dispatch_param *param, VARIANT *arg,
                             struct arguments *arguments, UINT position)
{
    VARIANT *value = &arguments->values[position];
    HRESULT hr;

    if ((param->vt & VT_BYREF) != 0)
        return bind_reference(param->vt, arg, value);
    if (V_VT(arg) == param->vt || (param->vt == VT_VARIANT && (V_VT(arg) & VT_BYREF) == 0)) {
        *value = *arg; /* borrowed */
        return S_OK;
    }
    if (param->vt == VT_VARIANT)
        hr = connpt_VariantCopyInd(value, arg);
    else
        hr = connpt_VariantChangeType(value, arg, 0, param->vt);
    if (SUCCEEDED(hr))
        arguments->owned |= 1u << position;
    return hr;
}

/* Says for each parameter where in rgvarg its argument lies; -1: nowhere. */
static HRESULT order_arguments(const struct connpt_dispatch_method *method, WORD flags,
                               const DISPPARAMS *params, int *indices, UINT *arg_err)
{
    UINT n_positional = params->cArgs - params->cNamedArgs;

    for (UINT i = 0; i < method->n_params; i++)
        indices[i] = i < n_positional ? (int)(params->cArgs - 1 - i) : -1;
    for (UINT i = 0; i < params->cNamedArgs; i++) {
        DISPID id = params->rgdispidNamedArgs[i];

        /* The new value of a property is its last parameter. */
        if (id == DISPID_PROPERTYPUT &&
            (flags & (DISPATCH_PROPERTYPUT | DISPATCH_PROPERTYPUTREF)) != 0)
            id = method->n_params - 1;
        if (id < 0 || id >= method->n_params || indices[id] != -1) {
            *arg_err = i;
            return DISP_E_PARAMNOTFOUND;
        }
        indices[id] = (int)i;
    }
    return S_OK;
}

/* On failure nothing is left to clear. */
static HRESULT arguments_bind(const struct connpt_dispatch_method *method, WORD flags,
                              DISPPARAMS *params, struct arguments *arguments, UINT *arg_err)
{
    int indices[CONNPT_MAX_ARGS];
    HRESULT hr;

    arguments->n = 0;
    arguments->owned = 0;
    if (params->cArgs > method->n_params)
        return DISP_E_BADPARAMCOUNT;
    hr = order_arguments(method, flags, params, indices, arg_err);
    for (UINT i = 0; SUCCEEDED(hr) && i < method->n_params; i++) {
        VARIANT *arg = indices[i] >= 0 ? &params->rgvarg[indices[i]] : NULL;

        connpt_VariantInit(&arguments->values[i]);
        arguments->n++;
        if (!connpt__arg_is_missing(arg)) {
            hr = bind_argument(&method->params[i], arg, arguments, i);
            if (FAILED(hr))
                *arg_err = (UINT)indices[i];
        } else if ((method->params[i].flags & PARAMFLAG_FOPT) != 0) {
            V_VT(&arguments->values[i]) = VT_ERROR;
            V_ERROR(&arguments->values[i]) = DISP_E_PARAMNOTFOUND;
        } else {
            hr = DISP_E_PARAMNOTOPTIONAL;
        }
    }
    if (FAILED(hr))
        arguments_clear(arguments);
    return hr;
}

/* ---- the call ---------------------------------------------------------------------------- */

static const struct connpt_dispatch_method *
find_method(const struct connpt_dispatch_method *methods, DISPID dispid, WORD flags)
{
    for (; methods->name != NULL; methods++) {
        if (methods->dispid == dispid && (methods->flags & flags) != 0)
            return methods;
    }
    return NULL;
}

/* A failure that has something to tell becomes DISP_E_EXCEPTION. */
static HRESULT call_method(const struct connpt_dispatch_method *method, void *self, VARIANT *args,
                           VARIANT *result, EXCEPINFO *except)
{
    HRESULT hr;

    connpt__assert_unlocked();
    hr = method->call(self, args, result, except);
    if (SUCCEEDED(hr)) {
        connpt__excepinfo_clear(except);
        return hr;
    }
    (void)connpt_VariantClear(result); /* a failure has no result */
    if (hr != DISP_E_EXCEPTION && !connpt__excepinfo_is_filled(except))
        return hr;
    if (except->scode == 0 && except->wCode == 0)
        except->scode = hr != DISP_E_EXCEPTION ? hr : E_FAIL;
    return DISP_E_EXCEPTION;
}

HRESULT connpt_dispatch_Invoke(const struct connpt_dispatch_method *methods, void *self,
                               DISPID dispid, REFIID riid, LCID lcid, WORD flags,
                               DISPPARAMS *params, VARIANT *result, EXCEPINFO *except,
                               UINT *arg_err)
{
    const struct connpt_dispatch_method *method;
    struct arguments arguments;
    EXCEPINFO own_except;
    VARIANT own_result;
    UINT own_arg_err = 0;
    HRESULT hr;

    (void)lcid; /* conversions do not depend on it */
    connpt_VariantInit(&own_result);
    memset(&own_except, 0, sizeof own_except);
    if (result != NULL)
        *result = own_result;
    if (except != NULL)
        *except = own_except;
    if (methods == NULL || params == NULL || (params->cArgs != 0 && params->rgvarg == NULL) ||
        (params->cNamedArgs != 0 && params->rgdispidNamedArgs == NULL))
        return E_POINTER;
    if (riid == NULL || !connpt_guid_equal(riid, &IID_NULL))
        return DISP_E_UNKNOWNINTERFACE;
    if (params->cNamedArgs > params->cArgs)
        return E_INVALIDARG;
    method = find_method(methods, dispid, flags);
    if (method == NULL)
        return DISP_E_MEMBERNOTFOUND;
    if (method->n_params > CONNPT_MAX_ARGS)
        return E_UNEXPECTED;

    hr = arguments_bind(method, flags, params, &arguments, &own_arg_err);
    if (FAILED(hr)) {
        if (arg_err != NULL)
            *arg_err = own_arg_err;
        return hr;
    }
    hr = call_method(method, self, arguments.values, &own_result, &own_except);
    arguments_clear(&arguments);
    if (result != NULL)
        *result = own_result;
    else
        (void)connpt_VariantClear(&own_result);
    if (hr == DISP_E_EXCEPTION && except != NULL)
        *except = own_except;
    else
        connpt__excepinfo_clear(&own_except);
    return hr;
}

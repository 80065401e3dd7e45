/* SPDX-License-Identifier: MIT */
/* cli/dispatch.c - calling an object's methods by name */
#include "dispatch.h"

#include <connpt/automation.h>

void dispatch_failure_fini(struct dispatch_failure *failure)
{
    cli_free(failure->description);
    cli_free(failure->source);
    failure->description = NULL;
    failure->source = NULL;
}

static HRESULT get_id(IDispatch *dispatch, const char *name, DISPID *ret_dispid)
{
    BSTR wide;
    LPOLESTR names[1];
    HRESULT hr = connpt_bstr_from_utf8(name, (size_t)-1, &wide);

    if (FAILED(hr))
        return hr;
    names[0] = wide;
    hr = IDispatch_GetIDsOfNames(dispatch, &IID_NULL, names, 1, LOCALE_USER_DEFAULT, ret_dispid);
    connpt_SysFreeString(wide);
    return hr;
}

HRESULT dispatch_id(IUnknown *object, const char *name, DISPID *ret_dispid)
{
    void *dispatch;
    HRESULT hr = IUnknown_QueryInterface(object, &IID_IDispatch, &dispatch);

    if (FAILED(hr))
        return hr;
    hr = get_id(dispatch, name, ret_dispid);
    IDispatch_Release((IDispatch *)dispatch);
    return hr;
}

ITypeInfo *dispatch_type_info(IUnknown *object)
{
    void *dispatch;
    ITypeInfo *info = NULL;

    if (FAILED(IUnknown_QueryInterface(object, &IID_IDispatch, &dispatch)))
        return NULL;
    if (FAILED(IDispatch_GetTypeInfo((IDispatch *)dispatch, 0, LOCALE_USER_DEFAULT, &info)))
        info = NULL;
    IDispatch_Release((IDispatch *)dispatch);
    return info;
}

static void take_exception(EXCEPINFO *except, struct dispatch_failure *failure)
{
    if (except->pfnDeferredFillIn != NULL)
        (void)except->pfnDeferredFillIn(except);
    if (except->scode != S_OK)
        failure->code = except->scode;
    failure->description = cli_take_bstr(except->bstrDescription);
    failure->source = cli_take_bstr(except->bstrSource);
    connpt_SysFreeString(except->bstrHelpFile);
}

/* Last argument first, and a property's new value named. */
static HRESULT invoke(IDispatch *dispatch, DISPID dispid, WORD flags, const VARIANT *args,
                      UINT n_args, VARIANT *ret_result, struct dispatch_failure *failure)
{
    VARIANT reversed[CONNPT_MAX_ARGS];
    DISPID put = DISPID_PROPERTYPUT;
    DISPPARAMS params = { reversed, NULL, n_args, 0 };
    EXCEPINFO except = { 0 };
    UINT wrong = UINT32_MAX;
    HRESULT hr;

    for (UINT i = 0; i < n_args; i++)
        reversed[n_args - 1 - i] = args[i];
    if ((flags & (DISPATCH_PROPERTYPUT | DISPATCH_PROPERTYPUTREF)) != 0) {
        params.rgdispidNamedArgs = &put;
        params.cNamedArgs = 1;
    }
    hr = IDispatch_Invoke(dispatch, dispid, &IID_NULL, LOCALE_USER_DEFAULT, flags, &params,
                          ret_result, &except, &wrong);
    failure->code = hr;
    if (hr == DISP_E_EXCEPTION)
        take_exception(&except, failure);
    if ((hr == DISP_E_TYPEMISMATCH || hr == DISP_E_PARAMNOTFOUND || hr == DISP_E_OVERFLOW) &&
        wrong < n_args)
        failure->argument = n_args - 1 - wrong;
    return hr;
}

void dispatch_let_go(IDispatch **held)
{
    IDispatch *dispatch = *held;

    *held = NULL;
    if (dispatch != NULL)
        IDispatch_Release(dispatch);
}

HRESULT dispatch_call(IUnknown *object, const char *name, WORD flags, const VARIANT *args,
                      UINT n_args, VARIANT *ret_result, IDispatch **held,
                      struct dispatch_failure *ret_failure)
{
    struct dispatch_failure failure = { .argument = UINT32_MAX };
    IDispatch *own = NULL;
    void *dispatch = NULL;
    DISPID dispid = DISPID_UNKNOWN;
    HRESULT hr = n_args <= CONNPT_MAX_ARGS
                     ? IUnknown_QueryInterface(object, &IID_IDispatch, &dispatch)
                     : DISP_E_BADPARAMCOUNT;

    failure.code = hr;
    if (SUCCEEDED(hr)) {
        held = held != NULL ? held : &own;
        *held = dispatch;
        hr = get_id(dispatch, name, &dispid);
        failure.code = hr;
        if (SUCCEEDED(hr)) /* the code of an exception is another one than what Invoke answers */
            hr = invoke(dispatch, dispid, flags, args, n_args, ret_result, &failure);
        dispatch_let_go(held);
    }
    *ret_failure = failure;
    return hr;
}

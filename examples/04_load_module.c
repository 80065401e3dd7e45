/* SPDX-License-Identifier: MIT */
/*
 * 04_load_module.c - load a module, connect to its default events, and print them by name
 *
 *     04_load_module MODULE CLASS [METHOD [NUMBER...]]
 *     04_load_module ./ticker.so Ticker Tick 12.5
 *
 * It knows nothing about the module: the type library tells what the class is, which events it
 * has and what their arguments are called. METHOD is called so that something happens.
 */
#include <stdio.h>
#include <stdlib.h>

#include <connpt/connpt.h>

/* ---- printing an event with the names of its type library -------------------------------- */

enum { MAX_NAMES = 1 + CONNPT_MAX_ARGS };

static void print_text(BSTR text)
{
    char *utf8;

    if (SUCCEEDED(connpt_utf8_from_bstr(text, &utf8, NULL))) {
        fputs(utf8, stdout);
        connpt_CoTaskMemFree(utf8);
    }
}

static void print_argument(BSTR name, const DISPPARAMS *params, UINT position)
{
    VARIANT text;

    if (name != NULL) {
        print_text(name);
        fputs(" = ", stdout);
    }
    if (SUCCEEDED(connpt_arg_get(params, position, VT_BSTR, &text))) {
        print_text(text.bstrVal);
        (void)connpt_VariantClear(&text);
    } else {
        fputs("?", stdout);
    }
}

/* context is the ITypeInfo of the events, or NULL when nothing describes them. */
static HRESULT print_event(void *context, DISPID dispid, DISPPARAMS *params, VARIANT *result)
{
    ITypeInfo *info = context;
    BSTR names[MAX_NAMES] = { NULL }; /* the event's, then those of its arguments */
    UINT n_names = 0;

    (void)result;
    if (info != NULL)
        (void)ITypeInfo_GetNames(info, dispid, names, MAX_NAMES, &n_names);
    if (n_names != 0)
        print_text(names[0]);
    else
        printf("event %d", (int)dispid);
    putchar('(');
    for (UINT i = 0; i < params->cArgs && i + 1 < MAX_NAMES; i++) {
        if (i != 0)
            fputs(", ", stdout);
        print_argument(names[i + 1], params, i);
    }
    puts(")");
    for (UINT i = 0; i < n_names; i++)
        connpt_SysFreeString(names[i]);
    return S_OK;
}

/* ---- calling a method by its name -------------------------------------------------------- */

static HRESULT call_method(IUnknown *object, const char *method, int n_args, char **numbers)
{
    VARIANT args[CONNPT_MAX_ARGS], result;
    DISPPARAMS params = { args, NULL, (UINT)n_args, 0 };
    IDispatch *dispatch;
    DISPID dispid;
    BSTR name;
    HRESULT hr;

    if (n_args > CONNPT_MAX_ARGS)
        return E_INVALIDARG;
    hr = IUnknown_QueryInterface(object, &IID_IDispatch, (void **)&dispatch);
    if (FAILED(hr))
        return hr;
    hr = connpt_bstr_from_utf8(method, (size_t)-1, &name);
    if (FAILED(hr))
        goto release_dispatch;

    for (int i = 0; i < n_args; i++) /* Invoke wants the last one first */
        args[n_args - 1 - i] = connpt_variant_r8(strtod(numbers[i], NULL));
    hr = IDispatch_GetIDsOfNames(dispatch, &IID_NULL, &name, 1, LOCALE_USER_DEFAULT, &dispid);
    if (SUCCEEDED(hr)) {
        connpt_VariantInit(&result);
        hr = IDispatch_Invoke(dispatch, dispid, &IID_NULL, LOCALE_USER_DEFAULT, DISPATCH_METHOD,
                              &params, &result, NULL, NULL);
        (void)connpt_VariantClear(&result);
    }
    connpt_SysFreeString(name);
release_dispatch:
    IDispatch_Release(dispatch);
    return hr;
}

/* ---- load, connect, call ----------------------------------------------------------------- */

static HRESULT create(const char *module, const char *class_name, IUnknown **ret_object)
{
    CLSID clsid;
    HRESULT hr = connpt_module_find_class(module, class_name, &clsid);

    if (SUCCEEDED(hr))
        hr = connpt_create_instance(module, &clsid, &IID_IUnknown, (void **)ret_object);
    if (FAILED(hr))
        fprintf(stderr, "%s\n", connpt_module_error());
    return hr;
}

static HRESULT watch(IUnknown *object, const char *method, int n_args, char **numbers)
{
    struct connpt_connection connection = { 0 };
    ITypeInfo *info = NULL;
    IDispatch *sink;
    IID iid;
    HRESULT hr = connpt_default_source(object, &iid, &info);

    if (FAILED(hr))
        return hr;
    hr = connpt_dispatch_sink_create(&iid, print_event, info, NULL, &sink);
    if (FAILED(hr))
        goto release_info;
    hr = connpt_connection_open(&connection, object, (IUnknown *)sink, &iid);
    if (SUCCEEDED(hr) && method != NULL)
        hr = call_method(object, method, n_args, numbers);
    (void)connpt_connection_close(&connection);
    IDispatch_Release(sink);
release_info:
    if (info != NULL)
        ITypeInfo_Release(info);
    return hr;
}

int main(int argc, char **argv)
{
    IUnknown *object;
    HRESULT hr;

    if (argc < 3) {
        fprintf(stderr, "usage: %s MODULE CLASS [METHOD [NUMBER...]]\n", argv[0]);
        return 2;
    }
    hr = create(argv[1], argv[2], &object);
    if (FAILED(hr))
        return 1;
    hr = watch(object, argc > 3 ? argv[3] : NULL, argc > 4 ? argc - 4 : 0, argv + 4);
    if (FAILED(hr)) {
        const char *meaning = connpt_hresult_meaning(hr);

        fprintf(stderr, "%s: %s\n", argv[2], meaning != NULL ? meaning : "failed");
    }
    IUnknown_Release(object);
    return FAILED(hr);
}

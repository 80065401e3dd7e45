/* SPDX-License-Identifier: MIT */
/* tests/automation/dispatch_table_test.c - IDispatch from a table: names, arguments, results */
#include <connpt/automation.h>

#include <string.h>

#include "t.h"

static const IID IID_other = { 0x12345678, 1, 2, { 3, 4, 5, 6, 7, 8, 9, 10 } };

/* What the last call got. */
struct calls {
    int n;
    VARIANT args[3]; /* bits only: what they point to may be gone */
    LONG length;     /* of a BSTR argument */
    LONG level;      /* the property */
};

static HRESULT add(void *self, VARIANT *args, VARIANT *result, EXCEPINFO *except)
{
    struct calls *calls = self;

    (void)except;
    calls->n++;
    memcpy(calls->args, args, 2 * sizeof *args);
    CHECK_INT(V_VT(result), VT_EMPTY);
    *result = connpt_variant_i4(V_I4(&args[0]) + (V_VT(&args[1]) == VT_I4 ? V_I4(&args[1]) : 1000));
    return S_OK;
}

static HRESULT measure(void *self, VARIANT *args, VARIANT *result, EXCEPINFO *except)
{
    struct calls *calls = self;
    HRESULT hr;

    (void)except;
    calls->length = (LONG)connpt_SysStringLen(V_BSTR(&args[0]));
    if (V_VT(&args[1]) == (VT_BYREF | VT_BOOL))
        *V_BOOLREF(&args[1]) = VARIANT_TRUE;
    hr = connpt_bstr_from_utf8("done", 4, &V_BSTR(result));
    if (SUCCEEDED(hr))
        V_VT(result) = VT_BSTR;
    return hr;
}

static HRESULT get_level(void *self, VARIANT *args, VARIANT *result, EXCEPINFO *except)
{
    (void)args;
    (void)except;
    *result = connpt_variant_i4(((struct calls *)self)->level);
    return S_OK;
}

static HRESULT put_level(void *self, VARIANT *args, VARIANT *result, EXCEPINFO *except)
{
    (void)result;
    (void)except;
    ((struct calls *)self)->level = V_I4(&args[0]);
    return S_OK;
}

static HRESULT STDMETHODCALLTYPE fill_in(EXCEPINFO *except)
{
    except->pfnDeferredFillIn = NULL;
    return connpt_bstr_from_utf8("source", 6, &except->bstrSource);
}

/* Fails in the way that its argument says. */
static HRESULT fail(void *self, VARIANT *args, VARIANT *result, EXCEPINFO *except)
{
    (void)self;
    switch (V_I4(&args[0])) {
    case 1: /* with text, and with a result that must not get out */
        (void)!connpt_bstr_from_utf8("broken", 6, &except->bstrDescription);
        V_BSTR(result) = connpt_SysAllocStringLen(NULL, 3);
        V_VT(result) = VT_BSTR;
        return E_ACCESSDENIED;
    case 2:
        except->pfnDeferredFillIn = fill_in;
        except->wCode = 1001;
        return DISP_E_EXCEPTION;
    case 3: /* fills it in and succeeds */
        (void)!connpt_bstr_from_utf8("unused", 6, &except->bstrHelpFile);
        return S_OK;
    default:
        return E_HANDLE;
    }
}

static HRESULT take_any(void *self, VARIANT *args, VARIANT *result, EXCEPINFO *except)
{
    (void)except;
    (void)result;
    ((struct calls *)self)->args[0] = args[0];
    return S_OK;
}

static const struct connpt_dispatch_param add_params[] = { { "first", VT_I4, 0 },
                                                           { "second", VT_I4, PARAMFLAG_FOPT } };
static const struct connpt_dispatch_param measure_params[] = {
    { "text", VT_BSTR, 0 }, { "done", VT_BYREF | VT_BOOL, PARAMFLAG_FOPT }
};
static const struct connpt_dispatch_param level_params[] = { { "level", VT_I4, 0 } };
static const struct connpt_dispatch_param any_params[] = { { "any", VT_VARIANT, 0 } };

static const struct connpt_dispatch_method methods[] = {
    { "Add", 1, DISPATCH_METHOD, 2, add_params, add },
    { "Measure", 2, DISPATCH_METHOD, 2, measure_params, measure },
    { "Level", 3, DISPATCH_PROPERTYGET, 0, NULL, get_level },
    { "Level", 3, DISPATCH_PROPERTYPUT, 1, level_params, put_level },
    { "Fail", 4, DISPATCH_METHOD, 1, level_params, fail },
    { "Any", 5, DISPATCH_METHOD, 1, any_params, take_any },
    { "Huge", 6, DISPATCH_METHOD, CONNPT_MAX_ARGS + 1, NULL, take_any },
    { .name = NULL },
};

static HRESULT invoke(struct calls *calls, DISPID id, WORD flags, DISPPARAMS *params,
                      VARIANT *result, EXCEPINFO *except, UINT *arg_err)
{
    return connpt_dispatch_Invoke(methods, calls, id, &IID_NULL, 0, flags, params, result, except,
                                  arg_err);
}

static HRESULT ids_of(const char *a, const char *b, DISPID *ids)
{
    OLECHAR wide[2][32] = { { 0 } };
    const char *names[2] = { a, b };
    LPOLESTR pointers[2] = { wide[0], wide[1] };

    for (int i = 0; i < 2; i++) {
        for (int k = 0; names[i] != NULL && names[i][k] != '\0'; k++)
            wide[i][k] = (OLECHAR)names[i][k];
    }
    return connpt_dispatch_GetIDsOfNames(methods, &IID_NULL, pointers, b != NULL ? 2 : 1, 0, ids);
}

static void names_are_compared_without_case(void)
{
    DISPID ids[2] = { 0, 0 };

    CHECK_HR(ids_of("MEASURE", "Done", ids), S_OK);
    CHECK_INT(ids[0], 2);
    CHECK_INT(ids[1], 1);
    CHECK_HR(ids_of("level", "LEVEL", ids), S_OK); /* the put has the parameter */
    CHECK_INT(ids[0], 3);
    CHECK_INT(ids[1], 0);
}

static void unknown_names_are_marked(void)
{
    DISPID ids[2] = { 0, 0 };

    CHECK_HR(ids_of("Ad", NULL, ids), DISP_E_UNKNOWNNAME);
    CHECK_INT(ids[0], DISPID_UNKNOWN);
    CHECK_HR(ids_of("Add", "third", ids), DISP_E_UNKNOWNNAME);
    CHECK_INT(ids[0], 1);
    CHECK_INT(ids[1], DISPID_UNKNOWN);
    CHECK_HR(ids_of("Nothing", "first", ids), DISP_E_UNKNOWNNAME);
    CHECK_INT(ids[1], DISPID_UNKNOWN);
}

static void names_are_asked_with_the_null_interface(void)
{
    OLECHAR add_name[] = { 'A', 'd', 'd', 0 };
    LPOLESTR names[1] = { add_name };
    DISPID id;

    CHECK_HR(connpt_dispatch_GetIDsOfNames(methods, &IID_other, names, 1, 0, &id),
             DISP_E_UNKNOWNINTERFACE);
    CHECK_HR(connpt_dispatch_GetIDsOfNames(methods, &IID_NULL, NULL, 1, 0, &id), E_POINTER);
    CHECK_HR(connpt_dispatch_GetIDsOfNames(methods, &IID_NULL, names, 1, 0, NULL), E_POINTER);
    CHECK_HR(connpt_dispatch_GetIDsOfNames(NULL, &IID_NULL, names, 1, 0, &id), E_POINTER);
}

static void arguments_arrive_in_declared_order_and_type(void)
{
    struct calls calls = { 0 };
    VARIANT args[2] = { connpt_variant_r8(2.0), connpt_variant_i8(40) }, result;
    DISPPARAMS params = { args, NULL, 2, 0 };

    CHECK_HR(invoke(&calls, 1, DISPATCH_METHOD, &params, &result, NULL, NULL), S_OK);
    CHECK_INT(V_VT(&calls.args[0]), VT_I4);
    CHECK_INT(V_I4(&calls.args[0]), 40);
    CHECK_INT(V_I4(&calls.args[1]), 2);
    CHECK_INT(V_I4(&result), 42);
}

static void a_result_that_nobody_wants_is_freed(void)
{
    struct calls calls = { 0 };
    BSTR text = connpt_SysAllocStringLen(NULL, 5);
    VARIANT args[1] = { connpt_variant_bstr(text) }, result;
    DISPPARAMS params = { args, NULL, 1, 0 };

    CHECK_HR(invoke(&calls, 2, DISPATCH_METHOD | DISPATCH_PROPERTYGET, &params, NULL, NULL, NULL),
             S_OK);
    if (text != NULL)
        CHECK_INT(calls.length, 5);
    if (CHECK_HR(invoke(&calls, 2, DISPATCH_METHOD, &params, &result, NULL, NULL), S_OK)) {
        CHECK_INT(connpt_SysStringLen(V_BSTR(&result)), 4);
        CHECK_HR(connpt_VariantClear(&result), S_OK);
    }
    connpt_SysFreeString(text);
}

static void converted_arguments_are_freed_after_the_call(void)
{
    struct calls calls = { 0 };
    VARIANT args[1] = { connpt_variant_i4(12345) };
    DISPPARAMS params = { args, NULL, 1, 0 };

    CHECK_HR(invoke(&calls, 2, DISPATCH_METHOD, &params, NULL, NULL, NULL), S_OK);
    CHECK_INT(calls.length, 5);
}

static void optional_arguments_may_be_missing(void)
{
    struct calls calls = { 0 };
    VARIANT args[2] = { connpt_variant_i4(DISP_E_PARAMNOTFOUND), connpt_variant_i4(1) }, result;
    DISPPARAMS params = { &args[1], NULL, 1, 0 };

    CHECK_HR(invoke(&calls, 1, DISPATCH_METHOD, &params, &result, NULL, NULL), S_OK);
    CHECK_INT(V_I4(&result), 1001);
    CHECK_INT(V_VT(&calls.args[1]), VT_ERROR);
    CHECK_INT(V_ERROR(&calls.args[1]), DISP_E_PARAMNOTFOUND);
    V_VT(&args[0]) = VT_ERROR; /* said so in its place */
    params = (DISPPARAMS){ args, NULL, 2, 0 };
    CHECK_HR(invoke(&calls, 1, DISPATCH_METHOD, &params, &result, NULL, NULL), S_OK);
    CHECK_INT(V_I4(&result), 1001);
    params = (DISPPARAMS){ NULL, NULL, 0, 0 };
    CHECK_HR(invoke(&calls, 1, DISPATCH_METHOD, &params, &result, NULL, NULL),
             DISP_E_PARAMNOTOPTIONAL);
}

static void named_arguments_go_to_their_parameter(void)
{
    struct calls calls = { 0 };
    VARIANT args[2] = { connpt_variant_i4(2), connpt_variant_i4(40) };
    DISPID names[2] = { 1, 0 };
    DISPPARAMS params = { args, names, 2, 2 };

    CHECK_HR(invoke(&calls, 1, DISPATCH_METHOD, &params, NULL, NULL, NULL), S_OK);
    CHECK_INT(V_I4(&calls.args[0]), 40);
    CHECK_INT(V_I4(&calls.args[1]), 2);
}

static void unknown_or_doubled_named_arguments_are_refused(void)
{
    struct calls calls = { 0 };
    VARIANT args[2] = { connpt_variant_i4(2), connpt_variant_i4(40) };
    DISPID names[2] = { 0, 7 };
    DISPPARAMS params = { args, names, 2, 2 };
    UINT arg_err = 99;

    CHECK_HR(invoke(&calls, 1, DISPATCH_METHOD, &params, NULL, NULL, &arg_err),
             DISP_E_PARAMNOTFOUND);
    CHECK_INT(arg_err, 1);
    names[1] = 0;
    CHECK_HR(invoke(&calls, 1, DISPATCH_METHOD, &params, NULL, NULL, &arg_err),
             DISP_E_PARAMNOTFOUND);
    params.cNamedArgs = 1; /* the other one is positional, the same parameter */
    CHECK_HR(invoke(&calls, 1, DISPATCH_METHOD, &params, NULL, NULL, &arg_err),
             DISP_E_PARAMNOTFOUND);
    CHECK_INT(arg_err, 0);
    names[0] = DISPID_PROPERTYPUT; /* this is no property */
    CHECK_HR(invoke(&calls, 1, DISPATCH_METHOD, &params, NULL, NULL, NULL), DISP_E_PARAMNOTFOUND);
    CHECK_INT(calls.n, 0);
}

static void a_property_is_put_and_read_by_one_id(void)
{
    struct calls calls = { 0 };
    VARIANT args[1] = { connpt_variant_i4(5) }, result;
    DISPID name = DISPID_PROPERTYPUT;
    DISPPARAMS put = { args, &name, 1, 1 }, get = { NULL, NULL, 0, 0 };

    CHECK_HR(invoke(&calls, 3, DISPATCH_PROPERTYPUT, &put, NULL, NULL, NULL), S_OK);
    CHECK_HR(invoke(&calls, 3, DISPATCH_PROPERTYGET, &get, &result, NULL, NULL), S_OK);
    CHECK_INT(V_I4(&result), 5);
    CHECK_HR(invoke(&calls, 3, DISPATCH_PROPERTYPUTREF, &put, NULL, NULL, NULL),
             DISP_E_MEMBERNOTFOUND);
}

static void what_cannot_be_converted_names_the_argument(void)
{
    struct calls calls = { 0 };
    VARIANT args[2] = { connpt_variant_unknown(NULL), connpt_variant_i4(1) }, result;
    DISPPARAMS params = { args, NULL, 2, 0 };
    UINT arg_err = 99;

    CHECK_HR(invoke(&calls, 1, DISPATCH_METHOD, &params, &result, NULL, &arg_err),
             DISP_E_TYPEMISMATCH);
    CHECK_INT(arg_err, 0); /* the index in rgvarg */
    CHECK_INT(V_VT(&result), VT_EMPTY);
    args[0] = connpt_variant_i4(1);
    args[1] = connpt_variant_r8(1e10);
    CHECK_HR(invoke(&calls, 1, DISPATCH_METHOD, &params, &result, NULL, &arg_err), DISP_E_OVERFLOW);
    CHECK_INT(arg_err, 1);
    CHECK_HR(invoke(&calls, 1, DISPATCH_METHOD, &params, NULL, NULL, NULL), DISP_E_OVERFLOW);
    CHECK_INT(calls.n, 0);
}

static void calls_that_do_not_fit_the_table_are_refused(void)
{
    struct calls calls = { 0 };
    VARIANT args[3] = { connpt_variant_i4(1), connpt_variant_i4(1), connpt_variant_i4(1) };
    DISPPARAMS params = { args, NULL, 3, 0 }, none = { NULL, NULL, 0, 0 };

    CHECK_HR(invoke(&calls, 1, DISPATCH_METHOD, &params, NULL, NULL, NULL), DISP_E_BADPARAMCOUNT);
    CHECK_HR(invoke(&calls, 9, DISPATCH_METHOD, &none, NULL, NULL, NULL), DISP_E_MEMBERNOTFOUND);
    CHECK_HR(invoke(&calls, 1, DISPATCH_PROPERTYGET, &none, NULL, NULL, NULL),
             DISP_E_MEMBERNOTFOUND);
    CHECK_HR(invoke(&calls, 6, DISPATCH_METHOD, &none, NULL, NULL, NULL), E_UNEXPECTED);
    CHECK_HR(invoke(&calls, 1, DISPATCH_METHOD, NULL, NULL, NULL, NULL), E_POINTER);
    params.rgvarg = NULL;
    CHECK_HR(invoke(&calls, 1, DISPATCH_METHOD, &params, NULL, NULL, NULL), E_POINTER);
    params = (DISPPARAMS){ args, NULL, 1, 1 };
    CHECK_HR(invoke(&calls, 1, DISPATCH_METHOD, &params, NULL, NULL, NULL), E_POINTER);
    params = (DISPPARAMS){ args, (DISPID[]){ 0, 1 }, 1, 2 };
    CHECK_HR(invoke(&calls, 1, DISPATCH_METHOD, &params, NULL, NULL, NULL), E_INVALIDARG);
    CHECK_HR(connpt_dispatch_Invoke(methods, &calls, 1, &IID_other, 0, DISPATCH_METHOD, &none, NULL,
                                    NULL, NULL),
             DISP_E_UNKNOWNINTERFACE);
}

static void references_are_the_callers_own_variables(void)
{
    struct calls calls = { 0 };
    VARIANT_BOOL done = VARIANT_FALSE;
    VARIANT inner = connpt_variant_bool(0);
    VARIANT args[2] = { connpt_variant_bool_ref(&done), connpt_variant_bstr(NULL) };
    DISPPARAMS params = { args, NULL, 2, 0 };
    UINT arg_err = 99;

    CHECK_HR(invoke(&calls, 2, DISPATCH_METHOD, &params, NULL, NULL, NULL), S_OK);
    CHECK_INT(done, VARIANT_TRUE);
    args[0] = connpt_variant_ref(VT_VARIANT, &inner); /* as scripts pass it */
    CHECK_HR(invoke(&calls, 2, DISPATCH_METHOD, &params, NULL, NULL, NULL), S_OK);
    CHECK_INT(V_BOOL(&inner), VARIANT_TRUE);
    inner = connpt_variant_i4(0);
    CHECK_HR(invoke(&calls, 2, DISPATCH_METHOD, &params, NULL, NULL, &arg_err),
             DISP_E_TYPEMISMATCH);
    CHECK_INT(arg_err, 0);
    args[0] = connpt_variant_bool(1);
    CHECK_HR(invoke(&calls, 2, DISPATCH_METHOD, &params, NULL, NULL, NULL), DISP_E_TYPEMISMATCH);
    inner = connpt_variant_bool_ref(&done);
    done = VARIANT_FALSE;
    args[0] = connpt_variant_ref(VT_VARIANT, &inner);
    CHECK_HR(invoke(&calls, 2, DISPATCH_METHOD, &params, NULL, NULL, NULL), S_OK);
    CHECK_INT(done, VARIANT_TRUE);
}

static void a_variant_parameter_takes_anything(void)
{
    struct calls calls = { 0 };
    LONG value = 8;
    VARIANT args[1] = { connpt_variant_ref(VT_I4, &value) };
    DISPPARAMS params = { args, NULL, 1, 0 };

    CHECK_HR(invoke(&calls, 5, DISPATCH_METHOD, &params, NULL, NULL, NULL), S_OK);
    CHECK_INT(V_VT(&calls.args[0]), VT_I4);
    CHECK_INT(V_I4(&calls.args[0]), 8);
    args[0] = connpt_variant_r8(0.5);
    CHECK_HR(invoke(&calls, 5, DISPATCH_METHOD, &params, NULL, NULL, NULL), S_OK);
    CHECK(V_R8(&calls.args[0]) == 0.5);
}

static void free_except(EXCEPINFO *except)
{
    connpt_SysFreeString(except->bstrSource);
    connpt_SysFreeString(except->bstrDescription);
    connpt_SysFreeString(except->bstrHelpFile);
}

static void a_failure_that_tells_more_is_an_exception(void)
{
    VARIANT args[1] = { connpt_variant_i4(1) }, result;
    DISPPARAMS params = { args, NULL, 1, 0 };
    EXCEPINFO except;

    memset(&except, 0xAA, sizeof except);
    memset(&result, 0xAA, sizeof result);
    CHECK_HR(invoke(NULL, 4, DISPATCH_METHOD, &params, &result, &except, NULL), DISP_E_EXCEPTION);
    CHECK_INT(V_VT(&result), VT_EMPTY);
    CHECK_HR(except.scode, E_ACCESSDENIED);
    CHECK_INT(connpt_SysStringLen(except.bstrDescription), 6);
    free_except(&except);
    CHECK_HR(invoke(NULL, 4, DISPATCH_METHOD, &params, NULL, NULL, NULL), DISP_E_EXCEPTION);
}

static void an_exception_may_be_filled_in_later(void)
{
    VARIANT args[1] = { connpt_variant_i4(2) };
    DISPPARAMS params = { args, NULL, 1, 0 };
    EXCEPINFO except;

    CHECK_HR(invoke(NULL, 4, DISPATCH_METHOD, &params, NULL, &except, NULL), DISP_E_EXCEPTION);
    CHECK_INT(except.wCode, 1001);
    CHECK_INT(except.scode, 0); /* one of the two */
    if (CHECK(except.pfnDeferredFillIn != NULL))
        CHECK_HR(except.pfnDeferredFillIn(&except), S_OK);
    free_except(&except);
    CHECK_HR(invoke(NULL, 4, DISPATCH_METHOD, &params, NULL, NULL, NULL), DISP_E_EXCEPTION);
}

static void other_failures_stay_what_they_are(void)
{
    VARIANT args[1] = { connpt_variant_i4(0) };
    DISPPARAMS params = { args, NULL, 1, 0 };
    EXCEPINFO except;

    CHECK_HR(invoke(NULL, 4, DISPATCH_METHOD, &params, NULL, &except, NULL), E_HANDLE);
    CHECK_PTR(except.bstrDescription, NULL);
    args[0] = connpt_variant_i4(3);
    CHECK_HR(invoke(NULL, 4, DISPATCH_METHOD, &params, NULL, &except, NULL), S_OK);
    CHECK_PTR(except.bstrHelpFile, NULL);
}

int main(int argc, char **argv)
{
    static const struct t_test tests[] = {
        T(names_are_compared_without_case),
        T(unknown_names_are_marked),
        T(names_are_asked_with_the_null_interface),
        T(arguments_arrive_in_declared_order_and_type),
        T(a_result_that_nobody_wants_is_freed),
        T(converted_arguments_are_freed_after_the_call),
        T(optional_arguments_may_be_missing),
        T(named_arguments_go_to_their_parameter),
        T(unknown_or_doubled_named_arguments_are_refused),
        T(a_property_is_put_and_read_by_one_id),
        T(what_cannot_be_converted_names_the_argument),
        T(calls_that_do_not_fit_the_table_are_refused),
        T(references_are_the_callers_own_variables),
        T(a_variant_parameter_takes_anything),
        T(a_failure_that_tells_more_is_an_exception),
        T(an_exception_may_be_filled_in_later),
        T(other_failures_stay_what_they_are),
        T_END,
    };

    return t_run(argc, argv, tests);
}

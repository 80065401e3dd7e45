/* SPDX-License-Identifier: MIT */
/*
 * windows/late_bound_test.c - clients and sinks that know IDispatch only: names, converted
 * arguments and errors across apartments, and a sink that oleaut32 makes (CreateStdDispatch)
 */
#include "visit.h"

/* ---- a client that has only names -------------------------------------------------------------
 */

static HRESULT call_by_name(IDispatch *object, const WCHAR *name, WORD flags, VARIANT *args,
                            UINT n_args, VARIANT *result, UINT *arg_err)
{
    WCHAR copy[32];
    LPOLESTR names[1] = { copy };
    DISPPARAMS params = { args, NULL, n_args, 0 };
    EXCEPINFO except = { 0 };
    DISPID dispid = DISPID_UNKNOWN;
    HRESULT hr;

    lstrcpynW(copy, name, 32);
    hr = IDispatch_GetIDsOfNames(object, &IID_NULL, names, 1, LOCALE_USER_DEFAULT, &dispid);
    if (FAILED(hr))
        return hr;
    return IDispatch_Invoke(object, dispid, &IID_NULL, LOCALE_USER_DEFAULT, flags, &params, result,
                            &except, arg_err);
}

static void call_as_scripts_do(struct visit *visit)
{
    DWORD cookie = visit_advise(visit, &DIID_DGaugeEvents);
    VARIANT result, arg = connpt_variant_bstr(SysAllocString(L"37"));
    UINT arg_err = 99;

    /* Names in any case, a number as text, and the result of a property. */
    VariantInit(&result);
    CHECK_HR(call_by_name(visit->dispatch, L"SET", DISPATCH_METHOD, &arg, 1, &result, &arg_err),
             S_OK);
    CHECK_INT(result.vt, VT_I4);
    CHECK_INT(result.lVal, 1);
    CHECK_INT(visit->listener.value, 37);
    (void)VariantClear(&result);
    CHECK_HR(call_by_name(visit->dispatch, L"Connected", DISPATCH_PROPERTYGET | DISPATCH_METHOD,
                          NULL, 0, &result, &arg_err),
             S_OK);
    CHECK_INT(result.lVal, 1);
    (void)VariantClear(&result);
    (void)VariantClear(&arg);

    arg = connpt_variant_bstr(SysAllocString(L"no number"));
    CHECK_HR(call_by_name(visit->dispatch, L"Set", DISPATCH_METHOD, &arg, 1, &result, &arg_err),
             DISP_E_TYPEMISMATCH);
    CHECK_INT(arg_err, 0);
    (void)VariantClear(&arg);
    CHECK_HR(call_by_name(visit->dispatch, L"Set", DISPATCH_METHOD, NULL, 0, &result, &arg_err),
             DISP_E_PARAMNOTOPTIONAL);
    CHECK_HR(call_by_name(visit->dispatch, L"Sett", DISPATCH_METHOD, NULL, 0, &result, &arg_err),
             DISP_E_UNKNOWNNAME);
    CHECK_INT(visit->listener.n_events, 1);
    visit_unadvise(visit, &DIID_DGaugeEvents, cookie);
}

static void names_arguments_and_errors_cross_apartments(void)
{
    visit_all(call_as_scripts_do);
}

/* ---- a sink that oleaut32 makes of a method table and a description -----------------------------
 */

/* What CreateStdDispatch calls: a method table without IUnknown's slots. */
struct handler;
struct handler_vtbl {
    HRESULT(STDMETHODCALLTYPE *Changed)(struct handler *self, LONG value);
};
struct handler {
    const struct handler_vtbl *vtbl;
    LONG n_calls, value;
};

static HRESULT STDMETHODCALLTYPE handler_Changed(struct handler *self, LONG value)
{
    self->n_calls++;
    self->value = value;
    return S_OK;
}

static const struct handler_vtbl handler_vtbl = { handler_Changed };

/* The sink's IUnknown, with one reference; @handler lives longer. */
static IUnknown *make_std_sink(struct handler *handler)
{
    static WCHAR method[] = L"Changed", parameter[] = L"value";
    static PARAMDATA parameters[] = { { parameter, VT_I4 } };
    static METHODDATA methods[] = { { method, parameters, GAUGE_CHANGED, 0, CC_STDCALL, 1,
                                      DISPATCH_METHOD, VT_HRESULT } };
    static INTERFACEDATA description = { methods, 1 };
    ITypeInfo *coclass = NULL, *info = NULL;
    IUnknown *sink = NULL;
    HREFTYPE reference = 0;

    handler->vtbl = &handler_vtbl;
    handler->n_calls = handler->value = 0;
    if (!CHECK_HR(CreateDispTypeInfo(&description, LOCALE_USER_DEFAULT, &coclass), S_OK))
        return NULL;
    /* The class's interface: Wine's Invoke does not look into a class. */
    if (CHECK_HR(ITypeInfo_GetRefTypeOfImplType(coclass, 0, &reference), S_OK) &&
        CHECK_HR(ITypeInfo_GetRefTypeInfo(coclass, reference, &info), S_OK)) {
        CHECK_HR(CreateStdDispatch(NULL, handler, info, &sink), S_OK);
        ITypeInfo_Release(info);
    }
    ITypeInfo_Release(coclass);
    return sink;
}

static void sink_of_oleaut32_hears_the_event_in_its_own_method(void)
{
    struct gauge *gauge = gauge_create(FALSE);
    struct connpt_connection connection, refused;
    struct handler handler;
    IUnknown *sink;

    if (!CHECK(gauge != NULL))
        return;
    sink = make_std_sink(&handler);
    if (sink != NULL) {
        /* It answers IDispatch, and not the dispinterface's own IID. */
        CHECK_HR(
            connpt_connection_open(&connection, gauge_unknown(gauge), sink, &DIID_DGaugeEvents),
            S_OK);
        CHECK_INT(gauge_set(gauge, 77), 1);
        CHECK_HR(gauge->failure, S_OK);
        CHECK_INT(handler.n_calls, 1);
        CHECK_INT(handler.value, 77);
        CHECK_HR(
            connpt_connection_open(&refused, gauge_unknown(gauge), sink, &IID_IPropertyNotifySink),
            CONNECT_E_CANNOTCONNECT);
        CHECK_HR(connpt_connection_close(&connection), S_OK);
    }
    gauge_release(gauge);
    if (sink != NULL)
        CHECK_INT(IUnknown_Release(sink), 0);
    CHECK_INT(gauge_n_live, 0);
}

static void hear_with_a_std_sink(struct visit *visit)
{
    IConnectionPoint *point = visit_point(visit, &DIID_DGaugeEvents);
    struct handler handler;
    IUnknown *sink = make_std_sink(&handler);
    DWORD cookie = 0;

    if (sink != NULL) {
        CHECK_HR(IConnectionPoint_Advise(point, sink, &cookie), S_OK);
        CHECK_INT(visit_set(visit, 78), 1);
        CHECK_INT(handler.value, 78);
        CHECK_HR(IConnectionPoint_Unadvise(point, cookie), S_OK);
        CHECK_INT(IUnknown_Release(sink), 0);
    }
    IConnectionPoint_Release(point);
}

static void sink_of_oleaut32_hears_events_from_another_apartment(void)
{
    visit_all(hear_with_a_std_sink);
}

int main(int argc, char **argv)
{
    static const struct t_test tests[] = {
        T(names_arguments_and_errors_cross_apartments),
        T(sink_of_oleaut32_hears_the_event_in_its_own_method),
        T(sink_of_oleaut32_hears_events_from_another_apartment),
        T_END,
    };

    return visit_run(argc, argv, tests);
}

/* SPDX-License-Identifier: MIT */
/*
 * ticker_test.c - the sample module as a foreign client sees it: bare COM through the loader
 *
 * Nothing here knows how the ticker is made.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <connpt/automation.h>
#include <connpt/guid.h>
#include <connpt/memory.h>
#include <connpt/module.h>
#include <connpt/typelib.h>

#include <ticker.h>

#include "client.h"
#include "t.h"

/* ---- what it is -------------------------------------------------------------------------- */

static void default_source_is_the_dispinterface(void)
{
    ITicker *ticker = ticker_new();
    IProvideClassInfo2 *info = NULL;
    GUID guid = { 0, 0, 0, { 0 } };

    if (ticker == NULL)
        return;
    if (CHECK_HR(ITicker_QueryInterface(ticker, &IID_IProvideClassInfo2, (void **)&info), S_OK)) {
        CHECK_HR(IProvideClassInfo2_GetGUID(info, GUIDKIND_DEFAULT_SOURCE_DISP_IID, &guid), S_OK);
        CHECK(connpt_guid_equal(&guid, &DIID_DTickerEvents));
        IProvideClassInfo2_Release(info);
    }
    ticker_end(ticker);
}

static void three_outgoing_interfaces_are_enumerated_in_their_order(void)
{
    static const IID *const expected[] = { &DIID_DTickerEvents, &IID_ITickerSink,
                                           &IID_IPropertyNotifySink };
    ITicker *ticker = ticker_new();
    IConnectionPointContainer *container = NULL;
    IEnumConnectionPoints *points = NULL;
    IConnectionPoint *items[5] = { NULL };
    ULONG n = 0;

    if (ticker == NULL)
        return;
    CHECK_HR(ITicker_QueryInterface(ticker, &IID_IConnectionPointContainer, (void **)&container),
             S_OK);
    if (container != NULL) {
        CHECK_HR(IConnectionPointContainer_EnumConnectionPoints(container, &points), S_OK);
        IConnectionPointContainer_Release(container);
    }
    if (points != NULL) {
        CHECK_HR(IEnumConnectionPoints_Next(points, 5, items, &n), S_FALSE);
        CHECK_INT(n, 3);
        for (ULONG i = 0; i < n && i < 3; i++) {
            IID iid;

            CHECK_HR(IConnectionPoint_GetConnectionInterface(items[i], &iid), S_OK);
            CHECK(connpt_guid_equal(&iid, expected[i]));
            IConnectionPoint_Release(items[i]);
        }
        IEnumConnectionPoints_Release(points);
    }
    ticker_end(ticker);
}

static void identity_is_one_from_every_interface(void)
{
    static const IID *const iids[] = { &IID_ITicker, &IID_IDispatch, &IID_IUnknown,
                                       &IID_IConnectionPointContainer, &IID_IProvideClassInfo };
    ITicker *ticker = ticker_new();
    IUnknown *identity = NULL;

    if (ticker == NULL)
        return;
    CHECK_HR(ITicker_QueryInterface(ticker, &IID_IUnknown, (void **)&identity), S_OK);
    for (size_t i = 0; i < sizeof iids / sizeof iids[0]; i++) {
        IUnknown *part = NULL, *whole = NULL;

        if (!CHECK_HR(ITicker_QueryInterface(ticker, iids[i], (void **)&part), S_OK))
            continue;
        CHECK_HR(IUnknown_QueryInterface(part, &IID_IUnknown, (void **)&whole), S_OK);
        CHECK_PTR(whole, identity);
        if (whole != NULL)
            IUnknown_Release(whole);
        IUnknown_Release(part);
    }
    if (identity != NULL)
        IUnknown_Release(identity);
    ticker_end(ticker);
}

/* ---- connecting -------------------------------------------------------------------------- */

static HRESULT STDMETHODCALLTYPE stranger_QueryInterface(IUnknown *iface, REFIID iid, void **out)
{
    *out = connpt_guid_equal(iid, &IID_IUnknown) ? iface : NULL;
    return *out != NULL ? S_OK : E_NOINTERFACE;
}

static ULONG STDMETHODCALLTYPE stranger_count(IUnknown *iface)
{
    (void)iface;
    return 1;
}

static void sink_of_another_interface_cannot_connect(void)
{
    static const IUnknownVtbl vtbl = { stranger_QueryInterface, stranger_count, stranger_count };
    static const IID *const iids[] = { &DIID_DTickerEvents, &IID_ITickerSink,
                                       &IID_IPropertyNotifySink };
    IUnknown stranger = { &vtbl };
    ITicker *ticker = ticker_new();

    if (ticker == NULL)
        return;
    for (size_t i = 0; i < 3; i++) {
        IConnectionPoint *point = point_of(ticker, iids[i]);
        DWORD cookie = 7;

        if (point == NULL)
            continue;
        CHECK_HR(IConnectionPoint_Advise(point, &stranger, &cookie), CONNECT_E_CANNOTCONNECT);
        CHECK_INT(cookie, 0);
        IConnectionPoint_Release(point);
    }
    ticker_end(ticker);
}

static void tick_reaches_both_kinds_of_sinks(void)
{
    struct listener script = listener_new(), compiled = listener_new();
    ITicker *ticker = ticker_new();
    DWORD script_cookie, compiled_cookie;

    if (ticker == NULL)
        return;
    script_cookie = connect_to(ticker, &DIID_DTickerEvents, &script);
    compiled_cookie = connect_to(ticker, &IID_ITickerSink, &compiled);
    if (script_cookie != 0 && compiled_cookie != 0) {
        CHECK_HR(put_name(ticker, "ACME"), S_OK);
        CHECK_HR(ITicker_Tick(ticker, 12.5), S_OK);
        CHECK_INT(script.n_ticks, 1);
        CHECK(script.price == 12.5);
        CHECK_STR(script.symbol, "ACME");
        CHECK_INT(compiled.n_ticks, 1);
        CHECK(compiled.price == 12.5);
        CHECK_STR(compiled.symbol, "ACME");
        disconnect_from(ticker, &DIID_DTickerEvents, script_cookie);
        CHECK_HR(ITicker_Tick(ticker, 13.0), S_OK);
        CHECK_INT(script.n_ticks, 1);
        CHECK_INT(compiled.n_ticks, 2);
    }
    ticker_end(ticker);
    CHECK_INT(script.refs, 1);
    CHECK_INT(compiled.refs, 1);
}

static void sink_that_answers_idispatch_only_hears_the_dispinterface(void)
{
    struct listener script = listener_new();
    ITicker *ticker = ticker_new();

    if (ticker == NULL)
        return;
    script.only_idispatch = 1;
    if (connect_to(ticker, &DIID_DTickerEvents, &script) != 0) {
        CHECK_HR(ITicker_Tick(ticker, 1.0), S_OK);
        CHECK_INT(script.n_ticks, 1);
    }
    ticker_end(ticker);
    CHECK_INT(script.refs, 1);
}

static void sink_may_drop_the_last_reference_to_the_ticker(void)
{
    struct listener script = listener_new(), compiled = listener_new();
    ITicker *ticker = ticker_new();

    if (ticker == NULL)
        return;
    if (connect_to(ticker, &IID_ITickerSink, &compiled) != 0 &&
        connect_to(ticker, &DIID_DTickerEvents, &script) != 0) {
        compiled.drops = ticker;
        if (ITicker_Tick(ticker, 1.0) == S_OK) {
            CHECK_INT(compiled.n_ticks, 1);
            CHECK_INT(script.n_ticks, 1);
            ticker = NULL;
        }
    }
    if (ticker != NULL)
        ticker_end(ticker);
    CHECK_INT(script.refs, 1);
    CHECK_INT(compiled.refs, 1);
}

/* ---- closing ----------------------------------------------------------------------------- */

static void ticker_closes_when_nobody_objects(void)
{
    struct listener script = listener_new(), compiled = listener_new();
    ITicker *ticker = ticker_new();
    VARIANT_BOOL closed = VARIANT_FALSE;

    if (ticker == NULL)
        return;
    if (connect_to(ticker, &DIID_DTickerEvents, &script) != 0 &&
        connect_to(ticker, &IID_ITickerSink, &compiled) != 0) {
        IConnectionPoint *point = point_of(ticker, &IID_ITickerSink);
        DWORD cookie = 7;

        CHECK_HR(ITicker_Close(ticker, NULL), E_POINTER);
        CHECK_INT(compiled.n_closings, 0);
        CHECK_HR(ITicker_Close(ticker, &closed), S_OK);
        CHECK_INT(closed, VARIANT_TRUE);
        CHECK_INT(script.n_closings, 1);
        CHECK_INT(compiled.n_closings, 1);
        CHECK_INT(script.refs, 1);
        CHECK_INT(compiled.refs, 1);
        if (point != NULL) {
            CHECK_HR(IConnectionPoint_Advise(point, (IUnknown *)&script.IDispatch_iface, &cookie),
                     CONNECT_E_CANNOTCONNECT);
            CHECK_INT(cookie, 0);
            IConnectionPoint_Release(point);
        }
        CHECK_HR(ITicker_Tick(ticker, 1.0), S_OK);
        CHECK_INT(compiled.n_ticks, 0);
    }
    ticker_end(ticker);
}

static void objecting_vtable_sink_keeps_the_ticker_open(void)
{
    struct listener first = listener_new(), second = listener_new(), script = listener_new();
    ITicker *ticker = ticker_new();
    VARIANT_BOOL closed = VARIANT_TRUE;

    if (ticker == NULL)
        return;
    first.objects = 1;
    if (connect_to(ticker, &IID_ITickerSink, &first) != 0 &&
        connect_to(ticker, &IID_ITickerSink, &second) != 0 &&
        connect_to(ticker, &DIID_DTickerEvents, &script) != 0) {
        CHECK_HR(ITicker_Close(ticker, &closed), S_OK);
        CHECK_INT(closed, VARIANT_FALSE);
        CHECK_INT(first.n_closings, 1);
        CHECK_INT(second.n_closings, 0); /* nobody is asked after the first objection */
        CHECK_INT(script.n_closings, 0);
        CHECK_HR(ITicker_Tick(ticker, 1.0), S_OK);
        CHECK_INT(second.n_ticks, 1);
    }
    ticker_end(ticker);
}

static void objecting_dispinterface_sink_keeps_the_ticker_open(void)
{
    struct listener compiled = listener_new(), first = listener_new(), second = listener_new();
    ITicker *ticker = ticker_new();
    VARIANT_BOOL closed = VARIANT_TRUE;

    if (ticker == NULL)
        return;
    first.objects = 1;
    if (connect_to(ticker, &IID_ITickerSink, &compiled) != 0 &&
        connect_to(ticker, &DIID_DTickerEvents, &first) != 0 &&
        connect_to(ticker, &DIID_DTickerEvents, &second) != 0) {
        CHECK_HR(ITicker_Close(ticker, &closed), S_OK);
        CHECK_INT(closed, VARIANT_FALSE);
        CHECK_INT(compiled.n_closings, 1);
        CHECK_INT(first.n_closings, 1);
        CHECK_INT(second.n_closings, 0);
        first.objects = 0;
        CHECK_HR(ITicker_Close(ticker, &closed), S_OK);
        CHECK_INT(closed, VARIANT_TRUE);
    }
    ticker_end(ticker);
}

/* ---- the property ------------------------------------------------------------------------ */

static void symbol_keeps_what_is_put(void)
{
    ITicker *ticker = ticker_new();

    if (ticker == NULL)
        return;
    check_name(ticker, "CNPT");
    CHECK_HR(put_name(ticker, "caf\xc3\xa9"), S_OK);
    check_name(ticker, "caf\xc3\xa9");
    CHECK_HR(ITicker_put_symbol(ticker, NULL), S_OK); /* NULL is the empty string */
    check_name(ticker, "");
    CHECK_HR(ITicker_get_symbol(ticker, NULL), E_POINTER);
    ticker_end(ticker);
}

static void change_of_the_symbol_is_asked_for_and_told(void)
{
    struct listener watcher = listener_new();
    ITicker *ticker = ticker_new();

    if (ticker == NULL)
        return;
    if (connect_to(ticker, &IID_IPropertyNotifySink, &watcher) != 0 &&
        CHECK_HR(put_name(ticker, "ACME"), S_OK)) {
        CHECK_INT(watcher.n_requests, 1);
        CHECK_INT(watcher.n_changes, 1);
        CHECK_INT(watcher.property, 1);
        check_name(ticker, "ACME");
    }
    ticker_end(ticker);
    CHECK_INT(watcher.refs, 1);
}

static void any_sink_may_refuse_the_change(void)
{
    struct listener easy = listener_new(), strict = listener_new();
    ITicker *ticker = ticker_new();

    if (ticker == NULL)
        return;
    strict.objects = 1;
    if (connect_to(ticker, &IID_IPropertyNotifySink, &easy) != 0 &&
        connect_to(ticker, &IID_IPropertyNotifySink, &strict) != 0) {
        CHECK_HR(put_name(ticker, "ACME"), S_FALSE);
        CHECK_INT(easy.n_requests, 1);
        CHECK_INT(strict.n_requests, 1);
        CHECK_INT(easy.n_changes + strict.n_changes, 0);
        check_name(ticker, "CNPT");
    }
    ticker_end(ticker);
}

/* ---- as a script sees it ----------------------------------------------------------------- */

static DISPID id_of(ITicker *ticker, const char *name)
{
    DISPID dispid = DISPID_UNKNOWN;
    BSTR wide = NULL;

    if (CHECK_HR(connpt_bstr_from_utf8(name, (size_t)-1, &wide), S_OK))
        CHECK_HR(ITicker_GetIDsOfNames(ticker, &IID_NULL, &wide, 1, LOCALE_USER_DEFAULT, &dispid),
                 S_OK);
    connpt_SysFreeString(wide);
    return dispid;
}

static HRESULT invoke(ITicker *ticker, const char *name, WORD flags, VARIANT *arg, VARIANT *result)
{
    DISPID put = DISPID_PROPERTYPUT;
    DISPPARAMS params = { arg, NULL, arg != NULL ? 1 : 0, 0 };

    if (flags == DISPATCH_PROPERTYPUT) {
        params.rgdispidNamedArgs = &put;
        params.cNamedArgs = 1;
    }
    return ITicker_Invoke(ticker, id_of(ticker, name), &IID_NULL, LOCALE_USER_DEFAULT, flags,
                          &params, result, NULL, NULL);
}

static void script_uses_every_member_by_its_name(void)
{
    struct listener script = listener_new();
    ITicker *ticker = ticker_new();
    VARIANT arg, result;
    BSTR text = NULL;

    if (ticker == NULL)
        return;
    connpt_VariantInit(&result);
    if (connect_to(ticker, &DIID_DTickerEvents, &script) != 0 &&
        CHECK_HR(connpt_bstr_from_utf8("12.5", (size_t)-1, &text), S_OK)) {
        arg = connpt_variant_bstr(text);
        CHECK_HR(invoke(ticker, "symbol", DISPATCH_PROPERTYPUT, &arg, NULL), S_OK);
        CHECK_HR(invoke(ticker, "SYMBOL", DISPATCH_PROPERTYGET, NULL, &result), S_OK);
        CHECK_INT(result.vt, VT_BSTR);
        (void)connpt_VariantClear(&result);
        check_name(ticker, "12.5");
        CHECK_HR(invoke(ticker, "Tick", DISPATCH_METHOD, &arg, NULL), S_OK); /* from text */
        CHECK(script.price == 12.5 || t_oom_hit());
        CHECK_HR(invoke(ticker, "Tick", DISPATCH_METHOD, NULL, NULL), DISP_E_PARAMNOTOPTIONAL);
        CHECK_HR(invoke(ticker, "Close", DISPATCH_METHOD, NULL, &result), S_OK);
        CHECK_INT(result.vt, VT_BOOL);
        CHECK_INT(result.boolVal, VARIANT_TRUE);
    }
    connpt_SysFreeString(text);
    ticker_end(ticker);
}

static void type_information_names_class_and_interface(void)
{
    ITicker *ticker = ticker_new();
    ITypeInfo *info = NULL;
    IProvideClassInfo *provider = NULL;
    TYPEATTR *attr = NULL;
    UINT count = 0;

    if (ticker == NULL)
        return;
    CHECK_HR(ITicker_GetTypeInfoCount(ticker, &count), S_OK);
    CHECK_INT(count, 1);
    CHECK_HR(ITicker_GetTypeInfo(ticker, 1, 0, &info), DISP_E_BADINDEX);
    CHECK_PTR(info, NULL);
    CHECK_HR(ITicker_GetTypeInfo(ticker, 0, 0, NULL), E_POINTER);
    if (CHECK_HR(ITicker_GetTypeInfo(ticker, 0, 0, &info), S_OK)) {
        if (CHECK_HR(ITypeInfo_GetTypeAttr(info, &attr), S_OK)) {
            CHECK(connpt_guid_equal(&attr->guid, &IID_ITicker));
            ITypeInfo_ReleaseTypeAttr(info, attr);
        }
        ITypeInfo_Release(info);
    }
    CHECK_HR(ITicker_QueryInterface(ticker, &IID_IProvideClassInfo, (void **)&provider), S_OK);
    if (provider != NULL && CHECK_HR(IProvideClassInfo_GetClassInfo(provider, &info), S_OK)) {
        if (CHECK_HR(ITypeInfo_GetTypeAttr(info, &attr), S_OK)) {
            CHECK(connpt_guid_equal(&attr->guid, &CLSID_Ticker));
            CHECK_INT(attr->typekind, TKIND_COCLASS);
            ITypeInfo_ReleaseTypeAttr(info, attr);
        }
        ITypeInfo_Release(info);
    }
    if (provider != NULL)
        IProvideClassInfo_Release(provider);
    ticker_end(ticker);
}

static void class_is_found_by_its_name(void)
{
    CLSID clsid = { 0, 0, 0, { 0 } };

    CHECK_HR(connpt_module_find_class(TICKER, "Ticker", &clsid), S_OK);
    CHECK(connpt_guid_equal(&clsid, &CLSID_Ticker) || t_oom_hit());
    CHECK_HR(connpt_module_find_class(TICKER, "tICKER", &clsid), S_OK);
    memset(&clsid, 0, sizeof clsid);
    CHECK_HR(connpt_module_find_class(TICKER, NULL, &clsid), S_OK); /* the only one */
    CHECK(connpt_guid_equal(&clsid, &CLSID_Ticker) || t_oom_hit());
    memset(&clsid, 0, sizeof clsid);
    CHECK_HR(connpt_module_find_class(TICKER, "", &clsid), S_OK);
    CHECK(connpt_guid_equal(&clsid, &CLSID_Ticker) || t_oom_hit());
    CHECK_HR(connpt_module_find_class(TICKER, "Clock", &clsid), TYPE_E_ELEMENTNOTFOUND);
    CHECK((strstr(connpt_module_error(), "Clock") != NULL &&
           strstr(connpt_module_error(), "it has: Ticker") != NULL) ||
          t_oom_hit());
    CHECK_HR(connpt_module_find_class("/nowhere/x.so", "Ticker", &clsid), CO_E_DLLNOTFOUND);
    CHECK_HR(connpt_module_find_class(TICKER, "Ticker", NULL), E_POINTER);
}

/* ---- the module -------------------------------------------------------------------------- */

static void module_may_go_only_when_its_objects_are_gone(void)
{
    module_function *can_unload = module_symbol("DllCanUnloadNow");
    struct listener script = listener_new();
    IConnectionPoint *point;
    ITicker *ticker;

    if (!CHECK(can_unload != NULL))
        return;
    CHECK_HR(can_unload(), S_OK);
    ticker = ticker_new();
    if (ticker == NULL)
        return;
    CHECK_HR(can_unload(), S_FALSE);
    point = point_of(ticker, &DIID_DTickerEvents);
    if (point != NULL) {
        DWORD cookie = 0;

        CHECK_HR(IConnectionPoint_Advise(point, (IUnknown *)&script.IDispatch_iface, &cookie),
                 S_OK);
        ITicker_Release(ticker); /* the point keeps the object, and the object the module */
        CHECK_HR(can_unload(), S_FALSE);
        IConnectionPoint_Release(point);
    } else {
        ticker_end(ticker);
    }
    CHECK_HR(can_unload(), S_OK);
    CHECK_INT(script.refs, 1);
}

int main(int argc, char **argv)
{
    static const struct t_test tests[] = {
        T(default_source_is_the_dispinterface),
        T(three_outgoing_interfaces_are_enumerated_in_their_order),
        T(identity_is_one_from_every_interface),
        T(sink_of_another_interface_cannot_connect),
        T(tick_reaches_both_kinds_of_sinks),
        T(sink_that_answers_idispatch_only_hears_the_dispinterface),
        T(sink_may_drop_the_last_reference_to_the_ticker),
        T(ticker_closes_when_nobody_objects),
        T(objecting_vtable_sink_keeps_the_ticker_open),
        T(objecting_dispinterface_sink_keeps_the_ticker_open),
        T(symbol_keeps_what_is_put),
        T(change_of_the_symbol_is_asked_for_and_told),
        T(any_sink_may_refuse_the_change),
        T(script_uses_every_member_by_its_name),
        T(type_information_names_class_and_interface),
        T(class_is_found_by_its_name),
        T(module_may_go_only_when_its_objects_are_gone),
        T_END,
    };

    return t_run(argc, argv, tests);
}

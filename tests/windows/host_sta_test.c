/* SPDX-License-Identifier: MIT */
/*
 * windows/host_sta_test.c - the sample module registered for single-threaded apartments only, and
 * created where there is none: COM makes one for it, and hands out proxies
 *
 * The module is registered for everyone, so nothing that looks at its class runs beside this.
 */
#include <connpt/client.h>

#include <ticker.h>

#include "apartment.h"
#include "listener.h"
#include "t.h"
#include "ticker_module.h"

#define SERVER_KEY                                                                                 \
    "Software\\Classes\\CLSID\\{5b1d4a2b-846e-4106-bcee-6a7be3c86d5b}\\InprocServer32"

/* Registers the module, which says "Both", and changes that. */
static BOOL register_for_apartments(void)
{
    static const char model[] = "Apartment";

    return CHECK_HR(ticker_module_call("DllRegisterServer"), S_OK) &&
           CHECK_INT(RegSetKeyValueA(HKEY_LOCAL_MACHINE, SERVER_KEY, "ThreadingModel", REG_SZ,
                                     model, sizeof model),
                     ERROR_SUCCESS);
}

static HRESULT put_symbol(IDispatch *ticker, const WCHAR *symbol)
{
    DISPID put = DISPID_PROPERTYPUT;
    VARIANT arg = { .vt = VT_BSTR };
    DISPPARAMS params = { &arg, &put, 1, 1 };
    HRESULT hr;

    arg.bstrVal = SysAllocString(symbol);
    hr = IDispatch_Invoke(ticker, 1, &IID_NULL, LOCALE_USER_DEFAULT, DISPATCH_PROPERTYPUT, &params,
                          NULL, NULL, NULL);
    (void)VariantClear(&arg);
    return hr;
}

static void use_ticker(void *context)
{
    const BOOL *is_proxy = context;
    struct connpt_connection connection;
    struct listener listener;
    IDispatch *ticker = NULL;
    void *security = NULL;

    if (!CHECK_HR(CoCreateInstance(&CLSID_Ticker, NULL, CLSCTX_INPROC_SERVER, &IID_IDispatch,
                                   (void **)&ticker),
                  S_OK))
        return;
    /* Every proxy has this interface, and no object. */
    CHECK(SUCCEEDED(IDispatch_QueryInterface(ticker, &IID_IClientSecurity, &security)) ==
          *is_proxy);
    if (security != NULL)
        (void)IUnknown_Release((IUnknown *)security);
    listener_init(&listener);
    CHECK_HR(connpt_connection_open(&connection, (IUnknown *)ticker, listener_unknown(&listener),
                                    &IID_IPropertyNotifySink),
             S_OK);
    CHECK_HR(put_symbol(ticker, L"ACME"), S_OK);
    CHECK_INT(listener.n_changes, 1);
    CHECK_INT(listener.value, 1);
    CHECK_HR(connpt_connection_close(&connection), S_OK);
    CHECK_HR(put_symbol(ticker, L"CNPT"), S_OK);
    CHECK_INT(listener.n_changes, 1);
    CHECK_INT(listener.refs, 1);
    (void)IDispatch_Release(ticker);
}

static void apartment_object_created_from_the_mta_lives_in_a_host_apartment(void)
{
    BOOL is_proxy = TRUE;

    if (register_for_apartments())
        in_apartment(COINIT_MULTITHREADED, use_ticker, &is_proxy);
    CHECK_HR(ticker_module_call("DllUnregisterServer"), S_OK);
}

static void apartment_object_created_in_an_sta_lives_there(void)
{
    BOOL is_proxy = FALSE;

    if (register_for_apartments())
        in_apartment(COINIT_APARTMENTTHREADED, use_ticker, &is_proxy);
    CHECK_HR(ticker_module_call("DllUnregisterServer"), S_OK);
}

int main(int argc, char **argv)
{
    static const struct t_test tests[] = {
        T(apartment_object_created_from_the_mta_lives_in_a_host_apartment),
        T(apartment_object_created_in_an_sta_lives_there),
        T_END,
    };

    deadline_start();
    return t_run(argc, argv, tests);
}

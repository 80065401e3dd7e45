/* SPDX-License-Identifier: MIT */
/*
 * windows/process_test.c - a gauge in another process: started by the test, and by COM itself
 */
#include <stdio.h>
#include <string.h>

#include "apartment.h"
#include "gauge.h"
#include "listener.h"
#include "process.h"
#include "t.h"

static IDispatch *create(const CLSID *clsid)
{
    IDispatch *gauge = NULL;

    CHECK_HR(CoCreateInstance(clsid, NULL, CLSCTX_LOCAL_SERVER, &IID_IDispatch, (void **)&gauge),
             S_OK);
    return gauge;
}

static LONG ask(IDispatch *gauge, DISPID dispid, LONG value)
{
    LONG result = -1;

    CHECK_HR(gauge_call(gauge, dispid, value, &result), S_OK);
    return result;
}

/* The whole of a client's life, in whatever apartment it is. */
static void use_the_gauge(void *context)
{
    IDispatch *gauge = create(context);
    struct connpt_connection changes, events;
    struct listener listener;
    DWORD cookie = 99;

    if (gauge == NULL)
        return;
    listener_init(&listener);
    CHECK_HR(connpt_connection_open(&changes, (IUnknown *)gauge, listener_unknown(&listener),
                                    &IID_IPropertyNotifySink),
             S_OK);
    CHECK_HR(connpt_connection_open(&events, (IUnknown *)gauge, listener_unknown(&listener),
                                    &DIID_DGaugeEvents),
             S_OK);
    CHECK_INT(ask(gauge, GAUGE_CONNECTED, 0), 2);
    CHECK_INT(ask(gauge, GAUGE_SET, 17), 2);
    CHECK_INT(listener.n_changes, 1);
    CHECK_INT(listener.n_events, 1);
    CHECK_INT(listener.value, 17);
    CHECK_HR(connpt_advise((IUnknown *)gauge, (IUnknown *)gauge, &IID_IPropertyNotifySink, &cookie),
             CONNECT_E_CANNOTCONNECT);
    CHECK_INT(cookie, 0);
    CHECK_HR(connpt_unadvise((IUnknown *)gauge, &IID_IPropertyNotifySink, 4711),
             CONNECT_E_NOCONNECTION);
    CHECK_HR(connpt_connection_close(&changes), S_OK);
    CHECK_HR(connpt_connection_close(&events), S_OK);
    CHECK_INT(ask(gauge, GAUGE_SET, 18), 0);
    CHECK_INT(listener.refs, 1);
    IDispatch_Release(gauge);
}

static void use_server(unsigned number, const char *kind, DWORD client_kind)
{
    CLSID clsid = process_class(number);
    struct process server;

    if (!process_start(&server, "windows_server.exe", &clsid, kind))
        return;
    in_apartment(client_kind, use_the_gauge, &clsid);
    CHECK_INT(process_stop(&server), 0);
}

static void multithreaded_client_of_a_multithreaded_server(void)
{
    use_server(1, "mta", COINIT_MULTITHREADED);
}

static void single_threaded_client_of_a_multithreaded_server(void)
{
    use_server(2, "mta", COINIT_APARTMENTTHREADED);
}

static void multithreaded_client_of_a_single_threaded_server(void)
{
    use_server(3, "sta", COINIT_MULTITHREADED);
}

static void single_threaded_client_of_a_single_threaded_server(void)
{
    use_server(4, "sta", COINIT_APARTMENTTHREADED);
}

/* ---- a server that COM starts ------------------------------------------------------------------
 */

/* The class's key, and its value: how to start the server. Under @root, Software\Classes. */
static LSTATUS register_class(HKEY root, const CLSID *clsid)
{
    char path[MAX_PATH], line[2 * MAX_PATH], key[160], text[40];
    WCHAR wide[40];

    (void)StringFromGUID2(clsid, wide, 40);
    for (int i = 0; i < 40; i++)
        text[i] = (char)wide[i];
    process_path("windows_server.exe", path, sizeof path);
    (void)snprintf(line, sizeof line, "\"%s\" %s", path, text);
    (void)snprintf(key, sizeof key, "Software\\Classes\\CLSID\\%s\\LocalServer32", text);
    return RegSetKeyValueA(root, key, NULL, REG_SZ, line, (DWORD)strlen(line) + 1);
}

static LSTATUS unregister_class(HKEY root, const CLSID *clsid)
{
    char key[160];
    WCHAR wide[40];

    (void)StringFromGUID2(clsid, wide, 40);
    (void)snprintf(key, sizeof key, "Software\\Classes\\CLSID\\%ls", wide);
    return RegDeleteTreeA(root, key);
}

static void use_the_gauge_and_quit(void *context)
{
    IDispatch *gauge = create(context);

    if (gauge == NULL)
        return;
    use_the_gauge(context);
    CHECK_HR(gauge_call(gauge, GAUGE_QUIT, 0, NULL), S_OK);
    IDispatch_Release(gauge);
}

static void server_that_com_starts_serves_and_ends(void)
{
    /* Wine 8 looks for classes in the machine's part only. */
    HKEY root = wine_version() != NULL ? HKEY_LOCAL_MACHINE : HKEY_CURRENT_USER;
    CLSID clsid = process_class(5);

    if (!CHECK_INT(register_class(root, &clsid), ERROR_SUCCESS))
        return;
    in_apartment(COINIT_MULTITHREADED, use_the_gauge_and_quit, &clsid);
    CHECK_INT(unregister_class(root, &clsid), ERROR_SUCCESS);
}

int main(int argc, char **argv)
{
    static const struct t_test tests[] = {
        T(multithreaded_client_of_a_multithreaded_server),
        T(single_threaded_client_of_a_multithreaded_server),
        T(multithreaded_client_of_a_single_threaded_server),
        T(single_threaded_client_of_a_single_threaded_server),
        T(server_that_com_starts_serves_and_ends),
        T_END,
    };

    deadline_start();
    return t_run(argc, argv, tests);
}

/* SPDX-License-Identifier: MIT */
/*
 * windows/shlwapi_test.c - shlwapi's helpers as clients: they connect sinks to our objects, and
 * fire events over our enumerators
 *
 * The firing helpers have no names in the DLL, only numbers; they are the same in Windows and in
 * Wine. They walk EnumConnections by ones and ask each item for its interface, so a reference that
 * our enumerator forgets, or gives twice, shows in the sink's count. Number 288,
 * IUnknown_CPContainerInvokeIndirect, is left out: Wine has only its name.
 */
#include "apartment.h"
#include "gauge.h"
#include "listener.h"
#include "t.h"

typedef HRESULT(WINAPI *connect_fn)(IUnknown *sink, REFIID iid, BOOL connect, IUnknown *source,
                                    DWORD *cookie, IConnectionPoint **ret_point);
typedef HRESULT(WINAPI *invoke_fn)(IConnectionPoint *point, DISPID dispid, DISPPARAMS *params);
typedef HRESULT(WINAPI *invoke_cancel_fn)(IConnectionPoint *point, DISPID dispid,
                                          DISPPARAMS *params, BOOL *cancel, void **out);
typedef HRESULT(WINAPI *changed_fn)(IConnectionPoint *point, DISPID dispid);
typedef HRESULT(WINAPIV *container_invoke_fn)(IUnknown *source, REFIID iid, DISPID dispid,
                                              VARIANTARG *args, DWORD n_args, ...);
typedef HRESULT(WINAPI *container_changed_fn)(IUnknown *source, DISPID dispid);

static FARPROC shlwapi(const char *name)
{
    HMODULE module = LoadLibraryA("shlwapi.dll");
    FARPROC function = module != NULL ? GetProcAddress(module, name) : NULL;

    CHECK(function != NULL);
    return function;
}

#define SHLWAPI(type, number) ((type)(UINT_PTR)shlwapi((const char *)(UINT_PTR)(number)))

/* A gauge, and a sink that shlwapi may connect. */
struct fixture {
    struct gauge *gauge;
    IUnknown *source;
    struct listener listener;
    DWORD changes, events; /* cookies */
};

static BOOL fixture_init(struct fixture *f)
{
    listener_init(&f->listener);
    f->changes = f->events = 0;
    f->gauge = gauge_create(FALSE);
    if (!CHECK(f->gauge != NULL))
        return FALSE;
    f->source = gauge_unknown(f->gauge);
    return TRUE;
}

static BOOL fixture_connect(struct fixture *f)
{
    if (!fixture_init(f))
        return FALSE;
    CHECK_HR(connpt_advise(f->source, listener_unknown(&f->listener), &IID_IPropertyNotifySink,
                           &f->changes),
             S_OK);
    CHECK_HR(
        connpt_advise(f->source, listener_unknown(&f->listener), &DIID_DGaugeEvents, &f->events),
        S_OK);
    return TRUE;
}

/* Nothing of the helper's work is left: two connections hold the sink, the test the source. */
static void fixture_fini(struct fixture *f)
{
    LONG n_connections = (f->changes != 0) + (f->events != 0);

    CHECK_INT(f->listener.refs, 1 + n_connections);
    CHECK_INT(gauge_n_live, 1);
    gauge_release(f->gauge);
    CHECK_INT(f->listener.refs, 1);
    CHECK_INT(gauge_n_live, 0);
}

static void check_connect(connect_fn connect)
{
    struct fixture f;
    IConnectionPoint *point = NULL;
    IUnknown *sink;

    if (connect == NULL || !fixture_init(&f))
        return;
    sink = listener_unknown(&f.listener);
    CHECK_HR(connect(sink, &IID_IPropertyNotifySink, TRUE, f.source, &f.changes, &point), S_OK);
    CHECK_INT(f.changes, 1);
    CHECK_PTR(point, connpt_point_iface(f.gauge->changes));
    CHECK_INT(f.listener.refs, 2);
    CHECK_INT(gauge_set(f.gauge, 7), 1);
    CHECK_INT(f.listener.n_changes, 1);
    CHECK_INT(f.listener.value, 7);
    if (point != NULL)
        IConnectionPoint_Release(point);

    point = NULL;
    CHECK_HR(connect(NULL, &IID_IPropertyNotifySink, FALSE, f.source, &f.changes, &point), S_OK);
    if (CHECK(point != NULL))
        IConnectionPoint_Release(point);
    CHECK_INT(gauge_set(f.gauge, 8), 0);
    f.changes = 0;
    fixture_fini(&f);
}

static void connect_to_connection_point_connects_and_disconnects_by_number(void)
{
    check_connect(SHLWAPI(connect_fn, 168));
}

static void connect_to_connection_point_connects_and_disconnects_by_name(void)
{
    check_connect((connect_fn)(UINT_PTR)shlwapi("ConnectToConnectionPoint"));
}

static void failed_connection_leaves_no_cookie_no_point_and_no_reference(void)
{
    connect_fn connect = SHLWAPI(connect_fn, 168);
    struct fixture f;
    IConnectionPoint *point;
    DWORD cookie = 99;

    if (connect == NULL || !fixture_init(&f))
        return;
    point = (IConnectionPoint *)&f;
    CHECK_HR(
        connect(listener_unknown(&f.listener), &IID_IAdviseSink, TRUE, f.source, &cookie, &point),
        CONNECT_E_NOCONNECTION);
    CHECK_PTR(point, NULL);
    cookie = 99;
    /* Of a sink that does not answer the interface: the source's own container interface. */
    CHECK_HR(connect(f.source, &IID_IPropertyNotifySink, TRUE, f.source, &cookie, NULL),
             CONNECT_E_CANNOTCONNECT);
    CHECK_INT(cookie, 0);
    cookie = 99;
    CHECK_HR(connect(listener_unknown(&f.listener), &IID_IPropertyNotifySink, TRUE,
                     listener_unknown(&f.listener), &cookie, NULL),
             E_NOINTERFACE);
    fixture_fini(&f);
}

static void unknown_cookie_is_refused_through_the_helper(void)
{
    connect_fn connect = SHLWAPI(connect_fn, 168);
    struct fixture f;
    DWORD cookie = 4711;

    if (connect == NULL || !fixture_connect(&f))
        return;
    CHECK_HR(connect(NULL, &IID_IPropertyNotifySink, FALSE, f.source, &cookie, NULL),
             CONNECT_E_NOCONNECTION);
    CHECK_INT(gauge_set(f.gauge, 1), 2);
    fixture_fini(&f);
}

static void simple_invoke_reaches_every_sink(void)
{
    invoke_fn invoke = SHLWAPI(invoke_fn, 284);
    VARIANT arg = connpt_variant_i4(5);
    DISPPARAMS params = { &arg, NULL, 1, 0 };
    struct fixture f;
    DWORD again = 0;

    if (invoke == NULL || !fixture_connect(&f))
        return;
    CHECK_HR(connpt_advise(f.source, listener_unknown(&f.listener), &DIID_DGaugeEvents, &again),
             S_OK);
    CHECK_HR(invoke(connpt_point_iface(f.gauge->events), GAUGE_CHANGED, &params), S_OK);
    CHECK_INT(f.listener.n_events, 2);
    CHECK_INT(f.listener.value, 5);
    CHECK_HR(connpt_unadvise(f.source, &DIID_DGaugeEvents, again), S_OK);
    fixture_fini(&f);
}

static void invoke_with_cancel_reaches_every_sink(void)
{
    invoke_cancel_fn invoke = SHLWAPI(invoke_cancel_fn, 283);
    VARIANT arg = connpt_variant_i4(6);
    DISPPARAMS params = { &arg, NULL, 1, 0 };
    BOOL cancel = FALSE;
    struct fixture f;

    if (invoke == NULL || !fixture_connect(&f))
        return;
    CHECK_HR(invoke(connpt_point_iface(f.gauge->events), GAUGE_CHANGED, &params, &cancel, NULL),
             S_OK);
    CHECK_INT(f.listener.n_events, 1);
    CHECK_INT(f.listener.value, 6);
    fixture_fini(&f);
}

static void on_changed_reaches_every_notify_sink(void)
{
    changed_fn changed = SHLWAPI(changed_fn, 285);
    struct fixture f;

    if (changed == NULL || !fixture_connect(&f))
        return;
    CHECK_HR(changed(connpt_point_iface(f.gauge->changes), 12), S_OK);
    CHECK_INT(f.listener.n_changes, 1);
    CHECK_INT(f.listener.value, 12);
    fixture_fini(&f);
}

static void container_invoke_param_finds_the_point_and_packs_the_arguments(void)
{
    container_invoke_fn invoke = SHLWAPI(container_invoke_fn, 286);
    VARIANTARG room[1];
    struct fixture f;

    if (invoke == NULL || !fixture_connect(&f))
        return;
    CHECK_HR(invoke(f.source, &DIID_DGaugeEvents, GAUGE_CHANGED, room, 1, VT_I4, 33), S_OK);
    CHECK_INT(f.listener.n_events, 1);
    CHECK_INT(f.listener.value, 33);
    CHECK_HR(invoke(f.source, &IID_IAdviseSink, GAUGE_CHANGED, room, 1, VT_I4, 34),
             CONNECT_E_NOCONNECTION);
    CHECK_INT(f.listener.n_events, 1);
    fixture_fini(&f);
}

static void container_on_changed_finds_the_notify_point(void)
{
    container_changed_fn changed = SHLWAPI(container_changed_fn, 287);
    struct fixture f;

    if (changed == NULL || !fixture_connect(&f))
        return;
    CHECK_HR(changed(f.source, 13), S_OK);
    CHECK_INT(f.listener.n_changes, 1);
    CHECK_INT(f.listener.value, 13);
    fixture_fini(&f);
}

static void helpers_meet_a_source_without_connections(void)
{
    invoke_fn invoke = SHLWAPI(invoke_fn, 284);
    container_changed_fn changed = SHLWAPI(container_changed_fn, 287);
    struct fixture f;

    if (invoke == NULL || changed == NULL || !fixture_init(&f))
        return;
    CHECK_HR(invoke(connpt_point_iface(f.gauge->events), GAUGE_CHANGED, NULL), S_OK);
    CHECK_HR(changed(f.source, 1), S_OK);
    fixture_fini(&f);
}

/* ---- a sink that leaves in the middle of another's fire -----------------------------------------
 */

static void leave(struct listener *listener)
{
    struct fixture *f = listener->context;

    CHECK_HR(connpt_unadvise(f->source, &DIID_DGaugeEvents, f->events), S_OK);
    f->events = 0;
    listener->on_event = NULL;
}

static void sink_may_leave_while_a_helper_fires_over_the_enumerator(void)
{
    invoke_fn invoke = SHLWAPI(invoke_fn, 284);
    VARIANT arg = connpt_variant_i4(5);
    DISPPARAMS params = { &arg, NULL, 1, 0 };
    struct fixture f;

    if (invoke == NULL || !fixture_connect(&f))
        return;
    f.listener.on_event = leave;
    f.listener.context = &f;
    CHECK_HR(invoke(connpt_point_iface(f.gauge->events), GAUGE_CHANGED, &params), S_OK);
    CHECK_HR(invoke(connpt_point_iface(f.gauge->events), GAUGE_CHANGED, &params), S_OK);
    CHECK_INT(f.listener.n_events, 1);
    fixture_fini(&f);
}

int main(int argc, char **argv)
{
    static const struct t_test tests[] = {
        T(connect_to_connection_point_connects_and_disconnects_by_number),
        T(connect_to_connection_point_connects_and_disconnects_by_name),
        T(failed_connection_leaves_no_cookie_no_point_and_no_reference),
        T(unknown_cookie_is_refused_through_the_helper),
        T(simple_invoke_reaches_every_sink),
        T(invoke_with_cancel_reaches_every_sink),
        T(on_changed_reaches_every_notify_sink),
        T(container_invoke_param_finds_the_point_and_packs_the_arguments),
        T(container_on_changed_finds_the_notify_point),
        T(helpers_meet_a_source_without_connections),
        T(sink_may_leave_while_a_helper_fires_over_the_enumerator),
        T_END,
    };

    deadline_start();
    return t_run(argc, argv, tests);
}

/* SPDX-License-Identifier: MIT */
/*
 * windows/marshal_test.c - a container handed to another apartment: points, connections and events
 * through the system's own proxies and stubs
 */
#include "visit.h"

/* ---- identity -------------------------------------------------------------------------------- */

static IUnknown *identity_of(void *iface)
{
    IUnknown *unknown = NULL;

    CHECK_HR(IUnknown_QueryInterface((IUnknown *)iface, &IID_IUnknown, (void **)&unknown), S_OK);
    if (unknown != NULL)
        (void)IUnknown_Release(unknown); /* the pointer is compared, and the caller has another */
    return unknown;
}

static void find_the_way_back(struct visit *visit)
{
    IConnectionPoint *point = visit_point(visit, &IID_IPropertyNotifySink);
    IConnectionPoint *again = visit_point(visit, &IID_IPropertyNotifySink);
    IConnectionPoint *other = visit_point(visit, &DIID_DGaugeEvents);
    IConnectionPointContainer *container = NULL;
    IID iid = { 0 };

    CHECK_PTR(identity_of(point), identity_of(again));
    CHECK(identity_of(point) != identity_of(other));
    CHECK(identity_of(point) != identity_of(visit->container));
    CHECK_HR(IConnectionPoint_GetConnectionInterface(other, &iid), S_OK);
    CHECK(connpt_guid_equal(&iid, &DIID_DGaugeEvents));
    if (CHECK_HR(IConnectionPoint_GetConnectionPointContainer(point, &container), S_OK)) {
        CHECK_PTR(identity_of(container), identity_of(visit->container));
        CHECK_PTR(identity_of(container), identity_of(visit->dispatch));
        IConnectionPointContainer_Release(container);
    }
    IConnectionPoint_Release(point);
    IConnectionPoint_Release(again);
    IConnectionPoint_Release(other);
}

static void container_and_points_keep_their_identities(void)
{
    visit_all(find_the_way_back);
}

/* ---- failures ----------------------------------------------------------------------------------
 */

static void fail_in_every_way(struct visit *visit)
{
    IConnectionPoint *point = visit_point(visit, &IID_IPropertyNotifySink), *none;
    DWORD cookie = 99;

    none = point;
    CHECK_HR(
        IConnectionPointContainer_FindConnectionPoint(visit->container, &IID_IAdviseSink, &none),
        CONNECT_E_NOCONNECTION);
    CHECK_PTR(none, NULL);
    CHECK_HR(IConnectionPoint_Unadvise(point, 0), CONNECT_E_NOCONNECTION);
    CHECK_HR(IConnectionPoint_Unadvise(point, 12345), CONNECT_E_NOCONNECTION);
    /* The point itself is no sink for what it fires. */
    CHECK_HR(IConnectionPoint_Advise(point, (IUnknown *)point, &cookie), CONNECT_E_CANNOTCONNECT);
    CHECK_INT(cookie, 0);
    cookie = 99;
    CHECK_HR(IConnectionPoint_Advise(point, NULL, &cookie), E_POINTER);
    CHECK_INT(cookie, 0);
    CHECK_INT(visit_set(visit, 1), 0);
    IConnectionPoint_Release(point);
}

static void failures_cross_the_wire_with_null_and_zero(void)
{
    visit_all(fail_in_every_way);
}

/* ---- events -----------------------------------------------------------------------------------
 */

static void hear_both_events(struct visit *visit)
{
    struct listener *listener = &visit->listener;
    DWORD changes = visit_advise(visit, &IID_IPropertyNotifySink);
    DWORD events = visit_advise(visit, &DIID_DGaugeEvents);

    CHECK_INT(visit_set(visit, 41), 2);
    CHECK_INT(listener->n_changes, 1);
    CHECK_INT(listener->n_events, 1);
    CHECK_INT(listener->value, 41);
    if (visit->client_kind == COINIT_APARTMENTTHREADED)
        CHECK_INT(listener->thread, GetCurrentThreadId());
    visit_unadvise(visit, &IID_IPropertyNotifySink, changes);
    CHECK_INT(visit_set(visit, 42), 1);
    CHECK_INT(listener->n_changes, 1);
    visit_unadvise(visit, &DIID_DGaugeEvents, events);
    CHECK_INT(visit_set(visit, 43), 0);
    CHECK_INT(listener->n_events, 2);
    CHECK_INT(listener->refs, 1);
}

static void sinks_are_called_in_the_middle_of_the_clients_own_call(void)
{
    visit_all(hear_both_events);
}

static void object_to_a_change(struct visit *visit)
{
    DWORD changes = visit_advise(visit, &IID_IPropertyNotifySink);
    LONG failure = 0;

    visit->listener.result = E_ACCESSDENIED;
    CHECK_INT(visit_set(visit, 1), 1);
    CHECK_HR(gauge_call(visit->dispatch, GAUGE_FAILURE, 0, &failure), S_OK);
    CHECK_HR(failure, E_ACCESSDENIED);
    visit_unadvise(visit, &IID_IPropertyNotifySink, changes);
}

static void failure_of_a_sink_reaches_the_source(void)
{
    visit_all(object_to_a_change);
}

/* ---- calls inside calls -----------------------------------------------------------------------
 */

struct inside {
    struct visit *visit;
    DWORD cookie;
};

static void leave(struct listener *listener)
{
    struct inside *inside = listener->context;

    listener->on_event = NULL;
    visit_unadvise(inside->visit, &IID_IPropertyNotifySink, inside->cookie);
}

static void leave_inside_the_event(struct visit *visit)
{
    struct inside inside = { visit, visit_advise(visit, &IID_IPropertyNotifySink) };

    visit->listener.on_event = leave;
    visit->listener.context = &inside;
    CHECK_INT(visit_set(visit, 1), 1);
    CHECK_INT(visit_set(visit, 2), 0);
    CHECK_INT(visit->listener.n_changes, 1);
    CHECK_INT(visit->listener.refs, 1);
}

static void sink_may_leave_inside_its_own_call(void)
{
    visit_all(leave_inside_the_event);
}

static void join_and_set_again(struct listener *listener)
{
    struct inside *inside = listener->context;

    listener->on_event = NULL;
    inside->cookie = visit_advise(inside->visit, &DIID_DGaugeEvents);
    CHECK_INT(visit_set(inside->visit, 2), 2);
}

static void join_inside_the_event(struct visit *visit)
{
    DWORD changes = visit_advise(visit, &IID_IPropertyNotifySink);
    struct inside inside = { visit, 0 };

    visit->listener.on_event = join_and_set_again;
    visit->listener.context = &inside;
    CHECK_INT(visit_set(visit, 1), 2); /* the events' own fire begins after it */
    CHECK_INT(visit->listener.n_changes, 2);
    CHECK_INT(visit->listener.n_events, 2);
    visit_unadvise(visit, &IID_IPropertyNotifySink, changes);
    visit_unadvise(visit, &DIID_DGaugeEvents, inside.cookie);
}

static void sink_may_connect_and_fire_again_inside_its_call(void)
{
    visit_all(join_inside_the_event);
}

/* ---- the end -----------------------------------------------------------------------------------
 */

static void close_gauge(void *context)
{
    struct visit *visit = context;

    connpt_object_close(&visit->gauge->object);
}

static void stay_until_the_source_closes(struct visit *visit)
{
    IConnectionPoint *point = visit_point(visit, &IID_IPropertyNotifySink);
    DWORD cookie = visit_advise(visit, &IID_IPropertyNotifySink), other = 99;

    (void)visit_advise(visit, &DIID_DGaugeEvents);
    CHECK(visit->listener.refs > 1);
    apartment_call(visit->home, close_gauge, visit);
    CHECK_INT(visit->listener.refs, 1);
    CHECK_HR(IConnectionPoint_Unadvise(point, cookie), CONNECT_E_NOCONNECTION);
    CHECK_HR(IConnectionPoint_Advise(point, listener_unknown(&visit->listener), &other),
             CONNECT_E_CANNOTCONNECT);
    CHECK_INT(other, 0);
    IConnectionPoint_Release(point);
}

static void source_that_closes_lets_go_of_every_sink(void)
{
    visit_all(stay_until_the_source_closes);
}

static void let_go_at_home(void *context)
{
    struct visit *visit = context;

    gauge_release(visit->gauge);
    visit->gauge = NULL;
}

static void be_the_last_who_holds_the_source(struct visit *visit)
{
    (void)visit_advise(visit, &IID_IPropertyNotifySink);
    apartment_call(visit->home, let_go_at_home, visit);
    CHECK_INT(visit_set(visit, 1), 1);
    CHECK_INT(gauge_n_live, 1);
    IConnectionPointContainer_Release(visit->container);
    visit->container = NULL;
    IDispatch_Release(visit->dispatch);
    visit->dispatch = NULL;
    CHECK_INT(gauge_n_live, 0);
    CHECK_INT(visit->listener.refs, 1);
}

static void last_release_by_proxy_ends_the_source_and_lets_the_sinks_go(void)
{
    visit_all(be_the_last_who_holds_the_source);
}

static void keep_a_handle(struct visit *visit)
{
    struct connpt_connection connection;

    CHECK_HR(connpt_connection_open(&connection, (IUnknown *)visit->container,
                                    listener_unknown(&visit->listener), &IID_IPropertyNotifySink),
             S_OK);
    CHECK_INT(visit_set(visit, 5), 1);
    CHECK_HR(connpt_connection_close(&connection), S_OK);
    CHECK_HR(connpt_connection_close(&connection), S_FALSE);
    CHECK_INT(visit_set(visit, 6), 0);
    CHECK_INT(visit->listener.refs, 1);
}

static void connection_handle_works_on_a_proxy(void)
{
    visit_all(keep_a_handle);
}

int main(int argc, char **argv)
{
    static const struct t_test tests[] = {
        T(container_and_points_keep_their_identities),
        T(failures_cross_the_wire_with_null_and_zero),
        T(sinks_are_called_in_the_middle_of_the_clients_own_call),
        T(failure_of_a_sink_reaches_the_source),
        T(sink_may_leave_inside_its_own_call),
        T(sink_may_connect_and_fire_again_inside_its_call),
        T(source_that_closes_lets_go_of_every_sink),
        T(last_release_by_proxy_ends_the_source_and_lets_the_sinks_go),
        T(connection_handle_works_on_a_proxy),
        T_END,
    };

    return visit_run(argc, argv, tests);
}

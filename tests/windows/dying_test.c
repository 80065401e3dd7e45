/* SPDX-License-Identifier: MIT */
/*
 * windows/dying_test.c - processes that die while they are connected: clients, and a server
 *
 * The server's points drop dead sinks. Whatever dies, those who live go on, at once.
 */
#include <string.h>

#include "apartment.h"
#include "gauge.h"
#include "listener.h"
#include "process.h"
#include "t.h"

/* This process as a client that lives, connected to both points of a server's gauge. */
struct witness {
    IDispatch *gauge;
    struct connpt_connection changes, events;
    struct listener listener;
};

static BOOL witness_init(struct witness *witness, const CLSID *clsid)
{
    IUnknown *sink = listener_unknown(&witness->listener);

    listener_init(&witness->listener);
    if (!CHECK_HR(CoCreateInstance(clsid, NULL, CLSCTX_LOCAL_SERVER, &IID_IDispatch,
                                   (void **)&witness->gauge),
                  S_OK))
        return FALSE;
    CHECK_HR(connpt_connection_open(&witness->changes, (IUnknown *)witness->gauge, sink,
                                    &IID_IPropertyNotifySink),
             S_OK);
    CHECK_HR(connpt_connection_open(&witness->events, (IUnknown *)witness->gauge, sink,
                                    &DIID_DGaugeEvents),
             S_OK);
    return TRUE;
}

static LONG ask(struct witness *witness, DISPID dispid, LONG value)
{
    LONG result = -1;

    CHECK_HR(gauge_call(witness->gauge, dispid, value, &result), S_OK);
    return result;
}

/* The server is alive: the connections end in order. */
static void witness_fini(struct witness *witness)
{
    CHECK_HR(connpt_connection_close(&witness->changes), S_OK);
    CHECK_HR(connpt_connection_close(&witness->events), S_OK);
    CHECK_INT(witness->listener.refs, 1);
    IDispatch_Release(witness->gauge);
}

/* ---- clients that die -------------------------------------------------------------------------
 */

struct death {
    CLSID clsid;
    const char *victim; /* its arguments */
    BOOL is_killed;     /* by this test; else it ends by itself */
};

/* Wine: RPC_S_SERVER_UNAVAILABLE from a process that is gone, RPC_S_CALL_FAILED from one that went
 * in the middle of the call. */
static BOOL says_gone(HRESULT hr)
{
    return hr == CONNPT_E_SERVER_UNAVAILABLE || hr == RPC_E_DISCONNECTED ||
           hr == CO_E_OBJNOTCONNECTED;
}

/* What the server's fires find, one after the other; and who hears them. */
static void fire_over_the_dead(struct witness *witness, const struct death *death)
{
    BOOL is_inside = strstr(death->victim, "inside") != NULL;

    CHECK_INT(ask(witness, GAUGE_CONNECTED, 0), 4);
    CHECK_INT(ask(witness, GAUGE_SET, 1), 4);
    if (is_inside) {
        /* The call that it died in was sent, and may have been carried out: no reason to drop. */
        CHECK(!says_gone(ask(witness, GAUGE_FAILURE, 0)));
        CHECK_INT(ask(witness, GAUGE_SET, 2), 3);
    }
    CHECK(says_gone(ask(witness, GAUGE_FAILURE, 0)));
    CHECK_INT(ask(witness, GAUGE_CONNECTED, 0), 2);
    CHECK_INT(ask(witness, GAUGE_SET, 3), 2);
    CHECK_HR(ask(witness, GAUGE_FAILURE, 0), S_OK);
    CHECK_INT(witness->listener.n_changes, is_inside ? 3 : 2);
    CHECK_INT(witness->listener.n_events, is_inside ? 3 : 2);
    CHECK_INT(witness->listener.value, 3);
}

static void outlive(void *context)
{
    struct death *death = context;
    struct witness witness;
    struct process victim;

    if (!witness_init(&witness, &death->clsid))
        return;
    if (process_start(&victim, "windows_victim.exe", &death->clsid, death->victim)) {
        if (death->is_killed)
            process_kill(&victim);
        else if (strstr(death->victim, "inside") == NULL)
            CHECK_INT(process_wait(&victim), 0);
        fire_over_the_dead(&witness, death);
        if (strstr(death->victim, "inside") != NULL)
            (void)process_wait(&victim);
    }
    witness_fini(&witness);
}

static void let_die(unsigned number, const char *server_kind, const char *victim_arguments,
                    BOOL is_killed)
{
    struct death death = { process_class(number), victim_arguments, is_killed };
    struct process server;

    if (!process_start(&server, "windows_server.exe", &death.clsid, server_kind))
        return;
    in_apartment(COINIT_MULTITHREADED, outlive, &death);
    CHECK_INT(process_stop(&server), 0);
}

static void killed_client_is_dropped_and_the_others_hear_on(void)
{
    let_die(1, "mta", "mta hang", TRUE);
    let_die(2, "mta", "sta hang", TRUE);
    let_die(3, "sta", "mta hang", TRUE);
    let_die(4, "sta", "sta hang", TRUE);
}

static void client_that_dies_inside_its_event_is_dropped(void)
{
    let_die(5, "mta", "mta inside", FALSE);
    let_die(6, "sta", "sta inside", FALSE);
}

static void client_that_exits_connected_is_dropped(void)
{
    let_die(7, "mta", "mta exit", FALSE);
    let_die(8, "sta", "sta exit", FALSE);
}

static void client_that_leaves_com_connected_is_dropped(void)
{
    let_die(9, "mta", "mta uninit", FALSE);
    let_die(10, "sta", "sta uninit", FALSE);
}

/* ---- a server that dies -----------------------------------------------------------------------
 */

struct orphan {
    CLSID clsid;
    struct process server;
    BOOL is_inside; /* the server dies inside the client's call, in the middle of its event */
};

static void kill_server(struct listener *listener)
{
    struct orphan *orphan = listener->context;

    listener->on_event = NULL;
    process_kill(&orphan->server);
}

/* Everything that a client may still do comes back with a failure, and what it held with it. */
static void outlive_the_server(void *context)
{
    struct orphan *orphan = context;
    struct connpt_connection late;
    struct witness witness;

    if (!witness_init(&witness, &orphan->clsid)) {
        process_kill(&orphan->server);
        return;
    }
    witness.listener.context = orphan;
    witness.listener.on_event = kill_server;
    if (!orphan->is_inside)
        kill_server(&witness.listener);
    CHECK(FAILED(gauge_call(witness.gauge, GAUGE_SET, 1, NULL)));
    CHECK(witness.listener.on_event == NULL);
    CHECK(FAILED(IConnectionPoint_Unadvise(witness.changes.point, witness.changes.cookie)));
    CHECK_HR(connpt_connection_close(&witness.changes), S_FALSE);
    CHECK_HR(connpt_connection_close(&witness.changes), S_FALSE);
    CHECK_HR(connpt_connection_close(&witness.events), S_FALSE);
    CHECK(FAILED(connpt_connection_open(&late, (IUnknown *)witness.gauge,
                                        listener_unknown(&witness.listener),
                                        &IID_IPropertyNotifySink)));
    CHECK_HR(connpt_connection_close(&late), S_FALSE);
    IDispatch_Release(witness.gauge);
    /* The dead server's references to the sink: COM gives them back when it is told to, or when the
     * apartment ends. */
    CHECK_HR(CoDisconnectObject(listener_unknown(&witness.listener), 0), S_OK);
    CHECK_INT(witness.listener.refs, 1);
}

static void orphan_client(unsigned number, const char *server_kind, DWORD client_kind,
                          BOOL is_inside)
{
    struct orphan orphan = { .clsid = process_class(number), .is_inside = is_inside };

    if (process_start(&orphan.server, "windows_server.exe", &orphan.clsid, server_kind))
        in_apartment(client_kind, outlive_the_server, &orphan);
}

static void client_of_a_killed_server_gets_failures_and_its_sink_back(void)
{
    orphan_client(11, "mta", COINIT_MULTITHREADED, FALSE);
    orphan_client(12, "sta", COINIT_APARTMENTTHREADED, FALSE);
}

static void server_that_dies_inside_the_clients_call_fails_that_call(void)
{
    orphan_client(13, "mta", COINIT_MULTITHREADED, TRUE);
    orphan_client(14, "sta", COINIT_APARTMENTTHREADED, TRUE);
}

int main(int argc, char **argv)
{
    static const struct t_test tests[] = {
        T(killed_client_is_dropped_and_the_others_hear_on),
        T(client_that_dies_inside_its_event_is_dropped),
        T(client_that_exits_connected_is_dropped),
        T(client_that_leaves_com_connected_is_dropped),
        T(client_of_a_killed_server_gets_failures_and_its_sink_back),
        T(server_that_dies_inside_the_clients_call_fails_that_call),
        T_END,
    };

    deadline_start();
    return t_run(argc, argv, tests);
}

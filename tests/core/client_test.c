/* SPDX-License-Identifier: MIT */
/* The client's side: connpt_advise and the connection handle (CONTRACT L-4). */
#include <stddef.h>

#include "sink.h"
#include "t.h"

static struct source *source;
static struct sink sink;

static int setup(void)
{
    source = source_create();
    sink_init(&sink, 1);
    return CHECK(source != NULL);
}

static IUnknown *unknown(void)
{
    return connpt_object_unknown(&source->object);
}

static void advise_and_unadvise_by_source_and_interface(void)
{
    DWORD cookie = 5;

    if (!setup())
        return;
    CHECK_HR(connpt_advise(unknown(), sink_unknown(&sink), &IID_ITestEvents, &cookie), S_OK);
    if (cookie != 0)
        CHECK_HR(connpt_unadvise(unknown(), &IID_ITestEvents, cookie), S_OK);
    CHECK_HR(connpt_unadvise(unknown(), &IID_ITestEvents, cookie), CONNECT_E_NOCONNECTION);
    CHECK_INT(sink.refs, 1);
    CHECK_INT(connpt_object_Release(&source->object), 0);
}

static void failures_say_why_and_zero_the_cookie(void)
{
    DWORD cookie = 5;

    if (!setup())
        return;
    CHECK_HR(connpt_advise(unknown(), sink_unknown(&sink), &IID_ITestThird, &cookie),
             CONNECT_E_NOCONNECTION);
    CHECK_INT(cookie, 0);
    cookie = 5;
    CHECK_HR(connpt_advise(sink_unknown(&sink), sink_unknown(&sink), &IID_ITestEvents, &cookie),
             E_NOINTERFACE);
    CHECK_INT(cookie, 0);
    sink.answers = 0;
    CHECK_HR(connpt_advise(unknown(), sink_unknown(&sink), &IID_ITestEvents, &cookie),
             CONNECT_E_CANNOTCONNECT);
    CHECK_HR(connpt_advise(NULL, sink_unknown(&sink), &IID_ITestEvents, &cookie), E_POINTER);
    CHECK_HR(connpt_advise(unknown(), NULL, &IID_ITestEvents, &cookie), E_POINTER);
    CHECK_HR(connpt_advise(unknown(), sink_unknown(&sink), NULL, &cookie), E_POINTER);
    CHECK_HR(connpt_advise(unknown(), sink_unknown(&sink), &IID_ITestEvents, NULL), E_POINTER);
    CHECK_HR(connpt_unadvise(NULL, &IID_ITestEvents, 1), E_POINTER);
    CHECK_HR(connpt_unadvise(unknown(), NULL, 1), E_POINTER);
    CHECK_HR(connpt_unadvise(sink_unknown(&sink), &IID_ITestEvents, 1), E_NOINTERFACE);
    CHECK_INT(connpt_object_Release(&source->object), 0);
    CHECK_INT(sink.refs, 1);
}

static void handle_closes_once_and_is_harmless_afterwards(void)
{
    struct connpt_connection connection;

    if (!setup())
        return;
    CHECK_HR(connpt_connection_open(&connection, unknown(), sink_unknown(&sink), &IID_ITestEvents),
             S_OK);
    CHECK_INT(sink.refs, t_oom_hit() ? sink.refs : 2);
    CHECK_HR(connpt_connection_close(&connection), S_OK);
    CHECK_INT(sink.refs, 1);
    CHECK_HR(connpt_connection_close(&connection), S_FALSE);
    CHECK_HR(connpt_connection_close(NULL), S_FALSE);
    CHECK_INT(connpt_object_Release(&source->object), 0);
}

static void handle_of_a_failed_open_is_closed(void)
{
    struct connpt_connection connection;

    if (!setup())
        return;
    CHECK_HR(connpt_connection_open(&connection, unknown(), sink_unknown(&sink), &IID_ITestThird),
             CONNECT_E_NOCONNECTION);
    CHECK_HR(connpt_connection_close(&connection), S_FALSE);
    CHECK_HR(connpt_connection_open(NULL, unknown(), sink_unknown(&sink), &IID_ITestEvents),
             E_POINTER);
    CHECK_INT(connpt_object_Release(&source->object), 0);
}

static void handle_is_harmless_after_the_source_closed(void)
{
    struct connpt_connection connection;

    if (!setup())
        return;
    if (FAILED(connpt_connection_open(&connection, unknown(), sink_unknown(&sink),
                                      &IID_ITestEvents))) {
        CHECK(t_oom_hit());
        source_release(source);
        return;
    }
    connpt_object_close(&source->object);
    CHECK_INT(sink.refs, 1);
    source_release(source);
    CHECK_INT(source_n_finished, 0); /* the handle keeps it */
    CHECK_HR(connpt_connection_close(&connection), S_FALSE);
    CHECK_INT(source_n_finished, 1);
}

/* ---- a source that answers S_OK with nothing -------------------------------------------- */

static HRESULT STDMETHODCALLTYPE liar_QueryInterface(IConnectionPointContainer *iface, REFIID iid,
                                                     void **out);
static ULONG STDMETHODCALLTYPE liar_AddRef(IConnectionPointContainer *iface)
{
    (void)iface;
    return 2;
}

static ULONG STDMETHODCALLTYPE liar_Release(IConnectionPointContainer *iface)
{
    (void)iface;
    return 1;
}

static HRESULT STDMETHODCALLTYPE liar_FindConnectionPoint(IConnectionPointContainer *iface,
                                                          REFIID iid, IConnectionPoint **out)
{
    (void)iface;
    (void)iid;
    *out = NULL;
    return S_OK;
}

static const IConnectionPointContainerVtbl liar_vtbl = {
    .QueryInterface = liar_QueryInterface,
    .AddRef = liar_AddRef,
    .Release = liar_Release,
    .FindConnectionPoint = liar_FindConnectionPoint,
};
static IConnectionPointContainer liar = { (void *)&liar_vtbl };
static int liar_has_container;

static HRESULT STDMETHODCALLTYPE liar_QueryInterface(IConnectionPointContainer *iface, REFIID iid,
                                                     void **out)
{
    (void)iid;
    *out = liar_has_container ? iface : NULL;
    return S_OK;
}

static void sources_that_say_ok_with_nothing_are_survived(void)
{
    IUnknown *source_unknown = (IUnknown *)(void *)&liar;
    DWORD cookie = 3;

    sink_init(&sink, 1);
    liar_has_container = 0;
    CHECK_HR(connpt_advise(source_unknown, sink_unknown(&sink), &IID_ITestEvents, &cookie),
             E_NOINTERFACE);
    liar_has_container = 1;
    CHECK_HR(connpt_advise(source_unknown, sink_unknown(&sink), &IID_ITestEvents, &cookie),
             CONNECT_E_NOCONNECTION);
    CHECK_INT(cookie, 0);
    CHECK_INT(sink.refs, 1);
    /* Nor are they asked about what is missing. */
    CHECK_HR(connpt_advise(source_unknown, NULL, &IID_ITestEvents, &cookie), E_POINTER);
    CHECK_HR(connpt_advise(source_unknown, sink_unknown(&sink), NULL, &cookie), E_POINTER);
    CHECK_HR(connpt_unadvise(source_unknown, NULL, 1), E_POINTER);
}

int main(int argc, char **argv)
{
    static const struct t_test tests[] = {
        T(advise_and_unadvise_by_source_and_interface),
        T(failures_say_why_and_zero_the_cookie),
        T(handle_closes_once_and_is_harmless_afterwards),
        T(handle_of_a_failed_open_is_closed),
        T(handle_is_harmless_after_the_source_closed),
        T(sources_that_say_ok_with_nothing_are_survived),
        T_END,
    };

    return t_run(argc, argv, tests);
}

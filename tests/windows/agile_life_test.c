/* SPDX-License-Identifier: MIT */
/*
 * windows/agile_life_test.c - references of agile connections: where and when a sink is released,
 * and what an Advise that fails leaves
 *
 * The program is linked so that the library's calls of CoCreateInstance come here: it gets a global
 * interface table that counts its entries, and fails when a test says so.
 */
#include <string.h>

#include "agile_sink.h"
#include "t.h"

/* ---- the table ------------------------------------------------------------------------------- */

typedef HRESULT(STDAPICALLTYPE *create_instance)(REFCLSID clsid, IUnknown *outer, DWORD context,
                                                 REFIID iid, void **out);
/* The pointers that the linker puts in each other's place. */
#ifdef __i386__
#define IMPORT(prefix) __asm__("_" prefix "_imp__CoCreateInstance@20")
#else
#define IMPORT(prefix) __asm__(prefix "__imp_CoCreateInstance")
#endif
extern create_instance real_create IMPORT("__real_");
extern const create_instance wrapped_create IMPORT("__wrap_");

static struct table {
    IGlobalInterfaceTable IGlobalInterfaceTable_iface;
    IGlobalInterfaceTable *system;
    LONG n_users, n_entries; /* atomic */
    HRESULT create_result;   /* a failure: what CoCreateInstance returns */
    HRESULT register_result; /* and Register... */
} table;

static HRESULT STDMETHODCALLTYPE table_QueryInterface(IGlobalInterfaceTable *iface, REFIID iid,
                                                      void **out)
{
    (void)iface, (void)iid;
    *out = NULL;
    return E_NOINTERFACE;
}

static ULONG STDMETHODCALLTYPE table_AddRef(IGlobalInterfaceTable *iface)
{
    (void)iface;
    return (ULONG)InterlockedIncrement(&table.n_users);
}

static ULONG STDMETHODCALLTYPE table_Release(IGlobalInterfaceTable *iface)
{
    (void)iface;
    return (ULONG)InterlockedDecrement(&table.n_users);
}

static HRESULT STDMETHODCALLTYPE table_RegisterInterfaceInGlobal(IGlobalInterfaceTable *iface,
                                                                 IUnknown *object, REFIID iid,
                                                                 DWORD *cookie)
{
    HRESULT hr = table.register_result;

    (void)iface;
    if (SUCCEEDED(hr))
        hr = IGlobalInterfaceTable_RegisterInterfaceInGlobal(table.system, object, iid, cookie);
    if (SUCCEEDED(hr))
        (void)InterlockedIncrement(&table.n_entries);
    return hr;
}

static HRESULT STDMETHODCALLTYPE table_RevokeInterfaceFromGlobal(IGlobalInterfaceTable *iface,
                                                                 DWORD cookie)
{
    (void)iface;
    (void)InterlockedDecrement(&table.n_entries);
    return IGlobalInterfaceTable_RevokeInterfaceFromGlobal(table.system, cookie);
}

static HRESULT STDMETHODCALLTYPE table_GetInterfaceFromGlobal(IGlobalInterfaceTable *iface,
                                                              DWORD cookie, REFIID iid, void **out)
{
    (void)iface;
    return IGlobalInterfaceTable_GetInterfaceFromGlobal(table.system, cookie, iid, out);
}

static const IGlobalInterfaceTableVtbl table_vtbl = {
    /* IUnknown */
    .QueryInterface = table_QueryInterface,
    .AddRef = table_AddRef,
    .Release = table_Release,
    /* IGlobalInterfaceTable */
    .RegisterInterfaceInGlobal = table_RegisterInterfaceInGlobal,
    .RevokeInterfaceFromGlobal = table_RevokeInterfaceFromGlobal,
    .GetInterfaceFromGlobal = table_GetInterfaceFromGlobal,
};

static HRESULT STDAPICALLTYPE create(REFCLSID clsid, IUnknown *outer, DWORD context, REFIID iid,
                                     void **out)
{
    HRESULT hr = table.create_result;

    if (!IsEqualCLSID(clsid, &CLSID_StdGlobalInterfaceTable))
        return real_create(clsid, outer, context, iid, out);
    *out = NULL;
    /* It is one for the whole process: the reference is kept. */
    if (SUCCEEDED(hr) && table.system == NULL)
        hr = real_create(clsid, outer, context, iid, (void **)&table.system);
    if (FAILED(hr))
        return hr;
    (void)InterlockedIncrement(&table.n_users);
    *out = &table.IGlobalInterfaceTable_iface;
    return S_OK;
}

const create_instance wrapped_create = create;

/* A source, and a table without entries. */
static struct agile_source *begin(void)
{
    memset(&table, 0, sizeof table);
    table.IGlobalInterfaceTable_iface.lpVtbl = &table_vtbl;
    return agile_source_create(CONNPT_SOURCE_AGILE);
}

static void check_that_the_table_is_empty(void)
{
    CHECK_INT(table.n_entries, 0);
    CHECK_INT(table.n_users, 0);
}

/* ---- where a sink is released ---------------------------------------------------------------- */

static void unadvise_task(void *context)
{
    struct agile_home *home = context;

    home->result =
        IConnectionPoint_Unadvise(agile_point(home->source, POINT_CHANGES), home->cookie);
    home->cookie = 0;
}

static void unadvise_sync_task(void *context)
{
    struct agile_home *home = context;

    home->result =
        connpt_point_unadvise_sync(agile_point(home->source, POINT_CHANGES), home->cookie);
    home->cookie = 0;
}

static void close_task(void *context)
{
    struct agile_home *home = context;

    connpt_object_close(&home->source->object);
    home->cookie = 0;
}

static void release_task(void *context)
{
    struct agile_home *home = context;

    agile_source_release(home->source);
    home->source = NULL;
    home->cookie = 0;
}

enum where { AT_HOME, IN_THE_MTA, IN_ANOTHER_STA, WITHOUT_COM };

static void sink_is_released_at_home(void (*task)(void *context), enum where where)
{
    struct agile_source *source = begin();
    struct agile_home home;

    if (source == NULL)
        return;
    agile_home_open(&home, SINK_BOUND, source);
    CHECK_HR(home.result, S_OK);
    CHECK_INT(table.n_entries, 1);
    home.sink.release_thread = 0;
    if (home.cookie != 0) {
        if (where == AT_HOME)
            apartment_call(home.apartment, task, &home);
        else if (where == WITHOUT_COM)
            task(&home);
        else
            in_apartment(where == IN_THE_MTA ? COINIT_MULTITHREADED : COINIT_APARTMENTTHREADED,
                         task, &home);
        CHECK_HR(home.result, S_OK);
        CHECK_INT(home.sink.refs, 1);
        CHECK_INT(home.sink.release_thread, home.thread);
        check_that_the_table_is_empty();
    }
    source = home.source;
    agile_home_close(&home);
    if (source != NULL)
        agile_source_release(source);
}

static void unadvise_at_home_releases_there(void)
{
    sink_is_released_at_home(unadvise_task, AT_HOME);
}

static void unadvise_in_the_mta_releases_at_the_sinks_home(void)
{
    sink_is_released_at_home(unadvise_task, IN_THE_MTA);
}

static void unadvise_in_another_sta_releases_at_the_sinks_home(void)
{
    sink_is_released_at_home(unadvise_task, IN_ANOTHER_STA);
}

static void unadvise_by_a_thread_without_com_releases_at_the_sinks_home(void)
{
    sink_is_released_at_home(unadvise_task, WITHOUT_COM);
}

static void unadvise_sync_releases_at_the_sinks_home(void)
{
    sink_is_released_at_home(unadvise_sync_task, IN_THE_MTA);
}

static void close_releases_at_the_sinks_home(void)
{
    sink_is_released_at_home(close_task, IN_THE_MTA);
}

static void last_release_of_the_source_releases_at_the_sinks_home(void)
{
    sink_is_released_at_home(release_task, IN_THE_MTA);
}

/* ---- a fire has the last reference -------------------------------------------------------------
 */

static void unadvise_itself(struct agile_sink *sink)
{
    unadvise_task(sink->context);
    CHECK(sink->refs > 1);
}

static void fire_task(void *context)
{
    struct agile_home *home = context;

    home->result = agile_fire(home->source, 1, CONNPT_FIRE_FIRST_FAILURE);
}

static void end_of_a_fire_releases_at_the_sinks_home(void)
{
    struct agile_source *source = begin();
    struct agile_home home;

    if (source == NULL)
        return;
    agile_home_open(&home, SINK_BOUND, source);
    home.sink.on_call = unadvise_itself;
    home.sink.context = &home;
    in_apartment(COINIT_MULTITHREADED, fire_task, &home);
    CHECK_INT(home.sink.n_calls, 1);
    CHECK_INT(home.sink.refs, 1);
    CHECK_INT(home.sink.release_thread, home.thread);
    check_that_the_table_is_empty();
    agile_home_close(&home);
    agile_source_release(source);
}

/* ---- many connections --------------------------------------------------------------------------
 */

enum { CROWD = 1000, SMALL_CROWD = 25 /* more than two chunks */ };
static int crowd_size = CROWD;

struct crowd {
    struct agile_home home; /* has them all, beside its own */
    DWORD cookies[CROWD];
    int n_cookies, n_failed;
};

static void connect_crowd(void *context)
{
    struct crowd *crowd = context;

    for (int i = 0; i < crowd->n_cookies; i++)
        crowd->n_failed += FAILED(
            IConnectionPoint_Advise(agile_point(crowd->home.source, POINT_CHANGES),
                                    agile_sink_unknown(&crowd->home.sink), &crowd->cookies[i]));
}

/* Every other one; the source's end drops the others. */
static void disconnect_half(void *context)
{
    struct crowd *crowd = context;

    for (int i = 0; i < crowd->n_cookies; i += 2)
        (void)IConnectionPoint_Unadvise(agile_point(crowd->home.source, POINT_CHANGES),
                                        crowd->cookies[i]);
}

static void thousand_connections_leave_nothing_behind(void)
{
    static struct crowd crowd;
    struct agile_source *source = begin();

    if (source == NULL)
        return;
    memset(&crowd, 0, sizeof crowd);
    crowd.n_cookies = crowd_size;
    agile_home_open(&crowd.home, SINK_BOUND, source);
    apartment_call(crowd.home.apartment, connect_crowd, &crowd);
    CHECK_INT(crowd.n_failed, 0);
    CHECK_INT(table.n_entries, 1 + crowd_size);
    CHECK_INT(table.n_entries, connpt_point_connections(source->points[POINT_CHANGES]));
    apartment_call(crowd.home.apartment, disconnect_half, &crowd);
    CHECK_INT(table.n_entries, connpt_point_connections(source->points[POINT_CHANGES]));
    apartment_call(crowd.home.apartment, release_task, &crowd.home);
    check_that_the_table_is_empty();
    agile_home_close(&crowd.home);
}

/* ---- fires of two threads while connections come and go ----------------------------------------
 */

enum { N_FIRES = 20, N_CHANGES = 40 };

struct churn {
    struct agile_home home;
    int n_connected;
};

static void fire_row_task(void *context)
{
    struct churn *churn = context;

    for (int i = 0; i < N_FIRES; i++)
        (void)agile_fire(churn->home.source, i, CONNPT_FIRE_IGNORE);
}

static void churn_task(void *context)
{
    struct churn *churn = context;
    IConnectionPoint *point = agile_point(churn->home.source, POINT_CHANGES);
    DWORD cookie;

    for (int i = 0; i < N_CHANGES; i++) {
        if (SUCCEEDED(
                IConnectionPoint_Advise(point, agile_sink_unknown(&churn->home.sink), &cookie))) {
            churn->n_connected++;
            let_calls_in();
            (void)IConnectionPoint_Unadvise(point, cookie);
        }
        let_calls_in();
    }
}

/*
 * Wine 8 frees a proxy that another thread of the same apartment is about to get: with two firing
 * threads one run of ninety ends in combase's unmarshal_object, or with a proxy whose method table
 * is gone. There one thread fires.
 */
static void connections_come_and_go_while_threads_fire(void)
{
    int n_firing = wine_version() != NULL ? 1 : 2;
    struct agile_source *source;
    struct apartment *firing[2];
    struct churn churn = { .n_connected = 0 };

    if (crowd_size == SMALL_CROWD) {
        t_skip("how many allocations it makes is a matter of timing");
        return;
    }
    source = begin();
    if (source == NULL)
        return;
    agile_home_open(&churn.home, SINK_BOUND, source);
    for (int i = 0; i < n_firing; i++) {
        firing[i] = apartment_start(COINIT_MULTITHREADED);
        apartment_post(firing[i], fire_row_task, &churn);
    }
    apartment_call(churn.home.apartment, churn_task, &churn);
    for (int i = 0; i < n_firing; i++) {
        apartment_join(firing[i]);
        apartment_end(firing[i]);
    }
    CHECK_INT(churn.n_connected, N_CHANGES);
    CHECK(churn.home.sink.n_calls >= n_firing * N_FIRES); /* the connection that home has stays */
    CHECK_INT(table.n_entries, 1);
    agile_home_close(&churn.home);
    check_that_the_table_is_empty();
    agile_source_release(source);
}

/* ---- an Advise that fails ----------------------------------------------------------------------
 */

struct attempt {
    struct agile_sink sink;
    struct agile_source *source;
    int point;
    DWORD cookie;
    HRESULT result;
};

static void attempt_task(void *context)
{
    struct attempt *attempt = context;

    attempt->cookie = 77;
    attempt->result = IConnectionPoint_Advise(agile_point(attempt->source, attempt->point),
                                              agile_sink_unknown(&attempt->sink), &attempt->cookie);
}

static void attempt_begin(struct attempt *attempt, enum agile_kind kind, int point)
{
    memset(attempt, 0, sizeof *attempt);
    attempt->source = begin();
    attempt->point = point;
    agile_sink_init(&attempt->sink, kind);
}

static void attempt_end_refused(struct attempt *attempt, HRESULT expected)
{
    CHECK_HR(attempt->result, expected);
    CHECK_INT(attempt->cookie, 0);
    CHECK_INT(attempt->sink.refs, 1);
    CHECK_INT(connpt_point_connections(attempt->source->points[attempt->point]), 0);
    check_that_the_table_is_empty();
    agile_sink_fini(&attempt->sink);
    agile_source_release(attempt->source);
}

static void sink_whose_interface_has_no_proxy_is_refused(void)
{
    struct attempt attempt;

    attempt_begin(&attempt, SINK_BOUND, POINT_STRANGER);
    if (attempt.source == NULL)
        return;
    attempt.sink.answers_stranger = TRUE;
    in_apartment(COINIT_APARTMENTTHREADED, attempt_task, &attempt);
    attempt_end_refused(&attempt, CONNECT_E_CANNOTCONNECT);
}

static void free_sink_needs_no_proxy(void)
{
    struct attempt attempt;

    attempt_begin(&attempt, SINK_MARKED, POINT_STRANGER);
    if (attempt.source == NULL)
        return;
    attempt.sink.answers_stranger = TRUE;
    in_apartment(COINIT_APARTMENTTHREADED, attempt_task, &attempt);
    CHECK_HR(attempt.result, S_OK);
    CHECK_INT(table.n_entries, 0);
    agile_source_release(attempt.source);
    agile_sink_fini(&attempt.sink);
}

static void thread_without_com_connects_free_sinks_only(void)
{
    struct attempt attempt;

    attempt_begin(&attempt, SINK_MARKED, POINT_CHANGES);
    if (attempt.source == NULL)
        return;
    attempt_task(&attempt);
    CHECK_HR(attempt.result, S_OK);
    if (SUCCEEDED(attempt.result))
        (void)IConnectionPoint_Unadvise(agile_point(attempt.source, POINT_CHANGES), attempt.cookie);
    attempt.sink.kind = SINK_BOUND;
    attempt_task(&attempt);
    attempt_end_refused(&attempt, CONNECT_E_CANNOTCONNECT);
}

static void advise_fails_as_the_table_does(HRESULT create_result, HRESULT register_result,
                                           HRESULT expected)
{
    struct attempt attempt;

    attempt_begin(&attempt, SINK_BOUND, POINT_CHANGES);
    if (attempt.source == NULL)
        return;
    table.create_result = create_result;
    table.register_result = register_result;
    in_apartment(COINIT_APARTMENTTHREADED, attempt_task, &attempt);
    attempt_end_refused(&attempt, expected);
}

static void table_without_memory_is_out_of_memory(void)
{
    advise_fails_as_the_table_does(E_OUTOFMEMORY, S_OK, E_OUTOFMEMORY);
    advise_fails_as_the_table_does(S_OK, E_OUTOFMEMORY, E_OUTOFMEMORY);
}

static void table_that_refuses_is_cannotconnect(void)
{
    advise_fails_as_the_table_does(REGDB_E_CLASSNOTREG, S_OK, CONNECT_E_CANNOTCONNECT);
    advise_fails_as_the_table_does(S_OK, E_ACCESSDENIED, CONNECT_E_CANNOTCONNECT);
}

static void other_points_need_no_table(void)
{
    struct attempt attempt;

    attempt_begin(&attempt, SINK_BOUND, POINT_CHANGES);
    if (attempt.source != NULL)
        agile_source_release(attempt.source);
    attempt.source = agile_source_create(0);
    if (attempt.source == NULL)
        return;
    table.create_result = E_OUTOFMEMORY;
    attempt_task(&attempt);
    CHECK_HR(attempt.result, S_OK);
    CHECK_INT(attempt.sink.refs, 2);
    agile_source_release(attempt.source);
    agile_sink_fini(&attempt.sink);
}

int main(int argc, char **argv)
{
    static const struct t_test tests[] = {
        T(unadvise_at_home_releases_there),
        T(unadvise_in_the_mta_releases_at_the_sinks_home),
        T(unadvise_in_another_sta_releases_at_the_sinks_home),
        T(unadvise_by_a_thread_without_com_releases_at_the_sinks_home),
        T(unadvise_sync_releases_at_the_sinks_home),
        T(close_releases_at_the_sinks_home),
        T(last_release_of_the_source_releases_at_the_sinks_home),
        T(end_of_a_fire_releases_at_the_sinks_home),
        T(thousand_connections_leave_nothing_behind),
        T(connections_come_and_go_while_threads_fire),
        T(sink_whose_interface_has_no_proxy_is_refused),
        T(free_sink_needs_no_proxy),
        T(thread_without_com_connects_free_sinks_only),
        T(table_without_memory_is_out_of_memory),
        T(table_that_refuses_is_cannotconnect),
        T(other_points_need_no_table),
        T_END,
    };

    if (argc > 1 && strcmp(argv[1], "--oom") == 0)
        crowd_size = SMALL_CROWD; /* each of their allocations fails in a run of its own */
    deadline_start();
    return t_run(argc, argv, tests);
}

/* SPDX-License-Identifier: MIT */
/* Both enumerators: snapshots, short reads, positions, references (CONTRACT E, O-3). */
#include <stddef.h>

#include "sink.h"
#include "t.h"

enum { N = 15 };
static struct source *source;
static struct sink sinks[N + 1];
static DWORD cookies[N];

static int setup(void)
{
    source = source_create();
    if (!CHECK(source != NULL))
        return 0;
    for (int i = 0; i <= N; i++)
        sink_init(&sinks[i], i + 1);
    for (int i = 0; i < N; i++)
        cookies[i] = advise(source_events(source), &sinks[i]);
    return 1;
}

static void teardown(void)
{
    source_release(source);
    CHECK_INT(source_n_finished, 1);
    for (int i = 0; i <= N; i++)
        CHECK_INT(sinks[i].refs, 1);
}

static IEnumConnections *connections(void)
{
    IEnumConnections *result = NULL;

    CHECK_HR(IConnectionPoint_EnumConnections(source_events(source), &result), S_OK);
    return result;
}

static IEnumConnectionPoints *points(void)
{
    IEnumConnectionPoints *result = NULL;

    CHECK_HR(IConnectionPointContainer_EnumConnectionPoints(
                 connpt_object_container(&source->object), &result),
             S_OK);
    return result;
}

static void release_data(CONNECTDATA *data, ULONG n)
{
    for (ULONG i = 0; i < n; i++)
        (void)IUnknown_Release(data[i].pUnk);
}

static void connections_come_in_order_with_their_cookies(void)
{
    IEnumConnections *e;
    CONNECTDATA data[N];
    ULONG n = 0;

    if (!setup())
        return;
    e = connections();
    if (e != NULL) {
        CHECK_HR(IEnumConnections_Next(e, N, data, &n), S_OK);
        CHECK_INT(n, N);
        for (ULONG i = 0; i < n; i++) {
            CHECK_PTR(data[i].pUnk, &sinks[i].ITestEvents_iface);
            CHECK_INT(data[i].dwCookie, cookies[i]);
            CHECK_INT(sinks[i].refs, 4); /* own, connection, enumerator, item */
            CHECK_HR(IConnectionPoint_Unadvise(source_events(source), data[i].dwCookie), S_OK);
        }
        release_data(data, n);
        (void)IEnumConnections_Release(e);
    }
    teardown();
}

static void short_read_is_s_false_with_the_true_count(void)
{
    IEnumConnections *e;
    CONNECTDATA data[N + 3];
    CONNECTDATA untouched = { (IUnknown *)(void *)&untouched, 4711 };
    ULONG n = 99;

    if (!setup())
        return;
    for (int i = 0; i < N + 3; i++)
        data[i] = untouched;
    e = connections();
    if (e != NULL && !t_oom_hit()) {
        CHECK_HR(IEnumConnections_Next(e, N + 3, data, &n), S_FALSE);
        CHECK_INT(n, N);
        for (int i = N; i < N + 3; i++) { /* slots beyond are not written */
            CHECK_PTR(data[i].pUnk, untouched.pUnk);
            CHECK_INT(data[i].dwCookie, 4711);
        }
        release_data(data, n);
        CHECK_HR(IEnumConnections_Next(e, 1, data, &n), S_FALSE);
        CHECK_INT(n, 0);
        CHECK_HR(IEnumConnections_Next(e, 1, data, NULL), S_FALSE);
    }
    if (e != NULL)
        (void)IEnumConnections_Release(e);
    teardown();
}

static void next_checks_its_arguments(void)
{
    IEnumConnections *e;
    CONNECTDATA data[2];
    ULONG n = 99;

    if (!setup())
        return;
    e = connections();
    if (e != NULL && !t_oom_hit()) {
        CHECK_HR(IEnumConnections_Next(e, 2, data, NULL), E_POINTER);
        CHECK_HR(IEnumConnections_Next(e, 0, data, NULL), E_POINTER);
        CHECK_HR(IEnumConnections_Next(e, 2, NULL, &n), E_POINTER);
        CHECK_INT(n, 0);
        n = 99;
        CHECK_HR(IEnumConnections_Next(e, 0, NULL, &n), S_OK);
        CHECK_INT(n, 0);
        CHECK_HR(IEnumConnections_Next(e, 1, data, NULL), S_OK); /* nothing was consumed */
        CHECK_INT(data[0].dwCookie, cookies[0]);
        release_data(data, 1);
    }
    if (e != NULL)
        (void)IEnumConnections_Release(e);
    teardown();
}

static void skip_stops_at_the_end_without_overflow(void)
{
    IEnumConnections *e;
    CONNECTDATA data[1];
    ULONG n;

    if (!setup())
        return;
    e = connections();
    if (e != NULL && !t_oom_hit()) {
        CHECK_HR(IEnumConnections_Skip(e, N), S_OK); /* exactly to the end */
        CHECK_HR(IEnumConnections_Next(e, 1, data, &n), S_FALSE);
        CHECK_HR(IEnumConnections_Skip(e, 0), S_OK);
        CHECK_HR(IEnumConnections_Skip(e, 1), S_FALSE);
        CHECK_HR(IEnumConnections_Reset(e), S_OK);
        CHECK_HR(IEnumConnections_Skip(e, 1), S_OK);
        CHECK_HR(IEnumConnections_Skip(e, 0xffffffffu), S_FALSE);
        CHECK_HR(IEnumConnections_Next(e, 1, data, &n), S_FALSE);
        CHECK_HR(IEnumConnections_Reset(e), S_OK);
        CHECK_HR(IEnumConnections_Skip(e, N - 1), S_OK);
        CHECK_HR(IEnumConnections_Next(e, 1, data, &n), S_OK);
        CHECK_INT(data[0].dwCookie, cookies[N - 1]);
        release_data(data, 1);
    }
    if (e != NULL)
        (void)IEnumConnections_Release(e);
    teardown();
}

static void clone_keeps_the_position_and_is_independent(void)
{
    IEnumConnections *e, *clone = NULL;
    CONNECTDATA a, b;

    if (!setup())
        return;
    e = connections();
    if (e != NULL) {
        CHECK_HR(IEnumConnections_Skip(e, 4), S_OK);
        CHECK_HR(IEnumConnections_Clone(e, &clone), S_OK);
        CHECK_HR(IEnumConnections_Clone(e, NULL), E_POINTER);
    }
    if (clone != NULL && !t_oom_hit()) {
        CHECK_HR(IEnumConnections_Next(e, 1, &a, NULL), S_OK);
        CHECK_HR(IEnumConnections_Next(clone, 1, &b, NULL), S_OK);
        CHECK_INT(a.dwCookie, cookies[4]);
        CHECK_INT(b.dwCookie, cookies[4]);
        release_data(&a, 1);
        release_data(&b, 1);
        CHECK_HR(IEnumConnections_Reset(clone), S_OK);
        CHECK_HR(IEnumConnections_Next(clone, 1, &b, NULL), S_OK);
        CHECK_INT(b.dwCookie, cookies[0]);
        release_data(&b, 1);
        CHECK_HR(IEnumConnections_Next(e, 1, &a, NULL), S_OK);
        CHECK_INT(a.dwCookie, cookies[5]);
        release_data(&a, 1);
    }
    if (e != NULL)
        (void)IEnumConnections_Release(e);
    if (clone != NULL)
        (void)IEnumConnections_Release(clone);
    teardown();
}

static void snapshot_does_not_see_later_changes(void)
{
    IEnumConnections *e;
    CONNECTDATA data[N + 2];
    ULONG n = 0;

    if (!setup())
        return;
    e = connections();
    if (e != NULL && !t_oom_hit()) {
        (void)IConnectionPoint_Unadvise(source_events(source), cookies[3]);
        (void)advise(source_events(source), &sinks[N]);
        CHECK_HR(IEnumConnections_Next(e, N + 2, data, &n), S_FALSE);
        CHECK_INT(n, N);
        CHECK_INT(data[3].dwCookie, cookies[3]);
        release_data(data, n);
    }
    if (e != NULL)
        (void)IEnumConnections_Release(e);
    teardown();
}

static void enumerator_outlives_every_other_reference(void)
{
    IEnumConnections *e;
    CONNECTDATA data[N];
    ULONG n = 0;

    if (!setup())
        return;
    e = connections();
    source_release(source);
    if (e == NULL || t_oom_hit()) {
        if (e != NULL)
            (void)IEnumConnections_Release(e);
        return;
    }
    CHECK_INT(source_n_finished, 0); /* it holds the owner */
    CHECK_HR(IEnumConnections_Next(e, N, data, &n), S_OK);
    release_data(data, n);
    CHECK_INT(IEnumConnections_Release(e), 0);
    CHECK_INT(source_n_finished, 1);
    for (int i = 0; i < N; i++)
        CHECK_INT(sinks[i].refs, 1);
}

static void enumerator_holds_one_reference_on_owner_and_items(void)
{
    IEnumConnections *e;
    IEnumConnectionPoints *p;

    if (!setup())
        return;
    e = connections();
    if (e != NULL && !t_oom_hit()) {
        CHECK_INT(connpt_object_AddRef(&source->object), 3);
        CHECK_INT(connpt_object_Release(&source->object), 2);
        CHECK_INT(sinks[0].refs, 3);
    }
    if (e != NULL)
        (void)IEnumConnections_Release(e);
    p = points();
    if (p != NULL && !t_oom_hit()) {
        CHECK_INT(connpt_object_AddRef(&source->object), 5); /* owner, two points */
        CHECK_INT(connpt_object_Release(&source->object), 4);
    }
    if (p != NULL)
        (void)IEnumConnectionPoints_Release(p);
    CHECK_INT(connpt_object_AddRef(&source->object), 2);
    (void)connpt_object_Release(&source->object);
    teardown();
}

static void no_connections_give_an_empty_enumerator(void)
{
    IEnumConnections *e = NULL;
    CONNECTDATA data;
    ULONG n = 9;

    if (!setup())
        return;
    CHECK_HR(IConnectionPoint_EnumConnections(source_other(source), &e), S_OK);
    if (e != NULL) {
        CHECK_HR(IEnumConnections_Next(e, 1, &data, &n), S_FALSE);
        CHECK_INT(n, 0);
        CHECK_HR(IEnumConnections_Skip(e, 1), S_FALSE);
        (void)IEnumConnections_Release(e);
    }
    CHECK_HR(IConnectionPoint_EnumConnections(source_other(source), NULL), E_POINTER);
    connpt_object_close(&source->object);
    e = NULL;
    CHECK_HR(IConnectionPoint_EnumConnections(source_events(source), &e), S_OK);
    if (e != NULL)
        (void)IEnumConnections_Release(e);
    teardown();
}

static void enumerators_answer_their_own_interface_only(void)
{
    IEnumConnections *e;
    IEnumConnectionPoints *p;
    void *out;

    if (!setup())
        return;
    e = connections();
    p = points();
    if (e != NULL && p != NULL) {
        CHECK_HR(IEnumConnections_QueryInterface(e, &IID_IEnumConnections, &out), S_OK);
        CHECK_PTR(out, e);
        CHECK_INT(IEnumConnections_AddRef(e), 3);
        (void)IEnumConnections_Release(e);
        CHECK_INT(IEnumConnections_Release(e), 1);
        CHECK_HR(IEnumConnections_QueryInterface(e, &IID_IEnumConnectionPoints, &out),
                 E_NOINTERFACE);
        CHECK_PTR(out, NULL);
        CHECK_HR(IEnumConnections_QueryInterface(e, &IID_IUnknown, NULL), E_POINTER);
        CHECK_HR(IEnumConnectionPoints_QueryInterface(p, &IID_IUnknown, &out), S_OK);
        CHECK_PTR(out, p);
        CHECK_INT(IEnumConnectionPoints_AddRef(p), 3);
        (void)IEnumConnectionPoints_Release(p);
        CHECK_INT(IEnumConnectionPoints_Release(p), 1);
        CHECK_HR(IEnumConnectionPoints_QueryInterface(p, &IID_IEnumConnections, &out),
                 E_NOINTERFACE);
        CHECK_HR(IEnumConnectionPoints_QueryInterface(p, NULL, &out), E_POINTER);
    }
    if (e != NULL)
        (void)IEnumConnections_Release(e);
    if (p != NULL)
        (void)IEnumConnectionPoints_Release(p);
    teardown();
}

static void points_enumerator_follows_the_same_rules(void)
{
    IEnumConnectionPoints *p, *clone = NULL;
    IConnectionPoint *found[3] = { NULL, NULL, NULL };
    ULONG n = 0;

    if (!setup())
        return;
    p = points();
    if (p != NULL) {
        CHECK_HR(IEnumConnectionPoints_Next(p, 1, found, NULL), S_OK);
        CHECK_PTR(found[0], source_events(source));
        (void)IConnectionPoint_Release(found[0]);
        CHECK_HR(IEnumConnectionPoints_Clone(p, &clone), S_OK);
        CHECK_HR(IEnumConnectionPoints_Clone(p, NULL), E_POINTER);
        CHECK_HR(IEnumConnectionPoints_Skip(p, 1), S_OK);
        CHECK_HR(IEnumConnectionPoints_Skip(p, 1), S_FALSE);
        CHECK_HR(IEnumConnectionPoints_Next(p, 2, found, NULL), E_POINTER);
        CHECK_HR(IEnumConnectionPoints_Reset(p), S_OK);
        CHECK_HR(IEnumConnectionPoints_Next(p, 1, found, NULL), S_OK);
        CHECK_PTR(found[0], source_events(source));
        (void)IConnectionPoint_Release(found[0]);
    }
    if (clone != NULL && !t_oom_hit()) {
        CHECK_HR(IEnumConnectionPoints_Next(clone, 3, found, &n), S_FALSE);
        CHECK_INT(n, 1);
        CHECK_PTR(found[0], source_other(source));
        (void)IConnectionPoint_Release(found[0]);
    }
    if (p != NULL)
        (void)IEnumConnectionPoints_Release(p);
    if (clone != NULL)
        (void)IEnumConnectionPoints_Release(clone);
    teardown();
}

static IEnumConnections *made_inside;

static void enumerate_inside(struct sink *sink, LONG value)
{
    (void)value;
    sink->on_event = NULL;
    (void)IConnectionPoint_Unadvise(source_events(source), cookies[0]);
    made_inside = connections();
}

static void enumerating_inside_a_fire_sees_the_present_state(void)
{
    CONNECTDATA data[N];
    ULONG n = 0;

    made_inside = NULL;
    if (!setup())
        return;
    sinks[1].on_event = enumerate_inside;
    (void)fire_event(source->events, 1);
    if (made_inside != NULL) {
        if (!t_oom_hit()) {
            CHECK_HR(IEnumConnections_Next(made_inside, N, data, &n), S_FALSE);
            CHECK_INT(n, N - 1);
            CHECK_INT(data[0].dwCookie, cookies[1]);
            release_data(data, n);
        }
        (void)IEnumConnections_Release(made_inside);
    }
    teardown();
}

/* CONTRACT E-6, in what can be counted: one reference for each connection and a fixed number of
 * blocks to create one; then Next takes one reference for each item and no memory. */
static void creating_is_one_pass_and_next_costs_its_items(void)
{
    IEnumConnections *e;
    CONNECTDATA data[2];
    long blocks;

    if (!setup())
        return;
    blocks = t_allocations();
    e = connections();
    if (e != NULL) {
        CHECK(t_allocations() - blocks <= 2);
        for (int i = 0; i < N; i++)
            CHECK_INT(sinks[i].refs, 3);
        blocks = t_allocations();
        if (CHECK_HR(IEnumConnections_Next(e, 2, data, NULL), E_POINTER))
            CHECK_INT(sinks[0].refs, 3);
        if (CHECK_HR(IEnumConnections_Next(e, 1, data, NULL), S_OK)) {
            CHECK_INT(sinks[0].refs, 4);
            CHECK_INT(sinks[1].refs, 3);
            release_data(data, 1);
        }
        CHECK_INT(t_allocations(), blocks);
        (void)IEnumConnections_Release(e);
    }
    teardown();
}

int main(int argc, char **argv)
{
    static const struct t_test tests[] = {
        T(connections_come_in_order_with_their_cookies),
        T(short_read_is_s_false_with_the_true_count),
        T(next_checks_its_arguments),
        T(skip_stops_at_the_end_without_overflow),
        T(clone_keeps_the_position_and_is_independent),
        T(snapshot_does_not_see_later_changes),
        T(enumerator_outlives_every_other_reference),
        T(enumerator_holds_one_reference_on_owner_and_items),
        T(no_connections_give_an_empty_enumerator),
        T(enumerators_answer_their_own_interface_only),
        T(points_enumerator_follows_the_same_rules),
        T(enumerating_inside_a_fire_sees_the_present_state),
        T(creating_is_one_pass_and_next_costs_its_items),
        T_END,
    };

    return t_run(argc, argv, tests);
}

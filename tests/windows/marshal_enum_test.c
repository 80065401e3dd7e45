/* SPDX-License-Identifier: MIT */
/*
 * windows/marshal_enum_test.c - both enumerators through the system's proxies and stubs
 *
 * Next is remote as RemoteNext. The stub takes S_OK as "all that were asked for" and sends that
 * many, so the S_FALSE of a short read is not style: without it every remote client releases
 * garbage.
 *
 * Wine 8 sends the connections right, but not what follows them, the count and the result: it
 * writes these after the room that the sinks could have taken at most (156 bytes each), and reads
 * them after what they did take (68). So they are looked at there only when there is nothing before
 * them.
 */
#include <string.h>

#include "visit.h"

enum { N_POINTS = 2 };

static IEnumConnectionPoints *enum_points(struct visit *visit)
{
    IEnumConnectionPoints *points = NULL;

    CHECK_HR(IConnectionPointContainer_EnumConnectionPoints(visit->container, &points), S_OK);
    return points;
}

/* The item's interface must be @iid. Releases it. */
static void check_point(IConnectionPoint *point, REFIID expected)
{
    IID iid = { 0 };

    if (!CHECK(point != NULL))
        return;
    CHECK_HR(IConnectionPoint_GetConnectionInterface(point, &iid), S_OK);
    CHECK(connpt_guid_equal(&iid, expected));
    IConnectionPoint_Release(point);
}

static void read_points_by_ones(struct visit *visit)
{
    IEnumConnectionPoints *points = enum_points(visit);
    IConnectionPoint *point = NULL;
    ULONG n = 99;

    if (points == NULL)
        return;
    CHECK_HR(IEnumConnectionPoints_Next(points, 1, &point, &n), S_OK);
    CHECK_INT(n, 1);
    check_point(point, &IID_IPropertyNotifySink);
    CHECK_HR(IEnumConnectionPoints_Next(points, 1, &point, NULL), S_OK);
    check_point(point, &DIID_DGaugeEvents);
    n = 99;
    CHECK_HR(IEnumConnectionPoints_Next(points, 1, &point, &n), S_FALSE);
    CHECK_INT(n, 0);
    IEnumConnectionPoints_Release(points);
}

static void points_are_read_one_by_one(void)
{
    visit_all(read_points_by_ones);
}

static void read_more_points_than_there_are(struct visit *visit)
{
    IEnumConnectionPoints *points = enum_points(visit);
    IConnectionPoint *items[4] = { NULL, NULL, NULL, NULL };
    ULONG n = 99;

    if (points == NULL)
        return;
    CHECK_HR(IEnumConnectionPoints_Next(points, 4, items, &n), S_FALSE);
    CHECK_INT(n, N_POINTS);
    check_point(items[0], &IID_IPropertyNotifySink);
    check_point(items[1], &DIID_DGaugeEvents);
    CHECK_PTR(items[2], NULL);
    CHECK_PTR(items[3], NULL);
    IEnumConnectionPoints_Release(points);
}

static void short_read_of_points_gives_what_there_is(void)
{
    visit_all(read_more_points_than_there_are);
}

static void walk_about_in_points(struct visit *visit)
{
    IEnumConnectionPoints *points = enum_points(visit), *clone = NULL;
    IConnectionPoint *items[2] = { NULL, NULL };
    ULONG n = 0;

    if (points == NULL)
        return;
    CHECK_HR(IEnumConnectionPoints_Skip(points, 1), S_OK);
    CHECK_HR(IEnumConnectionPoints_Clone(points, &clone), S_OK);
    CHECK_HR(IEnumConnectionPoints_Skip(points, 2), S_FALSE);
    CHECK_HR(IEnumConnectionPoints_Reset(points), S_OK);
    CHECK_HR(IEnumConnectionPoints_Next(points, 2, items, &n), S_OK);
    CHECK_INT(n, 2);
    check_point(items[0], &IID_IPropertyNotifySink);
    check_point(items[1], &DIID_DGaugeEvents);
    if (CHECK(clone != NULL)) {
        CHECK_HR(IEnumConnectionPoints_Next(clone, 1, items, &n), S_OK);
        check_point(items[0], &DIID_DGaugeEvents);
        IEnumConnectionPoints_Release(clone);
    }
    IEnumConnectionPoints_Release(points);
}

static void points_are_skipped_reset_and_cloned(void)
{
    visit_all(walk_about_in_points);
}

/* ---- connections ------------------------------------------------------------------------------
 */

enum { N_CONNECTIONS = 3 };

struct crowd {
    DWORD cookies[N_CONNECTIONS];
    IEnumConnections *connections;
};

static BOOL crowd_init(struct crowd *crowd, struct visit *visit)
{
    IConnectionPoint *point = visit_point(visit, &IID_IPropertyNotifySink);

    crowd->connections = NULL;
    for (int i = 0; i < N_CONNECTIONS; i++)
        crowd->cookies[i] = visit_advise(visit, &IID_IPropertyNotifySink);
    CHECK_HR(IConnectionPoint_EnumConnections(point, &crowd->connections), S_OK);
    IConnectionPoint_Release(point);
    return crowd->connections != NULL;
}

/* The enumerator has let its copies go: the sink's count is the test's own again. */
static void crowd_fini(struct crowd *crowd, struct visit *visit)
{
    IEnumConnections_Release(crowd->connections);
    for (int i = 0; i < N_CONNECTIONS; i++)
        visit_unadvise(visit, &IID_IPropertyNotifySink, crowd->cookies[i]);
    CHECK_INT(visit->listener.refs, 1);
}

/* What Next says of its items, where it can be heard. */
static void check_fetched(HRESULT hr, HRESULT expected_hr, ULONG n, ULONG expected)
{
    if (expected != 0 && wine_version() != NULL)
        return;
    CHECK_HR(hr, expected_hr);
    CHECK_INT(n, expected);
}

/* The item's sink came home: it is no proxy here. Releases it. */
static void check_connection(struct visit *visit, const CONNECTDATA *item, DWORD cookie)
{
    IUnknown *unknown = NULL;

    CHECK_INT(item->dwCookie, cookie);
    if (!CHECK(item->pUnk != NULL))
        return;
    CHECK_HR(IUnknown_QueryInterface(item->pUnk, &IID_IUnknown, (void **)&unknown), S_OK);
    CHECK_PTR(unknown, listener_unknown(&visit->listener));
    if (unknown != NULL)
        (void)IUnknown_Release(unknown);
    (void)IUnknown_Release(item->pUnk);
}

static void read_connections_by_ones(struct visit *visit)
{
    struct crowd crowd;
    CONNECTDATA item = { NULL, 0 };
    ULONG n = 99;
    HRESULT hr;

    if (!crowd_init(&crowd, visit))
        return;
    hr = IEnumConnections_Next(crowd.connections, 1, &item, &n);
    check_fetched(hr, S_OK, n, 1);
    check_connection(visit, &item, crowd.cookies[0]);
    hr = IEnumConnections_Next(crowd.connections, 1, &item, NULL);
    check_fetched(hr, S_OK, 1, 1);
    check_connection(visit, &item, crowd.cookies[1]);
    hr = IEnumConnections_Next(crowd.connections, 1, &item, &n);
    check_fetched(hr, S_OK, n, 1);
    check_connection(visit, &item, crowd.cookies[2]);
    n = 99;
    CHECK_HR(IEnumConnections_Next(crowd.connections, 1, &item, &n), S_FALSE);
    CHECK_INT(n, 0);
    crowd_fini(&crowd, visit);
}

static void connections_are_read_one_by_one(void)
{
    visit_all(read_connections_by_ones);
}

static void read_all_connections(struct visit *visit)
{
    struct crowd crowd;
    CONNECTDATA items[N_CONNECTIONS] = { { NULL, 0 }, { NULL, 0 }, { NULL, 0 } };
    ULONG n = 99;
    HRESULT hr;

    if (!crowd_init(&crowd, visit))
        return;
    hr = IEnumConnections_Next(crowd.connections, N_CONNECTIONS, items, &n);
    check_fetched(hr, S_OK, n, N_CONNECTIONS);
    for (int i = 0; i < N_CONNECTIONS; i++)
        check_connection(visit, &items[i], crowd.cookies[i]);
    crowd_fini(&crowd, visit);
}

static void connections_are_read_together(void)
{
    visit_all(read_all_connections);
}

static void read_more_connections_than_there_are(struct visit *visit)
{
    struct crowd crowd;
    CONNECTDATA items[5];
    ULONG n = 99;
    HRESULT hr;

    if (!crowd_init(&crowd, visit))
        return;
    memset(items, 0, sizeof items);
    hr = IEnumConnections_Next(crowd.connections, 5, items, &n);
    check_fetched(hr, S_FALSE, n, N_CONNECTIONS);
    for (int i = 0; i < N_CONNECTIONS; i++)
        check_connection(visit, &items[i], crowd.cookies[i]);
    CHECK_PTR(items[3].pUnk, NULL);
    CHECK_PTR(items[4].pUnk, NULL);
    crowd_fini(&crowd, visit);
}

static void short_read_of_connections_gives_what_there_is(void)
{
    visit_all(read_more_connections_than_there_are);
}

static void walk_about_in_connections(struct visit *visit)
{
    IEnumConnections *clone = NULL;
    struct crowd crowd;
    CONNECTDATA item = { NULL, 0 };
    ULONG n = 99;
    HRESULT hr;

    if (!crowd_init(&crowd, visit))
        return;
    CHECK_HR(IEnumConnections_Skip(crowd.connections, 1), S_OK);
    CHECK_HR(IEnumConnections_Clone(crowd.connections, &clone), S_OK);
    CHECK_HR(IEnumConnections_Skip(crowd.connections, 2), S_OK);
    CHECK_HR(IEnumConnections_Next(crowd.connections, 1, &item, &n), S_FALSE);
    CHECK_INT(n, 0);
    CHECK_HR(IEnumConnections_Skip(crowd.connections, 1), S_FALSE);
    CHECK_HR(IEnumConnections_Reset(crowd.connections), S_OK);
    hr = IEnumConnections_Next(crowd.connections, 1, &item, &n);
    check_fetched(hr, S_OK, n, 1);
    check_connection(visit, &item, crowd.cookies[0]);
    if (CHECK(clone != NULL)) {
        hr = IEnumConnections_Next(clone, 1, &item, &n);
        check_fetched(hr, S_OK, n, 1);
        check_connection(visit, &item, crowd.cookies[1]);
        IEnumConnections_Release(clone);
    }
    crowd_fini(&crowd, visit);
}

static void connections_are_skipped_reset_and_cloned(void)
{
    visit_all(walk_about_in_connections);
}

static void read_a_snapshot(struct visit *visit)
{
    struct crowd crowd;
    CONNECTDATA item = { NULL, 0 };
    ULONG n = 0;
    HRESULT hr;

    if (!crowd_init(&crowd, visit))
        return;
    visit_unadvise(visit, &IID_IPropertyNotifySink, crowd.cookies[0]);
    hr = IEnumConnections_Next(crowd.connections, 1, &item, &n);
    check_fetched(hr, S_OK, n, 1);
    check_connection(visit, &item, crowd.cookies[0]);
    crowd.cookies[0] = visit_advise(visit, &IID_IPropertyNotifySink);
    crowd_fini(&crowd, visit);
}

static void enumerator_of_connections_is_a_snapshot_over_the_wire_too(void)
{
    visit_all(read_a_snapshot);
}

static void count_and_result_follow_the_connections(void)
{
    if (wine_version() != NULL)
        t_skip(
            "Wine 8 reads the count and the result of IEnumConnections::Next from the wrong place");
    else
        visit_all(read_all_connections);
}

int main(int argc, char **argv)
{
    static const struct t_test tests[] = {
        T(points_are_read_one_by_one),
        T(short_read_of_points_gives_what_there_is),
        T(points_are_skipped_reset_and_cloned),
        T(connections_are_read_one_by_one),
        T(connections_are_read_together),
        T(count_and_result_follow_the_connections),
        T(short_read_of_connections_gives_what_there_is),
        T(connections_are_skipped_reset_and_cloned),
        T(enumerator_of_connections_is_a_snapshot_over_the_wire_too),
        T_END,
    };

    return visit_run(argc, argv, tests);
}

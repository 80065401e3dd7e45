/* SPDX-License-Identifier: MIT */
/* check/rules_items.c - what the enumerators deliver: contents, references, under change */
#include "check.h"

#include "sink.h"
#include "walk.h"

/* ---- EnumConnections itself ------------------------------------------------------------------ */

static void connections_implemented(struct check *check)
{
    struct sink *sink = sink_create(check);
    IEnumConnections *connections = NULL;
    DWORD cookie;
    HRESULT hr;

    if (sink == NULL || !check_advise(check, sink, &cookie))
        return;
    check->step = "EnumConnections";
    hr = IConnectionPoint_EnumConnections(check->point, &connections);
    if (hr == E_NOTIMPL)
        check_fail(check,
                   "EnumConnections returned %s. That is allowed; but nobody can see who is "
                   "connected, and helpers that fire from outside find no sink",
                   HR(hr));
    else if (FAILED(hr) || connections == NULL)
        check_fail(check, "EnumConnections with one connection returned %s%s", HR(hr),
                   FAILED(hr) ? "" : " and NULL");
    if (connections != NULL)
        IEnumConnections_Release(connections);
}

static void connections_null_out(struct check *check)
{
    HRESULT hr;

    check->step = "EnumConnections(NULL)";
    hr = IConnectionPoint_EnumConnections(check->point, NULL);
    if (hr == E_NOTIMPL)
        check_skip(check, "EnumConnections returned %s", HR(hr));
    check_result(check, check->step, hr, E_POINTER, (const HRESULT[]){ E_INVALIDARG, S_OK });
}

static void connections_empty(struct check *check)
{
    struct walk walk = { .check = check, .kind = RULE_CONNECTIONS };
    HRESULT hr;

    check->step = "EnumConnections without connections";
    hr = IConnectionPoint_EnumConnections(check->point, &walk.as.connections);
    if (hr == E_NOTIMPL) {
        check_skip(check, "EnumConnections returned %s", HR(hr));
    } else if (hr == OLE_E_NOCONNECTION || hr == CONNECT_E_NOCONNECTION) {
        check_dialect(check,
                      "EnumConnections without connections returned %s; it should give an "
                      "enumerator of nothing",
                      HR(hr));
    } else if (FAILED(hr) || walk.as.connections == NULL) {
        check_fail(check, "EnumConnections without connections returned %s%s", HR(hr),
                   FAILED(hr) ? "" : " and NULL");
    } else {
        if (walk_one(&walk) != NULL)
            check_fail(check, "EnumConnections of a point without connections gives one");
        walk_close(&walk);
    }
}

/* ---- contents -------------------------------------------------------------------------------- */

/* Which of the walk's sinks a pointer is; -1: none. */
static int sink_number(const struct walk *walk, IUnknown *pointer)
{
    for (int i = 0; i < WALK_CONNECTIONS; i++) {
        if (sink_is(walk->sinks[i], pointer))
            return i;
    }
    return -1;
}

static void connections_complete(struct check *check)
{
    union walk_items items;
    struct walk walk;
    ULONG n;

    if (!walk_open(check, 0, &walk))
        return;
    n = walk_read_all(&walk, &items);
    for (int i = 0; i < WALK_CONNECTIONS; i++) {
        unsigned times = 0;

        for (ULONG k = 0; k < n; k++)
            times += sink_number(&walk, items.connections[k].pUnk) == i;
        if (times != 1)
            check_fail(check, "of %d connections, number %d is enumerated %u times",
                       WALK_CONNECTIONS, i + 1, times);
    }
    if (n != WALK_CONNECTIONS)
        check_fail(check, "of %d connections, %lu are enumerated", WALK_CONNECTIONS,
                   (unsigned long)n);
    walk_release(&walk, &items, n);
    walk_close(&walk);
}

static void connections_cookies(struct check *check)
{
    union walk_items items;
    struct walk walk;
    ULONG n;

    if (!walk_open(check, 0, &walk))
        return;
    /* so that a position is not a cookie by chance */
    if (!check_unadvise(check, walk.cookies[0]) ||
        !check_advise(check, walk.sinks[0], &walk.cookies[0])) {
        walk_close(&walk);
        return;
    }
    walk_close(&walk);
    if (!walk_open_more(&walk, &walk))
        return;
    n = walk_read_all(&walk, &items);
    for (ULONG i = 0; i < n; i++) {
        int number = sink_number(&walk, items.connections[i].pUnk);

        if (number >= 0 && items.connections[i].dwCookie != walk.cookies[number])
            check_fail(
                check, "the connection whose cookie is %lu is enumerated with the cookie %lu",
                (unsigned long)walk.cookies[number], (unsigned long)items.connections[i].dwCookie);
    }
    walk_release(&walk, &items, n);
    walk_close(&walk);
}

static void connections_order(struct check *check)
{
    union walk_items items;
    struct walk walk;
    ULONG n;

    if (!walk_open(check, 0, &walk))
        return;
    n = walk_read_all(&walk, &items);
    for (ULONG i = 0; i < n && i < WALK_CONNECTIONS; i++) {
        int number = sink_number(&walk, items.connections[i].pUnk);

        if (number >= 0 && (ULONG)number != i)
            check_fail(check, "connection %d is enumerated at place %lu", number + 1,
                       (unsigned long)i + 1);
    }
    walk_release(&walk, &items, n);
    walk_close(&walk);
}

static void connections_same_twice(struct check *check)
{
    struct sink *sink = sink_create(check);
    struct walk walk = { .check = check, .kind = RULE_CONNECTIONS };
    union walk_items items;
    DWORD cookies[2];
    ULONG n;

    if (sink == NULL || !check_advise(check, sink, &cookies[0]) ||
        !check_advise(check, sink, &cookies[1]) || !walk_open_more(&walk, &walk))
        return;
    n = walk_read_all(&walk, &items);
    if (n == 2 && items.connections[0].dwCookie == items.connections[1].dwCookie)
        check_fail(check,
                   "one sink with the cookies %lu and %lu is enumerated twice with the cookie "
                   "%lu",
                   (unsigned long)cookies[0], (unsigned long)cookies[1],
                   (unsigned long)items.connections[0].dwCookie);
    walk_release(&walk, &items, n);
    walk_close(&walk);
}

/* ---- references ---------------------------------------------------------------------------- */

static void connections_references(struct check *check)
{
    union walk_items items;
    LONG before[WALK_CONNECTIONS];
    struct walk walk, other;
    ULONG fetched = 0;

    /* Nothing is read before: releasing what Next takes no reference on would take others'. */
    if (!walk_open_pair(check, &walk, &other))
        return;
    walk_close(&walk);
    walk_close(&other);
    for (int i = 0; i < WALK_CONNECTIONS; i++)
        before[i] = sink_held(walk.sinks[i]);
    if (!walk_open_more(&walk, &walk))
        return;
    walk_fill(walk.kind, &items);
    (void)walk_next(&walk, 2, &items, &fetched);
    /* An enumerator may hold references of its own, or let go of what it has handed out. */
    walk_close(&walk);
    for (int i = 0; i < WALK_CONNECTIONS; i++) {
        struct sink *sink = walk.sinks[i];
        LONG own = 0;

        for (ULONG k = 0; k < fetched && k < WALK_ROOM; k++)
            own += sink_number(&walk, items.connections[k].pUnk) == i;
        /* 1 for the connection, 1 for each time that it was delivered. */
        if (own > 0 && sink_held(sink) != before[i] + own)
            sink_fail(
                sink,
                "an item of IEnumConnections::Next is the caller's to release; after it was "
                "delivered and the enumerator released, %ld references are held: there should "
                "be %ld, the connection's and the item's",
                (long)sink_held(sink), (long)(before[i] + own));
    }
    if (!check_is_told(check) && fetched <= WALK_CONNECTIONS)
        walk_release(&walk, &items, fetched);
}

static const char *const was_done[] = { "not read", "cloned, and of its clone" };

/* False: there is no enumerator, or no clone. */
static bool open_and_close(const struct walk *walk, bool clones)
{
    struct walk other, copy;
    bool is_done = true;

    if (!walk_open_more(walk, &other))
        return false;
    if (clones) {
        is_done = SUCCEEDED(walk_clone(&other, &copy)) && copy.as.unknown != NULL;
        if (is_done)
            walk_close(&copy);
    }
    walk_close(&other);
    return is_done;
}

static void connections_released(struct check *check)
{
    struct walk walk;
    LONG before[WALK_CONNECTIONS];

    if (!walk_open(check, 0, &walk))
        return;
    walk_close(&walk);
    for (int i = 0; i < WALK_CONNECTIONS; i++)
        before[i] = sink_held(walk.sinks[i]);
    for (int way = 0; way < 2 && !check_is_told(check); way++) {
        if (!open_and_close(&walk, way == 1))
            return;
        for (int i = 0; i < WALK_CONNECTIONS; i++) {
            if (sink_held(walk.sinks[i]) != before[i])
                sink_fail(walk.sinks[i],
                          "EnumConnections and the Release of the enumerator, which was %s, "
                          "changed what is held of the sink from %ld to %ld",
                          was_done[way], (long)before[i], (long)sink_held(walk.sinks[i]));
        }
    }
}

static void points_references(struct check *check)
{
    LONG taken;

    if (!check_need_container(check))
        return;
    if (!walk_points_taken(check, &taken))
        check_skip(check, "the counts of the points do not tell");
    else if (taken != 1)
        check_fail(check,
                   "IEnumConnectionPoints::Next took %ld references for an item; it is one, "
                   "which the caller releases",
                   (long)taken);
}

static void points_released(struct check *check)
{
    struct walk walk;
    ULONG before, after;

    if (!walk_open(check, 0, &walk))
        return;
    walk_close(&walk);
    if (!check_count(check->object, &before)) {
        check_skip(check, "AddRef and Release of the object do not tell the count");
        return;
    }
    for (int way = 0; way < 2 && !check_is_told(check); way++) {
        if (!open_and_close(&walk, way == 1))
            return;
        if (check_count(check->object, &after) && after != before)
            check_fail(check,
                       "EnumConnectionPoints and the Release of the enumerator, which was %s, "
                       "changed the object's count from %lu to %lu",
                       was_done[way], (unsigned long)before, (unsigned long)after);
    }
}

/* ---- under change ---------------------------------------------------------------------------- */

/* Reads on after connections 1, which was delivered, and 2, which is next, of 4 ended and another
 * one was made; the sinks in the order in which they came, 4 for the new one, -1 for a stranger. */
static int read_under_change(struct check *check, struct walk *walk, int order[WALK_ROOM])
{
    struct sink *late = sink_create(check);
    DWORD cookie;
    int n = 0;

    if (late == NULL || !walk_open(check, 0, walk))
        return -1;
    if (walk->n_items != WALK_CONNECTIONS) {
        check_skip(check, "%lu of %d connections are enumerated: see connections-complete",
                   (unsigned long)walk->n_items, WALK_CONNECTIONS);
        walk_close(walk);
        return -1;
    }
    order[n++] = sink_number(walk, walk_one(walk));
    if (check_unadvise(check, walk->cookies[0]) && check_unadvise(check, walk->cookies[1]) &&
        check_advise(check, late, &cookie)) {
        while (n < WALK_ROOM) {
            IUnknown *item = walk_one(walk);

            if (item == NULL)
                break;
            order[n++] = sink_is(late, item) ? 4 : sink_number(walk, item);
        }
    }
    walk_close(walk);
    return check_is_told(check) ? -1 : n;
}

static void connections_stable(struct check *check)
{
    int order[WALK_ROOM], times[5] = { 0 };
    struct walk walk;
    int n = read_under_change(check, &walk, order);

    for (int i = 0; i < n; i++) {
        if (order[i] < 0)
            check_fail(check, "connections that came and went while they were enumerated made it "
                              "give a pointer that is none of the sinks'");
        else
            times[order[i]]++;
    }
    for (int i = 0; n >= 0 && i < 5; i++) {
        if (times[i] > 1)
            check_fail(check,
                       "connection %d was enumerated %d times, because others came and went "
                       "meanwhile",
                       i + 1, times[i]);
        if (times[i] == 0 && (i == 2 || i == 3))
            check_fail(check,
                       "connection %d, which was there all the time, was not enumerated, "
                       "because others came and went meanwhile",
                       i + 1);
    }
}

static void connections_snapshot(struct check *check)
{
    int order[WALK_ROOM];
    struct walk walk;
    int n = read_under_change(check, &walk, order);

    if (n < 0)
        return;
    for (int i = 0; i < n; i++) {
        if (order[i] == 4)
            check_fail(check, "a connection that was made after EnumConnections is enumerated: the "
                              "enumerator follows the list");
    }
    if (n < WALK_CONNECTIONS)
        check_fail(check, "a connection that ended after EnumConnections is not enumerated: the "
                          "enumerator follows the list");
}

#define ENUM_PAGE "Microsoft: IConnectionPoint::EnumConnections"
#define ITEMS_PAGE "Microsoft: IEnumConnections::Next"
#define POINTS_PAGE "Microsoft: IEnumConnectionPoints::Next"
#define COUNTS "Microsoft: Rules for Managing Reference Counts"

const struct rule check_rules_items[] = {
    { { "connections-implemented", "EnumConnections works.", ENUM_PAGE,
        "Implement it, if you can: it is the only way to see who is connected.",
        CONNPT_CHECK_TASTE },
      connections_implemented,
      RULE_POINT,
      RULE_CONNECTIONS,
      0 },
    { { "connections-null-out", "EnumConnections(NULL) returns E_POINTER.", ENUM_PAGE,
        "Test the pointer first.", CONNPT_CHECK_VIOLATES },
      connections_null_out,
      RULE_POINT,
      RULE_CONNECTIONS,
      0 },
    { { "connections-empty", "EnumConnections without connections gives an empty enumerator.",
        ENUM_PAGE, "Make the enumerator even if there is nothing to enumerate.",
        CONNPT_CHECK_BREAKS },
      connections_empty,
      RULE_POINT,
      RULE_CONNECTIONS,
      0 },
    { { "connections-complete", "EnumConnections gives each connection once.", ENUM_PAGE,
        "Copy the whole list.", CONNPT_CHECK_VIOLATES },
      connections_complete,
      RULE_POINT,
      RULE_CONNECTIONS,
      0 },
    { { "connections-cookies", "Each item carries the cookie that Advise returned.", ITEMS_PAGE,
        "Store the cookie with the connection; do not make it up from the position.",
        CONNPT_CHECK_VIOLATES },
      connections_cookies,
      RULE_POINT,
      RULE_CONNECTIONS,
      0 },
    { { "connections-same-twice", "A sink that is connected twice is enumerated with two cookies.",
        ITEMS_PAGE, "Do not look the cookie up by the sink's pointer.", CONNPT_CHECK_VIOLATES },
      connections_same_twice,
      RULE_POINT,
      RULE_CONNECTIONS,
      0 },
    { { "connections-order", "Connections are enumerated in the order of Advise.",
        "practice: most objects do", "Append new connections at the end.", CONNPT_CHECK_TASTE },
      connections_order,
      RULE_POINT,
      RULE_CONNECTIONS,
      0 },
    { { "connections-references", "IEnumConnections::Next takes a reference for each item.",
        ITEMS_PAGE, "Call AddRef on each pUnk that you deliver.", CONNPT_CHECK_VIOLATES },
      connections_references,
      RULE_POINT,
      RULE_CONNECTIONS,
      0 },
    { { "connections-released", "An enumerator of connections gives back all that it took.", COUNTS,
        "Release the copies when the enumerator ends.", CONNPT_CHECK_VIOLATES },
      connections_released,
      RULE_POINT,
      RULE_CONNECTIONS,
      0 },
    { { "connections-stable", "Connections that come and go do not confuse an enumerator.",
        "practice: .NET's enumerator kept a pointer into the list (dotnet/runtime#134233)",
        "Enumerate a copy.", CONNPT_CHECK_RISKY },
      connections_stable,
      RULE_POINT,
      RULE_CONNECTIONS,
      0 },
    { { "connections-snapshot",
        "An enumerator shows the connections as they were when it was made.", "practice",
        "Enumerate a copy.", CONNPT_CHECK_TASTE },
      connections_snapshot,
      RULE_POINT,
      RULE_CONNECTIONS,
      0 },
    { { "points-references", "IEnumConnectionPoints::Next takes a reference for each item.",
        POINTS_PAGE, "Call AddRef on each point that you deliver.", CONNPT_CHECK_VIOLATES },
      points_references,
      RULE_OBJECT,
      RULE_POINTS,
      0 },
    { { "points-released", "An enumerator of points gives back all that it took.", COUNTS,
        "Take a reference for each point when the enumerator is made, and release it when it ends.",
        CONNPT_CHECK_VIOLATES },
      points_released,
      RULE_OBJECT,
      RULE_POINTS,
      0 },
    { { NULL, NULL, NULL, NULL, 0 }, NULL, 0, 0, 0 },
};

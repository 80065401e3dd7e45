/* SPDX-License-Identifier: MIT */
/* IConnectionPoint: Advise, Unadvise, cookies, limits (CONTRACT C-3 to C-11, O-2, O-3). */
#include <stddef.h>

#include "sink.h"
#include "t.h"

#include "core/point.h"

static struct source *source;
static struct sink sinks[64];

static int setup(void)
{
    source = source_create();
    for (int i = 0; i < 64; i++)
        sink_init(&sinks[i], i + 1);
    return CHECK(source != NULL);
}

static void teardown(void)
{
    source_release(source);
    CHECK_INT(source_n_finished, 1);
    for (int i = 0; i < 64; i++)
        CHECK_INT(sinks[i].refs, 1);
}

static void get_connection_interface_leads_back_to_the_point(void)
{
    IConnectionPoint *found = NULL;
    IID iid;

    if (!setup())
        return;
    CHECK_HR(IConnectionPoint_GetConnectionInterface(source_events(source), &iid), S_OK);
    CHECK(connpt_guid_equal(&iid, &IID_ITestEvents));
    CHECK_HR(IConnectionPointContainer_FindConnectionPoint(connpt_object_container(&source->object),
                                                           &iid, &found),
             S_OK);
    CHECK_PTR(found, source_events(source));
    (void)IConnectionPoint_Release(found);
    CHECK_HR(IConnectionPoint_GetConnectionInterface(source_events(source), NULL), E_POINTER);
    teardown();
}

static void get_connection_point_container_adds_a_reference(void)
{
    IConnectionPointContainer *container = NULL;

    if (!setup())
        return;
    CHECK_HR(IConnectionPoint_GetConnectionPointContainer(source_events(source), &container), S_OK);
    CHECK_PTR(container, connpt_object_container(&source->object));
    CHECK_INT(IConnectionPointContainer_Release(container), 1);
    CHECK_HR(IConnectionPoint_GetConnectionPointContainer(source_events(source), NULL), E_POINTER);
    connpt_object_close(&source->object);
    CHECK_HR(IConnectionPoint_GetConnectionPointContainer(source_events(source), &container), S_OK);
    (void)IConnectionPointContainer_Release(container);
    teardown();
}

static void point_answers_unknown_and_connection_point_only(void)
{
    static const IID *const refused[] = { &IID_IConnectionPointContainer, &IID_IProvideClassInfo,
                                          &IID_IEnumConnections, &IID_ITestEvents };
    IConnectionPoint *point;
    void *out;

    if (!setup())
        return;
    point = source_events(source);
    CHECK_HR(IConnectionPoint_QueryInterface(point, &IID_IUnknown, &out), S_OK);
    CHECK_PTR(out, point);
    (void)IConnectionPoint_Release(point);
    CHECK_HR(IConnectionPoint_QueryInterface(point, &IID_IConnectionPoint, &out), S_OK);
    CHECK_PTR(out, point);
    (void)IConnectionPoint_Release(point);
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
        out = point;
        CHECK_HR(IConnectionPoint_QueryInterface(point, refused[i], &out), E_NOINTERFACE);
        CHECK_PTR(out, NULL);
    }
    CHECK_HR(IConnectionPoint_QueryInterface(point, &IID_IUnknown, NULL), E_POINTER);
    out = point;
    CHECK_HR(IConnectionPoint_QueryInterface(point, NULL, &out), E_POINTER);
    CHECK_PTR(out, NULL);
    teardown();
}

static void held_point_keeps_its_owner(void)
{
    IConnectionPoint *point;

    if (!setup())
        return;
    point = source_events(source);
    CHECK_INT(IConnectionPoint_AddRef(point), 2);
    CHECK_INT(connpt_object_AddRef(&source->object), 3);
    CHECK_INT(IConnectionPoint_Release(point), 2);
    CHECK_INT(IConnectionPoint_AddRef(point), 3);
    (void)connpt_object_Release(&source->object);
    source_release(source); /* only the point's reference is left */
    CHECK_INT(source_n_finished, 0);
    CHECK(advise(point, &sinks[0]) != 0 || t_oom_hit());
    CHECK_INT(IConnectionPoint_Release(point), 0);
    CHECK_INT(source_n_finished, 1);
    CHECK_INT(sinks[0].refs, 1);
}

static void advise_refuses_null_and_zeroes_the_cookie(void)
{
    DWORD cookie = 77;

    if (!setup())
        return;
    CHECK_HR(IConnectionPoint_Advise(source_events(source), NULL, &cookie), E_POINTER);
    CHECK_INT(cookie, 0);
    CHECK_HR(IConnectionPoint_Advise(source_events(source), sink_unknown(&sinks[0]), NULL),
             E_POINTER);
    sinks[0].answers = 0;
    cookie = 77;
    CHECK_HR(IConnectionPoint_Advise(source_events(source), sink_unknown(&sinks[0]), &cookie),
             CONNECT_E_CANNOTCONNECT);
    CHECK_INT(cookie, 0);
    CHECK_INT(sinks[0].refs, 1);
    teardown();
}

static void advise_keeps_the_pointer_that_query_interface_returned(void)
{
    struct connpt_fire fire;

    if (!setup())
        return;
    if (!CHECK(advise(source_events(source), &sinks[0]) != 0)) {
        source_release(source);
        return;
    }
    CHECK_INT(sinks[0].refs, 2); /* exactly one reference */
    connpt_fire_begin(&fire, source->events, 0);
    CHECK_PTR(connpt_fire_next(&fire), &sinks[0].ITestEvents_iface);
    (void)connpt_fire_end(&fire);
    teardown();
}

static void advise_turns_every_query_failure_into_cannotconnect(void)
{
    static const HRESULT failures[] = { E_NOINTERFACE, E_OUTOFMEMORY, E_FAIL, RPC_E_DISCONNECTED };

    if (!setup())
        return;
    for (size_t i = 0; i < sizeof failures / sizeof *failures; i++) {
        DWORD cookie = 1;

        sinks[0].query_result = failures[i];
        CHECK_HR(IConnectionPoint_Advise(source_events(source), sink_unknown(&sinks[0]), &cookie),
                 CONNECT_E_CANNOTCONNECT);
        CHECK_INT(cookie, 0);
    }
    sinks[1].answers = SINK_NULL; /* S_OK without a pointer */
    CHECK_INT(advise(source_events(source), &sinks[1]), 0);
    teardown();
}

static const struct connpt_source dispatch_sources[] = {
    { &IID_ITestEvents, CONNPT_SOURCE_DISPATCH | CONNPT_SOURCE_DEFAULT, 2 },
    { &IID_ITestOther, 0, 0 },
    { NULL, 0, 0 },
};
static const struct connpt_class dispatch_class = { .size = sizeof(struct source),
                                                    .sources = dispatch_sources };

static void dispinterface_point_also_takes_idispatch(void)
{
    if (!setup())
        return;
    source_release(source);
    source = source_create_class(&dispatch_class, NULL);
    if (!CHECK(source != NULL))
        return;
    sinks[0].answers = SINK_DISPATCH;
    CHECK(advise(source_events(source), &sinks[0]) != 0);
    CHECK_INT(advise(source_other(source), &sinks[0]), 0); /* not a dispinterface */
    sinks[1].answers = 0;
    CHECK_INT(advise(source_events(source), &sinks[1]), 0);
    source_release(source);
    CHECK_INT(sinks[0].refs, 1);
}

static void limit_refuses_with_adviselimit_until_one_leaves(void)
{
    DWORD first, cookie;

    if (!setup())
        return;
    source_release(source);
    source = source_create_class(&dispatch_class, NULL);
    if (!CHECK(source != NULL))
        return;
    first = advise(source_events(source), &sinks[0]);
    (void)advise(source_events(source), &sinks[1]);
    CHECK_HR(IConnectionPoint_Advise(source_events(source), sink_unknown(&sinks[2]), &cookie),
             CONNECT_E_ADVISELIMIT);
    CHECK_INT(cookie, 0);
    CHECK_INT(sinks[2].refs, 1);
    CHECK_HR(IConnectionPoint_Unadvise(source_events(source), first), S_OK);
    CHECK(advise(source_events(source), &sinks[2]) != 0);
    source_release(source);
    CHECK_INT(sinks[2].refs, 1);
}

static void same_sink_connects_many_times(void)
{
    DWORD cookies[12];

    if (!setup())
        return;
    for (int i = 0; i < 12; i++) {
        cookies[i] = advise(source_events(source), &sinks[0]);
        for (int j = 0; j < i; j++)
            CHECK(cookies[j] != cookies[i]);
    }
    (void)fire_event(source->events, 1);
    CHECK_INT(sinks[0].calls, 12);
    CHECK_INT(sinks[0].refs, 13);
    CHECK_HR(IConnectionPoint_Unadvise(source_events(source), cookies[5]), S_OK);
    CHECK_INT(sinks[0].refs, 12);
    (void)fire_event(source->events, 1);
    CHECK_INT(sinks[0].calls, 12 + 11);
    teardown();
}

static void first_cookie_of_every_fresh_point_is_1(void)
{
    if (!setup())
        return;
    CHECK_INT(advise(source_events(source), &sinks[0]), 1);
    CHECK_INT(advise(source_other(source), &sinks[1]), 1);
    teardown();
}

static void later_cookies_of_neighbour_points_differ(void)
{
    if (!setup())
        return;
    (void)advise(source_events(source), &sinks[0]);
    (void)advise(source_other(source), &sinks[0]);
    for (int i = 1; i < 30; i++) {
        DWORD cookie = advise(source_events(source), &sinks[i]);
        DWORD other = advise(source_other(source), &sinks[i]);

        CHECK_HR(IConnectionPoint_Unadvise(source_other(source), cookie), CONNECT_E_NOCONNECTION);
        CHECK_HR(IConnectionPoint_Unadvise(source_events(source), other), CONNECT_E_NOCONNECTION);
    }
    CHECK_INT(connpt_point_connections(source->events), 30);
    CHECK_INT(connpt_point_connections(source->other), 30);
    teardown();
}

static void unknown_stale_and_zero_cookies_are_refused(void)
{
    static const DWORD bad[] = { 0, 2, 11, 15, 16, 17, 0x7fffffff, 0x80000000u, 0xffffffffu };
    DWORD cookie, natural;

    if (!setup())
        return;
    cookie = advise(source_events(source), &sinks[0]);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        CHECK_HR(IConnectionPoint_Unadvise(source_events(source), bad[i]), CONNECT_E_NOCONNECTION);
    CHECK_HR(IConnectionPoint_Unadvise(source_other(source), cookie), CONNECT_E_NOCONNECTION);
    /* The first connection of a later point answers to 1, not to its place. */
    (void)advise(source_other(source), &sinks[1]);
    natural = source->other->body->list.first_key << 4 | 1;
    CHECK_HR(IConnectionPoint_Unadvise(source_other(source), natural), CONNECT_E_NOCONNECTION);
    CHECK_HR(connpt_point_unadvise_sync(source_events(source), 77), CONNECT_E_NOCONNECTION);
    CHECK_INT(sinks[0].refs, 2);
    CHECK_HR(IConnectionPoint_Unadvise(source_events(source), cookie), S_OK);
    CHECK_INT(sinks[0].refs, 1);
    CHECK_HR(IConnectionPoint_Unadvise(source_events(source), cookie), CONNECT_E_NOCONNECTION);
    for (int i = 1; i < 64; i++) { /* reused slots do not revive it */
        (void)advise(source_events(source), &sinks[i]);
        CHECK_HR(IConnectionPoint_Unadvise(source_events(source), cookie), CONNECT_E_NOCONNECTION);
    }
    teardown();
}

static void ended_cookies_stay_refused_while_pairs_come_and_go(void)
{
    enum { PAIRS = 5000 };
    DWORD last = 0;

    if (!setup())
        return;
    for (int i = 0; i < PAIRS; i++) {
        DWORD cookie = advise(source_events(source), &sinks[0]);

        CHECK(cookie > last || cookie == 0); /* so none repeats */
        if (last != 0)
            CHECK_HR(IConnectionPoint_Unadvise(source_events(source), last),
                     CONNECT_E_NOCONNECTION);
        CHECK_HR(IConnectionPoint_Unadvise(source_events(source), cookie), S_OK);
        last = cookie;
    }
    CHECK_INT(sinks[0].refs, 1);
    teardown();
}

static void cookies_wrap_without_meeting_a_live_one_or_zero(void)
{
    struct list *list;
    DWORD old[15], cookie;

    if (!setup())
        return;
    for (int i = 0; i < 15; i++) /* keys 0 and 1 stay in use */
        old[i] = advise(source_events(source), &sinks[i]);
    list = &source->events->body->list;
    list->next_key = LIST_KEY_MASK - 1;
    for (int i = 15; i < 64; i++) {
        cookie = advise(source_events(source), &sinks[i]);
        CHECK(cookie != 0);
        for (int j = 0; j < 15; j++)
            CHECK(cookie != old[j]);
    }
    CHECK_INT(list->next_key, 5); /* wrapped, past the keys in use */
    (void)fire_event(source->events, 1);
    for (int i = 0; i < 64; i++)
        CHECK_INT(sinks[i].calls, 1);
    for (int j = 0; j < 15; j++)
        CHECK_HR(IConnectionPoint_Unadvise(source_events(source), old[j]), S_OK);
    teardown();
}

static void key_0_is_skipped_by_points_whose_keys_begin_elsewhere(void)
{
    struct list *list;
    DWORD first;

    if (!setup())
        return;
    first = advise(source_other(source), &sinks[0]);
    list = &source->other->body->list;
    list->next_key = LIST_KEY_MASK;
    for (int i = 1; i < 40; i++)
        CHECK(advise(source_other(source), &sinks[i]) != first);
    CHECK_HR(IConnectionPoint_Unadvise(source_other(source), first), S_OK);
    CHECK_INT(sinks[0].refs, 1);
    CHECK_HR(IConnectionPoint_Unadvise(source_other(source), first), CONNECT_E_NOCONNECTION);
    teardown();
}

static void unadvise_again(struct sink *sink)
{
    const DWORD *cookie = sink->context;

    CHECK_HR(IConnectionPoint_Unadvise(source_events(source), *cookie), CONNECT_E_NOCONNECTION);
    (void)advise(source_events(source), &sinks[5]);
}

static void unadvise_from_the_sinks_own_release_is_safe(void)
{
    DWORD cookie;

    if (!setup())
        return;
    cookie = advise(source_events(source), &sinks[0]);
    sinks[0].context = &cookie;
    sinks[0].on_release = unadvise_again;
    (void)IUnknown_Release(sink_unknown(&sinks[0]));
    if (cookie != 0)
        CHECK_HR(IConnectionPoint_Unadvise(source_events(source), cookie), S_OK);
    CHECK_INT(sinks[0].releases_to_zero, 1);
    sinks[0].refs = 1;
    teardown();
}

static void many_connections_are_found_removed_and_freed(void)
{
    enum { N = 3000 };
    static DWORD cookies[N];
    uint64_t random = 88172645463325252u;
    long before = t_live_blocks();

    if (!setup())
        return;
    for (int i = 0; i < N; i++)
        cookies[i] = advise(source_events(source), &sinks[i % 64]);
    CHECK_INT(connpt_point_connections(source->events), N);
    for (int i = 0; i < N; i++) { /* random order */
        int j;

        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        j = i + (int)(random % (uint64_t)(N - i));
        CHECK_HR(IConnectionPoint_Unadvise(source_events(source), cookies[j]), S_OK);
        cookies[j] = cookies[i];
    }
    CHECK_INT(connpt_point_connections(source->events), 0);
    /* The object, the directory, one spare block, and the block of the tail. */
    CHECK(t_live_blocks() - before <= 4);
    teardown();
}

static void close_drops_all_and_refuses_new_ones(void)
{
    DWORD cookie, new_cookie = 5;

    if (!setup())
        return;
    cookie = advise(source_events(source), &sinks[0]);
    for (int i = 1; i < 40; i++)
        (void)advise(source_events(source), &sinks[i]);
    (void)advise(source_other(source), &sinks[0]);
    connpt_object_close(&source->object);
    connpt_object_close(&source->object);
    for (int i = 0; i < 40; i++)
        CHECK_INT(sinks[i].refs, 1);
    CHECK_HR(IConnectionPoint_Advise(source_events(source), sink_unknown(&sinks[0]), &new_cookie),
             CONNECT_E_CANNOTCONNECT);
    CHECK_INT(new_cookie, 0);
    CHECK_HR(IConnectionPoint_Unadvise(source_events(source), cookie), CONNECT_E_NOCONNECTION);
    CHECK_INT(connpt_point_connections(source->events), 0);
    teardown();
}

static void last_release_drops_every_sink_once(void)
{
    if (!setup())
        return;
    for (int i = 0; i < 25; i++)
        (void)advise(source_events(source), &sinks[i]);
    teardown();
}

static void point_of_another_implementation_is_not_mistaken(void)
{
    static const IConnectionPointVtbl foreign_vtbl = { 0 };
    IConnectionPoint foreign = { (void *)&foreign_vtbl };

    CHECK_PTR(connpt_point_from_iface(&foreign), NULL);
    CHECK_PTR(connpt_point_from_iface(NULL), NULL);
    CHECK_HR(connpt_point_unadvise_sync(&foreign, 1), E_NOINTERFACE);
    CHECK_HR(connpt_point_unadvise_sync(NULL, 1), E_POINTER);
    if (!setup())
        return;
    CHECK_PTR(connpt_point_from_iface(source_events(source)), source->events);
    teardown();
}

static void close_inside_advise(struct sink *sink)
{
    (void)sink;
    connpt_object_close(&source->object);
}

static void point_closed_while_the_sink_is_queried_refuses_it(void)
{
    if (!setup())
        return;
    sinks[0].on_query = close_inside_advise;
    CHECK_INT(advise(source_events(source), &sinks[0]), 0);
    CHECK_INT(sinks[0].refs, 1);
    teardown();
}

int main(int argc, char **argv)
{
    static const struct t_test tests[] = {
        T(get_connection_interface_leads_back_to_the_point),
        T(get_connection_point_container_adds_a_reference),
        T(point_answers_unknown_and_connection_point_only),
        T(held_point_keeps_its_owner),
        T(advise_refuses_null_and_zeroes_the_cookie),
        T(advise_keeps_the_pointer_that_query_interface_returned),
        T(advise_turns_every_query_failure_into_cannotconnect),
        T(dispinterface_point_also_takes_idispatch),
        T(limit_refuses_with_adviselimit_until_one_leaves),
        T(same_sink_connects_many_times),
        T(first_cookie_of_every_fresh_point_is_1),
        T(later_cookies_of_neighbour_points_differ),
        T(unknown_stale_and_zero_cookies_are_refused),
        T(ended_cookies_stay_refused_while_pairs_come_and_go),
        T(cookies_wrap_without_meeting_a_live_one_or_zero),
        T(key_0_is_skipped_by_points_whose_keys_begin_elsewhere),
        T(unadvise_from_the_sinks_own_release_is_safe),
        T(many_connections_are_found_removed_and_freed),
        T(close_drops_all_and_refuses_new_ones),
        T(last_release_drops_every_sink_once),
        T(point_of_another_implementation_is_not_mistaken),
        T(point_closed_while_the_sink_is_queried_refuses_it),
        T_END,
    };

    return t_run(argc, argv, tests);
}

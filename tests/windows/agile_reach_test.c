/* SPDX-License-Identifier: MIT */
/*
 * windows/agile_reach_test.c - sinks that a thread cannot reach, and sinks in other apartments as
 * the enumerator gives them out
 */
#include <string.h>

#include "agile_sink.h"
#include "t.h"

/* ---- sinks that cannot be reached ------------------------------------------------------------ */

/* One to be called in its apartment, between two that may be called anywhere. */
struct trio {
    struct agile_home first, bound, last;
    struct agile_source *source;
};

static BOOL trio_open(struct trio *trio, uint32_t flags)
{
    trio->source = agile_source_create(flags);
    if (trio->source == NULL)
        return FALSE;
    agile_home_open(&trio->first, SINK_MARKED, trio->source);
    agile_home_open(&trio->bound, SINK_BOUND, trio->source);
    agile_home_open(&trio->last, SINK_FREE, trio->source);
    return TRUE;
}

static void trio_close(struct trio *trio)
{
    agile_home_close(&trio->first);
    agile_home_close(&trio->bound);
    agile_home_close(&trio->last);
    agile_source_release(trio->source);
}

static void check_calls(const struct trio *trio, LONG first, LONG bound, LONG last)
{
    CHECK_INT(trio->first.sink.n_calls, first);
    CHECK_INT(trio->bound.sink.n_calls, bound);
    CHECK_INT(trio->last.sink.n_calls, last);
}

static void thread_without_com_passes_over_sinks_that_it_cannot_reach(void)
{
    struct trio trio;

    if (!trio_open(&trio, CONNPT_SOURCE_AGILE))
        return;
    CHECK_HR(agile_fire(trio.source, 1, CONNPT_FIRE_IGNORE), S_OK);
    check_calls(&trio, 1, 0, 1);
    CHECK_HR(agile_fire(trio.source, 1, CONNPT_FIRE_FIRST_FAILURE), CO_E_NOTINITIALIZED);
    check_calls(&trio, 2, 0, 2);
    CHECK_HR(agile_fire(trio.source, 1, CONNPT_FIRE_STOP_ON_FAILURE), CO_E_NOTINITIALIZED);
    check_calls(&trio, 3, 0, 2);
    /* It is not the sink that is dead. */
    CHECK_INT(connpt_point_connections(trio.source->points[POINT_CHANGES]), 3);
    trio_close(&trio);
}

static HRESULT never(void *sink, void *context)
{
    (void)sink, (void)context;
    CHECK(0);
    return S_OK;
}

static void connect_again(void *context)
{
    struct agile_home *home = context;
    DWORD cookie;

    for (int i = 0; i < 11; i++) /* with the first one, more than a chunk */
        (void)IConnectionPoint_Advise(agile_point(home->source, POINT_CHANGES),
                                      agile_sink_unknown(&home->sink), &cookie);
}

static void close_at_home(void *context)
{
    struct agile_home *home = context;

    connpt_object_close(&home->source->object);
    home->cookie = 0;
}

static void fire_that_reaches_nobody_says_s_false(void)
{
    struct agile_source *source = agile_source_create(CONNPT_SOURCE_AGILE);
    struct agile_home home;
    uint32_t n_called = 77;

    if (source == NULL)
        return;
    agile_home_open(&home, SINK_BOUND, source);
    apartment_call(home.apartment, connect_again, &home);
    CHECK_HR(connpt_point_fire(source->points[POINT_CHANGES], CONNPT_FIRE_IGNORE, never, NULL, NULL,
                               &n_called),
             S_FALSE);
    CHECK_INT(n_called, 0);
    apartment_call(home.apartment, close_at_home, &home);
    agile_home_close(&home);
    agile_source_release(source);
}

struct firing {
    struct agile_source *source;
    uint32_t policy;
    HRESULT result;
};

static void fire_task(void *context)
{
    struct firing *firing = context;

    firing->result = agile_fire(firing->source, 2, firing->policy);
}

/* Its apartment ends while it is connected: COM takes its references with it. */
static void desert(struct agile_home *home)
{
    apartment_end(home->apartment);
    CHECK_INT(home->sink.refs, 1);
    home->apartment = apartment_start(COINIT_APARTMENTTHREADED); /* for its Unadvise */
}

static void sink_whose_apartment_has_ended_fails_and_stays(void)
{
    struct trio trio;
    struct firing firing = { .policy = CONNPT_FIRE_FIRST_FAILURE };

    if (!trio_open(&trio, CONNPT_SOURCE_AGILE))
        return;
    desert(&trio.bound);
    firing.source = trio.source;
    in_apartment(COINIT_MULTITHREADED, fire_task, &firing);
    CHECK_HR(firing.result, CO_E_OBJNOTCONNECTED);
    check_calls(&trio, 1, 0, 1);
    CHECK_INT(connpt_point_connections(trio.source->points[POINT_CHANGES]), 3);
    trio_close(&trio);
}

static void sink_whose_apartment_has_ended_is_dropped_when_the_point_asks_for_it(void)
{
    struct trio trio;
    struct firing firing = { .policy = CONNPT_FIRE_IGNORE };

    if (!trio_open(&trio, CONNPT_SOURCE_AGILE | CONNPT_SOURCE_DROP_DEAD))
        return;
    desert(&trio.bound);
    firing.source = trio.source;
    in_apartment(COINIT_MULTITHREADED, fire_task, &firing);
    CHECK_HR(firing.result, S_OK);
    check_calls(&trio, 1, 0, 1);
    CHECK_INT(connpt_point_connections(trio.source->points[POINT_CHANGES]), 2);
    CHECK_INT(connpt_point_dropped(trio.source->points[POINT_CHANGES]), 1);
    trio_close(&trio);
}

/* ---- the enumerator -------------------------------------------------------------------------- */

struct listing {
    struct agile_home *home;
    struct agile_source *source;
    IEnumConnections *list;
    HRESULT result;
};

static void list_task(void *context)
{
    struct listing *listing = context;

    listing->result = IConnectionPoint_EnumConnections(agile_point(listing->source, POINT_CHANGES),
                                                       &listing->list);
}

static void listing_release(struct listing *listing)
{
    if (listing->list != NULL)
        (void)IEnumConnections_Release(listing->list);
}

static void next_at_home_task(void *context)
{
    struct listing *listing = context;
    CONNECTDATA item;
    ULONG n = 77;

    if (!CHECK_HR(IEnumConnections_Next(listing->list, 1, &item, &n), S_OK))
        return;
    CHECK_INT(n, 1);
    CHECK_INT(item.dwCookie, listing->home->cookie);
    CHECK_PTR(item.pUnk, &listing->home->sink.IPropertyNotifySink_iface);
    (void)IUnknown_Release(item.pUnk);
    CHECK_HR(IEnumConnections_Next(listing->list, 1, &item, &n), S_FALSE);
    CHECK_INT(n, 0);
}

static void next_elsewhere_task(void *context)
{
    struct listing *listing = context;
    IPropertyNotifySink *sink = NULL;
    CONNECTDATA item;

    if (!CHECK_HR(IEnumConnections_Next(listing->list, 1, &item, NULL), S_OK))
        return;
    CHECK_INT(item.dwCookie, listing->home->cookie);
    CHECK(item.pUnk != agile_sink_unknown(&listing->home->sink));
    if (CHECK_HR(IUnknown_QueryInterface(item.pUnk, &IID_IPropertyNotifySink, (void **)&sink),
                 S_OK)) {
        CHECK_HR(IPropertyNotifySink_OnChanged(sink, 31), S_OK);
        (void)IPropertyNotifySink_Release(sink);
    }
    (void)IUnknown_Release(item.pUnk);
    CHECK_INT(listing->home->sink.value, 31);
    CHECK_INT(listing->home->sink.call_thread, listing->home->thread);
}

static BOOL list_one(struct listing *listing, struct agile_home *home)
{
    memset(listing, 0, sizeof *listing);
    listing->source = agile_source_create(CONNPT_SOURCE_AGILE);
    if (listing->source == NULL)
        return FALSE;
    agile_home_open(home, SINK_BOUND, listing->source);
    listing->home = home;
    in_apartment(COINIT_MULTITHREADED, list_task, listing);
    CHECK_HR(listing->result, S_OK);
    return TRUE;
}

static void enumerator_gives_each_apartment_a_pointer_of_its_own(void)
{
    struct agile_home home;
    struct listing listing;

    if (!list_one(&listing, &home))
        return;
    if (listing.list != NULL && home.cookie != 0) {
        apartment_call(home.apartment, next_at_home_task, &listing);
        (void)IEnumConnections_Reset(listing.list);
        in_apartment(COINIT_MULTITHREADED, next_elsewhere_task, &listing);
        (void)IEnumConnections_Reset(listing.list);
        in_apartment(COINIT_APARTMENTTHREADED, next_elsewhere_task, &listing);
    }
    listing_release(&listing);
    agile_home_close(&home);
    agile_source_release(listing.source);
}

static void unadvise_at_home(void *context)
{
    struct agile_home *home = context;

    CHECK_HR(IConnectionPoint_Unadvise(agile_point(home->source, POINT_CHANGES), home->cookie),
             S_OK);
}

static void snapshot_and_its_clone_outlive_the_connection(void)
{
    struct agile_home home;
    struct listing listing;
    IEnumConnections *clone = NULL;

    if (!list_one(&listing, &home))
        return;
    if (listing.list != NULL && home.cookie != 0) {
        CHECK_HR(IEnumConnections_Clone(listing.list, &clone), S_OK);
        apartment_call(home.apartment, unadvise_at_home, &home);
        CHECK(home.sink.refs > 1);
        in_apartment(COINIT_MULTITHREADED, next_elsewhere_task, &listing);
        listing_release(&listing);
        listing.list = clone;
        if (clone != NULL) {
            CHECK(home.sink.refs > 1);
            in_apartment(COINIT_MULTITHREADED, next_elsewhere_task, &listing);
        }
        home.cookie = 0;
    }
    listing_release(&listing); /* by a thread without COM */
    CHECK_INT(home.sink.refs, 1);
    CHECK_INT(home.sink.release_thread, home.thread);
    agile_home_close(&home);
    agile_source_release(listing.source);
}

static void next_without_com_fails_and_stays_where_it_is(void)
{
    struct agile_home home;
    struct listing listing;
    CONNECTDATA items[2];
    ULONG n = 77;

    if (!list_one(&listing, &home))
        return;
    if (listing.list != NULL && home.cookie != 0) {
        CHECK_HR(IEnumConnections_Next(listing.list, 2, items, &n), CO_E_NOTINITIALIZED);
        CHECK_INT(n, 0);
        in_apartment(COINIT_MULTITHREADED, next_elsewhere_task, &listing);
    }
    listing_release(&listing);
    agile_home_close(&home);
    agile_source_release(listing.source);
}

static void failed_next_gives_back_what_it_had(void)
{
    struct trio trio;
    struct listing listing = { .list = NULL };
    CONNECTDATA items[3];
    ULONG n = 77;
    LONG refs;

    if (!trio_open(&trio, CONNPT_SOURCE_AGILE))
        return;
    listing.source = trio.source;
    list_task(&listing);
    refs = trio.first.sink.refs;
    if (listing.list != NULL && trio.bound.cookie != 0) {
        CHECK_HR(IEnumConnections_Next(listing.list, 3, items, &n), CO_E_NOTINITIALIZED);
        CHECK_INT(n, 0);
        CHECK_INT(trio.first.sink.refs, refs);
        /* Piece by piece: the one that cannot be reached can be skipped. */
        CHECK_HR(IEnumConnections_Next(listing.list, 1, items, &n), S_OK);
        CHECK_INT(items[0].dwCookie, trio.first.cookie);
        (void)IUnknown_Release(items[0].pUnk);
        CHECK_HR(IEnumConnections_Next(listing.list, 1, items, &n), CO_E_NOTINITIALIZED);
        CHECK_HR(IEnumConnections_Skip(listing.list, 1), S_OK);
        CHECK_HR(IEnumConnections_Next(listing.list, 1, items, &n), S_OK);
        CHECK_INT(items[0].dwCookie, trio.last.cookie);
        (void)IUnknown_Release(items[0].pUnk);
    }
    listing_release(&listing);
    trio_close(&trio);
}

struct trio_listing {
    struct trio trio;
    struct listing listing;
};

static void list_the_living(void *context)
{
    struct trio_listing *both = context;
    CONNECTDATA items[3];
    ULONG n = 77;

    list_task(&both->listing);
    if (!CHECK_HR(both->listing.result, S_OK))
        return;
    CHECK_HR(IEnumConnections_Next(both->listing.list, 2, items, &n), S_OK);
    CHECK_INT(n, 2);
    if (n == 2) {
        CHECK_INT(items[0].dwCookie, both->trio.first.cookie);
        CHECK_INT(items[1].dwCookie, both->trio.last.cookie);
    }
    for (; n > 0; n--)
        (void)IUnknown_Release(items[n - 1].pUnk);
    (void)IEnumConnections_Reset(both->listing.list);
    CHECK_HR(IEnumConnections_Next(both->listing.list, 3, items, &n), S_FALSE);
    CHECK_INT(n, 2);
    for (; n > 0; n--)
        (void)IUnknown_Release(items[n - 1].pUnk);
}

static void enumerator_passes_over_a_sink_whose_apartment_has_ended(void)
{
    struct trio_listing both = { .listing = { .list = NULL } };

    if (!trio_open(&both.trio, CONNPT_SOURCE_AGILE))
        return;
    both.listing.source = both.trio.source;
    if (both.trio.bound.cookie != 0 && both.trio.last.cookie != 0) {
        desert(&both.trio.bound);
        in_apartment(COINIT_MULTITHREADED, list_the_living, &both);
    }
    listing_release(&both.listing);
    trio_close(&both.trio);
}

/* ---- sinks that came from another apartment already ------------------------------------------ */

struct guest {
    struct agile_home home; /* a client in an STA that has a proxy of the point */
    struct agile_source *source;
    struct apartment *mta;
    struct parcel parcel;
    IConnectionPoint *proxy;
};

static void pack_point(void *context)
{
    struct guest *guest = context;

    CHECK_HR(parcel_pack(&guest->parcel, &IID_IConnectionPoint,
                         agile_point(guest->source, POINT_CHANGES)),
             S_OK);
}

static void advise_through_the_proxy(void *context)
{
    struct guest *guest = context;

    guest->proxy = parcel_open(&guest->parcel, &IID_IConnectionPoint);
    if (guest->proxy == NULL)
        return;
    CHECK(guest->proxy != agile_point(guest->source, POINT_CHANGES));
    CHECK_HR(IConnectionPoint_Advise(guest->proxy, agile_sink_unknown(&guest->home.sink),
                                     &guest->home.cookie),
             S_OK);
}

static void unadvise_through_the_proxy(void *context)
{
    struct guest *guest = context;

    if (guest->proxy == NULL)
        return;
    if (guest->home.cookie != 0)
        CHECK_HR(IConnectionPoint_Unadvise(guest->proxy, guest->home.cookie), S_OK);
    guest->home.cookie = 0;
    (void)IConnectionPoint_Release(guest->proxy);
}

/* What Advise gets is a proxy that is good in the MTA only; a third apartment fires. */
static void sink_that_came_as_a_proxy_is_reached_from_a_third_apartment(void)
{
    struct guest guest = { .proxy = NULL };
    struct firing firing = { .policy = CONNPT_FIRE_FIRST_FAILURE };

    guest.source = agile_source_create(CONNPT_SOURCE_AGILE);
    if (guest.source == NULL)
        return;
    firing.source = guest.source;
    guest.mta = apartment_start(COINIT_MULTITHREADED);
    agile_home_open(&guest.home, SINK_BOUND, NULL);
    apartment_call(guest.mta, pack_point, &guest);
    apartment_call(guest.home.apartment, advise_through_the_proxy, &guest);
    if (guest.home.cookie != 0) {
        in_apartment(COINIT_APARTMENTTHREADED, fire_task, &firing);
        CHECK_HR(firing.result, S_OK);
        CHECK_INT(guest.home.sink.n_calls, 1);
        CHECK_INT(guest.home.sink.call_thread, guest.home.thread);
        apartment_call(guest.mta, fire_task, &firing);
        CHECK_HR(firing.result, S_OK);
        CHECK_INT(guest.home.sink.n_calls, 2);
    }
    apartment_call(guest.home.apartment, unadvise_through_the_proxy, &guest);
    agile_home_close(&guest.home);
    apartment_end(guest.mta);
    agile_source_release(guest.source);
}

int main(int argc, char **argv)
{
    static const struct t_test tests[] = {
        T(thread_without_com_passes_over_sinks_that_it_cannot_reach),
        T(fire_that_reaches_nobody_says_s_false),
        T(sink_whose_apartment_has_ended_fails_and_stays),
        T(sink_whose_apartment_has_ended_is_dropped_when_the_point_asks_for_it),
        T(enumerator_gives_each_apartment_a_pointer_of_its_own),
        T(snapshot_and_its_clone_outlive_the_connection),
        T(next_without_com_fails_and_stays_where_it_is),
        T(failed_next_gives_back_what_it_had),
        T(enumerator_passes_over_a_sink_whose_apartment_has_ended),
        T(sink_that_came_as_a_proxy_is_reached_from_a_third_apartment),
        T_END,
    };

    deadline_start();
    return t_run(argc, argv, tests);
}

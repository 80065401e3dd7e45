/* SPDX-License-Identifier: MIT */
/*
 * windows/departed_test.c - apartments that end while sinks of theirs are still connected
 *
 * What a source's next event finds: each call fails at once, the sinks of other apartments are
 * called all the same, and points that drop dead sinks drop these.
 */
#include "visit.h"

static void connect_and_depart(struct visit *visit)
{
    (void)visit_advise(visit, &IID_IPropertyNotifySink);
    (void)visit_advise(visit, &DIID_DGaugeEvents);
    CHECK_INT(visit_set(visit, 1), 2);
}

/* At home, where there is a sink of the apartment's own. */
static void fire_without_them(struct visit *visit, LONG n_expected)
{
    struct gauge *gauge = visit->gauge;
    struct listener neighbour;
    DWORD cookie = 0;

    listener_init(&neighbour);
    CHECK_HR(connpt_advise(gauge_unknown(gauge), listener_unknown(&neighbour),
                           &IID_IPropertyNotifySink, &cookie),
             S_OK);
    CHECK_INT(gauge_set(gauge, 2), 3);
    CHECK(FAILED(gauge->failure));
    CHECK_INT(gauge_set(gauge, 3), n_expected);
    CHECK_INT(neighbour.n_changes, 2);
    CHECK_INT(visit->listener.n_changes, 1);
    CHECK_INT(connpt_point_dropped(gauge->changes), n_expected == 1);
    CHECK_HR(connpt_unadvise(gauge_unknown(gauge), &IID_IPropertyNotifySink, cookie), S_OK);
    CHECK_INT(neighbour.refs, 1);
}

static void fire_and_drop(struct visit *visit)
{
    fire_without_them(visit, 1);
}

static void fire_and_keep(struct visit *visit)
{
    fire_without_them(visit, 3);
}

static void sinks_of_an_ended_apartment_are_dropped_when_the_point_asks_for_it(void)
{
    visit_gone(COINIT_MULTITHREADED, COINIT_APARTMENTTHREADED, TRUE, connect_and_depart,
               fire_and_drop);
    visit_gone(COINIT_APARTMENTTHREADED, COINIT_APARTMENTTHREADED, TRUE, connect_and_depart,
               fire_and_drop);
    visit_gone(COINIT_APARTMENTTHREADED, COINIT_MULTITHREADED, TRUE, connect_and_depart,
               fire_and_drop);
}

static void sinks_of_an_ended_apartment_stay_and_fail_by_default(void)
{
    visit_gone(COINIT_MULTITHREADED, COINIT_APARTMENTTHREADED, FALSE, connect_and_depart,
               fire_and_keep);
}

/* ---- the source's apartment ends first ----------------------------------------------------------
 */

struct left_behind {
    struct listener listener;
    struct parcel parcel;
    struct gauge *gauge;
    struct apartment *home;
};

static void make_gauge(void *context)
{
    struct left_behind *left = context;

    left->gauge = gauge_create(FALSE);
    if (CHECK(left->gauge != NULL))
        CHECK_HR(parcel_pack(&left->parcel, &IID_IUnknown, gauge_unknown(left->gauge)), S_OK);
}

static void let_go(void *context)
{
    struct left_behind *left = context;

    gauge_release(left->gauge);
}

/* The object still has this client's references when its apartment goes, and dies of that. */
static void outstay_the_source(void *context)
{
    struct left_behind *left = context;
    IUnknown *gauge = parcel_open(&left->parcel, &IID_IUnknown);
    struct connpt_connection connection;

    if (gauge == NULL)
        return;
    CHECK_HR(connpt_connection_open(&connection, gauge, listener_unknown(&left->listener),
                                    &IID_IPropertyNotifySink),
             S_OK);
    apartment_call(left->home, let_go, left);
    CHECK_INT(gauge_n_live, 1);
    apartment_end(left->home);
    CHECK_INT(gauge_n_live, 0);
    CHECK_HR(connpt_connection_close(&connection), S_FALSE);
    (void)IUnknown_Release(gauge);
    CHECK_INT(left->listener.refs, 1);
}

static void source_dies_with_its_apartment_and_lets_the_sinks_go(void)
{
    struct left_behind left;

    listener_init(&left.listener);
    left.home = apartment_start(COINIT_APARTMENTTHREADED);
    apartment_call(left.home, make_gauge, &left);
    if (left.gauge != NULL)
        in_apartment(COINIT_APARTMENTTHREADED, outstay_the_source, &left);
    else
        apartment_end(left.home);
    CHECK_INT(left.listener.refs, 1);
}

int main(int argc, char **argv)
{
    static const struct t_test tests[] = {
        T(sinks_of_an_ended_apartment_are_dropped_when_the_point_asks_for_it),
        T(sinks_of_an_ended_apartment_stay_and_fail_by_default),
        T(source_dies_with_its_apartment_and_lets_the_sinks_go),
        T_END,
    };

    deadline_start();
    return t_run(argc, argv, tests);
}

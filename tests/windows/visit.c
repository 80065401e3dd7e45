/* SPDX-License-Identifier: MIT */
/* windows/visit.c - both sides of a visit, and the tidy end of it */
#include "visit.h"

#include <stddef.h>

static void make_gauge(void *context)
{
    struct visit *visit = context;
    IUnknown *unknown;

    visit->gauge = gauge_create(visit->drops_dead);
    if (visit->gauge == NULL)
        return;
    unknown = gauge_unknown(visit->gauge);
    CHECK_HR(parcel_pack(&visit->parcels[0], &IID_IConnectionPointContainer, unknown), S_OK);
    CHECK_HR(parcel_pack(&visit->parcels[1], &IID_IDispatch, unknown), S_OK);
}

/* All that others had of it has been let go by now. */
static void end_gauge(void *context)
{
    struct visit *visit = context;

    if (visit->gauge != NULL)
        gauge_release(visit->gauge);
    CHECK_INT(gauge_n_live, 0);
}

static void run_client(void *context)
{
    struct visit *visit = context;

    visit->container = parcel_open(&visit->parcels[0], &IID_IConnectionPointContainer);
    visit->dispatch = parcel_open(&visit->parcels[1], &IID_IDispatch);
    if (visit->container != NULL && visit->dispatch != NULL &&
        CHECK(visit->container != connpt_object_container(&visit->gauge->object)))
        visit->client(visit);
    if (visit->container != NULL)
        IConnectionPointContainer_Release(visit->container);
    if (visit->dispatch != NULL)
        IDispatch_Release(visit->dispatch);
}

struct epilogue {
    struct visit *visit;
    void (*afterwards)(struct visit *visit);
};

static void run_epilogue(void *context)
{
    struct epilogue *epilogue = context;

    epilogue->afterwards(epilogue->visit);
}

void visit_gone(DWORD home_kind, DWORD client_kind, BOOL drops_dead,
                void (*client)(struct visit *visit), void (*afterwards)(struct visit *visit))
{
    struct visit visit = { .client_kind = client_kind, .drops_dead = drops_dead, .client = client };
    struct epilogue epilogue = { &visit, afterwards };

    listener_init(&visit.listener);
    visit.home = apartment_start(home_kind);
    apartment_call(visit.home, make_gauge, &visit);
    if (CHECK(visit.gauge != NULL)) {
        in_apartment(client_kind, run_client, &visit);
        apartment_call(visit.home, run_epilogue, &epilogue);
        apartment_call(visit.home, end_gauge, &visit);
    }
    apartment_end(visit.home);
    CHECK_INT(visit.listener.refs, 1);
}

/* ---- apartments that last ---------------------------------------------------------------------
 */

enum { STA, OTHER_STA, MTA, N_RESIDENTS };
static struct apartment *residents[N_RESIDENTS];
static const DWORD resident_kinds[N_RESIDENTS] = { COINIT_APARTMENTTHREADED,
                                                   COINIT_APARTMENTTHREADED, COINIT_MULTITHREADED };

static void visit_between(int home, int client_home, void (*client)(struct visit *visit))
{
    struct visit visit = { .client_kind = resident_kinds[client_home],
                           .client = client,
                           .home = residents[home] };

    listener_init(&visit.listener);
    apartment_call(visit.home, make_gauge, &visit);
    if (CHECK(visit.gauge != NULL)) {
        apartment_call(residents[client_home], run_client, &visit);
        apartment_call(visit.home, end_gauge, &visit);
    }
    CHECK_INT(visit.listener.refs, 1);
}

void visit_all(void (*client)(struct visit *visit))
{
    visit_between(STA, MTA, client);
    visit_between(MTA, STA, client);
    visit_between(STA, OTHER_STA, client);
}

int visit_run(int argc, char **argv, const struct t_test *tests)
{
    int status;

    deadline_start();
    for (int i = 0; i < N_RESIDENTS; i++)
        residents[i] = apartment_start(resident_kinds[i]);
    status = t_run(argc, argv, tests);
    for (int i = 0; i < N_RESIDENTS; i++)
        apartment_end(residents[i]);
    return status;
}

/* ---- what most clients do ---------------------------------------------------------------------
 */

IConnectionPoint *visit_point(struct visit *visit, REFIID iid)
{
    IConnectionPoint *point = NULL;

    CHECK_HR(IConnectionPointContainer_FindConnectionPoint(visit->container, iid, &point), S_OK);
    CHECK(point != NULL);
    return point;
}

DWORD visit_advise(struct visit *visit, REFIID iid)
{
    IConnectionPoint *point = visit_point(visit, iid);
    DWORD cookie = 0;

    if (point == NULL)
        return 0;
    CHECK_HR(IConnectionPoint_Advise(point, listener_unknown(&visit->listener), &cookie), S_OK);
    CHECK(cookie != 0);
    IConnectionPoint_Release(point);
    return cookie;
}

void visit_unadvise(struct visit *visit, REFIID iid, DWORD cookie)
{
    IConnectionPoint *point = visit_point(visit, iid);

    if (point == NULL)
        return;
    CHECK_HR(IConnectionPoint_Unadvise(point, cookie), S_OK);
    IConnectionPoint_Release(point);
}

LONG visit_set(struct visit *visit, LONG value)
{
    LONG n_called = -1;

    CHECK_HR(gauge_call(visit->dispatch, GAUGE_SET, value, &n_called), S_OK);
    return n_called;
}

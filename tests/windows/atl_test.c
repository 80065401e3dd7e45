/* SPDX-License-Identifier: MIT */
/* windows/atl_test.c - AtlAdvise and AtlUnadvise of every ATL that this system has */
#include "apartment.h"
#include "gauge.h"
#include "listener.h"
#include "t.h"

typedef HRESULT(WINAPI *advise_fn)(IUnknown *source, IUnknown *sink, const IID *iid, DWORD *cookie);
typedef HRESULT(WINAPI *unadvise_fn)(IUnknown *source, const IID *iid, DWORD cookie);

struct atl {
    advise_fn advise;
    unadvise_fn unadvise;
};

static BOOL atl_load(struct atl *atl, const char *file)
{
    HMODULE module = LoadLibraryA(file);

    if (module == NULL)
        return FALSE;
    atl->advise = (advise_fn)(UINT_PTR)GetProcAddress(module, "AtlAdvise");
    atl->unadvise = (unadvise_fn)(UINT_PTR)GetProcAddress(module, "AtlUnadvise");
    return CHECK(atl->advise != NULL) && CHECK(atl->unadvise != NULL);
}

/* Each ATL that is there; none: skipped. */
static void with_each(void (*use)(const struct atl *atl))
{
    static const char *const files[] = { "atl.dll", "atl80.dll", "atl90.dll", "atl100.dll",
                                         "atl110.dll" };
    int n_loaded = 0;

    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        struct atl atl;

        if (!atl_load(&atl, files[i]))
            continue;
        n_loaded++;
        use(&atl);
    }
    if (n_loaded == 0)
        t_skip("this system has no ATL");
}

static void connect_and_leave(const struct atl *atl)
{
    struct gauge *gauge = gauge_create(FALSE);
    struct listener listener;
    DWORD changes = 0, events = 0;

    if (!CHECK(gauge != NULL))
        return;
    listener_init(&listener);
    CHECK_HR(atl->advise(gauge_unknown(gauge), listener_unknown(&listener),
                         &IID_IPropertyNotifySink, &changes),
             S_OK);
    CHECK_HR(
        atl->advise(gauge_unknown(gauge), listener_unknown(&listener), &DIID_DGaugeEvents, &events),
        S_OK);
    CHECK_INT(listener.refs, 3);
    CHECK_INT(gauge_set(gauge, 3), 2);
    CHECK_INT(listener.n_changes, 1);
    CHECK_INT(listener.n_events, 1);
    CHECK_HR(atl->unadvise(gauge_unknown(gauge), &IID_IPropertyNotifySink, changes), S_OK);
    CHECK_HR(atl->unadvise(gauge_unknown(gauge), &IID_IPropertyNotifySink, changes),
             CONNECT_E_NOCONNECTION);
    CHECK_INT(gauge_set(gauge, 4), 1);
    CHECK_HR(atl->unadvise(gauge_unknown(gauge), &DIID_DGaugeEvents, events), S_OK);
    CHECK_INT(gauge_set(gauge, 5), 0);
    CHECK_INT(listener.refs, 1);
    gauge_release(gauge);
    CHECK_INT(gauge_n_live, 0);
}

static void atl_advise_connects_and_atl_unadvise_disconnects(void)
{
    with_each(connect_and_leave);
}

static void fail_to_connect(const struct atl *atl)
{
    struct gauge *gauge = gauge_create(FALSE);
    struct listener listener;
    DWORD cookie = 99;

    if (!CHECK(gauge != NULL))
        return;
    listener_init(&listener);
    CHECK_HR(
        atl->advise(gauge_unknown(gauge), listener_unknown(&listener), &IID_IAdviseSink, &cookie),
        CONNECT_E_NOCONNECTION);
    CHECK_HR(atl->advise(listener_unknown(&listener), listener_unknown(&listener),
                         &IID_IPropertyNotifySink, &cookie),
             E_NOINTERFACE);
    cookie = 99;
    CHECK_HR(
        atl->advise(gauge_unknown(gauge), gauge_unknown(gauge), &IID_IPropertyNotifySink, &cookie),
        CONNECT_E_CANNOTCONNECT);
    CHECK_INT(cookie, 0);
    CHECK_HR(atl->unadvise(gauge_unknown(gauge), &IID_IAdviseSink, 1), CONNECT_E_NOCONNECTION);
    CHECK_INT(listener.refs, 1);
    gauge_release(gauge);
    CHECK_INT(gauge_n_live, 0);
}

static void atl_gets_our_reason_when_it_cannot_connect(void)
{
    with_each(fail_to_connect);
}

int main(int argc, char **argv)
{
    static const struct t_test tests[] = {
        T(atl_advise_connects_and_atl_unadvise_disconnects),
        T(atl_gets_our_reason_when_it_cannot_connect),
        T_END,
    };

    deadline_start();
    return t_run(argc, argv, tests);
}

/* SPDX-License-Identifier: MIT */
/*
 * core/agile_win32.c - connections whose sink is called in its own apartment
 *
 * A struct agile has the sink in the process's global interface table, and no pointer to it: each
 * fire asks the table for one that is good on its thread (the sink itself, or a proxy), and gives
 * it back when it comes to the next connection. A proxy that was kept would be good for one
 * apartment only, and for no longer than that lives.
 */
#include "core/agile.h"

#include "base/alloc.h"
#include "base/atomic.h"
#include "base/hresult.h"
#include "base/mutex.h"

struct agile {
    uint32_t refs; /* atomic: the connection's, and one for each snapshot with it */
    DWORD cookie;  /* in the table */
    IID iid;       /* the sink is there as this */
    IGlobalInterfaceTable *table;
};

static struct agile *agile_of(void *held)
{
    return (struct agile *)(void *)((char *)held - CONNPT_FIRE_AGILE);
}

/* ---- which sinks need it --------------------------------------------------------------------- */

/* {0000033A-0000-0000-C000-000000000046}. mingw-w64's libuuid has another value for
 * CLSID_InProcFreeMarshaler. */
static const CLSID free_marshaler = { 0x0000033a, 0, 0, { 0xc0, 0, 0, 0, 0, 0, 0, 0x46 } };

/* Its marshaler in this process is the free-threaded one: any apartment gets the pointer itself. */
static int has_free_marshaler(IUnknown *sink, const IID *iid)
{
    CLSID unmarshaler = CLSID_NULL;
    IMarshal *marshal = NULL;
    HRESULT hr;

    if (FAILED(IUnknown_QueryInterface(sink, &IID_IMarshal, (void **)&marshal)) || marshal == NULL)
        return 0;
    hr = IMarshal_GetUnmarshalClass(marshal, iid, sink, MSHCTX_INPROC, NULL, MSHLFLAGS_NORMAL,
                                    &unmarshaler);
    (void)IMarshal_Release(marshal);
    return SUCCEEDED(hr) && IsEqualCLSID(&unmarshaler, &free_marshaler);
}

/* May it be called on any thread? */
static int is_free(IUnknown *sink, const IID *iid)
{
    IUnknown *mark = NULL;

    if (SUCCEEDED(IUnknown_QueryInterface(sink, &IID_IAgileObject, (void **)&mark)) &&
        mark != NULL) {
        (void)IUnknown_Release(mark);
        return 1;
    }
    return has_free_marshaler(sink, iid);
}

/* ---- into the table and out of it ------------------------------------------------------------ */

/* A sink of a dispinterface may have no proxy but that of IDispatch. */
static HRESULT enter(struct agile *agile, IUnknown *sink, const IID *iid, int is_dispatch)
{
    HRESULT hr = CoCreateInstance(&CLSID_StdGlobalInterfaceTable, NULL, CLSCTX_INPROC_SERVER,
                                  &IID_IGlobalInterfaceTable, (void **)&agile->table);

    if (FAILED(hr))
        return hr;
    agile->iid = *iid;
    hr = IGlobalInterfaceTable_RegisterInterfaceInGlobal(agile->table, sink, &agile->iid,
                                                         &agile->cookie);
    if (FAILED(hr) && is_dispatch) {
        agile->iid = IID_IDispatch;
        hr = IGlobalInterfaceTable_RegisterInterfaceInGlobal(agile->table, sink, &agile->iid,
                                                             &agile->cookie);
    }
    if (FAILED(hr))
        (void)IGlobalInterfaceTable_Release(agile->table);
    return hr;
}

HRESULT connpt__agile_wrap(connpt_point *point, const IID *iid, void **held)
{
    uint32_t flags = load_relaxed(&point->flags);
    IUnknown *sink = *held;
    struct agile *agile;
    HRESULT hr;

    connpt__assert_unlocked();
    if (!(flags & CONNPT_SOURCE_AGILE) || is_free(sink, iid)) {
        /* A pointer with this bit would be taken for ours. No compiler makes one. */
        return held_is_agile(sink) ? CONNECT_E_CANNOTCONNECT : S_OK;
    }
    agile = connpt__alloc(sizeof *agile);
    if (agile == NULL)
        return E_OUTOFMEMORY;
    agile->refs = 1;
    hr = enter(agile, sink, iid, (flags & CONNPT_SOURCE_DISPATCH) != 0);
    if (FAILED(hr)) {
        connpt__free(agile);
        return hr == E_OUTOFMEMORY ? hr : CONNECT_E_CANNOTCONNECT;
    }
    (void)IUnknown_Release(sink); /* the table has its own reference */
    *held = (char *)agile + CONNPT_FIRE_AGILE;
    return S_OK;
}

/* Adds a reference. */
static HRESULT fetch(const struct agile *agile, IUnknown **ret_sink)
{
    IUnknown *sink = NULL;
    HRESULT hr = IGlobalInterfaceTable_GetInterfaceFromGlobal(agile->table, agile->cookie,
                                                              &agile->iid, (void **)&sink);

    /* Wine says so of an apartment that has ended. */
    if (hr == CONNPT_E_UNKNOWN_IF)
        return CO_E_OBJNOTCONNECTED;
    if (FAILED(hr))
        return hr;
    if (sink == NULL)
        return E_UNEXPECTED;
    *ret_sink = sink;
    return S_OK;
}

/*
 * The table would release the sink on this thread (Wine does), or leave the entry, if this thread
 * has no COM. So take a reference for this thread first, which in the end is given back in the
 * sink's own apartment, and join the MTA for that if need be.
 */
static void leave(struct agile *agile)
{
    IUnknown *sink = NULL;
    HRESULT hr = fetch(agile, &sink);
    int has_joined = 0;

    if (hr == CO_E_NOTINITIALIZED) {
        has_joined = SUCCEEDED(CoInitializeEx(NULL, COINIT_MULTITHREADED));
        hr = fetch(agile, &sink);
    }
    (void)IGlobalInterfaceTable_RevokeInterfaceFromGlobal(agile->table, agile->cookie);
    if (SUCCEEDED(hr))
        (void)IUnknown_Release(sink);
    (void)IGlobalInterfaceTable_Release(agile->table);
    if (has_joined)
        CoUninitialize();
}

void connpt__agile_add_ref(void *held)
{
    (void)add_relaxed(&agile_of(held)->refs, 1);
}

void connpt__agile_release(void *held)
{
    struct agile *agile = agile_of(held);

    connpt__assert_unlocked();
    if (sub_acq_rel(&agile->refs, 1) != 1)
        return;
    leave(agile);
    connpt__free(agile);
}

/* ---- for a fire and for snapshots ------------------------------------------------------------ */

void *connpt__agile_reach(void *held, HRESULT *ret_failure)
{
    IUnknown *sink = NULL;
    HRESULT hr;

    connpt__assert_unlocked();
    hr = fetch(agile_of(held), &sink);
    if (FAILED(hr))
        *ret_failure = hr;
    return sink;
}

void connpt__agile_let_go(void *sink)
{
    connpt__assert_unlocked();
    (void)IUnknown_Release((IUnknown *)sink);
}

static HRESULT take_item(const CONNECTDATA *item, CONNECTDATA *out)
{
    IUnknown *sink = item->pUnk;

    if (held_is_agile(sink)) {
        HRESULT hr = fetch(agile_of(item->pUnk), &sink);

        if (FAILED(hr))
            return hr;
    } else {
        (void)IUnknown_AddRef(sink);
    }
    out->pUnk = sink;
    out->dwCookie = item->dwCookie;
    return S_OK;
}

/*
 * Takes items from @start on until @n_out of @n are there or the @taken ones are used up. Passes
 * over those whose apartment has ended. Another failure: gives back all that are there.
 */
static HRESULT take_items(const CONNECTDATA *items, uint32_t taken, CONNECTDATA *out, ULONG *n_out)
{
    for (uint32_t i = 0; i < taken; i++) {
        HRESULT hr = take_item(&items[i], &out[*n_out]);

        if (SUCCEEDED(hr)) {
            ++*n_out;
            continue;
        }
        if (hr_is_dead(hr))
            continue;
        for (; *n_out > 0; --*n_out)
            (void)IUnknown_Release(out[*n_out - 1].pUnk);
        return hr;
    }
    return S_OK;
}

HRESULT connpt__agile_next(struct enum_array *array, ULONG n, CONNECTDATA *out, ULONG *fetched)
{
    const CONNECTDATA *items = enum_array_items(array);
    uint32_t first = 0, start = 0, end, taken;
    ULONG n_out = 0, count;
    HRESULT hr = connpt__enum_array_next(array, n, out, fetched, &start, &taken);

    if (hr != S_OK && hr != S_FALSE)
        return hr;
    for (first = start; taken != 0;
         (void)connpt__enum_array_next(array, n - n_out, out, &count, &start, &taken)) {
        end = start + taken;
        hr = take_items(items + start, taken, out, &n_out);
        if (FAILED(hr)) {
            /* As before the call, unless other threads share the enumerator. */
            (void)cas_seq(&array->position, &end, first);
            break;
        }
    }
    if (fetched != NULL)
        *fetched = n_out;
    if (FAILED(hr))
        return hr;
    return n_out == n ? S_OK : S_FALSE;
}

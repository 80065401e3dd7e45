/* SPDX-License-Identifier: MIT */
/*
 * cli/connections.c - reads IEnumConnections of objects that are not ours
 *
 * Two faults of Next would end the process, and are met in the field. One takes no reference on
 * what it delivers: to release that would take the point's own reference. The other takes it on
 * the element behind, which nobody has filled. So a harmless object stands behind what was asked
 * for; and the count of our own sink, which is among what is delivered, tells whether Next adds
 * references. Where it does not, nothing is released.
 */
#include "connections.h"

#include <string.h>

enum { MOST_CONNECTIONS = 1000 }; /* an enumerator that never ends must not hang the command */

static const char list_method[] = "IConnectionPoint::EnumConnections";
static const char next_method[] = "IEnumConnections::Next";

/* ---- the object behind the array ---------------------------------------------------------- */

struct guard {
    IUnknown IUnknown_iface;
    unsigned n_touched;
};

static HRESULT STDMETHODCALLTYPE guard_QueryInterface(IUnknown *iface, REFIID iid, void **out)
{
    ((struct guard *)(void *)iface)->n_touched++;
    (void)iid;
    *out = NULL;
    return E_NOINTERFACE;
}

static ULONG STDMETHODCALLTYPE guard_count(IUnknown *iface)
{
    ((struct guard *)(void *)iface)->n_touched++;
    return 1;
}

static const IUnknownVtbl guard_vtbl = {
    .QueryInterface = guard_QueryInterface,
    .AddRef = guard_count,
    .Release = guard_count,
};

/* ---- reading ------------------------------------------------------------------------------- */

struct reading {
    IUnknown *sink; /* ours */
    DWORD cookie;
    struct deviations *deviations;
    struct guard guard;
    CONNECTDATA *items;
    size_t n_items;
    bool is_listed;      /* ours, with its cookie */
    bool has_references; /* Next adds them, as far as is known */
};

/* Another thread may hold one more for a moment, while it fires. */
static ULONG references_of(IUnknown *sink)
{
    ULONG least = (ULONG)-1;

    for (int i = 0; i < 3; i++) {
        ULONG count;

        IUnknown_AddRef(sink);
        count = IUnknown_Release(sink);
        if (count < least)
            least = count;
    }
    return least;
}

static bool is_same_object(IUnknown *a, IUnknown *b)
{
    void *left = NULL, *right = NULL;
    bool is_same = a == b;

    if (!is_same && SUCCEEDED(IUnknown_QueryInterface(a, &IID_IUnknown, &left)) && left != NULL) {
        if (SUCCEEDED(IUnknown_QueryInterface(b, &IID_IUnknown, &right)) && right != NULL) {
            is_same = left == right;
            IUnknown_Release((IUnknown *)right);
        }
        IUnknown_Release((IUnknown *)left);
    }
    return is_same;
}

static void look_at(struct reading *reading, const CONNECTDATA *item, ULONG references)
{
    if (!is_same_object(item->pUnk, reading->sink))
        return;
    if (reading->has_references && references_of(reading->sink) <= references) {
        reading->has_references = false;
        deviations_add(reading->deviations, next_method, S_OK, "connections-references",
                       "adds no reference to the sink that it delivers");
    }
    if (item->dwCookie == reading->cookie)
        reading->is_listed = true;
}

/* False at the end. */
static bool read_one(struct reading *reading, IEnumConnections *enumerator)
{
    CONNECTDATA data[2] = { { NULL, 0 }, { &reading->guard.IUnknown_iface, 0 } };
    ULONG references = references_of(reading->sink), fetched = 0;
    HRESULT hr = IEnumConnections_Next(enumerator, 1, data, &fetched);

    if (FAILED(hr))
        deviations_add(reading->deviations, next_method, hr, "connections-next-end",
                       "fails before the end");
    if (hr == S_OK && data[0].pUnk == NULL)
        deviations_add(reading->deviations, next_method, hr, "connections-complete",
                       "succeeds and delivers nothing");
    if (hr == S_OK && data[0].pUnk != NULL && fetched != 1)
        deviations_add(reading->deviations, next_method, hr, "connections-complete",
                       "delivers one and counts %lu", (unsigned long)fetched);
    if (hr == S_OK && reading->guard.n_touched != 0) {
        reading->has_references = false;
        deviations_add(reading->deviations, next_method, hr, "connections-references",
                       "adds a reference to what stands behind the sink that it delivers");
    }
    if (hr != S_OK || data[0].pUnk == NULL)
        return false;
    look_at(reading, &data[0], references);
    reading->items = cli_realloc(reading->items, (reading->n_items + 1) * sizeof(*reading->items));
    reading->items[reading->n_items++] = data[0];
    return true;
}

/* What proxies rest on: S_OK means that all that was asked for is there. */
static void ask_for_too_many(struct reading *reading, IEnumConnections *enumerator)
{
    ULONG n = (ULONG)reading->n_items + 1, fetched = 0;
    CONNECTDATA *data = cli_alloc((n + 1) * sizeof(*data));
    HRESULT hr;

    for (ULONG i = 0; i <= n; i++)
        data[i].pUnk = &reading->guard.IUnknown_iface;
    hr = IEnumConnections_Next(enumerator, n, data, &fetched);
    if (hr == S_OK && fetched < n)
        deviations_add(reading->deviations, next_method, hr, "connections-next-short",
                       "is not S_FALSE although it delivers fewer than were asked for");
    /* the count may be wrong; where the guard still stands, nothing was delivered */
    for (ULONG i = 0; SUCCEEDED(hr) && reading->has_references && i < n; i++) {
        if (data[i].pUnk != NULL && data[i].pUnk != &reading->guard.IUnknown_iface)
            IUnknown_Release(data[i].pUnk);
    }
    cli_free(data);
}

/* S_OK only with an enumerator. */
static HRESULT open_enumerator(IConnectionPoint *point, struct deviations *deviations,
                               IEnumConnections **ret_enumerator)
{
    IEnumConnections *enumerator = NULL;
    HRESULT hr = IConnectionPoint_EnumConnections(point, &enumerator);

    if (SUCCEEDED(hr) && enumerator != NULL) {
        *ret_enumerator = enumerator;
        return S_OK;
    }
    deviations_add(deviations, list_method, hr, "connections-implemented",
                   FAILED(hr) ? "does not list the connections" : "succeeds without a result");
    return FAILED(hr) ? hr : E_POINTER;
}

static void judge(struct reading *reading)
{
    bool has_sink = false;

    if (reading->n_items == MOST_CONNECTIONS) {
        deviations_add(reading->deviations, next_method, S_OK, "connections-ends",
                       "is still not at its end after %d connections", MOST_CONNECTIONS);
        return;
    }
    if (reading->is_listed)
        return;
    for (size_t i = 0; i < reading->n_items; i++)
        has_sink |= is_same_object(reading->items[i].pUnk, reading->sink);
    deviations_add(reading->deviations, list_method, S_OK,
                   has_sink ? "connections-cookies" : "connections-complete", "%s",
                   has_sink ? "lists our sink with another cookie than Advise returned"
                            : "does not list our connection");
}

HRESULT connections_read(IConnectionPoint *point, IUnknown *sink, DWORD cookie,
                         struct deviations *deviations, size_t *ret_n)
{
    struct reading reading = { .sink = sink,
                               .cookie = cookie,
                               .deviations = deviations,
                               .guard = { { &guard_vtbl }, 0 },
                               .has_references = true };
    IEnumConnections *enumerator;
    HRESULT hr = open_enumerator(point, deviations, &enumerator);

    if (FAILED(hr))
        return hr;
    while (reading.n_items < MOST_CONNECTIONS && read_one(&reading, enumerator))
        continue;
    IEnumConnections_Release(enumerator);
    judge(&reading);
    if (reading.n_items < MOST_CONNECTIONS &&
        SUCCEEDED(open_enumerator(point, deviations, &enumerator))) {
        ask_for_too_many(&reading, enumerator);
        IEnumConnections_Release(enumerator);
    }
    for (size_t i = 0; i < reading.n_items && reading.has_references; i++)
        IUnknown_Release(reading.items[i].pUnk);
    *ret_n = reading.n_items;
    cli_free(reading.items);
    return S_OK;
}

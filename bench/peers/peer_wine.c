/* SPDX-License-Identifier: MIT */
/*
 * peers/peer_wine.c - the Wine pattern, written anew: a fire asks for an enumerator, and calls
 * what Next(1) hands out
 *
 * This is also how the documentation has sources do it. The enumerator is a copy with a reference
 * to each sink, and each Next adds another; no lock protects anything. The array grows by ten,
 * Advise takes the first empty slot, and a cookie is the slot's number. A sink that is
 * disconnected during the fire is still called.
 */
#include <stdlib.h>
#include <string.h>

#include "measure.h"
#include "peer.h"

struct wine {
    IUnknown **slots; /* NULL: empty */
    uint32_t n_slots;
    uint32_t n_used; /* slots that are not empty */
};

/* ---- the enumerator -------------------------------------------------------------------------- */

struct enumerator {
    IEnumConnections iface; /* first */
    ULONG refs;
    uint32_t n_items, position;
    CONNECTDATA *items; /* with a reference each */
};

static struct enumerator *enumerator_of(IEnumConnections *iface)
{
    return (struct enumerator *)(void *)iface;
}

static ULONG STDMETHODCALLTYPE enum_Release(IEnumConnections *iface)
{
    struct enumerator *self = enumerator_of(iface);
    ULONG refs = __atomic_sub_fetch(&self->refs, 1, __ATOMIC_ACQ_REL);

    if (refs == 0) {
        for (uint32_t i = 0; i < self->n_items; i++)
            (void)IUnknown_Release(self->items[i].pUnk);
        free(self->items);
        free(self);
    }
    return refs;
}

static HRESULT STDMETHODCALLTYPE enum_Next(IEnumConnections *iface, ULONG n, CONNECTDATA *out,
                                           ULONG *fetched)
{
    struct enumerator *self = enumerator_of(iface);
    ULONG n_out = 0;

    while (n_out < n && self->position < self->n_items) {
        out[n_out] = self->items[self->position++];
        (void)IUnknown_AddRef(out[n_out].pUnk);
        n_out++;
    }
    if (fetched != NULL)
        *fetched = n_out;
    return n_out == n ? S_OK : S_FALSE;
}

static const IEnumConnectionsVtbl enum_vtbl = {
    .Release = enum_Release, .Next = enum_Next, /* a fire needs no more */
};

static NOINLINE IEnumConnections *enum_connections(const struct wine *wine)
{
    struct enumerator *self = malloc(sizeof *self);
    CONNECTDATA *items = malloc(wine->n_used * sizeof *items);

    if (self == NULL || items == NULL)
        bench_must(E_OUTOFMEMORY);
    *self = (struct enumerator){ .iface = { &enum_vtbl }, .refs = 1, .items = items };
    for (uint32_t i = 0; i < wine->n_slots; i++) {
        if (wine->slots[i] == NULL)
            continue;
        (void)IUnknown_AddRef(wine->slots[i]);
        self->items[self->n_items].pUnk = wine->slots[i];
        self->items[self->n_items++].dwCookie = i + 1;
    }
    return &self->iface;
}

/* ---- the point ------------------------------------------------------------------------------- */

static void *wine_create(void)
{
    return bench_alloc(sizeof(struct wine));
}

static void wine_destroy(void *source)
{
    struct wine *wine = source;

    for (uint32_t i = 0; i < wine->n_slots; i++) {
        if (wine->slots[i] != NULL)
            (void)IUnknown_Release(wine->slots[i]);
    }
    free(wine->slots);
    free(wine);
}

static void grow(struct wine *wine, uint32_t n_slots)
{
    IUnknown **slots = realloc(wine->slots, n_slots * sizeof(void *));

    if (slots == NULL)
        bench_must(E_OUTOFMEMORY);
    memset(slots + wine->n_slots, 0, (n_slots - wine->n_slots) * sizeof(void *));
    wine->slots = slots;
    wine->n_slots = n_slots;
}

static uint32_t advise(struct wine *wine, struct sink *sink, uint32_t from)
{
    void *queried;
    uint32_t slot = from;

    bench_must(
        IPropertyNotifySink_QueryInterface(&sink->iface, &IID_IPropertyNotifySink, &queried));
    while (slot < wine->n_slots && wine->slots[slot] != NULL)
        slot++;
    if (slot == wine->n_slots)
        grow(wine, wine->n_slots + 10);
    wine->slots[slot] = queried;
    wine->n_used++;
    return slot;
}

static void wine_connect(void *source, struct sink *sinks, void *handles, size_t n)
{
    uint32_t *cookies = handles;

    for (size_t i = 0; i < n; i++)
        cookies[i] = advise(source, &sinks[i], 0) + 1;
}

/* Nothing was connected yet. */
static void wine_build(void *source, struct sink *sinks, void *handles, size_t n)
{
    uint32_t *cookies = handles;

    grow(source, (uint32_t)(n + 9) / 10 * 10);
    for (size_t i = 0; i < n; i++)
        cookies[i] = advise(source, &sinks[i], (uint32_t)i) + 1;
}

static void unadvise(struct wine *wine, uint32_t slot)
{
    (void)IUnknown_Release(wine->slots[slot]);
    wine->slots[slot] = NULL;
    wine->n_used--;
}

static void wine_disconnect(void *source, void *const *handles, size_t n)
{
    for (size_t i = 0; i < n; i++)
        unadvise(source, *(uint32_t *)handles[i] - 1);
}

static void wine_pairs(void *source, struct sink *sink, size_t n)
{
    for (size_t i = 0; i < n; i++)
        unadvise(source, advise(source, sink, 0));
}

static void wine_fire(void *source, int value)
{
    const struct wine *wine = source;
    IEnumConnections *connections;
    CONNECTDATA data;

    if (wine->n_used == 0)
        return;
    connections = enum_connections(wine);
    while (IEnumConnections_Next(connections, 1, &data, NULL) == S_OK) {
        IPropertyNotifySink *sink = (IPropertyNotifySink *)(void *)data.pUnk;

        (void)IPropertyNotifySink_OnChanged(sink, value);
        (void)IPropertyNotifySink_Release(sink);
    }
    (void)IEnumConnections_Release(connections);
}

const struct peer peer_wine = {
    .name = "Wine pattern",
    .flags = PEER_LINEAR,
    .handle_size = sizeof(uint32_t),
    .create = wine_create,
    .destroy = wine_destroy,
    .connect = wine_connect,
    .build = wine_build,
    .disconnect = wine_disconnect,
    .pairs = wine_pairs,
    .fire = wine_fire,
};

/* SPDX-License-Identifier: MIT */
/*
 * peers/peer_raw.c - the plain loop over an array of interface pointers
 *
 * No event can cost less. Nothing protects it: not from a sink that disconnects, not from another
 * thread, and it holds no references. Disconnecting searches the array, and closes the gap.
 */
#include <stdlib.h>
#include <string.h>

#include "measure.h"
#include "peer.h"

struct raw {
    IPropertyNotifySink **sinks; /* n of them; &one while there is one at most */
    size_t n, capacity;
    unsigned n_failed; /* calls: the loop looks at what sinks return, as connpt's does */
    IPropertyNotifySink *one;
};

static void *raw_create(void)
{
    struct raw *raw = bench_alloc(sizeof *raw);

    raw->sinks = &raw->one;
    raw->capacity = 1;
    return raw;
}

static void raw_destroy(void *source)
{
    struct raw *raw = source;

    if (raw->sinks != &raw->one)
        free(raw->sinks);
    free(raw);
}

static void grow(struct raw *raw)
{
    size_t capacity = raw->capacity * 2;
    IPropertyNotifySink **sinks = bench_alloc(capacity * sizeof(void *));

    memcpy(sinks, raw->sinks, raw->n * sizeof(void *));
    if (raw->sinks != &raw->one)
        free(raw->sinks);
    raw->sinks = sinks;
    raw->capacity = capacity;
}

static void raw_connect(void *source, struct sink *sinks, void *handles, size_t n)
{
    struct raw *raw = source;
    IPropertyNotifySink **handle = handles;

    for (size_t i = 0; i < n; i++) {
        if (raw->n == raw->capacity)
            grow(raw);
        raw->sinks[raw->n++] = handle[i] = &sinks[i].iface;
    }
}

static void disconnect(struct raw *raw, const IPropertyNotifySink *sink)
{
    size_t k = raw->n - 1;

    while (raw->sinks[k] != sink)
        k--;
    raw->n--;
    memmove(raw->sinks + k, raw->sinks + k + 1, (raw->n - k) * sizeof(void *));
}

static void raw_disconnect(void *source, void *const *handles, size_t n)
{
    for (size_t i = 0; i < n; i++)
        disconnect(source, *(IPropertyNotifySink **)handles[i]);
}

static void raw_pairs(void *source, struct sink *sink, size_t n)
{
    IPropertyNotifySink *handle;

    for (size_t i = 0; i < n; i++) {
        raw_connect(source, sink, &handle, 1);
        disconnect(source, handle);
    }
}

static void raw_fire(void *source, int value)
{
    struct raw *raw = source;
    IPropertyNotifySink **sinks = raw->sinks;
    size_t n = raw->n;

    for (size_t i = 0; i < n; i++) {
        if (FAILED(IPropertyNotifySink_OnChanged(sinks[i], value)))
            raw->n_failed++;
    }
}

const struct peer peer_raw = {
    .name = "raw loop",
    .flags = PEER_FIRES | PEER_ORDER | PEER_LINEAR,
    .handle_size = sizeof(IPropertyNotifySink *),
    .create = raw_create,
    .destroy = raw_destroy,
    .connect = raw_connect,
    .disconnect = raw_disconnect,
    .pairs = raw_pairs,
    .fire = raw_fire,
};

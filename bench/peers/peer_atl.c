/* SPDX-License-Identifier: MIT */
/*
 * peers/peer_atl.c - the ATL pattern, written anew: slots under a recursive lock, and a reference
 * to each sink while it is called
 *
 * Advise takes the first empty slot and a cookie is the slot's number, so order does not survive
 * the first Unadvise and an old cookie ends a stranger's connection. The array never shrinks and a
 * fire looks at each of its slots. A sink that is added during a fire may be called by it.
 */
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "measure.h"
#include "peer.h"

struct atl {
    pthread_mutex_t mutex; /* recursive: protects the slots */
    IUnknown **slots;      /* &one while there is one at most; an element that is NULL is empty */
    size_t n_slots;
    IUnknown *one;
};

static void *atl_create(void)
{
    struct atl *atl = bench_alloc(sizeof *atl);
    pthread_mutexattr_t recursive;

    pthread_mutexattr_init(&recursive);
    pthread_mutexattr_settype(&recursive, PTHREAD_MUTEX_RECURSIVE);
    pthread_mutex_init(&atl->mutex, &recursive);
    pthread_mutexattr_destroy(&recursive);
    atl->slots = &atl->one;
    return atl;
}

static void atl_destroy(void *source)
{
    struct atl *atl = source;

    for (size_t i = 0; i < atl->n_slots; i++) {
        if (atl->slots[i] != NULL)
            (void)IUnknown_Release(atl->slots[i]);
    }
    if (atl->slots != &atl->one)
        free(atl->slots);
    pthread_mutex_destroy(&atl->mutex);
    free(atl);
}

/* None, 1, 4, then twice as many. */
static void grow(struct atl *atl)
{
    size_t n_slots = atl->slots == &atl->one ? 4 : atl->n_slots * 2;
    IUnknown **slots;

    if (atl->n_slots == 0) {
        atl->n_slots = 1;
        return;
    }
    slots = bench_alloc(n_slots * sizeof(void *));
    memcpy(slots, atl->slots, atl->n_slots * sizeof(void *));
    if (atl->slots != &atl->one)
        free(atl->slots);
    atl->slots = slots;
    atl->n_slots = n_slots;
}

/* The first empty slot from @from on. */
static size_t take_slot(struct atl *atl, IUnknown *sink, size_t from)
{
    size_t slot = from;

    while (slot < atl->n_slots && atl->slots[slot] != NULL)
        slot++;
    if (slot == atl->n_slots)
        grow(atl);
    atl->slots[slot] = sink;
    return slot;
}

static size_t advise(struct atl *atl, struct sink *sink, size_t from)
{
    void *queried;
    size_t slot;

    bench_must(
        IPropertyNotifySink_QueryInterface(&sink->iface, &IID_IPropertyNotifySink, &queried));
    pthread_mutex_lock(&atl->mutex);
    slot = take_slot(atl, queried, from);
    pthread_mutex_unlock(&atl->mutex);
    return slot;
}

static void atl_connect(void *source, struct sink *sinks, void *handles, size_t n)
{
    uint32_t *cookies = handles;

    for (size_t i = 0; i < n; i++)
        cookies[i] = (uint32_t)advise(source, &sinks[i], 0) + 1;
}

/* Nothing was disconnected yet: the first empty slot is the one behind the last. */
static void atl_build(void *source, struct sink *sinks, void *handles, size_t n)
{
    uint32_t *cookies = handles;

    for (size_t i = 0; i < n; i++)
        cookies[i] = (uint32_t)advise(source, &sinks[i], i) + 1;
}

static void unadvise(struct atl *atl, size_t slot)
{
    IUnknown *sink;

    pthread_mutex_lock(&atl->mutex);
    sink = atl->slots[slot];
    atl->slots[slot] = NULL;
    pthread_mutex_unlock(&atl->mutex);
    (void)IUnknown_Release(sink);
}

static void atl_disconnect(void *source, void *const *handles, size_t n)
{
    for (size_t i = 0; i < n; i++)
        unadvise(source, *(uint32_t *)handles[i] - 1);
}

static void atl_pairs(void *source, struct sink *sink, size_t n)
{
    for (size_t i = 0; i < n; i++)
        unadvise(source, advise(source, sink, 0));
}

static void atl_fire(void *source, int value)
{
    struct atl *atl = source;
    size_t n_slots = atl->n_slots;

    for (size_t i = 0; i < n_slots; i++) {
        IPropertyNotifySink *sink;

        pthread_mutex_lock(&atl->mutex);
        sink = (IPropertyNotifySink *)(void *)atl->slots[i];
        if (sink != NULL)
            (void)IPropertyNotifySink_AddRef(sink);
        pthread_mutex_unlock(&atl->mutex);
        if (sink != NULL) {
            (void)IPropertyNotifySink_OnChanged(sink, value);
            (void)IPropertyNotifySink_Release(sink);
        }
    }
}

const struct peer peer_atl = {
    .name = "ATL pattern",
    .flags = PEER_FIRES | PEER_THREADS | PEER_REMOVAL | PEER_LINEAR,
    .handle_size = sizeof(uint32_t),
    .create = atl_create,
    .destroy = atl_destroy,
    .connect = atl_connect,
    .build = atl_build,
    .disconnect = atl_disconnect,
    .pairs = atl_pairs,
    .fire = atl_fire,
};

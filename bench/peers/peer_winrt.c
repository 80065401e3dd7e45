/* SPDX-License-Identifier: MIT */
/*
 * peers/peer_winrt.c - the C++/WinRT pattern, written anew: an array that is never changed, only
 * replaced by a changed copy
 *
 * A fire takes a reference to the array under a lock and walks it without; one lock is for
 * changing, another for taking and replacing. Connecting and disconnecting copy all pointers with
 * a reference each. A sink that was disconnected is still called by the fires that run, on any
 * thread and without an end to wait for. The token is the sink's address.
 */
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "measure.h"
#include "peer.h"

struct array {
    uint32_t refs; /* atomic */
    uint32_t n;
    IPropertyNotifySink *sinks[]; /* with a reference each */
};

struct winrt {
    pthread_mutex_t change; /* one changes at a time; taken before `swap` */
    pthread_mutex_t swap;   /* protects `array` */
    struct array *array;    /* referenced; NULL: nobody is connected */
};

static struct array *array_create(uint32_t n)
{
    struct array *array = malloc(sizeof *array + n * sizeof(void *));

    if (array == NULL)
        bench_must(E_OUTOFMEMORY);
    array->refs = 1;
    array->n = n;
    return array;
}

static void array_release(struct array *array)
{
    if (array == NULL || __atomic_sub_fetch(&array->refs, 1, __ATOMIC_ACQ_REL) != 0)
        return;
    for (uint32_t i = 0; i < array->n; i++)
        (void)IPropertyNotifySink_Release(array->sinks[i]);
    free(array);
}

static void copy(struct array *to, uint32_t at, const struct array *from, uint32_t first,
                 uint32_t n)
{
    for (uint32_t i = 0; i < n; i++) {
        IPropertyNotifySink *sink = from->sinks[first + i];

        (void)IPropertyNotifySink_AddRef(sink);
        to->sinks[at + i] = sink;
    }
}

/* With the lock `change`. The old array goes after both locks. */
static struct array *replace(struct winrt *winrt, struct array *array)
{
    struct array *old;

    pthread_mutex_lock(&winrt->swap);
    old = winrt->array;
    winrt->array = array;
    pthread_mutex_unlock(&winrt->swap);
    return old;
}

static void *winrt_create(void)
{
    struct winrt *winrt = bench_alloc(sizeof *winrt);

    pthread_mutex_init(&winrt->change, NULL);
    pthread_mutex_init(&winrt->swap, NULL);
    return winrt;
}

static void winrt_destroy(void *source)
{
    struct winrt *winrt = source;

    array_release(winrt->array);
    pthread_mutex_destroy(&winrt->change);
    pthread_mutex_destroy(&winrt->swap);
    free(winrt);
}

/* One copy for all. */
static void winrt_build(void *source, struct sink *sinks, void *handles, size_t n)
{
    struct winrt *winrt = source;
    IPropertyNotifySink **tokens = handles;
    struct array *array, *old;
    uint32_t n_old;

    pthread_mutex_lock(&winrt->change);
    old = winrt->array;
    n_old = old != NULL ? old->n : 0;
    array = array_create(n_old + (uint32_t)n);
    if (old != NULL)
        copy(array, 0, old, 0, n_old);
    for (size_t i = 0; i < n; i++) {
        (void)IPropertyNotifySink_AddRef(&sinks[i].iface);
        array->sinks[n_old + i] = tokens[i] = &sinks[i].iface;
    }
    old = replace(winrt, array);
    pthread_mutex_unlock(&winrt->change);
    array_release(old);
}

static void winrt_connect(void *source, struct sink *sinks, void *handles, size_t n)
{
    for (size_t i = 0; i < n; i++)
        winrt_build(source, &sinks[i], (IPropertyNotifySink **)handles + i, 1);
}

static void disconnect(struct winrt *winrt, const IPropertyNotifySink *token)
{
    struct array *array = NULL, *old;
    uint32_t k = 0;

    pthread_mutex_lock(&winrt->change);
    old = winrt->array;
    while (old->sinks[k] != token)
        k++;
    if (old->n > 1) {
        array = array_create(old->n - 1);
        copy(array, 0, old, 0, k);
        copy(array, k, old, k + 1, old->n - 1 - k);
    }
    old = replace(winrt, array);
    pthread_mutex_unlock(&winrt->change);
    array_release(old);
}

static void winrt_pairs(void *source, struct sink *sink, size_t n)
{
    IPropertyNotifySink *token;

    for (size_t i = 0; i < n; i++) {
        winrt_build(source, sink, &token, 1);
        disconnect(source, token);
    }
}

static void winrt_disconnect(void *source, void *const *handles, size_t n)
{
    for (size_t i = 0; i < n; i++)
        disconnect(source, *(IPropertyNotifySink **)handles[i]);
}

static void winrt_fire(void *source, int value)
{
    struct winrt *winrt = source;
    struct array *array;

    pthread_mutex_lock(&winrt->swap);
    array = winrt->array;
    if (array != NULL)
        (void)__atomic_add_fetch(&array->refs, 1, __ATOMIC_RELAXED);
    pthread_mutex_unlock(&winrt->swap);
    if (array == NULL)
        return;
    for (uint32_t i = 0; i < array->n; i++)
        (void)IPropertyNotifySink_OnChanged(array->sinks[i], value);
    array_release(array);
}

const struct peer peer_winrt = {
    .name = "C++/WinRT pattern",
    .flags = PEER_FIRES | PEER_THREADS | PEER_ORDER | PEER_LINEAR,
    .handle_size = sizeof(IPropertyNotifySink *),
    .create = winrt_create,
    .destroy = winrt_destroy,
    .connect = winrt_connect,
    .build = winrt_build,
    .disconnect = winrt_disconnect,
    .pairs = winrt_pairs,
    .fire = winrt_fire,
};

/* SPDX-License-Identifier: MIT */
/* scale/common.c - memory, chance and listeners */
#include <limits.h>
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sink.h"
#include "table.h"

/* ---- memory ---------------------------------------------------------------------------------- */

void *scale_alloc(size_t n, size_t size)
{
    enum { LINE = 64 };
    size_t bytes = (n * size + LINE) / LINE * LINE;
    void *block = aligned_alloc(LINE, bytes);

    if (block == NULL) {
        fprintf(stderr, "scale: no memory for %zu bytes\n", bytes);
        exit(1);
    }
    return memset(block, 0, bytes);
}

void scale_must(HRESULT hr)
{
    if (FAILED(hr)) {
        fprintf(stderr, "scale: %s\n", connpt_hresult_name(hr));
        exit(1);
    }
}

static size_t n_bytes;

static void *counting_resize(void *context, void *block, size_t size)
{
    size_t before = block != NULL ? malloc_usable_size(block) : 0;
    void *resized = realloc(block, size);

    (void)context;
    if (resized != NULL)
        n_bytes += malloc_usable_size(resized) - before;
    return resized;
}

static void counting_release(void *context, void *block)
{
    (void)context;
    n_bytes -= malloc_usable_size(block);
    free(block);
}

void scale_hook_memory(void)
{
    static const struct connpt_allocator counting = { counting_resize, counting_release, NULL };

    /* What was freed stays with the process: the first touch of a page is the system's cost. */
    mallopt(M_MMAP_MAX, 0);
    mallopt(M_TRIM_THRESHOLD, INT_MAX);
    connpt_set_allocator(&counting);
}

size_t scale_bytes(void)
{
    return n_bytes;
}

/* ---- chance ---------------------------------------------------------------------------------- */

/* Xorshift: speed and repeatability are all that is asked of it. */
static uint32_t random_below(uint32_t limit)
{
    static uint64_t state = 0x9e3779b97f4a7c15u;

    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return (uint32_t)((state >> 32) * limit >> 32);
}

uint32_t *scale_shuffled(size_t n)
{
    uint32_t *numbers = scale_alloc(n, sizeof *numbers);

    for (uint32_t i = 0; i < n; i++) {
        uint32_t k = random_below(i + 1);

        numbers[i] = numbers[k];
        numbers[k] = i;
    }
    return numbers;
}

/* ---- listeners ------------------------------------------------------------------------------- */

static struct sink *sink_of(IPropertyNotifySink *iface)
{
    return (struct sink *)(void *)iface;
}

static ULONG STDMETHODCALLTYPE sink_AddRef(IPropertyNotifySink *iface)
{
    return __atomic_add_fetch(&sink_of(iface)->refs, 1, __ATOMIC_RELAXED);
}

static ULONG STDMETHODCALLTYPE sink_Release(IPropertyNotifySink *iface)
{
    return __atomic_sub_fetch(&sink_of(iface)->refs, 1, __ATOMIC_ACQ_REL);
}

static HRESULT STDMETHODCALLTYPE sink_QueryInterface(IPropertyNotifySink *iface, REFIID iid,
                                                     void **out)
{
    (void)iid;
    (void)sink_AddRef(iface);
    *out = iface;
    return S_OK;
}

static HRESULT STDMETHODCALLTYPE sink_OnChanged(IPropertyNotifySink *iface, DISPID property)
{
    sink_of(iface)->sum += property;
    return S_OK;
}

static const struct IPropertyNotifySinkVtbl sink_vtbl = {
    .QueryInterface = sink_QueryInterface,
    .AddRef = sink_AddRef,
    .Release = sink_Release,
    .OnChanged = sink_OnChanged, /* OnRequestEdit is never fired */
};

struct sink *sinks_create(size_t n)
{
    struct sink *sinks = scale_alloc(n, sizeof *sinks);

    for (size_t i = 0; i < n; i++) {
        sinks[i].iface.lpVtbl = &sink_vtbl;
        sinks[i].refs = 1;
    }
    return sinks;
}

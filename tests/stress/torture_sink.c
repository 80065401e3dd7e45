/* SPDX-License-Identifier: MIT */
/*
 * torture_sink.c - sinks that know what may happen to them
 *
 * A sink whose last reference has gone is not freed at once: its count and its times stay to be
 * looked at, so that a call to it is counted and is no crash.
 */
#include <stdlib.h>

#include "torture.h"

enum { QUARANTINE = 512 /* dead sinks that a thread watches before it frees them */ };

static void bury(struct probe *sink)
{
    sink->newer = NULL;
    if (self->newest != NULL)
        self->newest->newer = sink;
    else
        self->oldest = sink;
    self->newest = sink;
    if (++self->n_quarantined <= QUARANTINE)
        return;
    sink = self->oldest;
    self->oldest = sink->newer;
    self->n_quarantined--;
    free(sink);
}

static struct probe *probe_of(ITestEvents *iface)
{
    return (struct probe *)(void *)iface;
}

static ULONG STDMETHODCALLTYPE sink_AddRef(ITestEvents *iface)
{
    LONG refs = __atomic_add_fetch(&probe_of(iface)->refs, 1, __ATOMIC_RELAXED);

    if (refs <= 1)
        FAULT(called_after_death);
    return (ULONG)refs;
}

static ULONG STDMETHODCALLTYPE sink_Release(ITestEvents *iface)
{
    struct probe *sink = probe_of(iface);
    LONG refs = __atomic_sub_fetch(&sink->refs, 1, __ATOMIC_ACQ_REL);

    if (refs < 0)
        FAULT(released_twice);
    if (refs != 0)
        return (ULONG)refs;
    if (__atomic_load_n(&sink->in_call, __ATOMIC_RELAXED) != 0)
        FAULT(called_after_death);
    (void)__atomic_sub_fetch(&live_sinks, 1, __ATOMIC_RELAXED);
    act_in_release();
    bury(sink);
    return 0;
}

static HRESULT STDMETHODCALLTYPE sink_QueryInterface(ITestEvents *iface, REFIID iid, void **out)
{
    (void)iid;
    *out = iface;
    (void)sink_AddRef(iface);
    return S_OK;
}

static void check_call(struct probe *sink, struct walk *walk)
{
    uint64_t removed_at = __atomic_load_n(&sink->removed_at, __ATOMIC_RELAXED);

    if (__atomic_load_n(&sink->refs, __ATOMIC_RELAXED) <= 0)
        FAULT(called_after_death);
    if (removed_at != 0 && removed_at < walk->began)
        FAULT(called_by_later_fire);
    if (__atomic_load_n(&sink->synced, __ATOMIC_RELAXED))
        FAULT(called_after_sync_unadvise);
    if (sink->object_id != walk->thing->id || sink->point != walk->point)
        FAULT(wrong_result);
    walk->n_anchors += sink->is_anchor;
    if (sink->owner == self)
        sink->called_in = walk->began;
}

static HRESULT STDMETHODCALLTYPE sink_OnEvent(ITestEvents *iface, LONG value)
{
    struct probe *sink = probe_of(iface);
    struct walk *walk = self->walk;
    HRESULT hr = S_OK;

    (void)value;
    self->done.call++;
    (void)__atomic_add_fetch(&sink->in_call, 1, __ATOMIC_RELAXED);
    check_call(sink, walk);
    act_in_call(walk->thing, walk->point);
    if (!sink->is_anchor && chance(64) == 0) {
        __atomic_store_n(&sink->said_dead, 1, __ATOMIC_RELAXED);
        hr = RPC_E_DISCONNECTED;
    }
    if (__atomic_load_n(&sink->refs, __ATOMIC_RELAXED) <= 0)
        FAULT(called_after_death);
    (void)__atomic_sub_fetch(&sink->in_call, 1, __ATOMIC_RELEASE);
    return hr;
}

static const ITestEventsVtbl sink_vtbl = {
    .QueryInterface = sink_QueryInterface,
    .AddRef = sink_AddRef,
    .Release = sink_Release,
    .OnEvent = sink_OnEvent,
};

struct probe *sink_new(const struct thing *thing, unsigned point)
{
    struct probe *sink = calloc(1, sizeof *sink);

    if (sink == NULL)
        abort();
    sink->ITestEvents_iface.lpVtbl = &sink_vtbl;
    sink->refs = 1;
    sink->object_id = thing->id;
    sink->point = point;
    sink->owner = self;
    (void)__atomic_add_fetch(&live_sinks, 1, __ATOMIC_RELAXED);
    return sink;
}

void sink_release(struct probe *sink)
{
    (void)sink_Release(&sink->ITestEvents_iface);
}

void free_dead_sinks(struct worker *worker)
{
    for (struct probe *sink = worker->oldest, *newer; sink != NULL; sink = newer) {
        newer = sink->newer;
        free(sink);
    }
}

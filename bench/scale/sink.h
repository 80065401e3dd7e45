/* SPDX-License-Identifier: MIT */
/*
 * scale/sink.h - a listener of one cache line, as an object on the heap has at least: it adds the
 * event's argument to a sum
 *
 * It counts its references as COM objects do, but is never freed: it lies in an array.
 */
#ifndef BENCH_SCALE_SINK_H
#define BENCH_SCALE_SINK_H

#include <connpt/connpt.h>

enum { SINK_BYTES = 64 };

struct sink {
    IPropertyNotifySink iface; /* first */
    ULONG refs;                /* atomic */
    LONG sum;                  /* of the arguments heard */
    char others[SINK_BYTES - sizeof(IPropertyNotifySink) - sizeof(ULONG) - sizeof(LONG)];
};

/* @n of them with one reference each; they answer every IID. Free with free(). */
struct sink *sinks_create(size_t n);

static inline IUnknown *sink_unknown(struct sink *sink)
{
    return (IUnknown *)(void *)&sink->iface;
}

/* Fire OnChanged(1). */
static inline void fire_changed(connpt_point *point)
{
    struct connpt_fire fire;
    IPropertyNotifySink *iface;

    connpt_fire_begin(&fire, point, CONNPT_FIRE_IGNORE);
    while ((iface = connpt_fire_next(&fire)) != NULL)
        connpt_fire_result(&fire, IPropertyNotifySink_OnChanged(iface, 1));
    (void)connpt_fire_end(&fire);
}

#endif

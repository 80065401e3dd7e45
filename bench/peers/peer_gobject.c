/* SPDX-License-Identifier: MIT */
/*
 * peers/peer_gobject.c - a GObject signal with one integer
 *
 * Without a marshaller given, GLib takes the quickest one that it has for the signature.
 */
#include <glib-object.h>

#include "measure.h"
#include "peer.h"

static guint fired_signal;

struct _BenchSource {
    GObject object;
};

#define BENCH_TYPE_SOURCE (bench_source_get_type())
G_DECLARE_FINAL_TYPE(BenchSource, bench_source, BENCH, SOURCE, GObject)
G_DEFINE_FINAL_TYPE(BenchSource, bench_source, G_TYPE_OBJECT)

static void bench_source_class_init(BenchSourceClass *cls)
{
    fired_signal = g_signal_new("fired", G_TYPE_FROM_CLASS(cls), G_SIGNAL_RUN_FIRST, 0, NULL, NULL,
                                NULL, G_TYPE_NONE, 1, G_TYPE_INT);
}

static void bench_source_init(BenchSource *source)
{
    (void)source;
}

static void on_fired(BenchSource *source, int value, gpointer sink)
{
    (void)source;
    sink_hear(sink, value);
}

static void on_fired_quiet(BenchSource *source, int value, gpointer sink)
{
    (void)source;
    (void)value;
    sink_hear_quietly(sink);
}

static void *gobject_create(void)
{
    return g_object_new(BENCH_TYPE_SOURCE, NULL);
}

static void gobject_destroy(void *source)
{
    g_object_unref(source);
}

static gulong connect_one(void *source, struct sink *sink)
{
    GCallback callback = sink_is_quiet(sink) ? G_CALLBACK(on_fired_quiet) : G_CALLBACK(on_fired);

    return g_signal_connect(source, "fired", callback, sink);
}

static void gobject_connect(void *source, struct sink *sinks, void *handles, size_t n)
{
    gulong *ids = handles;

    for (size_t i = 0; i < n; i++)
        ids[i] = connect_one(source, &sinks[i]);
}

static void gobject_pairs(void *source, struct sink *sink, size_t n)
{
    for (size_t i = 0; i < n; i++)
        g_signal_handler_disconnect(source, connect_one(source, sink));
}

static void gobject_disconnect(void *source, void *const *handles, size_t n)
{
    for (size_t i = 0; i < n; i++)
        g_signal_handler_disconnect(source, *(gulong *)handles[i]);
}

static void gobject_fire(void *source, int value)
{
    g_signal_emit(source, fired_signal, 0, value);
}

const struct peer peer_gobject = {
    .name = "GObject",
    .flags = PEER_FIRES | PEER_THREADS | PEER_ORDER | PEER_REMOVAL | PEER_STALE,
    .handle_size = sizeof(gulong),
    .create = gobject_create,
    .destroy = gobject_destroy,
    .connect = gobject_connect,
    .disconnect = gobject_disconnect,
    .pairs = gobject_pairs,
    .fire = gobject_fire,
};

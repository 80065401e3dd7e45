/* SPDX-License-Identifier: MIT */
/*
 * peers/peer_wayland.c - wl_signal of libwayland-server: an intrusive list, walked
 *
 * The listener is the user's memory, and its removal is the user's care: a callback that removes
 * the next listener breaks wl_signal_emit, and a thread that removes any breaks all.
 */
#include <stdlib.h>

#include <wayland-server-core.h>

#include "measure.h"
#include "peer.h"

struct listener {
    struct wl_listener wl;
    struct sink *sink;
};

static void on_fired(struct wl_listener *wl, void *data)
{
    struct listener *listener = wl_container_of(wl, listener, wl);

    sink_hear(listener->sink, *(const int *)data);
}

static void on_fired_quiet(struct wl_listener *wl, void *data)
{
    struct listener *listener = wl_container_of(wl, listener, wl);

    (void)data;
    sink_hear_quietly(listener->sink);
}

static void *wayland_create(void)
{
    struct wl_signal *signal = bench_alloc(sizeof *signal);

    wl_signal_init(signal);
    return signal;
}

static void wayland_destroy(void *source)
{
    free(source);
}

static void connect_one(struct wl_signal *signal, struct listener *listener, struct sink *sink)
{
    listener->wl.notify = sink_is_quiet(sink) ? on_fired_quiet : on_fired;
    listener->sink = sink;
    wl_signal_add(signal, &listener->wl);
}

static void wayland_connect(void *source, struct sink *sinks, void *handles, size_t n)
{
    for (size_t i = 0; i < n; i++)
        connect_one(source, (struct listener *)handles + i, &sinks[i]);
}

static void wayland_pairs(void *source, struct sink *sink, size_t n)
{
    struct listener listener;

    for (size_t i = 0; i < n; i++) {
        connect_one(source, &listener, sink);
        wl_list_remove(&listener.wl.link);
    }
}

static void wayland_disconnect(void *source, void *const *handles, size_t n)
{
    (void)source;
    for (size_t i = 0; i < n; i++)
        wl_list_remove(&((struct listener *)handles[i])->wl.link);
}

static void wayland_fire(void *source, int value)
{
    wl_signal_emit(source, &value);
}

const struct peer peer_wayland = {
    .name = "wl_signal",
    .flags = PEER_ORDER | PEER_OWN_HANDLES,
    .handle_size = sizeof(struct listener),
    .create = wayland_create,
    .destroy = wayland_destroy,
    .connect = wayland_connect,
    .disconnect = wayland_disconnect,
    .pairs = wayland_pairs,
    .fire = wayland_fire,
};

/* SPDX-License-Identifier: MIT */
/* peers/peer_sigcpp.cpp - libsigc++ 3, for one thread */
#include <new>

#include <sigc++/sigc++.h>

#include "measure.h"
#include "peer.h"

namespace
{

using signal = sigc::signal<void(int)>;
using connection = sigc::connection;

void *sigcpp_create()
{
    return new signal;
}

void sigcpp_destroy(void *source)
{
    delete static_cast<signal *>(source);
}

connection connect_one(signal *source, struct sink *sink)
{
    if (sink_is_quiet(sink))
        return source->connect([sink](int) { sink_hear_quietly(sink); });
    return source->connect([sink](int value) { sink_hear(sink, value); });
}

void sigcpp_connect(void *source, struct sink *sinks, void *handles, size_t n)
{
    auto *connections = static_cast<connection *>(handles);

    for (size_t i = 0; i < n; i++)
        new (&connections[i]) connection(connect_one(static_cast<signal *>(source), &sinks[i]));
}

void forget_one(void *handle)
{
    static_cast<connection *>(handle)->~connection();
    new (handle) connection;
}

void sigcpp_disconnect(void *, void *const *handles, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        static_cast<connection *>(handles[i])->disconnect();
        forget_one(handles[i]);
    }
}

void sigcpp_pairs(void *source, struct sink *sink, size_t n)
{
    for (size_t i = 0; i < n; i++)
        connect_one(static_cast<signal *>(source), sink).disconnect();
}

void sigcpp_forget(void *handles, size_t n)
{
    for (size_t i = 0; i < n; i++)
        forget_one(static_cast<connection *>(handles) + i);
}

void sigcpp_fire(void *source, int value)
{
    static_cast<signal *>(source)->emit(value);
}

struct peer describe()
{
    struct peer peer = {};

    peer.name = "libsigc++ 3";
    peer.flags = PEER_ORDER | PEER_REMOVAL | PEER_STALE;
    peer.handle_size = sizeof(connection);
    peer.create = sigcpp_create;
    peer.destroy = sigcpp_destroy;
    peer.connect = sigcpp_connect;
    peer.disconnect = sigcpp_disconnect;
    peer.pairs = sigcpp_pairs;
    peer.forget = sigcpp_forget;
    peer.fire = sigcpp_fire;
    return peer;
}

} /* namespace */

extern "C" const struct peer peer_sigcpp = describe();

/* SPDX-License-Identifier: MIT */
/* peers/peer_boost.cpp - Boost.Signals2 as it comes: with its mutex */
#include <new>

#include <boost/signals2.hpp>

#include "measure.h"
#include "peer.h"

namespace
{

using signal = boost::signals2::signal<void(int)>;
using connection = boost::signals2::connection;

void *boost_create()
{
    return new signal;
}

void boost_destroy(void *source)
{
    delete static_cast<signal *>(source);
}

connection connect_one(signal *source, struct sink *sink)
{
    if (sink_is_quiet(sink))
        return source->connect([sink](int) { sink_hear_quietly(sink); });
    return source->connect([sink](int value) { sink_hear(sink, value); });
}

void boost_connect(void *source, struct sink *sinks, void *handles, size_t n)
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

void boost_disconnect(void *, void *const *handles, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        static_cast<connection *>(handles[i])->disconnect();
        forget_one(handles[i]);
    }
}

void boost_pairs(void *source, struct sink *sink, size_t n)
{
    for (size_t i = 0; i < n; i++)
        connect_one(static_cast<signal *>(source), sink).disconnect();
}

void boost_forget(void *handles, size_t n)
{
    for (size_t i = 0; i < n; i++)
        forget_one(static_cast<connection *>(handles) + i);
}

void boost_fire(void *source, int value)
{
    (*static_cast<signal *>(source))(value);
}

struct peer describe()
{
    struct peer peer = {};

    peer.name = "Boost.Signals2";
    peer.flags = PEER_FIRES | PEER_THREADS | PEER_ORDER | PEER_REMOVAL | PEER_STALE;
    peer.handle_size = sizeof(connection);
    peer.create = boost_create;
    peer.destroy = boost_destroy;
    peer.connect = boost_connect;
    peer.disconnect = boost_disconnect;
    peer.pairs = boost_pairs;
    peer.forget = boost_forget;
    peer.fire = boost_fire;
    return peer;
}

} /* namespace */

extern "C" const struct peer peer_boost = describe();

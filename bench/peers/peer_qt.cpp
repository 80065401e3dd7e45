/* SPDX-License-Identifier: MIT */
/*
 * peers/peer_qt.cpp - a Qt signal, connected to a function object without a queue
 *
 * Several threads may emit, connect and disconnect; the receiver here is never destroyed.
 */
#include <new>

#include "measure.h"
#include "peer.h"
#include "qt_source.h"

namespace
{

QObject *receiver()
{
    static QObject object;

    return &object;
}

void *qt_create()
{
    return new QtSource;
}

void qt_destroy(void *source)
{
    delete static_cast<QtSource *>(source);
}

QMetaObject::Connection connect_one(QtSource *source, struct sink *sink)
{
    if (sink_is_quiet(sink))
        return QObject::connect(
            source, &QtSource::fired, receiver(), [sink](int) { sink_hear_quietly(sink); },
            Qt::DirectConnection);
    return QObject::connect(
        source, &QtSource::fired, receiver(), [sink](int value) { sink_hear(sink, value); },
        Qt::DirectConnection);
}

void qt_connect(void *source, struct sink *sinks, void *handles, size_t n)
{
    auto *connections = static_cast<QMetaObject::Connection *>(handles);

    for (size_t i = 0; i < n; i++)
        new (&connections[i])
            QMetaObject::Connection(connect_one(static_cast<QtSource *>(source), &sinks[i]));
}

void forget_one(void *handle)
{
    using Connection = QMetaObject::Connection;

    static_cast<Connection *>(handle)->~Connection();
    new (handle) Connection;
}

void qt_disconnect(void *, void *const *handles, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        QObject::disconnect(*static_cast<QMetaObject::Connection *>(handles[i]));
        forget_one(handles[i]);
    }
}

void qt_pairs(void *source, struct sink *sink, size_t n)
{
    for (size_t i = 0; i < n; i++)
        QObject::disconnect(connect_one(static_cast<QtSource *>(source), sink));
}

void qt_forget(void *handles, size_t n)
{
    for (size_t i = 0; i < n; i++)
        forget_one(static_cast<QMetaObject::Connection *>(handles) + i);
}

void qt_fire(void *source, int value)
{
    emit static_cast<QtSource *>(source)->fired(value);
}

struct peer describe()
{
    struct peer peer = {};

    peer.name = "Qt 6";
    peer.flags = PEER_FIRES | PEER_THREADS | PEER_ORDER | PEER_REMOVAL | PEER_STALE;
    peer.handle_size = sizeof(QMetaObject::Connection);
    peer.create = qt_create;
    peer.destroy = qt_destroy;
    peer.connect = qt_connect;
    peer.disconnect = qt_disconnect;
    peer.pairs = qt_pairs;
    peer.forget = qt_forget;
    peer.fire = qt_fire;
    return peer;
}

} /* namespace */

extern "C" const struct peer peer_qt = describe();

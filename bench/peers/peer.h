/* SPDX-License-Identifier: MIT */
/*
 * peers/peer.h - one way of telling many listeners, as the scenarios see it
 *
 * Each peer_*.c or .cpp fills in one or more of these. A source is what has one event with one
 * integer argument; a handle is what connecting gives and disconnecting takes, in memory of the
 * scenario (zeroed before it is used first).
 *
 * `fire` is called through its pointer, once for each event: that is part of the cost of all.
 */
#ifndef BENCH_PEERS_PEER_H
#define BENCH_PEERS_PEER_H

#include "sink.h"

CONNPT_BEGIN_DECLS

/* What a peer promises, and what a scenario must know of it. */
enum {
    PEER_FIRES = 0x1,        /* several threads may fire one source at once ... */
    PEER_THREADS = 0x2,      /* ... while others connect and disconnect */
    PEER_ORDER = 0x4,        /* calls in the order of connecting, whatever was disconnected */
    PEER_REMOVAL = 0x8,      /* what a callback disconnects, whichever it is, is not called after */
    PEER_STALE = 0x10,       /* an old handle disconnects nobody else */
    PEER_LINEAR = 0x20,      /* connecting or disconnecting looks at every connection */
    PEER_OWN_HANDLES = 0x40, /* the handle is the connection: its memory counts */
    PEER_FIRE_ONLY = 0x80    /* another row has the same connections: only fires differ */
};

struct peer {
    const char *name;
    unsigned flags; /* PEER_... */
    size_t handle_size;

    void *(*create)(void);
    void (*destroy)(void *source);

    /* Connect sinks[i] and fill in the i-th handle, one after the other. */
    void (*connect)(void *source, struct sink *sinks, void *handles, size_t n);
    /* The same end by a shorter way, for preparing a scenario; NULL: connect. */
    void (*build)(void *source, struct sink *sinks, void *handles, size_t n);
    void (*disconnect)(void *source, void *const *handles, size_t n);
    /* Connect and disconnect one sink, so many times. */
    void (*pairs)(void *source, struct sink *sink, size_t n);
    /* The same, and no thread is inside the sink afterwards; NULL: cannot. */
    void (*pairs_sync)(void *source, struct sink *sink, size_t n);
    /* What handles hold on to after their source has gone; NULL: nothing. */
    void (*forget)(void *handles, size_t n);

    void (*fire)(void *source, int value);
};

/* All that were built in; the first is the plain loop. */
extern const struct peer *const peers[];
extern const size_t n_peers;

extern const struct peer peer_raw, peer_connpt, peer_connpt_asked;
extern const struct peer peer_connpt_exported, peer_connpt_next;
extern const struct peer peer_atl, peer_wine, peer_winrt;
extern const struct peer peer_gobject, peer_qt, peer_boost, peer_sigcpp, peer_wayland;

CONNPT_END_DECLS

#endif

/* SPDX-License-Identifier: MIT */
/* peers/peers.c - which ones were built in */
#include "peer.h"

const struct peer *const peers[] = {
    &peer_raw,         &peer_connpt, &peer_connpt_asked, &peer_connpt_exported,
    &peer_connpt_next, &peer_atl,    &peer_wine,         &peer_winrt,
#ifdef HAVE_GOBJECT
    &peer_gobject,
#endif
#ifdef HAVE_QT
    &peer_qt,
#endif
#ifdef HAVE_BOOST
    &peer_boost,
#endif
#ifdef HAVE_SIGCPP
    &peer_sigcpp,
#endif
#ifdef HAVE_WAYLAND
    &peer_wayland,
#endif
};

const size_t n_peers = sizeof peers / sizeof peers[0];

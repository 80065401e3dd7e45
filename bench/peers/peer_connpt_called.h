/* SPDX-License-Identifier: MIT */
/* peers/peer_connpt_called.h - see peer_connpt.c */
#ifndef BENCH_PEERS_PEER_CONNPT_CALLED_H
#define BENCH_PEERS_PEER_CONNPT_CALLED_H

void connpt_fire_with_calls(void *point, int value);

#endif

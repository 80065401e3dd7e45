/* SPDX-License-Identifier: MIT */
/* peers/rig.h - a source of one peer with its sinks and handles, and what is done to all alike */
#ifndef BENCH_PEERS_RIG_H
#define BENCH_PEERS_RIG_H

#include "peer.h"

struct rig {
    const struct peer *peer;
    void *source;
    struct sink *sinks; /* room for `capacity` */
    char *handles;      /* the same; connected are those that the scenario knows of */
    size_t n, capacity; /* n: connected by rig_open */
    size_t count;       /* fires in a slice of time */
    double ns;          /* of one fire, the least seen; 0: none yet */
};

static inline void *rig_handle(const struct rig *rig, size_t i)
{
    return rig->handles + i * rig->peer->handle_size;
}

/* Connects the first @n sinks; there is room for @more. */
void rig_open(struct rig *rig, const struct peer *peer, size_t n, size_t more, enum sink_kind kind);
void rig_close(struct rig *rig);

void rig_connect(struct rig *rig, size_t i);
void rig_disconnect(struct rig *rig, size_t i);

/* Replace connections that chance chooses by new ones of the same sinks. As many as said, or as
 * can be done in @limit_ns: where connecting is O(n) that may be fewer. */
void rig_churn(struct rig *rig, size_t times, double limit_ns);

/* Disconnect all but @n that chance chooses. */
void rig_shrink(struct rig *rig, size_t n);

/* Disconnect a half that chance chooses, then connect it again. */
void rig_refill(struct rig *rig);

void rig_fire(const struct rig *rig, size_t count);

/* The program ends when a fire does not call each of @n sinks once. */
void rig_check(struct rig *rig, size_t n);

/* The least time of one fire of each, in rounds over all. */
void rigs_measure_fires(struct rig *rigs, size_t n_rigs);

#endif

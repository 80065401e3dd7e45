/* SPDX-License-Identifier: MIT */
/*
 * peers/cold.c - many sources with one sink each, each fired once, with nothing in the caches
 *
 * A source and its sink are allocated one after the other, and fired in the order in which they
 * were made, as a program would. Between rounds a block larger than the caches is written.
 */
#include <stdlib.h>

#include "measure.h"
#include "peer.h"
#include "scenarios.h"

enum { SOURCES = 32768, FLUSH_BYTES = 128 << 20, MOST_PEERS = 32 };

struct cold {
    const struct peer *peer;
    void **sources;
    struct sink **sinks;
    char *handles;
    double ns;
};

static void cold_open(struct cold *cold, const struct peer *peer)
{
    *cold = (struct cold){ .peer = peer };
    cold->sources = bench_alloc(SOURCES * sizeof(void *));
    cold->sinks = bench_alloc(SOURCES * sizeof(void *));
    cold->handles = bench_alloc(SOURCES * peer->handle_size);
    for (size_t i = 0; i < SOURCES; i++) {
        cold->sources[i] = peer->create();
        cold->sinks[i] = sinks_create(1, SINK_ADDING);
        peer->connect(cold->sources[i], cold->sinks[i], cold->handles + i * peer->handle_size, 1);
    }
}

static void cold_close(struct cold *cold)
{
    for (size_t i = 0; i < SOURCES; i++) {
        cold->peer->destroy(cold->sources[i]);
        if (cold->peer->forget != NULL)
            cold->peer->forget(cold->handles + i * cold->peer->handle_size, 1);
        free(cold->sinks[i]);
    }
    free(cold->sources);
    free(cold->sinks);
    free(cold->handles);
}

static void flush_caches(char *block)
{
    for (size_t i = 0; i < FLUSH_BYTES; i += 64)
        ((volatile char *)block)[i]++;
}

static void measure(const void *argument)
{
    struct cold colds[MOST_PEERS];
    char *block = bench_alloc(FLUSH_BYTES);
    int n_rounds = effort.is_quick ? 10 : 30;

    (void)argument;
    for (size_t i = 0; i < n_peers; i++)
        cold_open(&colds[i], peers[i]);
    for (int round = 0; round < n_rounds; round++) {
        for (size_t i = 0; i < n_peers; i++) {
            struct cold *cold = &colds[i];
            double start;

            cold->peer->fire(cold->sources[0], 1); /* the code is not what is cold */
            flush_caches(block);
            start = now_ns();
            for (size_t k = 0; k < SOURCES; k++)
                cold->peer->fire(cold->sources[k], 1);
            cold->ns = lesser(cold->ns, (now_ns() - start) / SOURCES);
        }
    }
    for (size_t i = 0; i < n_peers; i++) {
        bench_record("cold", colds[i].peer->name, colds[i].ns);
        cold_close(&colds[i]);
    }
    free(block);
}

/* Holes in a heap that was used before would go to the peers that come first. */
void scenario_cold(void)
{
    bench_in_child(measure, NULL);
}

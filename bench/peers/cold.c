/* SPDX-License-Identifier: MIT */
/*
 * peers/cold.c - many sources with one sink each, each fired once, with nothing in the caches
 *
 * A source and its sink are allocated one after the other, and fired in the order in which they
 * were made, as a program would; and again in an order of chance, which no processor foresees.
 * Before each round a block larger than the caches is written.
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
    double ns[2]; /* of one fire: in the order of creation, in any order */
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

static double round_ns(const struct cold *cold, const uint32_t *order)
{
    double start = now_ns();

    for (size_t i = 0; i < SOURCES; i++)
        cold->peer->fire(cold->sources[order != NULL ? order[i] : i], 1);
    return (now_ns() - start) / SOURCES;
}

static void measure(const void *argument)
{
    struct cold colds[MOST_PEERS];
    uint32_t *order = bench_alloc(SOURCES * sizeof *order);
    char *block = bench_alloc(FLUSH_BYTES);

    (void)argument;
    for (uint32_t i = 0; i < SOURCES; i++)
        order[i] = i;
    bench_shuffle(order, SOURCES);
    for (size_t i = 0; i < n_peers; i++)
        cold_open(&colds[i], peers[i]);
    for (int round = 0; round < (effort.is_quick ? 10 : 30); round++) {
        for (size_t i = 0; i < n_peers; i++) {
            struct cold *cold = &colds[i];

            for (int k = 0; k < 2; k++) {
                cold->peer->fire(cold->sources[0], 1); /* the code is not what is cold */
                flush_caches(block);
                cold->ns[k] = lesser(cold->ns[k], round_ns(cold, k == 0 ? NULL : order));
            }
        }
    }
    for (size_t i = 0; i < n_peers; i++) {
        bench_record("cold", colds[i].peer->name, colds[i].ns[0]);
        bench_record("cold any", colds[i].peer->name, colds[i].ns[1]);
        cold_close(&colds[i]);
    }
    free(order);
    free(block);
}

/* Holes in a heap that was used before would go to the peers that come first. */
void scenario_cold(void)
{
    bench_in_child(measure, NULL);
}

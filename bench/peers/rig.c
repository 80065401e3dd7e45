/* SPDX-License-Identifier: MIT */
/* peers/rig.c - a source of one peer with its sinks and handles */
#include "rig.h"

#include <stdio.h>
#include <stdlib.h>

#include "measure.h"

void rig_open(struct rig *rig, const struct peer *peer, size_t n, size_t more, enum sink_kind kind)
{
    *rig = (struct rig){ .peer = peer, .n = n, .capacity = n + more };
    rig->sinks = sinks_create(rig->capacity, kind);
    rig->handles = bench_alloc(rig->capacity * peer->handle_size);
    rig->source = peer->create();
    if (n != 0)
        (peer->build != NULL ? peer->build : peer->connect)(rig->source, rig->sinks, rig->handles,
                                                            n);
}

void rig_close(struct rig *rig)
{
    rig->peer->destroy(rig->source);
    if (rig->peer->forget != NULL)
        rig->peer->forget(rig->handles, rig->capacity);
    free(rig->handles);
    free(rig->sinks);
}

void rig_connect(struct rig *rig, size_t i)
{
    rig->peer->connect(rig->source, &rig->sinks[i], rig_handle(rig, i), 1);
}

void rig_disconnect(struct rig *rig, size_t i)
{
    void *handle = rig_handle(rig, i);

    rig->peer->disconnect(rig->source, &handle, 1);
}

void rig_churn(struct rig *rig, size_t times, double limit_ns)
{
    double end = now_ns() + limit_ns;

    for (size_t k = 0; k < times && (k % 64 != 0 || now_ns() < end); k++) {
        size_t i = bench_random((uint32_t)rig->n);

        rig_disconnect(rig, i);
        rig_connect(rig, i);
    }
}

/* The numbers of all connections, in an order that chance chooses. */
static uint32_t *any_order(const struct rig *rig)
{
    uint32_t *numbers = bench_alloc(rig->n * sizeof *numbers);

    for (size_t i = 0; i < rig->n; i++)
        numbers[i] = (uint32_t)i;
    bench_shuffle(numbers, rig->n);
    return numbers;
}

void rig_shrink(struct rig *rig, size_t n)
{
    uint32_t *numbers = any_order(rig);

    for (size_t i = n; i < rig->n; i++)
        rig_disconnect(rig, numbers[i]);
    free(numbers);
}

void rig_refill(struct rig *rig)
{
    uint32_t *numbers = any_order(rig);

    for (size_t i = 0; i < rig->n / 2; i++)
        rig_disconnect(rig, numbers[i]);
    for (size_t i = 0; i < rig->n / 2; i++)
        rig_connect(rig, numbers[i]);
    free(numbers);
}

void rig_check(struct rig *rig, size_t n)
{
    LONG sum = 0;

    for (size_t i = 0; i < rig->capacity; i++)
        rig->sinks[i].sum = 0;
    rig_fire(rig, 1);
    for (size_t i = 0; i < rig->capacity; i++) {
        sum += rig->sinks[i].sum;
        if (rig->sinks[i].sum > 1)
            sum = -1;
    }
    if (sum != (LONG)n) {
        fprintf(stderr, "peers: %s did not call %zu sinks once each\n", rig->peer->name, n);
        exit(1);
    }
}

void rig_fire(const struct rig *rig, size_t count)
{
    void (*fire)(void *source, int value) = rig->peer->fire;
    void *source = rig->source;

    for (size_t i = 0; i < count; i++)
        fire(source, 1);
}

/* How many fires fit a slice; the first ones also warm the caches. */
static void calibrate(struct rig *rig)
{
    size_t count = 1;

    for (;;) {
        double start = now_ns(), ns;

        rig_fire(rig, count);
        ns = now_ns() - start;
        if (ns > effort.slice_ns / 4 || count > 1000000) {
            rig->count = (size_t)((double)count * effort.slice_ns / ns) + 1;
            return;
        }
        count *= 2;
    }
}

void rigs_measure_fires(struct rig *rigs, size_t n_rigs)
{
    for (size_t i = 0; i < n_rigs; i++)
        calibrate(&rigs[i]);
    for (int round = 0; round < effort.rounds; round++) {
        for (size_t i = 0; i < n_rigs; i++) {
            struct rig *rig = &rigs[i];
            double start;

            /* What the others pushed out of the caches comes back. */
            rig_fire(rig, rig->count / 16 + 1);
            start = now_ns();
            rig_fire(rig, rig->count);
            rig->ns = lesser(rig->ns, (now_ns() - start) / (double)rig->count);
        }
    }
}

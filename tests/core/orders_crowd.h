/* SPDX-License-Identifier: MIT */
/*
 * tests/core/orders_crowd.h - sinks of one source whose threads take turns (harness/orders.h)
 *
 * The library of these programs calls connpt__shake before each atomic operation, and the waits for
 * words and events are wrapped. What is looked at in each order:
 *
 * - a sink has its reference while it is called, and none once nobody can call it;
 * - no fire calls a sink whose Unadvise had returned before the fire began, or whose synchronous
 *   one has returned; nor one whose Advise began after the fire had;
 * - a fire calls in the order of Advise, and all that stay connected; the object does not end;
 * - nothing is left flagged or queued, and nobody waits for what never comes.
 */
#ifndef CONNPT_TESTS_ORDERS_CROWD_H
#define CONNPT_TESTS_ORDERS_CROWD_H

#include <stddef.h>
#include <string.h>

#include "orders.h"
#include "sink.h"
#include "t.h"

#include "base/mutex.h"
#include "core/point.h"

void connpt__shake(void);
void __wrap_connpt__word_wait(uint32_t *word, uint32_t value);
void __wrap_connpt__word_wake(const uint32_t *word);
void __wrap_connpt__event_wait(struct connpt__event_storage *storage);

void connpt__shake(void)
{
    orders_step();
}

void __wrap_connpt__word_wait(uint32_t *word, uint32_t value)
{
    orders_wait(word, value);
}

void __wrap_connpt__word_wake(const uint32_t *word)
{
    (void)word; /* who waits looks for himself */
}

void __wrap_connpt__event_wait(struct connpt__event_storage *storage)
{
    orders_wait(&storage->u.word, 0);
}

/* ---- what the threads share, and what is known of it ----------------------------------------- */

enum { SINKS = 32, LATER = 20, FIRES = 8 }; /* from LATER on: connected in any order */

static struct source *source;
static struct sink sinks[SINKS];
static DWORD cookies[SINKS];
static int running[SINKS];                /* calls */
static void (*in_call[SINKS])(unsigned);  /* what the sink does in its next call */
static uint32_t called_first;             /* masks of sinks: its Advise has begun, */
static uint32_t connected, leaving, gone; /* has returned; its Unadvise has begun, has returned */
static uint32_t silent;                   /* its synchronous Unadvise has returned */

/* By number of a fire: such masks at its begin, and whom it has called */
static struct shot {
    uint32_t known, connected, gone, called;
} shots[FIRES];
static unsigned n_shots;

#define BIT(i) (UINT32_C(1) << (i))

static inline void called(struct sink *sink, LONG value)
{
    struct shot *shot = &shots[value];
    unsigned i = (unsigned)(sink - sinks);
    void (*act)(unsigned) = in_call[i];

    CHECK(sink->refs >= 2);
    CHECK((BIT(i) & shot->known) != 0);
    CHECK((BIT(i) & (shot->gone | silent)) == 0);
    CHECK(i >= LATER ? (shot->called & BIT(i)) == 0 : shot->called < BIT(i));
    shot->called |= BIT(i);
    in_call[i] = NULL;
    running[i]++;
    orders_step();
    if (act != NULL)
        act(i);
    running[i]--;
    CHECK(sink->refs >= 2);
    CHECK_INT(source_n_finished, 0);
}

/* @all: the sinks of the point. @act: what the thread does once the fire has begun; NULL. */
static inline void fire_point(connpt_point *point, uint32_t all, void (*act)(void))
{
    unsigned number = n_shots++;
    struct shot *shot = &shots[number];
    struct connpt_fire fire;
    ITestEvents *sink;

    shot->gone = gone;
    shot->connected = connected;
    connpt_fire_begin(&fire, point, CONNPT_FIRE_IGNORE);
    shot->known = called_first;
    if (act != NULL)
        act();
    while ((sink = connpt_fire_next(&fire)) != NULL)
        connpt_fire_result(&fire, sink->lpVtbl->OnEvent(sink, (LONG)number));
    CHECK((shot->connected & all & ~leaving & ~shot->called) == 0);
    (void)connpt_fire_end(&fire);
}

static inline void fire(void)
{
    fire_point(source->events, ~UINT32_C(0), NULL);
}

static inline void fire_twice(void)
{
    fire();
    fire();
}

static inline HRESULT connect_to(IConnectionPoint *point, unsigned i)
{
    HRESULT hr;

    sink_init(&sinks[i], 0);
    sinks[i].on_event = called;
    called_first |= BIT(i);
    hr = IConnectionPoint_Advise(point, sink_unknown(&sinks[i]), &cookies[i]);
    if (SUCCEEDED(hr))
        connected |= BIT(i);
    return hr;
}

static inline void connect(unsigned i)
{
    CHECK_HR(connect_to(source_events(source), i), S_OK);
}

static inline HRESULT disconnect(unsigned i)
{
    HRESULT hr;

    leaving |= BIT(i);
    hr = IConnectionPoint_Unadvise(source_events(source), cookies[i]);
    if (SUCCEEDED(hr))
        gone |= BIT(i);
    return hr;
}

static inline void disconnect_sync(unsigned i, int n_own)
{
    HRESULT hr;

    leaving |= BIT(i);
    hr = connpt_point_unadvise_sync(source_events(source), cookies[i]);
    CHECK(SUCCEEDED(hr));
    CHECK(hr == S_FALSE || sinks[i].refs == 1);
    if (n_own == 0 || running[i] <= n_own)
        silent |= BIT(i);
    CHECK(n_own > 0 || running[i] == 0);
    gone |= BIT(i);
}

static inline void forget(void)
{
    memset(running, 0, sizeof running);
    memset(in_call, 0, sizeof in_call);
    memset(shots, 0, sizeof shots);
    n_shots = 0;
    called_first = connected = leaving = gone = silent = 0;
}

static inline void make(unsigned n)
{
    forget();
    source = source_create();
    if (!CHECK(source != NULL))
        return;
    for (unsigned i = 0; i < n; i++)
        connect(i);
}

/* A fire that runs already when the threads begin. One of them ends it. */
static struct connpt_fire running_fire;

static inline void begin_running_fire(void)
{
    connpt_fire_begin(&running_fire, source->events, CONNPT_FIRE_IGNORE);
    connpt__thread.n_fires = 0;
}

static inline void end_running_fire(void)
{
    connpt__thread.counters[0] = running_fire.counter;
    connpt__thread.n_fires = 1;
    (void)connpt_fire_end(&running_fire);
}

/* No fire runs and no thread is in the library. */
static inline void check_rest(const connpt_point *point)
{
    const struct connpt_point_body *body = point->body;

    for (unsigned i = 0; i < SINKS; i++) {
        CHECK_INT(running[i], 0);
        if (called_first & BIT(i))
            CHECK_INT(sinks[i].refs, (connected & ~gone) & BIT(i) ? 2 : 1);
    }
    for (unsigned i = 0; i < connpt__readers_n_counters(point); i++)
        CHECK_INT(*connpt__readers_counter((connpt_point *)(uintptr_t)point, i), 0);
    if (body == NULL)
        return;
    CHECK_INT(body->mutex.os, 0);
    CHECK_INT(body->reclaim.state, BATCH_NONE);
    CHECK(body->reclaim.waiters == NULL && body->reclaim.incoming == NULL);
    CHECK(body->reclaim.draining == NULL && !body->reclaim.owner_waits);
    CHECK_INT(body->reclaim.inside_waiters, 0);
}

static inline void check_ended(void)
{
    CHECK_INT(source_n_finished, 1);
    for (unsigned i = 0; i < SINKS; i++) {
        if (called_first & BIT(i))
            CHECK_INT(sinks[i].refs, 1);
    }
}

static inline void end(void)
{
    check_rest(source->events);
    fire(); /* the list is whole */
    source_release(source);
    check_ended();
}

#endif

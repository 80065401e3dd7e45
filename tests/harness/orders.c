/* SPDX-License-Identifier: MIT */
/* harness/orders.c - a plan says at which steps the turn goes to whom; all plans, one by one */
#include "orders.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <ucontext.h>

#include <connpt/fire_inline.h>

#include "base/mutex.h"
#include "t.h"

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define STACKS_ARE_WATCHED
#endif
#elif defined(__SANITIZE_ADDRESS__)
#define STACKS_ARE_WATCHED
#endif
#ifdef STACKS_ARE_WATCHED
#include <sanitizer/common_interface_defs.h>
#endif

enum {
    STACK_SIZE = 4 << 20, /* so far apart that valgrind takes them for stacks */
    MAX_STEPS = 3000      /* of all threads; more means that there is no end */
};

/* What of a thread is not in its registers. The last one is the program's own. */
static struct player {
    ucontext_t context;
    void (*run)(void);
    const uint32_t *word; /* it waits while this is ... */
    uint32_t value;       /* ... that; NULL: it can go on */
    int has_ended;
    struct connpt_thread fires;
    int locks_held;
    const void *bottom; /* of its stack */
    size_t size;
    void *shadow; /* of the address sanitizer */
} players[ORDERS_THREADS + 1];

static struct player *const outside = &players[ORDERS_THREADS];
static struct player *current = outside;
static _Alignas(64) char stacks[ORDERS_THREADS][STACK_SIZE];

static struct change {
    unsigned step, to;
} plan[ORDERS_CHANGES];
static unsigned first, n_changes, n_changed, n_steps;
static uint8_t others[ORDERS_CHANGES + 1][MAX_STEPS]; /* by step: who else could have gone on */
static uint8_t *others_now;

/* ---- turns ---------------------------------------------------------------------------------- */

static void switch_to(struct player *next)
{
    struct player *before = current;

    before->fires = connpt__thread;
    connpt__thread = next->fires;
#ifndef NDEBUG
    before->locks_held = connpt__locks_held();
    connpt__locks_count(next->locks_held - before->locks_held);
#endif
    current = next;
#ifdef STACKS_ARE_WATCHED
    __sanitizer_start_switch_fiber(before->has_ended ? NULL : &before->shadow, next->bottom,
                                   next->size);
#endif
    (void)swapcontext(&before->context, &next->context);
#ifdef STACKS_ARE_WATCHED
    __sanitizer_finish_switch_fiber(current->shadow, NULL, NULL);
#endif
}

static int can_go_on(const struct player *player)
{
    return player->run != NULL && !player->has_ended &&
           (player->word == NULL ||
            __atomic_load_n(player->word, __ATOMIC_RELAXED) != player->value);
}

/* A mask of those besides the one that runs. */
static unsigned ready(void)
{
    unsigned mask = 0;

    for (unsigned i = 0; i < ORDERS_THREADS; i++) {
        if (&players[i] != current && can_go_on(&players[i]))
            mask |= 1u << i;
    }
    return mask;
}

/* @must: the one that runs cannot go on. */
static void turn(int must)
{
    unsigned mask = ready();
    unsigned step = n_steps++;
    unsigned next = (unsigned)(current - players);

    if (t_has_failed() || !CHECK(step < MAX_STEPS) || !CHECK(!must || mask != 0)) {
        switch_to(outside);
        return;
    }
    if (must) {
        do
            next = (next + 1) % ORDERS_THREADS;
        while (!(mask & 1u << next));
        mask &= ~(1u << next);
    }
    others_now[step] = (uint8_t)mask;
    if (n_changed < n_changes && plan[n_changed].step == step)
        next = plan[n_changed++].to;
    if (&players[next] != current)
        switch_to(&players[next]);
}

void orders_step(void)
{
    if (current != outside)
        turn(0);
}

void orders_wait(const uint32_t *word, uint32_t value)
{
    while (__atomic_load_n(word, __ATOMIC_RELAXED) == value) {
        current->word = word;
        current->value = value;
        turn(1);
        current->word = NULL;
    }
}

unsigned orders_thread(void)
{
    return (unsigned)(current - players);
}

static void enter(void)
{
#ifdef STACKS_ARE_WATCHED
    const void *bottom;
    size_t size;

    __sanitizer_finish_switch_fiber(NULL, &bottom, &size);
    if (outside->bottom == NULL) { /* who came first came from there */
        outside->bottom = bottom;
        outside->size = size;
    }
#endif
    current->run();
    current->has_ended = 1;
    for (unsigned i = 0; i < ORDERS_THREADS; i++) {
        if (players[i].run != NULL && !players[i].has_ended)
            turn(1);
    }
    switch_to(outside);
}

/* ---- plans ---------------------------------------------------------------------------------- */

static void make_player(unsigned number, void (*run)(void))
{
    struct player *player = &players[number];

    player->run = run;
    player->word = NULL;
    player->has_ended = 0;
    player->locks_held = 0;
    memset(&player->fires, 0, sizeof player->fires);
    player->fires.stripe = (1 + number) * CONNPT_STRIPE_BYTES;
    player->bottom = stacks[number];
    player->size = STACK_SIZE;
    (void)getcontext(&player->context);
    player->context.uc_stack.ss_sp = stacks[number];
    player->context.uc_stack.ss_size = STACK_SIZE;
    player->context.uc_link = NULL;
    makecontext(&player->context, enter, 0);
}

static void show_plan(void)
{
    fprintf(stderr, "# thread %u first", first);
    for (unsigned i = 0; i < n_changes; i++)
        fprintf(stderr, ", at step %u thread %u", plan[i].step, plan[i].to);
    fprintf(stderr, "; it came to step %u\n", n_steps);
}

/* 1 when no check failed. */
static int run_plan(const struct orders *orders)
{
    n_steps = n_changed = 0;
    others_now = others[n_changes];
    orders->begin();
    if (t_has_failed())
        return 0;
    for (unsigned i = 0; i < ORDERS_THREADS; i++)
        make_player(i, orders->threads[i]);
    switch_to(&players[first]);
    CHECK_INT(n_changed, n_changes);
    if (!t_has_failed())
        orders->end();
    if (t_has_failed())
        show_plan();
    return !t_has_failed();
}

/* The plan as it is, and all that go on from it. Each run says what could have come next. */
static unsigned run_from(const struct orders *orders, unsigned more_changes)
{
    unsigned n_plans = 1, end;

    if (!run_plan(orders) || more_changes == 0)
        return n_plans;
    end = n_steps;
    for (unsigned step = n_changes > 0 ? plan[n_changes - 1].step + 1 : 0; step < end; step++) {
        for (unsigned to = 0; to < ORDERS_THREADS; to++) {
            if (!(others[n_changes][step] & 1u << to))
                continue;
            plan[n_changes++] = (struct change){ step, to };
            n_plans += run_from(orders, more_changes - 1);
            n_changes--;
            if (t_has_failed())
                return n_plans;
        }
    }
    return n_plans;
}

unsigned orders_run(const struct orders *orders, unsigned n_changes_max)
{
    unsigned n_plans = 0;

    n_changes = 0;
    for (first = 0; first < ORDERS_THREADS && !t_has_failed(); first++) {
        if (orders->threads[first] != NULL)
            n_plans += run_from(orders, n_changes_max);
    }
    return n_plans;
}

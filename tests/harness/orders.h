/* SPDX-License-Identifier: MIT */
/*
 * harness/orders.h - threads that take their steps one after another, in every order
 *
 * They are no threads of the system: each has a stack of its own, and one runs at a time, until it
 * ends, has to wait, or loses its turn by the plan. So what happens depends on the plan alone, and
 * a thread that waits for what never comes is seen at once. What it cannot show is a weak order of
 * memory.
 */
#ifndef CONNPT_TESTS_ORDERS_H
#define CONNPT_TESTS_ORDERS_H

#include <stdint.h>

enum { ORDERS_THREADS = 3, ORDERS_CHANGES = 4 };

struct orders {
    void (*begin)(void);                   /* makes what the threads share */
    void (*threads[ORDERS_THREADS])(void); /* NULL: fewer */
    void (*end)(void);                     /* looks at it when all threads have ended */
};

/* Runs them in each order in which a thread that could go on loses its turn @n_changes times or
 * less, at most ORDERS_CHANGES. Stops at the first one in which a check fails, and says which it
 * is. How many there were. */
unsigned orders_run(const struct orders *orders, unsigned n_changes);

/* One of the threads is about to do what others can see. Nothing when called by anybody else. */
void orders_step(void);

/* It does not go on while *@word is @value. */
void orders_wait(const uint32_t *word, uint32_t value);

unsigned orders_thread(void); /* the number of the one that runs */

#endif

/* SPDX-License-Identifier: MIT */
/* check/threads.h - a lock for what sinks write down, threads that do the same at once, time */
#ifndef CONNPT_CHECK_THREADS_H
#define CONNPT_CHECK_THREADS_H

#include <stdbool.h>
#include <stdint.h>

/* Not recursive; held for a few instructions, never while foreign code runs. */
void check_lock(void);
void check_unlock(void);

enum {
    CHECK_MAX_THREADS = 8,
    MEETING_TURNS = 20000 /* some ten microseconds */
};

/* Runs @work(context, 0) ... @work(context, n - 1) at the same time, and waits for all of them.
 * False: the system gives no threads; those that it gave have run. */
bool check_run_threads(unsigned n, void (*work)(void *context, unsigned number), void *context);

/* Other threads run meanwhile, however busy the system is. */
void check_nap(void);

/* Two threads that are here at about the same time go on at the same time; one alone soon does. */
void check_meet(void);

/* Lets so much time go by. */
void check_pause(unsigned ms);

/* Milliseconds since some moment; never backwards. */
int64_t check_now_ms(void);

#endif

/* SPDX-License-Identifier: MIT */
/* check/thread_state.h - what a method of somebody else's may not change in its caller's thread */
#ifndef CONNPT_CHECK_THREAD_STATE_H
#define CONNPT_CHECK_THREAD_STATE_H

#ifndef _WIN32
#include <signal.h>
#endif

struct thread_state {
    int rounding;           /* of <fenv.h> */
    unsigned enabled_traps; /* floating-point exceptions that raise a signal; 0 where none tells */
#ifndef _WIN32
    sigset_t blocked;
#endif
};

void thread_state_read(struct thread_state *ret_state);
/* NULL, or what differs: "the rounding mode". */
const char *thread_state_difference(const struct thread_state *a, const struct thread_state *b);

#endif

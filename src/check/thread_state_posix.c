/* SPDX-License-Identifier: MIT */
/* check/thread_state_posix.c - thread_state.h by <fenv.h> and the signal mask */
#include "thread_state.h"

#include <fenv.h>
#include <pthread.h>
#include <stddef.h>
#include <string.h>

/* What raises a signal: the control bits of SSE have it, masked when set. */
static unsigned enabled_traps(void)
{
#if defined(__x86_64__)
    return ~(__builtin_ia32_stmxcsr() >> 7) & 0x3f;
#else
    return 0;
#endif
}

void thread_state_read(struct thread_state *ret_state)
{
    memset(ret_state, 0, sizeof *ret_state);
    ret_state->rounding = fegetround();
    ret_state->enabled_traps = enabled_traps();
    (void)sigemptyset(&ret_state->blocked);
    (void)pthread_sigmask(SIG_SETMASK, NULL, &ret_state->blocked);
}

const char *thread_state_difference(const struct thread_state *a, const struct thread_state *b)
{
    if (a->rounding != b->rounding)
        return "the rounding mode";
    if (a->enabled_traps != b->enabled_traps)
        return "the floating-point exceptions that raise a signal";
    for (int i = 1; i < 32; i++) {
        if (sigismember(&a->blocked, i) != sigismember(&b->blocked, i))
            return "the signal mask";
    }
    return NULL;
}

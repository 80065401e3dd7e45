/* SPDX-License-Identifier: MIT */
/* check/thread_state_win32.c - thread_state.h by <float.h> */
#include "thread_state.h"

#include <float.h>
#include <stddef.h>

void thread_state_read(struct thread_state *ret_state)
{
    unsigned control = _controlfp(0, 0);

    ret_state->rounding = (int)(control & _MCW_RC);
    ret_state->enabled_traps = control & _MCW_EM;
}

const char *thread_state_difference(const struct thread_state *a, const struct thread_state *b)
{
    if (a->rounding != b->rounding)
        return "the rounding mode";
    return a->enabled_traps != b->enabled_traps ? "the floating-point exceptions that are raised"
                                                : NULL;
}

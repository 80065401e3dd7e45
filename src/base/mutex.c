/* SPDX-License-Identifier: MIT */
/* base/mutex.c - what is the same on every system: how many locks a thread holds */
#include "base/mutex.h"

#ifndef NDEBUG
static __thread int locks_held;

int connpt__locks_held(void)
{
    return locks_held;
}

void connpt__locks_count(int change)
{
    locks_held += change;
}
#endif

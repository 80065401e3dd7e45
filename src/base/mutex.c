/* SPDX-License-Identifier: MIT */
/* base/mutex.c - what is the same on every system: how many locks a thread holds */
#include "base/mutex.h"

#include "base/thread_local.h"

#ifndef NDEBUG
static THREAD_LOCAL int locks_held;

int connpt__locks_held(void)
{
    return OF_THREAD(locks_held);
}

void connpt__locks_count(int change)
{
    OF_THREAD(locks_held) += change;
}
#endif

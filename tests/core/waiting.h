/* SPDX-License-Identifier: MIT */
/* tests/core/waiting.h - when a synchronous Unadvise waits for the fires of crowd.h's source */
#ifndef CONNPT_TESTS_WAITING_H
#define CONNPT_TESTS_WAITING_H

#include "crowd.h"
#include "threads.h"

#include "base/mutex.h"
#include "core/point.h"

static inline int is_waiting(void)
{
    struct connpt_point_body *body = source->events->body;
    int waiting;

    connpt__mutex_lock(&body->mutex);
    waiting = body->reclaim.waiters != NULL;
    connpt__mutex_unlock(&body->mutex);
    return waiting;
}

static inline void wait_until_waiting(void)
{
    while (!is_waiting())
        t_yield();
}

#endif

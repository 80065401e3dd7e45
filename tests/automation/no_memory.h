/* SPDX-License-Identifier: MIT */
/*
 * tests/automation/no_memory.h - a stretch of a test in which every allocation fails
 *
 * Unlike t_fail_allocation this leaves the checks that follow in force. Nothing may be freed
 * between begin and end.
 */
#ifndef CONNPT_TESTS_NO_MEMORY_H
#define CONNPT_TESTS_NO_MEMORY_H

#include <connpt/memory.h>

#include "t.h"

static inline void *no_memory_resize(void *context, void *block, size_t size)
{
    (void)context;
    (void)block;
    (void)size;
    return NULL;
}

static inline void no_memory_release(void *context, void *block)
{
    (void)context;
    (void)block;
    t_check(0, __FILE__, __LINE__, "nothing is freed while there is no memory");
}

static inline void no_memory_begin(void)
{
    static const struct connpt_allocator none = { no_memory_resize, no_memory_release, NULL };

    connpt_set_allocator(&none);
}

static inline void no_memory_end(void)
{
    t_memory_install();
}

#endif

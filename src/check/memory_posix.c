/* SPDX-License-Identifier: MIT */
/* check/memory_posix.c - memory of the task allocator: tests can make it fail */
#include <string.h>

#include <connpt/memory.h>

#include "check.h"

void *check_alloc(size_t size)
{
    void *block = connpt_CoTaskMemAlloc(size);

    if (block != NULL)
        memset(block, 0, size);
    return block;
}

void check_free(void *block)
{
    connpt_CoTaskMemFree(block);
}

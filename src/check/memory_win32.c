/* SPDX-License-Identifier: MIT */
/*
 * check/memory_win32.c - memory of the C runtime
 *
 * The task allocator is the system's there, which no test makes fail, and its heap is the one of
 * most objects: what one of them uses after its end is not to be the memory of a sink.
 */
#include <stdlib.h>

#include "check.h"

void *check_alloc(size_t size)
{
    return calloc(1, size);
}

void check_free(void *block)
{
    free(block);
}

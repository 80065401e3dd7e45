/* SPDX-License-Identifier: MIT */
/* connpt/memory.h - where the library gets its memory */
#ifndef CONNPT_MEMORY_H
#define CONNPT_MEMORY_H

#include <connpt/com.h>
#include <connpt/export.h>

CONNPT_BEGIN_DECLS

/*
 * An allocator. Its functions are called on any thread, several at once, also while a lock of the
 * library is held: they must not call the library.
 *
 * resize   as realloc: @block may be NULL, @size is not 0; blocks are aligned as malloc's.
 * release  as free; @block is not NULL.
 */
struct connpt_allocator {
    void *(*resize)(void *context, void *block, size_t size);
    void (*release)(void *context, void *block);
    void *context;
};

/*
 * connpt_set_allocator - use another allocator for everything, BSTRs, SAFEARRAYs and the task
 * allocator included; on Windows these stay the system's
 *
 * @allocator: copied; NULL: malloc
 *
 * Threads: one, before any other call of the library: blocks must go back to where they came
 *          from.
 */
CONNPT_API void connpt_set_allocator(const struct connpt_allocator *allocator);

/*
 * connpt_CoTaskMemAlloc, connpt_CoTaskMemRealloc, connpt_CoTaskMemFree - the task allocator, from
 * which memory comes that COM methods hand to their caller; the system's on Windows
 *
 * Returns: a block, also for 0 bytes; NULL: no memory, and @block is as it was. Realloc of a
 *          block to 0 bytes frees it and returns NULL. Free of NULL does nothing.
 * Threads: any.
 */
CONNPT_API void *connpt_CoTaskMemAlloc(size_t size);
CONNPT_API void *connpt_CoTaskMemRealloc(void *block, size_t size);
CONNPT_API void connpt_CoTaskMemFree(void *block);

CONNPT_END_DECLS

#endif

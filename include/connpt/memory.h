/* SPDX-License-Identifier: MIT */
/* connpt/memory.h - where the library gets its memory */
#ifndef CONNPT_MEMORY_H
#define CONNPT_MEMORY_H

#include <connpt/com.h>
#include <connpt/export.h>

CONNPT_BEGIN_DECLS

/* resize: as realloc (block may be NULL); release: as free (block may be NULL). */
struct connpt_allocator {
    void *(*resize)(void *context, void *block, size_t size);
    void (*release)(void *context, void *block);
    void *context;
};

/*
 * connpt_set_allocator - use another allocator for everything, BSTRs and SAFEARRAYs included;
 * NULL restores malloc. Call it before anything else, from one thread: blocks must go back to
 * where they came from. On Windows BSTRs stay the system's. The functions are leaves: they may be
 * called with a lock of the library held, and must not call the library.
 */
CONNPT_API void connpt_set_allocator(const struct connpt_allocator *allocator);

/* connpt_CoTaskMemAlloc and kin - the task allocator; the system's on Windows */
CONNPT_API void *connpt_CoTaskMemAlloc(size_t size);
CONNPT_API void *connpt_CoTaskMemRealloc(void *block, size_t size);
CONNPT_API void connpt_CoTaskMemFree(void *block);

CONNPT_END_DECLS

#endif

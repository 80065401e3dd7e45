/* SPDX-License-Identifier: MIT */
/* base/alloc.c - the allocator hook and the task allocator */
#include "base/alloc.h"

#include <stdlib.h>
#include <string.h>

#include <connpt/memory.h>

static void *default_resize(void *context, void *block, size_t size)
{
    (void)context;
    return realloc(block, size);
}

static void default_release(void *context, void *block)
{
    (void)context;
    free(block);
}

static struct connpt_allocator allocator = { default_resize, default_release, NULL };

void connpt_set_allocator(const struct connpt_allocator *replacement)
{
    static const struct connpt_allocator standard = { default_resize, default_release, NULL };

    allocator = replacement != NULL ? *replacement : standard;
}

void *connpt__realloc(void *block, size_t size)
{
    return allocator.resize(allocator.context, block, size != 0 ? size : 1);
}

void *connpt__alloc(size_t size)
{
    return connpt__realloc(NULL, size);
}

void *connpt__alloc_zero(size_t size)
{
    void *block = connpt__alloc(size);

    if (block != NULL)
        memset(block, 0, size);
    return block;
}

void connpt__free(void *block)
{
    if (block != NULL)
        allocator.release(allocator.context, block);
}

#ifdef _WIN32
void *connpt_CoTaskMemAlloc(size_t size)
{
    return CoTaskMemAlloc(size);
}

void *connpt_CoTaskMemRealloc(void *block, size_t size)
{
    return CoTaskMemRealloc(block, size);
}

void connpt_CoTaskMemFree(void *block)
{
    CoTaskMemFree(block);
}
#else
void *connpt_CoTaskMemAlloc(size_t size)
{
    return connpt__alloc(size);
}

void *connpt_CoTaskMemRealloc(void *block, size_t size)
{
    if (block != NULL && size == 0) {
        connpt__free(block);
        return NULL;
    }
    return connpt__realloc(block, size);
}

void connpt_CoTaskMemFree(void *block)
{
    connpt__free(block);
}
#endif

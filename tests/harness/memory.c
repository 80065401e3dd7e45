/* SPDX-License-Identifier: MIT */
/* harness/memory.c - counts the library's blocks and makes its n-th allocation fail */
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include <connpt/memory.h>

#include "t.h"

static atomic_long live_blocks;
static atomic_long allocations;
static atomic_long fail_at; /* counts down; the allocation that takes it to 0 fails */
static atomic_int oom_hit;

static void *counting_resize(void *context, void *block, size_t size)
{
    void *result;

    (void)context;
    atomic_fetch_add(&allocations, 1);
    if (atomic_load(&fail_at) > 0 && atomic_fetch_sub(&fail_at, 1) == 1) {
        atomic_store(&oom_hit, 1);
        return NULL;
    }
    result = realloc(block, size);
    if (result != NULL && block == NULL) {
        atomic_fetch_add(&live_blocks, 1);
        memset(result, 0xa5, size); /* nobody may count on zeros */
    }
    return result;
}

static void counting_release(void *context, void *block)
{
    (void)context;
    atomic_fetch_sub(&live_blocks, 1);
    free(block);
}

void t_memory_install(void)
{
    static const struct connpt_allocator counting = { counting_resize, counting_release, NULL };

    connpt_set_allocator(&counting);
}

void t_memory_begin(long n)
{
    atomic_store(&allocations, 0);
    atomic_store(&oom_hit, 0);
    atomic_store(&fail_at, n);
}

long t_live_blocks(void)
{
    return atomic_load(&live_blocks);
}

long t_allocations(void)
{
    return atomic_load(&allocations);
}

void t_fail_allocation(long n)
{
    atomic_store(&fail_at, n);
}

int t_oom_hit(void)
{
    return atomic_load(&oom_hit);
}

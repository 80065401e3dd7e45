/* SPDX-License-Identifier: MIT */
/* tests/base/alloc_test.c - the allocator hook and the task allocator */
#include "base/alloc.h"

#include <stdlib.h>
#include <string.h>

#include <connpt/memory.h>

#include "t.h"

struct log {
    int n_resized;
    int n_released;
};

static void *logged_resize(void *context, void *block, size_t size)
{
    ((struct log *)context)->n_resized++;
    return realloc(block, size);
}

static void logged_release(void *context, void *block)
{
    ((struct log *)context)->n_released++;
    free(block);
}

static void a_replaced_allocator_serves_everything(void)
{
    struct log log = { 0, 0 };
    struct connpt_allocator logged = { logged_resize, logged_release, &log };
    void *block;

    connpt_set_allocator(&logged);
    block = connpt__realloc(connpt__alloc(8), 16);
    connpt__free(block);
    connpt__free(NULL);
    t_memory_install();
    CHECK_INT(log.n_resized, 2);
    CHECK_INT(log.n_released, 1);
}

static void without_an_allocator_the_standard_one_serves(void)
{
    long before = t_allocations();
    void *block;

    connpt_set_allocator(NULL);
    block = connpt__alloc(8);
    CHECK(block != NULL);
    connpt__free(block);
    t_memory_install();
    CHECK_INT(t_allocations(), before);
}

static void zeroed_memory_is_zero(void)
{
    unsigned char *block = connpt__alloc_zero(64);

    if (!CHECK(block != NULL))
        return;
    for (int i = 0; i < 64; i++)
        CHECK_INT(block[i], 0);
    connpt__free(block);
}

static void a_size_of_nothing_is_still_a_block(void)
{
    void *block = connpt__alloc(0);

    CHECK(block != NULL);
    connpt__free(block);
}

static void the_task_allocator_grows_and_frees(void)
{
    char *block = connpt_CoTaskMemAlloc(4), *grown;

    if (!CHECK(block != NULL))
        return;
    memcpy(block, "abc", 4);
    grown = connpt_CoTaskMemRealloc(block, 4000);
    if (!CHECK(grown != NULL)) {
        connpt_CoTaskMemFree(block);
        return;
    }
    CHECK_STR(grown, "abc");
    connpt_CoTaskMemFree(grown);
    connpt_CoTaskMemFree(NULL);
}

static void task_realloc_to_nothing_frees(void)
{
    void *block = connpt_CoTaskMemRealloc(NULL, 4);

    if (CHECK(block != NULL))
        CHECK_PTR(connpt_CoTaskMemRealloc(block, 0), NULL);
}

int main(int argc, char **argv)
{
    static const struct t_test tests[] = {
        T(a_replaced_allocator_serves_everything),
        T(without_an_allocator_the_standard_one_serves),
        T(zeroed_memory_is_zero),
        T(a_size_of_nothing_is_still_a_block),
        T(the_task_allocator_grows_and_frees),
        T(task_realloc_to_nothing_frees),
        T_END,
    };

    return t_run(argc, argv, tests);
}

/* SPDX-License-Identifier: MIT */
/* The pool of chunks: its blocks and their sizes, what is kept, what goes back. */
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "t.h"

#include "core/chunk.h"

enum { N = 1 + 1 + 3 + 7 + 15 + 31 + 31 + 31 };
static struct chunk embedded;
static struct chunk_pool pool;
static struct chunk *taken[N];

static void setup(void)
{
    memset(&pool, 0xa5, sizeof pool);
    connpt__chunk_pool_init(&pool, &embedded);
}

/* Takes all; how many could be had. */
static int take_all(void)
{
    int n = 0;

    while (n < N && (taken[n] = connpt__chunk_pool_get(&pool)) != NULL)
        n++;
    return n;
}

static void embedded_chunk_comes_first_and_again(void)
{
    setup();
    CHECK_PTR(connpt__chunk_pool_get(&pool), &embedded);
    CHECK_INT(embedded.flags, CHUNK_EMBEDDED);
    embedded.pub.state = 7;
    connpt__chunk_pool_put(&pool, &embedded);
    CHECK_PTR(connpt__chunk_pool_get(&pool), &embedded);
    CHECK_INT(embedded.pub.state, 0);
    CHECK_INT(t_allocations(), 0);
    connpt__chunk_pool_put(&pool, &embedded);
    connpt__chunk_pool_fini(&pool);
}

static void blocks_have_1_3_7_15_31_and_again_31_chunks(void)
{
    static const int last_of_block[] = { 0, 1, 4, 11, 26, 57, 88, 119 };
    int block = 0, n;

    setup();
    for (n = 0; n < N; n++) {
        taken[n] = connpt__chunk_pool_get(&pool);
        if (taken[n] == NULL)
            break;
        CHECK_INT(t_allocations(), block);
        if (n == last_of_block[block])
            block++;
    }
    CHECK_INT(n, N);
    while (n > 0)
        connpt__chunk_pool_put(&pool, taken[--n]);
    connpt__chunk_pool_fini(&pool);
}

static void chunks_are_aligned_cleared_and_apart(void)
{
    int n;

    setup();
    n = take_all();
    for (int i = 0; i < n; i++) {
        CHECK_INT(taken[i]->flags, i == 0 ? CHUNK_EMBEDDED : 0);
        CHECK_INT(taken[i]->pub.state, 0);
        if (i > 0 && sizeof(void *) == 8) /* on 32 bits a chunk is not whole cache lines */
            CHECK_INT((uintptr_t)taken[i] % 64, 0);
        taken[i]->pub.key = (uint32_t)i;
        taken[i]->pub.state = UINT32_MAX;
    }
    for (int i = 0; i < n; i++)
        CHECK_INT(taken[i]->pub.key, i);
    while (n > 0)
        connpt__chunk_pool_put(&pool, taken[--n]);
    connpt__chunk_pool_fini(&pool);
}

/* Of several free blocks one stays. The order is one that empties each from its middle. */
static void only_one_free_block_is_kept(void)
{
    int n;

    setup();
    n = take_all();
    for (int i = 0; i < n; i++)
        connpt__chunk_pool_put(&pool, taken[i * 37 % n]);
    CHECK(t_live_blocks() <= 1);
    connpt__chunk_pool_fini(&pool);
    CHECK_INT(t_live_blocks(), 0);
}

static void chunk_that_comes_and_goes_at_the_edge_of_a_block_allocates_nothing(void)
{
    struct chunk *first, *second;
    long before;

    setup();
    first = connpt__chunk_pool_get(&pool);
    second = connpt__chunk_pool_get(&pool);
    before = t_allocations();
    for (int i = 0; second != NULL && i < 3; i++) {
        connpt__chunk_pool_put(&pool, second);
        second = connpt__chunk_pool_get(&pool);
    }
    CHECK_INT(t_allocations(), before);
    if (second != NULL)
        connpt__chunk_pool_put(&pool, second);
    connpt__chunk_pool_put(&pool, first);
    connpt__chunk_pool_fini(&pool);
}

/* A chunk that was put back is found again before a new block is made. */
static void free_chunks_are_used_before_new_blocks(void)
{
    long before;
    int n;

    setup();
    n = take_all();
    before = t_allocations();
    for (int i = 1; n == N && i < N; i += 9) {
        connpt__chunk_pool_put(&pool, taken[i]);
        taken[i] = NULL;
    }
    for (int i = 1; n == N && i < N; i += 9) {
        taken[i] = connpt__chunk_pool_get(&pool);
        CHECK(taken[i] != NULL && taken[i]->pub.state == 0);
    }
    CHECK_INT(t_allocations(), before);
    while (n > 0)
        connpt__chunk_pool_put(&pool, taken[--n]);
    connpt__chunk_pool_fini(&pool);
}

int main(int argc, char **argv)
{
    static const struct t_test tests[] = {
        T(embedded_chunk_comes_first_and_again),
        T(blocks_have_1_3_7_15_31_and_again_31_chunks),
        T(chunks_are_aligned_cleared_and_apart),
        T(only_one_free_block_is_kept),
        T(chunk_that_comes_and_goes_at_the_edge_of_a_block_allocates_nothing),
        T(free_chunks_are_used_before_new_blocks),
        T_END,
    };

    return t_run(argc, argv, tests);
}

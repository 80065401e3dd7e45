/* SPDX-License-Identifier: MIT */
/* core/chunk_pool.c - chunks in blocks of 1, 3, 7, 15, 31, 31, ... */
#include "core/chunk.h"

#include <assert.h>
#include <stddef.h>
#include <string.h>

#include "base/alloc.h"

enum { MAX_BLOCK = 31 };

struct chunk_block {
    void *allocation;         /* what the allocator gave, at most 63 bytes before */
    struct chunk_block *prev; /* among the blocks with a free chunk */
    struct chunk_block *next;
    uint32_t free_mask;
    uint32_t n_chunks;
};

_Static_assert(sizeof(struct chunk_block) <= CHUNK_ALIGN, "the header takes one cache line");

static struct chunk *block_chunks(struct chunk_block *block)
{
    return (struct chunk *)(void *)((char *)block + CHUNK_ALIGN);
}

static uint32_t block_full_mask(const struct chunk_block *block)
{
    return (uint32_t)((1ull << block->n_chunks) - 1);
}

static void block_link(struct chunk_pool *pool, struct chunk_block *block)
{
    block->prev = NULL;
    block->next = pool->with_free;
    if (block->next != NULL)
        block->next->prev = block;
    pool->with_free = block;
}

static void block_unlink(struct chunk_pool *pool, struct chunk_block *block)
{
    if (block->prev != NULL)
        block->prev->next = block->next;
    else
        pool->with_free = block->next;
    if (block->next != NULL)
        block->next->prev = block->prev;
}

static struct chunk_block *block_create(uint32_t n_chunks)
{
    size_t size = CHUNK_ALIGN + n_chunks * sizeof(struct chunk) + CHUNK_ALIGN - 1;
    char *allocation = connpt__alloc(size);
    struct chunk_block *block;

    if (allocation == NULL)
        return NULL;
    block =
        (struct chunk_block *)(void *)(allocation + (-(uintptr_t)allocation & (CHUNK_ALIGN - 1)));
    block->allocation = allocation;
    block->n_chunks = n_chunks;
    block->free_mask = block_full_mask(block);
    return block;
}

static void chunk_reset(struct chunk *chunk, uint8_t flags, uint8_t index)
{
    memset(chunk, 0, sizeof *chunk);
    chunk->flags = flags;
    chunk->index = index;
}

void connpt__chunk_pool_init(struct chunk_pool *pool, struct chunk *embedded)
{
    pool->embedded = embedded;
    pool->with_free = NULL;
    pool->spare = NULL;
    pool->next_size = 1;
}

void connpt__chunk_pool_fini(struct chunk_pool *pool)
{
    struct chunk_block *block;

    while ((block = pool->with_free) != NULL) {
        pool->with_free = block->next;
        connpt__free(block->allocation);
    }
}

struct chunk *connpt__chunk_pool_get(struct chunk_pool *pool)
{
    struct chunk *chunk = pool->embedded;
    struct chunk_block *block;
    uint32_t index;

    if (chunk != NULL) {
        pool->embedded = NULL;
        chunk_reset(chunk, CHUNK_EMBEDDED, 0);
        return chunk;
    }
    block = pool->with_free;
    if (block == NULL) {
        block = block_create(pool->next_size);
        if (block == NULL)
            return NULL;
        if (pool->next_size < MAX_BLOCK)
            pool->next_size = 2 * pool->next_size + 1;
        block_link(pool, block);
    }
    if (pool->spare == block)
        pool->spare = NULL;
    index = (uint32_t)__builtin_ctz(block->free_mask);
    block->free_mask &= ~(1u << index);
    if (block->free_mask == 0)
        block_unlink(pool, block);
    chunk = &block_chunks(block)[index];
    chunk_reset(chunk, 0, (uint8_t)index);
    return chunk;
}

void connpt__chunk_pool_put(struct chunk_pool *pool, struct chunk *chunk)
{
    struct chunk_block *block;

    if (chunk->flags & CHUNK_EMBEDDED) {
        pool->embedded = chunk;
        return;
    }
    block = (struct chunk_block *)(void *)((char *)(chunk - chunk->index) - CHUNK_ALIGN);
    assert(!(block->free_mask & 1u << chunk->index));
    if (block->free_mask == 0)
        block_link(pool, block);
    block->free_mask |= 1u << chunk->index;
    if (block->free_mask != block_full_mask(block))
        return;
    if (pool->spare == NULL) {
        pool->spare = block;
        return;
    }
    block_unlink(pool, block);
    connpt__free(block->allocation);
}

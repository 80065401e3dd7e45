/* SPDX-License-Identifier: MIT */
/*
 * core/chunk.h - ten connections, and where chunks come from
 *
 * A chunk is 128 bytes, two cache lines; the second holds the last five sinks and what fires do not
 * read. Its slots are used once each, in order; when all have been used and none is connected any
 * more, it leaves the list and, once no fire can stand on it, goes back to the pool.
 *
 * Who writes what: everything only under the point's lock. `pub.state`, `pub.next` and, before
 * their bit in `state` is set, `pub.sinks` are read by fires without it. `pub.sequence` and
 * `pub.key` do not change while a fire can reach the chunk, nor does a slot's sink from the
 * moment its bit is set until no fire can read it.
 */
#ifndef CONNPT_CORE_CHUNK_H
#define CONNPT_CORE_CHUNK_H

#include <stdint.h>

#include <connpt/fire_inline.h>

#include "base/container_of.h"

enum {
    CHUNK_SLOTS = 10,
    CHUNK_ALIGN = 64,      /* bytes: a cache line */
    CHUNK_USED_SHIFT = 16, /* of pub.state: how many slots have been used */

    CHUNK_UNLINKED = 0x1, /* flags: left the list */
    CHUNK_QUEUED = 0x2,   /* in one of the list's two queues of chunks with pending slots */
    CHUNK_EMBEDDED = 0x4  /* came with the point, not from a block */
};

struct chunk {
    struct connpt_chunk pub;
    struct chunk *prev;         /* towards the head of the list; NULL */
    struct chunk *pending_next; /* in a queue of chunks with pending slots; NULL */
    uint16_t pending[2];        /* slots whose sinks wait to be released, by batch parity (masks) */
    uint16_t awaited;           /* slots whose sinks a synchronous Unadvise will release (a mask) */
    uint8_t flags;              /* CHUNK_... */
    uint8_t index;              /* in its block */
};

_Static_assert(sizeof(void *) != 8 || sizeof(struct chunk) == 128, "a chunk is two cache lines");

static inline struct chunk *chunk_of(struct connpt_chunk *pub)
{
    return container_of(pub, struct chunk, pub);
}

static inline uint32_t chunk_used(const struct chunk *chunk)
{
    return chunk->pub.state >> CHUNK_USED_SHIFT;
}

/* The bit of a slot in pub.state; those below are not used, see connpt_fire.live. */
static inline uint32_t chunk_bit(uint32_t slot)
{
    return 1u << (slot + CONNPT_FIRE_SLOT_SHIFT);
}

static inline int chunk_is_live(const struct chunk *chunk, uint32_t slot)
{
    return (chunk->pub.state & chunk_bit(slot)) != 0;
}

/* The first connected slot; CHUNK_SLOTS when there is none. */
static inline uint32_t chunk_first_live(const struct chunk *chunk)
{
    uint32_t live = chunk->pub.state & CONNPT_FIRE_SLOTS;

    return live != 0 ? (uint32_t)__builtin_ctz(live) - CONNPT_FIRE_SLOT_SHIFT : CHUNK_SLOTS;
}

static inline int chunk_has_pending(const struct chunk *chunk)
{
    return (chunk->pending[0] | chunk->pending[1] | chunk->awaited) != 0;
}

/*
 * The pool of one point: its embedded chunk and blocks of up to 31 more. A block goes back to
 * the allocator when all its chunks are free, but for one that is kept against a connection
 * that comes and goes at a block's edge.
 */
struct chunk_block;
struct chunk_pool {
    struct chunk *embedded;        /* NULL while in use */
    struct chunk_block *with_free; /* blocks with a free chunk */
    struct chunk_block *spare;     /* the one block that is free as a whole; in with_free */
    uint32_t next_size;            /* chunks in the next block */
};

void connpt__chunk_pool_init(struct chunk_pool *pool, struct chunk *embedded);
void connpt__chunk_pool_fini(struct chunk_pool *pool); /* every chunk must have come back */

/* A chunk with no slot used, and cleared bookkeeping; NULL when there is no memory. */
struct chunk *connpt__chunk_pool_get(struct chunk_pool *pool);
void connpt__chunk_pool_put(struct chunk_pool *pool, struct chunk *chunk);

#endif

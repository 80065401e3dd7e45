/* SPDX-License-Identifier: MIT */
/*
 * core/list.h - the connections of one point, in the order of Advise, and their cookies
 *
 * Everything here runs under the point's lock and calls nothing foreign. Fires walk the same
 * chunks without the lock (<connpt/fire.h>); reclaim.h says when a chunk or a sink may go.
 *
 * A cookie is (chunk key << 4 | slot + 1). Keys are handed out in order, 2^28 of them, and a
 * chunk is used up by ten Advise calls before the next key is taken: a cookie value returns
 * after 2.6 * 10^9 Advise calls, and not while a chunk with its key is in the list. The keys of
 * a point begin at a place of its own, so that a cookie given to the wrong point of an object
 * is refused there; but the first cookie of every fresh point is 1, as clients in the field
 * expect.
 */
#ifndef CONNPT_CORE_LIST_H
#define CONNPT_CORE_LIST_H

#include <stdint.h>

#include "core/chunk.h"
#include "core/directory.h"

#define LIST_KEY_MASK 0x0fffffffu

/* What fires do not need; `first` and `tail` are in the point. */
struct list {
    uint64_t next_sequence;
    uint32_t next_key;
    uint32_t first_key;         /* of the point's first chunk; constant */
    uint32_t n_chunks;          /* in the list */
    uint32_t n_dropped;         /* connections ended because their sink was dead; atomic */
    struct directory directory; /* of the chunks in the list, once there were many */
    struct chunk_pool pool;
};

/* @embedded: the point's own chunk. @first_key: see above. */
void connpt__list_init(struct list *list, struct chunk *embedded, uint32_t first_key);

/* `first` and `tail` of a point without connections. `tail` is then a chunk before all others, so
 * that a fire needs no case of its own; after the last chunk of a list comes
 * connpt__no_connections. */
void connpt__list_clear_ends(connpt_point *point);

static inline int list_is_end(const struct connpt_chunk *chunk)
{
    return chunk == &connpt__no_connections;
}

/* The chunk where Advise appends; NULL when there is none. */
struct chunk *connpt__list_tail(const connpt_point *point);

/* All chunks are given back; nothing may be connected or pending. */
void connpt__list_fini(connpt_point *point);

/* 1: there is no key for another chunk; 2.6 * 10^9 connections, or fewer with holes between. */
int connpt__list_is_full(const connpt_point *point);

/* Not full: connect @sink behind all others. 0, or -1 when there is no memory (nothing changed). */
int connpt__list_append(connpt_point *point, void *sink, uint32_t *ret_cookie);

/* The live connection of @cookie; NULL when there is none. */
struct chunk *connpt__list_find(const connpt_point *point, uint32_t cookie, uint32_t *ret_slot);

/*
 * Disconnect: from now on no fire that looks at the slot calls it. A chunk that this empties
 * for good leaves the list. The sink stays in its slot, for fires that have just read it.
 */
void connpt__list_remove(connpt_point *point, struct chunk *chunk, uint32_t slot);

/* Give a chunk that has left the list back to the pool, once nothing in it is pending. The
 * caller knows that no fire can stand on it. */
void connpt__list_recycle(connpt_point *point, struct chunk *chunk);

/* Needs no lock: what it reads is constant while the chunk is reachable. */
uint32_t connpt__list_cookie(const connpt_point *point, const struct connpt_chunk *chunk,
                             uint32_t slot);

#endif

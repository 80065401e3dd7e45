/* SPDX-License-Identifier: MIT */
/* core/list.c - append at the tail, remove anywhere, both in constant time */
#include "core/list.h"

#include <assert.h>
#include <stddef.h>

#include "base/atomic.h"
#include "core/point.h"

/* A list this short is searched by walking it; longer ones have a directory, which goes when the
 * list is down to half. */
enum { MAX_WALK = 4 };

enum { COOKIE_SLOT_BITS = 4, COOKIE_SLOT_MASK = 0xf };

static struct connpt_chunk before_all; /* sequence 0; the first chunk of each list has 1 */

void connpt__list_clear_ends(connpt_point *point)
{
    point->first = &connpt__no_connections;
    point->tail = &before_all;
}

struct chunk *connpt__list_tail(const connpt_point *point)
{
    return point->tail != &before_all ? chunk_of(point->tail) : NULL;
}

void connpt__list_init(struct list *list, struct chunk *embedded, uint32_t first_key)
{
    list->next_sequence = before_all.sequence + 1;
    list->first_key = first_key & LIST_KEY_MASK;
    list->next_key = list->first_key;
    list->n_chunks = 0;
    list->n_dropped = 0;
    connpt__directory_init(&list->directory);
    connpt__chunk_pool_init(&list->pool, embedded);
}

void connpt__list_fini(connpt_point *point)
{
    struct list *list = &point->body->list;
    struct connpt_chunk *pub = point->first;

    while (!list_is_end(pub)) {
        struct connpt_chunk *next = pub->next;

        assert(chunk_first_live(chunk_of(pub)) == CHUNK_SLOTS && !chunk_has_pending(chunk_of(pub)));
        connpt__chunk_pool_put(&list->pool, chunk_of(pub));
        pub = next;
    }
    connpt__directory_fini(&list->directory);
    connpt__chunk_pool_fini(&list->pool);
}

static struct chunk *find_chunk(const connpt_point *point, uint32_t key)
{
    const struct directory *directory = &point->body->list.directory;

    if (directory->entries != NULL)
        return connpt__directory_find(directory, key);
    for (struct chunk *chunk = connpt__list_tail(point); chunk != NULL; chunk = chunk->prev) {
        if (chunk->pub.key == key)
            return chunk;
    }
    return NULL;
}

/* Key 0 belongs to the cookie 1 that every point gives out first, wherever its keys begin. */
static uint32_t take_key(connpt_point *point)
{
    struct list *list = &point->body->list;
    uint32_t key;

    do {
        key = list->next_key;
        list->next_key = (key + 1) & LIST_KEY_MASK;
    } while ((key == 0 && list->first_key != 0) || find_chunk(point, key) != NULL);
    return key;
}

/* Puts @chunk, and at first every chunk before it, into the directory if the list needs one. */
static int list_register(connpt_point *point, struct chunk *chunk)
{
    struct list *list = &point->body->list;

    if (list->directory.entries == NULL) {
        if (list->n_chunks < MAX_WALK)
            return 0;
        for (struct chunk *other = connpt__list_tail(point); other != NULL; other = other->prev) {
            if (connpt__directory_add(&list->directory, other) != 0) {
                connpt__directory_fini(&list->directory);
                return -1;
            }
        }
    }
    return connpt__directory_add(&list->directory, chunk);
}

static void list_unregister(struct list *list, const struct chunk *chunk)
{
    if (list->directory.entries == NULL)
        return;
    connpt__directory_remove(&list->directory, chunk);
    if (list->directory.n_entries <= MAX_WALK / 2)
        connpt__directory_fini(&list->directory);
}

static struct chunk *add_chunk(connpt_point *point)
{
    struct list *list = &point->body->list;
    struct chunk *chunk = connpt__chunk_pool_get(&list->pool);
    uint32_t key_before = list->next_key;

    if (chunk == NULL)
        return NULL;
    chunk->pub.key = take_key(point);
    if (list_register(point, chunk) != 0) {
        list->next_key = key_before;
        connpt__chunk_pool_put(&list->pool, chunk);
        return NULL;
    }
    chunk->pub.sequence = list->next_sequence++;
    chunk->prev = connpt__list_tail(point);
    chunk->pub.next = &connpt__no_connections;
    list->n_chunks++;
    /* Release: a fire that sees the chunk sees its fields. Pairs with the loads in
     * connpt_fire_set_range and connpt_fire_next. */
    if (chunk->prev != NULL)
        store_release(&chunk->prev->pub.next, &chunk->pub);
    else
        store_release(&point->first, &chunk->pub);
    store_release(&point->tail, &chunk->pub);
    return chunk;
}

int connpt__list_is_full(const connpt_point *point)
{
    return point->body->list.n_chunks >= LIST_KEY_MASK; /* one key of all may be left out */
}

int connpt__list_append(connpt_point *point, void *sink, uint32_t *ret_cookie)
{
    struct chunk *chunk = connpt__list_tail(point);
    uint32_t slot;

    if (chunk == NULL || chunk_used(chunk) == CHUNK_SLOTS) {
        chunk = add_chunk(point);
        if (chunk == NULL)
            return -1;
    }
    slot = chunk_used(chunk);
    chunk->pub.sinks[slot] = sink;
    /* Release: who sees the bit sees the sink. Pairs with the load in connpt_fire_next. Only
     * holders of the lock write `state`, so this is no read-modify-write. */
    store_release(&chunk->pub.state,
                  (chunk->pub.state | chunk_bit(slot)) + (1u << CHUNK_USED_SHIFT));
    *ret_cookie = connpt__list_cookie(point, &chunk->pub, slot);
    return 0;
}

uint32_t connpt__list_cookie(const connpt_point *point, const struct connpt_chunk *chunk,
                             uint32_t slot)
{
    if (slot == 0 && chunk->key == point->body->list.first_key)
        return 1;
    return chunk->key << COOKIE_SLOT_BITS | (slot + 1);
}

struct chunk *connpt__list_find(const connpt_point *point, uint32_t cookie, uint32_t *ret_slot)
{
    const struct list *list = &point->body->list;
    uint32_t key = cookie >> COOKIE_SLOT_BITS;
    uint32_t slot = (cookie & COOKIE_SLOT_MASK) - 1;
    struct chunk *chunk;

    if (cookie == 1)
        key = list->first_key;
    else if (slot == 0 && key == list->first_key)
        return NULL; /* that connection's cookie is 1 */
    if (slot >= CHUNK_SLOTS)
        return NULL;
    chunk = find_chunk(point, key);
    if (chunk == NULL || !chunk_is_live(chunk, slot))
        return NULL;
    *ret_slot = slot;
    return chunk;
}

static void unlink_chunk(connpt_point *point, struct chunk *chunk)
{
    struct connpt_chunk *next = chunk->pub.next;

    /*
     * Sequentially consistent: these stores come before the look at the reader counts that
     * decides whether the chunk may be recycled. A fire that enters after that look does not
     * find the chunk any more. `chunk->pub.next` stays: fires that stand here go on through it.
     */
    if (chunk->prev != NULL)
        store_seq(&chunk->prev->pub.next, next);
    else
        store_seq(&point->first, next);
    if (!list_is_end(next))
        chunk_of(next)->prev = chunk->prev;
    else
        store_seq(&point->tail, chunk->prev != NULL ? &chunk->prev->pub : &before_all);
    list_unregister(&point->body->list, chunk);
    point->body->list.n_chunks--;
    chunk->flags |= CHUNK_UNLINKED;
}

void connpt__list_remove(connpt_point *point, struct chunk *chunk, uint32_t slot)
{
    /*
     * Sequentially consistent: the remover clears the bit, then looks at the reader counts; a
     * fire counts itself, then looks at the bit. One of the two sees the other, so a sink that
     * is released at once is never called afterwards. With a weaker order both could miss:
     *
     *     fire                         remover
     *     counter += 1  (delayed)
     *     reads bit: set
     *                                  clears bit
     *                                  reads counter: 0, releases the sink
     *     calls a dead sink
     */
    store_seq(&chunk->pub.state, chunk->pub.state & ~chunk_bit(slot));
    if (chunk_first_live(chunk) == CHUNK_SLOTS && chunk_used(chunk) == CHUNK_SLOTS)
        unlink_chunk(point, chunk);
}

void connpt__list_recycle(connpt_point *point, struct chunk *chunk)
{
    /* Mostly not: seen without touching the chunk's second line. */
    if (chunk_first_live(chunk) != CHUNK_SLOTS)
        return;
    if ((chunk->flags & CHUNK_UNLINKED) && !(chunk->flags & CHUNK_QUEUED) &&
        !chunk_has_pending(chunk))
        connpt__chunk_pool_put(&point->body->list.pool, chunk);
}

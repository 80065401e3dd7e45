/* SPDX-License-Identifier: MIT */
/*
 * list.pml - src/core/list.c: append, remove, unlink, recycle. All with the lock.
 *
 * Uses of the thread: s (a sink), c (its chunk), slot.
 */

/* A cookie finds its connection while it is there. For a d_step. */
inline find()
{
    c = where_is[s] / SLOTS;
    slot = where_is[s] % SLOTS;
    if
    :: s < n_sinks && chunk[c].in_use && chunk[c].sink[slot] == s + 1 && (LIVE(c) & BIT(slot)) ->
        skip
    :: else ->
        c = 0;
        slot = 0
    fi
}

/* Back to the pool, which may give it to the allocator: no fire holds a pointer to it. */
inline pool_put(x)
{
    assert(chunk[x].in_use);
    assert(chunk[x].standing == 0);
    chunk[x].in_use = 0;
    chunk[x].state = 0;
    chunk[x].next = 0;
    chunk[x].prev = 0;
    chunk[x].sequence = 0;
    chunk[x].unlinked = 0;
    for (k_ : 0 .. SLOTS - 1) {
        chunk[x].sink[k_] = 0
    }
}

#ifdef BREAK_RECYCLE_PENDING
#define IS_PENDING(x) 0
#else
#define IS_PENDING(x) (chunk[x].queued || chunk[x].pending[0] != 0 || chunk[x].pending[1] != 0)
#endif
#ifdef BREAK_RECYCLE_AWAITED
#define IS_AWAITED(x) 0
#else
#define IS_AWAITED(x) (chunk[x].awaited != 0)
#endif

/* connpt__list_recycle. For a d_step. */
inline recycle(x)
{
    if
    :: chunk[x].unlinked && !IS_PENDING(x) && !IS_AWAITED(x) -> pool_put(x)
    :: else
    fi
}

/* connpt__list_append: c and slot are where the sink goes; 0 when there is no memory. */
inline append()
{
    d_step {
        ACCESS;
        s = n_sinks;
        assert(s < ALL_SINKS);
        n_sinks++;
        c = tail;
        if
        :: c != 0 && USED(c) < SLOTS
        :: else -> /* add_chunk */
            c = 0;
            for (i_ : 1 .. CHUNKS) {
                if
                :: c == 0 && !chunk[i_].in_use -> c = i_
                :: else
                fi
            }
        fi;
        if
        :: c != 0 && !chunk[c].in_use ->
#ifndef BREAK_CHUNK_RELAXED
            chunk[c].in_use = 1;
#endif
            chunk[c].prev = tail;
            chunk[c].sequence = next_sequence;
            next_sequence++;
            more = 1 /* a new chunk */
        :: else
        fi;
        slot = USED(c)
    }
    if
    :: atomic {
           more ->
           if
           :: chunk[c].prev != 0 -> chunk[chunk[c].prev].next = c
           :: else -> first = c
           fi
       };
       tail = c
    :: else
    fi;
    if
    :: d_step {
           c != 0 ->
#ifndef BREAK_APPEND_RELAXED
           chunk[c].sink[slot] = s + 1;
#endif
           chunk[c].state = (chunk[c].state | BIT(slot)) + 16;
           where_is[s] = c * SLOTS + slot
       };
#ifdef BREAK_APPEND_RELAXED
       chunk[c].sink[slot] = s + 1;
#endif
#ifdef BREAK_CHUNK_RELAXED
       chunk[c].in_use = 1;
#endif
       n_connected = s + 1
    :: d_step { else -> released = released | BIT(s); gone = gone | BIT(s) } /* it failed */
    fi;
    d_step { more = 0; c = 0; slot = 0; s = 0 }
}

/* unlink_chunk's stores, one by one, without those that only holders of the lock see */
inline unlink_stores(x)
{
    atomic {
        if
        :: chunk[x].prev != 0 -> chunk[chunk[x].prev].next = chunk[x].next
        :: else -> first = chunk[x].next
        fi
    };
    atomic {
        if
        :: chunk[x].next != 0 -> chunk[chunk[x].next].prev = chunk[x].prev
        :: else -> tail = chunk[x].prev
        fi
    }
}

/* What another processor may still see instead of the lock holder's stores. They reach it at the
 * latest when the lock is released. */
#if defined(BREAK_REMOVE_RELAXED) || defined(BREAK_UNLINK_RELAXED) || defined(BREAK_BITS_RELAXED)
byte late_chunk, late_mask, late_unlink;
#define STATE_SEEN(c) (chunk[c].state | (late_chunk == (c) -> late_mask : 0))
#define LATE_STORES                                                                                \
    d_step { late_chunk = 0; late_mask = 0 };                                                      \
    if                                                                                             \
    :: late_unlink != 0 -> unlink_stores(late_unlink); late_unlink = 0                             \
    :: else                                                                                        \
    fi
#else
#define STATE_SEEN(c) chunk[c].state
#define LATE_STORES skip
#endif
#ifdef BREAK_BITS_RELAXED
#define END_STATE_SEEN(c) chunk[c].state
#else
#define END_STATE_SEEN(c) STATE_SEEN(c)
#endif

/* connpt__list_remove of slot in c, and unlink_chunk when this empties it for good */
inline remove()
{
    d_step {
        ACCESS;
        chunk[c].state = chunk[c].state & (255 - BIT(slot));
#if defined(BREAK_REMOVE_RELAXED) || defined(BREAK_BITS_RELAXED)
        late_chunk = c;
        late_mask = BIT(slot)
#endif
    }
    if
    :: LIVE(c) == 0 && USED(c) == SLOTS ->
       chunk[c].unlinked = 1;
#ifdef BREAK_NEXT_CLEARED
       atomic { unlink_stores(c); chunk[c].next = 0 }
#elif defined(BREAK_UNLINK_RELAXED)
       late_unlink = c
#else
       unlink_stores(c)
#endif
    :: else
    fi
}

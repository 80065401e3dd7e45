/* SPDX-License-Identifier: MIT */
/*
 * mutate.pml - what holders of the lock do: src/core/point.c, and keep_owner of src/core/object.c
 *
 * Uses of the thread, besides those of reclaim.pml: op; s, the sink; d, how many fires of the point
 * it is inside of; is_ours, waits, skips.
 */

/* Of a mask that says what a thread may do */
#define ADVISE 1
#define UNADVISE 2
#define SYNC 4
#define CLOSE 8
#define KEEP_OWNER 200 /* not in masks: what follows from a RELEASE */
#define RELEASE 16    /* the reference that the thread has */
#define REFERENCE 32  /* add a reference and release it */
#define FIRE 64       /* again, inside the call */
#define MAYBE 128     /* or nothing */
#define NOTHING 0     /* of op */

/* connpt__readers_idle, for a holder of the lock */
inline look_idle(i, unused)
{
    d_step { ACCESS; busy = busy | (counter[i] & COUNT) }
}

#ifdef BREAK_OWN_HOLDS
#define OWN_FIRES 0
#else
#define OWN_FIRES d
#endif

/* The rest of an Unadvise while fires are running */
inline op_unadvise()
{
    d_step {
        busy = 0;
#ifdef BREAK_ONE_BATCH
        queue_in_batch(c, slot);
#else
        queue(c, slot);
#endif
#ifdef BREAK_RECYCLED_AT_ONCE
        if
        :: chunk[c].unlinked -> pool_put(c)
        :: else
        fi
#endif
    }
}

/* begin_sync_wait */
inline op_sync()
{
    busy = 0;
    READ_NC
    if
    :: d_step { /* outside of fires */
           OWN_FIRES == 0 ->
           is_ours = 1;
           chunk[c].awaited = chunk[c].awaited | BIT(slot);
           wait_begins(0)
       };
       FOR_COUNTERS(watch, 0)
    :: d_step { /* inside, the only one that waits there */
           OWN_FIRES != 0 && inside == 0 ->
           queue(c, slot);
           own_holds();
           wait_begins(1)
       };
       FOR_COUNTERS(watch, 1)
    :: d_step { /* inside, and does not wait */
           OWN_FIRES != 0 && inside != 0 ->
           queue(c, slot);
#ifdef BREAK_TWO_INSIDE
           wait_begins(0)
#else
           over[me] = 1;
           gives_up = 1
#endif
       }
    fi
}

/* connpt__point_release_if_idle, or what follows if it is not */
inline op_disconnect()
{
#ifndef BREAK_IDLE_RELAXED
    remove();
#endif
    READ_NC
    FOR_COUNTERS(look_idle, 0);
#ifdef BREAK_IDLE_RELAXED
    remove();
#endif
#ifdef BREAK_RELEASED_AT_ONCE
    busy = 0;
#endif
    if
    :: d_step {
           busy == 0 ->
           h = BIT(chunk[c].sink[slot] - 1);
           n_h = 1;
           recycle(c);
           waits = 1; /* it does not */
           skips = 1  /* the harvest */
       }
    :: busy != 0 && op == UNADVISE -> op_unadvise()
    :: busy != 0 && op == SYNC -> op_sync()
    fi
}

/* connpt__point_close: each connection is queued before it is removed */
inline op_close()
{
    d_step { closed = 1; c = first };
    do
    :: c == 0 -> break
    :: c != 0 ->
        if
        :: d_step {
               LIVE(c) != 0 ->
               slot = (LIVE(c) & 1 -> 0 : 1);
               gone_here = gone_here | BIT(chunk[c].sink[slot] - 1);
               queue(c, slot)
           };
           remove()
        :: else -> c = chunk[c].next
        fi
    od
}

inline op_keep_owner()
{
    READ_NC
    d_step {
        assert(!owner_waits);
        owner_waits = 1;
        owner_unseen = UNSEEN
    };
    FOR_COUNTERS(watch, 0)
}

/* With the lock: the first half of each operation */
inline operate()
{
    if
    :: d_step { op == UNADVISE || op == SYNC -> find() };
       if
       :: c == 0 -> skips = 1 /* no such connection */
       :: c != 0 -> op_disconnect()
       fi
    :: d_step { op == ADVISE && closed -> skips = 1 }
    :: op == ADVISE && !closed ->
       append();
       skips = 1; /* no harvest, if there are no notes */
    :: op == CLOSE -> op_close()
    :: op == KEEP_OWNER ->
       op_keep_owner();
#ifdef BREAK_NO_LOOK_AT_HANDOVER
       skips = 1
#endif
    fi
}

#ifdef BREAK_WAIT
#define IS_OVER 1
#else
#define IS_OVER over[me]
#endif

#ifdef STALLED_HOLDER
#define OR_STOP :: stalled -> goto stops /* this thread waits for ever, as it may */
#else
#define OR_STOP
#endif

/* Lock, do @op, harvest and unlock, release; connpt__reclaim_settle is the same without the first
 * harvest. A thread that waits for fires goes on then. */
inline work()
{
    do
    ::
        if
        :: d_step { lock == 0 -> lock_taken() }
        OR_STOP
        fi;
        if
        :: d_step { /* take_awaited */
               !more && waits && is_ours ->
               chunk[c].awaited = WITHOUT(chunk[c].awaited, slot);
               recycle(c);
               skips = 1
           }
        :: more -> more = 0
        :: else -> operate()
        fi;
        harvest_and_unlock(NOBODY, skips);
        foreign_wait();
        release_sinks();
        if
        :: d_step { gets_owner -> gets_owner = 0; ACCESS; assert(refs > 1); refs-- }
        :: else
        fi;
#ifdef BREAK_MORE
        more = 0;
#endif
        if
        :: more
        :: d_step {
               !more && op == SYNC && c != 0 && !waits && IS_OVER -> /* connpt__event_wait */
               ACCESS;
               over[me] = 0;
               waits = 1
           };
           if
           :: is_ours
           :: else -> break
           fi
        :: d_step { !more && !(op == SYNC && c != 0 && !waits) -> skip };
           break
        fi
    od;
    if
    :: work_ends()
    fi;
    if
    :: h != 0 -> release_sinks()
    :: else
    fi
}

/* What the caller was promised */
inline work_ends()
{
    d_step {
        if
        :: op == SYNC && is_ours ->
            assert(calls[s] == 0);
            h = BIT(s)
        :: op == SYNC && c != 0 && !is_ours && !gives_up ->
            n_ = 0;
            for (m_ : 0 .. DEPTH - 1) {
                n_ = n_ + (m_ < d && f_called[m_] == s + 1 -> 1 : 0)
            }
            assert(calls[s] == n_);
            silent = silent | BIT(s)
        :: else
        fi;
        m_ = (c != 0 && (op == SYNC || op == UNADVISE) -> BIT(s) : 0);
        gone = gone | m_ | gone_here;
        gone_here = 0;
        c = 0;
        slot = 0;
        s = 0;
        waits = 0;
        is_ours = 0;
        gives_up = 0
    }
}

/* SPDX-License-Identifier: MIT */
/*
 * reclaim.pml - src/core/reclaim.c, name by name
 *
 * Uses of the thread: me, s, c, slot (what is removed), h (the harvest: a mask of sinks), n_h,
 * gets_owner and more (its other parts), nc (counters that it sees), next_step, flips.
 */

/* connpt__readers_n_counters. A thread's nc is 2 at the start. */
#if COUNTERS == 2 || defined(BREAK_STRIPES_NOT_SEEN)
#define READ_NC
#elif defined(BREAK_STRIPES_EARLY)
#define READ_NC /* lock_taken has done it */
#else
#define READ_NC nc = (striped -> COUNTERS : 2);
#endif

/* For a d_step. */
inline lock_taken()
{
    ACCESS;
#ifdef BREAK_STRIPES_EARLY
    nc = (striped -> COUNTERS : 2);
#endif
    lock = 1
}

/* Each counter in a step of its own. Those of the stripe come last. */
#if COUNTERS == 2
#define FOR_COUNTERS(step, a)                                                                      \
    step(0, a);                                                                                    \
    step(1, a)
#else
#define FOR_COUNTERS(step, a)                                                                      \
    step(0, a);                                                                                    \
    step(1, a);                                                                                    \
    if                                                                                             \
    :: nc > 2 ->                                                                                   \
        step(2, a);                                                                                \
        step(3, a)                                                                                 \
    :: else                                                                                        \
    fi
#endif

/* ---- grace periods --------------------------------------------------------------------- */

#define UNSEEN ((1 << nc) - 1)

/* The part of grace_begin that fires see. @is_inside: a wait inside a fire. */
inline watch(i, is_inside)
{
    d_step {
        ACCESS;
        counter[i] = counter[i] | WATCHED | (is_inside -> own[i] * PARKED_1 : 0)
    }
}

/* One counter of read_counters, and what each grace period learns from it. @ending: the counter of
 * a fire that ends and is to be taken as gone. */
inline look_at(i, ending)
{
    d_step {
        ACCESS;
        n_ = (counter[i] & COUNT) - (ending == i -> 1 : 0);
        if
        :: n_ == 0 ->
            batch_unseen = WITHOUT(batch_unseen, i);
            owner_unseen = WITHOUT(owner_unseen, i)
        :: else
        fi;
        for (k_ : 0 .. THREADS - 1) {
            if
            :: n_ == (inside == k_ + 1 -> own[i] : 0) ->
                wait_unseen[k_] = WITHOUT(wait_unseen[k_], i)
            :: else
            fi
        }
    }
}

/* ---- with the lock --------------------------------------------------------------------- */

inline push_incoming(x)
{
    chunk[x].queued = 1;
    chunk[x].pending_next = incoming;
    incoming = x
}

/* connpt__reclaim_queue. For a d_step. */
inline queue(x, n)
{
    chunk[x].pending[parity] = chunk[x].pending[parity] | BIT(n);
    if
    :: !chunk[x].queued -> push_incoming(x)
    :: else
    fi
}

/* What is removed while a batch waits is released with it. */
inline queue_in_batch(x, n)
{
    if
    :: batch == WAITING && !chunk[x].queued ->
        chunk[x].pending[1 - parity] = chunk[x].pending[1 - parity] | BIT(n);
        chunk[x].queued = 1;
        chunk[x].pending_next = draining;
        draining = x
    :: else -> queue(x, n)
    fi
}

/* The part of connpt__reclaim_wait that only holders of the lock see. For a d_step. */
inline wait_begins(is_inside)
{
    i_ = 0;
    do
    :: waiters[i_] != 0 -> i_++
    :: else -> break
    od;
    waiters[i_] = me + 1;
    inside = (is_inside -> me + 1 : inside);
    wait_unseen[me] = UNSEEN
}

/* Takes sinks of the finished batch, as many as there is room for. For a d_step. */
inline take_sinks()
{
    do
    :: draining == 0 -> batch = NONE; break
    :: draining != 0 && chunk[draining].pending[1 - parity] != 0 && n_h == ROOM -> break
    :: draining != 0 && chunk[draining].pending[1 - parity] != 0 && n_h < ROOM ->
        j_ = (chunk[draining].pending[1 - parity] & 1 -> 0 : 1);
        chunk[draining].pending[1 - parity] = WITHOUT(chunk[draining].pending[1 - parity], j_);
        h = h | BIT(chunk[draining].sink[j_] - 1);
        n_h++
    :: draining != 0 && chunk[draining].pending[1 - parity] == 0 ->
        m_ = draining;
        draining = chunk[m_].pending_next;
        chunk[m_].pending_next = 0;
        chunk[m_].queued = 0;
        if
        :: chunk[m_].pending[parity] != 0 -> push_incoming(m_)
        :: else -> recycle(m_)
        fi
    od
}

/* For a d_step. */
inline look_at_waiters()
{
    j_ = 0;
    for (i_ : 0 .. 2) {
        m_ = waiters[i_];
        waiters[i_] = 0;
        if
        :: m_ == 0
        :: m_ != 0 && wait_unseen[m_ - 1] != 0 ->
            waiters[j_] = m_;
            j_++
        :: m_ != 0 && wait_unseen[m_ - 1] == 0 ->
            if
            :: inside == m_ ->
                inside = 0;
                for (k_ : 0 .. COUNTERS - 1) {
                    own[k_] = 0
                }
            :: else
            fi;
            over[m_ - 1] = 1
        fi
    }
}

/* What the grace period that decides about the phase lacks, and the counters of the other phase */
inline leading_grace()
{
    m_ = (waiters[0] != 0 -> wait_unseen[waiters[0] - 1] :
         (owner_waits -> owner_unseen : batch_unseen));
    n_ = (phase -> 5 : 10)
}

#define DONE 0
#define LOOK 1
#define BEGIN 2

/* wants_other_phase, change_phase. For a d_step. */
inline change_phase()
{
    leading_grace();
#ifdef BREAK_LEADER
    /* Each grace period asks for itself. */
    m_ = (batch_unseen != 0 && (batch_unseen & n_) == 0 -> batch_unseen : m_);
    for (k_ : 0 .. THREADS - 1) {
        m_ = (wait_unseen[k_] != 0 && (wait_unseen[k_] & n_) == 0 -> wait_unseen[k_] : m_)
    }
#endif
    if
#ifdef BREAK_PHASE
    :: false ->
#else
    :: m_ != 0 && (m_ & n_) == 0 ->
#endif
        phase = 1 - phase;
        flips++;
        assert(flips <= MAX_FLIPS);
        next_step = LOOK
    :: else -> next_step = DONE
    fi
}

/* What follows the reading of the counters in harvest_lock_held, up to the next operation that
 * fires can see (the store of the phase is the last). */
inline conclude()
{
    d_step {
        look_at_waiters();
        if
        :: owner_waits && owner_unseen == 0 ->
            owner_waits = 0;
            gets_owner = 1
        :: else
        fi;
        batch = (batch == WAITING && batch_unseen == 0 -> RELEASING : batch);
        if
        :: batch == RELEASING -> take_sinks()
        :: else
        fi;
        if
        :: batch == NONE && incoming != 0 ->
            draining = incoming;
            incoming = 0;
            parity = 1 - parity;
            batch = WAITING;
            next_step = BEGIN
        :: else -> change_phase()
        fi;
        more = (batch == RELEASING)
    }
}

inline clear_note(i, unused)
{
    d_step { ACCESS; counter[i] = counter[i] & (255 - NOTE) }
}

/* update_flags: WATCHED and PARKED stay where somebody lacks the counter */
inline clear_watched(i, unused)
{
    d_step {
        ACCESS;
        m_ = batch_unseen | owner_unseen | wait_unseen[0] | wait_unseen[1] | wait_unseen[2] |
             wait_unseen[3];
        counter[i] = (m_ & BIT(i) -> counter[i] : counter[i] & (255 - WATCHED))
    }
}

inline clear_parked(i, unused)
{
    d_step {
        ACCESS;
        m_ = (inside != 0 -> wait_unseen[inside - 1] : 0);
        counter[i] = (m_ & BIT(i) -> counter[i] : counter[i] & (255 - PARKED))
    }
}

inline harvest_lock_held(ending)
{
    READ_NC
    FOR_COUNTERS(clear_note, 0);
    do
    ::
        READ_NC
        FOR_COUNTERS(look_at, ending);
        conclude();
        if
        :: next_step == BEGIN ->
            d_step { READ_NC batch_unseen = UNSEEN };
#ifdef BREAK_WATCH_LATE
            FOR_COUNTERS(look_at, ending);
            FOR_COUNTERS(watch, 0);
            if
            :: d_step { batch_unseen != 0 -> change_phase() };
               if
               :: next_step == DONE -> break
               :: else
               fi
            :: else
            fi
#elif !defined(BREAK_WATCH)
            FOR_COUNTERS(watch, 0)
#endif
        :: next_step == LOOK
        :: next_step == DONE -> break
        fi
    od;
    flips = 0;
    READ_NC
#ifndef BREAK_FLAGS_STAY
    FOR_COUNTERS(clear_watched, 0);
#endif
#ifdef INSIDE
    FOR_COUNTERS(clear_parked, 0)
#endif
}

/* ---- unlocking ------------------------------------------------------------------------- */

inline has_note(i, unused)
{
    d_step { ACCESS; next_step = next_step | (counter[i] & NOTE) }
}

/* While the lock is free, new fires do not go where the oldest grace period alone waits: so it ends
 * even if somebody is always firing. */
inline unlock()
{
    LATE_STORES;
    d_step {
        ACCESS;
        leading_grace();
        assert(m_ == 0 || (m_ & n_) != 0);
        lock = 0
    }
}

/* The Release of what one thread disconnects may wait until another one's synchronous Unadvise has
 * returned. */
#ifdef FOREIGN_WAIT
inline foreign_wait()
{
    if
    :: me != 2 || h == 0
    :: third_is_done
    fi
}
#else
#define foreign_wait() skip
#endif

/* harvest_lock_held, unless @skip (then cleared), and unlock_and_look */
inline harvest_and_unlock(ending, skip_it)
{
    do
    ::
        if
#ifdef BREAK_NOT_SETTLED
        :: d_step { skip_it -> skip_it = 0 };
           unlock();
           break
#else
        :: d_step { skip_it -> skip_it = 0 }
#endif
        :: else -> harvest_lock_held(ending)
        fi;
#ifdef BREAK_UNLOCK_RELAXED
        READ_NC
        FOR_COUNTERS(has_note, 0);
        unlock();
#else
        unlock();
#ifdef BREAK_RELEASE_BEFORE_NOTES
        foreign_wait();
        release_sinks();
#endif
        READ_NC
        FOR_COUNTERS(has_note, 0);
#endif
#ifdef BREAK_NOTES_NOT_READ
        next_step = 0;
#endif
        if
        :: d_step { next_step == 0 -> skip }; break
        :: d_step { next_step != 0 && lock != 0 -> next_step = 0 }; break
        :: d_step { next_step != 0 && lock == 0 -> next_step = 0; lock_taken() }
        fi
    od
}

/* release_sinks. What Release does is not modelled, but see FOREIGN_WAIT. */
inline release_sinks()
{
    if /* a break may not lead straight into a d_step */
    :: d_step {
        for (i_ : 0 .. ALL_SINKS - 1) {
            if
            :: h & BIT(i_) ->
                assert(!(released & BIT(i_)));
                assert(calls[i_] == 0);
                released = released | BIT(i_)
            :: else
            fi
        }
        h = 0;
        n_h = 0
       }
    fi
}

/* ---- the end of a fire ------------------------------------------------------------------- */

#if defined(BREAK_PARKED)
#define OTHERS_LEFT(x) ((x & COUNT) > 1)
#else
#define OTHERS_LEFT(x) ((x & COUNT) > (x & PARKED) / PARKED_1 + 1)
#endif

/* leave: may the fire just count itself out? */
#if defined(BREAK_WATCHED)
#define MAY_GO(x) (!more)
#elif defined(BREAK_NO_NEW_LOOK)
#define MAY_GO(x) (!more && (looked || !(x & FLAGS) || OTHERS_LEFT(x)))
#else
#define MAY_GO(x) (!more && (!(x & FLAGS) || OTHERS_LEFT(x)))
#endif

/*
 * readers_leave, leave and connpt__reclaim_end_fire. A compare-and-exchange is repeated until it
 * succeeds or the condition is false, so it is one step. Nothing here waits.
 */
inline end_fire(k)
{
    do
#ifdef BREAK_LEAVE_IN_TWO
    :: MAY_GO(counter[k]) ->
       d_step { ACCESS; counter[k]-- };
#else
    :: d_step { MAY_GO(counter[k]) -> ACCESS; counter[k]-- };
#endif
       break
    :: d_step { !MAY_GO(counter[k]) -> ACCESS; more = 0 };
#ifndef BREAK_NOTE_RELAXED
        d_step { ACCESS; counter[k] = counter[k] | NOTE };
#endif
#ifdef STALLED_HOLDER
        d_step { tries = tries + stalled; assert(tries <= 2) };
#endif
        if
        :: d_step { lock != 0 -> ACCESS };
#ifdef BREAK_NOTE_RELAXED
           d_step { ACCESS; counter[k] = counter[k] | NOTE };
#endif
           if
#ifdef BREAK_NOTE_TAKEN
           :: d_step { ACCESS; counter[k]-- }; break
#else
           :: d_step { counter[k] & NOTE -> ACCESS; counter[k]-- }; break
           :: else
#endif
           fi
        :: d_step { lock == 0 -> lock_taken() };
#ifdef STALLED_HOLDER
           d_step { looks++; assert(looks <= 3) };
#endif
#ifdef BREAK_ENDING_COUNTED
           harvest_and_unlock(NOBODY, skips);
#else
           harvest_and_unlock(k, skips);
#endif
           release_sinks();
#ifdef BREAK_NO_NEW_LOOK
           looked = 1;
#endif
           d_step { has_owner = has_owner | gets_owner; gets_owner = 0 }
        fi
    od
}

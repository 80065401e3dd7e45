/* SPDX-License-Identifier: MIT */
/*
 * core.pml - two threads that fire a point, and two that change it, in every order
 *
 * The threads and what they may do; state.pml, list.pml, reclaim.pml, fire.pml and mutate.pml are
 * the core. tests/model/run says which configurations there are. An error of one of these kinds is
 * a defect: an assertion; an end state that is not the end (somebody waits for ever).
 */
#include "state.pml"
#include "list.pml"
#include "reclaim.pml"
#include "fire.pml"
#include "mutate.pml"

/* For each thread that fires: how often; what its sinks may do inside the call, and how often. */
#ifndef FIRES0
#define FIRES0 1
#endif
#ifndef FIRES1
#define FIRES1 1
#endif
#ifndef CALL0
#define CALL0 0
#endif
#ifndef CALL1
#define CALL1 0
#endif
#ifndef ACTS
#define ACTS 1
#endif

/* For each of the others: what it may do, one of these */
#ifndef TARGETS0
#define TARGETS0 3 /* the sinks that it may disconnect: a mask */
#endif
#ifndef TARGETS1
#define TARGETS1 3
#endif
#ifndef TARGETS2
#define TARGETS2 1
#endif
#ifndef TARGETS3
#define TARGETS3 2
#endif
#ifndef DOES2
#define DOES2 UNADVISE
#endif
#ifndef DOES3
#define DOES3 UNADVISE
#endif

/* What each thread uses in its steps */
#define REGISTERS                                                                                  \
    byte op, s, c, slot, h, n_h, next_step, flips, busy, gone_here;                                \
    byte nc = 2;                                                                                   \
    bit more, gets_owner, has_owner, skips, waits, is_ours, gives_up

/* One of the operations that @mask allows; NOTHING if there is no other */
inline choose(mask)
{
    if
    :: (mask) & ADVISE && n_sinks < ALL_SINKS -> op = ADVISE
    :: (mask) & UNADVISE -> op = UNADVISE
    :: (mask) & SYNC -> op = SYNC
    :: (mask) & CLOSE -> op = CLOSE
    :: (mask) & RELEASE && has_ref -> op = RELEASE
    :: (mask) & REFERENCE -> op = REFERENCE
    :: (mask) & FIRE && d < DEPTH -> op = FIRE
    :: (mask) == 0 || (mask) & MAYBE -> op = NOTHING
    fi;
    if
    :: op == UNADVISE || op == SYNC -> select_sink()
    :: else
    fi
}

inline select_sink()
{
    if
    :: targets & 1 -> s = 0
    :: targets & 2 -> s = 1
    :: targets & 4 -> s = 2
    fi
}

/* connpt__object_release_own, until it needs the lock: then op is KEEP_OWNER */
inline release_own()
{
    do
#ifdef BREAK_COUNT_TO_0
    :: d_step { refs > 0 -> assert(!freed); refs-- };
       if
       :: refs > 0 -> break
       :: else
       fi;
#else
    :: d_step { refs > 1 -> assert(!freed); refs-- };
       break
    :: else ->
#endif
        READ_NC
        FOR_COUNTERS(look_idle, 0);
#ifdef BREAK_KEEP_OWNER
        busy = 0;
#endif
        if
        :: d_step {
               busy != 0 ->
               busy = 0;
               assert(!freed);
#ifdef BREAK_COUNT_TO_0
               refs++; /* for the fires */
#endif
               refs++; /* for us, until we have done */
               op = KEEP_OWNER
           };
           break
#ifdef BREAK_COUNT_TO_0
        :: d_step { busy == 0 -> destroy() };
#else
        :: d_step { busy == 0 && refs == 1 -> destroy() };
#endif
           break
#ifndef BREAK_COUNT_TO_0
        :: d_step { busy == 0 && refs != 1 -> assert(refs != 0) }
#endif
        fi
    od
}

/* object_destroy. Nobody else is there, so it is one step. */
inline destroy()
{
    assert(!freed);
    assert(d == 0); /* this thread is in no fire of the point, whatever sinks do now */
    assert(lock == 0);
    for (i_ : 0 .. COUNTERS - 1) {
        assert((counter[i_] & COUNT) == 0)
    }
    for (i_ : 0 .. 2) {
        assert(waiters[i_] == 0)
    }
    for (i_ : 0 .. ALL_SINKS - 1) {
        if
        :: i_ < n_sinks && !(released & BIT(i_)) ->
            assert(calls[i_] == 0);
            released = released | BIT(i_)
        :: else
        fi
    }
    freed = 1;
    refs = 0
}

proctype Firer(byte me; byte fires; byte allowed; byte targets)
{
    REGISTERS;
    byte k, d, acts = (allowed -> ACTS : 0);
    bit is_overlap, own_striped, looked, leaves_late, has_ref = 1;
    byte tries, looks;
    byte f_counter[DEPTH], f_chunk[DEPTH], f_end[DEPTH], f_slots[DEPTH], f_rest[DEPTH];
    byte f_called[DEPTH], f_gone[DEPTH], f_old[DEPTH], f_limit[DEPTH];

#if FIRES0 == 0 || FIRES1 == 0
    if
    :: fires == 0 -> goto returns
    :: else
    fi;
#endif
#ifdef FIRERS_ALIKE
    /* They do the same, so it does not matter which one is the first. */
    if
    :: me == 0
    :: me != 0 -> first_began
    fi;
#endif
begins:
    if
    :: choose_counter()
    fi;
#if defined(BREAK_RANGE_EARLY)
    set_range();
    count_in();
#elif defined(BREAK_ENTER_RELAXED)
    set_range();
    read_slots();
    count_in();
    goto looked_at_slots;
#else
    count_in();
    set_range();
#endif

next:
    if
    :: read_slots()
    fi;
looked_at_slots:
    if
    :: d_step { k == CALLS -> k = 0 }; goto call
    :: k == CHUNK_ENDED ->
        read_next();
        if
        :: d_step { k == CHUNK_BEGINS -> k = 0 }; goto next
        :: k == ENDED
        fi
    :: k == ENDED
    fi;
    end_fire(f_counter[F]);
#ifdef BREAK_LEAVE_RELAXED
    if
    :: d_step { step_off(f_chunk[F]); f_chunk[F] = 0 }
    fi;
#endif
#ifdef BREAK_OWNER_BEFORE_THREAD
    if
    :: has_owner -> has_owner = 0; leaves_late = 1; goto release
    :: else
    fi;
#endif
    if
    :: d_step { f_counter[F] = 0; d--; looked = 0 }
    fi;
    if
    :: d_step { has_owner -> has_owner = 0 };
       goto release
    :: else
    fi;

returns: /* from a fire, or from what a sink did inside one */
#ifdef BREAK_OWNER_BEFORE_THREAD
    if
    :: leaves_late -> leaves_late = 0; d--
    :: else
    fi;
#endif
    if
    :: d > 0 -> goto next
    :: else
    fi;
    if
    :: d_step { fires > 1 && has_ref -> fires--; acts = (allowed -> ACTS : 0) };
       goto begins
    :: else
    fi;
#ifdef OWNER
    if
    :: d_step { has_ref -> has_ref = 0 };
       goto release
    :: else
    fi;
#endif
    goto stops;

call: /* the sink does something, or returns */
    if
    :: d_step { acts == 0 -> skip };
       goto next
    :: acts > 0 ->
        choose(allowed);
        acts--
    fi;
    if
    :: op == NOTHING -> goto next
    :: op == FIRE -> goto begins
    :: d_step { op == RELEASE -> op = NOTHING; has_ref = 0 }; goto release
    :: d_step { op == REFERENCE -> op = NOTHING; ACCESS; refs++ }; goto release
    :: else
    fi;
#ifdef OWNER
    d_step { ACCESS; refs++ };
#endif
do_work:
    work();
    op = NOTHING;
#ifndef OWNER
    goto returns;
#endif
release:
    release_own();
    if
    :: op == KEEP_OWNER -> goto do_work
    :: else -> op = NOTHING; goto returns
    fi;
stops:
    skip
}

proctype Mutator(byte me; byte allowed; byte targets)
{
    REGISTERS;
    bit has_ref = 1;
    byte d = 0, f_counter[DEPTH], f_called[DEPTH];

#ifdef STALLED_HOLDER
    if
    :: me == 3 ->
        d_step { lock == 0 -> lock = 1; stalled = 1 };
end_stalled:
        false
    :: else
    fi;
#endif
    choose(allowed);
    if
    :: op == NOTHING || op == RELEASE -> op = NOTHING; goto last_release
    :: else
    fi;
#ifdef OWNER
    d_step { ACCESS; refs++ };
#endif
do_work:
    work();
    op = NOTHING;
#ifdef FOREIGN_WAIT
    third_is_done = third_is_done || me == 3;
#endif
#ifndef OWNER
    goto stops;
#endif
release:
    release_own();
    if
    :: op == KEEP_OWNER -> goto do_work
    :: else
    fi;
last_release:
#ifdef OWNER
    if
    :: d_step { has_ref -> has_ref = 0 };
       goto release
    :: else
    fi;
#endif
stops:
    op = 0
}

/* Nothing is left over. */
inline check_end()
{
    d_step {
        assert(lock == 0);
        for (i_ : 0 .. COUNTERS - 1) {
            assert(counter[i_] == 0)
        }
        for (i_ : 0 .. ALL_SINKS - 1) {
            assert(calls[i_] == 0)
        }
#ifdef OWNER
        assert(freed && released == BIT(n_sinks) - 1);
#else
        assert(batch == NONE && draining == 0 && incoming == 0);
        assert(waiters[0] == 0 && inside == 0 && !owner_waits);
        m_ = 0;
        for (i_ : 1 .. CHUNKS) {
            assert(chunk[i_].standing == 0);
            assert(chunk[i_].pending[0] == 0 && chunk[i_].pending[1] == 0);
            assert(chunk[i_].awaited == 0 && !chunk[i_].queued && !chunk[i_].unlinked);
            for (k_ : 0 .. SLOTS - 1) {
                if
                :: LIVE(i_) & BIT(k_) -> m_ = m_ | BIT(chunk[i_].sink[k_] - 1)
                :: else
                fi
            }
        }
        assert(!(closed && m_ != 0));
        assert((m_ & released) == 0);
        assert((m_ | released) == BIT(n_sinks) - 1)
#endif
    }
}

inline connect_first_sinks()
{
    d_step {
        for (i_ : 0 .. SINKS - 1) {
            m_ = 1 + i_ / SLOTS;
            k_ = i_ % SLOTS;
            chunk[m_].in_use = 1;
            chunk[m_].state = (chunk[m_].state | BIT(k_)) + 16;
            chunk[m_].sink[k_] = i_ + 1;
            chunk[m_].prev = m_ - 1;
            chunk[m_].sequence = m_ - 1;
            chunk[m_ - 1].next = (m_ > 1 -> m_ : 0);
            where_is[i_] = m_ * SLOTS + k_;
            tail = m_
        }
#ifdef SPENT
        chunk[tail].state = LIVE(tail) + 16 * SLOTS;
#endif
        first = 1;
        next_sequence = tail;
        n_sinks = SINKS;
        n_connected = SINKS;
        refs = 4
    }
}

init
{
    atomic {
        connect_first_sinks();
        run Firer(0, FIRES0, CALL0, TARGETS0);
        run Firer(1, FIRES1, CALL1, TARGETS1);
        run Mutator(2, DOES2, TARGETS2);
        run Mutator(3, DOES3, TARGETS3)
    }
#ifdef STALLED_HOLDER
end_init:
#endif
    _nr_pr == 1 -> check_end()
}

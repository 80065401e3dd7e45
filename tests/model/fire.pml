/* SPDX-License-Identifier: MIT */
/*
 * fire.pml - src/core/fire.c, src/core/readers.c and the loop of <connpt/fire.h>
 *
 * A thread that fires is inside of d fires. The innermost one has f_counter[F], f_chunk[F] and so
 * on, as in struct connpt_fire.
 */

#ifndef DEPTH
#define DEPTH 1 /* fires of a thread inside each other */
#endif
#define F (d - 1)
#define DONE_WITH 8 /* of f_called: the sink called last, plus 1; plus this after its call */

/*
 * The fire begins: connpt_fire_enter_inline reads the flags, which hold the phase and say whether
 * there are stripes. What connpt_point_has_sinks looks at is left out: it can only keep a fire from
 * beginning, and a fire without connections has no effect.
 */
inline choose_counter()
{
    d_step {
        ACCESS;
        d++;
        first_began = 1;
        f_gone[F] = gone;
        f_old[F] = n_connected;
        f_counter[F] = phase + (striped_flag || own_striped -> 2 : 0)
    }
}

/* connpt_fire_count_in. A fire that is not alone may be the 256th such one, which adds stripes. */
inline count_in()
{
    d_step {
        ACCESS;
#if COUNTERS > 2
        is_overlap = counter[f_counter[F]] != 0 && f_counter[F] < 2;
#endif
        counter[f_counter[F]]++
    }
#if COUNTERS > 2
    if
    :: is_overlap && !striped -> add_stripes()
    :: true
    fi;
    is_overlap = 0
#endif
}

/* The pointer that holders of the lock look at, then the flag that fires look at */
inline add_stripes()
{
#ifdef BREAK_STRIPES_RELAXED
    own_striped = 1 /* others do not see it yet */
#else
    d_step { ACCESS; striped = 1 };
    d_step { ACCESS; striped_flag = 1 }
#endif
}

/* The thread holds a pointer to chunk x from here on. For a d_step. */
inline stand_on(x)
{
    assert(x == 0 || chunk[x].in_use);
    chunk[x].standing = (x != 0 -> chunk[x].standing + 1 : 0)
}

inline step_off(x)
{
    assert(x == 0 || chunk[x].in_use);
    chunk[x].standing = (x != 0 -> chunk[x].standing - 1 : 0)
}

/* set_range. f_chunk is 0 when there is nothing to walk. */
inline set_range()
{
    d_step { ACCESS; c = tail; stand_on(c) };
    d_step {
        ACCESS;
        f_chunk[F] = first;
        if
#ifdef BREAK_TAIL_NOT_COMPARED
        :: c == 0 || first == 0 ->
#else
        :: c == 0 || first == 0 || chunk[first].sequence > chunk[c].sequence ->
#endif
            assert(first == 0 || chunk[first].in_use);
            f_chunk[F] = 0;
            step_off(c);
            c = 0
        :: else ->
            stand_on(first);
            f_end[F] = chunk[c].sequence
        fi
    };
    d_step {
        ACCESS;
        if
        :: c != 0 ->
#ifdef BREAK_END_SLOTS
            f_slots[F] = ALL_SLOTS;
#else
            f_slots[F] = END_STATE_SEEN(c) & 15;
#endif
            f_rest[F] = (f_chunk[F] == c -> f_slots[F] : ALL_SLOTS);
            step_off(c);
            c = 0
        :: else
        fi;
        f_limit[F] = n_sinks
    }
}

/* Nobody is passed over: sinks from @from to before @to that were there when the fire began have
 * been disconnected. For a d_step. */
inline check_passed(from, to)
{
    n_ = (to < f_old[F] -> to : f_old[F]);
    i_ = from;
    do
    :: i_ < n_ ->
        k_ = where_is[i_] / SLOTS;
        assert(!(chunk[k_].in_use && chunk[k_].sink[where_is[i_] % SLOTS] == i_ + 1 &&
                 LIVE(k_) & BIT(where_is[i_] % SLOTS)));
        i_++
    :: else -> break
    od
}

/* The loop is over; the fire has still to count itself out. For a d_step. */
inline walk_ends()
{
    check_passed((f_called[F] == 0 -> 0 : f_called[F] - DONE_WITH), ALL_SINKS);
#ifndef BREAK_LEAVE_RELAXED
    step_off(f_chunk[F]);
    f_chunk[F] = 0;
#endif
    f_rest[F] = 0;
    f_end[F] = 0;
    f_slots[F] = 0;
    f_called[F] = 0;
    f_gone[F] = 0;
    f_old[F] = 0;
    f_limit[F] = 0
}

/* What connpt_fire_next comes to: */
#define ENDED 0
#define CALLS 1
#define CHUNK_ENDED 2
#define CHUNK_BEGINS 3

/* One step of connpt_fire_next: the call before ends; look at the slots of this chunk */
inline read_slots()
{
    d_step {
        ACCESS;
        if
        :: f_called[F] != 0 && f_called[F] < DONE_WITH ->
            calls[f_called[F] - 1]--;
            f_called[F] = f_called[F] + DONE_WITH
        :: else
        fi;
        k = ENDED;
        if
        :: f_chunk[F] != 0 ->
            assert(chunk[f_chunk[F]].in_use);
            f_rest[F] = f_rest[F] & STATE_SEEN(f_chunk[F]) & 15;
            if
            :: f_rest[F] != 0 ->
                k = CALLS;
                j_ = (f_rest[F] & 1 -> 0 : 1);
                f_rest[F] = WITHOUT(f_rest[F], j_);
                m_ = chunk[f_chunk[F]].sink[j_];
                assert(m_ != 0);                    /* its pointer is there */
                m_--;
                assert(!(released & BIT(m_)));      /* it was not released */
                assert(!(silent & BIT(m_)));        /* no synchronous Unadvise has ended */
                assert(!(f_gone[F] & BIT(m_)));     /* no Unadvise ended before the fire began */
                assert(m_ < f_limit[F]);            /* it was there when the fire began */
                assert(f_called[F] == 0 || m_ + 1 > f_called[F] - DONE_WITH); /* the order */
                check_passed((f_called[F] == 0 -> 0 : f_called[F] - DONE_WITH), m_);
                f_called[F] = m_ + 1;
                calls[m_]++
            :: f_rest[F] == 0 && chunk[f_chunk[F]].sequence < f_end[F] -> k = CHUNK_ENDED
            :: f_rest[F] == 0 && chunk[f_chunk[F]].sequence >= f_end[F]
            fi
        :: else
        fi;
        if
        :: k == ENDED -> walk_ends()
        :: else
        fi
    }
}

/* The other step: on to the next chunk */
inline read_next()
{
    d_step {
        ACCESS;
        assert(chunk[f_chunk[F]].in_use);
        m_ = chunk[f_chunk[F]].next;
        assert(m_ == 0 || chunk[m_].in_use);
        if
#ifdef BREAK_END_FORGOTTEN
        :: m_ != 0 ->
#else
        :: m_ != 0 && chunk[m_].sequence <= f_end[F] ->
#endif
            stand_on(m_);
            step_off(f_chunk[F]);
            f_chunk[F] = m_;
            f_rest[F] = (chunk[m_].sequence == f_end[F] -> f_slots[F] : ALL_SLOTS);
            k = CHUNK_BEGINS
        :: else ->
            k = ENDED;
            walk_ends()
        fi
    }
}

/* connpt__fire_own_holds */
inline own_holds()
{
    m_ = 0;
#ifndef BREAK_OWN_HOLDS
    do
    :: m_ < d ->
        own[f_counter[m_]]++;
        m_++
    :: else -> break
    od;
#endif
}

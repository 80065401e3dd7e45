/* SPDX-License-Identifier: MIT */
/*
 * body.pml - src/core/point.c: the first Advise makes the point's body, others close the point
 *
 * A point that nobody ever connected to has no body (no lock, no list). Whoever connects first
 * makes one and publishes it; whoever closes sets a flag and then looks whether there is a body.
 * Nothing may be connected once a close has returned and the Advise that ran beside it has too;
 * there is one body, and no other is kept; and who uses the body, or fires because somebody is
 * connected, finds it whole.
 */

byte body;    /* the point's, by number; 0: none */
bit made[3];  /* allocated */
bit whole[3]; /* what is in it can be seen */
bit lock[3];
bit closed;
byte connected; /* a mask of sinks */
byte released;  /* those that close disconnected */

#ifdef BREAK_CLOSED_READ_EARLY
#define SAYS_CLOSED was_closed
#else
#define SAYS_CLOSED closed
#endif

/* need_body: load, make, exchange */
inline need_body()
{
    if
    :: body != 0
    :: else ->
        d_step {
            made[me] = 1;
#ifndef BREAK_BODY_RELAXED
            whole[me] = 1
#endif
        };
        if
#ifdef BREAK_BODY_STORED
        :: body = me
#else
        :: d_step { body == 0 -> body = me }
#endif
        :: d_step {
               body != 0 ->
#ifndef BREAK_BODY_KEPT
               made[me] = 0;
#endif
               whole[me] = 0
           }
        fi
    fi
}

proctype Adviser(byte me)
{
    bit was_closed;
    byte b;
#ifdef BREAK_BODY_READ_RELAXED
    bit seen[3]; /* what is in it may be seen as it was before */

    d_step { seen[1] = whole[1]; seen[2] = whole[2]; seen[me] = 1 };
#endif

    was_closed = closed;
    if
    :: was_closed -> goto refused
    :: else
    fi;
    need_body();
    b = body;
#ifdef BREAK_BODY_READ_RELAXED
    assert(seen[b]);
#endif
    assert(whole[b]);
    d_step { lock[b] == 0 -> lock[b] = 1 };
#ifndef BREAK_CLOSED_NOT_READ
    if
    :: SAYS_CLOSED -> goto unlocks
    :: else
    fi;
#endif
    connected = connected | (1 << me);
unlocks:
    lock[b] = 0;
#ifdef BREAK_BODY_RELAXED
    whole[me] = made[me];
#endif
refused:
    skip
}

proctype Closer()
{
    byte b;

#ifdef BREAK_CLOSE_RELAXED
    b = body;
    closed = 1;
#else
    closed = 1;
    b = body;
#endif
    if
    :: b == 0
    :: else ->
        assert(whole[b]);
        d_step { lock[b] == 0 -> lock[b] = 1 };
        d_step {
            assert((connected & released) == 0);
            released = released | connected;
            connected = 0
        };
        lock[b] = 0
    fi
}

/* connpt_point_has_sinks, then what a fire uses of the body */
proctype Firer()
{
    if
    :: connected == 0
    :: connected != 0 -> assert(body != 0 && whole[body])
    fi
}

init
{
    atomic {
        run Adviser(1);
        run Adviser(2);
        run Closer();
        run Closer();
        run Firer()
    }
    _nr_pr == 1;
    assert(connected == 0);
    assert(made[1] + made[2] == (body != 0));
    assert(lock[1] == 0 && lock[2] == 0)
}

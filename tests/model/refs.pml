/* SPDX-License-Identifier: MIT */
/*
 * refs.pml - src/core/object.c: the count of references, and fires of two points
 *
 * Threads add and release references, and begin and end fires of either point, also inside fires,
 * each as far as it may: with a reference of its own, or inside a fire. Who finds that his is the
 * only reference looks at the points, one after the other, and ends the object or gives the
 * reference to the fires that he saw. How the fires of one point get it and give it back is
 * core.pml's subject; here that is one step.
 */
#ifndef THREADS
#define THREADS 2
#endif
#ifndef ACTS
#define ACTS 4 /* references that a thread adds and fires that it begins, together */
#endif
#define POINTS 2
#define DEPTH 2 /* fires of a thread inside each other */
#define NONE POINTS

byte refs;
bit looking;        /* OBJECT_LOOKING */
byte fires[POINTS];
bit waits[POINTS];  /* a reference was given to the fires of the point */
bit freed;

#define ACCESS assert(!freed)

/* object_destroy: nobody else is there */
inline destroy()
{
    assert(fires[0] == 0 && fires[1] == 0);
    assert(!waits[0] && !waits[1]);
    freed = 1;
    refs = 0;
    looking = 0
}

/* give_to_fires, of point @busy */
inline give_to_fires()
{
    d_step { ACCESS; refs++ }; /* for the thread, until it has done */
    d_step {
        ACCESS;
        if
        :: fires[busy] != 0 ->
            assert(!waits[busy]);
            waits[busy] = 1
        :: else -> /* they have ended, and it comes back at once */
            assert(refs > 1);
            refs--;
            looking = 0
        fi;
        busy = NONE
    }
}

/* connpt__object_release_own */
inline release_own()
{
    do
    :: d_step { refs > 1 -> ACCESS; refs--; looking = 0 };
       break
    :: d_step {
           refs <= 1 ->
           ACCESS;
           assert(refs == 1);
#ifndef BREAK_REFS_NOT_MARKED
           looking = 1
#endif
       };
       d_step { ACCESS; busy = (fires[0] != 0 -> 0 : NONE) };
#ifndef BREAK_ONE_POINT
       if
       :: busy == NONE -> d_step { ACCESS; busy = (fires[1] != 0 -> 1 : NONE) }
       :: else
       fi;
#endif
       if
       :: busy != NONE -> give_to_fires()
#if defined(BREAK_REFS_NOT_MARKED)
       :: d_step { busy == NONE && refs == 1 -> ACCESS; destroy() };
#elif defined(BREAK_REFS_NOT_READ_AGAIN)
       :: d_step { busy == NONE -> ACCESS; destroy() };
#else
       :: d_step { busy == NONE && refs == 1 && looking -> ACCESS; destroy() };
#endif
          break
       :: d_step { busy == NONE && !(refs == 1 && looking) -> ACCESS }
       fi
    od
}

proctype Thread()
{
    byte has = 1, acts = ACTS, d, busy = NONE, p;
    byte fired[DEPTH];
    bit given;

    do
    :: acts > 0 && has + d > 0 && d < DEPTH ->
        if
        :: p = 0
        :: p = 1
        fi;
        d_step { ACCESS; fires[p]++; fired[d] = p; d++; acts--; p = 0 }
    :: d_step { acts > 0 && has + d > 0 && has < 2 -> ACCESS; refs++; has++; acts-- }
    :: d_step {
           d > 0 ->
           ACCESS;
           d--;
           fires[fired[d]]--;
           given = waits[fired[d]] && fires[fired[d]] == 0;
           waits[fired[d]] = waits[fired[d]] && !given;
           fired[d] = 0
       };
       if
       :: d_step { given -> given = 0 };
          release_own()
       :: else
       fi
    :: d_step { has > 0 -> has-- };
       release_own()
    :: d_step { has + d == 0 -> acts = 0 };
       break
    od
}

init
{
    byte i;

    atomic {
        refs = THREADS;
        do
        :: i < THREADS -> run Thread(); i++
        :: else -> break
        od
    };
    _nr_pr == 1 -> assert(freed)
}

/* SPDX-License-Identifier: MIT */
/*
 * state.pml - what the threads of the model share, and what it watches over them
 *
 * One step of the model is one atomic operation of the core, together with work on what only the
 * holder of the lock, or only one thread, may touch. Steps interleave in every order, and each
 * sees all before it: this is sequential consistency, which the core asks for where it matters.
 * A weaker order is one store or one addition that comes later than written (BREAK_...).
 */

/* ---- sizes, each may be set from outside ------------------------------------------------- */

#ifndef SLOTS
#define SLOTS 1 /* of a chunk: 1 or 2 */
#endif
#ifndef CHUNKS
#define CHUNKS 3
#endif
#ifndef SINKS
#define SINKS 2 /* connected at the start */
#endif
#ifndef MORE_SINKS
#define MORE_SINKS 2 /* that Advise may connect */
#endif
#ifndef COUNTERS
#define COUNTERS 2 /* 4: with one stripe */
#endif
#ifndef ROOM
#define ROOM 16 /* sinks in a harvest */
#endif

/* SPENT: the last chunk's other slots were used before */

#define THREADS 4
#define NOBODY 15  /* not a counter, not a sink */
#define MAX_FLIPS 3 /* changes of the phase in one harvest: one for each grace period */

/* ---- the point ----------------------------------------------------------------------------- */

/* A counter: the number of fires, how many of them are parked, and two flags. */
#define COUNT 7
#define PARKED_1 8
#define PARKED 24
#define NOTE 32
#define WATCHED 64
#define FLAGS (PARKED | NOTE | WATCHED)
byte counter[COUNTERS]; /* by number: phase 0, phase 1, the stripe's phase 0, phase 1 */
bit phase;
bit striped;      /* point->stripes is set */
bit striped_flag; /* CONNPT_POINT_STRIPED */

bit lock;
bit closed;

/* Chunks have numbers from 1; 0 is NULL. */
byte first, tail, next_sequence;

#define ALL_SLOTS ((1 << SLOTS) - 1)
typedef Chunk {
    byte state; /* 4 bits: which slots are connected; above them: how many have been used */
    byte next, prev, sequence;
    byte sink[SLOTS];
    byte pending[2], awaited; /* masks */
    byte pending_next;
    bit unlinked, queued;
    bit in_use;     /* not in the pool */
    byte standing   /* fires that hold a pointer to it */
};
Chunk chunk[CHUNKS + 1];

#define LIVE(c) (chunk[c].state & 15)
#define USED(c) (chunk[c].state >> 4)

/* Reclaim. A grace period is the mask of counters not seen at 0; 0 when none is under way. */
mtype = { NONE, WAITING, RELEASING };
mtype batch = NONE;
bit parity;
byte draining, incoming; /* chunks, linked by pending_next */
byte batch_unseen;
byte waiters[3]; /* threads that wait in a synchronous Unadvise, plus 1; oldest first; 0: none */
byte wait_unseen[THREADS];
bit over[THREADS]; /* the event that the thread waits for */
byte inside;       /* the one of them that waits inside a fire, plus 1 */
byte own[COUNTERS]; /* its fires */
bit owner_waits;
byte owner_unseen;

/* ---- what is watched ----------------------------------------------------------------------- */

#define ALL_SINKS (SINKS + MORE_SINKS)
byte n_sinks;              /* sinks whose Advise began; their number is their order */
byte n_connected;          /* those of them that are sure to be connected */
byte where_is[ALL_SINKS];  /* the cookie: chunk * SLOTS + slot */
byte calls[ALL_SINKS];     /* fires that call it, or have read its slot and will */
byte released;             /* masks of sinks */
byte gone;                 /* Unadvise has returned */
byte silent;               /* a synchronous one, whose caller was promised that no call runs */

bit first_began;           /* a fire has begun */

#ifdef STALLED_HOLDER
bit stalled;
#endif
#ifdef FOREIGN_WAIT
bit third_is_done;
#endif

/* The object. Touching it after its end is an error. */
byte refs;
bit freed;
#ifdef OWNER
#define ACCESS assert(!freed)
#else
#define ACCESS skip
#endif

#define BIT(n) (1 << (n))
#define WITHOUT(mask, n) ((mask) & (255 - BIT(n)))

/* Scratch of one step. */
hidden byte i_, j_, k_, m_, n_;

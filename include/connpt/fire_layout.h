/* SPDX-License-Identifier: MIT */
/* connpt/fire_layout.h - what a fire walks, and its own state; <connpt/fire.h> has the functions */
#ifndef CONNPT_FIRE_LAYOUT_H
#define CONNPT_FIRE_LAYOUT_H

#include <connpt/point.h>

enum {
    CONNPT_FIRE_IGNORE = 0x0,         /* what sinks return is not looked at */
    CONNPT_FIRE_FIRST_FAILURE = 0x1,  /* connpt_fire_end returns the first failure */
    CONNPT_FIRE_STOP_ON_FAILURE = 0x2 /* a failure ends the fire, and end returns it */
};

/*
 * Ten connections in the order of Advise, the first five in the same cache line as what is read
 * before them. The layout is part of the ABI, because the loop is compiled into callers;
 * src/core/chunk.h says who may write what when.
 */
struct connpt_chunk {
    uint32_t state;            /* atomic; bit s + 2: slot s is connected; bits 16 up: slots used */
    uint32_t key;              /* the library's */
    uint64_t sequence;         /* position in the list's history; ascends along the list */
    struct connpt_chunk *next; /* never NULL, see connpt__no_connections; atomic */
    void *sinks[10];           /* by slot: interface pointers, or what CONNPT_FIRE_AGILE says */
};

/* A fire that is under way, on the caller's stack. All of it is the library's. */
struct connpt_fire {
    struct connpt_chunk *chunk; /* being walked; never NULL */
    uint64_t end_sequence;      /* of the last chunk that existed when the fire began ... */
    uint32_t end_slots;         /* ... and `live` for its slots that were connected then */
    uint32_t live;              /* the lowest bit: what was called last; above it, the slots of
                                   `chunk` whose turn comes (a mask). Below the slots' bits:
                                   0x1: nothing was called, 0x2: nothing of this chunk was */
    uint32_t policy;            /* CONNPT_FIRE_... */
    HRESULT failure;            /* the first one reported; S_OK */
    connpt_point *point;
    void *reached; /* on Windows: the sink called last, if it was to be fetched for this thread,
                      with a reference; else NULL */
    void *reserved;
    uint32_t *counter; /* the count that this fire is in; NULL: none */
};

#endif

# SPDX-License-Identifier: MIT
"""What the model is checked with: its configurations, and its broken variants

A configuration says what each of the two firing threads' sinks may do inside a call (CALL0, CALL1),
what each of the two other threads does (DOES2, DOES3), and sizes (state.pml).
"""
from dataclasses import dataclass


@dataclass
class Configuration:
    what: str
    defines: tuple
    model: str = "core.pml"
    full: bool = False  # only in the long form


@dataclass
class Variant:
    name: str  # the model is compiled with BREAK_<name>
    configuration: str
    what: str
    defines: tuple = ()


def core(what, defines, full=False):
    return Configuration(what, tuple(defines.split()), "core.pml", full)


CONFIGURATIONS = {
    # Two firing threads and two others. Where the firing threads do the same, which of them begins
    # first does not matter (FIRERS_ALIKE).
    "unadvise": core("fire, fire, Unadvise, Unadvise; a chunk each",
                     "FIRERS_ALIKE CHUNKS=2"),
    "sync": core("fire, fire, synchronous Unadvise, Unadvise; one chunk",
                 "FIRERS_ALIKE CHUNKS=1 SLOTS=2 DOES2=SYNC"),
    "advise": core("fire, fire, Advise, Unadvise",
                   "FIRERS_ALIKE CHUNKS=2 SINKS=1 MORE_SINKS=1 DOES2=ADVISE TARGETS3=1"),
    "close": core("fire, fire, close, Advise or Unadvise",
                  "FIRERS_ALIKE CHUNKS=2 SINKS=1 MORE_SINKS=1 DOES2=CLOSE DOES3=UNADVISE+ADVISE"
                  " TARGETS3=1"),
    "stalled": core("fire, fire, Unadvise, and a thread that never unlocks",
                    "FIRERS_ALIKE CHUNKS=2 STALLED_HOLDER"),
    # One part of the protocol each, with fewer threads.
    "beside": core("fire with a synchronous Unadvise in the call, fire, Unadvise",
                   "INSIDE CHUNKS=1 SLOTS=2 CALL0=SYNC TARGETS0=1 TARGETS2=2 DOES3=0"),
    "inside": core("fire, fire, each with an Unadvise of some kind in the call",
                   "INSIDE CHUNKS=2 CALL0=SYNC CALL1=SYNC+UNADVISE DOES2=0 DOES3=0"),
    "nested": core("fire with a fire or an Unadvise in the call, fire, Unadvise",
                   "CHUNKS=2 DEPTH=2 CALL0=FIRE+UNADVISE DOES3=0"),
    "phases": core("two fires, two fires, synchronous Unadvise",
                   "FIRERS_ALIKE CHUNKS=1 SINKS=1 FIRES0=2 FIRES1=2 DOES2=SYNC DOES3=0"),
    "stripes": core("two fires, fire, Unadvise; stripes may come",
                    "COUNTERS=4 CHUNKS=1 SINKS=1 FIRES0=2 DOES3=0"),
    "stripes, sync": core("fire, fire, synchronous Unadvise; stripes may come",
                          "FIRERS_ALIKE COUNTERS=4 CHUNKS=1 SINKS=1 DOES2=SYNC DOES3=0"),
    "stripes, owner": core("fire, with an Unadvise or a reference dropped inside, fire; stripes",
                           "OWNER COUNTERS=4 CHUNKS=1 SINKS=1 CALL0=RELEASE+UNADVISE TARGETS0=1"
                           " DOES2=0 DOES3=0"),
    "room": core("fire, fire, close; a harvest has room for one sink",
                 "FIRERS_ALIKE CHUNKS=1 SLOTS=2 ROOM=1 DOES2=CLOSE DOES3=0"),
    "foreign": core("two fires, synchronous Unadvise, Unadvise with a Release that waits for it",
                    "CHUNKS=1 SLOTS=2 FOREIGN_WAIT DOES3=SYNC FIRES0=2 FIRES1=0"),
    "owner": core("fire, fire, each with references dropped or added inside, Unadvise; the end",
                  "OWNER CHUNKS=1 SINKS=1 CALL0=RELEASE+REFERENCE+MAYBE CALL1=RELEASE+REFERENCE"
                  " DOES3=0"),
    "body": Configuration("the first Advise, another one, close, close, fire", (), "body.pml"),
    "references": Configuration("two threads with a reference each, that fire two points, add and"
                                " release", ("ACTS=5",), "refs.pml"),

    # The long form: more of everything.
    "any": core("fire, fire, two of: Unadvise, synchronous Unadvise, of either sink",
                "FIRERS_ALIKE CHUNKS=2 DOES2=UNADVISE+SYNC DOES3=UNADVISE+SYNC"
                " TARGETS2=3 TARGETS3=3", full=True),
    "any, one chunk": core("the same, with both sinks in one chunk",
                           "FIRERS_ALIKE CHUNKS=1 SLOTS=2 DOES2=UNADVISE+SYNC DOES3=UNADVISE+SYNC"
                           " TARGETS2=3 TARGETS3=3", full=True),
    "any, inside": core("fire, fire, each with a synchronous Unadvise in the call, and the same two"
                        " outside",
                        "INSIDE CHUNKS=1 SINKS=1 CALL0=SYNC CALL1=SYNC DOES2=SYNC TARGETS3=1",
                        full=True),
    "any, advise": core("fire, fire, Advise, Unadvise of either sink",
                        "FIRERS_ALIKE CHUNKS=3 DOES2=ADVISE TARGETS3=3 MORE_SINKS=1", full=True),
    "any, close": core("fire, fire, close, Advise or Unadvise of either sink",
                       "FIRERS_ALIKE CHUNKS=3 MORE_SINKS=1 DOES2=CLOSE DOES3=UNADVISE+ADVISE"
                       " TARGETS3=3", full=True),
    "any, stripes": core("fire, fire, Unadvise, synchronous Unadvise; stripes may come",
                         "FIRERS_ALIKE COUNTERS=4 CHUNKS=1 SLOTS=2 DOES3=SYNC", full=True),
    "any, nested": core("fire with a fire in the call, fire, Unadvise, Unadvise",
                        "CHUNKS=1 SLOTS=2 DEPTH=2 CALL0=FIRE", full=True),
    "any, owner": core("fire, fire, with references dropped or added, Unadvise, Unadvise; the end",
                       "OWNER CHUNKS=1 SINKS=1 TARGETS3=1 CALL0=RELEASE+REFERENCE+MAYBE"
                       " CALL1=RELEASE+REFERENCE", full=True),
    "any, references": Configuration("the same with three threads", ("THREADS=3", "ACTS=3"),
                                     "refs.pml", full=True),
    "any, foreign": core("fire, fire, synchronous Unadvise, Unadvise with a Release that waits",
                         "FIRERS_ALIKE CHUNKS=1 SLOTS=2 FOREIGN_WAIT DOES3=SYNC", full=True),
}

VARIANTS = [
    Variant("LEAVE_IN_TWO", "unadvise", "that others are left, and the count-out, are two steps"),
    Variant("NO_NEW_LOOK", "unadvise", "the last fire of a counter goes without a new look"),
    Variant("NOTE_TAKEN", "unadvise", "a fire goes although its note was taken"),
    Variant("NOTES_NOT_READ", "unadvise", "notes are not read after unlocking"),
    Variant("PARKED", "beside", "PARKED is ignored"),
    Variant("RELEASED_AT_ONCE", "sync", "a removed sink is released at once"),
    Variant("RECYCLED_AT_ONCE", "unadvise", "a chunk is recycled at once"),
    Variant("RECYCLE_PENDING", "sync", "a chunk is recycled though slots are pending",
            ("FIRES1=0",)),
    Variant("RECYCLE_AWAITED", "sync", "a chunk is recycled though a slot is awaited",
            ("FIRES0=2", "FIRES1=0")),
    Variant("COUNT_TO_0", "owner", "the count of references may fall to 0 twice"),
    Variant("OWNER_BEFORE_THREAD", "owner",
            "the last reference is released before the fire leaves its thread's list"),
    Variant("STRIPES_NOT_SEEN", "stripes", "stripes are not looked at"),
    Variant("RELEASE_BEFORE_NOTES", "foreign", "sinks are released before the notes are read"),
    Variant("REMOVE_RELAXED", "sync", "connpt__list_remove stores relaxed", ("FIRES1=0",)),
    Variant("UNLINK_RELAXED", "unadvise", "unlink_chunk stores relaxed"),
    Variant("BOTH_RELAXED", "unadvise", "connpt__list_remove and unlink_chunk store relaxed",
            ("BREAK_REMOVE_RELAXED", "BREAK_UNLINK_RELAXED")),
    Variant("APPEND_RELAXED", "advise", "connpt__list_append stores relaxed"),
    Variant("ENTER_RELAXED", "sync", "a fire's count-in is relaxed", ("FIRES1=0",)),

    Variant("RANGE_EARLY", "unadvise", "first and tail are read before the count-in"),
    Variant("TAIL_NOT_COMPARED", "nested", "a fire does not compare the first chunk with its end",
            ("DEPTH=1", "CALL0=0", "CALL1=ADVISE", "SLOTS=2", "SINKS=1", "SPENT", "DOES2=ADVISE",
             "DOES3=UNADVISE", "TARGETS3=1")),
    Variant("LEAVE_RELAXED", "unadvise", "a fire's count-out is relaxed"),
    Variant("BITS_RELAXED", "unadvise", "a fire reads the bits of a chunk relaxed",
            ("SLOTS=2", "SINKS=3", "FIRES1=0", "DOES3=0")),
    Variant("IDLE_RELAXED", "sync", "the counters are read relaxed: before the removal",
            ("FIRES1=0",)),
    Variant("CHUNK_RELAXED", "advise", "add_chunk stores relaxed"),
    Variant("NEXT_CLEARED", "unadvise", "a chunk that leaves the list forgets what follows it",
            ("FIRES1=0", "DOES3=0")),
    Variant("WATCHED", "unadvise", "WATCHED is ignored by the end of a fire"),
    Variant("WATCH", "unadvise", "WATCHED is not set"),
    Variant("WATCH_LATE", "unadvise", "WATCHED is set after the counters are read"),
    Variant("FLAGS_STAY", "unadvise", "WATCHED stays when nobody waits"),
    Variant("NOTE_RELAXED", "unadvise", "the note is set relaxed: after trylock"),
    Variant("UNLOCK_RELAXED", "unadvise", "the lock is free only after the notes are read"),
    Variant("ENDING_COUNTED", "stalled", "an ending fire counts itself"),
    Variant("LEADER", "beside", "each grace period asks for the other phase"),
    Variant("PHASE", "unadvise", "the phase does not change"),
    Variant("ONE_BATCH", "unadvise", "a removal joins the batch that waits"),
    Variant("MORE", "room", "what did not fit into a harvest is forgotten"),
    Variant("OWN_HOLDS", "inside", "a synchronous wait does not know its own fires"),
    Variant("TWO_INSIDE", "inside", "two wait inside fires of one point"),
    Variant("WAIT", "inside", "a synchronous Unadvise does not wait"),
    Variant("END_SLOTS", "advise", "a fire does not remember the slots that were connected",
            ("SLOTS=2", "CHUNKS=1")),
    Variant("NOT_SETTLED", "advise", "notes are not read after unlocking without a harvest",
            ("FIRES1=0",)),
    Variant("NO_LOOK_AT_HANDOVER", "owner", "who gives the reference to the fires does not look"),
    Variant("END_FORGOTTEN", "any, advise", "a fire goes on past the chunk that was the last",
            ("FIRES1=0",)),
    Variant("STRIPES_EARLY", "stripes", "whether there are stripes is read before the removal"),
    Variant("STRIPES_RELAXED", "stripes", "the stripes are published relaxed"),
    Variant("KEEP_OWNER", "owner", "the last reference ends the object though fires run"),
    Variant("REFS_NOT_MARKED", "references", "the last holder does not mark the count"),
    Variant("REFS_NOT_READ_AGAIN", "references", "the references are not counted again"),
    Variant("ONE_POINT", "references", "only the first point is asked whether fires run"),
    Variant("CLOSE_RELAXED", "body", "close sets its flag relaxed: after it looks for the body"),
    Variant("CLOSED_READ_EARLY", "body", "Advise reads the flag before it publishes the body"),
    Variant("CLOSED_NOT_READ", "body", "Advise does not read the flag under the lock"),
    Variant("BODY_STORED", "body", "the body is stored, not exchanged"),
    Variant("BODY_RELAXED", "body", "the body is published relaxed"),
    Variant("BODY_READ_RELAXED", "body", "the body is read relaxed: what is in it, before"),
    Variant("BODY_KEPT", "body", "who comes second does not free its body"),
]

UNREACHED = [
]

/* SPDX-License-Identifier: MIT */
/*
 * connpt/fire.h - call one event on every connection of a point
 *
 *     struct connpt_fire fire;
 *     IThermoSink *sink;
 *
 *     connpt_fire_begin(&fire, point, CONNPT_FIRE_IGNORE);
 *     while ((sink = connpt_fire_next(&fire)) != NULL)
 *         connpt_fire_result(&fire, IThermoSink_Changed(sink, celsius));
 *     connpt_fire_end(&fire);
 *
 * The loop is an ordinary one: `break` ends the fire early (a veto), and every begin needs its
 * end on the same thread, the inner fire's before the outer one's. The compiler checks the event's
 * arguments.
 *
 * What a fire calls: the connections that existed when it began and are still there when their
 * turn comes, in the order of Advise, once each. A sink may advise, unadvise (itself, an earlier
 * or a later one), fire again, close or release the object inside its call. (CONTRACT F-1 to F-6)
 *
 * A fire belongs to the thread that began it: its functions are called on that thread only. They
 * take no lock and allocate nothing, with two exceptions: a sink that is dropped because it is dead
 * (connpt_fire_failed), and on Windows what COM does for CONNPT_SOURCE_AGILE (<connpt/object.h>).
 *
 * Where the compiler is GCC or Clang these functions are also macros, which put the usual case into
 * the caller (<connpt/fire_inline.h>); `(connpt_fire_begin)(...)` calls the function. A program
 * that defines CONNPT_FIRE_CALL_ENDS before it includes this gets smaller code: a fire with sinks
 * to call then makes one call at its begin and one at its end.
 *
 * <connpt/automation.h> fires events of dispinterfaces.
 */
#ifndef CONNPT_FIRE_H
#define CONNPT_FIRE_H

#include <connpt/fire_layout.h>
#include <connpt/point.h>

CONNPT_BEGIN_DECLS

/*
 * connpt_fire_begin - start a fire
 *
 * @fire:   uninitialised
 * @point:  borrowed; the caller has a reference to its object, or is inside a fire of it. The
 *          object stays alive until connpt_fire_end even if all references go meanwhile.
 * @policy: CONNPT_FIRE_...
 *
 * Threads: any; several may fire the same point at once and none waits.
 * Cost:    one atomic addition; one load when nobody is connected.
 * Source:  CONTRACT F-1, F-2, F-4, F-6, F-8, T-5.
 */
CONNPT_API void connpt_fire_begin(struct connpt_fire *fire, connpt_point *point, uint32_t policy);

/*
 * connpt_fire_end - finish a fire, however its loop was left
 *
 * Releases the sinks (and the object) whose last holder was this fire.
 *
 * Returns: S_OK: at least one sink was called; S_FALSE: none was; with a policy other than
 *          CONNPT_FIRE_IGNORE, the first failure reported.
 * Cost:    one compare-and-exchange, if nobody waits for this fire's end; never a wait for another
 *          fire. The one that has got the last reference to the object may wait for an Advise or
 *          Unadvise that is at work, like any other Release.
 * Source:  CONTRACT F-5, F-6, T-3, T-5.
 */
CONNPT_API HRESULT connpt_fire_end(struct connpt_fire *fire);

/*
 * connpt_fire_failed - what connpt_fire_result does with a failure: remembers the first one, and
 * ends the loop if the policy says so
 *
 * On a point with CONNPT_SOURCE_DROP_DEAD, a failure which says that the sink's process has gone
 * ends the connection here. That is an Unadvise: it takes the point's lock, so it may wait for an
 * Advise or Unadvise that is at work (not for a fire), and it may call the class's `listening`.
 * (docs/decisions/0007-dropping-dead-sinks.md)
 *
 * Source: CONTRACT F-5, F-7.
 */
CONNPT_API void connpt_fire_failed(struct connpt_fire *fire, HRESULT hr);

/*
 * connpt_fire_next - the next sink to call, borrowed until the following next or end; NULL
 * when there is none. It is a pointer to the point's interface (for a dispinterface: to an
 * IDispatch).
 *
 * Cost:   two loads, and three more after every tenth connection; on Windows, for a sink that
 *         CONNPT_SOURCE_AGILE keeps in COM's table, what COM takes to make a pointer of it.
 * Source: CONTRACT F-1, F-3, T-8.
 */
CONNPT_API void *connpt_fire_next(struct connpt_fire *fire);

/* connpt_fire_result - tell the fire what the sink returned; a success is not looked at */
CONNPT_API void connpt_fire_result(struct connpt_fire *fire, HRESULT hr);

/*
 * connpt_point_fire - the same loop with callbacks, for callers without a C compiler
 *
 * @call:       gets each sink, borrowed, and @context
 * @cancelled:  asked after each call; non-zero ends the fire; may be NULL
 * @ret_called: how many sinks were called; may be NULL
 *
 * Returns: as connpt_fire_end; E_POINTER (point or call NULL).
 * Threads: any.
 * Source:  CONTRACT F-5.
 */
CONNPT_API HRESULT connpt_point_fire(connpt_point *point, uint32_t policy,
                                     HRESULT (*call)(void *sink, void *context),
                                     int (*cancelled)(void *context), void *context,
                                     uint32_t *ret_called);

CONNPT_END_DECLS

#include <connpt/fire_inline.h>
#ifdef CONNPT_FIRE_INLINE
#define connpt_fire_begin(fire, point, policy) connpt_fire_begin_inline(fire, point, policy)
#define connpt_fire_next(fire) connpt_fire_next_inline(fire)
#define connpt_fire_result(fire, hr) connpt_fire_result_inline(fire, hr)
#define connpt_fire_end(fire) connpt_fire_end_inline(fire)
#endif

#endif

/* SPDX-License-Identifier: MIT */
/*
 * check/flawed/race.c - the two defects of threads: the unlucky moment, made to come
 *
 * A race that is left to luck is lost on one machine and won on another. Here a thread that is at
 * the wrong place waits until another one is there too, once in an object's life, and never before
 * a second thread has been seen. The lists themselves are guarded: what goes wrong is what the
 * defect says, and not the memory.
 */
#ifdef _WIN32
#include <windows.h>
#else
#include <time.h>
#endif

#include "flawed.h"

enum {
    MOST_NAPS = 10000
}; /* of a millisecond: only a thread that never comes is waited for so long */

static void nap(void)
{
#ifdef _WIN32
    Sleep(1);
#else
    (void)nanosleep(&(struct timespec){ 0, 1000000 }, NULL);
#endif
}

/* Waits with the lock held, but for the naps. False: it never came. */
static bool wait_for(struct flawed *flawed, bool (*has_come)(const struct flawed *))
{
    for (int i = 0; i < MOST_NAPS; i++) {
        if (has_come(flawed))
            return true;
        flawed_unlock(flawed);
        nap();
        flawed_lock(flawed);
    }
    return false;
}

void race_enter(struct flawed *flawed)
{
    static _Thread_local char self;

    flawed_lock(flawed);
    if (flawed->race.first == NULL)
        flawed->race.first = &self;
    flawed->race.has_others = flawed->race.has_others || flawed->race.first != &self;
    flawed_unlock(flawed);
}

/* ---- two that add at one place ------------------------------------------------------------- */

static bool are_both_here(const struct flawed *flawed)
{
    return flawed->race.n_here == 2;
}

static bool are_both_done(const struct flawed *flawed)
{
    return flawed->race.n_done == 2;
}

bool race_to_add(struct flawed_point *point, struct connection connection)
{
    struct race *race = &point->owner->race;
    unsigned at;

    if (!race->has_others || race->n_here == 2 || race->is_over)
        return false;
    race->n_here++;
    race->is_over = !wait_for(point->owner, are_both_here);
    if (race->is_over)
        return false;
    if (race->n_done++ == 0) {
        race->first_cookie = connection.cookie;
        at = point->n++;
    } else { /* has seen the same length as the first: goes where that one went */
        for (at = 0; point->list[at].cookie != race->first_cookie; at++)
            continue;
    }
    point->list[at] = connection;
    /* Who is overwritten must not have gone before. */
    (void)wait_for(point->owner, are_both_done);
    return true;
}

/* ---- one that is about to call whom another one ends --------------------------------------- */

static bool is_anybody_there(const struct flawed *flawed)
{
    return flawed->points[0].n > 0;
}

static bool has_gone(const struct flawed *flawed)
{
    return flawed->race.has_gone;
}

static bool is_held(const struct flawed *flawed)
{
    return flawed->race.is_over;
}

static bool is_watched(const struct flawed *flawed)
{
    return flawed->race.watched != 0 || flawed->race.is_over;
}

void race_before_copy(struct flawed_point *point)
{
    struct race *race = &point->owner->race;

    if (!race->has_others || race->is_over)
        return;
    race->wants_sink = true;
    race->is_over = !wait_for(point->owner, is_anybody_there);
}

void race_before_removal(struct flawed_point *point)
{
    if (point->owner->race.wants_sink)
        (void)wait_for(point->owner, is_watched);
}

void race_after_copy(struct flawed_point *point)
{
    struct race *race = &point->owner->race;

    if (!race->has_others || race->is_over)
        return;
    race->watched = point->list[0].cookie;
    race->is_over = !wait_for(point->owner, has_gone);
}

void race_after_references(struct flawed_point *point)
{
    flawed_lock(point->owner);
    point->owner->race.is_over |= point->owner->race.has_gone;
    flawed_unlock(point->owner);
}

void race_after_release(struct flawed_point *point, DWORD cookie)
{
    struct race *race = &point->owner->race;

    flawed_lock(point->owner);
    if (race->watched == cookie && !race->is_over) {
        race->has_gone = true;
        (void)wait_for(point->owner, is_held);
    }
    flawed_unlock(point->owner);
}

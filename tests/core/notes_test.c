/* SPDX-License-Identifier: MIT */
/*
 * A fire that ends while another thread holds the point's lock leaves a note, and that thread does
 * its work (src/core/reclaim.c, NOTE). Here the two meet at exact places: the program is linked
 * with
 * --wrap, so that this thread stops before or after it takes or gives back the lock.
 */
#include <stddef.h>
#include <time.h>

#include "crowd.h"
#include "threads.h"

#include "base/mutex.h"
#include "core/point.h"

void __real_connpt__mutex_lock_os(struct connpt__mutex *mutex);
void __wrap_connpt__mutex_lock_os(struct connpt__mutex *mutex);
void __real_connpt__mutex_unlock_os(struct connpt__mutex *mutex);
void __wrap_connpt__mutex_unlock_os(struct connpt__mutex *mutex);
int __real_connpt__mutex_trylock_os(struct connpt__mutex *mutex);
int __wrap_connpt__mutex_trylock_os(struct connpt__mutex *mutex);

/* What this thread does at its next lock or unlock. */
static void (*before_lock)(void), (*after_lock)(void), (*before_unlock)(void);
static _Thread_local int is_firing;
static struct t_thread firing;

/* atomic */
static int is_in_call, may_return; /* the firing thread in its sink's call */
static int holds_back;             /* it stops after a trylock that failed ... */
static int has_failed, may_fail;   /* ... there, and until then */

/* 0 after a deadline that only a deadlock reaches. */
static int wait_for(int *flag)
{
    time_t deadline = time(NULL) + 60;

    while (!__atomic_load_n(flag, __ATOMIC_ACQUIRE)) {
        if (time(NULL) > deadline)
            return 0;
        t_yield();
    }
    return 1;
}

static void set(int *flag)
{
    __atomic_store_n(flag, 1, __ATOMIC_RELEASE);
}

static void run_once(void (**action)(void))
{
    void (*now)(void);

    if (is_firing || *action == NULL)
        return;
    now = *action;
    *action = NULL;
    now();
}

void __wrap_connpt__mutex_lock_os(struct connpt__mutex *mutex)
{
    run_once(&before_lock);
    __real_connpt__mutex_lock_os(mutex);
    run_once(&after_lock);
}

void __wrap_connpt__mutex_unlock_os(struct connpt__mutex *mutex)
{
    run_once(&before_unlock);
    __real_connpt__mutex_unlock_os(mutex);
}

int __wrap_connpt__mutex_trylock_os(struct connpt__mutex *mutex)
{
    int is_locked = __real_connpt__mutex_trylock_os(mutex);

    if (!is_locked && is_firing && __atomic_exchange_n(&holds_back, 0, __ATOMIC_ACQ_REL)) {
        set(&has_failed);
        CHECK(wait_for(&may_fail));
    }
    return is_locked;
}

/* ---- another thread, inside a fire ------------------------------------------------------- */

static void stay(struct sink *sink, LONG value)
{
    (void)value;
    sink->on_event = NULL;
    set(&is_in_call);
    CHECK(wait_for(&may_return));
}

static void fire(void *arg)
{
    (void)arg;
    is_firing = 1;
    (void)fire_event(source->events, 1);
}

static int setup(int n)
{
    before_lock = after_lock = before_unlock = NULL;
    is_in_call = may_return = holds_back = has_failed = may_fail = 0;
    if (!crowd_connect(n, 0))
        return 0;
    sinks[0].on_event = stay;
    return CHECK(t_thread_start(&firing, fire, NULL)) && CHECK(wait_for(&is_in_call));
}

static void let_the_fire_end(void)
{
    set(&may_return);
    t_thread_join(&firing);
}

static void unadvise(int i)
{
    CHECK_HR(IConnectionPoint_Unadvise(source_events(source), cookies[i]), S_OK);
}

static void advise_releases_for_a_fire_that_ends_meanwhile(void)
{
    if (!setup(3))
        return;
    unadvise(1);
    CHECK_INT(sinks[1].refs, 2);
    before_unlock = let_the_fire_end;
    sink_init(&sinks[3], 0);
    (void)advise(source_events(source), &sinks[3]);
    CHECK(before_unlock == NULL);
    CHECK_INT(sinks[1].refs, 1);
    teardown(4);
}

static void unadvise_of_an_unknown_cookie_releases_for_a_fire_that_ends_meanwhile(void)
{
    if (!setup(3))
        return;
    unadvise(1);
    before_unlock = let_the_fire_end;
    CHECK_HR(IConnectionPoint_Unadvise(source_events(source), 0), CONNECT_E_NOCONNECTION);
    CHECK(before_unlock == NULL);
    CHECK_INT(sinks[1].refs, 1);
    teardown(3);
}

static void unadvise_releases_for_a_fire_that_ends_meanwhile(void)
{
    if (!setup(4))
        return;
    unadvise(1);
    before_unlock = let_the_fire_end;
    unadvise(2);
    CHECK(before_unlock == NULL);
    CHECK_INT(sinks[1].refs, 1);
    CHECK_INT(sinks[2].refs, 1);
    teardown(4);
}

static void wait_until_its_trylock_failed(void)
{
    set(&may_return);
    CHECK(wait_for(&has_failed));
}

/* This thread has counted the fire as running when it took the note: the fire must look again. */
static void fire_whose_note_was_taken_looks_again(void)
{
    if (!setup(4))
        return;
    unadvise(1);
    set(&holds_back);
    after_lock = wait_until_its_trylock_failed;
    unadvise(2);
    CHECK(after_lock == NULL);
    CHECK_INT(sinks[1].refs, 2);
    set(&may_fail);
    t_thread_join(&firing);
    CHECK_INT(sinks[1].refs, 1);
    CHECK_INT(sinks[2].refs, 1);
    teardown(4);
}

static void last_release_ends_the_object_when_the_fire_ends_meanwhile(void)
{
    if (!setup(2))
        return;
    before_lock = let_the_fire_end;
    teardown(2);
    CHECK(before_lock == NULL);
}

/* ---- nothing foreign is called before all notes are read ---------------------------------- */

static struct t_thread firing_later, waiting;
static int later_in_call, later_may_return, is_back; /* atomic */

static void stay_later(struct sink *sink, LONG value)
{
    (void)value;
    sink->on_event = NULL;
    set(&later_in_call);
    CHECK(wait_for(&later_may_return));
}

static void unadvise_sync(void *arg)
{
    is_firing = 1; /* its locks are its own */
    CHECK_HR(connpt_point_unadvise_sync(source_events(source), cookies[*(int *)arg]), S_OK);
    set(&is_back);
}

static int is_waited_for(void)
{
    int answer;

    connpt__mutex_lock_os(&source->events->body->mutex);
    answer = source->events->body->reclaim.waiters != NULL;
    connpt__mutex_unlock_os(&source->events->body->mutex);
    return answer;
}

static void let_the_later_fire_end(void)
{
    set(&later_may_return);
    t_thread_join(&firing_later);
}

/* Released by this thread: waits for the one that waits for the later fire. */
static void wait_in_release(struct sink *sink)
{
    (void)sink;
    CHECK(wait_for(&is_back));
}

static void sink_may_wait_in_its_release_for_a_thread_that_a_note_wakes(void)
{
    int awaited = 3;

    later_in_call = later_may_return = is_back = 0;
    if (!setup(6))
        return;
    unadvise(1); /* waits for the first fire; the next one counts itself elsewhere */
    sinks[1].on_release = wait_in_release;
    (void)IUnknown_Release(sink_unknown(&sinks[1]));
    sinks[2].on_event = stay_later;
    CHECK(t_thread_start(&firing_later, fire, NULL));
    CHECK(wait_for(&later_in_call));
    CHECK(t_thread_start(&waiting, unadvise_sync, &awaited));
    while (!is_waited_for())
        t_yield();
    after_lock = let_the_fire_end;
    before_unlock = let_the_later_fire_end;
    CHECK_HR(IConnectionPoint_Unadvise(source_events(source), cookies[4]), S_OK);
    CHECK(after_lock == NULL && before_unlock == NULL);
    t_thread_join(&waiting);
    CHECK_INT(sinks[1].releases_to_zero, 1);
    sinks[1].refs = 1;
    teardown(6);
}

int main(int argc, char **argv)
{
    static const struct t_test tests[] = {
        T(advise_releases_for_a_fire_that_ends_meanwhile),
        T(unadvise_of_an_unknown_cookie_releases_for_a_fire_that_ends_meanwhile),
        T(unadvise_releases_for_a_fire_that_ends_meanwhile),
        T(fire_whose_note_was_taken_looks_again),
        T(last_release_ends_the_object_when_the_fire_ends_meanwhile),
        T(sink_may_wait_in_its_release_for_a_thread_that_a_note_wakes),
        T_END,
    };

    return t_run(argc, argv, tests);
}

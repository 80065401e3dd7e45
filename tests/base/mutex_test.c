/* SPDX-License-Identifier: MIT */
/* tests/base/mutex_test.c - locks exclude, events wake, and held locks are counted */
#include "base/mutex.h"

#include "t.h"
#include "threads.h"

struct shared {
    struct connpt__mutex mutex;
    struct connpt__event_storage event;
    long counter;
    int locked_by_other;
};

static void count_up(void *arg)
{
    struct shared *shared = arg;

    for (int i = 0; i < 20000; i++) {
        connpt__mutex_lock(&shared->mutex);
        shared->counter++;
        connpt__mutex_unlock(&shared->mutex);
    }
}

static void try_lock(void *arg)
{
    struct shared *shared = arg;

    shared->locked_by_other = connpt__mutex_trylock(&shared->mutex);
    if (shared->locked_by_other)
        connpt__mutex_unlock(&shared->mutex);
}

static void set_event(void *arg)
{
    struct shared *shared = arg;

    shared->counter = 1;
    connpt__event_set(&shared->event);
}

static void a_mutex_excludes_other_threads(void)
{
    struct shared shared = { .counter = 0 };
    struct t_thread threads[3];

    CHECK_INT(connpt__mutex_init(&shared.mutex), 0);
    for (int i = 0; i < 3; i++)
        CHECK(t_thread_start(&threads[i], count_up, &shared));
    for (int i = 0; i < 3; i++)
        t_thread_join(&threads[i]);
    CHECK_INT(shared.counter, 60000);
    connpt__mutex_fini(&shared.mutex);
}

static void trylock_says_whether_it_locked(void)
{
    struct shared shared = { .locked_by_other = -1 };
    struct t_thread thread;

    CHECK_INT(connpt__mutex_init(&shared.mutex), 0);
    CHECK_INT(connpt__mutex_trylock(&shared.mutex), 1);
    CHECK(t_thread_start(&thread, try_lock, &shared));
    t_thread_join(&thread);
    CHECK_INT(shared.locked_by_other, 0);
    connpt__mutex_unlock(&shared.mutex);
    CHECK(t_thread_start(&thread, try_lock, &shared));
    t_thread_join(&thread);
    CHECK_INT(shared.locked_by_other, 1);
    connpt__mutex_fini(&shared.mutex);
}

static void an_event_wakes_its_waiter_with_what_was_written_before(void)
{
    struct shared shared = { .counter = 0 };
    struct t_thread thread;

    CHECK_INT(connpt__event_init(&shared.event), 0);
    CHECK(t_thread_start(&thread, set_event, &shared));
    connpt__event_wait(&shared.event);
    CHECK_INT(shared.counter, 1);
    t_thread_join(&thread);
    connpt__event_wait(&shared.event); /* it stays set */
    connpt__event_fini(&shared.event);
}

static void held_locks_are_counted_by_thread(void)
{
#ifndef NDEBUG
    struct connpt__mutex a, b;

    CHECK_INT(connpt__mutex_init(&a), 0);
    CHECK_INT(connpt__mutex_init(&b), 0);
    connpt__assert_unlocked();
    connpt__mutex_lock(&a);
    CHECK_INT(connpt__mutex_trylock(&b), 1);
    CHECK_INT(connpt__locks_held(), 2);
    connpt__mutex_unlock(&b);
    connpt__mutex_unlock(&a);
    connpt__assert_unlocked();
    connpt__mutex_fini(&b);
    connpt__mutex_fini(&a);
#else
    t_skip("release builds do not count");
#endif
}

int main(int argc, char **argv)
{
    static const struct t_test tests[] = {
        T(a_mutex_excludes_other_threads),
        T(trylock_says_whether_it_locked),
        T(an_event_wakes_its_waiter_with_what_was_written_before),
        T(held_locks_are_counted_by_thread),
        T_END,
    };

    return t_run(argc, argv, tests);
}

/* SPDX-License-Identifier: MIT */
/*
 * When the system has no more locks or events. The program is linked with --wrap, so that the calls
 * of the library come here first.
 */
#include <errno.h>
#include <stddef.h>

#include "sink.h"
#include "t.h"

#include "base/mutex.h"

static int n_left; /* so many succeed, then one fails; less than 0: all succeed */

static int is_refused(void)
{
    return n_left >= 0 && n_left-- == 0;
}

#ifdef _WIN32
enum { NEEDED_TO_WAIT = 1 };

int __real_connpt__event_init(struct connpt__event_storage *storage);
int __wrap_connpt__event_init(struct connpt__event_storage *storage);

int __wrap_connpt__event_init(struct connpt__event_storage *storage)
{
    return is_refused() ? -1 : __real_connpt__event_init(storage);
}

static void object_is_created_whole_or_not_at_all(void)
{
    t_skip("a lock on Windows is a word: there is always one more");
}

static void first_advise_to_an_added_point_connects_or_changes_nothing(void)
{
    t_skip("a lock on Windows is a word: there is always one more");
}
#else
enum { NEEDED_TO_WAIT = 2 };

int __real_pthread_mutex_init(pthread_mutex_t *mutex, const pthread_mutexattr_t *attributes);
int __wrap_pthread_mutex_init(pthread_mutex_t *mutex, const pthread_mutexattr_t *attributes);
int __real_pthread_cond_init(pthread_cond_t *cond, const pthread_condattr_t *attributes);
int __wrap_pthread_cond_init(pthread_cond_t *cond, const pthread_condattr_t *attributes);

int __wrap_pthread_mutex_init(pthread_mutex_t *mutex, const pthread_mutexattr_t *attributes)
{
    return is_refused() ? EAGAIN : __real_pthread_mutex_init(mutex, attributes);
}

int __wrap_pthread_cond_init(pthread_cond_t *cond, const pthread_condattr_t *attributes)
{
    return is_refused() ? EAGAIN : __real_pthread_cond_init(cond, attributes);
}

static void object_is_created_whole_or_not_at_all(void)
{
    int n_refused = 0;

    for (int n = 0; n < 10; n++) {
        struct connpt_object *object = NULL;
        HRESULT hr;

        n_left = n;
        hr = connpt_object_create(&source_class, NULL, &object);
        if (n_left >= 0) { /* all that were wanted were there */
            n_left = -1;
            CHECK_HR(hr, S_OK);
            (void)connpt_object_Release(object);
            break;
        }
        CHECK_HR(hr, E_OUTOFMEMORY);
        CHECK_PTR(object, NULL);
        n_refused++;
    }
    CHECK_INT(n_refused, 3); /* the object's lock, and one for each point */
}

/* An added point gets its lock with the first Advise. */
static void first_advise_to_an_added_point_connects_or_changes_nothing(void)
{
    static const struct connpt_source none[] = { { NULL, 0, 0 } };
    static const struct connpt_source added = { &IID_ITestEvents, 0, 0 };
    static const struct connpt_class cls = { .size = sizeof(struct connpt_object),
                                             .sources = none };
    struct connpt_object *object;
    connpt_point *point;
    struct sink sink;

    n_left = -1;
    if (!CHECK(SUCCEEDED(connpt_object_create(&cls, NULL, &object))))
        return;
    sink_init(&sink, 1);
    n_left = 0;
    CHECK_HR(connpt_object_add_point(object, &added, &point), S_OK);
    CHECK_INT(advise(connpt_point_iface(point), &sink), 0);
    CHECK_INT(sink.refs, 1);
    n_left = -1;
    CHECK_INT(advise(connpt_point_iface(point), &sink), 1);
    CHECK_INT(sink.refs, 2);
    (void)connpt_object_Release(object);
    CHECK_INT(sink.refs, 1);
}
#endif

static void unadvise_sync_that_cannot_wait_changes_nothing(void)
{
    struct source *source;
    struct sink sink;
    DWORD cookie;

    n_left = -1;
    source = source_create();
    if (!CHECK(source != NULL))
        return;
    sink_init(&sink, 1);
    cookie = advise(source_events(source), &sink);
    for (int n = 0; n < NEEDED_TO_WAIT; n++) {
        n_left = n;
        CHECK_HR(connpt_point_unadvise_sync(source_events(source), cookie), E_OUTOFMEMORY);
        CHECK_INT(sink.refs, 2);
    }
    n_left = -1;
    CHECK_HR(connpt_point_unadvise_sync(source_events(source), cookie), S_OK);
    CHECK_INT(sink.refs, 1);
    source_release(source);
}

int main(int argc, char **argv)
{
    static const struct t_test tests[] = {
        T(object_is_created_whole_or_not_at_all),
        T(first_advise_to_an_added_point_connects_or_changes_nothing),
        T(unadvise_sync_that_cannot_wait_changes_nothing),
        T_END,
    };

    return t_run(argc, argv, tests);
}

/* SPDX-License-Identifier: MIT */
/*
 * Every lock and event that the library makes is given back to the system. The program is linked
 * with --wrap, so that the calls of the library come here first.
 */
#include <stddef.h>

#include "sink.h"
#include "t.h"

#include "base/mutex.h"

static int n_mutexes, n_conds;           /* that are there now; a cond is an event, or in one */
static int n_mutexes_made, n_conds_made; /* so far */

#ifdef _WIN32
int __real_connpt__mutex_init(struct connpt__mutex *mutex);
int __wrap_connpt__mutex_init(struct connpt__mutex *mutex);
void __real_connpt__mutex_fini(struct connpt__mutex *mutex);
void __wrap_connpt__mutex_fini(struct connpt__mutex *mutex);
int __real_connpt__event_init(struct connpt__event_storage *storage);
int __wrap_connpt__event_init(struct connpt__event_storage *storage);
void __real_connpt__event_fini(struct connpt__event_storage *storage);
void __wrap_connpt__event_fini(struct connpt__event_storage *storage);

int __wrap_connpt__mutex_init(struct connpt__mutex *mutex)
{
    n_mutexes++;
    n_mutexes_made++;
    return __real_connpt__mutex_init(mutex);
}

void __wrap_connpt__mutex_fini(struct connpt__mutex *mutex)
{
    n_mutexes--;
    __real_connpt__mutex_fini(mutex);
}

int __wrap_connpt__event_init(struct connpt__event_storage *storage)
{
    n_conds++;
    n_conds_made++;
    return __real_connpt__event_init(storage);
}

void __wrap_connpt__event_fini(struct connpt__event_storage *storage)
{
    n_conds--;
    __real_connpt__event_fini(storage);
}
#else
int __real_pthread_mutex_init(pthread_mutex_t *mutex, const pthread_mutexattr_t *attributes);
int __wrap_pthread_mutex_init(pthread_mutex_t *mutex, const pthread_mutexattr_t *attributes);
int __real_pthread_mutex_destroy(pthread_mutex_t *mutex);
int __wrap_pthread_mutex_destroy(pthread_mutex_t *mutex);
int __real_pthread_cond_init(pthread_cond_t *cond, const pthread_condattr_t *attributes);
int __wrap_pthread_cond_init(pthread_cond_t *cond, const pthread_condattr_t *attributes);
int __real_pthread_cond_destroy(pthread_cond_t *cond);
int __wrap_pthread_cond_destroy(pthread_cond_t *cond);

int __wrap_pthread_mutex_init(pthread_mutex_t *mutex, const pthread_mutexattr_t *attributes)
{
    n_mutexes++;
    n_mutexes_made++;
    return __real_pthread_mutex_init(mutex, attributes);
}

int __wrap_pthread_mutex_destroy(pthread_mutex_t *mutex)
{
    n_mutexes--;
    return __real_pthread_mutex_destroy(mutex);
}

int __wrap_pthread_cond_init(pthread_cond_t *cond, const pthread_condattr_t *attributes)
{
    n_conds++;
    n_conds_made++;
    return __real_pthread_cond_init(cond, attributes);
}

int __wrap_pthread_cond_destroy(pthread_cond_t *cond)
{
    n_conds--;
    return __real_pthread_cond_destroy(cond);
}
#endif

static void check_none_left(void)
{
    CHECK_INT(n_mutexes, 0);
    CHECK_INT(n_conds, 0);
}

static void objects_give_back_their_locks(void)
{
    static const struct connpt_source third = { &IID_ITestThird, 0, 0 };
    struct source *source = source_create();
    struct sink sink;

    n_mutexes_made = n_mutexes;
    if (source == NULL)
        return;
    CHECK_HR(connpt_object_add_point(&source->object, &third, NULL), S_OK);
    CHECK_HR(connpt_object_add_point(&source->object, &third, NULL), E_INVALIDARG);
    sink_init(&sink, 1);
    (void)advise(source_events(source), &sink);
    (void)advise(source_other(source), &sink);
    source_release(source);
    CHECK(n_mutexes_made > 0);
    CHECK_INT(sink.refs, 1);
    check_none_left();
}

static void object_that_is_not_made_gives_back_its_locks(void)
{
    for (int n = 1;; n++) {
        struct connpt_object *object = NULL;
        HRESULT hr;

        t_fail_allocation(n);
        hr = connpt_object_create(&source_class, NULL, &object);
        t_memory_begin(0);
        if (SUCCEEDED(hr)) {
            (void)connpt_object_Release(object);
            break;
        }
        check_none_left();
    }
    check_none_left();
}

static void object_that_is_refused_gives_back_its_locks(void)
{
    static const struct connpt_source twice[] = { { &IID_ITestEvents, 0, 0 },
                                                  { &IID_ITestEvents, 0, 0 },
                                                  { NULL, 0, 0 } };
    static const struct connpt_class cls = { .size = sizeof(struct connpt_object),
                                             .sources = twice };
    struct connpt_object *object = NULL;

    n_mutexes_made = 0;
    CHECK_HR(connpt_object_create(&cls, NULL, &object), E_INVALIDARG);
    CHECK(n_mutexes_made > 0);
    check_none_left();
}

static void synchronous_unadvise_gives_back_what_it_waits_with(void)
{
    struct source *source = source_create();
    struct sink sink;
    DWORD cookie;

    if (source == NULL)
        return;
    sink_init(&sink, 1);
    cookie = advise(source_events(source), &sink);
    if (cookie != 0) {
        n_conds_made = 0;
        CHECK_HR(connpt_point_unadvise_sync(source_events(source), cookie), S_OK);
        CHECK_HR(connpt_point_unadvise_sync(source_events(source), cookie), CONNECT_E_NOCONNECTION);
        CHECK_INT(n_conds_made, 2); /* one for each call */
    }
    source_release(source);
    check_none_left();
}

int main(int argc, char **argv)
{
    static const struct t_test tests[] = {
        T(objects_give_back_their_locks),
        T(object_that_is_not_made_gives_back_its_locks),
        T(object_that_is_refused_gives_back_its_locks),
        T(synchronous_unadvise_gives_back_what_it_waits_with),
        T_END,
    };

    return t_run(argc, argv, tests);
}

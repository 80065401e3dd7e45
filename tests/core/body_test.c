/* SPDX-License-Identifier: MIT */
/*
 * Points that get their body with the first Advise: two threads that come at once. The allocator
 * stops the first one between its allocation and what it does with it.
 */
#include <pthread.h>
#include <stdlib.h>
#include <time.h>

#include "sink.h"
#include "t.h"

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static int is_armed, is_stopped, may_go_on; /* under the mutex */
static long n_blocks;                       /* atomic */

/* Until *@flag; 0 after a deadline that only a deadlock reaches. */
static int wait_for(const int *flag)
{
    struct timespec deadline;
    int rc = 0;

    clock_gettime(CLOCK_REALTIME, &deadline);
    deadline.tv_sec += 60;
    while (!*flag && rc == 0)
        rc = pthread_cond_timedwait(&changed, &mutex, &deadline);
    return rc == 0;
}

static void *stopping_resize(void *context, void *block, size_t size)
{
    void *result = realloc(block, size);

    (void)context;
    if (result != NULL && block == NULL)
        (void)__atomic_add_fetch(&n_blocks, 1, __ATOMIC_RELAXED);
    pthread_mutex_lock(&mutex);
    if (is_armed) {
        is_armed = 0;
        is_stopped = 1;
        pthread_cond_broadcast(&changed);
        CHECK(wait_for(&may_go_on));
    }
    pthread_mutex_unlock(&mutex);
    return result;
}

static void counting_release(void *context, void *block)
{
    (void)context;
    (void)__atomic_sub_fetch(&n_blocks, 1, __ATOMIC_RELAXED);
    free(block);
}

static struct source *source;
static connpt_point *added;
static struct sink sinks[2];
static DWORD cookies[2];

static void *advise_first(void *arg)
{
    (void)arg;
    cookies[0] = advise(connpt_point_iface(added), &sinks[0]);
    return NULL;
}

static void second_thread_is_first(void)
{
    static const struct connpt_source third = { &IID_ITestThird, CONNPT_SOURCE_DISPATCH, 0 };
    pthread_t thread;

    is_armed = is_stopped = may_go_on = 0;
    source = source_create();
    if (!CHECK(source != NULL) ||
        !CHECK_HR(connpt_object_add_point(&source->object, &third, &added), S_OK))
        return;
    for (int i = 0; i < 2; i++) {
        sink_init(&sinks[i], 0);
        sinks[i].answers = SINK_DISPATCH;
    }
    is_armed = 1;
    pthread_create(&thread, NULL, advise_first, NULL);
    pthread_mutex_lock(&mutex);
    CHECK(wait_for(&is_stopped));
    pthread_mutex_unlock(&mutex);
    cookies[1] = advise(connpt_point_iface(added), &sinks[1]);
    pthread_mutex_lock(&mutex);
    may_go_on = 1;
    pthread_cond_broadcast(&changed);
    pthread_mutex_unlock(&mutex);
    pthread_join(thread, NULL);
}

static void two_first_connections_at_once_are_both_made(void)
{
    static const struct connpt_allocator allocator = { stopping_resize, counting_release, NULL };

    connpt_set_allocator(&allocator);
    second_thread_is_first();
    if (source != NULL && added != NULL) {
        CHECK(cookies[0] != 0 && cookies[1] != 0 && cookies[0] != cookies[1]);
        CHECK_INT(connpt_point_connections(added), 2);
        (void)fire_event(added, 1);
        for (int i = 0; i < 2; i++) {
            CHECK_INT(sinks[i].calls, 1);
            CHECK_HR(IConnectionPoint_Unadvise(connpt_point_iface(added), cookies[i]), S_OK);
            CHECK_INT(sinks[i].refs, 1);
        }
    }
    if (source != NULL)
        source_release(source);
    CHECK_INT(n_blocks, 0);
    t_memory_install();
}

/* A close that comes between must not be overlooked by the Advise. */
static void *close_object(void *arg)
{
    (void)arg;
    connpt_object_close(&source->object);
    return NULL;
}

static void close_while_the_body_is_made_refuses_the_connection(void)
{
    static const struct connpt_allocator allocator = { stopping_resize, counting_release, NULL };
    static const struct connpt_source third = { &IID_ITestThird, CONNPT_SOURCE_DISPATCH, 0 };
    pthread_t thread, closing;

    connpt_set_allocator(&allocator);
    is_armed = is_stopped = may_go_on = 0;
    source = source_create();
    if (source != NULL && SUCCEEDED(connpt_object_add_point(&source->object, &third, &added))) {
        sink_init(&sinks[0], 0);
        sinks[0].answers = SINK_DISPATCH;
        cookies[0] = 1;
        is_armed = 1;
        pthread_create(&thread, NULL, advise_first, NULL);
        pthread_mutex_lock(&mutex);
        CHECK(wait_for(&is_stopped));
        pthread_mutex_unlock(&mutex);
        pthread_create(&closing, NULL, close_object, NULL);
        pthread_join(closing, NULL);
        pthread_mutex_lock(&mutex);
        may_go_on = 1;
        pthread_cond_broadcast(&changed);
        pthread_mutex_unlock(&mutex);
        pthread_join(thread, NULL);
        CHECK_INT(cookies[0], 0);
        CHECK_INT(connpt_point_connections(added), 0);
        CHECK_INT(sinks[0].refs, 1);
    }
    if (source != NULL)
        source_release(source);
    CHECK_INT(n_blocks, 0);
    t_memory_install();
}

int main(int argc, char **argv)
{
    static const struct t_test tests[] = {
        T(two_first_connections_at_once_are_both_made),
        T(close_while_the_body_is_made_refuses_the_connection),
        T_END,
    };

    return t_run(argc, argv, tests);
}

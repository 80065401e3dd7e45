/* SPDX-License-Identifier: MIT */
/* base/mutex_posix.c - mutex.h over POSIX threads */
#include "base/mutex.h"

#ifndef CONNPT__WORD_LOCKS

#include <string.h>

int connpt__mutex_init(struct connpt__mutex *mutex)
{
    return pthread_mutex_init(&mutex->os, NULL) == 0 ? 0 : -1;
}

void connpt__mutex_fini(struct connpt__mutex *mutex)
{
    (void)pthread_mutex_destroy(&mutex->os);
}

void connpt__mutex_lock_os(struct connpt__mutex *mutex)
{
    (void)pthread_mutex_lock(&mutex->os);
}

int connpt__mutex_trylock_os(struct connpt__mutex *mutex)
{
    return pthread_mutex_trylock(&mutex->os) == 0;
}

void connpt__mutex_unlock_os(struct connpt__mutex *mutex)
{
    (void)pthread_mutex_unlock(&mutex->os);
}

struct connpt__event {
    pthread_mutex_t mutex;
    pthread_cond_t changed;
    int set;
};

_Static_assert(sizeof(struct connpt__event) <= sizeof(struct connpt__event_storage),
               "an event fits its storage");

static struct connpt__event *event_of(struct connpt__event_storage *storage)
{
    return (struct connpt__event *)(void *)storage->u.bytes;
}

int connpt__event_init(struct connpt__event_storage *storage)
{
    struct connpt__event *event = event_of(storage);

    memset(storage, 0, sizeof *storage);
    if (pthread_mutex_init(&event->mutex, NULL) != 0)
        return -1;
    if (pthread_cond_init(&event->changed, NULL) != 0) {
        (void)pthread_mutex_destroy(&event->mutex);
        return -1;
    }
    return 0;
}

void connpt__event_fini(struct connpt__event_storage *storage)
{
    (void)pthread_cond_destroy(&event_of(storage)->changed);
    (void)pthread_mutex_destroy(&event_of(storage)->mutex);
}

void connpt__event_set(struct connpt__event_storage *storage)
{
    struct connpt__event *event = event_of(storage);

    (void)pthread_mutex_lock(&event->mutex);
    event->set = 1;
    /* Inside the mutex: the waiter frees the event as soon as it has seen `set`. */
    (void)pthread_cond_signal(&event->changed);
    (void)pthread_mutex_unlock(&event->mutex);
}

void connpt__event_wait(struct connpt__event_storage *storage)
{
    struct connpt__event *event = event_of(storage);

    (void)pthread_mutex_lock(&event->mutex);
    while (!event->set)
        (void)pthread_cond_wait(&event->changed, &event->mutex);
    (void)pthread_mutex_unlock(&event->mutex);
}

#endif

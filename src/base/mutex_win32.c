/* SPDX-License-Identifier: MIT */
/* base/mutex_win32.c - mutex.h over critical sections and events */
#include "base/mutex.h"

#include <string.h>

#ifndef NDEBUG
static __thread int locks_held;
#define COUNT_LOCK(n) (locks_held += (n))

int connpt__locks_held(void)
{
    return locks_held;
}
#else
#define COUNT_LOCK(n) ((void)0)
#endif

int connpt__mutex_init(struct connpt__mutex *mutex)
{
    return InitializeCriticalSectionAndSpinCount(&mutex->os, 1000) ? 0 : -1;
}

void connpt__mutex_fini(struct connpt__mutex *mutex)
{
    DeleteCriticalSection(&mutex->os);
}

void connpt__mutex_lock(struct connpt__mutex *mutex)
{
    EnterCriticalSection(&mutex->os);
    COUNT_LOCK(1);
}

int connpt__mutex_trylock(struct connpt__mutex *mutex)
{
    if (!TryEnterCriticalSection(&mutex->os))
        return 0;
    COUNT_LOCK(1);
    return 1;
}

void connpt__mutex_unlock(struct connpt__mutex *mutex)
{
    COUNT_LOCK(-1);
    LeaveCriticalSection(&mutex->os);
}

static HANDLE *event_of(struct connpt__event_storage *storage)
{
    return (HANDLE *)(void *)storage->u.bytes;
}

int connpt__event_init(struct connpt__event_storage *storage)
{
    *event_of(storage) = CreateEventW(NULL, TRUE, FALSE, NULL);
    return *event_of(storage) != NULL ? 0 : -1;
}

void connpt__event_fini(struct connpt__event_storage *storage)
{
    CloseHandle(*event_of(storage));
}

void connpt__event_set(struct connpt__event_storage *storage)
{
    SetEvent(*event_of(storage));
}

void connpt__event_wait(struct connpt__event_storage *storage)
{
    WaitForSingleObject(*event_of(storage), INFINITE);
}

/* SPDX-License-Identifier: MIT */
/* base/mutex_win32.c - mutex.h over critical sections and events */
#include "base/mutex.h"

#include <string.h>

int connpt__mutex_init(struct connpt__mutex *mutex)
{
    return InitializeCriticalSectionAndSpinCount(&mutex->os, 1000) ? 0 : -1;
}

void connpt__mutex_fini(struct connpt__mutex *mutex)
{
    DeleteCriticalSection(&mutex->os);
}

void connpt__mutex_lock_os(struct connpt__mutex *mutex)
{
    EnterCriticalSection(&mutex->os);
}

int connpt__mutex_trylock_os(struct connpt__mutex *mutex)
{
    return TryEnterCriticalSection(&mutex->os) != 0;
}

void connpt__mutex_unlock_os(struct connpt__mutex *mutex)
{
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

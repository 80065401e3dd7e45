/* SPDX-License-Identifier: MIT */
/* base/event_win32.c - the events of mutex.h are events of Windows, which a wait can be given */
#include "base/mutex.h"

#include <windows.h>

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
    HANDLE event = *event_of(storage);
    DWORD index;

    /* An STA takes calls meanwhile; it may wait for one of them. Without COM this fails. */
    if (FAILED(CoWaitForMultipleHandles(0, INFINITE, 1, &event, &index)))
        (void)WaitForSingleObject(event, INFINITE);
}

/* SPDX-License-Identifier: MIT */
/* harness/threads_win32.c - threads.h over the threads and locks of Windows */
#include "threads.h"

#include <windows.h>

_Static_assert(sizeof(struct t_mutex) == sizeof(SRWLOCK) &&
                   sizeof(struct t_condition) == sizeof(CONDITION_VARIABLE),
               "threads.h has the space that they need");

static SRWLOCK *lock_of(struct t_mutex *mutex)
{
    return (SRWLOCK *)(void *)&mutex->os;
}

static CONDITION_VARIABLE *variable_of(struct t_condition *condition)
{
    return (CONDITION_VARIABLE *)(void *)&condition->os;
}

void t_mutex_lock(struct t_mutex *mutex)
{
    AcquireSRWLockExclusive(lock_of(mutex));
}

void t_mutex_unlock(struct t_mutex *mutex)
{
    ReleaseSRWLockExclusive(lock_of(mutex));
}

int t_condition_wait(struct t_condition *condition, struct t_mutex *mutex, const int *flag,
                     unsigned seconds)
{
    ULONGLONG deadline = GetTickCount64() + (ULONGLONG)seconds * 1000;

    while (!*flag) {
        ULONGLONG at = GetTickCount64();
        ULONGLONG left = at < deadline ? deadline - at : 0;

        if (left == 0)
            break;
        (void)SleepConditionVariableSRW(variable_of(condition), lock_of(mutex),
                                        left < INFINITE ? (DWORD)left : INFINITE, 0);
    }
    return *flag != 0;
}

void t_condition_wake_all(struct t_condition *condition)
{
    WakeAllConditionVariable(variable_of(condition));
}

void t_yield(void)
{
    (void)SwitchToThread();
}

static DWORD WINAPI start(void *thread)
{
    t_thread_main(thread);
    return 0;
}

int t_thread_start_os(struct t_thread *thread)
{
    thread->os = CreateThread(NULL, 0, start, thread, 0, NULL);
    return thread->os != NULL;
}

void t_thread_join_os(struct t_thread *thread)
{
    (void)WaitForSingleObject(thread->os, INFINITE);
    (void)CloseHandle(thread->os);
}

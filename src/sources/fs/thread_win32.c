/* SPDX-License-Identifier: MIT */
/* fs/thread_win32.c - slim locks and threads that keep their module */
#include "thread.h"

#include <connpt/memory.h>

#include "failure.h"

void fs_lock_init(struct fs_lock *lock)
{
    InitializeSRWLock(&lock->lock);
}

void fs_lock_fini(struct fs_lock *lock)
{
    (void)lock;
}

void fs_lock_acquire(struct fs_lock *lock)
{
    AcquireSRWLockExclusive(&lock->lock);
}

void fs_lock_release(struct fs_lock *lock)
{
    ReleaseSRWLockExclusive(&lock->lock);
}

void fs_condition_init(struct fs_condition *condition)
{
    InitializeConditionVariable(&condition->variable);
}

void fs_condition_fini(struct fs_condition *condition)
{
    (void)condition;
}

void fs_condition_wait(struct fs_condition *condition, struct fs_lock *lock)
{
    (void)SleepConditionVariableSRW(&condition->variable, &lock->lock, INFINITE, 0);
}

void fs_condition_signal_all(struct fs_condition *condition)
{
    WakeAllConditionVariable(&condition->variable);
}

struct start {
    void (*main)(void *context);
    void *context;
    HMODULE module; /* counted */
};

static const char in_module; /* an address */

/* The module may be unloaded as soon as `main` is done; not under the thread's feet. */
static DWORD WINAPI thread_main(void *argument)
{
    struct start start = *(struct start *)argument;
    HRESULT hr = CoInitializeEx(NULL, COINIT_MULTITHREADED);

    connpt_CoTaskMemFree(argument);
    start.main(start.context);
    if (SUCCEEDED(hr))
        CoUninitialize();
    FreeLibraryAndExitThread(start.module, 0);
}

int fs_thread_start(void (*main)(void *context), void *context, struct fs_thread *ret_thread)
{
    struct start *start = connpt_CoTaskMemAlloc(sizeof *start);
    HANDLE handle;
    DWORD error;

    if (start == NULL)
        return FS_NO_MEMORY;
    *start = (struct start){ main, context, NULL };
    if (!GetModuleHandleExW(GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS,
                            (LPCWSTR)(const void *)&in_module, &start->module)) {
        error = GetLastError();
        goto free_start;
    }
    handle = CreateThread(NULL, 0, thread_main, start, 0, &ret_thread->id);
    if (handle != NULL) {
        (void)CloseHandle(handle);
        return 0;
    }
    error = GetLastError();
    (void)FreeLibrary(start->module);
free_start:
    connpt_CoTaskMemFree(start);
    return (int)error;
}

int fs_thread_is_self(const struct fs_thread *thread)
{
    return thread->id == GetCurrentThreadId();
}

/* SPDX-License-Identifier: MIT */
/* check/threads_win32.c - threads.h over Windows' threads */
#include "threads.h"

#include <connpt/com.h>

#include "apartment.h"

static SRWLOCK lock = SRWLOCK_INIT;

void check_lock(void)
{
    AcquireSRWLockExclusive(&lock);
}

void check_unlock(void)
{
    ReleaseSRWLockExclusive(&lock);
}

void check_nap(void)
{
    Sleep(1);
}

void check_pause(unsigned ms)
{
    Sleep(ms);
}

int64_t check_now_ms(void)
{
    return (int64_t)GetTickCount64();
}

void check_meet(void)
{
    static volatile LONG n_here;
    LONG mine = InterlockedIncrement(&n_here) - 1;

    /* See threads_posix.c. */
    if (mine % 2 != 0)
        return;
    for (int i = 0; i < MEETING_TURNS; i++) {
        if (n_here != mine + 1)
            return;
    }
    (void)InterlockedCompareExchange(&n_here, mine, mine + 1);
}

struct crew {
    void (*work)(void *context, unsigned number);
    void *context;
    HANDLE gate; /* set: start, or see that there is nothing to do */
    bool is_cancelled;
};

struct member {
    struct crew *crew;
    unsigned number;
};

static DWORD WINAPI run_member(void *context)
{
    const struct member *member = context;
    struct crew *crew = member->crew;
    HRESULT hr;

    (void)WaitForSingleObject(crew->gate, INFINITE);
    if (crew->is_cancelled)
        return 0;
    hr = CoInitializeEx(NULL, COINIT_MULTITHREADED);
    crew->work(crew->context, member->number);
    if (SUCCEEDED(hr))
        CoUninitialize();
    return 0;
}

/* A single-threaded apartment is called by messages: a thread that needs one of its objects must
 * not wait for this one in vain. */
static void wait_for(HANDLE thread)
{
    if (apartment_is_single()) {
        while (MsgWaitForMultipleObjectsEx(1, &thread, INFINITE, QS_ALLINPUT,
                                           MWMO_INPUTAVAILABLE) == WAIT_OBJECT_0 + 1)
            apartment_deliver();
    }
    (void)WaitForSingleObject(thread, INFINITE);
}

bool check_run_threads(unsigned n, void (*work)(void *context, unsigned number), void *context)
{
    struct crew crew = { work, context, NULL, false };
    struct member members[CHECK_MAX_THREADS];
    HANDLE threads[CHECK_MAX_THREADS];
    unsigned n_started = 0;

    if (n > CHECK_MAX_THREADS)
        return false;
    crew.gate = CreateEventW(NULL, TRUE, FALSE, NULL);
    if (crew.gate == NULL)
        return false;
    for (; n_started < n; n_started++) {
        members[n_started] = (struct member){ &crew, n_started };
        threads[n_started] = CreateThread(NULL, 0, run_member, &members[n_started], 0, NULL);
        if (threads[n_started] == NULL)
            break;
    }
    crew.is_cancelled = n_started != n;
    (void)SetEvent(crew.gate);
    for (unsigned i = 0; i < n_started; i++) {
        wait_for(threads[i]);
        (void)CloseHandle(threads[i]);
    }
    (void)CloseHandle(crew.gate);
    return !crew.is_cancelled;
}

/* SPDX-License-Identifier: MIT */
/* cli/os_win32.c - the system under the command, on Windows */
#include "os.h"

#include <errno.h>
#include <fcntl.h>
#include <io.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <connpt/com.h>

#include "cli.h"
#include "crash_win32.h"

enum { LARGEST_WRITE = 1 << 20 };

static HANDLE wake_event;
static volatile LONG caught_signal;
static volatile LONG write_failed;

void cli_os_distrust_memory(char **argv)
{
    (void)argv;
}

void cli_os_leave_crashes(void)
{
    crash_leave();
}

void cli_os_save_memory(void)
{
}

static UINT console_code_page; /* before ours; 0: not changed */

static void restore_console(void)
{
    if (console_code_page != 0)
        SetConsoleOutputCP(console_code_page);
}

/* The C runtime has no number to give away: a closed stream stays closed. But it would put a
 * carriage return before each line's end, and a console would take UTF-8 for something else. */
void cli_os_hold_streams(void)
{
    (void)_setmode(_fileno(stdout), _O_BINARY);
    (void)_setmode(_fileno(stderr), _O_BINARY);
    (void)setvbuf(stderr, NULL, _IONBF, 0); /* Wine's would keep it to the end */
    console_code_page = GetConsoleOutputCP();
    if (console_code_page == CP_UTF8 || !SetConsoleOutputCP(CP_UTF8))
        console_code_page = 0;
    (void)atexit(restore_console);
}

void cli_os_wake(void)
{
    SetEvent(wake_event);
}

/* The second one ends the program, whatever it waits for: a call to an object that never answers
 * reads no messages. Not by exit(), which waits for whoever holds the loader's lock. */
static BOOL WINAPI on_control(DWORD kind)
{
    LONG number = kind == CTRL_C_EVENT ? SIGINT : SIGTERM;

    if (InterlockedExchange(&caught_signal, number) != 0) {
        restore_console();
        TerminateProcess(GetCurrentProcess(), CLI_SIGNALLED + (UINT)number);
    }
    cli_os_wake();
    return TRUE;
}

int cli_os_signal(void)
{
    return (int)caught_signal;
}

bool cli_os_wait_init(void)
{
    wake_event = CreateEventW(NULL, FALSE, FALSE, NULL);
    if (wake_event == NULL || !SetConsoleCtrlHandler(on_control, TRUE)) {
        cli_error("cannot wait for events: Windows error %lu", GetLastError());
        return false;
    }
    return true;
}

/* One: a timer whose procedure takes longer than its period always has another, and the caller has
 * ends to look for. WM_QUIT is what an object's own idea of an end posts: it ends nothing here. */
static void deliver_message(void)
{
    MSG message;

    if (caught_signal == 0 && PeekMessageW(&message, NULL, 0, 0, PM_REMOVE)) {
        TranslateMessage(&message);
        DispatchMessageW(&message);
    }
}

/* There is no sign of a reader that has gone; the next write tells. */
enum cli_os_wait cli_os_wait(long timeout_ms)
{
    DWORD timeout = timeout_ms < 0 ? INFINITE : (DWORD)timeout_ms;
    DWORD result = WAIT_OBJECT_0;

    if (caught_signal == 0)
        result =
            MsgWaitForMultipleObjectsEx(1, &wake_event, timeout, QS_ALLINPUT, MWMO_INPUTAVAILABLE);
    if (result == WAIT_OBJECT_0 + 1)
        deliver_message();
    if (caught_signal != 0)
        return CLI_WAIT_SIGNAL;
    return result == WAIT_TIMEOUT ? CLI_WAIT_TIME : CLI_WAIT_WOKEN;
}

uintptr_t cli_os_thread(void)
{
    return GetCurrentThreadId();
}

/* ---- locks ----------------------------------------------------------------------------------- */

struct cli_lock {
    CRITICAL_SECTION section;
    CONDITION_VARIABLE condition;
};

struct cli_lock *cli_lock_create(void)
{
    struct cli_lock *lock = cli_alloc(sizeof(*lock));

    InitializeCriticalSection(&lock->section);
    InitializeConditionVariable(&lock->condition);
    return lock;
}

void cli_lock_destroy(struct cli_lock *lock)
{
    if (lock == NULL)
        return;
    DeleteCriticalSection(&lock->section);
    cli_free(lock);
}

void cli_lock(struct cli_lock *lock)
{
    EnterCriticalSection(&lock->section);
}

void cli_unlock(struct cli_lock *lock)
{
    LeaveCriticalSection(&lock->section);
}

void cli_lock_wait(struct cli_lock *lock)
{
    SleepConditionVariableCS(&lock->condition, &lock->section, INFINITE);
}

void cli_lock_notify(struct cli_lock *lock)
{
    WakeAllConditionVariable(&lock->condition);
}

/* ---- output and clock ------------------------------------------------------------------------ */

bool cli_os_is_terminal(void)
{
    return _isatty(_fileno(stdout)) != 0;
}

bool cli_os_errors_go_to_terminal(void)
{
    return _isatty(_fileno(stderr)) != 0;
}

static unsigned columns_of(DWORD stream)
{
    CONSOLE_SCREEN_BUFFER_INFO info;

    if (!GetConsoleScreenBufferInfo(GetStdHandle(stream), &info))
        return 0;
    return (unsigned)(info.srWindow.Right - info.srWindow.Left + 1);
}

unsigned cli_os_columns(void)
{
    unsigned columns = columns_of(STD_OUTPUT_HANDLE);

    return columns != 0 ? columns : columns_of(STD_ERROR_HANDLE);
}

/* Past the stream, which would keep what nobody reads and fail with it at the end. */
bool cli_os_write(const char *bytes, size_t size)
{
    while (size > 0) {
        unsigned piece = size < LARGEST_WRITE ? (unsigned)size : LARGEST_WRITE;
        int n = fflush(stdout) == 0 ? _write(_fileno(stdout), bytes, piece) : -1;

        if (n <= 0) {
            /* a pipe without a reader is EPIPE or EINVAL here */
            if (errno != EPIPE && errno != EINVAL && InterlockedExchange(&write_failed, 1) == 0)
                cli_error("cannot write to stdout: %s", strerror(errno));
            return false;
        }
        bytes += n;
        size -= (size_t)n;
    }
    return true;
}

bool cli_os_write_failed(void)
{
    return write_failed != 0;
}

int64_t cli_os_now_ms(void)
{
    const int64_t from_1601_to_1970 = 116444736000000000; /* in 100 ns */
    FILETIME now;

    GetSystemTimeAsFileTime(&now);
    return ((int64_t)(((uint64_t)now.dwHighDateTime << 32) | now.dwLowDateTime) -
            from_1601_to_1970) /
           10000;
}

int64_t cli_os_monotonic_ms(void)
{
    return (int64_t)GetTickCount64();
}

/* Proleptic Gregorian, from the days since 1970-03-01 of an era of 400 years. */
static void civil_from_days(int64_t days, struct cli_time *ret_time)
{
    int64_t shifted = days + 719468;
    int64_t era = (shifted >= 0 ? shifted : shifted - 146096) / 146097;
    int day_of_era = (int)(shifted - era * 146097);
    int year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    int day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int month = (5 * day_of_year + 2) / 153; /* from March */

    ret_time->day = day_of_year - (153 * month + 2) / 5 + 1;
    ret_time->month = month < 10 ? month + 3 : month - 9;
    ret_time->year = (int)(year_of_era + era * 400) + (ret_time->month <= 2);
}

void cli_os_time(int64_t seconds, bool utc, struct cli_time *ret_time)
{
    int64_t days;
    int in_day;

    if (!utc) {
        TIME_ZONE_INFORMATION zone = { 0 };
        DWORD kind = GetTimeZoneInformation(&zone);
        LONG bias = zone.Bias + (kind == TIME_ZONE_ID_DAYLIGHT ? zone.DaylightBias : 0);

        seconds -= (int64_t)bias * 60;
    }
    days = seconds / 86400 - (seconds % 86400 < 0);
    in_day = (int)(seconds - days * 86400);
    civil_from_days(days, ret_time);
    ret_time->hour = in_day / 3600;
    ret_time->minute = in_day / 60 % 60;
    ret_time->second = in_day % 60;
}

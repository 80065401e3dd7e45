/* SPDX-License-Identifier: MIT */
/*
 * check/trace_win32.c - trace.h by the filter of exceptions that nobody handles
 *
 * A thread of its own walks the calls, with a stack of its own: the one that crashed may have none
 * left, and the one that hangs does nothing at all. It was there before the object's module came,
 * so it waits for no loader; and it uses no heap, which may be what is broken.
 */
#include "trace.h"

#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* kernel32 has it since Windows 7, so that psapi is not needed. */
#define PSAPI_VERSION 2
#include <psapi.h>

#include "symbols_win32.h"

enum { MAX_FRAMES = 48, KEPT_STACK = 64 * 1024, START_MS = 60000, LONGEST_PATH = 1024 };

#define ABORTED 0x40000015L /* STATUS_FATAL_APP_EXIT */
#define EXPIRED 0x00000102L /* STATUS_TIMEOUT */

static struct {
    HANDLE is_ready;
    HANDLE demand;  /* the event of trace_on_crash_or; NULL: none */
    HANDLE crash;   /* event: see exception */
    HANDLE watched; /* the thread whose calls are demanded */
    DWORD id;       /* of the thread that shows; 0: there is none */
    EXCEPTION_POINTERS *exception;
    volatile LONG n_crashes;
} watch;

static void show(const char *text)
{
    DWORD written;

    (void)WriteFile(GetStdHandle(STD_ERROR_HANDLE), text, (DWORD)strlen(text), &written, NULL);
}

/* ---- the calls ------------------------------------------------------------------------------- */

/* The file behind an address: by the system's list of mapped files, for the loader's lock may be
 * held. Returns its beginning; 0: none. */
static uintptr_t find_module(uintptr_t address, WCHAR path[LONGEST_PATH])
{
    MEMORY_BASIC_INFORMATION memory;
    DWORD length;

    if (VirtualQuery((void *)address, &memory, sizeof memory) == 0 || memory.Type != MEM_IMAGE)
        return 0;
    length = GetMappedFileNameW(GetCurrentProcess(), (void *)address, path, LONGEST_PATH - 1);
    path[length] = 0;
    return (uintptr_t)memory.AllocationBase;
}

static void name_module(const WCHAR *path, char *name, int size)
{
    const WCHAR *start = path;

    for (const WCHAR *at = path; *at != 0; at++) {
        if (*at == '\\' || *at == '/')
            start = at + 1;
    }
    if (*start == 0 || WideCharToMultiByte(CP_UTF8, 0, start, -1, name, size, NULL, NULL) == 0)
        (void)snprintf(name, (size_t)size, "?");
}

/* "  #0 function+0x12 in module.dll+0x1234". All but the first address are those of the next
 * instruction, which may be in another function. */
static void show_address(int number, uintptr_t address)
{
    WCHAR path[LONGEST_PATH];
    char module[260], function[600], line[900];
    uintptr_t at = number > 0 ? address - 1 : address, base = find_module(at, path);

    if (base == 0) {
        (void)snprintf(line, sizeof line, "  #%d 0x%llx\n", number, (unsigned long long)address);
    } else {
        name_module(path, module, sizeof module);
        symbols_name(path, base, at, function, sizeof function);
        (void)snprintf(line, sizeof line, "  #%d %s%s%s+0x%llx\n", number, function,
                       function[0] != '\0' ? " in " : "", module, (unsigned long long)(at - base));
    }
    show(line);
}

#if defined(_M_X64) || defined(__x86_64__)
static void show_frames(CONTEXT at)
{
    for (int i = 0; i < MAX_FRAMES && at.Rip != 0; i++) {
        ULONG64 base, frame;
        RUNTIME_FUNCTION *function;
        void *data;

        show_address(i, at.Rip);
        function = RtlLookupFunctionEntry(at.Rip, &base, NULL);
        if (function != NULL) {
            (void)RtlVirtualUnwind(UNW_FLAG_NHANDLER, base, at.Rip, function, &at, &data, &frame,
                                   NULL);
        } else { /* a function that calls nobody; or a call of what is none */
            at.Rip = *(const ULONG64 *)at.Rsp;
            at.Rsp += sizeof(ULONG64);
        }
    }
}
#elif defined(_M_IX86) || defined(__i386__)
/* There are no tables: only functions that keep a frame pointer are seen. */
static void show_frames(CONTEXT at)
{
    const DWORD *frame = (const DWORD *)at.Ebp;

    show_address(0, at.Eip);
    for (int i = 1; i < MAX_FRAMES && frame != NULL && frame[1] != 0; i++) {
        const DWORD *next = (const DWORD *)frame[0];

        show_address(i, frame[1]);
        if (next <= frame)
            break;
        frame = next;
    }
}
#else
static void show_frames(CONTEXT at)
{
    show_address(0, at.Pc);
}
#endif

static void show_calls(const CONTEXT *context)
{
    show("calls, the innermost first:\n");
    show_frames(*context);
}

/* ---- the thread that shows ------------------------------------------------------------------- */

static void show_exception(const EXCEPTION_POINTERS *exception)
{
    static const char *const doing[] = { [0] = "reading", [1] = "writing", [8] = "executing" };
    const EXCEPTION_RECORD *record = exception->ExceptionRecord;
    ULONG_PTR kind = record->ExceptionInformation[0];
    char line[80];

    if (record->ExceptionCode == EXCEPTION_ACCESS_VIOLATION && record->NumberParameters >= 2 &&
        kind < sizeof doing / sizeof doing[0] && doing[kind] != NULL) {
        (void)snprintf(line, sizeof line, "%s address 0x%llx\n", doing[kind],
                       (unsigned long long)record->ExceptionInformation[1]);
        show(line);
    }
    show_calls(exception->ContextRecord);
}

static DWORD WINAPI watch_process(void *context)
{
    HANDLE events[2] = { watch.crash, watch.demand };
    CONTEXT at;

    (void)context;
    watch.id = GetCurrentThreadId();
    (void)SetEvent(watch.is_ready);
    if (WaitForMultipleObjects(watch.demand != NULL ? 2 : 1, events, FALSE, INFINITE) ==
        WAIT_OBJECT_0) {
        show_exception(watch.exception);
        (void)TerminateProcess(GetCurrentProcess(),
                               watch.exception->ExceptionRecord->ExceptionCode);
    }
    memset(&at, 0, sizeof at);
    at.ContextFlags = CONTEXT_FULL;
    (void)SuspendThread(watch.watched);
    if (GetThreadContext(watch.watched, &at))
        show_calls(&at);
    (void)TerminateProcess(GetCurrentProcess(), EXPIRED);
    return 0;
}

/* The second to crash is the one that shows, on a broken stack: then that was all. */
static LONG WINAPI on_exception(EXCEPTION_POINTERS *exception)
{
    if (GetCurrentThreadId() == watch.id || watch.id == 0)
        (void)TerminateProcess(GetCurrentProcess(),
                               watch.exception != NULL
                                   ? watch.exception->ExceptionRecord->ExceptionCode
                                   : exception->ExceptionRecord->ExceptionCode);
    if (InterlockedIncrement(&watch.n_crashes) == 1) {
        watch.exception = exception;
        (void)SetEvent(watch.crash);
    }
    Sleep(INFINITE);
    return EXCEPTION_CONTINUE_SEARCH;
}

/* Of the C runtime that is ours too; others have exit codes of their own. */
static void on_abort(int signal_number)
{
    EXCEPTION_RECORD record;
    CONTEXT context;
    EXCEPTION_POINTERS exception = { &record, &context };

    (void)signal_number;
    memset(&record, 0, sizeof record);
    record.ExceptionCode = (DWORD)ABORTED;
    RtlCaptureContext(&context);
    (void)on_exception(&exception);
}

/* No box that waits for somebody to press its button. */
static void show_no_boxes(void)
{
    (void)SetErrorMode(GetErrorMode() | SEM_FAILCRITICALERRORS | SEM_NOGPFAULTERRORBOX |
                       SEM_NOOPENFILEERRORBOX);
    (void)_set_error_mode(_OUT_TO_STDERR);
}

static void start_watching(void)
{
    HANDLE thread;

    watch.crash = CreateEventW(NULL, TRUE, FALSE, NULL);
    watch.is_ready = CreateEventW(NULL, TRUE, FALSE, NULL);
    if (watch.crash == NULL || watch.is_ready == NULL)
        return;
    thread = CreateThread(NULL, 0, watch_process, NULL, 0, NULL);
    if (thread != NULL)
        (void)WaitForSingleObject(watch.is_ready, START_MS);
}

void trace_on_crash_or(HANDLE event)
{
    ULONG kept = KEPT_STACK;

    show_no_boxes();
    watch.demand = event;
    if (!DuplicateHandle(GetCurrentProcess(), GetCurrentThread(), GetCurrentProcess(),
                         &watch.watched, 0, FALSE, DUPLICATE_SAME_ACCESS))
        watch.demand = NULL;
    start_watching();
    (void)SetThreadStackGuarantee(&kept);
    (void)SetUnhandledExceptionFilter(on_exception);
    (void)signal(SIGABRT, on_abort);
}

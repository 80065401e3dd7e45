/* SPDX-License-Identifier: MIT */
/*
 * check/isolate_win32.c - isolate.h without fork(): the program is started again
 *
 * A file mapping and two events are inherited. An environment variable names the mapping; it is
 * taken away as soon as it was read, and a process that it was not meant for is told so by its own
 * id.
 */
#include "isolate.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#include "restart_win32.h"
#include "trace.h"

enum { MAX_RESULTS = 256 };

/* At the beginning of what is shared; the memory for the caller follows. */
struct isolate_system {
    struct restart restart; /* handles of the same numbers in the maker and in the process */
    LONG call;              /* which call of the program makes these processes: 1 ... */
    volatile LONG is_done;
    HRESULT results[MAX_RESULTS]; /* of the calls before; those past the array are S_OK */
    double memory[];              /* aligned for anything */
};

const char isolate_anchor[] = "";

static const WCHAR variable[] = L"CONNPT_CHECK_PROCESS";

static LONG n_calls;                 /* of isolate_begin, so far */
static HRESULT results[MAX_RESULTS]; /* what they returned */
static struct isolate_system *made;  /* this process was made for it; NULL */

/* ---- who this is ----------------------------------------------------------------------------- */

static struct isolate_system *find_maker(void)
{
    struct isolate_system *system;
    WCHAR text[32];
    DWORD length = GetEnvironmentVariableW(variable, text, sizeof text / sizeof text[0]);
    HANDLE mapping;

    if (length == 0 || length >= sizeof text / sizeof text[0])
        return NULL;
    (void)SetEnvironmentVariableW(variable, NULL);
    mapping = (HANDLE)(uintptr_t)wcstoull(text, NULL, 16);
    system = MapViewOfFile(mapping, FILE_MAP_ALL_ACCESS, 0, 0, 0);
    if (system != NULL && system->restart.process != GetCurrentProcessId()) {
        (void)UnmapViewOfFile(system);
        return NULL;
    }
    return system;
}

/* What the program said on its way here, it said in its maker too. */
static void forget_output(void)
{
    HANDLE errors = GetStdHandle(STD_ERROR_HANDLE); /* the file; stdout is the same */

    (void)fflush(stdout);
    (void)SetFilePointer(errors, 0, NULL, FILE_BEGIN);
    (void)SetEndOfFile(errors);
}

static void become_process(struct isolate *isolate)
{
    const struct restart *restart = &made->restart;

    isolate->system = made;
    isolate->memory = made->memory;
    isolate->has_processes = true;
    /* What the object starts has no business with them. */
    (void)SetHandleInformation(restart->mapping, HANDLE_FLAG_INHERIT, 0);
    (void)SetHandleInformation(restart->has_begun, HANDLE_FLAG_INHERIT, 0);
    (void)SetHandleInformation(restart->show, HANDLE_FLAG_INHERIT, 0);
    forget_output();
    /* Some C runtimes keep what goes to a file: whoever crashes or is ended had said it in vain. */
    (void)setvbuf(stderr, NULL, _IONBF, 0);
    trace_on_crash_or(restart->show);
    (void)SetEvent(restart->has_begun);
}

/* ---- memory ---------------------------------------------------------------------------------- */

static void close_if_any(HANDLE handle)
{
    if (handle != NULL)
        (void)CloseHandle(handle);
}

static void unshare(struct isolate *isolate)
{
    struct isolate_system *system = isolate->system;

    if (system != NULL) {
        close_if_any(system->restart.has_begun);
        close_if_any(system->restart.show);
        close_if_any(system->restart.mapping);
        (void)UnmapViewOfFile(system);
    } else {
        free(isolate->memory);
    }
    isolate->system = NULL;
    isolate->memory = NULL;
}

static void share(struct isolate *isolate)
{
    SECURITY_ATTRIBUTES inherited = { sizeof inherited, NULL, TRUE };
    DWORD size = (DWORD)(sizeof(struct isolate_system) + isolate->size);
    HANDLE mapping =
        CreateFileMappingW(INVALID_HANDLE_VALUE, &inherited, PAGE_READWRITE, 0, size, NULL);
    struct isolate_system *system =
        mapping != NULL ? MapViewOfFile(mapping, FILE_MAP_ALL_ACCESS, 0, 0, 0) : NULL;

    if (system == NULL) {
        close_if_any(mapping);
        return;
    }
    system->call = (LONG)isolate->number;
    memcpy(system->results, results, sizeof results);
    system->restart.mapping = mapping;
    system->restart.has_begun = CreateEventW(&inherited, FALSE, FALSE, NULL);
    system->restart.show = CreateEventW(&inherited, FALSE, FALSE, NULL);
    isolate->system = system;
    isolate->memory = system->memory;
}

bool isolate_renew(struct isolate *isolate)
{
    unshare(isolate);
    if (isolate->has_processes)
        share(isolate);
    else
        isolate->memory = calloc(1, isolate->size);
    return isolate->memory != NULL;
}

enum isolate_role isolate_begin(struct isolate *isolate, size_t size, uint32_t flags)
{
    LONG call = InterlockedIncrement(&n_calls);

    memset(isolate, 0, sizeof *isolate);
    isolate->size = size;
    isolate->number = (uint32_t)call;
    if (call == 1)
        made = find_maker();
    if (made != NULL && call < made->call) {
        isolate->result = call <= MAX_RESULTS ? made->results[call - 1] : S_OK;
        return ISOLATE_PASSER;
    }
    if (made != NULL) {
        become_process(isolate);
        return ISOLATE_PROCESS;
    }
    isolate->has_processes =
        (flags & (CONNPT_CHECK_RESTART | CONNPT_CHECK_IN_PROCESS)) == CONNPT_CHECK_RESTART;
    return ISOLATE_MAKER;
}

void isolate_end(struct isolate *isolate, HRESULT result)
{
    if (isolate->number <= MAX_RESULTS)
        results[isolate->number - 1] = result;
    unshare(isolate);
}

_Noreturn void isolate_leave(struct isolate *isolate)
{
    (void)fflush(stdout);
    isolate->system->is_done = 1;
    for (;;)
        (void)TerminateProcess(GetCurrentProcess(), 0);
}

const char *isolate_text(const char *text, const char *anchor)
{
    const char *here =
        (const char *)((uintptr_t)isolate_anchor + (uintptr_t)text - (uintptr_t)anchor);
    MEMORY_BASIC_INFORMATION library, its;

    if (text == NULL || VirtualQuery(isolate_anchor, &library, sizeof library) == 0 ||
        VirtualQuery(here, &its, sizeof its) == 0 || its.AllocationBase != library.AllocationBase)
        return NULL;
    return here;
}

/* ---- the maker ------------------------------------------------------------------------------- */

static enum isolate_end judge(const struct isolate_system *system, DWORD code,
                              struct isolate_report *report)
{
    if (system->is_done && code == 0)
        return ISOLATE_DONE;
    restart_tell_code(code, report->cause, sizeof report->cause);
    return ISOLATE_CRASHED;
}

enum isolate_end isolate_run(struct isolate *isolate, void (*work)(void *context), void *context,
                             unsigned timeout_ms, struct isolate_report *report)
{
    struct isolate_system *system = isolate->system;
    enum isolate_end end;
    WCHAR name[32];
    DWORD code = 0;

    report->cause[0] = '\0';
    report->trace[0] = '\0';
    if (!isolate->has_processes) {
        work(context);
        return ISOLATE_DONE;
    }
    _snwprintf(name, sizeof name / sizeof name[0], L"%llx",
               (unsigned long long)(uintptr_t)system->restart.mapping);
    (void)SetEnvironmentVariableW(variable, name);
    end = restart_run(&system->restart, timeout_ms, report, &code);
    (void)SetEnvironmentVariableW(variable, NULL);
    return end == ISOLATE_DONE ? judge(system, code, report) : end;
}

/* SPDX-License-Identifier: MIT */
/*
 * check/restart_win32.c - CreateProcess of the running program
 *
 * The process gets the handles of struct restart, a file as stdout and stderr, and no other.
 * It has no console, so Ctrl-C ends the maker, and a job object ends it with its maker, however
 * that one ends. What the object starts in turn is not in the job: it lives on, as it would
 * without a checker.
 */
#include "restart_win32.h"

#include <stdlib.h>
#include <string.h>

enum {
    START_MS = 60000,
    SHOW_MS = 10000, /* for a hung process, to show where it is, which takes a moment */
    LOOK_MS = 100,
    LONGEST_OUTPUT = 1024 * 1024,
    LONGEST_PATH = 32768
};

/* ---- stderr ---------------------------------------------------------------------------------- */

static HANDLE open_file(const WCHAR *path, DWORD disposition, DWORD attributes)
{
    SECURITY_ATTRIBUTES inherited = { sizeof inherited, NULL, TRUE };

    return CreateFileW(path, GENERIC_READ | GENERIC_WRITE,
                       FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE, &inherited,
                       disposition, attributes, NULL);
}

static HANDLE open_errors(void)
{
    WCHAR folder[MAX_PATH + 1], path[MAX_PATH + 1];
    DWORD length = GetTempPathW(MAX_PATH + 1, folder);

    if (length == 0 || length > MAX_PATH || GetTempFileNameW(folder, L"cpt", 0, path) == 0)
        return INVALID_HANDLE_VALUE;
    return open_file(path, CREATE_ALWAYS, FILE_ATTRIBUTE_TEMPORARY | FILE_FLAG_DELETE_ON_CLOSE);
}

/* Who writes without end begins again at the beginning: both have one position in the file. */
static void limit_errors(HANDLE errors)
{
    LARGE_INTEGER size;

    if (!GetFileSizeEx(errors, &size) || size.QuadPart <= LONGEST_OUTPUT)
        return;
    (void)SetFilePointer(errors, 0, NULL, FILE_BEGIN);
    (void)SetEndOfFile(errors);
}

/* "\r\n" is one end of a line. */
static void tidy(char *text, size_t n)
{
    char *to = text;

    for (size_t i = 0; i < n; i++) {
        if (text[i] != '\r' || i + 1 == n || text[i + 1] != '\n')
            *to++ = text[i] != '\0' ? text[i] : '?';
    }
    *to = '\0';
}

/* The end of a long text: the last thing said is what counts. */
static void read_errors(HANDLE errors, struct isolate_report *report)
{
    DWORD room = (DWORD)report->trace_size - 1, n = 0;
    LARGE_INTEGER size, start = { .QuadPart = 0 };

    if (!GetFileSizeEx(errors, &size))
        return;
    if (size.QuadPart > room)
        start.QuadPart = size.QuadPart - room;
    if (!SetFilePointerEx(errors, start, NULL, FILE_BEGIN) ||
        !ReadFile(errors, report->trace, room, &n, NULL))
        n = 0;
    tidy(report->trace, n);
}

/* ---- starting -------------------------------------------------------------------------------- */

struct start {
    STARTUPINFOEXW info;
    HANDLE inherited[5];
    WCHAR *program, *line; /* freed by the caller, with the list in info */
};

static void limit_handles(struct start *start)
{
    SIZE_T size = 0;

    (void)InitializeProcThreadAttributeList(NULL, 1, 0, &size);
    start->info.lpAttributeList = malloc(size);
    if (start->info.lpAttributeList == NULL)
        return;
    if (InitializeProcThreadAttributeList(start->info.lpAttributeList, 1, 0, &size)) {
        if (UpdateProcThreadAttribute(start->info.lpAttributeList, 0,
                                      PROC_THREAD_ATTRIBUTE_HANDLE_LIST, start->inherited,
                                      sizeof start->inherited, NULL, NULL))
            return;
        DeleteProcThreadAttributeList(start->info.lpAttributeList);
    }
    free(start->info.lpAttributeList); /* then it inherits what else there is */
    start->info.lpAttributeList = NULL;
}

static bool prepare(struct start *start, const struct restart *restart, HANDLE errors, HANDLE none)
{
    DWORD length;

    start->program = malloc(LONGEST_PATH * sizeof *start->program);
    start->line = _wcsdup(GetCommandLineW());
    if (start->program == NULL || start->line == NULL)
        return false;
    length = GetModuleFileNameW(NULL, start->program, LONGEST_PATH);
    if (length == 0 || length == LONGEST_PATH)
        return false;
    start->inherited[0] = restart->mapping;
    start->inherited[1] = restart->has_begun;
    start->inherited[2] = restart->show;
    start->inherited[3] = errors;
    start->inherited[4] = none;
    limit_handles(start);
    start->info.StartupInfo.cb = sizeof start->info;
    start->info.StartupInfo.dwFlags = STARTF_USESTDHANDLES;
    start->info.StartupInfo.hStdInput = none;
    start->info.StartupInfo.hStdOutput = errors;
    start->info.StartupInfo.hStdError = errors;
    return true;
}

static void unprepare(struct start *start)
{
    if (start->info.lpAttributeList != NULL) {
        DeleteProcThreadAttributeList(start->info.lpAttributeList);
        free(start->info.lpAttributeList);
    }
    free(start->program);
    free(start->line);
}

/* NULL: there is none; the process then outlives a maker that is ended. */
static HANDLE make_job(void)
{
    JOBOBJECT_EXTENDED_LIMIT_INFORMATION limits;
    HANDLE job = CreateJobObjectW(NULL, NULL);

    memset(&limits, 0, sizeof limits);
    limits.BasicLimitInformation.LimitFlags = JOB_OBJECT_LIMIT_KILL_ON_JOB_CLOSE |
                                              JOB_OBJECT_LIMIT_SILENT_BREAKAWAY_OK |
                                              JOB_OBJECT_LIMIT_DIE_ON_UNHANDLED_EXCEPTION;
    if (job != NULL &&
        !SetInformationJobObject(job, JobObjectExtendedLimitInformation, &limits, sizeof limits)) {
        (void)CloseHandle(job);
        return NULL;
    }
    return job;
}

/* The process; NULL. */
static HANDLE start_process(struct restart *restart, HANDLE job, HANDLE errors, HANDLE none)
{
    PROCESS_INFORMATION made;
    struct start start;
    DWORD flags = CREATE_SUSPENDED | DETACHED_PROCESS;

    memset(&start, 0, sizeof start);
    memset(&made, 0, sizeof made);
    if (prepare(&start, restart, errors, none)) {
        if (start.info.lpAttributeList != NULL)
            flags |= EXTENDED_STARTUPINFO_PRESENT;
        else
            start.info.StartupInfo.cb = sizeof start.info.StartupInfo;
        if (!CreateProcessW(start.program, start.line, NULL, NULL, TRUE, flags, NULL, NULL,
                            &start.info.StartupInfo, &made))
            made.hProcess = NULL;
    }
    unprepare(&start);
    if (made.hProcess == NULL)
        return NULL;
    if (job != NULL)
        (void)AssignProcessToJobObject(job, made.hProcess);
    restart->process = made.dwProcessId;
    (void)ResumeThread(made.hThread);
    (void)CloseHandle(made.hThread);
    return made.hProcess;
}

/* ---- waiting --------------------------------------------------------------------------------- */

static void end_process(HANDLE process)
{
    (void)TerminateProcess(process, 1);
    (void)WaitForSingleObject(process, SHOW_MS);
}

/* False: the time is over. */
static bool wait_for_end(HANDLE process, unsigned timeout_ms, HANDLE errors)
{
    ULONGLONG until = GetTickCount64() + timeout_ms, now;

    while ((now = GetTickCount64()) < until) {
        DWORD left = (DWORD)(until - now);

        if (WaitForSingleObject(process, left < LOOK_MS ? left : LOOK_MS) == WAIT_OBJECT_0)
            return true;
        limit_errors(errors);
    }
    return false;
}

static enum isolate_end watch(const struct restart *restart, HANDLE process, unsigned timeout_ms,
                              HANDLE errors, DWORD *ret_code)
{
    const HANDLE first[2] = { restart->has_begun, process };

    if (WaitForMultipleObjects(2, first, FALSE, START_MS) != WAIT_OBJECT_0) {
        end_process(process);
        return ISOLATE_IMPOSSIBLE;
    }
    if (!wait_for_end(process, timeout_ms, errors)) {
        (void)SetEvent(restart->show);
        if (WaitForSingleObject(process, SHOW_MS) != WAIT_OBJECT_0)
            end_process(process);
        return ISOLATE_HUNG;
    }
    return GetExitCodeProcess(process, ret_code) ? ISOLATE_DONE : ISOLATE_IMPOSSIBLE;
}

static enum isolate_end run_once(struct restart *restart, unsigned timeout_ms,
                                 struct isolate_report *report, DWORD *ret_code)
{
    enum isolate_end end = ISOLATE_IMPOSSIBLE;
    HANDLE process = NULL, job = make_job(), errors = open_errors(),
           none = open_file(L"NUL", OPEN_EXISTING, 0);

    if (restart->has_begun != NULL && restart->show != NULL && errors != INVALID_HANDLE_VALUE &&
        none != INVALID_HANDLE_VALUE) {
        (void)ResetEvent(restart->has_begun);
        process = start_process(restart, job, errors, none);
    }
    if (process != NULL) {
        end = watch(restart, process, timeout_ms, errors, ret_code);
        read_errors(errors, report);
        (void)CloseHandle(process);
    }
    if (errors != INVALID_HANDLE_VALUE)
        (void)CloseHandle(errors);
    if (none != INVALID_HANDLE_VALUE)
        (void)CloseHandle(none);
    if (job != NULL)
        (void)CloseHandle(job);
    return end;
}

/* Of a process that did not come to its call the object has seen nothing: another may come. */
enum isolate_end restart_run(struct restart *restart, unsigned timeout_ms,
                             struct isolate_report *report, DWORD *ret_code)
{
    enum isolate_end end = run_once(restart, timeout_ms, report, ret_code);

    return end != ISOLATE_IMPOSSIBLE ? end : run_once(restart, timeout_ms, report, ret_code);
}

/* SPDX-License-Identifier: MIT */
/* windows/process.c - starting programs, and both ends of their command line */
#include "process.h"

#include <stdio.h>
#include <string.h>

#include "apartment.h"
#include "gauge.h"
#include "t.h"

CLSID process_class(unsigned number)
{
    CLSID clsid = CLSID_Gauge;

    clsid.Data1 = GetCurrentProcessId();
    clsid.Data2 = (WORD)number;
    return clsid;
}

void process_path(const char *program, char *path, size_t size)
{
    char *end;

    if (GetModuleFileNameA(NULL, path, (DWORD)size) >= size)
        path[0] = '\0';
    end = strrchr(path, '\\');
    (void)snprintf(end != NULL ? end + 1 : path,
                   size - (size_t)((end != NULL ? end + 1 : path) - path), "%s", program);
}

static void text_of(const CLSID *clsid, char text[40])
{
    WCHAR wide[40];

    (void)StringFromGUID2(clsid, wide, 40);
    for (int i = 0; i < 40; i++)
        text[i] = (char)wide[i];
}

/* The second of a program's events has the first one's name with this behind it. */
#define QUIT "-quit"

static BOOL make_events(struct process *process, const char *name)
{
    char quit[64];

    (void)snprintf(quit, sizeof quit, "%s" QUIT, name);
    process->ready = CreateEventA(NULL, TRUE, FALSE, name);
    process->quit = CreateEventA(NULL, TRUE, FALSE, quit);
    return CHECK(process->ready != NULL) && CHECK(process->quit != NULL);
}

static void close_handles(struct process *process)
{
    HANDLE handles[] = { process->handle, process->ready, process->quit };

    for (size_t i = 0; i < sizeof handles / sizeof *handles; i++)
        if (handles[i] != NULL)
            (void)CloseHandle(handles[i]);
}

BOOL process_start(struct process *process, const char *program, const CLSID *clsid,
                   const char *arguments)
{
    static unsigned n_started;
    char path[MAX_PATH], text[40], event[48], line[2 * MAX_PATH];
    STARTUPINFOA startup = { .cb = sizeof startup };
    PROCESS_INFORMATION info;

    process_path(program, path, sizeof path);
    text_of(clsid, text);
    (void)snprintf(event, sizeof event, "connpt-%lu-%u", (unsigned long)GetCurrentProcessId(),
                   n_started++);
    (void)snprintf(line, sizeof line, "\"%s\" %s %s %s", path, text, event, arguments);
    process->clsid = *clsid;
    process->handle = NULL;
    if (!make_events(process, event) ||
        !CHECK(CreateProcessA(path, line, NULL, NULL, FALSE, 0, NULL, NULL, &startup, &info))) {
        close_handles(process);
        return FALSE;
    }
    (void)CloseHandle(info.hThread);
    process->handle = info.hProcess;
    if (CHECK(wait_for(process->ready, PATIENCE_MS)))
        return TRUE;
    process_kill(process);
    return FALSE;
}

DWORD process_wait(struct process *process)
{
    DWORD status = 255;

    if (!CHECK(wait_for(process->handle, PATIENCE_MS)))
        (void)TerminateProcess(process->handle, 98);
    (void)GetExitCodeProcess(process->handle, &status);
    close_handles(process);
    return status;
}

DWORD process_stop(struct process *process)
{
    (void)SetEvent(process->quit);
    return process_wait(process);
}

void process_kill(struct process *process)
{
    (void)TerminateProcess(process->handle, 97);
    (void)process_wait(process);
}

/* ---- the program's side ------------------------------------------------------------------------
 */

BOOL process_arguments(int argc, char **argv, struct process *ret_self)
{
    WCHAR wide[40];
    char quit[64];
    size_t i;

    if (argc < 3)
        return FALSE;
    for (i = 0; i < 39 && argv[1][i] != '\0'; i++)
        wide[i] = (WCHAR)argv[1][i];
    wide[i] = 0;
    if (FAILED(CLSIDFromString(wide, &ret_self->clsid)))
        return FALSE;
    (void)snprintf(quit, sizeof quit, "%s" QUIT, argv[2]);
    ret_self->ready = OpenEventA(EVENT_MODIFY_STATE, FALSE, argv[2]);
    ret_self->quit = OpenEventA(EVENT_MODIFY_STATE | SYNCHRONIZE, FALSE, quit);
    return TRUE;
}

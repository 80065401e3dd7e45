/* SPDX-License-Identifier: MIT */
/*
 * cli/crash_win32.c - when code of a foreign object crashes, say whose it was
 *
 * An object in this process can end it, and Windows then says nothing on a console. Nothing is
 * saved here: the process's memory is no longer to be trusted. So this uses no heap, no lock and
 * none of the C runtime's streams.
 */
#include "crash_win32.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include <connpt/com.h>

#include "cli.h"

enum { LONGEST_PATH = 1024, LONGEST_MESSAGE = 512 };

static char last_made[160];
static bool is_left;

/* The file that holds an address, without its folder; "?" for none. */
static void name_module(const void *address, char *name, int size)
{
    const DWORD flags =
        GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS | GET_MODULE_HANDLE_EX_FLAG_UNCHANGED_REFCOUNT;
    WCHAR path[LONGEST_PATH];
    const WCHAR *start = path;
    HMODULE module;

    path[0] = 0;
    if (GetModuleHandleExW(flags, (const WCHAR *)address, &module))
        (void)GetModuleFileNameW(module, path, LONGEST_PATH - 1);
    for (const WCHAR *at = path; *at != 0; at++) {
        if (*at == '\\' || *at == '/')
            start = at + 1;
    }
    if (*start == 0 || WideCharToMultiByte(CP_UTF8, 0, start, -1, name, size, NULL, NULL) == 0)
        (void)snprintf(name, (size_t)size, "?");
}

static LONG WINAPI on_exception(EXCEPTION_POINTERS *exception)
{
    const EXCEPTION_RECORD *record = exception->ExceptionRecord;
    char module[128], message[LONGEST_MESSAGE];
    DWORD written;
    int length;

    name_module(record->ExceptionAddress, module, sizeof(module));
    length = snprintf(message, sizeof(message),
                      "connpt: crashed with exception 0x%08lX in %s; the last object made was "
                      "%s\n  An object may do that to the process it is in: --server local, where "
                      "the class has one, keeps it out.\n",
                      (unsigned long)record->ExceptionCode, module, last_made);
    if (length > 0)
        (void)WriteFile(GetStdHandle(STD_ERROR_HANDLE), message,
                        (DWORD)(length < LONGEST_MESSAGE ? length : LONGEST_MESSAGE - 1), &written,
                        NULL);
    TerminateProcess(GetCurrentProcess(), CLI_FAILURE);
    return EXCEPTION_CONTINUE_SEARCH;
}

void crash_leave(void)
{
    is_left = true;
}

void crash_tell(const char *made)
{
    if (is_left)
        return;
    (void)snprintf(last_made, sizeof(last_made), "%s", made);
    SetUnhandledExceptionFilter(on_exception);
}

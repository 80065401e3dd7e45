/* SPDX-License-Identifier: MIT */
/*
 * On Windows: a process that was started for a rule does not outlive its maker, and inherits
 * nothing that it has no use for.
 *
 * The maker is this program with an argument; its object hangs, or looks at a handle.
 */
#include <stdio.h>
#include <string.h>
#include <wchar.h>

#include <connpt/check.h>

#include "t.h"

enum { LONG_MS = 600000 };

static void ignore(void *context, const struct connpt_check_result *result)
{
    (void)context;
    (void)result;
}

static DWORD check_with(HRESULT (*create)(void *context, IUnknown **ret_object), void *context)
{
    struct connpt_check_options options = { .size = sizeof options,
                                            .flags = CONNPT_CHECK_RESTART,
                                            .timeout_ms = LONG_MS,
                                            .create = create,
                                            .context = context,
                                            .only = "object-made" };

    return (DWORD)connpt_check(&options, ignore, NULL);
}

/* ---- a maker that is ended ------------------------------------------------------------------- */

/* What the rule's process tells the test, by the name in its maker's command line. */
struct told {
    volatile LONG process;
};

static HRESULT tell_and_hang(void *context, IUnknown **ret_object)
{
    HANDLE mapping = OpenFileMappingW(FILE_MAP_ALL_ACCESS, FALSE, context);
    struct told *told =
        mapping != NULL ? MapViewOfFile(mapping, FILE_MAP_ALL_ACCESS, 0, 0, 0) : NULL;

    (void)ret_object;
    if (told == NULL)
        return E_FAIL;
    told->process = (LONG)GetCurrentProcessId();
    Sleep(INFINITE);
    return E_FAIL;
}

static HANDLE start_maker(const WCHAR *name)
{
    WCHAR program[MAX_PATH], line[MAX_PATH + 64];
    STARTUPINFOW info = { .cb = sizeof info };
    PROCESS_INFORMATION made;

    (void)GetModuleFileNameW(NULL, program, MAX_PATH);
    (void)_snwprintf(line, MAX_PATH + 64, L"\"%ls\" --hang %ls", program, name);
    if (!CreateProcessW(program, line, NULL, NULL, FALSE, 0, NULL, NULL, &info, &made))
        return NULL;
    (void)CloseHandle(made.hThread);
    return made.hProcess;
}

static void the_process_of_a_rule_ends_with_its_maker(void)
{
    WCHAR name[64];
    HANDLE mapping, maker, process = NULL;
    struct told *told;

    (void)_snwprintf(name, 64, L"Local\\connpt-restart-test-%lu", GetCurrentProcessId());
    mapping = CreateFileMappingW(INVALID_HANDLE_VALUE, NULL, PAGE_READWRITE, 0, sizeof *told, name);
    told = mapping != NULL ? MapViewOfFile(mapping, FILE_MAP_ALL_ACCESS, 0, 0, 0) : NULL;
    maker = told != NULL ? start_maker(name) : NULL;
    if (!CHECK(maker != NULL))
        return;
    /* The wait is for the maker's end, which comes too early when something is wrong. */
    while (told->process == 0 && WaitForSingleObject(maker, 5) == WAIT_TIMEOUT)
        continue;
    if (CHECK(told->process != 0))
        process = OpenProcess(SYNCHRONIZE, FALSE, (DWORD)told->process);
    CHECK(TerminateProcess(maker, 1));
    if (CHECK(process != NULL)) {
        CHECK_INT(WaitForSingleObject(process, LONG_MS / 2), WAIT_OBJECT_0);
        (void)CloseHandle(process);
    }
    (void)CloseHandle(maker);
    (void)UnmapViewOfFile(told);
    (void)CloseHandle(mapping);
}

/* ---- what is inherited ----------------------------------------------------------------------- */

static const WCHAR variable[] = L"CONNPT_RESTART_TEST_HANDLE";

/* The number that the variable says is no handle here. */
static HRESULT look_for_handle(void *context, IUnknown **ret_object)
{
    WCHAR text[32];
    DWORD flags;

    (void)context;
    (void)ret_object;
    if (GetEnvironmentVariableW(variable, text, 32) == 0)
        return E_INVALIDARG;
    return GetHandleInformation((HANDLE)(uintptr_t)wcstoull(text, NULL, 16), &flags) ? E_UNEXPECTED
                                                                                     : E_NOTIMPL;
}

static void the_process_of_a_rule_inherits_no_handle_that_it_does_not_need(void)
{
    SECURITY_ATTRIBUTES inherited = { sizeof inherited, NULL, TRUE };
    HANDLE events[64] = { NULL };
    WCHAR text[32];

    if (GetEnvironmentVariableW(variable, NULL, 0) == 0) { /* it was not started again */
        /* So many that the number of the last is none that the process makes by itself. */
        for (int i = 0; i < 64; i++)
            events[i] = CreateEventW(&inherited, FALSE, FALSE, NULL);
        (void)_snwprintf(text, 32, L"%llx", (unsigned long long)(uintptr_t)events[63]);
        (void)SetEnvironmentVariableW(variable, text);
    }
    CHECK_HR((HRESULT)check_with(look_for_handle, NULL), E_NOTIMPL);
    (void)SetEnvironmentVariableW(variable, NULL);
    for (int i = 0; i < 64; i++)
        (void)CloseHandle(events[i]);
}

int main(int argc, char **argv)
{
    static const struct t_test tests[] = {
        T(the_process_of_a_rule_inherits_no_handle_that_it_does_not_need),
        T(the_process_of_a_rule_ends_with_its_maker),
        T_END,
    };

    if (argc == 3 && strcmp(argv[1], "--hang") == 0) {
        WCHAR name[64];

        (void)MultiByteToWideChar(CP_UTF8, 0, argv[2], -1, name, 64);
        return (int)check_with(tell_and_hang, name);
    }
    return t_run(argc, argv, tests);
}

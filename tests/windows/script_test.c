/* SPDX-License-Identifier: MIT */
/*
 * windows/script_test.c - the sample module as the system's script host sees it
 *
 * Registers the ticker, has cscript run ticker.vbs and ticker.js, and reads what they print. The
 * module is registered for everyone, so nothing that looks at its class runs beside this.
 */
#include <stdio.h>

#include <string.h>

#include "apartment.h"
#include "t.h"
#include "ticker_module.h"

/* A file that the child may write, gone when it is closed. */
static HANDLE open_output(void)
{
    SECURITY_ATTRIBUTES inherited = { sizeof inherited, NULL, TRUE };
    char folder[MAX_PATH], path[MAX_PATH];

    if (GetTempPathA(sizeof folder, folder) == 0 || GetTempFileNameA(folder, "cpt", 0, path) == 0)
        return INVALID_HANDLE_VALUE;
    return CreateFileA(path, GENERIC_READ | GENERIC_WRITE, FILE_SHARE_READ | FILE_SHARE_WRITE,
                       &inherited, CREATE_ALWAYS, FILE_FLAG_DELETE_ON_CLOSE, NULL);
}

/* Runs `cscript SCRIPT` to its end; returns what it printed, without carriage returns. */
static BOOL run_script(const char *script, const char *arguments, char *text, size_t size)
{
    char path[MAX_PATH], line[2 * MAX_PATH];
    HANDLE output = open_output();
    STARTUPINFOA startup = { .cb = sizeof startup, .dwFlags = STARTF_USESTDHANDLES };
    PROCESS_INFORMATION info;
    DWORD status = 255, n_read = 0, n_kept = 0;

    if (!CHECK(output != INVALID_HANDLE_VALUE))
        return FALSE;
    startup.hStdOutput = startup.hStdError = output;
    /* The host takes an argument with a slash in front for an option. */
    (void)GetFullPathNameA(script, sizeof path, path, NULL);
    (void)snprintf(line, sizeof line, "cscript.exe //nologo \"%s\" %s", path, arguments);
    if (CHECK(CreateProcessA(NULL, line, NULL, NULL, TRUE, 0, NULL, NULL, &startup, &info))) {
        if (!CHECK(wait_for(info.hProcess, PATIENCE_MS)))
            (void)TerminateProcess(info.hProcess, 98);
        (void)GetExitCodeProcess(info.hProcess, &status);
        (void)CloseHandle(info.hThread);
        (void)CloseHandle(info.hProcess);
        (void)SetFilePointer(output, 0, NULL, FILE_BEGIN);
        (void)ReadFile(output, text, (DWORD)size - 1, &n_read, NULL);
    }
    (void)CloseHandle(output);
    for (DWORD i = 0; i < n_read; i++)
        if (text[i] != '\r')
            text[n_kept++] = text[i];
    text[n_kept] = '\0';
    return CHECK_INT(status, 0);
}

static void check_script(const char *script, const char *arguments, const char *expected)
{
    char text[1000];

    if (!CHECK_HR(ticker_module_call("DllRegisterServer"), S_OK))
        return;
    if (run_script(script, arguments, text, sizeof text))
        CHECK_STR(text, expected);
    CHECK_HR(ticker_module_call("DllUnregisterServer"), S_OK);
}

static void vbscript_works_the_ticker(void)
{
    check_script(SCRIPT_DIR "/ticker.vbs", "",
                 "name CNPT\n"
                 "name ACME\n"
                 "no price 13\n"
                 "no method 438\n"
                 "no class 429\n"
                 "closed True\n");
}

static void jscript_works_the_ticker(void)
{
    check_script(SCRIPT_DIR "/ticker.js", "",
                 "name CNPT\n"
                 "name ACME\n"
                 "no price 5\n"
                 "no method 438\n"
                 "closed true\n");
}

static void scripts_hear_events(void)
{
    if (wine_version() != NULL) {
        t_skip("Wine 8 has WScript.ConnectObject as a name only (E_NOTIMPL)");
        return;
    }
    check_script(SCRIPT_DIR "/ticker.vbs", "events", "event ACME 14.5\nclosed True\n");
    check_script(SCRIPT_DIR "/ticker.js", "events", "event ACME 14.5\nclosed true\n");
}

int main(int argc, char **argv)
{
    static const struct t_test tests[] = {
        T(vbscript_works_the_ticker),
        T(jscript_works_the_ticker),
        T(scripts_hear_events),
        T_END,
    };

    deadline_start();
    return t_run(argc, argv, tests);
}

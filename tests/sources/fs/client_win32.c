/* SPDX-License-Identifier: MIT */
/* tests/sources/fs/client_win32.c - slim locks and Windows' files */
#include "client.h"

#include <stdio.h>
#include <string.h>

#include "scratch_win32.h"

char client_scratch[CLIENT_PATH_SIZE];

static SRWLOCK the_lock = SRWLOCK_INIT;
static CONDITION_VARIABLE more = CONDITION_VARIABLE_INIT;

int client_begin(void)
{
    static unsigned n;
    char temp[200];

    if (!scratch_folder(temp, sizeof temp))
        return 0;
    /* A process that was killed may have left one with our number. */
    for (;;) {
        snprintf(client_scratch, sizeof client_scratch, "%sconnpt-fso-%lu-%u", temp,
                 GetCurrentProcessId(), n++);
        if (CreateDirectoryA(client_scratch, NULL))
            return 1;
        if (GetLastError() != ERROR_ALREADY_EXISTS)
            return 0;
    }
}

static int remove_below(const char *dir)
{
    char path[2 * CLIENT_PATH_SIZE];
    WIN32_FIND_DATAA data;
    HANDLE found;

    snprintf(path, sizeof path, "%s/*", dir);
    found = FindFirstFileA(path, &data);
    if (found != INVALID_HANDLE_VALUE) {
        do {
            snprintf(path, sizeof path, "%.380s/%.380s", dir, data.cFileName);
            if (strcmp(data.cFileName, ".") == 0 || strcmp(data.cFileName, "..") == 0)
                continue;
            if (data.dwFileAttributes & FILE_ATTRIBUTE_DIRECTORY)
                (void)remove_below(path);
            else
                (void)DeleteFileA(path);
        } while (FindNextFileA(found, &data));
        (void)FindClose(found);
    }
    return RemoveDirectoryA(dir);
}

int client_end(void)
{
    return remove_below(client_scratch);
}

static const char *path_of(const char *name)
{
    static char paths[2][2 * CLIENT_PATH_SIZE];
    static unsigned next;
    char *path = paths[next++ % 2];

    snprintf(path, sizeof paths[0], "%s/%s", client_scratch, name);
    return path;
}

int client_make_file(const char *name)
{
    HANDLE file = CreateFileA(path_of(name), GENERIC_WRITE, 7, NULL, CREATE_ALWAYS, 0, NULL);
    DWORD written;
    BOOL is_done;

    if (file == INVALID_HANDLE_VALUE)
        return 0;
    is_done = WriteFile(file, "text", 4, &written, NULL);
    return CloseHandle(file) && is_done;
}

int client_make_dir(const char *name)
{
    return CreateDirectoryA(path_of(name), NULL);
}

int client_move(const char *from, const char *to)
{
    const char *path = path_of(from);

    return MoveFileA(path, path_of(to));
}

int client_remove(const char *name)
{
    const char *path = path_of(name);

    return DeleteFileA(path) || RemoveDirectoryA(path);
}

void client_lock(void)
{
    AcquireSRWLockExclusive(&the_lock);
}

void client_unlock(void)
{
    ReleaseSRWLockExclusive(&the_lock);
}

void client_wait(void)
{
    (void)SleepConditionVariableSRW(&more, &the_lock, 5, 0);
}

void client_wake(void)
{
    WakeAllConditionVariable(&more);
}

HRESULT client_can_unload(const char *path)
{
    HMODULE module = LoadLibraryA(path);
    FARPROC entry = module != NULL ? GetProcAddress(module, "DllCanUnloadNow") : NULL;
    HRESULT(STDAPICALLTYPE * can_unload)(void);
    HRESULT hr = E_FAIL;

    if (entry != NULL) {
        memcpy(&can_unload, &entry, sizeof can_unload);
        hr = can_unload();
    }
    if (module != NULL)
        (void)FreeLibrary(module);
    return hr;
}

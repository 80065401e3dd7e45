/* SPDX-License-Identifier: MIT */
/* fs/failure_win32.c - Windows' error numbers as HRESULTs and as advice */
#include "failure.h"

#include <stdio.h>

static const struct failure {
    DWORD error;
    HRESULT hr;
    const char *text;
} failures[] = {
    { ERROR_ACCESS_DENIED, E_ACCESSDENIED,
      "permission denied: give this user the right to list the directory" },
    { ERROR_FILE_NOT_FOUND, HRESULT_FROM_WIN32(ERROR_PATH_NOT_FOUND),
      "no such directory: check the path" },
    { ERROR_PATH_NOT_FOUND, HRESULT_FROM_WIN32(ERROR_PATH_NOT_FOUND),
      "no such directory: check the path" },
    { ERROR_INVALID_NAME, HRESULT_FROM_WIN32(ERROR_INVALID_NAME),
      "no path: a name in it has a character that no name has" },
    { ERROR_DIRECTORY, HRESULT_FROM_WIN32(ERROR_DIRECTORY),
      "not a directory: open the directory that holds it" },
    { ERROR_NOT_ENOUGH_MEMORY, E_OUTOFMEMORY, "out of memory: what lies below is not watched" },
    { ERROR_OUTOFMEMORY, E_OUTOFMEMORY, "out of memory: what lies below is not watched" },
    { ERROR_NO_SYSTEM_RESOURCES, HRESULT_FROM_WIN32(ERROR_NOT_ENOUGH_QUOTA),
      "the system has no memory left for watching: close other watchers" },
    { ERROR_TOO_MANY_OPEN_FILES, HRESULT_FROM_WIN32(ERROR_TOO_MANY_OPEN_FILES),
      "too many open files: close some" },
    { ERROR_FILENAME_EXCED_RANGE, HRESULT_FROM_WIN32(ERROR_FILENAME_EXCED_RANGE),
      "the path is longer than the system takes: open a directory further down" },
    { ERROR_BAD_NETPATH, HRESULT_FROM_WIN32(ERROR_BAD_NETPATH),
      "the computer in the path does not answer: check its name and the network" },
    { ERROR_BAD_NET_NAME, HRESULT_FROM_WIN32(ERROR_BAD_NET_NAME),
      "the computer in the path has no such share: check its name" },
    { ERROR_INVALID_FUNCTION, E_NOTIMPL,
      "this file system does not tell of changes: the directory cannot be watched" },
    { ERROR_NOT_SUPPORTED, E_NOTIMPL,
      "this file system does not tell of changes: the directory cannot be watched" },
};

HRESULT fs_failure_hresult(int error)
{
    for (size_t i = 0; i < sizeof failures / sizeof *failures; i++)
        if (failures[i].error == (DWORD)error)
            return failures[i].hr;
    return HRESULT_FROM_WIN32((DWORD)error);
}

void fs_failure_text(int error, char *to, size_t size)
{
    for (size_t i = 0; i < sizeof failures / sizeof *failures; i++) {
        if (failures[i].error == (DWORD)error) {
            snprintf(to, size, "%s", failures[i].text);
            return;
        }
    }
    snprintf(to, size, "error %d of the operating system: what lies below is not watched", error);
}

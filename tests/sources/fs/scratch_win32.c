/* SPDX-License-Identifier: MIT */
/*
 * tests/sources/fs/scratch_win32.c - the folder for temporary files, or memory under Wine
 *
 * Wine's server knows a directory that was watched by its number, and keeps it when the directory
 * is gone. A directory of another program that gets the number again is then not watched, which
 * happens on a disk when several of these tests run at once. tmpfs gives no number twice.
 */
#include "scratch_win32.h"

#include <stdio.h>
#include <windows.h>

#define MEMORY "Z:/dev/shm/"

int scratch_folder(char *to, size_t size)
{
    DWORD length;

    if (GetFileAttributesA(MEMORY) != INVALID_FILE_ATTRIBUTES)
        return snprintf(to, size, "%s", MEMORY) < (int)size;
    length = GetTempPathA((DWORD)size, to);
    if (length == 0 || length >= size)
        return 0;
    for (char *at = to; *at != '\0'; at++)
        if (*at == '\\')
            *at = '/';
    return 1;
}

/* SPDX-License-Identifier: MIT */
/* pe/file_win32.c - pe/file_win32.h by a mapping of the file's bytes, not as an image */
#include "pe/file_win32.h"

static struct bytes map(HANDLE file)
{
    struct bytes bytes = { NULL, 0 };
    LARGE_INTEGER size;
    HANDLE mapping;

    if (!GetFileSizeEx(file, &size) || (ULONGLONG)size.QuadPart > (SIZE_T)-1 / 2)
        return bytes;
    mapping = CreateFileMappingW(file, NULL, PAGE_READONLY, 0, 0, NULL);
    if (mapping == NULL) /* an empty file too */
        return bytes;
    bytes.data = MapViewOfFile(mapping, FILE_MAP_READ, 0, 0, (SIZE_T)size.QuadPart);
    bytes.size = bytes.data != NULL ? (size_t)size.QuadPart : 0;
    (void)CloseHandle(mapping);
    return bytes;
}

int connpt__pe_file_open(const WCHAR *path, struct pe_file *file)
{
    HANDLE handle = CreateFileW(path, GENERIC_READ, FILE_SHARE_READ | FILE_SHARE_DELETE, NULL,
                                OPEN_EXISTING, 0, NULL);
    struct bytes bytes;

    if (handle == INVALID_HANDLE_VALUE)
        return 0;
    bytes = map(handle);
    (void)CloseHandle(handle);
    if (bytes.data == NULL)
        return 0;
    file->view = (void *)(uintptr_t)bytes.data;
    if (connpt__pe_open(&file->pe, bytes))
        return 1;
    connpt__pe_file_close(file);
    return 0;
}

void connpt__pe_file_close(struct pe_file *file)
{
    (void)UnmapViewOfFile(file->view);
}

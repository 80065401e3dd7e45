/* SPDX-License-Identifier: MIT */
/* files.c - folders and files for one test, and the environment, on every system */
#include "files.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sample.h"

#ifdef _WIN32

static const WCHAR *wide(const char *utf8)
{
    static WCHAR buffers[2][FILES_PATH_SIZE];
    static unsigned n;
    WCHAR *buffer = buffers[n++ % 2];

    CHECK(MultiByteToWideChar(CP_UTF8, 0, utf8, -1, buffer, FILES_PATH_SIZE) > 0);
    return buffer;
}

int files_make_folder(char folder[FILES_FOLDER_SIZE])
{
    static unsigned n;
    WCHAR temporary[MAX_PATH], path[MAX_PATH + 50];

    GetTempPathW(MAX_PATH, temporary);
    /* A process that was killed may have left one with our number. */
    do
        (void)swprintf(path, MAX_PATH + 50, L"%lsconnpt-t\u00FCpelib-%lu-%u", temporary,
                       (unsigned long)GetCurrentProcessId(), n++);
    while (!CreateDirectoryW(path, NULL) && GetLastError() == ERROR_ALREADY_EXISTS);
    return CHECK(GetFileAttributesW(path) != INVALID_FILE_ATTRIBUTES) &&
           CHECK(WideCharToMultiByte(CP_UTF8, 0, path, -1, folder, FILES_FOLDER_SIZE, NULL, NULL) >
                 0);
}

static FILE *create(const char *path)
{
    return _wfopen(wide(path), L"wb");
}

static void remove_file(const char *path)
{
    (void)DeleteFileW(wide(path));
}

static void remove_folder(const char *path)
{
    (void)RemoveDirectoryW(wide(path));
}

int files_set_variable(const char *name, const char *value)
{
    const WCHAR *wide_name = wide(name);

    return CHECK(SetEnvironmentVariableW(wide_name, value != NULL ? wide(value) : NULL));
}

#else

#include <unistd.h>

int files_make_folder(char folder[FILES_FOLDER_SIZE])
{
    (void)strcpy(folder, "/tmp/connpt-t\303\274pelib-XXXXXX");
    return CHECK(mkdtemp(folder) != NULL);
}

static FILE *create(const char *path)
{
    return fopen(path, "wb");
}

static void remove_file(const char *path)
{
    (void)unlink(path);
}

static void remove_folder(const char *path)
{
    (void)rmdir(path);
}

int files_lengthen(const char *path, int64_t size)
{
    if (truncate(path, (off_t)size) == 0)
        return 1;
    t_skip("there can be no file of that size");
    return 0;
}

int files_set_variable(const char *name, const char *value)
{
    return CHECK_INT(value != NULL ? setenv(name, value, 1) : unsetenv(name), 0);
}

#endif

int files_write(const char *folder, const char *name, const void *bytes, size_t size)
{
    char path[FILES_PATH_SIZE];
    FILE *file;
    int written = 0;

    (void)snprintf(path, sizeof path, "%s/%s", folder, name);
    file = create(path);
    if (file != NULL) {
        written = fwrite(bytes, 1, size, file) == size;
        written &= fclose(file) == 0;
    }
    return CHECK(written);
}

int files_copy(const char *folder, const char *name, const char *as)
{
    size_t size = 0;
    unsigned char *bytes = sample_bytes(name, &size);
    int written = bytes != NULL && files_write(folder, as, bytes, size);

    free(bytes);
    return written;
}

void files_remove_folder(const char *folder, const char *const *names)
{
    char path[FILES_PATH_SIZE];

    for (; *names != NULL; names++) {
        (void)snprintf(path, sizeof path, "%s/%s", folder, *names);
        remove_file(path);
    }
    remove_folder(folder);
}

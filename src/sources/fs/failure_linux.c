/* SPDX-License-Identifier: MIT */
/* fs/failure_linux.c - errno's numbers as HRESULTs and as advice */
#include "failure.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* HRESULT_FROM_WIN32 of the code that Windows gives for the same trouble. */
#define FROM_WIN32(code) ((HRESULT)(0x80070000u | (code)))

static const struct failure {
    int error;
    HRESULT hr;
    const char *text;
} failures[] = {
    { EACCES, E_ACCESSDENIED,
      "permission denied: give this user read and search permission on the directory" },
    { EPERM, E_ACCESSDENIED, "not permitted: run as a user who may watch the directory" },
    { ENOENT, FROM_WIN32(3u), "no such directory: check the path" },
    { ENOTDIR, FROM_WIN32(267u), "not a directory: open the directory that holds it" },
    { ENOMEM, E_OUTOFMEMORY, "out of memory: what lies below is not watched" },
    { ENAMETOOLONG, FROM_WIN32(206u),
      "the path is longer than the system takes: open a directory further down" },
    { ELOOP, FROM_WIN32(1921u), "too many symbolic links: open the directory they lead to" },
    { ENOSYS, E_NOTIMPL, "this kernel has no inotify: the directory cannot be watched" },
};

static unsigned long read_limit(const char *path)
{
    char digits[32] = "";
    int fd = open(path, O_RDONLY | O_CLOEXEC);

    if (fd >= 0) {
        ssize_t size = read(fd, digits, sizeof digits - 1);

        digits[size > 0 ? size : 0] = '\0';
        close(fd);
    }
    return strtoul(digits, NULL, 10);
}

HRESULT fs_failure_hresult(int error)
{
    if (error == ENOSPC)
        return FROM_WIN32(1816u); /* ERROR_NOT_ENOUGH_QUOTA */
    if (error == EMFILE || error == ENFILE)
        return FROM_WIN32(4u); /* ERROR_TOO_MANY_OPEN_FILES */
    for (size_t i = 0; i < sizeof failures / sizeof *failures; i++)
        if (failures[i].error == error)
            return failures[i].hr;
    return E_FAIL;
}

void fs_failure_text(int error, char *to, size_t size)
{
    const char *text = NULL;

    if (error == ENOSPC) {
        unsigned long limit = read_limit("/proc/sys/fs/inotify/max_user_watches");

        snprintf(to, size,
                 "the limit of watches (%lu for each user) is reached: raise it with "
                 "\"sysctl fs.inotify.max_user_watches=%lu\"; what lies below is not watched",
                 limit, limit != 0 ? limit * 2 : 524288ul);
        return;
    }
    if (error == EMFILE || error == ENFILE) {
        snprintf(to, size,
                 "too many open files or inotify instances (%lu for each user): close some, or "
                 "raise \"ulimit -n\" or \"sysctl fs.inotify.max_user_instances\"",
                 read_limit("/proc/sys/fs/inotify/max_user_instances"));
        return;
    }
    for (size_t i = 0; i < sizeof failures / sizeof *failures; i++)
        if (failures[i].error == error)
            text = failures[i].text;
    if (text != NULL)
        snprintf(to, size, "%s", text);
    else
        snprintf(to, size, "error %d of the operating system: what lies below is not watched",
                 error);
}

/* SPDX-License-Identifier: MIT */
/* typelib/load_posix.c - files and folders, and connpt_typelib_load, outside Windows */
#include "typelib/library.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <connpt/typelib.h>

#include "base/alloc.h"

static HRESULT io_fault(struct fault *fault, const char *doing)
{
    int error = errno;

    return connpt__fault(
        fault, error == ENOENT || error == ENOTDIR ? TYPE_E_CANTLOADLIBRARY : TYPE_E_IOERROR,
        "%s: %s", doing, strerror(error));
}

HRESULT connpt__file_open(const char *path, struct fault *fault, struct source *ret_source)
{
    struct stat status;
    HRESULT hr;
    /* O_NONBLOCK: opening a pipe would wait for its other end */
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);

    if (fd < 0)
        return io_fault(fault, "cannot be opened");
    if (fstat(fd, &status) != 0)
        hr = io_fault(fault, "cannot be examined");
    else if (!S_ISREG(status.st_mode))
        hr = connpt__fault(fault, TYPE_E_IOERROR, "is not a regular file");
    else {
        *ret_source = (struct source){ .size = (uint64_t)status.st_size, .handle = fd };
        return S_OK;
    }
    (void)close(fd);
    return hr;
}

void connpt__file_close(struct source *source)
{
    (void)close((int)source->handle);
}

/* Read, not mapped: a file that shrinks while it is mapped ends the process. */
HRESULT connpt__file_read_at(const struct source *source, uint64_t at, void *buffer, size_t size,
                             struct fault *fault, size_t *ret_done)
{
    size_t done = 0;

    while (done < size) {
        ssize_t n =
            pread((int)source->handle, (char *)buffer + done, size - done, (off_t)(at + done));

        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return io_fault(fault, "cannot be read");
        if (n == 0)
            break;
        done += (size_t)n;
    }
    *ret_done = done;
    return S_OK;
}

char *connpt__file_folder(const char *path)
{
    const char *slash = strrchr(path, '/');
    /* "x.tlb" lies in ".", "/x.tlb" in "/" */
    const char *start = slash != NULL ? path : ".";
    size_t length = slash == NULL || slash == path ? 1 : (size_t)(slash - path);
    char *folder = connpt__alloc(length + 1);
    char *absolute, *copy;

    if (folder == NULL)
        return NULL;
    memcpy(folder, start, length);
    folder[length] = '\0';

    /* Imports are looked for later, when the current folder may be another one. */
    absolute = realpath(folder, NULL);
    if (absolute == NULL)
        return folder;
    copy = connpt__realloc(folder, strlen(absolute) + 1);
    if (copy == NULL)
        connpt__free(folder);
    else
        memcpy(copy, absolute, strlen(absolute) + 1);
    free(absolute);
    return copy;
}

HRESULT connpt_typelib_load(const char *path, ITypeLib **ret_library)
{
    struct fault *fault = connpt__fault_begin(path != NULL ? path : "connpt_typelib_load");
    struct library *library;
    HRESULT hr;

    if (path == NULL || ret_library == NULL)
        return connpt__fault(fault, E_POINTER, "a pointer is NULL");
    hr = connpt__library_load(path, fault, &library);
    if (SUCCEEDED(hr))
        *ret_library = &library->ITypeLib_iface;
    return hr;
}

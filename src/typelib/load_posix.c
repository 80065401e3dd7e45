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

/* Read, not mapped: a file that shrinks while it is mapped ends the process. */
static HRESULT read_all(int fd, size_t size, struct fault *fault, struct bytes *ret_bytes)
{
    uint8_t *data = connpt__alloc(size);
    size_t done = 0;

    if (data == NULL)
        return connpt__fault(fault, E_OUTOFMEMORY, "there is no memory for its %u bytes",
                             (unsigned)size);
    while (done < size) {
        ssize_t n = read(fd, data + done, size - done);

        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0) {
            HRESULT hr = io_fault(fault, "cannot be read");

            connpt__free(data);
            return hr;
        }
        if (n == 0)
            break; /* it has become shorter */
        done += (size_t)n;
    }
    ret_bytes->data = data;
    ret_bytes->size = done;
    return S_OK;
}

HRESULT connpt__file_read(const char *path, struct fault *fault, struct bytes *ret_bytes)
{
    static const off_t max_size = 0x7fffffff;
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
    else if (status.st_size > max_size)
        hr = connpt__fault(fault, TYPE_E_INVDATAREAD, "is larger than 2 GiB");
    else
        hr = read_all(fd, (size_t)status.st_size, fault, ret_bytes);
    (void)close(fd);
    return hr;
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

/* SPDX-License-Identifier: MIT */
/*
 * loader/module_posix.c - modules through dlopen
 *
 * RTLD_NOW: a missing symbol is an error here and now, not the death of a program in the middle
 * of its first event. RTLD_LOCAL: two modules never see each other's symbols. RTLD_NODELETE:
 * objects outlive every handle.
 */
#include "loader/loader.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

int connpt__module_has_folder(const char *path)
{
    return strchr(path, '/') != NULL;
}

int connpt__module_exists(const char *file)
{
    struct stat status;

    return stat(file, &status) == 0 || (errno != ENOENT && errno != ENOTDIR);
}

int connpt__module_is_regular(const char *file)
{
    struct stat status;

    return stat(file, &status) == 0 && S_ISREG(status.st_mode);
}

static int read_file(void *context, uint64_t offset, void *buffer, size_t size)
{
    int fd = *(const int *)context;
    char *to = buffer;

    while (size != 0) {
        ssize_t n = pread(fd, to, size, (off_t)offset);

        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return -1;
        to += n;
        offset += (uint64_t)n;
        size -= (size_t)n;
    }
    return 0;
}

static HRESULT check_open_file(const char *file, int fd)
{
    struct stat status;
    const char *problem = NULL;
    char text[160];

    if (fstat(fd, &status) != 0)
        return connpt__module_fail(CO_E_ERRORINDLL, "%.600s cannot be examined: %s.", file,
                                   strerror(errno));
    if (!S_ISREG(status.st_mode)) {
        return connpt__module_fail(CO_E_ERRORINDLL,
                                   "%.600s is not a file%s; give the path of a module.", file,
                                   S_ISDIR(status.st_mode) ? " but a folder" : "");
    }
#if defined(__ELF__)
    {
        struct connpt__elf_file elf = { read_file, &fd, (uint64_t)status.st_size };

        problem = connpt__elf_problem(&elf, text, sizeof text);
    }
#else
    (void)read_file;
    (void)text;
#endif
    if (problem != NULL)
        return connpt__module_fail(CO_E_ERRORINDLL, "%.600s %s.", file, problem);
    return S_OK;
}

static HRESULT check_file(const char *file)
{
    /* O_NONBLOCK: opening a named pipe must not wait for its other end. */
    int fd = open(file, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    HRESULT hr;

    if (fd < 0)
        return connpt__module_fail(errno == ENOENT ? CO_E_DLLNOTFOUND : CO_E_ERRORINDLL,
                                   "%.600s cannot be opened: %s.", file, strerror(errno));
    hr = check_open_file(file, fd);
    (void)close(fd);
    return hr;
}

HRESULT connpt__module_open(const char *file, connpt__get_class_object_fn *ret_entry)
{
    void *handle, *symbol;
    HRESULT hr = check_file(file);

    if (FAILED(hr))
        return hr;
    handle = dlopen(file, RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
    if (handle == NULL) {
        const char *why = dlerror();

        return connpt__module_fail(CO_E_ERRORINDLL,
                                   "%.300s cannot be loaded: %.600s. Install what it needs, or "
                                   "link it with what it uses.",
                                   file, why != NULL ? why : "the system gives no reason");
    }
    symbol = dlsym(handle, "DllGetClassObject");
    if (symbol == NULL) {
        (void)dlclose(handle);
        return connpt__module_fail(CO_E_ERRORINDLL,
                                   "%.600s is a shared library but no module: it does not export "
                                   "DllGetClassObject.",
                                   file);
    }
    /* The copy says what POSIX guarantees and ISO C does not: a symbol may be a function. */
    _Static_assert(sizeof symbol == sizeof *ret_entry, "data and code pointers have one size");
    memcpy(ret_entry, &symbol, sizeof symbol);
    return S_OK;
}

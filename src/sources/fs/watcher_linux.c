/* SPDX-License-Identifier: MIT */
/*
 * fs/watcher_linux.c - inotify: open, wait and read, close
 *
 * The thread blocks in poll until the kernel has events or stop is asked for.
 */
#include "state.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define EVENT_MAX (sizeof(struct inotify_event) + 256 /* NAME_MAX and its NUL */)

/* Not finer than what file systems stamp with, so never ahead of a later stamp. */
int64_t fs_now(void)
{
    struct timespec now = { 0 };

    clock_gettime(CLOCK_REALTIME_COARSE, &now);
    return now.tv_sec * FS_SECOND + now.tv_nsec;
}

int fs_watcher_try(const char *root)
{
    int fd = open(root, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

    if (fd < 0)
        return errno;
    close(fd);
    return 0;
}

void fs_os_init(struct fs_watcher *watcher)
{
    watcher->os.fd = -1;
    watcher->os.wake_fd = -1;
}

static int open_descriptors(struct fs_watcher *watcher)
{
    watcher->os.fd = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
    if (watcher->os.fd < 0)
        return errno;
    watcher->os.wake_fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    return watcher->os.wake_fd >= 0 ? 0 : errno;
}

int fs_os_open(struct fs_watcher *watcher)
{
    int error = open_descriptors(watcher);
    char *root = error == 0 ? realpath(watcher->options.root, NULL) : NULL;
    struct stat status;

    if (error != 0)
        return error;
    if (root == NULL)
        return errno;
    if (stat(root, &status) != 0)
        error = errno;
    else if (!S_ISDIR(status.st_mode))
        error = ENOTDIR;
    else if (!fs_tree_init(&watcher->tree, root, watcher->options.root))
        error = ENOMEM;
    free(root);
    if (error != 0)
        return error;
    watcher->os.root_dev = status.st_dev;
    watcher->os.root_ino = status.st_ino;
    return fs_os_watch_root(watcher);
}

void fs_os_fini(struct fs_watcher *watcher)
{
    if (watcher->os.fd >= 0)
        close(watcher->os.fd);
    if (watcher->os.wake_fd >= 0)
        close(watcher->os.wake_fd);
}

void fs_os_wake(struct fs_watcher *watcher)
{
    uint64_t one = 1;

    /* Fails only when the descriptor is readable already. */
    if (write(watcher->os.wake_fd, &one, sizeof one) < 0)
        return;
}

int fs_os_wait(struct fs_watcher *watcher, int timeout_ms)
{
    struct pollfd polled[2] = {
        { .fd = watcher->os.fd, .events = POLLIN },
        { .fd = watcher->os.wake_fd, .events = POLLIN },
    };

    if (poll(polled, 2, timeout_ms) < 0)
        return errno == EINTR || errno == ENOMEM ? 0 : -1;
    return polled[0].revents != 0;
}

/* How many bytes of events were read; 0: none is there now, or watching has ended. */
static size_t read_events(struct fs_watcher *watcher)
{
    const struct fs_system *system = watcher->options.system;
    struct fs_os *os = &watcher->os;
    ssize_t size = system != NULL ? system->read(os->fd, os->buffer, FS_BUFFER_SIZE)
                                  : read(os->fd, os->buffer, FS_BUFFER_SIZE);

    if (size < 0 && errno != EAGAIN && errno != EINTR)
        fs_end(watcher, "reading the system's events failed");
    return size > 0 ? (size_t)size : 0;
}

enum fs_taken fs_os_take(struct fs_watcher *watcher)
{
    size_t size = read_events(watcher);

    if (size == 0)
        return FS_TAKEN_NONE;
    watcher->round++;
    for (size_t at = 0; at < size && !fs_is_over(watcher);) {
        const struct inotify_event *event = (const void *)(watcher->os.buffer + at);

        fs_os_change(watcher, event);
        at += sizeof *event + event->len;
    }
    /* With room left for one more, the kernel had no more. */
    return size + EVENT_MAX <= FS_BUFFER_SIZE ? FS_TAKEN_ALL : FS_TAKEN_SOME;
}

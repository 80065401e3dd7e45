/* SPDX-License-Identifier: MIT */
/*
 * fs/watcher.c - open, wait and read, close
 *
 * One thread dispatches. It blocks in poll until the kernel has events or stop is asked for; the
 * only timeout is that of a report which may belong to the next event.
 */
#include "watcher.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

#include <connpt/memory.h>

#include "state.h"

#define EVENT_MAX (sizeof(struct inotify_event) + 256 /* NAME_MAX and its NUL */)

/* The clock that file systems stamp with: not finer, so never ahead of a later stamp. */
static struct timespec stamp_now(void)
{
    struct timespec now = { 0 };

    clock_gettime(CLOCK_REALTIME_COARSE, &now);
    return now;
}

static int open_descriptors(struct fs_watcher *watcher)
{
    watcher->fd = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
    if (watcher->fd < 0)
        return errno;
    watcher->wake_fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    return watcher->wake_fd >= 0 ? 0 : errno;
}

static int open_tree(struct fs_watcher *watcher)
{
    char *root = realpath(watcher->options.root, NULL);
    struct stat status;
    int error = 0;

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
    watcher->root_dev = status.st_dev;
    watcher->root_ino = status.st_ino;
    return fs_watch_root(watcher);
}

int fs_watcher_open(const struct fs_options *options, struct fs_watcher **ret_watcher)
{
    struct fs_watcher *watcher = connpt_CoTaskMemAlloc(sizeof *watcher);
    int error;

    if (watcher == NULL)
        return ENOMEM;
    /* Not the buffer: pages that no event fills stay untouched. */
    memset(watcher, 0, offsetof(struct fs_watcher, held));
    watcher->options = *options;
    watcher->notes_end = &watcher->notes;
    watcher->fd = -1;
    watcher->wake_fd = -1;
    watcher->is_quiet = 1;
    watcher->drained = stamp_now();
    error = open_descriptors(watcher);
    if (error == 0)
        error = open_tree(watcher);
    if (error == 0)
        error = fs_scan_noted(watcher, FS_SCAN_NEW);
    watcher->is_quiet = 0;
    watcher->options.root = NULL;
    if (error != 0) {
        fs_watcher_close(watcher);
        return error;
    }
    *ret_watcher = watcher;
    return 0;
}

void fs_watcher_close(struct fs_watcher *watcher)
{
    if (watcher == NULL)
        return;
    while (watcher->notes != NULL) {
        struct fs_note *note = watcher->notes;

        watcher->notes = note->next;
        fs_text_fini(&note->path);
        connpt_CoTaskMemFree(note);
    }
    if (watcher->fd >= 0)
        close(watcher->fd);
    if (watcher->wake_fd >= 0)
        close(watcher->wake_fd);
    fs_tree_fini(&watcher->tree);
    fs_text_fini(&watcher->other);
    connpt_CoTaskMemFree(watcher);
}

void fs_watcher_stop(struct fs_watcher *watcher)
{
    uint64_t one = 1;

    /* Pairs with the acquire in fs_is_over: who sees it sees what the caller did before. */
    atomic_store_explicit(&watcher->is_stopping, 1, memory_order_release);
    /* Fails only when the descriptor is readable already. */
    if (write(watcher->wake_fd, &one, sizeof one) < 0)
        return;
}

long fs_watcher_watches(const struct fs_watcher *watcher)
{
    return atomic_load_explicit(&watcher->n_watches, memory_order_relaxed);
}

/* How many bytes of events were read; 0: none is there now, or watching has ended. */
static size_t read_events(struct fs_watcher *watcher)
{
    const struct fs_system *system = watcher->options.system;
    ssize_t size = system != NULL ? system->read(watcher->fd, watcher->buffer, FS_BUFFER_SIZE)
                                  : read(watcher->fd, watcher->buffer, FS_BUFFER_SIZE);

    if (size < 0 && errno != EAGAIN && errno != EINTR)
        fs_end(watcher, "reading the system's events failed");
    return size > 0 ? (size_t)size : 0;
}

static void take_events(struct fs_watcher *watcher)
{
    struct timespec before = stamp_now();
    size_t size = read_events(watcher);

    if (size == 0)
        return;
    watcher->round++;
    for (size_t at = 0; at < size && !fs_is_over(watcher);) {
        const struct inotify_event *event = (const void *)(watcher->buffer + at);

        fs_change(watcher, event);
        at += sizeof *event + event->len;
    }
    fs_flush_held(watcher, watcher->round);
    if (watcher->modified_round != watcher->round)
        fs_flush_modified(watcher);
    /* With room left for one more, the kernel had no more. */
    if (size + EVENT_MAX <= FS_BUFFER_SIZE && !watcher->has_lost)
        watcher->drained = before;
    if (watcher->has_lost && !fs_is_over(watcher))
        fs_compare(watcher);
}

int fs_watcher_dispatch(struct fs_watcher *watcher, int timeout_ms)
{
    struct pollfd polled[2] = {
        { .fd = watcher->fd, .events = POLLIN },
        { .fd = watcher->wake_fd, .events = POLLIN },
    };

    fs_report_notes(watcher);
    if (fs_is_over(watcher))
        return 0;
    if ((watcher->n_held != 0 || watcher->modified_dir != NULL) &&
        (timeout_ms < 0 || timeout_ms > FS_HOLD_MS))
        timeout_ms = FS_HOLD_MS;
    if (poll(polled, 2, timeout_ms) < 0)
        return errno == EINTR || errno == ENOMEM;
    if (fs_is_over(watcher))
        return 0;
    if (polled[0].revents != 0) {
        take_events(watcher);
    } else {
        fs_flush_modified(watcher);
        fs_flush_held(watcher, UINT32_MAX);
    }
    return !fs_is_over(watcher);
}

void fs_watcher_run(struct fs_watcher *watcher)
{
    while (fs_watcher_dispatch(watcher, -1)) {
    }
}

/* SPDX-License-Identifier: MIT */
/* fs/os_linux.h - what a watcher has of inotify's */
#ifndef CONNPT_FS_OS_LINUX_H
#define CONNPT_FS_OS_LINUX_H

#include <dirent.h>
#include <stdint.h>
#include <sys/types.h>

#define FS_BUFFER_SIZE 16384          /* a few hundred events; more only costs memory */
#define FS_SECOND INT64_C(1000000000) /* times are nanoseconds */

/* As in <sys/inotify.h> and <unistd.h>. */
struct fs_system {
    int (*add_watch)(int fd, const char *path, uint32_t mask);
    ssize_t (*read)(int fd, void *buffer, size_t size);
};

struct fs_os {
    int fd;      /* inotify */
    int wake_fd; /* eventfd: readable once stop was asked for */
    dev_t root_dev;
    ino_t root_ino;
    _Alignas(8) char buffer[FS_BUFFER_SIZE];
};

struct fs_reader {
    DIR *stream;
};

struct fs_watcher;
struct inotify_event;

/* Watch the root. 0 or an error number. */
int fs_os_watch_root(struct fs_watcher *watcher);

void fs_os_change(struct fs_watcher *watcher, const struct inotify_event *event);

#endif

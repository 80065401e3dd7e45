/* SPDX-License-Identifier: MIT */
/*
 * fs/scan_linux.c - one inotify watch for each directory, and reading directories
 *
 * The kernel has one watch for one directory, whatever the path: that tells whether two paths
 * lead to the same one, and where a directory went whose move was not told.
 */
#include "state.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

/* IN_MASK_ADD: a path that leads to a watched directory must not narrow what is watched there. */
#define DIR_MASK                                                                                   \
    (IN_CREATE | IN_DELETE | IN_MOVED_FROM | IN_MOVED_TO | IN_MODIFY | IN_CLOSE_WRITE |            \
     IN_ATTRIB | IN_ONLYDIR | IN_EXCL_UNLINK | IN_MASK_ADD)
#define ROOT_MASK (DIR_MASK | IN_DELETE_SELF | IN_MOVE_SELF)

/* ---- watches ------------------------------------------------------------------------------- */

static int add_watch(struct fs_watcher *watcher, const char *path, uint32_t mask)
{
    const struct fs_system *system = watcher->options.system;

    return system != NULL ? system->add_watch(watcher->os.fd, path, mask)
                          : inotify_add_watch(watcher->os.fd, path, mask);
}

void fs_os_unwatch(struct fs_watcher *watcher, struct fs_dir *dir)
{
    /* Fails when the kernel has removed the watch itself; that is as good. */
    (void)inotify_rm_watch(watcher->os.fd, dir->wd);
}

static struct fs_dir *add_dir(struct fs_watcher *watcher, int wd, struct fs_dir *parent,
                              const char *name, size_t length)
{
    struct fs_dir *dir = fs_add_dir(watcher, wd, parent, name, length);

    if (dir == NULL)
        (void)inotify_rm_watch(watcher->os.fd, wd);
    return dir;
}

int fs_os_watch_root(struct fs_watcher *watcher)
{
    const char *path = watcher->tree.root_length != 0 ? watcher->tree.root : "/";
    int wd = add_watch(watcher, path, ROOT_MASK);

    if (wd < 0)
        return errno;
    watcher->root = add_dir(watcher, wd, NULL, NULL, 0);
    return watcher->root != NULL ? 0 : ENOMEM;
}

const char *fs_os_is_gone(struct fs_watcher *watcher)
{
    const char *path = watcher->tree.root_length != 0 ? watcher->tree.root : "/";
    struct stat status;

    if (stat(path, &status) == 0 && status.st_dev == watcher->os.root_dev &&
        status.st_ino == watcher->os.root_ino)
        return NULL;
    return "the path no longer leads to the directory: one above it was moved or deleted";
}

/*
 * Does the open directory @fd carry the watch of @dir? Watching it tells, since one directory
 * has one watch.
 */
static int is_same_dir(struct fs_watcher *watcher, const struct fs_dir *dir, int fd)
{
    char link[64];
    int wd;

    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    wd = inotify_add_watch(watcher->os.fd, link, DIR_MASK);
    if (wd >= 0 && wd != dir->wd && fs_tree_find(&watcher->tree, wd) == NULL)
        (void)inotify_rm_watch(watcher->os.fd, wd);
    return wd < 0 || wd == dir->wd;
}

/* Is @dir still where the tree has it, although a path elsewhere leads to it (a bind mount)? */
static int is_at_home(struct fs_watcher *watcher, const struct fs_dir *dir)
{
    const char *path = fs_tree_path(&watcher->tree, dir, NULL, 0);
    int fd = path != NULL ? open(path, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC) : -1;
    int same;

    if (path == NULL)
        return 1;
    if (fd < 0)
        return 0;
    same = is_same_dir(watcher, dir, fd);
    close(fd);
    return same;
}

/* @child, watched elsewhere in the tree, was found at @place of @dir. 1 if it was moved here. */
static int adopt(struct fs_watcher *watcher, struct fs_dir *child, struct fs_dir *dir,
                 uint32_t place, enum fs_scan mode)
{
    struct fs_dir *from = child->parent;
    size_t length, from_length = child->name_length;
    const char *name = fs_names_text(&dir->names, place, &length);
    char from_name[255];
    uint32_t old;

    /* An ancestor that seems to lie in its descendant: its own move is still to be told. */
    if (fs_tree_is_below(dir, child) || is_at_home(watcher, child))
        return 0;
    memcpy(from_name, child->name, from_length);
    if (!fs_tree_move(&watcher->tree, child, dir, name, length)) {
        fs_report_failure(watcher, dir, name, length, ENOMEM);
        return 0;
    }
    old = fs_names_find(&from->names, from_name, from_length);
    if (old != FS_NO_NAME && fs_names_wd(&from->names, old) == child->wd)
        fs_names_remove(&from->names, old);
    fs_names_set_wd(&dir->names, place, child->wd);
    fs_report_move(watcher, from, from_name, from_length, dir, name, length, 1);
    if (mode == FS_SCAN_COMPARE || child->is_unread)
        fs_scan_note(watcher, child);
    /* The old name may be another directory's by now. */
    fs_scan_note(watcher, from);
    return 1;
}

/* The directory that the tree has at @place is not the one with watch @wd. */
static void drop_replaced(struct fs_watcher *watcher, struct fs_dir *dir, uint32_t place, int wd,
                          enum fs_scan mode)
{
    int old_wd = fs_names_wd(&dir->names, place);
    struct fs_dir *old = old_wd != 0 && old_wd != wd ? fs_tree_find(&watcher->tree, old_wd) : NULL;
    size_t length;
    const char *name = fs_names_text(&dir->names, place, &length);

    if (old == NULL || old->parent != dir)
        return;
    fs_drop_tree(watcher, old);
    fs_names_set_wd(&dir->names, place, 0);
    if (mode == FS_SCAN_COMPARE) {
        fs_report(watcher, FS_DELETED, dir, name, length, 1);
        fs_report(watcher, FS_CREATED, dir, name, length, 1);
    }
}

int fs_watch_child(struct fs_watcher *watcher, struct fs_dir *dir, uint32_t place,
                   enum fs_scan mode)
{
    size_t length;
    const char *name = fs_names_text(&dir->names, place, &length);
    const char *path = fs_tree_path(&watcher->tree, dir, name, length);
    struct fs_dir *child;
    int wd;

    wd = path != NULL ? add_watch(watcher, path, DIR_MASK | IN_DONT_FOLLOW) : -1;
    if (wd < 0) {
        int error = path != NULL ? errno : ENOMEM;

        if (error == ENOENT || error == ENOTDIR)
            fs_led_nowhere(watcher, dir);
        else
            fs_report_failure(watcher, dir, name, length, error);
        return 0;
    }
    drop_replaced(watcher, dir, place, wd, mode);
    child = fs_tree_find(&watcher->tree, wd);
    if (child == NULL) {
        if (add_dir(watcher, wd, dir, name, length) != NULL)
            fs_names_set_wd(&dir->names, place, wd);
        else
            fs_report_failure(watcher, dir, name, length, ENOMEM);
        return 0;
    }
    if (fs_names_wd(&dir->names, place) != wd)
        return adopt(watcher, child, dir, place, mode);
    if (mode == FS_SCAN_COMPARE)
        fs_scan_note(watcher, child);
    return 0;
}

/* ---- reading ----------------------------------------------------------------------------- */

int fs_os_is_nowhere(int error)
{
    return error == ENOENT || error == ENOTDIR || error == ELOOP;
}

int fs_reader_begin(struct fs_watcher *watcher, struct fs_dir *dir, struct fs_reader *reader)
{
    const char *path = fs_tree_path(&watcher->tree, dir, NULL, 0);
    int fd = path != NULL ? open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC) : -1;

    if (path == NULL)
        return ENOMEM;
    if (fd < 0)
        return errno;
    if (!watcher->is_quiet && !is_same_dir(watcher, dir, fd)) {
        close(fd);
        return ENOENT;
    }
    reader->stream = fdopendir(fd);
    if (reader->stream == NULL) {
        close(fd);
        return ENOMEM;
    }
    return 0;
}

static int is_dot(const char *name)
{
    return name[0] == '.' && (name[1] == '\0' || (name[1] == '.' && name[2] == '\0'));
}

int fs_reader_next(struct fs_reader *reader, struct fs_entry *entry)
{
    for (;;) {
        const struct dirent *found;

        errno = 0;
        found = readdir(reader->stream);
        if (found == NULL)
            return -errno;
        if (is_dot(found->d_name))
            continue;
        entry->name = found->d_name;
        entry->length = strlen(found->d_name);
        entry->is_dir = found->d_type == DT_DIR;
        entry->id = 0;
        if (found->d_type == DT_UNKNOWN) {
            struct stat status;

            if (fstatat(dirfd(reader->stream), found->d_name, &status, AT_SYMLINK_NOFOLLOW) != 0)
                continue;
            entry->is_dir = S_ISDIR(status.st_mode);
        }
        return 1;
    }
}

void fs_reader_end(struct fs_reader *reader)
{
    closedir(reader->stream);
}

static int is_since(const struct timespec *time, int64_t since)
{
    /* File systems that count in seconds round down. */
    if (time->tv_nsec == 0)
        return time->tv_sec >= since / FS_SECOND;
    return time->tv_sec * FS_SECOND + time->tv_nsec >= since;
}

int fs_reader_is_changed(struct fs_reader *reader, const struct fs_entry *entry, int64_t since,
                         int *ret_written)
{
    struct stat status;

    if (fstatat(dirfd(reader->stream), entry->name, &status, AT_SYMLINK_NOFOLLOW) != 0 ||
        !is_since(&status.st_ctim, since))
        return 0;
    *ret_written = is_since(&status.st_mtim, since);
    return 1;
}

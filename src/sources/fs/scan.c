/* SPDX-License-Identifier: MIT */
/*
 * fs/scan.c - watching directories and reading what is in them
 *
 * A directory is first watched and then read, so that a name is either found by reading or
 * announced by the kernel afterwards. Names announced twice are known by then and not reported
 * again. Directories are noted on a list and read one after the other: one descriptor is open
 * at a time, however deep the tree is.
 *
 * Between the kernel's event and our call the directory may have moved again. A path that leads
 * nowhere, or to another directory, is no error then: the event that explains it is on its way.
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

/* ---- the list of directories to read ----------------------------------------------------- */

void fs_scan_note(struct fs_watcher *watcher, struct fs_dir *dir)
{
    if (dir->is_todo)
        return;
    dir->is_todo = 1;
    dir->todo_next = watcher->todo;
    watcher->todo = dir;
}

static void unnote(struct fs_watcher *watcher, struct fs_dir *dir)
{
    struct fs_dir **at = &watcher->todo;

    if (!dir->is_todo)
        return;
    while (*at != dir)
        at = &(*at)->todo_next;
    *at = dir->todo_next;
    dir->is_todo = 0;
}

void fs_scan_note_unread(struct fs_watcher *watcher)
{
    if (!watcher->has_unread)
        return;
    watcher->has_unread = 0;
    for (uint32_t i = 0; i < watcher->tree.n_slots; i++)
        if (watcher->tree.slots[i] != NULL && watcher->tree.slots[i]->is_unread)
            fs_scan_note(watcher, watcher->tree.slots[i]);
}

/* ---- out of the tree ------------------------------------------------------------------------ */

static void drop_one(struct fs_watcher *watcher, struct fs_dir *dir)
{
    for (unsigned i = 0; i < watcher->n_held;) {
        if (watcher->held[i].dir == dir)
            watcher->held[i] = watcher->held[--watcher->n_held];
        else
            i++;
    }
    if (watcher->modified_dir == dir)
        watcher->modified_dir = NULL;
    if (watcher->root == dir)
        watcher->root = NULL;
    /* Fails when the kernel has removed the watch itself; that is as good. */
    (void)inotify_rm_watch(watcher->fd, dir->wd);
    fs_tree_remove(&watcher->tree, dir);
    atomic_fetch_sub_explicit(&watcher->n_watches, 1, memory_order_relaxed);
}

/* Moves the children of @dir that are watched onto the list at *stack. */
static void push_children(struct fs_watcher *watcher, struct fs_dir *dir, struct fs_dir **stack)
{
    for (uint32_t at = fs_names_next(&dir->names, FS_NO_NAME); at != FS_NO_NAME;
         at = fs_names_next(&dir->names, at)) {
        int wd = fs_names_wd(&dir->names, at);
        struct fs_dir *child = wd != 0 ? fs_tree_find(&watcher->tree, wd) : NULL;

        if (child != NULL && child->parent == dir) {
            unnote(watcher, child);
            child->todo_next = *stack;
            *stack = child;
        }
    }
}

void fs_drop_tree(struct fs_watcher *watcher, struct fs_dir *top)
{
    struct fs_dir *stack = top;

    unnote(watcher, top);
    top->todo_next = NULL;
    while (stack != NULL) {
        struct fs_dir *dir = stack;

        stack = dir->todo_next;
        push_children(watcher, dir, &stack);
        drop_one(watcher, dir);
    }
}

void fs_forget(struct fs_watcher *watcher, struct fs_dir *dir, uint32_t place)
{
    int wd = fs_names_wd(&dir->names, place);
    struct fs_dir *child = wd != 0 ? fs_tree_find(&watcher->tree, wd) : NULL;

    if (child != NULL && child->parent == dir)
        fs_drop_tree(watcher, child);
    fs_names_remove(&dir->names, place);
}

/* ---- into the tree -------------------------------------------------------------------------- */

static int add_watch(struct fs_watcher *watcher, const char *path, uint32_t mask)
{
    const struct fs_system *system = watcher->options.system;

    return system != NULL ? system->add_watch(watcher->fd, path, mask)
                          : inotify_add_watch(watcher->fd, path, mask);
}

static struct fs_dir *add_dir(struct fs_watcher *watcher, int wd, struct fs_dir *parent,
                              const char *name, size_t length)
{
    struct fs_dir *dir = fs_tree_add(&watcher->tree, wd, parent, name, length);

    if (dir == NULL) {
        (void)inotify_rm_watch(watcher->fd, wd);
        return NULL;
    }
    atomic_fetch_add_explicit(&watcher->n_watches, 1, memory_order_relaxed);
    fs_scan_note(watcher, dir);
    return dir;
}

int fs_watch_root(struct fs_watcher *watcher)
{
    const char *path = watcher->tree.root_length != 0 ? watcher->tree.root : "/";
    int wd = add_watch(watcher, path, ROOT_MASK);

    if (wd < 0)
        return errno;
    watcher->root = add_dir(watcher, wd, NULL, NULL, 0);
    return watcher->root != NULL ? 0 : ENOMEM;
}

/*
 * A path through @dir leads nowhere: it was moved, and once we are told whereto it must be read
 * again. Unless the root's path does not lead to the root either.
 */
static void led_nowhere(struct fs_watcher *watcher, struct fs_dir *dir)
{
    const char *path = watcher->tree.root_length != 0 ? watcher->tree.root : "/";
    struct stat status;

    dir->is_unread = 1;
    watcher->has_unread = 1;
    if (stat(path, &status) != 0 || status.st_dev != watcher->root_dev ||
        status.st_ino != watcher->root_ino)
        fs_end(watcher, "the path no longer leads to the directory: one above it was moved or "
                        "deleted");
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
    wd = inotify_add_watch(watcher->fd, link, DIR_MASK);
    if (wd >= 0 && wd != dir->wd && fs_tree_find(&watcher->tree, wd) == NULL)
        (void)inotify_rm_watch(watcher->fd, wd);
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
            led_nowhere(watcher, dir);
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

static int is_since(const struct timespec *time, const struct timespec *since)
{
    /* File systems that count in seconds round down. */
    if (time->tv_nsec == 0)
        return time->tv_sec >= since->tv_sec;
    return time->tv_sec > since->tv_sec ||
           (time->tv_sec == since->tv_sec && time->tv_nsec >= since->tv_nsec);
}

/*
 * Events of this name may be among the lost. Any change sets the change time; the other time
 * can be set back by whoever writes, so a file counts as written in any case.
 */
static void compare_times(struct fs_watcher *watcher, struct fs_dir *dir, int fd, const char *name,
                          int is_dir)
{
    size_t length = strlen(name);
    struct stat status;
    int is_written;

    if (fstatat(fd, name, &status, AT_SYMLINK_NOFOLLOW) != 0 ||
        !is_since(&status.st_ctim, &watcher->drained))
        return;
    is_written = is_since(&status.st_mtim, &watcher->drained);
    if (!is_dir)
        fs_report(watcher, FS_MODIFIED, dir, name, length, 0);
    if (!is_written)
        fs_report(watcher, FS_ATTRIBUTES, dir, name, length, is_dir);
}

static void found_unknown(struct fs_watcher *watcher, struct fs_dir *dir, const char *name,
                          int is_dir, enum fs_scan mode)
{
    size_t length = strlen(name);
    uint32_t place = fs_names_add(&dir->names, name, length, is_dir);
    int is_moved = 0;

    if (place == FS_NO_NAME) {
        dir->is_partial = 1;
        if (is_dir && watcher->options.is_recursive)
            fs_report_failure(watcher, dir, name, length, ENOMEM);
    } else {
        fs_names_mark(&dir->names, place);
        if (is_dir && watcher->options.is_recursive)
            is_moved = fs_watch_child(watcher, dir, place, mode);
    }
    if (!is_moved)
        fs_report(watcher, FS_CREATED, dir, name, length, is_dir);
}

static void found(struct fs_watcher *watcher, struct fs_dir *dir, int fd,
                  const struct dirent *entry, enum fs_scan mode)
{
    const char *name = entry->d_name;
    uint32_t place = fs_names_find(&dir->names, name, strlen(name));
    int is_dir = entry->d_type == DT_DIR;

    if (entry->d_type == DT_UNKNOWN) {
        struct stat status;

        if (fstatat(fd, name, &status, AT_SYMLINK_NOFOLLOW) != 0)
            return;
        is_dir = S_ISDIR(status.st_mode);
    }
    if (place != FS_NO_NAME && fs_names_is_dir(&dir->names, place) != is_dir) {
        fs_report(watcher, FS_DELETED, dir, name, strlen(name), !is_dir);
        fs_forget(watcher, dir, place);
        place = FS_NO_NAME;
    }
    if (place == FS_NO_NAME) {
        found_unknown(watcher, dir, name, is_dir, mode);
        return;
    }
    fs_names_mark(&dir->names, place);
    if (is_dir && watcher->options.is_recursive &&
        (mode == FS_SCAN_COMPARE || fs_names_wd(&dir->names, place) == 0))
        (void)fs_watch_child(watcher, dir, place, mode);
    /* A directory may be read again in one comparison, because something turned out to have been
     * moved into it; the move has changed the time of what is known by then. */
    if (mode == FS_SCAN_COMPARE && dir->compared != watcher->comparison)
        compare_times(watcher, dir, fd, name, is_dir);
}

/* The names that reading did not meet. */
static void report_gone(struct fs_watcher *watcher, struct fs_dir *dir)
{
    uint32_t next;

    for (uint32_t at = fs_names_next(&dir->names, FS_NO_NAME); at != FS_NO_NAME; at = next) {
        size_t length;
        const char *name = fs_names_text(&dir->names, at, &length);

        next = fs_names_next(&dir->names, at);
        if (fs_names_is_marked(&dir->names, at))
            continue;
        fs_report(watcher, FS_DELETED, dir, name, length, fs_names_is_dir(&dir->names, at));
        fs_forget(watcher, dir, at);
    }
}

/* 0, or an error number: then what was not met may exist nevertheless. */
static int read_entries(struct fs_watcher *watcher, struct fs_dir *dir, DIR *stream,
                        enum fs_scan mode)
{
    fs_names_unmark_all(&dir->names);
    while (!fs_is_over(watcher)) {
        const struct dirent *entry;

        errno = 0;
        entry = readdir(stream);
        if (entry == NULL)
            return errno;
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
            found(watcher, dir, dirfd(stream), entry, mode);
    }
    return 0;
}

static int read_dir(struct fs_watcher *watcher, struct fs_dir *dir, enum fs_scan mode)
{
    const char *path = fs_tree_path(&watcher->tree, dir, NULL, 0);
    int fd = path != NULL ? open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC) : -1;
    DIR *stream = NULL;
    int error;

    if (path == NULL)
        return ENOMEM;
    if (fd < 0)
        return errno;
    if (!watcher->is_quiet && !is_same_dir(watcher, dir, fd)) {
        close(fd);
        return ENOENT;
    }
    stream = fdopendir(fd);
    if (stream == NULL) {
        close(fd);
        return ENOMEM;
    }
    error = read_entries(watcher, dir, stream, mode);
    closedir(stream);
    if (error != 0)
        return error;
    if (mode == FS_SCAN_COMPARE && !fs_is_over(watcher))
        report_gone(watcher, dir);
    if (mode == FS_SCAN_COMPARE)
        dir->compared = watcher->comparison;
    dir->is_unread = 0;
    return 0;
}

int fs_scan_noted(struct fs_watcher *watcher, enum fs_scan mode)
{
    int first_error = -1;

    while (watcher->todo != NULL && !fs_is_over(watcher)) {
        struct fs_dir *dir = watcher->todo;
        int error;

        watcher->todo = dir->todo_next;
        dir->is_todo = 0;
        error = read_dir(watcher, dir, mode);
        if (first_error < 0)
            first_error = error;
        if (error == 0)
            continue;
        if (error == ENOENT || error == ENOTDIR || error == ELOOP) {
            led_nowhere(watcher, dir);
        } else {
            dir->is_unread = 0;
            fs_report_failure(watcher, dir, NULL, 0, error);
        }
    }
    return first_error > 0 ? first_error : 0;
}

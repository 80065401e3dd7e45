/* SPDX-License-Identifier: MIT */
/*
 * fs/change_linux.c - inotify's events
 *
 * A write is told (IN_MODIFY), and so is the closing by a writer (IN_CLOSE_WRITE). Both halves of
 * a move have the same cookie.
 */
#include "state.h"

#include <string.h>
#include <sys/inotify.h>

/* A file system mounted inside the tree went away; the directory below it shows again. */
static void unmounted(struct fs_watcher *watcher, struct fs_dir *dir)
{
    struct fs_dir *parent = dir->parent;
    uint32_t place = fs_names_find(&parent->names, dir->name, dir->name_length);

    fs_report(watcher, FS_DELETED, dir, NULL, 0, 1);
    if (place != FS_NO_NAME)
        fs_forget(watcher, parent, place);
    fs_scan_note(watcher, parent);
    (void)fs_scan_noted(watcher, FS_SCAN_COMPARE);
}

/* About the watched directory itself. */
static void self_changed(struct fs_watcher *watcher, struct fs_dir *dir, uint32_t mask)
{
    if (dir->parent == NULL) {
        if (mask & IN_UNMOUNT)
            fs_end(watcher, "the file system was unmounted");
        else if (mask & IN_MOVE_SELF)
            fs_end(watcher, "the directory was moved");
        else if (mask & IN_DELETE_SELF)
            fs_end(watcher, "the directory was deleted");
        else if (mask & IN_IGNORED)
            fs_end(watcher, "the system removed the watch");
        else if (mask & IN_ATTRIB)
            fs_report(watcher, FS_ATTRIBUTES, dir, NULL, 0, 1);
    } else if (mask & IN_UNMOUNT) {
        unmounted(watcher, dir);
    } else if (mask & IN_IGNORED) {
        /* Deleted; the parent's event tells it, before or after this one. */
        fs_drop_tree(watcher, dir);
    }
}

static void attributes_changed(struct fs_watcher *watcher, struct fs_dir *dir, const char *name,
                               size_t length, int is_dir)
{
    uint32_t place;

    fs_report(watcher, FS_ATTRIBUTES, dir, name, length, is_dir);
    if (!is_dir || !watcher->options.is_recursive)
        return;
    /* A directory that could not be watched may have become readable. */
    place = fs_names_find(&dir->names, name, length);
    if (place != FS_NO_NAME && fs_names_is_dir(&dir->names, place) &&
        fs_tree_find(&watcher->tree, fs_names_wd(&dir->names, place)) == NULL) {
        (void)fs_watch_child(watcher, dir, place, FS_SCAN_NEW);
        (void)fs_scan_noted(watcher, FS_SCAN_NEW);
    }
}

static void named_change(struct fs_watcher *watcher, struct fs_dir *dir,
                         const struct inotify_event *event, size_t length)
{
    const char *name = event->name;
    int is_dir = (event->mask & IN_ISDIR) != 0;

    if (event->mask & IN_CREATE)
        fs_appeared(watcher, dir, name, length, is_dir, 0);
    else if (event->mask & IN_DELETE)
        fs_disappeared(watcher, dir, name, length, is_dir);
    else if (event->mask & IN_MOVED_FROM)
        fs_hold(watcher, event->wd, name, length, is_dir, event->cookie);
    else if (event->mask & IN_MOVED_TO)
        fs_moved_to(watcher, dir, name, length, is_dir, 0, event->cookie);
    else if (event->mask & IN_ATTRIB)
        attributes_changed(watcher, dir, name, length, is_dir);
}

/* Must what is held be told before this event? */
static int is_held_first(const struct fs_watcher *watcher, const struct inotify_event *event,
                         size_t length)
{
    if (event->mask & (IN_IGNORED | IN_UNMOUNT) ||
        (event->mask & (IN_DELETE | IN_ISDIR)) == (IN_DELETE | IN_ISDIR))
        return 1;
    return fs_is_held(watcher, event->wd, event->name, length, event->cookie);
}

void fs_os_change(struct fs_watcher *watcher, const struct inotify_event *event)
{
    size_t length = event->len != 0 ? strlen(event->name) : 0;
    struct fs_dir *dir = NULL;

    if (event->mask & IN_Q_OVERFLOW) {
        fs_flush_modified(watcher);
        fs_flush_held(watcher, UINT32_MAX);
        watcher->has_lost = 1;
        return;
    }
    if (watcher->n_held != 0 && is_held_first(watcher, event, length))
        fs_flush_held(watcher, UINT32_MAX);
    /* None: an event from before its directory was given up. */
    dir = fs_tree_find(&watcher->tree, event->wd);
    if (dir == NULL)
        return;
    if (event->mask & (IN_MODIFY | IN_CLOSE_WRITE) && length != 0) {
        fs_written(watcher, dir, event->name, length, (event->mask & IN_CLOSE_WRITE) != 0);
        return;
    }
    fs_flush_modified(watcher);
    if (length == 0)
        self_changed(watcher, dir, event->mask);
    else
        named_change(watcher, dir, event, length);
}

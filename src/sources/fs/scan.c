/* SPDX-License-Identifier: MIT */
/*
 * fs/scan.c - watching directories and reading what is in them
 *
 * A directory is first watched and then read, so that a name is either found by reading or
 * announced by the system afterwards. Names announced twice are known by then and not reported
 * again. Directories are noted on a list and read one after the other: one descriptor is open
 * at a time, however deep the tree is.
 *
 * Between the system's event and our call the directory may have moved again. A path that leads
 * nowhere, or to another directory, is no error then: the event that explains it is on its way.
 */
#include "state.h"

#include "failure.h"

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
    fs_os_unwatch(watcher, dir);
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

struct fs_dir *fs_add_dir(struct fs_watcher *watcher, int wd, struct fs_dir *parent,
                          const char *name, size_t length)
{
    struct fs_dir *dir = fs_tree_add(&watcher->tree, wd, parent, name, length);

    if (dir == NULL)
        return NULL;
    atomic_fetch_add_explicit(&watcher->n_watches, 1, memory_order_relaxed);
    fs_scan_note(watcher, dir);
    return dir;
}

void fs_led_nowhere(struct fs_watcher *watcher, struct fs_dir *dir)
{
    const char *gone = fs_os_is_gone(watcher);

    dir->is_unread = 1;
    watcher->has_unread = 1;
    if (gone != NULL)
        fs_end(watcher, gone);
}

/* ---- reading ----------------------------------------------------------------------------- */

/*
 * Events of this name may be among the lost. Any change sets the change time; the other time
 * can be set back by whoever writes, so a file counts as written in any case.
 */
static void compare_times(struct fs_watcher *watcher, struct fs_dir *dir, struct fs_reader *reader,
                          const struct fs_entry *entry)
{
    int is_written;

    if (!fs_reader_is_changed(reader, entry, watcher->drained, &is_written))
        return;
    if (!entry->is_dir)
        fs_report(watcher, FS_MODIFIED, dir, entry->name, entry->length, 0);
    if (!is_written)
        fs_report(watcher, FS_ATTRIBUTES, dir, entry->name, entry->length, entry->is_dir);
}

static void found_unknown(struct fs_watcher *watcher, struct fs_dir *dir,
                          const struct fs_entry *entry, enum fs_scan mode)
{
    int is_watched = entry->is_dir && watcher->options.is_recursive;
    uint32_t place = fs_names_add(&dir->names, entry->name, entry->length, entry->is_dir);
    int is_moved = 0;

    if (place == FS_NO_NAME) {
        dir->is_partial = 1;
        if (is_watched)
            fs_report_failure(watcher, dir, entry->name, entry->length, FS_NO_MEMORY);
    } else {
        fs_names_mark(&dir->names, place);
        fs_names_set_id(&dir->names, place, entry->id);
        if (is_watched)
            is_moved = fs_watch_child(watcher, dir, place, mode);
    }
    if (!is_moved)
        fs_report(watcher, FS_CREATED, dir, entry->name, entry->length, entry->is_dir);
}

/* The directory that had the name @place is gone; another one has it. */
static void replaced(struct fs_watcher *watcher, struct fs_dir *dir, uint32_t place,
                     enum fs_scan mode)
{
    struct fs_dir *old = fs_tree_find(&watcher->tree, fs_names_wd(&dir->names, place));
    size_t length;
    const char *name = fs_names_text(&dir->names, place, &length);

    if (old != NULL && old->parent == dir)
        fs_drop_tree(watcher, old);
    fs_names_set_wd(&dir->names, place, 0);
    if (mode == FS_SCAN_COMPARE) {
        fs_report(watcher, FS_DELETED, dir, name, length, 1);
        fs_report(watcher, FS_CREATED, dir, name, length, 1);
    }
}

static void found(struct fs_watcher *watcher, struct fs_dir *dir, struct fs_reader *reader,
                  const struct fs_entry *entry, enum fs_scan mode)
{
    uint32_t place = fs_names_find(&dir->names, entry->name, entry->length);
    uint64_t known_id;

    if (place != FS_NO_NAME && fs_names_is_dir(&dir->names, place) != entry->is_dir) {
        fs_report(watcher, FS_DELETED, dir, entry->name, entry->length, !entry->is_dir);
        fs_forget(watcher, dir, place);
        place = FS_NO_NAME;
    }
    if (place == FS_NO_NAME) {
        found_unknown(watcher, dir, entry, mode);
        return;
    }
    fs_names_mark(&dir->names, place);
    known_id = fs_names_id(&dir->names, place);
    fs_names_set_id(&dir->names, place, entry->id);
    if (entry->is_dir && known_id != entry->id && known_id != 0 && entry->id != 0)
        replaced(watcher, dir, place, mode);
    if (entry->is_dir && watcher->options.is_recursive &&
        (mode == FS_SCAN_COMPARE || fs_names_wd(&dir->names, place) == 0))
        (void)fs_watch_child(watcher, dir, place, mode);
    /* A directory may be read again in one comparison, because something turned out to have been
     * moved into it; the move has changed the time of what is known by then. */
    if (mode == FS_SCAN_COMPARE && dir->compared != watcher->comparison)
        compare_times(watcher, dir, reader, entry);
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

static int read_dir(struct fs_watcher *watcher, struct fs_dir *dir, enum fs_scan mode)
{
    struct fs_reader reader;
    struct fs_entry entry;
    int error = fs_reader_begin(watcher, dir, &reader);
    int next = 0;

    if (error != 0)
        return error;
    fs_names_unmark_all(&dir->names);
    while (!fs_is_over(watcher) && (next = fs_reader_next(&reader, &entry)) > 0)
        found(watcher, dir, &reader, &entry, mode);
    fs_reader_end(&reader);
    if (next < 0)
        return -next;
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
        if (fs_os_is_nowhere(error)) {
            fs_led_nowhere(watcher, dir);
        } else {
            dir->is_unread = 0;
            fs_report_failure(watcher, dir, NULL, 0, error);
        }
    }
    return first_error > 0 ? first_error : 0;
}

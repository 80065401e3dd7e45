/* SPDX-License-Identifier: MIT */
/*
 * fs/report.c - what leaves the watcher
 *
 * An event that cannot be told for want of memory is not dropped in silence: has_lost makes the
 * watcher compare the tree again, as after an overflow of the kernel's queue.
 */
#include "state.h"

#include <connpt/memory.h>

#include "failure.h"

static void fire(struct fs_watcher *watcher, const struct fs_event *event)
{
    if (!fs_is_over(watcher))
        watcher->options.fire(watcher->options.context, event);
}

void fs_report(struct fs_watcher *watcher, enum fs_kind kind, const struct fs_dir *dir,
               const char *name, size_t length, int is_dir)
{
    struct fs_event event = { .kind = kind, .is_dir = is_dir };

    if (watcher->is_quiet)
        return;
    if (fs_tree_shown(&watcher->tree, dir, name, length, &event.path))
        fire(watcher, &event);
    else
        watcher->has_lost = 1;
}

void fs_report_move(struct fs_watcher *watcher, const struct fs_dir *from, const char *from_name,
                    size_t from_length, const struct fs_dir *to, const char *name, size_t length,
                    int is_dir)
{
    struct fs_event event = { .kind = FS_MOVED, .is_dir = is_dir };

    if (watcher->is_quiet)
        return;
    if (!fs_tree_shown(&watcher->tree, from, from_name, from_length, &event.path) ||
        !fs_text_copy(&watcher->other, &watcher->tree.shown) ||
        !fs_tree_shown(&watcher->tree, to, name, length, &event.other)) {
        watcher->has_lost = 1;
        return;
    }
    event.path = fs_text_bstr(&watcher->other);
    fire(watcher, &event);
}

static void fire_failure(struct fs_watcher *watcher, BSTR path, int error)
{
    struct fs_event event = { .kind = FS_FAILED, .path = path, .code = fs_failure_hresult(error) };
    char text[320];

    fs_failure_text(error, text, sizeof text);
    if (fs_text_set(&watcher->other, text))
        event.other = fs_text_bstr(&watcher->other);
    fire(watcher, &event);
}

static void take_note(struct fs_watcher *watcher, int error)
{
    struct fs_note *note = connpt_CoTaskMemAlloc(sizeof *note);

    if (note == NULL) {
        watcher->has_lost = 1;
        return;
    }
    *note = (struct fs_note){ .error = error };
    if (!fs_text_copy(&note->path, &watcher->tree.shown))
        watcher->has_lost = 1;
    *watcher->notes_end = note;
    watcher->notes_end = &note->next;
}

void fs_report_failure(struct fs_watcher *watcher, const struct fs_dir *dir, const char *name,
                       size_t length, int error)
{
    BSTR path;

    if (!fs_tree_shown(&watcher->tree, dir, name, length, &path))
        watcher->has_lost = 1;
    else if (watcher->is_quiet)
        take_note(watcher, error);
    else
        fire_failure(watcher, path, error);
}

void fs_report_notes(struct fs_watcher *watcher)
{
    while (watcher->notes != NULL) {
        struct fs_note *note = watcher->notes;

        fire_failure(watcher, fs_text_bstr(&note->path), note->error);
        watcher->notes = note->next;
        fs_text_fini(&note->path);
        connpt_CoTaskMemFree(note);
    }
    watcher->notes_end = &watcher->notes;
}

void fs_end(struct fs_watcher *watcher, const char *reason)
{
    struct fs_event event = { .kind = FS_STOPPED };

    /* Told even when there is no memory for the strings: nobody may wait for ever. */
    if (watcher->root != NULL)
        (void)fs_tree_shown(&watcher->tree, watcher->root, NULL, 0, &event.path);
    if (fs_text_set(&watcher->other, reason))
        event.other = fs_text_bstr(&watcher->other);
    fire(watcher, &event);
    watcher->has_ended = 1;
}

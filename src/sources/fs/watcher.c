/* SPDX-License-Identifier: MIT */
/*
 * fs/watcher.c - open, dispatch, close
 *
 * One thread dispatches. It blocks until the system has events or stop is asked for; the only
 * timeout is that of a report which may belong to the next event.
 */
#include "watcher.h"

#include <string.h>

#include <connpt/memory.h>

#include "failure.h"
#include "state.h"

int fs_watcher_open(const struct fs_options *options, struct fs_watcher **ret_watcher)
{
    struct fs_watcher *watcher = connpt_CoTaskMemAlloc(sizeof *watcher);
    int error;

    if (watcher == NULL)
        return FS_NO_MEMORY;
    /* Not the buffers: pages that no event fills stay untouched. */
    memset(watcher, 0, offsetof(struct fs_watcher, held));
    watcher->options = *options;
    watcher->notes_end = &watcher->notes;
    watcher->is_quiet = 1;
    watcher->drained = fs_now();
    fs_os_init(watcher);
    error = fs_os_open(watcher);
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
    fs_os_fini(watcher);
    fs_tree_fini(&watcher->tree);
    fs_text_fini(&watcher->other);
    connpt_CoTaskMemFree(watcher);
}

void fs_watcher_stop(struct fs_watcher *watcher)
{
    /* Pairs with the acquire in fs_is_over: who sees it sees what the caller did before. */
    atomic_store_explicit(&watcher->is_stopping, 1, memory_order_release);
    fs_os_wake(watcher);
}

long fs_watcher_watches(const struct fs_watcher *watcher)
{
    return atomic_load_explicit(&watcher->n_watches, memory_order_relaxed);
}

static void take_events(struct fs_watcher *watcher)
{
    int64_t before = fs_now();
    enum fs_taken taken = fs_os_take(watcher);

    if (taken == FS_TAKEN_NONE)
        return;
    fs_flush_held(watcher, watcher->round);
    if (watcher->modified_round != watcher->round)
        fs_flush_modified(watcher);
    if (taken == FS_TAKEN_ALL && !watcher->has_lost)
        watcher->drained = before;
    if (watcher->has_lost && !fs_is_over(watcher))
        fs_compare(watcher);
}

int fs_watcher_dispatch(struct fs_watcher *watcher, int timeout_ms)
{
    int ready;

    fs_report_notes(watcher);
    if (fs_is_over(watcher))
        return 0;
    if ((watcher->n_held != 0 || watcher->modified_dir != NULL) &&
        (timeout_ms < 0 || timeout_ms > FS_HOLD_MS))
        timeout_ms = FS_HOLD_MS;
    ready = fs_os_wait(watcher, timeout_ms);
    if (ready < 0 || fs_is_over(watcher))
        return 0;
    if (ready > 0) {
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

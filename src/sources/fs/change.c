/* SPDX-License-Identifier: MIT */
/*
 * fs/change.c - what the system tells becomes reports, one change at a time
 *
 * Written files. A write is kept back while the following events are of the same file, and told
 * once: at the closing where the system tells that, before the next event of anything else, after
 * the following read, or when no event came for FS_HOLD_MS. So a program that writes and closes
 * gives one event, and a log that stays open is seen.
 *
 * Moves. They are told in two halves with one cookie. The first is held until its other half
 * comes: next, as a rule, but another processor's events may stand between. It counts as a
 * deletion when its partner was not among the events of the following read, when none came
 * within FS_HOLD_MS of an empty queue, or when the same name is told of again.
 *
 * A name is reported as created when it was not known, and as deleted when it was: what reading
 * a new directory told already, the system's events do not tell again.
 */
#include "state.h"

#include <string.h>

/* ---- written files -------------------------------------------------------------------------- */

void fs_flush_modified(struct fs_watcher *watcher)
{
    const struct fs_dir *dir = watcher->modified_dir;

    if (dir == NULL)
        return;
    watcher->modified_dir = NULL;
    fs_report(watcher, FS_MODIFIED, dir, watcher->modified_name, watcher->modified_length, 0);
}

void fs_written(struct fs_watcher *watcher, struct fs_dir *dir, const char *name, size_t length,
                int is_closed)
{
    int is_same = watcher->modified_dir == dir && watcher->modified_length == length &&
                  memcmp(watcher->modified_name, name, length) == 0;

    if (!is_same)
        fs_flush_modified(watcher);
    if (is_closed) {
        watcher->modified_dir = NULL;
        fs_report(watcher, FS_MODIFIED, dir, name, length, 0);
    } else if (!is_same) {
        watcher->modified_dir = dir;
        watcher->modified_round = watcher->round;
        watcher->modified_length = (uint16_t)length;
        memcpy(watcher->modified_name, name, length);
    }
}

/* ---- names that come and go ------------------------------------------------------------------ */

/*
 * Where an event's name is known; FS_NO_NAME also when it is known as the other kind: then
 * reading was ahead of the events, and this one is about something that had the name before.
 */
static uint32_t find_known(const struct fs_dir *dir, const char *name, size_t length, int is_dir)
{
    uint32_t place = fs_names_find(&dir->names, name, length);

    if (place != FS_NO_NAME && fs_names_is_dir(&dir->names, place) != is_dir)
        return FS_NO_NAME;
    return place;
}

void fs_appeared(struct fs_watcher *watcher, struct fs_dir *dir, const char *name, size_t length,
                 int is_dir, uint64_t id)
{
    int is_watched = is_dir && watcher->options.is_recursive;
    uint32_t place = fs_names_find(&dir->names, name, length);
    int is_known = place != FS_NO_NAME;
    int is_moved = 0;

    /* Known as the other kind: what is there now came later, and its events are to come. */
    if (is_known && fs_names_is_dir(&dir->names, place) != is_dir)
        return;
    if (!is_known) {
        place = fs_names_add(&dir->names, name, length, is_dir);
        if (place == FS_NO_NAME)
            dir->is_partial = 1;
        else
            fs_names_set_id(&dir->names, place, id);
    }
    if (is_watched && place == FS_NO_NAME)
        watcher->has_lost = 1;
    else if (is_watched)
        is_moved = fs_watch_child(watcher, dir, place, FS_SCAN_NEW);
    if (!is_known && !is_moved)
        fs_report(watcher, FS_CREATED, dir, name, length, is_dir);
    (void)fs_scan_noted(watcher, FS_SCAN_NEW);
}

/* From outside the tree. It may have taken the place of a file that is known. */
static void moved_in(struct fs_watcher *watcher, struct fs_dir *dir, const char *name,
                     size_t length, int is_dir, uint64_t id)
{
    uint32_t place = fs_names_find(&dir->names, name, length);

    if (place != FS_NO_NAME && !is_dir && !fs_names_is_dir(&dir->names, place))
        fs_report(watcher, FS_MODIFIED, dir, name, length, 0);
    else
        fs_appeared(watcher, dir, name, length, is_dir, id);
}

void fs_disappeared(struct fs_watcher *watcher, struct fs_dir *dir, const char *name, size_t length,
                    int is_dir)
{
    uint32_t place = find_known(dir, name, length, is_dir);

    if (place == FS_NO_NAME && !dir->is_partial)
        return;
    fs_report(watcher, FS_DELETED, dir, name, length, is_dir);
    if (place != FS_NO_NAME)
        fs_forget(watcher, dir, place);
}

/* ---- moves --------------------------------------------------------------------------------- */

void fs_unhold(struct fs_watcher *watcher, unsigned i)
{
    watcher->n_held--;
    memmove(&watcher->held[i], &watcher->held[i + 1],
            (watcher->n_held - i) * sizeof *watcher->held);
}

void fs_flush_held(struct fs_watcher *watcher, uint32_t before_round)
{
    while (watcher->n_held > 0 && watcher->held[0].round < before_round) {
        struct fs_held held = watcher->held[0];

        fs_unhold(watcher, 0);
        fs_disappeared(watcher, held.dir, held.name, held.length, held.is_dir);
    }
}

void fs_hold(struct fs_watcher *watcher, int wd, const char *name, size_t length, int is_dir,
             uint32_t cookie)
{
    struct fs_dir *dir;
    struct fs_held *held;

    if (watcher->n_held == FS_HELD_MAX) {
        struct fs_held oldest = watcher->held[0];

        fs_unhold(watcher, 0);
        fs_disappeared(watcher, oldest.dir, oldest.name, oldest.length, oldest.is_dir);
    }
    dir = fs_tree_find(&watcher->tree, wd);
    if (dir == NULL)
        return;
    held = &watcher->held[watcher->n_held++];
    held->dir = dir;
    held->cookie = cookie;
    held->round = watcher->round;
    held->is_dir = is_dir != 0;
    held->length = (uint16_t)length;
    memcpy(held->name, name, length);
}

int fs_is_held(const struct fs_watcher *watcher, int wd, const char *name, size_t length,
               uint32_t cookie)
{
    for (unsigned i = 0; i < watcher->n_held; i++) {
        const struct fs_held *held = &watcher->held[i];

        if (held->cookie != cookie && held->dir->wd == wd && held->length == length &&
            memcmp(held->name, name, length) == 0)
            return 1;
    }
    return 0;
}

/*
 * Two names that change places (RENAME_EXCHANGE) look like a move onto the other and a move
 * back, which would leave one name: is this the way back? Then the directories must be read.
 */
static int is_way_back(const struct fs_watcher *watcher, const struct fs_held *held,
                       const struct fs_dir *to, const char *name, size_t length)
{
    return watcher->replaced_to_wd == held->dir->wd && watcher->replaced_from_wd == to->wd &&
           strlen(watcher->replaced_to) == held->length &&
           memcmp(watcher->replaced_to, held->name, held->length) == 0 &&
           strlen(watcher->replaced_from) == length &&
           memcmp(watcher->replaced_from, name, length) == 0;
}

/* The target's name is given up. 0: the tree contradicts the event, so it must be read again. */
static int replace(struct fs_watcher *watcher, const struct fs_held *held, struct fs_dir *to,
                   const char *name, size_t length)
{
    uint32_t place = fs_names_find(&to->names, name, length);
    const struct fs_dir *target;

    watcher->replaced_from_wd = 0;
    if (place == FS_NO_NAME)
        return 1;
    target = fs_tree_find(&watcher->tree, fs_names_wd(&to->names, place));
    if (target != NULL && (fs_tree_is_below(held->dir, target) || fs_tree_is_below(to, target)))
        return 0;
    fs_forget(watcher, to, place);
    watcher->replaced_from_wd = held->dir->wd;
    watcher->replaced_to_wd = to->wd;
    memcpy(watcher->replaced_from, held->name, held->length);
    watcher->replaced_from[held->length] = '\0';
    memcpy(watcher->replaced_to, name, length);
    watcher->replaced_to[length] = '\0';
    return 1;
}

/* The file @id, and the directory with watch @wd, if any, has its new place; 0: it could not be
 * given it. */
static int settle(struct fs_watcher *watcher, uint64_t id, int wd, struct fs_dir *to,
                  const char *name, size_t length, int is_dir)
{
    struct fs_dir *child = wd != 0 ? fs_tree_find(&watcher->tree, wd) : NULL;
    uint32_t place = fs_names_find(&to->names, name, length);

    if (place == FS_NO_NAME)
        place = fs_names_add(&to->names, name, length, is_dir);
    if (place == FS_NO_NAME)
        to->is_partial = 1;
    else
        fs_names_set_id(&to->names, place, id);
    if (child != NULL && (place == FS_NO_NAME || fs_tree_is_below(to, child) ||
                          !fs_tree_move(&watcher->tree, child, to, name, length))) {
        fs_drop_tree(watcher, child);
        return 0;
    }
    if (place == FS_NO_NAME)
        return !is_dir;
    if (child != NULL)
        fs_names_set_wd(&to->names, place, wd);
    else if (is_dir && watcher->options.is_recursive)
        (void)fs_watch_child(watcher, to, place, FS_SCAN_NEW);
    return 1;
}

static void moved(struct fs_watcher *watcher, const struct fs_held *held, struct fs_dir *to,
                  const char *name, size_t length, uint64_t id)
{
    struct fs_dir *from = held->dir;
    uint32_t place = find_known(from, held->name, held->length, held->is_dir);
    int wd = place != FS_NO_NAME ? fs_names_wd(&from->names, place) : 0;
    int is_back = is_way_back(watcher, held, to, name, length);

    /* Moved before its directory was read: nobody was told of the old name. */
    if (place == FS_NO_NAME && !from->is_partial) {
        moved_in(watcher, to, name, length, held->is_dir, id);
        return;
    }
    if (!replace(watcher, held, to, name, length)) {
        watcher->has_lost = 1;
        return;
    }
    if (place != FS_NO_NAME)
        fs_names_remove(&from->names, place);
    if (!settle(watcher, id, wd, to, name, length, held->is_dir))
        watcher->has_lost = 1;
    fs_report_move(watcher, from, held->name, held->length, to, name, length, held->is_dir);
    if (is_back) {
        fs_scan_note(watcher, from);
        fs_scan_note(watcher, to);
        (void)fs_scan_noted(watcher, FS_SCAN_COMPARE);
    }
    fs_scan_note_unread(watcher);
    (void)fs_scan_noted(watcher, FS_SCAN_NEW);
}

void fs_moved_to(struct fs_watcher *watcher, struct fs_dir *dir, const char *name, size_t length,
                 int is_dir, uint64_t id, uint32_t cookie)
{
    for (unsigned i = 0; i < watcher->n_held; i++) {
        if (watcher->held[i].cookie == cookie) {
            struct fs_held held = watcher->held[i];

            fs_unhold(watcher, i);
            moved(watcher, &held, dir, name, length, id);
            return;
        }
    }
    moved_in(watcher, dir, name, length, is_dir, id);
}

/* ---- after a loss ---------------------------------------------------------------------------- */

void fs_compare(struct fs_watcher *watcher)
{
    int64_t now = fs_now();

    if (watcher->root == NULL)
        return;
    watcher->has_lost = 0;
    watcher->comparison++;
    fs_report(watcher, FS_OVERFLOW, watcher->root, NULL, 0, 1);
    fs_scan_note(watcher, watcher->root);
    (void)fs_scan_noted(watcher, FS_SCAN_COMPARE);
    /* Whatever is lost from here on happens after `now`. */
    watcher->drained = now;
}

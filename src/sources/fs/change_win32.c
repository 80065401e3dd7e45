/* SPDX-License-Identifier: MIT */
/*
 * fs/change_win32.c - ReadDirectoryChangesW's records
 *
 * A record has an action and a path below the root. It does not say whether the name is a
 * directory's: what is known says it, or a look at what has the name now. What is gone by then
 * counts as a file.
 *
 * Moves. A new name in the same directory is told in two records (OLD_NAME, NEW_NAME); a move to
 * another directory as REMOVED and ADDED, which are one move when the volume numbers its files
 * for good and the number is the same. A REMOVED waits for that until the next record. A name
 * that a move replaces is told as REMOVED before; the move says it.
 *
 * Writes are told by MODIFIED, the closing is not. A directory's MODIFIED says that something in
 * it changed, which its own record tells.
 *
 * A look leads elsewhere when a directory above has been renamed meanwhile. The directory of the
 * name is then in doubt until all that happened before is told, and is read again if it, or one
 * above it, turns out to have moved.
 *
 * Wine 8 tells the changes in a renamed directory under its old path until it is opened anew, see
 * scan_win32.c. So a name that does not exist is not believed there, and a moved directory is
 * read again with all below it. It tells both halves of every move within the tree as new names.
 */
#include "state.h"

#include <string.h>

#include "failure.h"

/* In the cookie of what is held: REMOVED, or an old name. */
#define REMOVED_COOKIE 1u

struct change {
    struct fs_dir *dir;
    size_t length;
    char name[FS_NAME_MAX];
};

/* ---- paths ----------------------------------------------------------------------------------- */

/* A short name (8.3) or one in another case may stand for a known one: ask for the long name. */
static size_t long_name(struct fs_watcher *watcher, const struct fs_dir *dir, const char *name,
                        size_t length, char *to)
{
    const WCHAR *path = fs_os_path(watcher, dir, name, length);
    WCHAR found[600];
    DWORD n = path != NULL ? GetLongPathNameW(path, found, 600) : 0;
    const WCHAR *leaf;

    if (n == 0 || n >= 600)
        return 0;
    leaf = wcsrchr(found, L'\\');
    leaf = leaf != NULL ? leaf + 1 : found;
    return wcslen(leaf) <= 255 ? fs_name_encode(leaf, wcslen(leaf), to) : 0;
}

static uint32_t find_name(struct fs_watcher *watcher, const struct fs_dir *dir, char *name,
                          size_t *length)
{
    uint32_t place = fs_names_find(&dir->names, name, *length);
    char other[FS_NAME_MAX];
    size_t n;

    if (place != FS_NO_NAME || memchr(name, '~', *length) == NULL)
        return place;
    n = long_name(watcher, dir, name, *length, other);
    if (n == 0)
        return FS_NO_NAME;
    memcpy(name, other, n);
    *length = n;
    return fs_names_find(&dir->names, name, n);
}

/* Where a record's path leads; 0: into no directory that is known. */
static int resolve(struct fs_watcher *watcher, const WCHAR *path, size_t n, struct change *change)
{
    change->dir = watcher->root;
    for (size_t at = 0;;) {
        size_t end = at;
        uint32_t place;
        struct fs_dir *child;

        while (end < n && path[end] != L'\\')
            end++;
        if (end == at || end - at > 255)
            return 0;
        change->length = fs_name_encode(path + at, end - at, change->name);
        if (change->length == 0)
            return 0;
        place = find_name(watcher, change->dir, change->name, &change->length);
        if (end >= n)
            return 1;
        child = place != FS_NO_NAME
                    ? fs_tree_find(&watcher->tree, fs_names_wd(&change->dir->names, place))
                    : NULL;
        if (child == NULL)
            return 0;
        change->dir = child;
        at = end + 1;
    }
}

/* ---- doubts ---------------------------------------------------------------------------------- */

static void look(struct fs_watcher *watcher, const struct change *change, struct fs_look *look)
{
    struct fs_os *os = &watcher->os;
    unsigned i = 0;

    fs_os_look(watcher, change->dir, change->name, change->length, look);
    if (!look->exists && look->error == ERROR_PATH_NOT_FOUND) {
        /* Its directory was moved; it is read again when that is told. */
        change->dir->is_unread = 1;
        watcher->has_unread = 1;
    }
    while (i < os->n_doubts && os->doubts[i].wd != change->dir->wd)
        i++;
    if (i == FS_DOUBTS_MAX) {
        /* Too many to remember: to be read again after any move. */
        change->dir->is_unread = 1;
        watcher->has_unread = 1;
        return;
    }
    if (i == os->n_doubts)
        os->n_doubts++;
    os->doubts[i] = (struct fs_doubt){ change->dir->wd, watcher->round };
}

/* Everything that happened before this round is told now. */
static void end_doubts(struct fs_watcher *watcher)
{
    struct fs_os *os = &watcher->os;
    unsigned n = 0;

    for (unsigned i = 0; i < os->n_doubts; i++)
        if (os->doubts[i].round == watcher->round)
            os->doubts[n++] = os->doubts[i];
    os->n_doubts = n;
}

static void dir_was_moved(struct fs_watcher *watcher, struct fs_dir *moved)
{
    struct fs_os *os = &watcher->os;

    for (unsigned i = 0; i < os->n_doubts; i++) {
        struct fs_dir *dir = fs_tree_find(&watcher->tree, os->doubts[i].wd);

        if (dir != NULL && fs_tree_is_below(dir, moved))
            fs_scan_note(watcher, dir);
    }
    (void)fs_scan_noted(watcher, FS_SCAN_NEW);
    if (os->is_wine && watcher->options.is_recursive) {
        int64_t drained = watcher->drained;

        /* Names are compared, not times: what is told under the old path is not lost. */
        os->is_renewing = 1;
        watcher->drained = INT64_MAX;
        fs_scan_note(watcher, moved);
        (void)fs_scan_noted(watcher, FS_SCAN_COMPARE);
        watcher->drained = drained;
        os->is_renewing = 0;
    }
}

/* ---- what is held ---------------------------------------------------------------------------- */

static uint32_t new_cookie(struct fs_watcher *watcher, uint32_t kind)
{
    watcher->os.last_cookie += 2;
    return watcher->os.last_cookie | kind;
}

/* Tell the REMOVED that wait, but not that of @replaced (may be NULL): a move tells it. */
static void flush_removed(struct fs_watcher *watcher, const struct change *replaced)
{
    for (unsigned i = 0; i < watcher->n_held;) {
        struct fs_held held = watcher->held[i];

        if (!(held.cookie & REMOVED_COOKIE)) {
            i++;
            continue;
        }
        fs_unhold(watcher, i);
        if (replaced == NULL || held.dir != replaced->dir || held.length != replaced->length ||
            memcmp(held.name, replaced->name, held.length) != 0)
            fs_disappeared(watcher, held.dir, held.name, held.length, held.is_dir);
        /* Others may have been dropped with it. */
        i = 0;
    }
}

/* What is held of the file @id; NULL: nothing. */
static const struct fs_held *find_held(const struct fs_watcher *watcher, uint64_t id)
{
    for (unsigned i = 0; i < watcher->n_held; i++) {
        const struct fs_held *held = &watcher->held[i];
        uint32_t place = fs_names_find(&held->dir->names, held->name, held->length);

        if (id != 0 && place != FS_NO_NAME && fs_names_id(&held->dir->names, place) == id)
            return held;
    }
    return NULL;
}

/* Cookies are never 0. */
static const struct fs_held *find_cookie(const struct fs_watcher *watcher, uint32_t cookie)
{
    for (unsigned i = 0; i < watcher->n_held; i++)
        if (watcher->held[i].cookie == cookie)
            return &watcher->held[i];
    return NULL;
}

/* ---- records --------------------------------------------------------------------------------- */

static void pair(struct fs_watcher *watcher, const struct fs_held *held,
                 const struct change *change, const struct fs_look *look)
{
    struct fs_held from = *held;

    if (look->exists && from.is_dir != look->is_dir) {
        /* The old name was not what it was taken for. */
        fs_unhold(watcher, (unsigned)(held - watcher->held));
        fs_disappeared(watcher, from.dir, from.name, from.length, from.is_dir);
        fs_appeared(watcher, change->dir, change->name, change->length, look->is_dir, look->id);
        return;
    }
    fs_moved_to(watcher, change->dir, change->name, change->length, from.is_dir, look->id,
                from.cookie);
    if (from.is_dir) {
        uint32_t place = fs_names_find(&change->dir->names, change->name, change->length);
        struct fs_dir *moved =
            place != FS_NO_NAME
                ? fs_tree_find(&watcher->tree, fs_names_wd(&change->dir->names, place))
                : NULL;

        if (moved != NULL)
            dir_was_moved(watcher, moved);
    }
}

static void appeared(struct fs_watcher *watcher, const struct change *change,
                     const struct fs_look *look)
{
    struct fs_dir *dir = change->dir;
    uint32_t place = fs_names_find(&dir->names, change->name, change->length);
    int is_known = place != FS_NO_NAME;
    int is_dir = is_known ? fs_names_is_dir(&dir->names, place) : 0;
    int is_other = is_known && look->exists && look->id != fs_names_id(&dir->names, place) &&
                   look->id != 0 && fs_names_id(&dir->names, place) != 0;

    if (!look->exists) {
        if (is_known || watcher->os.is_wine)
            return;
    } else if (is_known && !is_dir && !look->is_dir) {
        if (is_other)
            fs_report(watcher, FS_MODIFIED, dir, change->name, change->length, 0);
        fs_names_set_id(&dir->names, place, look->id);
        return;
    } else if (is_known && (is_other || is_dir != look->is_dir)) {
        fs_disappeared(watcher, dir, change->name, change->length, is_dir);
    }
    fs_appeared(watcher, dir, change->name, change->length, look->exists && look->is_dir, look->id);
}

static void added(struct fs_watcher *watcher, const struct change *change)
{
    uint32_t place;
    const struct fs_held *held;
    struct fs_look found;

    if (fs_is_held(watcher, change->dir->wd, change->name, change->length, 0))
        fs_flush_held(watcher, UINT32_MAX);
    place = fs_names_find(&change->dir->names, change->name, change->length);
    if (place != FS_NO_NAME && fs_names_id(&change->dir->names, place) != 0 &&
        !watcher->os.is_wine) {
        /* Reading told it. Another file would have sent a REMOVED ahead. */
        flush_removed(watcher, NULL);
        return;
    }
    look(watcher, change, &found);
    held = watcher->os.has_stable_ids ? find_held(watcher, found.id) : NULL;
    if (held != NULL) {
        pair(watcher, held, change, &found);
    } else {
        flush_removed(watcher, NULL);
        appeared(watcher, change, &found);
    }
}

static void renamed_to(struct fs_watcher *watcher, const struct change *change)
{
    uint32_t cookie = watcher->os.rename_cookie;
    const struct fs_held *held;
    struct fs_look found;

    look(watcher, change, &found);
    held = watcher->os.has_stable_ids ? find_held(watcher, found.id) : NULL;
    if (held != NULL)
        cookie = held->cookie;
    watcher->os.rename_cookie = 0;
    flush_removed(watcher, find_cookie(watcher, cookie) != NULL ? change : NULL);
    held = find_cookie(watcher, cookie);
    if (held != NULL)
        pair(watcher, held, change, &found);
    else
        appeared(watcher, change, &found);
}

/* @cookie: of a REMOVED or of an old name. 0: nobody was told of the name. */
static int lost(struct fs_watcher *watcher, const struct change *change, uint32_t cookie)
{
    struct fs_dir *dir = change->dir;
    uint32_t place = fs_names_find(&dir->names, change->name, change->length);

    if (place == FS_NO_NAME) {
        if (dir->is_partial) {
            fs_disappeared(watcher, dir, change->name, change->length, 0);
        } else if (memchr(change->name, '~', change->length) != NULL) {
            /* Perhaps a short name, and it is too late to ask whose. */
            fs_scan_note(watcher, dir);
            (void)fs_scan_noted(watcher, FS_SCAN_COMPARE);
        }
        return 0;
    }
    fs_hold(watcher, dir->wd, change->name, change->length, fs_names_is_dir(&dir->names, place),
            cookie);
    return 1;
}

static void removed(struct fs_watcher *watcher, const struct change *change)
{
    struct fs_look found;

    flush_removed(watcher, NULL);
    if (watcher->os.is_wine) {
        uint32_t place = fs_names_find(&change->dir->names, change->name, change->length);

        /* Told under an old path, of another file? */
        look(watcher, change, &found);
        if (found.exists && place != FS_NO_NAME &&
            found.id == fs_names_id(&change->dir->names, place))
            return;
    }
    (void)lost(watcher, change, new_cookie(watcher, REMOVED_COOKIE));
    if (!watcher->os.has_stable_ids)
        flush_removed(watcher, NULL);
}

static void renamed_from(struct fs_watcher *watcher, const struct change *change)
{
    uint32_t cookie = new_cookie(watcher, 0);

    watcher->os.rename_cookie = lost(watcher, change, cookie) ? cookie : 0;
}

static void modified(struct fs_watcher *watcher, const struct change *change)
{
    uint32_t place = fs_names_find(&change->dir->names, change->name, change->length);
    struct fs_look found = { 0 };

    if (place == FS_NO_NAME && !change->dir->is_partial)
        return;
    if (place == FS_NO_NAME)
        look(watcher, change, &found);
    else
        found.is_dir = fs_names_is_dir(&change->dir->names, place);
    if (found.is_dir)
        return;
    flush_removed(watcher, NULL);
    fs_written(watcher, change->dir, change->name, change->length, 0);
}

static void change_one(struct fs_watcher *watcher, const FILE_NOTIFY_INFORMATION *record)
{
    struct change change;

    if (!resolve(watcher, record->FileName, record->FileNameLength / sizeof(WCHAR), &change))
        return;
    if (record->Action == FILE_ACTION_MODIFIED) {
        modified(watcher, &change);
        return;
    }
    fs_flush_modified(watcher);
    if (record->Action == FILE_ACTION_ADDED)
        added(watcher, &change);
    else if (record->Action == FILE_ACTION_REMOVED)
        removed(watcher, &change);
    else if (record->Action == FILE_ACTION_RENAMED_OLD_NAME)
        renamed_from(watcher, &change);
    else if (record->Action == FILE_ACTION_RENAMED_NEW_NAME)
        renamed_to(watcher, &change);
}

/* ---- the other streams ----------------------------------------------------------------------- */

static void attributes_changed(struct fs_watcher *watcher, const FILE_NOTIFY_INFORMATION *record)
{
    struct change change;
    struct fs_dir *child;
    uint32_t place;

    if (record->Action != FILE_ACTION_MODIFIED ||
        !resolve(watcher, record->FileName, record->FileNameLength / sizeof(WCHAR), &change))
        return;
    /* A name that is not known: its creation is still to be told, or its end has been. */
    place = fs_names_find(&change.dir->names, change.name, change.length);
    if (place == FS_NO_NAME)
        return;
    fs_flush_modified(watcher);
    flush_removed(watcher, NULL);
    fs_report(watcher, FS_ATTRIBUTES, change.dir, change.name, change.length,
              fs_names_is_dir(&change.dir->names, place));
    /* A directory that could not be read may have become readable. */
    child = fs_tree_find(&watcher->tree, fs_names_wd(&change.dir->names, place));
    if (child != NULL && child->is_partial) {
        fs_scan_note(watcher, child);
        (void)fs_scan_noted(watcher, FS_SCAN_NEW);
    }
}

/* @is_renamed: something beside the root, or the root, has another name. */
static void check_root(struct fs_watcher *watcher, int is_renamed)
{
    const char *gone = fs_os_is_gone(watcher);

    if (gone == NULL)
        return;
    fs_flush_modified(watcher);
    fs_flush_held(watcher, UINT32_MAX);
    fs_end(watcher, is_renamed ? "the directory was moved" : gone);
}

static void parent_changed(struct fs_watcher *watcher, const FILE_NOTIFY_INFORMATION *record)
{
    BSTR leaf = fs_text_bstr(&watcher->os.leaf);

    if (record->Action != FILE_ACTION_MODIFIED) {
        check_root(watcher, record->Action == FILE_ACTION_RENAMED_OLD_NAME);
    } else if (CompareStringOrdinal(record->FileName, (int)(record->FileNameLength / sizeof(WCHAR)),
                                    leaf, (int)watcher->os.leaf.length, TRUE) == CSTR_EQUAL) {
        fs_report(watcher, FS_ATTRIBUTES, watcher->root, NULL, 0, 1);
    }
}

/* ---- reads ----------------------------------------------------------------------------------- */

void fs_os_records(struct fs_watcher *watcher, int what, const unsigned char *buffer, DWORD size)
{
    DWORD at = 0;

    while (!fs_is_over(watcher)) {
        const FILE_NOTIFY_INFORMATION *record = (const void *)(buffer + at);

        if (what == FS_STREAM_TREE)
            change_one(watcher, record);
        else if (what == FS_STREAM_ATTRIBUTES)
            attributes_changed(watcher, record);
        else
            parent_changed(watcher, record);
        at += record->NextEntryOffset;
        if (record->NextEntryOffset == 0 || at >= size)
            break;
    }
}

/* More happened than fits, or a read was given up. */
static void records_lost(struct fs_watcher *watcher, int what)
{
    /* A directory that is being deleted may go on ending reads with nothing. */
    check_root(watcher, 0);
    if (what == FS_STREAM_PARENT || fs_is_over(watcher))
        return;
    fs_flush_modified(watcher);
    fs_flush_held(watcher, UINT32_MAX);
    watcher->os.rename_cookie = 0;
    watcher->has_lost = 1;
}

static void read_failed(struct fs_watcher *watcher, int what, int error)
{
    if (what == FS_STREAM_PARENT)
        /* Not told any more of the root itself, as when the parent could not be opened. */
        return;
    check_root(watcher, 0);
    if (fs_is_over(watcher))
        return;
    /* So a read ends whose directory is being deleted. */
    fs_end(watcher, error == ERROR_ACCESS_DENIED ? "the directory was deleted"
                                                 : "reading the system's events failed");
}

/* How many bytes of records a read brought. 0: more happened than fits, or it was given up. */
static int end_read(struct fs_stream *stream, DWORD *ret_got)
{
    *ret_got = 0;
    if (GetOverlappedResult(stream->handle, &stream->overlapped, ret_got, FALSE))
        return 0;
    return GetLastError() == ERROR_NOTIFY_ENUM_DIR || GetLastError() == ERROR_OPERATION_ABORTED
               ? 0
               : (int)GetLastError();
}

static void take_stream(struct fs_watcher *watcher, int what)
{
    struct fs_stream *stream = &watcher->os.streams[what];
    const struct fs_system *system = watcher->options.system;
    unsigned char *buffer = stream->buffers[stream->current];
    DWORD got;
    int error = end_read(stream, &got);

    stream->is_ready = 0;
    stream->current ^= 1;
    if (error == 0)
        error = fs_os_issue(stream);
    if (error == 0 && system != NULL && system->take != NULL)
        got = system->take(what, buffer, stream->size, got);
    if (error != 0)
        read_failed(watcher, what, error);
    else if (got == 0)
        records_lost(watcher, what);
    else
        fs_os_records(watcher, what, buffer, got);
}

enum fs_taken fs_os_take(struct fs_watcher *watcher)
{
    struct fs_os *os = &watcher->os;
    int what = 0;
    int is_all;

    while (what < FS_STREAMS && !os->streams[what].is_ready)
        what++;
    if (what == FS_STREAMS)
        return FS_TAKEN_NONE;
    watcher->round++;
    take_stream(watcher, what);
    (void)fs_os_collect(watcher, 0);
    is_all = !os->streams[FS_STREAM_TREE].is_ready && !os->streams[FS_STREAM_ATTRIBUTES].is_ready;
    if (is_all)
        end_doubts(watcher);
    return is_all ? FS_TAKEN_ALL : FS_TAKEN_SOME;
}

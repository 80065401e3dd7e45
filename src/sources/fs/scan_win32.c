/* SPDX-License-Identifier: MIT */
/*
 * fs/scan_win32.c - reading directories, and looking at single names
 *
 * One handle tells of the whole tree: a directory needs no watch of its own, and the number that
 * it has here is ours. Directories are opened with every kind of sharing, one at a time.
 *
 * Wine 8 (server/change.c) watches a directory below the root only from the moment at which some
 * program opens it while its parent is watched, and tells its changes for ever under the path
 * that it had then. Reading opens each directory, parents first, which does for the former. For
 * the latter a directory that was renamed is given up by Wine when a handle that changes were
 * read from is closed, and known under its new path when it is opened again (is_renewing).
 */
#include "state.h"

#include <string.h>

#include "failure.h"

/* ---- the tree -------------------------------------------------------------------------------- */

void fs_os_unwatch(struct fs_watcher *watcher, struct fs_dir *dir)
{
    (void)watcher;
    (void)dir;
}

static int next_wd(struct fs_watcher *watcher)
{
    do
        watcher->os.last_wd = watcher->os.last_wd == INT32_MAX ? 1 : watcher->os.last_wd + 1;
    while (fs_tree_find(&watcher->tree, watcher->os.last_wd) != NULL);
    return watcher->os.last_wd;
}

int fs_watch_child(struct fs_watcher *watcher, struct fs_dir *dir, uint32_t place,
                   enum fs_scan mode)
{
    struct fs_dir *child = fs_tree_find(&watcher->tree, fs_names_wd(&dir->names, place));
    size_t length;
    const char *name = fs_names_text(&dir->names, place, &length);

    if (child != NULL) {
        if (mode == FS_SCAN_COMPARE)
            fs_scan_note(watcher, child);
        return 0;
    }
    child = fs_add_dir(watcher, next_wd(watcher), dir, name, length);
    if (child != NULL)
        fs_names_set_wd(&dir->names, place, child->wd);
    else
        fs_report_failure(watcher, dir, name, length, FS_NO_MEMORY);
    return 0;
}

int fs_os_is_directory(DWORD attributes, DWORD reparse_tag)
{
    if (!(attributes & FILE_ATTRIBUTE_DIRECTORY))
        return 0;
    /* Links, junctions and mount points lead elsewhere; a file that a cloud keeps does not. Wine
     * has no tags, but links. */
    return !(attributes & FILE_ATTRIBUTE_REPARSE_POINT) ||
           (reparse_tag != 0 && !IsReparseTagNameSurrogate(reparse_tag));
}

/* ---- one name -------------------------------------------------------------------------------- */

static void look_at(HANDLE handle, struct fs_look *look)
{
    BY_HANDLE_FILE_INFORMATION info;
    FILE_ATTRIBUTE_TAG_INFO tag = { 0 };

    if (!GetFileInformationByHandle(handle, &info)) {
        look->error = GetLastError();
        return;
    }
    if (info.dwFileAttributes & FILE_ATTRIBUTE_REPARSE_POINT)
        (void)GetFileInformationByHandleEx(handle, FileAttributeTagInfo, &tag, sizeof tag);
    look->exists = 1;
    look->is_dir = fs_os_is_directory(info.dwFileAttributes, tag.ReparseTag);
    look->id = (uint64_t)info.nFileIndexHigh << 32 | info.nFileIndexLow;
}

void fs_os_look(struct fs_watcher *watcher, const struct fs_dir *dir, const char *name,
                size_t length, struct fs_look *look)
{
    const WCHAR *path = fs_os_path(watcher, dir, name, length);
    WIN32_FIND_DATAW data;
    HANDLE handle;

    *look = (struct fs_look){ .error = FS_NO_MEMORY };
    if (path == NULL) {
        watcher->has_lost = 1;
        return;
    }
    handle = CreateFileW(
        path, FILE_READ_ATTRIBUTES, FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE, NULL,
        OPEN_EXISTING, FILE_FLAG_BACKUP_SEMANTICS | FILE_FLAG_OPEN_REPARSE_POINT, NULL);
    if (handle != INVALID_HANDLE_VALUE) {
        look_at(handle, look);
        (void)CloseHandle(handle);
        return;
    }
    look->error = GetLastError();
    if (fs_os_is_nowhere((int)look->error))
        return;
    /* Not to be opened by us, or being deleted: what its directory says. */
    handle = FindFirstFileW(path, &data);
    if (handle != INVALID_HANDLE_VALUE) {
        (void)FindClose(handle);
        look->exists = 1;
        look->is_dir = fs_os_is_directory(data.dwFileAttributes, data.dwReserved0);
    }
}

/* ---- reading --------------------------------------------------------------------------------- */

int fs_os_is_nowhere(int error)
{
    return error == ERROR_FILE_NOT_FOUND || error == ERROR_PATH_NOT_FOUND ||
           error == ERROR_DIRECTORY || error == ERROR_DELETE_PENDING || error == ERROR_INVALID_NAME;
}

static HANDLE open_dir(const WCHAR *path, int is_root, DWORD flags)
{
    return CreateFileW(path, FILE_LIST_DIRECTORY,
                       FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE, NULL, OPEN_EXISTING,
                       FILE_FLAG_BACKUP_SEMANTICS | flags |
                           (is_root ? 0 : (DWORD)FILE_FLAG_OPEN_REPARSE_POINT),
                       NULL);
}

/* Make Wine forget under which path it met the directory. */
static void renew(const WCHAR *path)
{
    HANDLE handle = open_dir(path, 0, FILE_FLAG_OVERLAPPED);
    OVERLAPPED overlapped = { 0 };
    DWORD buffer[64], got;

    if (handle == INVALID_HANDLE_VALUE)
        return;
    if (ReadDirectoryChangesW(handle, buffer, sizeof buffer, FALSE, FILE_NOTIFY_CHANGE_DIR_NAME,
                              NULL, &overlapped, NULL)) {
        (void)CancelIoEx(handle, &overlapped);
        (void)GetOverlappedResult(handle, &overlapped, &got, TRUE);
    }
    (void)CloseHandle(handle);
}

/* Is the open directory the one that the tree means? */
static int is_same_dir(const struct fs_dir *dir, HANDLE handle)
{
    BY_HANDLE_FILE_INFORMATION info;
    uint32_t place;
    uint64_t id;

    if (dir->parent == NULL)
        return 1;
    place = fs_names_find(&dir->parent->names, dir->name, dir->name_length);
    id = place != FS_NO_NAME ? fs_names_id(&dir->parent->names, place) : 0;
    return id == 0 || !GetFileInformationByHandle(handle, &info) ||
           id == ((uint64_t)info.nFileIndexHigh << 32 | info.nFileIndexLow);
}

int fs_reader_begin(struct fs_watcher *watcher, struct fs_dir *dir, struct fs_reader *reader)
{
    const struct fs_system *system = watcher->options.system;
    const WCHAR *path = fs_os_path(watcher, dir, NULL, 0);
    int error = 0;

    if (path == NULL)
        return FS_NO_MEMORY;
    if (system != NULL && system->refuse != NULL)
        error = (int)system->refuse(path);
    if (error == 0 && watcher->os.is_renewing)
        renew(path);
    if (error == 0) {
        reader->handle = open_dir(path, dir->parent == NULL, 0);
        if (reader->handle == INVALID_HANDLE_VALUE)
            error = (int)GetLastError();
    }
    if (error != 0) {
        /* The root's handle tells of it nevertheless. */
        dir->is_partial = 1;
        return error;
    }
    if (!watcher->is_quiet && !is_same_dir(dir, reader->handle)) {
        (void)CloseHandle(reader->handle);
        return ERROR_PATH_NOT_FOUND;
    }
    reader->listing = watcher->os.listing;
    reader->entry = NULL;
    reader->is_begun = 0;
    return 0;
}

/* The record after the present one; NULL: none, *ret_error is 0 or says why. */
static const FILE_ID_BOTH_DIR_INFO *next_record(struct fs_reader *reader, int *ret_error)
{
    *ret_error = 0;
    if (reader->entry != NULL && reader->entry->NextEntryOffset != 0)
        return (const void *)((const char *)reader->entry + reader->entry->NextEntryOffset);
    if (!GetFileInformationByHandleEx(reader->handle,
                                      reader->is_begun ? FileIdBothDirectoryInfo
                                                       : FileIdBothDirectoryRestartInfo,
                                      reader->listing, FS_LISTING_SIZE)) {
        DWORD error = GetLastError();

        /* The root of a drive has not even ".". */
        *ret_error = error == ERROR_NO_MORE_FILES || error == ERROR_FILE_NOT_FOUND ? 0 : (int)error;
        return NULL;
    }
    reader->is_begun = 1;
    return (const void *)reader->listing;
}

int fs_reader_next(struct fs_reader *reader, struct fs_entry *entry)
{
    for (;;) {
        int error;
        const FILE_ID_BOTH_DIR_INFO *record = next_record(reader, &error);
        size_t length;

        if (record == NULL)
            return -error;
        reader->entry = record;
        length = record->FileNameLength / sizeof(WCHAR);
        if (length == 0 || length > 255 || (record->FileName[0] == L'.' && length == 1) ||
            (record->FileName[0] == L'.' && record->FileName[1] == L'.' && length == 2))
            continue;
        entry->name = reader->name;
        entry->length = fs_name_encode(record->FileName, length, reader->name);
        entry->is_dir = fs_os_is_directory(record->FileAttributes, record->EaSize);
        entry->id = (uint64_t)record->FileId.QuadPart;
        if (entry->length != 0)
            return 1;
    }
}

void fs_reader_end(struct fs_reader *reader)
{
    (void)CloseHandle(reader->handle);
}

static int is_since(LARGE_INTEGER time, int64_t since)
{
    /* FAT counts writes in steps of two seconds. */
    if (time.QuadPart % (2 * FS_SECOND) == 0)
        return time.QuadPart + 2 * FS_SECOND >= since;
    return time.QuadPart >= since;
}

int fs_reader_is_changed(struct fs_reader *reader, const struct fs_entry *entry, int64_t since,
                         int *ret_written)
{
    (void)entry;
    *ret_written = is_since(reader->entry->LastWriteTime, since);
    /* Not every file system keeps the time of the last change of any kind. */
    return *ret_written || is_since(reader->entry->ChangeTime, since);
}

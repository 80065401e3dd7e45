/* SPDX-License-Identifier: MIT */
/*
 * fs/watcher_win32.c - ReadDirectoryChangesW: open, wait, close
 *
 * Three handles are read: the tree's names and contents; the tree's attributes, apart, because
 * the system tells both by the same FILE_ACTION_MODIFIED; and the root's parent, which alone
 * tells that the root itself was renamed or changed. All complete to one port: reads are then not
 * cancelled when the thread that began them ends, as Open's caller may.
 */
#include "state.h"

#include <string.h>

#include <connpt/memory.h>

#include "failure.h"

#define FS_WAKE_KEY FS_STREAMS
#define TREE_SIZE 65536 /* no network takes more */
#define OTHER_SIZE 8192

/* FILETIME's unit. Windows' clock ticks as the stamps do; Wine's is finer than the stamps, which
 * are up to ten milliseconds old. */
int64_t fs_now(void)
{
    FILETIME now;

    GetSystemTimeAsFileTime(&now);
    return (int64_t)((uint64_t)now.dwHighDateTime << 32 | now.dwLowDateTime) - 200000;
}

/* ---- paths ----------------------------------------------------------------------------------- */

const WCHAR *fs_os_path(struct fs_watcher *watcher, const struct fs_dir *dir, const char *name,
                        size_t length)
{
    /* With a separator at its end a directory's path is right for the root of a drive too. */
    const char *path =
        fs_tree_path(&watcher->tree, dir, name != NULL ? name : "", name != NULL ? length : 0);

    fs_text_truncate(&watcher->os.path, 0);
    if (path == NULL || !fs_text_append_name(&watcher->os.path, path, strlen(path)))
        return NULL;
    return fs_text_bstr(&watcher->os.path);
}

static WCHAR *join(const WCHAR *prefix, const WCHAR *path)
{
    size_t n_prefix = wcslen(prefix), n_path = wcslen(path);
    WCHAR *joined = connpt_CoTaskMemAlloc((n_prefix + n_path + 1) * sizeof *joined);

    if (joined != NULL) {
        memcpy(joined, prefix, n_prefix * sizeof *joined);
        memcpy(joined + n_prefix, path, (n_path + 1) * sizeof *joined);
    }
    return joined;
}

/* An absolute path in the form that may be longer than MAX_PATH. NULL: no memory, or no path. */
static WCHAR *long_form(const WCHAR *path)
{
    DWORD size = GetFullPathNameW(path, 0, NULL, NULL);
    WCHAR *full = size != 0 ? connpt_CoTaskMemAlloc(size * sizeof *full) : NULL;
    WCHAR *joined = NULL;

    if (full != NULL && GetFullPathNameW(path, size, full, NULL) != 0) {
        if (wcsncmp(full, L"\\\\?\\", 4) == 0 || wcsncmp(full, L"\\\\.\\", 4) == 0)
            joined = join(L"", full);
        else if (wcsncmp(full, L"\\\\", 2) == 0)
            joined = join(L"\\\\?\\UNC\\", full + 2);
        else
            joined = join(L"\\\\?\\", full);
    }
    connpt_CoTaskMemFree(full);
    return joined;
}

/* The path without links of an open directory; NULL: it has none, or no memory. */
static WCHAR *final_form(HANDLE handle)
{
    DWORD size = GetFinalPathNameByHandleW(handle, NULL, 0, VOLUME_NAME_DOS);
    WCHAR *path = size != 0 ? connpt_CoTaskMemAlloc((size + 1) * sizeof *path) : NULL;
    DWORD length = path != NULL ? GetFinalPathNameByHandleW(handle, path, size + 1, 0) : 0;

    if (length != 0 && length <= size)
        return path;
    connpt_CoTaskMemFree(path);
    return NULL;
}

static HANDLE open_watched(const WCHAR *path)
{
    return CreateFileW(path, FILE_LIST_DIRECTORY,
                       FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE, NULL, OPEN_EXISTING,
                       FILE_FLAG_BACKUP_SEMANTICS | FILE_FLAG_OVERLAPPED, NULL);
}

/* @root as fs_options has it. 0 or an error number. */
static int open_root(const char *root, HANDLE *ret_handle, WCHAR **ret_path,
                     BY_HANDLE_FILE_INFORMATION *info)
{
    struct fs_text text = { 0 };
    WCHAR *path =
        fs_text_append_name(&text, root, strlen(root)) ? long_form(fs_text_bstr(&text)) : NULL;
    HANDLE handle = path != NULL ? open_watched(path) : INVALID_HANDLE_VALUE;
    DWORD error = path != NULL ? GetLastError() : FS_NO_MEMORY;

    fs_text_fini(&text);
    if (handle == INVALID_HANDLE_VALUE)
        goto free_path;
    error = GetFileInformationByHandle(handle, info) ? 0 : GetLastError();
    if (error == 0 && !(info->dwFileAttributes & FILE_ATTRIBUTE_DIRECTORY))
        error = ERROR_DIRECTORY;
    if (error != 0)
        goto close_handle;
    *ret_handle = handle;
    *ret_path = path;
    return 0;

close_handle:
    (void)CloseHandle(handle);
free_path:
    connpt_CoTaskMemFree(path);
    return (int)error;
}

int fs_watcher_try(const char *root)
{
    BY_HANDLE_FILE_INFORMATION info;
    HANDLE handle;
    WCHAR *path;
    int error = open_root(root, &handle, &path, &info);

    if (error != 0)
        return error;
    (void)CloseHandle(handle);
    connpt_CoTaskMemFree(path);
    return 0;
}

/* ---- streams --------------------------------------------------------------------------------- */

int fs_os_issue(struct fs_stream *stream)
{
    stream->overlapped = (OVERLAPPED){ .hEvent = stream->overlapped.hEvent };
    stream->is_pending = 1;
    if (ReadDirectoryChangesW(stream->handle, stream->buffers[stream->current], stream->size,
                              stream->is_subtree, stream->filter, NULL, &stream->overlapped, NULL))
        return 0;
    stream->is_pending = 0;
    return (int)GetLastError();
}

/* Takes @handle over, also when it fails. */
static int open_stream(struct fs_watcher *watcher, int what, HANDLE handle, DWORD filter,
                       BOOL is_subtree)
{
    struct fs_stream *stream = &watcher->os.streams[what];
    const struct fs_system *system = watcher->options.system;

    stream->handle = handle;
    stream->filter = filter;
    stream->is_subtree = is_subtree;
    stream->size = what == FS_STREAM_TREE ? TREE_SIZE : OTHER_SIZE;
    if (what == FS_STREAM_TREE && system != NULL && system->buffer_size != 0)
        stream->size = system->buffer_size;
    stream->buffers[0] = connpt_CoTaskMemAlloc(stream->size);
    stream->buffers[1] = connpt_CoTaskMemAlloc(stream->size);
    if (stream->buffers[0] == NULL || stream->buffers[1] == NULL)
        return FS_NO_MEMORY;
    stream->overlapped.hEvent = CreateEventW(NULL, TRUE, FALSE, NULL);
    if (stream->overlapped.hEvent == NULL ||
        CreateIoCompletionPort(handle, watcher->os.port, (ULONG_PTR)what, 0) == NULL)
        return (int)GetLastError();
    return fs_os_issue(stream);
}

/* The system must have let go of the buffers before they are freed. */
static void close_stream(struct fs_stream *stream)
{
    DWORD got;

    if (stream->handle == NULL)
        return;
    if (stream->is_pending) {
        (void)CancelIoEx(stream->handle, &stream->overlapped);
        (void)GetOverlappedResult(stream->handle, &stream->overlapped, &got, TRUE);
    }
    (void)CloseHandle(stream->handle);
    if (stream->overlapped.hEvent != NULL)
        (void)CloseHandle(stream->overlapped.hEvent);
    connpt_CoTaskMemFree(stream->buffers[0]);
    connpt_CoTaskMemFree(stream->buffers[1]);
    stream->handle = NULL;
}

/* Without it, which may be for want of rights, less is told: nothing fails. */
static int open_parent(struct fs_watcher *watcher, WCHAR *path)
{
    WCHAR *leaf = wcsrchr(path, L'\\');
    char name[3 * 255];
    size_t length;
    WCHAR kept;
    HANDLE handle;

    if (leaf == NULL || leaf[1] == 0 || wcslen(leaf + 1) > 255)
        return 0;
    length = fs_name_encode(leaf + 1, wcslen(leaf + 1), name);
    if (!fs_text_append_name(&watcher->os.leaf, name, length))
        return FS_NO_MEMORY;
    kept = leaf[1];
    leaf[1] = 0;
    handle = open_watched(path);
    leaf[1] = kept;
    if (handle == INVALID_HANDLE_VALUE)
        return 0;
    if (open_stream(watcher, FS_STREAM_PARENT, handle,
                    FILE_NOTIFY_CHANGE_DIR_NAME | FILE_NOTIFY_CHANGE_ATTRIBUTES |
                        FILE_NOTIFY_CHANGE_SECURITY,
                    FALSE) != 0)
        close_stream(&watcher->os.streams[FS_STREAM_PARENT]);
    return 0;
}

/* ---- open and close -------------------------------------------------------------------------- */

/* NTFS and ReFS number files so that a number comes back late or never; they say so by having a
 * journal of changes. */
static int has_stable_ids(HANDLE handle)
{
    DWORD flags = 0;

    return GetVolumeInformationByHandleW(handle, NULL, 0, NULL, NULL, &flags, NULL, 0) &&
           (flags & FILE_SUPPORTS_USN_JOURNAL);
}

static int open_streams(struct fs_watcher *watcher, HANDLE handle, WCHAR *path)
{
    BOOL is_recursive = watcher->options.is_recursive;
    HANDLE second;
    int error = open_stream(watcher, FS_STREAM_TREE, handle,
                            FILE_NOTIFY_CHANGE_FILE_NAME | FILE_NOTIFY_CHANGE_DIR_NAME |
                                FILE_NOTIFY_CHANGE_SIZE | FILE_NOTIFY_CHANGE_LAST_WRITE,
                            is_recursive);

    if (error != 0)
        return error;
    second = open_watched(path);
    if (second == INVALID_HANDLE_VALUE)
        return (int)GetLastError();
    error = open_stream(watcher, FS_STREAM_ATTRIBUTES, second,
                        FILE_NOTIFY_CHANGE_ATTRIBUTES | FILE_NOTIFY_CHANGE_SECURITY, is_recursive);
    return error != 0 ? error : open_parent(watcher, path);
}

void fs_os_init(struct fs_watcher *watcher)
{
    HMODULE ntdll = GetModuleHandleW(L"ntdll.dll");

    memset(&watcher->os, 0, sizeof watcher->os);
    watcher->os.is_wine = ntdll != NULL && GetProcAddress(ntdll, "wine_get_version") != NULL;
}

/* The root's own place in the tree. */
static int init_tree(struct fs_watcher *watcher, const WCHAR *path)
{
    char *bytes;

    if (FAILED(fs_name_from_text(path, (uint32_t)wcslen(path), &bytes)))
        return FS_NO_MEMORY;
    if (!fs_tree_init(&watcher->tree, bytes, watcher->options.root)) {
        connpt_CoTaskMemFree(bytes);
        return FS_NO_MEMORY;
    }
    connpt_CoTaskMemFree(bytes);
    watcher->root = fs_add_dir(watcher, ++watcher->os.last_wd, NULL, NULL, 0);
    return watcher->root != NULL ? 0 : FS_NO_MEMORY;
}

int fs_os_open(struct fs_watcher *watcher)
{
    struct fs_os *os = &watcher->os;
    BY_HANDLE_FILE_INFORMATION info;
    HANDLE handle;
    WCHAR *path, *final;
    int error = open_root(watcher->options.root, &handle, &path, &info);

    if (error != 0)
        return error;
    os->root_id = (uint64_t)info.nFileIndexHigh << 32 | info.nFileIndexLow;
    os->root_volume = info.dwVolumeSerialNumber;
    os->has_stable_ids = has_stable_ids(handle);
    final = final_form(handle);
    if (final != NULL) {
        connpt_CoTaskMemFree(path);
        path = final;
    }
    os->port = CreateIoCompletionPort(INVALID_HANDLE_VALUE, NULL, 0, 1);
    os->listing = connpt_CoTaskMemAlloc(FS_LISTING_SIZE);
    if (os->port == NULL || os->listing == NULL) {
        error = os->port == NULL ? (int)GetLastError() : FS_NO_MEMORY;
        (void)CloseHandle(handle);
    } else {
        error = open_streams(watcher, handle, path);
    }
    if (error == 0)
        error = init_tree(watcher, path);
    connpt_CoTaskMemFree(path);
    return error;
}

void fs_os_fini(struct fs_watcher *watcher)
{
    for (int i = 0; i < FS_STREAMS; i++)
        close_stream(&watcher->os.streams[i]);
    if (watcher->os.port != NULL)
        (void)CloseHandle(watcher->os.port);
    connpt_CoTaskMemFree(watcher->os.listing);
    fs_text_fini(&watcher->os.path);
    fs_text_fini(&watcher->os.leaf);
}

/* Does the path lead to the root? */
static int is_root(const struct fs_watcher *watcher, const WCHAR *path)
{
    BY_HANDLE_FILE_INFORMATION info;
    HANDLE handle = CreateFileW(path, FILE_READ_ATTRIBUTES,
                                FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE, NULL,
                                OPEN_EXISTING, FILE_FLAG_BACKUP_SEMANTICS, NULL);
    int same;

    if (handle == INVALID_HANDLE_VALUE)
        /* Denied: it is being deleted, and only open handles keep it. */
        return !fs_os_is_nowhere((int)GetLastError()) && GetLastError() != ERROR_ACCESS_DENIED;
    same = !GetFileInformationByHandle(handle, &info) ||
           (info.dwVolumeSerialNumber == watcher->os.root_volume &&
            ((uint64_t)info.nFileIndexHigh << 32 | info.nFileIndexLow) == watcher->os.root_id);
    (void)CloseHandle(handle);
    return same;
}

const char *fs_os_is_gone(struct fs_watcher *watcher)
{
    const WCHAR *path = fs_os_path(watcher, watcher->root, NULL, 0);
    WCHAR *moved;
    int is_moved;

    if (path == NULL || is_root(watcher, path))
        return NULL;
    moved = final_form(watcher->os.streams[FS_STREAM_TREE].handle);
    is_moved = moved != NULL && is_root(watcher, moved);
    connpt_CoTaskMemFree(moved);
    return is_moved ? "the directory was moved" : "the directory was deleted";
}

/* ---- waiting --------------------------------------------------------------------------------- */

void fs_os_wake(struct fs_watcher *watcher)
{
    /* Without memory for that, the end of a read wakes as well. */
    if (!PostQueuedCompletionStatus(watcher->os.port, 0, FS_WAKE_KEY, NULL))
        (void)CancelIoEx(watcher->os.streams[FS_STREAM_TREE].handle, NULL);
}

int fs_os_collect(struct fs_watcher *watcher, DWORD timeout_ms)
{
    OVERLAPPED_ENTRY entries[FS_STREAMS + 1];
    ULONG n = 0;

    if (!GetQueuedCompletionStatusEx(watcher->os.port, entries, FS_STREAMS + 1, &n, timeout_ms,
                                     FALSE))
        return GetLastError() == WAIT_TIMEOUT ? 0 : -1;
    for (ULONG i = 0; i < n; i++) {
        if (entries[i].lpCompletionKey < FS_STREAMS) {
            watcher->os.streams[entries[i].lpCompletionKey].is_ready = 1;
            watcher->os.streams[entries[i].lpCompletionKey].is_pending = 0;
        }
    }
    return 1;
}

static int is_ready(const struct fs_watcher *watcher)
{
    for (int i = 0; i < FS_STREAMS; i++)
        if (watcher->os.streams[i].is_ready)
            return 1;
    return 0;
}

int fs_os_wait(struct fs_watcher *watcher, int timeout_ms)
{
    DWORD timeout = timeout_ms < 0 ? INFINITE : (DWORD)timeout_ms;

    if (fs_os_collect(watcher, is_ready(watcher) ? 0 : timeout) < 0)
        return -1;
    return is_ready(watcher);
}

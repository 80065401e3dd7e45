/* SPDX-License-Identifier: MIT */
/*
 * tests/sources/fs/tree_win32.c - scratch directories, and what tests put in the system's place
 *
 * Changes are told some time after the call that made them. pump() makes changes of its own, the
 * fence, and has seen everything once each read has told of them.
 */
#include "tree.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "os_win32.h"
#include "scratch_win32.h"
#include "state.h"

#define DEADLINE_MS 120000 /* only ends what hangs */

static char fence[40];
static int is_fence_seen[FS_STREAMS];

void tree_die(const char *what, const char *path)
{
    fprintf(stderr, "# cannot %s %s: error %lu\n", what, path, GetLastError());
    exit(1);
}

/* ---- files ------------------------------------------------------------------------------- */

/* Absolute and in the long form: two paths a call at most. */
static const WCHAR *wide(const char *path)
{
    static WCHAR buffers[2][3000];
    static unsigned next;
    WCHAR relative[1400], full[1400];
    WCHAR *to = buffers[next++ % 2];

    (void)MultiByteToWideChar(CP_UTF8, 0, path, -1, relative, 1400);
    if (GetFullPathNameW(relative, 1400, full, NULL) == 0)
        tree_die("name", path);
    (void)swprintf(to, 3000, L"\\\\?\\%ls", full);
    return to;
}

static int write_file(const char *path, const char *text, DWORD access, DWORD how)
{
    HANDLE handle =
        CreateFileW(wide(path), access, FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE,
                    NULL, how, FILE_ATTRIBUTE_NORMAL, NULL);
    DWORD written;

    if (handle == INVALID_HANDLE_VALUE)
        return 0;
    if (*text != '\0' && !WriteFile(handle, text, (DWORD)strlen(text), &written, NULL))
        tree_die("write", path);
    return CloseHandle(handle);
}

void make_file(const char *path, const char *text)
{
    if (!write_file(path, text, GENERIC_WRITE, CREATE_ALWAYS))
        tree_die("write", path);
}

void append_file(const char *path, const char *text)
{
    if (!write_file(path, text, FILE_APPEND_DATA, OPEN_EXISTING))
        tree_die("write", path);
}

int try_dir(const char *path)
{
    return CreateDirectoryW(wide(path), NULL);
}

int try_file(const char *path)
{
    return write_file(path, "", FILE_APPEND_DATA, OPEN_ALWAYS);
}

int try_remove(const char *path)
{
    return DeleteFileW(wide(path)) || RemoveDirectoryW(wide(path));
}

int try_move(const char *from, const char *to)
{
    return MoveFileExW(wide(from), wide(to), MOVEFILE_REPLACE_EXISTING);
}

void make_dir(const char *path)
{
    if (!try_dir(path))
        tree_die("make directory", path);
}

void move(const char *from, const char *to)
{
    if (!try_move(from, to))
        tree_die("move", from);
}

void remove_file(const char *path)
{
    if (!DeleteFileW(wide(path)))
        tree_die("remove", path);
}

void remove_dir(const char *path)
{
    if (!RemoveDirectoryW(wide(path)))
        tree_die("remove directory", path);
}

static void remove_below(WCHAR *path, size_t length)
{
    WIN32_FIND_DATAW data;
    HANDLE found;

    wcscpy(path + length, L"\\*");
    found = FindFirstFileW(path, &data);
    if (found != INVALID_HANDLE_VALUE) {
        do {
            size_t more = length + 1 + wcslen(data.cFileName);

            if (wcscmp(data.cFileName, L".") == 0 || wcscmp(data.cFileName, L"..") == 0)
                continue;
            wcscpy(path + length + 1, data.cFileName);
            if (data.dwFileAttributes & FILE_ATTRIBUTE_DIRECTORY)
                remove_below(path, more);
            else if (!DeleteFileW(path))
                tree_die("remove", "a file below");
        } while (FindNextFileW(found, &data));
        (void)FindClose(found);
    }
    path[length] = 0;
    if (!RemoveDirectoryW(path))
        tree_die("remove", "a directory below");
}

void remove_tree(const char *path)
{
    WCHAR buffer[3000];

    wcscpy(buffer, wide(path));
    remove_below(buffer, wcslen(buffer));
}

int exists(const char *path)
{
    size_t length = strlen(path);
    char bare[TREE_PATH_SIZE];

    snprintf(bare, sizeof bare, "%s", path);
    if (length > 0 && length < sizeof bare && bare[length - 1] == '/')
        bare[length - 1] = '\0';
    return GetFileAttributesW(wide(bare)) != INVALID_FILE_ATTRIBUTES;
}

void list(const char *dir, void (*each)(const char *name, int is_dir))
{
    char pattern[TREE_PATH_SIZE];
    WIN32_FIND_DATAW data;
    HANDLE found;

    snprintf(pattern, sizeof pattern, "%s*", dir);
    found = FindFirstFileW(wide(pattern), &data);
    if (found == INVALID_HANDLE_VALUE)
        return;
    do {
        char name[800];

        (void)WideCharToMultiByte(CP_UTF8, 0, data.cFileName, -1, name, sizeof name, NULL, NULL);
        if (strcmp(name, ".") != 0 && strcmp(name, "..") != 0)
            each(name, (data.dwFileAttributes & FILE_ATTRIBUTE_DIRECTORY) != 0);
    } while (FindNextFileW(found, &data));
    (void)FindClose(found);
}

void change_attributes(const char *path)
{
    DWORD attributes = GetFileAttributesW(wide(path));

    /* Wine keeps only this one for directories. */
    if (!SetFileAttributesW(wide(path), attributes ^ FILE_ATTRIBUTE_READONLY))
        tree_die("change", path);
}

void make_old(const char *path)
{
    HANDLE handle = CreateFileW(wide(path), FILE_WRITE_ATTRIBUTES, FILE_SHARE_READ, NULL,
                                OPEN_EXISTING, 0, NULL);
    FILETIME old = { 0, 0x01000000 };

    if (handle == INVALID_HANDLE_VALUE || !SetFileTime(handle, NULL, NULL, &old))
        tree_die("change", path);
    (void)CloseHandle(handle);
}

void wait_for_tick(const char *path)
{
    HANDLE handle = CreateFileW(wide(path), FILE_READ_ATTRIBUTES, 7, NULL, OPEN_EXISTING,
                                FILE_FLAG_BACKUP_SEMANTICS, NULL);
    FILE_BASIC_INFO info;

    if (!GetFileInformationByHandleEx(handle, FileBasicInfo, &info, sizeof info))
        tree_die("look at", path);
    (void)CloseHandle(handle);
    while (fs_now() <= info.ChangeTime.QuadPart)
        (void)SwitchToThread();
}

/* ---- scratch --------------------------------------------------------------------------------- */

static void enter(const char *path)
{
    if (!SetCurrentDirectoryA(path))
        tree_die("enter", path);
}

void tree_system_begin(void)
{
    static unsigned n;
    char temp[200];

    if (!scratch_folder(temp, sizeof temp))
        tree_die("find", "the folder for temporary files");
    /* A process that was killed may have left one with our number. */
    do
        snprintf(tree_scratch, TREE_PATH_SIZE, "%sconnpt-fs-%lu-%u", temp, GetCurrentProcessId(),
                 n++);
    while (!try_dir(tree_scratch) && GetLastError() == ERROR_ALREADY_EXISTS);
    enter(tree_scratch);
    make_dir("in");
    make_dir("out");
    enter("in");
    snprintf(tree_root, TREE_PATH_SIZE, "%.290s/in", tree_scratch);
}

void tree_system_end(void)
{
    enter("C:\\");
    remove_tree(tree_scratch);
}

void leave_root(void)
{
    enter(tree_scratch);
}

/* Wine leaves a directory that somebody has open where it is until the last handle is closed,
 * without a word. Only what is not a Windows program can remove one that is watched. */
void remove_root(void)
{
    char *(*unix_name)(const WCHAR *) = NULL;
    FARPROC entry = GetProcAddress(GetModuleHandleW(L"kernel32.dll"), "wine_get_unix_file_name");
    PROCESS_INFORMATION process;
    STARTUPINFOW startup = { .cb = sizeof startup };
    WCHAR command[TREE_PATH_SIZE + 100];
    ULONGLONG end = GetTickCount64() + DEADLINE_MS;
    char *path;

    if (entry == NULL) {
        remove_tree("in");
        return;
    }
    memcpy(&unix_name, &entry, sizeof unix_name);
    path = unix_name(wide("in"));
    (void)swprintf(command, sizeof command / sizeof *command,
                   L"\"\\\\?\\unix\\bin\\rm\" -r \"%hs\"", path);
    if (!CreateProcessW(L"\\\\?\\unix\\bin\\rm", command, NULL, NULL, FALSE, 0, NULL, NULL,
                        &startup, &process))
        tree_die("run", "/bin/rm");
    /* Wine gives no handle of such a process, so its end cannot be waited for: only its work. */
    while (GetFileAttributesW(wide("in")) != INVALID_FILE_ATTRIBUTES) {
        if (GetTickCount64() > end)
            tree_die("remove", path);
        (void)SwitchToThread();
    }
}

/* ---- what stands in the system's place ------------------------------------------------------ */

static int has_name(const unsigned char *buffer, DWORD got, const char *name)
{
    for (DWORD at = 0; at < got;) {
        const FILE_NOTIFY_INFORMATION *record = (const void *)(buffer + at);
        size_t i = 0;

        while (name[i] != '\0' && i < record->FileNameLength / 2 && record->FileName[i] == name[i])
            i++;
        if (name[i] == '\0')
            return 1;
        if (record->NextEntryOffset == 0)
            break;
        at += record->NextEntryOffset;
    }
    return 0;
}

static DWORD take(int what, void *buffer, DWORD size, DWORD got)
{
    (void)size;
    if (got == 0 || has_name(buffer, got, fence))
        is_fence_seen[what] = 1;
    if (what != FS_STREAM_TREE || !inject_overflow)
        return got;
    if (lose_events && !is_fence_seen[what]) {
        /* A name of no length, which is nobody's. */
        memset(buffer, 0, sizeof(FILE_NOTIFY_INFORMATION));
        return sizeof(FILE_NOTIFY_INFORMATION);
    }
    inject_overflow = 0;
    return 0;
}

static DWORD refuse(const WCHAR *path)
{
    char bytes[1000] = "";
    size_t length, tail;

    if (refused_path == NULL)
        return 0;
    (void)WideCharToMultiByte(CP_UTF8, 0, path, -1, bytes, sizeof bytes, NULL, NULL);
    length = strlen(bytes);
    tail = strlen(refused_path);
    for (char *at = bytes; *at != '\0'; at++)
        if (*at == '\\')
            *at = '/';
    /* A directory's path ends in a separator here. */
    if (length < tail + 1 || strncmp(bytes + length - tail - 1, refused_path, tail) != 0)
        return 0;
    return refused_error != 0 ? (DWORD)refused_error : ERROR_ACCESS_DENIED;
}

const struct fs_system *tree_system(void)
{
    static struct fs_system system = { .take = take, .refuse = refuse };

    system.buffer_size = tree_buffer_size;
    return &system;
}

/* One change for each of the watcher's reads; 0: what is watched is gone. */
static int make_fence(void)
{
    static unsigned n;
    char path[TREE_PATH_SIZE + 60];
    HANDLE handle;

    snprintf(fence, sizeof fence, FENCE "%u", n++);
    memset(is_fence_seen, 0, sizeof is_fence_seen);
    snprintf(path, sizeof path, "%s/%s", tree_root, fence);
    handle = CreateFileW(wide(path), GENERIC_WRITE, 7, NULL, CREATE_ALWAYS, 0, NULL);
    if (handle == INVALID_HANDLE_VALUE)
        return 0;
    (void)CloseHandle(handle);
    (void)SetFileAttributesW(wide(path), FILE_ATTRIBUTE_READONLY);
    (void)SetFileAttributesW(wide(path), FILE_ATTRIBUTE_NORMAL);
    (void)DeleteFileW(wide(path));
    snprintf(path, sizeof path, "%s/%s", tree_scratch, fence);
    return CreateDirectoryW(wide(path), NULL) && RemoveDirectoryW(wide(path));
}

static int is_fence_passed(void)
{
    return is_fence_seen[FS_STREAM_TREE] && is_fence_seen[FS_STREAM_ATTRIBUTES] &&
           is_fence_seen[FS_STREAM_PARENT];
}

void pump(void)
{
    ULONGLONG end = GetTickCount64() + DEADLINE_MS;
    int has_fence;

    if (watcher() == NULL)
        return;
    has_fence = make_fence();
    while (fs_watcher_dispatch(watcher(), 20) && !(has_fence && is_fence_passed()))
        if (GetTickCount64() > end)
            tree_die("see", fence);
    /* What is held has waited long enough now. */
    for (int i = 0; i < 3; i++)
        (void)fs_watcher_dispatch(watcher(), 2);
}

/* SPDX-License-Identifier: MIT */
/* tests/sources/fs/tree.c - scratch directories and a log of reports */
#include "tree.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

#include "os_linux.h"

#define LOG_SIZE 4000000
#define LINES_MAX 200000

int fail_watch_errno;
const char *fail_watch_path;
size_t read_size;
int inject_overflow;
int lose_events;
const char *last_message;
void (*on_report)(const char *line);

static char scratch[64];
static char root[80];
static struct fs_watcher *the_watcher;
static int n_read; /* bytes that the last dispatch read */
static char log_text[LOG_SIZE];
static size_t log_used;
static char message[400];

static void die(const char *what, const char *path)
{
    fprintf(stderr, "# cannot %s %s: %s\n", what, path, strerror(errno));
    exit(1);
}

/* ---- files ------------------------------------------------------------------------------- */

static void write_file(const char *path, const char *text, int flags)
{
    int fd = open(path, flags, 0666);

    if (fd < 0 || write(fd, text, strlen(text)) < 0)
        die("write", path);
    close(fd);
}

void make_file(const char *path, const char *text)
{
    write_file(path, text, O_WRONLY | O_CREAT | O_TRUNC);
}

void append_file(const char *path, const char *text)
{
    write_file(path, text, O_WRONLY | O_APPEND);
}

void make_dir(const char *path)
{
    if (mkdir(path, 0777) != 0)
        die("make directory", path);
}

void move(const char *from, const char *to)
{
    if (rename(from, to) != 0)
        die("move", from);
}

void remove_file(const char *path)
{
    if (unlink(path) != 0)
        die("remove", path);
}

void remove_dir(const char *path)
{
    if (rmdir(path) != 0)
        die("remove directory", path);
}

static int remove_one(const char *path, const struct stat *status, int type, struct FTW *walk)
{
    (void)status;
    (void)type;
    (void)walk;
    return remove(path);
}

void remove_tree(const char *path)
{
    if (nftw(path, remove_one, 16, FTW_DEPTH | FTW_PHYS) != 0)
        die("remove", path);
}

void tree_begin(void)
{
    /* In memory where the system has such a place: ten thousand files take their time. */
    snprintf(scratch, sizeof scratch, "%s/connpt-fs-XXXXXX",
             access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
    if (mkdtemp(scratch) == NULL || chdir(scratch) != 0)
        die("make", scratch);
    make_dir("in");
    make_dir("out");
    snprintf(root, sizeof root, "%s/in", scratch);
    if (chdir(root) != 0)
        die("enter", root);
    fail_watch_path = NULL;
    read_size = 0;
    inject_overflow = 0;
    lose_events = 0;
    last_message = NULL;
    on_report = NULL;
    log_used = 0;
}

void tree_end(void)
{
    fs_watcher_close(the_watcher);
    the_watcher = NULL;
    if (chdir("/") != 0)
        die("leave", root);
    remove_tree(scratch);
}

/* ---- the log ------------------------------------------------------------------------------ */

/* By hand, as <connpt/automation.h> draws it. */
static UINT units_in(BSTR text)
{
    uint32_t size = 0;

    if (text != NULL)
        memcpy(&size, (const char *)text - sizeof size, sizeof size);
    return size / 2;
}

/* As bytes, without the root: "." for the root itself. */
static void append_path(char *line, BSTR path, int is_dir)
{
    char *bytes = NULL;
    char *end = line + strlen(line);

    if (path == NULL) {
        strcat(line, "(none)");
        return;
    }
    for (UINT i = 0; i < units_in(path); i++)
        *end++ = path[i] < 0x80 ? (char)path[i] : '?';
    *end = '\0';
    bytes = line + 2;
    while ((bytes = strstr(bytes, root)) != NULL) {
        char *rest = bytes + strlen(root);

        if (*rest == '/')
            memmove(bytes, rest + 1, strlen(rest));
        else
            memmove(bytes, *rest == '\0' ? "." : rest, strlen(rest) + 2);
        bytes++;
    }
    if (is_dir && strcmp(line + 2, ".") != 0)
        strcat(line, "/");
}

static void keep_ascii(BSTR text)
{
    UINT length = units_in(text);

    for (UINT i = 0; i < length && i < sizeof message - 1; i++)
        message[i] = (char)text[i];
    message[length < sizeof message ? length : sizeof message - 1] = '\0';
    last_message = message;
}

static void log_event(void *context, const struct fs_event *event)
{
    static const char letters[] = "?CMVDAOFS";
    static char line[20000];

    (void)context;
    snprintf(line, sizeof line, "%c ", letters[event->kind]);
    if (event->kind == FS_STOPPED || event->kind == FS_FAILED)
        keep_ascii(event->other);
    if (event->kind == FS_STOPPED) {
        snprintf(line, sizeof line, "S %s", message);
    } else {
        append_path(line, event->path, event->is_dir && event->kind != FS_OVERFLOW);
        if (event->kind == FS_MOVED) {
            strcat(line, " > ");
            append_path(line, event->other, event->is_dir);
        }
        if (event->kind == FS_FAILED)
            snprintf(line + strlen(line), 16, " %08X", (unsigned)event->code);
    }
    if (on_report != NULL)
        on_report(line);
    if (log_used + strlen(line) + 2 > LOG_SIZE)
        return;
    strcpy(log_text + log_used, line);
    log_used += strlen(line);
    log_text[log_used++] = '\n';
    log_text[log_used] = '\0';
}

const char *reported(void)
{
    static char copy[LOG_SIZE];

    pump();
    memcpy(copy, log_text, log_used);
    copy[log_used] = '\0';
    log_used = 0;
    return copy;
}

static int compare_lines(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

const char *reported_sorted(void)
{
    static char sorted[LOG_SIZE];
    static char *lines[LINES_MAX];
    char *text = strdup(reported());
    size_t n = 0;
    char *to = sorted;

    for (char *line = strtok(text, "\n"); line != NULL && n < LINES_MAX; line = strtok(NULL, "\n"))
        lines[n++] = line;
    qsort(lines, n, sizeof *lines, compare_lines);
    for (size_t i = 0; i < n; i++)
        to += sprintf(to, "%s\n", lines[i]);
    *to = '\0';
    free(text);
    return sorted;
}

/* ---- the watcher ----------------------------------------------------------------------------- */

static int faulty_add_watch(int fd, const char *path, uint32_t mask)
{
    size_t length = strlen(path);

    if (fail_watch_path != NULL) {
        size_t tail = strlen(fail_watch_path);

        if (length >= tail && strcmp(path + length - tail, fail_watch_path) == 0) {
            errno = fail_watch_errno;
            return -1;
        }
    }
    return inotify_add_watch(fd, path, mask);
}

static ssize_t faulty_read(int fd, void *buffer, size_t size)
{
    ssize_t got;

    if (inject_overflow) {
        const struct inotify_event overflow = { .wd = -1, .mask = IN_Q_OVERFLOW };

        while (lose_events && read(fd, buffer, size) > 0) {
        }
        inject_overflow = 0;
        memcpy(buffer, &overflow, sizeof overflow);
        n_read = sizeof overflow;
        return n_read;
    }
    got = read(fd, buffer, read_size != 0 && read_size < size ? read_size : size);
    n_read = got > 0 ? (int)got : 0;
    return got;
}

static int watch_as(int is_recursive)
{
    static const struct fs_system system = { faulty_add_watch, faulty_read };
    const struct fs_options options = {
        .root = root,
        .is_recursive = is_recursive,
        .fire = log_event,
        .system = &system,
    };

    return fs_watcher_open(&options, &the_watcher);
}

int watch(void)
{
    return watch_as(1);
}

int watch_flat(void)
{
    return watch_as(0);
}

struct fs_watcher *watcher(void)
{
    return the_watcher;
}

void pump(void)
{
    if (the_watcher == NULL)
        return;
    do
        n_read = 0;
    while (fs_watcher_dispatch(the_watcher, 0) && n_read != 0);
    /* What is held for its other half has waited long enough now. */
    (void)fs_watcher_dispatch(the_watcher, 0);
}

/* SPDX-License-Identifier: MIT */
/* tests/sources/fs/tree.c - a watcher and a log of its reports */
#include "tree.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LOG_SIZE 4000000
#define LINES_MAX 200000

const char *refused_path;
int refused_error;
size_t read_size;
int inject_overflow;
int lose_events;
unsigned tree_buffer_size;
const char *last_message;
void (*on_report)(const char *line);
char tree_scratch[TREE_PATH_SIZE];
char tree_root[TREE_PATH_SIZE];

static struct fs_watcher *the_watcher;
static char log_text[LOG_SIZE];
static size_t log_used;
static char message[400];

void tree_begin(void)
{
    refused_path = NULL;
    refused_error = 0;
    read_size = 0;
    inject_overflow = 0;
    lose_events = 0;
    tree_buffer_size = 0;
    last_message = NULL;
    on_report = NULL;
    log_used = 0;
    tree_system_begin();
}

void tree_end(void)
{
    fs_watcher_close(the_watcher);
    the_watcher = NULL;
    tree_system_end();
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
        *end++ = path[i] == '\\' ? '/' : path[i] < 0x80 ? (char)path[i] : '#';
    *end = '\0';
    bytes = line + 2;
    while ((bytes = strstr(bytes, tree_root)) != NULL) {
        char *rest = bytes + strlen(tree_root);

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

/* Where the closing of a file is not told, how often a file counts as written is a matter of
 * time. */
static int is_written_again(const char *line)
{
#ifdef _WIN32
    size_t length = strlen(line);

    return line[0] == 'M' && log_used > length && log_text[log_used - 1] == '\n' &&
           strncmp(log_text + log_used - 1 - length, line, length) == 0 &&
           (log_used == length + 1 || log_text[log_used - length - 2] == '\n');
#else
    (void)line;
    return 0;
#endif
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
    if (strstr(line, FENCE) != NULL || is_written_again(line))
        return;
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
    pump();
    return reported_now();
}

const char *reported_now(void)
{
    static char copy[LOG_SIZE];

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
    return reported_sorted_but('\0');
}

const char *reported_sorted_but(char kind)
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
        if (lines[i][0] != kind)
            to += sprintf(to, "%s\n", lines[i]);
    *to = '\0';
    free(text);
    return sorted;
}

/* ---- the watcher ----------------------------------------------------------------------------- */

static int watch_as(int is_recursive)
{
    const struct fs_options options = {
        .root = tree_root,
        .is_recursive = is_recursive,
        .fire = log_event,
        .system = tree_system(),
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

/* SPDX-License-Identifier: MIT */
/*
 * fs_bench.c - the watching engine alone, as a stand-in for `inotifywait -m -r`
 *
 *     fs_bench DIRECTORY      print one line per event until the directory goes away
 *     fs_bench -q DIRECTORY   count only
 *
 * At the end it says on stderr how long opening took, how many events there were, what CPU time
 * they took, and the peak of resident memory. tools or a shell make the storm.
 */
#include "watcher.h"

#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

static unsigned long n_events;
static int is_quiet;

static void put_text(BSTR text)
{
    char line[4096];
    size_t n = 0;
    uint32_t size;

    memcpy(&size, (char *)text - sizeof size, sizeof size);
    for (uint32_t i = 0; i < size / 2 && n < sizeof line; i++)
        line[n++] = text[i] < 0x80 ? (char)text[i] : '?';
    fwrite(line, 1, n, stdout);
}

static void on_event(void *context, const struct fs_event *event)
{
    static const char *const names[] = { "",        "CREATED ",  "MODIFIED ", "MOVED ",  "DELETED ",
                                         "ATTRIB ", "OVERFLOW ", "FAILED ",   "STOPPED " };

    (void)context;
    n_events++;
    if (is_quiet)
        return;
    fputs(names[event->kind], stdout);
    if (event->path != NULL)
        put_text(event->path);
    if (event->other != NULL) {
        putchar(' ');
        put_text(event->other);
    }
    putchar('\n');
    fflush(stdout); /* as inotifywait does */
}

static double seconds_between(const struct timespec *a, const struct timespec *b)
{
    return (double)(b->tv_sec - a->tv_sec) + (double)(b->tv_nsec - a->tv_nsec) / 1e9;
}

int main(int argc, char **argv)
{
    struct fs_options options = { .is_recursive = 1, .fire = on_event };
    struct fs_watcher *watcher;
    struct timespec start, opened;
    struct rusage usage;
    int error;

    is_quiet = argc == 3 && strcmp(argv[1], "-q") == 0;
    if (argc != 2 + is_quiet) {
        fputs("usage: fs_bench [-q] DIRECTORY\n", stderr);
        return 2;
    }
    options.root = argv[argc - 1];
    clock_gettime(CLOCK_MONOTONIC, &start);
    error = fs_watcher_open(&options, &watcher);
    clock_gettime(CLOCK_MONOTONIC, &opened);
    if (error != 0) {
        fprintf(stderr, "fs_bench: %s: %s\n", options.root, strerror(error));
        return 1;
    }
    fprintf(stderr, "open %.1f ms, %ld watches\n", seconds_between(&start, &opened) * 1e3,
            fs_watcher_watches(watcher));
    fs_watcher_run(watcher);
    getrusage(RUSAGE_SELF, &usage);
    fprintf(stderr, "%lu events, user %.3f s, system %.3f s, peak %ld KB\n", n_events,
            (double)usage.ru_utime.tv_sec + (double)usage.ru_utime.tv_usec / 1e6,
            (double)usage.ru_stime.tv_sec + (double)usage.ru_stime.tv_usec / 1e6, usage.ru_maxrss);
    fs_watcher_close(watcher);
    return 0;
}

/* SPDX-License-Identifier: MIT */
/*
 * check/isolate.h - work in a process of its own, whose end is not ours
 *
 * On systems without fork() there is none: the work is done here.
 */
#ifndef CONNPT_CHECK_ISOLATE_H
#define CONNPT_CHECK_ISOLATE_H

#include <stdbool.h>
#include <stddef.h>

enum isolate_end {
    ISOLATE_DONE,
    ISOLATE_CRASHED, /* @ret_cause says by what */
    ISOLATE_HUNG,
    ISOLATE_IMPOSSIBLE /* the system gives no process */
};

/* Memory that the process and its maker share; zeroed. NULL: there is none. */
void *isolate_alloc(size_t size);
void isolate_free(void *memory, size_t size);

struct isolate_report {
    char cause[256]; /* "signal 11 (Segmentation fault)" */
    char *trace;     /* the calls, and what was written to stderr; the caller's buffer ... */
    size_t trace_size;
};

/*
 * Only what @work writes to memory of isolate_alloc comes back.
 *
 * @timeout_ms: then it is ended
 */
enum isolate_end isolate_run(void (*work)(void *context), void *context, unsigned timeout_ms,
                             struct isolate_report *report);

#endif

/* SPDX-License-Identifier: MIT */
/*
 * check/isolate.h - work in a process of its own, whose end is not ours
 *
 * With fork() the process is a copy of its maker, which goes on with the work. Without it
 * (docs/decisions/0050-processes-for-rules.md) the program is started again, and comes to the same
 * call of isolate_begin, where it learns that it is such a process and finds the memory that it
 * shares with its maker. So what is to be done stands in that memory, as numbers: addresses mean
 * nothing there.
 */
#ifndef CONNPT_CHECK_ISOLATE_H
#define CONNPT_CHECK_ISOLATE_H

#include <stdbool.h>
#include <stddef.h>

#include <connpt/check.h>

enum isolate_role {
    ISOLATE_MAKER,   /* calls isolate_renew and isolate_run for each work, at last isolate_end */
    ISOLATE_PROCESS, /* does the work that the memory tells of, and calls isolate_leave */
    ISOLATE_PASSER   /* was made for a later call: returns @result at once */
};

struct isolate {
    void *memory; /* shared, of the work that is done */
    size_t size;
    uint32_t number;    /* of this call, from 1, where the program is started again */
    bool has_processes; /* false: isolate_run does the work here */
    HRESULT result;     /* of a passer: what this call returned where the process was made */
    struct isolate_system *system; /* its own */
};

/*
 * Every call of the program passes here once, whatever its flags.
 *
 * @flags: CONNPT_CHECK_IN_PROCESS and CONNPT_CHECK_RESTART count
 */
enum isolate_role isolate_begin(struct isolate *isolate, size_t size, uint32_t flags);
/* Another memory, zeroed, for the next work. False: there is none. */
bool isolate_renew(struct isolate *isolate);
/* @result: what the call is going to return */
void isolate_end(struct isolate *isolate, HRESULT result);
/* What the program does at its end is none of this process's. */
_Noreturn void isolate_leave(struct isolate *isolate);

enum isolate_end {
    ISOLATE_DONE,
    ISOLATE_CRASHED, /* report->cause says by what */
    ISOLATE_HUNG,
    ISOLATE_IMPOSSIBLE /* the system gives no process, or the program did not come here again */
};

struct isolate_report {
    char cause[256]; /* "signal 11 (Segmentation fault)", "access violation (0xC0000005)" */
    char *trace;     /* the calls, and what was written to stderr; the caller's buffer ... */
    size_t trace_size;
};

/*
 * Only what @work writes to the memory comes back.
 *
 * @work:       what the process does; one that is no copy does it by itself
 * @timeout_ms: then it is ended
 */
enum isolate_end isolate_run(struct isolate *isolate, void (*work)(void *context), void *context,
                             unsigned timeout_ms, struct isolate_report *report);

/*
 * A text of static storage in this library, to which a process left a pointer in the memory.
 *
 * @anchor: isolate_anchor as the process has it: the library may be elsewhere there
 *
 * Returns: NULL when it is no such text: the process had lost its mind
 */
const char *isolate_text(const char *text, const char *anchor);
extern const char isolate_anchor[];

#endif

/* SPDX-License-Identifier: MIT */
/* check/restart_win32.h - this program once more, with a time limit, and how it ended */
#ifndef CONNPT_CHECK_RESTART_WIN32_H
#define CONNPT_CHECK_RESTART_WIN32_H

#include "isolate.h"

/* Handles that are inherited; and whose they are now. */
struct restart {
    HANDLE mapping;
    HANDLE has_begun; /* event: the process came to its call; NULL: none could be made */
    HANDLE show;      /* event: the process shall show its calls, and end; NULL: the same */
    DWORD process;    /* its id, before its first instruction */
};

/*
 * Starts the program, and waits for its end.
 *
 * @timeout_ms: from the moment at which it came to its call
 * @report:     gets what it wrote to stdout and stderr
 * @ret_code:   its exit code
 *
 * Returns: ISOLATE_DONE: it ended; ISOLATE_HUNG: it was ended; ISOLATE_IMPOSSIBLE
 */
enum isolate_end restart_run(struct restart *restart, unsigned timeout_ms,
                             struct isolate_report *report, DWORD *ret_code);

/* "access violation (0xC0000005)", "exit(3)" */
void restart_tell_code(DWORD code, char *text, size_t size);

#endif

/* SPDX-License-Identifier: MIT */
/* check/isolate_win32.c - isolate.h without fork(): here. `connpt check` starts itself anew for
 * each rule instead. */
#include "isolate.h"

#include <stdlib.h>

void *isolate_alloc(size_t size)
{
    return calloc(1, size);
}

void isolate_free(void *memory, size_t size)
{
    (void)size;
    free(memory);
}

enum isolate_end isolate_run(void (*work)(void *context), void *context, unsigned timeout_ms,
                             struct isolate_report *report)
{
    (void)timeout_ms;
    report->cause[0] = '\0';
    report->trace[0] = '\0';
    work(context);
    return ISOLATE_DONE;
}

/* SPDX-License-Identifier: MIT */
/*
 * cli/progress.h - one line on the terminal that tells what is going on, and goes away again
 *
 * It is on stderr, and there only when that is a terminal: nothing of it comes into a file.
 */
#ifndef CONNPT_CLI_PROGRESS_H
#define CONNPT_CLI_PROGRESS_H

#include "cli.h"

struct progress {
    bool is_wanted;
    unsigned columns; /* of the terminal */
    size_t length;    /* of what stands there */
};

void progress_begin(struct progress *progress, bool is_wanted);
/* Cut off where the terminal ends: a line that is folded could not be taken away. */
void progress_show(struct progress *progress, const char *format, ...) CLI_PRINTF(2, 3);
/* Before anything else is written, and at the end. */
void progress_clear(struct progress *progress);

#endif

/* SPDX-License-Identifier: MIT */
/* cli/progress.c - the line on the terminal. It is cleared with spaces: that works on every one. */
#include "progress.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "os.h"
#include "text.h"

enum { USUAL_COLUMNS = 80 };

void progress_begin(struct progress *progress, bool is_wanted)
{
    memset(progress, 0, sizeof *progress);
    progress->is_wanted = is_wanted && cli_os_errors_go_to_terminal();
    progress->columns = cli_os_columns();
    if (progress->columns < 2)
        progress->columns = USUAL_COLUMNS;
}

void progress_show(struct progress *progress, const char *format, ...)
{
    struct text text = { 0 };
    size_t length;
    va_list args;

    if (!progress->is_wanted)
        return;
    va_start(args, format);
    text_vprintf(&text, format, args);
    va_end(args);
    /* the last column stays free: behind it some terminals go on to the next line */
    if (text.length >= progress->columns)
        text.length = progress->columns - 1;
    length = text.length;
    for (size_t i = length; i < progress->length; i++)
        text_char(&text, ' ');
    (void)fprintf(stderr, "\r%.*s", (int)text.length, text_cstr(&text));
    (void)fflush(stderr);
    progress->length = length > progress->length ? length : progress->length;
    text_fini(&text);
}

void progress_clear(struct progress *progress)
{
    if (progress->length == 0)
        return;
    (void)fprintf(stderr, "\r%*s\r", (int)progress->length, "");
    (void)fflush(stderr);
    progress->length = 0;
}

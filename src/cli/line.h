/* SPDX-License-Identifier: MIT */
/*
 * cli/line.h - one event as one line, as text or as JSON
 *
 * Everything of a line that does not change between two events of a kind is put together when
 * the connection is made; what is left for each event is the time and the arguments.
 */
#ifndef CONNPT_CLI_LINE_H
#define CONNPT_CLI_LINE_H

#include "describe.h"
#include "text.h"

struct line_form; /* the fixed parts of one interface's lines */

enum line_style { LINE_TEXT, LINE_COLOR, LINE_JSON };

/* @source: shown as it is; @described: borrowed for the form's life */
struct line_form *line_form_create(const char *source, const struct described *described,
                                   enum line_style style);
void line_form_free(struct line_form *form);

/* The clock of the lines; zeroed memory is one. Not for several threads at once. */
struct line_clock {
    int64_t second; /* the one that `text` shows */
    char text[24];
    size_t length;
};

struct line_event {
    DISPID dispid;
    const DISPPARAMS *params;
    int64_t time_ms; /* since 1970 */
    uint64_t sequence;
    const char *answer; /* what answers_write made of the [in, out] arguments; NULL */
};

void line_write(struct text *text, const struct line_form *form, struct line_clock *clock,
                const struct line_event *event);

/* The arguments' names of a member, for `match_test`; NULL and 0 when it is not described. */
const char *const *line_names(const struct line_form *form, DISPID dispid, unsigned *ret_n);

#endif

/* SPDX-License-Identifier: MIT */
/*
 * cli/match.h - `--match`: which events to show
 *
 *     expression = conjunction { "||" conjunction }
 *     conjunction = term { "&&" term }
 *     term = "!" term | "(" expression ")" | NAME operator literal
 *     operator = "==" | "!=" | "<" | "<=" | ">" | ">=" | "~"
 *     literal = "text" (\" and \\ inside) | number | true | false | null
 *
 * NAME is an argument of the event, or `event` or `interface`. Names are compared without case.
 * A comparison with an argument that the event does not have, or of a number with a text, is
 * false, also with "!=". "~" looks for a part of a text, or compares all of it with a glob when
 * the literal has a * or a ? or a [.
 */
#ifndef CONNPT_CLI_MATCH_H
#define CONNPT_CLI_MATCH_H

#include <connpt/com.h>

#include "cli.h"

struct match;

/* Where the values come from. */
struct match_event {
    const char *event;
    const char *interface_name;
    const char *const *names; /* of the arguments, in declared order */
    unsigned n_names;
    const DISPPARAMS *params;
};

/*
 * match_parse - read an expression
 *
 * @ret_column: on failure, the 1-based column of what is wrong
 * @ret_error:  on failure, a sentence (static)
 * Returns: NULL on failure; free with match_free.
 */
struct match *match_parse(const char *text, unsigned *ret_column, const char **ret_error);
void match_free(struct match *match);

bool match_test(const struct match *match, const struct match_event *event);

#endif

/* SPDX-License-Identifier: MIT */
/* cli/answer.h - `--answer NAME=VALUE`: what to write into the [in, out] arguments of events */
#ifndef CONNPT_CLI_ANSWER_H
#define CONNPT_CLI_ANSWER_H

#include <connpt/com.h>

#include "describe.h"
#include "text.h"

struct answer {
    const char *name; /* not NUL-terminated: name_length */
    size_t name_length;
    const char *value;
};

struct answers {
    struct answer items[32];
    unsigned n_items;
};

/* Returns: CLI_OK; CLI_USAGE after saying why. The strings of @list are borrowed. */
int answers_parse(const struct cli_list *list, struct answers *ret_answers);

/* Can an answer be given to some event of the interface? CLI_OK; CLI_NO_SUCH: no event has such
 * an argument (@ret_name tells which answer); CLI_USAGE: the value is of another type. */
int answers_check(const struct answers *answers, const struct described *described,
                  const char **ret_wrong);

/*
 * answers_write - what answers_apply will write into the arguments of one event, as
 * `cancel=true` or `"cancel":true`
 *
 * @names:  of the arguments, in declared order
 * Returns: whether there is anything.
 */
bool answers_write(const struct answers *answers, const char *const *names, unsigned n_names,
                   const DISPPARAMS *params, struct text *text, bool json);
void answers_apply(const struct answers *answers, const char *const *names, unsigned n_names,
                   const DISPPARAMS *params);

#endif

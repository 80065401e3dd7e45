/* SPDX-License-Identifier: MIT */
/*
 * cli/trigger.h - how a module says that its objects can be made to fire
 *
 * Its type library has a text, which needs no code:
 *
 *     [ ..., custom(bc93f200-61f1-4a1f-8352-c6526ff8fe35, "Ticker.Tick 12.5; Clock.rate = 2") ]
 *     library ...
 *
 * One trigger for each class, with a semicolon between them: the class, the method that fires, and
 * its arguments, as on the command line; with "=" it is a property, which is written. Without a
 * class it is for each class that has none of its own. An argument with blanks or semicolons
 * stands in "double quotes".
 */
#ifndef CONNPT_CLI_TRIGGER_H
#define CONNPT_CLI_TRIGGER_H

#include <connpt/com.h>

#include "target.h"

enum { TRIGGER_MAX_WORDS = 16 };

struct trigger {
    char *text; /* owned; what the others point into; NULL: there is no trigger */
    char *member;
    bool is_put;
    int n_words;
    char *words[TRIGGER_MAX_WORDS];
};

/*
 * What @library declares for the class of @target. Returns: CLI_OK, also when there is nothing;
 * CLI_FAILURE after saying what is wrong with what it declares.
 */
int trigger_find(ITypeLib *library, const struct target *target, struct trigger *ret_trigger);
void trigger_fini(struct trigger *trigger);

#endif

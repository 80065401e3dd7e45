/* SPDX-License-Identifier: MIT */
/* check/select.h - which rules are run: options->only and options->except */
#ifndef CONNPT_CHECK_SELECT_H
#define CONNPT_CHECK_SELECT_H

#include "check.h"

bool rule_is_selected(const struct rule *rule, const struct connpt_check_options *options);

/* False: a word of the lists fits no rule. */
bool rules_can_be_selected(const struct connpt_check_options *options);

#endif

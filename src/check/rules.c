/* SPDX-License-Identifier: MIT */
/* check/rules.c - all rules, in the order in which they are run */
#include "check.h"

static const struct rule *const groups[] = {
    check_rules_object, check_rules_container,  check_rules_point,      check_rules_advise,
    check_rules_cookie, check_rules_unadvise,   check_rules_enumerator, check_rules_bounds,
    check_rules_items,  check_rules_class_info, check_rules_teardown,   check_rules_process,
    check_rules_fire,   check_rules_events,     check_rules_reentry,    check_rules_threads,
};

const struct rule *check_rule_at(uint32_t index)
{
    for (size_t i = 0; i < sizeof groups / sizeof groups[0]; i++) {
        for (const struct rule *rule = groups[i]; rule->info.id != NULL; rule++) {
            if (index-- == 0)
                return rule;
        }
    }
    return NULL;
}

const struct connpt_check_rule *connpt_check_rule_at(uint32_t index)
{
    const struct rule *rule = check_rule_at(index);

    return rule != NULL ? &rule->info : NULL;
}

/* SPDX-License-Identifier: MIT */
/* cli/check_report.h - what `connpt check` prints: for people, as JSON lines, as JUnit XML */
#ifndef CONNPT_CLI_CHECK_REPORT_H
#define CONNPT_CLI_CHECK_REPORT_H

#include <connpt/check.h>

#include "cli.h"

/* What one rule found, kept beyond the report call. */
struct finding {
    const struct connpt_check_rule *rule;
    enum connpt_check_outcome outcome;
    char *text, *ledger, *trace;
};

struct findings {
    const char *target;
    bool is_strict;
    bool is_verbose; /* those that passed, or could not be tried, too */
    struct finding *items;
    size_t n_items;
};

void findings_add(struct findings *findings, const struct connpt_check_result *result);
void findings_fini(struct findings *findings);

/* 0, or 4 to 7 by what was worst: CHECK_EXIT_... */
enum {
    CHECK_EXIT_RISKY = 4,
    CHECK_EXIT_BREAKS = 5,
    CHECK_EXIT_VIOLATES = 6,
    CHECK_EXIT_CRASHED = 7
};
int findings_exit_code(const struct findings *findings);

/* Each prints all of it. Returns: CLI_OK, or CLI_FAILURE: stdout cannot be written to. */
int findings_print(const struct findings *findings);
int findings_print_json(const struct findings *findings);
int findings_print_junit(const struct findings *findings);

/* All rules, as a table or as JSON lines. */
int rules_print(bool json);

#endif

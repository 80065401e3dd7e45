/* SPDX-License-Identifier: MIT */
/*
 * cli/check_report.h - what `connpt check` prints: for people, as JSON lines, as JUnit XML
 *
 * Names, messages and what is written to stderr come from objects that nobody trusts. They are
 * made visible (text.h) when they are kept: no control character and no invalid UTF-8 reaches the
 * terminal, JSON or XML.
 */
#ifndef CONNPT_CLI_CHECK_REPORT_H
#define CONNPT_CLI_CHECK_REPORT_H

#include <connpt/check.h>

#include "cli.h"
#include "text.h"

/* What one rule found, kept beyond the report call. */
struct finding {
    const struct connpt_check_rule *rule;
    enum connpt_check_outcome outcome;
    char *text, *ledger, *trace;
    unsigned long ms; /* that the rule took */
};

struct findings {
    const char *target;
    bool is_strict;
    bool is_verbose;   /* those that passed, or could not be tried, too */
    bool is_no_object; /* there was none to look at: the exit code is CLI_FAILURE */
    struct finding *items;
    size_t n_items;
};

void findings_add(struct findings *findings, const struct connpt_check_result *result,
                  unsigned long ms);
void findings_fini(struct findings *findings);

/* 0, or 4 to 7 by what was worst: CHECK_EXIT_... */
enum {
    CHECK_EXIT_RISKY = 4,
    CHECK_EXIT_BREAKS = 5,
    CHECK_EXIT_VIOLATES = 6,
    CHECK_EXIT_CRASHED = 7
};
int findings_exit_code(const struct findings *findings);

/* Each writes all of it. @width: in columns; 0: what is usual */
void findings_write_text(struct text *text, const struct findings *findings, size_t width,
                         bool is_colored);
void findings_write_json(struct text *text, const struct findings *findings);
void findings_write_junit(struct text *text, const struct findings *findings);

/* To stdout; @text is freed. Returns: CLI_OK, or CLI_FAILURE: stdout cannot be written to. */
int report_print(struct text *text);

/* All rules, as a table or as JSON lines. Returns as report_print. */
int rules_print(bool json);

/* ---- for those that print ------------------------------------------------------------------ */

const char *outcome_name(enum connpt_check_outcome outcome);
const char *severity_name(enum connpt_check_severity severity);
/* It failed, crashed or hung. */
bool finding_is_bad(const struct finding *finding);
/* It crashed or hung. */
bool finding_is_crash(const struct finding *finding);
/* It makes the exit code differ from 0: bad, and no matter of taste. */
bool finding_counts(const struct finding *finding);
unsigned findings_count(const struct findings *findings, enum connpt_check_outcome outcome);
/* "id":..., to "advice":... without braces. */
void rule_write_json(struct text *text, const struct connpt_check_rule *rule);
/* ,"name":"value" */
void report_write_member(struct text *text, const char *name, const char *value);

#endif

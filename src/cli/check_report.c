/* SPDX-License-Identifier: MIT */
/* cli/check_report.c - findings: kept, counted, and their words */
#include "check_report.h"

#include <string.h>

#include "os.h"

/* ---- keeping ----------------------------------------------------------------------------- */

void findings_add(struct findings *findings, const struct connpt_check_result *result,
                  unsigned long ms)
{
    struct finding *finding;

    findings->items =
        cli_realloc(findings->items, (findings->n_items + 1) * sizeof(*findings->items));
    finding = &findings->items[findings->n_items++];
    finding->rule = result->rule;
    finding->outcome = result->outcome;
    finding->text = cli_visible(result->text);
    finding->ledger = cli_visible(result->ledger);
    finding->trace = cli_visible(result->trace);
    finding->ms = ms;
}

void findings_fini(struct findings *findings)
{
    for (size_t i = 0; i < findings->n_items; i++) {
        cli_free(findings->items[i].text);
        cli_free(findings->items[i].ledger);
        cli_free(findings->items[i].trace);
    }
    cli_free(findings->items);
    memset(findings, 0, sizeof(*findings));
}

/* ---- words ----------------------------------------------------------------------------------- */

const char *outcome_name(enum connpt_check_outcome outcome)
{
    static const char *const names[] = {
        "passed", "dialect", "failed", "crashed", "hung", "skipped"
    };

    return names[outcome];
}

const char *severity_name(enum connpt_check_severity severity)
{
    static const char *const names[] = { "taste", "risky", "breaks", "violates" };

    return names[severity];
}

/* ---- counting -------------------------------------------------------------------------------- */

bool finding_is_bad(const struct finding *finding)
{
    return finding->outcome == CONNPT_CHECK_FAILED || finding_is_crash(finding);
}

bool finding_is_crash(const struct finding *finding)
{
    return finding->outcome == CONNPT_CHECK_CRASHED || finding->outcome == CONNPT_CHECK_HUNG;
}

static int exit_code_of(const struct finding *finding)
{
    static const int codes[] = { CLI_OK, CHECK_EXIT_RISKY, CHECK_EXIT_BREAKS, CHECK_EXIT_VIOLATES };

    if (finding_is_crash(finding))
        return CHECK_EXIT_CRASHED;
    return finding_is_bad(finding) ? codes[finding->rule->severity] : CLI_OK;
}

bool finding_counts(const struct finding *finding)
{
    return exit_code_of(finding) != CLI_OK;
}

unsigned findings_count(const struct findings *findings, enum connpt_check_outcome outcome)
{
    unsigned n = 0;

    for (size_t i = 0; i < findings->n_items; i++)
        n += findings->items[i].outcome == outcome;
    return n;
}

int findings_exit_code(const struct findings *findings)
{
    int worst = CLI_OK;

    if (findings->is_no_object)
        return CLI_FAILURE;
    for (size_t i = 0; i < findings->n_items; i++) {
        int code = exit_code_of(&findings->items[i]);

        worst = code > worst ? code : worst;
    }
    return worst;
}

/* ---- printing -------------------------------------------------------------------------------- */

int report_print(struct text *text)
{
    bool written = cli_os_write(text->bytes, text->length);

    text_fini(text);
    return written ? CLI_OK : CLI_FAILURE;
}

void report_write_member(struct text *text, const char *name, const char *value)
{
    text_char(text, ',');
    text_json_name(text, name);
    text_json(text, value);
}

void rule_write_json(struct text *text, const struct connpt_check_rule *rule)
{
    text_json_name(text, "id");
    text_json(text, rule->id);
    report_write_member(text, "severity", severity_name(rule->severity));
    report_write_member(text, "sentence", rule->sentence);
    report_write_member(text, "source", rule->source);
    report_write_member(text, "advice", rule->advice);
}

int rules_print(bool json)
{
    struct text text = { 0 };
    const struct connpt_check_rule *rule;

    for (uint32_t i = 0; (rule = connpt_check_rule_at(i)) != NULL; i++) {
        if (json) {
            text_char(&text, '{');
            rule_write_json(&text, rule);
            text_str(&text, "}\n");
        } else {
            text_padded(&text, rule->id, 38);
            text_char(&text, ' ');
            text_padded(&text, severity_name(rule->severity), 8);
            text_printf(&text, " %s\n", rule->sentence);
        }
    }
    return report_print(&text);
}

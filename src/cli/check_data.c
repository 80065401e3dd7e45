/* SPDX-License-Identifier: MIT */
/*
 * cli/check_data.c - findings for programs: JSON lines and JUnit XML
 *
 * docs/check/report.schema.json describes the JSON. JUnit has no standard; what is written is what
 * Jenkins, GitLab and the common reporters of other systems all read: tests/cli/junit.xsd.
 */
#include "check_report.h"

#include <string.h>

/* ---- JSON ------------------------------------------------------------------------------------ */

static void write_json_summary(struct text *text, const struct findings *findings)
{
    text_str(text, "{\"summary\":{\"target\":");
    text_json(text, findings->target);
    text_printf(text, ",\"strict\":%s,\"rules\":%u", findings->is_strict ? "true" : "false",
                (unsigned)findings->n_items);
    for (int outcome = CONNPT_CHECK_PASSED; outcome <= CONNPT_CHECK_SKIPPED; outcome++)
        text_printf(text, ",\"%s\":%u", outcome_name((enum connpt_check_outcome)outcome),
                    findings_count(findings, (enum connpt_check_outcome)outcome));
    text_printf(text, ",\"exit\":%d}}\n", findings_exit_code(findings));
}

void findings_write_json(struct text *text, const struct findings *findings)
{
    for (size_t i = 0; i < findings->n_items; i++) {
        const struct finding *finding = &findings->items[i];

        text_char(text, '{');
        rule_write_json(text, finding->rule);
        report_write_member(text, "outcome", outcome_name(finding->outcome));
        report_write_member(text, "text", finding->text);
        if (finding->ledger[0] != '\0')
            report_write_member(text, "ledger", finding->ledger);
        if (finding->trace[0] != '\0')
            report_write_member(text, "trace", finding->trace);
        text_str(text, "}\n");
    }
    write_json_summary(text, findings);
}

/* ---- JUnit ----------------------------------------------------------------------------------- */

/* @string is visible text: of the control characters, only \n and \t are in it. In an attribute
 * a reader would take them for spaces. */
static void write_xml(struct text *text, const char *string)
{
    static const struct {
        char c;
        const char *escape;
    } escapes[] = { { '<', "&lt;" },   { '>', "&gt;" },   { '&', "&amp;" },
                    { '"', "&quot;" }, { '\n', "&#10;" }, { '\t', "&#9;" } };

    for (; *string != '\0'; string++) {
        const char *escape = NULL;

        for (size_t i = 0; i < sizeof escapes / sizeof escapes[0]; i++) {
            if (*string == escapes[i].c)
                escape = escapes[i].escape;
        }
        if (escape != NULL)
            text_str(text, escape);
        else
            text_char(text, *string);
    }
}

static void write_attribute(struct text *text, const char *name, const char *value)
{
    text_printf(text, " %s=\"", name);
    write_xml(text, value);
    text_char(text, '"');
}

static void write_seconds(struct text *text, unsigned long ms)
{
    text_printf(text, " time=\"%lu.%03lu\"", ms / 1000, ms % 1000);
}

/* Systems that show tests take what stands before the last point for a package, and one test of a
 * class for the same as another of that name: so the target's last part is in it. */
static void write_class(struct text *text, const char *target)
{
    struct text name = { 0 };
    const char *last = strrchr(target, '/');

    text_str(&name, "connpt.check.");
    for (const char *c = last != NULL ? last + 1 : target; *c != '\0'; c++)
        text_char(&name, *c == '.' ? '_' : *c);
    write_attribute(text, "classname", text_cstr(&name));
    text_fini(&name);
}

/* All that the report for people has of it. */
static void write_body(struct text *text, const struct finding *finding)
{
    const char *parts[] = { finding->rule->sentence, finding->text,         finding->ledger,
                            finding->trace,          finding->rule->advice, finding->rule->source };

    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        if (parts[i][0] == '\0')
            continue;
        write_xml(text, parts[i]);
        text_char(text, '\n');
    }
}

static void write_bad(struct text *text, const struct finding *finding)
{
    const char *element = finding_is_crash(finding) ? "error" : "failure";

    text_printf(text, "><%s", element);
    write_attribute(text, "type",
                    finding_is_crash(finding) ? outcome_name(finding->outcome)
                                              : severity_name(finding->rule->severity));
    write_attribute(text, "message", finding->text);
    text_char(text, '>');
    write_body(text, finding);
    text_printf(text, "</%s></testcase>\n", element);
}

/* There is no word for a dialect or a matter of taste, which count for nothing. */
static void write_not_counted(struct text *text, const struct finding *finding)
{
    char *message =
        finding->outcome == CONNPT_CHECK_SKIPPED
            ? cli_strdup(finding->text)
            : cli_format("%s: %s", finding->outcome == CONNPT_CHECK_DIALECT ? "dialect" : "taste",
                         finding->text);

    text_str(text, "><skipped");
    write_attribute(text, "message", message);
    text_str(text, "/></testcase>\n");
    cli_free(message);
}

static void write_case(struct text *text, const struct findings *findings,
                       const struct finding *finding)
{
    text_str(text, "    <testcase");
    write_class(text, findings->target);
    write_attribute(text, "name", finding->rule->id);
    write_seconds(text, finding->ms);
    if (finding_counts(finding))
        write_bad(text, finding);
    else if (finding->outcome == CONNPT_CHECK_PASSED)
        text_str(text, "/>\n");
    else
        write_not_counted(text, finding);
}

/* The numbers of a suite, which are also those of all of them. */
static void write_counts(struct text *text, const struct findings *findings)
{
    unsigned n_errors = 0, n_failures = 0, n_passed = findings_count(findings, CONNPT_CHECK_PASSED);
    unsigned long ms = 0;

    for (size_t i = 0; i < findings->n_items; i++) {
        const struct finding *finding = &findings->items[i];

        n_errors += finding_is_crash(finding);
        n_failures += finding_counts(finding) && !finding_is_crash(finding);
        ms += finding->ms;
    }
    text_printf(text, " tests=\"%u\" failures=\"%u\" errors=\"%u\" skipped=\"%u\"",
                (unsigned)findings->n_items, n_failures, n_errors,
                (unsigned)findings->n_items - n_passed - n_failures - n_errors);
    write_seconds(text, ms);
}

void findings_write_junit(struct text *text, const struct findings *findings)
{
    text_str(text, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"connpt check\"");
    write_counts(text, findings);
    text_str(text, ">\n  <testsuite");
    write_attribute(text, "name", findings->target);
    write_counts(text, findings);
    text_str(text, ">\n");
    for (size_t i = 0; i < findings->n_items; i++)
        write_case(text, findings, &findings->items[i]);
    text_str(text, "  </testsuite>\n</testsuites>\n");
}

/* SPDX-License-Identifier: MIT */
/* cli/check_report.c - findings as text, JSON and XML */
#include "check_report.h"

#include <string.h>

#include "os.h"
#include "text.h"

/* ---- keeping ----------------------------------------------------------------------------- */

void findings_add(struct findings *findings, const struct connpt_check_result *result)
{
    struct finding *finding;

    findings->items =
        cli_realloc(findings->items, (findings->n_items + 1) * sizeof(*findings->items));
    finding = &findings->items[findings->n_items++];
    finding->rule = result->rule;
    finding->outcome = result->outcome;
    finding->text = cli_strdup(result->text);
    finding->ledger = cli_strdup(result->ledger);
    finding->trace = cli_strdup(result->trace);
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

static const char *outcome_name(enum connpt_check_outcome outcome)
{
    static const char *const names[] = {
        "passed", "dialect", "failed", "crashed", "hung", "skipped"
    };

    return names[outcome];
}

static const char *severity_name(enum connpt_check_severity severity)
{
    static const char *const names[] = { "taste", "risky", "breaks", "violates" };

    return names[severity];
}

static const char *severity_meaning(enum connpt_check_severity severity)
{
    static const char *const meanings[] = { "differs in taste", "risky", "breaks known clients",
                                            "violates the documents" };

    return meanings[severity];
}

static bool is_bad(const struct finding *finding)
{
    return finding->outcome == CONNPT_CHECK_FAILED || finding->outcome == CONNPT_CHECK_CRASHED ||
           finding->outcome == CONNPT_CHECK_HUNG;
}

static bool is_crash(const struct finding *finding)
{
    return finding->outcome == CONNPT_CHECK_CRASHED || finding->outcome == CONNPT_CHECK_HUNG;
}

static unsigned count(const struct findings *findings, enum connpt_check_outcome outcome)
{
    unsigned n = 0;

    for (size_t i = 0; i < findings->n_items; i++)
        n += findings->items[i].outcome == outcome;
    return n;
}

static unsigned count_bad(const struct findings *findings, enum connpt_check_severity severity)
{
    unsigned n = 0;

    for (size_t i = 0; i < findings->n_items; i++) {
        const struct finding *finding = &findings->items[i];

        n += is_bad(finding) && finding->rule->severity == severity;
    }
    return n;
}

int findings_exit_code(const struct findings *findings)
{
    static const int codes[] = { CLI_OK, CHECK_EXIT_RISKY, CHECK_EXIT_BREAKS, CHECK_EXIT_VIOLATES };
    int worst = CLI_OK;

    for (size_t i = 0; i < findings->n_items; i++) {
        const struct finding *finding = &findings->items[i];
        int code = is_crash(finding) ? CHECK_EXIT_CRASHED
                   : is_bad(finding) ? codes[finding->rule->severity]
                                     : CLI_OK;

        worst = code > worst ? code : worst;
    }
    return worst;
}

static int print(struct text *text)
{
    bool written = cli_os_write(text->bytes, text->length);

    text_fini(text);
    return written ? CLI_OK : CLI_FAILURE;
}

/* ---- for people -------------------------------------------------------------------------- */

enum { WIDTH = 96 };

/* Broken at spaces, each line indented. */
static void write_wrapped(struct text *text, const char *indent, const char *string)
{
    size_t room = WIDTH - strlen(indent);

    while (*string != '\0') {
        size_t length = strlen(string), end = length;

        if (length > room) {
            end = room;
            while (end > 0 && string[end] != ' ')
                end--;
            if (end == 0)
                end = room;
        }
        text_str(text, indent);
        text_bytes(text, string, end);
        text_char(text, '\n');
        string += end;
        while (*string == ' ')
            string++;
    }
}

static void write_lines(struct text *text, const char *indent, const char *lines)
{
    while (*lines != '\0') {
        size_t length = strcspn(lines, "\n");

        text_str(text, indent);
        text_bytes(text, lines, length);
        text_char(text, '\n');
        lines += length + (lines[length] == '\n');
    }
}

static void write_colored(struct text *text, const char *color, const char *string)
{
    if (cli_use_color())
        text_printf(text, "\x1b[%sm%s\x1b[0m", color, string);
    else
        text_str(text, string);
}

static const char *color_of(const struct finding *finding)
{
    if (is_crash(finding) || (is_bad(finding) && finding->rule->severity == CONNPT_CHECK_VIOLATES))
        return "1;31";
    if (is_bad(finding))
        return finding->rule->severity == CONNPT_CHECK_TASTE ? "36" : "33";
    return finding->outcome == CONNPT_CHECK_PASSED ? "32" : "2";
}

static void write_finding(struct text *text, const struct finding *finding)
{
    const char *label = is_crash(finding) || !is_bad(finding)
                            ? outcome_name(finding->outcome)
                            : severity_name(finding->rule->severity);

    write_colored(text, color_of(finding), label);
    text_printf(text, "%*s", (int)(10 - strlen(label)), "");
    write_colored(text, "1", finding->rule->id);
    text_char(text, '\n');
    if (finding->outcome == CONNPT_CHECK_PASSED)
        return;
    if (finding->outcome == CONNPT_CHECK_SKIPPED) {
        write_wrapped(text, "          ", finding->text);
        return;
    }
    write_wrapped(text, "          ", finding->rule->sentence);
    write_wrapped(text, "          > ", finding->text);
    write_lines(text, "          | ", finding->ledger);
    write_lines(text, "          | ", finding->trace);
    write_wrapped(text, "          ", finding->rule->advice);
    text_printf(text, "          (%s)\n\n", finding->rule->source);
}

static bool is_shown(const struct findings *findings, const struct finding *finding)
{
    return is_bad(finding) || finding->outcome == CONNPT_CHECK_DIALECT || findings->is_verbose;
}

/* The worst first: 5 for a crash, 4 ... 1 by severity, 0 for what is none. */
static int rank(const struct finding *finding)
{
    if (is_crash(finding))
        return 5;
    return is_bad(finding) ? 1 + (int)finding->rule->severity : 0;
}

static void write_summary(struct text *text, const struct findings *findings)
{
    const char *before = ": ";

    text_printf(text, "%u rules: %u passed, %u skipped, %u dialect, %u failed",
                (unsigned)findings->n_items, count(findings, CONNPT_CHECK_PASSED),
                count(findings, CONNPT_CHECK_SKIPPED), count(findings, CONNPT_CHECK_DIALECT),
                count(findings, CONNPT_CHECK_FAILED) + count(findings, CONNPT_CHECK_CRASHED) +
                    count(findings, CONNPT_CHECK_HUNG));
    for (int severity = CONNPT_CHECK_VIOLATES; severity >= CONNPT_CHECK_TASTE; severity--) {
        unsigned n = count_bad(findings, (enum connpt_check_severity)severity);

        if (n == 0)
            continue;
        text_printf(text, "%s%u %s", before, n,
                    severity_meaning((enum connpt_check_severity)severity));
        before = ", ";
    }
    text_char(text, '\n');
}

int findings_print(const struct findings *findings)
{
    struct text text = { 0 };

    for (int at = 5; at >= 0; at--) {
        for (size_t i = 0; i < findings->n_items; i++) {
            const struct finding *finding = &findings->items[i];

            if (rank(finding) == at && is_shown(findings, finding))
                write_finding(&text, finding);
        }
    }
    write_summary(&text, findings);
    return print(&text);
}

/* ---- JSON ------------------------------------------------------------------------------------ */

static void write_json_member(struct text *text, const char *name, const char *value)
{
    text_char(text, ',');
    text_json_name(text, name);
    text_json(text, value);
}

static void write_json_rule(struct text *text, const struct connpt_check_rule *rule)
{
    text_json_name(text, "id");
    text_json(text, rule->id);
    write_json_member(text, "severity", severity_name(rule->severity));
    write_json_member(text, "sentence", rule->sentence);
    write_json_member(text, "source", rule->source);
    write_json_member(text, "advice", rule->advice);
}

int findings_print_json(const struct findings *findings)
{
    struct text text = { 0 };

    for (size_t i = 0; i < findings->n_items; i++) {
        const struct finding *finding = &findings->items[i];

        text_char(&text, '{');
        write_json_rule(&text, finding->rule);
        write_json_member(&text, "outcome", outcome_name(finding->outcome));
        write_json_member(&text, "text", finding->text);
        if (finding->ledger[0] != '\0')
            write_json_member(&text, "ledger", finding->ledger);
        if (finding->trace[0] != '\0')
            write_json_member(&text, "trace", finding->trace);
        text_str(&text, "}\n");
    }
    text_str(&text, "{\"summary\":{\"target\":");
    text_json(&text, findings->target);
    text_printf(&text, ",\"strict\":%s,\"rules\":%u", findings->is_strict ? "true" : "false",
                (unsigned)findings->n_items);
    for (int outcome = CONNPT_CHECK_PASSED; outcome <= CONNPT_CHECK_SKIPPED; outcome++)
        text_printf(&text, ",\"%s\":%u", outcome_name((enum connpt_check_outcome)outcome),
                    count(findings, (enum connpt_check_outcome)outcome));
    text_printf(&text, ",\"exit\":%d}}\n", findings_exit_code(findings));
    return print(&text);
}

/* ---- JUnit ----------------------------------------------------------------------------------- */

/* Characters that XML cannot hold at all become "?". */
static void write_xml(struct text *text, const char *string)
{
    for (; *string != '\0'; string++) {
        unsigned char c = (unsigned char)*string;

        if (c == '<')
            text_str(text, "&lt;");
        else if (c == '>')
            text_str(text, "&gt;");
        else if (c == '&')
            text_str(text, "&amp;");
        else if (c == '"')
            text_str(text, "&quot;");
        else if (c < ' ' && c != '\n' && c != '\t')
            text_char(text, '?');
        else
            text_char(text, (char)c);
    }
}

static void write_case(struct text *text, const struct finding *finding)
{
    text_str(text, "  <testcase classname=\"connpt.check\" name=\"");
    write_xml(text, finding->rule->id);
    text_char(text, '"');
    if (finding->outcome == CONNPT_CHECK_SKIPPED || finding->outcome == CONNPT_CHECK_DIALECT) {
        text_str(text, "><skipped message=\"");
        if (finding->outcome == CONNPT_CHECK_DIALECT)
            text_str(text, "dialect: ");
        write_xml(text, finding->text);
        text_str(text, "\"/></testcase>\n");
    } else if (is_bad(finding)) {
        text_printf(text, "><failure type=\"%s\" message=\"",
                    is_crash(finding) ? outcome_name(finding->outcome)
                                      : severity_name(finding->rule->severity));
        write_xml(text, finding->text);
        text_str(text, "\">");
        write_xml(text, finding->rule->sentence);
        text_char(text, '\n');
        write_xml(text, finding->rule->advice);
        text_char(text, '\n');
        write_xml(text, finding->ledger);
        write_xml(text, finding->trace);
        text_str(text, "</failure></testcase>\n");
    } else {
        text_str(text, "/>\n");
    }
}

int findings_print_junit(const struct findings *findings)
{
    struct text text = { 0 };
    unsigned n_bad = 0;

    for (size_t i = 0; i < findings->n_items; i++)
        n_bad += is_bad(&findings->items[i]);
    text_str(&text, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuite name=\"");
    write_xml(&text, findings->target);
    text_printf(&text, "\" tests=\"%u\" failures=\"%u\" skipped=\"%u\">\n",
                (unsigned)findings->n_items, n_bad,
                count(findings, CONNPT_CHECK_SKIPPED) + count(findings, CONNPT_CHECK_DIALECT));
    for (size_t i = 0; i < findings->n_items; i++)
        write_case(&text, &findings->items[i]);
    text_str(&text, "</testsuite>\n");
    return print(&text);
}

/* ---- the rules ------------------------------------------------------------------------------- */

int rules_print(bool json)
{
    struct text text = { 0 };
    const struct connpt_check_rule *rule;

    for (uint32_t i = 0; (rule = connpt_check_rule_at(i)) != NULL; i++) {
        if (json) {
            text_char(&text, '{');
            write_json_rule(&text, rule);
            text_str(&text, "}\n");
        } else {
            text_padded(&text, rule->id, 38);
            text_char(&text, ' ');
            text_padded(&text, severity_name(rule->severity), 8);
            text_printf(&text, " %s\n", rule->sentence);
        }
    }
    return print(&text);
}

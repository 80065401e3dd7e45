/* SPDX-License-Identifier: MIT */
/*
 * cli/check_text.c - findings for people: the worst first, then the sum and what to do next
 *
 *     violates  advise-one-reference
 *               A connection is one reference to the sink.
 *       seen    after Advise the object holds 2 references to the sink; it should be one
 *       advice  Keep the reference that QueryInterface took, and no other.
 *       source  Microsoft: IConnectionPoint::Advise
 */
#include "check_report.h"

#include <string.h>

enum { INDENT = 10, NARROWEST = 40, WIDEST = 100, MOST_REASONS = 4 };

/* A page that is being written. */
struct page {
    struct text text;
    size_t width; /* columns */
    bool is_colored;
};

static void write_colored(struct page *page, const char *color, const char *string)
{
    if (page->is_colored)
        text_printf(&page->text, "\x1b[%sm%s\x1b[0m", color, string);
    else
        text_str(&page->text, string);
}

static void write_spaces(struct page *page, size_t n)
{
    while (n-- > 0)
        text_char(&page->text, ' ');
}

/* ---- wrapping -------------------------------------------------------------------------------- */

static bool begins_character(char c)
{
    return ((unsigned char)c & 0xc0) != 0x80;
}

/* How many bytes of a line's rest fit into so many columns: to a space, if there is one. */
static size_t bytes_that_fit(const char *rest, size_t length, size_t columns)
{
    size_t at = 0, last_space = 0;

    for (size_t n = 0; at < length; at++) {
        if (begins_character(rest[at]) && n++ == columns)
            break;
        if (rest[at] == ' ')
            last_space = at;
    }
    if (at == length || rest[at] == ' ' || last_space == 0)
        return at;
    return last_space;
}

/* Lines of a text, each broken at spaces and indented, the first one from where the page stands. */
static void write_wrapped(struct page *page, size_t indent, const char *string)
{
    bool is_first = true;

    while (*string != '\0') {
        size_t length = strcspn(string, "\n");
        size_t fit = bytes_that_fit(string, length, page->width - indent);

        if (!is_first)
            write_spaces(page, indent);
        is_first = false;
        text_bytes(&page->text, string, fit);
        text_char(&page->text, '\n');
        string += fit;
        if (*string == '\n')
            string++;
        else
            while (*string == ' ')
                string++;
    }
    if (is_first)
        text_char(&page->text, '\n');
}

/* Lines that are a table or a trace: as they are. */
static void write_lines(struct page *page, const char *lines)
{
    for (bool is_first = true; *lines != '\0'; is_first = false) {
        size_t length = strcspn(lines, "\n");

        if (!is_first)
            write_spaces(page, INDENT);
        text_bytes(&page->text, lines, length);
        text_char(&page->text, '\n');
        lines += length + (lines[length] == '\n');
    }
}

/* ---- a finding ------------------------------------------------------------------------------- */

static void write_label(struct page *page, const char *label)
{
    text_str(&page->text, "  ");
    write_colored(page, "2", label);
    write_spaces(page, INDENT - 2 - strlen(label));
}

static void write_part(struct page *page, const char *label, const char *string)
{
    write_label(page, label);
    write_wrapped(page, INDENT, string);
}

static void write_table(struct page *page, const char *label, const char *lines)
{
    if (lines[0] == '\0')
        return;
    write_label(page, label);
    write_lines(page, lines);
}

static const char *color_of(const struct finding *finding)
{
    if (finding_is_crash(finding) ||
        (finding_is_bad(finding) && finding->rule->severity == CONNPT_CHECK_VIOLATES))
        return "1;31";
    if (finding_is_bad(finding))
        return finding_counts(finding) ? "33" : "36";
    return finding->outcome == CONNPT_CHECK_PASSED ? "32" : "2";
}

static void write_finding(struct page *page, const struct finding *finding)
{
    const char *label = finding->outcome == CONNPT_CHECK_FAILED
                            ? severity_name(finding->rule->severity)
                            : outcome_name(finding->outcome);

    write_colored(page, color_of(finding), label);
    write_spaces(page, INDENT - strlen(label));
    write_colored(page, "1", finding->rule->id);
    text_char(&page->text, '\n');
    if (finding->outcome == CONNPT_CHECK_PASSED)
        return;
    if (finding->outcome == CONNPT_CHECK_SKIPPED || finding->outcome == CONNPT_CHECK_DIALECT) {
        write_part(page, finding->outcome == CONNPT_CHECK_SKIPPED ? "reason" : "seen",
                   finding->text);
        return;
    }
    write_spaces(page, INDENT);
    write_wrapped(page, INDENT, finding->rule->sentence);
    write_part(page, "seen", finding->text);
    write_table(page, "ledger", finding->ledger);
    write_table(page, "trace", finding->trace);
    write_part(page, "advice", finding->rule->advice);
    write_part(page, "source", finding->rule->source);
    text_char(&page->text, '\n');
}

static bool is_shown(const struct findings *findings, const struct finding *finding)
{
    return finding_is_bad(finding) || finding->outcome == CONNPT_CHECK_DIALECT ||
           findings->is_verbose;
}

enum { RANK_CRASH = 5 };

/* The worst first: RANK_CRASH, 4 ... 1 by severity, 0 for what is no finding. */
static int rank(const struct finding *finding)
{
    if (finding_is_crash(finding))
        return RANK_CRASH;
    return finding_is_bad(finding) ? 1 + (int)finding->rule->severity : 0;
}

/* ---- the sum --------------------------------------------------------------------------------- */

static unsigned count_rank(const struct findings *findings, int wanted)
{
    unsigned n = 0;

    for (size_t i = 0; i < findings->n_items; i++)
        n += rank(&findings->items[i]) == wanted;
    return n;
}

static unsigned n_found(const struct findings *findings)
{
    unsigned n = 0;

    for (int at = RANK_CRASH; at > 0; at--)
        n += count_rank(findings, at);
    return n;
}

static void write_found(struct page *page, const struct findings *findings)
{
    static const struct {
        const char *one, *many;
    } words[] = { [1] = { "is a matter of taste", "are a matter of taste" },
                  [2] = { "is risky", "are risky" },
                  [3] = { "breaks known clients", "break known clients" },
                  [4] = { "violates the documents", "violate the documents" },
                  [RANK_CRASH] = { "crashed or did not end", "crashed or did not end" } };
    struct text line = { 0 };
    const char *before = "";
    unsigned n_all = n_found(findings);

    if (n_all == 0) {
        text_str(&line, "nothing was found");
    } else {
        text_printf(&line, "%u finding%s: ", n_all, n_all == 1 ? "" : "s");
        before = n_all == 1 ? "it " : "";
        for (int at = RANK_CRASH; at > 0; at--) {
            unsigned n = count_rank(findings, at);

            if (n == 0)
                continue;
            text_str(&line, before);
            if (n_all > 1 && n == n_all)
                text_str(&line, "all ");
            else if (n_all > 1)
                text_printf(&line, "%u ", n);
            text_str(&line, n == 1 ? words[at].one : words[at].many);
            before = ", ";
        }
    }
    text_printf(&line, " (exit code %d)", findings_exit_code(findings));
    write_colored(page, n_all == 0 ? "32" : "1", text_cstr(&line));
    text_char(&page->text, '\n');
    text_fini(&line);
}

static void write_summary(struct page *page, const struct findings *findings)
{
    const struct {
        unsigned n;
        const char *what;
    } counts[] = {
        { findings_count(findings, CONNPT_CHECK_PASSED), "passed" },
        { findings_count(findings, CONNPT_CHECK_FAILED), "failed" },
        { findings_count(findings, CONNPT_CHECK_CRASHED), "crashed" },
        { findings_count(findings, CONNPT_CHECK_HUNG), "hung" },
        { findings_count(findings, CONNPT_CHECK_DIALECT), "answered in a dialect" },
        { findings_count(findings, CONNPT_CHECK_SKIPPED), "not tried" },
    };
    const char *before = ": ";

    write_wrapped(page, 0, findings->target);
    text_printf(&page->text, "%u rule%s", (unsigned)findings->n_items,
                findings->n_items == 1 ? "" : "s");
    for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++) {
        if (counts[i].n == 0)
            continue;
        text_printf(&page->text, "%s%u %s", before, counts[i].n, counts[i].what);
        before = ", ";
    }
    text_char(&page->text, '\n');
    write_found(page, findings);
}

/* ---- what to do next ------------------------------------------------------------------------- */

static void write_hint(struct page *page, const char *hint)
{
    write_colored(page, "2", "  - ");
    write_wrapped(page, 4, hint);
}

/* Why rules could not be tried, the commonest reason first, with what would let them. */
struct reason {
    const char *text;
    unsigned n;
};

static int collect_reasons(const struct findings *findings, struct reason reasons[MOST_REASONS],
                           unsigned *ret_n_others)
{
    unsigned n_others = 0;
    int n = 0;

    for (size_t i = 0; i < findings->n_items; i++) {
        const struct finding *finding = &findings->items[i];
        int at = 0;

        if (finding->outcome != CONNPT_CHECK_SKIPPED)
            continue;
        while (at < n && strcmp(reasons[at].text, finding->text) != 0)
            at++;
        if (at == MOST_REASONS) {
            n_others++;
            continue;
        }
        if (at == n)
            reasons[n++] = (struct reason){ finding->text, 0 };
        reasons[at].n++;
        for (; at > 0 && reasons[at].n > reasons[at - 1].n; at--) {
            struct reason up = reasons[at];

            reasons[at] = reasons[at - 1];
            reasons[at - 1] = up;
        }
    }
    *ret_n_others = n_others;
    return n;
}

static const char *remedy_for(const char *reason)
{
    static const struct {
        const char *reason, *remedy;
    } remedies[] = {
        { "not asked for: rules with several threads", "; --threads runs them" },
        { "it is not known how to make the object fire", "; --fire METHOD tells" },
        { "no outgoing interface was found", "; --iid names one" },
    };

    for (size_t i = 0; i < sizeof remedies / sizeof remedies[0]; i++) {
        if (strcmp(reason, remedies[i].reason) == 0)
            return remedies[i].remedy;
    }
    return "";
}

static void write_reasons(struct page *page, const struct findings *findings)
{
    struct reason reasons[MOST_REASONS];
    unsigned n_others;
    int n = collect_reasons(findings, reasons, &n_others);
    char *hint;

    for (int i = 0; i < n; i++) {
        hint = cli_format("%u not tried: %s%s", reasons[i].n, reasons[i].text,
                          remedy_for(reasons[i].text));
        write_hint(page, hint);
        cli_free(hint);
    }
    if (n_others > 0) {
        hint = cli_format("%u not tried for other reasons; --verbose tells", n_others);
        write_hint(page, hint);
        cli_free(hint);
    }
}

/* The first that is shown, but for what passed or was skipped; NULL. */
static const struct finding *first_shown(const struct findings *findings)
{
    const struct finding *first = NULL;

    for (size_t i = 0; i < findings->n_items; i++) {
        const struct finding *finding = &findings->items[i];

        if ((finding_is_bad(finding) || finding->outcome == CONNPT_CHECK_DIALECT) &&
            (first == NULL || rank(finding) > rank(first)))
            first = finding;
    }
    return first;
}

static bool traces_tell(const struct findings *findings, const char *words)
{
    for (size_t i = 0; i < findings->n_items; i++) {
        if (strstr(findings->items[i].trace, words) != NULL)
            return true;
    }
    return false;
}

static void write_hints(struct page *page, const struct findings *findings)
{
    const struct finding *first = first_shown(findings);

    if (first != NULL) {
        char *hint = cli_format("connpt check --explain %s tells why, with a wrong and a right "
                                "example",
                                first->rule->id);

        if (n_found(findings) > 1)
            write_hint(page, "begin with the first: one defect is often met by several rules");
        write_hint(page, hint);
        cli_free(hint);
    }
    if (traces_tell(findings, "ASan runtime does not come first"))
        write_hint(page, "the module is built with AddressSanitizer, which must be loaded first: "
                         "LD_PRELOAD=$(gcc -print-file-name=libasan.so) connpt check ...");
    else if (findings_count(findings, CONNPT_CHECK_CRASHED) > 0 &&
             !traces_tell(findings, "Sanitizer"))
        write_hint(page, "built with -fsanitize=address the module tells whose memory it was: "
                         "docs/check.md");
    if (findings_count(findings, CONNPT_CHECK_HUNG) > 0)
        write_hint(page, "--timeout SECONDS gives each rule more time");
    if (findings_count(findings, CONNPT_CHECK_DIALECT) > 0)
        write_hint(page, "a dialect is an answer that many objects give; with --strict it counts");
    write_reasons(page, findings);
}

void findings_write_text(struct text *text, const struct findings *findings, size_t width,
                         bool is_colored)
{
    struct page page = { .text = *text, .width = width, .is_colored = is_colored };

    if (page.width == 0 || page.width > WIDEST)
        page.width = WIDEST;
    if (page.width < NARROWEST)
        page.width = NARROWEST;
    for (int at = RANK_CRASH; at >= 0; at--) {
        for (size_t i = 0; i < findings->n_items; i++) {
            const struct finding *finding = &findings->items[i];

            if (rank(finding) == at && is_shown(findings, finding))
                write_finding(&page, finding);
        }
    }
    write_summary(&page, findings);
    write_hints(&page, findings);
    *text = page.text;
}

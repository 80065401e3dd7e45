/* SPDX-License-Identifier: MIT */
/*
 * cli/explain.c - prints docs/check/RULE.md as it is; on a terminal with colours for its parts
 *
 * The pages lie beside the program, in ../share/doc/connpt/check, wherever it was moved to; a build
 * folder has a link there. Else they are where the installation put them.
 */
#include "explain.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <connpt/check.h>

#include "cli.h"
#include "os.h"
#include "text.h"

static bool is_rule(const char *id)
{
    const struct connpt_check_rule *rule;

    for (uint32_t i = 0; (rule = connpt_check_rule_at(i)) != NULL; i++) {
        if (strcmp(rule->id, id) == 0)
            return true;
    }
    return false;
}

/* False with errno set. */
static bool read_page(const char *path, struct text *ret_page)
{
    FILE *file = cli_os_open(path);
    struct text page = { 0 };
    char block[4096];
    size_t n;
    int error;

    if (file == NULL)
        return false;
    errno = 0;
    while ((n = fread(block, 1, sizeof block, file)) > 0)
        text_bytes(&page, block, n);
    error = ferror(file) ? errno : 0;
    (void)fclose(file);
    if (error != 0) {
        text_fini(&page);
        errno = error;
        return false;
    }
    *ret_page = page;
    return true;
}

static int print_page(struct text *page)
{
    struct text text = { 0 };
    const char *line = text_cstr(page);
    bool in_code = false, written;

    while (*line != '\0') {
        size_t length = strcspn(line, "\n");
        bool is_fence = strncmp(line, "```", 3) == 0;
        const char *color = is_fence                           ? "2"
                            : in_code                          ? "36"
                            : line[0] == '#' || line[0] == '>' ? "1"
                                                               : NULL;

        if (color != NULL && length > 0 && cli_use_color())
            text_printf(&text, "\x1b[%sm%.*s\x1b[0m", color, (int)length, line);
        else
            text_bytes(&text, line, length);
        text_char(&text, '\n');
        in_code = in_code != is_fence;
        line += length + (line[length] == '\n');
    }
    written = cli_os_write(text.bytes, text.length);
    text_fini(&text);
    return written ? CLI_OK : CLI_FAILURE;
}

static int print_page_of(const char *id)
{
    char *program = cli_os_program_folder(), *installed = cli_installed(CONNPT_PAGES_DIR),
         *paths[2];
    struct text page = { 0 };
    int status = CLI_FAILURE, error = ENOENT;

    paths[0] =
        program == NULL ? NULL : cli_format("%s/../share/doc/connpt/check/%s.md", program, id);
    paths[1] = cli_format("%s/%s.md", installed, id);
    for (int i = 0; i < 2 && status != CLI_OK && error == ENOENT; i++) {
        if (paths[i] == NULL)
            continue;
        if (read_page(paths[i], &page)) {
            status = print_page(&page);
            text_fini(&page);
            error = 0;
        } else if (errno != ENOENT && errno != ENOTDIR) {
            error = errno;
            cli_error("cannot read %s: %s", paths[i], strerror(error));
        }
    }
    if (error == ENOENT && (paths[0] == NULL || strcmp(paths[0], paths[1]) == 0))
        cli_error("the pages of the rules are not installed: there is no %s; connpt check --rules "
                  "--json has each rule's advice",
                  paths[1]);
    else if (error == ENOENT)
        cli_error("the pages of the rules are not installed: there is neither %s nor %s; connpt "
                  "check --rules --json has each rule's advice",
                  paths[0], paths[1]);
    cli_free(paths[0]);
    cli_free(paths[1]);
    cli_free(installed);
    cli_free(program);
    return status;
}

int explain_rule(const char *id)
{
    if (is_rule(id))
        return print_page_of(id);
    cli_error("--explain: there is no rule \"%s\"; connpt check --rules lists them", id);
    return CLI_USAGE;
}

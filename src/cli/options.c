/* SPDX-License-Identifier: MIT */
/* cli/options.c - reads a verb's options from its table, and prints the same table as help */
#include "cli.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct cli_option help_option = {
    "help", 'h', CLI_HELP, NULL, NULL, "show this help"
};

static const struct cli_option *find_long(const struct cli_verb *verb, const char *name,
                                          size_t length)
{
    for (const struct cli_option *option = verb->options; option->name != NULL; option++) {
        if (strlen(option->name) == length && memcmp(option->name, name, length) == 0)
            return option;
    }
    return length == 4 && memcmp(name, "help", 4) == 0 ? &help_option : NULL;
}

static const struct cli_option *find_letter(const struct cli_verb *verb, char letter)
{
    for (const struct cli_option *option = verb->options; option->name != NULL; option++) {
        if (option->letter == letter)
            return option;
    }
    return letter == 'h' ? &help_option : NULL;
}

static int bad_value(const struct cli_option *option, const char *text, const char *wanted)
{
    cli_error("--%s: \"%s\" is not %s", option->name, text, wanted);
    return CLI_USAGE;
}

static int set_count(const struct cli_option *option, const char *text)
{
    char *end;
    unsigned long value;

    errno = 0;
    value = strtoul(text, &end, 10);
    if (!isdigit((unsigned char)text[0]) || *end != '\0' || errno != 0 || value == 0)
        return bad_value(option, text, "a whole number of at least 1");
    *(unsigned long *)option->value = value;
    return CLI_OK;
}

static int set_seconds(const struct cli_option *option, const char *text)
{
    char *end;
    double value = strtod(text, &end);

    if ((!isdigit((unsigned char)text[0]) && text[0] != '.') || end == text || *end != '\0' ||
        !(value >= 0 && value <= 1e6))
        return bad_value(option, text, "a number of seconds from 0 to 1000000");
    *(long *)option->value = (long)(value * 1000 + 0.5);
    return CLI_OK;
}

static int set_list(const struct cli_option *option, const char *text)
{
    struct cli_list *list = option->value;

    if (list->n_items == sizeof(list->items) / sizeof(list->items[0])) {
        cli_error("--%s: given too often", option->name);
        return CLI_USAGE;
    }
    list->items[list->n_items++] = text;
    return CLI_OK;
}

static int set_value(const struct cli_option *option, const char *text)
{
    switch (option->kind) {
    case CLI_FLAG:
        *(bool *)option->value = true;
        return CLI_OK;
    case CLI_TEXT:
        *(const char **)option->value = text;
        return CLI_OK;
    case CLI_LIST:
        return set_list(option, text);
    case CLI_COUNT:
        return set_count(option, text);
    case CLI_SECONDS:
        return set_seconds(option, text);
    case CLI_HELP:
        break;
    }
    return -1;
}

static bool takes_argument(const struct cli_option *option)
{
    return option->kind != CLI_FLAG && option->kind != CLI_HELP;
}

/* "--name", "--name=value" or "--name value"; *at is the word's index and moves past it. */
static int parse_long(const struct cli_verb *verb, int argc, char **argv, int *at)
{
    const char *name = argv[*at] + 2;
    size_t length = strcspn(name, "=");
    const char *value = name[length] == '=' ? name + length + 1 : NULL;
    const struct cli_option *option = find_long(verb, name, length);

    if (option == NULL) {
        cli_error("unknown option --%.*s; see connpt %s --help", (int)length, name, verb->name);
        return CLI_USAGE;
    }
    if (!takes_argument(option) && value != NULL) {
        cli_error("--%s takes no value", option->name);
        return CLI_USAGE;
    }
    if (takes_argument(option) && value == NULL) {
        if (*at + 1 >= argc) {
            cli_error("--%s needs a value: --%s=%s", option->name, option->name, option->argument);
            return CLI_USAGE;
        }
        value = argv[++*at];
    }
    return set_value(option, value);
}

/* "-v", "-jv", "-n5" or "-n 5" */
static int parse_letters(const struct cli_verb *verb, int argc, char **argv, int *at)
{
    const char *letters = argv[*at] + 1;

    for (; *letters != '\0'; letters++) {
        const struct cli_option *option = find_letter(verb, *letters);
        int status;

        if (option == NULL) {
            cli_error("unknown option -%c; see connpt %s --help", *letters, verb->name);
            return CLI_USAGE;
        }
        if (!takes_argument(option)) {
            status = set_value(option, NULL);
        } else if (letters[1] != '\0') {
            return set_value(option, letters + 1);
        } else if (*at + 1 < argc) {
            return set_value(option, argv[++*at]);
        } else {
            cli_error("-%c needs a value: %s", *letters, option->argument);
            status = CLI_USAGE;
        }
        if (status != CLI_OK)
            return status;
    }
    return CLI_OK;
}

static bool is_option(const char *word)
{
    return word[0] == '-' && word[1] != '\0' && word[1] != '.' && !isdigit((unsigned char)word[1]);
}

static int check_count(const struct cli_verb *verb, int n_args)
{
    if (n_args >= verb->min_args && (verb->max_args < 0 || n_args <= verb->max_args))
        return CLI_OK;
    cli_error("%s: %s; usage: connpt %s [OPTION...] %s", verb->name,
              n_args < verb->min_args ? "something is missing" : "too many arguments", verb->name,
              verb->arguments);
    return CLI_USAGE;
}

int cli_options_parse(const struct cli_verb *verb, int *argc, char **argv)
{
    int n_args = 0;
    bool only_args = false;

    for (int at = 0; at < *argc; at++) {
        int status = CLI_OK;

        if (only_args || !is_option(argv[at]))
            argv[n_args++] = argv[at];
        else if (strcmp(argv[at], "--") == 0)
            only_args = true;
        else if (argv[at][1] == '-')
            status = parse_long(verb, *argc, argv, &at);
        else
            status = parse_letters(verb, *argc, argv, &at);
        if (status != CLI_OK)
            return status;
    }
    *argc = n_args;
    return check_count(verb, n_args);
}

/* ---- help ------------------------------------------------------------------------------------ */

static void print_option(const struct cli_option *option)
{
    char left[64];

    (void)snprintf(left, sizeof(left), "%c%c%s--%s%s%s", option->letter != 0 ? '-' : ' ',
                   option->letter != 0 ? option->letter : ' ', option->letter != 0 ? ", " : "  ",
                   option->name, option->argument != NULL ? "=" : "",
                   option->argument != NULL ? option->argument : "");
    printf("  %-24s %s\n", left, option->help);
}

void cli_verb_help(const struct cli_verb *verb)
{
    printf("usage: connpt %s [OPTION...] %s\n\n%s.\n\n", verb->name, verb->arguments,
           verb->summary);
    for (const struct cli_option *option = verb->options; option->name != NULL; option++)
        print_option(option);
    print_option(&help_option);
    if (verb->details != NULL)
        printf("\n%s", verb->details);
    printf("\nExamples:\n%s", verb->examples);
}

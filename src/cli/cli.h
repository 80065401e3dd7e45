/* SPDX-License-Identifier: MIT */
/*
 * cli/cli.h - what all verbs of the command share: exit codes, messages, memory, options
 *
 * Results go to stdout, everything said about them to stderr. A verb returns its exit code; it
 * never calls exit(). The one exception is memory: when there is none, the command says so and
 * ends (cli_alloc), for it holds nothing that outlives it.
 */
#ifndef CONNPT_CLI_CLI_H
#define CONNPT_CLI_CLI_H

#include <stdbool.h>
#include <stddef.h>

#include <connpt/com.h>

enum {
    CLI_OK = 0,
    CLI_FAILURE = 1,
    CLI_USAGE = 2,
    CLI_NO_SUCH = 3,    /* no such interface, event or method */
    CLI_TIMEOUT = 124,  /* as timeout(1) */
    CLI_SIGNALLED = 128 /* + the signal's number */
};

/* The command, with arguments in UTF-8 that stay. Returns its exit code (main.c). */
int cli_main(int argc, char **argv);

#if defined(__GNUC__)
#define CLI_PRINTF(text, first) __attribute__((format(printf, text, first)))
#else
#define CLI_PRINTF(text, first)
#endif

/* ---- messages (message.c) ---------------------------------------------------------------- */

/* "connpt: ..." on stderr, with a newline */
void cli_error(const char *format, ...) CLI_PRINTF(1, 2);
/* the same with ": NAME (0xNUMBER)" and, on a line of its own, @hint or what the code means.
 * @hint may be NULL or "" */
void cli_error_hr(HRESULT hr, const char *hint, const char *format, ...) CLI_PRINTF(3, 4);
/* a note that --quiet silences */
void cli_note(const char *format, ...) CLI_PRINTF(1, 2);
void cli_set_quiet(bool quiet);
/* stdout may be coloured: a terminal, none that is called "dumb", and NO_COLOR is not set */
bool cli_use_color(void);

/* ---- memory: never NULL; free with cli_free ------------------------------------------------ */

void *cli_alloc(size_t size); /* zeroed */
void *cli_realloc(void *block, size_t size);
char *cli_strdup(const char *text);
char *cli_strndup(const char *text, size_t length);
char *cli_format(const char *format, ...) CLI_PRINTF(1, 2);
void cli_free(void *block);
/* what TEXT_VISIBLE (text.h) makes of UTF-8 that comes from somewhere */
char *cli_visible(const char *text);
/* UTF-8 of a BSTR, with U+FFFD for what is not Unicode; "" for NULL */
char *cli_utf8(BSTR bstr);
/* the same, and the BSTR is freed */
char *cli_take_bstr(BSTR bstr);

/* ---- options (options.c) ------------------------------------------------------------------- */

enum cli_option_kind {
    CLI_FLAG,    /* bool * */
    CLI_TEXT,    /* const char ** */
    CLI_LIST,    /* struct cli_list *; may be repeated */
    CLI_COUNT,   /* unsigned long *; at least 1 */
    CLI_SECONDS, /* long *: milliseconds */
    CLI_HELP
};

struct cli_list {
    const char *items[32];
    unsigned n_items;
};

struct cli_option {
    const char *name; /* without the dashes; NULL ends the table */
    char letter;      /* or 0 */
    enum cli_option_kind kind;
    void *value;          /* where the value goes; the kind says its type */
    const char *argument; /* what --help calls it; NULL for flags */
    const char *help;
};

struct cli_verb {
    const char *name; /* NULL ends the table */
    const char *arguments;
    const char *summary;
    int min_args;
    int max_args; /* -1: any number */
    const struct cli_option *options;
    const char *details; /* paragraphs for --help */
    const char *examples;
    int (*run)(int argc, char **argv); /* the positional arguments only */
};

extern const struct cli_verb cli_verb_list, cli_verb_events, cli_verb_watch, cli_verb_fire,
    cli_verb_check, cli_verb_register, cli_verb_unregister;

/*
 * cli_options_parse - read the options of a verb wherever they stand; "--" ends them
 *
 * @argc, @argv: without the verb's name; afterwards the positional arguments. "-5" is a
 *               positional argument: numbers are.
 * Returns: CLI_OK; CLI_USAGE after saying why; -1: --help was asked for.
 */
int cli_options_parse(const struct cli_verb *verb, int *argc, char **argv);

/* The help of a verb, on stdout. */
void cli_verb_help(const struct cli_verb *verb);

#endif

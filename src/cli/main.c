/* SPDX-License-Identifier: MIT */
/* cli/main.c - the command: a table of verbs, `--help` and `--version` */
#include "cli.h"

#include <stdio.h>
#include <string.h>

#include "os.h"
#include "system_class.h"

static const struct cli_verb *const verbs[] = {
    &cli_verb_list,  &cli_verb_events,   &cli_verb_watch,      &cli_verb_fire,
    &cli_verb_check, &cli_verb_register, &cli_verb_unregister,
};

enum { N_VERBS = sizeof(verbs) / sizeof(verbs[0]) };

static void print_help(void)
{
    printf("usage: connpt VERB [OPTION...] [ARGUMENT...]\n\n"
           "COM connection points: see, test and connect event sources.\n\n");
    for (int i = 0; i < N_VERBS; i++)
        printf("  %-11s %-33s %s\n", verbs[i]->name, verbs[i]->arguments, verbs[i]->summary);
    printf("\n  connpt VERB --help tells more; connpt --version prints the version.\n\n"
           "A TARGET is fs:DIR, mod:PATH#CLASS, {CLSID} or a name that connpt list shows;\n"
           "on Windows also progid:NAME or clsid:{CLSID}, a class of the system's registry.\n\n"
           "Examples:\n"
           "  connpt list\n"
           "  connpt events fs:\n"
           "  connpt watch fs:./spool\n"
           "  connpt fire mod:./ticker.so#Ticker#Tick 12.5 --watch\n");
}

static const struct cli_verb *find_verb(const char *name)
{
    for (int i = 0; i < N_VERBS; i++) {
        if (strcmp(verbs[i]->name, name) == 0)
            return verbs[i];
    }
    return NULL;
}

static int run_verb(const struct cli_verb *verb, int argc, char **argv)
{
    int status = cli_options_parse(verb, &argc, argv);

    if (status < 0) {
        cli_verb_help(verb);
        return CLI_OK;
    }
    return status == CLI_OK ? verb->run(argc, argv) : status;
}

/* A full disk must not look like success. */
static int finish(int status)
{
    if (cli_os_write_failed())
        return CLI_FAILURE; /* it was told */
    if ((fflush(stdout) != 0 || ferror(stdout) != 0) && status == CLI_OK) {
        cli_error("cannot write to stdout");
        return CLI_FAILURE;
    }
    return status;
}

int cli_main(int argc, char **argv)
{
    const struct cli_verb *verb;
    int status;

    cli_os_hold_streams();
    cli_os_save_memory();
    if (argc < 2) {
        cli_error("what shall be done? connpt --help lists the verbs");
        return CLI_USAGE;
    }
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0 ||
        (strcmp(argv[1], "help") == 0 && argc == 2)) {
        print_help();
        return finish(CLI_OK);
    }
    if (strcmp(argv[1], "--version") == 0) {
        puts("connpt " CONNPT_VERSION);
        return finish(CLI_OK);
    }
    verb = find_verb(argv[1]);
    if (verb == NULL) {
        cli_error("there is no verb \"%s\"; connpt --help lists them", argv[1]);
        return CLI_USAGE;
    }
    if (verb == &cli_verb_check) {
        cli_os_distrust_memory(argv);
        cli_os_leave_crashes();
    }
    status = finish(run_verb(verb, argc - 2, argv + 2));
    system_class_end();
    return status;
}

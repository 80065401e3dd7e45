/* SPDX-License-Identifier: MIT */
/* cli/cmd_watch.c - `connpt watch`: prints the events of targets as they come */
#include "cli.h"

#include <string.h>

#include "os.h"
#include "watcher.h"

static struct watcher_options arg_options;
static const char *arg_match, *arg_server;
static long arg_timeout_ms = -1;
static bool arg_quiet;
static struct cli_list arg_answers, arg_iids;

static const struct cli_option options[] = {
    { "json", 'j', CLI_FLAG, &arg_options.json, NULL, "one JSON object a line" },
    { "count", 'n', CLI_COUNT, &arg_options.count, "N", "end after N events" },
    { "timeout", 't', CLI_SECONDS, &arg_timeout_ms, "SECONDS",
      "end after so long; exit code 124, unless N events came" },
    { "match", 'm', CLI_TEXT, &arg_match, "EXPR", "only events for which EXPR is true" },
    { "answer", 'a', CLI_LIST, &arg_answers, "NAME=VALUE", "write to an [out] argument of events" },
    { "quiet", 'q', CLI_FLAG, &arg_quiet, NULL, "say nothing on stderr but errors" },
    { "verbose", 'v', CLI_FLAG, &arg_options.is_verbose, NULL,
      "tell how sources were found, and the connections" },
    { "assume-dispatch", 0, CLI_FLAG, &arg_options.assume_dispatch, NULL,
      "take interfaces that nothing describes for dispinterfaces" },
    { "iid", 0, CLI_LIST, &arg_iids, "{IID}", "look for this outgoing interface too" },
    { "server", 0, CLI_TEXT, &arg_server, "KIND",
      "where a progid: or clsid: object runs: inproc or local" },
    { "no-enum", 0, CLI_FLAG, &arg_options.sources.no_enum, NULL, "do not enumerate" },
    { "no-classinfo", 0, CLI_FLAG, &arg_options.sources.no_class_info, NULL,
      "do not ask for class info" },
    { "no-probe", 0, CLI_FLAG, &arg_options.sources.no_probe, NULL,
      "do not probe for known interfaces" },
    { NULL, 0, CLI_FLAG, NULL, NULL, NULL },
};

/* Parses the parts of the options that have a grammar of their own. */
static int read_options(struct match **ret_match)
{
    unsigned column;
    const char *error;

    *ret_match = NULL;
    arg_options.sources.iids = &arg_iids;
    arg_options.sources.is_verbose = arg_options.is_verbose;
    cli_set_quiet(arg_quiet);
    if (arg_match != NULL) {
        *ret_match = match_parse(arg_match, &column, &error);
        if (*ret_match == NULL) {
            cli_error("--match: column %u: %s\n  %s\n  %*s", column, error, arg_match, (int)column,
                      "^");
            return CLI_USAGE;
        }
        arg_options.match = *ret_match;
    }
    return answers_parse(&arg_answers, &arg_options.answers);
}

static int connect_all(struct watcher *watcher, struct target *targets, int n_targets)
{
    int status = CLI_OK;

    /* all connections before the first source starts: no event is missed */
    for (int i = 0; i < n_targets && status == CLI_OK; i++) {
        status = target_create(&targets[i]);
        if (status == CLI_OK)
            status = watcher_connect(watcher, &targets[i]);
    }
    for (int i = 0; i < n_targets && status == CLI_OK; i++)
        status = target_start(&targets[i]);
    return status;
}

static int exit_code(enum watcher_end end)
{
    switch (end) {
    case WATCHER_TIMEOUT:
        return CLI_TIMEOUT;
    case WATCHER_SIGNAL:
        /* without --count the user's Ctrl-C is the normal end */
        return arg_options.count == 0 ? CLI_OK : CLI_SIGNALLED + cli_os_signal();
    case WATCHER_COUNT:
    case WATCHER_CLOSED:
        break;
    }
    return CLI_OK;
}

static int watch(struct target *targets, int n_targets)
{
    struct watcher *watcher = watcher_create(&arg_options);
    int status;

    if (watcher == NULL)
        return CLI_FAILURE;
    /* a source may fire inside Advise or when it is started, and nobody else writes then */
    watcher_set_direct(watcher, true);
    status = connect_all(watcher, targets, n_targets);
    watcher_set_direct(watcher, false);
    if (status == CLI_OK) {
        cli_note("watching; Ctrl-C ends");
        status = exit_code(watcher_run(watcher, arg_timeout_ms));
        (void)watcher_flush(watcher); /* what came meanwhile; nobody may read it any more */
        watcher_disconnect(watcher);
        watcher_summary(watcher);
    } else {
        watcher_disconnect(watcher);
    }
    for (int i = 0; i < n_targets; i++)
        target_close(&targets[i]);
    watcher_destroy(watcher);
    return status;
}

enum { MOST_TARGETS = 64 };

static int run(int argc, char **argv)
{
    struct target targets[MOST_TARGETS];
    struct match *match = NULL;
    int n_targets = 0;
    int status = argc <= MOST_TARGETS ? read_options(&match) : CLI_USAGE;

    if (argc > MOST_TARGETS)
        cli_error("watch: at most %d targets", MOST_TARGETS);
    for (; n_targets < argc && status == CLI_OK; n_targets++) {
        memset(&targets[n_targets], 0, sizeof(targets[n_targets]));
        status = target_parse(argv[n_targets], &targets[n_targets]);
        if (status == CLI_OK)
            status = target_set_server(&targets[n_targets], arg_server);
    }
    if (status == CLI_OK)
        status = watch(targets, n_targets);
    for (int i = 0; i < n_targets; i++)
        target_fini(&targets[i]);
    match_free(match);
    return status;
}

const struct cli_verb cli_verb_watch = {
    .name = "watch",
    .arguments = "TARGET[#INTERFACE[.EVENT]]...",
    .summary = "Connect to a target's outgoing interfaces and print each event as a line",
    .min_args = 1,
    .max_args = -1,
    .options = options,
    .details =
        "EXPR compares arguments by name: == != < <= > >=, and ~ for a part of a text or a glob;\n"
        "&& || ! and parentheses join comparisons. `event` and `interface` are names too.\n"
        "Ctrl-C disconnects and prints a summary; the exit code is 0 (with --count: 130). A\n"
        "second one ends the command at once (130), also inside a call that never returns.\n",
    .examples =
        "  connpt watch fs:./spool\n"
        "  connpt watch fs:./spool#Created --count 1 --timeout 30\n"
        "  connpt watch fs:/etc --json --match 'path ~ \"*.conf\" && event != \"Modified\"'\n"
        "  connpt watch mod:./ticker.so#Ticker#DTickerEvents.OnTick\n",
    .run = run,
};

/* SPDX-License-Identifier: MIT */
/* cli/cmd_fire.c - `connpt fire`: calls a method of an object, and shows the events it causes */
#include "cli.h"

#include <string.h>

#include "call.h"
#include "os.h"
#include "watcher.h"

static struct watcher_options arg_options;
static const char *arg_server;
static long arg_timeout_ms = -1;
static bool arg_get, arg_put, arg_watch, arg_quiet;
static struct cli_list arg_answers, arg_iids;

static const struct cli_option options[] = {
    { "get", 'g', CLI_FLAG, &arg_get, NULL, "read a property" },
    { "put", 'p', CLI_FLAG, &arg_put, NULL, "write a property" },
    { "watch", 'w', CLI_FLAG, &arg_watch, NULL, "show the events meanwhile" },
    { "answer", 'a', CLI_LIST, &arg_answers, "NAME=VALUE",
      "write to an [out] argument of events; with --watch" },
    { "timeout", 't', CLI_SECONDS, &arg_timeout_ms, "SECONDS",
      "keep watching so long after the call" },
    { "count", 'n', CLI_COUNT, &arg_options.count, "N",
      "keep watching until N events came; without them the exit code is 124" },
    { "json", 'j', CLI_FLAG, &arg_options.json, NULL, "events and result as one JSON object each" },
    { "quiet", 'q', CLI_FLAG, &arg_quiet, NULL, "say nothing on stderr but errors" },
    { "verbose", 'v', CLI_FLAG, &arg_options.is_verbose, NULL,
      "tell how sources were found, and the connections" },
    { "iid", 0, CLI_LIST, &arg_iids, "{IID}", "look for this outgoing interface too" },
    { "server", 0, CLI_TEXT, &arg_server, "KIND",
      "where a progid: or clsid: object runs: inproc or local" },
    { NULL, 0, CLI_FLAG, NULL, NULL, NULL },
};

static int check_options(const struct target *target)
{
    if (target->member == NULL ||
        (target->interface_name != NULL && strcmp(target->member, target->interface_name) != 0)) {
        cli_error("fire: which method? write %s#METHOD", target->text);
        return CLI_USAGE;
    }
    if (arg_get && arg_put) {
        cli_error("fire: --get and --put are two calls; choose one");
        return CLI_USAGE;
    }
    if (!arg_watch && (arg_answers.n_items > 0 || arg_timeout_ms >= 0 || arg_options.count > 0)) {
        cli_error("fire: --answer, --timeout and --count need --watch");
        return CLI_USAGE;
    }
    arg_options.sources.iids = &arg_iids;
    arg_options.sources.is_verbose = arg_options.is_verbose;
    cli_set_quiet(arg_quiet);
    return answers_parse(&arg_answers, &arg_options.answers);
}

/* ---- the result -------------------------------------------------------------------------- */

/* Strings without quotes, so that a script can use them as they are. */
static void write_text_result(struct text *text, const struct call *call, const VARIANT *result)
{
    if (V_VT(result) == VT_BSTR) {
        text_utf16(text, V_BSTR(result), connpt_SysStringLen(V_BSTR(result)), TEXT_PLAIN);
        text_char(text, '\n');
    } else if (V_VT(result) != VT_EMPTY) {
        value_write(text, result, false);
        text_char(text, '\n');
    }
    for (UINT i = 0; i < call->n_args; i++) {
        if ((V_VT(&call->args[i]) & VT_BYREF) == 0)
            continue;
        text_printf(text, "%s=", call->member->params[i].name);
        value_write(text, &call->args[i], false);
        text_char(text, '\n');
    }
}

static void write_json_result(struct text *text, const struct call *call, const VARIANT *result)
{
    const char *before = "";

    text_str(text, "{\"result\":");
    value_write(text, result, true);
    text_str(text, ",\"out\":{");
    for (UINT i = 0; i < call->n_args; i++) {
        if ((V_VT(&call->args[i]) & VT_BYREF) == 0)
            continue;
        text_str(text, before);
        text_json_name(text, call->member->params[i].name);
        value_write(text, &call->args[i], true);
        before = ",";
    }
    text_str(text, "}}\n");
}

static int print_result(const struct call *call, const VARIANT *result)
{
    struct text text = { 0 };
    bool written;

    if (arg_options.json)
        write_json_result(&text, call, result);
    else
        write_text_result(&text, call, result);
    written = cli_os_write(text.bytes, text.length);
    text_fini(&text);
    return written ? CLI_OK : CLI_FAILURE;
}

/* ---- the call ---------------------------------------------------------------------------- */

static WORD call_flags(void)
{
    return arg_put ? DISPATCH_PROPERTYPUT : arg_get ? DISPATCH_PROPERTYGET : DISPATCH_METHOD;
}

/* The event lines come first, then the result. */
static int run_call(struct call *call, struct target *target, struct watcher *watcher)
{
    VARIANT result;
    int status;

    status = call_run(call, target, &result);
    if (watcher != NULL) {
        watcher_set_direct(watcher, false);
        (void)watcher_flush(watcher);
    }
    if (status == CLI_OK)
        status = print_result(call, &result);
    connpt_VariantClear(&result);
    return status;
}

/* Events may come from other threads after the call has returned. */
static int keep_watching(struct watcher *watcher)
{
    enum watcher_end end;

    if (arg_timeout_ms < 0 && arg_options.count == 0)
        return CLI_OK;
    end = watcher_run(watcher, arg_timeout_ms);
    if (end == WATCHER_SIGNAL)
        return CLI_SIGNALLED + cli_os_signal();
    return end == WATCHER_TIMEOUT && arg_options.count > 0 ? CLI_TIMEOUT : CLI_OK;
}

static int connect_events(struct watcher *watcher, struct target *target)
{
    /* the selector of the target is the method, not an event */
    char *interface_name = target->interface_name, *member = target->member;
    int status;

    target->interface_name = NULL;
    target->member = NULL;
    status = watcher_connect(watcher, target);
    target->interface_name = interface_name;
    target->member = member;
    return status;
}

static int fire(struct target *target, int n_words, char **words)
{
    struct watcher *watcher = NULL;
    struct call call = { 0 };
    int status = CLI_OK;

    if (arg_watch) {
        watcher = watcher_create(&arg_options);
        if (watcher != NULL)
            watcher_set_direct(watcher, true); /* sources may fire when they are connected */
        status = watcher != NULL ? connect_events(watcher, target) : CLI_FAILURE;
    }
    if (status == CLI_OK && target->path != NULL && target->path[0] != '\0')
        status = target_start(target);
    if (status == CLI_OK)
        status = call_prepare(&call, target, call_flags(), n_words, words);
    if (status == CLI_OK)
        status = run_call(&call, target, watcher);
    if (status == CLI_OK && watcher != NULL)
        status = keep_watching(watcher);
    call_fini(&call);
    if (watcher != NULL) {
        (void)watcher_flush(watcher);
        watcher_disconnect(watcher);
    }
    target_close(target);
    if (watcher != NULL)
        watcher_destroy(watcher);
    return status;
}

static int run(int argc, char **argv)
{
    struct target target;
    int status = target_parse(argv[0], &target);

    if (status != CLI_OK)
        return status;
    status = check_options(&target);
    if (status == CLI_OK)
        status = target_set_server(&target, arg_server);
    if (status == CLI_OK)
        status = target_create(&target);
    if (status == CLI_OK)
        status = fire(&target, argc - 1, argv + 1);
    target_fini(&target);
    return status;
}

const struct cli_verb cli_verb_fire = {
    .name = "fire",
    .arguments = "TARGET#METHOD [ARGUMENT...]",
    .summary = "Call a method of a target and show its result",
    .min_args = 1,
    .max_args = -1,
    .options = options,
    .details = "Arguments are read as the types that the method declares; without type\n"
               "information true, false and numbers are taken for such, the rest for text.\n"
               "[out] arguments take no word; their values are printed as NAME=VALUE.\n",
    .examples = "  connpt fire mod:./ticker.so#Ticker#Tick 12.5 --watch\n"
                "  connpt fire mod:./ticker.so#Ticker#symbol --get\n"
                "  connpt fire mod:./ticker.so#Ticker#Close --watch --answer cancel=true\n",
    .run = run,
};

/* SPDX-License-Identifier: MIT */
/* cli/cmd_events.c - `connpt events`: the outgoing interfaces of a target and their events */
#include "cli.h"

#include <string.h>

#include <connpt/guid.h>

#include "declared.h"
#include "idl.h"
#include "os.h"
#include "selector.h"
#include "sources.h"
#include "text.h"

static bool arg_json, arg_idl, arg_verbose;
static const char *arg_server;
static struct cli_list arg_iids;
static struct sources_options arg_sources;

static const struct cli_option options[] = {
    { "json", 'j', CLI_FLAG, &arg_json, NULL, "one JSON object" },
    { "idl", 0, CLI_FLAG, &arg_idl, NULL, "as IDL" },
    { "verbose", 'v', CLI_FLAG, &arg_verbose, NULL, "tell which way found what" },
    { "iid", 0, CLI_LIST, &arg_iids, "{IID}", "look for this outgoing interface too" },
    { "server", 0, CLI_TEXT, &arg_server, "KIND",
      "where a progid: or clsid: object runs: inproc or local" },
    { "no-enum", 0, CLI_FLAG, &arg_sources.no_enum, NULL, "do not enumerate" },
    { "no-classinfo", 0, CLI_FLAG, &arg_sources.no_class_info, NULL, "do not ask for class info" },
    { "no-probe", 0, CLI_FLAG, &arg_sources.no_probe, NULL, "do not probe for known interfaces" },
    { NULL, 0, CLI_FLAG, NULL, NULL, NULL },
};

static const struct {
    unsigned way;
    const char *json;
    const char *text;
} ways[] = {
    { FOUND_BY_ENUM, "enum", "the enumerator" },
    { FOUND_BY_CLASS_INFO, "classinfo", "class info" },
    { FOUND_BY_PROBING, "probe", "probing" },
};

enum { N_WAYS = sizeof(ways) / sizeof(ways[0]) };

static const char *kind_name(TYPEKIND kind)
{
    return kind == TKIND_DISPATCH ? "dispinterface" : kind == TKIND_MAX ? "unknown" : "interface";
}

/* ---- text -------------------------------------------------------------------------------- */

static void write_text_event(struct text *text, const struct described *described,
                             const struct described_member *member)
{
    if (described->kind == TKIND_DISPATCH)
        text_printf(text, "  %-4ld %s(", (long)member->dispid, member->name);
    else
        text_printf(text, "  -    %s(", member->name);
    for (unsigned i = 0; i < member->n_params; i++) {
        const struct described_param *param = &member->params[i];
        size_t length = strlen(param->type);

        text_printf(text, "%s%s%s%s", i > 0 ? ", " : "", param->type,
                    length > 0 && param->type[length - 1] == '*' ? "" : " ", param->name);
    }
    text_printf(text, ")%s%s\n", member->help[0] != '\0' ? "  " : "", member->help);
}

static void write_text_source(struct text *text, const struct source *source,
                              const struct described_member *only)
{
    const struct described *described = source->described;
    char iid[CONNPT_GUID_TEXT_SIZE];

    connpt_guid_format(&source->iid, iid);
    text_printf(text, "%s %s %s%s%s\n", described->name, iid, kind_name(described->kind),
                source->is_default ? ", default" : "",
                source->is_connectable || source->is_declared ? "" : ", cannot be connected");
    if (arg_verbose) {
        const char *before = "  found by ";

        for (int i = 0; i < N_WAYS; i++) {
            if ((source->found_by & ways[i].way) == 0)
                continue;
            text_printf(text, "%s%s", before, ways[i].text);
            before = ", ";
        }
        text_char(text, '\n');
    }
    for (unsigned i = 0; i < described->n_members; i++) {
        if (only == NULL || only == &described->members[i])
            write_text_event(text, described, &described->members[i]);
    }
}

/* ---- JSON -------------------------------------------------------------------------------- */

static void write_json_param(struct text *text, const struct described_param *param)
{
    bool is_out = (param->flags & PARAMFLAG_FOUT) != 0;
    bool is_in = (param->flags & PARAMFLAG_FIN) != 0 || !is_out;

    text_str(text, "{\"name\":");
    text_json(text, param->name);
    text_str(text, ",\"type\":");
    text_json(text, param->type);
    text_printf(text, ",\"direction\":\"%s%s\",\"optional\":%s}", is_in ? "in" : "",
                is_out ? "out" : "", (param->flags & PARAMFLAG_FOPT) != 0 ? "true" : "false");
}

static void write_json_event(struct text *text, const struct described *described,
                             const struct described_member *member)
{
    text_str(text, "{\"name\":");
    text_json(text, member->name);
    if (described->kind == TKIND_DISPATCH)
        text_printf(text, ",\"dispid\":%ld", (long)member->dispid);
    else
        text_str(text, ",\"dispid\":null");
    text_str(text, ",\"result\":");
    text_json(text, member->result);
    text_str(text, ",\"help\":");
    text_json(text, member->help);
    text_str(text, ",\"args\":[");
    for (unsigned i = 0; i < member->n_params; i++) {
        if (i > 0)
            text_char(text, ',');
        write_json_param(text, &member->params[i]);
    }
    text_str(text, "]}");
}

static void write_json_source(struct text *text, const struct source *source,
                              const struct described_member *only)
{
    const struct described *described = source->described;
    char iid[CONNPT_GUID_TEXT_SIZE];
    const char *before = "";

    connpt_guid_format(&source->iid, iid);
    text_str(text, "{\"interface\":");
    text_json(text, described->name);
    text_printf(text, ",\"iid\":\"%s\",\"kind\":\"%s\",\"default\":%s,\"connectable\":%s", iid,
                kind_name(described->kind), source->is_default ? "true" : "false",
                source->is_declared      ? "null"
                : source->is_connectable ? "true"
                                         : "false");
    text_str(text, ",\"help\":");
    text_json(text, described->help);
    text_str(text, ",\"found_by\":[");
    for (int i = 0; i < N_WAYS; i++) {
        if ((source->found_by & ways[i].way) == 0)
            continue;
        text_printf(text, "%s\"%s\"", before, ways[i].json);
        before = ",";
    }
    text_str(text, "],\"events\":[");
    before = "";
    for (unsigned i = 0; i < described->n_members; i++) {
        if (only != NULL && only != &described->members[i])
            continue;
        text_str(text, before);
        write_json_event(text, described, &described->members[i]);
        before = ",";
    }
    text_str(text, "]}");
}

/* ---- the verb ---------------------------------------------------------------------------- */

static int write_sources(struct text *text, const struct target *target,
                         const struct sources *sources)
{
    size_t n = 0;

    for (size_t i = 0; i < sources->n_items; i++) {
        const struct described_member *only;

        if (!selector_takes(target, sources, &sources->items[i], &only))
            continue;
        if (n++ > 0)
            text_str(text, arg_json ? "," : "\n");
        if (arg_json)
            write_json_source(text, &sources->items[i], only);
        else if (arg_idl)
            idl_write(text, sources->items[i].described);
        else
            write_text_source(text, &sources->items[i], only);
    }
    if (n == 0 && (target->interface_name != NULL || target->member != NULL)) {
        selector_tell_choices(target, sources);
        return CLI_NO_SUCH;
    }
    if (n == 0 && target->kind == TARGET_LIBRARY)
        cli_note("%s declares no outgoing interface", target->text);
    else if (n == 0)
        cli_note("%s is connectable, but no outgoing interface of it was found; --iid asks for "
                 "one",
                 target->text);
    return CLI_OK;
}

static int show(struct target *target)
{
    struct sources sources;
    struct text text = { 0 };
    int status = target->kind == TARGET_LIBRARY ? declared_sources(target, &sources)
                                                : sources_find(target, &arg_sources, &sources);

    if (status != CLI_OK)
        return status;
    if (arg_json) {
        text_str(&text, "{\"target\":");
        text_json(&text, target->text);
        text_str(&text, ",\"sources\":[");
    }
    status = write_sources(&text, target, &sources);
    if (arg_json) {
        text_str(&text, "],\"deviations\":");
        deviations_write(&text, &sources.deviations);
        text_str(&text, "}\n");
    }
    if (!arg_json)
        text_make_visible(&text); /* a type library may hold anything */
    if (status == CLI_OK && !cli_os_write(text.bytes, text.length))
        status = CLI_FAILURE;
    text_fini(&text);
    sources_fini(&sources);
    return status;
}

static int run(int argc, char **argv)
{
    struct target target;
    int status;

    (void)argc;
    if (arg_json && arg_idl) {
        cli_error("events: --json and --idl are two forms; choose one");
        return CLI_USAGE;
    }
    arg_sources.iids = &arg_iids;
    arg_sources.is_verbose = arg_verbose;
    status = target_parse(argv[0], &target);
    if (status != CLI_OK)
        return status;
    status = target_set_server(&target, arg_server);
    if (status == CLI_OK)
        status =
            target.kind == TARGET_LIBRARY ? target_open_library(&target) : target_create(&target);
    if (status == CLI_OK)
        status = show(&target);
    target_fini(&target);
    return status;
}

const struct cli_verb cli_verb_events = {
    .name = "events",
    .arguments = "TARGET[#INTERFACE[.EVENT]]",
    .summary = "Show a target's outgoing interfaces, their events and arguments",
    .min_args = 1,
    .max_args = 1,
    .options = options,
    .details = "Three ways are asked and their answers joined, because not every object answers\n"
               "all of them: EnumConnectionPoints; the [source] interfaces of the class; and\n"
               "FindConnectionPoint for every interface that is known.\n\n"
               "Of tlb:FILE the [source] interfaces of its classes are shown; no object is made.\n",
    .examples = "  connpt events fs:\n"
                "  connpt events mod:./ticker.so#Ticker --idl\n"
                "  connpt events fs: --json | jq '.sources[].events[].name'\n",
    .run = run,
};

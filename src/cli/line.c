/* SPDX-License-Identifier: MIT */
/* cli/line.c - one event as one line, as text or as JSON */
#include "line.h"

#include <stdio.h>

#include <connpt/automation.h>
#include <connpt/guid.h>

#include "os.h"
#include "value.h"

/* The fixed parts of one event's lines: head NAME value NAME value tail. */
struct member_form {
    DISPID dispid;
    struct text head;
    struct text *names;       /* with what stands around them: ", path=" or `,"path":` */
    const char **match_names; /* as described */
    unsigned n_names;
};

struct line_form {
    enum line_style style;
    struct text source; /* up to the event: " fs:dir DFileEvents." or `,"source":...,` */
    struct member_form *members;
    unsigned n_members;
    bool is_dispatch; /* the members have DISPIDs */
};

static const char dim[] = "\x1b[2m", bold[] = "\x1b[1m", plain[] = "\x1b[0m";

/* ---- the fixed parts --------------------------------------------------------------------- */

static void make_source(struct line_form *form, const char *source,
                        const struct described *described)
{
    char iid[CONNPT_GUID_TEXT_SIZE];

    connpt_guid_format(&described->iid, iid);
    if (form->style == LINE_JSON) {
        text_str(&form->source, "\",\"source\":");
        text_json(&form->source, source);
        text_printf(&form->source, ",\"iid\":\"%s\",\"interface\":", iid);
        text_json(&form->source, described->name);
        return;
    }
    if (form->style == LINE_COLOR)
        text_str(&form->source, plain);
    text_char(&form->source, ' ');
    text_utf8(&form->source, source, strlen(source), TEXT_QUOTED);
    text_char(&form->source, ' ');
    text_utf8(&form->source, described->name, strlen(described->name), TEXT_QUOTED);
    text_char(&form->source, '.');
}

static void write_event_name(struct text *text, const struct line_form *form, DISPID dispid,
                             const char *name)
{
    if (form->style == LINE_JSON) {
        if (form->is_dispatch)
            text_printf(text, ",\"dispid\":%ld,\"event\":", (long)dispid);
        else
            text_str(text, ",\"dispid\":null,\"event\":");
        text_json(text, name);
        text_str(text, ",\"args\":{");
        return;
    }
    if (form->style == LINE_COLOR)
        text_str(text, bold);
    text_utf8(text, name, strlen(name), TEXT_QUOTED);
    if (form->style == LINE_COLOR)
        text_str(text, plain);
    text_char(text, '(');
}

static void write_name(struct text *text, const struct line_form *form, const char *name,
                       bool is_first)
{
    if (form->style == LINE_JSON) {
        if (!is_first)
            text_char(text, ',');
        text_json_name(text, name);
        return;
    }
    if (!is_first)
        text_str(text, ", ");
    text_utf8(text, name, strlen(name), TEXT_QUOTED);
    text_char(text, '=');
}

static void make_member(struct line_form *form, const struct described_member *described,
                        struct member_form *member)
{
    member->dispid = described->dispid;
    text_bytes(&member->head, form->source.bytes, form->source.length);
    write_event_name(&member->head, form, described->dispid, described->name);
    member->n_names = described->n_params;
    member->names = cli_alloc(member->n_names * sizeof(*member->names));
    member->match_names = cli_alloc(member->n_names * sizeof(*member->match_names));
    for (unsigned i = 0; i < member->n_names; i++) {
        member->match_names[i] = described->params[i].name;
        write_name(&member->names[i], form, described->params[i].name, i == 0);
    }
}

struct line_form *line_form_create(const char *source, const struct described *described,
                                   enum line_style style)
{
    struct line_form *form = cli_alloc(sizeof(*form));

    form->style = style;
    form->is_dispatch = described->kind != TKIND_INTERFACE;
    make_source(form, source, described);
    form->members = cli_alloc(described->n_members * sizeof(*form->members));
    form->n_members = described->n_members;
    for (unsigned i = 0; i < form->n_members; i++)
        make_member(form, &described->members[i], &form->members[i]);
    return form;
}

void line_form_free(struct line_form *form)
{
    if (form == NULL)
        return;
    for (unsigned i = 0; i < form->n_members; i++) {
        struct member_form *member = &form->members[i];

        for (unsigned k = 0; k < member->n_names; k++)
            text_fini(&member->names[k]);
        cli_free(member->names);
        cli_free(member->match_names);
        text_fini(&member->head);
    }
    cli_free(form->members);
    text_fini(&form->source);
    cli_free(form);
}

static const struct member_form *find_member(const struct line_form *form, DISPID dispid)
{
    for (unsigned i = 0; i < form->n_members; i++) {
        if (form->members[i].dispid == dispid)
            return &form->members[i];
    }
    return NULL;
}

const char *const *line_names(const struct line_form *form, DISPID dispid, unsigned *ret_n)
{
    const struct member_form *member = find_member(form, dispid);

    *ret_n = member != NULL ? member->n_names : 0;
    return member != NULL ? member->match_names : NULL;
}

/* ---- one line ---------------------------------------------------------------------------- */

/* "06:31:02" in local time, or "2026-11-23T06:31:02" in UTC: made anew once a second. */
static void write_time(struct text *text, const struct line_form *form, struct line_clock *clock,
                       int64_t time_ms)
{
    int64_t second = time_ms / 1000;
    unsigned ms = (unsigned)(time_ms % 1000);
    char fraction[4] = { '.', (char)('0' + ms / 100), (char)('0' + ms / 10 % 10),
                         (char)('0' + ms % 10) };

    if (clock->length == 0 || clock->second != second) {
        struct cli_time now;
        int length;

        cli_os_time(second, form->style == LINE_JSON, &now);
        length = form->style == LINE_JSON
                     ? snprintf(clock->text, sizeof(clock->text), "%04d-%02d-%02dT%02d:%02d:%02d",
                                now.year, now.month, now.day, now.hour, now.minute, now.second)
                     : snprintf(clock->text, sizeof(clock->text), "%02d:%02d:%02d", now.hour,
                                now.minute, now.second);
        clock->length = length > 0 ? (size_t)length : 0;
        clock->second = second;
    }
    text_bytes(text, clock->text, clock->length);
    text_bytes(text, fraction, sizeof(fraction));
}

static const VARIANT *argument(const DISPPARAMS *params, UINT position)
{
    if (params->cNamedArgs == 0 && position < params->cArgs) {
        const VARIANT *value = &params->rgvarg[params->cArgs - 1 - position];

        if (V_VT(value) != VT_ERROR)
            return value;
    }
    return connpt_arg(params, position);
}

static void write_arguments(struct text *text, const struct line_form *form,
                            const struct member_form *member, const DISPPARAMS *params)
{
    bool json = form->style == LINE_JSON;
    unsigned n_names = member != NULL ? member->n_names : 0;
    unsigned n = params->cArgs > n_names ? params->cArgs : n_names;

    for (unsigned i = 0; i < n; i++) {
        if (i < n_names) {
            text_bytes(text, member->names[i].bytes, member->names[i].length);
        } else { /* more than described, or not described at all */
            char name[16];

            (void)snprintf(name, sizeof(name), "arg%u", i);
            write_name(text, form, name, i == 0);
        }
        value_write(text, argument(params, i), json);
    }
}

static void write_end(struct text *text, const struct line_form *form,
                      const struct line_event *event)
{
    if (form->style == LINE_JSON) {
        text_str(text, "},\"seq\":");
        text_unsigned(text, event->sequence);
        if (event->answer != NULL)
            text_printf(text, ",\"answer\":{%s}", event->answer);
        text_str(text, "}\n");
        return;
    }
    text_char(text, ')');
    if (event->answer != NULL)
        text_printf(text, " -> %s", event->answer);
    text_char(text, '\n');
}

void line_write(struct text *text, const struct line_form *form, struct line_clock *clock,
                const struct line_event *event)
{
    const struct member_form *member = find_member(form, event->dispid);

    text_str(text, form->style == LINE_JSON    ? "{\"time\":\""
                   : form->style == LINE_COLOR ? dim
                                               : "");
    write_time(text, form, clock, event->time_ms);
    if (form->style == LINE_JSON)
        text_char(text, 'Z');
    if (member != NULL) {
        text_bytes(text, member->head.bytes, member->head.length);
    } else {
        char name[32];

        (void)snprintf(name, sizeof(name), "[dispid %ld]", (long)event->dispid);
        text_bytes(text, form->source.bytes, form->source.length);
        write_event_name(text, form, event->dispid, name);
    }
    write_arguments(text, form, member, event->params);
    write_end(text, form, event);
}

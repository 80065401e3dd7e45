/* SPDX-License-Identifier: MIT */
/* cli/idl.c - an interface as IDL */
#include "idl.h"

#include <ctype.h>

#include <connpt/guid.h>

/* "12345678-..." in lower case, without braces, as IDL has it */
static void write_uuid(struct text *text, const GUID *guid)
{
    char braced[CONNPT_GUID_TEXT_SIZE];

    connpt_guid_format(guid, braced);
    for (const char *at = braced + 1; *at != '}'; at++)
        text_char(text, (char)tolower((unsigned char)*at));
}

static void write_help(struct text *text, const char *before, const char *help)
{
    if (help[0] == '\0')
        return;
    text_printf(text, "%shelpstring(\"", before);
    text_utf8(text, help, strlen(help), TEXT_QUOTED);
    text_str(text, "\")");
}

void idl_write_param(struct text *text, const struct described_param *param)
{
    static const struct {
        USHORT flag;
        const char *word;
    } flags[] = { { PARAMFLAG_FIN, "in" },
                  { PARAMFLAG_FOUT, "out" },
                  { PARAMFLAG_FRETVAL, "retval" },
                  { PARAMFLAG_FOPT, "optional" } };
    size_t length = strlen(param->type);
    const char *before = "[";

    for (size_t i = 0; i < sizeof(flags) / sizeof(flags[0]); i++) {
        if ((param->flags & flags[i].flag) == 0)
            continue;
        text_printf(text, "%s%s", before, flags[i].word);
        before = ", ";
    }
    if (before[0] == ',')
        text_str(text, "] ");
    text_printf(text, "%s%s%s", param->type,
                length > 0 && param->type[length - 1] == '*' ? "" : " ", param->name);
}

static const char *property_word(INVOKEKIND kind)
{
    switch (kind) {
    case INVOKE_PROPERTYGET:
        return "propget";
    case INVOKE_PROPERTYPUT:
        return "propput";
    case INVOKE_PROPERTYPUTREF:
        return "propputref";
    case INVOKE_FUNC:
        break;
    }
    return NULL;
}

static void write_member(struct text *text, const struct described_member *member, bool has_id)
{
    const char *property = property_word(member->kind);
    size_t start;

    text_str(text, has_id ? "        [" : "    [");
    start = text->length;
    if (has_id)
        text_printf(text, "id(%ld)", (long)member->dispid);
    if (property != NULL)
        text_printf(text, "%s%s", text->length != start ? ", " : "", property);
    write_help(text, text->length != start ? ", " : "", member->help);
    if (text->length == start)
        text->length = start - 1; /* nothing in the brackets */
    else
        text_str(text, has_id ? "]\n        " : "]\n    ");
    text_printf(text, "%s %s(", member->result, member->name);
    for (unsigned i = 0; i < member->n_params; i++) {
        if (i > 0)
            text_str(text, ", ");
        idl_write_param(text, &member->params[i]);
    }
    text_str(text, ");\n");
}

void idl_write(struct text *text, const struct described *described)
{
    bool is_dispatch = described->kind == TKIND_DISPATCH;

    if (described->kind == TKIND_MAX) {
        char iid[CONNPT_GUID_TEXT_SIZE];

        connpt_guid_format(&described->iid, iid);
        text_printf(text, "/* %s: nothing describes this interface */\n", iid);
        return;
    }
    text_str(text, is_dispatch ? "[\n    uuid(" : "[\n    object,\n    uuid(");
    write_uuid(text, &described->iid);
    text_char(text, ')');
    write_help(text, ",\n    ", described->help);
    text_printf(text, "\n]\n%s %s%s\n{\n", is_dispatch ? "dispinterface" : "interface",
                described->name, is_dispatch ? "" : " : IUnknown");
    if (is_dispatch)
        text_str(text, "    properties:\n    methods:\n");
    for (unsigned i = 0; i < described->n_members; i++)
        write_member(text, &described->members[i], is_dispatch);
    text_str(text, "};\n");
}

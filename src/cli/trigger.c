/* SPDX-License-Identifier: MIT */
/* cli/trigger.c - the trigger that a type library declares */
#include "trigger.h"

#include <string.h>

#include <connpt/automation.h>
#include <connpt/guid.h>
#include <connpt/typelib.h>

#include "describe.h"

/* bc93f200-61f1-4a1f-8352-c6526ff8fe35 */
static const GUID trigger_guid = {
    0xbc93f200, 0x61f1, 0x4a1f, { 0x83, 0x52, 0xc6, 0x52, 0x6f, 0xf8, 0xfe, 0x35 }
};

/* The name of the class in its library; "": not known. The caller frees it. */
static char *name_of_class(ITypeLib *library, const struct target *target)
{
    ITypeInfo *info = NULL;
    char *name = NULL;
    BSTR wide = NULL;
    CLSID clsid;

    if (target->class_name == NULL || target->class_name[0] != '{')
        return cli_strdup(target->class_name != NULL ? target->class_name : "");
    if (SUCCEEDED(connpt_guid_parse(target->class_name, &clsid)) &&
        SUCCEEDED(ITypeLib_GetTypeInfoOfGuid(library, &clsid, &info)) && info != NULL) {
        if (SUCCEEDED(ITypeInfo_GetDocumentation(info, MEMBERID_NIL, &wide, NULL, NULL, NULL)) &&
            wide != NULL)
            name = cli_utf8(wide);
        connpt_SysFreeString(wide);
        ITypeInfo_Release(info);
    }
    return name != NULL ? name : cli_strdup("");
}

/* ---- the text -------------------------------------------------------------------------------- */

/* Cuts the next word off *at. False: there is none before the next semicolon, or a quote has no
 * end, which *is_wrong tells. */
static bool next_word(char **at, char **ret_word, bool *is_wrong)
{
    char *from = *at + strspn(*at, " \t\r\n"), *end;
    bool is_quoted = *from == '"';

    *at = from;
    if (*from == '\0' || *from == ';')
        return false;
    from += is_quoted;
    end = from + strcspn(from, is_quoted ? "\"" : " \t\r\n;");
    *is_wrong = is_quoted && *end == '\0';
    if (*is_wrong)
        return false;
    *ret_word = from;
    *at = end;
    if (*end == ';') {
        /* it ends the word, and the trigger: a blank can only be before it, which this becomes */
        memmove(end + 1, end, strlen(end) + 1);
        *end = '\0';
        *at = end + 1;
    } else if (*end != '\0') {
        *end = '\0';
        *at = end + 1;
    }
    return true;
}

/* One trigger from *at, which goes behind its semicolon. False: it is wrong. */
static bool parse_one(char **at, struct trigger *trigger)
{
    bool is_wrong = false;
    char *word;

    trigger->n_words = 0;
    trigger->is_put = false;
    trigger->member = NULL;
    while (next_word(at, &word, &is_wrong)) {
        if (trigger->member == NULL)
            trigger->member = word;
        else if (trigger->n_words == 0 && !trigger->is_put && strcmp(word, "=") == 0)
            trigger->is_put = true;
        else if (trigger->n_words < TRIGGER_MAX_WORDS)
            trigger->words[trigger->n_words++] = word;
        else
            return false;
    }
    *at += **at == ';';
    return !is_wrong && trigger->member != NULL;
}

/* Is it for that class? Leaves the member alone behind the class. */
static bool is_for(struct trigger *trigger, const char *class_name, bool *ret_named)
{
    char *dot = strchr(trigger->member, '.');

    *ret_named = dot != NULL;
    if (dot == NULL)
        return true;
    *dot = '\0';
    if (class_name[0] != '\0' && !cli_is_same_name(trigger->member, class_name))
        return false;
    trigger->member = dot + 1;
    return true;
}

int trigger_find(ITypeLib *library, const struct target *target, struct trigger *ret_trigger)
{
    struct trigger found = { .member = NULL }, one = { .member = NULL };
    BSTR wide = NULL;
    char *text, *at, *class_name;
    bool is_named = false, is_right = true;
    size_t length;

    memset(ret_trigger, 0, sizeof *ret_trigger);
    if (library == NULL || connpt_typelib_custom(library, &trigger_guid, &wide) != S_OK)
        return CLI_OK;
    at = cli_utf8(wide);
    connpt_SysFreeString(wide);
    length = strlen(at);
    text = cli_alloc(2 * length + 1); /* each semicolon may move by one */
    memcpy(text, at, length + 1);
    cli_free(at);
    class_name = name_of_class(library, target);
    at = text;
    while (is_right && !is_named && at[strspn(at, " \t\r\n")] != '\0') {
        bool names_class;

        is_right = parse_one(&at, &one);
        if (is_right && is_for(&one, class_name, &names_class) &&
            (names_class || found.member == NULL)) {
            found = one;
            is_named = names_class;
        }
    }
    cli_free(class_name);
    if (!is_right || found.member == NULL) {
        cli_free(text);
        if (is_right)
            return CLI_OK;
        cli_error("%s: its type library says how to make it fire, and not as \"CLASS.METHOD "
                  "ARGUMENT...; ...\"; use --fire, or --no-fire",
                  target->text);
        return CLI_FAILURE;
    }
    *ret_trigger = found;
    ret_trigger->text = text;
    return CLI_OK;
}

void trigger_fini(struct trigger *trigger)
{
    cli_free(trigger->text);
    memset(trigger, 0, sizeof *trigger);
}

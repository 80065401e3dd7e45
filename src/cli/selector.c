/* SPDX-License-Identifier: MIT */
/* cli/selector.c - which sources and events the part of a target behind "#" means */
#include "selector.h"

#include <string.h>

#include <connpt/guid.h>

#include "text.h"

static bool is_named(const struct source *source, const char *name)
{
    IID iid;

    if (name[0] == '{' && SUCCEEDED(connpt_guid_parse(name, &iid)))
        return connpt_guid_equal(&iid, &source->iid) != 0;
    return cli_is_same_name(source->described->name, name);
}

/* Some interface has the selector's name. */
static bool is_interface(const struct sources *sources, const char *name)
{
    for (size_t i = 0; i < sources->n_items; i++) {
        if (is_named(&sources->items[i], name))
            return true;
    }
    return false;
}

void selector_tell_choices(const struct target *target, const struct sources *sources)
{
    struct text text = { 0 };

    if (target->interface_name == NULL && target->member == NULL) {
        cli_error("%s is connectable, but no outgoing interface of it was found; --iid asks for "
                  "one",
                  target->text);
        return;
    }
    if (target->interface_name != NULL && target->member != NULL &&
        strcmp(target->interface_name, target->member) == 0)
        text_printf(&text, "%s has no interface and no event %s; it has", target->text,
                    target->member);
    else if (target->interface_name != NULL && !is_interface(sources, target->interface_name))
        text_printf(&text, "%s has no outgoing interface %s; it has", target->text,
                    target->interface_name);
    else
        text_printf(&text, "%s has no event %s; it has", target->text, target->member);
    for (size_t i = 0; i < sources->n_items; i++) {
        const struct described *described = sources->items[i].described;

        text_printf(&text, "%s %s", i == 0 ? "" : ";", described->name);
        for (unsigned k = 0; k < described->n_members; k++)
            text_printf(&text, "%s%s", k == 0 ? " with " : ", ", described->members[k].name);
    }
    if (sources->n_items == 0)
        text_str(&text, " none");
    cli_error("%s", text_cstr(&text));
    text_fini(&text);
}

bool selector_takes(const struct target *target, const struct sources *sources,
                    const struct source *source, const struct described_member **ret_only)
{
    bool is_one_word = target->interface_name != NULL && target->member != NULL &&
                       strcmp(target->interface_name, target->member) == 0;

    *ret_only = NULL;
    if (target->interface_name == NULL && target->member == NULL)
        return true;
    if (is_one_word && is_interface(sources, target->interface_name))
        return is_named(source, target->interface_name);
    if (!is_one_word && target->interface_name != NULL && !is_named(source, target->interface_name))
        return false;
    if (target->member == NULL)
        return true;
    *ret_only = described_find(source->described, target->member);
    return *ret_only != NULL;
}

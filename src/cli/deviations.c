/* SPDX-License-Identifier: MIT */
/* cli/deviations.c - where an object answers otherwise than connection points should */
#include "deviations.h"

#include <stdarg.h>
#include <string.h>

#include <connpt/guid.h>

void text_hresult(struct text *text, HRESULT hr)
{
    const char *name = connpt_hresult_name(hr);

    if (name != NULL)
        text_printf(text, "%s (0x%08lX)", name, (unsigned long)(uint32_t)hr);
    else
        text_printf(text, "0x%08lX", (unsigned long)(uint32_t)hr);
}

void deviations_add(struct deviations *deviations, const char *method, HRESULT hr, const char *rule,
                    const char *format, ...)
{
    struct text text = { 0 };
    struct deviation *deviation;
    va_list args;

    va_start(args, format);
    text_vprintf(&text, format, args);
    va_end(args);
    for (size_t i = 0; i < deviations->n_items; i++) {
        deviation = &deviations->items[i];
        if (strcmp(deviation->method, method) == 0 && deviation->hr == hr &&
            strcmp(deviation->text, text_cstr(&text)) == 0) {
            text_fini(&text);
            return;
        }
    }
    deviations->items =
        cli_realloc(deviations->items, (deviations->n_items + 1) * sizeof(*deviations->items));
    deviation = &deviations->items[deviations->n_items++];
    deviation->method = method;
    deviation->hr = hr;
    deviation->rule = rule;
    deviation->text = text_take(&text);
}

void deviations_fini(struct deviations *deviations)
{
    for (size_t i = 0; i < deviations->n_items; i++)
        cli_free(deviations->items[i].text);
    cli_free(deviations->items);
    memset(deviations, 0, sizeof(*deviations));
}

void deviations_tell(const struct deviations *deviations)
{
    for (size_t i = 0; i < deviations->n_items; i++) {
        const struct deviation *deviation = &deviations->items[i];
        struct text text = { 0 };

        text_hresult(&text, deviation->hr);
        text_printf(&text, ": %s", deviation->text);
        if (deviation->rule != NULL)
            text_printf(&text, "; see connpt check, rule %s", deviation->rule);
        cli_note("deviation: %s: %s", deviation->method, text_cstr(&text));
        text_fini(&text);
    }
}

void deviations_write(struct text *text, const struct deviations *deviations)
{
    text_char(text, '[');
    for (size_t i = 0; i < deviations->n_items; i++) {
        const struct deviation *deviation = &deviations->items[i];
        const char *name = connpt_hresult_name(deviation->hr);

        text_str(text, i == 0 ? "{\"method\":" : ",{\"method\":");
        text_json(text, deviation->method);
        text_str(text, ",\"hresult\":");
        if (name != NULL)
            text_json(text, name);
        else
            text_str(text, "null");
        text_printf(text,
                    ",\"code\":\"0x%08lX\",\"text\":", (unsigned long)(uint32_t)deviation->hr);
        text_json(text, deviation->text);
        if (deviation->rule != NULL) {
            text_str(text, ",\"rule\":");
            text_json(text, deviation->rule);
        }
        text_char(text, '}');
    }
    text_char(text, ']');
}

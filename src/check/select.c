/* SPDX-License-Identifier: MIT */
/* check/select.c - lists of ids: "cookie-stale,advise-*" */
#include "select.h"

#include <string.h>

/* The next word of a list, or NULL at its end; *list moves behind it. */
static const char *next_word(const char **list, size_t *ret_length)
{
    const char *word = *list;

    while (*word == ',')
        word++;
    if (*word == '\0')
        return NULL;
    *ret_length = strcspn(word, ",");
    *list = word + *ret_length;
    return word;
}

static bool fits(const char *id, const char *word, size_t length)
{
    if (length > 0 && word[length - 1] == '*')
        return strncmp(id, word, length - 1) == 0;
    return strlen(id) == length && memcmp(id, word, length) == 0;
}

static bool is_in(const char *id, const char *list)
{
    const char *word;
    size_t length;

    while ((word = next_word(&list, &length)) != NULL) {
        if (fits(id, word, length))
            return true;
    }
    return false;
}

/* The first one is always run. */
bool rule_is_selected(const struct rule *rule, const struct connpt_check_options *options)
{
    if (strcmp(rule->info.id, CHECK_FIRST_RULE) == 0)
        return true;
    return (options->only == NULL || is_in(rule->info.id, options->only)) &&
           (options->except == NULL || !is_in(rule->info.id, options->except));
}

static bool all_fit(const char *list)
{
    const char *word;
    size_t length;

    while (list != NULL && (word = next_word(&list, &length)) != NULL) {
        const struct rule *rule;
        bool any = false;

        for (uint32_t i = 0; !any && (rule = check_rule_at(i)) != NULL; i++)
            any = fits(rule->info.id, word, length);
        if (!any)
            return false;
    }
    return true;
}

bool rules_can_be_selected(const struct connpt_check_options *options)
{
    return all_fit(options->only) && all_fit(options->except);
}

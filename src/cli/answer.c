/* SPDX-License-Identifier: MIT */
/* cli/answer.c - writes values into the [in, out] arguments of events */
#include "answer.h"

#include <string.h>

#include <connpt/automation.h>

#include "value.h"

int answers_parse(const struct cli_list *list, struct answers *ret_answers)
{
    memset(ret_answers, 0, sizeof(*ret_answers));
    for (unsigned i = 0; i < list->n_items; i++) {
        const char *equals = strchr(list->items[i], '=');
        struct answer *answer = &ret_answers->items[i];

        if (equals == NULL || equals == list->items[i]) {
            cli_error("--answer: \"%s\" is not NAME=VALUE", list->items[i]);
            return CLI_USAGE;
        }
        answer->name = list->items[i];
        answer->name_length = (size_t)(equals - list->items[i]);
        answer->value = equals + 1;
        for (unsigned k = 0; k < i; k++) {
            if (ret_answers->items[k].name_length == answer->name_length &&
                memcmp(ret_answers->items[k].name, answer->name, answer->name_length) == 0) {
                cli_error("--answer: there are two for \"%.*s\"", (int)answer->name_length,
                          answer->name);
                return CLI_USAGE;
            }
        }
    }
    ret_answers->n_items = list->n_items;
    return CLI_OK;
}

static bool is_name(const struct answer *answer, const char *name)
{
    return strlen(name) == answer->name_length &&
           memcmp(name, answer->name, answer->name_length) == 0;
}

static int check_one(const struct answer *answer, const struct described *described)
{
    int status = CLI_NO_SUCH;

    for (unsigned i = 0; i < described->n_members; i++) {
        const struct described_member *member = &described->members[i];

        for (unsigned k = 0; k < member->n_params; k++) {
            VARIANT value;

            if ((member->params[k].flags & PARAMFLAG_FOUT) == 0 ||
                !is_name(answer, member->params[k].name))
                continue;
            if (FAILED(value_parse(answer->value, member->params[k].vt, &value)))
                return CLI_USAGE;
            connpt_VariantClear(&value);
            status = CLI_OK;
        }
    }
    return status;
}

int answers_check(const struct answers *answers, const struct described *described,
                  const char **ret_wrong)
{
    for (unsigned i = 0; i < answers->n_items; i++) {
        int status = check_one(&answers->items[i], described);

        if (status != CLI_OK) {
            *ret_wrong = answers->items[i].name;
            return status;
        }
    }
    return CLI_OK;
}

/* Moves @value into what @argument refers to. */
static bool store(const VARIANT *argument, VARIANT *value)
{
    switch (V_VT(argument) & ~VT_BYREF) {
    case VT_VARIANT:
        connpt_VariantClear(V_VARIANTREF(argument));
        *V_VARIANTREF(argument) = *value;
        connpt_VariantInit(value);
        return true;
    case VT_BSTR:
        connpt_SysFreeString(*V_BSTRREF(argument));
        *V_BSTRREF(argument) = V_BSTR(value);
        connpt_VariantInit(value);
        return true;
    case VT_I1:
    case VT_UI1:
        *V_UI1REF(argument) = V_UI1(value);
        return true;
    case VT_I2:
    case VT_UI2:
    case VT_BOOL:
        *V_I2REF(argument) = V_I2(value);
        return true;
    case VT_I4:
    case VT_UI4:
    case VT_INT:
    case VT_UINT:
    case VT_R4:
    case VT_ERROR:
        *V_I4REF(argument) = V_I4(value);
        return true;
    case VT_I8:
    case VT_UI8:
    case VT_R8:
    case VT_CY:
    case VT_DATE:
        *V_I8REF(argument) = V_I8(value);
        return true;
    default:
        return false;
    }
}

/* The answer as the argument's type; false when the argument takes none. */
static bool make_value(const struct answer *answer, const VARIANT *argument, VARIANT *ret_value)
{
    VARTYPE vt = (VARTYPE)(V_VT(argument) & ~VT_BYREF);

    return (V_VT(argument) & VT_BYREF) != 0 && V_BYREF(argument) != NULL &&
           SUCCEEDED(value_parse(answer->value, vt, ret_value));
}

/* The argument that an answer is for; NULL. */
static const VARIANT *find_argument(const struct answer *answer, const char *const *names,
                                    unsigned n_names, const DISPPARAMS *params)
{
    for (unsigned i = 0; i < n_names; i++) {
        if (is_name(answer, names[i]))
            return connpt_arg(params, i);
    }
    return NULL;
}

bool answers_write(const struct answers *answers, const char *const *names, unsigned n_names,
                   const DISPPARAMS *params, struct text *text, bool json)
{
    size_t before = text->length;

    for (unsigned i = 0; i < answers->n_items; i++) {
        const struct answer *answer = &answers->items[i];
        const VARIANT *argument = find_argument(answer, names, n_names, params);
        char *name;
        VARIANT value;

        if (argument == NULL || !make_value(answer, argument, &value))
            continue;
        if (text->length != before)
            text_str(text, json ? "," : ", ");
        name = cli_strndup(answer->name, answer->name_length);
        if (json)
            text_json_name(text, name);
        else
            text_printf(text, "%s=", name);
        cli_free(name);
        value_write(text, &value, json);
        connpt_VariantClear(&value);
    }
    return text->length != before;
}

void answers_apply(const struct answers *answers, const char *const *names, unsigned n_names,
                   const DISPPARAMS *params)
{
    for (unsigned i = 0; i < answers->n_items; i++) {
        const VARIANT *argument = find_argument(&answers->items[i], names, n_names, params);
        VARIANT value;

        if (argument == NULL || !make_value(&answers->items[i], argument, &value))
            continue;
        (void)store(argument, &value);
        connpt_VariantClear(&value);
    }
}

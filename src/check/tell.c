/* SPDX-License-Identifier: MIT */
/* check/tell.c - what a rule says */
#include "check.h"

#include <stdarg.h>
#include <stdio.h>

#include <connpt/guid.h>

bool check_is_told(const struct check *check)
{
    return check->outcome != CONNPT_CHECK_PASSED && check->outcome != CONNPT_CHECK_DIALECT;
}

static void tell(struct check *check, enum connpt_check_outcome outcome, const char *format,
                 va_list args)
{
    if (check_is_told(check) ||
        (check->outcome == CONNPT_CHECK_DIALECT && outcome != CONNPT_CHECK_FAILED))
        return;
    check->outcome = outcome;
    (void)vsnprintf(check->text, sizeof check->text, format, args);
}

void check_fail(struct check *check, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    tell(check, CONNPT_CHECK_FAILED, format, args);
    va_end(args);
}

void check_dialect(struct check *check, const char *format, ...)
{
    bool is_strict = (check->options->flags & CONNPT_CHECK_STRICT) != 0;
    va_list args;

    va_start(args, format);
    tell(check, is_strict ? CONNPT_CHECK_FAILED : CONNPT_CHECK_DIALECT, format, args);
    va_end(args);
}

void check_skip(struct check *check, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    tell(check, CONNPT_CHECK_SKIPPED, format, args);
    va_end(args);
}

const char *check_hr_text(HRESULT hr, struct check_hr *buffer)
{
    const char *name = connpt_hresult_name(hr);

    if (name != NULL)
        (void)snprintf(buffer->text, sizeof buffer->text, "%.48s (0x%08lX)", name,
                       (unsigned long)(uint32_t)hr);
    else
        (void)snprintf(buffer->text, sizeof buffer->text, "0x%08lX", (unsigned long)(uint32_t)hr);
    return buffer->text;
}

const char *check_guid_text(const GUID *guid, struct check_guid *buffer)
{
    (void)connpt_guid_format(guid, buffer->text);
    return buffer->text;
}

void check_result(struct check *check, const char *what, HRESULT result, HRESULT expected,
                  const HRESULT *dialects)
{
    if (result == expected)
        return;
    for (; dialects != NULL && *dialects != S_OK; dialects++) {
        if (*dialects == result) {
            check_dialect(check, "%s returned %s, where the documents have %s", what, HR(result),
                          HR(expected));
            return;
        }
    }
    check_fail(check, "%s returned %s; it should be %s", what, HR(result), HR(expected));
}

/* SPDX-License-Identifier: MIT */
/* typelib/fault.c - the sentence behind connpt_typelib_error() */
#include "typelib/fault.h"

#include <stdarg.h>
#include <stdio.h>

#include <connpt/typelib.h>

#include "base/thread_local.h"

static THREAD_LOCAL struct fault last;

struct fault *connpt__fault_begin(const char *file)
{
    struct fault *fault = &OF_THREAD(last);

    fault->file = file;
    fault->text[0] = '\0';
    return fault;
}

HRESULT connpt__fault(struct fault *fault, HRESULT hr, const char *format, ...)
{
    va_list arguments;
    int length;

    if (fault == NULL)
        return hr;
    length = snprintf(fault->text, sizeof fault->text, "%s: ", fault->file);
    if (length < 0 || (size_t)length >= sizeof fault->text)
        length = 0; /* a file name that long would push out what is wrong with it */
    va_start(arguments, format);
    (void)vsnprintf(fault->text + length, sizeof fault->text - (size_t)length, format, arguments);
    va_end(arguments);
    return hr;
}

const char *connpt_typelib_error(void)
{
    return OF_THREAD(last).text;
}

/* SPDX-License-Identifier: MIT */
/* cli/message.c - what the command says on stderr, and its memory */
#include "cli.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <connpt/automation.h>
#include <connpt/guid.h>
#include <connpt/memory.h>

#include "os.h"
#include "system_class.h"
#include "text.h"

static bool is_quiet;

void cli_set_quiet(bool quiet)
{
    is_quiet = quiet;
}

/* In one piece; what modules and files are called must not drive the terminal. */
static void say(struct text *text)
{
    text_char(text, '\n');
    text_make_visible(text);
    (void)fwrite(text->bytes, 1, text->length, stderr);
    text_fini(text);
}

void cli_error(const char *format, ...)
{
    struct text text = { 0 };
    va_list args;

    text_str(&text, "connpt: ");
    va_start(args, format);
    text_vprintf(&text, format, args);
    va_end(args);
    say(&text);
}

void cli_error_hr(HRESULT hr, const char *hint, const char *format, ...)
{
    const char *name = connpt_hresult_name(hr);
    struct text text = { 0 };
    char *known = NULL;
    va_list args;

    text_str(&text, "connpt: ");
    va_start(args, format);
    text_vprintf(&text, format, args);
    va_end(args);
    if (name != NULL)
        text_printf(&text, ": %s (0x%08lX)", name, (unsigned long)(uint32_t)hr);
    else
        text_printf(&text, ": 0x%08lX", (unsigned long)(uint32_t)hr);
    if (hint == NULL || hint[0] == '\0')
        hint = connpt_hresult_meaning(hr);
    if (hint == NULL)
        hint = known = system_error_text(hr);
    if (hint != NULL)
        text_printf(&text, "\n  %s", hint);
    cli_free(known);
    say(&text);
}

void cli_note(const char *format, ...)
{
    struct text text = { 0 };
    va_list args;

    if (is_quiet)
        return;
    va_start(args, format);
    text_vprintf(&text, format, args);
    va_end(args);
    say(&text);
}

bool cli_use_color(void)
{
    const char *no_color = getenv("NO_COLOR"), *terminal = getenv("TERM");

    return (no_color == NULL || no_color[0] == '\0') &&
           (terminal == NULL || strcmp(terminal, "dumb") != 0) && cli_os_is_terminal();
}

static void no_memory(void)
{
    fputs("connpt: out of memory\n", stderr);
    exit(CLI_FAILURE);
}

void *cli_alloc(size_t size)
{
    void *block = cli_realloc(NULL, size);

    memset(block, 0, size);
    return block;
}

/* The library's allocator, so that the leak check of the tests counts these blocks too. */
void *cli_realloc(void *block, size_t size)
{
    void *result = connpt_CoTaskMemRealloc(block, size != 0 ? size : 1);

    if (result == NULL)
        no_memory();
    return result;
}

void cli_free(void *block)
{
    connpt_CoTaskMemFree(block);
}

char *cli_strndup(const char *text, size_t length)
{
    char *copy = cli_alloc(length + 1);

    memcpy(copy, text, length);
    return copy;
}

char *cli_strdup(const char *text)
{
    return cli_strndup(text, strlen(text));
}

char *cli_format(const char *format, ...)
{
    struct text text = { 0 };
    va_list args;

    va_start(args, format);
    text_vprintf(&text, format, args);
    va_end(args);
    return text_take(&text);
}

char *cli_visible(const char *text)
{
    struct text visible = { 0 };

    text_utf8(&visible, text, strlen(text), TEXT_VISIBLE);
    return text_take(&visible);
}

char *cli_utf8(BSTR bstr)
{
    struct text text = { 0 };

    text_utf16(&text, bstr, connpt_SysStringLen(bstr), TEXT_PLAIN);
    return text_take(&text);
}

char *cli_take_bstr(BSTR bstr)
{
    char *utf8 = cli_utf8(bstr);

    connpt_SysFreeString(bstr);
    return utf8;
}

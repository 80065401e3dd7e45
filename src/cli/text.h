/* SPDX-License-Identifier: MIT */
/*
 * cli/text.h - a growing string, and how text is written into it: plain, quoted, or as JSON
 *
 * Everything the command prints is put together here and written in one piece.
 */
#ifndef CONNPT_CLI_TEXT_H
#define CONNPT_CLI_TEXT_H

#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <connpt/com.h>

#include "cli.h"

/* Zeroed memory is an empty text. */
struct text {
    char *bytes; /* NUL-terminated only by text_cstr and text_take */
    size_t length;
    size_t capacity;
};

enum text_style {
    TEXT_PLAIN,  /* UTF-8; U+FFFD for a lone surrogate */
    TEXT_QUOTED, /* the inside of a C string: \" \\ \n \x1b; \x80..\xff for U+DC80..U+DCFF */
    TEXT_JSON,   /* the inside of a JSON string; lone surrogates as \udcXX */
    TEXT_VISIBLE /* as it is, but for what could drive a terminal, is not UTF-8, or is no character
                    for XML: as quoted */
};

void text_fini(struct text *text);
void text_reserve_slow(struct text *text, size_t size);
void text_printf(struct text *text, const char *format, ...) CLI_PRINTF(2, 3);
void text_vprintf(struct text *text, const char *format, va_list args);
const char *text_cstr(struct text *text);
char *text_take(struct text *text); /* the caller's now; @text is empty again */

/* Room for @size more bytes. */
static inline void text_reserve(struct text *text, size_t size)
{
    if (text->capacity - text->length < size)
        text_reserve_slow(text, size);
}

static inline void text_char(struct text *text, char c)
{
    text_reserve(text, 1);
    text->bytes[text->length++] = c;
}

static inline void text_bytes(struct text *text, const char *bytes, size_t length)
{
    if (length == 0)
        return;
    text_reserve(text, length);
    memcpy(text->bytes + text->length, bytes, length);
    text->length += length;
}

static inline void text_str(struct text *text, const char *string)
{
    text_bytes(text, string, strlen(string));
}

void text_unsigned(struct text *text, unsigned long long value);
void text_signed(struct text *text, long long value);
/* At least @width columns; counts code points. */
void text_padded(struct text *text, const char *string, size_t width);

/* @units UTF-16 code units in a style; without the quotes around. */
void text_utf16(struct text *text, const OLECHAR *utf16, size_t units, enum text_style style);
/* The same from UTF-8; bytes that are not UTF-8 are treated as U+DC00 + byte. */
void text_utf8(struct text *text, const char *utf8, size_t length, enum text_style style);

/* From now on @text is what TEXT_VISIBLE makes of it. */
void text_make_visible(struct text *text);

/* `"..."` as JSON: a string value. */
void text_json(struct text *text, const char *utf8);
/* `"name":` */
void text_json_name(struct text *text, const char *name);

#endif

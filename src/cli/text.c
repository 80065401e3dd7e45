/* SPDX-License-Identifier: MIT */
/* cli/text.c - a growing string, and the three styles of writing text into it */
#include "text.h"

#include <stdio.h>

void text_fini(struct text *text)
{
    cli_free(text->bytes);
    memset(text, 0, sizeof(*text));
}

void text_reserve_slow(struct text *text, size_t size)
{
    size_t capacity = text->capacity != 0 ? text->capacity : size < 128 ? 128 : size;

    while (capacity - text->length < size)
        capacity *= 2;
    text->bytes = cli_realloc(text->bytes, capacity);
    text->capacity = capacity;
}

const char *text_cstr(struct text *text)
{
    text_reserve(text, 1);
    text->bytes[text->length] = '\0';
    return text->bytes;
}

char *text_take(struct text *text)
{
    char *bytes;

    (void)text_cstr(text);
    bytes = text->bytes;
    memset(text, 0, sizeof(*text));
    return bytes;
}

void text_vprintf(struct text *text, const char *format, va_list args)
{
    va_list again;
    int length;

    va_copy(again, args);
    length = vsnprintf(NULL, 0, format, args);
    if (length > 0) {
        text_reserve(text, (size_t)length + 1);
        (void)vsnprintf(text->bytes + text->length, (size_t)length + 1, format, again);
        text->length += (size_t)length;
    }
    va_end(again);
}

void text_printf(struct text *text, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    text_vprintf(text, format, args);
    va_end(args);
}

void text_unsigned(struct text *text, unsigned long long value)
{
    char digits[20];
    size_t at = sizeof(digits);

    do {
        digits[--at] = (char)('0' + value % 10);
        value /= 10;
    } while (value != 0);
    text_bytes(text, digits + at, sizeof(digits) - at);
}

void text_signed(struct text *text, long long value)
{
    if (value < 0) {
        text_char(text, '-');
        text_unsigned(text, 0ull - (unsigned long long)value);
    } else {
        text_unsigned(text, (unsigned long long)value);
    }
}

void text_padded(struct text *text, const char *string, size_t width)
{
    size_t columns = 0;

    for (const char *p = string; *p != '\0'; p++)
        columns += ((unsigned char)*p & 0xc0) != 0x80;
    text_str(text, string);
    for (; columns < width; columns++)
        text_char(text, ' ');
}

/* ---- escaping -------------------------------------------------------------------------------- */

static const char hex[] = "0123456789abcdef";

static char *put_unicode_escape(char *to, uint32_t unit)
{
    *to++ = '\\';
    *to++ = 'u';
    *to++ = hex[unit >> 12 & 15];
    *to++ = hex[unit >> 8 & 15];
    *to++ = hex[unit >> 4 & 15];
    *to++ = hex[unit & 15];
    return to;
}

static char *put_byte_escape(char *to, uint32_t byte)
{
    *to++ = '\\';
    *to++ = 'x';
    *to++ = hex[byte >> 4 & 15];
    *to++ = hex[byte & 15];
    return to;
}

static char *put_utf8(char *to, uint32_t c)
{
    if (c < 0x80) {
        *to++ = (char)c;
    } else if (c < 0x800) {
        *to++ = (char)(0xc0 | c >> 6);
        *to++ = (char)(0x80 | (c & 0x3f));
    } else if (c < 0x10000) {
        *to++ = (char)(0xe0 | c >> 12);
        *to++ = (char)(0x80 | (c >> 6 & 0x3f));
        *to++ = (char)(0x80 | (c & 0x3f));
    } else {
        *to++ = (char)(0xf0 | c >> 18);
        *to++ = (char)(0x80 | (c >> 12 & 0x3f));
        *to++ = (char)(0x80 | (c >> 6 & 0x3f));
        *to++ = (char)(0x80 | (c & 0x3f));
    }
    return to;
}

/* A control character, a quote or a backslash. */
static char *put_ascii_escape(char *to, uint32_t c, enum text_style style)
{
    static const char names[] = "abtnvfr"; /* 7 .. 13 */
    bool is_named = c == '\b' || c == '\t' || c == '\n' || c == '\f' || c == '\r' ||
                    (style != TEXT_JSON && (c == '\a' || c == '\v'));

    if (c == '"' || c == '\\') {
        *to++ = '\\';
        *to++ = (char)c;
        return to;
    }
    if (is_named) {
        *to++ = '\\';
        *to++ = names[c - 7];
        return to;
    }
    return style == TEXT_JSON ? put_unicode_escape(to, c) : put_byte_escape(to, c);
}

/* U+DC80..U+DCFF stand for bytes of a file name that are not UTF-8. */
static char *put_lone_surrogate(char *to, uint32_t unit, enum text_style style)
{
    if (style == TEXT_PLAIN)
        return put_utf8(to, 0xfffd);
    if (style != TEXT_JSON && unit >= 0xdc80 && unit <= 0xdcff)
        return put_byte_escape(to, unit & 0xff);
    return put_unicode_escape(to, unit);
}

static inline char *put_code_point(char *to, uint32_t c, enum text_style style)
{
    if (c >= 0x20 && c < 0x7f && c != '"' && c != '\\') {
        *to++ = (char)c; /* nearly all there is */
        return to;
    }
    if (style == TEXT_VISIBLE && (c == '"' || c == '\\' || c == '\n' || c == '\t')) {
        *to++ = (char)c;
        return to;
    }
    if (c >= 0xd800 && c <= 0xdfff)
        return put_lone_surrogate(to, c, style);
    if (style != TEXT_PLAIN && (c < 0x20 || c == '"' || c == '\\' || c == 0x7f))
        return put_ascii_escape(to, c, style);
    /* C1 controls can drive a terminal as escape sequences do */
    if ((style == TEXT_QUOTED || style == TEXT_VISIBLE) && c >= 0x80 && c < 0xa0)
        return put_unicode_escape(to, c);
    if (style == TEXT_VISIBLE && (c == 0xfffe || c == 0xffff))
        return put_unicode_escape(to, c);
    return put_utf8(to, c);
}

enum { LONGEST_ESCAPE = 6 };

void text_utf16(struct text *text, const OLECHAR *utf16, size_t units, enum text_style style)
{
    char *to;

    if (units == 0)
        return; /* neither side need point to anything */
    text_reserve(text, units * LONGEST_ESCAPE);
    to = text->bytes + text->length;
    for (size_t i = 0; i < units; i++) {
        uint32_t c = utf16[i];

        if (c >= 0xd800 && c <= 0xdbff && i + 1 < units && utf16[i + 1] >= 0xdc00 &&
            utf16[i + 1] <= 0xdfff)
            c = 0x10000 + ((c - 0xd800) << 10) + (uint32_t)(utf16[++i] - 0xdc00);
        to = put_code_point(to, c, style);
    }
    text->length = (size_t)(to - text->bytes);
}

/* One well-formed code point, or U+DC00 + the byte; returns the bytes it took. */
static size_t next_utf8(const unsigned char *at, size_t left, uint32_t *ret_c)
{
    static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
    size_t size = at[0] < 0x80 ? 1 : at[0] < 0xc2 ? 0 : at[0] < 0xe0 ? 2 : at[0] < 0xf0 ? 3 : 4;
    uint32_t c = size == 1 ? at[0] : at[0] & (0x7fu >> size);

    if (size == 0 || size > left || at[0] > 0xf4)
        goto invalid;
    for (size_t i = 1; i < size; i++) {
        if ((at[i] & 0xc0) != 0x80)
            goto invalid;
        c = c << 6 | (at[i] & 0x3f);
    }
    if (size > 1 && (c < least[size] || c > 0x10ffff || (c >= 0xd800 && c <= 0xdfff)))
        goto invalid;
    *ret_c = c;
    return size;

invalid:
    *ret_c = 0xdc00u + at[0];
    return 1;
}

void text_utf8(struct text *text, const char *utf8, size_t length, enum text_style style)
{
    const unsigned char *at = (const unsigned char *)utf8;
    const unsigned char *end;
    char *to;

    if (length == 0)
        return; /* with nothing in it, @utf8 may be NULL */
    end = at + length;
    text_reserve(text, length * LONGEST_ESCAPE);
    to = text->bytes + text->length;
    while (at < end) {
        uint32_t c;

        at += next_utf8(at, (size_t)(end - at), &c);
        to = put_code_point(to, c, style);
    }
    text->length = (size_t)(to - text->bytes);
}

void text_make_visible(struct text *text)
{
    struct text visible = { 0 };

    text_utf8(&visible, text->bytes, text->length, TEXT_VISIBLE);
    text_fini(text);
    *text = visible;
}

void text_json(struct text *text, const char *utf8)
{
    text_char(text, '"');
    text_utf8(text, utf8, strlen(utf8), TEXT_JSON);
    text_char(text, '"');
}

void text_json_name(struct text *text, const char *name)
{
    text_json(text, name);
    text_char(text, ':');
}

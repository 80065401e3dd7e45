/* SPDX-License-Identifier: MIT */
/* fs/text.c - file names as UTF-16, and back */
#include "text.h"

#include <string.h>

#include <connpt/memory.h>

#define HEAD_SIZE 8 /* bytes before the first unit; the length stands in the last four */

static OLECHAR *units_of(const struct fs_text *text)
{
    return (OLECHAR *)(void *)(text->block + HEAD_SIZE);
}

void fs_text_fini(struct fs_text *text)
{
    connpt_CoTaskMemFree(text->block);
    *text = (struct fs_text){ 0 };
}

void fs_text_truncate(struct fs_text *text, uint32_t length)
{
    text->length = length;
}

static int reserve(struct fs_text *text, size_t more)
{
    size_t wanted = (size_t)text->length + more;
    size_t capacity = text->capacity != 0 ? text->capacity : 120;
    unsigned char *block;

    if (wanted <= text->capacity && text->block != NULL)
        return 1;
    while (capacity < wanted)
        capacity *= 2;
    if (capacity > UINT32_MAX / 4)
        return 0;
    block = connpt_CoTaskMemRealloc(text->block, HEAD_SIZE + 2 * (capacity + 1));
    if (block == NULL)
        return 0;
    text->block = block;
    text->capacity = (uint32_t)capacity;
    return 1;
}

/*
 * The length in bytes of the well-formed UTF-8 sequence at @at, 0 when there is none; its code
 * point goes to *ret_point. Overlong forms, surrogates and values past U+10FFFF are not
 * well-formed (Unicode, table 3-7).
 */
static unsigned decode(const unsigned char *at, const unsigned char *end, uint32_t *ret_point)
{
    size_t left = (size_t)(end - at);
    uint32_t point;

#define IS_TAIL(byte) (((byte)&0xC0) == 0x80)
    if (at[0] >= 0xC2 && at[0] <= 0xDF && left >= 2 && IS_TAIL(at[1])) {
        *ret_point = (uint32_t)(at[0] & 0x1F) << 6 | (at[1] & 0x3F);
        return 2;
    }
    if ((at[0] & 0xF0) == 0xE0 && left >= 3 && IS_TAIL(at[1]) && IS_TAIL(at[2])) {
        point = (uint32_t)(at[0] & 0x0F) << 12 | (uint32_t)(at[1] & 0x3F) << 6 | (at[2] & 0x3F);
        if (point < 0x800 || (point >= 0xD800 && point <= 0xDFFF))
            return 0;
        *ret_point = point;
        return 3;
    }
    if (at[0] >= 0xF0 && at[0] <= 0xF4 && left >= 4 && IS_TAIL(at[1]) && IS_TAIL(at[2]) &&
        IS_TAIL(at[3])) {
        point = (uint32_t)(at[0] & 0x07) << 18 | (uint32_t)(at[1] & 0x3F) << 12 |
                (uint32_t)(at[2] & 0x3F) << 6 | (at[3] & 0x3F);
        if (point < 0x10000 || point > 0x10FFFF)
            return 0;
        *ret_point = point;
        return 4;
    }
#undef IS_TAIL
    return 0;
}

int fs_text_append_name(struct fs_text *text, const char *bytes, size_t size)
{
    const unsigned char *at = (const unsigned char *)bytes;
    const unsigned char *end = at + size;
    OLECHAR *to;

    /* No sequence has more units than bytes. */
    if (!reserve(text, size))
        return 0;
    to = units_of(text) + text->length;
    while (at < end) {
        uint32_t point;
        unsigned length;

        if (*at < 0x80) {
            *to++ = *at++;
            continue;
        }
        length = decode(at, end, &point);
        if (length == 0) {
            at += fs_stray_unit(at, (size_t)(end - at), to++);
        } else if (point < 0x10000) {
            *to++ = (OLECHAR)point;
            at += length;
        } else {
            *to++ = (OLECHAR)(0xD7C0 + (point >> 10));
            *to++ = (OLECHAR)(0xDC00 + (point & 0x3FF));
            at += length;
        }
    }
    text->length = (uint32_t)(to - units_of(text));
    return 1;
}

int fs_text_set(struct fs_text *text, const char *ascii)
{
    uint32_t before = text->length;

    text->length = 0;
    if (fs_text_append_name(text, ascii, strlen(ascii)))
        return 1;
    text->length = before;
    return 0;
}

int fs_text_copy(struct fs_text *to, const struct fs_text *from)
{
    uint32_t before = to->length;

    to->length = 0;
    if (!reserve(to, from->length)) {
        to->length = before;
        return 0;
    }
    if (from->length != 0)
        memcpy(units_of(to), units_of(from), from->length * sizeof(OLECHAR));
    to->length = from->length;
    return 1;
}

BSTR fs_text_bstr(struct fs_text *text)
{
    uint32_t size = text->length * 2;

    if (text->block == NULL)
        return NULL;
    memcpy(text->block + HEAD_SIZE - sizeof size, &size, sizeof size);
    units_of(text)[text->length] = 0;
    return units_of(text);
}

/* One code point of the text as bytes; how many units it took, 0 when it stands for none. */
static uint32_t encode(const OLECHAR *at, size_t left, unsigned char **to)
{
    uint32_t point = at[0];
    unsigned char *out = *to;

    if (point == 0)
        return 0;
    if (point < 0x80) {
        *out++ = (unsigned char)point;
    } else if (point < 0x800) {
        *out++ = (unsigned char)(0xC0 | point >> 6);
        *out++ = (unsigned char)(0x80 | (point & 0x3F));
    } else if (point >= 0xD800 && point <= 0xDBFF && left >= 2 && at[1] >= 0xDC00 &&
               at[1] <= 0xDFFF) {
        point = ((point - 0xD7C0) << 10) + (at[1] & 0x3FFu);
        *out++ = (unsigned char)(0xF0 | point >> 18);
        *out++ = (unsigned char)(0x80 | (point >> 12 & 0x3F));
        *out++ = (unsigned char)(0x80 | (point >> 6 & 0x3F));
        *out++ = (unsigned char)(0x80 | (point & 0x3F));
        *to = out;
        return 2;
    } else if (point >= 0xD800 && point <= 0xDFFF) {
        unsigned size = fs_stray_bytes(at[0], out);

        *to = out + size;
        return size != 0;
    } else {
        *out++ = (unsigned char)(0xE0 | point >> 12);
        *out++ = (unsigned char)(0x80 | (point >> 6 & 0x3F));
        *out++ = (unsigned char)(0x80 | (point & 0x3F));
    }
    *to = out;
    return 1;
}

size_t fs_name_encode(const OLECHAR *text, size_t length, char *to)
{
    unsigned char *at = (unsigned char *)to;

    for (size_t i = 0; i < length;) {
        uint32_t taken = encode(text + i, length - i, &at);

        if (taken == 0)
            return 0;
        i += taken;
    }
    return (size_t)(at - (unsigned char *)to);
}

HRESULT fs_name_from_text(const OLECHAR *text, uint32_t length, char **ret_bytes)
{
    char *bytes = connpt_CoTaskMemAlloc((size_t)length * 3 + 1);
    size_t size;

    if (bytes == NULL)
        return E_OUTOFMEMORY;
    size = fs_name_encode(text, length, bytes);
    if (size == 0 && length != 0) {
        connpt_CoTaskMemFree(bytes);
        return E_INVALIDARG;
    }
    bytes[size] = '\0';
    *ret_bytes = bytes;
    return S_OK;
}

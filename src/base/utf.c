/* SPDX-License-Identifier: MIT */
/* base/utf.c - decode one character, encode one character, and a loop for each direction */
#include "base/utf.h"

#include "base/alloc.h"

#define CODE_POINT_MAX 0x10FFFFu

static int is_surrogate(uint32_t code)
{
    return code >= 0xD800 && code <= 0xDFFF;
}

/* Returns the bytes of the character at @text, or 0 when there is none that is well-formed. */
static size_t decode_utf8(const unsigned char *text, size_t length, uint32_t *ret_code)
{
    /* By number of bytes: a smaller value in that many bytes is an overlong form. */
    static const uint32_t smallest[] = { 0, 0, 0x80, 0x800, 0x10000 };
    uint32_t code = text[0];
    size_t size;

    if (code < 0x80) {
        *ret_code = code;
        return 1;
    }
    if (code < 0xC0 || code >= 0xF8)
        return 0;
    size = code < 0xE0 ? 2 : code < 0xF0 ? 3 : 4;
    if (size > length)
        return 0;
    code &= 0x7Fu >> size;
    for (size_t i = 1; i < size; i++) {
        if ((text[i] & 0xC0) != 0x80)
            return 0;
        code = code << 6 | (text[i] & 0x3Fu);
    }
    if (code < smallest[size] || code > CODE_POINT_MAX || is_surrogate(code))
        return 0;
    *ret_code = code;
    return size;
}

/* Returns the units of the character at @text, or 0 for a lone surrogate. */
static size_t decode_utf16(const OLECHAR *text, size_t length, uint32_t *ret_code)
{
    uint32_t first = text[0];

    if (!is_surrogate(first)) {
        *ret_code = first;
        return 1;
    }
    if (first >= 0xDC00 || length < 2 || text[1] < 0xDC00 || text[1] > 0xDFFF)
        return 0;
    *ret_code = 0x10000 + ((first - 0xD800) << 10) + (text[1] - 0xDC00u);
    return 2;
}

static size_t encode_utf8(uint32_t code, char *buffer)
{
    size_t size = code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;

    if (buffer == NULL)
        return size;
    if (size == 1) {
        buffer[0] = (char)code;
        return 1;
    }
    for (size_t i = size - 1; i > 0; i--) {
        buffer[i] = (char)(0x80 | (code & 0x3F));
        code >>= 6;
    }
    buffer[0] = (char)((0xF00u >> size) | code);
    return size;
}

static size_t encode_utf16(uint32_t code, OLECHAR *buffer)
{
    size_t size = code < 0x10000 ? 1 : 2;

    if (buffer == NULL)
        return size;
    if (size == 1) {
        buffer[0] = (OLECHAR)code;
        return 1;
    }
    buffer[0] = (OLECHAR)(0xD800 + ((code - 0x10000) >> 10));
    buffer[1] = (OLECHAR)(0xDC00 + (code & 0x3FF));
    return size;
}

HRESULT connpt__utf16_from_utf8(const char *text, size_t length, OLECHAR *buffer,
                                size_t *ret_length)
{
    size_t written = 0;

    for (size_t read = 0; read < length;) {
        uint32_t code;
        size_t size = decode_utf8((const unsigned char *)text + read, length - read, &code);

        if (size == 0)
            return E_INVALIDARG;
        read += size;
        written += encode_utf16(code, buffer != NULL ? buffer + written : NULL);
    }
    if (ret_length != NULL)
        *ret_length = written;
    return S_OK;
}

HRESULT connpt__utf8_from_utf16(const OLECHAR *text, size_t length, char *buffer,
                                size_t *ret_length)
{
    size_t written = 0;

    for (size_t read = 0; read < length;) {
        uint32_t code;
        size_t size = decode_utf16(text + read, length - read, &code);

        if (size == 0)
            return E_INVALIDARG;
        read += size;
        written += encode_utf8(code, buffer != NULL ? buffer + written : NULL);
    }
    if (ret_length != NULL)
        *ret_length = written;
    return S_OK;
}

HRESULT connpt__utf8_dup(const OLECHAR *text, size_t length, char **ret_utf8)
{
    size_t size;
    HRESULT hr = connpt__utf8_from_utf16(text, length, NULL, &size);
    char *utf8;

    if (FAILED(hr))
        return hr;
    utf8 = connpt__alloc(size + 1);
    if (utf8 == NULL)
        return E_OUTOFMEMORY;
    (void)connpt__utf8_from_utf16(text, length, utf8, &size);
    utf8[size] = '\0';
    *ret_utf8 = utf8;
    return S_OK;
}

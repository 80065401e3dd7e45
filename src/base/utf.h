/* SPDX-License-Identifier: MIT */
/*
 * base/utf.h - strict conversion between UTF-8 and UTF-16
 *
 * Nothing is repaired: an overlong form, a surrogate, a value above U+10FFFF or a cut-off
 * sequence is refused, so a text that went through here and back is the same text. A NUL is a
 * character like any other, and no terminator is written.
 *
 * Call with a NULL buffer to measure, then with a buffer of that many units to convert.
 */
#ifndef CONNPT_BASE_UTF_H
#define CONNPT_BASE_UTF_H

#include <connpt/com.h>

/*
 * @length: bytes, resp. 16-bit units
 * @buffer: NULL, or room for what the same call returned for NULL
 * @ret_length: 16-bit units, resp. bytes; may be NULL
 * Returns: S_OK; E_INVALIDARG: not well-formed (@ret_length untouched).
 */
HRESULT connpt__utf16_from_utf8(const char *text, size_t length, OLECHAR *buffer,
                                size_t *ret_length);
HRESULT connpt__utf8_from_utf16(const OLECHAR *text, size_t length, char *buffer,
                                size_t *ret_length);

/* The same with a terminator, from connpt__alloc. Returns: S_OK; E_INVALIDARG; E_OUTOFMEMORY. */
HRESULT connpt__utf8_dup(const OLECHAR *text, size_t length, char **ret_utf8);

#endif

/* SPDX-License-Identifier: MIT */
/*
 * fs/text_win32.c - lone surrogates of a name, as bytes
 *
 * The three bytes (WTF-8) stand in no well-formed name, and names become bytes as a whole, so a
 * pair is never cut in two.
 */
#include "text.h"

size_t fs_stray_unit(const unsigned char *at, size_t left, OLECHAR *ret_unit)
{
    if (left >= 3 && at[0] == 0xED && at[1] >= 0xA0 && (at[1] & 0xC0) == 0x80 &&
        (at[2] & 0xC0) == 0x80) {
        *ret_unit = (OLECHAR)(0xD000 | (at[1] & 0x3F) << 6 | (at[2] & 0x3F));
        return 3;
    }
    /* Not from fs_stray_bytes: no name of the engine's has it. */
    *ret_unit = 0xFFFD;
    return 1;
}

unsigned fs_stray_bytes(OLECHAR unit, unsigned char *to)
{
    to[0] = 0xED;
    to[1] = (unsigned char)(0x80 | (unit >> 6 & 0x3F));
    to[2] = (unsigned char)(0x80 | (unit & 0x3F));
    return 3;
}

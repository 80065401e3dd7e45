/* SPDX-License-Identifier: MIT */
/* fs/text_posix.c - bytes of a name that are not UTF-8, as lone surrogates */
#include "text.h"

size_t fs_stray_unit(const unsigned char *at, size_t left, OLECHAR *ret_unit)
{
    (void)left;
    *ret_unit = (OLECHAR)(0xDC00 + *at);
    return 1;
}

unsigned fs_stray_bytes(OLECHAR unit, unsigned char *to)
{
    if (unit < 0xDC80 || unit > 0xDCFF)
        return 0;
    *to = (unsigned char)(unit - 0xDC00);
    return 1;
}

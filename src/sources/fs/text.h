/* SPDX-License-Identifier: MIT */
/*
 * fs/text.h - a reused UTF-16 buffer that can be handed out as a BSTR, and file names in it
 *
 * Inside the engine names are bytes, UTF-8 as far as they are well-formed; outside, the UTF-16 of
 * the same characters. What is not well-formed keeps its identity too, so that no two names become
 * one and the way back is exact (docs/decisions/0030, 0031):
 *
 *   text_posix.c  The system's names are bytes: each byte that is not part of a well-formed
 *                 sequence becomes the lone surrogate U+DC00 + byte (0x80 .. 0xFF).
 *   text_win32.c  The system's names are UTF-16 units: a lone surrogate becomes the three bytes
 *                 that UTF-8 would have for it.
 */
#ifndef CONNPT_FS_TEXT_H
#define CONNPT_FS_TEXT_H

#include <connpt/com.h>

/* Zeroed memory is an empty text. */
struct fs_text {
    unsigned char *block; /* as <connpt/automation.h> draws a BSTR: 8 bytes, units, a NUL */
    uint32_t length;      /* units */
    uint32_t capacity;    /* units that fit, the NUL not counted */
};

void fs_text_fini(struct fs_text *text);

/* The first @length units stay. */
void fs_text_truncate(struct fs_text *text, uint32_t length);

/* Each returns 1, or 0 when there is no memory: then the text is as it was. */
int fs_text_append_name(struct fs_text *text, const char *bytes, size_t size);
int fs_text_set(struct fs_text *text, const char *ascii);
int fs_text_copy(struct fs_text *to, const struct fs_text *from);

/* The text as a BSTR, borrowed until it changes. NULL (the empty string) when it never had a
 * unit. */
BSTR fs_text_bstr(struct fs_text *text);

/*
 * fs_name_from_text - the bytes that such a text stands for
 *
 * @ret_bytes: NUL-terminated; free with connpt_CoTaskMemFree
 * Returns: S_OK; E_INVALIDARG: a NUL inside, or a surrogate that stands for no byte;
 *          E_OUTOFMEMORY.
 */
HRESULT fs_name_from_text(const OLECHAR *text, uint32_t length, char **ret_bytes);

/* The same into @to, which has room for 3 * @length bytes, without a NUL. How many; 0: it stands
 * for none. */
size_t fs_name_encode(const OLECHAR *text, size_t length, char *to);

/* ---- what is not well-formed: text_posix.c, text_win32.c ------------------------------------ */

/* The unit for the bytes at @at, and how many of the @left bytes it stands for. */
size_t fs_stray_unit(const unsigned char *at, size_t left, OLECHAR *ret_unit);

/* The bytes of a lone surrogate; how many, at most 3, or 0: it stands for none. */
unsigned fs_stray_bytes(OLECHAR unit, unsigned char *to);

#endif

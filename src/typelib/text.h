/* SPDX-License-Identifier: MIT */
/*
 * typelib/text.h - the texts of a type library as UTF-16
 *
 * The format has 8-bit texts and no code page: UTF-8 if that is what the bytes are, else
 * Latin-1, so that every text has a spelling. Names are compared without ASCII case.
 */
#ifndef CONNPT_TYPELIB_TEXT_H
#define CONNPT_TYPELIB_TEXT_H

#include "pe/cursor.h"

/* @buffer: NULL, or room for what the same call returned for NULL; not terminated
 * Returns the number of 16-bit units. */
size_t connpt__text_units(struct bytes text, OLECHAR *buffer);

/* A text whose data is NULL is the NULL string. Returns: S_OK; E_OUTOFMEMORY. */
HRESULT connpt__text_bstr(struct bytes text, BSTR *ret_bstr);

/* @name: NUL-terminated */
int connpt__text_is(struct bytes text, const OLECHAR *name);

/* Gives a name, which connpt__text_is() found equal, the spelling of the library. */
void connpt__text_respell(struct bytes text, OLECHAR *name);

#endif

/* SPDX-License-Identifier: MIT */
/* typelib/text.c - the texts of a type library as UTF-16 */
#include "typelib/text.h"

#include <connpt/automation.h>

#include "base/utf.h"

enum { MAX_NAME = 255 }; /* bytes: a name's length is one byte */

size_t connpt__text_units(struct bytes text, OLECHAR *buffer)
{
    size_t n_units;

    if (text.data == NULL)
        return 0;
    if (SUCCEEDED(connpt__utf16_from_utf8((const char *)text.data, text.size, buffer, &n_units)))
        return n_units;
    for (size_t i = 0; buffer != NULL && i < text.size; i++)
        buffer[i] = text.data[i];
    return text.size;
}

HRESULT connpt__text_bstr(struct bytes text, BSTR *ret_bstr)
{
    BSTR bstr;

    if (text.data == NULL) {
        *ret_bstr = NULL;
        return S_OK;
    }
    bstr = connpt_SysAllocStringLen(NULL, (UINT)connpt__text_units(text, NULL));
    if (bstr == NULL)
        return E_OUTOFMEMORY;
    (void)connpt__text_units(text, bstr);
    *ret_bstr = bstr;
    return S_OK;
}

static OLECHAR fold(OLECHAR unit)
{
    return unit >= 'A' && unit <= 'Z' ? (OLECHAR)(unit - 'A' + 'a') : unit;
}

int connpt__text_is(struct bytes text, const OLECHAR *name)
{
    OLECHAR units[MAX_NAME];
    size_t n_units;

    if (text.data == NULL || text.size > MAX_NAME)
        return 0;
    /* Most names differ at once; an ASCII character is itself in UTF-8 and in Latin-1. */
    if (text.size > 0 && text.data[0] < 0x80 && fold(text.data[0]) != fold(name[0]))
        return 0;
    n_units = connpt__text_units(text, units);
    for (size_t i = 0; i < n_units; i++) {
        if (name[i] == 0 || fold(units[i]) != fold(name[i]))
            return 0;
    }
    return name[n_units] == 0;
}

void connpt__text_respell(struct bytes text, OLECHAR *name)
{
    OLECHAR units[MAX_NAME];
    size_t n_units = connpt__text_units(text, units);

    for (size_t i = 0; i < n_units; i++) {
        /* A name that is spelled right already may be a constant. */
        if (name[i] != units[i])
            name[i] = units[i];
    }
}

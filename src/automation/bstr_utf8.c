/* SPDX-License-Identifier: MIT */
/* automation/bstr_utf8.c - BSTRs from and to the strings of C programs */
#include "automation/bstr.h"

#include <string.h>

#include <connpt/memory.h>

#include "base/utf.h"

HRESULT connpt_bstr_from_utf8(const char *utf8, size_t length, BSTR *ret_bstr)
{
    size_t n_units;
    BSTR bstr;
    HRESULT hr;

    if (utf8 == NULL || ret_bstr == NULL)
        return E_POINTER;
    if (length == (size_t)-1)
        length = strlen(utf8);
    hr = connpt__utf16_from_utf8(utf8, length, NULL, &n_units);
    if (FAILED(hr))
        return hr;
    if (n_units > UINT32_MAX)
        return E_OUTOFMEMORY;
    bstr = connpt_SysAllocStringLen(NULL, (UINT)n_units);
    if (bstr == NULL)
        return E_OUTOFMEMORY;
    (void)connpt__utf16_from_utf8(utf8, length, bstr, NULL); /* well-formed: it was measured */
    *ret_bstr = bstr;
    return S_OK;
}

HRESULT connpt__bstr_from_ascii(const char *text, BSTR *ret_bstr)
{
    return connpt_bstr_from_utf8(text, (size_t)-1, ret_bstr);
}

HRESULT connpt_utf8_from_bstr(BSTR bstr, char **ret_utf8, size_t *ret_length)
{
    size_t n_units = connpt_SysStringLen(bstr), n_bytes;
    char *utf8;
    HRESULT hr;

    if (ret_utf8 == NULL)
        return E_POINTER;
    hr = connpt__utf8_from_utf16(bstr, n_units, NULL, &n_bytes);
    if (FAILED(hr))
        return hr;
    utf8 = connpt_CoTaskMemAlloc(n_bytes + 1);
    if (utf8 == NULL)
        return E_OUTOFMEMORY;
    (void)connpt__utf8_from_utf16(bstr, n_units, utf8, NULL); /* well-formed: it was measured */
    utf8[n_bytes] = '\0';
    *ret_utf8 = utf8;
    if (ret_length != NULL)
        *ret_length = n_bytes;
    return S_OK;
}

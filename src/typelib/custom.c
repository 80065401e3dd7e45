/* SPDX-License-Identifier: MIT */
/*
 * typelib/custom.c - texts that an IDL attaches to its library
 *
 * Records of custom data are a chain: i32 offset of the GUID, i32 value, i32 offset of the next
 * one or -1. A chain of a damaged file may go in a circle: more than MOST records are not looked
 * at.
 */
#include <connpt/automation.h>
#include <connpt/guid.h>
#include <connpt/typelib.h>

#include "typelib/library.h"
#include "typelib/text.h"

enum { MOST = 1000 };

static HRESULT find_text(const struct msft *msft, const GUID *guid, struct bytes *ret_text)
{
    msft_offset at = msft->custom;

    for (int i = 0; i < MOST && at != MSFT_NONE; i++) {
        struct cursor cursor = cursor_at(msft->segments[MSFT_CUSTOM_DATA], (size_t)at);
        msft_offset name = cursor_i32(&cursor);
        uint32_t encoded = cursor_u32(&cursor);
        struct msft_value value;
        GUID found;
        HRESULT hr;

        at = cursor_i32(&cursor);
        hr = cursor.overrun ? TYPE_E_INVDATAREAD : connpt__msft_guid(msft, name, &found);
        if (FAILED(hr))
            return hr;
        if (!connpt_guid_equal(&found, guid))
            continue;
        hr = connpt__msft_value(msft, encoded, &value);
        if (FAILED(hr))
            return hr;
        *ret_text = value.text;
        return value.vt == VT_BSTR && value.text.data != NULL ? S_OK : S_FALSE;
    }
    return S_FALSE;
}

/* A library that this one does not read. */
static HRESULT ask(ITypeLib *library, const GUID *guid, BSTR *ret_text)
{
#ifdef _WIN32
    ITypeLib2 *library2 = NULL;
    VARIANT value;
    HRESULT hr = ITypeLib_QueryInterface(library, &IID_ITypeLib2, (void **)&library2);

    if (FAILED(hr) || library2 == NULL)
        return S_FALSE;
    connpt_VariantInit(&value);
    hr = ITypeLib2_GetCustData(library2, guid, &value);
    ITypeLib2_Release(library2);
    if (hr == S_OK && V_VT(&value) == VT_BSTR && V_BSTR(&value) != NULL) {
        *ret_text = V_BSTR(&value);
        return S_OK;
    }
    connpt_VariantClear(&value);
    return FAILED(hr) ? hr : S_FALSE;
#else
    (void)library;
    (void)guid;
    (void)ret_text;
    return S_FALSE;
#endif
}

HRESULT connpt_typelib_custom(ITypeLib *iface, REFGUID guid, BSTR *ret_text)
{
    struct library *library;
    struct bytes text;
    HRESULT hr;

    if (iface == NULL || guid == NULL || ret_text == NULL)
        return E_POINTER;
    library = connpt__library_from(iface);
    if (library == NULL)
        return ask(iface, guid, ret_text);
    hr = find_text(&library->msft, guid, &text);
    return hr == S_OK ? connpt__text_bstr(text, ret_text) : hr;
}

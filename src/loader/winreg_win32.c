/* SPDX-License-Identifier: MIT */
/* loader/winreg_win32.c - winreg.h over the functions that take a path, of Windows Vista on */
#include "loader/winreg.h"

#include <string.h>

#include "base/alloc.h"

HRESULT connpt__winreg_join(WCHAR path[CONNPT__KEY_UNITS], const WCHAR *a, const WCHAR *b)
{
    size_t a_length = wcslen(a), b_length = b != NULL ? wcslen(b) : 0;

    if (a_length + b_length + 2 > CONNPT__KEY_UNITS)
        return HRESULT_FROM_WIN32(ERROR_FILENAME_EXCED_RANGE);
    memcpy(path, a, (a_length + 1) * sizeof *path);
    if (b != NULL) {
        path[a_length] = L'\\';
        memcpy(path + a_length + 1, b, (b_length + 1) * sizeof *path);
    }
    return S_OK;
}

/* Makes key\subkey and writes one value of it. */
static HRESULT write_text(HKEY root, const WCHAR *key, const WCHAR *subkey, const WCHAR *name,
                          const WCHAR *text)
{
    WCHAR path[CONNPT__KEY_UNITS];
    LSTATUS status;
    HRESULT hr = connpt__winreg_join(path, key, subkey);

    if (FAILED(hr))
        return hr;
    status =
        RegSetKeyValueW(root, path, name, REG_SZ, text, (DWORD)((wcslen(text) + 1) * sizeof *text));
    return HRESULT_FROM_WIN32((DWORD)status);
}

HRESULT connpt__winreg_read(HKEY root, const WCHAR *key, const WCHAR *subkey, WCHAR **ret_text)
{
    WCHAR path[CONNPT__KEY_UNITS], *text;
    DWORD bytes = 0;
    HRESULT hr = connpt__winreg_join(path, key, subkey);

    if (FAILED(hr))
        return hr;
    *ret_text = NULL;
    if (RegGetValueW(root, path, NULL, RRF_RT_REG_SZ, NULL, NULL, &bytes) != 0)
        return S_OK;
    text = connpt__alloc(bytes);
    if (text == NULL)
        return E_OUTOFMEMORY;
    if (RegGetValueW(root, path, NULL, RRF_RT_REG_SZ, NULL, text, &bytes) == 0)
        *ret_text = text;
    else
        connpt__free(text); /* it changed meanwhile */
    return S_OK;
}

HRESULT connpt__winreg_remove(HKEY root, const WCHAR *key)
{
    LSTATUS status = RegDeleteTreeW(root, key);

    return status == ERROR_FILE_NOT_FOUND ? S_OK : HRESULT_FROM_WIN32((DWORD)status);
}

HRESULT connpt__winreg_write(HKEY root, const struct connpt__winreg_row *rows, size_t n_rows)
{
    HRESULT hr = S_OK;

    for (size_t i = 0; i < n_rows && SUCCEEDED(hr); i++)
        hr = write_text(root, rows[i].key, rows[i].subkey, rows[i].name, rows[i].text);
    return hr;
}

void connpt__winreg_guid(const GUID *guid, WCHAR text[CONNPT__GUID_UNITS])
{
    (void)StringFromGUID2(guid, text, CONNPT__GUID_UNITS);
}

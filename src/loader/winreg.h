/* SPDX-License-Identifier: MIT */
/* loader/winreg.h - texts in the registry (Windows only) */
#ifndef CONNPT_LOADER_WINREG_H
#define CONNPT_LOADER_WINREG_H

#include <connpt/com.h>

enum {
    CONNPT__GUID_UNITS = 39, /* {...} and the 0 */
    CONNPT__KEY_UNITS = 600  /* two names of at most 255 units, and what is between */
};

/* One value: key\subkey is made for it. */
struct connpt__winreg_row {
    const WCHAR *key, *subkey, *name, *text; /* subkey, name: or NULL */
};

/* a\b, or a when b is NULL. */
HRESULT connpt__winreg_join(WCHAR path[CONNPT__KEY_UNITS], const WCHAR *a, const WCHAR *b);

/* The rows in their order, up to one that cannot be written. */
HRESULT connpt__winreg_write(HKEY root, const struct connpt__winreg_row *rows, size_t n_rows);

/* The unnamed value of key\subkey; connpt__free it. NULL: there is none. */
HRESULT connpt__winreg_read(HKEY root, const WCHAR *key, const WCHAR *subkey, WCHAR **ret_text);

/* With all that is below it. S_OK when it is not there. */
HRESULT connpt__winreg_remove(HKEY root, const WCHAR *key);

void connpt__winreg_guid(const GUID *guid, WCHAR text[CONNPT__GUID_UNITS]);

#endif

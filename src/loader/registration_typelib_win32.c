/* SPDX-License-Identifier: MIT */
/*
 * loader/registration_typelib_win32.c - the type library of a registration
 *
 * For the machine the system writes it. For the user it is written here, as the system's documents
 * show it:
 *
 *     TypeLib\{libid}\1.0                its help text
 *         \0\win64                       the module's file (0: the language)
 *         \FLAGS, \HELPDIR
 *     Interface\{iid}                    the interface's name
 *         \ProxyStubClsid32              who marshals it: oleaut32, by the library
 *         \TypeLib                       {libid}; Version
 *
 * RegisterTypeLibForUser would do, but Wine's writes for the machine.
 */
#include "loader/registration.h"

#include <string.h>

#include "base/alloc.h"
#include "loader/winreg.h"

/* Who marshals by a type library: methods in a table, and events by their ids. */
#define PROXY_OF_TABLES L"{00020424-0000-0000-C000-000000000046}"
#define PROXY_OF_DISPATCH L"{00020420-0000-0000-C000-000000000046}"

struct typelib_keys {
    WCHAR libid[CONNPT__GUID_UNITS];
    WCHAR version[12];                  /* 1.0, in hexadecimal */
    WCHAR library[CONNPT__KEY_UNITS];   /* TypeLib\{libid} */
    WCHAR versioned[CONNPT__KEY_UNITS]; /* TypeLib\{libid}\1.0 */
    WCHAR system[24];                   /* 0\win64 */
};

static HRESULT get_keys(const TLIBATTR *attr, struct typelib_keys *keys)
{
    static const WCHAR *const systems[] = { L"win16", L"win32", L"mac", L"win64" };
    WCHAR minor[6], language[9];
    HRESULT hr;

    connpt__winreg_guid(&attr->guid, keys->libid);
    (void)_ultow(attr->wMajorVerNum, keys->version, 16);
    (void)_ultow(attr->wMinorVerNum, minor, 16);
    wcscat(wcscat(keys->version, L"."), minor);
    (void)_ultow(attr->lcid, language, 16);
    wcscpy(keys->system, language);
    wcscat(wcscat(keys->system, L"\\"), systems[attr->syskind & 3]);
    hr = connpt__winreg_join(keys->library, L"TypeLib", keys->libid);
    return FAILED(hr) ? hr : connpt__winreg_join(keys->versioned, keys->library, keys->version);
}

/* ---- interfaces: those that oleaut32 can marshal by the library ------------------------------ */

/* S_FALSE: not one of those. */
static HRESULT interface_key(ITypeInfo *info, WCHAR key[CONNPT__KEY_UNITS], const WCHAR **ret_proxy)
{
    WCHAR iid[CONNPT__GUID_UNITS];
    TYPEATTR *attr;
    HRESULT hr = ITypeInfo_GetTypeAttr(info, &attr);
    int has_table, is_dispatch;

    if (FAILED(hr))
        return hr;
    has_table = (attr->wTypeFlags & (TYPEFLAG_FDUAL | TYPEFLAG_FOLEAUTOMATION)) != 0;
    is_dispatch = attr->typekind == TKIND_DISPATCH;
    hr = is_dispatch || (has_table && attr->typekind == TKIND_INTERFACE) ? S_OK : S_FALSE;
    connpt__winreg_guid(&attr->guid, iid);
    *ret_proxy = is_dispatch && (attr->wTypeFlags & TYPEFLAG_FDUAL) == 0 ? PROXY_OF_DISPATCH
                                                                         : PROXY_OF_TABLES;
    ITypeInfo_ReleaseTypeAttr(info, attr);
    return hr == S_OK ? connpt__winreg_join(key, L"Interface", iid) : hr;
}

typedef HRESULT interface_fn(const struct connpt__registration *registration,
                             const struct typelib_keys *keys, ITypeInfo *info);

static HRESULT add_interface(const struct connpt__registration *registration,
                             const struct typelib_keys *keys, ITypeInfo *info)
{
    WCHAR key[CONNPT__KEY_UNITS];
    const WCHAR *proxy;
    BSTR name;
    HRESULT hr = interface_key(info, key, &proxy);

    if (hr == S_OK)
        hr = ITypeInfo_GetDocumentation(info, MEMBERID_NIL, &name, NULL, NULL, NULL);
    if (hr == S_OK) {
        const struct connpt__winreg_row rows[] = {
            { key, NULL, NULL, name },
            { key, L"ProxyStubClsid32", NULL, proxy },
            { key, L"TypeLib", NULL, keys->libid },
            { key, L"TypeLib", L"Version", keys->version },
        };

        hr = connpt__winreg_write(registration->classes, rows, sizeof rows / sizeof rows[0]);
        SysFreeString(name);
    }
    return hr;
}

/* Unless another library describes it by now. */
static HRESULT remove_interface(const struct connpt__registration *registration,
                                const struct typelib_keys *keys, ITypeInfo *info)
{
    WCHAR key[CONNPT__KEY_UNITS], *libid;
    const WCHAR *proxy;
    HRESULT hr = interface_key(info, key, &proxy);

    if (hr == S_OK)
        hr = connpt__winreg_read(registration->classes, key, L"TypeLib", &libid);
    if (hr != S_OK || libid == NULL)
        return hr;
    if (_wcsicmp(libid, keys->libid) == 0)
        hr = connpt__winreg_remove(registration->classes, key);
    connpt__free(libid);
    return hr;
}

static HRESULT each_interface(const struct connpt__registration *registration,
                              const struct typelib_keys *keys, interface_fn *work)
{
    UINT n_types = ITypeLib_GetTypeInfoCount(registration->library);
    HRESULT hr = S_OK;

    for (UINT i = 0; i < n_types && SUCCEEDED(hr); i++) {
        ITypeInfo *info;

        hr = ITypeLib_GetTypeInfo(registration->library, i, &info);
        if (FAILED(hr))
            break;
        hr = work(registration, keys, info);
        ITypeInfo_Release(info);
    }
    return FAILED(hr) ? hr : S_OK;
}

/* ---- for the user ---------------------------------------------------------------------------- */

static HRESULT add_for_user(const struct connpt__registration *registration,
                            const struct typelib_keys *keys)
{
    const WCHAR *versioned = keys->versioned;
    WCHAR flags[11], *folder;
    BSTR help;
    HRESULT hr = ITypeLib_GetDocumentation(registration->library, -1, NULL, &help, NULL, NULL);

    if (FAILED(hr))
        return hr;
    folder = SysAllocString(registration->file);
    if (folder == NULL) {
        hr = E_OUTOFMEMORY;
        goto free_help;
    }
    *wcsrchr(folder, L'\\') = 0; /* the system gave a path in full */
    (void)_ultow(registration->attr->wLibFlags, flags, 10);
    {
        const struct connpt__winreg_row rows[] = {
            { versioned, keys->system, NULL, registration->file }, /* first: it tells whose it is */
            { versioned, NULL, NULL, help != NULL ? help : L"" },
            { versioned, L"FLAGS", NULL, flags },
            { versioned, L"HELPDIR", NULL, folder },
        };

        hr = connpt__winreg_write(registration->classes, rows, sizeof rows / sizeof rows[0]);
    }
    if (SUCCEEDED(hr))
        hr = each_interface(registration, keys, add_interface);
    SysFreeString(folder);
free_help:
    SysFreeString(help);
    return hr;
}

static HRESULT remove_for_user(const struct connpt__registration *registration,
                               const struct typelib_keys *keys)
{
    HRESULT hr = each_interface(registration, keys, remove_interface);

    if (SUCCEEDED(hr))
        hr = connpt__winreg_remove(registration->classes, keys->versioned);
    /* When no other version of it, no other library and no other interface is there. */
    (void)RegDeleteKeyW(registration->classes, keys->library);
    (void)RegDeleteKeyW(registration->classes, L"TypeLib");
    (void)RegDeleteKeyW(registration->classes, L"Interface");
    return hr;
}

/* ---- for either ------------------------------------------------------------------------------ */

HRESULT connpt__registration_add_typelib(const struct connpt__registration *registration)
{
    struct typelib_keys keys;
    HRESULT hr;

    if (registration->library == NULL)
        return S_OK;
    if (!registration->for_user)
        return RegisterTypeLib(registration->library, registration->file, NULL);
    hr = get_keys(registration->attr, &keys);
    return FAILED(hr) ? hr : add_for_user(registration, &keys);
}

HRESULT connpt__registration_remove_typelib(const struct connpt__registration *registration)
{
    const TLIBATTR *attr = registration->attr;
    struct typelib_keys keys;
    WCHAR *file = NULL;
    HRESULT hr;

    if (attr == NULL)
        return S_OK;
    hr = get_keys(attr, &keys);
    if (SUCCEEDED(hr))
        hr = connpt__winreg_read(registration->classes, keys.versioned, keys.system, &file);
    if (FAILED(hr) || file == NULL)
        return hr;
    if (!connpt__registration_is_ours(registration, file))
        hr = S_FALSE;
    else if (registration->for_user)
        hr = remove_for_user(registration, &keys);
    else
        hr = UnRegisterTypeLib(&attr->guid, attr->wMajorVerNum, attr->wMinorVerNum, attr->lcid,
                               attr->syskind);
    connpt__free(file);
    return hr;
}

/* SPDX-License-Identifier: MIT */
/*
 * loader/registration_win32.c - what a server writes into the registry, and removes again
 *
 * Below Software\Classes of the machine or of the user:
 *
 *     CLSID\{clsid}                  the class's help text, or its name
 *         \InprocServer32            the module's file; ThreadingModel
 *         \ProgID                    Library.Class.1
 *         \VersionIndependentProgID  Library.Class
 *         \TypeLib, \Version         of the library
 *     Library.Class.1\CLSID          {clsid}
 *     Library.Class\CLSID, \CurVer   {clsid}, Library.Class.1
 *
 * and what RegisterTypeLib writes: TypeLib\{libid} and Interface\{iid}. The names come from the
 * type library in the module; without one there are InprocServer32 and nothing below it.
 *
 * InprocServer32 is written first and removed last: what it names tells whose registration it is,
 * also after a half of one.
 */
#include "loader/registration.h"

#include <string.h>

#include "base/alloc.h"
#include "loader/winreg.h"

/* Are they one file? Not when the second one is not there. */
static int same_file(const WCHAR *a, const WCHAR *b)
{
    BY_HANDLE_FILE_INFORMATION info[2];
    const WCHAR *names[2] = { a, b };
    const DWORD share = FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE;

    for (int i = 0; i < 2; i++) {
        HANDLE file = CreateFileW(names[i], 0, share, NULL, OPEN_EXISTING, 0, NULL);
        BOOL known = file != INVALID_HANDLE_VALUE && GetFileInformationByHandle(file, &info[i]);

        if (file != INVALID_HANDLE_VALUE)
            CloseHandle(file);
        if (!known)
            return 0;
    }
    return info[0].dwVolumeSerialNumber == info[1].dwVolumeSerialNumber &&
           info[0].nFileIndexHigh == info[1].nFileIndexHigh &&
           info[0].nFileIndexLow == info[1].nFileIndexLow;
}

int connpt__registration_is_ours(const struct connpt__registration *registration, const WCHAR *file)
{
    return GetFileAttributesW(file) == INVALID_FILE_ATTRIBUTES ||
           same_file(registration->file, file);
}

static HRESULT class_key(const struct connpt_server_class *cls, WCHAR clsid[CONNPT__GUID_UNITS],
                         WCHAR path[CONNPT__KEY_UNITS])
{
    connpt__winreg_guid(cls->clsid, clsid);
    return connpt__winreg_join(path, L"CLSID", clsid);
}

/* ---- the names of a class, out of the type library ------------------------------------------- */

struct class_names {
    BSTR help;      /* what the class is, for people */
    BSTR prog_id;   /* Library.Class */
    BSTR versioned; /* Library.Class.1 */
};

static void free_names(struct class_names *names)
{
    SysFreeString(names->help);
    SysFreeString(names->prog_id);
    SysFreeString(names->versioned);
}

static BSTR dotted(const WCHAR *a, const WCHAR *b)
{
    size_t a_length = wcslen(a), b_length = wcslen(b);
    BSTR text = SysAllocStringLen(NULL, (UINT)(a_length + 1 + b_length));

    if (text != NULL) {
        memcpy(text, a, a_length * sizeof *text);
        text[a_length] = L'.';
        memcpy(text + a_length + 1, b, (b_length + 1) * sizeof *text);
    }
    return text;
}

/* A class that the library does not describe has no names: all are NULL. */
static HRESULT get_names(const struct connpt__registration *registration, const CLSID *clsid,
                         struct class_names *ret_names)
{
    struct class_names names = { NULL, NULL, NULL };
    BSTR library_name = NULL, class_name = NULL;
    ITypeInfo *info;
    WCHAR major[6];
    HRESULT hr;

    *ret_names = names;
    if (registration->library == NULL ||
        FAILED(ITypeLib_GetTypeInfoOfGuid(registration->library, clsid, &info)))
        return S_OK;
    hr = ITypeInfo_GetDocumentation(info, MEMBERID_NIL, &class_name, &names.help, NULL, NULL);
    ITypeInfo_Release(info);
    if (SUCCEEDED(hr))
        hr = ITypeLib_GetDocumentation(registration->library, -1, &library_name, NULL, NULL, NULL);
    if (FAILED(hr))
        goto free_texts;
    (void)_ultow(registration->attr->wMajorVerNum, major, 10);
    names.prog_id = dotted(library_name, class_name);
    names.versioned = names.prog_id != NULL ? dotted(names.prog_id, major) : NULL;
    if (names.help == NULL) {
        names.help = class_name;
        class_name = NULL;
    }
    if (names.versioned != NULL)
        *ret_names = names;
    else
        hr = E_OUTOFMEMORY;
free_texts:
    if (FAILED(hr))
        free_names(&names);
    SysFreeString(library_name);
    SysFreeString(class_name);
    return hr;
}

/* ---- one class ------------------------------------------------------------------------------- */

static HRESULT write_names(const struct connpt__registration *registration, const WCHAR *class_path,
                           const WCHAR *clsid, const struct class_names *names)
{
    const TLIBATTR *attr = registration->attr;
    WCHAR libid[CONNPT__GUID_UNITS], version[12], minor[6];
    const struct connpt__winreg_row rows[] = {
        { class_path, NULL, NULL, names->help },
        { class_path, L"ProgID", NULL, names->versioned },
        { class_path, L"VersionIndependentProgID", NULL, names->prog_id },
        { class_path, L"TypeLib", NULL, libid },
        { class_path, L"Version", NULL, version },
        { names->versioned, NULL, NULL, names->help },
        { names->versioned, L"CLSID", NULL, clsid },
        { names->prog_id, NULL, NULL, names->help },
        { names->prog_id, L"CLSID", NULL, clsid },
        { names->prog_id, L"CurVer", NULL, names->versioned },
    };

    connpt__winreg_guid(&attr->guid, libid);
    (void)_ultow(attr->wMajorVerNum, version, 10);
    (void)_ultow(attr->wMinorVerNum, minor, 10);
    wcscat(wcscat(version, L"."), minor);
    return connpt__winreg_write(registration->classes, rows, sizeof rows / sizeof rows[0]);
}

static HRESULT register_class(const struct connpt__registration *registration,
                              const struct connpt_server_class *cls)
{
    WCHAR clsid[CONNPT__GUID_UNITS], path[CONNPT__KEY_UNITS];
    const struct connpt__winreg_row server[] = {
        { path, L"InprocServer32", NULL, registration->file },
        { path, L"InprocServer32", L"ThreadingModel", registration->threading },
    };
    struct class_names names;
    HRESULT hr = class_key(cls, clsid, path);

    if (SUCCEEDED(hr))
        hr = connpt__winreg_write(registration->classes, server, sizeof server / sizeof server[0]);
    if (SUCCEEDED(hr))
        hr = get_names(registration, cls->clsid, &names);
    if (FAILED(hr))
        return hr;
    if (names.prog_id != NULL)
        hr = write_names(registration, path, clsid, &names);
    free_names(&names);
    return hr;
}

/* Removes the name unless it has come to mean another class. */
static HRESULT remove_prog_id(const struct connpt__registration *registration,
                              const WCHAR *class_path, const WCHAR *kind, const WCHAR *clsid)
{
    WCHAR *prog_id, *meant = NULL;
    HRESULT hr = connpt__winreg_read(registration->classes, class_path, kind, &prog_id);

    if (FAILED(hr) || prog_id == NULL)
        return hr;
    hr = connpt__winreg_read(registration->classes, prog_id, L"CLSID", &meant);
    if (SUCCEEDED(hr) && meant != NULL && _wcsicmp(meant, clsid) == 0)
        hr = connpt__winreg_remove(registration->classes, prog_id);
    connpt__free(meant);
    connpt__free(prog_id);
    return hr;
}

/* S_FALSE: another file serves the class now; nothing was removed. */
static HRESULT unregister_class(const struct connpt__registration *registration,
                                const struct connpt_server_class *cls)
{
    WCHAR clsid[CONNPT__GUID_UNITS], path[CONNPT__KEY_UNITS], *file;
    HRESULT hr = class_key(cls, clsid, path);
    int ours;

    if (SUCCEEDED(hr))
        hr = connpt__winreg_read(registration->classes, path, L"InprocServer32", &file);
    if (FAILED(hr) || file == NULL)
        return hr;
    ours = connpt__registration_is_ours(registration, file);
    connpt__free(file);
    if (!ours)
        return S_FALSE;
    hr = remove_prog_id(registration, path, L"ProgID", clsid);
    if (SUCCEEDED(hr))
        hr = remove_prog_id(registration, path, L"VersionIndependentProgID", clsid);
    return SUCCEEDED(hr) ? connpt__winreg_remove(registration->classes, path) : hr;
}

/* ---- all of it ------------------------------------------------------------------------------- */

HRESULT connpt__registration_add(const struct connpt__registration *registration)
{
    HRESULT hr = S_OK;

    for (const struct connpt_server_class *cls = registration->server->classes;
         cls->clsid != NULL && SUCCEEDED(hr); cls++)
        hr = register_class(registration, cls);
    return SUCCEEDED(hr) ? connpt__registration_add_typelib(registration) : hr;
}

HRESULT connpt__registration_remove(const struct connpt__registration *registration)
{
    HRESULT first = S_OK, hr;

    for (const struct connpt_server_class *cls = registration->server->classes; cls->clsid != NULL;
         cls++) {
        hr = unregister_class(registration, cls);
        if (SUCCEEDED(first) && hr != S_OK)
            first = hr;
    }
    hr = connpt__registration_remove_typelib(registration);
    return SUCCEEDED(first) && hr != S_OK ? hr : first;
}

int connpt__registration_is_there(const struct connpt__registration *registration)
{
    for (const struct connpt_server_class *cls = registration->server->classes; cls->clsid != NULL;
         cls++) {
        WCHAR clsid[CONNPT__GUID_UNITS], path[CONNPT__KEY_UNITS], *file = NULL;

        if (FAILED(class_key(cls, clsid, path)) ||
            FAILED(connpt__winreg_read(registration->classes, path, L"InprocServer32", &file)))
            return 1; /* perhaps */
        connpt__free(file);
        if (file != NULL)
            return 1;
    }
    return 0;
}

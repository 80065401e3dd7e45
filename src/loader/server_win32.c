/* SPDX-License-Identifier: MIT */
/*
 * loader/server_win32.c - a server's module registers itself: where, and what it is
 *
 * The machine comes first, and the user where that is refused: COM looks at both, and everybody
 * can use what is registered for the machine.
 */
#include <connpt/server.h>

#include <string.h>

#include "base/alloc.h"
#include "base/mutex.h"
#include "loader/registration.h"

/* ---- the module: the server is a variable in it ---------------------------------------------- */

static HRESULT last_error(void)
{
    DWORD error = GetLastError();

    return error != 0 ? HRESULT_FROM_WIN32(error) : E_FAIL;
}

static HRESULT module_file(const struct connpt_server *server, WCHAR **ret_file)
{
    HMODULE module;
    DWORD size = MAX_PATH;

    if (!GetModuleHandleExW(GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS |
                                GET_MODULE_HANDLE_EX_FLAG_UNCHANGED_REFCOUNT,
                            (LPCWSTR)(const void *)server, &module))
        return last_error();
    for (;;) {
        WCHAR *file = connpt__alloc(size * sizeof *file);
        DWORD length;

        if (file == NULL)
            return E_OUTOFMEMORY;
        length = GetModuleFileNameW(module, file, size);
        if (length != 0 && length < size) {
            *ret_file = file;
            return S_OK;
        }
        connpt__free(file);
        if (length == 0)
            return last_error();
        size *= 2;
    }
}

HRESULT connpt_server_typelib(const struct connpt_server *server, ITypeLib **ret_library)
{
    ITypeLib *library;
    WCHAR *file;
    HRESULT hr;

    if (server == NULL || ret_library == NULL)
        return E_POINTER;
    hr = module_file(server, &file);
    if (FAILED(hr))
        return hr;
    hr = LoadTypeLibEx(file, REGKIND_NONE, &library);
    connpt__free(file);
    if (SUCCEEDED(hr))
        *ret_library = library;
    return hr;
}

/* ---- where ------------------------------------------------------------------------------------
 */

static void close_registration(struct connpt__registration *registration)
{
    if (registration->attr != NULL)
        ITypeLib_ReleaseTLibAttr(registration->library, registration->attr);
    if (registration->library != NULL)
        ITypeLib_Release(registration->library);
    connpt__free(registration->file);
}

static HRESULT open_registration(const struct connpt_server *server, unsigned flags,
                                 struct connpt__registration *registration)
{
    HRESULT hr;

    memset(registration, 0, sizeof *registration);
    registration->server = server;
    registration->threading = (flags & CONNPT_REGISTER_APARTMENT) != 0 ? L"Apartment"
                              : (flags & CONNPT_REGISTER_FREE) != 0    ? L"Free"
                                                                       : L"Both";
    hr = module_file(server, &registration->file);
    if (FAILED(hr))
        return hr;
    hr = LoadTypeLibEx(registration->file, REGKIND_NONE, &registration->library);
    if (hr == TYPE_E_CANTLOADLIBRARY) {
        registration->library = NULL;
        return S_OK;
    }
    if (SUCCEEDED(hr))
        hr = ITypeLib_GetLibAttr(registration->library, &registration->attr);
    if (FAILED(hr)) {
        registration->attr = NULL;
        close_registration(registration);
    }
    return hr;
}

typedef HRESULT work_fn(const struct connpt__registration *registration);

/* Does @work below Software\Classes of the user or of the machine. */
static HRESULT work_in(struct connpt__registration *registration, int for_user, work_fn *work)
{
    HKEY place = for_user ? HKEY_CURRENT_USER : HKEY_LOCAL_MACHINE;
    LSTATUS status = RegCreateKeyExW(place, L"Software\\Classes", 0, NULL, 0, KEY_READ | KEY_WRITE,
                                     NULL, &registration->classes, NULL);
    HRESULT hr;

    if (status != 0)
        return HRESULT_FROM_WIN32((DWORD)status);
    registration->for_user = for_user;
    hr = work(registration);
    if (for_user)
        (void)RegDeleteKeyW(registration->classes, L"CLSID"); /* when nothing is in it */
    (void)RegCloseKey(registration->classes);
    return hr;
}

static HRESULT add_or_undo(const struct connpt__registration *registration)
{
    HRESULT hr = connpt__registration_add(registration);

    if (FAILED(hr))
        (void)connpt__registration_remove(registration);
    return hr;
}

static int are_flags(unsigned flags)
{
    const unsigned places = CONNPT_REGISTER_MACHINE | CONNPT_REGISTER_USER;
    const unsigned models = CONNPT_REGISTER_APARTMENT | CONNPT_REGISTER_FREE;

    return (flags & ~(places | models)) == 0 && (flags & places) != places &&
           (flags & models) != models;
}

HRESULT connpt_server_register(const struct connpt_server *server, unsigned flags)
{
    struct connpt__registration registration;
    HRESULT hr;

    if (server == NULL)
        return E_POINTER;
    if (!are_flags(flags))
        return E_INVALIDARG;
    connpt__assert_unlocked();
    hr = open_registration(server, flags, &registration);
    if (FAILED(hr))
        return hr;
    hr = E_ACCESSDENIED;
    if ((flags & CONNPT_REGISTER_USER) == 0)
        hr = work_in(&registration, 0, add_or_undo);
    if (hr == E_ACCESSDENIED && (flags & CONNPT_REGISTER_MACHINE) == 0)
        hr = work_in(&registration, 1, add_or_undo);
    close_registration(&registration);
    return hr;
}

/* Whoever may not write there has not registered there. */
static int is_in_machine(const struct connpt__registration *registration)
{
    struct connpt__registration machine = *registration;
    int found;

    if (RegOpenKeyExW(HKEY_LOCAL_MACHINE, L"Software\\Classes", 0, KEY_READ, &machine.classes) != 0)
        return 0;
    found = connpt__registration_is_there(&machine);
    (void)RegCloseKey(machine.classes);
    return found;
}

HRESULT connpt_server_unregister(const struct connpt_server *server, unsigned flags)
{
    struct connpt__registration registration;
    HRESULT hr, machine = S_OK, user = S_OK;

    if (server == NULL)
        return E_POINTER;
    if (!are_flags(flags))
        return E_INVALIDARG;
    connpt__assert_unlocked();
    hr = open_registration(server, flags, &registration);
    if (FAILED(hr))
        return hr;
    if ((flags & CONNPT_REGISTER_USER) == 0)
        machine = work_in(&registration, 0, connpt__registration_remove);
    if (machine == E_ACCESSDENIED && (flags & CONNPT_REGISTER_MACHINE) == 0 &&
        !is_in_machine(&registration))
        machine = S_OK;
    if ((flags & CONNPT_REGISTER_MACHINE) == 0)
        user = work_in(&registration, 1, connpt__registration_remove);
    close_registration(&registration);
    if (FAILED(machine))
        return machine;
    return user != S_OK ? user : machine;
}

HRESULT connpt_server_install(const struct connpt_server *server, BOOL install,
                              const WCHAR *command, unsigned flags)
{
    if (command != NULL && command[0] != 0) {
        flags &= ~(unsigned)(CONNPT_REGISTER_MACHINE | CONNPT_REGISTER_USER);
        if (_wcsicmp(command, L"user") == 0)
            flags |= CONNPT_REGISTER_USER;
        else if (_wcsicmp(command, L"machine") == 0)
            flags |= CONNPT_REGISTER_MACHINE;
        else
            return E_INVALIDARG;
    }
    return install ? connpt_server_register(server, flags)
                   : connpt_server_unregister(server, flags);
}

/* SPDX-License-Identifier: MIT */
/*
 * loader/registration_win32_test.c - a server registers the module that it is in: this program
 *
 * It has no type library, so that there are no names, only InprocServer32. The registry that the
 * tests write to is a key of their own, which stands for the machine's or the user's meanwhile.
 */
#include <string.h>

#include <connpt/server.h>

#include <sddl.h> /* needs the types of windows.h */

#include "t.h"

#define CLSID_TEXT L"{6B1F0C7E-52A4-4C0B-9F57-0D1B7A5A2E01}"
#define CLASS_KEY L"Software\\Classes\\CLSID\\" CLSID_TEXT
#define SERVER_KEY CLASS_KEY L"\\InprocServer32"

static const CLSID clsid = {
    0x6b1f0c7e, 0x52a4, 0x4c0b, { 0x9f, 0x57, 0x0d, 0x1b, 0x7a, 0x5a, 0x2e, 0x01 }
};

static HRESULT create_nothing(IUnknown *outer, struct connpt_object **ret_object)
{
    (void)outer;
    (void)ret_object;
    return E_NOTIMPL;
}

static const struct connpt_server_class classes[] = { { &clsid, create_nothing }, { NULL, NULL } };
static struct connpt_server server = { classes, 0 };

/* ---- a machine and a user of the test's own -------------------------------------------------- */

static WCHAR sandbox[64];
static HKEY machine, user, machine_classes;

/* Who may do what with the classes of the machine: "KR" everybody may read, "KA" do anything. */
static void permit(const WCHAR *rights)
{
    WCHAR text[32] = L"D:P(A;;";
    PSECURITY_DESCRIPTOR descriptor;

    wcscat(wcscat(text, rights), L";;;WD)");
    if (!CHECK(ConvertStringSecurityDescriptorToSecurityDescriptorW(text, SDDL_REVISION_1,
                                                                    &descriptor, NULL)))
        return;
    CHECK_INT(RegSetKeySecurity(machine_classes, DACL_SECURITY_INFORMATION, descriptor), 0);
    LocalFree(descriptor);
}

static HKEY sandbox_part(const WCHAR *name, HKEY *ret_classes)
{
    WCHAR path[128];
    HKEY part = NULL;

    wcscat(wcscat(wcscpy(path, sandbox), L"\\"), name);
    CHECK_INT(
        RegCreateKeyExW(HKEY_CURRENT_USER, path, 0, NULL, 0, KEY_ALL_ACCESS, NULL, &part, NULL), 0);
    CHECK_INT(RegCreateKeyExW(part, L"Software\\Classes", 0, NULL, 0, KEY_ALL_ACCESS, NULL,
                              ret_classes, NULL),
              0);
    return part;
}

static void sandbox_enter(void)
{
    HKEY user_classes;

    (void)_ultow(GetCurrentProcessId(), wcscpy(sandbox, L"Software\\connpt-test-") + 21, 10);
    machine = sandbox_part(L"machine", &machine_classes);
    user = sandbox_part(L"user", &user_classes);
    RegCloseKey(user_classes);
    CHECK_INT(RegOverridePredefKey(HKEY_LOCAL_MACHINE, machine), 0);
    CHECK_INT(RegOverridePredefKey(HKEY_CURRENT_USER, user), 0);
}

/* Everything that was registered must be gone. */
static void sandbox_leave(void)
{
    HKEY parts[] = { machine, user };

    permit(L"KA");
    RegCloseKey(machine_classes);
    for (int i = 0; i < 2; i++) {
        HKEY found;
        int is_left = RegOpenKeyExW(parts[i], CLASS_KEY, 0, KEY_READ, &found) == 0;

        if (!CHECK(!is_left))
            RegCloseKey(found);
    }
    (void)RegOverridePredefKey(HKEY_CURRENT_USER, NULL);
    (void)RegOverridePredefKey(HKEY_LOCAL_MACHINE, NULL);
    RegCloseKey(machine);
    RegCloseKey(user);
    CHECK_INT(RegDeleteTreeW(HKEY_CURRENT_USER, sandbox), 0);
}

/* A value of the class's InprocServer32; "" when there is none. */
static const WCHAR *value(HKEY root, const WCHAR *name)
{
    static WCHAR text[600];
    DWORD bytes = sizeof text;

    if (RegGetValueW(root, SERVER_KEY, name, RRF_RT_REG_SZ, NULL, text, &bytes) != 0)
        text[0] = 0;
    return text;
}

static void put_file(HKEY root, const WCHAR *file)
{
    CHECK_INT(RegSetKeyValueW(root, SERVER_KEY, NULL, REG_SZ, file,
                              (DWORD)((wcslen(file) + 1) * sizeof *file)),
              0);
}

static const WCHAR *this_file(void)
{
    static WCHAR file[600];

    (void)GetModuleFileNameW(NULL, file, 600);
    return file;
}

/* ---- tests ----------------------------------------------------------------------------------- */

static void machine_comes_first(void)
{
    sandbox_enter();
    if (CHECK_HR(connpt_server_register(&server, 0), S_OK)) {
        CHECK_INT(_wcsicmp(value(machine, NULL), this_file()), 0);
        CHECK_INT(wcscmp(value(machine, L"ThreadingModel"), L"Both"), 0);
        CHECK_INT(value(user, NULL)[0], 0);
    }
    if (FAILED(connpt_server_unregister(&server, 0)))
        CHECK_HR(connpt_server_unregister(&server, 0), S_OK);
    sandbox_leave();
}

static void user_has_it_where_the_machine_may_not_be_written(void)
{
    sandbox_enter();
    permit(L"KR");
    CHECK_HR(connpt_server_register(&server, CONNPT_REGISTER_MACHINE), E_ACCESSDENIED);
    CHECK_HR(connpt_server_register(&server, 0), S_OK);
    CHECK(value(user, NULL)[0] != 0 || t_oom_hit());
    CHECK_INT(value(machine, NULL)[0], 0);
    if (FAILED(connpt_server_unregister(&server, 0)))
        CHECK_HR(connpt_server_unregister(&server, 0), S_OK);
    CHECK_HR(connpt_server_unregister(&server, CONNPT_REGISTER_MACHINE), E_ACCESSDENIED);
    sandbox_leave();
}

static void apartments_are_as_asked_for(void)
{
    sandbox_enter();
    CHECK_HR(connpt_server_register(&server, CONNPT_REGISTER_USER | CONNPT_REGISTER_APARTMENT),
             S_OK);
    CHECK(wcscmp(value(user, L"ThreadingModel"), L"Apartment") == 0 || t_oom_hit());
    CHECK_HR(connpt_server_register(&server, CONNPT_REGISTER_USER | CONNPT_REGISTER_FREE), S_OK);
    CHECK(wcscmp(value(user, L"ThreadingModel"), L"Free") == 0 || t_oom_hit());
    if (FAILED(connpt_server_unregister(&server, CONNPT_REGISTER_USER)))
        CHECK_HR(connpt_server_unregister(&server, CONNPT_REGISTER_USER), S_OK);
    sandbox_leave();
}

static void what_is_not_registered_is_unregistered_without_harm(void)
{
    sandbox_enter();
    CHECK_HR(connpt_server_unregister(&server, 0), S_OK);
    sandbox_leave();
}

static void registration_of_another_file_is_left_alone(void)
{
    WCHAR other[600];

    sandbox_enter();
    (void)GetSystemDirectoryW(other, 500);
    wcscat(other, L"\\ole32.dll");
    put_file(machine, other);
    CHECK_HR(connpt_server_unregister(&server, 0), S_FALSE);
    CHECK_INT(wcscmp(value(machine, NULL), other), 0);
    RegDeleteTreeW(machine, CLASS_KEY);
    sandbox_leave();
}

static void registration_of_a_file_that_is_gone_is_removed(void)
{
    sandbox_enter();
    put_file(machine, L"C:\\nowhere\\gone.dll");
    if (FAILED(connpt_server_unregister(&server, 0)))
        CHECK_HR(connpt_server_unregister(&server, 0), S_OK);
    sandbox_leave();
}

static void command_names_the_place(void)
{
    sandbox_enter();
    CHECK_HR(connpt_server_install(&server, TRUE, L"User", CONNPT_REGISTER_MACHINE), S_OK);
    CHECK(value(user, NULL)[0] != 0 || t_oom_hit());
    CHECK_INT(value(machine, NULL)[0], 0);
    CHECK_HR(connpt_server_install(&server, FALSE, L"machine", 0), S_OK);
    CHECK(value(user, NULL)[0] != 0 || t_oom_hit());
    CHECK_HR(connpt_server_install(&server, TRUE, L"everybody", 0), E_INVALIDARG);
    if (FAILED(connpt_server_install(&server, FALSE, L"", 0)))
        CHECK_HR(connpt_server_install(&server, FALSE, NULL, 0), S_OK);
    sandbox_leave();
}

static void flags_that_exclude_each_other_are_refused(void)
{
    const unsigned wrong[] = { CONNPT_REGISTER_MACHINE | CONNPT_REGISTER_USER,
                               CONNPT_REGISTER_APARTMENT | CONNPT_REGISTER_FREE, 16 };

    for (int i = 0; i < 3; i++) {
        CHECK_HR(connpt_server_register(&server, wrong[i]), E_INVALIDARG);
        CHECK_HR(connpt_server_unregister(&server, wrong[i]), E_INVALIDARG);
    }
    CHECK_HR(connpt_server_register(NULL, 0), E_POINTER);
    CHECK_HR(connpt_server_unregister(NULL, 0), E_POINTER);
    CHECK_HR(connpt_server_install(NULL, TRUE, NULL, 0), E_POINTER);
}

static void module_without_a_type_library_says_so(void)
{
    ITypeLib *library = NULL;

    CHECK_HR(connpt_server_typelib(&server, &library), TYPE_E_CANTLOADLIBRARY);
    CHECK_PTR(library, NULL);
    CHECK_HR(connpt_server_typelib(NULL, &library), E_POINTER);
    CHECK_HR(connpt_server_typelib(&server, NULL), E_POINTER);
}

int main(int argc, char **argv)
{
    static const struct t_test tests[] = {
        T(machine_comes_first),
        T(user_has_it_where_the_machine_may_not_be_written),
        T(apartments_are_as_asked_for),
        T(what_is_not_registered_is_unregistered_without_harm),
        T(registration_of_another_file_is_left_alone),
        T(registration_of_a_file_that_is_gone_is_removed),
        T(command_names_the_place),
        T(flags_that_exclude_each_other_are_refused),
        T(module_without_a_type_library_says_so),
        T_END,
    };

    return t_run(argc, argv, tests);
}

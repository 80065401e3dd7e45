/* SPDX-License-Identifier: MIT */
/*
 * registration_win32_test.c - the sample module as Windows knows it: regsvr32, a name, an object
 *
 * The registry is looked at before and after. Nothing else may change it meanwhile, so this test
 * runs alone.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <connpt/guid.h>

#include <ticker.h>

#include "client.h"
#include "t.h"

#define CLASS_KEY L"Software\\Classes\\CLSID\\{5b1d4a2b-846e-4106-bcee-6a7be3c86d5b}"
#define TYPELIB_KEY L"Software\\Classes\\TypeLib\\{98856a35-c7bd-456b-bc79-d6a5b3ffe42f}"

/* ---- the registry as text ------------------------------------------------------------------- */

struct text {
    char *bytes;
    size_t size;
};

static void append(struct text *text, const char *piece)
{
    size_t length = strlen(piece);

    text->bytes = realloc(text->bytes, text->size + length + 1);
    if (text->bytes == NULL)
        abort();
    memcpy(text->bytes + text->size, piece, length + 1);
    text->size += length;
}

/* The names below a key, and with @deep all that is below them. */
static void list_key(struct text *text, HKEY root, const char *path, int deep)
{
    char name[300], below[1200], value[1200];
    HKEY key;

    if (RegOpenKeyExA(root, path, 0, KEY_READ, &key) != 0)
        return;
    append(text, path);
    append(text, "\n");
    for (DWORD i = 0;; i++) {
        DWORD name_size = sizeof name, value_size = sizeof value - 1, type;

        if (!deep ||
            RegEnumValueA(key, i, name, &name_size, NULL, &type, (BYTE *)value, &value_size) != 0)
            break;
        value[type == REG_SZ ? value_size : 0] = '\0';
        append(text, name);
        append(text, "=");
        append(text, value);
        append(text, "\n");
    }
    for (DWORD i = 0; RegEnumKeyA(key, i, name, sizeof name) == 0; i++) {
        (void)snprintf(below, sizeof below, "%s\\%s", path, name);
        if (deep)
            list_key(text, root, below, 1);
        append(text, name);
        append(text, "\n");
    }
    (void)RegCloseKey(key);
}

/* What a registration may change: the names of all classes, and everything of ours. free() it. */
static char *registry_text(void)
{
    static const char *const wide[] = { "Software\\Classes", "Software\\Classes\\CLSID",
                                        "Software\\Classes\\Interface",
                                        "Software\\Classes\\TypeLib" };
    static const char *const deep[] = {
        "Software\\Classes\\CLSID\\{5b1d4a2b-846e-4106-bcee-6a7be3c86d5b}",
        "Software\\Classes\\TypeLib\\{98856a35-c7bd-456b-bc79-d6a5b3ffe42f}",
        "Software\\Classes\\Interface\\{9aa508ed-1fa6-451b-b882-3ea6023dd877}",
        "Software\\Classes\\Interface\\{415b6894-10e9-47b0-819c-5d352c7e3cff}",
        "Software\\Classes\\Interface\\{08b84bf0-4058-4070-bcab-7ae41daccc08}",
        "Software\\Classes\\ConnptTicker.Ticker",
        "Software\\Classes\\ConnptTicker.Ticker.1"
    };
    const HKEY roots[] = { HKEY_LOCAL_MACHINE, HKEY_CURRENT_USER };
    struct text text = { NULL, 0 };

    for (int root = 0; root < 2; root++) {
        for (size_t i = 0; i < sizeof wide / sizeof wide[0]; i++)
            list_key(&text, roots[root], wide[i], 0);
        for (size_t i = 0; i < sizeof deep / sizeof deep[0]; i++)
            list_key(&text, roots[root], deep[i], 1);
    }
    return text.bytes;
}

/* Compares, and names the first line that differs. */
static void check_registry(char *before)
{
    char *after = registry_text(), *a = before, *b = after;

    if (!CHECK(strcmp(before, after) == 0)) {
        while (*a == *b)
            a++, b++;
        while (a > before && a[-1] != '\n')
            a--, b--;
        printf("# before: %.*s\n# after: %.*s\n", (int)strcspn(a, "\n"), a, (int)strcspn(b, "\n"),
               b);
    }
    free(before);
    free(after);
}

static int key_exists(HKEY root, const WCHAR *path)
{
    HKEY key;
    int exists = RegOpenKeyExW(root, path, 0, KEY_READ, &key) == 0;

    if (exists)
        (void)RegCloseKey(key);
    return exists;
}

/* ---- regsvr32, and COM ---------------------------------------------------------------------- */

/* Its exit status: 0 when all is well. */
static DWORD regsvr32(const char *options)
{
    STARTUPINFOA startup = { .cb = sizeof startup };
    PROCESS_INFORMATION process;
    DWORD status = (DWORD)-1;
    char command[1200];

    (void)snprintf(command, sizeof command, "regsvr32 /s %s \"%s\"", options, TICKER);
    if (!CreateProcessA(NULL, command, NULL, NULL, FALSE, 0, NULL, NULL, &startup, &process))
        return status;
    (void)WaitForSingleObject(process.hProcess, INFINITE); /* Meson ends what hangs */
    (void)GetExitCodeProcess(process.hProcess, &status);
    CloseHandle(process.hThread);
    CloseHandle(process.hProcess);
    return status;
}

static HRESULT create_by_name(const WCHAR *name, ITicker **ret_ticker)
{
    CLSID clsid;
    HRESULT hr = CLSIDFromProgID(name, &clsid);

    *ret_ticker = NULL;
    if (SUCCEEDED(hr))
        hr =
            CoCreateInstance(&clsid, NULL, CLSCTX_INPROC_SERVER, &IID_ITicker, (void **)ret_ticker);
    return hr;
}

static void registered_class_is_created_by_its_name_and_ticks(void)
{
    static const WCHAR *const names[] = { L"ConnptTicker.Ticker", L"ConnptTicker.Ticker.1" };
    ITicker *ticker;

    if (!CHECK_INT(regsvr32(""), 0))
        return;
    for (int i = 0; i < 2; i++) {
        struct listener script = listener_new();

        if (!CHECK_HR(create_by_name(names[i], &ticker), S_OK))
            continue;
        if (connect_to(ticker, &DIID_DTickerEvents, &script) != 0) {
            CHECK_HR(ITicker_Tick(ticker, 12.5), S_OK);
            CHECK_INT(script.n_ticks, 1);
            CHECK(script.price == 12.5);
        }
        ticker_end(ticker);
        CHECK_INT(script.refs, 1);
    }
    CHECK_INT(regsvr32("/u"), 0);
    CHECK_HR(create_by_name(names[0], &ticker), CO_E_CLASSSTRING);
}

static void server_goes_when_its_objects_are_gone_and_comes_again(void)
{
    ITicker *ticker;

    if (!CHECK_INT(regsvr32(""), 0))
        return;
    for (int i = 0; i < 3; i++) {
        if (!CHECK_HR(create_by_name(L"ConnptTicker.Ticker", &ticker), S_OK))
            break;
        CoFreeUnusedLibrariesEx(0, 0);
        CHECK(GetModuleHandleA("ticker.dll") != NULL);
        ticker_end(ticker);
        CoFreeUnusedLibrariesEx(0, 0);
        CoFreeUnusedLibrariesEx(0, 0);
        CHECK(GetModuleHandleA("ticker.dll") == NULL);
    }
    CHECK_INT(regsvr32("/u"), 0);
}

static void type_library_is_registered_with_the_class(void)
{
    ITypeLib *library = NULL;
    GUID libid;
    TLIBATTR *attr;

    if (!CHECK_INT(regsvr32(""), 0))
        return;
    CHECK_HR(CLSIDFromString(L"{98856a35-c7bd-456b-bc79-d6a5b3ffe42f}", &libid), S_OK);
    CHECK_HR(LoadRegTypeLib(&libid, 1, 0, LOCALE_NEUTRAL, &library), S_OK);
    if (library != NULL && CHECK_HR(ITypeLib_GetLibAttr(library, &attr), S_OK)) {
        CHECK_INT(attr->syskind, sizeof(void *) == 4 ? SYS_WIN32 : SYS_WIN64);
        ITypeLib_ReleaseTLibAttr(library, attr);
    }
    if (library != NULL)
        ITypeLib_Release(library);
    CHECK_INT(regsvr32("/u"), 0);
    CHECK(!key_exists(HKEY_LOCAL_MACHINE, TYPELIB_KEY));
}

/* ---- what is left --------------------------------------------------------------------------- */

static void registry_is_as_before_once_it_is_unregistered(void)
{
    char *before = registry_text();

    CHECK_INT(regsvr32(""), 0);
    CHECK(key_exists(HKEY_LOCAL_MACHINE, CLASS_KEY));
    CHECK_INT(regsvr32(""), 0); /* again: no harm */
    CHECK_INT(regsvr32("/u"), 0);
    CHECK_INT(regsvr32("/u"), 0);
    check_registry(before);
}

static void user_can_have_it_alone(void)
{
    char *before = registry_text();

    CHECK_INT(regsvr32("/n /i:user"), 0);
    CHECK(key_exists(HKEY_CURRENT_USER, CLASS_KEY));
    CHECK(!key_exists(HKEY_LOCAL_MACHINE, CLASS_KEY));
    CHECK_INT(regsvr32("/n /u /i:user"), 0);
    check_registry(before);
}

static void unregistering_removes_the_machines_and_the_users(void)
{
    char *before = registry_text();

    CHECK_INT(regsvr32("/n /i:user"), 0);
    CHECK_INT(regsvr32("/n /i:machine"), 0);
    CHECK(key_exists(HKEY_CURRENT_USER, CLASS_KEY));
    CHECK(key_exists(HKEY_LOCAL_MACHINE, CLASS_KEY));
    CHECK_INT(regsvr32("/u"), 0);
    check_registry(before);
}

static void other_commands_are_refused(void)
{
    char *before = registry_text();

    CHECK(regsvr32("/n /i:everybody") != 0);
    check_registry(before);
}

int main(int argc, char **argv)
{
    static const struct t_test tests[] = {
        T(registered_class_is_created_by_its_name_and_ticks),
        T(server_goes_when_its_objects_are_gone_and_comes_again),
        T(type_library_is_registered_with_the_class),
        T(registry_is_as_before_once_it_is_unregistered),
        T(user_can_have_it_alone),
        T(unregistering_removes_the_machines_and_the_users),
        T(other_commands_are_refused),
        T_END,
    };
    int status;

    if (FAILED(CoInitializeEx(NULL, COINIT_APARTMENTTHREADED)))
        return 1;
    status = t_run(argc, argv, tests);
    CoUninitialize();
    return status;
}

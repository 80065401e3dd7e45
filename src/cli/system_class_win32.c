/* SPDX-License-Identifier: MIT */
/*
 * cli/system_class_win32.c - classes and type libraries of Windows' registry
 *
 * A class need not say where its type library is. Then the libraries that lie in the server's own
 * file are taken into account: that is where most of them are.
 */
#include "system_class.h"

#include <stdlib.h>
#include <string.h>

#include <connpt/automation.h>
#include <connpt/guid.h>
#include <connpt/typelib.h>

#include "crash_win32.h"
#include "describe.h"
#include "system_registry_win32.h"
#include "text.h"

static bool is_entered; /* the main thread is in an apartment */

bool system_has_classes(void)
{
    return true;
}

/*
 * Where an object of a class is called directly when it is checked, and not its proxy: a class for
 * several threads is made in the apartment of several threads, one for any apartment there too if
 * several threads are to call it.
 */
static bool is_for_many(const CLSID *clsid, enum system_use use)
{
    char guid[CONNPT_GUID_TEXT_SIZE];
    char *model;
    bool for_many;

    if (use == SYSTEM_USE_EVENTS)
        return false;
    connpt_guid_format(clsid, guid);
    model = hkcr_named_value(L"ThreadingModel", "CLSID\\%s\\InprocServer32", guid);
    for_many =
        model != NULL && (cli_is_same_name(model, "Free") ||
                          (cli_is_same_name(model, "Both") && use == SYSTEM_USE_CHECK_THREADS));
    cli_free(model);
    return for_many;
}

static HRESULT enter_apartment(const CLSID *clsid, enum system_use use)
{
    DWORD kind = is_for_many(clsid, use) ? COINIT_MULTITHREADED : COINIT_APARTMENTTHREADED;
    HRESULT hr = S_OK;

    if (!is_entered)
        hr = CoInitializeEx(NULL, kind | COINIT_DISABLE_OLE1DDE);
    is_entered |= SUCCEEDED(hr);
    return FAILED(hr) ? hr : S_OK;
}

void system_class_end(void)
{
    if (is_entered)
        CoUninitialize();
    is_entered = false;
}

/* ---- the type library of a class ------------------------------------------------------------ */

static bool describes(ITypeLib *library, const GUID *guid)
{
    ITypeInfo *info = NULL;

    if (FAILED(ITypeLib_GetTypeInfoOfGuid(library, guid, &info)) || info == NULL)
        return false;
    ITypeInfo_Release(info);
    return true;
}

/* The same file, whatever resource of it is named behind. */
static bool is_file_of(const char *typelib, const char *server)
{
    size_t length = strlen(server);
    char *file;
    bool is_same;

    if (strlen(typelib) < length || (typelib[length] != '\0' && typelib[length] != '\\'))
        return false;
    file = cli_strndup(typelib, length);
    is_same = cli_is_same_name(file, server);
    cli_free(file);
    return is_same;
}

static ITypeLib *library_in_server(const char *server, const CLSID *clsid)
{
    ITypeLib *library = NULL;
    char **paths;
    size_t n = system_typelibs(&paths);

    for (size_t i = 0; i < n; i++) {
        if (library == NULL && is_file_of(paths[i], server) &&
            SUCCEEDED(connpt_typelib_load(paths[i], &library)) && !describes(library, clsid)) {
            ITypeLib_Release(library);
            library = NULL;
        }
        cli_free(paths[i]);
    }
    cli_free(paths);
    return library;
}

/* The program of a command line: "C:\a b\x.exe" -Embedding. */
static char *program_of(char *command)
{
    char *end = command[0] == '"' ? strchr(command + 1, '"') : NULL;
    char *program =
        end != NULL ? cli_strndup(command + 1, (size_t)(end - command - 1)) : cli_strdup(command);

    cli_free(command);
    return program;
}

/* NULL when the class is not registered. */
static char *server_of(const char *clsid)
{
    char *server = hkcr_value("CLSID\\%s\\InprocServer32", clsid);

    if (server == NULL)
        server = hkcr_value("CLSID\\%s\\LocalServer32", clsid);
    return server != NULL ? program_of(server) : NULL;
}

static ITypeLib *library_of(const CLSID *clsid)
{
    ITypeLib *library = NULL;
    char guid[CONNPT_GUID_TEXT_SIZE];
    char *libid, *version, *server;

    connpt_guid_format(clsid, guid);
    libid = hkcr_value("CLSID\\%s\\TypeLib", guid);
    version = hkcr_value("CLSID\\%s\\Version", guid);
    if (libid != NULL)
        library = hkcr_typelib(libid, version, describes, clsid);
    cli_free(version);
    cli_free(libid);
    if (library != NULL)
        return library;
    server = server_of(guid);
    if (server != NULL)
        library = library_in_server(server, clsid);
    cli_free(server);
    return library;
}

/* ---- making an object ----------------------------------------------------------------------- */

static int find_clsid(const char *name, const char *shown, CLSID *ret_clsid)
{
    HRESULT hr;
    BSTR wide;

    if (name[0] == '{')
        return SUCCEEDED(connpt_guid_parse(name, ret_clsid)) ? CLI_OK : CLI_USAGE;
    hr = connpt_bstr_from_utf8(name, strlen(name), &wide);
    if (SUCCEEDED(hr)) {
        hr = CLSIDFromProgID(wide, ret_clsid);
        connpt_SysFreeString(wide);
    }
    if (SUCCEEDED(hr))
        return CLI_OK;
    cli_error_hr(hr, "connpt list --system shows classes that declare events.",
                 "cannot make an object of %s: no class of that ProgID is registered", shown);
    return CLI_FAILURE;
}

static const char *hint_of(HRESULT hr, const CLSID *clsid, enum system_server server)
{
    char guid[CONNPT_GUID_TEXT_SIZE];
    char *file;

    /* The class has no key of that server's, as Wine's 32-bit COM says it. */
    if (hr != REGDB_E_CLASSNOTREG && hr != REGDB_E_KEYMISSING)
        return NULL;
    connpt_guid_format(clsid, guid);
    file = server_of(guid);
    cli_free(file);
    if (file != NULL && server != SYSTEM_SERVER_ANY)
        return "The class is registered, but not with such a server; leave --server out.";
#ifdef _WIN64
    return "No class of that CLSID is registered with a server for 64-bit programs.";
#else
    return "No class of that CLSID is registered with a server for 32-bit programs.";
#endif
}

static DWORD context_of(enum system_server server)
{
    switch (server) {
    case SYSTEM_SERVER_IN_PROCESS:
        return CLSCTX_INPROC_SERVER;
    case SYSTEM_SERVER_LOCAL:
        return CLSCTX_LOCAL_SERVER;
    case SYSTEM_SERVER_ANY:
        break;
    }
    return CLSCTX_INPROC_SERVER | CLSCTX_LOCAL_SERVER;
}

int system_class_find(const char *name, const char *shown, CLSID *ret_clsid, ITypeLib **ret_library)
{
    char guid[CONNPT_GUID_TEXT_SIZE];
    int status = find_clsid(name, shown, ret_clsid);
    char *server;

    if (status != CLI_OK)
        return status;
    connpt_guid_format(ret_clsid, guid);
    server = server_of(guid);
    if (server == NULL) {
        cli_error_hr(REGDB_E_CLASSNOTREG,
                     hint_of(REGDB_E_CLASSNOTREG, ret_clsid, SYSTEM_SERVER_ANY),
                     "cannot make an object of %s", shown);
        return CLI_FAILURE;
    }
    cli_free(server);
    *ret_library = library_of(ret_clsid);
    return CLI_OK;
}

int system_class_create(const char *name, const char *shown, enum system_server server,
                        enum system_use use, CLSID *ret_clsid, IUnknown **ret_object,
                        ITypeLib **ret_library)
{
    void *object = NULL;
    CLSID clsid;
    HRESULT hr;
    int status = find_clsid(name, shown, &clsid);

    if (status != CLI_OK)
        return status;
    hr = enter_apartment(&clsid, use);
    if (FAILED(hr)) {
        cli_error_hr(hr, NULL, "cannot make an object of %s: COM does not start", shown);
        return CLI_FAILURE;
    }
    if (use == SYSTEM_USE_EVENTS)
        crash_tell(shown);
    hr = CoCreateInstance(&clsid, NULL, context_of(server), &IID_IUnknown, &object);
    if (SUCCEEDED(hr) && object == NULL)
        hr = E_POINTER;
    if (FAILED(hr)) {
        cli_error_hr(hr, hint_of(hr, &clsid, server), "cannot make an object of %s", shown);
        return CLI_FAILURE;
    }
    *ret_clsid = clsid;
    *ret_object = object;
    *ret_library = library_of(&clsid);
    return CLI_OK;
}

/* Every proxy answers IClientSecurity, and objects do not. */
bool system_is_proxy(IUnknown *object)
{
    void *security = NULL;

    if (FAILED(IUnknown_QueryInterface(object, &IID_IClientSecurity, &security)) ||
        security == NULL)
        return false;
    IUnknown_Release((IUnknown *)security);
    return true;
}

char *system_error_text(HRESULT hr)
{
    const DWORD flags =
        FORMAT_MESSAGE_FROM_SYSTEM | FORMAT_MESSAGE_IGNORE_INSERTS | FORMAT_MESSAGE_MAX_WIDTH_MASK;
    WCHAR wide[512];
    DWORD length =
        FormatMessageW(flags, NULL, (DWORD)hr, 0, wide, sizeof(wide) / sizeof(wide[0]), NULL);
    struct text text = { 0 };

    while (length > 0 && wide[length - 1] == ' ')
        length--;
    if (length == 0)
        return NULL;
    text_utf16(&text, wide, length, TEXT_PLAIN);
    return text_take(&text);
}

/* ---- interfaces ------------------------------------------------------------------------- */

ITypeInfo *system_interface_info(const IID *iid)
{
    char guid[CONNPT_GUID_TEXT_SIZE];
    ITypeLib *library = NULL;
    char *libid;
    ITypeInfo *info = NULL;

    connpt_guid_format(iid, guid);
    libid = hkcr_value("Interface\\%s\\TypeLib", guid);
    if (libid != NULL)
        library = hkcr_typelib(libid, NULL, describes, iid);
    if (library != NULL) {
        if (FAILED(ITypeLib_GetTypeInfoOfGuid(library, iid, &info)))
            info = NULL;
        ITypeLib_Release(library);
    }
    cli_free(libid);
    return info;
}

char *system_interface_name(const IID *iid)
{
    char guid[CONNPT_GUID_TEXT_SIZE];

    connpt_guid_format(iid, guid);
    return hkcr_value("Interface\\%s", guid);
}

/* ---- lists ------------------------------------------------------------------------------ */

size_t system_typelibs(char ***ret_paths)
{
    char **libids, **paths = NULL;
    size_t n_libids = hkcr_keys(&libids, "TypeLib"), n = 0;

    for (size_t i = 0; i < n_libids; i++) {
        char **versions;
        size_t n_versions = hkcr_keys(&versions, "TypeLib\\%s", libids[i]);

        for (size_t k = 0; k < n_versions; k++) {
            char *path = hkcr_typelib_path(libids[i], versions[k]);

            if (path == NULL)
                continue;
            paths = cli_realloc(paths, (n + 1) * sizeof(*paths));
            paths[n++] = path;
        }
        hkcr_keys_free(versions, n_versions);
    }
    hkcr_keys_free(libids, n_libids);
    *ret_paths = paths;
    return n;
}

/* Two classes may claim one name, which then means the one that the name's own key has. */
static bool leads_to(const char *progid, const char *guid)
{
    char *clsid = hkcr_value("%s\\CLSID", progid);
    bool is_same = clsid != NULL && cli_is_same_name(clsid, guid);

    cli_free(clsid);
    return is_same;
}

bool system_class_server(const CLSID *clsid, char **ret_target, char **ret_server)
{
    char guid[CONNPT_GUID_TEXT_SIZE];
    char *server, *progid;

    connpt_guid_format(clsid, guid);
    server = server_of(guid);
    if (server == NULL)
        return false;
    progid = hkcr_value("CLSID\\%s\\ProgID", guid);
    *ret_target = progid != NULL && leads_to(progid, guid) ? cli_format("progid:%s", progid)
                                                           : cli_format("clsid:%s", guid);
    *ret_server = server;
    cli_free(progid);
    return true;
}

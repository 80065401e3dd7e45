/* SPDX-License-Identifier: MIT */
/* cli/target.c - from the text of a target to an object */
#include "target.h"

#include <string.h>

#include <connpt/automation.h>
#include <connpt/guid.h>
#include <connpt/module.h>
#include <connpt/typelib.h>

#include "dispatch.h"
#include "registry.h"

static const char fs_module[] = "fs";
static const char fs_class[] = "FileWatcher";

/* ---- parsing --------------------------------------------------------------------------------- */

/* "Interface.Member", "{IID}.Member", "{IID}", or one word that may be either. */
static void parse_selector(const char *selector, struct target *target)
{
    const char *behind_iid = selector[0] == '{' ? strchr(selector, '}') : NULL;
    const char *dot = strrchr(behind_iid != NULL ? behind_iid : selector, '.');

    if (selector[0] == '\0')
        return;
    if (dot != NULL) {
        if (dot != selector)
            target->interface_name = cli_strndup(selector, (size_t)(dot - selector));
        if (dot[1] != '\0')
            target->member = cli_strdup(dot + 1);
        return;
    }
    target->interface_name = cli_strdup(selector);
    if (behind_iid == NULL)
        target->member = cli_strdup(selector);
}

static int parse_fs(const char *rest, struct target *target)
{
    const char *hash = strrchr(rest, '#');
    size_t length = hash != NULL ? (size_t)(hash - rest) : strlen(rest);

    target->kind = TARGET_FS;
    target->path = cli_strndup(rest, length);
    target->class_name = cli_strdup(fs_class);
    target->text = cli_format("fs:%s", target->path);
    if (hash != NULL)
        parse_selector(hash + 1, target);
    return CLI_OK;
}

/* "PATH#CLASS#SELECTOR", of a module or a type library */
static int parse_file(const char *scheme, const char *rest, enum target_kind kind,
                      struct target *target)
{
    const char *hash = strchr(rest, '#');
    size_t length = hash != NULL ? (size_t)(hash - rest) : strlen(rest);
    const char *class_name = hash != NULL ? hash + 1 : "";
    const char *second = strchr(class_name, '#');
    size_t class_length = second != NULL ? (size_t)(second - class_name) : strlen(class_name);

    if (length == 0) {
        cli_error("\"%s:%s\": there is no file; write %s:PATH#CLASS", scheme, rest, scheme);
        return CLI_USAGE;
    }
    if (second != NULL && strchr(second + 1, '#') != NULL) {
        cli_error("\"%s:%s\": too many \"#\"; write %s:PATH#CLASS#INTERFACE.EVENT", scheme, rest,
                  scheme);
        return CLI_USAGE;
    }
    target->kind = kind;
    target->path = cli_strndup(rest, length);
    target->class_name = cli_strndup(class_name, class_length);
    target->text = class_length != 0
                       ? cli_format("%s:%s#%s", scheme, target->path, target->class_name)
                       : cli_format("%s:%s", scheme, target->path);
    if (second != NULL)
        parse_selector(second + 1, target);
    return CLI_OK;
}

static int parse_class(const char *text, struct target *target)
{
    const char *hash = strchr(text, '#');
    size_t length = hash != NULL ? (size_t)(hash - text) : strlen(text);
    GUID clsid;

    target->kind = TARGET_CLASS;
    target->class_name = cli_strndup(text, length);
    target->text = cli_strdup(target->class_name);
    if (text[0] == '{' && FAILED(connpt_guid_parse(target->class_name, &clsid))) {
        cli_error("\"%s\" is not a CLSID; write {XXXXXXXX-XXXX-XXXX-XXXX-XXXXXXXXXXXX}",
                  target->class_name);
        return CLI_USAGE;
    }
    if (hash != NULL)
        parse_selector(hash + 1, target);
    return CLI_OK;
}

static int parse_system(const char *text, size_t scheme, struct target *target)
{
    const char *name = text + scheme;
    const char *hash = strchr(name, '#');
    bool by_clsid = strncmp(text, "clsid:", scheme) == 0;
    GUID clsid;

    target->kind = TARGET_SYSTEM;
    target->class_name = cli_strndup(name, hash != NULL ? (size_t)(hash - name) : strlen(name));
    target->text = cli_format("%.*s%s", (int)scheme, text, target->class_name);
    if (by_clsid ? FAILED(connpt_guid_parse(target->class_name, &clsid)) || name[0] != '{'
                 : name[0] == '\0' || name[0] == '{' || name[0] == '#') {
        cli_error("\"%s\": write %s", target->text,
                  by_clsid ? "clsid:{XXXXXXXX-XXXX-XXXX-XXXX-XXXXXXXXXXXX}"
                           : "progid:NAME, as in progid:StdFont, or clsid:{CLSID}");
        return CLI_USAGE;
    }
    if (hash != NULL)
        parse_selector(hash + 1, target);
    return CLI_OK;
}

static int parse_any(const char *text, struct target *target)
{
    size_t scheme = strcspn(text, ":/#{");

    if (strncmp(text, "fs:", 3) == 0)
        return parse_fs(text + 3, target);
    if (strncmp(text, "mod:", 4) == 0)
        return parse_file("mod", text + 4, TARGET_MODULE, target);
    if (strncmp(text, "tlb:", 4) == 0)
        return parse_file("tlb", text + 4, TARGET_LIBRARY, target);
    if (strncmp(text, "progid:", 7) == 0)
        return parse_system(text, 7, target);
    if (strncmp(text, "clsid:", 6) == 0)
        return parse_system(text, 6, target);
    if (text[0] == '\0' || text[0] == '#') {
        cli_error("the target is empty; connpt list shows what there is");
        return CLI_USAGE;
    }
    if (text[scheme] == ':') {
        cli_error("\"%s\": there is no kind of target \"%.*s:\"; there are fs:DIR, "
                  "mod:PATH#CLASS, {CLSID} and the names that connpt list shows, on Windows "
                  "progid:NAME and clsid:{CLSID}, and for events tlb:FILE#CLASS",
                  text, (int)scheme, text);
        return CLI_USAGE;
    }
    if (text[scheme] == '/' || strstr(text, ".so") != NULL) {
        cli_error("\"%s\" is no target; for a module write mod:%s, for a directory fs:%s", text,
                  text, text);
        return CLI_USAGE;
    }
    return parse_class(text, target);
}

int target_parse(const char *text, struct target *ret_target)
{
    struct target target;
    int status;

    memset(&target, 0, sizeof(target));
    status = parse_any(text, &target);
    if (status == CLI_OK)
        *ret_target = target;
    else
        target_fini(&target);
    return status;
}

int target_set_server(struct target *target, const char *word)
{
    if (word == NULL)
        return CLI_OK;
    if (target->kind != TARGET_SYSTEM) {
        cli_error("--server is for progid:NAME and clsid:{CLSID}; %s is made without one",
                  target->text);
        return CLI_USAGE;
    }
    if (strcmp(word, "inproc") != 0 && strcmp(word, "local") != 0) {
        cli_error("--server: \"%s\" is neither inproc nor local", word);
        return CLI_USAGE;
    }
    target->server = word[0] == 'l' ? SYSTEM_SERVER_LOCAL : SYSTEM_SERVER_IN_PROCESS;
    return CLI_OK;
}

void target_fini(struct target *target)
{
    target_close(target);
    cli_free(target->text);
    cli_free(target->path);
    cli_free(target->class_name);
    cli_free(target->interface_name);
    cli_free(target->member);
    memset(target, 0, sizeof(*target));
}

/* ---- making the object ----------------------------------------------------------------------- */

/* A class of a module, by name or CLSID. */
static int find_class(const char *module, const char *name, CLSID *ret_clsid)
{
    HRESULT hr;

    if (name[0] == '{') {
        if (SUCCEEDED(connpt_guid_parse(name, ret_clsid)))
            return CLI_OK;
        cli_error("\"%s\" is not a CLSID", name);
        return CLI_USAGE;
    }
    hr = connpt_module_find_class(module, name, ret_clsid);
    if (SUCCEEDED(hr))
        return CLI_OK;
    if (name[0] != '\0')
        cli_error_hr(hr, connpt_module_error(), "cannot find the class %s of the module %s", name,
                     module);
    else
        cli_error_hr(hr, connpt_module_error(), "cannot find the class of the module %s", module);
    return CLI_FAILURE;
}

/* Without one the object itself may still describe its events. */
static ITypeLib *library_of_module(const char *module)
{
    ITypeLib *library = NULL;
    char *file;

    if (FAILED(connpt_module_resolve(module, &file)))
        return NULL;
    if (FAILED(connpt_typelib_load(file, &library)))
        library = NULL;
    cli_free(file);
    return library;
}

static int create_from(struct target *target, const char *module, const CLSID *clsid)
{
    void *object;
    HRESULT hr = connpt_create_instance(module, clsid, &IID_IUnknown, &object);

    if (FAILED(hr)) {
        cli_error_hr(hr, connpt_module_error(), "cannot make an object of %s", target->text);
        return CLI_FAILURE;
    }
    target->clsid = *clsid;
    target->object = object;
    target->library = library_of_module(module);
    return CLI_OK;
}

/* NULL after saying why. */
static struct registered_class *find_registered(const struct target *target)
{
    struct registered_class *found = registry_find(target->class_name);

    if (found == NULL)
        cli_error_hr(REGDB_E_CLASSNOTREG,
                     "connpt list shows those that are; connpt register MODULE adds a module's.",
                     "no class %s is registered", target->class_name);
    return found;
}

static int create_registered(struct target *target)
{
    struct registered_class *found = find_registered(target);
    int status;

    if (found == NULL)
        return CLI_FAILURE;
    status = create_from(target, found->module, &found->clsid);
    registry_free(found);
    return status;
}

static int refuse_library(const struct target *target)
{
    cli_error("%s only describes classes, and connpt events shows them; for an object write "
              "mod:PATH#CLASS",
              target->text);
    return CLI_USAGE;
}

int target_find(const struct target *target, ITypeLib **ret_library)
{
    struct registered_class *found;
    CLSID clsid;

    switch (target->kind) {
    case TARGET_LIBRARY:
        return refuse_library(target);
    case TARGET_SYSTEM:
        return system_class_find(target->class_name, target->text, &clsid, ret_library);
    case TARGET_CLASS:
        found = find_registered(target);
        if (found == NULL)
            return CLI_FAILURE;
        *ret_library = library_of_module(found->module);
        registry_free(found);
        return CLI_OK;
    case TARGET_FS:
    case TARGET_MODULE:
        break;
    }
    *ret_library = library_of_module(target->kind == TARGET_FS ? fs_module : target->path);
    return CLI_OK;
}

int target_create(struct target *target)
{
    const char *module = target->kind == TARGET_FS ? fs_module : target->path;
    CLSID clsid;
    int status;

    if (target->kind == TARGET_LIBRARY)
        return refuse_library(target);
    if (target->kind == TARGET_CLASS)
        return create_registered(target);
    if (target->kind == TARGET_SYSTEM)
        return system_class_create(target->class_name, target->text, target->server, target->use,
                                   &target->clsid, &target->object, &target->library);
    status = find_class(module, target->class_name, &clsid);
    return status == CLI_OK ? create_from(target, module, &clsid) : status;
}

int target_open_library(struct target *target)
{
    HRESULT hr = connpt_typelib_load(target->path, &target->library);

    if (SUCCEEDED(hr))
        return CLI_OK;
    cli_error_hr(hr, connpt_typelib_error(), "cannot read a type library from %s", target->path);
    return CLI_FAILURE;
}

int target_start(struct target *target)
{
    struct dispatch_failure failure;
    VARIANT path;
    HRESULT hr;

    if (target->kind != TARGET_FS)
        return CLI_OK;
    if (target->path[0] == '\0') {
        cli_error("\"fs:\" needs a directory: fs:DIR");
        return CLI_USAGE;
    }
    hr = value_parse(target->path, VT_BSTR, &path);
    if (FAILED(hr)) {
        cli_error_hr(hr, NULL, "cannot pass on the path %s", target->path);
        return CLI_FAILURE;
    }
    hr = dispatch_call(target->object, "Open", DISPATCH_METHOD, &path, 1, NULL, NULL, &failure);
    connpt_VariantClear(&path);
    if (FAILED(hr))
        cli_error_hr(failure.code, failure.description, "cannot watch %s", target->text);
    dispatch_failure_fini(&failure);
    return FAILED(hr) ? CLI_FAILURE : CLI_OK;
}

void target_close(struct target *target)
{
    if (target->object != NULL)
        IUnknown_Release(target->object);
    if (target->library != NULL)
        ITypeLib_Release(target->library);
    target->object = NULL;
    target->library = NULL;
}

/* SPDX-License-Identifier: MIT */
/* cli/cmd_register.c - `connpt register` and `unregister`: make a module's classes findable */
#include "cli.h"

#include <stdio.h>
#include <string.h>

#include <connpt/automation.h>
#include <connpt/guid.h>
#include <connpt/module.h>
#include <connpt/typelib.h>

#include "library.h"
#include "os.h"
#include "registry.h"

static bool arg_user;

static const struct cli_option options[] = {
    { "user", 'u', CLI_FLAG, &arg_user, NULL, "for this user only" },
    { NULL, 0, CLI_FLAG, NULL, NULL, NULL },
};

/* The module's absolute path and its type library; 0 classes is a failure too. */
static int open_module(const char *path, char **ret_file, struct library *ret_library)
{
    char *file, *absolute;
    HRESULT hr = connpt_module_resolve(path, &file);

    if (FAILED(hr)) {
        cli_error_hr(hr, connpt_module_error(), "cannot find the module %s", path);
        return CLI_FAILURE;
    }
    absolute = cli_os_absolute(file);
    cli_free(file);
    if (absolute == NULL) {
        cli_error("cannot find the module %s", path);
        return CLI_FAILURE;
    }
    hr = library_read(absolute, ret_library);
    if (FAILED(hr))
        cli_error_hr(hr, connpt_typelib_error(), "cannot read the type library of %s", absolute);
    else if (ret_library->n_classes == 0)
        cli_error("the type library of %s describes no class", absolute);
    else {
        *ret_file = absolute;
        return CLI_OK;
    }
    if (SUCCEEDED(hr))
        library_fini(ret_library);
    cli_free(absolute);
    return CLI_FAILURE;
}

/* A module that cannot be loaded is not registered: the mistake is found now, not later. */
static int check_loads(const char *file, const struct library_class *class_)
{
    void *factory;
    HRESULT hr = connpt_load_class_object(file, &class_->clsid, &IID_IUnknown, &factory);

    if (FAILED(hr)) {
        cli_error_hr(hr, connpt_module_error(), "the class %s does not load", class_->name);
        return CLI_FAILURE;
    }
    IUnknown_Release((IUnknown *)factory);
    return CLI_OK;
}

static int register_class(const char *folder, char *file, const struct library_class *class_)
{
    struct registered_class entry = {
        .clsid = class_->clsid, .name = class_->name, .module = file, .help = class_->help
    };
    char clsid[CONNPT_GUID_TEXT_SIZE];
    int status = registry_write(folder, &entry);

    connpt_guid_format(&class_->clsid, clsid);
    if (status == CLI_OK)
        printf("registered %s %s\n", clsid, class_->name);
    return status;
}

static int run_register(int argc, char **argv)
{
    struct library library;
    char *file, *folder;
    int status = open_module(argv[0], &file, &library);

    (void)argc;
    if (status != CLI_OK)
        return status;
    folder = registry_folder(arg_user);
    if (folder == NULL)
        status = CLI_FAILURE;
    for (size_t i = 0; i < library.n_classes && status == CLI_OK; i++)
        status = check_loads(file, &library.classes[i]);
    for (size_t i = 0; i < library.n_classes && status == CLI_OK; i++)
        status = register_class(folder, file, &library.classes[i]);
    cli_free(folder);
    cli_free(file);
    library_fini(&library);
    return status;
}

const struct cli_verb cli_verb_register = {
    .name = "register",
    .arguments = "MODULE",
    .summary = "Make the classes of a module known by name and CLSID",
    .min_args = 1,
    .max_args = 1,
    .options = options,
    .details = "Writes one file for each class of the module's type library, into\n"
               "  " CONNPT_FROM CONNPT_CLASSES_DIR "\n"
               "or, with --user, into ${XDG_DATA_HOME:-~/.local/share}/connpt/classes.d.\n",
    .examples = "  connpt register --user ./ticker.so\n"
                "  connpt watch Ticker\n",
    .run = run_register,
};

/* ---- unregister -------------------------------------------------------------------------- */

/* The absolute path of what may be a module, by its path or as register finds it; NULL. */
static char *absolute_module(const char *what)
{
    char *absolute = NULL, *file;

    if (SUCCEEDED(connpt_module_resolve(what, &file))) {
        absolute = cli_os_absolute(file);
        cli_free(file);
    }
    return absolute != NULL ? absolute : cli_os_absolute(what);
}

/* By class name, by CLSID, or by the module's path, which may no longer exist. */
static bool is_meant(const struct registered_class *entry, const char *what, const char *absolute)
{
    CLSID clsid;

    if (what[0] == '{')
        return SUCCEEDED(connpt_guid_parse(what, &clsid)) &&
               connpt_guid_equal(&clsid, &entry->clsid);
    return strcmp(entry->name, what) == 0 || strcmp(entry->module, what) == 0 ||
           (absolute != NULL && strcmp(entry->module, absolute) == 0);
}

/* Why nothing was removed: it is registered in the other place, or nowhere. */
static void tell_nothing(const char *what, bool elsewhere)
{
    if (elsewhere && arg_user)
        cli_error("%s is not registered for this user but for all; connpt unregister %s, "
                  "without --user, forgets that",
                  what, what);
    else if (elsewhere)
        cli_error("%s is not registered for all users but for this one; connpt unregister --user "
                  "%s forgets that",
                  what, what);
    else
        cli_error("nothing of %s is registered; connpt list shows what is", what);
}

static int run_unregister(int argc, char **argv)
{
    struct registered_class **classes;
    size_t n_classes = registry_list_all(&classes);
    char *absolute = absolute_module(argv[0]);
    unsigned n_removed = 0;
    bool elsewhere = false;
    int status = CLI_OK;

    (void)argc;
    for (size_t i = 0; i < n_classes; i++) {
        bool is_it = status == CLI_OK && is_meant(classes[i], argv[0], absolute);

        if (is_it && classes[i]->is_user != arg_user) {
            elsewhere = true;
        } else if (is_it) {
            status = registry_remove(classes[i]);
            if (status == CLI_OK)
                printf("unregistered %s\n", classes[i]->name);
            n_removed++;
        }
        registry_free(classes[i]);
    }
    if (n_removed == 0) {
        tell_nothing(argv[0], elsewhere);
        status = CLI_FAILURE;
    }
    cli_free(absolute);
    cli_free(classes);
    return status;
}

const struct cli_verb cli_verb_unregister = {
    .name = "unregister",
    .arguments = "MODULE|CLASS|{CLSID}",
    .summary = "Forget registered classes",
    .min_args = 1,
    .max_args = 1,
    .options = options,
    .examples = "  connpt unregister --user ./ticker.so\n"
                "  connpt unregister --user Ticker\n",
    .run = run_unregister,
};

/* SPDX-License-Identifier: MIT */
/* cli/cmd_list.c - `connpt list`: what can be a target on this machine */
#include "cli.h"

#include <stdlib.h>
#include <string.h>

#include <connpt/guid.h>
#include <connpt/module.h>
#include <connpt/typelib.h>

#include "library.h"
#include "os.h"
#include "registry.h"
#include "system_class.h"
#include "text.h"

static bool arg_json, arg_no_legend, arg_system;

static const struct cli_option options[] = {
    { "json", 'j', CLI_FLAG, &arg_json, NULL, "one JSON array" },
    { "system", 0, CLI_FLAG, &arg_system, NULL,
      "the classes of Windows' registry that have events" },
    { "no-legend", 0, CLI_FLAG, &arg_no_legend, NULL, "no heading above the table" },
    { NULL, 0, CLI_FLAG, NULL, NULL, NULL },
};

/* One class that is a target. */
struct row {
    char *target;
    const char *kind; /* "built-in", "module", "registered" or "system" */
    char *module;     /* its file */
    char *name;
    CLSID clsid;
    struct library_class *class_; /* what its library says; NULL when that cannot be read */
};

struct table {
    struct row *rows;
    size_t n_rows;
    struct library *libraries; /* which the rows refer to */
    size_t n_libraries;
};

static struct row *add_row(struct table *table, const char *kind, char *target, const char *module)
{
    struct row *row;

    table->rows = cli_realloc(table->rows, (table->n_rows + 1) * sizeof(*table->rows));
    row = &table->rows[table->n_rows++];
    memset(row, 0, sizeof(*row));
    row->kind = kind;
    row->target = target;
    row->module = cli_strdup(module);
    return row;
}

/* Keeps the library for the rows; the classes stay where they are. */
static bool read_library(struct table *table, const char *module, struct library *ret_library)
{
    HRESULT hr = library_read(module, ret_library);

    if (FAILED(hr)) {
        cli_error_hr(hr, connpt_typelib_error(), "%s is not listed", module);
        return false;
    }
    table->libraries =
        cli_realloc(table->libraries, (table->n_libraries + 1) * sizeof(*table->libraries));
    table->libraries[table->n_libraries++] = *ret_library;
    return true;
}

static void add_class(struct table *table, const char *kind, char *target, const char *module,
                      struct library_class *class_)
{
    struct row *row = add_row(table, kind, target, module);

    row->name = cli_strdup(class_->name);
    row->clsid = class_->clsid;
    row->class_ = class_;
}

/* ---- modules ----------------------------------------------------------------------------- */

static bool is_fs(const char *stem)
{
    return strcmp(stem, "fs") == 0;
}

static void add_module(struct table *table, const char *stem, const char *file)
{
    struct library library;

    if (!read_library(table, file, &library))
        return;
    for (size_t i = 0; i < library.n_classes; i++) {
        struct library_class *class_ = &library.classes[i];

        if (is_fs(stem) && strcmp(class_->name, "FileWatcher") == 0)
            add_class(table, "built-in", cli_strdup("fs:DIR"), file, class_);
        else
            add_class(table, "module", cli_format("mod:%s#%s", stem, class_->name), file, class_);
    }
}

/* Does the bare name lead to this file, or does an earlier folder hide it? A folder that is
 * named twice has its modules only once. */
static bool is_found_by_name(const struct table *table, const char *stem, const char *file)
{
    char *resolved;
    bool is_same;

    for (size_t i = 0; i < table->n_rows; i++) {
        if (strcmp(table->rows[i].module, file) == 0)
            return false;
    }
    if (FAILED(connpt_module_resolve(stem, &resolved)))
        return false;
    is_same = strcmp(resolved, file) == 0;
    cli_free(resolved);
    return is_same;
}

static void add_folder(struct table *table, const char *folder)
{
    const size_t suffix = sizeof(CLI_MODULE_SUFFIX) - 1;
    char **names;
    size_t n_names;

    if (!cli_os_list_folder(folder, &names, &n_names))
        return;
    for (size_t i = 0; i < n_names; i++) {
        size_t length = strlen(names[i]);

        if (length > suffix && strcmp(names[i] + length - suffix, CLI_MODULE_SUFFIX) == 0) {
            char *file = cli_format("%s/%s", folder, names[i]);
            char *stem = cli_strndup(names[i], length - suffix);

            if (is_found_by_name(table, stem, file))
                add_module(table, stem, file);
            cli_free(stem);
            cli_free(file);
        }
        cli_free(names[i]);
    }
    cli_free(names);
}

/* Of the installation; to be freed. */
static char *module_folder(void)
{
    char *folder;

    return SUCCEEDED(connpt_module_folder(&folder)) ? folder : cli_strdup("");
}

static void add_folders(struct table *table)
{
    char *installed = module_folder();
    char *folders = cli_os_environment("CONNPT_MODULE_PATH");
    const char *path = folders;

    while (path != NULL && path[0] != '\0') {
        const char *end = strchr(path, CLI_PATH_SEPARATOR);
        char *folder = cli_strndup(path, end != NULL ? (size_t)(end - path) : strlen(path));

        if (folder[0] != '\0')
            add_folder(table, folder);
        cli_free(folder);
        path = end != NULL ? end + 1 : NULL;
    }
    cli_free(folders);
    add_folder(table, installed);
    cli_free(installed);
}

static void tell_nothing(void)
{
    char *installed = module_folder();

    cli_note("There is no module in %s nor in the folders of CONNPT_MODULE_PATH, and no class is "
             "registered.",
             installed);
    cli_free(installed);
}

/* ---- registered classes ------------------------------------------------------------------ */

static struct library_class *find_class(struct library *library, const CLSID *clsid)
{
    for (size_t i = 0; i < library->n_classes; i++) {
        if (connpt_guid_equal(&library->classes[i].clsid, clsid))
            return &library->classes[i];
    }
    return NULL;
}

static void add_registered(struct table *table)
{
    struct registered_class **classes;
    size_t n_classes = registry_list(&classes);

    for (size_t i = 0; i < n_classes; i++) {
        const struct registered_class *entry = classes[i];
        char clsid[CONNPT_GUID_TEXT_SIZE];
        struct library library;
        struct row *row;

        connpt_guid_format(&entry->clsid, clsid);
        row = add_row(table, "registered", cli_strdup(entry->name[0] != '\0' ? entry->name : clsid),
                      entry->module);
        row->name = cli_strdup(entry->name);
        row->clsid = entry->clsid;
        if (read_library(table, entry->module, &library))
            row->class_ = find_class(&library, &entry->clsid);
        registry_free(classes[i]);
    }
    cli_free(classes);
}

/* ---- the system's classes ---------------------------------------------------------------- */

static bool is_listed(const struct table *table, const CLSID *clsid)
{
    for (size_t i = 0; i < table->n_rows; i++) {
        if (connpt_guid_equal(&table->rows[i].clsid, clsid))
            return true;
    }
    return false;
}

static void add_library_classes(struct table *table, const char *path)
{
    struct library library;

    if (!read_library(table, path, &library))
        return;
    for (size_t i = 0; i < library.n_classes; i++) {
        struct library_class *class_ = &library.classes[i];
        char *target, *server;

        if (class_->n_sources == 0 || is_listed(table, &class_->clsid) ||
            !system_class_server(&class_->clsid, &target, &server))
            continue;
        add_class(table, "system", target, server, class_);
        cli_free(server);
    }
}

static int compare_rows(const void *a, const void *b)
{
    return strcmp(((const struct row *)a)->target, ((const struct row *)b)->target);
}

static void add_system(struct table *table)
{
    char **paths;
    size_t n_paths = system_typelibs(&paths);

    for (size_t i = 0; i < n_paths; i++) {
        add_library_classes(table, paths[i]);
        cli_free(paths[i]);
    }
    cli_free(paths);
    if (table->n_rows > 1)
        qsort(table->rows, table->n_rows, sizeof(*table->rows), compare_rows);
}

/* ---- output ------------------------------------------------------------------------------ */

static void write_events(struct text *text, const struct described *described, const char *between)
{
    for (unsigned i = 0; i < described->n_members; i++) {
        if (i > 0)
            text_str(text, between);
        if (arg_json)
            text_json(text, described->members[i].name);
        else
            text_str(text, described->members[i].name);
    }
}

static void write_json_row(struct text *text, const struct row *row)
{
    char guid[CONNPT_GUID_TEXT_SIZE];
    size_t n_sources = row->class_ != NULL ? row->class_->n_sources : 0;

    connpt_guid_format(&row->clsid, guid);
    text_str(text, "{\"target\":");
    text_json(text, row->target);
    text_printf(text, ",\"kind\":\"%s\",\"class\":", row->kind);
    text_json(text, row->name);
    text_printf(text, ",\"clsid\":\"%s\",\"module\":", guid);
    text_json(text, row->module);
    text_str(text, ",\"help\":");
    text_json(text, row->class_ != NULL ? row->class_->help : "");
    text_str(text, ",\"sources\":[");
    for (size_t i = 0; i < n_sources; i++) {
        const struct library_source *source = &row->class_->sources[i];

        text_str(text, i == 0 ? "{\"interface\":" : ",{\"interface\":");
        text_json(text, source->described->name);
        connpt_guid_format(&source->described->iid, guid);
        text_printf(text, ",\"iid\":\"%s\",\"default\":%s,\"events\":[", guid,
                    source->is_default ? "true" : "false");
        write_events(text, source->described, ",");
        text_str(text, "]}");
    }
    text_str(text, "]}");
}

/* The interface's name and a star at the default one. */
static char *source_title(const struct library_source *source)
{
    return cli_format("%s%s", source->described->name, source->is_default ? " *" : "");
}

struct widths {
    size_t target, source;
};

static void widen(size_t *width, const char *string)
{
    if (strlen(string) > *width)
        *width = strlen(string);
}

static struct widths measure(const struct table *table)
{
    struct widths widths = { sizeof("TARGET") - 1, sizeof("INTERFACE") - 1 };

    for (size_t i = 0; i < table->n_rows; i++) {
        const struct row *row = &table->rows[i];

        widen(&widths.target, row->target);
        for (size_t k = 0; row->class_ != NULL && k < row->class_->n_sources; k++) {
            char *title = source_title(&row->class_->sources[k]);

            widen(&widths.source, title);
            cli_free(title);
        }
    }
    return widths;
}

static void write_text_row(struct text *text, const struct row *row, struct widths widths)
{
    size_t n_sources = row->class_ != NULL ? row->class_->n_sources : 0;

    if (n_sources == 0) {
        text_padded(text, row->target, widths.target);
        text_str(text, "  -\n");
    }
    for (size_t i = 0; i < n_sources; i++) {
        char *title = source_title(&row->class_->sources[i]);

        text_padded(text, i == 0 ? row->target : "", widths.target);
        text_str(text, "  ");
        text_padded(text, title, widths.source);
        text_str(text, "  ");
        write_events(text, row->class_->sources[i].described, " ");
        text_char(text, '\n');
        cli_free(title);
    }
}

static void write_table(struct text *text, const struct table *table)
{
    struct widths widths = measure(table);

    if (arg_json) {
        text_char(text, '[');
        for (size_t i = 0; i < table->n_rows; i++) {
            if (i > 0)
                text_char(text, ',');
            write_json_row(text, &table->rows[i]);
        }
        text_str(text, "]\n");
        return;
    }
    if (!arg_no_legend && table->n_rows > 0) {
        text_padded(text, "TARGET", widths.target);
        text_str(text, "  ");
        text_padded(text, "INTERFACE", widths.source);
        text_str(text, "  EVENTS\n");
    }
    for (size_t i = 0; i < table->n_rows; i++)
        write_text_row(text, &table->rows[i], widths);
}

static void table_fini(struct table *table)
{
    for (size_t i = 0; i < table->n_rows; i++) {
        cli_free(table->rows[i].target);
        cli_free(table->rows[i].module);
        cli_free(table->rows[i].name);
    }
    cli_free(table->rows);
    for (size_t i = 0; i < table->n_libraries; i++)
        library_fini(&table->libraries[i]);
    cli_free(table->libraries);
}

static int run(int argc, char **argv)
{
    struct table table = { 0 };
    struct text text = { 0 };
    bool written;

    (void)argc;
    (void)argv;
    if (arg_system && !system_has_classes()) {
        cli_error("list: --system: only Windows has a registry of COM classes");
        return CLI_USAGE;
    }
    if (arg_system) {
        add_system(&table);
    } else {
        add_folders(&table);
        add_registered(&table);
    }
    if (table.n_rows == 0 && arg_system)
        cli_note("No registered class has a type library that says that it has events.");
    else if (table.n_rows == 0)
        tell_nothing();
    write_table(&text, &table);
    if (!arg_json)
        text_make_visible(&text); /* a type library may hold anything */
    written = cli_os_write(text.bytes, text.length);
    text_fini(&text);
    table_fini(&table);
    return written ? CLI_OK : CLI_FAILURE;
}

const struct cli_verb cli_verb_list = {
    .name = "list",
    .arguments = "",
    .summary = "Show what can be a target here",
    .min_args = 0,
    .max_args = 0,
    .options = options,
    .details = "Modules are looked for in the folders of CONNPT_MODULE_PATH, then in\n"
               "  " CONNPT_FROM CONNPT_MODULE_DIR "\n"
               "Their type libraries are read; no code of theirs runs. A star marks a class's\n"
               "default source.\n"
               "--system shows, instead of these, the classes of Windows' registry whose type\n"
               "libraries declare events. A class without a library may have events all the same:\n"
               "connpt events progid:NAME tells.\n",
    .examples = "  connpt list\n"
                "  connpt list --json | jq -r '.[].target'\n",
    .run = run,
};

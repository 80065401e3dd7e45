/* SPDX-License-Identifier: MIT */
/* cli/registry.c - reads and writes the files that say which module serves a class */
#include "registry.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <connpt/guid.h>

#include "describe.h"
#include "os.h"
#include "text.h"

enum { LONGEST_LINE = 8192 };

static const char suffix[] = ".class";

char *registry_folder(bool user)
{
    char *data, *folder;

    if (!user)
        return cli_installed(CONNPT_CLASSES_DIR);
    data = cli_os_user_data_folder();
    if (data == NULL) {
        cli_error("there is no folder of the user: neither XDG_DATA_HOME nor HOME is set");
        return NULL;
    }
    folder = cli_format("%s/connpt/classes.d", data);
    cli_free(data);
    return folder;
}

void registry_free(struct registered_class *found)
{
    if (found == NULL)
        return;
    cli_free(found->name);
    cli_free(found->module);
    cli_free(found->help);
    cli_free(found->file);
    cli_free(found);
}

/* ---- reading --------------------------------------------------------------------------------- */

static void set_string(char **field, const char *value)
{
    cli_free(*field);
    *field = cli_strdup(value);
}

/* NULL when understood, else what is wrong. */
static const char *read_line(struct registered_class *entry, char *line, bool *has_clsid)
{
    char *value = strchr(line, '=');

    if (line[0] == '#' || line[0] == '\0')
        return NULL;
    if (value == NULL)
        return "is not key=value";
    *value++ = '\0';
    if (strcmp(line, "clsid") == 0) {
        *has_clsid = SUCCEEDED(connpt_guid_parse(value, &entry->clsid));
        return *has_clsid ? NULL : "is not a CLSID";
    }
    if (strcmp(line, "name") == 0)
        set_string(&entry->name, value);
    else if (strcmp(line, "module") == 0)
        set_string(&entry->module, value);
    else if (strcmp(line, "help") == 0)
        set_string(&entry->help, value);
    return NULL;
}

static struct registered_class *refuse(struct registered_class *entry, unsigned line,
                                       const char *wrong)
{
    if (line != 0)
        cli_error("%s:%u: %s; the file is ignored", entry->file, line, wrong);
    else
        cli_error("%s: %s; the file is ignored", entry->file, wrong);
    registry_free(entry);
    return NULL;
}

static struct registered_class *read_file(const char *folder, const char *name, bool is_user)
{
    struct registered_class *entry = cli_alloc(sizeof(*entry));
    char line[LONGEST_LINE];
    unsigned number = 0;
    bool has_clsid = false;
    const char *wrong = NULL;
    FILE *file;

    entry->file = cli_format("%s/%s", folder, name);
    entry->name = cli_strdup("");
    entry->help = cli_strdup("");
    entry->is_user = is_user;
    if (!cli_os_is_file(entry->file)) /* a device or a pipe may never end */
        return refuse(entry, 0, "it is not a regular file");
    file = cli_os_open(entry->file);
    if (file == NULL)
        return refuse(entry, 0, strerror(errno));
    while (wrong == NULL && fgets(line, sizeof(line), file) != NULL) {
        number++;
        if (strlen(line) == sizeof(line) - 1 && strchr(line, '\n') == NULL)
            wrong = "is too long";
        line[strcspn(line, "\r\n")] = '\0';
        if (wrong == NULL)
            wrong = read_line(entry, line, &has_clsid);
    }
    (void)fclose(file);
    if (wrong != NULL)
        return refuse(entry, number, wrong);
    if (!has_clsid || entry->module == NULL)
        return refuse(entry, 0, has_clsid ? "there is no module=" : "there is no clsid=");
    if (!cli_os_is_absolute(entry->module))
        return refuse(entry, 0, "the module= is not an absolute path");
    return entry;
}

static bool has_suffix(const char *name)
{
    size_t length = strlen(name);

    return length > sizeof(suffix) - 1 && strcmp(name + length - (sizeof(suffix) - 1), suffix) == 0;
}

static bool is_hidden(struct registered_class **classes, size_t n, const CLSID *clsid)
{
    for (size_t i = 0; i < n; i++) {
        if (connpt_guid_equal(&classes[i]->clsid, clsid))
            return true;
    }
    return false;
}

static void list_folder(const char *folder, bool is_user, bool with_hidden,
                        struct registered_class ***classes, size_t *n)
{
    char **names;
    size_t n_names;

    if (!cli_os_list_folder(folder, &names, &n_names))
        return; /* nothing is registered there */
    for (size_t i = 0; i < n_names; i++) {
        struct registered_class *entry =
            has_suffix(names[i]) ? read_file(folder, names[i], is_user) : NULL;

        cli_free(names[i]);
        if (entry == NULL)
            continue;
        if (!with_hidden && is_hidden(*classes, *n, &entry->clsid)) {
            registry_free(entry);
            continue;
        }
        *classes = cli_realloc(*classes, (*n + 1) * sizeof(**classes));
        (*classes)[(*n)++] = entry;
    }
    cli_free(names);
}

static size_t list(bool with_hidden, struct registered_class ***ret_classes)
{
    char *data = cli_os_user_data_folder(), *folder;
    size_t n = 0;

    *ret_classes = NULL;
    if (data != NULL) {
        folder = cli_format("%s/connpt/classes.d", data);
        list_folder(folder, true, with_hidden, ret_classes, &n);
        cli_free(folder);
        cli_free(data);
    }
    folder = cli_installed(CONNPT_CLASSES_DIR);
    list_folder(folder, false, with_hidden, ret_classes, &n);
    cli_free(folder);
    return n;
}

size_t registry_list(struct registered_class ***ret_classes)
{
    return list(false, ret_classes);
}

size_t registry_list_all(struct registered_class ***ret_classes)
{
    return list(true, ret_classes);
}

struct registered_class *registry_find(const char *name)
{
    struct registered_class **classes;
    size_t n = registry_list(&classes);
    struct registered_class *found = NULL;
    CLSID clsid;
    bool is_clsid = name[0] == '{' && SUCCEEDED(connpt_guid_parse(name, &clsid));

    for (size_t i = 0; i < n; i++) {
        bool fits = is_clsid ? connpt_guid_equal(&classes[i]->clsid, &clsid) != 0
                             : cli_is_same_name(classes[i]->name, name);

        if (fits && found == NULL)
            found = classes[i];
        else
            registry_free(classes[i]);
    }
    cli_free(classes);
    return found;
}

/* ---- writing --------------------------------------------------------------------------------- */

/* A line break would begin another key. */
static void write_pair(struct text *text, const char *key, const char *value)
{
    if (value[0] == '\0')
        return;
    text_printf(text, "%s=", key);
    for (; *value != '\0'; value++)
        text_char(text, *value == '\n' || *value == '\r' ? ' ' : *value);
    text_char(text, '\n');
}

int registry_write(const char *folder, const struct registered_class *entry)
{
    char clsid[CONNPT_GUID_TEXT_SIZE];
    struct text text = { 0 };
    char *path;
    bool written;

    connpt_guid_format(&entry->clsid, clsid);
    path = cli_format("%s/%s%s", folder, clsid, suffix);
    write_pair(&text, "clsid", clsid);
    write_pair(&text, "name", entry->name);
    write_pair(&text, "module", entry->module);
    write_pair(&text, "help", entry->help);
    written = cli_os_make_folders(folder) && cli_os_write_file(path, text.bytes, text.length);
    if (!written)
        cli_error("cannot write %s: %s%s", path, strerror(errno),
                  errno == EACCES || errno == EROFS ? "; --user registers for you alone" : "");
    text_fini(&text);
    cli_free(path);
    return written ? CLI_OK : CLI_FAILURE;
}

int registry_remove(const struct registered_class *entry)
{
    if (cli_os_remove(entry->file))
        return CLI_OK;
    cli_error("cannot remove %s: %s", entry->file, strerror(errno));
    return CLI_FAILURE;
}

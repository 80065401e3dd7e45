/* SPDX-License-Identifier: MIT */
/*
 * cli/registry.h - registered classes: which module serves a CLSID or a name
 *
 * One file a class, "{CLSID}.class", in ${XDG_DATA_HOME:-~/.local/share}/connpt/classes.d and in
 * the installation's share/connpt/classes.d; the user's is read first. UTF-8 text, a "key=value"
 * a line, "#" begins a comment line; unknown keys are ignored:
 *
 *     clsid={5B1D4A2B-846E-4106-BCEE-6A7BE3C86D5B}
 *     name=Ticker
 *     module=/usr/lib/connpt/ticker.so
 *     help=A sample event source
 */
#ifndef CONNPT_CLI_REGISTRY_H
#define CONNPT_CLI_REGISTRY_H

#include <connpt/com.h>

#include "cli.h"

struct registered_class {
    CLSID clsid;
    char *name;   /* "" for none */
    char *module; /* absolute path */
    char *help;   /* "" for none */
    char *file;   /* where it was read from */
    bool is_user; /* in the user's folder */
};

void registry_free(struct registered_class *found);

/* By name without case or by {CLSID}; NULL. */
struct registered_class *registry_find(const char *name);

/* All of them, the user's first, without those that it hides. Free each, and the array with
 * cli_free. Files that cannot be understood are named on stderr. */
size_t registry_list(struct registered_class ***ret_classes);

/* The same with those of all users that one of this user hides. */
size_t registry_list_all(struct registered_class ***ret_classes);

/* The folder to write to, to be freed; NULL after saying why. */
char *registry_folder(bool user);
/* Returns: CLI_OK; CLI_FAILURE after saying why. */
int registry_write(const char *folder, const struct registered_class *entry);
int registry_remove(const struct registered_class *entry);

#endif

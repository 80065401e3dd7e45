/* SPDX-License-Identifier: MIT */
/*
 * cli/target.h - what the command is pointed at
 *
 *     fs:DIR                  a directory tree, by the module fs
 *     mod:PATH                the only class of a module
 *     mod:PATH#CLASS          a class of a module, by name or {CLSID}
 *     {CLSID}, NAME           a registered class
 *     progid:NAME             a class of Windows' registry, by its ProgID
 *     clsid:{CLSID}           ... by its CLSID
 *     tlb:FILE                a type library's classes, or FILE#CLASS: no object is made of them
 *
 * and behind each of them `#INTERFACE`, `#INTERFACE.EVENT` or `#EVENT`. The last "#" begins the
 * selector, so a directory with a "#" in its name is written with a "#" at its end.
 */
#ifndef CONNPT_CLI_TARGET_H
#define CONNPT_CLI_TARGET_H

#include <connpt/com.h>

#include "cli.h"
#include "system_class.h"

enum target_kind { TARGET_FS, TARGET_MODULE, TARGET_CLASS, TARGET_SYSTEM, TARGET_LIBRARY };

struct target {
    enum target_kind kind;
    char *text;           /* as it was given, without the selector */
    char *path;           /* TARGET_FS: the directory; TARGET_MODULE, TARGET_LIBRARY: the file */
    char *class_name;     /* all others: name or {CLSID}; "" for the only one of a module, for all
                             of a library */
    char *interface_name; /* of the selector; NULL */
    char *member;         /* of the selector; NULL. With one word X, it may be either: both are X */

    enum system_server server; /* TARGET_SYSTEM */
    enum system_use use;       /* the same */

    /* after target_create */
    CLSID clsid;
    IUnknown *object;
    ITypeLib *library; /* that of the module or class; NULL when it has none */
};

/* Returns: CLI_OK; CLI_USAGE after saying why. The strings are the target's: target_fini. */
int target_parse(const char *text, struct target *ret_target);
void target_fini(struct target *target);

/* What --server says, "inproc" or "local"; NULL: nothing. Returns: CLI_OK; CLI_USAGE after saying
 * why. */
int target_set_server(struct target *target, const char *word);

/* Says why no object can be made of the target, as far as that is known before one is made, and
 * gives the type library of the module or class, which the caller releases; NULL.
 * Returns: CLI_OK, CLI_USAGE, CLI_FAILURE. */
int target_find(const struct target *target, ITypeLib **ret_library);
/* Makes the object. Returns: CLI_OK, or another exit code after saying why. */
int target_create(struct target *target);
/* For TARGET_LIBRARY, instead. Returns: the same. */
int target_open_library(struct target *target);
/* What the object needs to have events: fs: opens the directory. Connect before that. */
int target_start(struct target *target);
/* Releases the object. */
void target_close(struct target *target);

#endif

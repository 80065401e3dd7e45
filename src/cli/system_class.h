/* SPDX-License-Identifier: MIT */
/*
 * cli/system_class.h - classes and type libraries of the system's own registry
 *
 * Only Windows has one. Elsewhere there are no such classes: system_class_find and
 * system_class_create say so, and the rest finds nothing. All of it is for the main thread, which
 * an object of such a class makes a single-threaded apartment (decision 0041): its events come
 * while cli_os_wait waits. The apartment of a check is the one in which the object is no proxy.
 */
#ifndef CONNPT_CLI_SYSTEM_CLASS_H
#define CONNPT_CLI_SYSTEM_CLASS_H

#include <connpt/com.h>

#include "cli.h"

enum system_server {
    SYSTEM_SERVER_ANY, /* in this process if the class can, else in its own */
    SYSTEM_SERVER_IN_PROCESS,
    SYSTEM_SERVER_LOCAL /* a process of its own */
};

enum system_use {
    SYSTEM_USE_EVENTS,       /* a crash of the object is told and ends the command */
    SYSTEM_USE_CHECK,        /* whoever checks it sees to its crashes */
    SYSTEM_USE_CHECK_THREADS /* on several threads, if the class is for that */
};

bool system_has_classes(void);

/*
 * system_class_find - which class it is; nothing of it is loaded
 *
 * @name:  a ProgID, or {CLSID}
 * @shown: the target, for messages
 * @ret_library: the type library that describes the class; NULL when none is found
 *
 * Returns: CLI_OK; CLI_USAGE, CLI_FAILURE after saying why.
 */
int system_class_find(const char *name, const char *shown, CLSID *ret_clsid,
                      ITypeLib **ret_library);

/* An object of a registered class; else the same. */
int system_class_create(const char *name, const char *shown, enum system_server server,
                        enum system_use use, CLSID *ret_clsid, IUnknown **ret_object,
                        ITypeLib **ret_library);

/* What describes an interface, by the registry alone; NULL. The caller releases it. */
ITypeInfo *system_interface_info(const IID *iid);
/* What the registry calls an interface; NULL. Free with cli_free. */
char *system_interface_name(const IID *iid);

/* The files of the type libraries that the registry names. Free each and the array. */
size_t system_typelibs(char ***ret_paths);
/* False when no server of the class is registered. @ret_target: "progid:NAME" or "clsid:{CLSID}";
 * @ret_server: the file. Free both. */
bool system_class_server(const CLSID *clsid, char **ret_target, char **ret_server);

/* An object of another process or apartment, reached through a proxy. */
bool system_is_proxy(IUnknown *object);

/* What the system says of a result code; NULL. Free with cli_free. */
char *system_error_text(HRESULT hr);

/* At the very end, when every object was released. */
void system_class_end(void);

#endif

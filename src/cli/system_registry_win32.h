/* SPDX-License-Identifier: MIT */
/* cli/system_registry_win32.h - reading HKEY_CLASSES_ROOT, in UTF-8 */
#ifndef CONNPT_CLI_SYSTEM_REGISTRY_WIN32_H
#define CONNPT_CLI_SYSTEM_REGISTRY_WIN32_H

#include <connpt/com.h>

#include "cli.h"

/* The default value of a key below HKEY_CLASSES_ROOT; NULL. Free with cli_free. */
char *hkcr_value(const char *format, ...) CLI_PRINTF(1, 2);
/* The same of a value with a name. */
char *hkcr_named_value(const WCHAR *name, const char *format, ...) CLI_PRINTF(2, 3);
/* The names of the keys below it. Free each and the array with cli_free. */
size_t hkcr_keys(char ***ret_names, const char *format, ...) CLI_PRINTF(2, 3);
void hkcr_keys_free(char **names, size_t n);

/* A registered type library, loaded: the newest version that @is_wanted takes (NULL: any).
 * @version: "2.0" is looked at first; may be NULL. NULL when there is none. */
typedef bool hkcr_typelib_fn(ITypeLib *library, const GUID *wanted);
ITypeLib *hkcr_typelib(const char *libid, const char *version, hkcr_typelib_fn *is_wanted,
                       const GUID *wanted);

/* The file of a version of a type library for this processor; NULL. */
char *hkcr_typelib_path(const char *libid, const char *version);

#endif

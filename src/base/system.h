/* SPDX-License-Identifier: MIT */
/*
 * base/system.h - what surrounds the process: its environment, and where this library lies
 *
 * Text is UTF-8; what is given is freed with connpt__free.
 */
#ifndef CONNPT_BASE_SYSTEM_H
#define CONNPT_BASE_SYSTEM_H

#include <connpt/com.h>

/* Between the folders of a variable that lists them. */
#ifdef _WIN32
#define CONNPT__PATH_LIST_SEPARATOR ';'
#else
#define CONNPT__PATH_LIST_SEPARATOR ':'
#endif

/*
 * *ret_value: NULL when the variable is not set, is no text, or is not to be trusted (setuid).
 * Returns: S_OK; E_OUTOFMEMORY.
 */
HRESULT connpt__environment(const char *name, char **ret_value);

/*
 * A folder of the installation as config.h has it: on Windows relative to the folder of the DLL or
 * program that this library is in, which may lie anywhere; elsewhere absolute.
 *
 * Returns: S_OK; E_OUTOFMEMORY.
 */
HRESULT connpt__installed_folder(const char *folder, char **ret_folder);

#endif

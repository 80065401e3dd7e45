/* SPDX-License-Identifier: MIT */
/* files.h - folders and files for one test, and the environment, on every system */
#ifndef CONNPT_TESTS_TYPELIB_FILES_H
#define CONNPT_TESTS_TYPELIB_FILES_H

#include <stddef.h>
#include <stdint.h>

enum { FILES_FOLDER_SIZE = 900, FILES_PATH_SIZE = 1000 };

/* Between the folders of a search path. */
#ifdef _WIN32
#define FILES_SEPARATOR ";"
#else
#define FILES_SEPARATOR ":"
#endif

/* Each returns whether it worked; if not, a check has failed. */

/* A new empty folder; its name has letters outside ASCII. UTF-8. */
int files_make_folder(char folder[FILES_FOLDER_SIZE]);

int files_write(const char *folder, const char *name, const void *bytes, size_t size);

#ifndef _WIN32
/* With a hole; skips the test where there can be no such file. */
int files_lengthen(const char *path, int64_t size);
#endif

/* Copies a file of data/. */
int files_copy(const char *folder, const char *name, const char *as);

/* Removes the files with these names, the last one NULL, and the folder. */
void files_remove_folder(const char *folder, const char *const *names);

/* NULL: removes it. UTF-8. */
int files_set_variable(const char *name, const char *value);

#endif

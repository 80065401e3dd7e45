/* SPDX-License-Identifier: MIT */
/*
 * loader/loader.h - what the parts of the loader say to each other
 *
 * module.c knows what a module path means and what its answers mean; module_posix.c and
 * module_win32.c know how this system opens one. elf.c reads a file before the system does,
 * missing_win32.c after it has refused one.
 */
#ifndef CONNPT_LOADER_LOADER_H
#define CONNPT_LOADER_LOADER_H

#include <connpt/module.h>

typedef HRESULT(STDAPICALLTYPE *connpt__get_class_object_fn)(REFCLSID, REFIID, void **);

/* ---- module.c -------------------------------------------------------------------------- */

/* Forgets the thread's last error. Every public function of the loader begins with it. */
void connpt__module_clear_error(void);

/* Records the sentence that connpt_module_error() returns, and returns @hr. */
#if defined(__GNUC__)
__attribute__((format(printf, 2, 3)))
#endif
HRESULT
connpt__module_fail(HRESULT hr, const char *format, ...);

/* connpt_module_resolve without touching an error of an earlier step. */
HRESULT connpt__module_resolve(const char *path, char **ret_file);

/* ---- module_posix.c, module_win32.c ------------------------------------------------------ */

#ifdef _WIN32
#define CONNPT__MODULE_SUFFIX ".dll"
#else
#define CONNPT__MODULE_SUFFIX ".so"
#endif

/* Does @path name a folder too, so that it is taken as it is? */
int connpt__module_has_folder(const char *path);

/* Is there something of that name / a regular file? */
int connpt__module_exists(const char *file);
int connpt__module_is_regular(const char *file);

/*
 * Loads @file for the life of the process and finds its DllGetClassObject. Nothing is loaded
 * when the file's headers already tell that it is no module of this machine.
 *
 * Returns: S_OK; CO_E_DLLNOTFOUND; CO_E_ERRORINDLL; E_OUTOFMEMORY. The error is recorded.
 */
HRESULT connpt__module_open(const char *file, connpt__get_class_object_fn *ret_entry);

#ifdef _WIN32
/* ---- missing_win32.c --------------------------------------------------------------------- */

struct connpt__missing {
    char name[260];      /* "helper.dll" */
    char needed_by[260]; /* the file that names it, without its folder ... */
    int is_direct;       /* ... 1: the module itself */
};

/* A DLL without which @file cannot be loaded; file: in full, with backslashes. Returns: 0: none is
 * known to be missing. */
int connpt__module_missing(const WCHAR *file, struct connpt__missing *ret_missing);
#endif

/* ---- elf.c ------------------------------------------------------------------------------- */

/* A file that can be read anywhere. read: returns 0 when all @size bytes were read. */
struct connpt__elf_file {
    int (*read)(void *context, uint64_t offset, void *buffer, size_t size);
    void *context;
    uint64_t size; /* bytes */
};

/*
 * What keeps the dynamic linker from loading the file safely, as the second half of a sentence
 * that begins with the file's name; NULL when nothing does. @text holds a composed answer.
 */
const char *connpt__elf_problem(const struct connpt__elf_file *file, char *text, size_t text_size);

#endif

/* SPDX-License-Identifier: MIT */
/* cli/library.h - the classes that a module's type library describes, without loading code */
#ifndef CONNPT_CLI_LIBRARY_H
#define CONNPT_CLI_LIBRARY_H

#include "describe.h"

struct library_source {
    struct described *described;
    bool is_default;
};

struct library_class {
    CLSID clsid;
    char *name;
    char *help;
    struct library_source *sources;
    size_t n_sources;
};

struct library {
    char *name;
    struct library_class *classes;
    size_t n_classes;
};

/* @path: a module or a .tlb. Returns: S_OK; what connpt_typelib_load returned. */
HRESULT library_read(const char *path, struct library *ret_library);
void library_fini(struct library *library);

#endif

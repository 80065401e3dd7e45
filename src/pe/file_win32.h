/* SPDX-License-Identifier: MIT */
/* pe/file_win32.h - a module's file, to be read */
#ifndef CONNPT_PE_FILE_WIN32_H
#define CONNPT_PE_FILE_WIN32_H

#include "pe/pe.h"

struct pe_file {
    struct pe pe;
    void *view;
};

/* Maps it; no heap is used, and no lock of the loader's. Nobody can make the file shorter
 * meanwhile. Returns: 0 when there is no module there. */
int connpt__pe_file_open(const WCHAR *path, struct pe_file *file);
void connpt__pe_file_close(struct pe_file *file);

#endif

/* SPDX-License-Identifier: MIT */
/*
 * check/symbols_win32.c - symbols_win32.h by the table of symbols in the module's own file, or its
 * exports
 *
 * There is one thread that asks, in a process that has crashed. What it remembers of the last
 * module is enough: calls come in runs.
 */
#include "symbols_win32.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <wchar.h>

#include "pe/file_win32.h"

enum { LONGEST_PATH = 1100 };

static struct {
    uintptr_t base; /* of the module that the file is of; 0: none */
    bool is_open;
    struct pe_file file;
} last;

/* Is it the file that was loaded, and not one that was put there since? */
static bool is_of(const struct pe_file *file, uintptr_t base)
{
    const IMAGE_DOS_HEADER *dos = (const IMAGE_DOS_HEADER *)base;
    const IMAGE_NT_HEADERS *image = (const IMAGE_NT_HEADERS *)(base + (uintptr_t)dos->e_lfanew);

    return dos->e_magic == IMAGE_DOS_SIGNATURE && dos->e_lfanew > 0 && dos->e_lfanew < 0x1000 &&
           image->Signature == IMAGE_NT_SIGNATURE &&
           image->FileHeader.TimeDateStamp == file->pe.made &&
           image->OptionalHeader.SizeOfImage == file->pe.image_size;
}

static void open_module(const WCHAR *path, uintptr_t base)
{
    static WCHAR name[LONGEST_PATH];

    if (last.is_open)
        connpt__pe_file_close(&last.file);
    last.base = base;
    /* Wine says "\??\C:\...". */
    if (wcsncmp(path, L"\\??\\", 4) == 0)
        (void)_snwprintf(name, LONGEST_PATH, L"\\\\?\\%ls", path + 4);
    else
        (void)_snwprintf(name, LONGEST_PATH, L"\\\\?\\GLOBALROOT%ls", path);
    name[LONGEST_PATH - 1] = 0;
    last.is_open = connpt__pe_file_open(name, &last.file);
    if (last.is_open && !is_of(&last.file, base)) {
        connpt__pe_file_close(&last.file);
        last.is_open = false;
    }
}

void symbols_name(const WCHAR *path, uintptr_t base, uintptr_t address, char *text, size_t size)
{
    struct pe_name name;

    text[0] = '\0';
    if (last.base != base)
        open_module(path, base);
    if (last.is_open && connpt__pe_name(&last.file.pe, (uint32_t)(address - base), &name))
        (void)snprintf(text, size, "%s%.*s+0x%lx", name.is_export ? "after export " : "",
                       (int)name.length, name.text, (unsigned long)name.offset);
}

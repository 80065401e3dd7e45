/* SPDX-License-Identifier: MIT */
/* cli/main_win32.c - the command's arguments on Windows: UTF-16, which become UTF-8 */
#include <stddef.h>
#include <wchar.h>

#include "cli.h"
#include "os.h"

/* mingw's start-up code would put the names of files in place of a pattern as in --match "*.c". */
extern int _dowildcard;
int _dowildcard = 0;

int wmain(int argc, wchar_t **argv);

int wmain(int argc, wchar_t **argv)
{
    char **utf8 = cli_alloc(((size_t)argc + 1) * sizeof(*utf8));

    for (int i = 0; i < argc; i++)
        utf8[i] = cli_os_utf8(argv[i]);
    return cli_main(argc, utf8); /* the options point into the texts, to the end */
}

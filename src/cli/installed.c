/* SPDX-License-Identifier: MIT */
/* cli/installed.c - where the parts of the installation are */
#include "os.h"

#include "cli.h"

char *cli_installed(const char *folder)
{
    char *program, *path;

    if (cli_os_is_absolute(folder))
        return cli_strdup(folder);
    program = cli_os_program_folder();
    path = cli_format("%s/%s", program != NULL ? program : ".", folder);
    cli_free(program);
    return path;
}

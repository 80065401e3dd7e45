/* SPDX-License-Identifier: MIT */
/* cli/main_posix.c - the command's arguments as they are */
#include "cli.h"

int main(int argc, char **argv)
{
    return cli_main(argc, argv);
}

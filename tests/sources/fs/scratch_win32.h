/* SPDX-License-Identifier: MIT */
/* tests/sources/fs/scratch_win32.h - where tests on Windows make what is watched */
#ifndef CONNPT_TESTS_FS_SCRATCH_WIN32_H
#define CONNPT_TESTS_FS_SCRATCH_WIN32_H

#include <stddef.h>

/* The path of a folder, with a slash at its end; 0: there is none, or it does not fit. */
int scratch_folder(char *to, size_t size);

#endif

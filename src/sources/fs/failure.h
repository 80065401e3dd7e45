/* SPDX-License-Identifier: MIT */
/* fs/failure.h - what the system's error numbers mean to a user of the watcher */
#ifndef CONNPT_FS_FAILURE_H
#define CONNPT_FS_FAILURE_H

#include <stddef.h>

#include <connpt/com.h>

#ifdef _WIN32
#define FS_NO_MEMORY 8 /* ERROR_NOT_ENOUGH_MEMORY */
#else
#include <errno.h>
#define FS_NO_MEMORY ENOMEM
#endif

/* The HRESULT of an error number; E_FAIL for those without a better one. */
HRESULT fs_failure_hresult(int error);

/* What is wrong and what to do, as an ASCII sentence. */
void fs_failure_text(int error, char *to, size_t size);

#endif

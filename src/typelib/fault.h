/* SPDX-License-Identifier: MIT */
/* typelib/fault.h - the sentence behind connpt_typelib_error() */
#ifndef CONNPT_TYPELIB_FAULT_H
#define CONNPT_TYPELIB_FAULT_H

#include <connpt/com.h>

/* Where a failure is explained. NULL wherever one is passed: nobody will ask. */
struct fault {
    const char *file; /* what the sentence starts with; borrowed for the call */
    char text[256];   /* UTF-8, NUL-terminated */
};

#if defined(__GNUC__)
#define FAULT_FORMAT __attribute__((format(printf, 3, 4)))
#else
#define FAULT_FORMAT
#endif

/* This thread's, emptied, for a call about `file`. */
struct fault *connpt__fault_begin(const char *file);

/* Returns hr, so that `return connpt__fault(...)` says what and why. */
HRESULT connpt__fault(struct fault *fault, HRESULT hr, const char *format, ...) FAULT_FORMAT;

#endif

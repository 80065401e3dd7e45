/* SPDX-License-Identifier: MIT */
/* check/restart_code_win32.c - what an exit code says about the end of a process */
#include "restart_win32.h"

#include <stdio.h>

static const struct {
    DWORD code;
    const char *name;
} names[] = {
    { 0x40000015, "abort()" },
    { 0x80000002, "misaligned data" },
    { 0x80000003, "breakpoint" },
    { 0xC0000005, "access violation" },
    { 0xC0000006, "in-page error" },
    { 0xC0000008, "invalid handle" },
    { 0xC0000017, "no memory" },
    { 0xC000001D, "illegal instruction" },
    { 0xC0000025, "noncontinuable exception" },
    { 0xC000008C, "array bounds exceeded" },
    { 0xC000008E, "floating-point division by zero" },
    { 0xC0000090, "invalid floating-point operation" },
    { 0xC0000091, "floating-point overflow" },
    { 0xC0000094, "integer division by zero" },
    { 0xC0000095, "integer overflow" },
    { 0xC0000096, "privileged instruction" },
    { 0xC00000FD, "stack overflow" },
    { 0xC0000135, "a DLL that was not found" },
    { 0xC0000139, "an entry point that was not found" },
    { 0xC000013A, "Ctrl-C" },
    { 0xC0000142, "a DLL that failed to start" },
    { 0xC0000374, "heap corruption" },
    { 0xC0000409, "fast fail: a broken stack, or abort()" },
    { 0xC0000417, "invalid parameter of the C runtime" },
    { 0xC0000420, "assertion failure" },
    { 0x20474343, "C++ exception of GCC" },
    { 0xE06D7363, "C++ exception" },
    { 0xE0434352, ".NET exception" },
};

/* Errors of the system begin with C, exceptions of programs with E; exit(-1) is neither. */
void restart_tell_code(DWORD code, char *text, size_t size)
{
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (names[i].code == code) {
            (void)snprintf(text, size, "%s (0x%08lX)", names[i].name, (unsigned long)code);
            return;
        }
    }
    if ((code >> 28) == 0xC || (code >> 28) == 0xE)
        (void)snprintf(text, size, "exception 0x%08lX", (unsigned long)code);
    else
        (void)snprintf(text, size, "exit(%ld)", (long)code);
}

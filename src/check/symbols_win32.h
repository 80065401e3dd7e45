/* SPDX-License-Identifier: MIT */
/* check/symbols_win32.h - the functions of the calls in a trace */
#ifndef CONNPT_CHECK_SYMBOLS_WIN32_H
#define CONNPT_CHECK_SYMBOLS_WIN32_H

#include <stddef.h>
#include <stdint.h>

#include <connpt/com.h>

/*
 * "function+0x12", or "after export function+0x12" when the file tells of those only; "" when it
 * tells nothing. No heap is used, and no lock of the loader's.
 *
 * @path: of the module's file, as the system has it: "\Device\HarddiskVolume1\..."
 * @base: where the module is loaded
 */
void symbols_name(const WCHAR *path, uintptr_t base, uintptr_t address, char *text, size_t size);

#endif

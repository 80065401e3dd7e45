/* SPDX-License-Identifier: MIT */
/* client_win32.c - the functions of the module, by GetProcAddress */
#include "client.h"

#include <string.h>

module_function *module_symbol(const char *name)
{
    HMODULE module = LoadLibraryA(TICKER); /* for good */
    FARPROC symbol = module != NULL ? GetProcAddress(module, name) : NULL;
    module_function *function = NULL;

    memcpy(&function, &symbol, sizeof symbol);
    return function;
}

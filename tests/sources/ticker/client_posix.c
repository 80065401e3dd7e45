/* SPDX-License-Identifier: MIT */
/* client_posix.c - the functions of the module, by dlsym */
#include "client.h"

#include <dlfcn.h>
#include <string.h>

/* POSIX lets a symbol be a function; ISO C knows no such cast. */
module_function *module_symbol(const char *name)
{
    void *module = dlopen(TICKER, RTLD_NOW | RTLD_LOCAL);
    void *symbol = module != NULL ? dlsym(module, name) : NULL;
    module_function *function = NULL;

    memcpy(&function, &symbol, sizeof symbol);
    if (module != NULL)
        (void)dlclose(module); /* it stays */
    return function;
}

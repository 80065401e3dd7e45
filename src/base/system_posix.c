/* SPDX-License-Identifier: MIT */
/* base/system_posix.c - environment and folders outside Windows */
#include "base/system.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"

static HRESULT copy(const char *text, char **ret_copy)
{
    size_t size = strlen(text) + 1;

    *ret_copy = connpt__alloc(size);
    if (*ret_copy == NULL)
        return E_OUTOFMEMORY;
    memcpy(*ret_copy, text, size);
    return S_OK;
}

HRESULT connpt__environment(const char *name, char **ret_value)
{
#ifdef __GLIBC__
    const char *value = secure_getenv(name);
#else
    const char *value = getenv(name);
#endif

    *ret_value = NULL;
    return value != NULL ? copy(value, ret_value) : S_OK;
}

HRESULT connpt__installed_folder(const char *folder, char **ret_folder)
{
    return copy(folder, ret_folder);
}

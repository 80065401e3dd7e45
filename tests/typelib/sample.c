/* SPDX-License-Identifier: MIT */
/* sample.c - opening the libraries in data/, for the tests of this folder */
#include "sample.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_PATH_SIZE = 1000, MAX_FILE = 1 << 20 };

#ifdef _WIN32
int sample_by_system(void)
{
    return getenv("TYPELIB_BY_SYSTEM") != NULL;
}

static ITypeLib *open_memory(const char *name)
{
    ITypeLib *library = NULL;
    size_t size = 0;
    unsigned char *bytes = sample_bytes(name, &size);

    if (bytes != NULL)
        CHECK_HR(connpt_typelib_from_memory(bytes, size, TYPELIB_DATA, &library), S_OK);
    free(bytes);
    return library;
}
#endif

ITypeLib *sample_open(const char *name)
{
    char path[MAX_PATH_SIZE];
    ITypeLib *library = NULL;

#ifdef _WIN32 /* there files are read by the system */
    if (!sample_by_system())
        return open_memory(name);
#endif
    (void)snprintf(path, sizeof path, "%s/%s", TYPELIB_DATA, name);
    CHECK_HR(connpt_typelib_load(path, &library), S_OK);
    return library;
}

ITypeInfo *sample_type(ITypeLib *library, UINT index)
{
    ITypeInfo *info = NULL;

    if (library != NULL)
        CHECK_HR(ITypeLib_GetTypeInfo(library, index, &info), S_OK);
    return info;
}

void sample_close(ITypeLib *library, ITypeInfo *info)
{
    if (info != NULL)
        ITypeInfo_Release(info);
    if (library != NULL)
        ITypeLib_Release(library);
}

unsigned char *sample_bytes(const char *name, size_t *ret_size)
{
    char path[MAX_PATH_SIZE];
    unsigned char *bytes = malloc(MAX_FILE);
    FILE *file;

    (void)snprintf(path, sizeof path, "%s/%s", TYPELIB_DATA, name);
    file = fopen(path, "rb");
    if (!CHECK(bytes != NULL && file != NULL)) {
        free(bytes);
        return NULL;
    }
    *ret_size = fread(bytes, 1, MAX_FILE, file);
    (void)fclose(file);
    return bytes;
}

void sample_check_text(BSTR bstr, const char *expected, const char *file, int line,
                       const char *what)
{
    char text[200] = "";
    UINT length = connpt_SysStringLen(bstr);

    for (UINT i = 0; i < length && i < sizeof text - 1; i++)
        text[i] = (char)bstr[i];
    t_check_str(bstr != NULL ? text : NULL, expected, file, line, what);
    connpt_SysFreeString(bstr);
}

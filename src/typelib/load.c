/* SPDX-License-Identifier: MIT */
/* typelib/load.c - from a file of any kind, or from memory, to a library */
#include "typelib/library.h"

#include <stdlib.h>
#include <string.h>

#include <connpt/typelib.h>

#include "base/alloc.h"

enum kind { KIND_TYPELIB, KIND_PE, KIND_ELF };

static enum kind kind_of(struct bytes file)
{
    if (file.size >= 2 && memcmp(file.data, "MZ", 2) == 0)
        return KIND_PE;
    if (file.size >= 4 && memcmp(file.data, "\177ELF", 4) == 0)
        return KIND_ELF;
    return KIND_TYPELIB; /* or nothing, which the reader finds out */
}

/* A library from a part of a file's bytes, of which it then has a copy of its own. */
static HRESULT create_from_part(struct bytes part, const char *folder, struct fault *fault,
                                struct library **ret_library)
{
    void *copy = connpt__alloc(part.size);
    struct bytes image = { copy, part.size };
    HRESULT hr;

    if (copy == NULL)
        return connpt__fault(fault, E_OUTOFMEMORY, "there is no memory for %u bytes",
                             (unsigned)part.size);
    if (part.size > 0)
        memcpy(copy, part.data, part.size);
    hr = connpt__library_create(copy, image, folder, fault, ret_library);
    if (FAILED(hr))
        connpt__free(copy);
    return hr;
}

/* `bytes` is the file's, or a part of it that lies in memory that goes. */
static HRESULT create_from_bytes(struct bytes file, unsigned resource, const char *folder,
                                 struct fault *fault, struct library **ret_library)
{
    struct bytes image = file;
    HRESULT hr = S_OK;

    switch (kind_of(file)) {
    case KIND_PE:
        hr = connpt__pe_typelib(file, resource, fault, &image);
        break;
    case KIND_ELF:
        hr = connpt__elf_typelib(file, fault, &image);
        break;
    case KIND_TYPELIB:
        break;
    }
    return SUCCEEDED(hr) ? create_from_part(image, folder, fault, ret_library) : hr;
}

/* @ret_kind: also written when the file holds no type library; may be NULL */
static HRESULT load_file(const char *path, unsigned resource, struct fault *fault,
                         struct library **ret_library, enum kind *ret_kind)
{
    struct bytes file;
    char *folder;
    HRESULT hr = connpt__file_read(path, fault, &file);

    if (FAILED(hr))
        return hr;
    if (ret_kind != NULL)
        *ret_kind = kind_of(file);
    folder = connpt__file_folder(path);
    if (folder == NULL) {
        hr = connpt__fault(fault, E_OUTOFMEMORY, "there is no memory for its folder");
        goto free_file;
    }
    hr = create_from_bytes(file, resource, folder, fault, ret_library);
    connpt__free(folder);
free_file:
    connpt__free((void *)(uintptr_t)file.data);
    return hr;
}

/* "x.dll\2": the length of "x.dll", and 2. */
static int split_resource(const char *path, size_t *ret_length, unsigned *ret_resource)
{
    size_t length = strlen(path), digits = 0;
    unsigned number = 0;

    while (digits < length && path[length - 1 - digits] >= '0' && path[length - 1 - digits] <= '9')
        digits++;
    if (digits == 0 || digits > 5 || digits >= length || path[length - 1 - digits] != '\\')
        return 0;
    for (size_t i = length - digits; i < length; i++)
        number = number * 10 + (unsigned)(path[i] - '0');
    *ret_length = length - digits - 1;
    *ret_resource = number;
    return number != 0;
}

/* The .tlb beside a module: "lib/x.so.1" has "lib/x.tlb". From connpt__alloc. */
static char *path_beside(const char *path)
{
    static const char extension[] = ".tlb";
    const char *name = strrchr(path, '/');
    const char *suffix = strstr(name != NULL ? name : path, ".so");
    size_t length = suffix != NULL ? (size_t)(suffix - path) : strlen(path);
    char *beside = connpt__alloc(length + sizeof extension);

    if (beside != NULL) {
        memcpy(beside, path, length);
        memcpy(beside + length, extension, sizeof extension);
    }
    return beside;
}

static HRESULT load_beside(const char *path, struct fault *fault, struct library **ret_library)
{
    char *beside = path_beside(path);
    HRESULT hr;

    if (beside == NULL)
        return connpt__fault(fault, E_OUTOFMEMORY, "there is no memory for its path");
    hr = load_file(beside, 0, NULL, ret_library, NULL);
    if (hr == TYPE_E_CANTLOADLIBRARY)
        hr = connpt__fault(fault, hr,
                           "has no section " CONNPT_TYPELIB_SECTION " and no type library %s "
                           "beside it",
                           beside);
    else if (FAILED(hr))
        hr =
            connpt__fault(fault, hr, "has a type library %s beside it that cannot be read", beside);
    connpt__free(beside);
    return hr;
}

HRESULT connpt__library_load(const char *path, struct fault *fault, struct library **ret_library)
{
    enum kind kind = KIND_TYPELIB;
    HRESULT hr = load_file(path, 0, fault, ret_library, &kind);
    unsigned resource;
    size_t length;

    if (hr != TYPE_E_CANTLOADLIBRARY)
        return hr;
    if (split_resource(path, &length, &resource)) {
        char *file = connpt__alloc(length + 1);

        if (file == NULL)
            return connpt__fault(fault, E_OUTOFMEMORY, "there is no memory for its path");
        memcpy(file, path, length);
        file[length] = '\0';
        hr = load_file(file, resource, fault, ret_library, NULL);
        connpt__free(file);
        return hr;
    }
    return kind == KIND_ELF ? load_beside(path, fault, ret_library) : hr;
}

HRESULT connpt_typelib_from_memory(const void *image, size_t size, const char *folder,
                                   ITypeLib **ret_library)
{
    struct fault *fault = connpt__fault_begin("type library in memory");
    struct bytes bytes = { image, size };
    struct library *library;
    HRESULT hr;

    if (image == NULL || ret_library == NULL)
        return connpt__fault(fault, E_POINTER, "a pointer is NULL");
    hr = create_from_bytes(bytes, 0, folder, fault, &library);
    if (SUCCEEDED(hr))
        *ret_library = &library->ITypeLib_iface;
    return hr;
}

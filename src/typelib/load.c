/* SPDX-License-Identifier: MIT */
/* typelib/load.c - from a file of any kind, or from memory, to a library */
#include "typelib/library.h"

#include <stdlib.h>
#include <string.h>

#include <connpt/typelib.h>

#include "base/alloc.h"

enum kind { KIND_TYPELIB, KIND_PE, KIND_ELF };

HRESULT connpt__source_read(const struct source *source, uint64_t at, void *buffer, size_t size,
                            struct fault *fault)
{
    size_t done = size;
    HRESULT hr = S_OK;

    if (at > source->size || size > source->size - at)
        return S_FALSE;
    if (source->bytes.data == NULL)
        hr = connpt__file_read_at(source, at, buffer, size, fault, &done);
    else if (size > 0)
        memcpy(buffer, source->bytes.data + at, size);
    return FAILED(hr) ? hr : done == size ? S_OK : S_FALSE; /* it has become shorter */
}

static HRESULT kind_of(const struct source *source, struct fault *fault, enum kind *ret_kind)
{
    char magic[4] = { 0 };
    size_t size = source->size < sizeof magic ? (size_t)source->size : sizeof magic;
    HRESULT hr = connpt__source_read(source, 0, magic, size, fault);

    if (memcmp(magic, "MZ", 2) == 0)
        *ret_kind = KIND_PE;
    else if (memcmp(magic, "\177ELF", 4) == 0)
        *ret_kind = KIND_ELF;
    else
        *ret_kind = KIND_TYPELIB; /* or nothing, which the reader finds out */
    return FAILED(hr) ? hr : S_OK;
}

/* A part of the source, all within it, from connpt__alloc. */
static HRESULT read_part(const struct source *source, uint64_t at, uint64_t size,
                         struct fault *fault, struct bytes *ret_part)
{
    static const uint64_t max_size = 0x7fffffff;
    uint8_t *data;
    HRESULT hr;

    if (size > max_size)
        return connpt__fault(fault, TYPE_E_INVDATAREAD, "is larger than 2 GiB");
    data = connpt__alloc((size_t)size);
    if (data == NULL)
        return connpt__fault(fault, E_OUTOFMEMORY, "there is no memory for its %u bytes",
                             (unsigned)size);
    hr = connpt__source_read(source, at, data, (size_t)size, fault);
    if (hr == S_FALSE)
        hr = connpt__fault(fault, TYPE_E_INVDATAREAD, "became shorter while it was read");
    if (FAILED(hr)) {
        connpt__free(data);
        return hr;
    }
    ret_part->data = data;
    ret_part->size = (size_t)size;
    return S_OK;
}

/* The resource of a module for Windows. Its file is read as a whole: little of it is anything else
 * than what its tables may point to. */
static HRESULT read_resource(const struct source *source, unsigned resource, struct fault *fault,
                             struct bytes *ret_image)
{
    struct bytes file, part;
    void *copy;
    HRESULT hr = read_part(source, 0, source->size, fault, &file);

    if (FAILED(hr))
        return hr;
    copy = (void *)(uintptr_t)file.data;
    hr = connpt__pe_typelib(file, resource, fault, &part);
    if (FAILED(hr)) {
        connpt__free(copy);
        return hr;
    }
    memmove(copy, part.data, part.size);
    ret_image->data = copy;
    ret_image->size = part.size;
    return S_OK;
}

/* The library itself, from connpt__alloc. */
static HRESULT read_image(const struct source *source, enum kind kind, unsigned resource,
                          struct fault *fault, struct bytes *ret_image)
{
    uint64_t at = 0, size = source->size;
    HRESULT hr = S_OK;

    if (kind == KIND_PE)
        return read_resource(source, resource, fault, ret_image);
    if (kind == KIND_ELF)
        hr = connpt__elf_typelib(source, fault, &at, &size);
    return SUCCEEDED(hr) ? read_part(source, at, size, fault, ret_image) : hr;
}

static HRESULT create(const struct source *source, enum kind kind, unsigned resource,
                      const char *folder, struct fault *fault, struct library **ret_library)
{
    struct bytes image;
    void *data;
    HRESULT hr = read_image(source, kind, resource, fault, &image);

    if (FAILED(hr))
        return hr;
    data = (void *)(uintptr_t)image.data;
    hr = connpt__library_create(data, image, folder, fault, ret_library);
    if (FAILED(hr))
        connpt__free(data);
    return hr;
}

/* @ret_kind: also written when the file holds no type library; may be NULL */
static HRESULT load_file(const char *path, unsigned resource, struct fault *fault,
                         struct library **ret_library, enum kind *ret_kind)
{
    enum kind kind = KIND_TYPELIB;
    struct source source;
    char *folder;
    HRESULT hr = connpt__file_open(path, fault, &source);

    if (FAILED(hr))
        return hr;
    hr = kind_of(&source, fault, &kind);
    if (ret_kind != NULL)
        *ret_kind = kind;
    if (FAILED(hr))
        goto close_file;
    folder = connpt__file_folder(path);
    if (folder == NULL) {
        hr = connpt__fault(fault, E_OUTOFMEMORY, "there is no memory for its folder");
        goto close_file;
    }
    hr = create(&source, kind, resource, folder, fault, ret_library);
    connpt__free(folder);
close_file:
    connpt__file_close(&source);
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
    struct source source = { .bytes = { image, size }, .size = size };
    enum kind kind = KIND_TYPELIB;
    struct library *library;
    HRESULT hr;

    if (image == NULL || ret_library == NULL)
        return connpt__fault(fault, E_POINTER, "a pointer is NULL");
    (void)kind_of(&source, fault, &kind); /* memory can be read */
    hr = create(&source, kind, 0, folder, fault, &library);
    if (SUCCEEDED(hr))
        *ret_library = &library->ITypeLib_iface;
    return hr;
}

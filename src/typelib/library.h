/* SPDX-License-Identifier: MIT */
/*
 * typelib/library.h - the two COM objects: a type library and its type infos
 *
 * A library is one block with two type infos for every type of the image: the type as it is
 * stored and, for a dual interface, its interface side. They share the library's reference
 * count, so a type info keeps its library, and handing one out is one increment.
 *
 * All of it is constant after creation but the count and the links of the list in registry.c.
 */
#ifndef CONNPT_TYPELIB_LIBRARY_H
#define CONNPT_TYPELIB_LIBRARY_H

#include <connpt/com.h>

#include "typelib/fault.h"
#include "typelib/msft.h"

struct library;

struct typeinfo {
    ITypeInfo ITypeInfo_iface;
    struct library *library; /* around it */
    uint32_t index;          /* of the type in the image */
    int is_interface_side;   /* 1: shows a dual interface as TKIND_INTERFACE */
};

struct library {
    ITypeLib ITypeLib_iface;
    uint32_t refs;           /* atomic; of the library and of all its type infos */
    struct msft msft;        /* reads `image`, or a constant */
    void *image;             /* owned; NULL: not ours to free */
    char *folder;            /* owned; where imports are looked for first; NULL: nowhere */
    struct library *next;    /* in the list of registry.c */
    struct library **link;   /* to it */
    struct typeinfo infos[]; /* 2 * n_types: as stored, then the interface sides */
};

/* ---- typelib.c ----------------------------------------------------------------------------- */

/*
 * @image:  from connpt__alloc; becomes the library's on success. NULL with `borrow`.
 * @bytes:  the type library in @image, or constant memory
 * @folder: copied; may be NULL
 * Returns: S_OK; what connpt__msft_open returned; E_OUTOFMEMORY.
 */
HRESULT connpt__library_create(void *image, struct bytes bytes, const char *folder,
                               struct fault *fault, struct library **ret_library);
void connpt__library_get(struct library *library);
ULONG connpt__library_put(struct library *library);

/* NULL: another implementation's. */
struct library *connpt__library_from(ITypeLib *iface);

/* The stored type with that GUID, borrowed; NULL: none. Never finds GUID_NULL. */
struct typeinfo *connpt__library_type_of_guid(struct library *library, const GUID *guid);

/* ---- registry.c: the libraries that are loaded ----------------------------------------------- */

void connpt__registry_add(struct library *library);
void connpt__registry_remove(struct library *library);

/* The same major and at least that minor version. Returns one reference, or NULL. */
struct library *connpt__registry_find(const GUID *libid, uint16_t major, uint16_t minor);

/* ---- typeinfo.c ---------------------------------------------------------------------------- */

void connpt__typeinfo_init(struct typeinfo *info, struct library *library, uint32_t index,
                           int is_interface_side);

/* The type's record, with the kind that this side shows. */
HRESULT connpt__typeinfo_read(const struct typeinfo *info, struct msft_type *ret_type);

/* The type that an HREFTYPE of this library means. Returns one reference. */
HRESULT connpt__typeinfo_resolve(struct library *library, HREFTYPE href,
                                 struct typeinfo **ret_info);

/* ---- documentation.c ------------------------------------------------------------------------- */

/* What GetDocumentation tells of anything. */
struct documentation {
    msft_offset name;
    msft_offset docstring;
    uint32_t help_context;
};

/* Each out parameter may be NULL; all of them are cleared on failure. */
HRESULT connpt__documentation(const struct msft *msft, const struct documentation *of, BSTR *name,
                              BSTR *docstring, DWORD *help_context, BSTR *help_file);
void connpt__documentation_clear(BSTR *name, BSTR *docstring, DWORD *help_context, BSTR *help_file);

/* ---- imports.c ----------------------------------------------------------------------------- */

/* A type of another library. Returns one reference; TYPE_E_CANTLOADLIBRARY: no such library;
 * TYPE_E_ELEMENTNOTFOUND: it has no such type; E_OUTOFMEMORY. */
HRESULT connpt__import_resolve(const struct library *library, const struct msft_import *import,
                               struct typeinfo **ret_info);

/* stdole2.tlb, as far as it is built in; see stdole2_builtin.idl */
extern const uint8_t connpt__stdole2_image[];
extern const size_t connpt__stdole2_size;

/* ---- load.c and load_posix.c or typelib_win32.c ---------------------------------------------- */

HRESULT connpt__library_load(const char *path, struct fault *fault, struct library **ret_library);

/* A regular file that is open, or memory. */
struct source {
    struct bytes bytes; /* memory; data is NULL: a file */
    uint64_t size;
    intptr_t handle; /* of the file */
};

/* Returns: S_OK; TYPE_E_CANTLOADLIBRARY: there is none; TYPE_E_IOERROR; E_OUTOFMEMORY. */
HRESULT connpt__file_open(const char *path, struct fault *fault, struct source *ret_source);
void connpt__file_close(struct source *source);

/* As much as there is, up to @size. Returns: S_OK; TYPE_E_IOERROR. */
HRESULT connpt__file_read_at(const struct source *source, uint64_t at, void *buffer, size_t size,
                             struct fault *fault, size_t *ret_done);

/* Returns: S_OK; S_FALSE: it has no such bytes; TYPE_E_IOERROR. */
HRESULT connpt__source_read(const struct source *source, uint64_t at, void *buffer, size_t size,
                            struct fault *fault);

/* The folder of a file, absolute if possible. From connpt__alloc; NULL: no memory. */
char *connpt__file_folder(const char *path);

/* ---- pe.c and elf.c: the type library inside a module's file ----------------------------- */

/* @resource: which TYPELIB resource; 0: the first. Return TYPE_E_CANTLOADLIBRARY: none inside;
 * TYPE_E_INVDATAREAD: damaged. */
HRESULT connpt__pe_typelib(struct bytes file, unsigned resource, struct fault *fault,
                           struct bytes *ret_image);

/* Reads headers and names only. The part lies within the source; TYPE_E_IOERROR too. */
HRESULT connpt__elf_typelib(const struct source *source, struct fault *fault, uint64_t *ret_at,
                            uint64_t *ret_size);

#endif

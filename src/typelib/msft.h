/* SPDX-License-Identifier: MIT */
/*
 * typelib/msft.h - the MSFT type library format, as plain C structures
 *
 * Reads an image where it lies, allocates nothing, and keeps no state: the same `struct msft`
 * serves any number of threads. connpt__msft_open checks the header, every segment and every
 * type record; all that lies deeper is checked when it is asked for. The functions return S_OK
 * or TYPE_E_INVDATAREAD and write their result on success only, unless said otherwise.
 *
 * Knows nothing of COM objects, of other libraries, or of how ITypeInfo presents a dual
 * interface: that is in typeinfo.c and descriptors.c.
 */
#ifndef CONNPT_TYPELIB_MSFT_H
#define CONNPT_TYPELIB_MSFT_H

#include <connpt/com.h>

#include "pe/cursor.h"
#include "typelib/fault.h"

/* The segments, in the order of their directory. The two hash tables and the last two are not
 * needed for reading. */
enum msft_segment {
    MSFT_TYPES,
    MSFT_IMPORTS,
    MSFT_IMPORT_FILES,
    MSFT_REFERENCES,
    MSFT_GUID_HASH,
    MSFT_GUIDS,
    MSFT_NAME_HASH,
    MSFT_NAMES,
    MSFT_STRINGS,
    MSFT_TYPE_DESCS,
    MSFT_ARRAY_DESCS,
    MSFT_VALUES,
    MSFT_CUSTOM_DATA,
    MSFT_UNUSED_13,
    MSFT_UNUSED_14,
    MSFT_SEGMENTS
};

enum {
    MSFT_TYPE_SIZE = 0x64, /* bytes of a type record */
    MSFT_MAX_NESTING = 16, /* pointers to arrays of pointers ... in one type */
    MSFT_MAX_DIMS = 32     /* of a fixed array */
};

/* An offset in a table of the image, or MSFT_NONE. */
typedef int32_t msft_offset;
#define MSFT_NONE ((msft_offset)-1)

/* How a type is written wherever one is needed: see connpt__msft_type_desc. */
typedef uint32_t msft_encoded;

struct msft {
    struct bytes image; /* borrowed */
    struct bytes segments[MSFT_SEGMENTS];
    GUID libid;
    LCID lcid;
    SYSKIND syskind;
    uint16_t major, minor;
    uint16_t flags; /* LIBFLAGS */
    uint32_t n_types;
    msft_offset custom;    /* the library's first record in custom data */
    msft_offset name;      /* in names */
    msft_offset docstring; /* in strings */
    msft_offset help_file; /* in strings */
    uint32_t help_context;
    HREFTYPE dispatch; /* what every dispinterface inherits; (HREFTYPE)-1: nothing */
};

/* The functions and variables of one type. All three tables have one entry for each. */
struct msft_members {
    struct bytes records;
    struct bytes ids;
    struct bytes names;
    struct bytes offsets; /* of the records */
};

struct msft_type {
    TYPEKIND kind;
    uint16_t alignment; /* bytes */
    uint16_t flags;     /* TYPEFLAGS */
    GUID guid;
    msft_offset name;
    msft_offset docstring;
    uint32_t help_context;
    uint16_t major, minor;
    uint16_t n_funcs; /* its own, not the inherited ones */
    uint16_t n_vars;
    uint16_t n_impls;       /* inherited or implemented interfaces */
    uint16_t n_inherited;   /* functions */
    uint16_t vft_size;      /* bytes, with the file's pointers, inherited slots included */
    uint32_t instance_size; /* bytes */
    uint32_t datatype;      /* alias: msft_encoded; interface: HREFTYPE of the base; coclass:
                               offset of the first reference */
    struct msft_members members;
};

struct msft_func {
    MEMBERID id;
    msft_offset name; /* of a property's second accessor: the first one's */
    msft_encoded type;
    uint16_t flags;      /* FUNCFLAGS */
    uint16_t vft_offset; /* bytes, with the file's pointers */
    FUNCKIND kind;
    INVOKEKIND invoke;
    CALLCONV convention;
    uint16_t n_params;
    int16_t n_optional; /* -1: variable arguments */
    uint32_t help_context;
    msft_offset docstring;
    struct bytes params;   /* n_params records */
    struct bytes defaults; /* n_params values; data is NULL: there are none */
};

struct msft_param {
    msft_encoded type;
    msft_offset name;
    uint16_t flags;         /* PARAMFLAG_... */
    uint32_t default_value; /* connpt__msft_value; meaningful with PARAMFLAG_FHASDEFAULT */
};

struct msft_var {
    MEMBERID id;
    msft_offset name;
    msft_encoded type;
    uint16_t flags; /* VARFLAGS */
    VARKIND kind;
    uint32_t value; /* VAR_CONST: connpt__msft_value; VAR_PERINSTANCE: bytes from the start */
    uint32_t help_context;
    msft_offset docstring;
};

/* One step of a type: a pointer to something, an array of something, or the end. */
struct msft_type_desc {
    VARTYPE vt;
    msft_encoded inner;  /* VT_PTR, VT_SAFEARRAY, VT_CARRAY */
    HREFTYPE href;       /* VT_USERDEFINED */
    struct bytes bounds; /* VT_CARRAY: of each dimension, u32 count and i32 lower bound */
    uint16_t n_dims;     /* VT_CARRAY */
};

/* A constant, a default value. */
struct msft_value {
    VARTYPE vt;
    uint64_t bits;     /* of everything but VT_BSTR, in the low bytes */
    struct bytes text; /* of VT_BSTR; data is NULL for the NULL string */
};

/* A type of another library. */
struct msft_import {
    GUID libid;
    uint16_t major, minor;
    struct bytes file; /* the name that the compiler found it by */
    int by_guid;       /* 1: guid counts, 0: index */
    GUID guid;
    uint32_t index;
};

/* @fault says what is wrong and at which offset. TYPE_E_UNSUPFORMAT: SLTG;
 * TYPE_E_CANTLOADLIBRARY: not a type library at all. */
HRESULT connpt__msft_open(struct bytes image, struct msft *ret_msft, struct fault *fault);

/* MSFT_NONE gives bytes whose data is NULL. Both are 8-bit text, UTF-8 or Latin-1. */
HRESULT connpt__msft_name(const struct msft *msft, msft_offset offset, struct bytes *ret_text);
HRESULT connpt__msft_string(const struct msft *msft, msft_offset offset, struct bytes *ret_text);

/* MSFT_NONE gives GUID_NULL. */
HRESULT connpt__msft_guid(const struct msft *msft, msft_offset offset, GUID *ret_guid);

/* @href: an odd one, see msft_href_is_import */
HRESULT connpt__msft_import(const struct msft *msft, HREFTYPE href, struct msft_import *ret_import);

/* index < n_types */
HRESULT connpt__msft_type(const struct msft *msft, uint32_t index, struct msft_type *ret_type);

/* What a member is called, without reading its record. Functions come first, then variables:
 * index < n_funcs + n_vars. */
MEMBERID connpt__msft_member_id(const struct msft_type *type, uint32_t index);
msft_offset connpt__msft_member_name(const struct msft_type *type, uint32_t index);

/* @index counts the type's own, < n_funcs and < n_vars */
HRESULT connpt__msft_func(const struct msft_type *type, uint32_t index, struct msft_func *ret_func);
HRESULT connpt__msft_var(const struct msft_type *type, uint32_t index, struct msft_var *ret_var);

/* Cannot fail: the function's record was checked. index < n_params */
struct msft_param connpt__msft_param(const struct msft_func *func, uint32_t index);

/* The index-th interface of a coclass and its IMPLTYPEFLAGS; index < n_impls */
HRESULT connpt__msft_impl(const struct msft *msft, const struct msft_type *type, uint32_t index,
                          HREFTYPE *ret_href, uint32_t *ret_flags);

HRESULT connpt__msft_type_desc(const struct msft *msft, msft_encoded encoded,
                               struct msft_type_desc *ret_desc);

HRESULT connpt__msft_value(const struct msft *msft, uint32_t encoded, struct msft_value *ret_value);

static inline msft_encoded msft_simple(VARTYPE vt)
{
    return 0x80000000u | vt;
}

static inline int msft_is_simple(msft_encoded encoded, VARTYPE vt)
{
    return (encoded & 0x80000fffu) == msft_simple(vt);
}

static inline int msft_href_is_import(HREFTYPE href)
{
    return (href & 1) != 0;
}

/* "The interface side, if it is a dual": see typeinfo.c. */
static inline int msft_href_wants_interface(HREFTYPE href)
{
    return (href & 2) != 0;
}

/* Bytes of a pointer on the system that the library was made for. */
static inline unsigned msft_pointer_size(const struct msft *msft)
{
    return msft->syskind == SYS_WIN64 ? 8 : 4;
}

#endif

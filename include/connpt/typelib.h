/* SPDX-License-Identifier: MIT */
/*
 * connpt/typelib.h - type libraries (.tlb, MSFT format), and the lookup of an object's default
 * source interface
 *
 * Outside Windows the files are read by the library itself and are never trusted: every access
 * is checked. On Windows LoadTypeLibEx does it.
 */
#ifndef CONNPT_TYPELIB_H
#define CONNPT_TYPELIB_H

#include <connpt/com.h>
#include <connpt/export.h>

CONNPT_BEGIN_DECLS

/*
 * connpt_typelib_load - open a type library
 *
 * @path: UTF-8. A .tlb file; a Windows module with a TYPELIB resource (`x.dll`, or `x.dll\2`
 *        for resource 2); or a module of this system (`x.so`), whose library is embedded
 *        (CONNPT_TYPELIB_EMBED) or lies beside it as `x.tlb`. A module is read, not loaded. On
 *        Windows `x.tlb` stands in for the resource that `x.dll` does not have.
 * @ret_library: one reference; untouched on failure
 *
 * Returns: S_OK; E_POINTER; TYPE_E_CANTLOADLIBRARY (no such file, or nothing inside);
 *          TYPE_E_UNSUPFORMAT (the old SLTG format); TYPE_E_INVDATAREAD (damaged);
 *          TYPE_E_IOERROR; E_OUTOFMEMORY. connpt_typelib_error() tells more.
 * Threads: any, for the objects too.
 *
 * Imported libraries (stdole2 is built in) are looked for when a reference to them is followed:
 * in the same folder, then in the folders of the environment variable CONNPT_TYPELIB_PATH
 * (separated by ':', by ';' on Windows), then in the installation's. Windows looks for those of a
 * library that it reads itself in its registry and where it looks for any file.
 */
CONNPT_API CONNPT_NODISCARD HRESULT connpt_typelib_load(const char *path, ITypeLib **ret_library);

/*
 * CONNPT_TYPELIB_EMBED("x.tlb"); - put a type library into a module, once, at file scope
 *
 * The path is the assembler's: absolute, or below a folder of -Wa,-I. The section is not loaded
 * at run time and costs no memory. Not on Windows, where the library is a TYPELIB resource.
 */
#define CONNPT_TYPELIB_SECTION ".connpt.tlb"
#if defined(__ELF__) && defined(__GNUC__)
#define CONNPT_TYPELIB_EMBED(path)                                                                 \
    __asm__(".pushsection " CONNPT_TYPELIB_SECTION ",\"\",%progbits\n"                             \
            ".incbin \"" path "\"\n"                                                               \
            ".popsection\n")
#endif

/*
 * connpt_typelib_from_memory - the same from an image in memory, which is copied
 *
 * @folder: where imported libraries are looked for first; may be NULL
 *
 * On Windows too this library's own reader reads it.
 *
 * Returns: as connpt_typelib_load, but for TYPE_E_IOERROR.
 * Threads: any.
 */
CONNPT_API CONNPT_NODISCARD HRESULT connpt_typelib_from_memory(const void *image, size_t size,
                                                               const char *folder,
                                                               ITypeLib **ret_library);

/*
 * connpt_typelib_error - why the last connpt_typelib_… call of this thread failed, in one
 * English sentence that names the file, what is wrong and where; "" if it did not. Borrowed
 * until the thread's next such call.
 */
CONNPT_API const char *connpt_typelib_error(void);

/*
 * connpt_typelib_custom - a text that the IDL attaches to the library: [custom(GUID, "text")]
 *
 * @ret_text: the caller frees it; untouched without S_OK
 *
 * Returns: S_OK; S_FALSE: there is none, or it is no text; E_POINTER; TYPE_E_INVDATAREAD: damaged;
 *          E_OUTOFMEMORY; else what the library returned.
 * Threads: any.
 */
CONNPT_API CONNPT_NODISCARD HRESULT connpt_typelib_custom(ITypeLib *library, REFGUID guid,
                                                          BSTR *ret_text);

/*
 * connpt_coclass_source - the index-th outgoing interface that a coclass declares
 *
 * @flags:    IMPLTYPEFLAG_...; may be NULL
 * @ret_info: AddRef'd; may be NULL
 *
 * Returns: S_OK; S_FALSE past the last one; E_POINTER (coclass or ret_iid NULL); else what the
 *          type info returned. Without S_OK nothing is written.
 * Threads: any.
 */
CONNPT_API CONNPT_NODISCARD HRESULT connpt_coclass_source(ITypeInfo *coclass, UINT index,
                                                          IID *ret_iid, INT *flags,
                                                          ITypeInfo **ret_info);

/*
 * connpt_object_coclass - the type info of an object's class, AddRef'd: IProvideClassInfo, else
 * the coclass in the library of IDispatch::GetTypeInfo whose default interface that type is
 *
 * Returns: S_OK; E_POINTER; TYPE_E_ELEMENTNOTFOUND: neither tells; E_OUTOFMEMORY.
 * Threads: any. Calls the object's methods.
 */
CONNPT_API CONNPT_NODISCARD HRESULT connpt_object_coclass(IUnknown *object,
                                                          ITypeInfo **ret_coclass);

/*
 * connpt_default_source - which outgoing interface a client should connect to by default
 *
 * Asks, in this order: IProvideClassInfo2::GetGUID; IProvideClassInfo::GetClassInfo; the
 * coclass in the library of IDispatch::GetTypeInfo; the only connection point, if there is
 * just one. A GUID_NULL answer counts as none.
 *
 * @ret_info: the interface's type info, AddRef'd; NULL when nothing describes it; may be NULL
 *
 * Returns: S_OK; E_POINTER; CONNECT_E_NOCONNECTION: there is no default source; E_OUTOFMEMORY.
 * Threads: any. Calls the object's methods.
 */
CONNPT_API CONNPT_NODISCARD HRESULT connpt_default_source(IUnknown *object, IID *ret_iid,
                                                          ITypeInfo **ret_info);

CONNPT_END_DECLS

#endif

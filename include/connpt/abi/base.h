/* SPDX-License-Identifier: MIT */
/*
 * connpt/abi/base.h - the scalar types and macros of COM, outside Windows
 *
 * Layouts are Windows' own: LONG, ULONG, DWORD and HRESULT have 32 bits, OLECHAR has 16,
 * GUID is the 16-byte structure with native-endian Data1..Data3. Methods use the platform's
 * own calling convention (on Linux x86-64: System V, not ms_abi).
 *
 * Include <connpt/com.h>, not this file: on Windows it takes the SDK's headers instead.
 */
#ifndef CONNPT_ABI_BASE_H
#define CONNPT_ABI_BASE_H

#include <stddef.h>
#include <stdint.h>

#include <connpt/abi/adopt.h> /* what another COM header of this translation unit defined first */

/* ---- language and linkage -------------------------------------------------------------- */

#ifndef EXTERN_C
#ifdef __cplusplus
#define EXTERN_C extern "C"
#else
#define EXTERN_C extern
#endif
#endif

#ifndef STDMETHODCALLTYPE
#define STDMETHODCALLTYPE
#endif
#ifndef STDAPICALLTYPE
#define STDAPICALLTYPE
#endif
#ifndef WINAPI
#define WINAPI
#endif
#ifndef CONST_VTBL
#define CONST_VTBL const
#endif
#ifndef interface
#define interface struct
#endif

/*
 * A C++ interface class must be visible outside its library, or a whole-program optimiser
 * concludes that nobody else can implement it and calls the wrong function.
 */
#if defined(__GNUC__) && !defined(_WIN32)
#define CONNPT_INTERFACE_VISIBLE __attribute__((visibility("default")))
#else
#define CONNPT_INTERFACE_VISIBLE
#endif

/* What MIDL and widl write into generated headers. */
#ifndef DECLSPEC_UUID
#define DECLSPEC_UUID(x)
#endif
#ifndef DECLSPEC_NOVTABLE
#define DECLSPEC_NOVTABLE
#endif
#ifndef DECLSPEC_SELECTANY
#define DECLSPEC_SELECTANY __attribute__((weak))
#endif
#ifndef MIDL_INTERFACE
#define MIDL_INTERFACE(x) struct CONNPT_INTERFACE_VISIBLE
#endif
#ifndef BEGIN_INTERFACE
#define BEGIN_INTERFACE
#endif
#ifndef END_INTERFACE
#define END_INTERFACE
#endif
#ifndef FORCEINLINE
#define FORCEINLINE __inline__ /* generated headers put static before it */
#endif
#ifndef __RPC_USER
#define __RPC_USER
#endif
#ifndef __RPC_STUB
#define __RPC_STUB
#endif
#ifndef __RPC_FAR
#define __RPC_FAR
#endif
#ifndef COBJMACROS
#define COBJMACROS /* generated headers give C their call macros */
#endif
#ifndef COM_NO_WINDOWS_H
#define COM_NO_WINDOWS_H
#endif
#ifndef RPC_NO_WINDOWS_H
#define RPC_NO_WINDOWS_H
#endif

/* ---- scalars --------------------------------------------------------------------------- */

/* i386 outside Windows lets 64-bit fields start at any fourth byte; Windows does not. */
#if defined(__i386__) && defined(__GNUC__)
#define CONNPT_ALIGN_8 __attribute__((aligned(8)))
#else
#define CONNPT_ALIGN_8
#endif

#ifndef CONNPT_ADOPTED_SCALARS
typedef int8_t INT8;
typedef uint8_t UINT8;
typedef int16_t INT16;
typedef uint16_t UINT16;
typedef int32_t INT32;
typedef uint32_t UINT32;
typedef int64_t INT64;
typedef uint64_t UINT64;
typedef char CHAR;
typedef unsigned char UCHAR;
typedef uint8_t BYTE;
typedef int16_t SHORT;
typedef uint16_t USHORT;
typedef uint16_t WORD;
typedef int32_t INT;
typedef uint32_t UINT;
typedef int32_t LONG;
typedef uint32_t ULONG;
typedef uint32_t DWORD;
typedef int64_t LONGLONG CONNPT_ALIGN_8;
typedef uint64_t ULONGLONG CONNPT_ALIGN_8;
typedef float FLOAT;
typedef int32_t BOOL;
typedef int32_t HRESULT;
typedef size_t SIZE_T;
typedef void *PVOID;
typedef void *LPVOID;
typedef char *LPSTR;
typedef const char *LPCSTR;
#ifndef VOID
#define VOID void
#endif
#endif /* CONNPT_ADOPTED_SCALARS */

#ifndef TRUE
#define TRUE 1
#endif
#ifndef FALSE
#define FALSE 0
#endif

#ifndef CONNPT_ADOPTED_ULONG_PTR
typedef uintptr_t ULONG_PTR;
#endif

/* UTF-16 code units. C++ and C11 have char16_t; before C11 the type is the same, without u"". */
#ifndef CONNPT_ADOPTED_OLECHAR
#if defined(__cplusplus)
typedef char16_t OLECHAR;
#else
typedef uint_least16_t OLECHAR;
#endif
typedef OLECHAR *LPOLESTR;
typedef const OLECHAR *LPCOLESTR;
#endif
typedef OLECHAR *BSTR; /* length-prefixed; see <connpt/automation.h> */

typedef double DATE CONNPT_ALIGN_8;
#ifndef CONNPT_ADOPTED_DOUBLE
typedef double DOUBLE CONNPT_ALIGN_8;
#endif
typedef LONG SCODE;
typedef LONG DISPID;
typedef DISPID MEMBERID;
typedef DWORD HREFTYPE;
typedef DWORD LCID;
typedef SHORT VARIANT_BOOL;
typedef USHORT VARTYPE;

#define VARIANT_TRUE ((VARIANT_BOOL)-1)
#define VARIANT_FALSE ((VARIANT_BOOL)0)

/* ---- GUID ------------------------------------------------------------------------------ */

#ifndef CONNPT_ADOPTED_GUID
#ifndef GUID_DEFINED
#define GUID_DEFINED
/* "Redefinition of struct _GUID": include the other COM header before connpt's; see adopt.h. */
typedef struct _GUID {
    uint32_t Data1;
    uint16_t Data2;
    uint16_t Data3;
    uint8_t Data4[8];
} GUID;
#if defined(__cplusplus) && defined(__GNUC__)
extern "C++" {
inline bool operator==(const GUID &a, const GUID &b)
{
    return __builtin_memcmp(&a, &b, sizeof(GUID)) == 0;
}
inline bool operator!=(const GUID &a, const GUID &b)
{
    return !(a == b);
}
}
#endif
#endif
typedef GUID IID;
typedef GUID CLSID;
#ifdef __cplusplus
#ifndef REFGUID
#define REFGUID const GUID &
#define REFIID const IID &
#define REFCLSID const CLSID &
#endif
#else
#ifndef REFGUID
#define REFGUID const GUID *
#define REFIID const IID *
#define REFCLSID const CLSID *
#endif
#endif
#endif /* CONNPT_ADOPTED_GUID */

/* The arguments of IsEqualGUID are REFGUIDs. */
#if !defined(IsEqualGUID) && defined(__GNUC__)
#ifdef __cplusplus
#define IsEqualGUID(a, b) (__builtin_memcmp(&(a), &(b), sizeof(GUID)) == 0)
#else
#define IsEqualGUID(a, b) (__builtin_memcmp((a), (b), sizeof(GUID)) == 0)
#endif
#endif
#ifndef IsEqualIID
#define IsEqualIID(a, b) IsEqualGUID(a, b)
#define IsEqualCLSID(a, b) IsEqualGUID(a, b)
#endif

/* MIDL's foo_i.c has an IID of its own, of the wrong size where long has 64 bits. */
#ifndef __IID_DEFINED__
#define __IID_DEFINED__
#endif
#ifndef CLSID_DEFINED
#define CLSID_DEFINED
#endif

/* With INITGUID the identifier is defined here (as a weak symbol), otherwise declared. */
#ifndef DEFINE_GUID
#ifdef INITGUID
#define DEFINE_GUID(name, l, w1, w2, b1, b2, b3, b4, b5, b6, b7, b8)                               \
    EXTERN_C const GUID name __attribute__((weak));                                                \
    const GUID name = { l, w1, w2, { b1, b2, b3, b4, b5, b6, b7, b8 } }
#else
#define DEFINE_GUID(name, l, w1, w2, b1, b2, b3, b4, b5, b6, b7, b8) EXTERN_C const GUID name
#endif
#endif

/* ---- HRESULT --------------------------------------------------------------------------- */

#ifndef SUCCEEDED
#define SUCCEEDED(hr) (((HRESULT)(hr)) >= 0)
#endif
#ifndef FAILED
#define FAILED(hr) (((HRESULT)(hr)) < 0)
#endif

#include <connpt/abi/hresult.h>

/* ---- one text for an interface in C and in C++ ------------------------------------------- */

/*
 * CONNPT_INTERFACE(IFoo, IUnknown) {
 *     CONNPT_IUNKNOWN_METHODS(IFoo)
 *     CONNPT_METHOD(HRESULT, Bar)(CONNPT_THIS_(IFoo) LONG x) CONNPT_PURE;
 *     CONNPT_METHOD(HRESULT, Baz)(CONNPT_THIS(IFoo)) CONNPT_PURE;
 * };
 *
 * is an abstract class in C++, and in C `struct IFoo { const IFooVtbl *lpVtbl; }` with its
 * table. No interface has a virtual destructor: that would shift every slot.
 */
#if defined(__cplusplus) && !defined(CINTERFACE)
#define CONNPT_INTERFACE_ROOT(name) struct CONNPT_INTERFACE_VISIBLE name
#define CONNPT_INTERFACE(name, base) struct CONNPT_INTERFACE_VISIBLE name : public base
#define CONNPT_METHOD(type, name) virtual type STDMETHODCALLTYPE name
#define CONNPT_THIS_(name)
#define CONNPT_THIS(name)
#define CONNPT_PURE = 0
#define CONNPT_IUNKNOWN_METHODS(name)
#else
#define CONNPT_INTERFACE_ROOT(name)                                                                \
    typedef struct name##Vtbl name##Vtbl;                                                          \
    struct name {                                                                                  \
        CONST_VTBL name##Vtbl *lpVtbl;                                                             \
    };                                                                                             \
    struct name##Vtbl
#define CONNPT_INTERFACE(name, base) CONNPT_INTERFACE_ROOT(name)
#define CONNPT_METHOD(type, name) type(STDMETHODCALLTYPE *name)
#define CONNPT_THIS_(name) name *This,
#define CONNPT_THIS(name) name *This
#define CONNPT_PURE
#define CONNPT_IUNKNOWN_METHODS(name)                                                              \
    HRESULT(STDMETHODCALLTYPE *QueryInterface)(name * This, REFIID riid, void **ppvObject);        \
    ULONG(STDMETHODCALLTYPE *AddRef)(name * This);                                                 \
    ULONG(STDMETHODCALLTYPE *Release)(name * This);
#endif

/* __uuidof(IFoo), of a type or an expression, for C++ users, from the same data. */
#ifdef __cplusplus
#ifndef __CRT_UUID_DECL
extern "C++" {
template <typename T> struct connpt_uuid;
template <typename T> struct connpt_uuid<T *> : connpt_uuid<T> {
};
}
#define __CRT_UUID_DECL(type, l, w1, w2, b1, b2, b3, b4, b5, b6, b7, b8)                           \
    extern "C++" {                                                                                 \
    template <> struct connpt_uuid<type> {                                                         \
        static const GUID &get()                                                                   \
        {                                                                                          \
            static const GUID uuid = { l, w1, w2, { b1, b2, b3, b4, b5, b6, b7, b8 } };            \
            return uuid;                                                                           \
        }                                                                                          \
    };                                                                                             \
    }
#ifndef __uuidof
#define __uuidof(type_or_value) connpt_uuid<__typeof__(type_or_value)>::get()
#endif
#endif
#define CONNPT_UUID(type, l, w1, w2, b1, b2, b3, b4, b5, b6, b7, b8)                               \
    extern "C++" {                                                                                 \
    __CRT_UUID_DECL(type, l, w1, w2, b1, b2, b3, b4, b5, b6, b7, b8)                               \
    }
#else
#define CONNPT_UUID(type, l, w1, w2, b1, b2, b3, b4, b5, b6, b7, b8)
#endif

#endif

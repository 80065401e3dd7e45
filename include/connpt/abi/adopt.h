/* SPDX-License-Identifier: MIT */
/*
 * connpt/abi/adopt.h - which types another COM header of this translation unit already gave us
 *
 * The other headers that bring COM types to Unix define GUID, HRESULT and their kin without
 * guards, so whoever comes second has to adapt: that is us.
 *
 *     DirectX-Headers   <wsl/winadapter.h>, <directx/d3d12.h>: include them first, or define
 *                       CONNPT_WITH_WSL and com.h includes winadapter.h itself
 *     vkd3d             <vkd3d.h>: first; refused by the assertion on calling conventions in
 *                       abi/layout.h, because Wine's vkd3d calls methods as Windows does
 *     vkd3d-proton      the same header, and accepted: it uses the platform's convention
 *     DXC               <dxc/WinAdapter.h>: impossible, its ULONG has 64 bits
 *
 * Each CONNPT_ADOPTED_... switches off the same definitions in abi/base.h.
 */
#ifndef CONNPT_ABI_ADOPT_H
#define CONNPT_ABI_ADOPT_H

#ifdef LLVM_SUPPORT_WIN_ADAPTER_H
#error "connpt and dxc/WinAdapter.h (64-bit ULONG, 32-bit BSTR characters) need separate files"
#endif

#if defined(CONNPT_WITH_WSL) && !defined(__RPCNDR_H_VERSION__)
#ifndef CONST_VTABLE
#define CONST_VTABLE /* method tables are constant */
#endif
#ifndef COBJMACROS
#define COBJMACROS
#endif
#include <wsl/winadapter.h>
#endif

#if defined(__RPCNDR_H_VERSION__)

/* DirectX-Headers. Its BOOL is unsigned, its WCHAR has 32 bits; nothing here uses that one. */
#ifndef __unknwnbase_h__
#error "connpt needs all of DirectX-Headers' adapter: include <wsl/winadapter.h> before this."
#endif
#define CONNPT_ADOPTED_SCALARS
#define CONNPT_ADOPTED_DOUBLE
#define CONNPT_ADOPTED_ULONG_PTR
#define CONNPT_ADOPTED_GUID
typedef int16_t SHORT;

/* It leaves method tables writable unless CONST_VTABLE came before it; ours never are. */
#undef CONST_VTBL
#define CONST_VTBL const

#elif defined(__VKD3D_WINDOWS_H)

/* vkd3d: what its headers do without. */
#define CONNPT_ADOPTED_SCALARS
#define CONNPT_ADOPTED_ULONG_PTR
#define CONNPT_ADOPTED_GUID
typedef char CHAR;
typedef unsigned char UCHAR;
typedef int16_t SHORT;
typedef uint16_t USHORT;
typedef uint16_t WORD;
typedef int64_t LONGLONG;
typedef uint64_t ULONGLONG;
typedef void *PVOID;
typedef void *LPVOID;
typedef char *LPSTR;
typedef const char *LPCSTR;
typedef GUID CLSID;
#ifndef REFCLSID
#define REFCLSID REFIID
#endif

#else

/*
 * Nobody came first. If DirectX-Headers comes later it will not compile; this name of its makes
 * the compiler say why.
 */
#ifdef __GNUC__
#define PALETTEENTRY                                                                               \
    _Pragma("GCC error \"<wsl/winadapter.h> goes before <connpt/com.h>; or set CONNPT_WITH_WSL\"") \
        PALETTEENTRY
#endif

#endif

#endif

/* SPDX-License-Identifier: MIT */
/*
 * connpt/com.h - the COM types, wherever you are
 *
 * On Windows these are the SDK's own. Elsewhere they come from connpt/abi, with the same names,
 * layouts and slots, and with the guards that MIDL and widl generate, so that generated headers
 * and other COM headers may define an interface first.
 *
 * C callers get the IFoo_Method(This, ...) call macros.
 */
#ifndef CONNPT_COM_H
#define CONNPT_COM_H

#include <stddef.h>
#include <stdint.h>

#ifndef COBJMACROS
#define COBJMACROS /* the call macros, in generated headers too */
#endif

#ifdef _WIN32
#ifndef CONST_VTABLE
#define CONST_VTABLE /* method tables are constant */
#endif
#include <windows.h>

#include <ole2.h>

#include <oleauto.h>

#include <ocidl.h>

#include <olectl.h>
#ifndef E_BOUNDS
#define E_BOUNDS ((HRESULT)0x8000000B) /* newer than mingw-w64's header */
#endif
#ifndef CONNPT_E_UNKNOWN_IF
#define CONNPT_E_UNKNOWN_IF ((HRESULT)0x800706B5)
#endif
#ifndef CONNPT_E_SERVER_UNAVAILABLE
#define CONNPT_E_SERVER_UNAVAILABLE ((HRESULT)0x800706BA)
#endif

#else

#include <connpt/abi/automation.h>
#include <connpt/abi/base.h>
#include <connpt/abi/connection.h>
#include <connpt/abi/typeinfo.h>
#include <connpt/abi/unknown.h>

#endif

#include <connpt/abi/layout.h> /* the compiler checks the promises of docs/abi.md */

#endif

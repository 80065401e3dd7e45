/* SPDX-License-Identifier: MIT */
/*
 * _mingw.h - mingw-w64's headers for a compiler that takes itself for Microsoft's (check-msvc)
 *
 * They are Clang's as well, which knows the attributes that the headers would keep from MSVC, and
 * would lose the types of vectors. Behind a declaration it does not know __declspec.
 */
#include_next <_mingw.h>
#undef __attribute__
#undef __MINGW_ATTRIB_NORETURN
#define __MINGW_ATTRIB_NORETURN
#undef __MINGW_ATTRIB_DEPRECATED
#define __MINGW_ATTRIB_DEPRECATED
#undef __MINGW_NOTHROW
#define __MINGW_NOTHROW

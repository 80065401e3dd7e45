/* SPDX-License-Identifier: MIT */
/* setjmp.h - what Clang's <intrin.h> needs; mingw-w64's declares _setjmp in another way */
#ifndef CONNPT_TOOLS_MSVC_SETJMP_H
#define CONNPT_TOOLS_MSVC_SETJMP_H

typedef long long jmp_buf[32];

#endif

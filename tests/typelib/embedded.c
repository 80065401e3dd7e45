/* SPDX-License-Identifier: MIT */
/* embedded.c - a module with a type library in it; load_test.c reads it */
#include <connpt/typelib.h>

CONNPT_TYPELIB_EMBED(TYPELIB_DATA "/sample.tlb");

extern int embedded_module;
int embedded_module = 1;

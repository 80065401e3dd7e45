/* SPDX-License-Identifier: MIT */
/* dump.h - values as text on standard output, the same on every system */
#ifndef CONNPT_TESTS_TYPELIB_DUMP_H
#define CONNPT_TESTS_TYPELIB_DUMP_H

#include <connpt/automation.h>

/* Before anything is printed: no system changes the ends of lines. */
void dump_init(void);

void dump_guid(const GUID *guid);

/* In quotes, with \uXXXX for what is not printable ASCII; "-" for NULL. */
void dump_units(const OLECHAR *text);

/* The same, and frees it. */
void dump_bstr(BSTR bstr);

/* The type and the value; of a constant in a type library. */
void dump_variant(const VARIANT *variant);

#endif

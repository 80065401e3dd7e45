/* SPDX-License-Identifier: MIT */
/*
 * abi/layout_asserts.c - the layout table as static assertions, for compilers whose programs
 * cannot run here; C and C++
 */
#include <connpt/com.h>

#define SIZE(type, on64, on32) CONNPT_SIZE(type, on64, on32);
#define FIELD(type, field, on64, on32) CONNPT_OFFSET(type, field, on64, on32);
#ifdef __cplusplus
#define SLOT(interface, method, index)
#else
#define SLOT(interface, method, index)                                                             \
    CONNPT_STATIC_ASSERT(offsetof(interface##Vtbl, method) == (index) * sizeof(void *),            \
                         #interface "::" #method " is not in its slot");
#endif
#include "layout_table.h"

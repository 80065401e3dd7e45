/* SPDX-License-Identifier: MIT */
/* loader/no_entry.c - a shared library that is no module */
#include <connpt/export.h>

CONNPT_API int connpt_test_no_entry(void);

int connpt_test_no_entry(void)
{
    return 1;
}

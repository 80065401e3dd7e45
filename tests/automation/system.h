/* SPDX-License-Identifier: MIT */
/*
 * tests/automation/system.h - whose BSTRs, VARIANTs and SAFEARRAYs are tested
 *
 * On Windows they are oleaut32's, and the same checks are made. Where it answers otherwise the
 * check says which answer it gives and why that is no fault of ours.
 */
#ifndef CONNPT_TESTS_SYSTEM_H
#define CONNPT_TESTS_SYSTEM_H

#include "t.h"

#ifdef _WIN32
enum { BY_SYSTEM = 1 };
#else
enum { BY_SYSTEM = 0 };
#endif

/* For tests of what happens without memory: returns 1 where it cannot be made to fail. */
static inline int has_its_own_memory(void)
{
    if (BY_SYSTEM)
        t_skip("the system's memory cannot be made to fail");
    return BY_SYSTEM;
}

#endif

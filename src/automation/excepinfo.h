/* SPDX-License-Identifier: MIT */
/* automation/excepinfo.h - the EXCEPINFO that Invoke fills and its caller frees */
#ifndef CONNPT_AUTOMATION_EXCEPINFO_H
#define CONNPT_AUTOMATION_EXCEPINFO_H

#include <connpt/com.h>

/* Does it say anything? */
int connpt__excepinfo_is_filled(const EXCEPINFO *except);

/* Frees what it holds and zeroes it. What was to be filled in later is filled in first: only
 * that frees what the callee keeps for it. */
void connpt__excepinfo_clear(EXCEPINFO *except);

#endif

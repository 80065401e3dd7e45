/* SPDX-License-Identifier: MIT */
/* base/hresult.h - from the errors of the operating system to ours */
#ifndef CONNPT_BASE_HRESULT_H
#define CONNPT_BASE_HRESULT_H

#include <connpt/com.h>

/* The HRESULT that says the same as an errno value; E_FAIL for those without one, and for 0:
 * whoever asks has met a failure. */
HRESULT connpt__hresult_from_errno(int error);

#endif

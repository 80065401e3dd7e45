/* SPDX-License-Identifier: MIT */
/* automation/bstr.h - what the other files of this folder need of BSTRs beyond the public part */
#ifndef CONNPT_AUTOMATION_BSTR_H
#define CONNPT_AUTOMATION_BSTR_H

#include <connpt/automation.h>

/* A copy with the same bytes; of NULL, NULL. Returns: S_OK; E_OUTOFMEMORY. */
HRESULT connpt__bstr_copy(BSTR bstr, BSTR *ret_copy);

/* From text that is known to be ASCII. Returns: S_OK; E_OUTOFMEMORY. */
HRESULT connpt__bstr_from_ascii(const char *text, BSTR *ret_bstr);

#endif

/* SPDX-License-Identifier: MIT */
/* cli/idl.h - an interface as IDL */
#ifndef CONNPT_CLI_IDL_H
#define CONNPT_CLI_IDL_H

#include "describe.h"
#include "text.h"

/* In the order of the type info, so that two outputs can be compared line by line. */
void idl_write(struct text *text, const struct described *described);
/* "[in, out] VARIANT_BOOL *cancel" */
void idl_write_param(struct text *text, const struct described_param *param);

#endif

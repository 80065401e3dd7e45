/* SPDX-License-Identifier: MIT */
/* cli/value.h - a VARIANT as text or JSON, and text as a VARIANT */
#ifndef CONNPT_CLI_VALUE_H
#define CONNPT_CLI_VALUE_H

#include <connpt/com.h>

#include "text.h"

/*
 * value_write - one value; BYREF is followed
 *
 * @value: NULL when the argument was not passed
 * @json:  JSON: dates are ISO 8601 strings, currency and decimals are numbers with all their
 *         digits, infinities and NaN are strings, objects and records are strings "<object>"
 */
void value_write(struct text *text, const VARIANT *value, bool json);

/*
 * value_parse - a word of the command line as an argument
 *
 * @vt: what the method wants, without VT_BYREF; VT_EMPTY or VT_VARIANT guesses: true and false,
 *      numbers, else a string
 * Returns: S_OK; DISP_E_TYPEMISMATCH, DISP_E_OVERFLOW, E_INVALIDARG (not UTF-8), E_OUTOFMEMORY.
 */
HRESULT value_parse(const char *word, VARTYPE vt, VARIANT *ret_value);

/* "long", "BSTR" ... as IDL writes it; NULL for types that have no single word. */
const char *value_type_name(VARTYPE vt);

#endif

/* SPDX-License-Identifier: MIT */
/*
 * automation/safearray.h - what the two SAFEARRAY files share
 *
 * An array that was made here has one of FADF_HAVEVARTYPE and FADF_HAVEIID set and, as on
 * Windows, 16 bytes before its descriptor: the VARTYPE in the last four, or an IID.
 */
#ifndef CONNPT_AUTOMATION_SAFEARRAY_H
#define CONNPT_AUTOMATION_SAFEARRAY_H

#include <connpt/automation.h>

/* Bytes of one element; 0 for a type that arrays cannot have. */
ULONG connpt__safearray_element_size(VARTYPE vt);

/* The type by the features, for arrays that others made too; VT_EMPTY when it is plain data. */
VARTYPE connpt__safearray_owned_type(const SAFEARRAY *array);

/* How many elements all dimensions have together. */
size_t connpt__safearray_count(const SAFEARRAY *array);

/* Copy one element of an owned type over bytes that hold nothing. S_OK; E_OUTOFMEMORY ... */
HRESULT connpt__safearray_copy_element(VARTYPE owned, void *to, const void *from);

/* Frees what one element of an owned type owns; its bytes are empty (NULL, VT_EMPTY) then. */
void connpt__safearray_clear_element(VARTYPE owned, void *element);

#endif

/* SPDX-License-Identifier: MIT */
/* automation/variant.h - what the other files of this folder need of VARIANTs */
#ifndef CONNPT_AUTOMATION_VARIANT_H
#define CONNPT_AUTOMATION_VARIANT_H

#include <connpt/automation.h>

/*
 * S_OK, or DISP_E_BADVARTYPE for what a VARIANT cannot hold: no type, a type that exists in
 * type descriptions only, VT_RECORD (there is no IRecordInfo here), or a reference to or an
 * array of nothing.
 */
HRESULT connpt__vartype_check(VARTYPE vt);

/*
 * What @variant means once references are followed, without taking ownership of anything: a
 * value whose BSTR, interface or array still belongs to whoever owns it.
 * Returns: S_OK; DISP_E_BADVARTYPE; E_INVALIDARG: a NULL reference, or one to a reference.
 */
HRESULT connpt__variant_deref(const VARIANT *variant, VARIANT *ret_borrowed);

#endif

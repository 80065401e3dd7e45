/* SPDX-License-Identifier: MIT */
/* connpt/guid.h - GUIDs and HRESULTs as text */
#ifndef CONNPT_GUID_H
#define CONNPT_GUID_H

#include <connpt/com.h>
#include <connpt/export.h>

CONNPT_BEGIN_DECLS

/* 38 characters "{XXXXXXXX-XXXX-XXXX-XXXX-XXXXXXXXXXXX}" and the NUL */
#define CONNPT_GUID_TEXT_SIZE 39

/* connpt_guid_equal - 1 or 0; neither may be NULL */
CONNPT_API int connpt_guid_equal(const GUID *a, const GUID *b);

/* connpt_guid_format - upper case, with braces; @text has CONNPT_GUID_TEXT_SIZE bytes */
CONNPT_API void connpt_guid_format(const GUID *guid, char *text);

/*
 * connpt_guid_parse - with or without braces, either case, nothing before or behind
 * Returns: S_OK; CO_E_CLASSSTRING (*ret_guid untouched); E_POINTER.
 */
CONNPT_API CONNPT_NODISCARD HRESULT connpt_guid_parse(const char *text, GUID *ret_guid);

/* connpt_iid_name - "IConnectionPoint" for an IID that the library knows, else NULL; static */
CONNPT_API const char *connpt_iid_name(const IID *iid);

/* connpt_hresult_name - "CONNECT_E_NOCONNECTION", or NULL; static */
CONNPT_API const char *connpt_hresult_name(HRESULT hr);

/* connpt_hresult_meaning - one sentence on what it means and what to do, or NULL; static */
CONNPT_API const char *connpt_hresult_meaning(HRESULT hr);

CONNPT_END_DECLS

#endif

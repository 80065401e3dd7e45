/* SPDX-License-Identifier: MIT */
/*
 * automation/date.h - DATEs as text
 *
 * A DATE counts days from 1899-12-30 00:00; the time of day is its fraction, without regard to
 * the sign: -1.25 is 1899-12-29 06:00. Years 100 to 9999.
 */
#ifndef CONNPT_AUTOMATION_DATE_H
#define CONNPT_AUTOMATION_DATE_H

#include <connpt/com.h>

enum { CONNPT__DATE_TEXT_SIZE = 32 };

/* Returns: S_OK; DISP_E_OVERFLOW. */
HRESULT connpt__date_check(DATE date);

/* "2024-02-29 13:45:00"; without the time at midnight; without the date on day 0. Rounded to
 * seconds. Returns: S_OK; DISP_E_OVERFLOW. */
HRESULT connpt__date_format(DATE date, char *text);

/* What connpt__date_format writes, also with 'T' between the two, without seconds, or with a
 * fraction of a second. Returns: S_OK; DISP_E_TYPEMISMATCH. */
HRESULT connpt__date_parse(const OLECHAR *text, size_t length, DATE *ret_date);

#endif

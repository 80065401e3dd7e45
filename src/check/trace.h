/* SPDX-License-Identifier: MIT */
/* check/trace.h - the calls that led to a crash, on stderr */
#ifndef CONNPT_CHECK_TRACE_H
#define CONNPT_CHECK_TRACE_H

#ifdef _WIN32
#include <connpt/com.h>

/* From now on a crash of this process shows its calls; and when the event comes, those of the
 * calling thread are shown, and the process ends. */
void trace_on_crash_or(HANDLE event);
#else
/* From now on a crash of this process shows its calls, where the system can tell them; not when
 * a sanitizer is there, which tells more. And freed memory is overwritten, so that its use shows.
 */
void trace_on_crash(void);
#endif

#endif

/* SPDX-License-Identifier: MIT */
/* check/trace.h - the calls that led to a crash, on stderr */
#ifndef CONNPT_CHECK_TRACE_H
#define CONNPT_CHECK_TRACE_H

/* From now on a crash of this process shows its calls, where the system can tell them; not when
 * a sanitizer is there, which tells more. And freed memory is overwritten, so that its use shows.
 */
void trace_on_crash(void);

#endif

/* SPDX-License-Identifier: MIT */
/* cli/crash_win32.h - when code of a foreign object crashes, say whose it was */
#ifndef CONNPT_CLI_CRASH_WIN32_H
#define CONNPT_CLI_CRASH_WIN32_H

/* From now on an exception that nobody handles is told on stderr, with the file that it came from,
 * and ends the process with exit code 1. @made: the target of the last object made; copied. */
void crash_tell(const char *made);
/* From now on crash_tell does nothing: another part of the command tells of crashes. */
void crash_leave(void);

#endif

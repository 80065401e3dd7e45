/* SPDX-License-Identifier: MIT */
/* cli/declared.h - the outgoing interfaces that a type library declares, without any object */
#ifndef CONNPT_CLI_DECLARED_H
#define CONNPT_CLI_DECLARED_H

#include "sources.h"
#include "target.h"

/* Of the target's class, or of all its library's classes, each interface once. @target: opened by
 * target_open_library. Returns: CLI_OK, also with none; CLI_NO_SUCH after saying that the class is
 * not there. */
int declared_sources(const struct target *target, struct sources *ret_sources);

#endif

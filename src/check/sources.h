/* SPDX-License-Identifier: MIT */
/* check/sources.h - which outgoing interfaces an object has, before any rule looks at them */
#ifndef CONNPT_CHECK_SOURCES_H
#define CONNPT_CHECK_SOURCES_H

#include "check.h"

/*
 * Asks the type library, the list of the caller's, some IIDs that everybody knows, and the object's
 * own enumerator, each with an object of its own. What brings an object down is told by the rule
 * about it; here it only finds less.
 */
void sources_find(struct check_sources *shared, const struct connpt_check_options *options,
                  void (*isolate)(void (*work)(void *context), void *context, void *how),
                  void *how);

#endif

/* SPDX-License-Identifier: MIT */
/* check/sources.h - which outgoing interfaces an object has, before any rule looks at them */
#ifndef CONNPT_CHECK_SOURCES_H
#define CONNPT_CHECK_SOURCES_H

#include "check.h"

/*
 * Asks the type library, the list of the caller's, some IIDs that everybody knows, the object's own
 * enumerator, its IProvideClassInfo2, and its fire: each a step of its own, with an object of its
 * own. What brings an object down is told by the rule about it; here it only finds less.
 */
uint32_t sources_n_steps(const struct connpt_check_options *options);
/* @sources: what the steps before found; this one adds to it */
void sources_step(struct check_sources *sources, const struct connpt_check_options *options,
                  uint32_t step);

#endif

/* SPDX-License-Identifier: MIT */
/* cli/selector.h - which sources and events the part of a target behind "#" means */
#ifndef CONNPT_CLI_SELECTOR_H
#define CONNPT_CLI_SELECTOR_H

#include "sources.h"
#include "target.h"

/* Does the selector take this source? Without a selector it takes all.
 * @ret_only: the one event of it, or NULL for all */
bool selector_takes(const struct target *target, const struct sources *sources,
                    const struct source *source, const struct described_member **ret_only);

/* On stderr: that the selector takes nothing, and what there is. */
void selector_tell_choices(const struct target *target, const struct sources *sources);

#endif

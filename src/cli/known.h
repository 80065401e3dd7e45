/* SPDX-License-Identifier: MIT */
/*
 * cli/known.h - outgoing interfaces that nothing but a header describes
 *
 * Their objects have neither class info nor a type library, or not everywhere; only who knows
 * the IID can connect. Those here are asked for by probing.
 */
#ifndef CONNPT_CLI_KNOWN_H
#define CONNPT_CLI_KNOWN_H

#include <connpt/com.h>

struct known_interface {
    IID iid;
    const char *name; /* NULL ends the table */
    TYPEKIND kind;    /* TKIND_INTERFACE: called through its own method table; TKIND_DISPATCH */
};

extern const struct known_interface known_interfaces[];

/* NULL for one that is not in the table. */
const struct known_interface *known_find(const IID *iid);

#endif

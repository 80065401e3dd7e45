/* SPDX-License-Identifier: MIT */
/*
 * cli/sources.h - the outgoing interfaces of an object, found in three ways
 *
 * No single way works with every object in the field: many answer EnumConnectionPoints with
 * E_NOTIMPL or wrongly, others have no class info. So all are asked and the answers joined:
 * the enumerator; the [source] interfaces of the coclass; and FindConnectionPoint for the
 * interfaces that are known to be asked for.
 */
#ifndef CONNPT_CLI_SOURCES_H
#define CONNPT_CLI_SOURCES_H

#include "describe.h"
#include "deviations.h"
#include "target.h"

enum { FOUND_BY_ENUM = 0x1, FOUND_BY_CLASS_INFO = 0x2, FOUND_BY_PROBING = 0x4 };

struct source {
    IID iid;
    ITypeInfo *info; /* NULL: nothing describes it */
    struct described *described;
    bool is_default;
    bool is_connectable; /* FindConnectionPoint knows it */
    bool is_declared;    /* a type library was asked, and no object */
    unsigned found_by;   /* FOUND_BY_... */
};

struct sources {
    struct source *items;
    size_t n_items;
    struct deviations deviations; /* of the answers that were survived */
};

/* What sources_find may ask, and what it is told besides. */
struct sources_options {
    bool no_enum, no_class_info, no_probe;
    const struct cli_list *iids; /* more IIDs to probe; may be NULL */
    bool is_verbose;             /* say on stderr what each way answered, and the deviations */
};

/* Returns: CLI_OK (also with none), CLI_FAILURE when the object is not connectable, CLI_USAGE
 * for a wrong --iid; after saying why. */
int sources_find(struct target *target, const struct sources_options *options,
                 struct sources *ret_sources);
void sources_fini(struct sources *sources);

#endif

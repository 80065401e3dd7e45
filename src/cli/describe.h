/* SPDX-License-Identifier: MIT */
/* cli/describe.h - an interface as its type info describes it: names, ids, arguments */
#ifndef CONNPT_CLI_DESCRIBE_H
#define CONNPT_CLI_DESCRIBE_H

#include <connpt/com.h>

#include "cli.h"

struct described_param {
    char *name;   /* "arg0" when it has none */
    char *type;   /* as IDL writes it: "BSTR", "VARIANT_BOOL *" */
    VARTYPE vt;   /* what an argument in a DISPPARAMS has, without VT_BYREF; VT_EMPTY: unknown */
    USHORT flags; /* PARAMFLAG_... */
};

struct described_member {
    DISPID dispid;
    char *name;
    char *help; /* "" for none */
    INVOKEKIND kind;
    char *result; /* type; "void" for none */
    struct described_param *params;
    unsigned n_params;
};

struct described {
    IID iid;
    char *name; /* the IID when nothing describes it */
    char *help;
    TYPEKIND kind; /* TKIND_DISPATCH, TKIND_INTERFACE; TKIND_MAX: nothing describes it */
    struct described_member *members; /* those that IDispatch brings are left out */
    unsigned n_members;
};

/* @info: NULL when there is none: then IPropertyNotifySink is known all the same, and other
 * interfaces have a name at most. Never NULL; free with describe_free. */
struct described *describe(const IID *iid, ITypeInfo *info);
void describe_free(struct described *described);

/* By name without case, or by "[dispid N]" or "N"; NULL. */
const struct described_member *described_find(const struct described *described, const char *name);
const struct described_member *described_by_id(const struct described *described, DISPID dispid);

/* The name and help string of a type or library. Free with cli_free; ret_help may be NULL. */
char *describe_type_name(ITypeInfo *info, char **ret_help);

/* Equal but for the case of ASCII letters. */
bool cli_is_same_name(const char *a, const char *b);

#endif

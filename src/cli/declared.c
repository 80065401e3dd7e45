/* SPDX-License-Identifier: MIT */
/* cli/declared.c - the outgoing interfaces that a type library declares, without any object */
#include "declared.h"

#include <string.h>

#include <connpt/guid.h>
#include <connpt/typelib.h>

enum { MOST_SOURCES = 1000 }; /* of one class; what describes it may be anything */

static void add(struct sources *sources, const IID *iid, INT flags, ITypeInfo *info)
{
    struct source *source;

    for (size_t i = 0; i < sources->n_items; i++) {
        if (connpt_guid_equal(&sources->items[i].iid, iid))
            return;
    }
    sources->items = cli_realloc(sources->items, (sources->n_items + 1) * sizeof(*sources->items));
    source = &sources->items[sources->n_items++];
    memset(source, 0, sizeof(*source));
    source->iid = *iid;
    source->info = info;
    if (info != NULL)
        ITypeInfo_AddRef(info);
    source->described = describe(iid, info);
    source->is_default = (flags & IMPLTYPEFLAG_FDEFAULT) != 0;
    source->is_declared = true;
    source->found_by = FOUND_BY_CLASS_INFO;
}

static void add_sources_of(ITypeInfo *coclass, struct sources *sources)
{
    for (UINT i = 0; i < MOST_SOURCES; i++) {
        ITypeInfo *info = NULL;
        INT flags = 0;
        IID iid;

        if (connpt_coclass_source(coclass, i, &iid, &flags, &info) != S_OK)
            return;
        add(sources, &iid, flags, info);
        if (info != NULL)
            ITypeInfo_Release(info);
    }
}

/* @wanted: a name or {CLSID}; "" is every class. */
static bool is_wanted(ITypeInfo *coclass, const CLSID *clsid, const char *wanted)
{
    CLSID wanted_clsid;
    char *name;
    bool is_it;

    if (wanted[0] == '\0')
        return true;
    if (wanted[0] == '{')
        return SUCCEEDED(connpt_guid_parse(wanted, &wanted_clsid)) &&
               connpt_guid_equal(&wanted_clsid, clsid);
    name = describe_type_name(coclass, NULL);
    is_it = cli_is_same_name(name, wanted);
    cli_free(name);
    return is_it;
}

/* Whether the type is one of the target's classes. */
static bool add_type(ITypeInfo *info, const char *wanted, struct sources *sources)
{
    TYPEATTR *attr = NULL;
    bool is_it;

    if (FAILED(ITypeInfo_GetTypeAttr(info, &attr)) || attr == NULL)
        return false;
    is_it = attr->typekind == TKIND_COCLASS && is_wanted(info, &attr->guid, wanted);
    ITypeInfo_ReleaseTypeAttr(info, attr);
    if (is_it)
        add_sources_of(info, sources);
    return is_it;
}

int declared_sources(const struct target *target, struct sources *ret_sources)
{
    UINT n_types = ITypeLib_GetTypeInfoCount(target->library);
    size_t n_classes = 0;

    memset(ret_sources, 0, sizeof(*ret_sources));
    for (UINT i = 0; i < n_types; i++) {
        ITypeInfo *info = NULL;

        if (FAILED(ITypeLib_GetTypeInfo(target->library, i, &info)) || info == NULL)
            continue;
        n_classes += add_type(info, target->class_name, ret_sources);
        ITypeInfo_Release(info);
    }
    if (n_classes > 0)
        return CLI_OK;
    if (target->class_name[0] != '\0')
        cli_error("%s describes no class %s", target->path, target->class_name);
    else
        cli_error("%s describes no class", target->path);
    return CLI_NO_SUCH;
}

/* SPDX-License-Identifier: MIT */
/* cli/sources.c - finds the outgoing interfaces of an object in three ways */
#include "sources.h"

#include <string.h>

#include <connpt/automation.h>
#include <connpt/guid.h>
#include <connpt/typelib.h>

#include "dispatch.h"

enum { MOST_SOURCES = 1000 }; /* an enumerator that never ends must not hang the command */

struct search {
    struct target *target;
    const struct sources_options *options;
    IConnectionPointContainer *container;
    ITypeLib *library; /* where interfaces are described; NULL */
    struct sources found;
};

static void say(const struct search *search, const char *way, HRESULT hr, size_t n)
{
    const char *name = connpt_hresult_name(hr);

    if (!search->options->is_verbose)
        return;
    if (FAILED(hr))
        cli_note("%s: %s (0x%08lX)", way, name != NULL ? name : "failed",
                 (unsigned long)(uint32_t)hr);
    else
        cli_note("%s: %lu outgoing interface%s", way, (unsigned long)n, n == 1 ? "" : "s");
}

/* The entry of an IID, new if need be. */
static struct source *add(struct search *search, const IID *iid, unsigned found_by)
{
    struct sources *found = &search->found;
    struct source *source;

    for (size_t i = 0; i < found->n_items; i++) {
        if (connpt_guid_equal(&found->items[i].iid, iid)) {
            found->items[i].found_by |= found_by;
            return &found->items[i];
        }
    }
    found->items = cli_realloc(found->items, (found->n_items + 1) * sizeof(*found->items));
    source = &found->items[found->n_items++];
    memset(source, 0, sizeof(*source));
    source->iid = *iid;
    source->found_by = found_by;
    return source;
}

/* ---- the enumerator ---------------------------------------------------------------------- */

/* One at a time: enumerators that return S_OK for a short read are met in the field. */
static size_t read_enumerator(struct search *search, IEnumConnectionPoints *enumerator)
{
    size_t n = 0;
    bool is_new = true; /* one that repeats itself would never end */

    for (int i = 0; i < MOST_SOURCES && is_new; i++) {
        IConnectionPoint *point = NULL;
        ULONG fetched = 0;
        HRESULT hr = IEnumConnectionPoints_Next(enumerator, 1, &point, &fetched);
        IID iid = IID_NULL; /* some answer S_OK and write nothing */

        if (hr != S_OK || point == NULL)
            break;
        if (SUCCEEDED(IConnectionPoint_GetConnectionInterface(point, &iid)) &&
            !connpt_guid_equal(&iid, &IID_NULL)) {
            add(search, &iid, FOUND_BY_ENUM)->is_connectable = true;
            is_new = search->found.n_items > n;
            n += is_new;
        }
        IConnectionPoint_Release(point);
    }
    return n;
}

static void ask_enumerator(struct search *search)
{
    IEnumConnectionPoints *enumerator = NULL;
    HRESULT hr = IConnectionPointContainer_EnumConnectionPoints(search->container, &enumerator);
    size_t n = 0;

    if (SUCCEEDED(hr) && enumerator == NULL)
        hr = E_POINTER;
    if (SUCCEEDED(hr)) {
        n = read_enumerator(search, enumerator);
        IEnumConnectionPoints_Release(enumerator);
    }
    say(search, "EnumConnectionPoints", hr, n);
}

/* ---- the class info ---------------------------------------------------------------------- */

/* The coclass as the object tells it, else as the module's library has it; NULL. */
static ITypeInfo *find_coclass(struct search *search)
{
    ITypeInfo *coclass = NULL;

    if (SUCCEEDED(connpt_object_coclass(search->target->object, &coclass)))
        return coclass;
    if (search->target->library != NULL &&
        SUCCEEDED(
            ITypeLib_GetTypeInfoOfGuid(search->target->library, &search->target->clsid, &coclass)))
        return coclass;
    return NULL;
}

static void remember_library(struct search *search, ITypeInfo *coclass)
{
    UINT index;

    if (FAILED(ITypeInfo_GetContainingTypeLib(coclass, &search->library, &index)))
        search->library = NULL;
}

static void ask_class_info(struct search *search)
{
    ITypeInfo *coclass = find_coclass(search);
    HRESULT hr = coclass != NULL ? S_OK : TYPE_E_ELEMENTNOTFOUND;
    size_t n = 0;

    for (UINT i = 0; hr == S_OK && n < MOST_SOURCES; i++) {
        ITypeInfo *info = NULL;
        struct source *source;
        INT flags = 0;
        IID iid;

        hr = connpt_coclass_source(coclass, i, &iid, &flags, &info);
        if (hr != S_OK)
            break;
        source = add(search, &iid, FOUND_BY_CLASS_INFO);
        source->is_default |= (flags & IMPLTYPEFLAG_FDEFAULT) != 0;
        if (source->info == NULL)
            source->info = info;
        else if (info != NULL)
            ITypeInfo_Release(info);
        n++;
    }
    if (coclass != NULL) {
        remember_library(search, coclass);
        ITypeInfo_Release(coclass);
    }
    say(search, "class info", hr, n);
}

/* ---- probing ----------------------------------------------------------------------------- */

static bool find_point(struct search *search, const IID *iid)
{
    IConnectionPoint *point = NULL;
    HRESULT hr = IConnectionPointContainer_FindConnectionPoint(search->container, iid, &point);

    if (FAILED(hr) || point == NULL)
        return false;
    IConnectionPoint_Release(point);
    return true;
}

static size_t probe(struct search *search, const IID *iid)
{
    if (!find_point(search, iid))
        return 0;
    add(search, iid, FOUND_BY_PROBING)->is_connectable = true;
    return 1;
}

/* Every interface that the module's library describes might be an outgoing one. */
static size_t probe_library(struct search *search, ITypeLib *library)
{
    UINT n_types = ITypeLib_GetTypeInfoCount(library);
    size_t n = 0;

    for (UINT i = 0; i < n_types && i < MOST_SOURCES; i++) {
        ITypeInfo *info = NULL;
        TYPEATTR *attr = NULL;

        if (FAILED(ITypeLib_GetTypeInfo(library, i, &info)))
            continue;
        if (SUCCEEDED(ITypeInfo_GetTypeAttr(info, &attr)) && attr != NULL) {
            if (attr->typekind == TKIND_DISPATCH || attr->typekind == TKIND_INTERFACE)
                n += probe(search, &attr->guid);
            ITypeInfo_ReleaseTypeAttr(info, attr);
        }
        ITypeInfo_Release(info);
    }
    return n;
}

static int ask_by_probing(struct search *search)
{
    const struct cli_list *iids = search->options->iids;
    size_t n = probe(search, &IID_IPropertyNotifySink);

    if (search->library != NULL)
        n += probe_library(search, search->library);
    if (search->target->library != NULL && search->target->library != search->library)
        n += probe_library(search, search->target->library);
    for (unsigned i = 0; iids != NULL && i < iids->n_items; i++) {
        IID iid;

        if (FAILED(connpt_guid_parse(iids->items[i], &iid))) {
            cli_error("--iid: \"%s\" is not an IID; write {XXXXXXXX-XXXX-XXXX-XXXX-XXXXXXXXXXXX}",
                      iids->items[i]);
            return CLI_USAGE;
        }
        n += probe(search, &iid);
    }
    say(search, "probing with FindConnectionPoint", S_OK, n);
    return CLI_OK;
}

/* ---- all of it --------------------------------------------------------------------------- */

/* The type info of an interface that only its IID led to. */
static ITypeInfo *find_info(struct search *search, const IID *iid)
{
    ITypeLib *libraries[2] = { search->target->library, search->library };
    ITypeInfo *info = NULL;

    for (int i = 0; i < 2; i++) {
        if (libraries[i] != NULL && SUCCEEDED(ITypeLib_GetTypeInfoOfGuid(libraries[i], iid, &info)))
            return info;
    }
    return system_interface_info(iid);
}

static void complete(struct search *search)
{
    IID default_iid;
    bool has_default = SUCCEEDED(connpt_default_source(search->target->object, &default_iid, NULL));

    for (size_t i = 0; i < search->found.n_items; i++) {
        struct source *source = &search->found.items[i];

        if (source->info == NULL)
            source->info = find_info(search, &source->iid);
        if (!source->is_connectable)
            source->is_connectable = find_point(search, &source->iid);
        if (has_default)
            source->is_default = connpt_guid_equal(&source->iid, &default_iid) != 0;
        source->described = describe(&source->iid, source->info);
    }
}

/* Class info that an IDispatch's own type info leads to, when nothing else did. */
static void use_dispatch_library(struct search *search)
{
    ITypeInfo *info;

    if (search->library != NULL)
        return;
    info = dispatch_type_info(search->target->object);
    if (info == NULL)
        return;
    remember_library(search, info);
    ITypeInfo_Release(info);
}

int sources_find(struct target *target, const struct sources_options *options,
                 struct sources *ret_sources)
{
    struct search search = { .target = target, .options = options };
    void *container = NULL;
    HRESULT hr =
        IUnknown_QueryInterface(target->object, &IID_IConnectionPointContainer, &container);
    int status = CLI_OK;

    if (FAILED(hr) || container == NULL) {
        cli_error_hr(FAILED(hr) ? hr : E_POINTER,
                     "The object has no events: it does not answer IConnectionPointContainer.",
                     "%s is not a connectable object", target->text);
        return CLI_FAILURE;
    }
    search.container = container;
    if (!options->no_enum)
        ask_enumerator(&search);
    if (!options->no_class_info)
        ask_class_info(&search);
    use_dispatch_library(&search);
    if (!options->no_probe)
        status = ask_by_probing(&search);
    complete(&search);
    if (search.library != NULL)
        ITypeLib_Release(search.library);
    IConnectionPointContainer_Release(search.container);
    if (status == CLI_OK)
        *ret_sources = search.found;
    else
        sources_fini(&search.found);
    return status;
}

void sources_fini(struct sources *sources)
{
    for (size_t i = 0; i < sources->n_items; i++) {
        if (sources->items[i].info != NULL)
            ITypeInfo_Release(sources->items[i].info);
        describe_free(sources->items[i].described);
    }
    cli_free(sources->items);
    memset(sources, 0, sizeof(*sources));
}

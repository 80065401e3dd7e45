/* SPDX-License-Identifier: MIT */
/* cli/sources.c - finds the outgoing interfaces of an object in three ways */
#include "sources.h"

#include <string.h>

#include <connpt/automation.h>
#include <connpt/guid.h>
#include <connpt/typelib.h>

#include "dispatch.h"
#include "known.h"

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
    struct text text = { 0 };

    if (!search->options->is_verbose)
        return;
    if (FAILED(hr))
        text_hresult(&text, hr);
    else
        text_printf(&text, "%lu outgoing interface%s", (unsigned long)n, n == 1 ? "" : "s");
    cli_note("%s: %s", way, text_cstr(&text));
    text_fini(&text);
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

static const char next_method[] = "IEnumConnectionPoints::Next";
static const char enum_method[] = "IConnectionPointContainer::EnumConnectionPoints";
static const char find_method[] = "IConnectionPointContainer::FindConnectionPoint";
static const char name_method[] = "IConnectionPoint::GetConnectionInterface";

/* The interface that a point names; IID_NULL for none. */
static void ask_name(struct search *search, IConnectionPoint *point, IID *ret_iid)
{
    IID iid = IID_NULL; /* some answer S_OK and write nothing */
    HRESULT hr = IConnectionPoint_GetConnectionInterface(point, &iid);

    if (FAILED(hr))
        deviations_add(&search->found.deviations, name_method, hr, "point-interface",
                       "does not name the interface");
    else if (connpt_guid_equal(&iid, &IID_NULL))
        deviations_add(&search->found.deviations, name_method, hr, "point-interface",
                       "succeeds and names nothing");
    *ret_iid = FAILED(hr) ? IID_NULL : iid;
}

/* NULL at the end, which S_FALSE says. */
static IConnectionPoint *read_point(struct search *search, IEnumConnectionPoints *enumerator,
                                    bool *ret_is_end)
{
    struct deviations *deviations = &search->found.deviations;
    IConnectionPoint *point = NULL;
    ULONG fetched = 0;
    HRESULT hr = IEnumConnectionPoints_Next(enumerator, 1, &point, &fetched);

    if (FAILED(hr))
        deviations_add(deviations, next_method, hr, "points-next-end", "fails before the end");
    else if (hr == S_OK && point == NULL)
        deviations_add(deviations, next_method, hr, "points-complete",
                       "succeeds and delivers nothing");
    else if (hr == S_OK && fetched != 1)
        deviations_add(deviations, next_method, hr, "points-complete",
                       "delivers one and counts %lu", (unsigned long)fetched);
    *ret_is_end = hr == S_FALSE;
    return hr == S_OK ? point : NULL;
}

/* One at a time: enumerators that return S_OK for a short read are met in the field. */
static size_t read_enumerator(struct search *search, IEnumConnectionPoints *enumerator,
                              bool *ret_is_end)
{
    IConnectionPoint *point = NULL;
    size_t n = 0;

    *ret_is_end = false;
    for (int i = 0; i < MOST_SOURCES; i++) {
        size_t n_before = search->found.n_items;
        IID iid;

        point = read_point(search, enumerator, ret_is_end);
        if (point == NULL)
            break;
        ask_name(search, point, &iid);
        IConnectionPoint_Release(point);
        if (connpt_guid_equal(&iid, &IID_NULL))
            continue;
        add(search, &iid, FOUND_BY_ENUM)->is_connectable = true;
        if (search->found.n_items == n_before) { /* one that repeats itself would never end */
            deviations_add(&search->found.deviations, next_method, S_OK, "points-once",
                           "delivers a point twice; the rest is not read");
            break;
        }
        n++;
    }
    return n;
}

/* What proxies rest on: S_OK means that all that was asked for is there. */
static void ask_for_too_many(struct search *search, IEnumConnectionPoints *enumerator, size_t n)
{
    ULONG n_asked = (ULONG)n + 1, fetched = 0;
    IConnectionPoint **points = cli_alloc((n_asked + 1) * sizeof(*points));
    HRESULT hr = IEnumConnectionPoints_Reset(enumerator);

    if (FAILED(hr)) {
        deviations_add(&search->found.deviations, "IEnumConnectionPoints::Reset", hr,
                       "points-reset", "does not go back to the beginning");
    } else {
        hr = IEnumConnectionPoints_Next(enumerator, n_asked, points, &fetched);
        if (hr == S_OK && fetched < n_asked)
            deviations_add(&search->found.deviations, next_method, hr, "points-next-short",
                           "is not S_FALSE although it delivers fewer than were asked for");
        for (ULONG i = 0; SUCCEEDED(hr) && i < n_asked; i++) { /* the count may be wrong */
            if (points[i] != NULL)
                IConnectionPoint_Release(points[i]);
        }
    }
    cli_free(points);
}

static void ask_enumerator(struct search *search)
{
    IEnumConnectionPoints *enumerator = NULL;
    HRESULT hr = IConnectionPointContainer_EnumConnectionPoints(search->container, &enumerator);
    bool is_end;
    size_t n = 0;

    if (SUCCEEDED(hr) && enumerator == NULL) {
        deviations_add(&search->found.deviations, enum_method, hr, "points-implemented",
                       "succeeds without a result");
        hr = E_POINTER;
    } else if (FAILED(hr)) {
        deviations_add(&search->found.deviations, enum_method, hr, "points-implemented",
                       "must work with every object");
    }
    if (SUCCEEDED(hr)) {
        n = read_enumerator(search, enumerator, &is_end);
        if (is_end)
            ask_for_too_many(search, enumerator, n);
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

/* What IProvideClassInfo and IProvideClassInfo2 themselves answer. */
static void check_class_info(struct search *search)
{
    struct deviations *deviations = &search->found.deviations;
    IUnknown *object = search->target->object;
    void *provider = NULL;
    ITypeInfo *coclass = NULL;
    IID iid = IID_NULL;
    HRESULT hr;

    if (SUCCEEDED(IUnknown_QueryInterface(object, &IID_IProvideClassInfo, &provider)) &&
        provider != NULL) {
        hr = IProvideClassInfo_GetClassInfo((IProvideClassInfo *)provider, &coclass);
        if (FAILED(hr) || coclass == NULL)
            deviations_add(deviations, "IProvideClassInfo::GetClassInfo", hr, "class-info-works",
                           "there is the interface, but no class info");
        if (SUCCEEDED(hr) && coclass != NULL)
            ITypeInfo_Release(coclass);
        IProvideClassInfo_Release((IProvideClassInfo *)provider);
    }
    provider = NULL;
    if (SUCCEEDED(IUnknown_QueryInterface(object, &IID_IProvideClassInfo2, &provider)) &&
        provider != NULL) {
        hr = IProvideClassInfo2_GetGUID((IProvideClassInfo2 *)provider,
                                        GUIDKIND_DEFAULT_SOURCE_DISP_IID, &iid);
        if (FAILED(hr) || connpt_guid_equal(&iid, &IID_NULL))
            deviations_add(deviations, "IProvideClassInfo2::GetGUID", hr,
                           SUCCEEDED(hr) ? "class-guid-default" : NULL,
                           "there is the interface, but no default source");
        IProvideClassInfo2_Release((IProvideClassInfo2 *)provider);
    }
}

static void remember_library(struct search *search, ITypeInfo *coclass)
{
    UINT index;

    if (FAILED(ITypeInfo_GetContainingTypeLib(coclass, &search->library, &index)))
        search->library = NULL;
}

static void ask_class_info(struct search *search)
{
    ITypeInfo *coclass;
    size_t n = 0;
    HRESULT hr;

    check_class_info(search);
    coclass = find_coclass(search);
    hr = coclass != NULL ? S_OK : TYPE_E_ELEMENTNOTFOUND;

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
    say(search, coclass != NULL ? "class info" : "class info: nothing describes the class", hr, n);
    if (coclass != NULL) {
        remember_library(search, coclass);
        ITypeInfo_Release(coclass);
    }
}

/* ---- probing ----------------------------------------------------------------------------- */

static bool find_point(struct search *search, const IID *iid)
{
    struct deviations *deviations = &search->found.deviations;
    IConnectionPoint *point = NULL;
    HRESULT hr = IConnectionPointContainer_FindConnectionPoint(search->container, iid, &point);
    IID named;

    if (FAILED(hr)) {
        if (hr != CONNECT_E_NOCONNECTION)
            deviations_add(deviations, find_method, hr, "find-unknown-iid",
                           "is not CONNECT_E_NOCONNECTION for an interface that is not there");
        return false;
    }
    if (point == NULL) {
        deviations_add(deviations, find_method, hr, "find-unknown-iid",
                       "succeeds without a result");
        return false;
    }
    ask_name(search, point, &named);
    if (!connpt_guid_equal(&named, &IID_NULL) && !connpt_guid_equal(&named, iid))
        deviations_add(deviations, name_method, S_OK, "point-interface",
                       "names another interface than led to the point");
    IConnectionPoint_Release(point);
    return true;
}

static void probe(struct search *search, const IID *iid)
{
    if (find_point(search, iid))
        add(search, iid, FOUND_BY_PROBING)->is_connectable = true;
}

static size_t count_probed(const struct search *search)
{
    size_t n = 0;

    for (size_t i = 0; i < search->found.n_items; i++)
        n += (search->found.items[i].found_by & FOUND_BY_PROBING) != 0;
    return n;
}

/* Every interface that the module's library describes might be an outgoing one. */
static void probe_library(struct search *search, ITypeLib *library)
{
    UINT n_types = ITypeLib_GetTypeInfoCount(library);

    for (UINT i = 0; i < n_types && i < MOST_SOURCES; i++) {
        ITypeInfo *info = NULL;
        TYPEATTR *attr = NULL;

        if (FAILED(ITypeLib_GetTypeInfo(library, i, &info)))
            continue;
        if (SUCCEEDED(ITypeInfo_GetTypeAttr(info, &attr)) && attr != NULL) {
            if (attr->typekind == TKIND_DISPATCH || attr->typekind == TKIND_INTERFACE)
                probe(search, &attr->guid);
            ITypeInfo_ReleaseTypeAttr(info, attr);
        }
        ITypeInfo_Release(info);
    }
}

static int ask_by_probing(struct search *search)
{
    const struct cli_list *iids = search->options->iids;

    probe(search, &IID_IPropertyNotifySink);
    for (const struct known_interface *known = known_interfaces; known->name != NULL; known++)
        probe(search, &known->iid);
    if (search->library != NULL)
        probe_library(search, search->library);
    if (search->target->library != NULL && search->target->library != search->library)
        probe_library(search, search->target->library);
    for (unsigned i = 0; iids != NULL && i < iids->n_items; i++) {
        IID iid;

        if (FAILED(connpt_guid_parse(iids->items[i], &iid))) {
            cli_error("--iid: \"%s\" is not an IID; write {XXXXXXXX-XXXX-XXXX-XXXX-XXXXXXXXXXXX}",
                      iids->items[i]);
            return CLI_USAGE;
        }
        probe(search, &iid);
    }
    say(search, "probing with FindConnectionPoint", S_OK, count_probed(search));
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

/* A name is all that the registry has of some interfaces. */
static void take_registered_name(struct source *source)
{
    char *name;

    if (source->described->name[0] != '{')
        return;
    name = system_interface_name(&source->iid);
    if (name != NULL) {
        cli_free(source->described->name);
        source->described->name = name;
    }
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
        take_registered_name(source);
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
    if (options->is_verbose)
        deviations_tell(&search.found.deviations);
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
    deviations_fini(&sources->deviations);
    memset(sources, 0, sizeof(*sources));
}

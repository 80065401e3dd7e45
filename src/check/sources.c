/* SPDX-License-Identifier: MIT */
/* check/sources.c - from what an object and its type library tell to a list of interfaces */
#include "sources.h"

#include <stdio.h>

#include <connpt/automation.h>
#include <connpt/memory.h>
#include <connpt/typelib.h>

#include "crowd.h"
#include "slots.h"

enum { MOST_TYPES = 1000 }; /* of a library; what describes an object may be anything */

struct search {
    struct check_sources *sources;
    const struct connpt_check_options *options;
    /* while a step runs: */
    IUnknown *object;
    IConnectionPointContainer *container;
};

static struct check_source *find(struct check_sources *sources, const IID *iid)
{
    for (uint32_t i = 0; i < sources->n_items; i++) {
        if (IsEqualGUID(&sources->items[i].iid, iid))
            return &sources->items[i];
    }
    return NULL;
}

static bool is_dispinterface(ITypeInfo *info)
{
    TYPEATTR *attributes;
    bool is_dispatch = false;

    if (SUCCEEDED(ITypeInfo_GetTypeAttr(info, &attributes))) {
        is_dispatch = attributes->typekind == TKIND_DISPATCH;
        ITypeInfo_ReleaseTypeAttr(info, attributes);
    }
    return is_dispatch;
}

static void take_name(ITypeInfo *info, struct check_source *source)
{
    BSTR name = NULL;
    char *utf8 = NULL;

    if (FAILED(ITypeInfo_GetDocumentation(info, MEMBERID_NIL, &name, NULL, NULL, NULL)))
        return;
    if (SUCCEEDED(connpt_utf8_from_bstr(name, &utf8, NULL)))
        (void)snprintf(source->name, sizeof source->name, "%s", utf8);
    connpt_CoTaskMemFree(utf8);
    connpt_SysFreeString(name);
}

static void take_description(ITypeInfo *info, struct check_source *source)
{
    source->is_known = true;
    source->is_dispatch = is_dispinterface(info);
    take_name(info, source);
}

/* What everybody knows of an interface, or the caller's type library says. */
static void describe(const struct connpt_check_options *options, struct check_source *source)
{
    ITypeInfo *info = NULL;

    if (IsEqualGUID(&source->iid, &IID_IDispatch) ||
        IsEqualGUID(&source->iid, &IID_IPropertyNotifySink)) {
        source->is_known = true;
        source->is_dispatch = IsEqualGUID(&source->iid, &IID_IDispatch);
        (void)snprintf(source->name, sizeof source->name, "%s",
                       source->is_dispatch ? "IDispatch" : "IPropertyNotifySink");
    } else if (options->library != NULL &&
               SUCCEEDED(ITypeLib_GetTypeInfoOfGuid(options->library, &source->iid, &info)) &&
               info != NULL) {
        take_description(info, source);
        ITypeInfo_Release(info);
    }
}

/* The object's point for an interface, with a reference; NULL. */
static IConnectionPoint *point_of(const struct search *search, const IID *iid)
{
    IConnectionPoint *point = NULL;

    if (FAILED(IConnectionPointContainer_FindConnectionPoint(search->container, iid, &point)))
        return NULL;
    return point;
}

/* Adds the interface if the object really has it. @info: its description; may be NULL */
static void add(struct search *search, const IID *iid, ITypeInfo *info)
{
    struct check_sources *sources = search->sources;
    IConnectionPoint *point;
    struct check_source source = { .iid = *iid };

    if (find(sources, iid) != NULL || sources->n_items == CHECK_MAX_SOURCES)
        return;
    point = point_of(search, iid);
    if (point == NULL)
        return;
    if (info != NULL)
        take_description(info, &source);
    else
        describe(search->options, &source);
    sources->items[sources->n_items++] = source;
    IConnectionPoint_Release(point);
}

/* ---- the steps ------------------------------------------------------------------------------- */

static void ask_class(struct search *search)
{
    ITypeInfo *coclass = NULL, *info;
    IID iid;

    if (connpt_object_coclass(search->object, &coclass) != S_OK)
        return;
    for (UINT i = 0;; i++) {
        info = NULL;
        if (connpt_coclass_source(coclass, i, &iid, NULL, &info) != S_OK)
            break;
        add(search, &iid, info);
        if (info != NULL)
            ITypeInfo_Release(info);
    }
    ITypeInfo_Release(coclass);
}

/* Where nothing else tells, clients connect to what GetGUID names. */
static void ask_default(struct search *search)
{
    IProvideClassInfo2 *provider = NULL;
    GUID iid = GUID_NULL;

    if (FAILED(
            IUnknown_QueryInterface(search->object, &IID_IProvideClassInfo2, (void **)&provider)) ||
        provider == NULL)
        return;
    if (SUCCEEDED(IProvideClassInfo2_GetGUID(provider, GUIDKIND_DEFAULT_SOURCE_DISP_IID, &iid)) &&
        !IsEqualGUID(&iid, &GUID_NULL))
        add(search, &iid, NULL);
    IProvideClassInfo2_Release(provider);
}

/* Every interface that a library describes may be an outgoing one: the object knows. */
static void ask_types(struct search *search, ITypeLib *library)
{
    UINT n_types = ITypeLib_GetTypeInfoCount(library);

    for (UINT i = 0; i < n_types && i < MOST_TYPES; i++) {
        ITypeInfo *info = NULL;
        TYPEATTR *attributes;

        if (FAILED(ITypeLib_GetTypeInfo(library, i, &info)) || info == NULL)
            continue;
        if (SUCCEEDED(ITypeInfo_GetTypeAttr(info, &attributes))) {
            if (attributes->typekind == TKIND_DISPATCH || attributes->typekind == TKIND_INTERFACE)
                add(search, &attributes->guid, info);
            ITypeInfo_ReleaseTypeAttr(info, attributes);
        }
        ITypeInfo_Release(info);
    }
}

static void ask_library(struct search *search)
{
    if (search->options->library != NULL)
        ask_types(search, search->options->library);
}

/* The library that describes the methods of the object may describe its events. */
static void ask_own_library(struct search *search)
{
    IDispatch *dispatch = NULL;
    ITypeInfo *info = NULL;
    ITypeLib *library = NULL;
    UINT index;

    if (FAILED(IUnknown_QueryInterface(search->object, &IID_IDispatch, (void **)&dispatch)) ||
        dispatch == NULL)
        return;
    if (SUCCEEDED(IDispatch_GetTypeInfo(dispatch, 0, LOCALE_USER_DEFAULT, &info)) && info != NULL) {
        if (SUCCEEDED(ITypeInfo_GetContainingTypeLib(info, &library, &index)) && library != NULL) {
            ask_types(search, library);
            ITypeLib_Release(library);
        }
        ITypeInfo_Release(info);
    }
    IDispatch_Release(dispatch);
}

static void ask_caller(struct search *search)
{
    for (uint32_t i = 0; i < search->options->n_iids; i++)
        add(search, &search->options->iids[i], NULL);
}

static void ask_known(struct search *search)
{
    add(search, &IID_IPropertyNotifySink, NULL);
    add(search, &IID_IDispatch, NULL);
}

static void ask_enumerator(struct search *search)
{
    IEnumConnectionPoints *points = NULL;
    IConnectionPoint *point;
    ULONG n;
    IID iid;

    if (FAILED(IConnectionPointContainer_EnumConnectionPoints(search->container, &points)) ||
        points == NULL)
        return;
    for (int i = 0; i < CHECK_MAX_SOURCES; i++) {
        point = NULL;
        n = 0;
        if (FAILED(IEnumConnectionPoints_Next(points, 1, &point, &n)) || n != 1 || point == NULL)
            break;
        if (SUCCEEDED(IConnectionPoint_GetConnectionInterface(point, &iid)))
            add(search, &iid, NULL);
        IConnectionPoint_Release(point);
    }
    IEnumConnectionPoints_Release(points);
}

/* A sink at the point of check->source; NULL when it cannot be connected. */
static struct sink *connect_sink(struct check *check, const struct search *search,
                                 DWORD *ret_cookie)
{
    struct sink *sink = sink_create(check);
    IConnectionPoint *point = point_of(search, &check->source->iid);
    HRESULT hr = E_FAIL;

    if (sink != NULL && point != NULL)
        hr = IConnectionPoint_Advise(point, sink_handed(sink), ret_cookie);
    if (point != NULL)
        IConnectionPoint_Release(point);
    return SUCCEEDED(hr) ? sink : NULL;
}

static void disconnect_sink(const struct search *search, const IID *iid, DWORD cookie)
{
    IConnectionPoint *point = point_of(search, iid);

    if (point == NULL)
        return;
    (void)IConnectionPoint_Unadvise(point, cookie);
    IConnectionPoint_Release(point);
}

/* Connects a sink to each point and lets the object fire: which of them hears it? */
static void ask_fire(struct search *search)
{
    struct check check = { .options = search->options, .sources = search->sources };
    struct sink *sinks[CHECK_MAX_SOURCES] = { NULL };
    DWORD cookies[CHECK_MAX_SOURCES];

    for (uint32_t i = 0; i < search->sources->n_items; i++) {
        check.source = &search->sources->items[i];
        if (CHECK_ANY_SHAPE || check.source->is_dispatch)
            sinks[i] = connect_sink(&check, search, &cookies[i]);
    }
    fire_once(search->options, search->object);
    for (uint32_t i = 0; i < search->sources->n_items; i++) {
        struct check_source *source = &search->sources->items[i];

        source->fires = sinks[i] != NULL && sinks[i]->n_calls > 0;
        if (sinks[i] != NULL)
            disconnect_sink(search, &source->iid, cookies[i]);
    }
    sink_free_all(&check);
}

/* ---- each in turn ---------------------------------------------------------------------------- */

static void (*const steps[])(struct search *search) = { ask_class,   ask_library, ask_own_library,
                                                        ask_caller,  ask_known,   ask_enumerator,
                                                        ask_default, ask_fire };

uint32_t sources_n_steps(const struct connpt_check_options *options)
{
    return sizeof steps / sizeof steps[0] - (options->fire == NULL);
}

void sources_step(struct check_sources *sources, const struct connpt_check_options *options,
                  uint32_t step)
{
    struct search search = { sources, options, NULL, NULL };

    if (FAILED(options->create(options->context, &search.object)) || search.object == NULL)
        return;
    if (SUCCEEDED(IUnknown_QueryInterface(search.object, &IID_IConnectionPointContainer,
                                          (void **)&search.container)) &&
        search.container != NULL) {
        steps[step](&search);
        IConnectionPointContainer_Release(search.container);
    }
    IUnknown_Release(search.object);
}

/* SPDX-License-Identifier: MIT */
/* check/rules_events.c - events of a dispinterface against their declaration in a type library */
#include "check.h"

#include <connpt/typelib.h>

#include "crowd.h"

/* ---- what is declared ------------------------------------------------------------------------ */

/* The type info of @iid in a library, with a reference; NULL. */
static ITypeInfo *info_in(ITypeLib *library, const IID *iid)
{
    ITypeInfo *info = NULL;

    if (library == NULL || FAILED(ITypeLib_GetTypeInfoOfGuid(library, iid, &info)))
        return NULL;
    return info;
}

/* In the library that describes the object's own methods. */
static ITypeInfo *info_beside_methods(IUnknown *object, const IID *iid)
{
    IDispatch *dispatch = NULL;
    ITypeInfo *own = NULL, *info = NULL;
    ITypeLib *library = NULL;
    UINT index;

    if (FAILED(IUnknown_QueryInterface(object, &IID_IDispatch, (void **)&dispatch)) ||
        dispatch == NULL)
        return NULL;
    if (SUCCEEDED(IDispatch_GetTypeInfo(dispatch, 0, LOCALE_USER_DEFAULT, &own)) && own != NULL) {
        if (SUCCEEDED(ITypeInfo_GetContainingTypeLib(own, &library, &index)) && library != NULL) {
            info = info_in(library, iid);
            ITypeLib_Release(library);
        }
        ITypeInfo_Release(own);
    }
    IDispatch_Release(dispatch);
    return info;
}

static ITypeInfo *info_of_class(IUnknown *object, const IID *iid)
{
    ITypeInfo *coclass = NULL, *info = NULL;
    IID one;

    if (connpt_object_coclass(object, &coclass) != S_OK)
        return NULL;
    for (UINT i = 0; connpt_coclass_source(coclass, i, &one, NULL, &info) == S_OK; i++) {
        if (IsEqualGUID(&one, iid))
            break;
        if (info != NULL)
            ITypeInfo_Release(info);
        info = NULL;
    }
    ITypeInfo_Release(coclass);
    return info;
}

/* The declaration of the interface that fires, with a reference; NULL after skipping. */
static ITypeInfo *declaration(struct check *check)
{
    const IID *iid = &check->source->iid;
    ITypeInfo *info = NULL;

    if (!check->source->is_dispatch) {
        check_skip(check, "the interface is no dispinterface");
        return NULL;
    }
    check->step = "the type library";
    info = info_of_class(check->object, iid);
    if (info == NULL)
        info = info_in(check->options->library, iid);
    if (info == NULL)
        info = info_beside_methods(check->object, iid);
    if (info == NULL)
        check_skip(check, "no type library describes the events");
    return info;
}

/* The function with that id; ITypeInfo::ReleaseFuncDesc. NULL: there is none. */
static FUNCDESC *function_of(ITypeInfo *info, DISPID id)
{
    TYPEATTR *attributes = NULL;
    FUNCDESC *found = NULL;

    if (FAILED(ITypeInfo_GetTypeAttr(info, &attributes)))
        return NULL;
    for (UINT i = 0; i < attributes->cFuncs && found == NULL; i++) {
        if (FAILED(ITypeInfo_GetFuncDesc(info, i, &found))) {
            found = NULL;
        } else if (found->memid != id) {
            ITypeInfo_ReleaseFuncDesc(info, found);
            found = NULL;
        }
    }
    ITypeInfo_ReleaseTypeAttr(info, attributes);
    return found;
}

/* ---- types ----------------------------------------------------------------------------------- */

enum { MOST_ALIASES = 8, ANY_TYPE = VT_VARIANT };

static VARTYPE type_of(ITypeInfo *info, const TYPEDESC *desc, int depth);

/* What a type of the library is passed as. */
static VARTYPE type_of_named(ITypeInfo *info, HREFTYPE reference, int depth)
{
    VARTYPE type = ANY_TYPE;
    ITypeInfo *named = NULL;
    TYPEATTR *attributes;

    if (depth == 0 || FAILED(ITypeInfo_GetRefTypeInfo(info, reference, &named)) || named == NULL)
        return ANY_TYPE;
    if (SUCCEEDED(ITypeInfo_GetTypeAttr(named, &attributes))) {
        if (attributes->typekind == TKIND_ENUM)
            type = VT_I4;
        else if (attributes->typekind == TKIND_ALIAS)
            type = type_of(named, &attributes->tdescAlias, depth - 1);
        else if (attributes->typekind == TKIND_DISPATCH ||
                 attributes->typekind == TKIND_INTERFACE || attributes->typekind == TKIND_COCLASS)
            type = VT_UNKNOWN;
        ITypeInfo_ReleaseTypeAttr(named, attributes);
    }
    ITypeInfo_Release(named);
    return type;
}

static VARTYPE type_of(ITypeInfo *info, const TYPEDESC *desc, int depth)
{
    VARTYPE inner;

    if (desc->vt == VT_USERDEFINED)
        return type_of_named(info, desc->hreftype, depth);
    if (desc->vt == VT_SAFEARRAY)
        return VT_ARRAY;
    if (desc->vt != VT_PTR || depth == 0)
        return desc->vt;
    inner = type_of(info, desc->lptdesc, depth - 1);
    if (desc->lptdesc->vt == VT_USERDEFINED && inner == VT_UNKNOWN)
        return inner; /* a pointer to an interface is one */
    return inner == ANY_TYPE && desc->lptdesc->vt != VT_VARIANT ? ANY_TYPE
                                                                : (VARTYPE)(VT_BYREF | inner);
}

/* Receivers convert within a group, and not between groups. */
enum group { ANYTHING, NUMBER, TEXT, OBJECT, ARRAY };

static enum group group_of(VARTYPE type)
{
    if (type & VT_ARRAY)
        return ARRAY;
    switch (type & VT_TYPEMASK) {
    case VT_I1:
    case VT_UI1:
    case VT_I2:
    case VT_UI2:
    case VT_I4:
    case VT_UI4:
    case VT_I8:
    case VT_UI8:
    case VT_INT:
    case VT_UINT:
    case VT_R4:
    case VT_R8:
    case VT_CY:
    case VT_DATE:
    case VT_DECIMAL:
    case VT_BOOL:
    case VT_HRESULT:
        return NUMBER;
    case VT_BSTR:
        return TEXT;
    case VT_UNKNOWN:
    case VT_DISPATCH:
        return OBJECT;
    default:
        return ANYTHING;
    }
}

static bool fits(VARTYPE given, VARTYPE declared)
{
    enum group one = group_of(given), other = group_of(declared);

    if (declared == ANY_TYPE || given == (VT_BYREF | VT_VARIANT))
        return true;
    if ((given & VT_BYREF) != (declared & VT_BYREF))
        return false;
    return one == other || one == ANYTHING || other == ANYTHING;
}

/* ---- one event against its declaration ------------------------------------------------------- */

struct comparison {
    ITypeInfo *info;
    const struct sink_event *event;
    const FUNCDESC *function; /* NULL: it is not declared */
    UINT n_least, n_most;     /* arguments */
    int first_wrong;          /* in declared order, when the last one stands first; -1: none */
    bool fits_unreversed;     /* when the first one stands first */
};

static UINT count_least(const FUNCDESC *function)
{
    UINT n = 0;

    for (SHORT i = 0; i < function->cParams - (function->cParamsOpt > 0 ? function->cParamsOpt : 0);
         i++)
        n += !(function->lprgelemdescParam[i].paramdesc.wParamFlags & PARAMFLAG_FOPT);
    return n;
}

static void compare_types(struct comparison *comparison)
{
    const struct sink_event *event = comparison->event;
    UINT n = event->n_args;

    comparison->first_wrong = -1;
    comparison->fits_unreversed = n > 1;
    for (UINT i = 0; i < n && i < comparison->n_most && n <= SINK_MAX_ARGS; i++) {
        const ELEMDESC *param = &comparison->function->lprgelemdescParam[i];
        VARTYPE declared = type_of(comparison->info, &param->tdesc, MOST_ALIASES);
        bool is_left_out = event->types[n - 1 - i] == VT_ERROR &&
                           (param->paramdesc.wParamFlags & PARAMFLAG_FOPT) != 0;

        if (!is_left_out && !fits(event->types[n - 1 - i], declared) && comparison->first_wrong < 0)
            comparison->first_wrong = (int)i;
        comparison->fits_unreversed =
            comparison->fits_unreversed && fits(event->types[i], declared);
    }
}

/* Fires, and judges the events that the first sink got, until something is told. */
static void judge_events(struct check *check,
                         void (*judge)(struct check *check, const struct comparison *comparison))
{
    ITypeInfo *info = declaration(check);
    struct crowd crowd;

    if (info == NULL)
        return;
    if (crowd_connect(check, &crowd)) {
        const struct sink *sink = crowd.sinks[0];

        crowd_fire(&crowd);
        for (unsigned i = 0; i < sink->n_events && !check_is_told(check); i++) {
            struct comparison comparison = { .info = info, .event = &sink->events[i] };
            FUNCDESC *function = function_of(info, sink->events[i].id);

            comparison.function = function;
            comparison.first_wrong = -1;
            if (function != NULL) {
                comparison.n_least = count_least(function);
                comparison.n_most = (UINT)function->cParams;
                compare_types(&comparison);
            }
            judge(check, &comparison);
            if (function != NULL)
                ITypeInfo_ReleaseFuncDesc(info, function);
        }
    }
    ITypeInfo_Release(info);
}

static bool has_right_count(const struct comparison *comparison)
{
    UINT n = comparison->event->n_args;

    return comparison->function != NULL && n >= comparison->n_least && n <= comparison->n_most;
}

static void judge_declared(struct check *check, const struct comparison *comparison)
{
    if (comparison->function == NULL)
        check_fail(check, "Invoke(%ld): the type library declares no event with that id",
                   (long)comparison->event->id);
}

static void judge_count(struct check *check, const struct comparison *comparison)
{
    if (comparison->function != NULL && !has_right_count(comparison))
        check_fail(check, "Invoke(%ld) has %u arguments; the type library declares %u",
                   (long)comparison->event->id, comparison->event->n_args, comparison->n_most);
}

static void judge_order(struct check *check, const struct comparison *comparison)
{
    if (has_right_count(comparison) && comparison->first_wrong >= 0 && comparison->fits_unreversed)
        check_fail(check,
                   "Invoke(%ld): the arguments stand in the order of their declaration; the last "
                   "one must be the first in rgvarg",
                   (long)comparison->event->id);
}

static void judge_types(struct check *check, const struct comparison *comparison)
{
    int at = comparison->first_wrong;

    if (has_right_count(comparison) && at >= 0 && !comparison->fits_unreversed) {
        VARTYPE given = comparison->event->types[comparison->event->n_args - 1 - (UINT)at];
        VARTYPE declared = type_of(
            comparison->info, &comparison->function->lprgelemdescParam[at].tdesc, MOST_ALIASES);

        check_fail(check,
                   "Invoke(%ld): argument %d has the type 0x%X, and is declared as 0x%X (of enum "
                   "VARENUM; 0x4000 is VT_BYREF)",
                   (long)comparison->event->id, at + 1, given, declared);
    }
}

static void fire_declared(struct check *check)
{
    judge_events(check, judge_declared);
}

static void fire_argument_count(struct check *check)
{
    judge_events(check, judge_count);
}

static void fire_argument_order(struct check *check)
{
    judge_events(check, judge_order);
}

static void fire_argument_types(struct check *check)
{
    judge_events(check, judge_types);
}

/* ---- exceptions ------------------------------------------------------------------------------ */

/* Sink 1 fails; are the others called all the same? */
static bool others_are_called(struct crowd *crowd, HRESULT result, enum sink_exception how)
{
    bool all = true;

    for (int i = 0; i < CROWD; i++)
        crowd->sinks[i]->n_calls = 0;
    crowd->sinks[0]->exception = how;
    crowd->sinks[0]->result = result;
    crowd_fire(crowd);
    for (int i = 1; i < CROWD; i++)
        all = all && crowd->sinks[i]->n_calls > 0;
    return all;
}

static void fire_exception(struct check *check)
{
    struct crowd crowd;

    if (!check->source->is_dispatch) {
        check_skip(check, "the interface is no dispinterface");
        return;
    }
    if (!crowd_ready(check, &crowd))
        return;
    if (!others_are_called(&crowd, E_FAIL, SINK_NO_EXCEPTION))
        check_skip(check, "any failure of a sink stops the event: see fire-failing-sink");
    else if (!others_are_called(&crowd, DISP_E_EXCEPTION, SINK_EXCEPTION_TEXTS) ||
             !others_are_called(&crowd, DISP_E_EXCEPTION, SINK_EXCEPTION_EMPTY))
        check_fail(check, "sink 1 raised an exception, and not every other one was called");
}

#define INVOKE_PAGE "Microsoft: IDispatch::Invoke"

const struct rule check_rules_events[] = {
    { { "fire-declared", "An event has an id that its type library declares.",
        "practice: clients find their handlers by the type library",
        "Fire the ids that the IDL has.", CONNPT_CHECK_BREAKS },
      fire_declared,
      RULE_FIRE,
      RULE_NO_KIND,
      0 },
    { { "fire-argument-count", "An event has as many arguments as its type library declares.",
        INVOKE_PAGE, "Pass what the IDL has; optional ones may be left out.", CONNPT_CHECK_BREAKS },
      fire_argument_count,
      RULE_FIRE,
      RULE_NO_KIND,
      0 },
    { { "fire-argument-order", "The arguments of an event stand last first.", INVOKE_PAGE,
        "Fill rgvarg from its end.", CONNPT_CHECK_VIOLATES },
      fire_argument_order,
      RULE_FIRE,
      RULE_NO_KIND,
      0 },
    { { "fire-argument-types", "The arguments of an event have the types that are declared.",
        INVOKE_PAGE, "Pass VT_BYREF for [out] and [in, out] arguments, and no text for a number.",
        CONNPT_CHECK_BREAKS },
      fire_argument_types,
      RULE_FIRE,
      RULE_NO_KIND,
      0 },
    { { "fire-exception", "A sink that raises an exception does no harm.", INVOKE_PAGE,
        "Zero the EXCEPINFO before the call, free its texts after it, and go on with the next "
        "sink.",
        CONNPT_CHECK_BREAKS },
      fire_exception,
      RULE_FIRE,
      RULE_NO_KIND,
      0 },
    { { NULL, NULL, NULL, NULL, 0 }, NULL, 0, 0, 0 },
};

/* SPDX-License-Identifier: MIT */
/*
 * check/flawed/fire.c - OnTick at everybody: over a copy of the list whose sinks are held, looking
 * before each call whether the connection is still there
 */
#include <stdlib.h>
#include <string.h>

#include <connpt/automation.h>

#include "flawed.h"

static bool is_there(struct flawed_point *point, DWORD cookie)
{
    bool found = false;

    flawed_lock(point->owner);
    for (unsigned i = 0; i < point->n; i++)
        found = found || (point->list[i].cookie == cookie && point->list[i].sink != NULL);
    flawed_unlock(point->owner);
    return found;
}

/* An EXCEPINFO that nobody zeroed: a sink may return DISP_E_EXCEPTION and fill nothing in. */
static HRESULT call_with_garbage(IDispatch *sink, DISPPARAMS *params)
{
    EXCEPINFO exception;
    HRESULT hr;

    memset(&exception, 0x5a, sizeof exception);
    hr = IDispatch_Invoke(sink, 1, &IID_NULL, 0, DISPATCH_METHOD, params, NULL, &exception, NULL);
    if (hr == DISP_E_EXCEPTION) {
        connpt_SysFreeString(exception.bstrSource);
        connpt_SysFreeString(exception.bstrDescription);
    }
    return hr;
}

static HRESULT call(struct flawed *flawed, IUnknown *sink)
{
    static DISPID named = DISPID_PROPERTYPUT;
    VARIANT args[2];
    DISPPARAMS params = { args, NULL, 2, 0 };

    memset(args, 0, sizeof args);
    V_VT(&args[0]) = VT_BSTR; /* the last argument first: an empty text */
    V_VT(&args[1]) = VT_R8;
    V_R8(&args[1]) = 12.5;
    if (has(flawed, fire_first_argument_first)) {
        VARIANT first = args[0];

        args[0] = args[1];
        args[1] = first;
    }
    if (has(flawed, fire_text_for_number))
        args[1] = args[0];
    if (has(flawed, fire_one_argument_less))
        params.cArgs = 1;
    if (has(flawed, fire_named_argument)) {
        params.rgdispidNamedArgs = &named;
        params.cNamedArgs = 1;
    }
    if (has(flawed, fire_frees_garbage))
        return call_with_garbage((IDispatch *)sink, &params);
    return IDispatch_Invoke((IDispatch *)sink, has(flawed, fire_undeclared_event) ? 99 : 1,
                            has(flawed, fire_wrong_riid) ? &IID_flawed_events : &IID_NULL, 0,
                            DISPATCH_METHOD, &params, NULL, NULL, NULL);
}

/* Does the result of one sink keep the event from the others? */
static bool stops(const struct flawed *flawed, HRESULT hr)
{
    if (hr == DISP_E_MEMBERNOTFOUND)
        return has(flawed, fire_stops_at_unknown);
    if (hr == RPC_E_DISCONNECTED)
        return has(flawed, fire_stops_at_dead);
    return FAILED(hr) && has(flawed, fire_stops_at_failure);
}

/* ---- right, and wrong in what a copy allows -------------------------------------------------- */

static unsigned copy_list(struct flawed_point *point, struct connection *copy)
{
    unsigned n = 0;

    flawed_lock(point->owner);
    for (unsigned i = 0; i < point->n; i++) {
        if (point->list[i].sink == NULL)
            continue;
        copy[n++] = point->list[i];
        IUnknown_AddRef(point->list[i].sink);
        if (has(point->owner, fire_leaks))
            IUnknown_AddRef(point->list[i].sink);
    }
    flawed_unlock(point->owner);
    return n;
}

static void fire_over_copy(struct flawed_point *point)
{
    const struct flawed *flawed = point->owner;
    struct connection *copy = calloc(MAX_CONNECTIONS, sizeof *copy);
    unsigned n = copy != NULL ? copy_list(point, copy) : 0;
    unsigned n_called = n > 1 && has(flawed, fire_forgets_last) ? n - 1 : n;
    bool is_stopped = false;

    for (unsigned i = 0; i < n; i++) {
        unsigned at = has(flawed, fire_backwards) ? n - 1 - i : i;

        if (!is_stopped && i < n_called &&
            (has(flawed, fire_calls_removed) || is_there(point, copy[at].cookie)))
            is_stopped = stops(flawed, call(point->owner, copy[at].sink));
    }
    for (unsigned i = 0; i < n; i++)
        IUnknown_Release(copy[i].sink);
    free(copy);
}

/* ---- over the list itself -------------------------------------------------------------------- */

static void call_held(struct flawed_point *point, IUnknown *sink)
{
    bool is_held = !has(point->owner, fire_does_not_pin);

    if (is_held)
        IUnknown_AddRef(sink);
    (void)call(point->owner, sink);
    if (is_held)
        IUnknown_Release(sink);
}

/* By cookie, which grow: whatever comes and goes, the next one is the next. */
static void fire_by_cookie(struct flawed_point *point)
{
    DWORD last = 0, newest = point->last_cookie;
    unsigned at = 0;

    while (at < point->n) {
        struct connection connection = point->list[at++];

        if (connection.cookie <= last ||
            (connection.cookie > newest && !has(point->owner, fire_calls_added)))
            continue;
        last = connection.cookie;
        call_held(point, connection.sink);
        at = 0;
    }
}

/* By position; the list may have holes, or move. */
static void fire_by_position(struct flawed_point *point)
{
    unsigned n = point->n;

    for (unsigned at = 0; at < n && at < point->n; at++) {
        if (point->list[at].sink != NULL)
            call_held(point, point->list[at].sink);
    }
}

/* One position for all fires; who takes an entry out of the list moves it back. */
static void fire_by_cursor(struct flawed_point *point)
{
    DWORD newest = point->last_cookie;

    for (point->cursor = 0; point->cursor < point->n; point->cursor++) {
        struct connection connection = point->list[point->cursor];

        if (connection.cookie <= newest)
            call_held(point, connection.sink);
    }
}

/* Everybody who ever was connected. */
static void fire_at_the_gone(struct flawed_point *point)
{
    static struct connection ever[64];
    static unsigned n;

    for (unsigned i = 0; i < point->n; i++) {
        bool is_new = true;

        for (unsigned k = 0; k < n; k++)
            is_new = is_new && ever[k].cookie != point->list[i].cookie;
        if (is_new && n < 64) {
            ever[n++] = point->list[i];
            IUnknown_AddRef(point->list[i].sink);
        }
    }
    for (unsigned i = 0; i < n; i++)
        (void)call(point->owner, ever[i].sink);
}

/* The references are taken when the lock is not held any more: one may have gone meanwhile. */
static void fire_held_late(struct flawed_point *point)
{
    struct connection copy[16];
    unsigned n = 0;

    race_enter(point->owner);
    flawed_lock(point->owner);
    race_before_copy(point);
    for (; n < point->n && n < 16; n++)
        copy[n] = point->list[n];
    if (n > 0)
        race_after_copy(point);
    flawed_unlock(point->owner);
    for (unsigned i = 0; i < n; i++)
        IUnknown_AddRef(copy[i].sink);
    race_after_references(point);
    for (unsigned i = 0; i < n; i++) {
        if (is_there(point, copy[i].cookie))
            (void)call(point->owner, copy[i].sink);
        IUnknown_Release(copy[i].sink);
    }
}

/* A lock that is held while sinks are called, and that they need. */
static void fire_with_lock(struct flawed_point *point)
{
    flawed_lock(point->owner);
    for (unsigned i = 0; i < point->n; i++)
        (void)call(point->owner, point->list[i].sink);
    flawed_unlock(point->owner);
}

/* ---- which one ------------------------------------------------------------------------------- */

static void fire(struct flawed_point *point)
{
    switch (point->owner->defect) {
    case fire_does_not_pin:
    case fire_calls_added:
        fire_by_cookie(point);
        break;
    case fire_moves_list:
    case fire_fills_gaps:
        fire_by_position(point);
        break;
    case fire_shares_cursor:
        fire_by_cursor(point);
        break;
    case fire_calls_gone:
        fire_at_the_gone(point);
        break;
    case threads_hold_late:
        fire_held_late(point);
        break;
    case fire_holds_lock:
        fire_with_lock(point);
        break;
    case fire_refuses_unadvise:
    case fire_refuses_advise:
        point->cursor = 1;
        fire_over_copy(point);
        point->cursor = 0;
        break;
    default:
        fire_over_copy(point);
    }
}

void flawed_fire(struct flawed *flawed)
{
    if (has(flawed, fire_aborts))
        abort();
    while (has(flawed, fire_hangs))
        continue;
    if (has(flawed, fire_does_not_pin_object)) {
        fire(&flawed->points[0]);
        return;
    }
    flawed_add_ref(flawed);
    fire(&flawed->points[0]);
    flawed_release(flawed);
}

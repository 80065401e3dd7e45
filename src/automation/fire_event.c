/* SPDX-License-Identifier: MIT */
/*
 * automation/fire_event.c - a dispinterface event to every connection of a point
 *
 * The arguments are put in order once, on the stack, and all sinks share them, as they share
 * what VT_BYREF arguments point to: the last writer wins.
 */
#include <connpt/automation.h>

#include <string.h>

#include <connpt/fire.h>

#include "automation/excepinfo.h"
#include "base/mutex.h"

static HRESULT call_sink(IDispatch *sink, const struct connpt_event *event, LCID lcid,
                         DISPPARAMS *params)
{
    EXCEPINFO except;
    HRESULT hr;

    /* Zeroed for each call: after a success nobody looks at what the sink left in it. */
    memset(&except, 0, sizeof except);
    hr = IDispatch_Invoke(sink, event->dispid, &IID_NULL, lcid, DISPATCH_METHOD, params, NULL,
                          &except, NULL);
    if (FAILED(hr))
        connpt__excepinfo_clear(&except);
    return hr == DISP_E_MEMBERNOTFOUND ? S_OK : hr;
}

/* From the first sink on; how many were called. With @cancel a constant, each kind of event has a
 * loop of its own: of what a sink costs, a test more can be seen. */
static inline uint32_t call_sinks(struct connpt_fire *fire, IDispatch *sink,
                                  const struct connpt_event *event, LCID lcid, DISPPARAMS *params,
                                  const VARIANT_BOOL *cancel)
{
    uint32_t n_called = 0;

    for (; sink != NULL; sink = connpt_fire_next(fire)) {
        connpt_fire_result(fire, call_sink(sink, event, lcid, params));
        n_called++;
        if (cancel != NULL && *cancel != VARIANT_FALSE)
            break;
    }
    return n_called;
}

HRESULT connpt_point_fire_event(connpt_point *point, const struct connpt_event *event,
                                uint32_t *ret_called)
{
    VARIANTARG args[CONNPT_MAX_ARGS];
    DISPPARAMS params = { args, NULL, 0, 0 };
    struct connpt_fire fire;
    uint32_t n_called;
    IDispatch *sink;
    LCID lcid;

    if (point == NULL || event == NULL || (event->args == NULL && event->n_args != 0))
        return E_POINTER;
    if (event->n_args > CONNPT_MAX_ARGS)
        return E_INVALIDARG;
    lcid = event->lcid != 0 ? event->lcid : LOCALE_USER_DEFAULT;
    params.cArgs = event->n_args;

    connpt__assert_unlocked();
    connpt_fire_begin(&fire, point, event->policy);
    sink = connpt_fire_next(&fire);
    for (UINT i = 0; sink != NULL && i < event->n_args; i++)
        args[event->n_args - 1 - i] = event->args[i];
    if (event->cancel == NULL)
        n_called = call_sinks(&fire, sink, event, lcid, &params, NULL);
    else
        n_called = call_sinks(&fire, sink, event, lcid, &params, event->cancel);
    if (ret_called != NULL)
        *ret_called = n_called;
    return connpt_fire_end(&fire);
}

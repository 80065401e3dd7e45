/* SPDX-License-Identifier: MIT */
/*
 * peers/event.c - an event of a dispinterface with two arguments at 64 sinks, beside a plain loop
 * of Invoke calls whose DISPPARAMS were made once
 */
#include "measure.h"
#include "scenarios.h"
#include <connpt/automation.h>

enum { SINKS = 64, EVENT = 7 };
enum { ROUNDS = 40 }; /* for a second: a host that is busy for less than that is not seen */

struct dispatch_sink {
    IDispatch iface; /* first */
    LONG sum;
};

static struct dispatch_sink sinks[SINKS];
static IDispatch *volatile raw_sinks[SINKS]; /* the compiler must not know what they are */

static HRESULT STDMETHODCALLTYPE sink_QueryInterface(IDispatch *iface, REFIID iid, void **out)
{
    (void)iid;
    *out = iface;
    return S_OK;
}

static ULONG STDMETHODCALLTYPE sink_AddRef(IDispatch *iface)
{
    (void)iface;
    return 2; /* never freed */
}

static HRESULT STDMETHODCALLTYPE sink_Invoke(IDispatch *iface, DISPID dispid, REFIID riid,
                                             LCID lcid, WORD flags, DISPPARAMS *params,
                                             VARIANT *result, EXCEPINFO *except, UINT *arg_err)
{
    struct dispatch_sink *sink = (struct dispatch_sink *)(void *)iface;

    (void)riid, (void)lcid, (void)flags, (void)result, (void)except, (void)arg_err;
    if (dispid != EVENT || params->cArgs != 2)
        return DISP_E_MEMBERNOTFOUND;
    sink->sum += params->rgvarg[1].lVal - params->rgvarg[0].lVal;
    return S_OK;
}

static const IDispatchVtbl sink_vtbl = {
    .QueryInterface = sink_QueryInterface,
    .AddRef = sink_AddRef,
    .Release = sink_AddRef,
    .Invoke = sink_Invoke, /* a fire needs no more */
};

static NOINLINE unsigned raw_event(DISPPARAMS *params)
{
    unsigned n_failed = 0;

    for (size_t i = 0; i < SINKS; i++) {
        IDispatch *sink = raw_sinks[i];

        n_failed += FAILED(IDispatch_Invoke(sink, EVENT, &IID_NULL, LOCALE_USER_DEFAULT,
                                            DISPATCH_METHOD, params, NULL, NULL, NULL));
    }
    return n_failed;
}

static NOINLINE void fire_event(connpt_point *point, const VARIANT *args)
{
    const struct connpt_event event = { .dispid = EVENT, .n_args = 2, .args = args };

    bench_must(connpt_point_fire_event(point, &event, NULL));
}

static struct connpt_object *create_source(void)
{
    static const struct connpt_source sources[] = {
        { &IID_IPropertyNotifySink, CONNPT_SOURCE_DISPATCH, 0 }, { NULL, 0, 0 }
    };
    static const struct connpt_class cls = { .size = sizeof(struct connpt_object),
                                             .sources = sources };
    struct connpt_object *object;
    IConnectionPoint *iface;
    DWORD cookie;

    bench_must(connpt_object_create(&cls, NULL, &object));
    iface = connpt_point_iface(connpt_object_point(object, 0));
    for (size_t i = 0; i < SINKS; i++) {
        sinks[i].iface.lpVtbl = &sink_vtbl;
        raw_sinks[i] = &sinks[i].iface;
        bench_must(IConnectionPoint_Advise(iface, (IUnknown *)raw_sinks[i], &cookie));
    }
    return object;
}

void scenario_event(void)
{
    struct connpt_object *object = create_source();
    connpt_point *point = connpt_object_point(object, 0);
    VARIANT args[2] = { connpt_variant_i4(3), connpt_variant_i4(2) };
    VARIANT reversed[2] = { args[1], args[0] };
    DISPPARAMS params = { .rgvarg = reversed, .cArgs = 2 };
    int count = (int)(effort.slice_ns / 200) + 1;
    double raw = 0, fired = 0;

    for (int round = 0; round < ROUNDS * effort.rounds; round++) {
        double start = now_ns(), middle;

        for (int i = 0; i < count; i++)
            (void)raw_event(&params);
        middle = now_ns();
        for (int i = 0; i < count; i++)
            fire_event(point, args);
        raw = lesser(raw, (middle - start) / count);
        fired = lesser(fired, (now_ns() - middle) / count);
    }
    bench_record("event 64", "raw loop", raw);
    bench_record("event 64", "connpt", fired);
    (void)IUnknown_Release(connpt_object_unknown(object));
}

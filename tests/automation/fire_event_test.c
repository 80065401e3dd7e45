/* SPDX-License-Identifier: MIT */
/* tests/automation/fire_event_test.c - dispinterface events on their way to the sinks (F-9) */
#include <connpt/automation.h>

#include <string.h>

#include <connpt/fire.h>
#include <connpt/guid.h>

#include "t.h"
#include "undescribed.h"

static const IID DIID_events = { 0xA0A0A0A0, 1, 2, { 3, 4, 5, 6, 7, 8, 9, 10 } };

/* ---- the source -------------------------------------------------------------------------- */

struct source {
    struct connpt_object object;
};

static const struct connpt_source sources[] = {
    { &DIID_events, CONNPT_SOURCE_DISPATCH, 0 },
    { NULL, 0, 0 },
};
static const struct connpt_class source_class = {
    .size = sizeof(struct source),
    .sources = sources,
};

static struct connpt_object *object;
static connpt_point *point;

static int source_open(void)
{
    object = NULL;
    if (!CHECK_HR(connpt_object_create(&source_class, NULL, &object), S_OK))
        return 0;
    point = connpt_object_point(object, 0);
    return 1;
}

static void source_close(void)
{
    connpt_object_close(object);
    IUnknown_Release(connpt_object_unknown(object));
}

static int advise(void *sink)
{
    DWORD cookie = 0;

    return CHECK_HR(IConnectionPoint_Advise(connpt_point_iface(point), sink, &cookie), S_OK);
}

/* ---- a sink that records its calls ------------------------------------------------------- */

struct recorder {
    IDispatch IDispatch_iface;
    LONG refs;
    int n_calls;
    HRESULT answer;
    void (*react)(struct recorder *recorder, DISPPARAMS *params, EXCEPINFO *except);
    DISPID dispid;
    IID riid;
    LCID lcid;
    WORD flags;
    DISPPARAMS params;
    VARIANT args[CONNPT_MAX_ARGS];
    int had_result, had_except, except_was_zero, had_arg_err;
};

static struct recorder *recorder_from(IDispatch *iface)
{
    return (struct recorder *)(void *)iface;
}

/* IDispatch only, as plain script functions do. */
static HRESULT STDMETHODCALLTYPE recorder_QueryInterface(IDispatch *iface, REFIID iid, void **out)
{
    *out = NULL;
    if (!connpt_guid_equal(iid, &IID_IUnknown) && !connpt_guid_equal(iid, &IID_IDispatch))
        return E_NOINTERFACE;
    recorder_from(iface)->refs++;
    *out = iface;
    return S_OK;
}

static ULONG STDMETHODCALLTYPE recorder_AddRef(IDispatch *iface)
{
    return (ULONG)++recorder_from(iface)->refs;
}

static ULONG STDMETHODCALLTYPE recorder_Release(IDispatch *iface)
{
    return (ULONG)--recorder_from(iface)->refs;
}

static HRESULT STDMETHODCALLTYPE recorder_Invoke(IDispatch *iface, DISPID id, REFIID riid,
                                                 LCID lcid, WORD flags, DISPPARAMS *params,
                                                 VARIANT *result, EXCEPINFO *except, UINT *arg_err)
{
    static const EXCEPINFO zero;
    struct recorder *recorder = recorder_from(iface);

    recorder->n_calls++;
    recorder->dispid = id;
    recorder->riid = *riid;
    recorder->lcid = lcid;
    recorder->flags = flags;
    recorder->params = *params;
    memcpy(recorder->args, params->rgvarg, params->cArgs * sizeof(VARIANT));
    recorder->had_result = result != NULL;
    recorder->had_arg_err = arg_err != NULL;
    recorder->had_except = except != NULL;
    recorder->except_was_zero = except != NULL && memcmp(except, &zero, sizeof zero) == 0;
    if (recorder->react != NULL)
        recorder->react(recorder, params, except);
    return recorder->answer;
}

static const IDispatchVtbl recorder_vtbl = {
    /* IUnknown */
    .QueryInterface = recorder_QueryInterface,
    .AddRef = recorder_AddRef,
    .Release = recorder_Release,
    /* IDispatch */
    .GetTypeInfoCount = undescribed_GetTypeInfoCount,
    .GetTypeInfo = undescribed_GetTypeInfo,
    .GetIDsOfNames = undescribed_GetIDsOfNames,
    .Invoke = recorder_Invoke,
};

/* A source with @n recorders. */
static int setup(struct recorder *recorders, int n)
{
    memset(recorders, 0, (size_t)n * sizeof *recorders);
    if (!source_open())
        return 0;
    for (int i = 0; i < n; i++) {
        recorders[i].IDispatch_iface.lpVtbl = &recorder_vtbl;
        recorders[i].refs = 1;
        if (!advise(&recorders[i].IDispatch_iface)) {
            source_close();
            return 0;
        }
    }
    return 1;
}

static void teardown(const struct recorder *recorders, int n)
{
    source_close();
    for (int i = 0; i < n; i++)
        CHECK_INT(recorders[i].refs, 1);
}

/* ---- tests ------------------------------------------------------------------------------- */

static void an_event_goes_out_as_the_field_does_it(void)
{
    VARIANT args[2] = { connpt_variant_i4(1), connpt_variant_r8(2) };
    struct connpt_event event = { .dispid = 42, .n_args = 2, .args = args };
    struct recorder sink;

    if (!setup(&sink, 1))
        return;
    CHECK_HR(connpt_point_fire_event(point, &event, NULL), S_OK);
    CHECK_INT(sink.dispid, 42);
    CHECK(connpt_guid_equal(&sink.riid, &IID_NULL));
    CHECK_INT(sink.lcid, LOCALE_USER_DEFAULT);
    CHECK_INT(sink.flags, DISPATCH_METHOD);
    CHECK_INT(sink.params.cArgs, 2);
    CHECK_INT(sink.params.cNamedArgs, 0);
    CHECK_PTR(sink.params.rgdispidNamedArgs, NULL);
    CHECK(!sink.had_result);
    CHECK(!sink.had_arg_err);
    CHECK(sink.had_except && sink.except_was_zero);
    event.lcid = 0x0407;
    CHECK_HR(connpt_point_fire_event(point, &event, NULL), S_OK);
    CHECK_INT(sink.lcid, 0x0407);
    teardown(&sink, 1);
}

static void arguments_arrive_last_first(void)
{
    VARIANT args[CONNPT_MAX_ARGS];
    struct connpt_event event = { .dispid = 1, .n_args = CONNPT_MAX_ARGS, .args = args };
    struct recorder sinks[2];

    for (LONG i = 0; i < CONNPT_MAX_ARGS; i++)
        args[i] = connpt_variant_i4(i);
    if (!setup(sinks, 2))
        return;
    CHECK_HR(connpt_point_fire_event(point, &event, NULL), S_OK);
    for (LONG i = 0; i < CONNPT_MAX_ARGS; i++) {
        CHECK_INT(V_I4(&sinks[0].args[i]), CONNPT_MAX_ARGS - 1 - i);
        CHECK_INT(V_I4(&sinks[1].args[i]), CONNPT_MAX_ARGS - 1 - i);
    }
    teardown(sinks, 2);
}

static void without_connections_nobody_is_called(void)
{
    struct connpt_event event = { .dispid = 1 };
    uint32_t n_called = 9;

    if (!source_open())
        return;
    CHECK_HR(connpt_point_fire_event(point, &event, &n_called), S_FALSE);
    CHECK_INT(n_called, 0);
    source_close();
}

static void bad_events_are_refused(void)
{
    VARIANT arg = connpt_variant_i4(1);
    struct connpt_event event = { .dispid = 1, .n_args = CONNPT_MAX_ARGS + 1, .args = &arg };
    struct recorder sink;

    if (!setup(&sink, 1))
        return;
    CHECK_HR(connpt_point_fire_event(point, &event, NULL), E_INVALIDARG);
    CHECK_HR(connpt_point_fire_event(NULL, &event, NULL), E_POINTER);
    CHECK_HR(connpt_point_fire_event(point, NULL, NULL), E_POINTER);
    event = (struct connpt_event){ .dispid = 1, .n_args = 1 };
    CHECK_HR(connpt_point_fire_event(point, &event, NULL), E_POINTER);
    CHECK_INT(sink.n_calls, 0);
    teardown(&sink, 1);
}

static void a_sink_without_a_handler_is_no_failure(void)
{
    struct connpt_event event = { .dispid = 1, .policy = CONNPT_FIRE_STOP_ON_FAILURE };
    struct recorder sinks[2];
    uint32_t n_called = 0;

    if (!setup(sinks, 2))
        return;
    sinks[0].answer = DISP_E_MEMBERNOTFOUND;
    CHECK_HR(connpt_point_fire_event(point, &event, &n_called), S_OK);
    CHECK_INT(n_called, 2);
    teardown(sinks, 2);
}

static void failures_are_handled_by_policy(void)
{
    struct connpt_event event = { .dispid = 1, .policy = CONNPT_FIRE_IGNORE };
    struct recorder sinks[3];
    uint32_t n_called = 0;

    if (!setup(sinks, 3))
        return;
    sinks[1].answer = E_ACCESSDENIED;
    sinks[2].answer = E_FAIL;
    CHECK_HR(connpt_point_fire_event(point, &event, &n_called), S_OK);
    CHECK_INT(n_called, 3);
    event.policy = CONNPT_FIRE_FIRST_FAILURE;
    CHECK_HR(connpt_point_fire_event(point, &event, &n_called), E_ACCESSDENIED);
    CHECK_INT(n_called, 3);
    event.policy = CONNPT_FIRE_STOP_ON_FAILURE;
    CHECK_HR(connpt_point_fire_event(point, &event, &n_called), E_ACCESSDENIED);
    CHECK_INT(n_called, 2);
    teardown(sinks, 3);
}

static void set_reference(struct recorder *recorder, DISPPARAMS *params, EXCEPINFO *except)
{
    VARIANT *arg = connpt_arg(params, 1);

    (void)except;
    *V_BOOLREF(arg) = recorder->n_calls == 1 ? VARIANT_TRUE : VARIANT_FALSE;
}

static void a_veto_ends_the_fire(void)
{
    VARIANT_BOOL cancel = VARIANT_FALSE;
    VARIANT args[2] = { connpt_variant_i4(1), connpt_variant_bool_ref(&cancel) };
    struct connpt_event event = { .dispid = 1, .n_args = 2, .args = args, .cancel = &cancel };
    struct recorder sinks[3];
    uint32_t n_called = 0;

    if (!setup(sinks, 3))
        return;
    sinks[1].react = set_reference;
    CHECK_HR(connpt_point_fire_event(point, &event, &n_called), S_OK);
    CHECK_INT(n_called, 2);
    CHECK_INT(sinks[2].n_calls, 0);
    CHECK_INT(cancel, VARIANT_TRUE);
    CHECK_HR(connpt_point_fire_event(point, &event, &n_called), S_OK); /* starts cancelled */
    CHECK_INT(n_called, 1);
    cancel = VARIANT_FALSE;
    CHECK_HR(connpt_point_fire_event(point, &event, &n_called), S_OK);
    CHECK_INT(n_called, 3);
    teardown(sinks, 3);
}

static void without_a_cancel_variable_all_are_called(void)
{
    VARIANT_BOOL flag = VARIANT_FALSE;
    VARIANT args[2] = { connpt_variant_i4(1), connpt_variant_bool_ref(&flag) };
    struct connpt_event event = { .dispid = 1, .n_args = 2, .args = args };
    struct recorder sinks[2];

    if (!setup(sinks, 2))
        return;
    sinks[0].react = set_reference;
    CHECK_HR(connpt_point_fire_event(point, &event, NULL), S_OK);
    CHECK_INT(sinks[1].n_calls, 1);
    CHECK_INT(flag, VARIANT_TRUE);
    teardown(sinks, 2);
}

static void fill_exception(struct recorder *recorder, DISPPARAMS *params, EXCEPINFO *except)
{
    (void)recorder;
    (void)params;
    except->wCode = 1000;
    (void)!connpt_bstr_from_utf8("source", 6, &except->bstrSource);
    (void)!connpt_bstr_from_utf8("description", 11, &except->bstrDescription);
    (void)!connpt_bstr_from_utf8("help", 4, &except->bstrHelpFile);
}

static int n_filled_in;

static HRESULT STDMETHODCALLTYPE fill_in(EXCEPINFO *except)
{
    n_filled_in++;
    return connpt_bstr_from_utf8("late", 4, &except->bstrDescription);
}

static void defer_exception(struct recorder *recorder, DISPPARAMS *params, EXCEPINFO *except)
{
    (void)recorder;
    (void)params;
    except->pfnDeferredFillIn = fill_in;
}

static void an_exception_is_filled_in_and_freed(void)
{
    struct connpt_event event = { .dispid = 1, .policy = CONNPT_FIRE_FIRST_FAILURE };
    struct recorder sinks[3];

    if (!setup(sinks, 3))
        return;
    n_filled_in = 0;
    sinks[0].react = fill_exception; /* what is not freed is a leak, and fails the test */
    sinks[0].answer = DISP_E_EXCEPTION;
    sinks[1].react = defer_exception;
    sinks[1].answer = DISP_E_EXCEPTION;
    CHECK_HR(connpt_point_fire_event(point, &event, NULL), DISP_E_EXCEPTION);
    CHECK_INT(n_filled_in, 1);
    CHECK(sinks[1].except_was_zero); /* nothing of the one before */
    CHECK(sinks[2].except_was_zero);
    teardown(sinks, 3);
}

static OLECHAR not_a_bstr[4];

static void leave_rubbish(struct recorder *recorder, DISPPARAMS *params, EXCEPINFO *except)
{
    (void)recorder;
    (void)params;
    except->bstrSource = not_a_bstr;
}

static void what_a_successful_sink_leaves_is_not_touched(void)
{
    struct connpt_event event = { .dispid = 1 };
    struct recorder sinks[2];

    if (!setup(sinks, 2))
        return;
    sinks[0].react = leave_rubbish;
    sinks[1].answer = E_FAIL;
    CHECK_HR(connpt_point_fire_event(point, &event, NULL), S_OK);
    CHECK(sinks[1].except_was_zero);
    teardown(sinks, 2);
}

static void a_fire_allocates_nothing(void)
{
    VARIANT args[3] = { connpt_variant_i4(1), connpt_variant_bool(1), connpt_variant_r8(2) };
    struct connpt_event event = { .dispid = 1, .n_args = 3, .args = args };
    struct recorder sinks[64];
    uint32_t n_called = 0;
    long before;

    if (!setup(sinks, 64))
        return;
    before = t_allocations();
    CHECK_HR(connpt_point_fire_event(point, &event, &n_called), S_OK);
    CHECK_INT(t_allocations(), before);
    CHECK_INT(n_called, 64);
    teardown(sinks, 64);
}

static void advise_another(struct recorder *recorder, DISPPARAMS *params, EXCEPINFO *except)
{
    struct connpt_event inner = { .dispid = 2 };

    (void)params;
    (void)except;
    recorder->react = NULL;
    (void)advise(&recorder->IDispatch_iface);
    CHECK_HR(connpt_point_fire_event(point, &inner, NULL), S_OK);
}

static void a_sink_may_advise_and_fire_inside_its_call(void)
{
    struct connpt_event event = { .dispid = 1 };
    struct recorder sinks[2];
    uint32_t n_called = 0;

    if (!setup(sinks, 2))
        return;
    sinks[0].react = advise_another;
    CHECK_HR(connpt_point_fire_event(point, &event, &n_called), S_OK);
    CHECK_INT(n_called, 2);
    CHECK_INT(sinks[0].n_calls, 3); /* the outer fire, and the inner one twice */
    CHECK_INT(sinks[1].n_calls, 2);
    teardown(sinks, 2);
}

struct heard {
    int n;
    LONG sum;
};

static HRESULT on_added(void *context, DISPID dispid, DISPPARAMS *params, VARIANT *result)
{
    struct heard *heard = context;
    VARIANT value;

    (void)result;
    CHECK_INT(dispid, 1);
    heard->n++;
    for (UINT i = 0; i < 2; i++) {
        HRESULT hr = connpt_arg_get(params, i, VT_I4, &value);

        if (FAILED(hr))
            return hr;
        heard->sum += V_I4(&value);
    }
    return S_OK;
}

static void ready_sinks_hear_the_event(void)
{
    static const struct connpt_event_handler handlers[] = { { 1, on_added }, { 0, NULL } };
    VARIANT args[2] = { connpt_variant_i4(2), connpt_variant_r8(40.0) };
    struct connpt_event event = {
        .dispid = 1, .n_args = 2, .args = args, .policy = CONNPT_FIRE_FIRST_FAILURE
    };
    struct heard heard = { 0, 0 };
    IDispatch *one = NULL, *table = NULL;

    if (!source_open())
        return;
    CHECK_HR(connpt_dispatch_sink_create(&DIID_events, on_added, &heard, NULL, &one), S_OK);
    CHECK_HR(connpt_table_sink_create(&DIID_events, handlers, &heard, NULL, &table), S_OK);
    if (one != NULL && table != NULL && advise(one) && advise(table)) {
        CHECK_HR(connpt_point_fire_event(point, &event, NULL), S_OK);
        CHECK_INT(heard.n, 2);
        CHECK_INT(heard.sum, 84);
    }
    if (one != NULL)
        IDispatch_Release(one);
    if (table != NULL)
        IDispatch_Release(table);
    source_close();
}

int main(int argc, char **argv)
{
    static const struct t_test tests[] = {
        T(an_event_goes_out_as_the_field_does_it),
        T(arguments_arrive_last_first),
        T(without_connections_nobody_is_called),
        T(bad_events_are_refused),
        T(a_sink_without_a_handler_is_no_failure),
        T(failures_are_handled_by_policy),
        T(a_veto_ends_the_fire),
        T(without_a_cancel_variable_all_are_called),
        T(an_exception_is_filled_in_and_freed),
        T(what_a_successful_sink_leaves_is_not_touched),
        T(a_fire_allocates_nothing),
        T(a_sink_may_advise_and_fire_inside_its_call),
        T(ready_sinks_hear_the_event),
        T_END,
    };

    return t_run(argc, argv, tests);
}

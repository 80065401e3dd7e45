/* SPDX-License-Identifier: MIT */
/* tests/automation/dispatch_sink_test.c - the ready sinks */
#include <connpt/automation.h>

#include <pthread.h>
#include <string.h>

#include <connpt/guid.h>

#include "no_memory.h"
#include "t.h"

static const IID DIID_events = { 0xA0A0A0A0, 1, 2, { 3, 4, 5, 6, 7, 8, 9, 10 } };
static const IID IID_other = { 0xB0B0B0B0, 1, 2, { 3, 4, 5, 6, 7, 8, 9, 10 } };

struct events {
    int n_calls;
    int n_destroyed;
    DISPID dispid;
    DISPPARAMS *params;
    VARIANT *result;
    HRESULT answer;
};

static HRESULT on_event(void *context, DISPID dispid, DISPPARAMS *params, VARIANT *result)
{
    struct events *events = context;

    events->n_calls++;
    events->dispid = dispid;
    events->params = params;
    events->result = result;
    if (result != NULL && SUCCEEDED(events->answer))
        *result = connpt_variant_i4(params->cArgs != 0 ? V_I4(&params->rgvarg[0]) : -1);
    return events->answer;
}

static HRESULT on_second(void *context, DISPID dispid, DISPPARAMS *params, VARIANT *result)
{
    (void)dispid;
    (void)params;
    (void)result;
    ((struct events *)context)->n_calls += 100;
    return S_OK;
}

static void on_destroy(void *context)
{
    ((struct events *)context)->n_destroyed++;
}

/* NULL when there is no memory. */
static IDispatch *sink_for(struct events *events)
{
    IDispatch *sink = NULL;

    CHECK_HR(connpt_dispatch_sink_create(&DIID_events, on_event, events, on_destroy, &sink), S_OK);
    return sink;
}

static HRESULT invoke(IDispatch *sink, DISPID dispid, WORD flags, DISPPARAMS *params,
                      VARIANT *result)
{
    return IDispatch_Invoke(sink, dispid, &IID_NULL, LOCALE_USER_DEFAULT, flags, params, result,
                            NULL, NULL);
}

static void a_sink_answers_its_interface_idispatch_and_iunknown(void)
{
    struct events events = { 0 };
    IDispatch *sink = sink_for(&events);
    const IID *iids[] = { &IID_IUnknown, &IID_IDispatch, &DIID_events };

    if (sink == NULL)
        return;
    for (int i = 0; i < 3; i++) {
        void *out = NULL;

        CHECK_HR(IDispatch_QueryInterface(sink, iids[i], &out), S_OK);
        CHECK_PTR(out, sink);
        CHECK_INT(IDispatch_Release(sink), 1);
    }
    IDispatch_Release(sink);
}

static void a_sink_has_no_other_interface(void)
{
    struct events events = { 0 };
    IDispatch *sink = sink_for(&events);
    void *out = &events;

    if (sink == NULL)
        return;
    CHECK_HR(IDispatch_QueryInterface(sink, &IID_other, &out), E_NOINTERFACE);
    CHECK_PTR(out, NULL);
    CHECK_HR(IDispatch_QueryInterface(sink, &IID_IUnknown, NULL), E_POINTER);
    out = &events;
    CHECK_HR(IDispatch_QueryInterface(sink, NULL, &out), E_POINTER);
    CHECK_PTR(out, NULL);
    IDispatch_Release(sink);
}

static void the_last_release_destroys_once(void)
{
    struct events events = { 0 };
    IDispatch *sink = sink_for(&events);

    if (sink == NULL)
        return;
    CHECK_INT(IDispatch_AddRef(sink), 2);
    CHECK_INT(IDispatch_Release(sink), 1);
    CHECK_INT(events.n_destroyed, 0);
    CHECK_INT(IDispatch_Release(sink), 0);
    CHECK_INT(events.n_destroyed, 1);
}

static void a_sink_that_could_not_be_made_destroys_nothing(void)
{
    struct events events = { 0 };
    IDispatch *sink = NULL;

    no_memory_begin();
    CHECK_HR(connpt_dispatch_sink_create(&DIID_events, on_event, &events, on_destroy, &sink),
             E_OUTOFMEMORY);
    no_memory_end();
    CHECK_INT(events.n_destroyed, 0);
    CHECK_PTR(sink, NULL);
}

static void creation_checks_its_pointers(void)
{
    struct connpt_event_handler none[] = { { 0, NULL } };
    IDispatch *sink;

    CHECK_HR(connpt_dispatch_sink_create(NULL, on_event, NULL, NULL, &sink), E_POINTER);
    CHECK_HR(connpt_dispatch_sink_create(&DIID_events, NULL, NULL, NULL, &sink), E_POINTER);
    CHECK_HR(connpt_dispatch_sink_create(&DIID_events, on_event, NULL, NULL, NULL), E_POINTER);
    CHECK_HR(connpt_table_sink_create(NULL, none, NULL, NULL, &sink), E_POINTER);
    CHECK_HR(connpt_table_sink_create(&DIID_events, NULL, NULL, NULL, &sink), E_POINTER);
    CHECK_HR(connpt_table_sink_create(&DIID_events, none, NULL, NULL, NULL), E_POINTER);
}

static void every_event_goes_to_the_one_callback(void)
{
    struct events events = { 0 };
    IDispatch *sink = sink_for(&events);
    VARIANT args[1] = { connpt_variant_i4(5) }, result;
    DISPPARAMS params = { args, NULL, 1, 0 };

    if (sink == NULL)
        return;
    memset(&result, 0xAA, sizeof result);
    CHECK_HR(invoke(sink, 77, DISPATCH_METHOD, &params, &result), S_OK);
    CHECK_INT(events.dispid, 77);
    CHECK_PTR(events.params, &params);
    CHECK_INT(V_I4(&result), 5);
    CHECK_HR(invoke(sink, -5, DISPATCH_METHOD | DISPATCH_PROPERTYGET, &params, NULL), S_OK);
    CHECK_PTR(events.result, NULL);
    CHECK_INT(events.n_calls, 2);
    IDispatch_Release(sink);
}

static void a_call_without_parameters_has_none(void)
{
    struct events events = { 0 };
    IDispatch *sink = sink_for(&events);
    VARIANT result;

    if (sink == NULL)
        return;
    CHECK_HR(invoke(sink, 1, DISPATCH_METHOD, NULL, &result), S_OK);
    CHECK_INT(V_I4(&result), -1);
    IDispatch_Release(sink);
}

static void calls_of_another_kind_are_refused(void)
{
    struct events events = { 0 };
    IDispatch *sink = sink_for(&events);
    DISPPARAMS params = { NULL, NULL, 0, 0 };

    if (sink == NULL)
        return;
    CHECK_HR(IDispatch_Invoke(sink, 1, &IID_other, 0, DISPATCH_METHOD, &params, NULL, NULL, NULL),
             DISP_E_UNKNOWNINTERFACE);
    CHECK_HR(IDispatch_Invoke(sink, 1, NULL, 0, DISPATCH_METHOD, &params, NULL, NULL, NULL),
             DISP_E_UNKNOWNINTERFACE);
    CHECK_HR(invoke(sink, 1, DISPATCH_PROPERTYGET, &params, NULL), DISP_E_MEMBERNOTFOUND);
    CHECK_INT(events.n_calls, 0);
    IDispatch_Release(sink);
}

static void a_failure_of_the_callback_comes_back(void)
{
    struct events events = { .answer = DISP_E_EXCEPTION };
    IDispatch *sink = sink_for(&events);
    DISPPARAMS params = { NULL, NULL, 0, 0 };
    EXCEPINFO except;
    VARIANT result;

    if (sink == NULL)
        return;
    memset(&except, 0xAA, sizeof except);
    memset(&result, 0xAA, sizeof result);
    CHECK_HR(
        IDispatch_Invoke(sink, 1, &IID_NULL, 0, DISPATCH_METHOD, &params, &result, &except, NULL),
        DISP_E_EXCEPTION);
    CHECK_PTR(except.bstrDescription, NULL); /* there is nothing that the caller could free */
    CHECK_INT(V_VT(&result), VT_EMPTY);
    IDispatch_Release(sink);
}

static void a_sink_describes_nothing(void)
{
    struct events events = { 0 };
    IDispatch *sink = sink_for(&events);
    OLECHAR name[] = { 'x', 0 };
    LPOLESTR names[1] = { name };
    ITypeInfo *info = (ITypeInfo *)(void *)&events;
    UINT count = 9;
    DISPID id = 9;

    if (sink == NULL)
        return;
    CHECK_HR(IDispatch_GetTypeInfoCount(sink, &count), S_OK);
    CHECK_INT(count, 0);
    CHECK_HR(IDispatch_GetTypeInfoCount(sink, NULL), E_POINTER);
    CHECK_HR(IDispatch_GetTypeInfo(sink, 0, 0, &info), DISP_E_BADINDEX);
    CHECK_PTR(info, NULL);
    CHECK_HR(IDispatch_GetTypeInfo(sink, 0, 0, NULL), E_POINTER);
    CHECK_HR(IDispatch_GetIDsOfNames(sink, &IID_NULL, names, 1, 0, &id), DISP_E_UNKNOWNNAME);
    CHECK_INT(id, DISPID_UNKNOWN);
    IDispatch_Release(sink);
}

static void a_table_sink_calls_the_handler_of_the_event(void)
{
    static const struct connpt_event_handler handlers[] = {
        { 10, on_event },
        { 0, on_second },
        { 0, NULL },
    };
    struct events events = { 0 };
    DISPPARAMS params = { NULL, NULL, 0, 0 };
    IDispatch *sink = NULL;

    if (!CHECK_HR(connpt_table_sink_create(&DIID_events, handlers, &events, on_destroy, &sink),
                  S_OK))
        return;
    CHECK_HR(invoke(sink, 10, DISPATCH_METHOD, &params, NULL), S_OK);
    CHECK_INT(events.n_calls, 1);
    CHECK_HR(invoke(sink, 0, DISPATCH_METHOD, &params, NULL), S_OK);
    CHECK_INT(events.n_calls, 101);
    CHECK_HR(invoke(sink, 11, DISPATCH_METHOD, &params, NULL), DISP_E_MEMBERNOTFOUND);
    CHECK_INT(events.n_calls, 101);
    IDispatch_Release(sink);
    CHECK_INT(events.n_destroyed, 1);
}

static void *add_and_release(void *arg)
{
    for (int i = 0; i < 10000; i++) {
        IDispatch_AddRef((IDispatch *)arg);
        IDispatch_Release((IDispatch *)arg);
    }
    IDispatch_Release((IDispatch *)arg);
    return NULL;
}

static void references_are_counted_from_any_thread(void)
{
    struct events events = { 0 };
    IDispatch *sink = sink_for(&events);
    pthread_t threads[3];

    if (sink == NULL)
        return;
    for (int i = 0; i < 3; i++) {
        IDispatch_AddRef(sink);
        CHECK_INT(pthread_create(&threads[i], NULL, add_and_release, sink), 0);
    }
    IDispatch_Release(sink);
    for (int i = 0; i < 3; i++)
        pthread_join(threads[i], NULL);
    CHECK_INT(events.n_destroyed, 1);
}

int main(int argc, char **argv)
{
    static const struct t_test tests[] = {
        T(a_sink_answers_its_interface_idispatch_and_iunknown),
        T(a_sink_has_no_other_interface),
        T(the_last_release_destroys_once),
        T(a_sink_that_could_not_be_made_destroys_nothing),
        T(creation_checks_its_pointers),
        T(every_event_goes_to_the_one_callback),
        T(a_call_without_parameters_has_none),
        T(calls_of_another_kind_are_refused),
        T(a_failure_of_the_callback_comes_back),
        T(a_sink_describes_nothing),
        T(a_table_sink_calls_the_handler_of_the_event),
        T(references_are_counted_from_any_thread),
        T_END,
    };

    return t_run(argc, argv, tests);
}

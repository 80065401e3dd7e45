/* SPDX-License-Identifier: MIT */
/*
 * abi/interop_test.c - C calls objects made in C++ and C++ objects made in C, by the same
 * generated header
 */
#include "interop.h"

#include <connpt/guid.h>

#include "t.h"

struct c_sink {
    ITickerSink ITickerSink_iface;
    ULONG references;
    double price;
};

static struct c_sink *sink_from(ITickerSink *iface)
{
    return (struct c_sink *)(void *)iface;
}

static HRESULT STDMETHODCALLTYPE sink_QueryInterface(ITickerSink *iface, REFIID iid, void **out)
{
    (void)iface;
    (void)iid;
    *out = NULL;
    return E_NOINTERFACE;
}

static ULONG STDMETHODCALLTYPE sink_AddRef(ITickerSink *iface)
{
    return ++sink_from(iface)->references;
}

static ULONG STDMETHODCALLTYPE sink_Release(ITickerSink *iface)
{
    return --sink_from(iface)->references;
}

static HRESULT STDMETHODCALLTYPE sink_OnTick(ITickerSink *iface, double price, BSTR symbol)
{
    sink_from(iface)->price = price;
    return symbol == NULL ? S_FALSE : S_OK;
}

static HRESULT STDMETHODCALLTYPE sink_OnClosing(ITickerSink *iface, VARIANT_BOOL *cancel)
{
    (void)iface;
    *cancel = VARIANT_TRUE;
    return S_OK;
}

static const ITickerSinkVtbl sink_vtbl = {
    .QueryInterface = sink_QueryInterface,
    .AddRef = sink_AddRef,
    .Release = sink_Release,
    .OnTick = sink_OnTick,
    .OnClosing = sink_OnClosing,
};

static void c_calls_a_sink_written_in_cpp(void)
{
    ITickerSink *sink = cpp_sink_create();
    VARIANT_BOOL cancel = VARIANT_FALSE;
    void *same = NULL;

    CHECK_INT(cpp_sink_alive(), 1);
    CHECK_HR(ITickerSink_QueryInterface(sink, &IID_ITickerSink, &same), S_OK);
    CHECK_PTR(same, sink);
    CHECK_HR(ITickerSink_QueryInterface(sink, &IID_IDispatch, &same), E_NOINTERFACE);
    CHECK_HR(ITickerSink_OnTick(sink, 12.5, NULL), S_FALSE);
    CHECK(cpp_sink_price(sink) == 12.5);
    CHECK_HR(ITickerSink_OnClosing(sink, &cancel), S_OK);
    CHECK_INT(cancel, VARIANT_TRUE);
    CHECK_INT(ITickerSink_Release(sink), 1);
    CHECK_INT(ITickerSink_Release(sink), 0);
    CHECK_INT(cpp_sink_alive(), 0);
}

static void cpp_calls_a_sink_written_in_c(void)
{
    struct c_sink sink = { { &sink_vtbl }, 1, 0 };
    VARIANT_BOOL cancel = VARIANT_FALSE;

    CHECK_HR(cpp_call(&sink.ITickerSink_iface, 99.25, &cancel), S_FALSE);
    CHECK(sink.price == 99.25);
    CHECK_INT(cancel, VARIANT_TRUE);
    CHECK_INT(sink.references, 1);
}

/* Method tables whose function in slot n returns n, so that a call tells which slot it took. Each
 * takes what its method takes: on 32-bit Windows the called function removes the arguments. */
static HRESULT STDMETHODCALLTYPE slot_6_Unadvise(IConnectionPoint *iface, DWORD cookie)
{
    (void)iface;
    (void)cookie;
    return 6;
}

static HRESULT STDMETHODCALLTYPE slot_6_Invoke(IDispatch *iface, DISPID member, REFIID iid,
                                               LCID locale, WORD flags, DISPPARAMS *parameters,
                                               VARIANT *result, EXCEPINFO *exception,
                                               UINT *argument)
{
    (void)iface;
    (void)member;
    (void)iid;
    (void)locale;
    (void)flags;
    (void)parameters;
    (void)result;
    (void)exception;
    (void)argument;
    return 6;
}

static HRESULT STDMETHODCALLTYPE slot_18_GetContainingTypeLib(ITypeInfo *iface, ITypeLib **library,
                                                              UINT *index)
{
    (void)iface;
    (void)library;
    (void)index;
    return 18;
}

typedef void (*slot_fn)(void);

struct slots {
    const slot_fn *table;
    slot_fn functions[22]; /* a call of one that is NULL crashes: the wrong slot */
};

static void *slots_init(struct slots *slots, int slot, slot_fn function)
{
    for (int i = 0; i < 22; i++)
        slots->functions[i] = NULL;
    slots->functions[slot] = function;
    slots->table = slots->functions;
    return slots;
}

static void cpp_takes_the_slots_that_c_fills(void)
{
    struct slots slots;
    void *object;

    object = slots_init(&slots, 6, (slot_fn)slot_6_Unadvise);
    CHECK_INT(cpp_slot_of_Unadvise(object), 6);
    object = slots_init(&slots, 6, (slot_fn)slot_6_Invoke);
    CHECK_INT(cpp_slot_of_Invoke(object), 6);
    object = slots_init(&slots, 18, (slot_fn)slot_18_GetContainingTypeLib);
    CHECK_INT(cpp_slot_of_GetContainingTypeLib(object), 18);
}

static void uuidof_gives_the_same_identifiers(void)
{
    CHECK(connpt_guid_equal(cpp_iid_of_sink(), &IID_ITickerSink));
    CHECK(connpt_guid_equal(cpp_iid_of_pointer(NULL), &IID_IConnectionPoint));
    CHECK(connpt_guid_equal(cpp_clsid_of_ticker(), &CLSID_Ticker));
    CHECK(IsEqualIID(&IID_ITickerSink, cpp_iid_of_sink()));
}

int main(int argc, char **argv)
{
    static const struct t_test tests[] = {
        T(c_calls_a_sink_written_in_cpp),
        T(cpp_calls_a_sink_written_in_c),
        T(cpp_takes_the_slots_that_c_fills),
        T(uuidof_gives_the_same_identifiers),
        T_END,
    };

    return t_run(argc, argv, tests);
}

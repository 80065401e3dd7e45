#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""events_test - what sinks that are not made in C are told, and what they may do meanwhile"""
import itertools
import threading
from ctypes import c_double, c_int16, c_int32, c_uint32, c_void_p, CFUNCTYPE

from com import (CONNECT_E_CANNOTCONNECT, CONNECT_E_NOCONNECTION, DISP_E_MEMBERNOTFOUND,
                 DISPATCH_METHOD, DISPATCH_PROPERTYGET, DISPATCH_PROPERTYPUT, DISPID_PROPERTYPUT,
                 E_FAIL, E_POINTER, IID_IConnectionPointContainer, IID_IDispatch,
                 IID_IPropertyNotifySink, IID_NULL, S_FALSE, S_OK, VT_BOOL, VT_BSTR, VT_BYREF,
                 VT_R8, ConnectData, DispatchSink, DispParams, Sink, Text, Unknown, Variant,
                 bstr_text, byref_arg, guarded, main, test)
from ticker import (IID_ITICKERSINK, SOURCES, ON_TICK, ON_CLOSING, module, new_ticker, tick,
                    close, get_point, advise, connect, unadvise, next_items, nothing_is_left,
                    equal)


# ---- events ------------------------------------------------------------------------------------

@test
def dispatch_events_go_out_as_the_field_does_it():
    ticker = new_ticker()
    point = get_point(ticker, SOURCES[0])
    sink = DispatchSink([IID_IDispatch])
    connect(point, sink)
    equal(tick(ticker, 12.5), S_OK)
    equal(sink.events, [(ON_TICK, 12.5, "CNPT")])
    call = sink.calls[0]
    equal((call["iid"], call["flags"], call["named"]), (IID_NULL, DISPATCH_METHOD, 0))
    equal(call["kinds"], [VT_R8, VT_BSTR])
    point.release()
    equal(ticker.release(), 0)
    nothing_is_left(sink)


class TableSink(Sink):
    """ITickerSink."""

    def __init__(self, cancel=False):
        self.events = []
        self.cancel = cancel
        super().__init__([IID_ITICKERSINK], (
            CFUNCTYPE(c_uint32, c_void_p, c_double, c_void_p)(guarded(self._tick)),
            CFUNCTYPE(c_uint32, c_void_p, c_void_p)(guarded(self._closing))))

    def _tick(self, _this, price, symbol):
        self.events.append((ON_TICK, price, bstr_text(symbol)))
        return S_OK

    def _closing(self, _this, cancel):
        self.events.append((ON_CLOSING,))
        if self.cancel:
            c_int16.from_address(cancel).value = -1
        return S_OK


@test
def table_events_carry_doubles_and_strings():
    ticker = new_ticker()
    text = Text("caf\u00e9 \U0001F600 \u0000 end")
    equal(ticker.call(8, c_void_p(text.address)), S_OK)
    point = get_point(ticker, IID_ITICKERSINK)
    sink = TableSink()
    connect(point, sink)
    equal(tick(ticker, -0.0), S_OK)
    equal(sink.events, [(ON_TICK, 0.0, "caf\u00e9 \U0001F600 \u0000 end")])
    point.release()
    equal(ticker.release(), 0)
    nothing_is_left(sink)


def veto(address):
    c_int16.from_address(address).value = -1


@test
def veto_by_reference_keeps_it_open():
    ticker = new_ticker()
    points = [get_point(ticker, iid) for iid in SOURCES[:2]]

    def object_to_it(dispid, args):
        if dispid == ON_CLOSING:
            veto(args[0])

    strict, later, table = DispatchSink([IID_IDispatch], object_to_it), \
        DispatchSink([IID_IDispatch]), TableSink()
    cookie = connect(points[0], strict)
    connect(points[0], later)
    connect(points[1], table)
    equal(close(ticker), 0)
    equal(strict.calls[0]["kinds"], [VT_BYREF | VT_BOOL])
    equal((len(table.events), len(strict.events), later.events), (1, 1, []))
    equal(tick(ticker, 1.0), S_OK)  # all are still connected
    equal([len(sink.events) for sink in (table, strict, later)], [2, 2, 1])
    equal(unadvise(points[0], cookie), S_OK)
    table.cancel = True
    equal(close(ticker), 0)
    equal(len(later.events), 1)  # the table's objection ended the question
    table.cancel = False
    equal(close(ticker), -1)
    equal([sink.refs for sink in (strict, later, table)], [1, 1, 1])
    for point in points:
        equal(advise(point, later), (CONNECT_E_CANNOTCONNECT, 0))
        equal(unadvise(point, 1), CONNECT_E_NOCONNECTION)
        empty = point.out(7)[1]
        equal(next_items(empty, 1, ConnectData)[:2], (S_FALSE, 0))
        empty.release()
    equal(close(ticker), -1)  # again: nobody is left to object
    equal(tick(ticker, 2.0), S_OK)
    equal(len(later.events), 2)
    equal(ticker.call(10, c_void_p(None)), E_POINTER)
    for point in points:
        point.release()
    equal(ticker.release(), 0)
    nothing_is_left(strict, later, table)


@test
def unadvise_inside_the_callback_and_from_the_last_release():
    ticker = new_ticker()
    point = get_point(ticker, SOURCES[0])
    cookies = {}

    def leave(*_):
        equal(unadvise(point, cookies["me"]), S_OK)
        equal(unadvise(point, cookies["me"]), CONNECT_E_NOCONNECTION)
        equal(unadvise(point, cookies["later"]), S_OK)
        cookies["new"] = connect(point, new)

    me, later, new, last = (DispatchSink([IID_IDispatch], leave), DispatchSink([IID_IDispatch]),
                            DispatchSink([IID_IDispatch]), DispatchSink([IID_IDispatch]))
    for name, sink in (("me", me), ("later", later), ("last", last)):
        cookies[name] = connect(point, sink)
    released = []
    me.on_last_release = lambda: released.append(unadvise(point, cookies["last"]))
    equal(tick(ticker, 1.0), S_OK)
    equal([len(sink.events) for sink in (me, later, new, last)], [1, 0, 0, 1])
    equal(released, [S_OK])
    equal([sink.refs for sink in (me, later, new, last)], [1, 1, 2, 1])
    equal(unadvise(point, cookies["new"]), S_OK)
    point.release()
    equal(ticker.release(), 0)
    nothing_is_left(me, later, new, last)


@test
def everything_may_go_inside_a_call():
    ticker = new_ticker()
    point = get_point(ticker, SOURCES[0])
    address = Unknown(ticker.address)

    def let_go(*_):
        point.release()
        address.release()  # the last reference of ours

    sinks = [DispatchSink([IID_IDispatch], let_go), DispatchSink([IID_IDispatch])]
    for sink in sinks:
        connect(point, sink)
    equal(tick(ticker, 1.0), S_OK)
    equal([len(sink.events) for sink in sinks], [1, 1])
    nothing_is_left(*sinks)


@test
def failing_sinks_do_not_stop_the_others():
    ticker = new_ticker()
    point = get_point(ticker, SOURCES[0])
    sinks = [DispatchSink([IID_IDispatch], lambda *_, hr=hr: hr)
             for hr in (E_FAIL, DISP_E_MEMBERNOTFOUND, 0x80010108, S_FALSE, S_OK)]
    for sink in sinks:
        connect(point, sink)
    for _ in range(2):
        equal(tick(ticker, 1.0), S_OK)
    equal([len(sink.events) for sink in sinks], [2] * 5)
    point.release()
    equal(ticker.release(), 0)
    nothing_is_left(*sinks)


@test
def property_may_be_refused_and_its_change_is_told():
    ticker = new_ticker()
    point = get_point(ticker, IID_IPropertyNotifySink)
    told = []
    answers = [S_FALSE, S_OK, E_FAIL]
    method = CFUNCTYPE(c_uint32, c_void_p, c_int32)

    def changed(_this, dispid):
        told.append(("changed", dispid))
        return S_OK

    def asked(_this, dispid):
        told.append(("asked", dispid))
        return answers.pop(0)

    sink = Sink([IID_IPropertyNotifySink], (method(guarded(changed)), method(guarded(asked))))
    connect(point, sink)
    text = Text("ABC")
    equal([ticker.call(8, c_void_p(text.address)) for _ in range(3)], [S_FALSE, S_OK, S_OK])
    equal(told, [("asked", 1)] + [("asked", 1), ("changed", 1)] * 2)
    point.release()
    equal(ticker.release(), 0)
    nothing_is_left(sink)


# ---- late binding ------------------------------------------------------------------------------

def invoke(ticker, dispid, flags, args, named=None):
    array = (Variant * max(len(args), 1))(*reversed(args))
    ids = (c_int32 * 1)(named or 0)
    params = DispParams(array, ids if named else None, len(args), 1 if named else 0)
    result = Variant()
    hr = ticker.call(6, c_int32(dispid), byref_arg(IID_NULL), c_uint32(0), (c_uint32, flags),
                     byref_arg(params), byref_arg(result), c_void_p(None), c_void_p(None))
    return hr, result


@test
def idispatch_does_what_the_table_does():
    ticker = new_ticker()
    dispatch = ticker.get(IID_IDispatch)
    name = Text("tIcK")
    names, ids = (c_void_p * 1)(name.address), (c_int32 * 1)(77)
    equal(dispatch.call(5, byref_arg(IID_NULL), byref_arg(names), c_uint32(1), c_uint32(0),
                        byref_arg(ids)), S_OK)
    equal(ids[0], 2)
    point = get_point(ticker, SOURCES[0])
    sink = DispatchSink([IID_IDispatch])
    connect(point, sink)
    price = Text("7.25")
    equal(invoke(dispatch, 2, DISPATCH_METHOD, [Variant.make(VT_BSTR, price.address)])[0], S_OK)
    equal(invoke(dispatch, 1, DISPATCH_PROPERTYPUT, [Variant.make(VT_BSTR, price.address)],
                 DISPID_PROPERTYPUT)[0], S_OK)
    hr, value = invoke(dispatch, 1, DISPATCH_PROPERTYGET, [])
    equal((hr, value.vt, value.get()), (S_OK, VT_BSTR, "7.25"))
    equal(sink.events, [(ON_TICK, 7.25, "CNPT")])
    equal(invoke(dispatch, 99, DISPATCH_METHOD, [])[0], DISP_E_MEMBERNOTFOUND)
    hr, value = invoke(dispatch, 3, DISPATCH_METHOD, [])
    equal((hr, value.vt, value.get()), (S_OK, VT_BOOL, -1))
    dispatch.release()
    point.release()
    equal(ticker.release(), 0)
    nothing_is_left(sink)


# ---- order of letting go, and threads ----------------------------------------------------------

@test
def references_may_go_in_any_order():
    names = ["ticker", "container", "point", "points", "connections", "unadvise"]
    for order in itertools.permutations(names):
        sink = DispatchSink([IID_IDispatch])
        held = {"ticker": new_ticker()}
        held["container"] = held["ticker"].get(IID_IConnectionPointContainer)
        held["point"] = get_point(held["ticker"], SOURCES[0])
        cookie = connect(held["point"], sink)
        held["points"] = held["container"].out(3)[1]
        held["connections"] = held["point"].out(7)[1]
        for name in order:
            if name != "unadvise":
                held[name].release()
            elif order.index("point") > order.index("unadvise"):
                equal(unadvise(held["point"], cookie), S_OK)
        assert sink.refs == 1 and module.can_unload() == S_OK, order


@test
def other_threads_fire_while_this_one_connects_and_leaves():
    ticker = new_ticker()
    point = get_point(ticker, SOURCES[0])
    steady = DispatchSink([IID_IDispatch])
    connect(point, steady)
    rounds = 300
    threads = [threading.Thread(target=lambda: [tick(ticker, 1.0) for _ in range(rounds)])
               for _ in range(3)]
    for thread in threads:
        thread.start()
    passing = []
    for _ in range(100):
        sink = DispatchSink([IID_IDispatch])
        passing.append(sink)
        equal(unadvise(point, connect(point, sink)), S_OK)
    for thread in threads:
        thread.join()
    equal(len(steady.events), 3 * rounds)
    point.release()
    equal(ticker.release(), 0)
    nothing_is_left(steady, *passing)


main()

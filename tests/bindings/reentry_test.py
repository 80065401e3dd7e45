#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""reentry_test - sinks that do the worst at each moment at which the library calls them:
QueryInterface in Advise, AddRef in EnumConnections, Release in Unadvise and in the last Release"""
from ctypes import c_int32, c_uint32, c_void_p, CFUNCTYPE

from com import (CONNECT_E_CANNOTCONNECT, E_NOINTERFACE, IID_IConnectionPointContainer,
                 IID_IDispatch, S_OK, ConnectData, DispatchSink, Sink, Text, Unknown, guarded, main,
                 test)
from ticker import (DIID_DTICKEREVENTS, IID_ITICKER, SOURCES, advise, close, connect, equal,
                    get_point, new_ticker, next_items, nothing_is_left, tick, unadvise)


class Reentrant(DispatchSink):
    """Does something once, in the middle of the method that `at` names."""

    def __init__(self):
        self.at = {}
        super().__init__([IID_IDispatch, DIID_DTICKEREVENTS])

    def _run(self, name):
        if name in self.at:
            self.at.pop(name)()

    def _query(self, this, iid, out):
        self._run("query")
        return super()._query(this, iid, out)

    def _add_ref(self, this):
        self._run("add_ref")
        return super()._add_ref(this)

    def _release(self, this):
        refs = super()._release(this)
        if refs == 1:
            self._run("release")
        return refs


def connectable():
    ticker = new_ticker()
    return ticker, get_point(ticker, DIID_DTICKEREVENTS)


def end(ticker, point, *sinks):
    point.release()
    equal(ticker.release(), 0)
    nothing_is_left(*sinks)


@test
def close_in_query_interface_refuses_the_connection():
    ticker, point = connectable()
    sink = Reentrant()
    sink.at["query"] = lambda: equal(close(ticker), -1)
    equal(advise(point, sink), (CONNECT_E_CANNOTCONNECT, 0))
    equal(sink.refs, 1)
    end(ticker, point, sink)


@test
def advise_in_query_interface_makes_two_connections():
    ticker, point = connectable()
    outer, inner, cookies = Reentrant(), Reentrant(), []
    outer.at["query"] = lambda: cookies.append(connect(point, inner))
    cookies.append(connect(point, outer))
    equal(sorted(cookies)[0], 1)
    equal(tick(ticker, 1.0), S_OK)
    equal((len(outer.events), len(inner.events)), (1, 1))
    end(ticker, point, outer, inner)


@test
def last_references_dropped_in_query_interface_leave_nothing():
    ticker, point = connectable()
    sink = Reentrant()

    def drop():
        point.release()
        ticker.release()

    sink.at["query"] = drop
    advise(point, sink)  # whatever it says, nothing is called or held afterwards
    nothing_is_left(sink)


@test
def unadvise_in_add_ref_of_the_enumerator_is_safe():
    ticker, point = connectable()
    sinks = [Reentrant(), Reentrant()]
    cookies = [connect(point, sink) for sink in sinks]
    sinks[0].at["add_ref"] = lambda: [equal(unadvise(point, cookie), S_OK) for cookie in cookies]
    hr, connections = point.out(7)
    equal(hr, S_OK)
    _, fetched, items = next_items(connections, 5, ConnectData)
    for item in items[:fetched]:
        Unknown(item.sink).release()
    equal(connections.release(), 0)
    equal([sink.refs for sink in sinks], [1, 1])
    end(ticker, point, *sinks)


@test
def events_connections_and_close_in_the_sinks_release():
    ticker, point = connectable()
    sink, other, said = Reentrant(), Reentrant(), []
    cookie = connect(point, sink)
    sink.at["release"] = lambda: said.extend(
        [tick(ticker, 2.0), connect(point, other) != 0, close(ticker)])
    equal(unadvise(point, cookie), S_OK)
    equal(said, [S_OK, True, -1])
    equal((sink.events, other.refs), ([], 1))
    end(ticker, point, sink, other)


@test
def owner_that_is_ending_may_be_asked_from_the_sinks_release():
    ticker, point = connectable()
    sink, said = Reentrant(), []
    connect(point, sink)

    def ask():
        said.append(advise(point, sink))
        face = ticker.get(IID_ITICKER)
        said.append(tick(face, 1.0))
        face.release()

    sink.at["release"] = ask
    point.release()
    ticker.release()
    equal(said, [(CONNECT_E_CANNOTCONNECT, 0), S_OK])
    nothing_is_left(sink)


@test
def pointer_that_query_interface_gives_is_the_one_used_and_released():
    ticker, point = connectable()
    inner = DispatchSink([DIID_DTICKEREVENTS])

    class Front(Sink):
        def _query(self, this, iid, out):
            out[0] = inner.address
            inner.refs += 1
            return S_OK

    front = Front([])
    cookie = connect(point, front)
    equal((front.refs, inner.refs), (1, 2))
    equal(tick(ticker, 1.0), S_OK)
    equal(len(inner.events), 1)
    connections = point.out(7)[1]
    _, fetched, items = next_items(connections, 2, ConnectData)
    equal((fetched, items[0].sink), (1, inner.address))
    Unknown(items[0].sink).release()
    equal(connections.release(), 0)
    equal(unadvise(point, cookie), S_OK)
    end(ticker, point, front, inner)


@test
def pointer_that_comes_with_a_failure_is_not_touched():
    ticker, point = connectable()

    class Liar(Sink):
        def _query(self, this, iid, out):
            out[0] = 0xDEAD
            return E_NOINTERFACE

    liar = Liar([])
    equal(advise(point, liar), (CONNECT_E_CANNOTCONNECT, 0))
    end(ticker, point, liar)


@test
def property_may_be_set_again_while_its_change_is_told():
    ticker = new_ticker()
    point = get_point(ticker, SOURCES[2])
    method = CFUNCTYPE(c_uint32, c_void_p, c_int32)
    texts, told = [Text("A"), Text("")], []

    def changed(_this, _dispid):
        told.append(None)
        if len(told) < 5:
            equal(ticker.call(8, c_void_p(texts[len(told) % 2].address)), S_OK)
        return S_OK

    sink = Sink([SOURCES[2]], (method(guarded(changed)), method(lambda this, dispid: S_OK)))
    connect(point, sink)
    equal(ticker.call(8, c_void_p(None)), S_OK)  # NULL is the empty string
    equal(len(told), 5)
    end(ticker, point, sink)


@test
def enumerators_work_when_everything_else_is_gone():
    ticker, point = connectable()
    sink = Reentrant()
    connect(point, sink)
    connections = point.out(7)[1]
    container = ticker.get(IID_IConnectionPointContainer)
    points = container.out(3)[1]
    container.release()
    point.release()
    equal(close(ticker), -1)
    ticker.release()
    equal(sink.refs, 2)
    hr, fetched, items = next_items(connections, 1, ConnectData)
    equal((hr, fetched, items[0].cookie), (S_OK, 1, 1))
    Unknown(items[0].sink).release()
    equal(connections.release(), 0)
    hr, fetched, items = next_items(points, 3)
    equal((hr, fetched, points.release()), (S_OK, 3, 0))
    held = [Unknown(address) for address in items]
    equal(advise(held[0], sink), (CONNECT_E_CANNOTCONNECT, 0))
    hr, container = held[1].out(4)
    equal(hr, S_OK)
    for face in (container, *held):
        face.release()
    nothing_is_left(sink)


main()

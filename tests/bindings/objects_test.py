#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""objects_test - classes, identity, points, connections and enumerators of a module, seen from
outside: by its two exported functions and method tables, with sinks that are not made in C"""
import itertools
from ctypes import addressof, c_int32, c_uint32, c_void_p

from com import (CLASS_E_CLASSNOTAVAILABLE, CLASS_E_NOAGGREGATION, CONNECT_E_CANNOTCONNECT,
                 CONNECT_E_NOCONNECTION, E_FAIL, E_INVALIDARG, E_NOINTERFACE, E_POINTER,
                 IID_IClassFactory, IID_IConnectionPoint, IID_IConnectionPointContainer,
                 IID_IDispatch, IID_IEnumConnectionPoints, IID_IEnumConnections,
                 IID_IProvideClassInfo, IID_IProvideClassInfo2, IID_ITypeInfo, IID_IUnknown,
                 IID_NULL, S_FALSE, S_OK, ConnectData, DispatchSink, Guid, Sink, Unknown,
                 byref_arg, main, test)
from ticker import (CLSID_TICKER, IID_ITICKER, IID_ITICKERSINK, DIID_DTICKEREVENTS, SOURCES,
                    module, new_ticker, get_point, advise, connect, unadvise, next_items,
                    interface_of, nothing_is_left, equal)


# ---- modules and classes -----------------------------------------------------------------------

@test
def class_objects_come_by_clsid_and_count_as_alive():
    equal(module.can_unload(), S_OK)
    hr, factory = module.class_object(CLSID_TICKER)
    equal(hr, S_OK)
    equal(module.can_unload(), S_FALSE)
    hr, nothing = factory.out(3, c_void_p(None), byref_arg(IID_IEnumConnections))
    equal((hr, nothing), (E_NOINTERFACE, None))
    equal(factory.call(3, c_void_p(None), byref_arg(IID_IUnknown), c_void_p(None)), E_POINTER)
    equal(factory.call(4, c_int32(1)), S_OK)
    equal(factory.release(), 0)
    equal(module.can_unload(), S_FALSE)  # LockServer
    hr, factory = module.class_object(CLSID_TICKER, IID_IUnknown)
    equal(hr, S_OK)
    factory = factory.get(IID_IClassFactory)
    equal(factory.call(4, c_int32(0)), S_OK)
    equal(factory.release(), 1)
    equal(factory.release(), 0)
    equal(module.class_object(IID_NULL), (CLASS_E_CLASSNOTAVAILABLE, None))
    equal(module.class_object(CLSID_TICKER, IID_IDispatch), (E_NOINTERFACE, None))
    nothing_is_left()


@test
def aggregation_takes_the_private_unknown_only():
    outer = Sink([])
    hr, factory = module.class_object(CLSID_TICKER)
    equal(hr, S_OK)
    equal(factory.out(3, c_void_p(outer.address), byref_arg(IID_ITICKER)),
          (CLASS_E_NOAGGREGATION, None))
    hr, inner = factory.out(3, c_void_p(outer.address), byref_arg(IID_IUnknown))
    equal(hr, S_OK)
    equal(factory.release(), 0)
    equal(outer.refs, 1)
    ticker = inner.get(IID_ITICKER)  # counted by the outer object, and so is its QueryInterface
    equal(outer.refs, 2)
    hr, found = ticker.query(IID_IUnknown)
    equal((hr, found.address), (S_OK, outer.address))
    equal(ticker.query(IID_IDispatch), (E_NOINTERFACE, None))  # the outer object hides it
    found.release()
    ticker.release()
    equal(outer.refs, 1)
    equal(inner.release(), 0)
    nothing_is_left(outer)


# ---- identity ----------------------------------------------------------------------------------

def check_identity(start, iids):
    """Reflexive, symmetric, transitive; one IUnknown; failures clear; NULL is refused."""
    faces = {iid: start.get(iid) for iid in iids}
    unknown = faces[IID_IUnknown].address
    for first, second in itertools.product(iids, iids):
        there = faces[first].get(second)
        back = there.get(first)
        equal(back.address, faces[first].address)
        equal(there.address, faces[second].address)
        identity = there.get(IID_IUnknown)
        equal(identity.address, unknown)
        for face in (there, back, identity):
            face.release()
    for face in faces.values():
        equal(face.query(IID_NULL), (E_NOINTERFACE, None))
        equal(face.call(0, byref_arg(IID_IUnknown), c_void_p(None)), E_POINTER)
        face.release()


@test
def query_interface_keeps_its_rules_on_every_object():
    ticker = new_ticker()
    sink = DispatchSink([IID_IDispatch])
    container = ticker.get(IID_IConnectionPointContainer)
    point = get_point(ticker, DIID_DTICKEREVENTS)
    connect(point, sink)
    points = container.out(3)[1]
    connections = point.out(7)[1]
    info = ticker.get(IID_IProvideClassInfo).out(3)[1]
    ticker.release()  # the reference that get made
    check_identity(ticker, [IID_IUnknown, IID_IDispatch, IID_ITICKER,
                            IID_IConnectionPointContainer, IID_IProvideClassInfo,
                            IID_IProvideClassInfo2])
    check_identity(point, [IID_IUnknown, IID_IConnectionPoint])
    check_identity(points, [IID_IUnknown, IID_IEnumConnectionPoints])
    check_identity(connections, [IID_IUnknown, IID_IEnumConnections])
    check_identity(info, [IID_IUnknown, IID_ITypeInfo])
    for held in (point, points, connections, container, info):
        held.release()
    equal(ticker.release(), 0)
    nothing_is_left(sink)


@test
def point_and_container_do_not_answer_for_each_other():
    ticker = new_ticker()
    point = get_point(ticker, IID_ITICKERSINK)
    for iid in (IID_IConnectionPointContainer, IID_ITICKER, IID_IDispatch, IID_ITICKERSINK):
        equal(point.query(iid), (E_NOINTERFACE, None))
    equal(ticker.query(IID_IConnectionPoint), (E_NOINTERFACE, None))
    for iid in SOURCES[:2]:
        equal(ticker.query(iid), (E_NOINTERFACE, None))
    ours, theirs = ticker.get(IID_IUnknown), point.get(IID_IUnknown)
    assert ours.address != theirs.address
    hr, container = point.out(4)
    equal(hr, S_OK)
    mine = ticker.get(IID_IConnectionPointContainer)
    equal(container.address, mine.address)
    equal(point.call(4, c_void_p(None)), E_POINTER)
    equal(point.call(3, c_void_p(None)), E_POINTER)
    for held in (ours, theirs, container, mine, point):
        held.release()
    equal(ticker.release(), 0)
    nothing_is_left()


@test
def default_source_is_named_without_a_type_library():
    ticker = new_ticker()
    info = ticker.get(IID_IProvideClassInfo2)
    iid = Guid()
    equal(info.call(4, c_uint32(1), byref_arg(iid)), S_OK)
    equal(iid, DIID_DTICKEREVENTS)
    equal(info.call(4, c_uint32(2), byref_arg(iid)), E_INVALIDARG)
    equal(iid, IID_NULL)
    equal(info.call(4, c_uint32(1), c_void_p(None)), E_POINTER)
    equal(info.call(3, c_void_p(None)), E_POINTER)
    info.release()
    equal(ticker.release(), 0)
    nothing_is_left()


# ---- enumerating and finding points ------------------------------------------------------------

@test
def points_are_enumerated_in_declared_order():
    ticker = new_ticker()
    container = ticker.get(IID_IConnectionPointContainer)
    equal(container.call(3, c_void_p(None)), E_POINTER)
    hr, points = container.out(3)
    equal(hr, S_OK)
    alone = c_void_p()  # pcFetched may be NULL for one item
    equal(points.call(3, c_uint32(1), (c_void_p, addressof(alone)), c_void_p(None)), S_OK)
    first = Unknown(alone.value)
    equal(interface_of(first), SOURCES[0])
    hr, clone = points.out(6)
    equal(hr, S_OK)
    hr, fetched, array = next_items(points, 2)
    equal((hr, fetched), (S_OK, 2))
    rest = [Unknown(address) for address in array]
    equal([interface_of(point) for point in rest], SOURCES[1:])
    hr, fetched, array = next_items(points, 1)
    equal((hr, fetched, array[0]), (S_FALSE, 0, None))
    equal(points.call(3, c_uint32(1), (c_void_p, addressof(alone)), c_void_p(None)), S_FALSE)
    hr, fetched, array = next_items(clone, 5)  # it stands where the other one stood
    equal((hr, fetched), (S_FALSE, 2))
    equal(list(array), [point.address for point in rest] + [None] * 3)
    rest += [Unknown(address) for address in array[:2]]
    equal(points.call(5), S_OK)
    for wanted, said in ((2, S_OK), (2, S_FALSE), (0, S_OK), (0xFFFFFFFF, S_FALSE)):
        equal(points.call(4, c_uint32(wanted)), said)
    equal(points.call(5), S_OK)
    equal(points.call(4, c_uint32(3)), S_OK)
    equal(next_items(points, 1)[:2], (S_FALSE, 0))
    equal(next_items(points, 0)[:2], (S_OK, 0))
    several = (c_void_p * 2)()
    equal(points.call(3, c_uint32(2), (c_void_p, addressof(several)), c_void_p(None)), E_POINTER)
    fetched = c_uint32(7)
    equal(points.call(3, c_uint32(1), c_void_p(None), (c_void_p, addressof(fetched))), E_POINTER)
    equal(points.call(6, c_void_p(None)), E_POINTER)
    for held in (first, *rest, container):
        held.release()
    equal(points.release(), 0)
    equal(clone.release(), 0)
    equal(ticker.release(), 0)
    nothing_is_left()


@test
def find_connection_point_leads_back_and_refuses_the_unknown():
    ticker = new_ticker()
    before = ticker.count()
    for iid in SOURCES:
        point = get_point(ticker, iid)
        equal(interface_of(point), iid)
        equal(ticker.count(), before + 1)  # a point is counted on its owner
        address = point.address
        point.release()
        again = get_point(ticker, iid)
        equal(again.address, address)
        again.release()
    container = ticker.get(IID_IConnectionPointContainer)
    for iid in (IID_NULL, IID_IUnknown, IID_IDispatch, IID_ITICKER):
        equal(container.out(4, byref_arg(iid)), (CONNECT_E_NOCONNECTION, None))
    equal(container.out(4, c_void_p(None)), (E_POINTER, None))
    equal(container.call(4, byref_arg(SOURCES[0]), c_void_p(None)), E_POINTER)
    container.release()
    equal(ticker.count(), before)
    equal(ticker.release(), 0)
    nothing_is_left()


# ---- connecting --------------------------------------------------------------------------------

@test
def first_cookie_is_1_and_advise_asks_for_the_point_iid_first():
    for iid in SOURCES:
        ticker = new_ticker()
        point = get_point(ticker, iid)
        sink = DispatchSink([iid])
        equal(connect(point, sink), 1)
        equal(sink.asked, [iid])
        equal(sink.refs, 2)
        equal(unadvise(point, 1), S_OK)
        equal(sink.refs, 1)
        point.release()
        equal(ticker.release(), 0)
        nothing_is_left(sink)


@test
def idispatch_alone_is_enough_for_the_dispinterface_only():
    ticker = new_ticker()
    sink = DispatchSink([IID_IDispatch])
    point = get_point(ticker, DIID_DTICKEREVENTS)
    connect(point, sink)
    equal(sink.asked, [DIID_DTICKEREVENTS, IID_IDispatch])
    table_point = get_point(ticker, IID_ITICKERSINK)
    equal(advise(table_point, sink), (CONNECT_E_CANNOTCONNECT, 0))
    equal(sink.asked[2:], [IID_ITICKERSINK])
    equal(sink.refs, 2)
    point.release()
    table_point.release()
    equal(ticker.release(), 0)  # drops the connection that was left
    nothing_is_left(sink)


@test
def refusals_of_any_kind_become_cannotconnect():
    ticker = new_ticker()
    point = get_point(ticker, DIID_DTICKEREVENTS)
    for refusal in (E_NOINTERFACE, E_FAIL, E_INVALIDARG, S_OK, S_FALSE):  # S_OK and NULL, too
        sink = DispatchSink([], refusal=refusal)
        equal(advise(point, sink), (CONNECT_E_CANNOTCONNECT, 0))
        equal(sink.refs, 1)
    equal(advise(point, None), (E_POINTER, 0))
    sink = DispatchSink([IID_IDispatch])
    equal(point.call(5, c_void_p(sink.address), c_void_p(None)), E_POINTER)
    equal(sink.refs, 1)
    point.release()
    equal(ticker.release(), 0)
    nothing_is_left(sink)


@test
def stale_zero_and_foreign_cookies_change_nothing():
    ticker, other = new_ticker(), new_ticker()
    sink = DispatchSink([IID_IDispatch])
    point, elsewhere = get_point(ticker, SOURCES[0]), get_point(other, SOURCES[0])
    neighbour = get_point(ticker, SOURCES[1])
    old = connect(point, sink)
    equal(unadvise(point, old), S_OK)
    mine = [connect(point, sink) for _ in range(20)]
    equal(len(set(mine)), 20)
    assert old not in mine
    for cookie in (old, 0, 0xFFFFFFFF, max(mine) + 1000):
        equal(unadvise(point, cookie), CONNECT_E_NOCONNECTION)
    equal(unadvise(elsewhere, mine[0]), CONNECT_E_NOCONNECTION)
    equal(unadvise(neighbour, mine[0]), CONNECT_E_NOCONNECTION)
    equal(sink.refs, 21)
    for count, cookie in enumerate(mine):
        equal(unadvise(point, cookie), S_OK)
        equal(unadvise(point, cookie), CONNECT_E_NOCONNECTION)
        equal(sink.refs, 20 - count)
    for held in (point, elsewhere, neighbour):
        held.release()
    equal((ticker.release(), other.release()), (0, 0))
    nothing_is_left(sink)


@test
def connections_are_listed_with_their_cookies_and_references():
    ticker = new_ticker()
    point = get_point(ticker, SOURCES[0])
    sinks = [DispatchSink([SOURCES[0]]) for _ in range(3)]
    hr, empty = point.out(7)
    equal((hr, *next_items(empty, 1, ConnectData)[:2]), (S_OK, S_FALSE, 0))
    equal(empty.release(), 0)
    cookies = [connect(point, sink) for sink in (*sinks, sinks[0])]
    before = ticker.count()
    hr, connections = point.out(7)
    equal(hr, S_OK)
    equal(ticker.count(), before + 1)
    equal([sink.refs for sink in sinks], [5, 3, 3])  # 1 of ours, 1 a connection, 1 an item
    equal(unadvise(point, cookies[1]), S_OK)
    cookies.append(connect(point, sinks[2]))
    hr, fetched, items = next_items(connections, 9, ConnectData)
    equal((hr, fetched), (S_FALSE, 4))  # as it was when it was made
    equal([item.cookie for item in items[:4]], cookies[:4])
    equal([item.sink for item in items[:4]], [sink.address for sink in (*sinks, sinks[0])])
    equal([item.sink for item in items[4:]], [None] * 5)
    equal([sink.refs for sink in sinks], [7, 3, 5])
    for item in items[:4]:
        Unknown(item.sink).release()
    equal(connections.release(), 0)
    equal([sink.refs for sink in sinks], [3, 1, 3])
    for cookie in cookies[:1] + cookies[2:]:
        equal(unadvise(point, cookie), S_OK)
    equal(point.call(7, c_void_p(None)), E_POINTER)
    point.release()
    equal(ticker.release(), 0)
    nothing_is_left(*sinks)


main()

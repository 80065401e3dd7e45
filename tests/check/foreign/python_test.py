#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""python_test - a connectable class in Python, checked from Python

The class is tables of functions that ctypes makes, and connpt_check is called as any C function.
CHECK_LIBRARY is libconnpt-check, CONNPT_LIBRARY libconnpt, TLB the library that describes the
events, BINDINGS the folder of com.py.
"""
import ctypes
import os
import sys
from ctypes import (CFUNCTYPE, POINTER, Structure, addressof, byref, c_char_p, c_int, c_int32,
                    c_size_t, c_uint32, c_void_p)

sys.path.insert(0, os.environ["BINDINGS"])
from com import (CONNECT_E_CANNOTCONNECT, CONNECT_E_NOCONNECTION, DISPATCH_METHOD, E_INVALIDARG,
                 E_NOINTERFACE, E_POINTER, E_UNEXPECTED, IID_IConnectionPoint,
                 IID_IConnectionPointContainer, IID_IEnumConnectionPoints, IID_IEnumConnections,
                 IID_IPropertyNotifySink, IID_IUnknown, IID_NULL, S_FALSE, S_OK, VT_BSTR, VT_R8,
                 ConnectData, DispParams, Guid, Text, Unknown, Variant, main, test)

EVENTS = Guid("08b84bf0-4058-4070-bcab-7ae41daccc08")  # DTickerEvents of idl/ticker.idl
IDS = [EVENTS, IID_IPropertyNotifySink]

# ---- the class ---------------------------------------------------------------------------------

living = {}  # faces by address: foreign code holds them, and Python must not free them
ended = []   # a method of theirs may be running still


def put(address, value):
    c_void_p.from_address(address).value = value


def guid_at(address):
    return Guid.from_buffer_copy(ctypes.string_at(address, 16))


class Face:
    """An interface pointer: `iid` and IUnknown are answered, `methods` follow the three slots of
    IUnknown: (function, types of its arguments), which are numbers and addresses. NULL is None.
    `owner`: whose count it is, and who is kept; None: its own."""

    def __init__(self, iid, methods, owner=None):
        self.iid, self.owner, self.references = iid, owner, 1
        if owner:
            self.references = 0
        slots = [(self.query, (c_void_p, c_void_p)), (self.add, ()), (self.release, ()), *methods]
        self.slots = [CFUNCTYPE(c_uint32, c_void_p, *types)(
            lambda this, *args, function=function: function(*args)) for function, types in slots]
        self.table = (c_void_p * len(slots))(
            *[ctypes.cast(slot, c_void_p).value for slot in self.slots])
        self.pointer = c_void_p(addressof(self.table))
        self.address = addressof(self.pointer)
        living[self.address] = self

    def query(self, iid, out):
        if not out:
            return E_POINTER
        put(out, None)
        if guid_at(iid) not in (IID_IUnknown, self.iid):
            return E_NOINTERFACE
        put(out, self.address)
        self.add()
        return S_OK

    def add(self):
        if self.owner:
            return self.owner.add()
        self.references += 1
        return self.references

    def release(self):
        if self.owner:
            return self.owner.release()
        self.references -= 1
        if self.references == 0:
            self.references = 1 << 30  # whoever ends with it may use it once more
            self.end()
            self.forget()
            return 0
        return self.references

    def forget(self):
        ended.append(living.pop(self.address))

    def end(self):
        """Gives back what it holds."""


class Enumerator(Face):
    """`items` are addresses with cookies, each with a reference that the enumerator owns now."""

    def __init__(self, iid, items, at=0):
        super().__init__(iid, [(self.next, (c_uint32, c_void_p, c_void_p)),
                               (self.skip, (c_uint32,)), (self.reset, ()),
                               (self.clone, (c_void_p,))])
        self.items, self.at = items, at

    def end(self):
        for address, _ in self.items:
            Unknown(address).release()

    def next(self, count, out, fetched):
        if fetched:
            c_uint32.from_address(fetched).value = 0
        if (count > 0 and not out) or (count > 1 and not fetched):
            return E_POINTER
        now = self.items[self.at:self.at + count]
        for place, (address, cookie) in enumerate(now):
            Unknown(address).add_ref()
            if self.iid == IID_IEnumConnectionPoints:
                put(out + 8 * place, address)
            else:
                item = ConnectData.from_address(out + ctypes.sizeof(ConnectData) * place)
                item.sink, item.cookie = address, cookie
        self.at += len(now)
        if fetched:
            c_uint32.from_address(fetched).value = len(now)
        return S_OK if len(now) == count else S_FALSE

    def skip(self, count):
        left = len(self.items) - self.at
        self.at += min(count, left)
        return S_OK if count <= left else S_FALSE

    def reset(self):
        self.at = 0
        return S_OK

    def clone(self, out):
        if not out:
            return E_POINTER
        for address, _ in self.items:
            Unknown(address).add_ref()
        put(out, Enumerator(self.iid, self.items, self.at).address)
        return S_OK


class Point(Face):
    def __init__(self, owner, iid):
        super().__init__(IID_IConnectionPoint, [
            (self.interface, (c_void_p,)), (self.container, (c_void_p,)),
            (self.advise, (c_void_p, c_void_p)), (self.unadvise, (c_uint32,)),
            (self.enumerate, (c_void_p,))], owner)
        self.events, self.sinks, self.last_cookie = iid, {}, 0

    def interface(self, out):
        if not out:
            return E_POINTER
        ctypes.memmove(out, byref(self.events), 16)
        return S_OK

    def container(self, out):
        if not out:
            return E_POINTER
        self.owner.add()
        put(out, self.owner.address)
        return S_OK

    def advise(self, sink, cookie):
        if cookie:
            c_uint32.from_address(cookie).value = 0
        if not sink or not cookie:
            return E_POINTER
        hr, asked = Unknown(sink).query(self.events)
        if hr >= 0x80000000 or not asked:
            return CONNECT_E_CANNOTCONNECT
        self.last_cookie += 1
        self.sinks[self.last_cookie] = asked
        c_uint32.from_address(cookie).value = self.last_cookie
        return S_OK

    def unadvise(self, cookie):
        sink = self.sinks.pop(cookie, None)
        if not sink:
            return CONNECT_E_NOCONNECTION
        sink.release()
        return S_OK

    def enumerate(self, out):
        if not out:
            return E_POINTER
        for sink in self.sinks.values():
            sink.add_ref()
        put(out, Enumerator(IID_IEnumConnections, [(sink.address, cookie) for cookie, sink
                                                   in self.sinks.items()]).address)
        return S_OK

    def fire(self):
        """To those who are connected now, and are so still when their turn comes."""
        for cookie, sink in list(self.sinks.items()):
            if cookie in self.sinks:
                sink.add_ref()
                call_tick(sink)
                sink.release()


def call_tick(sink):
    text = Text("ACM")
    values = (Variant * 2)(Variant.make(VT_BSTR, text.address), Variant.make(VT_R8, 12.5))
    given = DispParams(values, None, 2, 0)
    sink.call(6, c_int32(1), (c_void_p, addressof(IID_NULL)), c_uint32(0x400),
              (ctypes.c_uint16, DISPATCH_METHOD), (c_void_p, addressof(given)), c_void_p(None),
              c_void_p(None), c_void_p(None))


class Source(Face):
    point = Point

    def __init__(self):
        super().__init__(IID_IConnectionPointContainer,
                         [(self.enumerate, (c_void_p,)), (self.find, (c_void_p, c_void_p))])
        self.points = [self.point(self, iid) for iid in IDS]

    def enumerate(self, out):
        if not out:
            return E_POINTER
        for point in self.points:
            point.add()
        put(out, Enumerator(IID_IEnumConnectionPoints,
                            [(point.address, 0) for point in self.points]).address)
        return S_OK

    def find(self, iid, out):
        if not out:
            return E_POINTER
        put(out, None)
        if not iid:
            return E_POINTER
        for point in self.points:
            if point.events == guid_at(iid):
                put(out, point.address)
                point.add()
                return S_OK
        return CONNECT_E_NOCONNECTION

    def end(self):
        for point in self.points:
            for sink in point.sinks.values():
                sink.release()
            point.forget()

    def fire(self):
        self.add()
        try:
            self.points[0].fire()
        finally:
            self.release()


class LivePoint(Point):
    def fire(self):
        """At the dictionary itself, which raises when a sink changes it."""
        for sink in self.sinks.values():
            call_tick(sink)


class LiveSource(Source):
    point = LivePoint


# ---- connpt_check ------------------------------------------------------------------------------

class Rule(Structure):
    _fields_ = [("id", c_char_p), ("sentence", c_char_p), ("source", c_char_p),
                ("advice", c_char_p), ("severity", c_int)]


class Result(Structure):
    _fields_ = [("rule", POINTER(Rule)), ("outcome", c_int), ("text", c_char_p),
                ("ledger", c_char_p), ("trace", c_char_p), ("index", c_uint32),
                ("n_rules", c_uint32)]


Create = CFUNCTYPE(c_uint32, c_void_p, POINTER(c_void_p))
Fire = CFUNCTYPE(c_uint32, c_void_p, c_void_p)
Report = CFUNCTYPE(None, c_void_p, POINTER(Result))


class Options(Structure):
    _fields_ = [("size", c_size_t), ("flags", c_uint32), ("timeout_ms", c_uint32),
                ("create", Create), ("fire", Fire), ("starting", c_void_p), ("let_go", c_void_p),
                ("context", c_void_p), ("iids", c_void_p), ("n_iids", c_uint32),
                ("library", c_void_p), ("only", c_char_p), ("excepted", c_char_p)]


IN_PROCESS = 4
PASSED, DIALECT, FAILED, CRASHED, HUNG, SKIPPED = range(6)

connpt = ctypes.CDLL(os.environ["CONNPT_LIBRARY"])
library = ctypes.CDLL(os.environ["CHECK_LIBRARY"])
library.connpt_check.argtypes = [POINTER(Options), Report, c_void_p]
library.connpt_check.restype = c_uint32


def check(kind, flags=0, only=None):
    """What was found, by rule: texts; and how many rules passed."""
    described = c_void_p()
    assert connpt.connpt_typelib_load(os.environ["TLB"].encode(), byref(described)) == S_OK
    found, outcomes = {}, []

    def create(_context, out):
        ended.clear()
        out[0] = kind().address
        return S_OK

    def fire(_context, address):
        try:
            living[address].fire()
        except RuntimeError:  # where it would go, nobody could catch it
            return E_UNEXPECTED
        return S_OK

    def report(_context, result):
        seen = result.contents
        outcomes.append(seen.outcome)
        if seen.outcome not in (PASSED, SKIPPED):
            found[seen.rule.contents.id.decode()] = seen.text.decode()

    options = Options(size=ctypes.sizeof(Options), flags=flags, timeout_ms=300000,
                      create=Create(create), fire=Fire(fire), library=described, only=only)
    hr = library.connpt_check(byref(options), Report(report), None)
    Unknown(described.value).release()
    assert hr == (S_FALSE if found else S_OK), f"{hr:#x} {found}"
    return found, outcomes.count(PASSED)


@test
def a_class_in_python_is_right_in_processes():
    found, n_passed = check(Source)
    assert not found and n_passed > 100, f"{n_passed} passed; {found}"


@test
def a_class_in_python_is_right_in_this_process():
    found, n_passed = check(Source, IN_PROCESS, b"query-*,advise-*,connections-*,points-*,fire-*,"
                                                b"reentry-*,end-*")
    assert not found and n_passed > 80, f"{n_passed} passed; {found}"
    assert not living, living


@test
def a_fire_at_the_dictionary_itself_is_found():
    found, _ = check(LiveSource, 0, b"query-*,unadvise-*,fire-*,reentry-*")
    assert set(found) == {"reentry-unadvise-self", "reentry-unadvise-next",
                          "reentry-unadvise-previous", "reentry-sink-alive",
                          "reentry-advise"}, found


@test
def wrong_options_are_refused():
    options = Options(size=8)
    assert library.connpt_check(byref(options), Report(lambda *_: None), None) == E_POINTER
    options.create = Create(lambda *_: S_OK)
    assert library.connpt_check(byref(options), Report(lambda *_: None), None) == E_INVALIDARG


main()

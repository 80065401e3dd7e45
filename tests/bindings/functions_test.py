#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""functions_test - the library's functions and structures as a program without a C compiler sees
them: no macro, no inline function, only what docs/abi.md tells. CONNPT_LIBRARY names the library,
TICKER a module."""
import ctypes
import os
from ctypes import (CFUNCTYPE, POINTER, Structure, addressof, byref, c_char_p, c_double, c_int16,
                    c_int32, c_size_t, c_uint16, c_uint32, c_uint64, c_void_p)

from com import (CONNECT_E_CANNOTCONNECT, CONNECT_E_NOCONNECTION, DISP_E_TYPEMISMATCH,
                 DISPATCH_METHOD, E_FAIL, E_NOINTERFACE, E_POINTER, IID_IConnectionPoint,
                 IID_IDispatch, IID_IProvideClassInfo2, IID_IUnknown, IID_NULL, S_FALSE, S_OK,
                 VT_BOOL, VT_BSTR, VT_BYREF, VT_I4, VT_R8, DispatchSink, DispParams, Guid, Sink,
                 Text, Unknown, Variant, bstr_text, byref_arg, guarded, main, needed,
                 test)
from ticker import (CLSID_TICKER, DIID_DTICKEREVENTS, IID_ITICKER, IID_ITICKERSINK, SOURCES, advise,
                    close, connect, equal, find, nothing_is_left, tick, unadvise)

library = ctypes.CDLL(needed("CONNPT_LIBRARY"))
ticker_path = os.fsencode(needed("TICKER"))

CO_E_CLASSSTRING, CO_E_DLLNOTFOUND = 0x800401F3, 0x800401F8
CLASS_E_CLASSNOTAVAILABLE, TYPE_E_ELEMENTNOTFOUND = 0x80040111, 0x8002802B
FIRE_IGNORE, FIRE_FIRST_FAILURE, FIRE_STOP_ON_FAILURE = 0, 1, 2
SOURCE_DISPATCH, SOURCE_DEFAULT = 1, 2


def function(name, result, *types):
    found = getattr(library, "connpt_" + name)
    found.restype = result
    found.argtypes = types
    return found


def out_interface(call, *args):
    """A function whose last argument is an out-pointer, written on success."""
    out = c_void_p()
    hr = call(*args, byref(out))
    return hr, (Unknown(out.value) if out.value else None)


# ---- sizes, from the table in docs/abi.md ------------------------------------------------------

class Interface(Structure):
    _fields_ = [("iid", POINTER(Guid)), ("offset", c_size_t)]


class Source(Structure):
    _fields_ = [("iid", POINTER(Guid)), ("flags", c_uint32), ("limit", c_uint32)]


Fini = CFUNCTYPE(None, c_void_p)
Listening = CFUNCTYPE(None, c_void_p, c_void_p, c_int32)


class Class(Structure):
    _fields_ = [("size", c_size_t), ("interfaces", POINTER(Interface)),
                ("sources", POINTER(Source)), ("fini", Fini), ("listening", Listening),
                ("class_info", c_void_p), ("server", c_void_p)]


class Event(Structure):
    _fields_ = [("dispid", c_int32), ("n_args", c_uint32), ("args", POINTER(Variant)),
                ("lcid", c_uint32), ("policy", c_uint32), ("cancel", c_void_p)]


OBJECT_SIZE, FIRE_SIZE, CONNECTION_SIZE = 96, 64, 16

fire_begin = function("fire_begin", None, c_void_p, c_void_p, c_uint32)
fire_next = function("fire_next", c_void_p, c_void_p)
fire_result = function("fire_result", None, c_void_p, c_int32)
fire_end = function("fire_end", c_uint32, c_void_p)
EventFunction = CFUNCTYPE(c_uint32, c_void_p, c_int32, POINTER(DispParams), POINTER(Variant))


class Made:
    """An object that Python makes with the library: two outgoing interfaces."""

    def __init__(self):
        self.told = []
        self.sources = (Source * 3)(
            Source(ctypes.pointer(DIID_DTICKEREVENTS), SOURCE_DISPATCH | SOURCE_DEFAULT, 0),
            Source(ctypes.pointer(IID_ITICKERSINK), 0, 1), Source())
        self.cls = Class(OBJECT_SIZE, None, self.sources,
                         Fini(guarded(lambda object: self.told.append("fini"))),
                         Listening(guarded(lambda object, point, any: self.told.append(any))))
        hr, made = out_interface(function("object_create", c_uint32, c_void_p, c_void_p, c_void_p),
                                 byref(self.cls), None)
        equal(hr, S_OK)
        self.object = made.address
        unknown = function("object_unknown", c_void_p, c_void_p)
        self.unknown = Unknown(unknown(self.object))
        get = function("object_point", c_void_p, c_void_p, c_size_t)
        self.points = [Unknown(get(self.object, index)) for index in range(2)]
        equal(get(self.object, 2), None)

    def gone(self):
        equal(self.unknown.release(), 0)
        equal(self.told[-1], "fini")


def fire(point, call, policy=FIRE_IGNORE):
    """The loop of <connpt/fire.h>, on a structure that is so many bytes to us."""
    guard = b"\xA5" * 16
    memory = (c_uint64 * ((FIRE_SIZE + len(guard)) // 8))()
    ctypes.memmove(addressof(memory) + FIRE_SIZE, guard, len(guard))
    fire_begin(memory, point.address, policy)
    while True:
        sink = fire_next(memory)
        if not sink:
            break
        hr = call(Unknown(sink))
        if hr is None:
            break
        fire_result(memory, ctypes.c_int32(hr).value)
    hr = fire_end(memory)
    equal(ctypes.string_at(addressof(memory) + FIRE_SIZE, len(guard)), guard)
    return hr


def invoke_1(sink):
    params = DispParams()
    return sink.call(6, c_int32(1), byref_arg(IID_NULL), c_uint32(0), (c_uint32, DISPATCH_METHOD),
                     byref_arg(params), c_void_p(None), c_void_p(None), c_void_p(None))


# ---- modules -----------------------------------------------------------------------------------

@test
def modules_are_loaded_and_errors_are_sentences():
    load = function("load_class_object", c_uint32, c_char_p, c_void_p, c_void_p, c_void_p)
    create = function("create_instance", c_uint32, c_char_p, c_void_p, c_void_p, c_void_p)
    error = function("module_error", c_char_p)
    find_class = function("module_find_class", c_uint32, c_char_p, c_char_p, c_void_p)
    hr, factory = out_interface(load, ticker_path, byref(CLSID_TICKER), byref(IID_IUnknown))
    equal((hr, error()), (S_OK, b""))
    equal(factory.release(), 0)
    hr, ticker = out_interface(create, ticker_path, byref(CLSID_TICKER), byref(IID_ITICKER))
    equal((hr, tick(ticker, 1.0)), (S_OK, S_OK))
    equal(ticker.release(), 0)
    equal(out_interface(load, ticker_path, byref(IID_NULL), byref(IID_IUnknown)),
          (CLASS_E_CLASSNOTAVAILABLE, None))
    assert ticker_path in error(), error()
    equal(out_interface(load, b"/no/such.so", byref(CLSID_TICKER), byref(IID_IUnknown)),
          (CO_E_DLLNOTFOUND, None))
    assert b"/no/such.so" in error(), error()
    clsid = Guid()
    for name in (b"TICKER", b"", None):
        equal((find_class(ticker_path, name, byref(clsid)), clsid), (S_OK, CLSID_TICKER))
    equal(find_class(ticker_path, b"Nobody", byref(clsid)), TYPE_E_ELEMENTNOTFOUND)
    assert b"Nobody" in error(), error()
    nothing_is_left()


# ---- connecting --------------------------------------------------------------------------------

@test
def advise_and_the_handle_work_on_plain_memory():
    made = Made()
    sink = DispatchSink([IID_IDispatch])
    advise_ = function("advise", c_uint32, c_void_p, c_void_p, c_void_p, c_void_p)
    unadvise_ = function("unadvise", c_uint32, c_void_p, c_void_p, c_uint32)
    open_ = function("connection_open", c_uint32, c_void_p, c_void_p, c_void_p, c_void_p)
    close_ = function("connection_close", c_uint32, c_void_p)
    cookie = c_uint32(0xDEAD)
    source = made.unknown.address
    equal(advise_(source, sink.address, byref(SOURCES[0]), byref(cookie)), S_OK)
    equal(cookie.value, 1)
    equal(unadvise_(source, byref(SOURCES[0]), 1), S_OK)
    equal(unadvise_(source, byref(SOURCES[0]), 1), CONNECT_E_NOCONNECTION)
    equal(advise_(source, sink.address, byref(IID_NULL), byref(cookie)), CONNECT_E_NOCONNECTION)
    equal(cookie.value, 0)
    equal(advise_(sink.address, sink.address, byref(SOURCES[0]), byref(cookie)), E_NOINTERFACE)
    handle = (ctypes.c_uint8 * (CONNECTION_SIZE + 8))(*[0xA5] * (CONNECTION_SIZE + 8))
    equal(open_(handle, source, sink.address, byref(SOURCES[0])), S_OK)
    equal(sink.refs, 2)
    equal([close_(handle) for _ in range(3)], [S_OK, S_FALSE, S_FALSE])
    equal(bytes(handle[CONNECTION_SIZE:]), b"\xA5" * 8)
    equal(open_(handle, source, sink.address, byref(IID_ITICKERSINK)), CONNECT_E_CANNOTCONNECT)
    equal(close_(handle), S_FALSE)
    equal(sink.refs, 1)
    equal(made.told, [1, 0, 1, 0])
    made.gone()


@test
def ready_sinks_call_back_and_arguments_are_read():
    ticker = out_interface(
        function("create_instance", c_uint32, c_char_p, c_void_p, c_void_p, c_void_p),
        ticker_path, byref(CLSID_TICKER), byref(IID_ITICKER))[1]
    arg = function("arg", POINTER(Variant), POINTER(DispParams), c_uint32)
    arg_get = function("arg_get", c_uint32, POINTER(DispParams), c_uint32, c_uint16, c_void_p)
    clear = function("VariantClear", c_uint32, c_void_p)
    told = []

    def on_event(context, dispid, params, result):
        told.append((context, dispid, bool(result)))
        if dispid == 2:
            flag = arg(params, 0).contents
            equal(flag.vt, VT_BYREF | VT_BOOL)
            c_int16.from_address(flag.value).value = -1
            return S_OK
        text = Variant()
        equal(arg_get(params, 0, VT_BSTR, byref(text)), S_OK)
        told.append((text.get(), arg(params, 1).contents.get(), bool(arg(params, 2))))
        equal(clear(byref(text)), S_OK)
        equal(arg_get(params, 1, VT_I4, byref(text)), DISP_E_TYPEMISMATCH)
        return S_OK

    call = EventFunction(guarded(on_event))
    destroy = CFUNCTYPE(None, c_void_p)(guarded(told.append))
    hr, sink = out_interface(
        function("dispatch_sink_create", c_uint32, c_void_p, EventFunction, c_void_p, c_void_p,
                 c_void_p), byref(DIID_DTICKEREVENTS), call, 0x1234, destroy)
    equal(hr, S_OK)
    point = find(ticker, DIID_DTICKEREVENTS)[1]
    connect(point, sink)
    equal(sink.release(), 1)
    equal(tick(ticker, 0.5), S_OK)
    equal(close(ticker), 0)
    equal(told[1:], [("0.5", "CNPT", False), (0x1234, 2, told[2][2])])
    equal(told[0][:2], (0x1234, 1))
    point.release()
    equal(ticker.release(), 0)
    equal(told[-1], 0x1234)
    nothing_is_left()


# ---- firing ------------------------------------------------------------------------------------

@test
def fire_loop_is_four_functions_on_64_bytes():
    made = Made()
    point = made.points[0]
    equal(fire(point, invoke_1), S_FALSE)
    sinks = [DispatchSink([IID_IDispatch], lambda *_, hr=hr: hr) for hr in (S_OK, E_FAIL, S_OK)]
    cookies = [connect(point, sink) for sink in sinks]
    equal(fire(point, invoke_1), S_OK)
    equal(fire(point, invoke_1, FIRE_FIRST_FAILURE), E_FAIL)
    equal([len(sink.events) for sink in sinks], [2, 2, 2])
    equal(fire(point, invoke_1, FIRE_STOP_ON_FAILURE), E_FAIL)
    equal([len(sink.events) for sink in sinks], [3, 3, 2])
    equal(fire(point, lambda sink: None), S_OK)  # a veto at once
    inner = []

    def fire_again(*_):
        inner.append(None)
        inner.append(fire(point, invoke_1) if len(inner) == 1 else unadvise(point, cookies[2]))

    sinks[0].on_event = fire_again
    equal(fire(point, invoke_1), S_OK)  # in the fire inside, the first sink ends the third
    equal(inner, [None, None, S_OK, S_OK])
    equal([len(sink.events) for sink in sinks], [5, 5, 2])
    equal(unadvise(point, cookies[0]), S_OK)
    equal(function("point_connections", c_uint32, c_void_p)(point.address), 1)
    sync = function("point_unadvise_sync", c_uint32, c_void_p, c_uint32)
    equal([sync(point.address, cookies[1]) for _ in range(2)], [S_OK, CONNECT_E_NOCONNECTION])
    equal([sink.refs for sink in sinks], [1, 1, 1])
    made.gone()


@test
def fire_with_callbacks_needs_no_structure():
    made = Made()
    sink = Sink([IID_ITICKERSINK])
    connect(made.points[1], sink)
    equal(advise(made.points[1], sink), (0x80040201, 0))  # the limit of the table
    called = []
    one = CFUNCTYPE(c_uint32, c_void_p, c_void_p)(
        guarded(lambda sink, context: called.append((sink, context)) or S_OK))
    enough = CFUNCTYPE(c_int32, c_void_p)(guarded(lambda context: 1))
    point_fire = function("point_fire", c_uint32, c_void_p, c_uint32, c_void_p, c_void_p, c_void_p,
                          c_void_p)
    n_called = c_uint32(9)
    equal(point_fire(made.points[1].address, FIRE_IGNORE, one, None, 5, byref(n_called)), S_OK)
    equal((called, n_called.value), ([(sink.address, 5)], 1))
    equal(point_fire(made.points[1].address, FIRE_IGNORE, one, enough, None, None), S_OK)
    equal(point_fire(made.points[1].address, FIRE_IGNORE, None, None, None, None), E_POINTER)
    made.gone()
    equal(sink.refs, 1)


@test
def events_are_fired_from_a_structure_of_32_bytes():
    made = Made()
    point = made.points[0]
    cancel = c_int16(0)

    def say_no(_dispid, args):
        c_int16.from_address(args[2]).value = -1

    sinks = [DispatchSink([DIID_DTICKEREVENTS]), DispatchSink([IID_IDispatch], say_no),
             DispatchSink([IID_IDispatch])]
    for sink in sinks:
        connect(point, sink)
    text = Text("x\u20ac")
    make = {name: function("variant_" + name, Variant, kind) for name, kind in (
        ("r8", c_double), ("bstr", c_void_p), ("bool_ref", c_void_p), ("i4", c_int32))}
    args = (Variant * 3)(make["r8"](2.5), make["bstr"](text.address),
                         make["bool_ref"](addressof(cancel)))
    event = Event(dispid=7, n_args=3, args=args, cancel=addressof(cancel))
    fire_event = function("point_fire_event", c_uint32, c_void_p, c_void_p, c_void_p)
    called = c_uint32()
    equal(fire_event(point.address, byref(event), byref(called)), S_OK)
    equal(called.value, 2)
    equal(sinks[0].events, [(7, 2.5, "x\u20ac", addressof(cancel))])
    equal([len(sink.events) for sink in sinks], [1, 1, 0])
    equal(sinks[0].calls[0]["kinds"], [VT_R8, VT_BSTR, VT_BYREF | VT_BOOL])
    equal(make["i4"](-5).get(), -5)
    made.gone()


@test
def objects_close_and_grow_points():
    made = Made()
    add = function("object_add_point", c_uint32, c_void_p, c_void_p, c_void_p)
    iid = Guid("11111111-2222-3333-4444-555555555555")
    hr, point = out_interface(add, made.object, byref(Source(ctypes.pointer(iid), 0, 0)))
    equal(hr, S_OK)
    hr, found = find(made.unknown, iid)
    equal((hr, found.address), (S_OK, point.address))
    back = function("point_from_iface", c_void_p, c_void_p)
    equal(back(found.address), point.address)
    sink = Sink([iid])
    equal(back(sink.address), None)
    connect(point, sink)
    info = made.unknown.get(IID_IProvideClassInfo2)
    answer = Guid()
    equal((info.call(4, c_uint32(1), byref_arg(answer)), answer), (S_OK, DIID_DTICKEREVENTS))
    info.release()
    function("object_close", None, c_void_p)(made.object)
    equal((sink.refs, *advise(point, sink)), (1, CONNECT_E_CANNOTCONNECT, 0))
    found.release()
    made.gone()


# ---- type libraries ----------------------------------------------------------------------------

@test
def type_library_of_a_module_is_read():
    load = function("typelib_load", c_uint32, c_char_p, c_void_p)
    free = function("SysFreeString", None, c_void_p)
    hr, types = out_interface(load, ticker_path)
    equal(hr, S_OK)
    hr, coclass = types.out(6, byref_arg(CLSID_TICKER))
    equal(hr, S_OK)
    source = function("coclass_source", c_uint32, c_void_p, c_uint32, c_void_p, c_void_p, c_void_p)
    found = []
    iid, flags, info = Guid(), c_int32(), c_void_p()
    while source(coclass.address, len(found), byref(iid), byref(flags), byref(info)) == S_OK:
        found.append((bytes(iid.bytes), flags.value & 1))
        Unknown(info.value).release()
    equal(found, [(bytes(iid.bytes), int(iid == SOURCES[0])) for iid in SOURCES])
    hr, events = types.out(6, byref_arg(DIID_DTICKEREVENTS))
    hr, attr = events.out(3)  # TYPEATTR: typekind at 44, cFuncs at 48
    equal(bytes((ctypes.c_uint8 * 16).from_address(attr.address)), bytes(SOURCES[0].bytes))
    equal(c_uint32.from_address(attr.address + 44).value, 4)
    n_functions = c_uint16.from_address(attr.address + 48).value
    events.call(19, c_void_p(attr.address), result=None)
    names = []
    for index in range(n_functions):
        texts = (c_void_p * 4)()
        desc = c_void_p()
        equal(events.call(5, c_uint32(index), (c_void_p, addressof(desc))), S_OK)
        memid = c_int32.from_address(desc.value).value
        n_names = c_uint32()
        equal(events.call(7, c_int32(memid), byref_arg(texts), c_uint32(4), byref_arg(n_names)),
              S_OK)
        names.append([memid, *map(bstr_text, texts[:n_names.value])])
        equal(c_uint16.from_address(desc.value + 36).value, n_names.value - 1)  # cParams
        for text in texts[:n_names.value]:
            free(text)
        events.call(20, c_void_p(desc.value), result=None)
    equal(names[-2:], [[1, "OnTick", "price", "symbol"], [2, "OnClosing", "cancel"]])
    for held in (events, coclass, types):
        held.release()
    equal(out_interface(load, b"/no/such.tlb")[1], None)
    assert b"/no/such.tlb" in function("typelib_error", c_char_p)()


@test
def default_source_comes_with_its_type():
    ticker = out_interface(
        function("create_instance", c_uint32, c_char_p, c_void_p, c_void_p, c_void_p),
        ticker_path, byref(CLSID_TICKER), byref(IID_IUnknown))[1]
    iid = Guid()
    hr, info = out_interface(
        function("default_source", c_uint32, c_void_p, c_void_p, c_void_p), ticker.address,
        byref(iid))
    equal((hr, iid), (S_OK, DIID_DTICKEREVENTS))
    hr, coclass = out_interface(function("object_coclass", c_uint32, c_void_p, c_void_p),
                                ticker.address)
    equal(hr, S_OK)
    info.release()
    coclass.release()
    equal(ticker.release(), 0)
    nothing_is_left()


# ---- strings, values, names --------------------------------------------------------------------

@test
def strings_and_values_are_functions():
    length = function("SysStringLen", c_uint32, c_void_p)
    bytes_ = function("SysStringByteLen", c_uint32, c_void_p)
    free = function("SysFreeString", None, c_void_p)
    alloc = function("SysAllocStringLen", c_void_p, c_void_p, c_uint32)
    lent = Text("a\0b")
    equal([length(lent.address), bytes_(lent.address), length(None)], [3, 6, 0])
    copy = alloc(lent.address, 3)
    equal(bstr_text(copy), "a\0b")
    free(copy)
    free(None)
    from_utf8 = function("bstr_from_utf8", c_uint32, c_char_p, c_size_t, c_void_p)
    to_utf8 = function("utf8_from_bstr", c_uint32, c_void_p, c_void_p, c_void_p)
    text, utf8, size = c_void_p(), c_void_p(), c_size_t()
    equal(from_utf8("\U0001F600".encode(), c_size_t(-1).value, byref(text)), S_OK)
    equal(length(text), 2)
    equal(to_utf8(text, byref(utf8), byref(size)), S_OK)
    equal(ctypes.string_at(utf8, size.value).decode(), "\U0001F600")
    function("CoTaskMemFree", None, c_void_p)(utf8)
    change = function("VariantChangeType", c_uint32, c_void_p, c_void_p, c_uint16, c_uint16)
    value = Variant()
    function("VariantInit", None, c_void_p)(byref(value))
    equal(change(byref(value), byref(Variant.make(VT_BSTR, text.value)), 0, VT_I4),
          DISP_E_TYPEMISMATCH)
    equal(change(byref(value), byref(Variant.make(VT_R8, 3.0)), 0, VT_BSTR), S_OK)
    equal(value.get(), "3")
    equal(function("VariantClear", c_uint32, c_void_p)(byref(value)), S_OK)
    free(text)


@test
def identifiers_are_exported_objects():
    equal(Guid.in_dll(library, "IID_IConnectionPoint"), IID_IConnectionPoint)
    equal(Guid.in_dll(library, "IID_IDispatch"), IID_IDispatch)
    parse = function("guid_parse", c_uint32, c_char_p, c_void_p)
    formatted = ctypes.create_string_buffer(39)
    parsed = Guid()
    equal((parse(b"{b196b286-bab4-101a-b69c-00aa00341d07}", byref(parsed)), parsed),
          (S_OK, IID_IConnectionPoint))
    equal(parse(b"nonsense", byref(parsed)), CO_E_CLASSSTRING)
    function("guid_format", None, c_void_p, c_void_p)(byref(parsed), formatted)
    equal(formatted.value, b"{B196B286-BAB4-101A-B69C-00AA00341D07}")
    equal(function("guid_equal", c_int32, c_void_p, c_void_p)(
        byref(parsed), byref(IID_IConnectionPoint)), 1)
    equal(function("iid_name", c_char_p, c_void_p)(byref(parsed)), b"IConnectionPoint")
    equal(function("hresult_name", c_char_p, c_uint32)(CONNECT_E_NOCONNECTION),
          b"CONNECT_E_NOCONNECTION")


main()

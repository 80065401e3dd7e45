# SPDX-License-Identifier: MIT
"""com - COM by its binary interface, from Python: nothing of connpt's headers is used

What is here is what docs/abi.md tells authors of bindings: slots, sizes, calls. `Unknown` is a
pointer to somebody else's object, `Sink` and its kin are objects that Python makes: a structure
whose first field points to a table of functions.
"""
import ctypes
import os
import sys
import traceback
import uuid
from ctypes import (CFUNCTYPE, POINTER, Structure, byref, c_double, c_int16, c_int32, c_uint16,
                    c_uint32, c_uint64, c_void_p, cast, pointer)

S_OK, S_FALSE = 0, 1
E_NOTIMPL, E_NOINTERFACE, E_POINTER, E_FAIL = 0x80004001, 0x80004002, 0x80004003, 0x80004005
E_INVALIDARG, E_UNEXPECTED = 0x80070057, 0x8000FFFF
CONNECT_E_NOCONNECTION, CONNECT_E_CANNOTCONNECT = 0x80040200, 0x80040202
CLASS_E_NOAGGREGATION, CLASS_E_CLASSNOTAVAILABLE = 0x80040110, 0x80040111
DISP_E_MEMBERNOTFOUND, DISP_E_TYPEMISMATCH, DISP_E_UNKNOWNNAME = 0x80020003, 0x80020005, 0x80020006
VT_EMPTY, VT_I4, VT_R8, VT_BSTR, VT_BOOL, VT_BYREF = 0, 3, 5, 8, 11, 0x4000
DISPATCH_METHOD, DISPATCH_PROPERTYGET, DISPATCH_PROPERTYPUT = 1, 2, 4
DISPID_PROPERTYPUT = -3


class Guid(Structure):
    _fields_ = [("bytes", ctypes.c_uint8 * 16)]

    def __init__(self, text=None):
        super().__init__()
        if text:
            self.bytes[:] = uuid.UUID(text).bytes_le

    def __eq__(self, other):
        return bytes(self.bytes) == bytes(other.bytes)

    def __hash__(self):
        return hash(bytes(self.bytes))

    def __repr__(self):
        return "{%s}" % str(uuid.UUID(bytes_le=bytes(self.bytes))).upper()


def kin(first):
    return Guid(f"{first}-bab4-101a-b69c-00aa00341d07")


IID_NULL = Guid()
IID_IUnknown = Guid("00000000-0000-0000-c000-000000000046")
IID_IClassFactory = Guid("00000001-0000-0000-c000-000000000046")
IID_IDispatch = Guid("00020400-0000-0000-c000-000000000046")
IID_IProvideClassInfo = kin("b196b283")
IID_IConnectionPointContainer = kin("b196b284")
IID_IEnumConnectionPoints = kin("b196b285")
IID_IConnectionPoint = kin("b196b286")
IID_IEnumConnections = kin("b196b287")
IID_IProvideClassInfo2 = Guid("a6bc3ac0-dbaa-11ce-9de3-00aa004bb851")
IID_IPropertyNotifySink = Guid("9bfbbc02-eff1-101a-84ed-00aa00341d07")
IID_ITypeInfo = Guid("00020401-0000-0000-c000-000000000046")
IID_ITypeLib = Guid("00020402-0000-0000-c000-000000000046")


class Variant(Structure):
    _fields_ = [("vt", c_uint16), ("reserved", c_uint16 * 3), ("value", c_uint64),
                ("record", c_uint64)]

    def get(self):
        """The value, where [in, out] arguments are left as the address of the variable."""
        if self.vt & VT_BYREF:
            return self.value
        address = ctypes.addressof(self) + 8
        if self.vt == VT_BSTR:
            return bstr_text(self.value)
        if self.vt == VT_EMPTY:
            return None
        kind = {VT_I4: c_int32, VT_R8: c_double, VT_BOOL: c_int16}[self.vt]
        return kind.from_address(address).value

    @classmethod
    def make(cls, vt, value):
        variant = cls(vt=vt)
        kind = {VT_I4: c_int32, VT_R8: c_double, VT_BOOL: c_int16, VT_BSTR: c_uint64}[vt]
        kind.from_address(ctypes.addressof(variant) + 8).value = value
        return variant


class DispParams(Structure):
    _fields_ = [("args", POINTER(Variant)), ("named", POINTER(c_int32)), ("n_args", c_uint32),
                ("n_named", c_uint32)]


class ConnectData(Structure):
    _fields_ = [("sink", c_void_p), ("cookie", c_uint32)]


def bstr_text(address):
    """Reading a BSTR needs no function: its length in bytes is in the four bytes before it."""
    if not address:
        return ""
    size = c_uint32.from_address(address - 4).value
    return ctypes.string_at(address, size).decode("utf-16-le", "surrogatepass")


class Text:
    """A BSTR that the caller lends for an [in] argument; it is nobody else's to free."""

    def __init__(self, text):
        content = text.encode("utf-16-le", "surrogatepass")
        block = len(content).to_bytes(4, sys.byteorder) + content + b"\0\0"
        self.block = ctypes.create_string_buffer(b"\0" * 4 + block)
        self.address = ctypes.addressof(self.block) + 8


def slot(address, index):
    """The index-th method of an interface pointer."""
    table = c_void_p.from_address(address).value
    return c_void_p.from_address(table + index * ctypes.sizeof(c_void_p)).value


class Unknown:
    """A pointer to an interface, with the reference that it owns."""

    def __init__(self, address):
        self.address = address

    def call(self, index, *args, result=c_uint32):
        """args are (type, value) or values of ctypes."""
        types = [arg[0] if isinstance(arg, tuple) else type(arg) for arg in args]
        values = [arg[1] if isinstance(arg, tuple) else arg for arg in args]
        method = CFUNCTYPE(result, c_void_p, *types)(slot(self.address, index))
        return method(self.address, *values)

    def query(self, iid):
        out = c_void_p(0xDEAD)
        hr = self.call(0, (c_void_p, ctypes.addressof(iid)), (c_void_p, ctypes.addressof(out)))
        return hr, (Unknown(out.value) if out.value else None)

    def get(self, iid):
        hr, found = self.query(iid)
        assert hr == S_OK, f"{iid}: {hr:#x}"
        return found

    def add_ref(self):
        return self.call(1)

    def release(self):
        return self.call(2)

    def count(self):
        self.add_ref()
        return self.release()

    def out(self, index, *args, start=0xDEAD):
        """A method whose last argument is an interface out-pointer: (HRESULT, Unknown or None)."""
        value = c_void_p(start)
        hr = self.call(index, *args, (c_void_p, ctypes.addressof(value)))
        return hr, (Unknown(value.value) if value.value else None)


# ---- objects made here -------------------------------------------------------------------------

QueryInterface = CFUNCTYPE(c_uint32, c_void_p, POINTER(Guid), POINTER(c_void_p))
Count = CFUNCTYPE(c_uint32, c_void_p)
Invoke = CFUNCTYPE(c_uint32, c_void_p, c_int32, POINTER(Guid), c_uint32, c_uint16,
                   POINTER(DispParams), c_void_p, c_void_p, c_void_p)

failures = []  # what a callback raised: it cannot reach the test through foreign code


def guarded(function):
    def call(*args):
        try:
            return function(*args)
        except BaseException:  # pylint: disable=broad-except
            failures.append(traceback.format_exc())
            return E_UNEXPECTED
    return call


class Sink:
    """An object with one interface: `answers` are the IIDs that QueryInterface takes, `methods`
    what follows IUnknown's three slots."""

    def __init__(self, answers, methods=(), refusal=E_NOINTERFACE):
        self.answers = [IID_IUnknown, *answers]
        self.refusal = refusal
        self.refs = 1
        self.asked = []
        self.on_last_release = None
        self.methods = [QueryInterface(guarded(self._query)), Count(guarded(self._add_ref)),
                        Count(guarded(self._release)), *methods]
        self.table = (c_void_p * len(self.methods))(
            *[cast(method, c_void_p).value for method in self.methods])
        self.object = pointer(c_void_p(ctypes.addressof(self.table)))
        self.address = ctypes.addressof(self.object.contents)

    def _query(self, this, iid, out):
        asked = Guid()
        ctypes.memmove(byref(asked), iid, 16)
        self.asked.append(asked)
        if asked not in self.answers:
            out[0] = None
            return self.refusal
        out[0] = this
        self.refs += 1
        return S_OK

    def _add_ref(self, _this):
        self.refs += 1
        return self.refs

    def _release(self, _this):
        self.refs -= 1
        if self.refs == 1 and self.on_last_release:
            self.on_last_release()
        return self.refs


class DispatchSink(Sink):
    """A sink of a dispinterface: `on_event(dispid, arguments in declared order)`, which may
    return an HRESULT. What Invoke got is in `calls`."""

    def __init__(self, answers, on_event=None, **more):
        self.on_event = on_event
        self.calls = []
        self.events = []
        nothing = CFUNCTYPE(c_uint32, c_void_p)(lambda this: E_NOTIMPL)
        super().__init__(answers, (nothing, nothing, nothing, Invoke(guarded(self._invoke))),
                         **more)

    def _invoke(self, _this, dispid, iid, lcid, flags, params, result, except_info, arg_err):
        given = params.contents
        args = [given.args[i].get() for i in reversed(range(given.n_args))]
        kinds = [given.args[i].vt for i in reversed(range(given.n_args))]
        same = Guid()
        ctypes.memmove(byref(same), iid, 16)
        self.calls.append({"dispid": dispid, "iid": same, "lcid": lcid, "flags": flags,
                           "named": given.n_named, "kinds": kinds, "result": result,
                           "except": except_info, "arg_err": arg_err})
        self.events.append((dispid, *args))
        return (self.on_event(dispid, args) if self.on_event else None) or S_OK


# ---- modules and the library -------------------------------------------------------------------

class Module:
    """A module as dlopen sees it: two exported functions."""

    def __init__(self, path):
        self.library = ctypes.CDLL(path)
        self.library.DllGetClassObject.restype = c_uint32
        self.library.DllCanUnloadNow.restype = c_uint32

    def class_object(self, clsid, iid=IID_IClassFactory):
        out = c_void_p(0xDEAD)
        hr = self.library.DllGetClassObject(byref(clsid), byref(iid), byref(out))
        return hr, (Unknown(out.value) if out.value else None)

    def create(self, clsid, iid):
        hr, factory = self.class_object(clsid)
        assert hr == S_OK, f"{hr:#x}"
        hr, made = factory.out(3, c_void_p(None), byref_arg(iid))
        assert hr == S_OK, f"{hr:#x}"
        assert factory.release() == 0
        return made

    def can_unload(self):
        return self.library.DllCanUnloadNow()


def byref_arg(structure):
    return (c_void_p, ctypes.addressof(structure))


# ---- reporting ---------------------------------------------------------------------------------

tests = []


def test(function):
    tests.append(function)
    return function


def main():
    failed = 0
    print(f"1..{len(tests)}")
    for number, function in enumerate(tests, 1):
        del failures[:]
        said = ""
        try:
            function()
        except Exception:  # pylint: disable=broad-except
            said = traceback.format_exc()
        said += "".join(failures)
        print(f"{'not ok' if said else 'ok'} {number} - {function.__name__}", flush=True)
        if said:
            failed += 1
            print("\n".join("# " + line for line in said.splitlines()), flush=True)
    sys.exit(failed != 0)


def needed(name):
    if name not in os.environ:
        print(f"1..0 # SKIP {name} does not name what to test")
        sys.exit(0)
    return os.environ[name]

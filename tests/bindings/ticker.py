# SPDX-License-Identifier: MIT
"""ticker - the module that the tests connect to, and what they do with it again and again

TICKER in the environment names the file.
"""
from ctypes import addressof, c_double, c_int16, c_uint32, c_void_p

from com import (IID_IConnectionPointContainer, IID_IPropertyNotifySink, S_OK, Guid, Module,
                 byref_arg, needed)

CLSID_TICKER = Guid("5b1d4a2b-846e-4106-bcee-6a7be3c86d5b")
IID_ITICKER = Guid("9aa508ed-1fa6-451b-b882-3ea6023dd877")
IID_ITICKERSINK = Guid("415b6894-10e9-47b0-819c-5d352c7e3cff")
DIID_DTICKEREVENTS = Guid("08b84bf0-4058-4070-bcab-7ae41daccc08")
SOURCES = [DIID_DTICKEREVENTS, IID_ITICKERSINK, IID_IPropertyNotifySink]
ON_TICK, ON_CLOSING = 1, 2

module = Module(needed("TICKER"))


def new_ticker(iid=IID_ITICKER):
    return module.create(CLSID_TICKER, iid)


def tick(ticker, price):
    return ticker.call(9, c_double(price))


def close(ticker):
    closed = c_int16(0x55)
    assert ticker.call(10, (c_void_p, addressof(closed))) == S_OK
    return closed.value


def find(ticker, iid):
    container = ticker.get(IID_IConnectionPointContainer)
    hr, point = container.out(4, byref_arg(iid))
    container.release()
    return hr, point


def get_point(ticker, iid):
    hr, point = find(ticker, iid)
    assert hr == S_OK and point
    return point


def advise(point, sink):
    cookie = c_uint32(0xDEAD)
    hr = point.call(5, c_void_p(sink.address if sink else None), (c_void_p, addressof(cookie)))
    return hr, cookie.value


def connect(point, sink):
    hr, cookie = advise(point, sink)
    assert hr == S_OK and cookie != 0, f"{hr:#x} {cookie}"
    return cookie


def unadvise(point, cookie):
    return point.call(6, c_uint32(cookie))


def next_items(enumerator, wanted, kind=c_void_p, room=None):
    """(HRESULT, how many it says, the array)"""
    array = (kind * (room or max(wanted, 1)))()
    fetched = c_uint32(0xDEAD)
    hr = enumerator.call(3, c_uint32(wanted), (c_void_p, addressof(array)),
                         (c_void_p, addressof(fetched)))
    return hr, fetched.value, array


def interface_of(point):
    iid = Guid()
    assert point.call(3, byref_arg(iid)) == S_OK
    return iid


def nothing_is_left(*sinks):
    for sink in sinks:
        assert sink.refs == 1, f"{sink.refs} references to a sink are left"
    assert module.can_unload() == S_OK, "objects of the module are left"


def equal(got, wanted):
    assert got == wanted, f"got {got!r}, wanted {wanted!r}"

/* SPDX-License-Identifier: MIT */
/* base/iids.c - the identifiers of the interfaces in connpt/abi. Windows has them in libuuid. */
#ifndef _WIN32

#include <connpt/com.h>
#include <connpt/export.h>

#define DEFINE_EXPORTED(name, l, w1, w2, b1, b2, b3, b4, b5, b6, b7, b8)                           \
    CONNPT_API extern const GUID name;                                                             \
    const GUID name = { l, w1, w2, { b1, b2, b3, b4, b5, b6, b7, b8 } }

/* {xxxxxxxx-0000-0000-C000-000000000046}: the first interfaces of COM */
#define DEFINE_OLE(name, l) DEFINE_EXPORTED(name, l, 0, 0, 0xC0, 0, 0, 0, 0, 0, 0, 0x46)
/* {B196B28x-BAB4-101A-B69C-00AA00341D07}: connectable objects */
#define DEFINE_CONNECTION(name, l)                                                                 \
    DEFINE_EXPORTED(name, l, 0xBAB4, 0x101A, 0xB6, 0x9C, 0x00, 0xAA, 0x00, 0x34, 0x1D, 0x07)

DEFINE_EXPORTED(GUID_NULL, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
DEFINE_EXPORTED(IID_NULL, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);

DEFINE_OLE(IID_IUnknown, 0x00000000);
DEFINE_OLE(IID_IClassFactory, 0x00000001);
DEFINE_OLE(IID_IDispatch, 0x00020400);
DEFINE_OLE(IID_ITypeInfo, 0x00020401);
DEFINE_OLE(IID_ITypeLib, 0x00020402);

DEFINE_CONNECTION(IID_IProvideClassInfo, 0xB196B283);
DEFINE_CONNECTION(IID_IConnectionPointContainer, 0xB196B284);
DEFINE_CONNECTION(IID_IEnumConnectionPoints, 0xB196B285);
DEFINE_CONNECTION(IID_IConnectionPoint, 0xB196B286);
DEFINE_CONNECTION(IID_IEnumConnections, 0xB196B287);

DEFINE_EXPORTED(IID_IProvideClassInfo2, 0xA6BC3AC0, 0xDBAA, 0x11CE, 0x9D, 0xE3, 0x00, 0xAA, 0x00,
                0x4B, 0xB8, 0x51);
DEFINE_EXPORTED(IID_IPropertyNotifySink, 0x9BFBBC02, 0xEFF1, 0x101A, 0x84, 0xED, 0x00, 0xAA, 0x00,
                0x34, 0x1D, 0x07);

#else
typedef int connpt_iids_are_in_libuuid;
#endif

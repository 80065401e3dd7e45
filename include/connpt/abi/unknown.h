/* SPDX-License-Identifier: MIT */
/* connpt/abi/unknown.h - IUnknown and IClassFactory, outside Windows */
#ifndef CONNPT_ABI_UNKNOWN_H
#define CONNPT_ABI_UNKNOWN_H

#include <connpt/abi/base.h>

/* clang-format off */

#ifndef __IUnknown_FWD_DEFINED__
#define __IUnknown_FWD_DEFINED__
typedef struct IUnknown IUnknown;
#endif
#ifndef __IClassFactory_FWD_DEFINED__
#define __IClassFactory_FWD_DEFINED__
typedef struct IClassFactory IClassFactory;
#endif
typedef IUnknown *LPUNKNOWN;

/* {00000000-0000-0000-C000-000000000046} */
#ifndef __IUnknown_INTERFACE_DEFINED__
#define __IUnknown_INTERFACE_DEFINED__
EXTERN_C const IID IID_IUnknown;
CONNPT_INTERFACE_ROOT(IUnknown)
{
    CONNPT_METHOD(HRESULT, QueryInterface)(CONNPT_THIS_(IUnknown) REFIID riid, void **ppvObject) CONNPT_PURE;
    CONNPT_METHOD(ULONG, AddRef)(CONNPT_THIS(IUnknown)) CONNPT_PURE;
    CONNPT_METHOD(ULONG, Release)(CONNPT_THIS(IUnknown)) CONNPT_PURE;
};
CONNPT_UUID(IUnknown, 0x00000000, 0x0000, 0x0000, 0xc0, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x46)
#endif

/* {00000001-0000-0000-C000-000000000046} */
#ifndef __IClassFactory_INTERFACE_DEFINED__
#define __IClassFactory_INTERFACE_DEFINED__
EXTERN_C const IID IID_IClassFactory;
CONNPT_INTERFACE(IClassFactory, IUnknown)
{
    CONNPT_IUNKNOWN_METHODS(IClassFactory)
    CONNPT_METHOD(HRESULT, CreateInstance)(CONNPT_THIS_(IClassFactory) IUnknown *pUnkOuter, REFIID riid, void **ppvObject) CONNPT_PURE;
    CONNPT_METHOD(HRESULT, LockServer)(CONNPT_THIS_(IClassFactory) BOOL fLock) CONNPT_PURE;
};
CONNPT_UUID(IClassFactory, 0x00000001, 0x0000, 0x0000, 0xc0, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x46)
#endif

#if !defined(__cplusplus) || defined(CINTERFACE)
#ifndef IUnknown_QueryInterface
#define IUnknown_QueryInterface(This, riid, out) (This)->lpVtbl->QueryInterface(This, riid, out)
#define IUnknown_AddRef(This) (This)->lpVtbl->AddRef(This)
#define IUnknown_Release(This) (This)->lpVtbl->Release(This)
#endif
#ifndef IClassFactory_CreateInstance
#define IClassFactory_QueryInterface(This, riid, out) (This)->lpVtbl->QueryInterface(This, riid, out)
#define IClassFactory_AddRef(This) (This)->lpVtbl->AddRef(This)
#define IClassFactory_Release(This) (This)->lpVtbl->Release(This)
#define IClassFactory_CreateInstance(This, outer, riid, out) (This)->lpVtbl->CreateInstance(This, outer, riid, out)
#define IClassFactory_LockServer(This, lock) (This)->lpVtbl->LockServer(This, lock)
#endif
#endif

/* clang-format on */

#endif

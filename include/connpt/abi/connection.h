/* SPDX-License-Identifier: MIT */
/*
 * connpt/abi/connection.h - the interfaces of connectable objects, outside Windows
 *
 * The same interfaces, IIDs, slots and structures as Microsoft's <ocidl.h>. (Steinberg's VST3
 * has an IConnectionPoint of its own that shares nothing with this one but the name.)
 */
#ifndef CONNPT_ABI_CONNECTION_H
#define CONNPT_ABI_CONNECTION_H

#include <connpt/abi/unknown.h>

/* clang-format off */

#ifndef __IConnectionPoint_FWD_DEFINED__
#define __IConnectionPoint_FWD_DEFINED__
typedef struct IConnectionPoint IConnectionPoint;
#endif
#ifndef __IConnectionPointContainer_FWD_DEFINED__
#define __IConnectionPointContainer_FWD_DEFINED__
typedef struct IConnectionPointContainer IConnectionPointContainer;
#endif
#ifndef __IEnumConnections_FWD_DEFINED__
#define __IEnumConnections_FWD_DEFINED__
typedef struct IEnumConnections IEnumConnections;
#endif
#ifndef __IEnumConnectionPoints_FWD_DEFINED__
#define __IEnumConnectionPoints_FWD_DEFINED__
typedef struct IEnumConnectionPoints IEnumConnectionPoints;
#endif
#ifndef __IPropertyNotifySink_FWD_DEFINED__
#define __IPropertyNotifySink_FWD_DEFINED__
typedef struct IPropertyNotifySink IPropertyNotifySink;
#endif

typedef IConnectionPoint *LPCONNECTIONPOINT;
typedef IConnectionPointContainer *LPCONNECTIONPOINTCONTAINER;
typedef IEnumConnections *LPENUMCONNECTIONS;
typedef IEnumConnectionPoints *LPENUMCONNECTIONPOINTS;

/* {B196B284-BAB4-101A-B69C-00AA00341D07} */
#ifndef __IConnectionPointContainer_INTERFACE_DEFINED__
#define __IConnectionPointContainer_INTERFACE_DEFINED__
EXTERN_C const IID IID_IConnectionPointContainer;
CONNPT_INTERFACE(IConnectionPointContainer, IUnknown)
{
    CONNPT_IUNKNOWN_METHODS(IConnectionPointContainer)
    CONNPT_METHOD(HRESULT, EnumConnectionPoints)(CONNPT_THIS_(IConnectionPointContainer) IEnumConnectionPoints **ppEnum) CONNPT_PURE;
    CONNPT_METHOD(HRESULT, FindConnectionPoint)(CONNPT_THIS_(IConnectionPointContainer) REFIID riid, IConnectionPoint **ppCP) CONNPT_PURE;
};
CONNPT_UUID(IConnectionPointContainer, 0xb196b284, 0xbab4, 0x101a, 0xb6, 0x9c, 0x00, 0xaa, 0x00, 0x34, 0x1d, 0x07)
#endif

/* {B196B286-BAB4-101A-B69C-00AA00341D07} */
#ifndef __IConnectionPoint_INTERFACE_DEFINED__
#define __IConnectionPoint_INTERFACE_DEFINED__
EXTERN_C const IID IID_IConnectionPoint;
CONNPT_INTERFACE(IConnectionPoint, IUnknown)
{
    CONNPT_IUNKNOWN_METHODS(IConnectionPoint)
    CONNPT_METHOD(HRESULT, GetConnectionInterface)(CONNPT_THIS_(IConnectionPoint) IID *pIID) CONNPT_PURE;
    CONNPT_METHOD(HRESULT, GetConnectionPointContainer)(CONNPT_THIS_(IConnectionPoint) IConnectionPointContainer **ppCPC) CONNPT_PURE;
    CONNPT_METHOD(HRESULT, Advise)(CONNPT_THIS_(IConnectionPoint) IUnknown *pUnkSink, DWORD *pdwCookie) CONNPT_PURE;
    CONNPT_METHOD(HRESULT, Unadvise)(CONNPT_THIS_(IConnectionPoint) DWORD dwCookie) CONNPT_PURE;
    CONNPT_METHOD(HRESULT, EnumConnections)(CONNPT_THIS_(IConnectionPoint) IEnumConnections **ppEnum) CONNPT_PURE;
};
CONNPT_UUID(IConnectionPoint, 0xb196b286, 0xbab4, 0x101a, 0xb6, 0x9c, 0x00, 0xaa, 0x00, 0x34, 0x1d, 0x07)
#endif

/* {B196B285-BAB4-101A-B69C-00AA00341D07} */
#ifndef __IEnumConnectionPoints_INTERFACE_DEFINED__
#define __IEnumConnectionPoints_INTERFACE_DEFINED__
EXTERN_C const IID IID_IEnumConnectionPoints;
CONNPT_INTERFACE(IEnumConnectionPoints, IUnknown)
{
    CONNPT_IUNKNOWN_METHODS(IEnumConnectionPoints)
    CONNPT_METHOD(HRESULT, Next)(CONNPT_THIS_(IEnumConnectionPoints) ULONG cConnections, IConnectionPoint **ppCP, ULONG *pcFetched) CONNPT_PURE;
    CONNPT_METHOD(HRESULT, Skip)(CONNPT_THIS_(IEnumConnectionPoints) ULONG cConnections) CONNPT_PURE;
    CONNPT_METHOD(HRESULT, Reset)(CONNPT_THIS(IEnumConnectionPoints)) CONNPT_PURE;
    CONNPT_METHOD(HRESULT, Clone)(CONNPT_THIS_(IEnumConnectionPoints) IEnumConnectionPoints **ppEnum) CONNPT_PURE;
};
CONNPT_UUID(IEnumConnectionPoints, 0xb196b285, 0xbab4, 0x101a, 0xb6, 0x9c, 0x00, 0xaa, 0x00, 0x34, 0x1d, 0x07)
#endif

/* {B196B287-BAB4-101A-B69C-00AA00341D07} */
#ifndef __IEnumConnections_INTERFACE_DEFINED__
#define __IEnumConnections_INTERFACE_DEFINED__
typedef struct tagCONNECTDATA {
    IUnknown *pUnk;
    DWORD dwCookie;
} CONNECTDATA;
typedef CONNECTDATA *LPCONNECTDATA;
EXTERN_C const IID IID_IEnumConnections;
CONNPT_INTERFACE(IEnumConnections, IUnknown)
{
    CONNPT_IUNKNOWN_METHODS(IEnumConnections)
    CONNPT_METHOD(HRESULT, Next)(CONNPT_THIS_(IEnumConnections) ULONG cConnections, CONNECTDATA *rgcd, ULONG *pcFetched) CONNPT_PURE;
    CONNPT_METHOD(HRESULT, Skip)(CONNPT_THIS_(IEnumConnections) ULONG cConnections) CONNPT_PURE;
    CONNPT_METHOD(HRESULT, Reset)(CONNPT_THIS(IEnumConnections)) CONNPT_PURE;
    CONNPT_METHOD(HRESULT, Clone)(CONNPT_THIS_(IEnumConnections) IEnumConnections **ppEnum) CONNPT_PURE;
};
CONNPT_UUID(IEnumConnections, 0xb196b287, 0xbab4, 0x101a, 0xb6, 0x9c, 0x00, 0xaa, 0x00, 0x34, 0x1d, 0x07)
#endif

/* {9BFBBC02-EFF1-101A-84ED-00AA00341D07} */
#ifndef __IPropertyNotifySink_INTERFACE_DEFINED__
#define __IPropertyNotifySink_INTERFACE_DEFINED__
EXTERN_C const IID IID_IPropertyNotifySink;
CONNPT_INTERFACE(IPropertyNotifySink, IUnknown)
{
    CONNPT_IUNKNOWN_METHODS(IPropertyNotifySink)
    CONNPT_METHOD(HRESULT, OnChanged)(CONNPT_THIS_(IPropertyNotifySink) DISPID dispID) CONNPT_PURE;
    CONNPT_METHOD(HRESULT, OnRequestEdit)(CONNPT_THIS_(IPropertyNotifySink) DISPID dispID) CONNPT_PURE;
};
CONNPT_UUID(IPropertyNotifySink, 0x9bfbbc02, 0xeff1, 0x101a, 0x84, 0xed, 0x00, 0xaa, 0x00, 0x34, 0x1d, 0x07)
#endif

#if !defined(__cplusplus) || defined(CINTERFACE)
#ifndef IConnectionPointContainer_FindConnectionPoint
#define IConnectionPointContainer_QueryInterface(This, riid, out) (This)->lpVtbl->QueryInterface(This, riid, out)
#define IConnectionPointContainer_AddRef(This) (This)->lpVtbl->AddRef(This)
#define IConnectionPointContainer_Release(This) (This)->lpVtbl->Release(This)
#define IConnectionPointContainer_EnumConnectionPoints(This, out) (This)->lpVtbl->EnumConnectionPoints(This, out)
#define IConnectionPointContainer_FindConnectionPoint(This, riid, out) (This)->lpVtbl->FindConnectionPoint(This, riid, out)
#endif
#ifndef IConnectionPoint_Advise
#define IConnectionPoint_QueryInterface(This, riid, out) (This)->lpVtbl->QueryInterface(This, riid, out)
#define IConnectionPoint_AddRef(This) (This)->lpVtbl->AddRef(This)
#define IConnectionPoint_Release(This) (This)->lpVtbl->Release(This)
#define IConnectionPoint_GetConnectionInterface(This, iid) (This)->lpVtbl->GetConnectionInterface(This, iid)
#define IConnectionPoint_GetConnectionPointContainer(This, out) (This)->lpVtbl->GetConnectionPointContainer(This, out)
#define IConnectionPoint_Advise(This, sink, cookie) (This)->lpVtbl->Advise(This, sink, cookie)
#define IConnectionPoint_Unadvise(This, cookie) (This)->lpVtbl->Unadvise(This, cookie)
#define IConnectionPoint_EnumConnections(This, out) (This)->lpVtbl->EnumConnections(This, out)
#endif
#ifndef IEnumConnectionPoints_Next
#define IEnumConnectionPoints_QueryInterface(This, riid, out) (This)->lpVtbl->QueryInterface(This, riid, out)
#define IEnumConnectionPoints_AddRef(This) (This)->lpVtbl->AddRef(This)
#define IEnumConnectionPoints_Release(This) (This)->lpVtbl->Release(This)
#define IEnumConnectionPoints_Next(This, n, items, fetched) (This)->lpVtbl->Next(This, n, items, fetched)
#define IEnumConnectionPoints_Skip(This, n) (This)->lpVtbl->Skip(This, n)
#define IEnumConnectionPoints_Reset(This) (This)->lpVtbl->Reset(This)
#define IEnumConnectionPoints_Clone(This, out) (This)->lpVtbl->Clone(This, out)
#endif
#ifndef IEnumConnections_Next
#define IEnumConnections_QueryInterface(This, riid, out) (This)->lpVtbl->QueryInterface(This, riid, out)
#define IEnumConnections_AddRef(This) (This)->lpVtbl->AddRef(This)
#define IEnumConnections_Release(This) (This)->lpVtbl->Release(This)
#define IEnumConnections_Next(This, n, items, fetched) (This)->lpVtbl->Next(This, n, items, fetched)
#define IEnumConnections_Skip(This, n) (This)->lpVtbl->Skip(This, n)
#define IEnumConnections_Reset(This) (This)->lpVtbl->Reset(This)
#define IEnumConnections_Clone(This, out) (This)->lpVtbl->Clone(This, out)
#endif
#ifndef IPropertyNotifySink_OnChanged
#define IPropertyNotifySink_QueryInterface(This, riid, out) (This)->lpVtbl->QueryInterface(This, riid, out)
#define IPropertyNotifySink_AddRef(This) (This)->lpVtbl->AddRef(This)
#define IPropertyNotifySink_Release(This) (This)->lpVtbl->Release(This)
#define IPropertyNotifySink_OnChanged(This, dispid) (This)->lpVtbl->OnChanged(This, dispid)
#define IPropertyNotifySink_OnRequestEdit(This, dispid) (This)->lpVtbl->OnRequestEdit(This, dispid)
#endif
#endif

/* clang-format on */

#endif

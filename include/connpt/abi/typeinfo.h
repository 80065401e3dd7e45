/* SPDX-License-Identifier: MIT */
/*
 * connpt/abi/typeinfo.h - ITypeLib, ITypeInfo, their descriptors, and IProvideClassInfo(2),
 * outside Windows
 */
#ifndef CONNPT_ABI_TYPEINFO_H
#define CONNPT_ABI_TYPEINFO_H

#include <connpt/abi/automation.h>

/* clang-format off */

#ifndef __ITypeLib_FWD_DEFINED__
#define __ITypeLib_FWD_DEFINED__
typedef struct ITypeLib ITypeLib;
#endif
#ifndef __ITypeComp_FWD_DEFINED__
#define __ITypeComp_FWD_DEFINED__
typedef struct ITypeComp ITypeComp;
#endif
#ifndef __IProvideClassInfo_FWD_DEFINED__
#define __IProvideClassInfo_FWD_DEFINED__
typedef struct IProvideClassInfo IProvideClassInfo;
#endif
#ifndef __IProvideClassInfo2_FWD_DEFINED__
#define __IProvideClassInfo2_FWD_DEFINED__
typedef struct IProvideClassInfo2 IProvideClassInfo2;
#endif

typedef enum tagTYPEKIND {
    TKIND_ENUM = 0,
    TKIND_RECORD = 1,
    TKIND_MODULE = 2,
    TKIND_INTERFACE = 3,
    TKIND_DISPATCH = 4,
    TKIND_COCLASS = 5,
    TKIND_ALIAS = 6,
    TKIND_UNION = 7,
    TKIND_MAX = 8
} TYPEKIND;

typedef enum tagSYSKIND { SYS_WIN16 = 0, SYS_WIN32 = 1, SYS_MAC = 2, SYS_WIN64 = 3 } SYSKIND;

typedef enum tagCALLCONV {
    CC_FASTCALL = 0,
    CC_CDECL = 1,
    CC_PASCAL = 2,
    CC_MACPASCAL = 3,
    CC_STDCALL = 4,
    CC_FPFASTCALL = 5,
    CC_SYSCALL = 6,
    CC_MPWCDECL = 7,
    CC_MPWPASCAL = 8,
    CC_MAX = 9
} CALLCONV;

typedef enum tagFUNCKIND {
    FUNC_VIRTUAL = 0,
    FUNC_PUREVIRTUAL = 1,
    FUNC_NONVIRTUAL = 2,
    FUNC_STATIC = 3,
    FUNC_DISPATCH = 4
} FUNCKIND;

typedef enum tagINVOKEKIND {
    INVOKE_FUNC = 1,
    INVOKE_PROPERTYGET = 2,
    INVOKE_PROPERTYPUT = 4,
    INVOKE_PROPERTYPUTREF = 8
} INVOKEKIND;

typedef enum tagVARKIND {
    VAR_PERINSTANCE = 0,
    VAR_STATIC = 1,
    VAR_CONST = 2,
    VAR_DISPATCH = 3
} VARKIND;

typedef enum tagDESCKIND {
    DESCKIND_NONE = 0,
    DESCKIND_FUNCDESC = 1,
    DESCKIND_VARDESC = 2,
    DESCKIND_TYPECOMP = 3,
    DESCKIND_IMPLICITAPPOBJ = 4,
    DESCKIND_MAX = 5
} DESCKIND;

#define IMPLTYPEFLAG_FDEFAULT 0x1
#define IMPLTYPEFLAG_FSOURCE 0x2
#define IMPLTYPEFLAG_FRESTRICTED 0x4
#define IMPLTYPEFLAG_FDEFAULTVTABLE 0x8

#define PARAMFLAG_NONE 0x0
#define PARAMFLAG_FIN 0x1
#define PARAMFLAG_FOUT 0x2
#define PARAMFLAG_FLCID 0x4
#define PARAMFLAG_FRETVAL 0x8
#define PARAMFLAG_FOPT 0x10
#define PARAMFLAG_FHASDEFAULT 0x20
#define PARAMFLAG_FHASCUSTDATA 0x40

#define IDLFLAG_NONE PARAMFLAG_NONE
#define IDLFLAG_FIN PARAMFLAG_FIN
#define IDLFLAG_FOUT PARAMFLAG_FOUT
#define IDLFLAG_FLCID PARAMFLAG_FLCID
#define IDLFLAG_FRETVAL PARAMFLAG_FRETVAL

typedef enum tagTYPEFLAGS {
    TYPEFLAG_FAPPOBJECT = 0x1,
    TYPEFLAG_FCANCREATE = 0x2,
    TYPEFLAG_FLICENSED = 0x4,
    TYPEFLAG_FPREDECLID = 0x8,
    TYPEFLAG_FHIDDEN = 0x10,
    TYPEFLAG_FCONTROL = 0x20,
    TYPEFLAG_FDUAL = 0x40,
    TYPEFLAG_FNONEXTENSIBLE = 0x80,
    TYPEFLAG_FOLEAUTOMATION = 0x100,
    TYPEFLAG_FRESTRICTED = 0x200,
    TYPEFLAG_FAGGREGATABLE = 0x400,
    TYPEFLAG_FREPLACEABLE = 0x800,
    TYPEFLAG_FDISPATCHABLE = 0x1000,
    TYPEFLAG_FREVERSEBIND = 0x2000,
    TYPEFLAG_FPROXY = 0x4000
} TYPEFLAGS;

typedef enum tagFUNCFLAGS {
    FUNCFLAG_FRESTRICTED = 0x1,
    FUNCFLAG_FSOURCE = 0x2,
    FUNCFLAG_FBINDABLE = 0x4,
    FUNCFLAG_FREQUESTEDIT = 0x8,
    FUNCFLAG_FDISPLAYBIND = 0x10,
    FUNCFLAG_FDEFAULTBIND = 0x20,
    FUNCFLAG_FHIDDEN = 0x40,
    FUNCFLAG_FUSESGETLASTERROR = 0x80,
    FUNCFLAG_FDEFAULTCOLLELEM = 0x100,
    FUNCFLAG_FUIDEFAULT = 0x200,
    FUNCFLAG_FNONBROWSABLE = 0x400,
    FUNCFLAG_FREPLACEABLE = 0x800,
    FUNCFLAG_FIMMEDIATEBIND = 0x1000
} FUNCFLAGS;

typedef enum tagVARFLAGS {
    VARFLAG_FREADONLY = 0x1,
    VARFLAG_FSOURCE = 0x2,
    VARFLAG_FBINDABLE = 0x4,
    VARFLAG_FHIDDEN = 0x40
} VARFLAGS;

typedef enum tagLIBFLAGS {
    LIBFLAG_FRESTRICTED = 0x1,
    LIBFLAG_FCONTROL = 0x2,
    LIBFLAG_FHIDDEN = 0x4,
    LIBFLAG_FHASDISKIMAGE = 0x8
} LIBFLAGS;

typedef enum tagGUIDKIND { GUIDKIND_DEFAULT_SOURCE_DISP_IID = 1 } GUIDKIND;

struct tagARRAYDESC;
typedef struct tagTYPEDESC {
    __extension__ union {
        struct tagTYPEDESC *lptdesc;   /* VT_PTR, VT_SAFEARRAY */
        struct tagARRAYDESC *lpadesc;  /* VT_CARRAY */
        HREFTYPE hreftype;             /* VT_USERDEFINED */
    };
    VARTYPE vt;
} TYPEDESC;

typedef struct tagARRAYDESC {
    TYPEDESC tdescElem;
    USHORT cDims;
    SAFEARRAYBOUND rgbounds[1]; /* cDims entries */
} ARRAYDESC;

typedef struct tagPARAMDESCEX {
    ULONG cBytes;
    VARIANTARG varDefaultValue;
} PARAMDESCEX;
typedef PARAMDESCEX *LPPARAMDESCEX;

typedef struct tagPARAMDESC {
    LPPARAMDESCEX pparamdescex; /* valid with PARAMFLAG_FHASDEFAULT */
    USHORT wParamFlags;
} PARAMDESC;

typedef struct tagIDLDESC {
    ULONG_PTR dwReserved;
    USHORT wIDLFlags;
} IDLDESC;

typedef struct tagELEMDESC {
    TYPEDESC tdesc;
    __extension__ union {
        IDLDESC idldesc;
        PARAMDESC paramdesc;
    };
} ELEMDESC;

typedef struct tagTYPEATTR {
    GUID guid;
    LCID lcid;
    DWORD dwReserved;
    MEMBERID memidConstructor;
    MEMBERID memidDestructor;
    LPOLESTR lpstrSchema;
    ULONG cbSizeInstance;
    TYPEKIND typekind;
    WORD cFuncs;
    WORD cVars;
    WORD cImplTypes;
    WORD cbSizeVft;   /* bytes */
    WORD cbAlignment; /* bytes */
    WORD wTypeFlags;
    WORD wMajorVerNum;
    WORD wMinorVerNum;
    TYPEDESC tdescAlias;
    IDLDESC idldescType;
} TYPEATTR;
typedef TYPEATTR *LPTYPEATTR;

typedef struct tagFUNCDESC {
    MEMBERID memid;
    SCODE *lprgscode;
    ELEMDESC *lprgelemdescParam; /* cParams entries */
    FUNCKIND funckind;
    INVOKEKIND invkind;
    CALLCONV callconv;
    SHORT cParams;
    SHORT cParamsOpt;
    SHORT oVft; /* bytes */
    SHORT cScodes;
    ELEMDESC elemdescFunc;
    WORD wFuncFlags;
} FUNCDESC;
typedef FUNCDESC *LPFUNCDESC;

typedef struct tagVARDESC {
    MEMBERID memid;
    LPOLESTR lpstrSchema;
    __extension__ union {
        ULONG oInst;        /* VAR_PERINSTANCE: offset in bytes */
        VARIANT *lpvarValue; /* VAR_CONST */
    };
    ELEMDESC elemdescVar;
    WORD wVarFlags;
    VARKIND varkind;
} VARDESC;
typedef VARDESC *LPVARDESC;

typedef struct tagTLIBATTR {
    GUID guid;
    LCID lcid;
    SYSKIND syskind;
    WORD wMajorVerNum;
    WORD wMinorVerNum;
    WORD wLibFlags;
} TLIBATTR;
typedef TLIBATTR *LPTLIBATTR;

/* {00020401-0000-0000-C000-000000000046} */
#ifndef __ITypeInfo_INTERFACE_DEFINED__
#define __ITypeInfo_INTERFACE_DEFINED__
EXTERN_C const IID IID_ITypeInfo;
CONNPT_INTERFACE(ITypeInfo, IUnknown)
{
    CONNPT_IUNKNOWN_METHODS(ITypeInfo)
    CONNPT_METHOD(HRESULT, GetTypeAttr)(CONNPT_THIS_(ITypeInfo) TYPEATTR **ppTypeAttr) CONNPT_PURE;
    CONNPT_METHOD(HRESULT, GetTypeComp)(CONNPT_THIS_(ITypeInfo) ITypeComp **ppTComp) CONNPT_PURE;
    CONNPT_METHOD(HRESULT, GetFuncDesc)(CONNPT_THIS_(ITypeInfo) UINT index, FUNCDESC **ppFuncDesc) CONNPT_PURE;
    CONNPT_METHOD(HRESULT, GetVarDesc)(CONNPT_THIS_(ITypeInfo) UINT index, VARDESC **ppVarDesc) CONNPT_PURE;
    CONNPT_METHOD(HRESULT, GetNames)(CONNPT_THIS_(ITypeInfo) MEMBERID memid, BSTR *rgBstrNames, UINT cMaxNames, UINT *pcNames) CONNPT_PURE;
    CONNPT_METHOD(HRESULT, GetRefTypeOfImplType)(CONNPT_THIS_(ITypeInfo) UINT index, HREFTYPE *pRefType) CONNPT_PURE;
    CONNPT_METHOD(HRESULT, GetImplTypeFlags)(CONNPT_THIS_(ITypeInfo) UINT index, INT *pImplTypeFlags) CONNPT_PURE;
    CONNPT_METHOD(HRESULT, GetIDsOfNames)(CONNPT_THIS_(ITypeInfo) LPOLESTR *rgszNames, UINT cNames, MEMBERID *pMemId) CONNPT_PURE;
    CONNPT_METHOD(HRESULT, Invoke)(CONNPT_THIS_(ITypeInfo) PVOID pvInstance, MEMBERID memid, WORD wFlags, DISPPARAMS *pDispParams, VARIANT *pVarResult, EXCEPINFO *pExcepInfo, UINT *puArgErr) CONNPT_PURE;
    CONNPT_METHOD(HRESULT, GetDocumentation)(CONNPT_THIS_(ITypeInfo) MEMBERID memid, BSTR *pBstrName, BSTR *pBstrDocString, DWORD *pdwHelpContext, BSTR *pBstrHelpFile) CONNPT_PURE;
    CONNPT_METHOD(HRESULT, GetDllEntry)(CONNPT_THIS_(ITypeInfo) MEMBERID memid, INVOKEKIND invKind, BSTR *pBstrDllName, BSTR *pBstrName, WORD *pwOrdinal) CONNPT_PURE;
    CONNPT_METHOD(HRESULT, GetRefTypeInfo)(CONNPT_THIS_(ITypeInfo) HREFTYPE hRefType, ITypeInfo **ppTInfo) CONNPT_PURE;
    CONNPT_METHOD(HRESULT, AddressOfMember)(CONNPT_THIS_(ITypeInfo) MEMBERID memid, INVOKEKIND invKind, PVOID *ppv) CONNPT_PURE;
    CONNPT_METHOD(HRESULT, CreateInstance)(CONNPT_THIS_(ITypeInfo) IUnknown *pUnkOuter, REFIID riid, PVOID *ppvObj) CONNPT_PURE;
    CONNPT_METHOD(HRESULT, GetMops)(CONNPT_THIS_(ITypeInfo) MEMBERID memid, BSTR *pBstrMops) CONNPT_PURE;
    CONNPT_METHOD(HRESULT, GetContainingTypeLib)(CONNPT_THIS_(ITypeInfo) ITypeLib **ppTLib, UINT *pIndex) CONNPT_PURE;
    CONNPT_METHOD(void, ReleaseTypeAttr)(CONNPT_THIS_(ITypeInfo) TYPEATTR *pTypeAttr) CONNPT_PURE;
    CONNPT_METHOD(void, ReleaseFuncDesc)(CONNPT_THIS_(ITypeInfo) FUNCDESC *pFuncDesc) CONNPT_PURE;
    CONNPT_METHOD(void, ReleaseVarDesc)(CONNPT_THIS_(ITypeInfo) VARDESC *pVarDesc) CONNPT_PURE;
};
CONNPT_UUID(ITypeInfo, 0x00020401, 0x0000, 0x0000, 0xc0, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x46)
#endif

/* {00020402-0000-0000-C000-000000000046} */
#ifndef __ITypeLib_INTERFACE_DEFINED__
#define __ITypeLib_INTERFACE_DEFINED__
EXTERN_C const IID IID_ITypeLib;
CONNPT_INTERFACE(ITypeLib, IUnknown)
{
    CONNPT_IUNKNOWN_METHODS(ITypeLib)
    CONNPT_METHOD(UINT, GetTypeInfoCount)(CONNPT_THIS(ITypeLib)) CONNPT_PURE;
    CONNPT_METHOD(HRESULT, GetTypeInfo)(CONNPT_THIS_(ITypeLib) UINT index, ITypeInfo **ppTInfo) CONNPT_PURE;
    CONNPT_METHOD(HRESULT, GetTypeInfoType)(CONNPT_THIS_(ITypeLib) UINT index, TYPEKIND *pTKind) CONNPT_PURE;
    CONNPT_METHOD(HRESULT, GetTypeInfoOfGuid)(CONNPT_THIS_(ITypeLib) REFGUID guid, ITypeInfo **ppTinfo) CONNPT_PURE;
    CONNPT_METHOD(HRESULT, GetLibAttr)(CONNPT_THIS_(ITypeLib) TLIBATTR **ppTLibAttr) CONNPT_PURE;
    CONNPT_METHOD(HRESULT, GetTypeComp)(CONNPT_THIS_(ITypeLib) ITypeComp **ppTComp) CONNPT_PURE;
    CONNPT_METHOD(HRESULT, GetDocumentation)(CONNPT_THIS_(ITypeLib) INT index, BSTR *pBstrName, BSTR *pBstrDocString, DWORD *pdwHelpContext, BSTR *pBstrHelpFile) CONNPT_PURE;
    CONNPT_METHOD(HRESULT, IsName)(CONNPT_THIS_(ITypeLib) LPOLESTR szNameBuf, ULONG lHashVal, BOOL *pfName) CONNPT_PURE;
    CONNPT_METHOD(HRESULT, FindName)(CONNPT_THIS_(ITypeLib) LPOLESTR szNameBuf, ULONG lHashVal, ITypeInfo **ppTInfo, MEMBERID *rgMemId, USHORT *pcFound) CONNPT_PURE;
    CONNPT_METHOD(void, ReleaseTLibAttr)(CONNPT_THIS_(ITypeLib) TLIBATTR *pTLibAttr) CONNPT_PURE;
};
CONNPT_UUID(ITypeLib, 0x00020402, 0x0000, 0x0000, 0xc0, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x46)
#endif

/* {B196B283-BAB4-101A-B69C-00AA00341D07} */
#ifndef __IProvideClassInfo_INTERFACE_DEFINED__
#define __IProvideClassInfo_INTERFACE_DEFINED__
EXTERN_C const IID IID_IProvideClassInfo;
CONNPT_INTERFACE(IProvideClassInfo, IUnknown)
{
    CONNPT_IUNKNOWN_METHODS(IProvideClassInfo)
    CONNPT_METHOD(HRESULT, GetClassInfo)(CONNPT_THIS_(IProvideClassInfo) ITypeInfo **ppTI) CONNPT_PURE;
};
CONNPT_UUID(IProvideClassInfo, 0xb196b283, 0xbab4, 0x101a, 0xb6, 0x9c, 0x00, 0xaa, 0x00, 0x34, 0x1d, 0x07)
#endif

/* {A6BC3AC0-DBAA-11CE-9DE3-00AA004BB851} */
#ifndef __IProvideClassInfo2_INTERFACE_DEFINED__
#define __IProvideClassInfo2_INTERFACE_DEFINED__
EXTERN_C const IID IID_IProvideClassInfo2;
CONNPT_INTERFACE(IProvideClassInfo2, IProvideClassInfo)
{
    CONNPT_IUNKNOWN_METHODS(IProvideClassInfo2)
#if !defined(__cplusplus) || defined(CINTERFACE)
    HRESULT(STDMETHODCALLTYPE *GetClassInfo)(IProvideClassInfo2 *This, ITypeInfo **ppTI);
#endif
    CONNPT_METHOD(HRESULT, GetGUID)(CONNPT_THIS_(IProvideClassInfo2) DWORD dwGuidKind, GUID *pGUID) CONNPT_PURE;
};
CONNPT_UUID(IProvideClassInfo2, 0xa6bc3ac0, 0xdbaa, 0x11ce, 0x9d, 0xe3, 0x00, 0xaa, 0x00, 0x4b, 0xb8, 0x51)
#endif

#if !defined(__cplusplus) || defined(CINTERFACE)
#ifndef ITypeInfo_QueryInterface
#define ITypeInfo_QueryInterface(This, riid, out) (This)->lpVtbl->QueryInterface(This, riid, out)
#define ITypeInfo_AddRef(This) (This)->lpVtbl->AddRef(This)
#define ITypeInfo_Release(This) (This)->lpVtbl->Release(This)
#define ITypeInfo_GetTypeAttr(This, ppTypeAttr) (This)->lpVtbl->GetTypeAttr(This, ppTypeAttr)
#define ITypeInfo_GetTypeComp(This, ppTComp) (This)->lpVtbl->GetTypeComp(This, ppTComp)
#define ITypeInfo_GetFuncDesc(This, index, ppFuncDesc) (This)->lpVtbl->GetFuncDesc(This, index, ppFuncDesc)
#define ITypeInfo_GetVarDesc(This, index, ppVarDesc) (This)->lpVtbl->GetVarDesc(This, index, ppVarDesc)
#define ITypeInfo_GetNames(This, memid, rgBstrNames, cMaxNames, pcNames) (This)->lpVtbl->GetNames(This, memid, rgBstrNames, cMaxNames, pcNames)
#define ITypeInfo_GetRefTypeOfImplType(This, index, pRefType) (This)->lpVtbl->GetRefTypeOfImplType(This, index, pRefType)
#define ITypeInfo_GetImplTypeFlags(This, index, pImplTypeFlags) (This)->lpVtbl->GetImplTypeFlags(This, index, pImplTypeFlags)
#define ITypeInfo_GetIDsOfNames(This, rgszNames, cNames, pMemId) (This)->lpVtbl->GetIDsOfNames(This, rgszNames, cNames, pMemId)
#define ITypeInfo_Invoke(This, pvInstance, memid, wFlags, pDispParams, pVarResult, pExcepInfo, puArgErr) (This)->lpVtbl->Invoke(This, pvInstance, memid, wFlags, pDispParams, pVarResult, pExcepInfo, puArgErr)
#define ITypeInfo_GetDocumentation(This, memid, pBstrName, pBstrDocString, pdwHelpContext, pBstrHelpFile) (This)->lpVtbl->GetDocumentation(This, memid, pBstrName, pBstrDocString, pdwHelpContext, pBstrHelpFile)
#define ITypeInfo_GetDllEntry(This, memid, invKind, pBstrDllName, pBstrName, pwOrdinal) (This)->lpVtbl->GetDllEntry(This, memid, invKind, pBstrDllName, pBstrName, pwOrdinal)
#define ITypeInfo_GetRefTypeInfo(This, hRefType, ppTInfo) (This)->lpVtbl->GetRefTypeInfo(This, hRefType, ppTInfo)
#define ITypeInfo_AddressOfMember(This, memid, invKind, ppv) (This)->lpVtbl->AddressOfMember(This, memid, invKind, ppv)
#define ITypeInfo_CreateInstance(This, pUnkOuter, riid, ppvObj) (This)->lpVtbl->CreateInstance(This, pUnkOuter, riid, ppvObj)
#define ITypeInfo_GetMops(This, memid, pBstrMops) (This)->lpVtbl->GetMops(This, memid, pBstrMops)
#define ITypeInfo_GetContainingTypeLib(This, ppTLib, pIndex) (This)->lpVtbl->GetContainingTypeLib(This, ppTLib, pIndex)
#define ITypeInfo_ReleaseTypeAttr(This, pTypeAttr) (This)->lpVtbl->ReleaseTypeAttr(This, pTypeAttr)
#define ITypeInfo_ReleaseFuncDesc(This, pFuncDesc) (This)->lpVtbl->ReleaseFuncDesc(This, pFuncDesc)
#define ITypeInfo_ReleaseVarDesc(This, pVarDesc) (This)->lpVtbl->ReleaseVarDesc(This, pVarDesc)
#endif
#ifndef ITypeLib_QueryInterface
#define ITypeLib_QueryInterface(This, riid, out) (This)->lpVtbl->QueryInterface(This, riid, out)
#define ITypeLib_AddRef(This) (This)->lpVtbl->AddRef(This)
#define ITypeLib_Release(This) (This)->lpVtbl->Release(This)
#define ITypeLib_GetTypeInfoCount(This) (This)->lpVtbl->GetTypeInfoCount(This)
#define ITypeLib_GetTypeInfo(This, index, ppTInfo) (This)->lpVtbl->GetTypeInfo(This, index, ppTInfo)
#define ITypeLib_GetTypeInfoType(This, index, pTKind) (This)->lpVtbl->GetTypeInfoType(This, index, pTKind)
#define ITypeLib_GetTypeInfoOfGuid(This, guid, ppTinfo) (This)->lpVtbl->GetTypeInfoOfGuid(This, guid, ppTinfo)
#define ITypeLib_GetLibAttr(This, ppTLibAttr) (This)->lpVtbl->GetLibAttr(This, ppTLibAttr)
#define ITypeLib_GetTypeComp(This, ppTComp) (This)->lpVtbl->GetTypeComp(This, ppTComp)
#define ITypeLib_GetDocumentation(This, index, pBstrName, pBstrDocString, pdwHelpContext, pBstrHelpFile) (This)->lpVtbl->GetDocumentation(This, index, pBstrName, pBstrDocString, pdwHelpContext, pBstrHelpFile)
#define ITypeLib_IsName(This, szNameBuf, lHashVal, pfName) (This)->lpVtbl->IsName(This, szNameBuf, lHashVal, pfName)
#define ITypeLib_FindName(This, szNameBuf, lHashVal, ppTInfo, rgMemId, pcFound) (This)->lpVtbl->FindName(This, szNameBuf, lHashVal, ppTInfo, rgMemId, pcFound)
#define ITypeLib_ReleaseTLibAttr(This, pTLibAttr) (This)->lpVtbl->ReleaseTLibAttr(This, pTLibAttr)
#endif
#ifndef IProvideClassInfo_QueryInterface
#define IProvideClassInfo_QueryInterface(This, riid, out) (This)->lpVtbl->QueryInterface(This, riid, out)
#define IProvideClassInfo_AddRef(This) (This)->lpVtbl->AddRef(This)
#define IProvideClassInfo_Release(This) (This)->lpVtbl->Release(This)
#define IProvideClassInfo_GetClassInfo(This, ppTI) (This)->lpVtbl->GetClassInfo(This, ppTI)
#endif
#ifndef IProvideClassInfo2_QueryInterface
#define IProvideClassInfo2_QueryInterface(This, riid, out) (This)->lpVtbl->QueryInterface(This, riid, out)
#define IProvideClassInfo2_AddRef(This) (This)->lpVtbl->AddRef(This)
#define IProvideClassInfo2_Release(This) (This)->lpVtbl->Release(This)
#define IProvideClassInfo2_GetClassInfo(This, ppTI) (This)->lpVtbl->GetClassInfo(This, ppTI)
#define IProvideClassInfo2_GetGUID(This, dwGuidKind, pGUID) (This)->lpVtbl->GetGUID(This, dwGuidKind, pGUID)
#endif
#endif

/* clang-format on */

#endif

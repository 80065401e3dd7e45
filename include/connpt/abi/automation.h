/* SPDX-License-Identifier: MIT */
/*
 * connpt/abi/automation.h - VARIANT, SAFEARRAY, DISPPARAMS, EXCEPINFO and IDispatch, outside
 * Windows. Layouts are Windows' own: VARIANT and DISPPARAMS have 24 bytes on 64-bit targets
 * (16 on 32-bit), EXCEPINFO 64 (32).
 */
#ifndef CONNPT_ABI_AUTOMATION_H
#define CONNPT_ABI_AUTOMATION_H

#include <connpt/abi/unknown.h>

/* clang-format off */

#ifndef __IDispatch_FWD_DEFINED__
#define __IDispatch_FWD_DEFINED__
typedef struct IDispatch IDispatch;
#endif
#ifndef __ITypeInfo_FWD_DEFINED__
#define __ITypeInfo_FWD_DEFINED__
typedef struct ITypeInfo ITypeInfo;
#endif
#ifndef __IRecordInfo_FWD_DEFINED__
#define __IRecordInfo_FWD_DEFINED__
typedef struct IRecordInfo IRecordInfo;
#endif

/* ---- VARTYPE --------------------------------------------------------------------------- */

enum VARENUM {
    VT_EMPTY = 0,
    VT_NULL = 1,
    VT_I2 = 2,
    VT_I4 = 3,
    VT_R4 = 4,
    VT_R8 = 5,
    VT_CY = 6,
    VT_DATE = 7,
    VT_BSTR = 8,
    VT_DISPATCH = 9,
    VT_ERROR = 10,
    VT_BOOL = 11,
    VT_VARIANT = 12,
    VT_UNKNOWN = 13,
    VT_DECIMAL = 14,
    VT_I1 = 16,
    VT_UI1 = 17,
    VT_UI2 = 18,
    VT_UI4 = 19,
    VT_I8 = 20,
    VT_UI8 = 21,
    VT_INT = 22,
    VT_UINT = 23,
    VT_VOID = 24,
    VT_HRESULT = 25,
    VT_PTR = 26,
    VT_SAFEARRAY = 27,
    VT_CARRAY = 28,
    VT_USERDEFINED = 29,
    VT_LPSTR = 30,
    VT_LPWSTR = 31,
    VT_RECORD = 36,
    VT_INT_PTR = 37,
    VT_UINT_PTR = 38,
    VT_FILETIME = 64,
    VT_BLOB = 65,
    VT_CLSID = 72,
    VT_VECTOR = 0x1000,
    VT_ARRAY = 0x2000,
    VT_BYREF = 0x4000,
    VT_RESERVED = 0x8000,
    VT_ILLEGAL = 0xffff,
    VT_TYPEMASK = 0x0fff
};

/* ---- values ---------------------------------------------------------------------------- */

/* Where a wide integer can be had in two parts, these are its lower and its upper bits: on a
 * big-endian machine they lie the other way round. */
#if defined(__BYTE_ORDER__) && __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
#define CONNPT_PARTS(low_type, low, high_type, high)                                               \
    struct {                                                                                       \
        high_type high;                                                                            \
        low_type low;                                                                              \
    }
#else
#define CONNPT_PARTS(low_type, low, high_type, high)                                               \
    struct {                                                                                       \
        low_type low;                                                                              \
        high_type high;                                                                            \
    }
#endif

/* Currency: a 64-bit count of ten-thousandths. */
typedef union tagCY {
    __extension__ CONNPT_PARTS(ULONG, Lo, LONG, Hi);
    LONGLONG int64;
} CY;
typedef CY CURRENCY;

/* A 96-bit integer divided by 10^scale (0..28). */
typedef struct tagDEC {
    USHORT wReserved;
    __extension__ union {
        CONNPT_PARTS(BYTE, scale, BYTE, sign); /* sign: 0 or DECIMAL_NEG */
        USHORT signscale;
    };
    ULONG Hi32;
    __extension__ union {
        CONNPT_PARTS(ULONG, Lo32, ULONG, Mid32);
        ULONGLONG Lo64;
    };
} DECIMAL;
#undef CONNPT_PARTS
#define DECIMAL_NEG ((BYTE)0x80)

typedef struct tagSAFEARRAYBOUND {
    ULONG cElements;
    LONG lLbound;
} SAFEARRAYBOUND;

typedef struct tagSAFEARRAY {
    USHORT cDims;
    USHORT fFeatures;   /* FADF_ flags */
    ULONG cbElements;   /* bytes of one element */
    ULONG cLocks;
    PVOID pvData;
    SAFEARRAYBOUND rgsabound[1]; /* cDims entries, last dimension first */
} SAFEARRAY;
typedef SAFEARRAY *LPSAFEARRAY;

#define FADF_AUTO 0x0001
#define FADF_STATIC 0x0002
#define FADF_EMBEDDED 0x0004
#define FADF_FIXEDSIZE 0x0010
#define FADF_RECORD 0x0020
#define FADF_HAVEIID 0x0040
#define FADF_HAVEVARTYPE 0x0080
#define FADF_BSTR 0x0100
#define FADF_UNKNOWN 0x0200
#define FADF_DISPATCH 0x0400
#define FADF_VARIANT 0x0800

typedef struct tagVARIANT VARIANT;
typedef VARIANT *LPVARIANT;
typedef VARIANT VARIANTARG;
typedef VARIANTARG *LPVARIANTARG;

__extension__ struct tagVARIANT {
    __extension__ union {
        struct {
            VARTYPE vt;
            WORD wReserved1;
            WORD wReserved2;
            WORD wReserved3;
            union {
                LONGLONG llVal;
                LONG lVal;
                BYTE bVal;
                SHORT iVal;
                FLOAT fltVal;
                DOUBLE dblVal;
                VARIANT_BOOL boolVal;
                SCODE scode;
                CY cyVal;
                DATE date;
                BSTR bstrVal;
                IUnknown *punkVal;
                IDispatch *pdispVal;
                SAFEARRAY *parray;
                BYTE *pbVal;
                SHORT *piVal;
                LONG *plVal;
                LONGLONG *pllVal;
                FLOAT *pfltVal;
                DOUBLE *pdblVal;
                VARIANT_BOOL *pboolVal;
                SCODE *pscode;
                CY *pcyVal;
                DATE *pdate;
                BSTR *pbstrVal;
                IUnknown **ppunkVal;
                IDispatch **ppdispVal;
                SAFEARRAY **pparray;
                VARIANT *pvarVal;
                PVOID byref;
                CHAR cVal;
                USHORT uiVal;
                ULONG ulVal;
                ULONGLONG ullVal;
                INT intVal;
                UINT uintVal;
                DECIMAL *pdecVal;
                CHAR *pcVal;
                USHORT *puiVal;
                ULONG *pulVal;
                ULONGLONG *pullVal;
                INT *pintVal;
                UINT *puintVal;
                struct {
                    PVOID pvRecord;
                    IRecordInfo *pRecInfo;
                };
            };
        };
        DECIMAL decVal; /* VT_DECIMAL: vt lies in its wReserved */
    };
};

#ifndef V_VT
#define V_VT(v) ((v)->vt)
#define V_ISBYREF(v) (V_VT(v) & VT_BYREF)
#define V_ISARRAY(v) (V_VT(v) & VT_ARRAY)
#define V_UI1(v) ((v)->bVal)
#define V_UI1REF(v) ((v)->pbVal)
#define V_I2(v) ((v)->iVal)
#define V_I2REF(v) ((v)->piVal)
#define V_I4(v) ((v)->lVal)
#define V_I4REF(v) ((v)->plVal)
#define V_I8(v) ((v)->llVal)
#define V_I8REF(v) ((v)->pllVal)
#define V_R4(v) ((v)->fltVal)
#define V_R4REF(v) ((v)->pfltVal)
#define V_R8(v) ((v)->dblVal)
#define V_R8REF(v) ((v)->pdblVal)
#define V_I1(v) ((v)->cVal)
#define V_I1REF(v) ((v)->pcVal)
#define V_UI2(v) ((v)->uiVal)
#define V_UI2REF(v) ((v)->puiVal)
#define V_UI4(v) ((v)->ulVal)
#define V_UI4REF(v) ((v)->pulVal)
#define V_UI8(v) ((v)->ullVal)
#define V_UI8REF(v) ((v)->pullVal)
#define V_INT(v) ((v)->intVal)
#define V_INTREF(v) ((v)->pintVal)
#define V_UINT(v) ((v)->uintVal)
#define V_UINTREF(v) ((v)->puintVal)
#define V_CY(v) ((v)->cyVal)
#define V_CYREF(v) ((v)->pcyVal)
#define V_DATE(v) ((v)->date)
#define V_DATEREF(v) ((v)->pdate)
#define V_BSTR(v) ((v)->bstrVal)
#define V_BSTRREF(v) ((v)->pbstrVal)
#define V_DISPATCH(v) ((v)->pdispVal)
#define V_DISPATCHREF(v) ((v)->ppdispVal)
#define V_ERROR(v) ((v)->scode)
#define V_ERRORREF(v) ((v)->pscode)
#define V_BOOL(v) ((v)->boolVal)
#define V_BOOLREF(v) ((v)->pboolVal)
#define V_UNKNOWN(v) ((v)->punkVal)
#define V_UNKNOWNREF(v) ((v)->ppunkVal)
#define V_VARIANTREF(v) ((v)->pvarVal)
#define V_ARRAY(v) ((v)->parray)
#define V_ARRAYREF(v) ((v)->pparray)
#define V_BYREF(v) ((v)->byref)
#define V_DECIMAL(v) ((v)->decVal)
#define V_DECIMALREF(v) ((v)->pdecVal)
#define V_RECORD(v) ((v)->pvRecord)
#define V_RECORDINFO(v) ((v)->pRecInfo)
#endif

/* Flags of VariantChangeType. */
#ifndef VARIANT_NOVALUEPROP
#define VARIANT_NOVALUEPROP 0x01    /* do not ask an object for its default property */
#define VARIANT_ALPHABOOL 0x02      /* VT_BOOL as "True" and "False", not "-1" and "0" */
#define VARIANT_NOUSEROVERRIDE 0x04 /* no effect outside Windows */
#define VARIANT_LOCALBOOL 0x10      /* as VARIANT_ALPHABOOL */
#endif

/* ---- calls ----------------------------------------------------------------------------- */

typedef struct tagDISPPARAMS {
    VARIANTARG *rgvarg;         /* cArgs entries, last argument first */
    DISPID *rgdispidNamedArgs;  /* cNamedArgs entries */
    UINT cArgs;
    UINT cNamedArgs;
} DISPPARAMS;

typedef struct tagEXCEPINFO {
    WORD wCode;
    WORD wReserved;
    BSTR bstrSource;      /* freed by the caller of Invoke */
    BSTR bstrDescription; /* freed by the caller of Invoke */
    BSTR bstrHelpFile;    /* freed by the caller of Invoke */
    DWORD dwHelpContext;
    PVOID pvReserved;
    HRESULT(STDMETHODCALLTYPE *pfnDeferredFillIn)(struct tagEXCEPINFO *);
    SCODE scode;
} EXCEPINFO;
typedef EXCEPINFO *LPEXCEPINFO;

#define DISPATCH_METHOD 0x1
#define DISPATCH_PROPERTYGET 0x2
#define DISPATCH_PROPERTYPUT 0x4
#define DISPATCH_PROPERTYPUTREF 0x8

#define DISPID_UNKNOWN (-1)
#define DISPID_VALUE 0
#define DISPID_PROPERTYPUT (-3)
#define DISPID_NEWENUM (-4)
#define MEMBERID_NIL DISPID_UNKNOWN

#ifndef LOCALE_USER_DEFAULT
#define LOCALE_USER_DEFAULT 0x0400
#endif
#ifndef LOCALE_SYSTEM_DEFAULT
#define LOCALE_SYSTEM_DEFAULT 0x0800
#endif
#ifndef LOCALE_NEUTRAL
#define LOCALE_NEUTRAL 0x0000
#endif

EXTERN_C const IID IID_NULL;
#ifndef GUID_NULL
EXTERN_C const GUID GUID_NULL;
#endif

/* {00020400-0000-0000-C000-000000000046} */
#ifndef __IDispatch_INTERFACE_DEFINED__
#define __IDispatch_INTERFACE_DEFINED__
EXTERN_C const IID IID_IDispatch;
#define CONNPT_IDISPATCH_SLOTS(name) \
    CONNPT_METHOD(HRESULT, GetTypeInfoCount)(CONNPT_THIS_(name) UINT *pctinfo) CONNPT_PURE; \
    CONNPT_METHOD(HRESULT, GetTypeInfo)(CONNPT_THIS_(name) UINT iTInfo, LCID lcid, ITypeInfo **ppTInfo) CONNPT_PURE; \
    CONNPT_METHOD(HRESULT, GetIDsOfNames)(CONNPT_THIS_(name) REFIID riid, LPOLESTR *rgszNames, UINT cNames, LCID lcid, DISPID *rgDispId) CONNPT_PURE; \
    CONNPT_METHOD(HRESULT, Invoke)(CONNPT_THIS_(name) DISPID dispIdMember, REFIID riid, LCID lcid, WORD wFlags, DISPPARAMS *pDispParams, VARIANT *pVarResult, EXCEPINFO *pExcepInfo, UINT *puArgErr) CONNPT_PURE;
CONNPT_INTERFACE(IDispatch, IUnknown)
{
    CONNPT_IUNKNOWN_METHODS(IDispatch)
    CONNPT_IDISPATCH_SLOTS(IDispatch)
};
CONNPT_UUID(IDispatch, 0x00020400, 0x0000, 0x0000, 0xc0, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x46)
#endif

#if !defined(__cplusplus) || defined(CINTERFACE)
#ifndef IDispatch_Invoke
#define IDispatch_QueryInterface(This, riid, out) (This)->lpVtbl->QueryInterface(This, riid, out)
#define IDispatch_AddRef(This) (This)->lpVtbl->AddRef(This)
#define IDispatch_Release(This) (This)->lpVtbl->Release(This)
#define IDispatch_GetTypeInfoCount(This, count) (This)->lpVtbl->GetTypeInfoCount(This, count)
#define IDispatch_GetTypeInfo(This, i, lcid, out) (This)->lpVtbl->GetTypeInfo(This, i, lcid, out)
#define IDispatch_GetIDsOfNames(This, riid, names, n, lcid, ids) (This)->lpVtbl->GetIDsOfNames(This, riid, names, n, lcid, ids)
#define IDispatch_Invoke(This, id, riid, lcid, flags, params, result, except, arg_err) (This)->lpVtbl->Invoke(This, id, riid, lcid, flags, params, result, except, arg_err)
#endif
#endif

/* clang-format on */

#endif

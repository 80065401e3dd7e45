/* SPDX-License-Identifier: MIT */
/*
 * automation/forward_win32.c - on Windows, BSTR, VARIANT and SAFEARRAY are the system's
 *
 * The system does not check every pointer for NULL. Our promise is the same on both sides.
 */
#include "automation/bstr.h"

HRESULT connpt__bstr_copy(BSTR bstr, BSTR *ret_copy)
{
    BSTR copy = NULL;

    if (bstr != NULL) {
        copy = SysAllocStringByteLen((const char *)bstr, SysStringByteLen(bstr));
        if (copy == NULL)
            return E_OUTOFMEMORY;
    }
    *ret_copy = copy;
    return S_OK;
}

BSTR connpt_SysAllocString(const OLECHAR *text)
{
    return SysAllocString(text);
}

BSTR connpt_SysAllocStringLen(const OLECHAR *text, UINT length)
{
    return SysAllocStringLen(text, length);
}

BSTR connpt_SysAllocStringByteLen(const char *bytes, UINT size)
{
    return SysAllocStringByteLen(bytes, size);
}

INT connpt_SysReAllocString(BSTR *bstr, const OLECHAR *text)
{
    return bstr != NULL && SysReAllocString(bstr, text);
}

INT connpt_SysReAllocStringLen(BSTR *bstr, const OLECHAR *text, UINT length)
{
    return bstr != NULL && SysReAllocStringLen(bstr, text, length);
}

void connpt_SysFreeString(BSTR bstr)
{
    SysFreeString(bstr);
}

UINT connpt_SysStringLen(BSTR bstr)
{
    return SysStringLen(bstr);
}

UINT connpt_SysStringByteLen(BSTR bstr)
{
    return SysStringByteLen(bstr);
}

void connpt_VariantInit(VARIANT *variant)
{
    if (variant != NULL)
        VariantInit(variant);
}

/* A reference, or a reference to a VARIANT that is one, to nothing. */
static int leads_nowhere(const VARIANT *variant)
{
    if (V_VT(variant) == (VT_BYREF | VT_VARIANT) && V_VARIANTREF(variant) != NULL)
        variant = V_VARIANTREF(variant);
    return (V_VT(variant) & VT_BYREF) != 0 && V_BYREF(variant) == NULL;
}

HRESULT connpt_VariantClear(VARIANT *variant)
{
    return variant != NULL ? VariantClear(variant) : E_INVALIDARG;
}

HRESULT connpt_VariantCopy(VARIANT *to, const VARIANT *from)
{
    return to != NULL && from != NULL ? VariantCopy(to, (VARIANT *)from) : E_INVALIDARG;
}

HRESULT connpt_VariantCopyInd(VARIANT *to, const VARIANT *from)
{
    if (to == NULL || from == NULL || leads_nowhere(from))
        return E_INVALIDARG;
    return VariantCopyInd(to, (VARIANT *)from);
}

HRESULT connpt_VariantChangeType(VARIANT *to, const VARIANT *from, USHORT flags, VARTYPE vt)
{
    if (to == NULL || from == NULL)
        return E_INVALIDARG;
    if (leads_nowhere(from))
        return DISP_E_TYPEMISMATCH;
    /* As outside Windows, text does not depend on the user's settings. */
    return VariantChangeTypeEx(to, (VARIANT *)from, LOCALE_INVARIANT, flags, vt);
}

SAFEARRAY *connpt_SafeArrayCreate(VARTYPE vt, UINT dims, SAFEARRAYBOUND *bounds)
{
    return SafeArrayCreate(vt, dims, bounds);
}

SAFEARRAY *connpt_SafeArrayCreateVector(VARTYPE vt, LONG lower_bound, ULONG elements)
{
    return SafeArrayCreateVector(vt, lower_bound, elements);
}

HRESULT connpt_SafeArrayDestroy(SAFEARRAY *array)
{
    return SafeArrayDestroy(array);
}

HRESULT connpt_SafeArrayCopy(SAFEARRAY *array, SAFEARRAY **ret_copy)
{
    return ret_copy != NULL ? SafeArrayCopy(array, ret_copy) : E_INVALIDARG;
}

HRESULT connpt_SafeArrayLock(SAFEARRAY *array)
{
    return SafeArrayLock(array);
}

HRESULT connpt_SafeArrayUnlock(SAFEARRAY *array)
{
    return SafeArrayUnlock(array);
}

HRESULT connpt_SafeArrayAccessData(SAFEARRAY *array, void **ret_data)
{
    return ret_data != NULL ? SafeArrayAccessData(array, ret_data) : E_INVALIDARG;
}

HRESULT connpt_SafeArrayUnaccessData(SAFEARRAY *array)
{
    return SafeArrayUnaccessData(array);
}

UINT connpt_SafeArrayGetDim(SAFEARRAY *array)
{
    return SafeArrayGetDim(array);
}

UINT connpt_SafeArrayGetElemsize(SAFEARRAY *array)
{
    return SafeArrayGetElemsize(array);
}

HRESULT connpt_SafeArrayGetLBound(SAFEARRAY *array, UINT dim, LONG *ret_bound)
{
    return ret_bound != NULL ? SafeArrayGetLBound(array, dim, ret_bound) : E_INVALIDARG;
}

HRESULT connpt_SafeArrayGetUBound(SAFEARRAY *array, UINT dim, LONG *ret_bound)
{
    return ret_bound != NULL ? SafeArrayGetUBound(array, dim, ret_bound) : E_INVALIDARG;
}

HRESULT connpt_SafeArrayGetVartype(SAFEARRAY *array, VARTYPE *ret_vt)
{
    return ret_vt != NULL ? SafeArrayGetVartype(array, ret_vt) : E_INVALIDARG;
}

HRESULT connpt_SafeArrayGetElement(SAFEARRAY *array, LONG *indices, void *ret_value)
{
    if (indices == NULL || ret_value == NULL)
        return E_INVALIDARG;
    return SafeArrayGetElement(array, indices, ret_value);
}

HRESULT connpt_SafeArrayPutElement(SAFEARRAY *array, LONG *indices, void *value)
{
    static const USHORT takes_null = FADF_BSTR | FADF_UNKNOWN | FADF_DISPATCH;

    if (array == NULL || indices == NULL || (value == NULL && !(array->fFeatures & takes_null)))
        return E_INVALIDARG;
    return SafeArrayPutElement(array, indices, value);
}

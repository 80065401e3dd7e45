/* SPDX-License-Identifier: MIT */
/* automation/forward_win32.c - on Windows, BSTR, VARIANT and SAFEARRAY are the system's */
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
    return SysReAllocString(bstr, text);
}

INT connpt_SysReAllocStringLen(BSTR *bstr, const OLECHAR *text, UINT length)
{
    return SysReAllocStringLen(bstr, text, length);
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
    VariantInit(variant);
}

/* The system does not check for NULL everywhere; our promise is the same on both sides. */

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
    return to != NULL && from != NULL ? VariantCopyInd(to, (VARIANT *)from) : E_INVALIDARG;
}

HRESULT connpt_VariantChangeType(VARIANT *to, const VARIANT *from, USHORT flags, VARTYPE vt)
{
    if (to == NULL || from == NULL)
        return E_INVALIDARG;
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
    return SafeArrayCopy(array, ret_copy);
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
    return SafeArrayAccessData(array, ret_data);
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
    return SafeArrayGetLBound(array, dim, ret_bound);
}

HRESULT connpt_SafeArrayGetUBound(SAFEARRAY *array, UINT dim, LONG *ret_bound)
{
    return SafeArrayGetUBound(array, dim, ret_bound);
}

HRESULT connpt_SafeArrayGetVartype(SAFEARRAY *array, VARTYPE *ret_vt)
{
    return SafeArrayGetVartype(array, ret_vt);
}

HRESULT connpt_SafeArrayGetElement(SAFEARRAY *array, LONG *indices, void *ret_value)
{
    return SafeArrayGetElement(array, indices, ret_value);
}

HRESULT connpt_SafeArrayPutElement(SAFEARRAY *array, LONG *indices, void *value)
{
    return SafeArrayPutElement(array, indices, value);
}

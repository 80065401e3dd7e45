/* SPDX-License-Identifier: MIT */
/*
 * automation/variant.c - clearing and copying VARIANTs, outside Windows
 *
 * A VARIANT owns its BSTR, interface or array unless VT_BYREF is set. Copies are made in full
 * before the target is cleared: a copy that fails changes nothing.
 */
#include "automation/variant.h"

#include "automation/bstr.h"
#include "base/mutex.h"

#define VT_EXTRA (VT_VECTOR | VT_ARRAY | VT_BYREF | VT_RESERVED)

HRESULT connpt__vartype_check(VARTYPE vt)
{
    unsigned base = vt & VT_TYPEMASK, extra = vt & VT_EXTRA;

    if ((extra & (VT_VECTOR | VT_RESERVED)) != 0)
        return DISP_E_BADVARTYPE;
    if (base > VT_UINT || base == 15) /* 15 was never given to a type */
        return DISP_E_BADVARTYPE;
    if (extra != 0 && base <= VT_NULL)
        return DISP_E_BADVARTYPE;
    return S_OK;
}

void connpt_VariantInit(VARIANT *variant)
{
    VARIANT empty = { .vt = VT_EMPTY };

    if (variant != NULL)
        *variant = empty;
}

HRESULT connpt_VariantClear(VARIANT *variant)
{
    VARIANT old;
    HRESULT hr;

    if (variant == NULL)
        return E_INVALIDARG;
    hr = connpt__vartype_check(variant->vt);
    if (FAILED(hr))
        return hr;
    old = *variant;
    if ((old.vt & (VT_ARRAY | VT_BYREF)) == VT_ARRAY) {
        hr = connpt_SafeArrayDestroy(old.parray);
        if (FAILED(hr))
            return hr;
    }
    /* Empty before anything is released: the object may look at the variant in its Release. */
    connpt_VariantInit(variant);
    if (old.vt == VT_BSTR) {
        connpt_SysFreeString(old.bstrVal);
    } else if ((old.vt == VT_UNKNOWN || old.vt == VT_DISPATCH) && old.punkVal != NULL) {
        connpt__assert_unlocked();
        IUnknown_Release(old.punkVal);
    }
    return S_OK;
}

/* @ret_copy: uninitialised */
static HRESULT variant_duplicate(const VARIANT *from, VARIANT *ret_copy)
{
    VARIANT copy = *from;
    HRESULT hr = S_OK;

    if ((copy.vt & VT_BYREF) == 0) {
        if ((copy.vt & VT_ARRAY) != 0) {
            hr = connpt_SafeArrayCopy(from->parray, &copy.parray);
        } else if (copy.vt == VT_BSTR) {
            hr = connpt__bstr_copy(from->bstrVal, &copy.bstrVal);
        } else if ((copy.vt == VT_UNKNOWN || copy.vt == VT_DISPATCH) && copy.punkVal != NULL) {
            connpt__assert_unlocked();
            IUnknown_AddRef(copy.punkVal);
        }
    }
    if (SUCCEEDED(hr))
        *ret_copy = copy;
    return hr;
}

/* The end of both kinds of copying: clears @to and moves @value into it, or clears @value. */
static HRESULT variant_replace(VARIANT *to, VARIANT *value)
{
    HRESULT hr = connpt_VariantClear(to);

    if (FAILED(hr))
        (void)connpt_VariantClear(value); /* a fresh copy has no lock that could prevent it */
    else
        *to = *value;
    return hr;
}

HRESULT connpt_VariantCopy(VARIANT *to, const VARIANT *from)
{
    VARIANT copy;
    HRESULT hr;

    if (to == NULL || from == NULL)
        return E_INVALIDARG;
    hr = connpt__vartype_check(from->vt);
    if (FAILED(hr) || to == from)
        return hr;
    hr = variant_duplicate(from, &copy);
    if (FAILED(hr))
        return hr;
    return variant_replace(to, &copy);
}

/* Puts into @value what @from, a reference to anything but a VARIANT, points to. */
static void load_reference(const VARIANT *from, VARIANT *value)
{
    unsigned base = from->vt & VT_TYPEMASK;

    if ((from->vt & VT_ARRAY) != 0) {
        value->parray = *from->pparray;
    } else {
        switch (base) {
        case VT_I1:
        case VT_UI1:
            value->bVal = *from->pbVal;
            break;
        case VT_I2:
        case VT_UI2:
        case VT_BOOL:
            value->iVal = *from->piVal;
            break;
        case VT_I4:
        case VT_UI4:
        case VT_INT:
        case VT_UINT:
        case VT_R4:
        case VT_ERROR:
            value->lVal = *from->plVal;
            break;
        case VT_BSTR:
        case VT_UNKNOWN:
        case VT_DISPATCH:
            value->punkVal = *from->ppunkVal;
            break;
        case VT_DECIMAL:
            value->decVal = *from->pdecVal;
            break;
        default: /* eight bytes: VT_I8, VT_UI8, VT_R8, VT_DATE, VT_CY */
            value->llVal = *from->pllVal;
            break;
        }
    }
    value->vt = from->vt & (VARTYPE)~VT_BYREF; /* last: a DECIMAL lies across it */
}

HRESULT connpt__variant_deref(const VARIANT *variant, VARIANT *ret_borrowed)
{
    VARIANT value = { .vt = VT_EMPTY };
    HRESULT hr = connpt__vartype_check(variant->vt);

    if (SUCCEEDED(hr) && variant->vt == (VT_BYREF | VT_VARIANT)) {
        variant = variant->pvarVal;
        if (variant == NULL || variant->vt == (VT_BYREF | VT_VARIANT))
            return E_INVALIDARG;
        hr = connpt__vartype_check(variant->vt);
    }
    if (FAILED(hr))
        return hr;
    if ((variant->vt & VT_BYREF) == 0) {
        *ret_borrowed = *variant;
        return S_OK;
    }
    if (variant->byref == NULL)
        return E_INVALIDARG;
    load_reference(variant, &value);
    *ret_borrowed = value;
    return S_OK;
}

HRESULT connpt_VariantCopyInd(VARIANT *to, const VARIANT *from)
{
    VARIANT borrowed, copy;
    HRESULT hr;

    if (to == NULL || from == NULL)
        return E_INVALIDARG;
    if ((from->vt & VT_BYREF) == 0)
        return connpt_VariantCopy(to, from);
    hr = connpt__variant_deref(from, &borrowed);
    if (FAILED(hr))
        return E_INVALIDARG; /* as Windows: not DISP_E_BADVARTYPE */
    hr = variant_duplicate(&borrowed, &copy);
    if (FAILED(hr))
        return hr;
    return variant_replace(to, &copy);
}

/* SPDX-License-Identifier: MIT */
/*
 * automation/safearray_element.c - bounds, locks and elements of SAFEARRAYs, outside Windows
 *
 * A lock keeps the array from being destroyed; it does not keep other threads from its elements.
 */
#include "automation/safearray.h"

#include <string.h>

enum { LOCKS_MAX = 65535 };

UINT connpt_SafeArrayGetDim(SAFEARRAY *array)
{
    return array != NULL ? array->cDims : 0;
}

UINT connpt_SafeArrayGetElemsize(SAFEARRAY *array)
{
    return array != NULL ? array->cbElements : 0;
}

/* Dimensions count from 1; the last one is stored first. */
static HRESULT find_bound(SAFEARRAY *array, UINT dim, const SAFEARRAYBOUND **ret_bound)
{
    if (array == NULL)
        return E_INVALIDARG;
    if (dim == 0 || dim > array->cDims)
        return DISP_E_BADINDEX;
    *ret_bound = &array->rgsabound[array->cDims - dim];
    return S_OK;
}

HRESULT connpt_SafeArrayGetLBound(SAFEARRAY *array, UINT dim, LONG *ret_bound)
{
    const SAFEARRAYBOUND *bound;
    HRESULT hr;

    if (ret_bound == NULL)
        return E_INVALIDARG;
    hr = find_bound(array, dim, &bound);
    if (SUCCEEDED(hr))
        *ret_bound = bound->lLbound;
    return hr;
}

HRESULT connpt_SafeArrayGetUBound(SAFEARRAY *array, UINT dim, LONG *ret_bound)
{
    const SAFEARRAYBOUND *bound;
    HRESULT hr;

    if (ret_bound == NULL)
        return E_INVALIDARG;
    hr = find_bound(array, dim, &bound);
    if (SUCCEEDED(hr)) /* without elements, one less than the lower bound */
        *ret_bound = (LONG)((int64_t)bound->lLbound + bound->cElements - 1);
    return hr;
}

/* ---- locks ------------------------------------------------------------------------------- */

HRESULT connpt_SafeArrayLock(SAFEARRAY *array)
{
    if (array == NULL)
        return E_INVALIDARG;
    if (__atomic_add_fetch(&array->cLocks, 1, __ATOMIC_ACQ_REL) > LOCKS_MAX) {
        (void)__atomic_sub_fetch(&array->cLocks, 1, __ATOMIC_ACQ_REL);
        return E_UNEXPECTED;
    }
    return S_OK;
}

HRESULT connpt_SafeArrayUnlock(SAFEARRAY *array)
{
    if (array == NULL)
        return E_INVALIDARG;
    if (__atomic_sub_fetch(&array->cLocks, 1, __ATOMIC_ACQ_REL) == UINT32_MAX) {
        (void)__atomic_add_fetch(&array->cLocks, 1, __ATOMIC_ACQ_REL);
        return E_UNEXPECTED; /* it was not locked */
    }
    return S_OK;
}

HRESULT connpt_SafeArrayAccessData(SAFEARRAY *array, void **ret_data)
{
    HRESULT hr;

    if (array == NULL || ret_data == NULL)
        return E_INVALIDARG;
    hr = connpt_SafeArrayLock(array);
    *ret_data = SUCCEEDED(hr) ? array->pvData : NULL;
    return hr;
}

HRESULT connpt_SafeArrayUnaccessData(SAFEARRAY *array)
{
    return connpt_SafeArrayUnlock(array);
}

/* ---- elements ---------------------------------------------------------------------------- */

/* @indices: one for each dimension, the first dimension's first */
static HRESULT find_element(SAFEARRAY *array, const LONG *indices, char **ret_element)
{
    size_t position = 0, stride = 1;

    if (array == NULL || indices == NULL)
        return E_INVALIDARG;
    if (array->pvData == NULL || array->cDims == 0)
        return DISP_E_BADINDEX;
    for (UINT dim = 1; dim <= array->cDims; dim++) {
        const SAFEARRAYBOUND *bound = &array->rgsabound[array->cDims - dim];
        int64_t index = (int64_t)indices[dim - 1] - bound->lLbound;

        if (index < 0 || index >= bound->cElements)
            return DISP_E_BADINDEX;
        position += (size_t)index * stride;
        stride *= bound->cElements;
    }
    *ret_element = (char *)array->pvData + position * array->cbElements;
    return S_OK;
}

HRESULT connpt_SafeArrayGetElement(SAFEARRAY *array, LONG *indices, void *ret_value)
{
    char *element = NULL;
    VARTYPE owned;
    HRESULT hr;

    if (ret_value == NULL)
        return E_INVALIDARG;
    hr = find_element(array, indices, &element);
    if (FAILED(hr))
        return hr;
    owned = connpt__safearray_owned_type(array);
    if (owned != VT_EMPTY)
        return connpt__safearray_copy_element(owned, ret_value, element);
    memcpy(ret_value, element, array->cbElements);
    return S_OK;
}

/* @value: the BSTR or interface pointer itself; for other types, a pointer to the value */
HRESULT connpt_SafeArrayPutElement(SAFEARRAY *array, LONG *indices, void *value)
{
    VARIANT copy; /* large enough for any owned type */
    char *element = NULL;
    VARTYPE owned;
    HRESULT hr;

    hr = find_element(array, indices, &element);
    if (FAILED(hr))
        return hr;
    owned = connpt__safearray_owned_type(array);
    if (value == NULL && (owned == VT_EMPTY || owned == VT_VARIANT))
        return E_INVALIDARG;
    if (owned == VT_EMPTY) {
        memcpy(element, value, array->cbElements);
        return S_OK;
    }
    hr = connpt__safearray_copy_element(owned, &copy,
                                        owned == VT_VARIANT ? value : (const void *)&value);
    if (FAILED(hr))
        return hr;
    connpt__safearray_clear_element(owned, element);
    memcpy(element, &copy, array->cbElements);
    return S_OK;
}

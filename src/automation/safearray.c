/* SPDX-License-Identifier: MIT */
/*
 * automation/safearray.c - making, copying and destroying SAFEARRAYs, outside Windows
 *
 * The elements lie in one block, the first dimension varying fastest; the array owns the
 * BSTRs, interfaces and VARIANTs in it. The bounds are kept in reverse, last dimension first.
 */
#include "automation/safearray.h"

#include <string.h>

#include "automation/bstr.h"
#include "base/alloc.h"
#include "base/container_of.h"
#include "base/mutex.h"

struct array_block {
    union {
        IID iid;
        struct {
            uint32_t unused[3];
            uint32_t vt;
        } type;
    } hidden;
    SAFEARRAY array;
};

_Static_assert(offsetof(struct array_block, array) == 16, "the type lies right before the array");

#define FADF_OWNED (FADF_BSTR | FADF_UNKNOWN | FADF_DISPATCH | FADF_VARIANT)
/* The memory of these is not the heap's. */
#define FADF_BORROWED (FADF_AUTO | FADF_STATIC | FADF_EMBEDDED)

static struct array_block *block_of(SAFEARRAY *array)
{
    return container_of(array, struct array_block, array);
}

ULONG connpt__safearray_element_size(VARTYPE vt)
{
    switch (vt) {
    case VT_I1:
    case VT_UI1:
        return 1;
    case VT_I2:
    case VT_UI2:
    case VT_BOOL:
        return 2;
    case VT_I4:
    case VT_UI4:
    case VT_INT:
    case VT_UINT:
    case VT_R4:
    case VT_ERROR:
        return 4;
    case VT_I8:
    case VT_UI8:
    case VT_R8:
    case VT_CY:
    case VT_DATE:
        return 8;
    case VT_BSTR:
    case VT_UNKNOWN:
    case VT_DISPATCH:
        return (ULONG)sizeof(void *);
    case VT_VARIANT:
        return (ULONG)sizeof(VARIANT);
    case VT_DECIMAL:
        return (ULONG)sizeof(DECIMAL);
    default:
        return 0;
    }
}

VARTYPE connpt__safearray_owned_type(const SAFEARRAY *array)
{
    if ((array->fFeatures & FADF_BSTR) != 0)
        return VT_BSTR;
    if ((array->fFeatures & FADF_UNKNOWN) != 0)
        return VT_UNKNOWN;
    if ((array->fFeatures & FADF_DISPATCH) != 0)
        return VT_DISPATCH;
    if ((array->fFeatures & FADF_VARIANT) != 0)
        return VT_VARIANT;
    return VT_EMPTY;
}

size_t connpt__safearray_count(const SAFEARRAY *array)
{
    size_t count = 1;

    for (UINT i = 0; i < array->cDims; i++)
        count *= array->rgsabound[i].cElements;
    return count;
}

HRESULT connpt__safearray_copy_element(VARTYPE owned, void *to, const void *from)
{
    IUnknown *object;

    if (owned == VT_BSTR)
        return connpt__bstr_copy(*(const BSTR *)from, to);
    if (owned == VT_VARIANT) {
        connpt_VariantInit(to);
        return connpt_VariantCopy(to, from);
    }
    object = *(IUnknown *const *)from;
    if (object != NULL) {
        connpt__assert_unlocked();
        IUnknown_AddRef(object);
    }
    *(IUnknown **)to = object;
    return S_OK;
}

void connpt__safearray_clear_element(VARTYPE owned, void *element)
{
    void *old = NULL;

    if (owned == VT_VARIANT) {
        (void)connpt_VariantClear(element); /* what cannot be cleared owns nothing of ours */
        return;
    }
    memcpy(&old, element, sizeof old);
    memset(element, 0, sizeof old);
    if (owned == VT_BSTR) {
        connpt_SysFreeString(old);
    } else if (old != NULL) {
        connpt__assert_unlocked();
        IUnknown_Release((IUnknown *)old);
    }
}

static void clear_elements(SAFEARRAY *array)
{
    VARTYPE owned = connpt__safearray_owned_type(array);
    size_t n = connpt__safearray_count(array);
    char *element = array->pvData;

    for (size_t i = 0; owned != VT_EMPTY && element != NULL && i < n; i++) {
        connpt__safearray_clear_element(owned, element);
        element += array->cbElements;
    }
}

/* ---- create ------------------------------------------------------------------------------ */

static USHORT features_of(VARTYPE vt)
{
    switch (vt) {
    case VT_BSTR:
        return FADF_BSTR | FADF_HAVEVARTYPE;
    case VT_UNKNOWN:
        return FADF_UNKNOWN | FADF_HAVEIID;
    case VT_DISPATCH:
        return FADF_DISPATCH | FADF_HAVEIID;
    case VT_VARIANT:
        return FADF_VARIANT | FADF_HAVEVARTYPE;
    default:
        return FADF_HAVEVARTYPE;
    }
}

/* Returns 0 when the elements have more bytes than cbElements and indices can count. */
static int measure(ULONG element_size, UINT dims, const SAFEARRAYBOUND *bounds, size_t *ret_size)
{
    uint64_t size = element_size;

    for (UINT i = 0; i < dims; i++) {
        /* The last index is a LONG. */
        if ((int64_t)bounds[i].lLbound + bounds[i].cElements > (int64_t)INT32_MAX + 1)
            return 0;
        size *= bounds[i].cElements; /* at most 32 bits times 32 bits */
        if (size > UINT32_MAX)
            return 0;
    }
    *ret_size = (size_t)size;
    return 1;
}

/* Zeroed elements. */
SAFEARRAY *connpt_SafeArrayCreate(VARTYPE vt, UINT dims, SAFEARRAYBOUND *bounds)
{
    ULONG element_size = connpt__safearray_element_size(vt);
    struct array_block *block;
    size_t size;

    if (element_size == 0 || dims == 0 || dims > UINT16_MAX || bounds == NULL)
        return NULL;
    if (!measure(element_size, dims, bounds, &size))
        return NULL;
    block = connpt__alloc_zero(sizeof *block + (dims - 1) * sizeof *bounds);
    if (block == NULL)
        return NULL;
    block->array.pvData = connpt__alloc_zero(size);
    if (block->array.pvData == NULL) {
        connpt__free(block);
        return NULL;
    }
    block->array.cDims = (USHORT)dims;
    block->array.fFeatures = features_of(vt);
    block->array.cbElements = element_size;
    for (UINT i = 0; i < dims; i++)
        block->array.rgsabound[i] = bounds[dims - 1 - i];
    if ((block->array.fFeatures & FADF_HAVEIID) != 0)
        block->hidden.iid = vt == VT_UNKNOWN ? IID_IUnknown : IID_IDispatch;
    else
        block->hidden.type.vt = vt;
    return &block->array;
}

SAFEARRAY *connpt_SafeArrayCreateVector(VARTYPE vt, LONG lower_bound, ULONG elements)
{
    SAFEARRAYBOUND bound = { elements, lower_bound };

    return connpt_SafeArrayCreate(vt, 1, &bound);
}

HRESULT connpt_SafeArrayGetVartype(SAFEARRAY *array, VARTYPE *ret_vt)
{
    if (array == NULL || ret_vt == NULL)
        return E_INVALIDARG;
    if ((array->fFeatures & FADF_OWNED) != 0)
        *ret_vt = connpt__safearray_owned_type(array);
    else if ((array->fFeatures & FADF_HAVEVARTYPE) != 0)
        *ret_vt = (VARTYPE)block_of(array)->hidden.type.vt;
    else
        return E_INVALIDARG;
    return S_OK;
}

/* ---- destroy and copy -------------------------------------------------------------------- */

HRESULT connpt_SafeArrayDestroy(SAFEARRAY *array)
{
    if (array == NULL)
        return S_OK;
    if (__atomic_load_n(&array->cLocks, __ATOMIC_ACQUIRE) != 0)
        return DISP_E_ARRAYISLOCKED;
    clear_elements(array);
    if ((array->fFeatures & FADF_BORROWED) != 0)
        return S_OK;
    connpt__free(array->pvData);
    connpt__free(block_of(array));
    return S_OK;
}

static HRESULT copy_elements(const SAFEARRAY *array, SAFEARRAY *copy)
{
    VARTYPE owned = connpt__safearray_owned_type(array);
    size_t n = connpt__safearray_count(array);
    const char *from = array->pvData;
    char *to = copy->pvData;

    if (from == NULL)
        return n == 0 ? S_OK : E_INVALIDARG;
    if (owned == VT_EMPTY) {
        memcpy(to, from, n * array->cbElements);
        return S_OK;
    }
    for (size_t i = 0; i < n; i++) {
        HRESULT hr = connpt__safearray_copy_element(owned, to, from);

        if (FAILED(hr))
            return hr;
        from += array->cbElements;
        to += array->cbElements;
    }
    return S_OK;
}

HRESULT connpt_SafeArrayCopy(SAFEARRAY *array, SAFEARRAY **ret_copy)
{
    SAFEARRAY *copy;
    VARTYPE vt;
    HRESULT hr;

    if (ret_copy == NULL)
        return E_INVALIDARG;
    *ret_copy = NULL;
    if (array == NULL)
        return S_OK;
    hr = connpt_SafeArrayGetVartype(array, &vt);
    if (FAILED(hr))
        return hr;
    if (array->cDims == 0 || array->cbElements != connpt__safearray_element_size(vt))
        return E_INVALIDARG;
    /* The bounds come out reversed, and are put right below. */
    copy = connpt_SafeArrayCreate(vt, array->cDims, array->rgsabound);
    if (copy == NULL)
        return E_OUTOFMEMORY;
    memcpy(copy->rgsabound, array->rgsabound, array->cDims * sizeof array->rgsabound[0]);
    hr = copy_elements(array, copy);
    if (FAILED(hr))
        (void)connpt_SafeArrayDestroy(copy); /* what was copied so far; nobody has locked it */
    else
        *ret_copy = copy;
    return hr;
}

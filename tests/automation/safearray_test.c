/* SPDX-License-Identifier: MIT */
/* tests/automation/safearray_test.c - arrays, their bounds, and what they own */
#include <connpt/automation.h>

#include <string.h>

#include "counted.h"
#include "no_memory.h"
#include "system.h"
#include "t.h"

static BSTR text(const char *utf8)
{
    BSTR bstr = NULL;

    (void)!connpt_bstr_from_utf8(utf8, (size_t)-1, &bstr);
    return bstr;
}

static void a_vector_has_its_bounds_and_zeroed_elements(void)
{
    SAFEARRAY *array = connpt_SafeArrayCreateVector(VT_I4, -2, 5);
    LONG bound = 99, index[1] = { 2 }, value = 99;
    VARTYPE vt = 0;

    if (!CHECK(array != NULL))
        return;
    CHECK_INT(connpt_SafeArrayGetDim(array), 1);
    CHECK_INT(connpt_SafeArrayGetElemsize(array), 4);
    CHECK_HR(connpt_SafeArrayGetLBound(array, 1, &bound), S_OK);
    CHECK_INT(bound, -2);
    CHECK_HR(connpt_SafeArrayGetUBound(array, 1, &bound), S_OK);
    CHECK_INT(bound, 2);
    CHECK_HR(connpt_SafeArrayGetVartype(array, &vt), S_OK);
    CHECK_INT(vt, VT_I4);
    CHECK_HR(connpt_SafeArrayGetElement(array, index, &value), S_OK);
    CHECK_INT(value, 0);
    CHECK_HR(connpt_SafeArrayDestroy(array), S_OK);
}

static void every_element_type_says_what_it_is(void)
{
    static const VARTYPE types[] = { VT_I1,     VT_UI1,     VT_I2,   VT_UI2,     VT_I4,
                                     VT_UI4,    VT_I8,      VT_UI8,  VT_INT,     VT_UINT,
                                     VT_R4,     VT_R8,      VT_CY,   VT_DATE,    VT_BOOL,
                                     VT_ERROR,  VT_DECIMAL, VT_BSTR, VT_UNKNOWN, VT_DISPATCH,
                                     VT_VARIANT };

    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
        SAFEARRAY *array = connpt_SafeArrayCreateVector(types[i], 0, 2), *copy = NULL;
        VARTYPE vt = 0;

        if (!CHECK(array != NULL))
            return;
        CHECK_HR(connpt_SafeArrayGetVartype(array, &vt), S_OK);
        CHECK_INT(vt, types[i]);
        CHECK_HR(connpt_SafeArrayCopy(array, &copy), S_OK);
        CHECK_HR(connpt_SafeArrayGetVartype(copy, &vt), copy != NULL ? S_OK : E_INVALIDARG);
        CHECK_INT(vt, types[i]);
        CHECK_HR(connpt_SafeArrayDestroy(copy), S_OK);
        CHECK_HR(connpt_SafeArrayDestroy(array), S_OK);
    }
}

static void other_types_and_sizes_are_refused(void)
{
    SAFEARRAYBOUND bounds[2] = { { 0x10000, 0 }, { 0x10000, 0 } };

    CHECK_PTR(connpt_SafeArrayCreateVector(VT_EMPTY, 0, 1), NULL);
    CHECK_PTR(connpt_SafeArrayCreateVector(VT_RECORD, 0, 1), NULL);
    CHECK_PTR(connpt_SafeArrayCreateVector(VT_BYREF | VT_I4, 0, 1), NULL);
    if (!BY_SYSTEM) { /* Wine counts the bytes in 32 bits, and makes a small array of a large one */
        CHECK_PTR(connpt_SafeArrayCreateVector(VT_I4, 0, UINT32_MAX), NULL);
        CHECK_PTR(connpt_SafeArrayCreateVector(VT_UI1, INT32_MAX, 2), NULL);
        CHECK_PTR(connpt_SafeArrayCreate(VT_UI1, 2, bounds), NULL);
    }
    CHECK_PTR(connpt_SafeArrayCreate(VT_UI1, 0, bounds), NULL);
    CHECK_PTR(connpt_SafeArrayCreate(VT_UI1, 65536, bounds), NULL);
    CHECK_PTR(connpt_SafeArrayCreate(VT_UI1, 1, NULL), NULL);
}

static void an_array_may_have_no_elements(void)
{
    SAFEARRAY *array = connpt_SafeArrayCreateVector(VT_BSTR, 1, 0), *copy = NULL;
    LONG bound = 9, index[1] = { 1 };
    BSTR bstr;

    if (!CHECK(array != NULL))
        return;
    CHECK_HR(connpt_SafeArrayGetUBound(array, 1, &bound), S_OK);
    CHECK_INT(bound, 0);
    CHECK_HR(connpt_SafeArrayGetElement(array, index, &bstr), DISP_E_BADINDEX);
    CHECK_HR(connpt_SafeArrayCopy(array, &copy), S_OK);
    CHECK_HR(connpt_SafeArrayDestroy(copy), S_OK);
    CHECK_HR(connpt_SafeArrayDestroy(array), S_OK);
}

static void the_first_dimension_varies_fastest(void)
{
    SAFEARRAYBOUND bounds[3] = { { 2, 0 }, { 3, 10 }, { 4, -1 } };
    SAFEARRAY *array = connpt_SafeArrayCreate(VT_I4, 3, bounds);
    LONG n = 0, bound = 0;
    void *data = NULL;

    if (!CHECK(array != NULL))
        return;
    for (LONG k = -1; k < 3; k++) {
        for (LONG j = 10; j < 13; j++) {
            for (LONG i = 0; i < 2; i++, n++) {
                LONG indices[3] = { i, j, k };

                CHECK_HR(connpt_SafeArrayPutElement(array, indices, &n), S_OK);
            }
        }
    }
    CHECK_HR(connpt_SafeArrayAccessData(array, &data), S_OK);
    for (LONG i = 0; i < 24; i++)
        CHECK_INT(((LONG *)data)[i], i);
    CHECK_HR(connpt_SafeArrayUnaccessData(array), S_OK);
    CHECK_HR(connpt_SafeArrayGetLBound(array, 2, &bound), S_OK);
    CHECK_INT(bound, 10);
    CHECK_HR(connpt_SafeArrayGetUBound(array, 3, &bound), S_OK);
    CHECK_INT(bound, 2);
    CHECK_INT(array->rgsabound[0].cElements, 4); /* kept last dimension first */
    CHECK_HR(connpt_SafeArrayDestroy(array), S_OK);
}

static void a_copy_keeps_every_bound(void)
{
    SAFEARRAYBOUND bounds[2] = { { 2, 5 }, { 3, 7 } };
    SAFEARRAY *array = connpt_SafeArrayCreate(VT_I2, 2, bounds), *copy = NULL;
    LONG indices[2] = { 6, 9 }, bound = 0;
    SHORT value = 42;

    if (!CHECK(array != NULL))
        return;
    CHECK_HR(connpt_SafeArrayPutElement(array, indices, &value), S_OK);
    if (CHECK_HR(connpt_SafeArrayCopy(array, &copy), S_OK)) {
        value = 0;
        CHECK_HR(connpt_SafeArrayGetElement(copy, indices, &value), S_OK);
        CHECK_INT(value, 42);
        CHECK_HR(connpt_SafeArrayGetLBound(copy, 1, &bound), S_OK);
        CHECK_INT(bound, 5);
    }
    CHECK_HR(connpt_SafeArrayDestroy(copy), S_OK);
    CHECK_HR(connpt_SafeArrayDestroy(array), S_OK);
}

static void indices_outside_the_bounds_are_refused(void)
{
    SAFEARRAY *array = connpt_SafeArrayCreateVector(VT_UI1, 3, 2);
    LONG index[1], bound;
    BYTE value = 0;

    if (!CHECK(array != NULL))
        return;
    index[0] = 2;
    CHECK_HR(connpt_SafeArrayGetElement(array, index, &value), DISP_E_BADINDEX);
    CHECK_HR(connpt_SafeArrayPutElement(array, index, &value), DISP_E_BADINDEX);
    index[0] = 5;
    CHECK_HR(connpt_SafeArrayGetElement(array, index, &value), DISP_E_BADINDEX);
    index[0] = INT32_MIN;
    CHECK_HR(connpt_SafeArrayGetElement(array, index, &value), DISP_E_BADINDEX);
    CHECK_HR(connpt_SafeArrayGetLBound(array, 0, &bound), DISP_E_BADINDEX);
    CHECK_HR(connpt_SafeArrayGetUBound(array, 2, &bound), DISP_E_BADINDEX);
    CHECK_HR(connpt_SafeArrayDestroy(array), S_OK);
}

static void text_is_copied_in_and_out(void)
{
    SAFEARRAY *array = connpt_SafeArrayCreateVector(VT_BSTR, 0, 2), *copy = NULL;
    LONG index[1] = { 1 };
    BSTR bstr = text("first"), out = NULL;

    if (array == NULL) {
        connpt_SysFreeString(bstr);
        return;
    }
    CHECK_HR(connpt_SafeArrayPutElement(array, index, bstr), S_OK);
    CHECK_HR(connpt_SafeArrayPutElement(array, index, bstr), S_OK); /* the old one is freed */
    connpt_SysFreeString(bstr);
    CHECK_HR(connpt_SafeArrayCopy(array, &copy), S_OK);
    CHECK_HR(connpt_SafeArrayDestroy(array), S_OK);
    if (copy != NULL && CHECK_HR(connpt_SafeArrayGetElement(copy, index, &out), S_OK))
        CHECK_INT(connpt_SysStringLen(out), 5);
    connpt_SysFreeString(out);
    CHECK_HR(connpt_SafeArrayDestroy(copy), S_OK);
}

static void objects_are_counted(void)
{
    struct counted object;
    SAFEARRAY *array = connpt_SafeArrayCreateVector(VT_DISPATCH, 0, 2), *copy = NULL;
    LONG index[1] = { 0 };
    IDispatch *out = NULL;

    counted_init(&object);
    if (!CHECK(array != NULL))
        return;
    CHECK_HR(connpt_SafeArrayPutElement(array, index, &object.IDispatch_iface), S_OK);
    CHECK_INT(object.refs, 2);
    CHECK_HR(connpt_SafeArrayGetElement(array, index, &out), S_OK);
    CHECK_PTR(out, &object.IDispatch_iface);
    CHECK_INT(object.refs, 3);
    IDispatch_Release(out);
    CHECK_HR(connpt_SafeArrayCopy(array, &copy), S_OK);
    CHECK_INT(object.refs, 3);
    CHECK_HR(connpt_SafeArrayPutElement(array, index, NULL), S_OK);
    CHECK_HR(connpt_SafeArrayDestroy(array), S_OK);
    CHECK_HR(connpt_SafeArrayDestroy(copy), S_OK);
    CHECK_INT(object.refs, 1);
}

static void variants_are_copied_in_and_out(void)
{
    SAFEARRAY *array = connpt_SafeArrayCreateVector(VT_VARIANT, 0, 1);
    LONG index[1] = { 0 };
    VARIANT in = connpt_variant_bstr(text("in")), out;

    memset(&out, 0xAA, sizeof out); /* GetElement does not look at it */
    if (array != NULL) {
        CHECK_HR(connpt_SafeArrayPutElement(array, index, &in), S_OK);
        if (CHECK_HR(connpt_SafeArrayGetElement(array, index, &out), S_OK)) {
            CHECK_INT(connpt_SysStringLen(V_BSTR(&out)), 2);
            CHECK_HR(connpt_VariantClear(&out), S_OK);
        }
        CHECK_HR(connpt_SafeArrayPutElement(array, index, NULL), E_INVALIDARG);
    }
    CHECK_HR(connpt_SafeArrayDestroy(array), S_OK);
    CHECK_HR(connpt_VariantClear(&in), S_OK);
}

static void a_locked_array_is_not_destroyed(void)
{
    SAFEARRAY *array = connpt_SafeArrayCreateVector(VT_UI1, 0, 4);
    void *data = NULL;

    if (!CHECK(array != NULL))
        return;
    CHECK_HR(connpt_SafeArrayLock(array), S_OK);
    CHECK_HR(connpt_SafeArrayAccessData(array, &data), S_OK);
    CHECK_PTR(data, array->pvData);
    CHECK_HR(connpt_SafeArrayDestroy(array), DISP_E_ARRAYISLOCKED);
    CHECK_HR(connpt_SafeArrayUnlock(array), S_OK);
    CHECK_HR(connpt_SafeArrayDestroy(array), DISP_E_ARRAYISLOCKED);
    CHECK_HR(connpt_SafeArrayUnaccessData(array), S_OK);
    CHECK_HR(connpt_SafeArrayUnlock(array), E_UNEXPECTED);
    CHECK_HR(connpt_SafeArrayDestroy(array), S_OK);
}

static void locks_have_a_limit(void)
{
    SAFEARRAY *array = connpt_SafeArrayCreateVector(VT_UI1, 0, 4);
    void *data = array;

    if (!CHECK(array != NULL))
        return;
    array->cLocks = 65535;
    CHECK_HR(connpt_SafeArrayLock(array), E_UNEXPECTED);
    CHECK_HR(connpt_SafeArrayAccessData(array, &data), E_UNEXPECTED);
    CHECK_PTR(data, NULL);
    CHECK_INT(array->cLocks, 65535);
    array->cLocks = 0;
    CHECK_HR(connpt_SafeArrayDestroy(array), S_OK);
}

static void a_put_without_memory_keeps_the_element(void)
{
    SAFEARRAY *array, *copy;
    LONG index[1] = { 0 };
    BSTR bstr;

    if (has_its_own_memory())
        return;
    array = copy = connpt_SafeArrayCreateVector(VT_BSTR, 0, 1);
    bstr = text("kept");
    if (array != NULL && SUCCEEDED(connpt_SafeArrayPutElement(array, index, bstr))) {
        BSTR before = *(BSTR *)array->pvData;

        no_memory_begin();
        CHECK_HR(connpt_SafeArrayPutElement(array, index, bstr), E_OUTOFMEMORY);
        CHECK_HR(connpt_SafeArrayCopy(array, &copy), E_OUTOFMEMORY);
        CHECK_PTR(connpt_SafeArrayCreateVector(VT_I4, 0, 1), NULL);
        no_memory_end();
        CHECK_PTR(copy, NULL);
        CHECK_PTR(*(BSTR *)array->pvData, before);
    }
    connpt_SysFreeString(bstr);
    CHECK_HR(connpt_SafeArrayDestroy(array), S_OK);
}

static void arrays_of_others_are_respected(void)
{
    LONG data[2] = { 1, 2 };
    SAFEARRAY own = { .cDims = 1, .fFeatures = FADF_AUTO, .cbElements = 4, .pvData = data };
    SAFEARRAY *copy = NULL;
    LONG index[1] = { 1 }, value = 0;
    VARTYPE vt;

    own.rgsabound[0].cElements = 2;
    CHECK_HR(connpt_SafeArrayGetElement(&own, index, &value), S_OK);
    CHECK_INT(value, 2);
    CHECK_HR(connpt_SafeArrayGetVartype(&own, &vt), E_INVALIDARG);
    /* Its type is unknown: the system copies the bytes, without asking. */
    CHECK_HR(connpt_SafeArrayCopy(&own, &copy), BY_SYSTEM ? S_OK : E_INVALIDARG);
    CHECK_HR(connpt_SafeArrayDestroy(copy), S_OK);
    CHECK_HR(connpt_SafeArrayDestroy(&own), S_OK); /* not freed: it is on the stack */
}

static void missing_arguments_are_refused(void)
{
    SAFEARRAY *array = connpt_SafeArrayCreateVector(VT_UI1, 0, 4), *copy = array;
    LONG bound, index[1] = { 0 };
    void *data;
    VARTYPE vt;

    if (!CHECK(array != NULL))
        return;
    CHECK_HR(connpt_SafeArrayDestroy(NULL), S_OK);
    CHECK_HR(connpt_SafeArrayCopy(NULL, &copy), S_OK);
    CHECK_PTR(copy, NULL);
    CHECK_HR(connpt_SafeArrayCopy(array, NULL), E_INVALIDARG);
    CHECK_HR(connpt_SafeArrayLock(NULL), E_INVALIDARG);
    CHECK_HR(connpt_SafeArrayUnlock(NULL), E_INVALIDARG);
    CHECK_HR(connpt_SafeArrayAccessData(NULL, &data), E_INVALIDARG);
    CHECK_HR(connpt_SafeArrayAccessData(array, NULL), E_INVALIDARG);
    CHECK_HR(connpt_SafeArrayGetLBound(NULL, 1, &bound), E_INVALIDARG);
    CHECK_HR(connpt_SafeArrayGetLBound(array, 1, NULL), E_INVALIDARG);
    CHECK_HR(connpt_SafeArrayGetUBound(array, 1, NULL), E_INVALIDARG);
    CHECK_HR(connpt_SafeArrayGetVartype(NULL, &vt), E_INVALIDARG);
    CHECK_HR(connpt_SafeArrayGetElement(array, NULL, &bound), E_INVALIDARG);
    CHECK_HR(connpt_SafeArrayGetElement(array, index, NULL), E_INVALIDARG);
    CHECK_HR(connpt_SafeArrayPutElement(array, index, NULL), E_INVALIDARG);
    CHECK_INT(connpt_SafeArrayGetDim(NULL), 0);
    CHECK_INT(connpt_SafeArrayGetElemsize(NULL), 0);
    CHECK_HR(connpt_SafeArrayDestroy(array), S_OK);
}

int main(int argc, char **argv)
{
    static const struct t_test tests[] = {
        T(a_vector_has_its_bounds_and_zeroed_elements),
        T(every_element_type_says_what_it_is),
        T(other_types_and_sizes_are_refused),
        T(an_array_may_have_no_elements),
        T(the_first_dimension_varies_fastest),
        T(a_copy_keeps_every_bound),
        T(indices_outside_the_bounds_are_refused),
        T(text_is_copied_in_and_out),
        T(objects_are_counted),
        T(variants_are_copied_in_and_out),
        T(a_locked_array_is_not_destroyed),
        T(locks_have_a_limit),
        T(a_put_without_memory_keeps_the_element),
        T(arrays_of_others_are_respected),
        T(missing_arguments_are_refused),
        T_END,
    };

    return t_run(argc, argv, tests);
}

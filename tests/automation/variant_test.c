/* SPDX-License-Identifier: MIT */
/* tests/automation/variant_test.c - what VARIANTs own, and how they are copied */
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

static void init_makes_an_empty_variant_of_any_bytes(void)
{
    VARIANT v;

    memset(&v, 0xAA, sizeof v);
    connpt_VariantInit(&v);
    CHECK_INT(V_VT(&v), VT_EMPTY);
    CHECK_HR(connpt_VariantClear(&v), S_OK);
}

static void clear_releases_what_is_owned(void)
{
    struct counted object;
    VARIANT v;

    counted_init(&object);
    v = connpt_variant_dispatch(&object.IDispatch_iface);
    IDispatch_AddRef(&object.IDispatch_iface);
    CHECK_HR(connpt_VariantClear(&v), S_OK);
    CHECK_INT(object.refs, 1);
    CHECK_INT(V_VT(&v), VT_EMPTY);
    v = connpt_variant_bstr(text("owned")); /* a leak would fail the test */
    CHECK_HR(connpt_VariantClear(&v), S_OK);
    v = connpt_variant_unknown(NULL);
    CHECK_HR(connpt_VariantClear(&v), S_OK);
    V_VT(&v) = VT_ARRAY | VT_I4;
    V_ARRAY(&v) = connpt_SafeArrayCreateVector(VT_I4, 0, 3);
    CHECK_HR(connpt_VariantClear(&v), S_OK);
}

static void clear_leaves_what_is_referred_to(void)
{
    BSTR bstr = text("mine");
    VARIANT v = connpt_variant_ref(VT_BSTR, &bstr);

    CHECK_HR(connpt_VariantClear(&v), S_OK);
    CHECK_INT(connpt_SysStringLen(bstr), 4);
    connpt_SysFreeString(bstr);
}

static void clear_refuses_types_that_no_variant_has(void)
{
    static const VARTYPE bad[] = { 15,
                                   VT_VOID,
                                   VT_PTR,
                                   VT_LPWSTR,
                                   VT_RECORD,
                                   VT_ILLEGAL,
                                   VT_VECTOR | VT_I4,
                                   VT_RESERVED | VT_I4,
                                   VT_BYREF,
                                   VT_ARRAY,
                                   VT_BYREF | VT_NULL };

    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        VARIANT v = { .vt = bad[i] };

        if (BY_SYSTEM && bad[i] == VT_RECORD) /* there it is a type like others */
            continue;
        CHECK_HR(connpt_VariantClear(&v), DISP_E_BADVARTYPE);
        CHECK_INT(V_VT(&v), bad[i]);
    }
    CHECK_HR(connpt_VariantClear(NULL), E_INVALIDARG);
}

static void a_locked_array_is_not_cleared(void)
{
    SAFEARRAY *array = connpt_SafeArrayCreateVector(VT_I4, 0, 3);
    VARIANT v, other = connpt_variant_i4(1);

    if (!CHECK(array != NULL))
        return;
    V_VT(&v) = VT_ARRAY | VT_I4;
    V_ARRAY(&v) = array;
    CHECK_HR(connpt_SafeArrayLock(array), S_OK);
    CHECK_HR(connpt_VariantClear(&v), DISP_E_ARRAYISLOCKED);
    if (!BY_SYSTEM) { /* Wine forgets the array; the documentation has this code */
        CHECK_HR(connpt_VariantCopy(&v, &other), DISP_E_ARRAYISLOCKED);
        CHECK_HR(connpt_VariantChangeType(&v, &other, 0, VT_BSTR), DISP_E_ARRAYISLOCKED);
    }
    CHECK_PTR(V_ARRAY(&v), array);
    CHECK_HR(connpt_SafeArrayUnlock(array), S_OK);
    CHECK_HR(connpt_VariantClear(&v), S_OK);
}

static void copy_is_deep_for_text_and_counted_for_objects(void)
{
    struct counted object;
    VARIANT from = connpt_variant_bstr(text("deep")), to;

    connpt_VariantInit(&to);
    if (CHECK_HR(connpt_VariantCopy(&to, &from), S_OK)) {
        CHECK(V_BSTR(&to) != V_BSTR(&from));
        CHECK_INT(connpt_SysStringLen(V_BSTR(&to)), 4);
    }
    CHECK_HR(connpt_VariantClear(&from), S_OK);
    counted_init(&object);
    from = connpt_variant_unknown((IUnknown *)&object.IDispatch_iface);
    CHECK_HR(connpt_VariantCopy(&to, &from), S_OK); /* frees the text */
    CHECK_INT(object.refs, 2);
    CHECK_HR(connpt_VariantClear(&to), S_OK);
    CHECK_INT(object.refs, 1);
}

static void copy_of_a_reference_stays_a_reference(void)
{
    LONG value = 7;
    VARIANT from = connpt_variant_ref(VT_I4, &value), to;

    connpt_VariantInit(&to);
    CHECK_HR(connpt_VariantCopy(&to, &from), S_OK);
    CHECK_INT(V_VT(&to), VT_BYREF | VT_I4);
    CHECK_PTR(V_I4REF(&to), &value);
}

static void copy_to_itself_changes_nothing(void)
{
    VARIANT v = connpt_variant_bstr(text("self"));
    BSTR before = V_BSTR(&v);

    CHECK_HR(connpt_VariantCopy(&v, &v), S_OK);
    CHECK_PTR(V_BSTR(&v), before);
    CHECK_HR(connpt_VariantClear(&v), S_OK);
}

static void copy_refuses_bad_types_and_missing_arguments(void)
{
    VARIANT bad = { .vt = 15 }, good = connpt_variant_i4(1);

    CHECK_HR(connpt_VariantCopy(&good, &bad), DISP_E_BADVARTYPE);
    CHECK_INT(V_I4(&good), 1);
    CHECK_HR(connpt_VariantCopy(&bad, &good), DISP_E_BADVARTYPE);
    CHECK_HR(connpt_VariantCopy(NULL, &good), E_INVALIDARG);
    CHECK_HR(connpt_VariantCopy(&good, NULL), E_INVALIDARG);
    CHECK_HR(connpt_VariantCopyInd(NULL, &good), E_INVALIDARG);
    CHECK_HR(connpt_VariantCopyInd(&good, NULL), E_INVALIDARG);
}

static void a_copy_without_memory_leaves_the_target(void)
{
    VARIANT from, to = connpt_variant_i4(5), ref;

    if (has_its_own_memory())
        return;
    from = connpt_variant_bstr(text("long"));
    ref = connpt_variant_ref(VT_BSTR, &V_BSTR(&from));
    if (CHECK(V_BSTR(&from) != NULL)) {
        no_memory_begin();
        CHECK_HR(connpt_VariantCopy(&to, &from), E_OUTOFMEMORY);
        CHECK_HR(connpt_VariantCopyInd(&to, &ref), E_OUTOFMEMORY);
        CHECK_HR(connpt_VariantChangeType(&to, &to, 0, VT_BSTR), E_OUTOFMEMORY);
        no_memory_end();
        CHECK_INT(V_VT(&to), VT_I4);
        CHECK_INT(V_I4(&to), 5);
    }
    CHECK_HR(connpt_VariantClear(&from), S_OK);
}

static void every_kind_of_reference_is_followed(void)
{
    BYTE ui1 = 0xF1;
    SHORT i2 = -2;
    LONG i4 = -4;
    LONGLONG i8 = -8;
    FLOAT r4 = 0.5f;
    double r8 = 0.25;
    VARIANT_BOOL yes = VARIANT_TRUE;
    CY cy = { .int64 = 12345 };
    SCODE error = E_FAIL;
    DECIMAL decimal = { .Lo64 = 99 };
    VARIANT to, ref;

    connpt_VariantInit(&to);
#define FOLLOW(type, variable, member)                                                             \
    ref = connpt_variant_ref(type, &variable);                                                     \
    CHECK_HR(connpt_VariantCopyInd(&to, &ref), S_OK);                                              \
    CHECK_INT(V_VT(&to), type);                                                                    \
    CHECK(memcmp(&member, &variable, sizeof variable) == 0)
    FOLLOW(VT_UI1, ui1, V_UI1(&to));
    FOLLOW(VT_I2, i2, V_I2(&to));
    FOLLOW(VT_I4, i4, V_I4(&to));
    FOLLOW(VT_I8, i8, V_I8(&to));
    FOLLOW(VT_R4, r4, V_R4(&to));
    FOLLOW(VT_R8, r8, V_R8(&to));
    FOLLOW(VT_DATE, r8, V_DATE(&to));
    FOLLOW(VT_BOOL, yes, V_BOOL(&to));
    FOLLOW(VT_CY, cy, V_CY(&to));
    FOLLOW(VT_ERROR, error, V_ERROR(&to));
    ref = connpt_variant_ref(VT_DECIMAL, &decimal);
    CHECK_HR(connpt_VariantCopyInd(&to, &ref), S_OK);
    CHECK_INT(V_VT(&to), VT_DECIMAL);
    CHECK_INT(V_DECIMAL(&to).Lo64, 99);
}

static void references_to_owned_values_are_copied(void)
{
    struct counted object;
    IDispatch *dispatch = &object.IDispatch_iface;
    BSTR bstr = text("abc");
    SAFEARRAY *array = connpt_SafeArrayCreateVector(VT_I4, 0, 2);
    VARIANT ref = connpt_variant_ref(VT_BSTR, &bstr), to;

    counted_init(&object);
    connpt_VariantInit(&to);
    CHECK_HR(connpt_VariantCopyInd(&to, &ref), S_OK);
    CHECK_INT(connpt_SysStringLen(V_BSTR(&to)), 3);
    ref = connpt_variant_ref(VT_DISPATCH, &dispatch);
    CHECK_HR(connpt_VariantCopyInd(&to, &ref), S_OK);
    CHECK_INT(object.refs, 2);
    ref = connpt_variant_ref(VT_ARRAY | VT_I4, &array);
    CHECK_HR(connpt_VariantCopyInd(&to, &ref), S_OK);
    CHECK_INT(object.refs, 1);
    CHECK(V_ARRAY(&to) != array);
    CHECK_HR(connpt_VariantClear(&to), S_OK);
    CHECK_HR(connpt_SafeArrayDestroy(array), S_OK);
    connpt_SysFreeString(bstr);
}

static void a_reference_to_a_variant_is_followed_once_more(void)
{
    LONG value = 6;
    VARIANT inner = connpt_variant_ref(VT_I4, &value);
    VARIANT outer = connpt_variant_ref(VT_VARIANT, &inner);
    VARIANT twice = connpt_variant_ref(VT_VARIANT, &outer), to;

    connpt_VariantInit(&to);
    CHECK_HR(connpt_VariantCopyInd(&to, &outer), S_OK);
    CHECK_INT(V_VT(&to), VT_I4);
    CHECK_INT(V_I4(&to), 6);
    CHECK_HR(connpt_VariantCopyInd(&to, &twice), E_INVALIDARG);
    CHECK_INT(V_I4(&to), 6);
    if (BY_SYSTEM) /* Wine made it VT_EMPTY */
        V_VT(&to) = VT_I4;
    CHECK_HR(connpt_VariantCopyInd(&inner, &to), S_OK); /* no reference: a plain copy */
    CHECK_INT(V_VT(&inner), VT_I4);
}

static void a_reference_can_be_followed_in_place(void)
{
    BSTR bstr = text("here");
    VARIANT v = connpt_variant_ref(VT_BSTR, &bstr);

    if (CHECK_HR(connpt_VariantCopyInd(&v, &v), S_OK)) {
        CHECK_INT(V_VT(&v), VT_BSTR);
        CHECK(V_BSTR(&v) != bstr);
        CHECK_HR(connpt_VariantClear(&v), S_OK);
    }
    connpt_SysFreeString(bstr);
}

static void a_reference_to_nothing_is_refused(void)
{
    VARIANT ref = connpt_variant_ref(VT_I4, NULL), to;

    connpt_VariantInit(&to);
    CHECK_HR(connpt_VariantCopyInd(&to, &ref), E_INVALIDARG);
    CHECK_HR(connpt_VariantChangeType(&to, &ref, 0, VT_I4), DISP_E_TYPEMISMATCH);
    ref = connpt_variant_ref(VT_VARIANT, NULL);
    CHECK_HR(connpt_VariantCopyInd(&to, &ref), E_INVALIDARG);
}

static void constructors_set_type_and_value(void)
{
    VARIANT_BOOL flag = VARIANT_FALSE;
    VARIANT v = connpt_variant_i8(-5);

    CHECK(V_VT(&v) == VT_I8 && V_I8(&v) == -5);
    v = connpt_variant_r8(1.5);
    CHECK(V_VT(&v) == VT_R8 && V_R8(&v) == 1.5);
    v = connpt_variant_bool(2);
    CHECK(V_VT(&v) == VT_BOOL && V_BOOL(&v) == VARIANT_TRUE);
    v = connpt_variant_bool(0);
    CHECK_INT(V_BOOL(&v), VARIANT_FALSE);
    v = connpt_variant_bool_ref(&flag);
    CHECK(V_VT(&v) == (VT_BYREF | VT_BOOL) && V_BOOLREF(&v) == &flag);
}

int main(int argc, char **argv)
{
    static const struct t_test tests[] = {
        T(init_makes_an_empty_variant_of_any_bytes),
        T(clear_releases_what_is_owned),
        T(clear_leaves_what_is_referred_to),
        T(clear_refuses_types_that_no_variant_has),
        T(a_locked_array_is_not_cleared),
        T(copy_is_deep_for_text_and_counted_for_objects),
        T(copy_of_a_reference_stays_a_reference),
        T(copy_to_itself_changes_nothing),
        T(copy_refuses_bad_types_and_missing_arguments),
        T(a_copy_without_memory_leaves_the_target),
        T(every_kind_of_reference_is_followed),
        T(references_to_owned_values_are_copied),
        T(a_reference_to_a_variant_is_followed_once_more),
        T(a_reference_can_be_followed_in_place),
        T(a_reference_to_nothing_is_refused),
        T(constructors_set_type_and_value),
        T_END,
    };

    return t_run(argc, argv, tests);
}

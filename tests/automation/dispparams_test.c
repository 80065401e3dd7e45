/* SPDX-License-Identifier: MIT */
/* tests/automation/dispparams_test.c - finding and converting the arguments of Invoke */
#include <connpt/automation.h>

#include "no_memory.h"
#include "t.h"

static VARIANT missing(void)
{
    VARIANT v = connpt_variant_i4(DISP_E_PARAMNOTFOUND);

    V_VT(&v) = VT_ERROR;
    return v;
}

static void positions_count_from_the_first_declared(void)
{
    VARIANT args[3] = { connpt_variant_i4(30), connpt_variant_i4(20), connpt_variant_i4(10) };
    DISPPARAMS params = { args, NULL, 3, 0 };

    CHECK_PTR(connpt_arg(&params, 0), &args[2]);
    CHECK_PTR(connpt_arg(&params, 1), &args[1]);
    CHECK_PTR(connpt_arg(&params, 2), &args[0]);
    CHECK_PTR(connpt_arg(&params, 3), NULL);
    CHECK_PTR(connpt_arg(&params, UINT32_MAX), NULL);
}

static void named_arguments_are_found_by_their_id(void)
{
    VARIANT args[3] = { connpt_variant_i4(1), connpt_variant_i4(2), connpt_variant_i4(3) };
    DISPID names[2] = { 5, 1 };
    DISPPARAMS params = { args, names, 3, 2 };

    CHECK_PTR(connpt_arg(&params, 0), &args[2]);
    CHECK_PTR(connpt_arg(&params, 1), &args[1]);
    CHECK_PTR(connpt_arg(&params, 5), &args[0]);
    CHECK_PTR(connpt_arg(&params, 2), NULL);
}

static void an_argument_that_was_left_out_is_none(void)
{
    VARIANT args[2] = { missing(), connpt_variant_i4(1) }, value;
    DISPPARAMS params = { args, NULL, 2, 0 };

    CHECK_PTR(connpt_arg(&params, 1), NULL);
    CHECK_HR(connpt_arg_get(&params, 1, VT_I4, &value), DISP_E_PARAMNOTFOUND);
    CHECK_HR(connpt_arg_get(&params, 2, VT_I4, &value), DISP_E_PARAMNOTFOUND);
}

static void parameters_that_make_no_sense_hold_nothing(void)
{
    VARIANT args[1] = { connpt_variant_i4(1) };
    DISPPARAMS params = { args, NULL, 1, 2 };

    CHECK_PTR(connpt_arg(NULL, 0), NULL);
    CHECK_PTR(connpt_arg(&params, 0), NULL);
    params.cNamedArgs = 1; /* without ids */
    CHECK_PTR(connpt_arg(&params, 0), NULL);
    params.cNamedArgs = 0;
    params.rgvarg = NULL;
    CHECK_PTR(connpt_arg(&params, 0), NULL);
}

static void arguments_are_converted_and_references_followed(void)
{
    double real = 2.5;
    VARIANT args[1] = { connpt_variant_ref(VT_R8, &real) }, value;
    DISPPARAMS params = { args, NULL, 1, 0 };

    CHECK_HR(connpt_arg_get(&params, 0, VT_I4, &value), S_OK);
    CHECK_INT(V_I4(&value), 2);
    CHECK_HR(connpt_arg_get(&params, 0, VT_VARIANT, &value), S_OK); /* any type */
    CHECK_INT(V_VT(&value), VT_R8);
    if (CHECK_HR(connpt_arg_get(&params, 0, VT_BSTR, &value), S_OK)) {
        CHECK_INT(connpt_SysStringLen(V_BSTR(&value)), 3);
        CHECK_HR(connpt_VariantClear(&value), S_OK);
    }
}

static void a_conversion_that_fails_writes_nothing(void)
{
    VARIANT args[1] = { connpt_variant_i4(300) }, value = connpt_variant_i4(7);
    DISPPARAMS params = { args, NULL, 1, 0 };

    CHECK_HR(connpt_arg_get(&params, 0, VT_UI1, &value), DISP_E_OVERFLOW);
    CHECK_HR(connpt_arg_get(&params, 0, VT_UNKNOWN, &value), DISP_E_TYPEMISMATCH);
    CHECK_HR(connpt_arg_get(&params, 0, 15, &value), DISP_E_BADVARTYPE);
#ifndef _WIN32 /* there a BSTR is the system's memory */
    no_memory_begin();
    CHECK_HR(connpt_arg_get(&params, 0, VT_BSTR, &value), E_OUTOFMEMORY);
    no_memory_end();
#endif
    CHECK_INT(V_I4(&value), 7);
    CHECK_HR(connpt_arg_get(&params, 0, VT_I4, NULL), E_POINTER);
}

int main(int argc, char **argv)
{
    static const struct t_test tests[] = {
        T(positions_count_from_the_first_declared),
        T(named_arguments_are_found_by_their_id),
        T(an_argument_that_was_left_out_is_none),
        T(parameters_that_make_no_sense_hold_nothing),
        T(arguments_are_converted_and_references_followed),
        T(a_conversion_that_fails_writes_nothing),
        T_END,
    };

    return t_run(argc, argv, tests);
}

/* SPDX-License-Identifier: MIT */
/*
 * typelib/descriptors.h - TYPEATTR, FUNCDESC and VARDESC, as ITypeInfo hands them out
 *
 * Each is one block with everything that its pointers lead to, freed by one connpt__free().
 * A string constant in it lies in the block too, with its length before it, as a BSTR that
 * must not be freed.
 */
#ifndef CONNPT_TYPELIB_DESCRIPTORS_H
#define CONNPT_TYPELIB_DESCRIPTORS_H

#include "typelib/members.h"

HRESULT connpt__typeattr_create(const struct typeinfo *info, TYPEATTR **ret_attr);

/* @as_dispatch: as a dispinterface shows it, see connpt__func_shape */
HRESULT connpt__funcdesc_create(const struct member *member, int as_dispatch, FUNCDESC **ret_desc);

/* index < n_vars */
HRESULT connpt__vardesc_create(const struct typeinfo *info, const struct msft_type *type,
                               uint32_t index, VARDESC **ret_desc);

/*
 * How a function looks to a caller. A dispinterface shows a function of a dual interface, which
 * returns HRESULT, as it is called through Invoke: its last [retval] parameter is the result,
 * or it has none, and an [lcid] at the end is not passed.
 */
struct func_shape {
    uint32_t n_params; /* the first so many */
    int is_changed;    /* 1: the result is as follows */
    int has_result;    /* 1: what the parameter `result` points to; 0: void */
    uint32_t result;
};

struct func_shape connpt__func_shape(const struct msft_func *func, int as_dispatch);

#endif

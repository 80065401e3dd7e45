/* SPDX-License-Identifier: MIT */
/* typelib/member_names.c - what a member, its parameters and its help are called */
#include "typelib/members.h"

#include "typelib/descriptors.h"
#include "typelib/text.h"

/* The parameters that this side shows. */
static HRESULT visible_params(const struct typeinfo *info, const struct member *member,
                              struct msft_func *func, uint32_t *ret_n)
{
    struct msft_type type;
    HRESULT hr = connpt__typeinfo_read(info, &type);

    if (SUCCEEDED(hr))
        hr = connpt__msft_func(&member->type, member->index, func);
    if (SUCCEEDED(hr))
        *ret_n = connpt__func_shape(func, type.kind == TKIND_DISPATCH).n_params;
    return hr;
}

static HRESULT append_name(const struct msft *msft, msft_offset offset, BSTR *names, UINT *n)
{
    struct bytes text;
    HRESULT hr = connpt__msft_name(msft, offset, &text);

    if (SUCCEEDED(hr))
        hr = connpt__text_bstr(text, &names[*n]);
    if (SUCCEEDED(hr) && names[*n] != NULL)
        (*n)++;
    return hr;
}

HRESULT connpt__member_names(const struct typeinfo *info, const struct member *member, BSTR *names,
                             UINT max, UINT *n)
{
    const struct msft *msft = &member->owner->library->msft;
    struct msft_func func;
    uint32_t n_params;
    HRESULT hr =
        append_name(msft, connpt__msft_member_name(&member->type, member->index), names, n);

    if (FAILED(hr) || *n == 0 || !member_is_func(member))
        return hr;
    hr = visible_params(info, member, &func, &n_params);
    for (uint32_t i = 0; SUCCEEDED(hr) && i < n_params && *n < max && *n == i + 1; i++)
        hr = append_name(msft, connpt__msft_param(&func, i).name, names, n);
    return hr;
}

/* The position of a parameter, as named arguments count. */
static HRESULT param_id(const struct msft *msft, const struct msft_func *func, uint32_t n_params,
                        const OLECHAR *name, MEMBERID *ret_id)
{
    for (uint32_t i = 0; i < n_params; i++) {
        struct bytes text;

        if (SUCCEEDED(connpt__msft_name(msft, connpt__msft_param(func, i).name, &text)) &&
            connpt__text_is(text, name)) {
            *ret_id = (MEMBERID)i;
            return S_OK;
        }
    }
    return DISP_E_UNKNOWNNAME;
}

HRESULT connpt__member_param_ids(const struct typeinfo *info, const struct member *member,
                                 LPOLESTR *names, UINT n_names, MEMBERID *ids)
{
    struct msft_func func = { .n_params = 0 };
    uint32_t n_params = 0;
    HRESULT hr = S_OK;

    if (n_names > 0 && member_is_func(member))
        hr = visible_params(info, member, &func, &n_params);
    if (FAILED(hr))
        return hr;
    for (UINT i = 0; i < n_names; i++) {
        if (FAILED(param_id(&member->owner->library->msft, &func, n_params, names[i], &ids[i])))
            hr = DISP_E_UNKNOWNNAME;
    }
    return hr;
}

HRESULT connpt__member_documentation(const struct member *member, struct documentation *of)
{
    HRESULT hr;

    of->name = connpt__msft_member_name(&member->type, member->index);
    if (member_is_func(member)) {
        struct msft_func func;

        hr = connpt__msft_func(&member->type, member->index, &func);
        if (SUCCEEDED(hr)) {
            of->docstring = func.docstring;
            of->help_context = func.help_context;
        }
    } else {
        struct msft_var var;

        hr = connpt__msft_var(&member->type, member->index - member->type.n_funcs, &var);
        if (SUCCEEDED(hr)) {
            of->docstring = var.docstring;
            of->help_context = var.help_context;
        }
    }
    return hr;
}

/* SPDX-License-Identifier: MIT */
/* typelib/members.c - finding the functions and variables of a type, inherited ones included */
#include "typelib/members.h"

#include "typelib/text.h"

void connpt__member_fini(struct member *member)
{
    (void)connpt__library_put(member->owner->library);
}

/* ---- bases ----------------------------------------------------------------------------------- */

/* S_FALSE: a base there may be, but it cannot be had; TYPE_E_ELEMENTNOTFOUND: there is none. */
static HRESULT direct_base(const struct typeinfo *info, const struct msft_type *type,
                           struct typeinfo **ret_base)
{
    HREFTYPE href = type->datatype;
    HRESULT hr;

    if ((type->kind != TKIND_INTERFACE && type->kind != TKIND_DISPATCH) || type->n_impls == 0 ||
        href == (HREFTYPE)-1)
        return TYPE_E_ELEMENTNOTFOUND;
    if (type->kind == TKIND_INTERFACE)
        href |= 2;
    hr = connpt__typeinfo_resolve(info->library, href, ret_base);
    return SUCCEEDED(hr) || hr == E_OUTOFMEMORY ? hr : S_FALSE;
}

HRESULT connpt__typeinfo_base(struct typeinfo *info, unsigned depth, struct typeinfo **ret_base)
{
    if (depth > MAX_BASES)
        return TYPE_E_ELEMENTNOTFOUND;
    connpt__library_get(info->library);
    while (depth-- > 0) {
        struct typeinfo *base = NULL;
        struct msft_type type;
        HRESULT hr = connpt__typeinfo_read(info, &type);

        if (SUCCEEDED(hr))
            hr = direct_base(info, &type, &base);
        (void)connpt__library_put(info->library);
        if (hr != S_OK)
            return hr == S_FALSE ? TYPE_E_CANTLOADLIBRARY : hr;
        info = base;
    }
    *ret_base = info;
    return S_OK;
}

/* ---- by id, by name -------------------------------------------------------------------------- */

/* Whether the index-th member of a type is the one. */
typedef int match_fn(const struct msft *msft, const struct msft_type *type, uint32_t index,
                     const void *key);

static int has_id(const struct msft *msft, const struct msft_type *type, uint32_t index,
                  const void *key)
{
    (void)msft;
    return connpt__msft_member_id(type, index) == *(const MEMBERID *)key;
}

static int has_name(const struct msft *msft, const struct msft_type *type, uint32_t index,
                    const void *key)
{
    struct bytes text;

    return SUCCEEDED(connpt__msft_name(msft, connpt__msft_member_name(type, index), &text)) &&
           connpt__text_is(text, key);
}

static HRESULT find(struct typeinfo *info, match_fn *matches, const void *key,
                    struct member *ret_member)
{
    struct member member = { .owner = info };

    connpt__library_get(info->library);
    for (;; member.depth++) {
        struct typeinfo *base = NULL;
        uint32_t n_members;
        HRESULT hr = connpt__typeinfo_read(member.owner, &member.type);

        n_members = SUCCEEDED(hr) ? (uint32_t)member.type.n_funcs + member.type.n_vars : 0;
        for (member.index = 0; member.index < n_members; member.index++) {
            if (matches(&member.owner->library->msft, &member.type, member.index, key)) {
                *ret_member = member;
                return S_OK;
            }
        }
        if (SUCCEEDED(hr))
            hr = member.depth < MAX_BASES ? direct_base(member.owner, &member.type, &base)
                                          : TYPE_E_ELEMENTNOTFOUND;
        connpt__member_fini(&member);
        if (hr != S_OK)
            return hr == S_FALSE ? TYPE_E_ELEMENTNOTFOUND : hr;
        member.owner = base;
    }
}

HRESULT connpt__member_of_id(struct typeinfo *info, MEMBERID id, struct member *ret_member)
{
    return find(info, has_id, &id, ret_member);
}

HRESULT connpt__member_of_name(struct typeinfo *info, const OLECHAR *name,
                               struct member *ret_member)
{
    return find(info, has_name, name, ret_member);
}

/* ---- by index -------------------------------------------------------------------------------- */

/* A dispinterface and its bases, nearest first. */
struct chain {
    struct member links[MAX_BASES + 1];
    unsigned n;
    uint32_t n_missing; /* functions of the bases that cannot be had */
};

static void chain_fini(struct chain *chain)
{
    while (chain->n > 0)
        connpt__member_fini(&chain->links[--chain->n]);
}

static HRESULT chain_init(struct chain *chain, struct typeinfo *info)
{
    HRESULT hr = S_OK;

    chain->n = 0;
    chain->n_missing = 0;
    connpt__library_get(info->library);
    while (hr == S_OK && chain->n <= MAX_BASES) {
        struct member *link = &chain->links[chain->n];

        link->owner = info;
        link->depth = chain->n++;
        hr = connpt__typeinfo_read(info, &link->type);
        if (SUCCEEDED(hr))
            hr = direct_base(info, &link->type, &info);
        if (hr == S_FALSE)
            chain->n_missing = link->type.n_inherited;
    }
    if (hr == S_OK) /* a loop: the last base that was taken is not looked at */
        (void)connpt__library_put(info->library);
    if (SUCCEEDED(hr) || hr == TYPE_E_ELEMENTNOTFOUND)
        return S_OK;
    chain_fini(chain);
    return hr;
}

static HRESULT find_in_chain(const struct chain *chain, uint32_t index, struct member *ret_member)
{
    if (index < chain->n_missing)
        return TYPE_E_CANTLOADLIBRARY;
    index -= chain->n_missing;
    for (unsigned i = chain->n; i-- > 0;) {
        if (index < chain->links[i].type.n_funcs) {
            *ret_member = chain->links[i];
            ret_member->index = index;
            connpt__library_get(ret_member->owner->library);
            return S_OK;
        }
        index -= chain->links[i].type.n_funcs;
    }
    return TYPE_E_ELEMENTNOTFOUND;
}

HRESULT connpt__member_of_index(struct typeinfo *info, uint32_t index, struct member *ret_member)
{
    struct member own = { .owner = info, .index = index };
    struct chain chain;
    HRESULT hr = connpt__typeinfo_read(info, &own.type);

    if (FAILED(hr))
        return hr;
    if (own.type.kind != TKIND_DISPATCH) {
        if (index >= own.type.n_funcs)
            return TYPE_E_ELEMENTNOTFOUND;
        connpt__library_get(info->library);
        *ret_member = own;
        return S_OK;
    }
    hr = chain_init(&chain, info);
    if (FAILED(hr))
        return hr;
    hr = find_in_chain(&chain, index, ret_member);
    chain_fini(&chain);
    return hr;
}

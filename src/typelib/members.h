/* SPDX-License-Identifier: MIT */
/*
 * typelib/members.h - finding the functions and variables of a type, inherited ones included
 *
 * A base may lie in another library, which is loaded when the search gets there. One that
 * cannot be loaded ends the search as if it had no members.
 */
#ifndef CONNPT_TYPELIB_MEMBERS_H
#define CONNPT_TYPELIB_MEMBERS_H

#include "typelib/library.h"

enum {
    MAX_BASES = 32, /* a longer chain is a loop */
    /* A dispinterface shows its bases' functions as its own. An HREFTYPE in them counts in the
     * base's library; the top byte says how many bases up that is. */
    HREF_DEPTH_SHIFT = 24
};

struct member {
    struct typeinfo *owner; /* one reference, see connpt__member_fini */
    struct msft_type type;  /* the owner's record */
    unsigned depth;         /* how many bases up; 0: the type's own */
    uint32_t index;         /* among the owner's members: functions, then variables */
};

/* The base of an interface or dispinterface, `depth` steps up. Returns one reference.
 * TYPE_E_ELEMENTNOTFOUND: there are not so many. */
HRESULT connpt__typeinfo_base(struct typeinfo *info, unsigned depth, struct typeinfo **ret_base);

/* TYPE_E_ELEMENTNOTFOUND: none. The first function with that id, else the variable. */
HRESULT connpt__member_of_id(struct typeinfo *info, MEMBERID id, struct member *ret_member);
HRESULT connpt__member_of_name(struct typeinfo *info, const OLECHAR *name,
                               struct member *ret_member);

/* The index-th function as the type shows them: a dispinterface's bases come first. */
HRESULT connpt__member_of_index(struct typeinfo *info, uint32_t index, struct member *ret_member);

static inline int member_is_func(const struct member *member)
{
    return member->index < member->type.n_funcs;
}

void connpt__member_fini(struct member *member);

/* ---- member_names.c. `info` is the side that was asked: it decides which parameters show. ---- */

/* The member's own name, then its parameters' up to the first that has none. @names has room
 * for max > 0. *n counts what was written, also on failure. */
HRESULT connpt__member_names(const struct typeinfo *info, const struct member *member, BSTR *names,
                             UINT max, UINT *n);

/* The positions of named parameters. DISP_E_UNKNOWNNAME: ids[] of the unknown ones is untouched. */
HRESULT connpt__member_param_ids(const struct typeinfo *info, const struct member *member,
                                 LPOLESTR *names, UINT n_names, MEMBERID *ids);

HRESULT connpt__member_documentation(const struct member *member, struct documentation *of);

#endif

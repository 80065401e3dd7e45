/* SPDX-License-Identifier: MIT */
/*
 * core/enum_array.h - the part that both enumerators share: a snapshot and a position in it
 *
 * The items lie behind the structure, each with a reference; the enumerator also holds one
 * reference on the object. Next, Skip and Reset move the position atomically, so that threads
 * may share an enumerator; each item is then delivered once.
 */
#ifndef CONNPT_CORE_ENUM_ARRAY_H
#define CONNPT_CORE_ENUM_ARRAY_H

#include <connpt/com.h>

#include "core/object.h"

struct enum_array {
    const void *vtbl;      /* of IEnumConnections or IEnumConnectionPoints */
    struct object *object; /* referenced */
    uint32_t refs;         /* atomic */
    uint32_t n_items;
    uint32_t position; /* 0..n_items; atomic */
};

/* Room for @capacity items; one reference; holds the object. NULL when there is no memory. */
struct enum_array *connpt__enum_array_create(const void *vtbl, struct object *object,
                                             size_t item_size, uint32_t capacity);

/* The items, suitably aligned for pointers. */
static inline void *enum_array_items(struct enum_array *array)
{
    return array + 1;
}

ULONG connpt__enum_array_add_ref(struct enum_array *array);
/* The count that is left; at 0 the caller releases the items, then calls _free. */
ULONG connpt__enum_array_drop_ref(struct enum_array *array);
void connpt__enum_array_free(struct enum_array *array);

/* The bodies of the methods. */
HRESULT connpt__enum_array_query(struct enum_array *array, const IID *own_iid, const IID *iid,
                                 void **out);
/* Checks Next's arguments, reserves up to @wanted items from *ret_start on and reports their
 * number. Returns what Next returns. */
HRESULT connpt__enum_array_next(struct enum_array *array, ULONG wanted, const void *slots,
                                ULONG *fetched, uint32_t *ret_start, uint32_t *ret_taken);
HRESULT connpt__enum_array_skip(struct enum_array *array, ULONG n);
HRESULT connpt__enum_array_reset(struct enum_array *array);

#endif

/* SPDX-License-Identifier: MIT */
/* core/enum_array.c - positions and references of the enumerators */
#include "core/enum_array.h"

#include <connpt/guid.h>

#include "base/alloc.h"
#include "base/atomic.h"

_Static_assert(sizeof(struct enum_array) % sizeof(void *) == 0, "items begin aligned");

struct enum_array *connpt__enum_array_create(const void *vtbl, struct object *object,
                                             size_t item_size, uint32_t capacity)
{
    struct enum_array *array;

    if (capacity > (SIZE_MAX - sizeof *array) / item_size)
        return NULL;
    array = connpt__alloc(sizeof *array + capacity * item_size);
    if (array == NULL)
        return NULL;
    array->vtbl = vtbl;
    array->object = object;
    array->refs = 1;
    array->n_items = 0;
    array->position = 0;
    (void)connpt__object_add_ref(object);
    return array;
}

ULONG connpt__enum_array_add_ref(struct enum_array *array)
{
    return add_relaxed(&array->refs, 1) + 1;
}

ULONG connpt__enum_array_drop_ref(struct enum_array *array)
{
    return sub_acq_rel(&array->refs, 1) - 1;
}

void connpt__enum_array_free(struct enum_array *array)
{
    struct object *object = array->object;

    connpt__free(array);
    (void)connpt__object_release(object);
}

HRESULT connpt__enum_array_query(struct enum_array *array, const IID *own_iid, const IID *iid,
                                 void **out)
{
    if (out == NULL)
        return E_POINTER;
    *out = NULL;
    if (iid == NULL)
        return E_POINTER;
    if (!connpt_guid_equal(iid, &IID_IUnknown) && !connpt_guid_equal(iid, own_iid))
        return E_NOINTERFACE;
    (void)connpt__enum_array_add_ref(array);
    *out = array;
    return S_OK;
}

/* Moves the position by @wanted, or to the end; how far, and from where. */
static uint32_t advance(struct enum_array *array, uint32_t wanted, uint32_t *ret_start)
{
    uint32_t position = load_relaxed(&array->position);
    uint32_t taken;

    do {
        uint32_t left = array->n_items - position;

        taken = wanted < left ? wanted : left;
    } while (!cas_weak_seq(&array->position, &position, position + taken));
    *ret_start = position;
    return taken;
}

HRESULT connpt__enum_array_next(struct enum_array *array, ULONG wanted, const void *slots,
                                ULONG *fetched, uint32_t *ret_start, uint32_t *ret_taken)
{
    *ret_taken = 0;
    if (fetched != NULL)
        *fetched = 0;
    if ((fetched == NULL && wanted != 1) || (slots == NULL && wanted > 0))
        return E_POINTER;
    *ret_taken = advance(array, wanted, ret_start);
    if (fetched != NULL)
        *fetched = *ret_taken;
    return *ret_taken == wanted ? S_OK : S_FALSE;
}

HRESULT connpt__enum_array_skip(struct enum_array *array, ULONG n)
{
    uint32_t start;

    return advance(array, n, &start) == n ? S_OK : S_FALSE;
}

HRESULT connpt__enum_array_reset(struct enum_array *array)
{
    store_seq(&array->position, 0);
    return S_OK;
}

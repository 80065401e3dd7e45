/* SPDX-License-Identifier: MIT */
/*
 * core/enum_connections.c - IEnumConnections: the connections that were there at its creation
 *
 * The snapshot is taken by a fire whose "call" is AddRef: no lock is held then, the sinks are
 * alive, and the connections come in the order of Advise. An item holds what its connection holds
 * (agile.h), so that the snapshot is good in every apartment; Next gives out sinks.
 */
#include <string.h>

#include <connpt/fire.h>

#include "core/agile.h"
#include "core/enum_array.h"

static const IEnumConnectionsVtbl enum_connections_vtbl;

static struct enum_array *array_of(IEnumConnections *iface)
{
    return (struct enum_array *)(void *)iface;
}

static CONNECTDATA *items_of(struct enum_array *array)
{
    return enum_array_items(array);
}

static void release_items(struct enum_array *array)
{
    for (uint32_t i = 0; i < array->n_items; i++)
        held_release(items_of(array)[i].pUnk);
}

static struct enum_array *create(struct object *object, uint32_t capacity)
{
    return connpt__enum_array_create(&enum_connections_vtbl, object, sizeof(CONNECTDATA), capacity);
}

/* A copy with room for @capacity items; the items move, with their references. NULL when there
 * is no memory. */
static struct enum_array *enlarge(struct enum_array *array, uint32_t capacity)
{
    struct enum_array *larger = create(array->object, capacity);

    if (larger == NULL)
        return NULL;
    larger->n_items = array->n_items;
    memcpy(items_of(larger), items_of(array), array->n_items * sizeof(CONNECTDATA));
    array->n_items = 0;
    connpt__enum_array_free(array);
    return larger;
}

HRESULT connpt__enum_connections_create(connpt_point *point, IEnumConnections **ret_enum)
{
    uint32_t capacity = connpt_point_connections(point);
    struct enum_array *array = create(object_of(point->owner), capacity);
    HRESULT hr = S_OK;
    struct connpt_fire walk;
    void *held;

    if (array == NULL)
        return E_OUTOFMEMORY;
    connpt_fire_begin(&walk, point, CONNPT_FIRE_IGNORE);
    while ((held = connpt_fire_next_slot(&walk)) != NULL) {
        if (array->n_items == capacity) {
            struct enum_array *larger;

            capacity += capacity / 2 + 8;
            larger = enlarge(array, capacity);
            if (larger == NULL) {
                hr = E_OUTOFMEMORY;
                break;
            }
            array = larger;
        }
        held_add_ref(held);
        items_of(array)[array->n_items].pUnk = held;
        items_of(array)[array->n_items].dwCookie =
            connpt__list_cookie(point, walk.chunk, fire_slot(walk.live));
        array->n_items++;
    }
    (void)connpt_fire_end(&walk);
    if (FAILED(hr)) {
        release_items(array);
        connpt__enum_array_free(array);
        return hr;
    }
    *ret_enum = (IEnumConnections *)(void *)array;
    return S_OK;
}

static HRESULT STDMETHODCALLTYPE enum_QueryInterface(IEnumConnections *iface, REFIID iid,
                                                     void **out)
{
    return connpt__enum_array_query(array_of(iface), &IID_IEnumConnections, iid, out);
}

static ULONG STDMETHODCALLTYPE enum_AddRef(IEnumConnections *iface)
{
    return connpt__enum_array_add_ref(array_of(iface));
}

static ULONG STDMETHODCALLTYPE enum_Release(IEnumConnections *iface)
{
    struct enum_array *array = array_of(iface);
    ULONG refs = connpt__enum_array_drop_ref(array);

    if (refs == 0) {
        release_items(array);
        connpt__enum_array_free(array);
    }
    return refs;
}

static HRESULT STDMETHODCALLTYPE enum_Next(IEnumConnections *iface, ULONG n, CONNECTDATA *out,
                                           ULONG *fetched)
{
#ifdef _WIN32
    return connpt__agile_next(array_of(iface), n, out, fetched);
#else
    struct enum_array *array = array_of(iface);
    uint32_t start = 0, taken;
    HRESULT hr = connpt__enum_array_next(array, n, out, fetched, &start, &taken);

    for (uint32_t i = 0; i < taken; i++) {
        out[i] = items_of(array)[start + i];
        (void)IUnknown_AddRef(out[i].pUnk);
    }
    return hr;
#endif
}

static HRESULT STDMETHODCALLTYPE enum_Skip(IEnumConnections *iface, ULONG n)
{
    return connpt__enum_array_skip(array_of(iface), n);
}

static HRESULT STDMETHODCALLTYPE enum_Reset(IEnumConnections *iface)
{
    return connpt__enum_array_reset(array_of(iface));
}

static HRESULT STDMETHODCALLTYPE enum_Clone(IEnumConnections *iface, IEnumConnections **out)
{
    struct enum_array *array = array_of(iface);
    struct enum_array *clone;

    if (out == NULL)
        return E_POINTER;
    *out = NULL;
    clone = create(array->object, array->n_items);
    if (clone == NULL)
        return E_OUTOFMEMORY;
    for (uint32_t i = 0; i < array->n_items; i++) {
        items_of(clone)[i] = items_of(array)[i];
        held_add_ref(items_of(clone)[i].pUnk);
    }
    clone->n_items = array->n_items;
    clone->position = load_relaxed(&array->position);
    *out = (IEnumConnections *)(void *)clone;
    return S_OK;
}

static const IEnumConnectionsVtbl enum_connections_vtbl = {
    /* IUnknown */
    .QueryInterface = enum_QueryInterface,
    .AddRef = enum_AddRef,
    .Release = enum_Release,
    /* IEnumConnections */
    .Next = enum_Next,
    .Skip = enum_Skip,
    .Reset = enum_Reset,
    .Clone = enum_Clone,
};

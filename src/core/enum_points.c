/* SPDX-License-Identifier: MIT */
/* core/enum_points.c - IEnumConnectionPoints: the points that were there at its creation */
#include "core/enum_array.h"

static const IEnumConnectionPointsVtbl enum_points_vtbl;

static struct enum_array *array_of(IEnumConnectionPoints *iface)
{
    return (struct enum_array *)(void *)iface;
}

static IConnectionPoint **items_of(struct enum_array *array)
{
    return enum_array_items(array);
}

static struct enum_array *create(struct object *object, uint32_t capacity)
{
    return connpt__enum_array_create(&enum_points_vtbl, object, sizeof(IConnectionPoint *),
                                     capacity);
}

HRESULT connpt__enum_points_create(struct object *object, IEnumConnectionPoints **ret_enum)
{
    uint32_t n_points = connpt__point_set_count(object->points);
    struct enum_array *array;
    connpt_point *point;

    array = create(object, n_points);
    if (array == NULL)
        return E_OUTOFMEMORY;
    /* Points are appended and never leave: the first n_points stay what they are. */
    point = connpt__point_set_first(object->points);
    for (; array->n_items < n_points; array->n_items++) {
        items_of(array)[array->n_items] = connpt_point_iface(point);
        (void)connpt__object_add_ref(object);
        point = connpt__point_set_next(object->points, point);
    }
    *ret_enum = (IEnumConnectionPoints *)(void *)array;
    return S_OK;
}

static HRESULT STDMETHODCALLTYPE enum_QueryInterface(IEnumConnectionPoints *iface, REFIID iid,
                                                     void **out)
{
    return connpt__enum_array_query(array_of(iface), &IID_IEnumConnectionPoints, iid, out);
}

static ULONG STDMETHODCALLTYPE enum_AddRef(IEnumConnectionPoints *iface)
{
    return connpt__enum_array_add_ref(array_of(iface));
}

static ULONG STDMETHODCALLTYPE enum_Release(IEnumConnectionPoints *iface)
{
    struct enum_array *array = array_of(iface);
    ULONG refs = connpt__enum_array_drop_ref(array);

    if (refs == 0) {
        for (uint32_t i = 0; i < array->n_items; i++)
            (void)IConnectionPoint_Release(items_of(array)[i]);
        connpt__enum_array_free(array);
    }
    return refs;
}

static HRESULT STDMETHODCALLTYPE enum_Next(IEnumConnectionPoints *iface, ULONG n,
                                           IConnectionPoint **out, ULONG *fetched)
{
    struct enum_array *array = array_of(iface);
    uint32_t start = 0, taken;
    HRESULT hr = connpt__enum_array_next(array, n, out, fetched, &start, &taken);

    for (uint32_t i = 0; i < taken; i++) {
        out[i] = items_of(array)[start + i];
        (void)IConnectionPoint_AddRef(out[i]);
    }
    return hr;
}

static HRESULT STDMETHODCALLTYPE enum_Skip(IEnumConnectionPoints *iface, ULONG n)
{
    return connpt__enum_array_skip(array_of(iface), n);
}

static HRESULT STDMETHODCALLTYPE enum_Reset(IEnumConnectionPoints *iface)
{
    return connpt__enum_array_reset(array_of(iface));
}

static HRESULT STDMETHODCALLTYPE enum_Clone(IEnumConnectionPoints *iface,
                                            IEnumConnectionPoints **out)
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
        (void)IConnectionPoint_AddRef(items_of(clone)[i]);
    }
    clone->n_items = array->n_items;
    clone->position = load_relaxed(&array->position);
    *out = (IEnumConnectionPoints *)(void *)clone;
    return S_OK;
}

static const IEnumConnectionPointsVtbl enum_points_vtbl = {
    /* IUnknown */
    .QueryInterface = enum_QueryInterface,
    .AddRef = enum_AddRef,
    .Release = enum_Release,
    /* IEnumConnectionPoints */
    .Next = enum_Next,
    .Skip = enum_Skip,
    .Reset = enum_Reset,
    .Clone = enum_Clone,
};

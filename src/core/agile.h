/* SPDX-License-Identifier: MIT */
/*
 * core/agile.h - what a connection holds: mostly its sink, with a reference
 *
 * On Windows a connection of a point with CONNPT_SOURCE_AGILE may hold a struct agile instead,
 * which leads to the sink from any apartment; its address has the bit CONNPT_FIRE_AGILE. What is
 * held stands in the slot of the connection, and in snapshots of it, and nothing but the functions
 * here and the fire loop (<connpt/fire_inline.h>) looks into it. They call foreign code: no lock.
 * (docs/decisions/0018-agile-connections.md)
 */
#ifndef CONNPT_CORE_AGILE_H
#define CONNPT_CORE_AGILE_H

#include <connpt/fire_inline.h>

#include "core/enum_array.h"

#ifdef _WIN32

/*
 * Of a new connection: *held is the sink as its QueryInterface returned it. If it must not be
 * called from other apartments and the point is agile, *held becomes what leads to it. On failure
 * (CONNECT_E_CANNOTCONNECT, E_OUTOFMEMORY) it is as before.
 */
HRESULT connpt__agile_wrap(connpt_point *point, const IID *iid, void **held);

void connpt__agile_add_ref(void *held);
void connpt__agile_release(void *held);

/* IEnumConnections::Next over items that hold what connections hold. */
HRESULT connpt__agile_next(struct enum_array *array, ULONG n, CONNECTDATA *out, ULONG *fetched);

static inline int held_is_agile(const void *held)
{
    return ((uintptr_t)held & CONNPT_FIRE_AGILE) != 0;
}

#else

static inline HRESULT connpt__agile_wrap(connpt_point *point, const IID *iid, void **held)
{
    (void)point, (void)iid, (void)held;
    return S_OK;
}

#endif

static inline void held_add_ref(void *held)
{
#ifdef _WIN32
    if (held_is_agile(held)) {
        connpt__agile_add_ref(held);
        return;
    }
#endif
    (void)IUnknown_AddRef((IUnknown *)held);
}

static inline void held_release(void *held)
{
#ifdef _WIN32
    if (held_is_agile(held)) {
        connpt__agile_release(held);
        return;
    }
#endif
    (void)IUnknown_Release((IUnknown *)held);
}

#endif

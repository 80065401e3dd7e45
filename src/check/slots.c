/* SPDX-License-Identifier: MIT */
/* check/slots.c - a function for each slot, and the tables of them */
#include "slots.h"

#define SLOT(n)                                                                                    \
    static HRESULT STDMETHODCALLTYPE slot_##n(struct sink_face *face)                              \
    {                                                                                              \
        return sink_called(face, n);                                                               \
    }
#define TEN_SLOTS(tens)                                                                            \
    SLOT(tens##0)                                                                                  \
    SLOT(tens##1)                                                                                  \
    SLOT(tens##2)                                                                                  \
    SLOT(tens##3)                                                                                  \
    SLOT(tens##4) SLOT(tens##5) SLOT(tens##6) SLOT(tens##7) SLOT(tens##8) SLOT(tens##9)

/* clang-format off */
SLOT(3) SLOT(4) SLOT(5) SLOT(6) SLOT(7) SLOT(8) SLOT(9)
TEN_SLOTS(1) TEN_SLOTS(2) TEN_SLOTS(3) TEN_SLOTS(4) TEN_SLOTS(5)
SLOT(60) SLOT(61) SLOT(62) SLOT(63)

typedef void (*method)(void);
#define AT(n) (method)slot_##n
#define TEN_AT(tens) \
    AT(tens##0), AT(tens##1), AT(tens##2), AT(tens##3), AT(tens##4), \
    AT(tens##5), AT(tens##6), AT(tens##7), AT(tens##8), AT(tens##9)
#define BEYOND_DISPATCH \
    AT(7), AT(8), AT(9), TEN_AT(1), TEN_AT(2), TEN_AT(3), TEN_AT(4), TEN_AT(5), \
    AT(60), AT(61), AT(62), AT(63)
/* clang-format on */

void (*const sink_slots[])(void) = {
    (method)sink_QueryInterface,
    (method)sink_AddRef,
    (method)sink_Release,
    AT(3),
    AT(4),
    AT(5),
    AT(6),
    BEYOND_DISPATCH,
};

void (*const sink_dispatch_slots[])(void) = {
    (method)sink_QueryInterface,   (method)sink_AddRef,      (method)sink_Release,
    (method)sink_GetTypeInfoCount, (method)sink_GetTypeInfo, (method)sink_GetIDsOfNames,
    (method)sink_Invoke,           BEYOND_DISPATCH,
};

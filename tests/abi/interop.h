/* SPDX-License-Identifier: MIT */
/* abi/interop.h - what the C and the C++ half of interop_test call of each other */
#ifndef CONNPT_TESTS_INTEROP_H
#define CONNPT_TESTS_INTEROP_H

#include "ticker.h"

#ifdef __cplusplus
extern "C" {
#endif

/* A sink written in C++, one reference. Its Release deletes it. */
ITickerSink *cpp_sink_create(void);
/* What it was last called with. */
double cpp_sink_price(ITickerSink *sink);
long cpp_sink_alive(void);

/* Calls every method of a sink as C++ does: by virtual dispatch. Returns what OnTick returned. */
HRESULT cpp_call(ITickerSink *sink, double price, VARIANT_BOOL *cancel);
/* Which slot C++ calls for a method: @table is filled with functions that return their slot. */
LONG cpp_slot_of_Unadvise(IConnectionPoint *point);
LONG cpp_slot_of_Invoke(IDispatch *dispatch);
LONG cpp_slot_of_GetContainingTypeLib(ITypeInfo *info);

/* __uuidof in C++: of the type, and of an expression. */
const IID *cpp_iid_of_sink(void);
const IID *cpp_iid_of_pointer(IConnectionPoint *point);
const CLSID *cpp_clsid_of_ticker(void);

#ifdef __cplusplus
}
#endif

#endif

/* SPDX-License-Identifier: MIT */
/*
 * check/slots.h - method tables that fit any interface
 *
 * The functions take the object and look at no argument. Where the caller removes the arguments
 * from the stack (every system that the library knows but 32-bit Windows) that is a method of any
 * shape. CHECK_ANY_SHAPE says whether it is so.
 */
#ifndef CONNPT_CHECK_SLOTS_H
#define CONNPT_CHECK_SLOTS_H

#include "sink.h"

#if defined(_WIN32) && !defined(_WIN64)
#define CHECK_ANY_SHAPE 0
#else
#define CHECK_ANY_SHAPE 1
#endif

extern void (*const sink_slots[])(void);          /* IUnknown and 61 methods more */
extern void (*const sink_dispatch_slots[])(void); /* IDispatch, and more */

/* A method was called: what it returns. */
HRESULT sink_called(struct sink_face *face, int slot);

HRESULT STDMETHODCALLTYPE sink_QueryInterface(struct sink_face *face, REFIID iid, void **out);
ULONG STDMETHODCALLTYPE sink_AddRef(struct sink_face *face);
ULONG STDMETHODCALLTYPE sink_Release(struct sink_face *face);
HRESULT STDMETHODCALLTYPE sink_GetTypeInfoCount(struct sink_face *face, UINT *count);
HRESULT STDMETHODCALLTYPE sink_GetTypeInfo(struct sink_face *face, UINT index, LCID lcid,
                                           ITypeInfo **info);
HRESULT STDMETHODCALLTYPE sink_GetIDsOfNames(struct sink_face *face, REFIID iid, LPOLESTR *names,
                                             UINT n, LCID lcid, DISPID *ids);
HRESULT STDMETHODCALLTYPE sink_Invoke(struct sink_face *face, DISPID id, REFIID iid, LCID lcid,
                                      WORD flags, DISPPARAMS *params, VARIANT *result,
                                      EXCEPINFO *exception, UINT *wrong);

#endif

/* SPDX-License-Identifier: MIT */
/*
 * harness/thunks.h - the IUnknown methods of each interface of a sink that has several
 *
 *     UNKNOWN_THUNKS(listener, IDispatch)
 *
 * makes IDispatch_query, IDispatch_add_ref and IDispatch_release, which hand on to listener_query,
 * listener_add_ref and listener_release; those take the struct listener, whose field for the
 * interface is IDispatch_iface.
 */
#ifndef CONNPT_TESTS_THUNKS_H
#define CONNPT_TESTS_THUNKS_H

#include <stddef.h>

#include <connpt/com.h>

#define SINK_FROM(sink, iface, Interface)                                                          \
    ((struct sink *)(void *)((char *)(iface)-offsetof(struct sink, Interface##_iface)))

#define UNKNOWN_THUNKS(sink, Interface)                                                            \
    static HRESULT STDMETHODCALLTYPE Interface##_query(Interface *iface, REFIID iid, void **out)   \
    {                                                                                              \
        return sink##_query(SINK_FROM(sink, iface, Interface), iid, out);                          \
    }                                                                                              \
    static ULONG STDMETHODCALLTYPE Interface##_add_ref(Interface *iface)                           \
    {                                                                                              \
        return sink##_add_ref(SINK_FROM(sink, iface, Interface));                                  \
    }                                                                                              \
    static ULONG STDMETHODCALLTYPE Interface##_release(Interface *iface)                           \
    {                                                                                              \
        return sink##_release(SINK_FROM(sink, iface, Interface));                                  \
    }

#endif

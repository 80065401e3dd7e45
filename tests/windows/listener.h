/* SPDX-License-Identifier: MIT */
/*
 * windows/listener.h - a sink for both events of a gauge, that counts and does as it is told
 *
 * It answers IPropertyNotifySink and IDispatch, not the dispinterface's own IID, and hands out a
 * third pointer as its IUnknown. On the stack of a test: its count must be 1 again at the end.
 */
#ifndef CONNPT_TESTS_LISTENER_H
#define CONNPT_TESTS_LISTENER_H

#include <connpt/com.h>

struct listener {
    IUnknown IUnknown_iface;
    IPropertyNotifySink IPropertyNotifySink_iface;
    IDispatch IDispatch_iface;
    LONG refs;                               /* atomic; starts at 1 */
    LONG n_changes, n_events;                /* atomic */
    LONG value;                              /* of the last one */
    DWORD thread;                            /* that the last one came on */
    HRESULT result;                          /* what both return */
    void (*on_event)(struct listener *self); /* may be NULL; for either event */
    void *context;
    HANDLE heard; /* NULL, or an event that each call signals */
};

void listener_init(struct listener *listener);
static inline IUnknown *listener_unknown(struct listener *listener)
{
    return &listener->IUnknown_iface;
}

#endif

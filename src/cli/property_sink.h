/* SPDX-License-Identifier: MIT */
/* cli/property_sink.h - an IPropertyNotifySink that looks like a dispinterface sink */
#ifndef CONNPT_CLI_PROPERTY_SINK_H
#define CONNPT_CLI_PROPERTY_SINK_H

#include <connpt/automation.h>

/*
 * property_sink_create - OnChanged(dispid) calls @call as event 1, OnRequestEdit as event 2,
 * each with one VT_I4 argument: the property's DISPID
 *
 * @destroy: called with @context when the last reference goes
 */
HRESULT property_sink_create(connpt_event_fn call, void *context, void (*destroy)(void *context),
                             IUnknown **ret_sink);

#endif

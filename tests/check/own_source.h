/* SPDX-License-Identifier: MIT */
/* tests/check/own_source.h - the harness's object, as connpt_check wants it made and fired */
#ifndef CONNPT_TESTS_CHECK_OWN_SOURCE_H
#define CONNPT_TESTS_CHECK_OWN_SOURCE_H

#include <connpt/check.h>

#include "sink.h"

static HRESULT make_source(void *context, IUnknown **ret_object)
{
    struct source *source = source_create();

    (void)context;
    if (source == NULL)
        return E_OUTOFMEMORY;
    *ret_object = connpt_object_unknown(&source->object);
    return S_OK;
}

static HRESULT fire_source(void *context, IUnknown *object)
{
    IConnectionPointContainer *container;
    IConnectionPoint *point;
    HRESULT hr =
        IUnknown_QueryInterface(object, &IID_IConnectionPointContainer, (void **)&container);

    (void)context;
    if (FAILED(hr))
        return hr;
    hr = IConnectionPointContainer_FindConnectionPoint(container, &IID_ITestEvents, &point);
    IConnectionPointContainer_Release(container);
    if (FAILED(hr))
        return hr;
    hr = fire_event(connpt_point_from_iface(point), 7);
    IConnectionPoint_Release(point);
    return hr;
}

#endif

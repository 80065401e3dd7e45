/* SPDX-License-Identifier: MIT */
/* core/client.c - connecting to any source, and the handle that remembers a connection */
#include <connpt/client.h>

#include <stddef.h>

#include "base/atomic.h"

static HRESULT find_point(IUnknown *source, const IID *iid, IConnectionPoint **ret_point)
{
    IConnectionPointContainer *container = NULL;
    IConnectionPoint *point = NULL;
    HRESULT hr;

    hr = IUnknown_QueryInterface(source, &IID_IConnectionPointContainer, (void **)&container);
    if (FAILED(hr))
        return hr;
    if (container == NULL)
        return E_NOINTERFACE;
    hr = IConnectionPointContainer_FindConnectionPoint(container, iid, &point);
    (void)IConnectionPointContainer_Release(container);
    if (SUCCEEDED(hr) && point == NULL)
        hr = CONNECT_E_NOCONNECTION;
    if (SUCCEEDED(hr))
        *ret_point = point;
    return hr;
}

HRESULT connpt_connection_open(struct connpt_connection *connection, IUnknown *source,
                               IUnknown *sink, REFIID iid)
{
    IConnectionPoint *point;
    DWORD cookie = 0;
    HRESULT hr;

    if (connection == NULL)
        return E_POINTER;
    connection->point = NULL;
    connection->cookie = 0;
    if (source == NULL || sink == NULL || iid == NULL)
        return E_POINTER;
    hr = find_point(source, iid, &point);
    if (FAILED(hr))
        return hr;
    hr = IConnectionPoint_Advise(point, sink, &cookie);
    if (FAILED(hr)) {
        (void)IConnectionPoint_Release(point);
        return hr;
    }
    connection->cookie = cookie;
    /* Release: the thread that takes the point finds its cookie. Pairs with the exchange. */
    store_release(&connection->point, point);
    return S_OK;
}

HRESULT connpt_connection_close(struct connpt_connection *connection)
{
    IConnectionPoint *point;
    HRESULT hr;

    if (connection == NULL)
        return S_FALSE;
    point = exchange_acquire(&connection->point, NULL);
    if (point == NULL)
        return S_FALSE;
    hr = IConnectionPoint_Unadvise(point, connection->cookie);
    (void)IConnectionPoint_Release(point);
    return SUCCEEDED(hr) ? S_OK : S_FALSE;
}

HRESULT connpt_advise(IUnknown *source, IUnknown *sink, REFIID iid, DWORD *cookie)
{
    struct connpt_connection connection;
    HRESULT hr;

    if (cookie == NULL)
        return E_POINTER;
    *cookie = 0;
    hr = connpt_connection_open(&connection, source, sink, iid);
    if (FAILED(hr))
        return hr;
    *cookie = connection.cookie;
    (void)IConnectionPoint_Release(connection.point);
    return S_OK;
}

HRESULT connpt_unadvise(IUnknown *source, REFIID iid, DWORD cookie)
{
    IConnectionPoint *point;
    HRESULT hr;

    if (source == NULL || iid == NULL)
        return E_POINTER;
    hr = find_point(source, iid, &point);
    if (FAILED(hr))
        return hr;
    hr = IConnectionPoint_Unadvise(point, cookie);
    (void)IConnectionPoint_Release(point);
    return hr;
}

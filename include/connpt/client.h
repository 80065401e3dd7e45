/* SPDX-License-Identifier: MIT */
/*
 * connpt/client.h - connect a sink to any connectable object, and disconnect it again
 *
 * Works with every implementation of IConnectionPointContainer, this library's or not.
 */
#ifndef CONNPT_CLIENT_H
#define CONNPT_CLIENT_H

#include <connpt/com.h>
#include <connpt/export.h>

CONNPT_BEGIN_DECLS

/*
 * connpt_advise, connpt_unadvise - one connection, by source, outgoing interface and cookie
 * (the arguments of ATL's AtlAdvise and AtlUnadvise)
 *
 * @source: borrowed; no reference to it is kept
 * @sink:   the point takes a reference of its own
 * @iid:    the outgoing interface
 *
 * Returns: S_OK; E_POINTER; E_NOINTERFACE, or what QueryInterface said, when @source is not
 *          connectable; CONNECT_E_NOCONNECTION: it has no such outgoing interface, or there is no
 *          such connection; CONNECT_E_CANNOTCONNECT: the sink does not answer the interface;
 *          whatever else FindConnectionPoint, Advise or Unadvise returned. *cookie is 0 on
 *          failure.
 * Threads: any.
 * Source:  CONTRACT C-2, C-5 to C-8, C-10, C-11.
 */
CONNPT_API CONNPT_NODISCARD HRESULT connpt_advise(IUnknown *source, IUnknown *sink, REFIID iid,
                                                  DWORD *cookie);
CONNPT_API HRESULT connpt_unadvise(IUnknown *source, REFIID iid, DWORD cookie);

/*
 * A connection that remembers how to end itself. Zeroed memory is a closed connection, which
 * may be closed again. It holds a reference to the connection point (and so keeps the source
 * alive) while it is open.
 */
struct connpt_connection {
    IConnectionPoint *point; /* NULL when closed; atomic */
    DWORD cookie;
};

/*
 * connpt_connection_open - connect a sink to an outgoing interface of a source
 *
 * @connection: uninitialised, or closed; zeroed on failure
 *
 * Returns: as connpt_advise.
 * Threads: any, one for each handle.
 * Source:  CONTRACT L-4.
 */
CONNPT_API CONNPT_NODISCARD HRESULT connpt_connection_open(struct connpt_connection *connection,
                                                           IUnknown *source, IUnknown *sink,
                                                           REFIID iid);

/*
 * connpt_connection_close - end the connection; harmless when it is closed already, when the
 * source dropped it, and from several threads at once
 *
 * @connection: may be NULL
 *
 * Returns: S_OK: this call ended it; S_FALSE: there was nothing left to end.
 * Threads: any. As with Unadvise, a call to the sink that runs on another thread may still go on.
 * Source:  CONTRACT L-4, T-3.
 */
CONNPT_API HRESULT connpt_connection_close(struct connpt_connection *connection);

CONNPT_END_DECLS

#endif

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
 * Returns: S_OK; E_POINTER; E_NOINTERFACE when @source is not connectable; otherwise what
 *          FindConnectionPoint, Advise or Unadvise returned. *cookie is 0 on failure.
 * Threads: any.
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
 * @connection: overwritten on success, zeroed on failure
 *
 * Returns: as connpt_advise.
 */
CONNPT_API CONNPT_NODISCARD HRESULT connpt_connection_open(struct connpt_connection *connection,
                                                           IUnknown *source, IUnknown *sink,
                                                           REFIID iid);

/*
 * connpt_connection_close - end the connection; harmless when it is closed already, when the
 * source dropped it, and from several threads at once
 *
 * Returns: S_OK: this call ended it; S_FALSE: there was nothing left to end.
 */
CONNPT_API HRESULT connpt_connection_close(struct connpt_connection *connection);

CONNPT_END_DECLS

#endif

/* SPDX-License-Identifier: MIT */
/* cli/connections.h - which connections a point lists, however badly it does */
#ifndef CONNPT_CLI_CONNECTIONS_H
#define CONNPT_CLI_CONNECTIONS_H

#include <connpt/com.h>

#include "deviations.h"

/*
 * connections_read - how many connections a point lists; one of them should be ours
 *
 * @sink, @cookie: what was advised, and what Advise returned
 * @ret_n:         on success only
 *
 * Returns: S_OK; what EnumConnections returned; E_POINTER: it returned no enumerator.
 */
HRESULT connections_read(IConnectionPoint *point, IUnknown *sink, DWORD cookie,
                         struct deviations *deviations, size_t *ret_n);

#endif

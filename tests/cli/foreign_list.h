/* SPDX-License-Identifier: MIT */
/* cli/foreign_list.h - an IEnumConnections with bad manners, for foreign.c */
#ifndef FOREIGN_LIST_H
#define FOREIGN_LIST_H

#include <connpt/connpt.h>

/*
 * foreign_list_create - one connection, listed as FOREIGN_LIST says
 *
 *     FOREIGN_LIST=right         as it should be
 *     FOREIGN_LIST=notimpl       EnumConnections answers E_NOTIMPL
 *     FOREIGN_LIST=null          ... S_OK without an enumerator (the default)
 *     FOREIGN_LIST=unreferenced  Next adds no reference
 *     FOREIGN_LIST=behind        Next adds the reference to the element behind
 *     FOREIGN_LIST=cookies       Next delivers another cookie
 *     FOREIGN_LIST=missing       Next delivers nothing
 *     FOREIGN_LIST=short         Next answers S_OK for a short read
 *     FOREIGN_LIST=uncounted     Next counts nothing
 *     FOREIGN_LIST=nothing       Next answers S_OK and delivers nothing
 *     FOREIGN_LIST=failing       Next answers E_FAIL
 *     FOREIGN_LIST=endless       Next delivers the same for ever
 *
 * @sink: borrowed for the call; the list holds its own reference
 */
HRESULT foreign_list_create(IUnknown *sink, DWORD cookie, IEnumConnections **ret_list);

#endif

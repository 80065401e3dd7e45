/* SPDX-License-Identifier: MIT */
/* base/hresult.h - from the errors of the operating system to ours, and what kind an error is */
#ifndef CONNPT_BASE_HRESULT_H
#define CONNPT_BASE_HRESULT_H

#include <connpt/com.h>

/* The HRESULT that says the same as an errno value; E_FAIL for those without one, and for 0:
 * whoever asks has met a failure. */
HRESULT connpt__hresult_from_errno(int error);

/* What a call of an object returns when that has gone with its process or its apartment. Not
 * RPC_S_CALL_FAILED: the call broke off, and if the object is dead the next one will say so. */
static inline int hr_is_dead(HRESULT hr)
{
    switch (hr) {
    case RPC_E_DISCONNECTED:
    case CONNPT_E_SERVER_UNAVAILABLE:
    case CO_E_OBJNOTCONNECTED:
    case RPC_E_SERVER_DIED:
    case RPC_E_SERVER_DIED_DNE:
    case CONNPT_E_UNKNOWN_IF:
        return 1;
    default:
        return 0;
    }
}

#endif

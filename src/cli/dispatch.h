/* SPDX-License-Identifier: MIT */
/* cli/dispatch.h - calling an object's methods by name */
#ifndef CONNPT_CLI_DISPATCH_H
#define CONNPT_CLI_DISPATCH_H

#include <connpt/com.h>

#include "value.h"

/* Why a call failed. */
struct dispatch_failure {
    HRESULT code;      /* the exception's own code behind DISP_E_EXCEPTION */
    char *description; /* the exception's text; "" */
    char *source;      /* who raised it; "" */
    UINT argument;     /* index of the wrong one, as declared; UINT32_MAX */
};

void dispatch_failure_fini(struct dispatch_failure *failure);

/*
 * dispatch_call - GetIDsOfNames, then Invoke
 *
 * @args:        in declared order; [out] arguments are BYREF
 * @ret_result:  the caller clears it; NULL
 * @held:        while the call runs, its reference to the object; dispatch_let_go ends it; NULL
 * @ret_failure: always written; dispatch_failure_fini
 */
HRESULT dispatch_call(IUnknown *object, const char *name, WORD flags, const VARIANT *args,
                      UINT n_args, VARIANT *ret_result, IDispatch **held,
                      struct dispatch_failure *ret_failure);
/* Releases what is there, and forgets it first. */
void dispatch_let_go(IDispatch **held);

/* The id of a member; DISP_E_UNKNOWNNAME; E_NOINTERFACE without IDispatch. */
HRESULT dispatch_id(IUnknown *object, const char *name, DISPID *ret_dispid);

/* The object's own type info; NULL when it gives none. */
ITypeInfo *dispatch_type_info(IUnknown *object);

#endif

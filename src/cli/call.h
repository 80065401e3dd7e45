/* SPDX-License-Identifier: MIT */
/* cli/call.h - a call of an object's method, with arguments from the command line */
#ifndef CONNPT_CLI_CALL_H
#define CONNPT_CLI_CALL_H

#include <connpt/automation.h>

#include "describe.h"
#include "dispatch.h"
#include "target.h"

/* The arguments of one call: [out] ones refer to storage of their own. */
struct call {
    WORD flags;                       /* DISPATCH_... */
    VARIANT args[CONNPT_MAX_ARGS];    /* in declared order */
    VARIANT storage[CONNPT_MAX_ARGS]; /* what the BYREF ones refer to */
    UINT n_args;
    struct described *described;           /* the object's own interface; NULL */
    const struct described_member *member; /* NULL: nothing describes it */
    IDispatch *held;                       /* while the call runs: its reference to the object */
};

/*
 * call_prepare - find the member and make its arguments
 *
 * Returns: CLI_OK; CLI_NO_SUCH: no such method or property; CLI_USAGE: an argument is wrong;
 * CLI_FAILURE; after saying why.
 */
int call_prepare(struct call *call, struct target *target, WORD flags, int n_words, char **words);
/* Returns: CLI_OK, or CLI_FAILURE after saying why. @ret_result: the caller clears it. */
int call_run(struct call *call, struct target *target, VARIANT *ret_result);
/* Inside the call: gives the call's reference to the object back. Nobody may hold it then. */
void call_let_go(struct call *call);
void call_fini(struct call *call);

#endif

/* SPDX-License-Identifier: MIT */
/* For headers made by MIDL or plain widl: what they call <rpc.h> is all in <connpt/com.h>. */
#include <connpt/com.h>

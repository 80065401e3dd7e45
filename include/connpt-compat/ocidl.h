/* SPDX-License-Identifier: MIT */
/* For headers made by MIDL or plain widl: what they call <ocidl.h> is all in <connpt/com.h>. */
#include <connpt/com.h>

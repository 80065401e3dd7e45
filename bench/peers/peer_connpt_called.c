/* SPDX-License-Identifier: MIT */
/*
 * peers/peer_connpt_called.c - a fire that counts itself in and out by calls into the shared
 * library, as one does where the library's thread-local variable is out of a caller's reach
 */
#define CONNPT_FIRE_CALL_ENDS
#include "peer_connpt_called.h"

#include <connpt/connpt.h>

void connpt_fire_with_calls(void *point, int value)
{
    struct connpt_fire fire;
    IPropertyNotifySink *sink;

    connpt_fire_begin(&fire, point, CONNPT_FIRE_IGNORE);
    while ((sink = connpt_fire_next(&fire)) != NULL)
        connpt_fire_result(&fire, IPropertyNotifySink_OnChanged(sink, value));
    (void)connpt_fire_end(&fire);
}

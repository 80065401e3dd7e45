/* SPDX-License-Identifier: MIT */
/* check/crowd.h - some sinks at the point that is looked at, and the object's fire */
#ifndef CONNPT_CHECK_CROWD_H
#define CONNPT_CHECK_CROWD_H

#include "sink.h"

enum { CROWD = 4 };

struct crowd {
    struct check *check;
    struct sink *sinks[CROWD]; /* context: the crowd */
    DWORD cookies[CROWD];
};

/* Skips the rule and returns false when it does not work. */
bool crowd_connect(struct check *check, struct crowd *ret_crowd);
/* The same, and a fire that nobody disturbs has called each of them; their counts are 0 again. */
bool crowd_ready(struct check *check, struct crowd *ret_crowd);
/* Lets the object fire once. */
void crowd_fire(struct crowd *crowd);
/* The same without a crowd. An event that a message brings is part of it. */
void fire_once(const struct connpt_check_options *options, IUnknown *object);

#endif

/* SPDX-License-Identifier: MIT */
/* loader/probe.h - how the module probe.c answers, by the first field of the class identifier */
#ifndef CONNPT_TESTS_LOADER_PROBE_H
#define CONNPT_TESTS_LOADER_PROBE_H

enum {
    PROBE_HONEST = 1,
    PROBE_EMPTY_CLASS_OBJECT, /* S_OK and NULL */
    PROBE_EMPTY_INSTANCE,     /* a factory whose CreateInstance answers S_OK and NULL */
    PROBE_LITTERING_INSTANCE, /* ... answers E_NOINTERFACE and leaves a wild pointer */
    PROBE_REFUSING,           /* E_ACCESSDENIED and a wild pointer */
    PROBE_UNKNOWN             /* CLASS_E_CLASSNOTAVAILABLE and a wild pointer */
};

#endif

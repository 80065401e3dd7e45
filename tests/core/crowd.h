/* SPDX-License-Identifier: MIT */
/* tests/core/crowd.h - a source with many sinks, and who of them was called */
#ifndef CONNPT_TESTS_CROWD_H
#define CONNPT_TESTS_CROWD_H

#include <string.h>

#include "sink.h"
#include "t.h"

static struct source *source;
static struct sink sinks[40];
static DWORD cookies[40];

/* Connects @n sinks. Numbered from @first they write the log; with 0 they have no numbers, and any
 * thread may call them. */
static inline int crowd_connect(int n, int first)
{
    sink_log_reset();
    source = source_create();
    if (!CHECK(source != NULL))
        return 0;
    for (int i = 0; i < n; i++) {
        sink_init(&sinks[i], first != 0 ? first + i : 0);
        cookies[i] = advise(source_events(source), &sinks[i]);
        if (!CHECK(cookies[i] != 0)) {
            source_release(source);
            return 0;
        }
    }
    return 1;
}

/* Ends the source; every sink must be back at its own one reference. */
static inline void teardown(int n)
{
    source_release(source);
    CHECK_INT(source_n_finished, 1);
    for (int i = 0; i < n; i++) {
        CHECK_INT(sinks[i].refs, 1);
        CHECK_INT(sinks[i].calls_after_death, 0);
    }
}

/* For on_event: disconnects *context, a cookie. */
static inline void unadvise_in_call(struct sink *sink, LONG value)
{
    const DWORD *cookie = sink->context;

    (void)value;
    CHECK_HR(IConnectionPoint_Unadvise(source_events(source), *cookie), S_OK);
    sink->on_event = NULL;
}

static inline int log_is(const int *expected, int n)
{
    return sink_log_length == n && memcmp(sink_log, expected, (size_t)n * sizeof(int)) == 0;
}

/* The numbers of all that were called so far, in order. */
#define CHECK_LOG(...)                                                                             \
    do {                                                                                           \
        static const int expected[] = { __VA_ARGS__ };                                             \
        CHECK(log_is(expected, (int)(sizeof expected / sizeof *expected)));                        \
    } while (0)

#endif

/* SPDX-License-Identifier: MIT */
/* What the owner is told of its first and its last connection (CONTRACT F-10). */
#include <stddef.h>

#include "sink.h"
#include "t.h"

static struct source *source;
static struct sink sinks[2];

static int listening_log[16];
static int n_listening;
static void (*in_listening)(connpt_point *point, BOOL any);

static void note_listening(struct connpt_object *object, connpt_point *point, BOOL any)
{
    (void)object;
    if (n_listening < 16)
        listening_log[n_listening++] = any ? 1 : 0;
    if (in_listening != NULL)
        in_listening(point, any);
}

static const struct connpt_source plain_sources[] = { { &IID_ITestEvents, 0, 0 },
                                                      { &IID_ITestOther, 0, 0 },
                                                      { NULL, 0, 0 } };
static const struct connpt_class listening_class = { .size = sizeof(struct source),
                                                     .sources = plain_sources,
                                                     .listening = note_listening };

static int setup_listening(void)
{
    n_listening = 0;
    in_listening = NULL;
    sink_init(&sinks[0], 1);
    sink_init(&sinks[1], 2);
    source = source_create_class(&listening_class, NULL);
    return CHECK(source != NULL);
}

static void owner_learns_of_first_and_last_connection(void)
{
    DWORD a, b;

    if (!setup_listening())
        return;
    a = advise(source_events(source), &sinks[0]);
    b = advise(source_events(source), &sinks[1]);
    CHECK_INT(n_listening, 1);
    (void)IConnectionPoint_Unadvise(source_events(source), a);
    CHECK_INT(n_listening, 1);
    (void)IConnectionPoint_Unadvise(source_events(source), b);
    CHECK_INT(n_listening, 2);
    (void)advise(source_events(source), &sinks[0]);
    CHECK_INT(n_listening, 3);
    source_release(source); /* the end of the object ends the listening too */
    CHECK_INT(n_listening, 4);
    for (int i = 0; i < 4; i++)
        CHECK_INT(listening_log[i], 1 - i % 2);
}

static void advise_and_unadvise_another(connpt_point *point, BOOL any)
{
    DWORD cookie;

    in_listening = NULL;
    CHECK(any);
    cookie = advise(connpt_point_iface(point), &sinks[1]);
    CHECK_HR(IConnectionPoint_Unadvise(connpt_point_iface(point), cookie), S_OK);
    (void)fire_event(point, 3);
}

static void listening_may_advise_unadvise_and_fire(void)
{
    if (!setup_listening())
        return;
    in_listening = advise_and_unadvise_another;
    (void)advise(source_events(source), &sinks[0]);
    CHECK_INT(n_listening, 1);
    CHECK_INT(sinks[0].calls, 1);
    source_release(source);
}

static void unadvise_first(connpt_point *point, BOOL any)
{
    in_listening = NULL;
    (void)any;
    CHECK_HR(IConnectionPoint_Unadvise(connpt_point_iface(point), 1), S_OK);
}

static void listening_that_unadvises_is_told_so_afterwards(void)
{
    if (!setup_listening())
        return;
    in_listening = unadvise_first;
    (void)advise(source_events(source), &sinks[0]);
    CHECK_INT(n_listening, 2);
    CHECK_INT(listening_log[0], 1);
    CHECK_INT(listening_log[1], 0);
    source_release(source);
    CHECK_INT(n_listening, 2);
}

static void owner_learns_when_the_last_sink_goes_synchronously(void)
{
    DWORD cookie;

    if (!setup_listening())
        return;
    cookie = advise(source_events(source), &sinks[0]);
    CHECK_HR(connpt_point_unadvise_sync(source_events(source), cookie), S_OK);
    CHECK_INT(n_listening, 2);
    CHECK_INT(listening_log[1], 0);
    source_release(source);
}

static const struct connpt_source drop_sources[] = {
    { &IID_ITestEvents, CONNPT_SOURCE_DROP_DEAD, 0 }, { NULL, 0, 0 }
};
static const struct connpt_class dropping_class = { .size = sizeof(struct source),
                                                    .sources = drop_sources,
                                                    .listening = note_listening };

static void owner_learns_when_the_last_sink_is_dropped_as_dead(void)
{
    if (!setup_listening())
        return;
    source_release(source);
    source = source_create_class(&dropping_class, NULL);
    if (!CHECK(source != NULL))
        return;
    sinks[0].result = RPC_E_DISCONNECTED;
    (void)advise(source_events(source), &sinks[0]);
    (void)fire_event(source->events, 1);
    CHECK_INT(n_listening, 2);
    CHECK_INT(listening_log[1], 0);
    source_release(source);
    CHECK_INT(sinks[0].refs, 1);
}

int main(int argc, char **argv)
{
    static const struct t_test tests[] = {
        T(owner_learns_of_first_and_last_connection),
        T(listening_may_advise_unadvise_and_fire),
        T(listening_that_unadvises_is_told_so_afterwards),
        T(owner_learns_when_the_last_sink_goes_synchronously),
        T(owner_learns_when_the_last_sink_is_dropped_as_dead),
        T_END,
    };

    return t_run(argc, argv, tests);
}

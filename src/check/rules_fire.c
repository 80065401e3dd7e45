/* SPDX-License-Identifier: MIT */
/* check/rules_fire.c - one fire, and what each sink gets of it */
#include "check.h"

#include "crowd.h"

static void fire_reaches_all(struct check *check)
{
    struct crowd crowd;

    if (!crowd_connect(check, &crowd))
        return;
    crowd_fire(&crowd);
    for (int i = 0; i < CROWD; i++) {
        if (crowd.sinks[i]->n_calls != crowd.sinks[0]->n_calls || crowd.sinks[i]->n_calls == 0)
            sink_fail(crowd.sinks[i],
                      "of %d sinks, number 1 was called %u times and number %d %u "
                      "times",
                      CROWD, crowd.sinks[0]->n_calls, i + 1, crowd.sinks[i]->n_calls);
    }
}

static void fire_order(struct check *check)
{
    struct crowd crowd;

    if (!crowd_connect(check, &crowd))
        return;
    crowd_fire(&crowd);
    for (int i = 1; i < CROWD; i++) {
        if (crowd.sinks[i]->n_calls > 0 &&
            crowd.sinks[i]->call_order < crowd.sinks[i - 1]->call_order)
            check_fail(check, "sink %d was called before sink %d, which was connected earlier",
                       i + 1, i);
    }
}

/* The order after a connection in the middle went and another one came. */
static void fire_order_kept(struct check *check)
{
    struct crowd crowd;
    struct sink *late = sink_create(check);

    if (late == NULL || !crowd_connect(check, &crowd) || !check_unadvise(check, crowd.cookies[1]) ||
        !check_advise(check, late, &crowd.cookies[1]))
        return;
    crowd_fire(&crowd);
    if (late->n_calls == 0 || crowd.sinks[CROWD - 1]->n_calls == 0)
        check_skip(check, "not every sink was called");
    else if (crowd.sinks[0]->call_order < crowd.sinks[CROWD - 1]->call_order &&
             late->call_order < crowd.sinks[CROWD - 1]->call_order)
        check_fail(check, "a sink that was connected last, after another one had gone, was called "
                          "before older ones: it took the place that was free");
}

static void fire_queried_pointer(struct check *check)
{
    struct crowd crowd;

    if (!crowd_connect(check, &crowd))
        return;
    crowd_fire(&crowd);
    for (int i = 0; i < CROWD; i++) {
        if (crowd.sinks[i]->n_foreign_calls > 0)
            sink_fail(crowd.sinks[i],
                      "the event was called through a pointer that the sink did not "
                      "give for %s",
                      GUID_TEXT(&check->source->iid));
    }
}

/* Sink 1 returns @hr: are the others called as often as without that? */
static void others_are_called(struct check *check, HRESULT hr)
{
    struct crowd crowd;

    if (!crowd_ready(check, &crowd))
        return;
    crowd.sinks[0]->result = hr;
    crowd_fire(&crowd);
    for (int i = 1; i < CROWD; i++) {
        if (crowd.sinks[i]->n_calls == 0)
            check_fail(check, "sink 1 returned %s, and sink %d was not called", HR(hr), i + 1);
    }
}

static void fire_failing_sink(struct check *check)
{
    others_are_called(check, E_FAIL);
}

static void fire_dead_sink(struct check *check)
{
    others_are_called(check, RPC_E_DISCONNECTED);
}

static void fire_member_not_found(struct check *check)
{
    if (!check->source->is_dispatch)
        check_skip(check, "the interface is no dispinterface");
    else
        others_are_called(check, DISP_E_MEMBERNOTFOUND);
}

static void fire_arguments(struct check *check)
{
    struct crowd crowd;

    if (!check->source->is_dispatch) {
        check_skip(check, "the interface is no dispinterface");
        return;
    }
    if (!crowd_connect(check, &crowd))
        return;
    crowd_fire(&crowd);
    if (FAILED(crowd.sinks[0]->dispatch_fault))
        check_fail(check, "Invoke(%d): %s", crowd.sinks[0]->slot, crowd.sinks[0]->dispatch_text);
}

static void fire_after_unadvise(struct check *check)
{
    struct crowd crowd;
    unsigned before;

    if (!crowd_connect(check, &crowd))
        return;
    crowd_fire(&crowd);
    if (!check_unadvise(check, crowd.cookies[2]))
        return;
    before = crowd.sinks[2]->n_calls;
    crowd_fire(&crowd);
    if (crowd.sinks[2]->n_calls != before)
        sink_fail(crowd.sinks[2], "Unadvise returned S_OK, and the next fire called the sink");
}

static void fire_references(struct check *check)
{
    struct crowd crowd;
    LONG before[CROWD];

    if (!crowd_connect(check, &crowd))
        return;
    for (int i = 0; i < CROWD; i++)
        before[i] = sink_held(crowd.sinks[i]);
    crowd_fire(&crowd);
    for (int i = 0; i < CROWD; i++) {
        if (sink_held(crowd.sinks[i]) != before[i])
            sink_fail(crowd.sinks[i],
                      "a fire changed the references that are held of sink %d from "
                      "%ld to %ld",
                      i + 1, (long)before[i], (long)sink_held(crowd.sinks[i]));
    }
}

#define ARCHITECTURE "Microsoft: Architecture of Connectable Objects"

const struct rule check_rules_fire[] = {
    { { "fire-reaches-all", "A fire calls each connected sink, as often as the others.",
        ARCHITECTURE, "Walk the whole list.", CONNPT_CHECK_VIOLATES },
      fire_reaches_all,
      RULE_FIRE,
      RULE_NO_KIND,
      0 },
    { { "fire-order", "Sinks are called in the order of Advise.", "practice",
        "Append new connections at the end, and walk from the start.", CONNPT_CHECK_TASTE },
      fire_order,
      RULE_FIRE,
      RULE_NO_KIND,
      0 },
    { { "fire-order-kept", "A sink that connects later is called later, whatever went before.",
        "practice", "Do not fill gaps of the list with new connections.", CONNPT_CHECK_TASTE },
      fire_order_kept,
      RULE_FIRE,
      RULE_NO_KIND,
      0 },
    { { "fire-queried-pointer",
        "Events go through the pointer that the sink gave for the "
        "interface.",
        ARCHITECTURE, "Call the pointer that came back from QueryInterface.",
        CONNPT_CHECK_VIOLATES },
      fire_queried_pointer,
      RULE_FIRE,
      RULE_NO_KIND,
      0 },
    { { "fire-failing-sink", "A sink that fails does not keep the event from the others.",
        ARCHITECTURE, "Go on after a failure, unless the event is documented to be vetoed.",
        CONNPT_CHECK_BREAKS },
      fire_failing_sink,
      RULE_FIRE,
      RULE_NO_KIND,
      0 },
    { { "fire-dead-sink", "A sink whose process has gone does not keep the event from the others.",
        "practice: clients crash while they are connected",
        "Go on, and drop the connection, if you like.", CONNPT_CHECK_BREAKS },
      fire_dead_sink,
      RULE_FIRE,
      RULE_NO_KIND,
      0 },
    { { "fire-member-not-found",
        "DISP_E_MEMBERNOTFOUND of one sink does not keep the event from "
        "the others.",
        "practice: sinks in scripting languages answer the events they know",
        "Do not treat it as a failure.", CONNPT_CHECK_BREAKS },
      fire_member_not_found,
      RULE_FIRE,
      RULE_NO_KIND,
      0 },
    { { "fire-arguments",
        "Invoke of an event has IID_NULL, DISPATCH_METHOD and positional "
        "arguments.",
        "Microsoft: IDispatch::Invoke",
        "Pass &IID_NULL, DISPATCH_METHOD, and a DISPPARAMS without "
        "named arguments.",
        CONNPT_CHECK_VIOLATES },
      fire_arguments,
      RULE_FIRE,
      RULE_NO_KIND,
      0 },
    { { "fire-after-unadvise", "A sink that was disconnected is not called by the next fire.",
        ARCHITECTURE, "Take the connection out of the list in Unadvise.", CONNPT_CHECK_VIOLATES },
      fire_after_unadvise,
      RULE_FIRE,
      RULE_NO_KIND,
      0 },
    { { "fire-references", "A fire leaves the references to its sinks as they were.",
        "Microsoft: Rules for Managing Reference Counts",
        "Release what you took for the time of the calls.", CONNPT_CHECK_VIOLATES },
      fire_references,
      RULE_FIRE,
      RULE_NO_KIND,
      0 },
    { { NULL, NULL, NULL, NULL, 0 }, NULL, 0, 0, 0 },
};

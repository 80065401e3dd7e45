/* SPDX-License-Identifier: MIT */
/* check/rules_fire.c - one fire, and what each sink gets of it */
#include "check.h"

#include "crowd.h"
#include "slots.h"

/* A point that is held, with a sink. */
struct ear {
    IConnectionPoint *point;
    struct sink *sink;
};

/* At each point at once: which of them fires is not known before. False: it was told why not. */
static bool listen_everywhere(struct check *check, struct ear ears[CHECK_MAX_SOURCES],
                              unsigned *ret_n)
{
    DWORD cookie;

    *ret_n = 0;
    for (uint32_t i = 0; i < check->sources->n_items && !check_is_told(check); i++) {
        struct ear *ear = &ears[*ret_n];

        check->source = &check->sources->items[i];
        if (!CHECK_ANY_SHAPE && !check->source->is_dispatch)
            continue;
        ear->sink = sink_create(check);
        if (ear->sink == NULL || !check_find(check, &check->source->iid, &ear->point))
            break;
        check->step = "Advise";
        if (SUCCEEDED(IConnectionPoint_Advise(ear->point, sink_handed(ear->sink), &cookie)))
            (*ret_n)++;
        else
            IConnectionPoint_Release(ear->point);
    }
    check->source = NULL;
    if (*ret_n == 0)
        check_skip(check, "no sink could be connected");
    return !check_is_told(check);
}

static void fire_heard(struct check *check)
{
    struct ear ears[CHECK_MAX_SOURCES];
    unsigned n = 0, n_calls = 0;

    if (check->options->fire == NULL)
        check_skip(check, "it is not known how to make the object fire");
    else if (check_need_container(check) && listen_everywhere(check, ears, &n)) {
        check->step = "the fire";
        fire_once(check->options, check->object);
        for (unsigned i = 0; i < n; i++)
            n_calls += ears[i].sink->n_calls;
        if (n_calls == 0)
            check_fail(check,
                       "a sink is connected to each outgoing interface that is known (%u), and "
                       "the fire called none of them",
                       n);
    }
    check->step = "releasing the points";
    for (unsigned i = 0; i < n; i++)
        IConnectionPoint_Release(ears[i].point);
}

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
    { { "fire-heard", "The fire reaches a sink.", ARCHITECTURE,
        "Fire at the connections of the point; or name the method that does.",
        CONNPT_CHECK_BREAKS },
      fire_heard,
      RULE_OBJECT,
      RULE_NO_KIND,
      RULE_ENDS_OBJECT },
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

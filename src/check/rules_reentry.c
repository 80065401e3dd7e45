/* SPDX-License-Identifier: MIT */
/* check/rules_reentry.c - sinks that call back into the object while they are being called */
#include "check.h"

#include "crowd.h"

/* What the first call of one sink does; what it needs stands here. */
struct deed {
    struct crowd crowd;
    int whose;         /* of the crowd's cookies: the one that is ended */
    struct sink *late; /* the sink that is connected ... */
    DWORD cookie;      /* ... and by what */
    HRESULT result;    /* of what was done */
    bool is_done;
};

static struct deed *deed_of(struct sink *sink)
{
    struct deed *deed = sink->context;

    if (deed->is_done)
        return NULL;
    deed->is_done = true;
    return deed;
}

/* Connects the crowd; sink number @who does @act in its first call. */
static bool prepare(struct check *check, struct deed *deed, int who, void (*act)(struct sink *sink))
{
    *deed = (struct deed){ .result = S_OK };
    if (!crowd_ready(check, &deed->crowd))
        return false;
    deed->crowd.sinks[who]->context = deed;
    deed->crowd.sinks[who]->on_call = act;
    return true;
}

/* Sinks that are not concerned are called as often as each other, and at least once. */
static void others_are_called(struct deed *deed, int first, int second, const char *what)
{
    for (int i = 0; i < CROWD; i++) {
        const struct sink *sink = deed->crowd.sinks[i];

        if (i != first && i != second && sink->n_calls == 0)
            check_fail(deed->crowd.check, "%s, and sink %d of %d was not called", what, i + 1,
                       CROWD);
    }
}

/* ---- Unadvise inside a call ---------------------------------------------------------------- */

static void act_unadvise(struct sink *sink)
{
    struct deed *deed = deed_of(sink);
    struct check *check = sink->check;
    const char *outer = check->step;

    if (deed == NULL)
        return;
    check->step = "Unadvise inside a call";
    deed->result = IConnectionPoint_Unadvise(check->point, deed->crowd.cookies[deed->whose]);
    check->step = outer;
}

/* How often a sink is called by a fire that nobody disturbs. */
static unsigned calls_of_a_fire(struct crowd *crowd)
{
    unsigned before = crowd->sinks[0]->n_calls;

    crowd_fire(crowd);
    return crowd->sinks[0]->n_calls - before;
}

static void reentry_unadvise_self(struct check *check)
{
    struct deed deed;

    if (!prepare(check, &deed, 1, act_unadvise))
        return;
    deed.whose = 1;
    crowd_fire(&deed.crowd);
    if (FAILED(deed.result))
        check_fail(check, "Unadvise of a sink by itself, inside its call, returned %s",
                   HR(deed.result));
    others_are_called(&deed, 1, 1, "sink 2 disconnected itself inside its call");
    for (int i = 0; i < CROWD; i++) {
        if (i != 1 && deed.crowd.sinks[i]->n_calls > deed.crowd.sinks[0]->n_calls)
            check_fail(check,
                       "sink 2 disconnected itself inside its call, and sink %d was called "
                       "twice",
                       i + 1);
    }
}

/* The object must hold the sink while it runs: nobody else does. */
static void reentry_sink_alive(struct check *check)
{
    struct deed deed;
    struct sink *sink;

    if (!check_pairs_balance(check) || !prepare(check, &deed, 1, act_unadvise))
        return;
    deed.whose = 1;
    sink = deed.crowd.sinks[1];
    sink_give_up(sink);
    crowd_fire(&deed.crowd);
    if (FAILED(deed.result) || sink->n_calls == 0)
        check_skip(check, "Unadvise inside the call returned %s", HR(deed.result));
    else if (sink->n_ended_in_call > 0)
        sink_fail(sink, "the sink disconnected itself inside its call, and its last reference was "
                        "released while it was still running");
}

static void reentry_unadvise_next(struct check *check)
{
    struct deed deed;

    if (!prepare(check, &deed, 1, act_unadvise))
        return;
    deed.whose = 2;
    crowd_fire(&deed.crowd);
    if (FAILED(deed.result))
        check_fail(check, "Unadvise of another sink, inside a call, returned %s", HR(deed.result));
    others_are_called(&deed, 1, 2, "sink 2 disconnected sink 3 inside its call");
    if (deed.crowd.sinks[2]->n_calls > 0 &&
        deed.crowd.sinks[2]->call_order > deed.crowd.sinks[1]->call_order)
        sink_fail(deed.crowd.sinks[2], "sink 2 disconnected sink 3 inside its call, and sink 3 was "
                                       "called after that");
}

static void reentry_unadvise_previous(struct check *check)
{
    struct deed deed;

    if (!prepare(check, &deed, 2, act_unadvise))
        return;
    deed.whose = 0;
    crowd_fire(&deed.crowd);
    if (FAILED(deed.result))
        check_fail(check, "Unadvise of another sink, inside a call, returned %s", HR(deed.result));
    others_are_called(&deed, 0, 2, "sink 3 disconnected sink 1 inside its call");
    for (int i = 1; i < CROWD; i++) {
        if (deed.crowd.sinks[i]->n_calls != deed.crowd.sinks[1]->n_calls)
            check_fail(check,
                       "sink 3 disconnected sink 1 inside its call, and sink %d was called %u "
                       "times, sink 2 %u times",
                       i + 1, deed.crowd.sinks[i]->n_calls, deed.crowd.sinks[1]->n_calls);
    }
}

/* ---- Advise inside a call -------------------------------------------------------------------- */

static void act_advise(struct sink *sink)
{
    struct deed *deed = deed_of(sink);
    struct check *check = sink->check;
    const char *outer = check->step;

    if (deed == NULL)
        return;
    check->step = "Advise inside a call";
    deed->result = IConnectionPoint_Advise(check->point, sink_handed(deed->late), &deed->cookie);
    check->step = outer;
}

static bool advise_in_call(struct check *check, struct deed *deed)
{
    if (!prepare(check, deed, 1, act_advise))
        return false;
    deed->late = sink_create(check);
    if (deed->late == NULL)
        return false;
    crowd_fire(&deed->crowd);
    return true;
}

static void reentry_advise(struct check *check)
{
    struct deed deed;

    if (!advise_in_call(check, &deed))
        return;
    if (deed.result == CONNECT_E_ADVISELIMIT) {
        check_skip(check, "the point takes no more than %d connections", CROWD);
        return;
    }
    if (FAILED(deed.result))
        check_fail(check, "Advise inside a call returned %s", HR(deed.result));
    others_are_called(&deed, 1, 1, "sink 2 connected another one inside its call");
    deed.late->n_calls = 0;
    crowd_fire(&deed.crowd);
    if (deed.late->n_calls == 0)
        sink_fail(deed.late, "a sink that was connected inside a call is not called by the next "
                             "fire");
    (void)IConnectionPoint_Unadvise(check->point, deed.cookie);
}

static void reentry_advise_not_now(struct check *check)
{
    struct deed deed;
    unsigned in_this_fire;

    if (!advise_in_call(check, &deed))
        return;
    in_this_fire = deed.late->n_calls;
    /* one fire may be several events: the later ones reach it rightly */
    if (calls_of_a_fire(&deed.crowd) > 1)
        check_skip(check, "the object fires several events at once");
    else if (FAILED(deed.result))
        check_skip(check, "Advise inside a call returned %s", HR(deed.result));
    else if (in_this_fire > 0)
        check_fail(check,
                   "a sink that was connected inside a call was called by the same fire; two "
                   "sinks that connect each other never come to an end");
    (void)IConnectionPoint_Unadvise(check->point, deed.cookie);
}

/* ---- a fire inside a call ----------------------------------------------------------------------
 */

static void act_fire(struct sink *sink)
{
    struct deed *deed = deed_of(sink);

    if (deed != NULL)
        crowd_fire(&deed->crowd);
}

static void reentry_fire(struct check *check)
{
    struct deed deed;
    struct sink *quiet;

    if (!prepare(check, &deed, 1, act_fire))
        return;
    crowd_fire(&deed.crowd);
    quiet = deed.crowd.sinks[0];
    for (int i = 1; i < CROWD; i++) {
        if (deed.crowd.sinks[i]->n_calls != quiet->n_calls)
            check_fail(check,
                       "sink 2 made the object fire inside its call: sink 1 was called %u "
                       "times, sink %d %u times",
                       quiet->n_calls, i + 1, deed.crowd.sinks[i]->n_calls);
    }
}

/* ---- the object goes inside a call
 * --------------------------------------------------------------- */

static void act_release(struct sink *sink)
{
    struct deed *deed = deed_of(sink);
    struct check *check = sink->check;
    const char *outer = check->step;

    if (deed == NULL)
        return;
    check->step = "the Release of the object inside a call";
    IConnectionPoint_Release(check->point);
    IConnectionPointContainer_Release(check->container);
    IUnknown_Release(check->object);
    check->point = NULL;
    check->container = NULL;
    check->object = NULL;
    if (check->options->let_go != NULL)
        check->options->let_go(check->options->context);
    check->step = outer;
}

static void reentry_release_object(struct check *check)
{
    struct deed deed;

    if (!prepare(check, &deed, 1, act_release))
        return;
    crowd_fire(&deed.crowd);
    for (int i = 0; i < CROWD; i++) {
        if (sink_held(deed.crowd.sinks[i]) != 0)
            sink_fail(deed.crowd.sinks[i],
                      "the object's last reference went inside a call, and %ld "
                      "references to sink %d are held after that",
                      (long)sink_held(deed.crowd.sinks[i]), i + 1);
    }
}

#define PRACTICE "practice: sinks disconnect, connect and fire inside their calls"

const struct rule check_rules_reentry[] = {
    { { "reentry-unadvise-self", "A sink may disconnect itself inside its call.", PRACTICE,
        "Let Unadvise leave the running walk intact.", CONNPT_CHECK_BREAKS },
      reentry_unadvise_self,
      RULE_FIRE,
      RULE_NO_KIND,
      0 },
    { { "reentry-sink-alive", "A sink stays alive until its call returns.",
        "Microsoft: Rules for Managing Reference Counts",
        "Hold a reference to the sink for the length of the call.", CONNPT_CHECK_BREAKS },
      reentry_sink_alive,
      RULE_FIRE,
      RULE_NO_KIND,
      0 },
    { { "reentry-unadvise-next", "A sink that is disconnected before its turn is not called.",
        PRACTICE, "Look whether the connection still exists before each call.",
        CONNPT_CHECK_RISKY },
      reentry_unadvise_next,
      RULE_FIRE,
      RULE_NO_KIND,
      0 },
    { { "reentry-unadvise-previous", "Disconnecting an earlier sink leaves out and repeats nobody.",
        PRACTICE, "Do not move entries while the list is walked.", CONNPT_CHECK_BREAKS },
      reentry_unadvise_previous,
      RULE_FIRE,
      RULE_NO_KIND,
      0 },
    { { "reentry-advise", "A sink may connect another one inside its call.", PRACTICE,
        "Let Advise leave the running walk intact.", CONNPT_CHECK_BREAKS },
      reentry_advise,
      RULE_FIRE,
      RULE_NO_KIND,
      0 },
    { { "reentry-advise-not-now",
        "A sink that is connected inside a call is called from the next "
        "fire on.",
        "practice", "Walk the connections that existed when the fire began.", CONNPT_CHECK_TASTE },
      reentry_advise_not_now,
      RULE_FIRE,
      RULE_NO_KIND,
      0 },
    { { "reentry-fire", "A fire inside a call reaches everybody, and so does the outer one.",
        PRACTICE, "Give each fire a position of its own.", CONNPT_CHECK_BREAKS },
      reentry_fire,
      RULE_FIRE,
      RULE_NO_KIND,
      0 },
    { { "reentry-release-object", "The object's last reference may go inside a call.",
        "practice: avalonia#6199", "Hold a reference to the object while it fires.",
        CONNPT_CHECK_RISKY },
      reentry_release_object,
      RULE_FIRE,
      RULE_NO_KIND,
      RULE_ENDS_OBJECT },
    { { NULL, NULL, NULL, NULL, 0 }, NULL, 0, 0, 0 },
};

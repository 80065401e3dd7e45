/* SPDX-License-Identifier: MIT */
/* check/crowd.c - sinks that are connected, and a fire */
#include "crowd.h"

#include "apartment.h"
#include "slots.h"

bool crowd_connect(struct check *check, struct crowd *ret_crowd)
{
    if (!CHECK_ANY_SHAPE && !check->source->is_dispatch) {
        check_skip(check, "on this system a sink must know the shape of each method; this one fits "
                          "dispinterfaces only");
        return false;
    }
    ret_crowd->check = check;
    for (int i = 0; i < CROWD; i++) {
        struct sink *sink = sink_create(check);

        if (sink == NULL || !check_advise(check, sink, &ret_crowd->cookies[i]))
            return false;
        sink->context = ret_crowd;
        ret_crowd->sinks[i] = sink;
    }
    return true;
}

bool crowd_ready(struct check *check, struct crowd *ret_crowd)
{
    if (!crowd_connect(check, ret_crowd))
        return false;
    crowd_fire(ret_crowd);
    for (int i = 0; i < CROWD; i++) {
        if (ret_crowd->sinks[i]->n_calls == 0)
            check_skip(check, "a fire that nobody disturbs does not call each sink: see "
                              "fire-reaches-all");
        ret_crowd->sinks[i]->n_calls = 0;
    }
    return !check_is_told(check);
}

static bool was_heard(void *context)
{
    const unsigned *before = context;

    return sink_total_calls() != *before;
}

void fire_once(const struct connpt_check_options *options, IUnknown *object)
{
    unsigned before;

    apartment_deliver(); /* what still waits is no part of this fire */
    before = sink_total_calls();
    (void)options->fire(options->context, object);
    apartment_deliver_until(was_heard, &before);
}

void crowd_fire(struct crowd *crowd)
{
    struct check *check = crowd->check;
    const char *outer = check->step;

    check->step = "the fire";
    fire_once(check->options, check->object);
    check->step = outer;
}

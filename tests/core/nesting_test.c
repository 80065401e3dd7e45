/* SPDX-License-Identifier: MIT */
/* Fires inside fires, more than a thread keeps account of, and fires that end out of turn. */
#include "crowd.h"

enum { DEEP = 3 * CONNPT_THREAD_FIRES };

static struct connpt_fire fires[DEEP];

static void begin_all(int n)
{
    for (int i = 0; i < n; i++)
        connpt_fire_begin(&fires[i], source->events, CONNPT_FIRE_IGNORE);
}

static HRESULT unadvise_sync(int i)
{
    return connpt_point_unadvise_sync(source_events(source), cookies[i]);
}

/* Nothing is left over: outside of all fires the same call waits, and does all of it. */
static void check_forgotten(int i)
{
    CHECK_HR(unadvise_sync(i), S_OK);
    CHECK_INT(sinks[i].refs, 1);
}

static void fires_within_the_account_wait_for_others_only(void)
{
    if (!crowd_connect(3, 0))
        return;
    begin_all(CONNPT_THREAD_FIRES);
    CHECK_HR(unadvise_sync(0), S_FALSE);
    CHECK_INT(sinks[0].refs, 2);
    for (int i = CONNPT_THREAD_FIRES; i-- > 0;)
        CHECK_HR(connpt_fire_end(&fires[i]), S_FALSE);
    CHECK_INT(sinks[0].refs, 1);
    check_forgotten(1);
    teardown(3);
}

static void fires_beyond_the_account_do_not_wait_for_themselves(void)
{
    if (!crowd_connect(3, 0))
        return;
    begin_all(DEEP);
    CHECK_HR(unadvise_sync(0), S_FALSE);
    CHECK_INT(sinks[0].refs, 2);
    for (int i = DEEP; i-- > 0;)
        (void)connpt_fire_end(&fires[i]);
    CHECK_INT(sinks[0].refs, 1);
    check_forgotten(1);
    teardown(3);
}

static void fires_that_end_in_the_order_of_their_begin_are_counted_out(void)
{
    static const int sizes[] = { 2, CONNPT_THREAD_FIRES, CONNPT_THREAD_FIRES + 1, DEEP };

    for (size_t k = 0; k < sizeof sizes / sizeof *sizes; k++) {
        if (!crowd_connect(2, 0))
            return;
        begin_all(sizes[k]);
        (void)connpt_fire_end(&fires[0]);
        CHECK_HR(unadvise_sync(0), S_FALSE);
        for (int i = 1; i < sizes[k]; i++) {
            CHECK_INT(sinks[0].refs, 2);
            (void)connpt_fire_end(&fires[i]);
        }
        CHECK_INT(sinks[0].refs, 1);
        check_forgotten(1);
        teardown(2);
    }
}

/* The thread is inside of fires, but of another point: to this one it is an outsider. */
static void fires_of_other_points_do_not_count(void)
{
    struct sink other;

    if (!crowd_connect(2, 0))
        return;
    sink_init(&other, 0);
    if (CHECK(advise(source_other(source), &other) != 0)) {
        connpt_fire_begin(&fires[0], source->other, CONNPT_FIRE_IGNORE);
        CHECK_HR(unadvise_sync(0), S_OK);
        CHECK_INT(sinks[0].refs, 1);
        (void)connpt_fire_end(&fires[0]);
    }
    teardown(2);
    CHECK_INT(other.refs, 1);
}

/* Of its fires only those of this point are in the way, wherever they stand among the others. */
static void fires_of_two_points_in_turn_do_not_wait_for_themselves(void)
{
    struct sink other;

    if (!crowd_connect(2, 0))
        return;
    sink_init(&other, 0);
    if (CHECK(advise(source_other(source), &other) != 0)) {
        for (int i = 0; i < 6; i++)
            connpt_fire_begin(&fires[i], i % 2 ? source->events : source->other,
                              CONNPT_FIRE_IGNORE);
        CHECK_HR(unadvise_sync(0), S_FALSE);
        CHECK_INT(sinks[0].refs, 2);
        for (int i = 6; i-- > 0;)
            (void)connpt_fire_end(&fires[i]);
        CHECK_INT(sinks[0].refs, 1);
        check_forgotten(1);
    }
    teardown(2);
    CHECK_INT(other.refs, 1);
}

/* Begins fires of either point: 'e' of events, 'o' of other. */
static int begin_in_turn(const char *points, struct sink *other)
{
    int n = 0;

    if (!crowd_connect(2, 0))
        return 0;
    sink_init(other, 0);
    if (!CHECK(advise(source_other(source), other) != 0)) {
        teardown(2);
        return 0;
    }
    for (; points[n] != '\0'; n++)
        connpt_fire_begin(&fires[n], points[n] == 'e' ? source->events : source->other,
                          CONNPT_FIRE_IGNORE);
    return n;
}

/* The first one has ended: those that are left are known, each with its point. */
static void check_after_the_first_has_ended(const char *points)
{
    struct sink other;
    int n = begin_in_turn(points, &other);

    if (n == 0)
        return;
    (void)connpt_fire_end(&fires[0]);
    CHECK_HR(unadvise_sync(0), S_FALSE);
    for (int i = 1; i < n; i++) {
        CHECK_INT(sinks[0].refs, 2);
        (void)connpt_fire_end(&fires[i]);
    }
    check_forgotten(1);
    teardown(2);
    CHECK_INT(other.refs, 1);
}

static void fires_of_two_points_may_end_out_of_turn(void)
{
    check_after_the_first_has_ended("oe");
    check_after_the_first_has_ended("eoe");
    check_after_the_first_has_ended("ooe");
    check_after_the_first_has_ended("eooe");
    check_after_the_first_has_ended("ooooooooooooooe"); /* the last is beyond the account */
    check_after_the_first_has_ended("oooooooooooooooooe");
}

int main(int argc, char **argv)
{
    static const struct t_test tests[] = {
        T(fires_within_the_account_wait_for_others_only),
        T(fires_beyond_the_account_do_not_wait_for_themselves),
        T(fires_that_end_in_the_order_of_their_begin_are_counted_out),
        T(fires_of_other_points_do_not_count),
        T(fires_of_two_points_in_turn_do_not_wait_for_themselves),
        T(fires_of_two_points_may_end_out_of_turn),
        T_END,
    };

    return t_run(argc, argv, tests);
}

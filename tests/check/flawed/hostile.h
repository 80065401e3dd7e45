/* SPDX-License-Identifier: MIT */
/*
 * check/flawed/hostile.h - what no object should do to the process that it lives in
 *
 * They go on counting where the defects end. hostile_test.py reads the list: one name in a line.
 */
#ifndef CONNPT_TESTS_CHECK_HOSTILE_H
#define CONNPT_TESTS_CHECK_HOSTILE_H

/* clang-format off */
#define HOSTILITIES(X) \
    /* in Advise: to the process */ \
    X(advise_exits) \
    X(advise_exits_at_once) \
    X(advise_aborts) \
    X(advise_kills_its_group) \
    X(advise_stops_itself) \
    X(advise_loops_deaf) \
    X(advise_handles_crash_by_exit) \
    X(advise_handles_crash_by_return) \
    X(advise_sets_alarm) \
    X(advise_closes_descriptors) \
    X(advise_forks) \
    X(advise_leaves_child) \
    X(advise_leaves_daemon) \
    X(advise_writes_much) \
    X(advise_writes_garbage) \
    X(advise_writes_much_to_stdout) \
    X(advise_changes_folder) \
    X(advise_limits_itself) \
    X(advise_raises) \
    X(advise_spoils_thread) \
    X(advise_starts_doomed_thread) \
    /* elsewhere: to the caller */ \
    X(query_recurses) \
    X(query_gives_null) \
    X(query_gives_garbage) \
    X(find_gives_null) \
    X(find_gives_garbage) \
    X(enum_gives_null) \
    X(enum_gives_garbage) \
    X(enum_never_ends) \
    X(enum_overruns) \
    X(enum_counts_wildly) \
    X(table_has_holes) \
    X(clone_gives_null) \
    X(info_gives_null) \
    X(counts_are_negative) \
    X(fire_aborts) \
    X(fire_hangs)
/* clang-format on */

struct flawed;

/* The first thing that Advise does. */
void hostile_advise(struct flawed *flawed);

#endif

/* SPDX-License-Identifier: MIT */
/*
 * check/flawed/defects.h - what can be wrong with the object of this module, one thing at a time
 *
 * The object with defect number N has the CLSID {F1A0ED00-0000-0000-0000-00000000NNNN}, in
 * hexadecimal, counted from 1 in the order of this list; number 0 has none. The list is read by
 * check_test.py too: one name in a line.
 */
#ifndef CONNPT_TESTS_CHECK_DEFECTS_H
#define CONNPT_TESTS_CHECK_DEFECTS_H

#include "hostile.h"

/* clang-format off */
#define DEFECTS(X) \
    /* QueryInterface */ \
    X(query_null_crashes) \
    X(query_leaves_out) \
    X(query_wrong_code) \
    X(query_two_identities) \
    X(query_one_way) \
    X(query_takes_two) \
    /* IConnectionPointContainer */ \
    X(container_missing) \
    X(points_not_implemented) \
    X(points_null_crashes) \
    X(points_forgets_one) \
    X(points_gives_one_twice) \
    X(points_are_copies) \
    X(find_null_crashes) \
    X(find_null_iid_crashes) \
    X(find_wrong_code) \
    X(find_leaves_out) \
    X(find_takes_two) \
    X(find_not_implemented) \
    /* IConnectionPoint, but for its connections */ \
    X(interface_is_another) \
    X(interface_null_crashes) \
    X(interface_not_implemented) \
    X(container_not_implemented) \
    X(container_null_crashes) \
    X(container_takes_two) \
    X(point_is_container) \
    X(point_answers_container) \
    X(point_query_leaves_out) \
    X(point_query_null_crashes) \
    /* Advise */ \
    X(advise_not_implemented) \
    X(advise_null_sink_crashes) \
    X(advise_null_keeps_cookie) \
    X(advise_null_cookie_crashes) \
    X(advise_null_cookie_works) \
    X(advise_keeps_cookie) \
    X(advise_asks_nobody) \
    X(advise_keeps_handed) \
    X(advise_takes_two) \
    X(advise_takes_none) \
    X(advise_wrong_code) \
    X(advise_passes_code_on) \
    X(advise_connects_null) \
    X(advise_leaks_refused) \
    X(advise_refuses_second) \
    X(advise_finds_first) \
    X(advise_limit_wrong_code) \
    X(advise_limit_leaks) \
    /* cookies */ \
    X(cookie_from_zero) \
    X(cookie_is_length) \
    X(cookie_is_slot) \
    X(cookie_last_again) \
    X(cookie_from_hundred) \
    X(cookie_wraps_early) \
    /* Unadvise */ \
    X(unadvise_zero_works) \
    X(unadvise_zero_invalid) \
    X(unadvise_unknown_works) \
    X(unadvise_unknown_crashes) \
    X(unadvise_twice_works) \
    X(unadvise_always_false) \
    X(unadvise_leaks) \
    X(unadvise_releases_twice) \
    X(unadvise_ends_all) \
    X(unadvise_releases_first) \
    /* enumerators */ \
    X(enum_not_implemented) \
    X(enum_null_crashes) \
    X(enum_none_fails) \
    X(enum_forgets_last) \
    X(enum_invents_cookies) \
    X(enum_finds_cookie_by_sink) \
    X(enum_backwards) \
    X(enum_short_is_ok) \
    X(enum_end_is_ok) \
    X(enum_full_is_false) \
    X(enum_writes_one_more) \
    X(enum_adds_next) \
    X(enum_needs_full_array) \
    X(enum_skip_zero_fails) \
    X(enum_zero_fails) \
    X(enum_needs_count) \
    X(enum_many_without_count) \
    X(enum_array_null_crashes) \
    X(enum_clears_rest) \
    X(enum_takes_no_reference) \
    X(enum_keeps_references) \
    X(enum_skip_exact_fails) \
    X(enum_skip_stays) \
    X(enum_skip_runs_over) \
    X(enum_reset_does_nothing) \
    X(enum_clone_starts_over) \
    X(enum_clone_is_itself) \
    X(enum_clone_null_crashes) \
    X(enum_clone_keeps_references) \
    X(enum_clone_takes_no_reference) \
    X(enum_no_skip_no_clone) \
    X(enum_is_shared) \
    X(enum_points_is_shared) \
    X(enum_is_point) \
    X(enum_follows_list) \
    X(enum_holds_nothing) \
    X(enum_connections_is_weak) \
    /* class info */ \
    X(guid_is_null) \
    X(guid_is_nobodys) \
    X(guid_is_second_source) \
    X(guid_any_kind) \
    X(guid_null_crashes) \
    X(info_not_implemented) \
    X(info_null_crashes) \
    X(info_of_interface) \
    X(info_takes_no_reference) \
    X(info_takes_two) \
    X(source_without_point) \
    /* the end */ \
    X(end_leaks_sinks) \
    X(end_releases_twice) \
    X(end_point_is_weak) \
    X(session_leaks_object) \
    /* firing */ \
    X(fire_forgets_last) \
    X(fire_stops_at_failure) \
    X(fire_stops_at_dead) \
    X(fire_stops_at_unknown) \
    X(fire_backwards) \
    X(fire_fills_gaps) \
    X(fire_wrong_riid) \
    X(fire_named_argument) \
    X(fire_undeclared_event) \
    X(fire_one_argument_less) \
    X(fire_first_argument_first) \
    X(fire_text_for_number) \
    X(fire_frees_garbage) \
    X(fire_calls_gone) \
    X(fire_leaks) \
    X(fire_does_not_pin) \
    X(fire_does_not_pin_object) \
    X(fire_moves_list) \
    X(fire_calls_removed) \
    X(fire_calls_added) \
    X(fire_shares_cursor) \
    X(fire_refuses_unadvise) \
    X(fire_refuses_advise) \
    X(fire_holds_lock) \
    /* threads */ \
    X(threads_without_lock) \
    X(threads_hold_late)
/* clang-format on */

#define DEFECT_NAME(name) name,
enum defect { no_defect, DEFECTS(DEFECT_NAME) HOSTILITIES(DEFECT_NAME) N_DEFECTS };

#endif

#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""family_test - each flawed object is found out by the rules about its defect, and by no other

CONNPT is the command, FLAWED the module of tests/check/flawed, DEFECTS its defects.h. With WINE_RUN
they are Windows', where each rule takes a start of the program: then a defect meets the rules about
it and a few others, which are others for each defect.
"""
import concurrent.futures
import json
import os
import re
import subprocess

CONNPT = os.environ["CONNPT"]
FLAWED = os.environ["FLAWED"]
WINE_RUN = os.environ.get("WINE_RUN")
DEFECTS = re.findall(r"^\s+X\((\w+)\)", open(os.environ["DEFECTS"], encoding="utf-8").read(), re.M)

EXIT = {"taste": 0, "risky": 4, "breaks": 5, "violates": 6}


def both(*names):
    return [kind + "-" + name for name in names for kind in ("points", "connections")]


# The rules that must tell of a defect. "-" in front: as a dialect. "!": by a crash. "?": it hangs.
EXPECTED = {
    "query_null_crashes": ["!query-null-out"],
    "query_leaves_out": ["query-clears-out"],
    "query_wrong_code": ["query-unknown-iid"],
    "query_two_identities": ["query-identity"],
    "query_one_way": ["query-consistent"],
    # It leaks the object, and with it whoever is connected.
    "query_takes_two": ["query-references", "end-releases-sinks", "reentry-release-object"],
    "container_missing": ["container-present"],
    "points_not_implemented": ["-points-implemented"],
    "points_null_crashes": ["!points-null-out"],
    "points_forgets_one": ["points-complete"],
    "points_gives_one_twice": ["points-once"],
    # A fire goes to the points that nobody gets.
    "points_are_copies": ["points-lead-back", "find-same", "fire-heard"],
    "find_null_crashes": ["!find-null-out"],
    "find_null_iid_crashes": ["!find-null-iid"],
    "find_wrong_code": ["find-unknown-iid"],
    "find_leaves_out": ["find-clears-out"],
    "find_takes_two": ["find-references", "session-balanced", "end-releases-sinks",
                       "reentry-release-object"],
    "find_not_implemented": ["-find-unknown-iid", "points-lead-back", "class-guid-found",
                             "class-sources-found"],
    # All points tell the same wrong name.
    "interface_is_another": ["points-complete", "points-once", "points-lead-back",
                             "point-interface"],
    "interface_null_crashes": ["!point-interface-null"],
    "interface_not_implemented": ["point-interface"],
    "container_not_implemented": ["point-container"],
    "container_null_crashes": ["!point-container-null"],
    "container_takes_two": ["point-container-references"],
    "point_is_container": ["point-query", "point-identity", "point-separate"],
    "point_answers_container": ["point-separate"],
    "advise_not_implemented": ["advise-works"],
    "point_query_leaves_out": ["point-query-unknown"],
    "point_query_null_crashes": ["!point-query-null"],
    "advise_null_sink_crashes": ["!advise-null-sink"],
    "advise_null_keeps_cookie": ["advise-null-sink"],
    "advise_null_cookie_crashes": ["!advise-null-cookie"],
    "advise_null_cookie_works": ["-advise-null-cookie"],
    "advise_keeps_cookie": ["advise-zeroes-cookie"],
    # Whoever asks nothing is refused nothing either.
    "advise_asks_nobody": ["advise-queries", "advise-refused", "advise-refused-otherwise",
                           "advise-refused-null", "fire-queried-pointer"],
    "advise_keeps_handed": ["advise-keeps-queried", "fire-queried-pointer"],
    "advise_takes_two": ["advise-one-reference", "end-releases-sinks", "reentry-release-object"],
    "advise_takes_none": ["advise-one-reference", "end-releases-sinks", "reentry-release-object"],
    "advise_wrong_code": ["advise-refused", "advise-refused-otherwise"],
    "advise_passes_code_on": ["-advise-refused-otherwise"],
    "advise_connects_null": ["advise-refused-null"],
    "advise_leaks_refused": ["advise-refused-references"],
    "advise_refuses_second": ["advise-twice", "advise-many"],
    "advise_finds_first": ["advise-twice", "advise-many"],
    "advise_limit_wrong_code": ["advise-many"],
    "advise_limit_leaks": ["advise-limit-clean"],
    "cookie_from_zero": ["cookie-nonzero", "cookie-first"],
    "cookie_is_length": ["cookie-unique", "cookie-stale", "cookie-reuse"],
    "cookie_is_slot": ["cookie-stale", "cookie-reuse"],
    "cookie_last_again": ["cookie-stale", "cookie-reuse"],
    "cookie_from_hundred": ["cookie-first"],
    "cookie_wraps_early": ["cookie-reuse"],
    "unadvise_zero_works": ["unadvise-zero", "unadvise-unknown"],
    "unadvise_zero_invalid": ["-unadvise-zero", "-unadvise-unknown"],
    "unadvise_unknown_works": ["unadvise-unknown"],
    "unadvise_unknown_crashes": ["!unadvise-unknown"],
    "unadvise_twice_works": ["unadvise-twice", "unadvise-from-release"],
    "unadvise_always_false": ["unadvise-works"],
    "unadvise_leaks": ["unadvise-releases"],
    "unadvise_releases_twice": ["unadvise-releases"],
    "unadvise_ends_all": ["advise-many", "unadvise-keeps-others", "reentry-unadvise-self",
                          "reentry-unadvise-next", "reentry-unadvise-previous"],
    "unadvise_releases_first": ["unadvise-from-release"],
    "enum_not_implemented": ["connections-implemented"],
    "enum_null_crashes": ["!connections-null-out"],
    "enum_none_fails": ["-connections-empty"],
    "enum_forgets_last": ["connections-complete"],
    "enum_invents_cookies": ["connections-cookies"],
    "enum_finds_cookie_by_sink": ["connections-same-twice"],
    "enum_backwards": ["connections-order"],
    "enum_short_is_ok": both("next-short"),
    "enum_end_is_ok": both("next-end"),
    "enum_full_is_false": both("next-all"),
    "enum_writes_one_more": both("next-within"),
    # Into an array of garbage it is a crash.
    "enum_adds_next": both("next-contents") +
                      ["!" + name for name in both("next-within", "next-untouched")],
    "enum_needs_full_array": both("next-contents"),
    "enum_skip_zero_fails": both("skip-zero"),
    "enum_zero_fails": both("next-zero"),
    "enum_needs_count": both("next-null-count"),
    "enum_many_without_count": ["-" + name for name in both("next-null-count-of-many")],
    "enum_array_null_crashes": ["!" + name for name in both("next-null-array")],
    "enum_clears_rest": both("next-untouched"),
    "enum_takes_no_reference": both("references"),
    "enum_keeps_references": ["connections-references"] + both("released"),
    "enum_skip_exact_fails": both("skip-exact"),
    "enum_skip_stays": ["-" + name for name in both("skip-past")],
    "enum_skip_runs_over": both("skip-overflow"),
    "enum_reset_does_nothing": both("reset"),
    "enum_clone_starts_over": both("clone-position"),
    "enum_clone_is_itself": both("clone-position", "clone-independent"),
    "enum_clone_null_crashes": ["!" + name for name in both("clone-null")],
    "enum_clone_keeps_references": both("released"),
    "enum_clone_takes_no_reference": ["connections-released"],
    "enum_no_skip_no_clone": ["-" + name for name in both(
        "skip", "skip-exact", "skip-past", "reset", "clone-position", "clone-independent")],
    "enum_is_shared": ["connections-separate"],
    "enum_points_is_shared": ["points-separate"],
    "enum_is_point": both("identity"),
    "enum_follows_list": ["connections-snapshot", "connections-stable"],
    "enum_holds_nothing": ["!end-points-stay"],
    "enum_connections_is_weak": ["!end-connections-stay"],
    "guid_is_null": ["class-guid-default"],
    "guid_is_nobodys": ["class-guid-found", "class-default-same"],
    "guid_is_second_source": ["class-default-same"],
    "guid_any_kind": ["class-guid-kind"],
    "guid_null_crashes": ["!class-guid-null"],
    "info_not_implemented": ["class-info-works"],
    "info_null_crashes": ["!class-info-null"],
    "info_of_interface": ["class-info-works"],
    "info_takes_no_reference": ["class-info-references"],
    "info_takes_two": ["class-info-references"],
    "source_without_point": ["class-sources-found"],
    "end_leaks_sinks": ["end-releases-sinks", "reentry-release-object"],
    "end_releases_twice": ["end-releases-sinks", "reentry-release-object"],
    "end_point_is_weak": ["!end-point-stays", "fire-heard"],
    "session_leaks_object": ["session-balanced", "end-releases-sinks", "reentry-release-object"],
    "fire_forgets_last": ["fire-reaches-all"],
    "fire_stops_at_failure": ["fire-failing-sink"],
    "fire_stops_at_dead": ["fire-dead-sink"],
    "fire_stops_at_unknown": ["fire-member-not-found"],
    "fire_backwards": ["fire-order"],
    "fire_fills_gaps": ["fire-order-kept"],
    "fire_wrong_riid": ["fire-arguments"],
    "fire_named_argument": ["fire-arguments"],
    "fire_undeclared_event": ["fire-declared"],
    "fire_one_argument_less": ["fire-argument-count"],
    "fire_first_argument_first": ["fire-argument-order"],
    "fire_text_for_number": ["fire-argument-types"],
    "fire_frees_garbage": ["!fire-exception"],
    "fire_calls_gone": ["fire-after-unadvise", "fire-references", "reentry-unadvise-next",
                        "reentry-release-object"],
    "fire_leaks": ["fire-references", "reentry-release-object"],
    "fire_does_not_pin": ["reentry-sink-alive"],
    "fire_does_not_pin_object": ["!reentry-release-object"],
    "fire_moves_list": ["reentry-unadvise-self", "reentry-unadvise-previous"],
    "fire_calls_removed": ["reentry-unadvise-next"],
    "fire_calls_added": ["reentry-advise-not-now"],
    "fire_shares_cursor": ["reentry-fire"],
    "fire_refuses_unadvise": ["reentry-unadvise-self", "reentry-unadvise-next",
                              "reentry-unadvise-previous"],
    "fire_refuses_advise": ["reentry-advise"],
    "fire_holds_lock": ["?reentry-unadvise-self", "?reentry-sink-alive", "?reentry-unadvise-next",
                        "?reentry-unadvise-previous", "?reentry-advise", "?reentry-advise-not-now",
                        "?reentry-fire"],
    "threads_without_lock": ["threads-advise", "threads-enumerate", "threads-fire"],
    "threads_hold_late": ["threads-fire"],
}

# Other defects may show with several threads too, if these happen to meet: they run without.
THREADS = {"threads-advise", "threads-enumerate", "threads-fire"}

# Two use memory that was given back. glibc overwrites that, and nothing does on Windows, where the
# use may or may not be noticed. One frees what is no block, which Wine's heap refuses in silence.
NOTICED_BY_CHANCE = ({"enum_holds_nothing", "enum_connections_is_weak", "fire_frees_garbage"}
                     if WINE_RUN else set())

# The rules of which each defect meets some; those that take long are met by their own defects.
RULES = []
LONG = THREADS | {"cookie-reuse", "advise-many"}

MARKS = {"failed": "", "dialect": "-", "crashed": "!", "hung": "?"}


N_OTHERS = 4


def run(*arguments):
    command = [WINE_RUN, CONNPT] if WINE_RUN else [CONNPT]
    return subprocess.run(command + list(arguments), capture_output=True, text=True, timeout=3000,
                          check=False)


def parts(number, name):
    """What of all rules is run at once, with the limit of each; on Linux all."""
    expected = [rule.lstrip("-!?") for rule in EXPECTED.get(name, [])]
    if any(rule.startswith("?") for rule in EXPECTED.get(name, [])):
        # Only what does hang is waited for no longer than needed. Under Wine that is enough.
        these = ",".join(expected)
        return [["--timeout", "10", "--only", these]] + \
            ([] if WINE_RUN else [["--timeout", "150", "--except", these]])
    if not expected or not WINE_RUN:
        return [["--timeout", "150"]]
    others = [RULES[(number * N_OTHERS + i) % len(RULES)] for i in range(N_OTHERS)]
    return [["--timeout", "150", "--only", ",".join(expected + others)]]


def check(number):
    """What is found of defect @number, and what is wrong with the exit codes."""
    name = DEFECTS[number - 1] if number else ""
    found, faults = [], []
    for part in parts(number, name):
        more, done, code = check_part(number, name, part)
        found += more
        if done.returncode != code:
            faults.append(f"exit code {done.returncode}, where it should be {code}; "
                          f"{done.stderr[-300:]}")
    return found, faults


def check_part(number, name, part):
    """What is found, what the command returned, and the exit code that belongs to it."""
    target = f"mod:{FLAWED}#{{F1A0ED00-0000-0000-0000-{number:012X}}}"
    arguments = ["check", target, "--fire", "Tick", "12.5", "--json", *part]
    if number == 0 or THREADS & set(EXPECTED[name]):
        arguments.append("--threads")
    done = run(*arguments)
    found, code = [], 0
    for line in done.stdout.splitlines():
        rule = json.loads(line)
        if "id" not in rule or rule["outcome"] not in MARKS:
            continue
        found.append(MARKS[rule["outcome"]] + rule["id"])
        if rule["outcome"] in ("crashed", "hung"):
            code = 7
            if "the innermost first" not in rule.get("trace", ""):
                found.append("no calls in the trace of " + rule["id"])
            if name.endswith("null_crashes") and "flawed" not in rule.get("trace", ""):
                found.append("no call of flawed.so in the trace of " + rule["id"])
        elif rule["outcome"] == "failed":
            code = max(code, EXIT[rule["severity"]])
    return found, done, code


def judge(name, found, faults):
    """"" or what is wrong."""
    expected = EXPECTED.get(name, [])
    if name in NOTICED_BY_CHANCE and not found:
        pass
    elif sorted(found) != sorted(expected):
        missing = sorted(set(expected) - set(found))
        extra = sorted(set(found) - set(expected))
        return f"missing {missing}, too much {extra}; {faults}"
    return "; ".join(faults)


def main():
    names = ["no_defect"] + DEFECTS
    print(f"1..{len(names) + 1}")
    unknown = sorted(set(EXPECTED) ^ set(DEFECTS))
    if WINE_RUN:
        lines = [json.loads(line) for line in run("check", "--rules", "--json").stdout.splitlines()]
        RULES.extend(line["id"] for line in lines if line["id"] not in LONG)
    print("not ok" if unknown else "ok", "1 - table and module have the same defects", unknown)
    with concurrent.futures.ThreadPoolExecutor(max_workers=2) as pool:
        for number, result in enumerate(pool.map(check, range(len(names)))):
            name = names[number]
            fault = judge(name, *result)
            print("not ok" if fault else "ok", number + 2, "-", name, flush=True)
            if fault:
                print("#", fault)


main()

#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""hostile_test - no object takes the checker down, holds it up, or passes by running away

CONNPT is the command, FLAWED the module of tests/check/flawed, DEFECTS and HOSTILE its defects.h
and hostile.h.
"""
import concurrent.futures
import json
import os
import re
import subprocess
import time
import xml.dom.minidom

CONNPT = os.environ["CONNPT"]
FLAWED = os.environ["FLAWED"]


def names_in(path):
    return re.findall(r"^\s+X\((\w+)\)", open(path, encoding="utf-8").read(), re.M)


FIRST = len(names_in(os.environ["DEFECTS"])) + 1
HOSTILE = names_in(os.environ["HOSTILE"])

# Of what the rules below must tell: the outcome, and a part of the text. All other rules pass, are
# skipped, or, where "others" says so, tell of it too.
SOME = "advise-null-sink,cookie-first,unadvise-zero"
CRASH = {"cookie-first": ("crashed", "")}
HANG = {"only": "cookie-first", "timeout": "10"}
CLEAN = {}

EXPECTED = {
    "advise_exits": (CRASH | {"cookie-first": ("crashed", "exit(0) while Advise")}, {"only": SOME}),
    "advise_exits_at_once": ({"cookie-first": ("crashed", "exit(0) while Advise")}, {"only": SOME}),
    "advise_aborts": ({"cookie-first": ("crashed", "signal 6")}, {"only": SOME}),
    "advise_kills_its_group": ({"cookie-first": ("crashed", "signal 9")}, {"only": SOME}),
    "advise_stops_itself": ({"cookie-first": ("hung", "")}, HANG),
    "advise_loops_deaf": ({"cookie-first": ("hung", "")}, HANG),
    "advise_handles_crash_by_exit": ({"cookie-first": ("crashed", "exit(0)")}, {"only": SOME}),
    "advise_handles_crash_by_return": ({"cookie-first": ("hung", "")}, HANG),
    "advise_sets_alarm": ({"cookie-first": ("crashed", "signal 14")}, {"only": SOME}),
    "advise_closes_descriptors": (CLEAN, {}),
    "advise_forks": (CLEAN, {"only": "advise-null-*,cookie-first,cookie-nonzero,unadvise-twice"}),
    "advise_leaves_child": (CLEAN, {"only": "cookie-*,connections-next-*",
                                    "except": "cookie-reuse"}),
    "advise_leaves_daemon": (CLEAN, {"only": "cookie-first,cookie-nonzero,unadvise-twice"}),
    "advise_writes_much": (CLEAN, {"only": "cookie-first"}),
    "advise_writes_much_to_stdout": (CLEAN, {"only": "cookie-first"}),
    "advise_changes_folder": (CLEAN, {}),
    "advise_limits_itself": (CLEAN, {"only": SOME}),
    "advise_raises": ({"cookie-first": ("crashed", "signal 6")}, {"only": SOME}),
    "advise_writes_garbage": ({"cookie-first": ("crashed", "signal 6")}, {"only": SOME}),
    "advise_spoils_thread": ({"session-keeps-thread": ("failed", "")}, {}),
    "advise_starts_doomed_thread": ({"end-quiet": ("crashed", "signal 11")}, {"only": "end-quiet"}),
    "query_recurses": ({"object-made": ("crashed", "signal 11")}, {}),
    "query_gives_null": ({"container-present": ("failed", "NULL")}, {"others": True}),
    "query_gives_garbage": ({"container-present": ("crashed", "signal 11")}, {"others": True}),
    "find_gives_null": ({"points-lead-back": ("failed", "")}, {"others": True}),
    "find_gives_garbage": ({"points-lead-back": ("crashed", "signal 11")}, {"others": True}),
    "enum_gives_null": ({"points-implemented": ("failed", "NULL"),
                         "connections-implemented": ("failed", "NULL")}, {"others": True}),
    "enum_gives_garbage": ({"points-implemented": ("crashed", "signal 11"),
                            "connections-implemented": ("crashed", "signal 11")}, {"others": True}),
    "enum_never_ends": ({"points-ends": ("failed", ""), "connections-ends": ("failed", "")}, {}),
    "enum_overruns": ({"points-next-within": ("failed", "4096 bytes"),
                       "connections-next-within": ("failed", "4096 bytes"),
                       "points-next-untouched": ("failed", ""),
                       "connections-next-untouched": ("failed", "")}, {}),
    "enum_counts_wildly": ({"points-next-end": ("failed", "the count 4294967295"),
                            "connections-next-end": ("failed", "the count 4294967295")},
                           {"others": True}),
    "table_has_holes": ({"point-container": ("crashed", "signal 11"),
                         "connections-implemented": ("crashed", "signal 11")},
                        {"only": "point-*,connections-implemented,advise-null-*"}),
    "clone_gives_null": ({"points-clone-position": ("failed", "NULL"),
                          "connections-clone-position": ("failed", "NULL")}, {"others": True}),
    "info_gives_null": ({"class-info-works": ("failed", "NULL")}, {}),
    "counts_are_negative": (CLEAN, {}),
    "fire_aborts": ({"fire-heard": ("crashed", "signal 6")}, {"fire": True}),
    "fire_hangs": ({"fire-heard": ("hung", "the fire")}, {"fire": True, "only": "fire-*",
                                                       "timeout": "10"}),
}
LIMIT = 300  # seconds for one of them; ten times what it takes on a busy machine


def command(name, how, form):
    number = FIRST + HOSTILE.index(name)
    words = [CONNPT, "check", f"mod:{FLAWED}#{{F1A0ED00-0000-0000-0000-{number:012X}}}", form]
    words += ["--timeout", how.get("timeout", "200")]
    for option in ("only", "except"):
        if option in how:
            words += ["--" + option, how[option]]
    if how.get("fire"):
        words += ["--fire", "Tick", "12.5"]
    return words


def run(name):
    """What is wrong with the checker; ""."""
    expected, how = EXPECTED[name]
    begin = time.monotonic()
    # Through pipes: whoever is left behind and holds them holds this test up.
    done = subprocess.run(command(name, how, "--json"), stdin=subprocess.DEVNULL,
                          capture_output=True, timeout=LIMIT, check=False)
    took = time.monotonic() - begin
    lines = [json.loads(line) for line in done.stdout.decode("utf-8").splitlines()]
    rules = {line["id"]: line for line in lines if "id" in line}
    if not lines or "summary" not in lines[-1]:
        return f"no summary; exit code {done.returncode}; {done.stderr[-300:]}"
    if "not from the checker" in [line.get("id") for line in lines]:
        return "what the object wrote is in the report"
    for rule, (outcome, text) in expected.items():
        told = rules.get(rule, {"outcome": "missing"})
        if told["outcome"] != outcome or text not in told["text"]:
            return f"{rule}: {told['outcome']}, {told.get('text')}; it should be {outcome}, {text}"
    for rule, told in rules.items():
        bad = told["outcome"] not in ("passed", "skipped", "dialect")
        if bad and rule not in expected and told["outcome"] != "crashed" and not how.get("others"):
            return f"{rule}: {told['outcome']}, {told['text']}"
    code = done.returncode
    if (code == 0) != (not expected) or code not in (0, 4, 5, 6, 7):
        return f"exit code {code}"
    left = left_behind(command(name, how, "--json")[2])
    while left and name != "advise_leaves_daemon" and time.monotonic() - begin < LIMIT:
        time.sleep(0.1)  # who was ended goes when the system comes to it
        left = left_behind(command(name, how, "--json")[2])
    if left and name != "advise_leaves_daemon":
        return f"processes are left: {left}"
    return "" if took < LIMIT else f"it took {took:.0f} seconds"


def left_behind(target):
    left = []
    for entry in os.listdir("/proc") if os.path.isdir("/proc") else []:
        try:
            if entry.isdigit() and target.encode() in open(f"/proc/{entry}/cmdline", "rb").read():
                left.append(entry)
        except OSError:
            pass
    return left


def xml_is_well_formed():
    done = subprocess.run(command("advise_writes_garbage", {"only": SOME}, "--junit"),
                          capture_output=True, timeout=LIMIT, check=False)
    try:
        xml.dom.minidom.parseString(done.stdout)
    except Exception as fault:  # pylint: disable=broad-except
        return str(fault)
    return ""


def main():
    names = [name for name in HOSTILE if name in EXPECTED]
    print(f"1..{len(names) + 2}")
    unknown = sorted(set(HOSTILE) ^ set(EXPECTED))
    print("not ok" if unknown else "ok", "1 - table and module have the same hostilities", unknown)
    fault = xml_is_well_formed()
    print("not ok" if fault else "ok", "2 - what a dying object writes does not spoil the XML",
          fault)
    with concurrent.futures.ThreadPoolExecutor(max_workers=2) as pool:
        for number, fault in enumerate(pool.map(run, names)):
            print("not ok" if fault else "ok", number + 3, "-", names[number], flush=True)
            if fault:
                print("#", fault)


main()

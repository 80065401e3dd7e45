#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""same_report_test - the sample modules are clean, and Linux and Windows report the same

    same_report_test.py CONNPT TICKER FS FLAWED DEFECTS
    same_report_test.py --wine-run=RUN CONNPT.EXE TICKER.DLL FS.DLL FLAWED.DLL DEFECTS

The first form asks whether the modules are clean here. The second one asks it under Wine, and
compares what is printed there with what the command of the build for Linux prints.
"""
import json
import os
import re
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../harness"))
import sides

TICK = ["--fire", "Tick", "12.5"]

# A crash, a hang, dialects, ledgers, counts, and what is skipped for want of something.
FLAWED = {
    "query_null_crashes": "query-*",
    "points_not_implemented": "points-*",
    "advise_takes_two": "advise-one-reference,end-releases-sinks",
    "cookie_is_slot": "cookie-*",
    "unadvise_zero_invalid": "unadvise-*",
    "enum_no_skip_no_clone": "connections-skip*,connections-clone-*",
    "guid_is_nobodys": "class-*",
    "fire_named_argument": "fire-arguments",
}


class Side:
    def __init__(self, run, connpt, ticker, fs, flawed, cwd):
        self.command = [*run, connpt, "check"]
        self.modules = {"ticker": ticker, "fs": fs, "flawed": flawed}
        self.cwd = cwd

    def report(self, module, class_name, *arguments):
        target = "mod:" + self.modules[module] + class_name
        return sides.run([*self.command, target, *arguments, "--timeout", "300"], self.cwd)


def neutral(line):
    """Without what names a file, a folder or the system's way to crash."""
    if line.startswith("{"):
        item = json.loads(line)
        item.pop("trace", None)
        if "summary" in item:
            item["summary"].pop("target")
        line = json.dumps(item, sort_keys=True)
    return re.sub(r"signal 11 \(Segmentation fault\)|access violation \(0xC0000005\)", "CRASH",
                  re.sub(r"mod:\S+", "mod:MODULE", line))


def neutral_text(lines):
    """The same of the report for people, whose lines break where they are full."""
    kept, in_trace = [], False
    for line in lines:
        label = line[:10].strip()
        in_trace = label == "trace" if label else in_trace and line.startswith(" ")
        if not in_trace:
            kept.append(line)
    words = " ".join(" ".join(kept).split())
    words = re.sub(r"mod:.*? (?=\d+ rules:)", "mod:MODULE ", words)  # broken in two, perhaps
    return [neutral(line) for line in re.split(r"(?<=[.:;]) ", neutral(words))]


def is_clean(lines):
    """"" or what was found."""
    items = [json.loads(line) for line in lines if line.startswith("{")]
    if not items or "summary" not in items[-1]:
        return "\n".join(lines[:20]) or "nothing was printed"
    found = [f"{item['id']}: {item['outcome']}: {item['text']}" for item in items[:-1]
             if item["outcome"] not in ("passed", "skipped")]
    if items[-1]["summary"]["exit"] != 0 or items[-1]["summary"]["passed"] < 100:
        found.append(json.dumps(items[-1]))
    return "\n".join(found)


def main():
    arguments = sys.argv[1:]
    run = []
    if arguments[0].startswith("--wine-run="):
        run = [os.path.abspath(arguments.pop(0).partition("=")[2])]
    *files, defects = [os.path.abspath(argument) for argument in arguments]
    # wine-run finds the library's DLLs from the build folder; this is BUILD/src/cli/connpt.exe.
    build = os.path.dirname(os.path.dirname(os.path.dirname(files[0])))
    here = Side(run, *files, build)
    numbers = re.findall(r"^\s+X\((\w+)\)", open(defects, encoding="utf-8").read(), re.M)
    other = None
    if run:
        connpt = sides.linux_program("src/cli/connpt")
        folder = os.path.dirname(os.path.dirname(os.path.dirname(connpt)))
        other = Side([], connpt, folder + "/src/sources/ticker/ticker.so",
                     folder + "/src/sources/fs/fs.so", folder + "/tests/check/flawed.so", folder)
    tap = sides.Tap()
    for module, fire in (("ticker", TICK), ("fs", [])):
        report = here.report(module, "", "--json", "--strict", "--threads", *fire)
        faults = is_clean(report)
        tap.point(not faults, f"{module} has no fault", faults)
        if other:
            linux = other.report(module, "", "--json", "--strict", "--threads", *fire)
            faults = sides.compare([neutral(line) for line in linux],
                                   [neutral(line) for line in report], [], module)
            tap.point(not faults, f"the same report of {module} on both sides", faults)
    for name, rules in FLAWED.items() if other else ():
        class_name = f"#{{F1A0ED00-0000-0000-0000-{numbers.index(name) + 1:012X}}}"
        for form, neutralise in (("--json", lambda lines: [neutral(line) for line in lines]),
                                 ("--verbose", neutral_text)):
            linux, windows = [neutralise(side.report("flawed", class_name, form, "--only", rules,
                                                     *TICK)) for side in (other, here)]
            faults = sides.compare(linux, windows, [], name)
            tap.point(not faults, f"the same report of {name} on both sides ({form[2:]})", faults)
    tap.end()


main()

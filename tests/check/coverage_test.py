#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""coverage_test - docs/check/coverage.md names rules and defects that there are, and all of them

CONNPT is the command, COVERAGE the page, DEFECTS and HOSTILE the lists of tests/check/flawed.
"""
import json
import os
import re
import subprocess

NAME = re.compile(r"`([a-z*][a-z*_-]+)`")


def read(variable):
    return open(os.environ[variable], encoding="utf-8").read()


def rules_there_are():
    done = subprocess.run([os.environ["CONNPT"], "check", "--rules", "--json"], check=True,
                          capture_output=True, text=True)
    return {json.loads(line)["id"] for line in done.stdout.splitlines()}


def main():
    rules = rules_there_are()
    defects = set(re.findall(r"^\s+X\((\w+)\)", read("DEFECTS") + read("HOSTILE"), re.M))
    page = read("COVERAGE")
    named, shown, without = set(), set(), []
    for row in re.findall(r"^\|(.*)\|$", page, re.M):
        cells = row.split("|")
        *_, by_rules, by_defects = cells
        here = [rule for name in NAME.findall(by_rules)
                for rule in ([kind + name[1:] for kind in ("points", "connections")]
                             if name.startswith("*") else [name])]
        named.update(here)
        shown.update(NAME.findall(by_defects))
        if here and not by_defects.strip():
            without.append(cells[0].strip())
    shown.update(name for name in NAME.findall(page.partition("## Processes")[2]))
    faults = [
        ("each rule that it names is there", sorted(named - rules)),
        ("it names each rule", sorted(rules - named)),
        ("each defect that it names is there", sorted(shown - defects)),
        ("it names each defect", sorted(defects - shown)),
        ("each row with rules has a defect that shows them", without),
    ]
    print(f"1..{len(faults)}")
    for number, (what, wrong) in enumerate(faults, 1):
        print("not ok" if wrong else "ok", number, "-", what)
        for name in wrong:
            print("#", name)


main()

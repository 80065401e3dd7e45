#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""pages_test [RULE...] - of each page in docs/check, the rule tells of the first example, and no
rule of the second one

An example is compiled into the object of tests/check/pages, in the place of the function that it
has, and checked. CONNPT is the command, LIBRARY the folder of libconnpt. pages/object.tlb is what
tools/connpt-widl makes of object.idl.
"""
import concurrent.futures
import json
import os
import re
import subprocess
import sys
import tempfile

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
CONNPT, LIBRARY = os.environ["CONNPT"], os.environ["LIBRARY"]
TLB = os.path.join(TOP, "tests/check/pages/object.tlb")
EXAMPLE = r"^## {}\n.*?^```c\n(.*?)^```"
FUNCTION = re.compile(r"^static [^;={}(]*?(\w+)\(([^)]*)\)[^;{]*\{", re.M)
TOLD = {"failed", "dialect", "crashed", "hung"}

# First examples that are not told of, and second ones of which nothing can be said; and why.
UNSEEN = {
    "threads-advise": "a race",
    "threads-enumerate": "a race",
    "threads-fire": "a race",
}
SKIPPED = {
    "class-guid-default": "it has no default source, and says so",
}


def defines(rule, code):
    names = ["PAGE_" + rule.replace("-", "_")]
    for name, parameters in FUNCTION.findall(code):
        names.append("HAS_" + name)
        if name == "fire_tick" and "struct node" in parameters:
            names.append("HAS_fire_tick_nodes")
        if name == "tick" and "symbol" in parameters:
            names.append("HAS_tick_of_symbol")
        if name == "fire_tick" and "struct caching_point" in parameters:
            names.append("HAS_fire_tick_caching")
    return names


def build(folder, rule, heading, code):
    stem = os.path.join(folder, f"{rule}-{heading}")
    with open(stem + ".c", "w", encoding="utf-8") as file:
        file.write(code)
    names = defines(rule, code) + ["WRONG"] * (heading == "Wrong")
    subprocess.run([*os.environ.get("CC", "cc").split(), "-std=gnu11", "-w", "-shared", "-fPIC",
                    *[f"-D{name}" for name in names], f'-DEXAMPLE="{stem}.c"',
                    f'-DEXAMPLE_TLB="{TLB}"', "-I", os.path.join(TOP, "include"),
                    "-include", os.path.join(TOP, "docs/check/prelude.h"),
                    os.path.join(TOP, "tests/check/pages/object.c"), "-o", stem + ".so",
                    "-L", LIBRARY, "-lconnpt", "-lm", "-lpthread",
                    f"-Wl,-rpath,{LIBRARY}"], check=True)
    return stem + ".so"


def results_of(module, *options):
    """Of each rule that was run: the outcome, and what was said."""
    target = f"mod:{module}#{{5D0C0030-6A1E-4C1B-9B7D-2F6E0A9C4D11}}"
    done = subprocess.run([CONNPT, "check", target, "--fire", "Tick", "12.5", "--json",
                           "--timeout", "200", *options],
                          capture_output=True, text=True, timeout=1200, check=False)
    results = [json.loads(line) for line in done.stdout.splitlines()]
    return {one["id"]: (one["outcome"], one["text"]) for one in results if "id" in one}


def judge_right(module, rule, is_first):
    """@is_first: no other page has this example, or none yet."""
    outcome, text = results_of(module, "--threads", "--only", rule).get(rule, ("nothing", ""))
    if outcome != "passed":
        return f"{outcome}: {text}"
    if not is_first:
        return ""
    return "; ".join(f"{other} too: {outcome}: {text}"
                     for other, (outcome, text) in results_of(module).items() if outcome in TOLD)


def judge(folder, rule, heading, code, is_first):
    if rule in (UNSEEN if heading == "Wrong" else SKIPPED):
        return ""
    try:
        module = build(folder, rule, heading, code)
    except subprocess.CalledProcessError:
        return "it does not compile"
    if heading == "Right":
        return judge_right(module, rule, is_first)
    outcome, text = results_of(module, "--threads", "--only", rule).get(rule, ("nothing", ""))
    return "" if outcome in TOLD else f"{outcome}: {text}"


def main():
    examples = []
    for name in sorted(os.listdir(os.path.join(TOP, "docs/check"))):
        rule = name.removesuffix(".md")
        if name == rule or rule == "README" or (sys.argv[1:] and rule not in sys.argv[1:]):
            continue
        with open(os.path.join(TOP, "docs/check", name), encoding="utf-8") as file:
            page = file.read()
        for heading in ("Wrong", "Right"):
            found = re.search(EXAMPLE.format(heading), page, re.M | re.S)
            if found:
                code = found.group(1)
                is_first = all(code != other[2] for other in examples)
                examples.append((rule, heading, code, is_first))
    print(f"1..{len(examples)}")
    with tempfile.TemporaryDirectory() as folder, \
            concurrent.futures.ThreadPoolExecutor(max_workers=2) as pool:
        faults = pool.map(lambda example: judge(folder, *example), examples)
        for number, ((rule, heading, *_), fault) in enumerate(zip(examples, faults)):
            why = (UNSEEN if heading == "Wrong" else SKIPPED).get(rule)
            print("not ok" if fault else "ok", number + 1, "-", rule, heading,
                  f"# SKIP {why}" if why else "", flush=True)
            if fault:
                print("#", fault)


main()

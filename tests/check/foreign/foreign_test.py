#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""foreign_test - objects that have nothing of connpt, from compilers of other languages

Of each language there is an object that is right, as its authors would write it, of which nothing
may be told but what its pattern brings with it, and wrong ones, each with one fault that the
language makes easy. CONNPT is the command, LAYERED the module of layered.cpp ("": there is no C++
compiler), TLB the library that describes its events. With WINE_RUN they are Windows', where each
rule takes a start of the program: then they meet some rules only, and C++ alone.
"""
import json
import os
import shutil
import subprocess
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
CONNPT, LAYERED, TLB = os.environ["CONNPT"], os.environ["LAYERED"], os.environ["TLB"]
WINE_RUN = os.environ.get("WINE_RUN")
WINE_RULES = ("cookie-*,points-references,points-next-*,points-skip-zero,connections-references,"
              "connections-next-*,connections-skip-zero,fire-order*,fire-argument*,"
              "reentry-sink-alive,end-releases-sinks")


def both(*names):
    return {kind + "-" + name for name in names for kind in ("points", "connections")}


def dialects(rules):
    return {"-" + rule for rule in rules}


def crashes(rules):
    return {"!" + rule for rule in rules}


# What the pattern of layered.cpp brings with it: a cookie is a place, which is given again at once;
# and its enumerators take a count of 0 for a mistake.
PLACES = {"cookie-stale", "cookie-reuse", "fire-order-kept"}
NO_ZERO = dialects({"connections-next-zero", "connections-skip-zero"})
POINTS_NO_ZERO = dialects({"points-next-zero", "points-skip-zero"})

# Rules that must tell of each object, the first of which is right. "-" in front: as a dialect.
# "!": by a crash.
EXPECTED = {
    "layered.cpp": [
        PLACES | NO_ZERO | POINTS_NO_ZERO,
        # points that cannot be enumerated are not tried any further
        PLACES | NO_ZERO | {"points-references", "connections-references"},
        PLACES | NO_ZERO | POINTS_NO_ZERO | {"reentry-sink-alive"},
    ],
    "counted.pas": [
        set(),
        both("next-contents") | crashes(both("next-within", "next-untouched")),
        crashes({"unadvise-zero", "unadvise-unknown"}),
    ],
    "owned.rs": [
        set(),
        crashes({"reentry-unadvise-self", "reentry-unadvise-next", "reentry-unadvise-previous",
                 "reentry-sink-alive", "reentry-advise", "reentry-advise-not-now"}),
        {"end-releases-sinks", "reentry-release-object"},
    ],
}
SIGNS = {"failed": "", "dialect": "-", "crashed": "!", "hung": "?"}


def compile_pascal(folder, source, module):
    subprocess.run(["fpc", "-O2", "-g", "-Cg", "-v0we", f"-FU{folder}", f"-o{module}", source],
                   check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def compile_rust(_folder, source, module):
    subprocess.run(["rustc", "--edition", "2021", "--crate-type", "cdylib", "-O", "-o", module,
                    source], check=True, stdout=subprocess.DEVNULL)


def works(*command):
    """A compiler may be installed, and not for this user."""
    return shutil.which(command[0]) and subprocess.run(
        command, check=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode == 0


def make_module(name, folder):
    """Its path, or why there is none."""
    module = os.path.join(folder, name.partition(".")[0] + (".dll" if WINE_RUN else ".so"))
    source = os.path.join(HERE, name)
    if name == "layered.cpp":
        if not LAYERED:
            return "", "there is no C++ compiler"
        shutil.copy(LAYERED, module)
    elif WINE_RUN:
        return "", "there is no such compiler for Windows here"
    elif name == "counted.pas":
        if not works("fpc", "-iV"):
            return "", "there is no Pascal compiler"
        compile_pascal(folder, source, module)
    else:
        if not works("rustc", "--version"):
            return "", "there is no Rust compiler"
        compile_rust(folder, source, module)
    shutil.copy(TLB, os.path.splitext(module)[0] + ".tlb")
    return module, ""


def check(module, number):
    command = [CONNPT, "check", f"mod:{module}#{{F1A0ED{number:02X}-0000-0000-0000-000000000000}}",
               "--fire", "Tick", "12.5", "--json", "--quiet", "--timeout", "600"]
    if WINE_RUN:
        command[:1] = [WINE_RUN, CONNPT]
        command += ["--only", WINE_RULES]
    elif number == 1:
        command.append("--threads")
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True,
                          check=False)
    results = [json.loads(line) for line in done.stdout.splitlines()]
    return [result for result in results if "id" in result], done.stderr


def judge(module, number, expected):
    results, stderr = check(module, number)
    seen = {SIGNS[result["outcome"]] + result["id"]: result["text"] for result in results
            if result["outcome"] in SIGNS}
    if WINE_RUN:
        there_are = {result["id"] for result in results}
        expected = {rule for rule in expected if rule.lstrip("-!?") in there_are}
    faults = [f"{rule} tells nothing of it" for rule in sorted(expected - set(seen))]
    faults += [f"{rule}: {text}" for rule, text in seen.items() if rule not in expected]
    passed = sum(result["outcome"] == "passed" for result in results)
    if passed < (20 if WINE_RUN else 100):
        faults.append(f"{passed} rules passed: {stderr}")
    return faults


def main():
    print(f"1..{sum(map(len, EXPECTED.values()))}")
    at = 0
    with tempfile.TemporaryDirectory() as folder:
        for name, objects in EXPECTED.items():
            module, why_not = make_module(name, folder)
            for number, expected in enumerate(objects, 1):
                faults = judge(module, number, expected) if module else []
                at += 1
                print("not ok" if faults else "ok", at, "-", name, number,
                      f"# SKIP {why_not}" if why_not else "", flush=True)
                for fault in faults:
                    print("#", fault)


main()

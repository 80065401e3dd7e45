# SPDX-License-Identifier: MIT
"""tap_compile - many small compilations at once, reported as TAP

A check is (name, compiler, arguments, source text, expected): with expected None the text must
compile without a word, otherwise it must fail and the compiler must say `expected`.
"""
import concurrent.futures
import os
import shutil
import subprocess

WARNINGS = ["-Wall", "-Wextra", "-Wpedantic", "-Wshadow", "-Wconversion", "-Wundef", "-Werror"]
C_WARNINGS = WARNINGS + ["-Wstrict-prototypes", "-Wmissing-prototypes"]

# name of the program: (language, standards)
NATIVE = {
    "gcc": ("c", ["c99", "c11"]),
    "clang": ("c", ["c11"]),
    "g++": ("c++", ["c++11", "c++20"]),
    "clang++": ("c++", ["c++20"]),
}
MINGW = {
    "x86_64-w64-mingw32-gcc": ("c", ["c11"]),
    "x86_64-w64-mingw32-g++": ("c++", ["c++11"]),
}


def compilers(families):
    """(program, language, standard) of those that are installed; the absent ones as TAP notes"""
    found = []
    for family in families:
        for program, (language, standards) in family.items():
            if shutil.which(program):
                found += [(program, language, standard) for standard in standards]
            else:
                print(f"# {program} is not installed: skipped")
    return found


def flags(language, standard):
    warnings = WARNINGS if language.startswith("c++") else C_WARNINGS
    return [f"-std={standard}", "-x", language] + warnings


def run(check):
    name, compiler, arguments, text, expected = check
    result = subprocess.run(
        [compiler, *arguments, "-fsyntax-only", "-"],
        input=text, capture_output=True, text=True, check=False,
        env={**os.environ, "LC_ALL": "C"})
    said = result.stdout + result.stderr
    if expected is None:
        return name, result.returncode == 0 and not said, said
    return name, result.returncode != 0 and expected in said, said or "it compiled"


def main(checks):
    if not checks:
        print("1..0 # SKIP no compiler to check with")
        return 0
    failed = 0
    print(f"1..{len(checks)}")
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for number, (name, held, said) in enumerate(pool.map(run, checks), 1):
            print(f"{'ok' if held else 'not ok'} {number} - {name}")
            if not held:
                failed += 1
                print("\n".join("# " + line for line in said.splitlines()[:12]))
    return 1 if failed else 0


def source_root():
    return os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

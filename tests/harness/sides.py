# SPDX-License-Identifier: MIT
"""sides.py - one program built for Linux and for Windows: do both print the same?

A test names the differences that it allows, each with its reason. It fails when there is another
one. What is allowed but does not occur is only told: another version of Wine may do better.
"""
import os
import subprocess
import sys
import tempfile

LINUX_BUILD = "CONNPT_LINUX_BUILD"


class Allowed:
    """A difference that is not this library's fault.

    holds(key, linux, windows): whether these two lines, of the section `key`, are such a one
    """

    def __init__(self, name, reason, holds):
        self.name = name
        self.reason = reason
        self.holds = holds
        self.seen = 0


class Tap:
    """Test points, printed when they are known. Comments come first."""

    def __init__(self):
        self.n = 0
        self.failed = 0

    def point(self, held, name, comment=""):
        for line in comment.splitlines():
            print("#", line)
        self.n += 1
        self.failed += 0 if held else 1
        print("ok" if held else "not ok", self.n, "-", name, flush=True)

    def end(self):
        print(f"1..{self.n}")
        sys.exit(1 if self.failed else 0)


def skip_all(why):
    print("1..0 # SKIP", why)
    sys.exit(0)


def linux_program(path):
    """The same program of the build for Linux; skips the test when there is none."""
    folder = os.environ.get(LINUX_BUILD)
    if not folder:
        skip_all(f"{LINUX_BUILD} does not say where the build for Linux is; ./dev windows sets it")
    program = os.path.join(folder, path)
    if not os.access(program, os.X_OK):
        skip_all(f"{program} is not built; ./dev windows builds it")
    return program


def run(command, cwd=None, with_errors=True):
    """What a program prints, as lines; how it ended, if not well, is one more. No pipe for Wine."""
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        status = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=out, stderr=err, cwd=cwd,
                                check=False).returncode
        out.seek(0)
        err.seek(0)
        lines = out.read().decode("utf-8", "replace").splitlines()
        if status != 0:
            lines.append(f"<ended with status {status}>")
            if not with_errors:
                return lines
            lines += err.read().decode("utf-8", "replace").splitlines()[:20]
    return lines


def sections(lines, start):
    """{first line: lines} of a text whose sections begin with `start`."""
    found, current = {}, []
    for line in lines:
        if line.startswith(start):
            current = found.setdefault(line.split()[1], [])
        current.append(line)
    return found


def compare(linux, windows, allowed, key=""):
    """The differences that nothing allows, as text; at most 20."""
    faults = []
    if len(linux) != len(windows):
        faults.append(f"{key}: {len(linux)} lines on Linux, {len(windows)} on Windows")
    for one, other in zip(linux, windows):
        if one == other:
            continue
        reason = next((a for a in allowed if a.holds(key, one, other)), None)
        if reason:
            reason.seen += 1
        else:
            faults.append(f"{key}:\n  Linux   {one}\n  Windows {other}")
    return "\n".join(faults[:20])


def tell(allowed):
    return "\n".join(f"allowed, {a.seen} lines: {a.name}: {a.reason}" for a in allowed)

#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""golden_test - what the checker says of objects that Wine brings is what was read and explained

CONNPT is the command under Wine, CPU what it was built for. wine-VERSION/NAME.txt has the reports
of one version of Wine, docs/check/wine.md a sentence to each finding. Another version has other
faults: then there is nothing to compare with. GOLDEN=write writes the files instead:

    GOLDEN=write meson test -C build/mingw64-wine 'check golden'
"""
import concurrent.futures
import difflib
import os
import re
import subprocess
import sys

CONNPT = os.environ["CONNPT"]
HERE = os.path.dirname(os.path.abspath(__file__))
IS_WRITING = os.environ.get("GOLDEN") == "write"

OBJECTS = {
    "StdFont": ["progid:StdFont", "12", "--fire", "Size", "--put"],
    "NetworkListManager": ["clsid:{DCB00C01-570F-4A9B-8D69-199FDBA5723B}"],
    "DOMDocument": ["progid:Msxml2.DOMDocument.3.0", "<a/>", "--fire", "loadXML"],
    "Shell.Explorer": ["progid:Shell.Explorer.2", "false", "--fire", "Visible", "--put"],
    "WMPlayer.OCX": ["progid:WMPlayer.OCX"],
    "ADODB.Connection": ["progid:ADODB.Connection"],
    "RowPosition": ["clsid:{2048EEE6-7FA2-11D0-9E6A-00A0C9138C29}"],
    "ScriptControl": ["progid:MSScriptControl.ScriptControl"],
    "SpVoice": ["progid:SAPI.SpVoice"],
}

# Memory that was given back is overwritten, and kept for a while. Else what an object does with it
# depends on what else is in the heap, as far as the length of the folder's name.
HEAP = {"WINEDEBUG": "-all,warn+heap"}
HEAP_SAYS = re.compile(r"\s*[0-9a-f]{4}:\w+:heap:")

# The calls of the checker itself, and of what started it.
OURS = re.compile(
    r"\s*(.* in )?(libconnpt[\w-]*|connpt|kernel32|ntdll|kernelbase|msvcrt|ucrtbase)\.(dll|exe)$")
NAMELESS = re.compile(r"\s*0x[0-9a-f]+$")


def wine_version():
    said = subprocess.run(["wine", "--version"], stdin=subprocess.DEVNULL, check=False,
                          stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, encoding="utf-8")
    return said.stdout.split(" ")[0].strip()


def normalised(report, target):
    """What was found, without what differs from one build or run to the next: addresses, our own
    calls; without the sum, which a new rule changes that finds nothing; and without the rule's
    own words of advice."""
    lines, part = [], ""
    for line in report.splitlines():
        if line == target:
            break
        part = line[2:8] if line[:10].strip() or line == "" else part
        if part in ("advice", "source"):
            continue
        line = re.sub(r"^(\s+)#\d+ (.*)",
                      lambda call: call[1] + re.sub(r"\+0x[0-9a-f]+\b", "", call[2]), line)
        line = re.sub(r"\baddress 0x[0-9a-f]{5,}", "an address that is none", line)
        # By the case in which whoever loaded it first wrote it.
        line = re.sub(r"(^\s+|\bin )[\w.-]+\.(dll|ocx|exe)$", lambda name: name[0].lower(), line,
                      flags=re.I)
        if not any(skipped.match(line) for skipped in (HEAP_SAYS, OURS, NAMELESS)):
            lines.append(line.rstrip())
    return "\n".join(lines) + "\n"


def report_of(arguments):
    # No rule hangs, but on a busy machine one may take longer than the usual ten seconds.
    done = subprocess.run([CONNPT, "check", "--quiet", "--timeout", "150", *arguments],
                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, timeout=3000, check=False, encoding="utf-8",
                          errors="replace", env={**os.environ, **HEAP})
    head = "# SPDX-License-Identifier: MIT\n$ " + " ".join(["connpt", "check", *arguments])
    findings = normalised(done.stdout, arguments[0])
    return f"{head}\n{findings}[exit code {done.returncode}]\n", done


def compare(name, folder):
    """"" or how the report differs from the one that is kept."""
    path = os.path.join(folder, name + ".txt")
    report, done = report_of(OBJECTS[name])
    if done.returncode in (1, 2):
        return f"there is no report: {done.stderr[-500:]}"
    if IS_WRITING:
        with open(path, "w", encoding="utf-8") as file:
            file.write(report)
        return ""
    with open(path, encoding="utf-8") as file:
        kept = file.read()
    difference = "\n".join(difflib.unified_diff(kept.splitlines(), report.splitlines(), "kept",
                                                "now", lineterm=""))
    return difference and f"{difference}\n{done.stderr[-500:]}"


def main():
    version = wine_version()
    folder = os.path.join(HERE, version)
    print(f"1..{len(OBJECTS)}")
    if os.environ["CPU"] != "x86_64":
        reason = "the reports are of 64-bit objects; a 32-bit sink fits dispinterfaces only"
    elif not os.path.isdir(folder) and not IS_WRITING:
        reason = f"no reports of {version} are kept"
    else:
        reason = ""
        os.makedirs(folder, exist_ok=True)
    failed = False
    with concurrent.futures.ThreadPoolExecutor(max_workers=2) as pool:  # starting Wine is waiting
        differences = pool.map(lambda name: "" if reason else compare(name, folder), OBJECTS)
        for number, (name, difference) in enumerate(zip(OBJECTS, differences), 1):
            failed = failed or difference != ""
            print("not ok" if difference else "ok", number, "-", name,
                  f"# SKIP {reason}" if reason else "", flush=True)
            for line in difference.splitlines():
                print("#", line)
    sys.exit(failed)


main()

# SPDX-License-Identifier: MIT
"""declared - the names that the public headers declare to be in a shared library"""
import re

import tree

COMMENT = re.compile(r"/\*.*?\*/", re.S)
DIRECTIVE = re.compile(r"\s*#\s*(if|ifdef|ifndef|elif|else|endif)\b\s*(.*)")
FUNCTION = re.compile(r"\bCONNPT_API\b[^;{]*?\b(connpt_\w+)\s*\(", re.S)
DATA = re.compile(r"\b(?:EXTERN_C|CONNPT_API)\s+const\s+\w+\s+((?:IID|CLSID|GUID|connpt)_\w+)\s*;"
                  r"|\bCONNPT_API\s+extern\s+(?:__thread\s+)?struct\s+\w+\s+(connpt_\w+)")


# A thread's variable is a name of the library with glibc only.
SYSTEM = re.compile(r"(!?)(?:defined\((_WIN32|__GLIBC__)\)|(_WIN32|__GLIBC__))$")


def _holds(directive, condition, windows):
    """Of conditions that ask for nothing but the system: the answer. Of others: None."""
    found = SYSTEM.match(condition)
    if not found:
        return None
    asks_for_windows = (found.group(2) or found.group(3)) == "_WIN32"
    negated = (directive == "ifndef") != bool(found.group(1))
    return (asks_for_windows == windows) != negated


def of_system(content, windows):
    """The lines that the compiler of that system reads."""
    lines, stack = [], []  # for each open #if: does this branch hold, may a later one?
    for line in content.splitlines():
        found = DIRECTIVE.match(line)
        if not found:
            if all(holds for holds, _ in stack):
                lines.append(line)
            continue
        directive, condition = found.group(1), found.group(2).strip()
        if directive.startswith("if"):
            holds = _holds(directive, condition, windows)
            stack.append((holds is not False, holds is not True))
        elif directive == "endif":
            stack.pop()
        else:
            stack[-1] = (stack[-1][1], stack[-1][1])
    return "\n".join(lines)


# Headers whose functions are in a library of their own; all others' are in libconnpt.
LIBRARIES = {"include/connpt/check.h": "connpt-check"}


def library_of(path):
    """What libNAME.so.0.1.0 or libNAME-0.dll is, by its file."""
    found = re.search(r"lib(connpt-check|connpt)(?:\.so|-\d+\.dll|\.dll)", path)
    return found.group(1) if found else "connpt"


def names(windows, library="connpt"):
    """{name: header}. The interfaces' identifiers are in a library of the SDK on Windows."""
    found = {}
    for path in tree.files(".h"):
        if not path.startswith("include/connpt/") or LIBRARIES.get(path, "connpt") != library:
            continue
        content = of_system(COMMENT.sub("", tree.text(path)), windows)
        data = ["".join(pair) for pair in DATA.findall(content)]
        for name in FUNCTION.findall(content) + data:
            if name.startswith("connpt_") or not windows:
                found[name] = path
    return found


def data(windows):
    """Those of them that are no functions."""
    names_of_data = set()
    for path in set(names(windows).values()):
        content = of_system(COMMENT.sub("", tree.text(path)), windows)
        names_of_data.update("".join(pair) for pair in DATA.findall(content))
    return names_of_data

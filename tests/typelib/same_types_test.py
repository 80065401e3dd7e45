#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""same_types_test.py - this library's reader of type libraries, and the system's

    same_types_test.py [--wine-run=RUN --cpu=CPU] DUMP FOLDER...

Compares what typelib_dump prints about the libraries in the folders and, with --wine-run, about
those that Wine ships: this library's reader on Linux, the same on Windows, and LoadTypeLibEx.
Without it DUMP is a Linux program: then libraries from files and from memory are the same.
"""
import glob
import os
import re
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../harness"))
import sides
from wine_files import wine_files

KIND_AND_DEFAULT = ("default <3 ", "default <12 ")


def kind_only(key, linux, windows):
    return windows == linux.replace(*KIND_AND_DEFAULT)


def named_twice(key, linux, windows):
    return windows == re.sub(r'29"UI_ANIMATION_KEYFRAME"\([^)]*\)', "29<0x80004005>", linux)


def table_of_32_bits(key, linux, windows):
    size = re.search(r" vft (\d+) ", linux)
    return re.search(r"32(\.tlb|/[^/]*)$", key) and size is not None and windows == linux.replace(
        size.group(), f" vft {int(size.group(1)) // 2} ", 1)


def help_context(key, linux, windows):
    without_number = re.sub(r" \d+ ([^ ]*)$", r" 0 \1", linux)
    return linux.startswith("documentation -1:") and windows == without_number


# A program is told sizes for pointers of its own: what Linux says of 64-bit ones, as 32-bit ones
# have it. Interfaces, classes and some names for other types are as large as a pointer.
TABLE = re.compile(r" vft (0x[0-9A-F]+|\d+) ")
SIZE = re.compile(r" size (\d+) align (\d+) ")
POINTER_KIND = re.compile(r" kind ([345]|6 .* alias (8|9|13|26|27|30|31|37|38)) ")


def half(match):
    size = int(match.group(1), 0) // 2
    return f" vft 0x{size:X} " if match.group(1).startswith("0x") else f" vft {size} "


def narrow(line):
    line = TABLE.sub(half, line)
    return SIZE.sub(" size 4 align 4 ", line) if POINTER_KIND.search(line) else line


def sizes_of_64_bits(key, linux, windows):
    """`linux` is for 32 bits; Windows has 64 in a type's sizes, some or all."""
    return (" size 8 align " in windows and POINTER_KIND.search(windows) is not None and
            linux in (narrow(windows), SIZE.sub(" size 4 align 4 ", windows)))


ALLOWED = [
    sides.Allowed("an index below -1 for GetDocumentation",
                  "Wine takes it for -1; MS-OAUT allows -1 and the indices of types",
                  lambda key, linux, windows: linux.startswith("documentation -2: 0x8002802B")),
    sides.Allowed("names in capitals for IsName and FindName",
                  "Wine compares case; they are to find the name and correct its capitalization",
                  lambda key, linux, windows: " name " in linux and " capitals " in linux),
    sides.Allowed("a default value for a VARIANT",
                  "widl stores the parameter's type as the value's; Wine gives that VT_VARIANT, "
                  "which no VARIANT can have, this library the number", kind_only),
    sides.Allowed("two types of one name", "Wine looks for the type by its name, and fails",
                  named_twice),
    sides.Allowed("size of a method table in a 32-bit library",
                  "Wine converts offsets in it, sizes of instances, but not this",
                  table_of_32_bits),
    sides.Allowed("a library's help context",
                  "Wine gives the number before it in the file, the help-string context",
                  help_context),
]

# The system ends the process: GetFuncDesc fails for a default value that widl could not write
# (DISP_E_BADVARTYPE), and Wine goes on with its NULL when the function is an inherited one.
SYSTEM_FAILS = {"msado15.dll"}


def counts(lines):
    def n(pattern):
        return sum(1 for line in lines if re.match(pattern, line))
    return (f"{n('file .* 0x00000000$')} libraries, {n('type [0-9]+: 0x00000000')} types, "
            f"{n('  func [0-9]+ id ')} functions, {n('    param ')} parameters, "
            f"{n('  var [0-9]+ id ')} variables and constants, {len(lines)} lines")


NARROW_ALLOWED = [
    sides.Allowed("sizes for 64 bits, told to a 32-bit program",
                  "Wine does not convert what a 64-bit library has", sizes_of_64_bits),
]
WIDL_ALLOWED = [
    sides.Allowed("a dispinterface of 8 bytes in a 32-bit library",
                  "widl writes some of them so, and a 32-bit program is told what is written",
                  lambda key, linux, windows: " kind 4 size 8 align 8 " in windows and
                  sizes_of_64_bits(key, linux, windows)),
]


def check(tap, name, linux, windows, allowed):
    one, other = sides.sections(linux, "file "), sides.sections(windows, "file ")
    faults = [sides.compare(one[key], other.get(key, []), allowed, key) for key in one]
    tap.point(one and one.keys() == other.keys() and not any(faults), name,
              "\n".join([*filter(None, faults), counts(linux)]))


def compare_memory(tap, dump, folders):
    for folder, names in folders.items():
        check(tap, f"{folder}: from a file and from memory", sides.run([dump, *names], folder),
              sides.run([dump, "--memory", *names], folder), [])


def compare_sizes(tap, dump, folders):
    """A library for 64-bit Windows and the one in win32/ differ in that, and in what widl writes
    as the alignment of a class."""
    def lines(folder, name):
        return [re.sub(r"( kind 5 .* align) [48] ", r"\1 ? ", line)
                for line in sides.run([dump, name], folder)[1:]]  # not its name

    for folder, names in folders.items():
        for name in (name for name in names if "win32/" + name in names):
            wide, narrow = lines(folder, name), lines(folder, "win32/" + name)
            tap.point(len(wide) > 20 and " system 3 " in wide[0] and " system 1 " in narrow[0] and
                      wide == [narrow[0].replace(" system 1 ", " system 3 "), *narrow[1:]],
                      f"{folder}: {name} for either word size", f"{len(wide)} lines")


def compare_systems(tap, windows_dump, folders, cpu):
    linux_dump = sides.linux_program("tests/typelib/typelib_dump")
    system_allowed, our_allowed = ALLOWED, []
    if cpu == "x86":
        system_allowed, our_allowed = ALLOWED + NARROW_ALLOWED, WIDL_ALLOWED

    def linux_lines(names, folder=None):
        lines = sides.run([linux_dump, *names], folder)
        return [narrow(line) for line in lines] if cpu == "x86" else lines

    # In their folder, because the system looks for an imported library in the current one.
    for folder, names in folders.items():
        linux = linux_lines(names, folder)
        check(tap, f"{folder}: read by the system", linux,
              sides.run([*windows_dump, *names], folder), system_allowed)
        check(tap, f"{folder}: read by this library on Windows", linux,
              sides.run([*windows_dump, "--memory", *names], folder), our_allowed)
    wine = wine_files(cpu)
    by_system = [path for path in wine if os.path.basename(path) not in SYSTEM_FAILS]
    check(tap, "Wine's libraries, read by the system", linux_lines(by_system),
          sides.run([*windows_dump, *by_system]), system_allowed)
    check(tap, "Wine's libraries, read by this library on Windows", linux_lines(wine),
          sides.run([*windows_dump, "--memory", *wine]), our_allowed)
    tap.point(wine, "Wine has type libraries", sides.tell(system_allowed + our_allowed))


def main():
    wine_run = [os.path.abspath(arg.partition("=")[2]) for arg in sys.argv[1:]
                if arg.startswith("--wine-run=")]
    cpu = next((arg[6:] for arg in sys.argv[1:] if arg.startswith("--cpu=")), None)
    dump, *folders = [os.path.abspath(arg) for arg in sys.argv[1:] if arg[:2] != "--"]
    folders = {folder: sorted(os.path.relpath(path, folder) for path in
                              glob.glob(folder + "/**/*.tlb", recursive=True))
               for folder in folders}
    tap = sides.Tap()
    if wine_run:
        compare_systems(tap, [*wine_run, dump], folders, cpu)
    else:
        compare_memory(tap, dump, folders)
        compare_sizes(tap, dump, folders)
    tap.end()


main()

#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""module_files_test.py - the modules' files, where no program of that word size can be run

    module_files_test.py OBJDUMP MODULE...

What regsvr32 and LoadTypeLib will look for: the entries of a server under names without the sizes
of their arguments, and one type library that is of the module's own word size.
"""
import re
import struct
import subprocess
import sys

SYSKINDS = {0x014C: 1, 0x8664: 3}  # machine of the file: SYS_WIN32, SYS_WIN64
ENTRIES = {"DllCanUnloadNow", "DllGetClassObject", "DllInstall", "DllRegisterServer",
           "DllUnregisterServer"}
EXPORT = re.compile(r"^\s*\[\s*\d+\] (?:\+base\[\s*\d+\]\s+[0-9a-f]+ )?([A-Za-z_]\S*)$", re.M)
# The first words of a library in the MSFT format; the kind of system comes at 0x14, in four bits.
LIBRARY = b"MSFT\x02\x00\x01\x00"


def machine(file):
    header = struct.unpack_from("<I", file, 0x3C)[0]
    assert file[header:header + 4] == b"PE\0\0"
    return struct.unpack_from("<H", file, header + 4)[0]


def fault(objdump, path):
    with open(path, "rb") as opened:
        file = opened.read()
    if file.count(LIBRARY) != 1:
        return f"{file.count(LIBRARY)} type libraries inside"
    syskind = file[file.index(LIBRARY) + 0x14] & 15
    if syskind != SYSKINDS[machine(file)]:
        return f"machine {machine(file):#x} with a type library of system {syskind}"
    headers = subprocess.run([objdump, "-p", path], check=True, capture_output=True,
                             text=True).stdout
    names = set(EXPORT.findall(headers[headers.index("[Ordinal/Name Pointer] Table"):]))
    return "" if ENTRIES <= names else f"exports {sorted(names)}"


def main():
    objdump, *modules = sys.argv[1:]
    failed = 0
    for number, path in enumerate(modules, 1):
        said = fault(objdump, path)
        failed += said != ""
        name = path.rpartition("/")[2]
        print(f"{'not ok' if said else 'ok'} {number} - {name}: {said or 'whole'}")
    print(f"1..{len(modules)}")
    sys.exit(failed != 0)


main()

#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""headers_test - each public header compiles alone, in C and C++, here and for Windows, and the
layout holds on every target that the compilers know"""
import glob
import os
import subprocess
import sys
import tempfile

import tap_compile

root = tap_compile.source_root()
include = [option for folder in ("include", "idl/generated", "tests/abi")
           for option in ("-I", os.path.join(root, folder))]
headers = sorted(glob.glob("connpt/*.h", root_dir=os.path.join(root, "include")) +
                 glob.glob("connpt/abi/*.h", root_dir=os.path.join(root, "include")))
# These two are parts of others: adopt.h of base.h, layout.h of com.h.
headers = [header for header in headers
           if os.path.basename(header) not in ("adopt.h", "layout.h")]
interfaces = sorted(name[:-2] for name in os.listdir(os.path.join(root, "idl", "generated"))
                    if name.endswith(".h"))
with open(os.path.join(root, "tests", "abi", "layout_asserts.c"), encoding="ascii") as file:
    layout = file.read()
assert len(headers) > 10 and len(interfaces) > 1, "the source tree is not complete"

checks = []


def check(what, compiler, options, text):
    program, language, standard = compiler
    # A header of macros only would leave an empty file, which pedantic C refuses.
    checks.append((f"{what}: {program} {standard}", program,
                   tap_compile.flags(language, standard) + include + options,
                   text + "\ntypedef int not_empty;\n", None))


# One header alone depends on the standard more than on the compiler: two of each.
ALONE = [{"gcc": ("c", ["c99"])}, {"clang": ("c", ["c11"])},
         {"g++": ("c++", ["c++11"])}, {"clang++": ("c++", ["c++20"])}]
for compiler in tap_compile.compilers(ALONE):
    for header in headers:
        check(f"{header} alone", compiler, [], f"#include <{header}>")

# Words that other libraries make macros of, for all that is included after them: Qt, Xlib, POSIX's
# <complex.h> and <sys/sysmacros.h>, Windows.
TAKEN = ["slots=", "signals=public", "emit=", "foreach=@", "forever=for(;;)", "None=0L", "Bool=int",
         "Status=int", "True=1", "False=0", "Success=0", "Always=2", "Above=0", "Below=1", "I=1i",
         "major=@", "minor=@", "near=", "far=", "small=char", "min=@", "max=@", "timeout=@",
         "unix=1", "linux=1"]

for compiler in tap_compile.compilers([tap_compile.NATIVE, {"gcc": ("c", ["c17"])}]):
    check("connpt/connpt.h", compiler, [], "#include <connpt/connpt.h>")
    check("all with the macros of others", compiler, [f"-D{word}" for word in TAKEN],
          "#include <connpt/check.h>\n#include <connpt/connpt.h>")
    for name in interfaces:
        check(f"{name}.h", compiler, [], f'#include "{name}.h"')
        check(f"{name}_guid.c", compiler, [], f'#include "{name}_guid.c"')
        check(f"{name}.h with functions for macros", compiler, ["-DWIDL_C_INLINE_WRAPPERS"],
              f'#include "{name}.h"')
    check("layout", compiler, [], layout)

# The SDK's headers take a second each time, and are outside our say for -Wundef.
for compiler in tap_compile.compilers([tap_compile.MINGW]):
    windows = ["-Wno-undef", "-DWIN32_LEAN_AND_MEAN"]
    check("headers and layout", compiler, windows, "#include <connpt/connpt.h>\n" + layout)
    check("generated", compiler, windows,
          "".join(f'#include "{name}_guid.c"\n#undef INITGUID\n' for name in interfaces))

# So they are compiled once for all headers that are tried alone. That each header includes what it
# needs of COM is seen above.
precompiled = tempfile.TemporaryDirectory()
ALONE_ON_WINDOWS = [{"x86_64-w64-mingw32-gcc": ("c", ["c99"])},
                    {"x86_64-w64-mingw32-g++": ("c++", ["c++11"])}]
for compiler in tap_compile.compilers(ALONE_ON_WINDOWS):
    program, language, standard = compiler
    com = os.path.join(precompiled.name, f"{language}.h")
    windows = ["-Wno-undef", "-Winvalid-pch"]
    with open(com, "w", encoding="ascii") as file:
        file.write("#include <connpt/com.h>\n")
    subprocess.run([program, *tap_compile.flags(f"{language}-header", standard), *include, *windows,
                    com, "-o", f"{com}.gch"], check=True)
    for header in headers:
        if not header.startswith("connpt/abi/"):
            check(f"{header} alone", compiler, windows + ["-include", com], f"#include <{header}>")

# No libc is needed to know a layout, so clang can tell for targets that are not installed.
TARGETS = ["i386-linux-gnu", "armv7-linux-gnueabihf", "aarch64-linux-gnu", "riscv64-linux-gnu",
           "powerpc64le-linux-gnu", "s390x-linux-gnu", "mipsel-linux-gnu", "arm64-apple-macos12",
           "x86_64-unknown-freebsd", "i386-unknown-freebsd"]
for compiler in tap_compile.compilers([{"clang": ("c", ["c11"]), "clang++": ("c++", ["c++11"])}]):
    for target in TARGETS if compiler[1] == "c" else TARGETS[:2]:
        check(f"layout for {target}", compiler,
              [f"--target={target}", "-ffreestanding", "-nostdlibinc"], layout)

sys.exit(tap_compile.main(checks))

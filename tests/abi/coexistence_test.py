#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""coexistence_test - connpt/com.h in one file with other COM headers: the orders that work, and
what the compiler says in those that cannot; unmodified output of widl and MIDL with
connpt-compat"""
import os
import shutil
import subprocess
import sys
import tempfile

import tap_compile

root = tap_compile.source_root()
ours = [option for folder in ("include", "idl/generated")
        for option in ("-I", os.path.join(root, folder))]
compat = ["-I", os.path.join(root, "include", "connpt-compat"), "-I",
          os.path.join(root, "tests", "abi")]

# Both kinds of interface in one function: theirs (IUnknown) and ours (through theirs).
USE = """
#include <connpt/connpt.h>
#include "ticker.h"
#ifdef __cplusplus
IUnknown *up(IConnectionPoint *point);
IUnknown *up(IConnectionPoint *point) { return point; }
const IID *iid_of(ITicker *ticker);
const IID *iid_of(ITicker *) { return &__uuidof(ITicker); }
#else
ULONG count(IUnknown *unknown);
ULONG count(IUnknown *unknown) { return IUnknown_AddRef(unknown); }
HRESULT tick(ITicker *ticker);
HRESULT tick(ITicker *ticker) { return ITicker_Tick(ticker, 1.0); }
#endif
"""
WSL_FIRST = "<wsl/winadapter.h> goes before <connpt/com.h>; or set CONNPT_WITH_WSL"
ANOTHER_CALL = "gave STDMETHODCALLTYPE another calling convention"
DXC = "connpt and dxc/WinAdapter.h (64-bit ULONG, 32-bit BSTR characters) need separate files"

# name, folders that must be there, text, what a refusal says
CASES = [
    ("DirectX-Headers, then connpt", ["/usr/include/wsl/stubs"],
     "#include <wsl/winadapter.h>\n#include <directx/d3d12.h>\n" + USE, None),
    ("CONNPT_WITH_WSL, then DirectX-Headers", ["/usr/include/wsl/stubs"],
     "#define CONNPT_WITH_WSL\n" + USE + "#include <directx/d3d12.h>\n", None),
    ("connpt, then DirectX-Headers: refused", ["/usr/include/wsl/stubs"],
     USE + "#include <wsl/winadapter.h>\n", WSL_FIRST),
    ("half of DirectX-Headers, then connpt: refused", ["/usr/include/wsl/stubs"],
     "#include <rpcndr.h>\n" + USE, "include <wsl/winadapter.h> before this"),
    ("vkd3d, then connpt: refused", ["/usr/include/vkd3d"],
     "#include <vkd3d_windows.h>\n#include <vkd3d_d3dcommon.h>\n#include <connpt/com.h>\n",
     ANOTHER_CALL),
    ("vkd3d, then connpt, CONNPT_ANY_CALL", ["/usr/include/vkd3d"],
     "#define CONNPT_ANY_CALL\n#include <vkd3d_windows.h>\n#include <vkd3d_d3dcommon.h>\n"
     "#include <connpt/connpt.h>\n", None),
    ("vkd3d's types with the platform's convention, as in vkd3d-proton", ["/usr/include/vkd3d"],
     "#include <vkd3d_windows.h>\n#undef STDMETHODCALLTYPE\n#define STDMETHODCALLTYPE\n"
     "#include <vkd3d_d3dcommon.h>\n#include <connpt/connpt.h>\n", None),
    ("connpt, then vkd3d: refused", ["/usr/include/vkd3d"],
     "#include <connpt/com.h>\n#include <vkd3d_windows.h>\n", "_GUID"),
    ("vkd3d's convention by hand: refused", [],
     "#define STDMETHODCALLTYPE __attribute__((ms_abi))\n#include <connpt/com.h>\n", ANOTHER_CALL),
    ("DXC's WinAdapter, then connpt: refused", [],
     "#define LLVM_SUPPORT_WIN_ADAPTER_H\n#include <connpt/com.h>\n", DXC),
    ("another GUID with the customary guard", [],
     "#include <stdint.h>\n#define GUID_DEFINED\n"
     "typedef struct GUID { uint32_t Data1; uint16_t Data2, Data3; uint8_t Data4[8]; } GUID;\n" +
     USE, None),
    ("a GUID of the wrong size: refused", [],
     "#define GUID_DEFINED\ntypedef struct GUID { unsigned long a; unsigned short Data2, Data3;\n"
     "unsigned char Data4[8]; } GUID;\n#include <connpt/com.h>\n",
     "connpt: GUID does not have its Windows size"),
]

checks = []
x86 = os.uname().machine in ("x86_64", "amd64")
for program, language, standard in tap_compile.compilers([{
        "gcc": ("c", ["c11"]), "clang": ("c", ["c11"]),
        "g++": ("c++", ["c++11", "c++17"]), "clang++": ("c++", ["c++17"])}]):
    base = tap_compile.flags(language, standard)
    for name, folders, text, refusal in CASES:
        if not all(os.path.isdir(folder) for folder in folders):
            print(f"# {folders[0]} is not there: skipped '{name}'")
            continue
        if refusal == ANOTHER_CALL and not x86:
            continue
        system = [option for folder in folders for option in ("-isystem", folder)]
        checks.append((f"{name}: {program} {standard}", program, base + ours + system,
                       text, refusal))
    checks.append((f"MIDL's output with connpt-compat: {program} {standard}", program,
                   base + ours + compat + ["-Wno-missing-prototypes", "-Wno-strict-prototypes"]
                   if language == "c" else base + ours + compat,
                   '#include "midl_shape.inc"\ntypedef int not_empty;\n', None))

# Plain widl, without the wrapper.
widl = shutil.which("x86_64-w64-mingw32-widl") or shutil.which("widl")
with tempfile.TemporaryDirectory() as folder:
    if widl:
        idl = os.path.join(root, "idl")
        for mode, output in (("-h", "ticker.h"), ("-u", "ticker_i.c")):
            subprocess.run([widl, "--nostdinc", "-I", os.path.join(idl, "base"), mode,
                            "-o", os.path.join(folder, output), "ticker.idl"],
                           cwd=idl, check=True)
        for program, language, standard in tap_compile.compilers([tap_compile.NATIVE]):
            arguments = (tap_compile.flags(language, standard) +
                         ["-I", folder, "-I", os.path.join(root, "include")] + compat)
            for file in ("ticker.h", "ticker_i.c"):
                if file == "ticker_i.c" and language == "c++":
                    continue
                checks.append((f"plain widl's {file} with connpt-compat: {program} {standard}",
                               program, arguments,
                               f'#include "{file}"\ntypedef int not_empty;\n', None))
    else:
        print("# widl is not installed (mingw-w64-tools): its plain output is not tried")
    status = tap_compile.main(checks)
sys.exit(status)

#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""widl_test - tools/connpt-widl: what it writes, and that it refuses what widl would spoil"""
import os
import subprocess
import sys
import tempfile

root = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
tool = os.path.join(root, "tools", "connpt-widl")


def run(*arguments, cwd=None, **environment):
    return subprocess.run([tool, *arguments], cwd=cwd, capture_output=True, text=True, check=False,
                          env={**os.environ, **environment})


if run("--version").returncode == 3:
    print("1..0 # SKIP there is no widl (mingw-w64-tools)")
    sys.exit(0)

HEAD = 'import "oaidl.idl";\nimport "ocidl.idl";\n'
LIBRARY = "[uuid(3b1de7a0-36f5-4b55-9b8a-0f4a6b1c0d01), version(1.0)]\nlibrary L\n{\n"
STDOLE = 'importlib("stdole2.tlb");\n'
DUAL = ("[object, dual, oleautomation, uuid(3b1de7a0-36f5-4b55-9b8a-0f4a6b1c0d02)]\n"
        "interface IThing : IDispatch\n{\n[id(1)] HRESULT Do([in] BSTR what);\n}\n")
EVENTS = ("[uuid(3b1de7a0-36f5-4b55-9b8a-0f4a6b1c0d03)]\ndispinterface DThingEvents\n{\n"
          "properties:\nmethods:\n[id(1)] void Done([in] long count);\n}\n")
GOOD = HEAD + LIBRARY + STDOLE + DUAL + EVENTS + "}\n"

tests = []


def test(function):
    tests.append(function)
    return function


def write(folder, name, text, encoding="ascii"):
    path = os.path.join(folder, name)
    with open(path, "w", encoding=encoding) as file:
        file.write(text)
    return path


def read(*path):
    with open(os.path.join(*path), "rb") as file:
        return file.read()


def refused(folder, text, *words, status=1, encoding="ascii"):
    """Refused with these words, and nothing written."""
    out = os.path.join(folder, "out")
    result = run("-o", out, write(folder, "bad.idl", text, encoding))
    assert result.returncode == status, (result.returncode, result.stderr)
    for word in words:
        assert word in result.stderr, result.stderr
    assert not os.listdir(out), os.listdir(out)


@test
def writes_header_identifiers_and_type_library(folder):
    result = run("-o", folder, write(folder, "good.idl", GOOD))
    assert result.returncode == 0 and not result.stderr, result.stderr
    lines = read(folder, "good.h").decode("ascii").splitlines()
    assert lines[1] == "#include <connpt/com.h>", lines[1]
    assert "#include <oaidl.h>" not in lines and "#include <ocidl.h>" not in lines
    assert read(folder, "good_guid.c").decode("ascii").endswith(
        '#define INITGUID\n#include "good.h"\n')
    assert read(folder, "good.tlb").startswith(b"MSFT")


@test
def the_same_idl_gives_the_same_bytes_anywhere(folder):
    first, second = os.path.join(folder, "a"), os.path.join(folder, "b", "c")
    os.makedirs(second)
    write(folder, "good.idl", GOOD)
    write(second, "good.idl", GOOD)
    assert run("-o", first, os.path.join(folder, "good.idl")).returncode == 0
    # another folder, time zone and locale; the time of day differs by itself
    assert run("good.idl", cwd=second, TZ="Asia/Tokyo", LC_ALL="de_DE.UTF-8").returncode == 0
    for name in ("good.h", "good_guid.c", "good.tlb"):
        assert read(first, name) == read(second, name), name
    tlb = read(first, "good.tlb")
    assert tlb.count(b" at Tue Jan 19 03:14:07 2038\n") == 1
    assert tlb.count(b"\x13\x00\xff\xff\xff\x7fWW") == 1


@test
def the_type_library_is_of_the_word_size_that_is_asked_for(folder):
    path = write(folder, "good.idl", GOOD)
    for name, options, system in (("wide", [], 3), ("narrow", ["--win32"], 1)):
        out = os.path.join(folder, name)
        for widl in ("x86_64-w64-mingw32-widl", "i686-w64-mingw32-widl"):  # whose defaults differ
            result = run("-o", out, *options, path, CONNPT_WIDL=widl)
            if result.returncode == 3:
                continue
            assert result.returncode == 0, result.stderr
            assert read(out, "good.tlb")[0x14] & 15 == system, (name, widl)
    for name in ("good.h", "good_guid.c"):
        assert read(folder, "wide", name) == read(folder, "narrow", name), name


@test
def an_imported_file_of_ones_own_stays_included(folder):
    write(folder, "other.idl", HEAD + "interface IOther;\n")
    assert run("-o", folder, "-I", folder, write(folder, "good.idl",
               'import "other.idl";\n' + GOOD)).returncode == 0
    assert b"#include <other.h>" in read(folder, "good.h")


@test
def without_a_library_there_is_no_type_library(folder):
    text = HEAD + DUAL.replace("dual, oleautomation, ", "").replace("[id(1)] ", "")
    result = run("-o", folder, write(folder, "plain.idl", text))
    assert result.returncode == 0, result.stderr
    assert sorted(os.listdir(folder)) == ["plain.h", "plain.idl", "plain_guid.c"]


@test
def several_files_and_a_define_in_one_go(folder):
    one = write(folder, "one.idl", "#ifdef GOOD\n" + GOOD + "#endif\n")
    two = write(folder, "two.idl", GOOD)
    assert run("-D", "GOOD", "-o", folder, one, two).returncode == 0
    assert os.path.exists(os.path.join(folder, "one.tlb"))
    assert os.path.exists(os.path.join(folder, "two.tlb"))


@test
def a_dispinterface_before_a_dual_interface_is_refused(folder):
    refused(folder, HEAD + LIBRARY + STDOLE + EVENTS + DUAL + "}\n",
            "bad.idl:15", "IDispatch behind the dispinterface DThingEvents (line 8)", "last")


@test
def a_dispinterface_declared_before_a_dual_interface_is_refused(folder):
    forward = "dispinterface DThingEvents;\n"
    refused(folder, HEAD + LIBRARY + STDOLE + forward + DUAL + EVENTS + "}\n",
            "behind the dispinterface DThingEvents (line 7)")


@test
def words_in_comments_and_strings_do_not_count(folder):
    text = GOOD.replace(STDOLE, STDOLE + "/* dispinterface DX; */ // THING dispinterface DY;\n")
    text = text.replace("[id(1)] HRESULT",
                        '[id(1), helpstring("dispinterface DZ; WHAT {")] HRESULT')
    result = run("-o", folder, write(folder, "good.idl", text))
    assert result.returncode == 0, result.stderr


@test
def names_that_differ_in_case_only_are_refused(folder):
    text = GOOD.replace("long count", "long DO")
    refused(folder, text, '"DO" is spelt "Do" in line', "--allow-case")
    result = run("--allow-case", "-o", folder, write(folder, "good.idl", text))
    assert result.returncode == 0, result.stderr


@test
def text_that_is_not_ascii_is_refused(folder):
    refused(folder, GOOD.replace("[id(1)] void", '[id(1), helpstring("größer")] void'),
            "not ASCII", encoding="utf-8")


@test
def what_widl_says_is_an_error(folder):
    refused(folder, GOOD.replace("BSTR what", "BSTRING what"), "connpt-widl: widl: ", "bad.idl")
    refused(folder, GOOD.replace("[in] BSTR what", "[in, defaultvalue(1.5)] VARIANT what"),
            "connpt-widl: ")


@test
def a_missing_importlib_is_named(folder):
    refused(folder, HEAD + LIBRARY + DUAL + EVENTS + "}\n", 'importlib("stdole2.tlb")')


@test
def a_refused_file_leaves_the_old_output_alone(folder):
    path = write(folder, "good.idl", GOOD)
    assert run("-o", folder, path).returncode == 0
    before = read(folder, "good.h")
    write(folder, "good.idl", GOOD.replace("BSTR what", "BSTRING what"))
    assert run("-o", folder, path).returncode == 1
    assert read(folder, "good.h") == before


@test
def wrong_usage_is_named(folder):
    path = write(folder, "good.idl", GOOD)
    for arguments, words in (
            ((), "no FILE.idl given"),
            (("--frobnicate",), "unknown option --frobnicate"),
            (("-o",), "-o needs a value"),
            (("-I", folder + "/none", path), "no such folder"),
            (("none.idl",), "no such file: none.idl"),
            ((tool,), "does not end in .idl")):
        result = run(*arguments, cwd=folder)
        assert result.returncode == 2 and words in result.stderr, (arguments, result.stderr)
    assert run("--help").returncode == 0 and "Usage:" in run("--help").stdout


@test
def a_missing_widl_is_named_with_its_package(folder):
    result = run(write(folder, "good.idl", GOOD), CONNPT_WIDL="no-such-widl")
    assert result.returncode == 3, result.returncode
    assert "no-such-widl" in result.stderr and "mingw-w64-tools" in result.stderr, result.stderr


print(f"1..{len(tests)}")
failed = 0
for number, function in enumerate(tests, 1):
    with tempfile.TemporaryDirectory() as place:
        try:
            function(place)
            print(f"ok {number} - {function.__name__}")
        except AssertionError as error:
            failed += 1
            print(f"not ok {number} - {function.__name__}")
            print("\n".join("# " + line for line in str(error).splitlines()))
sys.exit(1 if failed else 0)

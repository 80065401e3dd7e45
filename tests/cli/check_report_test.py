#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""check_report_test - what connpt check says: JSON by its schema, JUnit by junit.xsd, text, traces

CONNPT is the command, FLAWED, NOISY and TICKER are modules, DEFECTS flawed's defects.h, SCHEMA
docs/check/report.schema.json, SANITIZED flawed with sanitizers and ASAN_RUNTIME what that needs.
"""
import fcntl
import functools
import pty
import re
import select
import struct
import tempfile
import termios
import xml.etree.ElementTree as ElementTree

import jsonschema

from cli import (CONNPT, DEADLINE, TestCase, json, main, os, run, shutil, subprocess,
                 time)

FLAWED, NOISY, TICKER = (os.environ[name] for name in ("FLAWED", "NOISY", "TICKER"))
DEFECTS = re.findall(r"^\s+X\((\w+)\)", open(os.environ["DEFECTS"], encoding="utf-8").read(), re.M)
XSD = os.path.join(os.path.dirname(os.path.abspath(__file__)), "junit.xsd")
with open(os.environ["SCHEMA"], encoding="utf-8") as file:
    SCHEMA = json.load(file)
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)
NOISY_CLASS = f"mod:{NOISY}#{{7D2C1B90-51A4-4F0E-8E21-3C90AA105E01}}"
TICK = ["--fire", "Tick", "12.5"]


def flawed(defect):
    number = DEFECTS.index(defect) + 1 if defect else 0
    return f"mod:{FLAWED}#{{F1A0ED00-0000-0000-0000-{number:012X}}}"


# What is looked at, and the exit code.
REPORTS = {
    "clean": ([f"mod:{TICKER}#Ticker", *TICK, "--only", "advise-*,fire-*"], {}, 0),
    "skipped": ([f"mod:{TICKER}#Ticker", "--no-fire", "--only", "fire-*,points-*"], {}, 0),
    "taste": ([flawed("cookie_from_hundred"), "--only", "cookie-first"], {}, 0),
    "dialect": ([flawed("enum_no_skip_no_clone"), "--only", "points-*"], {}, 0),
    "strict": ([flawed("enum_no_skip_no_clone"), "--only", "points-*", "--strict"], {}, 6),
    "risky": ([flawed("cookie_is_slot"), "--only", "cookie-*"], {}, 4),
    "ledger": ([flawed("advise_takes_two"), "--only", "advise-*"], {}, 6),
    "crash": ([flawed("find_null_crashes"), "--only", "find-*"], {}, 7),
    "hang": ([flawed("fire_holds_lock"), *TICK, "--only", "reentry-advise", "--timeout", "10"],
             {}, 7),
    "no object": ([NOISY_CLASS], {"NOISY": "fail"}, 1),
    "crash while it is made": ([NOISY_CLASS], {"NOISY": "crash"}, 7),
    "end while it is made": ([NOISY_CLASS], {"NOISY": "exit"}, 7),
    "hang while it is made": ([NOISY_CLASS, "--timeout", "0.2"], {"NOISY": "hang"}, 7),
    "noise": ([NOISY_CLASS, "--only", "find-*"], {}, 0),
}
COUNTED = ("passed", "dialect", "failed", "crashed", "hung", "skipped")
# What may stand in a report: text, and line ends.
HOSTILE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\udc80-\udcff\ufffe\uffff]")


# A hang takes as long as it may, and all rules before it must do with that: each form of a report
# is made once.
@functools.cache
def check(name, *options):
    args, env, code = REPORTS[name]
    return run("check", *args, *options, env=env), code


class Json(TestCase):
    def test_the_schema_is_one(self):
        jsonschema.Draft202012Validator.check_schema(SCHEMA)

    def test_each_member_is_described(self):
        for kind in ("rule", "summary"):
            for name, member in SCHEMA["$defs"][kind]["properties"].items():
                told = member.get("description") or member["$ref"] in ("#/$defs/severity",
                                                                       "#/$defs/count")
                self.assertTrue(told, name)

    def test_each_line_of_each_report_is_as_the_schema_says(self):
        for name in REPORTS:
            with self.subTest(name):
                result, code = check(name, "--json")
                self.assertEqual(result.returncode, code, result.stderr)
                lines = [json.loads(line) for line in result.stdout.splitlines()]
                for line in lines:
                    VALIDATOR.validate(line)
                self.assertNotRegex(result.stdout, HOSTILE)
                rules, summary = lines[:-1], lines[-1]["summary"]
                self.assertEqual(summary["rules"], len(rules))
                self.assertEqual(summary["exit"], code)
                for outcome in COUNTED:
                    self.assertEqual(summary[outcome],
                                     sum(rule["outcome"] == outcome for rule in rules))

    def test_a_line_that_lacks_something_is_none(self):
        line = json.loads(check("crash", "--json")[0].stdout.splitlines()[0])
        for wrong in ({**line, "outcome": "broken"}, {**line, "more": 1},
                      {**line, "outcome": "failed", "text": ""},
                      {name: line[name] for name in line if name != "advice"}, {}):
            self.assertFalse(VALIDATOR.is_valid(wrong), wrong)


class Junit(TestCase):
    def report(self, name):
        result, code = check(name, "--junit")
        self.assertEqual(result.returncode, code, result.stderr)
        self.assertNotRegex(result.stdout, HOSTILE)
        with tempfile.NamedTemporaryFile("w", suffix=".xml", encoding="utf-8") as xml:
            xml.write(result.stdout)
            xml.flush()
            done = subprocess.run(["xmllint", "--noout", "--nonet", "--schema", XSD, xml.name],
                                  capture_output=True, text=True, timeout=DEADLINE, check=False)
        self.assertEqual(done.returncode, 0, done.stderr + result.stdout)
        return ElementTree.fromstring(result.stdout), code

    def test_each_report_has_the_shape_that_readers_know_and_right_numbers(self):
        for name in REPORTS:
            with self.subTest(name):
                root, code = self.report(name)
                for suite in (root, root[0]):
                    cases = suite.findall(".//testcase")
                    self.assertEqual(int(suite.get("tests")), len(cases))
                    for count, element in (("failures", "failure"), ("errors", "error"),
                                           ("skipped", "skipped")):
                        self.assertEqual(int(suite.get(count)),
                                         len(suite.findall(f".//{element}")))
                    self.assertAlmostEqual(sum(float(case.get("time")) for case in cases),
                                           float(suite.get("time")), 3)
                # A reader that fails on failures fails just when the command does.
                bad = int(root.get("failures")) + int(root.get("errors"))
                self.assertEqual(bad > 0, code != 0)

    def test_a_class_has_one_package_and_names_the_target(self):
        root, _ = self.report("clean")
        self.assertEqual({case.get("classname") for case in root.iter("testcase")},
                         {"connpt.check.ticker_so#Ticker"})
        self.assertEqual(root[0].get("name"), f"mod:{TICKER}#Ticker")

    def test_a_failure_tells_what_the_text_tells(self):
        root, _ = self.report("ledger")
        failure = root.find(".//failure")
        self.assertEqual(failure.get("type"), "violates")
        self.assertIn("2 references", failure.get("message"))
        for part in ("A connection is one reference", "Advise: QueryInterface", "Keep the ref"):
            self.assertIn(part, failure.text)

    def test_crash_and_hang_are_errors(self):
        self.assertEqual(self.report("crash")[0].find(".//error").get("type"), "crashed")
        self.assertEqual(self.report("hang")[0].find(".//error").get("type"), "hung")

    def test_the_time_is_that_of_the_rule(self):
        self.assertGreaterEqual(float(self.report("hang")[0].find(".//testcase/error/..")
                                      .get("time")), 0.3)


def on_terminal(args, columns=100, env=None, stdout_file=None):
    """What the command writes to a terminal, and its exit code."""
    terminal, end = pty.openpty()
    fcntl.ioctl(end, termios.TIOCSWINSZ, struct.pack("HHHH", 40, columns, 0, 0))
    process = subprocess.Popen([CONNPT, "check", *args], stdin=subprocess.DEVNULL,
                               stdout=stdout_file or end, stderr=end,
                               env={**os.environ, "TERM": "xterm", **(env or {})})
    os.close(end)
    written, deadline = b"", time.monotonic() + DEADLINE
    while time.monotonic() < deadline and select.select([terminal], [], [], DEADLINE)[0]:
        try:
            written += os.read(terminal, 1 << 16)
        except OSError:  # the other end is closed
            break
    os.close(terminal)
    return written.decode(errors="surrogateescape").replace("\r\n", "\n"), process.wait(DEADLINE)


def screen(written):
    """What is left to see: the lines, after each carriage return has gone back."""
    lines = []
    for line in written.split("\n"):
        cells = []
        for piece in line.split("\r"):
            cells[:len(piece)] = piece
        lines.append("".join(cells).rstrip())
    return "\n".join(lines)


class Text(TestCase):
    def test_a_finding_says_what_is_wrong_where_what_to_do_and_where_more_is(self):
        result, _ = check("ledger")
        self.assertRegex(result.stdout, r"(?m)^violates  advise-one-reference\n"
                                        r" {10}A connection is one reference to the sink\.\n"
                                        r"  seen    \w+: after Advise the object holds 2 .*\n"
                                        r"  ledger  sink 1: .*references\n"
                                        r"( {12}.*\n)+"
                                        r"  advice  Keep .*\n"
                                        r"  source  Microsoft: IConnectionPoint::Advise\n\n")
        self.assertIn("1 finding: it violates the documents (exit code 6)\n", result.stdout)
        self.assertIn("connpt check --explain advise-one-reference ", result.stdout)

    def test_findings_of_one_severity_are_told_as_such(self):
        result = run("check", flawed("cookie_is_slot"), "--only", "cookie-stale,cookie-reuse")
        self.assertIn("2 findings: all are risky (exit code 4)\n", result.stdout)

    def test_an_interface_is_told_by_its_name(self):
        self.assertIn("  seen    DTickerEvents: ", check("ledger")[0].stdout)

    def test_a_clean_report_is_the_sum(self):
        result, _ = check("clean")
        self.assertRegex(result.stdout, r"\Amod:.*#Ticker\n\d+ rules: \d+ passed\n"
                                        r"nothing was found \(exit code 0\)\n\Z")

    def test_what_was_not_tried_is_told_with_what_would_let_it(self):
        result = run("check", f"mod:{TICKER}#Ticker", "--no-fire")
        self.assertRegex(result.stdout, r"- \d+ not tried: it is not known how .*; --fire METHOD")
        self.assertRegex(result.stdout, r"- 3 not tried: not asked for: .*; --threads runs them\n")

    def test_the_worst_comes_first(self):
        result = run("check", flawed("advise_takes_two"), *TICK)
        self.assertEqual(re.findall(r"(?m)^(violates|risky) ", result.stdout),
                         ["violates", "violates", "risky"])
        self.assertIn("3 findings: 2 violate the documents, 1 is risky (exit code 6)",
                      result.stdout)

    def test_a_file_gets_neither_colour_nor_progress(self):
        for name in REPORTS:
            result, _ = check(name)
            self.assertNotRegex(result.stdout, HOSTILE)
            self.assertNotIn("\x1b", result.stderr)
            self.assertNotIn(" to go", result.stderr)

    def test_what_the_object_writes_cannot_drive_the_terminal(self):
        for name in ("noise", "no object", "crash while it is made", "end while it is made",
                     "hang while it is made"):
            args, env, code = REPORTS[name]
            written, returned = on_terminal(args, env={**env, "NO_COLOR": "1"})
            self.assertEqual(returned, code, written)
            self.assertNotRegex(screen(written).replace("\n", ""), HOSTILE)

    def test_what_the_object_writes_is_in_the_trace(self):
        result, _ = check("crash while it is made")
        self.assertEqual(result.stdout.count(r"noise \x1b[2J\x1b]0;title\a"), 2)  # both streams

    def test_of_a_long_text_the_beginning_and_the_end_are_kept(self):
        text = run("check", NOISY_CLASS, env={"NOISY": "talk"}).stdout
        self.assertLess(len(text), 40000)
        for words in (r"rubbish\n +first words\n +line 0 of many\n",
                      r"line \d+ of many\n +\.\.\. \(the middle is left out\)\n +line \d+ of",
                      r"line 19999 of many\n +last words\n +calls, the innermost first:\n +#0 "):
            self.assertRegex(text, words)

    def test_progress_names_the_rule_and_what_is_left_and_leaves_no_trace(self):
        args, _, _ = REPORTS["ledger"]
        written, _ = on_terminal(args, env={"NO_COLOR": "1"})
        self.assertRegex(written, r"rule 2 of \d+, \d+ to go: advise-\w+")
        self.assertEqual(screen(written).strip(), check("ledger")[0].stdout.strip())

    def test_progress_is_there_while_a_rule_hangs(self):
        args, _, _ = REPORTS["hang"]
        self.assertIn(" 0 to go: reentry-advise", on_terminal(args)[0])

    def test_progress_fits_the_terminal_and_quiet_is_without(self):
        args, _, _ = REPORTS["ledger"]
        written, _ = on_terminal(args, columns=24, env={"NO_COLOR": "1"})
        for line in re.findall(r"\r(rule [^\r\n]*)", written):
            self.assertLess(len(line), 24, line)
        self.assertNotIn("to go", on_terminal([*args, "--quiet"])[0])

    def test_progress_goes_to_the_terminal_while_the_report_goes_to_a_file(self):
        args, _, _ = REPORTS["ledger"]
        with tempfile.TemporaryFile() as file:
            written, _ = on_terminal([*args, "--json"], stdout_file=file)
            file.seek(0)
            for line in file.read().splitlines():
                VALIDATOR.validate(json.loads(line))
        self.assertIn(" to go: ", written)
        self.assertEqual(screen(written).strip(), "")

    def test_colour_is_for_terminals_that_want_it(self):
        args, _, _ = REPORTS["ledger"]
        self.assertIn("\x1b[1;31mviolates\x1b[0m", on_terminal(args)[0])
        for env in ({"NO_COLOR": "1"}, {"TERM": "dumb"}):
            self.assertNotIn("\x1b", on_terminal(args, env=env)[0])

    def test_prose_is_folded_to_the_terminal(self):
        args, _, _ = REPORTS["risky"]
        for columns in (50, 72, 100):
            written, _ = on_terminal(args, columns=columns, env={"NO_COLOR": "1"})
            table = False
            for line in screen(written).splitlines():
                table = line.startswith("  ledger") or (table and line.startswith(" " * 12))
                if not table and " " in line.strip():  # a word cannot be folded at a space
                    self.assertLessEqual(len(line), columns, line)


class Traces(TestCase):
    def crash(self, **env):
        return run("check", flawed("find_null_crashes"), "--only", "find-null-out", env=env).stdout

    def test_a_crash_names_functions_and_lines_where_there_is_debug_data(self):
        if not os.environ["DEBUG_DATA"]:
            self.skipTest("this build has no debug data")
        self.assertRegex(self.crash(), r"  trace   calls, the innermost first:\n"
                                       r" +#0 container_FindConnectionPoint at \S+/object\.c:\d+"
                                       r" in flawed\.so\n"
                                       r" +#1 find_null_out at \S+ in libconnpt-check\.so")

    def test_the_calls_end_where_the_rule_begins(self):
        self.assertLessEqual(len(re.findall(r"(?m)^ +#\d", self.crash())), 6)

    def test_without_a_tool_there_are_modules_and_offsets(self):
        self.assertRegex(self.crash(PATH="/nowhere"), r" +#0 \S*/flawed\.so\+0x[0-9a-f]+\n")

    def test_a_tool_that_says_nonsense_or_nothing_leaves_the_offsets(self):
        for script in (b"#!/bin/sh\nexit 1\n", b"#!/bin/sh\necho only one line\n",
                       b"#!/bin/sh\nwhile :; do echo ''; done | head -n 5000\n"):
            self.write("addr2line", script)
            os.chmod(self.path("addr2line"), 0o755)
            self.assertRegex(self.crash(PATH=f"{self.folder}:{os.environ['PATH']}"),
                             r" +#0 \S*/flawed\.so\+0x[0-9a-f]+\n")

    def test_a_path_with_spaces_and_parentheses_is_a_path(self):
        module = self.path("a (b+0x1) c.so")
        shutil.copy(FLAWED, module)
        target = flawed("find_null_crashes").replace(FLAWED, module)
        written = run("check", target, "--only", "find-null-out").stdout
        self.assertRegex(written, r" +#0 .*a \(b\+0x1\) c\.so(\n|\+0x)")

    def sanitized(self, defect, *only, preload=True):
        if "SANITIZED" not in os.environ:
            self.skipTest("the compiler has no AddressSanitizer")
        target = flawed(defect).replace(FLAWED, os.environ["SANITIZED"])
        env = {"LD_PRELOAD": os.environ["ASAN_RUNTIME"] if preload else ""}
        return run("check", target, "--only", ",".join(only), env=env)

    def test_the_text_of_address_sanitizer_is_in_the_report(self):
        result = self.sanitized("end_point_is_weak", "end-point-stays")
        self.assertEqual(result.returncode, 7)
        seen = re.search(r"(?s)  seen    (.*?)  trace", result.stdout).group(1)
        self.assertIn("AddressSanitizer: heap-use-after-free", seen)
        for part in ("ERROR: AddressSanitizer: heap-use-after-free", "freed by thread",
                     "previously allocated by"):
            self.assertIn(part, result.stdout)
        self.assertNotIn("Shadow bytes", result.stdout)

    def test_the_text_of_undefined_behaviour_sanitizer_is_in_the_report(self):
        result = self.sanitized("find_null_crashes", "find-null-out")
        self.assertEqual(result.returncode, 7)
        self.assertRegex(result.stdout,
                         r"(?s)  seen .*runtime\s+error:\s.*null\s+pointer.*  trace ")

    def test_a_sanitizer_finds_nothing_in_a_sound_object(self):
        result = self.sanitized("", "end-*", "advise-*", "points-*")
        self.assertEqual(result.returncode, 0, result.stdout)

    def test_a_sanitizer_that_comes_too_late_is_told_with_what_to_do(self):
        result = self.sanitized("", "end-*", preload=False)
        self.assertNotEqual(result.returncode, 0)
        self.assertRegex(result.stdout + result.stderr,
                         r"LD_PRELOAD|undefined symbol|cannot be loaded")


main()

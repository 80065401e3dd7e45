#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""usage_test - help, version, and what a wrong command line gets: exit code 2 and one reason"""
from cli import CONNPT, TestCase, main, os, posix_only, run, shutil, subprocess, tempfile, with_fs

PAGES = os.path.join(os.path.dirname(__file__), "../../docs/check")

VERBS = ["list", "events", "watch", "fire", "register", "unregister"]


class Usage(TestCase):
    def test_help_names_every_verb(self):
        help_text = self.ok("--help")
        for verb in VERBS:
            self.assertIn(f"\n  {verb} ", help_text)

    def test_every_verb_has_help_with_an_example(self):
        for verb in VERBS:
            help_text = self.ok(verb, "--help")
            self.assertTrue(help_text.startswith(f"usage: connpt {verb} "), help_text)
            self.assertIn("\nExamples:\n  connpt ", help_text)

    def test_version_is_a_line(self):
        self.assertRegex(self.ok("--version"), r"^connpt \d+\.\d+\.\d+\n$")

    def test_bad_usage_is_exit_code_2(self):
        for args in ([], ["nonsense"], ["watch"], ["list", "x"], ["events", "a", "b"],
                     ["watch", "--no-such"], ["watch", "fs:.", "--count=0"],
                     ["watch", "fs:.", "--timeout"], ["events", "dbus:x"], ["events", ""],
                     ["events", "{nonsense}"], ["events", "./ticker.so"],
                     ["fire", "fs:."], ["fire", "fs:.#A.B"],
                     ["fire", "fs:.#Close", "--get", "--put"],
                     ["fire", "fs:.#Close", "--count=1"],
                     ["watch", "fs:.", "--answer=x"],
                     ["watch", "fs:.", "--answer=a=1", "--answer=a=2"],
                     ["events", "fs:.", "--json", "--idl"],
                     ["events", "clsid:nonsense"], ["watch", "progid:"],
                     ["watch", "fs:.", "--server=local"],
                     ["events", "progid:X", "--server=x"]):
            with self.subTest(args):
                self.refused(2, *args)

    @posix_only("Windows has such classes: cli system_class")
    def test_classes_of_windows_are_refused_elsewhere_with_what_to_write_instead(self):
        for args in (["events", "progid:StdFont"], ["watch", "progid:StdFont"],
                     ["fire", "clsid:{0BE35203-8F91-11CE-9DE3-00AA004BB851}#Size", "--get"]):
            with self.subTest(args):
                error = self.refused(2, *args)
                self.assertIn("only Windows has a registry of COM classes", error)
                self.assertIn("mod:PATH#CLASS", error)
        self.assertIn("only Windows", self.refused(2, "list", "--system"))

    def test_explain_prints_the_page_of_a_rule(self):
        with open(os.path.join(PAGES, "cookie-stale.md"), encoding="utf-8") as page:
            self.assertEqual(self.ok("check", "--explain", "cookie-stale"), page.read())

    def test_explain_of_what_is_no_rule_is_refused(self):
        for rule in ("cookie-nonsense", "", "../check", "README"):
            with self.subTest(rule):
                error = self.refused(2, "check", "--explain=" + rule)
                self.assertIn(f'"{rule}"', error)
                self.assertIn("connpt check --rules", error)
        self.assertIn("no object", self.refused(2, "check", "--explain", "cookie-stale", "fs:."))

    @posix_only("a copy of the command does not find its libraries")
    def test_explain_without_the_pages_says_where_they_should_be(self):
        libraries = os.path.join(os.path.dirname(CONNPT), "..")
        with tempfile.TemporaryDirectory() as folder:
            copy = shutil.copy(CONNPT, os.path.join(folder, "connpt"))
            env = {**os.environ, "LD_LIBRARY_PATH": f"{libraries}:{libraries}/check"}
            result = subprocess.run([copy, "check", "--explain", "cookie-stale"], check=False,
                                    env=env, capture_output=True, encoding="utf-8")
        if result.returncode == 0:
            self.skipTest("connpt is installed on this machine, with its pages")
        self.assertEqual(result.returncode, 1)
        self.assertEqual(result.stdout, "")
        self.assertIn("not installed", result.stderr)
        self.assertIn("share/doc/connpt/check/cookie-stale.md", result.stderr)

    def test_an_error_does_not_print_the_help(self):
        self.assertLess(self.refused(2, "watch", "--no-such").count("\n"), 3)

    def test_a_wrong_match_shows_the_column(self):
        error = self.refused(2, "watch", "fs:.", "--match", "path = 1")
        self.assertIn("column 6", error)
        self.assertIn("\n  path = 1\n       ^\n", error)

    def test_a_target_that_is_only_a_selector_is_empty(self):
        self.assertIn("empty", self.refused(2, "events", "#DFileEvents"))

    @with_fs
    def test_a_full_disk_is_a_failure(self):
        if not os.path.exists("/dev/full"):
            self.skipTest("there is no /dev/full")
        with open("/dev/full", "wb") as full:
            self.assertEqual(run("--help", stdout=full).returncode, 1)
            for args in (["list", "--json"], ["events", "fs:"],
                         ["fire", "mod:ticker#Ticker#Tick", "1", "--watch"]):
                result = run(*args, stdout=full)
                self.assertEqual(result.returncode, 1)
                self.assertIn("cannot write to stdout: No space left", result.stderr)

    @posix_only("Wine gives a program a stdout when it is started without one")
    def test_a_closed_stdout_is_a_failure(self):
        for args in ("list --json", "events fs:", "--version",
                     "fire mod:ticker#Ticker#Tick 1 --watch"):
            result = subprocess.run(f'"$CONNPT" {args} >&-', shell=True, check=False,
                                    stderr=subprocess.PIPE, encoding="utf-8")
            self.assertEqual(result.returncode, 1, args)
            self.assertIn("cannot write to stdout", result.stderr)


main()

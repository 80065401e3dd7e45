#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""check_test - `connpt check`: its targets, and what it knows of their interfaces

That the rules find what they should is the matter of tests/check.
"""
import re

from cli import (SUFFIX, TestCase, WINDOWS, json, main, module_file, os, run, shutil, unittest)

TICKER = "mod:" + module_file("ticker")
CLASS = "{5B1D4A2B-846E-4106-BCEE-6A7BE3C86D5B}"
EVENTS = "{08B84BF0-4058-4070-BCAB-7AE41DACCC08}"

# Nothing hangs here, but a busy machine may need longer than the usual ten seconds for a rule.
PATIENT = ["--timeout", "150"]

# What foreign.c and foreign_list.c do wrong, but for enumerators of points that work a little: all
# of them are one there, which hides from the checker what else is wrong with them.
MODES = ([{"FOREIGN_ENUM": mode} for mode in ("notimpl", "null")]
         + [{"FOREIGN_FIND": mode} for mode in ("nointerface",)]
         + [{"FOREIGN_INFO": mode} for mode in ("notimpl", "null")]
         + [{"FOREIGN_POINT": mode} for mode in ("nameless", "mute", "liar", "zero", "stuck")]
         + [{"FOREIGN_POINT": "plain", "FOREIGN_LIST": mode}
            for mode in ("notimpl", "null", "unreferenced", "behind", "cookies", "missing", "short",
                         "uncounted", "nothing", "failing", "endless")])


class Check(TestCase):
    def outcome(self, rule, *args, **kwargs):
        """What one rule says: "outcome: text"."""
        lines = run("check", "--json", "--only", rule, *PATIENT, *args,
                    **kwargs).stdout.splitlines()
        found = [line for line in map(json.loads, lines) if line.get("id") == rule]
        self.assertEqual(len(found), 1, lines)
        return f"{found[0]['outcome']}: {found[0]['text']}"

    # ---- no object

    def test_a_type_library_is_no_object(self):
        error = self.refused(2, "check", "tlb:mine.tlb#Class")
        self.assertIn("tlb:mine.tlb#Class only describes classes", error)
        self.assertIn("mod:PATH#CLASS", error)

    @unittest.skipIf(WINDOWS, "Windows has such classes")
    def test_classes_of_the_system_are_for_windows(self):
        for target in ("progid:StdFont", "clsid:" + CLASS):
            error = self.refused(2, "check", target)
            self.assertIn(target + ": only Windows has a registry of COM classes", error)
            self.assertIn("mod:PATH#CLASS", error)

    def test_a_server_is_chosen_for_classes_of_the_system_only(self):
        self.assertIn("--server is for progid:NAME",
                      self.refused(2, "check", "mod:x" + SUFFIX, "--server", "local"))

    def test_a_class_that_is_not_registered_is_refused_by_name(self):
        error = self.refused(1, "check", "No.Such.Class")
        self.assertEqual(error.count("connpt: "), 1, error)
        self.assertIn("no class No.Such.Class is registered", error)

    def test_a_module_that_is_not_there_is_told_once(self):
        error = self.refused(1, "check", "mod:" + self.path("none" + SUFFIX) + "#" + CLASS)
        self.assertEqual(error.count("connpt: "), 1, error)

    def test_why_a_module_gives_no_object_is_told(self):
        text = self.path("text" + SUFFIX)
        with open(text, "w", encoding="ascii") as file:
            file.write("a sentence in place of a module\n")
        for module, reason in (
                (self.path("none" + SUFFIX), "does not exist"),
                (text, "no DLL for this process" if WINDOWS else "not a shared library"),
                (os.environ["NO_ENTRY_MODULE"], "does not export DllGetClassObject")):
            target = f"mod:{module}#{CLASS}"
            self.assertIn(reason, self.refused(1, "check", target))
            done = run("check", "--json", target)  # where a program looks for it
            self.assertIn(reason, json.loads(done.stdout.splitlines()[0])["trace"])

    # ---- what fires

    def test_a_module_declares_what_fires(self):
        self.assertEqual(self.outcome("fire-heard", TICKER), "passed: ")
        self.assertEqual(self.outcome("reentry-release-object", TICKER + "#Ticker"),
                         "passed: ")
        self.assertEqual(self.outcome("fire-heard", TICKER, "--no-fire"),
                         "skipped: it is not known how to make the object fire")

    def test_fire_goes_before_what_is_declared(self):
        self.assertIn("failed: ", self.outcome("fire-heard", TICKER, "--fire", "NoSuch"))

    def test_to_fire_and_not_to_fire_is_refused(self):
        self.assertIn("contradict", self.refused(2, "check", "mod:x", "--fire", "a", "--no-fire"))

    # ---- an object that describes nothing: it has no class info and its enumerator does not work

    def test_one_form_of_report_at_a_time(self):
        self.assertIn("--json and --junit", self.refused(2, "check", TICKER, "--json", "--junit"))

    def test_without_a_library_its_interfaces_are_not_found(self):
        module = self.path("bare" + SUFFIX)
        shutil.copy(os.environ["FOREIGN_MODULE"], module)
        self.assertEqual(self.outcome("find-same", f"mod:{module}#{CLASS}"),
                         "skipped: no outgoing interface was found")
        self.assertEqual(self.outcome("find-same", f"mod:{module}#{CLASS}", "--iid", EVENTS),
                         "passed: ")

    def test_the_library_inside_its_module_names_its_interfaces(self):
        module = self.path("inside" + SUFFIX)
        shutil.copy(os.environ["DESCRIBED_MODULE"], module)
        self.assertEqual(self.outcome("find-same", f"mod:{module}#{CLASS}"), "passed: ")

    def test_the_library_beside_its_module_names_its_interfaces(self):
        self.assertEqual(self.outcome("find-same", f"mod:{os.environ['FOREIGN_MODULE']}#{CLASS}"),
                         "passed: ")

    # ---- what other verbs notice in passing, and the rule that they name

    def test_the_rule_that_a_deviation_names_finds_it_too(self):
        target = f"mod:{os.environ['FOREIGN_MODULE']}#{CLASS}"
        for env in MODES:
            noticed = run("watch", target, "-v", "--count", "1", "--timeout", "0.5",
                          env=env).stderr
            rules = set(re.findall(r"(?m)^deviation: .*; see connpt check, rule ([\w-]+)$",
                                   noticed))
            self.assertEqual(len(re.findall("(?m)^deviation: ", noticed)) == 0, not rules, noticed)
            if set(env) != {"FOREIGN_ENUM"}:
                rules.discard("points-implemented")
            with self.subTest(env, rules=rules):
                self.assertTrue(rules, noticed)
                found = run("check", target, "--json", "--only", ",".join(sorted(rules)), *PATIENT,
                            env=env)
                outcomes = {line["id"]: line["outcome"]
                            for line in map(json.loads, found.stdout.splitlines()) if "id" in line}
                told = {outcomes[rule] for rule in rules}
                self.assertTrue(told & {"failed", "dialect", "crashed"}, outcomes)
                self.assertNotIn("passed", told, outcomes)  # skipped: another of them says more

    def test_json_names_the_rule_too(self):
        answer = json.loads(self.ok("events", "--json",
                                    f"mod:{os.environ['FOREIGN_MODULE']}#{CLASS}"))
        self.assertEqual([one["rule"] for one in answer["deviations"]], ["points-implemented"])


main()

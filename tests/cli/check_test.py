#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""check_test - `connpt check`: its targets, and what it knows of their interfaces

That the rules find what they should is the matter of tests/check.
"""
from cli import SUFFIX, TestCase, WINDOWS, json, main, os, run, shutil, unittest

CLASS = "{5B1D4A2B-846E-4106-BCEE-6A7BE3C86D5B}"
EVENTS = "{08B84BF0-4058-4070-BCAB-7AE41DACCC08}"


class Check(TestCase):
    def outcome(self, rule, *args, **kwargs):
        """What one rule says: "outcome: text"."""
        lines = run("check", "--json", "--only", rule, *args, **kwargs).stdout.splitlines()
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

    # ---- an object that describes nothing: it has no class info and its enumerator does not work

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


main()

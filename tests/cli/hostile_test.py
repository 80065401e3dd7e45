#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""hostile_test - modules that are none, and objects that do not keep the rules"""
import struct

from cli import (PATHS, SUFFIX, TestCase, has_module, json, main, module_file, os, posix_only, run,
                 shutil)

FOREIGN = "mod:" + os.environ.get("FOREIGN_MODULE", "") + "#Ticker"

BYTE_ORDER = {1: "<", 2: ">"}  # by the sixth byte of an ELF file


def loaded_size(content):
    """Where the last part of an ELF file that is loaded ends: debug data may follow."""
    is_64, order = content[4] == 2, BYTE_ORDER[content[5]]
    start, = struct.unpack_from(order + ("Q" if is_64 else "I"), content, 32 if is_64 else 28)
    size, count = struct.unpack_from(order + "HH", content, 54 if is_64 else 42)
    ends = []
    for i in range(count):
        at = start + i * size
        kind, = struct.unpack_from(order + "I", content, at)
        offset, = struct.unpack_from(order + ("Q" if is_64 else "I"), content,
                                     at + (8 if is_64 else 4))
        n_bytes, = struct.unpack_from(order + ("Q" if is_64 else "I"), content,
                                      at + (32 if is_64 else 16))
        if kind == 1:
            ends.append(offset + n_bytes)
    return max(ends)


class NoModule(TestCase):
    def refused_everywhere(self, path):
        """Every verb refuses it, names it and survives."""
        target = f"mod:{path}#{{5B1D4A2B-846E-4106-BCEE-6A7BE3C86D5B}}"
        for args in (["events", target], ["watch", target], ["fire", target + "#Tick"],
                     ["events", f"mod:{path}#Ticker"], ["events", f"mod:{path}"],
                     ["register", "--user", path]):
            with self.subTest(args):
                error = self.refused(1, *args, env={"XDG_DATA_HOME": self.folder})
                self.assertIn(os.path.basename(path), error)
                self.assertRegex(error, r"[A-Z]+_E_[A-Z]+ \(0x[0-9A-F]{8}\)")

    def test_a_file_that_is_missing(self):
        self.refused_everywhere(self.path("missing" + SUFFIX))

    def test_a_text_file(self):
        self.refused_everywhere(self.write("text" + SUFFIX, b"This is no module.\n"))

    def test_an_empty_file(self):
        self.refused_everywhere(self.write("empty" + SUFFIX))

    @posix_only("about the headers of ELF files; Windows checks those of DLLs itself")
    def test_a_truncated_module(self):
        with open(module_file("ticker"), "rb") as file:
            content = file.read()
        for size in (40, 64, 200, 5000, loaded_size(content) - 1):
            self.refused_everywhere(self.write(f"cut{size}{SUFFIX}", content[:size]))

    @posix_only("about the headers of ELF files; Windows checks those of DLLs itself")
    def test_another_architecture(self):
        with open(module_file("ticker"), "rb") as file:
            content = bytearray(file.read())
        struct.pack_into(BYTE_ORDER[content[5]] + "H", content, 18, 0xf3)  # e_machine: RISC-V
        path = self.write("riscv" + SUFFIX, bytes(content))
        self.refused(1, "events", f"mod:{path}#{{5B1D4A2B-846E-4106-BCEE-6A7BE3C86D5B}}")

    def test_a_library_without_the_export(self):
        path = os.environ.get("NO_ENTRY_MODULE", "")
        if not path:
            self.skipTest("there is no module without an entry")
        self.assertIn("DllGetClassObject",
                      self.refused(1, "events",
                                   f"mod:{path}#{{5B1D4A2B-846E-4106-BCEE-6A7BE3C86D5B}}"))

    def test_a_class_that_the_module_does_not_have(self):
        self.refused(1, "events", "mod:ticker#Nothing")
        self.refused(1, "events", "mod:ticker#{00000000-0000-0000-0000-000000000001}")

    def test_list_skips_what_is_broken_and_says_so(self):
        self.write("text" + SUFFIX, b"no module")
        result = run("list", "--json", env={"CONNPT_MODULE_PATH": self.folder})
        self.assertEqual(result.returncode, 0)
        json.loads(result.stdout)
        self.assertIn("text" + SUFFIX, result.stderr)


class DamagedTypeLibrary(TestCase):
    @posix_only("oleaut32 reads type libraries on Windows")
    def test_every_cut_is_survived(self):
        """A damaged .tlb beside a module: refused or shown, never a crash or a hang."""
        foreign = os.environ["FOREIGN_MODULE"]
        module = self.path("foreign" + SUFFIX)
        shutil.copy(foreign, module)
        with open(os.path.splitext(foreign)[0] + ".tlb", "rb") as file:
            content = file.read()
        target = f"mod:{module}#{{5B1D4A2B-846E-4106-BCEE-6A7BE3C86D5B}}"
        for size in range(0, len(content), len(content) // 12):
            self.write("foreign.tlb", content[:size])
            result = run("events", target, "--json")
            self.assertEqual(result.returncode, 0, result.stderr)
            json.loads(result.stdout)

    @posix_only("oleaut32 reads type libraries on Windows")
    def test_flipped_bytes_are_survived(self):
        foreign = os.environ["FOREIGN_MODULE"]
        module = self.path("foreign" + SUFFIX)
        shutil.copy(foreign, module)
        with open(os.path.splitext(foreign)[0] + ".tlb", "rb") as file:
            content = bytearray(file.read())
        target = f"mod:{module}#{{5B1D4A2B-846E-4106-BCEE-6A7BE3C86D5B}}"
        for offset in range(0, len(content), len(content) // 25):
            damaged = bytearray(content)
            damaged[offset:offset + 4] = b"\xff\xff\xff\x7f"
            self.write("foreign.tlb", bytes(damaged))
            result = run("events", target, "--json")
            self.assertIn(result.returncode, (0, 1), result.stderr)


    @posix_only("oleaut32 reads type libraries on Windows")
    def test_what_it_says_cannot_drive_a_terminal(self):
        foreign = os.environ["FOREIGN_MODULE"]
        module = self.path("foreign" + SUFFIX)
        shutil.copy(foreign, module)
        with open(os.path.splitext(foreign)[0] + ".tlb", "rb") as file:
            content = file.read()
        self.write("foreign.tlb", content.replace(b"A price", b"\x1b[31mAp")
                   .replace(b"OnClosing", b"\x1b[31mng()"))
        target = f"mod:{module}#{{5B1D4A2B-846E-4106-BCEE-6A7BE3C86D5B}}"
        for args in (["events", target], ["events", target, "--idl"], ["list"],
                     ["events", target + "#Nothing"], ["events", "fs:#\x1b[31m\udcff"]):
            result = run(*args, env={"CONNPT_MODULE_PATH": self.folder + PATHS +
                                     os.environ["CONNPT_MODULE_PATH"]})
            with self.subTest(args):
                self.assertIn("\\x1b[31m", result.stdout + result.stderr)
                self.assertNotIn("\x1b", result.stdout + result.stderr)


class ForeignObject(TestCase):
    def sources(self, mode, *options):
        answer = json.loads(self.ok("events", FOREIGN, "--json", *options,
                                    env={"FOREIGN_ENUM": mode}))
        return {source["interface"]: source for source in answer["sources"]}

    def test_its_events_are_found_by_class_info(self):
        events = self.sources("notimpl", "--no-probe")["DTickerEvents"]
        self.assertEqual((events["found_by"], events["connectable"]), (["classinfo"], True))
        self.assertEqual([event["name"] for event in events["events"]], ["OnTick", "OnClosing"])

    def test_its_events_are_found_by_probing(self):
        found = self.sources("notimpl", "--no-classinfo")
        self.assertEqual(list(found), ["DTickerEvents"])
        self.assertEqual(found["DTickerEvents"]["found_by"], ["probe"])

    def test_an_iid_can_be_given(self):
        module = self.path("bare" + SUFFIX)  # no type library beside it
        shutil.copy(os.environ["FOREIGN_MODULE"], module)
        answer = json.loads(self.ok(
            "events", f"mod:{module}#{{5B1D4A2B-846E-4106-BCEE-6A7BE3C86D5B}}", "--json",
            "--iid", "{08B84BF0-4058-4070-BCAB-7AE41DACCC08}"))
        self.assertEqual([source["kind"] for source in answer["sources"]], ["unknown"])

    def test_verbose_tells_what_the_enumerator_answered(self):
        result = run("events", FOREIGN, "-v")
        self.assertIn("EnumConnectionPoints: E_NOTIMPL (0x80004001)", result.stderr)

    def test_success_without_an_enumerator_is_survived(self):
        self.assertIn("DTickerEvents", self.sources("null"))

    def test_an_enumerator_without_end_is_left(self):
        self.assertIn("enum", self.sources("endless")["DTickerEvents"]["found_by"])

    def test_interfaces_that_only_the_class_claims_are_marked(self):
        self.assertFalse(self.sources("notimpl")["ITickerSink"]["connectable"])

    def test_points_that_do_not_tell_their_interface_are_left_out(self):
        for point in ("nameless", "mute"):
            with self.subTest(point):
                answer = json.loads(self.ok(
                    "events", FOREIGN, "--json", "--no-probe", "--no-classinfo",
                    env={"FOREIGN_ENUM": "endless", "FOREIGN_POINT": point}))
                self.assertEqual(answer["sources"], [])

    def test_an_interface_that_only_the_enumerator_names_is_refused_by_name(self):
        result = run("watch", FOREIGN, "--assume-dispatch", "--no-probe", "--no-classinfo",
                     env={"FOREIGN_ENUM": "endless", "FOREIGN_POINT": "liar"})
        self.assertEqual(result.returncode, 1, result.stderr)
        self.assertRegex(result.stderr,
                         r"cannot connect to .*CONNECT_E_NOCONNECTION \(0x80040200\)")

    def test_a_point_that_refuses_is_named(self):
        result = run("watch", FOREIGN, env={"FOREIGN_POINT": "refuse"})
        self.assertEqual(result.returncode, 1, result.stderr)
        self.assertRegex(result.stderr,
                         r"cannot connect to .*DTickerEvents: CONNECT_E_CANNOTCONNECT")

    def test_odd_cookies_and_failing_disconnections_are_survived(self):
        for point in ("zero", "stuck"):
            with self.subTest(point):
                result = run("watch", FOREIGN, "-v", "--count", "1", "--timeout", "20",
                             env={"FOREIGN_POINT": point})
                self.assertEqual(result.returncode, 0, result.stderr)

    def test_a_burst_inside_advise_is_written_while_it_lasts(self):
        for args in (["watch", FOREIGN, "--count", "1001"],
                     ["watch", FOREIGN, "--count", "1001", "--json"]):
            result = run(*args, env={"FOREIGN_POINT": "burst"})
            self.assertEqual(result.returncode, 0, result.stderr)
            self.assertEqual(result.stdout.count("\n"), 1001)

    def test_a_burst_inside_advise_does_not_hide_a_full_disk(self):
        if not os.path.exists("/dev/full"):
            self.skipTest("there is no /dev/full")
        with open("/dev/full", "wb") as full:
            result = run("watch", FOREIGN, env={"FOREIGN_POINT": "burst"}, stdout=full)
        self.assertEqual(result.returncode, 1, result.stderr)
        self.assertEqual(result.stderr.count("cannot write to stdout"), 1)

    def test_classes_that_make_nothing_are_refused_by_name(self):
        for mode, code in (("null", "E_"), ("failing", "E_UNEXPECTED"),
                           ("memory", "E_OUTOFMEMORY"), ("nothing", "E_"),
                           ("plain", "E_NOINTERFACE")):
            for args in (["events", FOREIGN], ["watch", FOREIGN],
                         ["fire", FOREIGN + "#Tick", "1"]):
                with self.subTest((mode, args)):
                    if mode == "plain" and args[0] == "fire":
                        continue
                    error = self.refused(1, *args, env={"FOREIGN_CLASS": mode})
                    self.assertIn(FOREIGN, error)
                    self.assertIn(code, error)

    def deviations(self, *args, env):
        answer = json.loads(self.ok("events", FOREIGN, "--json", *args, env=env))
        return {(one["method"].split("::")[1], one["hresult"], one["code"])
                for one in answer["deviations"]}, answer["sources"]

    def test_what_an_object_answers_wrongly_is_told_by_name(self):
        not_listed = ("EnumConnectionPoints", "E_NOTIMPL", "0x80004001")
        no_result = ("EnumConnectionPoints", "S_OK", "0x00000000")
        for env, expected in (
                ({}, {not_listed}),
                ({"FOREIGN_ENUM": "null"}, {no_result}),
                ({"FOREIGN_ENUM": "failing"}, {("Next", "E_FAIL", "0x80004005")}),
                ({"FOREIGN_ENUM": "nothing"}, {("Next", "S_OK", "0x00000000")}),
                ({"FOREIGN_ENUM": "uncounted"}, {("Next", "S_OK", "0x00000000"),
                                                 ("Reset", "E_NOTIMPL", "0x80004001")}),
                ({"FOREIGN_ENUM": "short"}, {("Next", "S_OK", "0x00000000")}),
                ({"FOREIGN_ENUM": "endless"}, {("Next", "S_OK", "0x00000000")}),
                ({"FOREIGN_FIND": "nointerface"},
                 {not_listed, ("FindConnectionPoint", "E_NOINTERFACE", "0x80004002")}),
                ({"FOREIGN_FIND": "null"},
                 {not_listed, ("FindConnectionPoint", "S_OK", "0x00000000")}),
                ({"FOREIGN_POINT": "nameless"},
                 {not_listed, ("GetConnectionInterface", "E_FAIL", "0x80004005")}),
                ({"FOREIGN_POINT": "mute"},
                 {not_listed, ("GetConnectionInterface", "S_OK", "0x00000000")}),
                ({"FOREIGN_POINT": "liar"},
                 {not_listed, ("GetConnectionInterface", "S_OK", "0x00000000")}),
                ({"FOREIGN_INFO": "notimpl"},
                 {not_listed, ("GetClassInfo", "E_NOTIMPL", "0x80004001"),
                  ("GetGUID", "E_NOTIMPL", "0x80004001")}),
                ({"FOREIGN_INFO": "null"},
                 {not_listed, ("GetClassInfo", "S_OK", "0x00000000"),
                  ("GetGUID", "S_OK", "0x00000000")})):
            with self.subTest(env):
                found, sources = self.deviations(env=env)
                self.assertEqual(found, expected)
                self.assertIn("DTickerEvents", [source["interface"] for source in sources])

    def test_objects_of_this_library_have_no_deviation(self):
        for target in ["mod:ticker#Ticker"] + (["fs:"] if has_module("fs") else []):
            self.assertEqual(json.loads(self.ok("events", target, "--json"))["deviations"], [])
            result = run("watch", target if target != "fs:" else f"fs:{self.folder}", "-v",
                         "--timeout", "0.01")
            self.assertEqual(result.returncode, 124, result.stderr)
            self.assertRegex(result.stderr, r"cookie 1; \w+ has 1 connection\n")
            self.assertNotIn("deviation", result.stderr)

    def test_lists_of_connections_are_read_whatever_is_wrong_with_them(self):
        for mode, told in (
                ("right", None),
                ("notimpl", "EnumConnections: E_NOTIMPL (0x80004001): does not list"),
                ("null", "EnumConnections: S_OK (0x00000000): succeeds without a result"),
                ("unreferenced", "Next: S_OK (0x00000000): adds no reference to the sink"),
                ("behind", "Next: S_OK (0x00000000): adds a reference to what stands behind"),
                ("cookies", "EnumConnections: S_OK (0x00000000): lists our sink with another"),
                ("missing", "EnumConnections: S_OK (0x00000000): does not list our connection"),
                ("short", "Next: S_OK (0x00000000): is not S_FALSE"),
                ("uncounted", "Next: S_OK (0x00000000): delivers one and counts 0"),
                ("nothing", "Next: S_OK (0x00000000): succeeds and delivers nothing"),
                ("failing", "Next: E_FAIL (0x80004005): fails before the end"),
                ("endless", "Next: S_OK (0x00000000): is still not at its end")):
            with self.subTest(mode):
                result = run("watch", FOREIGN, "-v", "--count", "1", "--timeout", "20",
                             env={"FOREIGN_POINT": "plain", "FOREIGN_LIST": mode})
                self.assertEqual(result.returncode, 0, result.stderr)
                self.assertIn('OnTick(price=1.5, symbol="foreign")', result.stdout)
                listed = [line for line in result.stderr.splitlines()
                          if line.startswith("deviation: I") and "EnumConnectionPoints" not in line]
                if told is None:
                    self.assertEqual(listed, [])
                else:
                    self.assertIn(told, "\n".join(listed))

    def test_a_disconnection_that_fails_is_told(self):
        result = run("watch", FOREIGN, "-v", "--count", "1", "--timeout", "20",
                     env={"FOREIGN_POINT": "stuck"})
        self.assertIn("deviation: IConnectionPoint::Unadvise: E_FAIL (0x80004005)",
                      result.stderr)

    def test_its_events_can_be_watched(self):
        result = run("watch", FOREIGN, "--count", "1", "--timeout", "20")
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertIn('DTickerEvents.OnTick(price=1.5, symbol="foreign")', result.stdout)
        self.assertIn("not connected: ", result.stderr)

    def test_what_nothing_describes_is_watched_only_when_told_so(self):
        module = self.path("bare" + SUFFIX)
        shutil.copy(os.environ["FOREIGN_MODULE"], module)
        args = ["watch", f"mod:{module}#{{5B1D4A2B-846E-4106-BCEE-6A7BE3C86D5B}}", "--count", "1",
                "--timeout", "20", "--iid", "{08B84BF0-4058-4070-BCAB-7AE41DACCC08}"]
        self.assertIn("none of its events can be shown", self.refused_text(1, args))
        self.assertIn('[dispid 1](arg0=1.5, arg1="foreign")', self.ok(*args, "--assume-dispatch"))

    def refused_text(self, code, args):
        result = run(*args)
        self.assertEqual(result.returncode, code, result.stderr)
        return result.stderr


main()

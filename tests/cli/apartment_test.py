#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""apartment_test - the command watches sources of every apartment, through COM's own activation

The classes of beats.c are put into the registry and taken out again, so this test runs alone.
"""
import re

from cli import DEADLINE, TestCase, json, main, os, run, subprocess, time

EVENTS = "{08B84BF0-4058-4070-BCAB-7AE41DACCC08}"
APARTMENT = "{5B1D4A2B-846E-4106-BCEE-6A7BE3C86D5B}"
FREE = "{1F8F2A60-3C1B-4D0A-9B6E-520A7C11E401}"
LOCAL = "{1F8F2A60-3C1B-4D0A-9B6E-520A7C11E402}"
LIBRARY = "{1F8F2A60-3C1B-4D0A-9B6E-520A7C11E403}"
PATIENCE = DEADLINE // 2  # of the command, for events that come in a moment
DISPATCH_PROXY = "{00020420-0000-0000-C000-000000000046}"
CLASSES = r"HKEY_LOCAL_MACHINE\Software\Classes"


def windows(path):
    return "Z:" + path.replace("/", "\\")


KEYS = [
    (rf"CLSID\{APARTMENT}", {"": "Beats"}),
    (rf"CLSID\{APARTMENT}\InprocServer32",
     {"": windows(os.environ["BEATS_MODULE"]), "ThreadingModel": "Apartment"}),
    (rf"CLSID\{APARTMENT}\ProgID", {"": "Connpt.Beats"}),
    (rf"CLSID\{APARTMENT}\TypeLib", {"": LIBRARY}),
    ("Connpt.Beats", {"": "Beats"}),
    (r"Connpt.Beats\CLSID", {"": APARTMENT}),
    (rf"CLSID\{FREE}", {"": "Free beats"}),
    (rf"CLSID\{FREE}\InprocServer32",
     {"": windows(os.environ["BEATS_MODULE"]), "ThreadingModel": "Free"}),
    (rf"CLSID\{LOCAL}", {"": "Beats elsewhere"}),
    (rf"CLSID\{LOCAL}\LocalServer32", {"": windows(os.environ["BEATS_PROGRAM"])}),
    (rf"Interface\{EVENTS}", {"": "DTickerEvents"}),
    (rf"Interface\{EVENTS}\ProxyStubClsid32", {"": DISPATCH_PROXY}),
    (rf"Interface\{EVENTS}\TypeLib", {"": LIBRARY, "Version": "1.0"}),
    (rf"TypeLib\{LIBRARY}\1.0", {"": "Beats"}),
    (rf"TypeLib\{LIBRARY}\1.0\0\{'win32' if os.environ['CPU'] == 'x86' else 'win64'}",
     {"": windows(os.environ["TICKER_TLB"])}),
]


class Apartment(TestCase):
    def registry(self, lines):
        text = "REGEDIT4\n\n" + "\n".join(lines) + "\n"
        subprocess.run([os.environ["WINE_RUN"], "regedit", "/S", windows(
            self.write("keys.reg", text.replace("\n", "\r\n").encode()))],
                       stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                       stderr=subprocess.DEVNULL, check=True, timeout=DEADLINE)

    def forget(self, keys):
        self.registry([rf"[-{CLASSES}\{key}]" for key in keys])

    def setUp(self):
        super().setUp()
        lines = []
        for key, values in KEYS:
            lines.append(rf"[{CLASSES}\{key}]")
            for name, value in values.items():
                value = value.replace("\\", "\\\\")
                lines.append((f'"{name}"' if name else "@") + f'="{value}"')
        self.addCleanup(self.forget, [key for key, _ in KEYS if key.count("\\") < 2])
        self.registry(lines)

    def events(self, *args, code=0, **kwargs):
        result = run("watch", *args, "--json", **kwargs)
        self.assertEqual(result.returncode, code, result.stderr)
        return [json.loads(line) for line in result.stdout.splitlines()], result.stderr

    def check(self, events, target, kind):
        self.assertEqual([(event["source"], event["iid"], event["interface"], event["event"])
                          for event in events],
                         [(target, EVENTS, "DTickerEvents", "OnTick")] * len(events))
        self.assertEqual([event["args"] for event in events],
                         [{"price": float(n + 1), "symbol": kind} for n in range(len(events))])

    def test_an_object_of_our_own_apartment_is_served_its_messages(self):
        events, _ = self.events("progid:Connpt.Beats", "--count", "3", "--timeout", str(PATIENCE))
        self.assertEqual(len(events), 3)
        self.check(events, "progid:Connpt.Beats", "apartment")

    def test_what_the_registry_says_describes_a_class_that_says_nothing(self):
        answer = json.loads(self.ok("events", f"clsid:{APARTMENT}", "--json"))
        source = answer["sources"][0]
        self.assertEqual((source["interface"], source["default"], source["found_by"]),
                         ("DTickerEvents", True, ["enum", "classinfo", "probe"]))
        answer = json.loads(self.ok("events", f"clsid:{FREE}", "--json", "--no-enum", "--iid",
                                    EVENTS))
        self.assertEqual([(source["interface"], source["found_by"])
                          for source in answer["sources"]], [("DTickerEvents", ["probe"])])

    def test_a_class_with_a_library_is_listed(self):
        rows = {row["target"]: row
                for row in json.loads(self.ok("list", "--system", "--json"))}
        self.assertEqual(rows["progid:Connpt.Beats"]["sources"][0]["interface"], "DTickerEvents")
        self.assertEqual(rows["progid:Connpt.Beats"]["module"],
                         windows(os.environ["BEATS_MODULE"]))

    def test_an_object_that_fires_on_a_thread_of_its_own_reaches_us_by_proxy(self):
        events, _ = self.events(f"clsid:{FREE}", "--count", "3", "--timeout", str(PATIENCE))
        self.assertEqual(len(events), 3)
        self.check(events, f"clsid:{FREE}", "free")

    def test_an_object_in_another_process_reaches_us_by_proxy(self):
        events, said = self.events(f"clsid:{LOCAL}", "--server", "local", "-v", "--count", "3",
                                   "--timeout", str(PATIENCE))
        self.assertEqual(len(events), 3)
        self.check(events, f"clsid:{LOCAL}", "local")
        self.assertIn("in another process, whose list is left alone", said)

    # ---- checking

    def outcome(self, rule, *args):
        # no rule hangs, but a busy machine may need longer than the usual ten seconds
        result = run("check", *args, "--json", "--only", rule, "--timeout", str(PATIENCE))
        found = [line for line in map(json.loads, result.stdout.splitlines())
                 if line.get("id") == rule]
        self.assertEqual(len(found), 1, result.stderr)
        return f"{found[0]['outcome']}: {found[0]['text']}"

    def test_other_threads_do_not_call_a_checked_object_of_our_apartment(self):
        self.assertIn("skipped: the object lives in a single-threaded apartment",
                      self.outcome("threads-advise", "progid:Connpt.Beats", "--threads"))

    def test_other_threads_call_a_checked_object_that_is_for_several(self):
        self.assertEqual(self.outcome("threads-advise", f"clsid:{FREE}", "--threads", "--iid",
                                      EVENTS), "passed: ")

    def test_other_threads_do_not_call_the_proxy_of_a_checked_object(self):
        self.assertIn("skipped: the object is reached through a proxy",
                      self.outcome("threads-advise", f"clsid:{LOCAL}", "--threads"))

    def test_an_object_for_several_threads_is_checked_without_a_proxy(self):
        self.assertEqual(self.outcome("connections-references", f"clsid:{FREE}"), "passed: ")

    def test_an_event_that_a_message_brings_is_part_of_the_fire(self):
        # the class has no method that fires: what is called does not matter, the timer fires
        result = run("check", "progid:Connpt.Beats", "--json", "--only", "fire-arguments",
                     "--fire", "Nothing", "--timeout", str(PATIENCE))
        self.assertIn('"outcome":"passed"', result.stdout, result.stderr)

    def test_the_library_that_the_registry_names_describes_a_checked_class(self):
        self.assertEqual(self.outcome("find-same", f"clsid:{APARTMENT}"), "passed: ")

    def test_all_of_them_can_be_watched_at_once(self):
        # each of them tells as much as the others and no more: all must have been heard
        events, _ = self.events("progid:Connpt.Beats", f"clsid:{FREE}", f"clsid:{LOCAL}",
                                "--count", "15", "--timeout", str(PATIENCE),
                                env={"BEATS_MOST": "5"})
        self.assertEqual(sorted(event["args"]["symbol"] for event in events),
                         ["apartment"] * 5 + ["free"] * 5 + ["local"] * 5)
        self.assertEqual([event["seq"] for event in events], list(range(1, len(events) + 1)))

    def test_more_events_than_there_is_room_for_do_not_stop_the_thread_that_writes(self):
        events, _ = self.events("progid:Connpt.Beats", "--count", "1000", "--timeout",
                                str(PATIENCE), env={"BEATS": "500"})
        self.assertEqual(len(events), 1000)
        self.check(events, "progid:Connpt.Beats", "apartment")

    def test_an_object_that_crashes_is_named(self):
        # on a thread of its own: what a timer's procedure does wrong, the system swallows
        result = run("watch", f"clsid:{FREE}", "--iid", EVENTS, "--timeout", str(PATIENCE),
                     env={"BEATS": "crash"})
        self.assertEqual(result.returncode, 1, result.stderr)
        self.assertIn("connpt: crashed with exception 0xC0000005 in beats.dll; the last "
                      f"object made was clsid:{FREE}\n", result.stderr)

    def test_messages_without_end_do_not_keep_the_time_from_ending(self):
        began = time.monotonic()
        result = run("watch", "progid:Connpt.Beats", "--timeout", "2")
        self.assertEqual(result.returncode, 124, result.stderr)
        self.assertLess(time.monotonic() - began, PATIENCE)
        self.assertGreater(int(re.search(r"(\d+) events? in", result.stderr)[1]), 0)

    def test_events_that_only_idispatch_can_marshal_come_all_the_same(self):
        # a point for dispinterfaces takes a sink that answers IDispatch alone, as its proxy does
        self.forget([rf"Interface\{EVENTS}"])
        result = run("watch", f"clsid:{LOCAL}", "--assume-dispatch", "--count", "1", "--timeout",
                     str(PATIENCE))
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertIn(f'clsid:{LOCAL} {EVENTS}.[dispid 1](arg0=1, arg1="local")', result.stdout)


main()

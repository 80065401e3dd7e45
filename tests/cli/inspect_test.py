#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""inspect_test - list, events, fire and register, on the modules ticker and fs"""
from cli import SUFFIX, WINDOWS, TestCase, json, main, module_file, os, run, shutil, with_fs

TICKER = "mod:ticker#Ticker"
DIID_TICKER_EVENTS = "{08B84BF0-4058-4070-BCAB-7AE41DACCC08}"
DATA = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../typelib/data")
CLSID_TICKER = "{5B1D4A2B-846E-4106-BCEE-6A7BE3C86D5B}"


class List(TestCase):
    @with_fs
    def test_fs_and_modules_are_targets(self):
        text = self.ok("list")
        self.assertRegex(text, r"(?m)^TARGET +INTERFACE +EVENTS$")
        self.assertRegex(text, r"(?m)^fs:DIR +DFileEvents \* +Created Modified Moved Deleted ")
        self.assertRegex(text, r"(?m)^mod:ticker#Ticker +DTickerEvents \* +OnTick OnClosing$")

    @with_fs
    def test_json_says_the_same(self):
        rows = {row["target"]: row for row in json.loads(self.ok("list", "--json"))}
        self.assertEqual(rows["fs:DIR"]["kind"], "built-in")
        ticker = rows[TICKER]
        self.assertEqual((ticker["kind"], ticker["class"], ticker["clsid"]),
                         ("module", "Ticker", CLSID_TICKER))
        self.assertEqual(ticker["sources"][0], {"interface": "DTickerEvents",
                                                "iid": DIID_TICKER_EVENTS, "default": True,
                                                "events": ["OnTick", "OnClosing"]})

    def test_nothing_to_list_is_said(self):
        result = run("list", env={"CONNPT_MODULE_PATH": self.folder,
                                  "XDG_DATA_HOME": self.folder})
        self.assertEqual(result.returncode, 0)
        if not result.stdout:  # an installation of the same prefix has modules and classes
            self.assertIn("There is no module", result.stderr)


class Events(TestCase):
    def test_interfaces_ids_and_arguments_are_shown(self):
        text = self.ok("events", TICKER)
        self.assertIn(f"DTickerEvents {DIID_TICKER_EVENTS} dispinterface, default\n", text)
        self.assertIn("  1    OnTick(double price, BSTR symbol)  A price\n", text)
        self.assertIn("  2    OnClosing(VARIANT_BOOL *cancel)", text)
        self.assertRegex(text, r"(?m)^ITickerSink \{[0-9A-F-]{36}\} interface$")
        self.assertRegex(text, r"(?m)^IPropertyNotifySink \{9BFBBC02-")

    def test_json_says_the_same(self):
        answer = json.loads(self.ok("events", TICKER, "--json"))
        self.assertEqual(answer["target"], TICKER)
        sources = {source["interface"]: source for source in answer["sources"]}
        events = sources["DTickerEvents"]
        self.assertTrue(events["default"] and events["connectable"])
        self.assertEqual(events["found_by"], ["enum", "classinfo", "probe"])
        closing = events["events"][1]
        self.assertEqual((closing["name"], closing["dispid"]), ("OnClosing", 2))
        self.assertEqual(closing["args"], [{"name": "cancel", "type": "VARIANT_BOOL *",
                                            "direction": "inout", "optional": False}])

    def test_a_type_library_is_shown_without_an_object(self):
        library = "tlb:" + os.path.join(DATA, "sample.tlb")
        text = self.ok("events", library)
        self.assertRegex(text, r"(?m)^DPartEvents \{5E1F0A20-[0-9A-F-]*\} dispinterface, default$")
        self.assertRegex(text, r"(?m)^DOtherEvents \{5E1F0A21-[0-9A-F-]*\} dispinterface$")
        self.assertEqual(self.ok("events", library + "#part"), text)
        self.assertEqual(self.ok("events", library + "#{5E1F0A30-3B4C-4D5E-8F60-718293A4B5C6}"),
                         text)
        text = self.ok("events", library + "#Part#DOtherEvents", "--json")
        self.assertIsNone(json.loads(text)["sources"][0]["connectable"])

    def test_what_is_no_type_library_is_told(self):
        self.assertIn("TYPE_E_CANTLOADLIBRARY", self.refused(
            1, "events", "tlb:" + os.path.join(DATA, "sample.idl")))
        library = "tlb:" + os.path.join(DATA, "sample.tlb")
        self.assertIn("no class Whole", self.refused(3, "events", library + "#Whole"))
        self.assertIn("only describes classes", self.refused(2, "watch", library))
        self.assertIn("no file", self.refused(2, "events", "tlb:"))

    def test_idl_is_printed(self):
        text = self.ok("events", TICKER + "#DTickerEvents", "--idl")
        self.assertEqual(text, """\
[
    uuid(08b84bf0-4058-4070-bcab-7ae41daccc08),
    helpstring("The events by dispatch id")
]
dispinterface DTickerEvents
{
    properties:
    methods:
        [id(1), helpstring("A price")]
        void OnTick([in] double price, [in] BSTR symbol);
        [id(2), helpstring("About to close; set cancel to true to object")]
        void OnClosing([in, out] VARIANT_BOOL *cancel);
};
""")

    @with_fs
    def test_fs_needs_no_directory(self):
        answer = json.loads(self.ok("events", "fs:#DFileEvents.Moved", "--json"))
        self.assertEqual([arg["name"] for arg in answer["sources"][0]["events"][0]["args"]],
                         ["from", "to", "dir"])

    def test_each_way_of_finding_sources_is_enough(self):
        ways = {"enum": "--no-enum", "classinfo": "--no-classinfo", "probe": "--no-probe"}
        for way in ways:
            with self.subTest(way):
                off = [option for name, option in ways.items() if name != way]
                answer = json.loads(self.ok("events", TICKER, "--json", *off))
                self.assertEqual({tuple(s["found_by"]) for s in answer["sources"]}, {(way,)})
                self.assertIn("DTickerEvents", [s["interface"] for s in answer["sources"]])

    def test_verbose_says_which_way_found_what(self):
        result = run("events", TICKER, "-v")
        self.assertIn("found by the enumerator, class info, probing", result.stdout)
        self.assertIn("EnumConnectionPoints: 3 outgoing interfaces", result.stderr)

    def test_an_unknown_interface_or_event_is_exit_code_3(self):
        for selector in ("#Nothing", "#DTickerEvents.Nothing", "#Nothing.OnTick"):
            with self.subTest(selector):
                error = self.refused(3, "events", TICKER + selector)
                self.assertIn("DTickerEvents with OnTick, OnClosing", error)


class Fire(TestCase):
    def test_a_method_fires_events_before_its_result(self):
        text = self.ok("fire", TICKER + "#Tick", "12.5", "--watch")
        self.assertRegex(text, r'^[\d:.]+ mod:ticker#Ticker DTickerEvents.OnTick'
                               r'\(price=12.5, symbol=".*"\)\n$')

    def test_nobody_objects_so_it_closes(self):
        text = self.ok("fire", TICKER + "#Close", "--watch")
        self.assertRegex(text, r"OnClosing\(cancel=false\)\ntrue\n$")

    def test_an_answer_reaches_the_source(self):
        text = self.ok("fire", TICKER + "#Close", "--watch", "--answer", "cancel=true")
        self.assertRegex(text, r"OnClosing\(cancel=false\) -> cancel=true\nfalse\n$")

    def test_json_has_events_answer_and_result(self):
        lines = self.ok("fire", TICKER + "#Close", "--watch", "--answer", "cancel=true",
                        "--json").splitlines()
        event, result = map(json.loads, lines)
        self.assertEqual((event["event"], event["args"], event["answer"], event["seq"]),
                         ("OnClosing", {"cancel": False}, {"cancel": True}, 1))
        self.assertEqual(result, {"result": False, "out": {}})

    def test_properties_are_read_and_written(self):
        self.ok("fire", TICKER + "#symbol", "--put", "ACME")
        self.assertIsInstance(json.loads(self.ok("fire", TICKER + "#symbol", "--get",
                                                 "--json"))["result"], str)

    def test_a_property_change_is_seen(self):
        text = self.ok("fire", TICKER + "#symbol", "--put", "ACME", "--watch")
        self.assertIn("IPropertyNotifySink.OnChanged(dispid=1)\n", text)

    def test_an_unknown_method_is_exit_code_3(self):
        error = self.refused(3, "fire", TICKER + "#Nothing")
        self.assertIn("DISP_E_UNKNOWNNAME (0x80020006)", error)
        self.assertIn("it has symbol, Tick, Close", error)

    def test_wrong_arguments_are_named(self):
        self.assertIn('"price"', self.refused(2, "fire", TICKER + "#Tick", "abc"))
        self.assertIn('"price"', self.refused(2, "fire", TICKER + "#Tick"))
        self.assertIn("takes 1 argument", self.refused(2, "fire", TICKER + "#Tick", "1", "2"))
        self.assertIn("--get", self.refused(2, "fire", TICKER + "#symbol"))

    def test_an_answer_must_fit_an_event(self):
        self.refused(3, "fire", TICKER + "#Close", "--watch", "--answer", "nothing=1")
        self.refused(2, "fire", TICKER + "#Close", "--watch", "--answer", "cancel=maybe")

    def test_too_few_events_are_a_timeout(self):
        result = run("fire", TICKER + "#Tick", "1", "--watch", "--count", "2", "--timeout", "0.05")
        self.assertEqual(result.returncode, 124)
        self.assertIn("OnTick", result.stdout)


class Register(TestCase):
    def setUp(self):
        super().setUp()
        self.env = {"XDG_DATA_HOME": self.folder}
        self.module = module_file("ticker")

    def test_a_registered_class_is_a_target_by_name_and_clsid(self):
        out = self.ok("register", "--user", self.module, env=self.env)
        self.assertEqual(out, f"registered {CLSID_TICKER} Ticker\n")
        for target in ("Ticker", "ticker", CLSID_TICKER, CLSID_TICKER.lower()):
            self.assertIn("DTickerEvents", self.ok("events", target, env=self.env))
        rows = json.loads(self.ok("list", "--json", env=self.env))
        self.assertIn(("Ticker", "registered"), [(row["target"], row["kind"]) for row in rows])

    def test_unregister_forgets_it(self):
        for what in ("Ticker", CLSID_TICKER, self.module, "ticker" + SUFFIX, "ticker"):
            self.ok("register", "--user", self.module, env=self.env)
            self.assertEqual(self.ok("unregister", "--user", what, env=self.env),
                             "unregistered Ticker\n")
            self.assertIn("REGDB_E_CLASSNOTREG (0x80040154)",
                          self.refused(1, "events", "Ticker", env=self.env))
        self.assertEqual(os.listdir(self.path("connpt", "classes.d")), [])
        self.assertIn("nothing of Ticker is registered; connpt list",
                      self.refused(1, "unregister", "--user", "Ticker", env=self.env))

    def test_unregister_tells_that_it_is_registered_elsewhere(self):
        self.ok("register", "--user", self.module, env=self.env)
        error = self.refused(1, "unregister", "Ticker", env=self.env)
        self.assertIn("not registered for all users but for this one", error)
        self.assertIn("connpt unregister --user Ticker forgets that", error)
        self.assertIn("DTickerEvents", self.ok("events", "Ticker", env=self.env))

    def test_what_does_not_load_is_not_registered(self):
        broken = self.path("broken" + SUFFIX)
        shutil.copy(self.module, broken)
        os.truncate(broken, 5000)
        self.refused(1, "register", "--user", broken, env=self.env)
        self.assertFalse(os.path.exists(self.path("connpt")))

    def test_damaged_registrations_are_named_and_skipped(self):
        self.ok("register", "--user", self.module, env=self.env)
        folder = self.path("connpt", "classes.d")
        for name, content in (("bad1.class", "nonsense\n"), ("bad2.class", "clsid={x}\n"),
                              ("bad3.class", f"clsid={CLSID_TICKER}\n"),
                              ("bad4.class", "module=" + "x" * 9000),
                              ("bad5.class", "clsid={00000000-0000-0000-0000-000000000001}\n"
                                             "module=ticker.so\n")):
            with open(os.path.join(folder, name), "w", encoding="utf-8") as file:
                file.write(content)
        os.mkdir(os.path.join(folder, "bad6.class"))
        n_bad = 6
        if not WINDOWS:  # what never ends, or waits for somebody who writes
            os.symlink("/dev/zero", os.path.join(folder, "bad7.class"))
            os.mkfifo(os.path.join(folder, "bad8.class"))
            n_bad = 8
        result = run("events", "Ticker", env=self.env)
        self.assertEqual(result.returncode, 0)
        for number in range(1, n_bad + 1):
            self.assertIn(f"bad{number}.class", result.stderr)


main()

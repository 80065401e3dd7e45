#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""system_class_test - the command and objects that are not ours: the classes that Wine brings

Runs where the Windows build does, under Wine. Only the lines that mean something are compared: the
answers of Wine's objects change from one version to the next, so each test that rests on one says
which it is. What the version is stands in the output of the first test that fails.
"""
from cli import CONNPT, TestCase, json, main, os, run, subprocess

FONT_EVENTS = "{4EF6100A-AF88-11D0-9846-00C04FC29993}"
NETWORK_LIST = "clsid:{DCB00C01-570F-4A9B-8D69-199FDBA5723B}"


def wine_version():
    result = subprocess.run(["wine", "--version"], stdin=subprocess.DEVNULL, check=False,
                            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, encoding="utf-8")
    return result.stdout.strip()


class SystemClass(TestCase):
    def lines(self, *args, **kwargs):
        return [json.loads(line) for line in self.ok(*args, **kwargs).splitlines()]

    def sources(self, *args):
        answer = json.loads(self.ok("events", "--json", *args))
        return {source["interface"]: source for source in answer["sources"]}

    # ---- finding

    def test_list_shows_the_classes_whose_libraries_declare_events(self):
        rows = json.loads(self.ok("list", "--system", "--json"))
        by_target = {row["target"]: row for row in rows}
        self.assertEqual({row["kind"] for row in rows}, {"system"})
        document = by_target["progid:Msxml2.DOMDocument.3.0"]
        self.assertEqual(document["clsid"], "{F5078F32-C551-11D3-89B9-0000F81FE221}")
        self.assertTrue(document["module"].lower().endswith("msxml3.dll"), document)
        self.assertEqual([source["interface"] for source in document["sources"]],
                         ["XMLDOMDocumentEvents"])
        self.assertIn("onreadystatechange", document["sources"][0]["events"])

    def test_every_progid_of_the_list_leads_to_its_class(self):
        rows = json.loads(self.ok("list", "--system", "--json"))
        targets = [row["target"] for row in rows]
        self.assertEqual(len(targets), len(set(targets)))

    def test_without_an_option_the_registry_is_not_read(self):
        self.assertNotIn('"system"', run("list", "--json").stdout)

    # ---- refusing

    def test_what_is_not_registered_is_refused_by_name(self):
        error = self.refused(1, "events", "progid:No.Such.Class")
        self.assertIn("progid:No.Such.Class: no class of that ProgID is registered: "
                      "CO_E_CLASSSTRING (0x800401F3)", error)
        error = self.refused(1, "events", "clsid:{01234567-0123-0123-0123-0123456789AB}")
        self.assertIn("REGDB_E_CLASSNOTREG (0x80040154)", error)
        self.assertIn("for 64-bit programs" if "64" in os.environ["CPU"] else "for 32-bit",
                      error)

    def test_a_server_that_the_class_does_not_have_is_refused(self):
        result = run("events", "progid:StdFont", "--server", "local")
        if "64" in os.environ["CPU"] or result.returncode != 0:
            self.assertEqual(result.returncode, 1, result.stdout + result.stderr)
            self.assertIn("not with such a server", result.stderr)
        else:
            # Wine's 32-bit COM starts dllhost as the server of any class, and then there is one.
            self.assertIn("FontEvents", result.stdout)
        self.assertIn("StdFont", self.ok("events", "--json", "progid:StdFont", "--server=inproc"))

    def test_an_object_without_events_is_refused(self):
        error = self.refused(1, "watch", "progid:Scripting.Dictionary")
        self.assertIn("not a connectable object: E_NOINTERFACE", error)

    # ---- StdFont: no class info, no enumerator, no connection list worth the name

    def test_events_of_a_font_are_found_through_its_dispatch_interface(self):
        sources = self.sources("progid:StdFont")
        self.assertEqual(set(sources), {"IPropertyNotifySink", "FontEvents"})
        events = sources["FontEvents"]
        self.assertEqual((events["iid"], events["kind"], events["connectable"]),
                         (FONT_EVENTS, "dispinterface", True))
        self.assertEqual([(event["name"], event["dispid"]) for event in events["events"]],
                         [("FontChanged", 9)])

    def test_a_change_of_a_font_is_seen_on_both_of_its_interfaces(self):
        lines = self.lines("fire", "progid:StdFont#Size", "--put", "12", "--watch", "--json")
        events = [(line["interface"], line["event"], line["args"]) for line in lines[:-1]]
        self.assertEqual(sorted(events),
                         [("FontEvents", "FontChanged", {"PropertyName": "Size"}),
                          ("IPropertyNotifySink", "OnChanged", {"dispid": 2})])
        self.assertEqual([line["source"] for line in lines[:-1]], ["progid:StdFont"] * 2)
        self.assertIn("result", lines[-1])

    def test_no_event_is_seen_when_nothing_changes(self):
        self.assertEqual(self.ok("fire", "progid:StdFont#Bold", "--get", "--watch", "-q"),
                         "false\n")

    # ---- Shell.Explorer: events with values, class info of its own

    def test_a_web_browser_tells_that_it_is_hidden(self):
        lines = self.lines("fire", "progid:Shell.Explorer.2#Visible", "--put", "false", "--watch",
                           "--json")
        self.assertEqual([(line["interface"], line["event"], line["args"])
                          for line in lines[:-1]],
                         [("DWebBrowserEvents2", "OnVisible", {"Visible": False})])

    def test_the_default_source_of_a_web_browser_is_its_own_answer(self):
        for version, default in (("1", "DWebBrowserEvents"), ("2", "DWebBrowserEvents2")):
            sources = self.sources(f"progid:Shell.Explorer.{version}")
            self.assertEqual([name for name, source in sources.items() if source["default"]],
                             [default])

    # ---- MSXML: described by its type library, and silent

    def test_events_of_xml_documents_are_described_by_their_libraries(self):
        for version in ("3.0", "6.0"):
            sources = self.sources(f"progid:Msxml2.DOMDocument.{version}")
            events = sources["XMLDOMDocumentEvents"]
            self.assertTrue(events["default"])
            self.assertTrue(events["connectable"])
            self.assertIn(("onreadystatechange", -609),
                          [(event["name"], event["dispid"]) for event in events["events"]])

    def test_a_watch_of_a_silent_object_ends_in_time(self):
        result = run("watch", "progid:Msxml2.DOMDocument.3.0", "--count", "1", "--timeout", "0.2")
        self.assertEqual(result.returncode, 124, result.stderr)
        self.assertIn("connected: progid:Msxml2.DOMDocument.3.0 XMLDOMDocumentEvents",
                      result.stderr)

    # ---- others

    def test_a_point_that_refuses_every_sink_is_named(self):
        # Wine's ADO, and the real one, answers E_FAIL for a sink without the vtable interface
        result = run("watch", "progid:ADODB.Connection", "--timeout", "0.2")
        self.assertEqual(result.returncode, 1, result.stderr)
        self.assertIn("cannot connect to progid:ADODB.Connection ConnectionEvents: E_FAIL "
                      "(0x80004005)", result.stderr)

    def test_what_a_header_alone_describes_is_found_and_not_connected(self):
        sources = self.sources(NETWORK_LIST)
        self.assertIn("INetworkListManagerEvents", sources)
        self.assertEqual({source["kind"] for source in sources.values()}, {"interface"})
        result = run("watch", NETWORK_LIST, "--timeout", "0.2")
        self.assertEqual(result.returncode, 1, result.stderr)
        self.assertIn("INetworkListManagerEvents: it is called through its own method table",
                      result.stderr)

    def test_events_without_a_single_method_in_the_library_can_be_watched(self):
        # Wine declares _WMPOCXEvents as an empty interface on IDispatch
        result = run("watch", "progid:WMPlayer.OCX", "--timeout", "0.2")
        self.assertEqual(result.returncode, 124, result.stderr)
        self.assertIn("connected: progid:WMPlayer.OCX _WMPOCXEvents", result.stderr)

    # ---- checking

    def outcome(self, rule, target, *args):
        # no rule hangs, but a busy machine may need longer than the usual ten seconds
        lines = run("check", target, "--json", "--only", rule, "--timeout", "150",
                    *args).stdout.splitlines()
        found = [line for line in map(json.loads, lines) if line.get("id") == rule]
        self.assertEqual(len(found), 1, lines)
        return f"{found[0]['outcome']}: {found[0]['text']}"

    def test_a_class_that_is_not_there_cannot_be_checked(self):
        error = self.refused(1, "check", "progid:No.Such.Class")
        self.assertIn("no class of that ProgID is registered", error)
        error = self.refused(1, "check", "clsid:{01234567-0123-0123-0123-0123456789AB}")
        self.assertEqual(error.count("connpt: "), 1, error)
        self.assertIn("REGDB_E_CLASSNOTREG (0x80040154)", error)

    def test_the_library_of_its_methods_names_the_interfaces_of_a_checked_font(self):
        found = self.outcome("unadvise-zero", "progid:StdFont")
        self.assertIn("FontEvents: ", found)

    def test_interfaces_that_a_header_alone_describes_are_checked(self):
        # and no class info names them, and no enumerator
        self.assertNotIn("no outgoing interface", self.outcome("find-same", NETWORK_LIST))

    def test_a_checked_object_is_made_to_fire(self):
        for rule in ("fire-reaches-all", "fire-arguments"):
            self.assertEqual(self.outcome(rule, "progid:StdFont", "12", "--fire", "Size", "--put"),
                             "passed: ")

    def test_an_object_for_any_apartment_is_called_on_several_threads(self):
        found = self.outcome("threads-advise", NETWORK_LIST, "--threads")
        self.assertNotIn("apartment", found)

    # ---- what Wine 8 does wrong, survived and told

    def deviations(self, target, *args, code=124):
        result = run("watch", target, "-v", "--timeout", "0.2", *args)
        self.assertEqual(result.returncode, code, wine_version() + "\n" + result.stderr)
        return result.stderr

    def test_no_container_of_wine_enumerates_its_points(self):
        answer = json.loads(self.ok("events", "--json", "progid:StdFont"))
        self.assertIn(("IConnectionPointContainer::EnumConnectionPoints", "E_NOTIMPL"),
                      [(one["method"], one["hresult"]) for one in answer["deviations"]],
                      wine_version())

    def test_a_list_that_delivers_fewer_than_asked_for_with_success_is_told(self):
        self.assertIn("IEnumConnections::Next: S_OK (0x00000000): is not S_FALSE",
                      self.deviations("progid:StdFont"))

    def test_a_list_that_adds_no_references_does_not_end_the_command(self):
        self.assertIn("IEnumConnections::Next: S_OK (0x00000000): adds no reference",
                      self.deviations("progid:Shell.Explorer.2"))
        lines = self.lines("fire", "progid:Shell.Explorer.2#Visible", "--put", "true", "--watch",
                           "--json", "-v")
        self.assertEqual([line["args"] for line in lines[:-1]], [{"Visible": True}])

    def test_a_list_that_adds_references_to_the_wrong_element_does_not_end_the_command(self):
        self.assertIn("IEnumConnections::Next: S_OK (0x00000000): adds a reference to what "
                      "stands behind", self.deviations("progid:WMPlayer.OCX"))

    def test_points_that_list_nothing_are_told(self):
        self.assertIn("IConnectionPoint::EnumConnections: E_NOTIMPL (0x80004001)",
                      self.deviations("progid:Msxml2.DOMDocument.3.0"))

    def test_objects_whose_events_are_stubs_are_refused_by_name(self):
        error = self.deviations("progid:MSScriptControl.ScriptControl", code=1)
        self.assertIn("cannot connect to progid:MSScriptControl.ScriptControl "
                      "DScriptControlSource: E_NOTIMPL (0x80004001)", error)
        error = self.deviations("progid:DHTMLEdit.DHTMLEdit", code=1)
        self.assertIn("IProvideClassInfo::GetClassInfo: E_NOTIMPL", error)
        self.assertIn("_DHTMLEditEvents: E_NOTIMPL (0x80004001)", error)

    def test_another_answer_than_no_connection_is_told(self):
        result = run("events", "progid:SAPI.SpVoice", "-v")
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertIn("FindConnectionPoint: E_NOTIMPL (0x80004001): is not "
                      "CONNECT_E_NOCONNECTION", result.stderr)
        self.assertIn("--iid asks for one", result.stderr)

    def test_an_object_that_describes_nothing_says_how_to_go_on(self):
        result = run("events", NETWORK_LIST, "-v", "--no-probe")
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertIn("--iid asks for one", result.stderr)
        self.assertIn("EnumConnectionPoints: E_NOTIMPL (0x80004001)", result.stderr)


print("#", wine_version(), CONNPT)
main()

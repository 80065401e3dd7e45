#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""watch_test - `connpt watch` on real directories: lines, ends, exit codes, completeness"""
import datetime
import re
import threading

from cli import (DEADLINE, TestCase, WINDOWS, Watch, json, main, native, os, posix_only, run,
                 signal, subprocess, time)

FOREIGN = "mod:" + os.environ["FOREIGN_MODULE"] + "#Ticker"

NO_SIGTERM = "there is no SIGTERM there"


class WatchCase(TestCase):
    def setUp(self):
        super().setUp()
        self.target = "fs:" + native(self.folder)

    def shown(self, *names):
        """The path of an event."""
        return native(self.path(*names))

    def cause_more_events_than_a_pipe_holds(self):
        for i in range(4000):  # and than our buffer holds
            self.write("x" * 60 + str(i))


class Lines(WatchCase):
    def test_a_text_line_reads_like_a_call(self):
        with Watch("watch", self.target) as watch:
            watch.wait_ready()
            self.write("a")
            watch.wait_output("Created")
            # as text a backslash is two
            target, path = (re.escape(text.replace("\\", 2 * "\\"))
                            for text in (self.target, f'"{self.shown("a")}"'))
            self.assertRegex(watch.stdout.decode(),
                             rf'^\d\d:\d\d:\d\d\.\d\d\d {target} '
                             rf'DFileEvents\.Created\(path={path}, dir=false\)\n')

    def test_paths_keep_the_spelling_of_the_directory(self):
        relative = native(os.path.relpath(self.folder)).removeprefix("Z:")
        with Watch("watch", "fs:" + relative + "#Created", "--json", "--count", "1") as watch:
            watch.wait_ready()
            self.write("a")
            self.assertEqual(watch.end(), 0)
            self.assertEqual(watch.events()[0]["args"]["path"],
                             relative + ("\\a" if WINDOWS else "/a"))

    def test_json_has_all_fields(self):
        with Watch("watch", self.target + "#Created", "--json", "--count", "2") as watch:
            watch.wait_ready()
            os.mkdir(self.path("d"))
            self.write("a")
            self.assertEqual(watch.end(), 0)
            first, second = watch.events()
        self.assertEqual(list(first), ["time", "source", "iid", "interface", "dispid", "event",
                                       "args", "seq"])
        stamp = datetime.datetime.strptime(first.pop("time"), "%Y-%m-%dT%H:%M:%S.%fZ")
        now = datetime.datetime.now(datetime.timezone.utc).replace(tzinfo=None)
        self.assertLess(abs((now - stamp).total_seconds()), 60)
        self.assertEqual(first, {"source": self.target,
                                 "iid": "{1088CECC-1ACE-47F8-8612-FE33054B6C74}",
                                 "interface": "DFileEvents", "dispid": 1, "event": "Created",
                                 "args": {"path": self.shown("d"), "dir": True}, "seq": 1})
        self.assertEqual((second["args"]["dir"], second["seq"]), (False, 2))

    @posix_only("the command cannot be stopped there, and both halves of a move may come apart")
    def test_a_move_has_both_names(self):
        self.write("a")
        with Watch("watch", self.target + "#Moved", "--json", "--count", "1") as watch:
            watch.wait_ready()
            # The system tells of the two names one after the other. Somebody who reads between
            # them, while whoever moves is kept waiting, may think that the file has left.
            watch.stop()
            os.rename(self.path("a"), self.path("b"))
            watch.signal(signal.SIGCONT)
            self.assertEqual(watch.end(), 0)
            self.assertEqual(watch.events()[0]["args"],
                             {"from": self.path("a"), "to": self.path("b"), "dir": False})

    def test_odd_names_are_escaped(self):
        names = ["sp ace", "\u00f6\U0001f600", "#hash"]
        if not WINDOWS:
            names += ['quo"te', "new\nline", "esc\x1b[31m"]
        with Watch("watch", self.target + "#Created", "--json", "--count",
                   len(names)) as watch:
            watch.wait_ready()
            for name in names:
                self.write(name)
            self.assertEqual(watch.end(), 0)
            self.assertEqual([event["args"]["path"] for event in watch.events()],
                             [self.shown(name) for name in names])

    @posix_only("names are UTF-16 there; fs text has those that are not")
    def test_names_that_are_not_utf8_are_shown(self):
        name = os.fsencode(self.folder) + b"/bad\xff\xfe"
        for options in ([], ["--json"]):
            with Watch("watch", self.target + "#Created", "--count", "1",
                       *options) as watch:
                watch.wait_ready()
                os.close(os.open(name, os.O_CREAT | os.O_WRONLY))
                self.assertEqual(watch.end(), 0)
                watch.stdout.decode("utf-8")
                self.assertIn(b"/bad\\", watch.stdout)
                if options:
                    path = watch.events()[0]["args"]["path"]
                    self.assertEqual(os.fsencode(path), name)
            os.unlink(name)


class Selecting(WatchCase):
    def test_match_selects(self):
        with Watch("watch", self.target, "--json", "--count", "1", "--match",
                   'path ~ "*.conf" && event == "Created"') as watch:
            watch.wait_ready()
            self.write("a.txt")
            self.write("b.conf")
            self.assertEqual(watch.end(), 0)
            self.assertEqual([event["args"]["path"] for event in watch.events()],
                             [self.shown("b.conf")])

    def test_unknown_interfaces_and_events_are_exit_code_3(self):
        for selector in ("#Nothing", "#DFileEvents.Nothing"):
            self.assertIn("Created", self.refused(3, "watch", self.target + selector))

    def test_two_targets_are_watched_at_once(self):
        os.mkdir(self.path("x"))
        os.mkdir(self.path("y"))
        with Watch("watch", f"fs:{self.shown('x')}#Created", f"fs:{self.shown('y')}#Created",
                   "--json", "--count", "2") as watch:
            watch.wait_ready()
            self.write("x/a")
            self.write("y/b")
            self.assertEqual(watch.end(), 0)
            self.assertEqual({event["source"] for event in watch.events()},
                             {"fs:" + self.shown("x"), "fs:" + self.shown("y")})

    def test_a_directory_that_is_missing_is_refused(self):
        error = self.refused(1, "watch", "fs:" + self.shown("missing"))
        self.assertIn("missing: 0x80070003\n", error)
        self.assertIn("no such directory", error)

    def test_a_target_without_any_source_is_told(self):
        error = self.refused(3, "watch", self.target, "--no-enum", "--no-classinfo",
                             "--no-probe")
        self.assertIn("no outgoing interface of it was found", error)

    def test_announcements_and_connections_are_told(self):
        with Watch("watch", self.target, "-v") as watch:
            watch.wait_ready()
            self.assertIn(b"connected: " + self.target.encode() + b" DFileEvents {1088CECC-",
                          watch.stderr)
            self.assertRegex(watch.stderr, rb"cookie \d+; DFileEvents has 1 connection\n")
            watch.signal(signal.SIGINT)
            self.assertEqual(watch.end(), 0)

    def test_a_method_table_interface_is_refused_with_the_reason(self):
        error = self.refused(1, "watch", "mod:ticker#Ticker#ITickerSink", "--quiet")
        self.assertIn("none of its events can be shown", error)
        result = run("watch", "mod:ticker#Ticker#ITickerSink")
        self.assertIn("libffi", result.stderr)


class Ending(WatchCase):
    def test_count_ends_with_success(self):
        with Watch("watch", self.target, "--count", "1", "--timeout", "60") as watch:
            watch.wait_ready()
            self.write("a")
            self.assertEqual(watch.end(), 0)
            self.assertEqual(watch.stdout.count(b"\n"), 1)
            self.assertRegex(watch.stderr, rb"\n1 event in \d+\.\d{3} s\n$")

    def test_a_timeout_is_exit_code_124(self):
        for options in ([], ["--count", "1"]):
            result = run("watch", self.target, "--timeout", "0.05", *options)
            self.assertEqual(result.returncode, 124, result.stderr)
            self.assertEqual(result.stdout, "")
            self.assertIn("\n0 events in ", result.stderr)

    def test_signals_disconnect_and_print_the_summary(self):
        for number in (signal.SIGINT,) if WINDOWS else (signal.SIGINT, signal.SIGTERM):
            with Watch("watch", self.target) as watch:
                watch.wait_ready()
                self.write("a" + str(number))
                watch.wait_output("Created")
                watch.signal(number)
                self.assertEqual(watch.end(), 0)
                self.assertRegex(watch.stderr, rb"\n\d+ events? in \d+\.\d{3} s\n$")

    def test_a_signal_before_the_count_is_told_in_the_exit_code(self):
        for number, code in ((signal.SIGINT, 130), (signal.SIGTERM, 143))[:1 if WINDOWS else 2]:
            with Watch("watch", self.target, "--count", "5") as watch:
                watch.wait_ready()
                watch.signal(number)
                self.assertEqual(watch.end(), code)

    def test_quiet_says_nothing(self):
        result = run("watch", self.target, "--quiet", "--timeout", "0.05")
        self.assertEqual((result.returncode, result.stderr), (124, ""))

    def test_a_reader_that_goes_ends_it_quietly(self):
        with Watch("watch", self.target) as watch:
            watch.wait_ready()
            watch.process.stdout.close()
            if WINDOWS:
                self.write("a")  # a write is the only sign there
            watch.process.wait(timeout=DEADLINE)  # without any event
            self.assertEqual(watch.process.returncode, 0)
            self.assertNotIn(b"rror", watch.process.stderr.read())
            watch.process.stdout = open(os.devnull, "rb")

    def test_a_full_disk_ends_it_with_a_failure(self):
        if not os.path.exists("/dev/full"):
            self.skipTest("there is no /dev/full")
        with open("/dev/full", "wb") as full, \
                Watch("watch", self.target, stdout=full) as watch:
            watch.wait_ready()
            self.write("a")
            self.assertEqual(watch.end(), 1)
            self.assertIn(b"cannot write to stdout: No space left", watch.stderr)

    @posix_only("about descriptors that a shell closes")
    def test_a_closed_stdout_ends_it_with_a_failure(self):
        # the shell's stderr is a pipe that says when it is ready
        with Watch("watch", self.target, shell='exec "$0" "$@" >&- <&-') as watch:
            watch.wait_ready()
            self.write("a")
            self.assertEqual(watch.end(), 1)

    @posix_only("a write to a full pipe cannot be ended there; a second Ctrl-C ends the command")
    def test_a_reader_that_stands_still_does_not_stop_a_signal(self):
        with Watch("watch", self.target) as watch:
            watch.wait_ready()
            self.cause_more_events_than_a_pipe_holds()
            watch.signal(signal.SIGTERM)
            watch.process.wait(timeout=DEADLINE)
            self.assertEqual(watch.process.returncode, 0)

    def test_an_event_does_not_stay_in_the_buffer(self):
        with Watch("watch", self.target) as watch:
            watch.wait_ready()
            for i in range(5):
                self.write(f"f{i}")
                watch.wait_output(f"f{i}")


class SecondSignal(WatchCase):
    """The first one is heard between two calls, which does not help where a call never returns."""

    def interrupt_until(self, watch, number=signal.SIGINT):
        # what comes just after the first signal is taken for a part of it
        deadline = time.monotonic() + DEADLINE
        while watch.process.poll() is None and time.monotonic() < deadline:
            watch.signal(number)
            try:
                watch.process.wait(timeout=0.05)
            except subprocess.TimeoutExpired:
                pass

    def interrupt_until_it_ends(self, watch, number=signal.SIGINT):
        self.interrupt_until(watch, number)
        return watch.end()

    def test_a_second_signal_ends_an_advise_that_never_returns(self):
        with Watch("watch", FOREIGN, "--quiet", env={"FOREIGN_POINT": "hang"}) as watch:
            watch.wait_error("foreign: Advise never returns")
            self.assertEqual(self.interrupt_until_it_ends(watch), 130)

    def test_a_second_signal_ends_an_unadvise_that_never_returns(self):
        with Watch("watch", FOREIGN, env={"FOREIGN_POINT": "hold"}) as watch:
            watch.wait_ready()
            watch.signal(signal.SIGINT)
            watch.wait_error("foreign: Unadvise never returns")
            self.assertEqual(self.interrupt_until_it_ends(watch), 130)
            self.assertIn("foreign", watch.stdout.decode())  # written before

    def test_a_second_signal_ends_a_write_that_nobody_reads(self):
        with Watch("watch", self.target) as watch:
            watch.wait_ready()
            self.cause_more_events_than_a_pipe_holds()
            watch.signal(signal.SIGINT)
            self.interrupt_until(watch)
            self.assertIn(watch.process.returncode, (0, 130))

    @posix_only(NO_SIGTERM)
    def test_a_second_sigterm_says_so_in_the_exit_code(self):
        with Watch("watch", FOREIGN, "--quiet", env={"FOREIGN_POINT": "hang"}) as watch:
            watch.wait_error("foreign: Advise never returns")
            self.assertEqual(self.interrupt_until_it_ends(watch, signal.SIGTERM), 143)

    @posix_only(NO_SIGTERM)
    def test_signals_that_come_at_once_are_one(self):
        # timeout(1) sends its signal to the command and to its group. A machine that lets more time
        # pass between the two than they may be apart does not do so each time.
        for _ in range(5):
            with Watch("watch", FOREIGN) as watch:
                watch.wait_ready()
                watch.stop()
                watch.signal(signal.SIGINT)
                watch.signal(signal.SIGTERM)
                watch.signal(signal.SIGCONT)
                code = watch.end()
                if code == 0:
                    break
        self.assertEqual(code, 0)
        self.assertIn(b"1 event in ", watch.stderr)


class Complete(WatchCase):
    FILES = 10000

    def make_files(self):
        """Nested directories that are new themselves."""
        made = []
        for i in range(self.FILES):
            folder = self.path(f"d{i // 1000}", f"e{i // 100}", f"f{i // 20}")
            if i % 20 == 0:
                os.makedirs(folder)
            path = os.path.join(folder, f"file{i}")
            os.close(os.open(path, os.O_CREAT | os.O_WRONLY))
            made.append(self.shown(path))
        self.write("last")
        return made

    def test_every_file_of_a_storm_in_new_directories_is_reported(self):
        """Each one by an event; after an Overflow, by the events of the rescan."""
        with Watch("watch", self.target, "--json") as watch:
            watch.wait_ready()
            made = []
            writer = threading.Thread(target=lambda: made.extend(self.make_files()))
            writer.start()
            watch.wait_output(json.dumps(self.shown("last"))[1:])
            writer.join()
            missing = set(made)
            looked_at = 0

            def all_seen(_):
                nonlocal looked_at
                events = watch.events()
                missing.difference_update(event["args"].get("path")
                                          for event in events[looked_at:])
                looked_at = len(events)
                return not missing

            watch.wait_output_if(all_seen, "all files")
            watch.signal(signal.SIGINT)
            self.assertEqual(watch.end(), 0)
            sequence = [event["seq"] for event in watch.events()]
            self.assertEqual(sequence, list(range(1, len(sequence) + 1)))


main()

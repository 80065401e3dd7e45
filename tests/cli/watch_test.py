#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""watch_test - `connpt watch` on real directories: lines, ends, exit codes, completeness"""
import datetime
import threading

from cli import DEADLINE, TestCase, WINDOWS, Watch, main, os, run, signal

if WINDOWS:
    print("1..0 # SKIP about POSIX paths, pipes and signals; cli system_class watches on Windows")
    raise SystemExit


class Lines(TestCase):
    def test_a_text_line_reads_like_a_call(self):
        with Watch("watch", "fs:" + self.folder) as watch:
            watch.wait_ready()
            self.write("a")
            watch.wait_output("Created")
            self.assertRegex(watch.stdout.decode(),
                             rf'^\d\d:\d\d:\d\d\.\d\d\d fs:{self.folder} DFileEvents\.Created'
                             rf'\(path="{self.folder}/a", dir=false\)\n')

    def test_paths_keep_the_spelling_of_the_directory(self):
        relative = os.path.relpath(self.folder)
        with Watch("watch", "fs:" + relative + "#Created", "--json", "--count", "1") as watch:
            watch.wait_ready()
            self.write("a")
            self.assertEqual(watch.end(), 0)
            self.assertEqual(watch.events()[0]["args"]["path"], relative + "/a")

    def test_json_has_all_fields(self):
        with Watch("watch", "fs:" + self.folder + "#Created", "--json", "--count", "2") as watch:
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
        self.assertEqual(first, {"source": "fs:" + self.folder,
                                 "iid": "{1088CECC-1ACE-47F8-8612-FE33054B6C74}",
                                 "interface": "DFileEvents", "dispid": 1, "event": "Created",
                                 "args": {"path": self.path("d"), "dir": True}, "seq": 1})
        self.assertEqual((second["args"]["dir"], second["seq"]), (False, 2))

    def test_a_move_has_both_names(self):
        self.write("a")
        with Watch("watch", "fs:" + self.folder + "#Moved", "--json", "--count", "1") as watch:
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
        names = ["sp ace", 'quo"te', "new\nline", "esc\x1b[31m", "\u00f6\U0001f600", "#hash"]
        with Watch("watch", "fs:" + self.folder + "#Created", "--json", "--count",
                   len(names)) as watch:
            watch.wait_ready()
            for name in names:
                self.write(name)
            self.assertEqual(watch.end(), 0)
            self.assertEqual([event["args"]["path"] for event in watch.events()],
                             [self.path(name) for name in names])

    def test_names_that_are_not_utf8_are_shown(self):
        name = os.fsencode(self.folder) + b"/bad\xff\xfe"
        for options in ([], ["--json"]):
            with Watch("watch", "fs:" + self.folder + "#Created", "--count", "1",
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


class Selecting(TestCase):
    def test_match_selects(self):
        with Watch("watch", "fs:" + self.folder, "--json", "--count", "1", "--match",
                   'path ~ "*.conf" && event == "Created"') as watch:
            watch.wait_ready()
            self.write("a.txt")
            self.write("b.conf")
            self.assertEqual(watch.end(), 0)
            self.assertEqual([event["args"]["path"] for event in watch.events()],
                             [self.path("b.conf")])

    def test_unknown_interfaces_and_events_are_exit_code_3(self):
        for selector in ("#Nothing", "#DFileEvents.Nothing"):
            self.assertIn("Created", self.refused(3, "watch", "fs:" + self.folder + selector))

    def test_two_targets_are_watched_at_once(self):
        os.mkdir(self.path("x"))
        os.mkdir(self.path("y"))
        with Watch("watch", f"fs:{self.path('x')}#Created", f"fs:{self.path('y')}#Created",
                   "--json", "--count", "2") as watch:
            watch.wait_ready()
            self.write("x/a")
            self.write("y/b")
            self.assertEqual(watch.end(), 0)
            self.assertEqual({event["source"] for event in watch.events()},
                             {"fs:" + self.path("x"), "fs:" + self.path("y")})

    def test_a_directory_that_is_missing_is_refused(self):
        error = self.refused(1, "watch", "fs:" + self.path("missing"))
        self.assertIn("missing: 0x80070003\n", error)
        self.assertIn("no such directory", error)

    def test_a_target_without_any_source_is_told(self):
        error = self.refused(3, "watch", "fs:" + self.folder, "--no-enum", "--no-classinfo",
                             "--no-probe")
        self.assertIn("no outgoing interface of it was found", error)

    def test_announcements_and_connections_are_told(self):
        with Watch("watch", "fs:" + self.folder, "-v") as watch:
            watch.wait_ready()
            self.assertIn(b"connected: fs:" + self.folder.encode() + b" DFileEvents {1088CECC-",
                          watch.stderr)
            self.assertRegex(watch.stderr, rb"cookie \d+; DFileEvents has 1 connection\n")
            watch.signal(signal.SIGINT)
            self.assertEqual(watch.end(), 0)

    def test_a_method_table_interface_is_refused_with_the_reason(self):
        error = self.refused(1, "watch", "mod:ticker#Ticker#ITickerSink", "--quiet")
        self.assertIn("none of its events can be shown", error)
        result = run("watch", "mod:ticker#Ticker#ITickerSink")
        self.assertIn("libffi", result.stderr)


class Ending(TestCase):
    def test_count_ends_with_success(self):
        with Watch("watch", "fs:" + self.folder, "--count", "1", "--timeout", "60") as watch:
            watch.wait_ready()
            self.write("a")
            self.assertEqual(watch.end(), 0)
            self.assertEqual(watch.stdout.count(b"\n"), 1)
            self.assertRegex(watch.stderr, rb"\n1 event in \d+\.\d{3} s\n$")

    def test_a_timeout_is_exit_code_124(self):
        for options in ([], ["--count", "1"]):
            result = run("watch", "fs:" + self.folder, "--timeout", "0.05", *options)
            self.assertEqual(result.returncode, 124, result.stderr)
            self.assertEqual(result.stdout, "")
            self.assertIn("\n0 events in ", result.stderr)

    def test_signals_disconnect_and_print_the_summary(self):
        for number in (signal.SIGINT, signal.SIGTERM):
            with Watch("watch", "fs:" + self.folder) as watch:
                watch.wait_ready()
                self.write("a" + str(number))
                watch.wait_output("Created")
                watch.signal(number)
                self.assertEqual(watch.end(), 0)
                self.assertRegex(watch.stderr, rb"\n\d+ events? in \d+\.\d{3} s\n$")

    def test_a_signal_before_the_count_is_told_in_the_exit_code(self):
        for number, code in ((signal.SIGINT, 130), (signal.SIGTERM, 143)):
            with Watch("watch", "fs:" + self.folder, "--count", "5") as watch:
                watch.wait_ready()
                watch.signal(number)
                self.assertEqual(watch.end(), code)

    def test_quiet_says_nothing(self):
        result = run("watch", "fs:" + self.folder, "--quiet", "--timeout", "0.05")
        self.assertEqual((result.returncode, result.stderr), (124, ""))

    def test_a_reader_that_goes_ends_it_quietly(self):
        with Watch("watch", "fs:" + self.folder) as watch:
            watch.wait_ready()
            watch.process.stdout.close()
            watch.process.wait(timeout=DEADLINE)  # without any event
            self.assertEqual(watch.process.returncode, 0)
            self.assertNotIn(b"rror", watch.process.stderr.read())
            watch.process.stdout = open(os.devnull, "rb")

    def test_a_full_disk_ends_it_with_a_failure(self):
        if not os.path.exists("/dev/full"):
            self.skipTest("there is no /dev/full")
        with open("/dev/full", "wb") as full, \
                Watch("watch", "fs:" + self.folder, stdout=full) as watch:
            watch.wait_ready()
            self.write("a")
            self.assertEqual(watch.end(), 1)
            self.assertIn(b"cannot write to stdout: No space left", watch.stderr)

    def test_a_closed_stdout_ends_it_with_a_failure(self):
        # the shell's stderr is a pipe that says when it is ready
        with Watch("watch", "fs:" + self.folder, shell='exec "$0" "$@" >&- <&-') as watch:
            watch.wait_ready()
            self.write("a")
            self.assertEqual(watch.end(), 1)

    def test_a_reader_that_stands_still_does_not_stop_a_signal(self):
        with Watch("watch", "fs:" + self.folder) as watch:
            watch.wait_ready()
            for i in range(4000):  # more than a pipe and our buffer hold
                self.write("x" * 60 + str(i))
            watch.signal(signal.SIGTERM)
            watch.process.wait(timeout=DEADLINE)
            self.assertEqual(watch.process.returncode, 0)

    def test_an_event_does_not_stay_in_the_buffer(self):
        with Watch("watch", "fs:" + self.folder) as watch:
            watch.wait_ready()
            for i in range(5):
                self.write(f"f{i}")
                watch.wait_output(f"f{i}")


class Complete(TestCase):
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
            made.append(path)
        self.write("last")
        return made

    def test_every_file_of_a_storm_in_new_directories_is_reported(self):
        """Each one by an event; after an Overflow, by the events of the rescan."""
        with Watch("watch", "fs:" + self.folder, "--json") as watch:
            watch.wait_ready()
            made = []
            writer = threading.Thread(target=lambda: made.extend(self.make_files()))
            writer.start()
            watch.wait_output(self.path("last") + '"')
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

#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""same_events_test.py - `connpt events --idl` of type libraries, here and on Windows

    same_events_test.py --wine-run=RUN --cpu=CPU CONNPT.EXE FOLDER...

On Linux this library reads them, on Windows the system does. The text must be the same for the
libraries in the folders and for those that Wine ships.
"""
import glob
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../harness"))
import sides
from wine_files import wine_files


def main():
    run, cpu, connpt, *folders = sys.argv[1:]
    wine_run, connpt = os.path.abspath(run.partition("=")[2]), os.path.abspath(connpt)
    here = sides.linux_program("src/cli/connpt")
    # wine-run finds the library's DLLs from the build folder; this is BUILD/src/cli/connpt.exe.
    build = os.path.dirname(os.path.dirname(os.path.dirname(connpt)))
    files = [path for folder in folders for path in sorted(glob.glob(folder + "/*.tlb"))]
    tap = sides.Tap()
    n_events = n_silent = 0
    for path in files + wine_files(cpu.partition("=")[2]):
        arguments = ["events", "--idl", "tlb:" + os.path.abspath(path)]
        linux = sides.run([here, *arguments], with_errors=False)
        if linux and linux[0].startswith("<ended"):
            n_silent += 1  # no class in it, or no library after all
            continue
        windows = sides.run([wine_run, connpt, *arguments], build, with_errors=False)
        faults = sides.compare(linux, windows, [], os.path.basename(path))
        tap.point(not faults, os.path.basename(path), faults)
        n_events += sum(1 for line in linux if line.endswith(");"))
    tap.point(n_events > 100, "there is something to compare",
              f"{tap.n} files, {n_events} events; {n_silent} more describe no class")
    tap.end()


main()

# SPDX-License-Identifier: MIT
"""bounded - run a program that may hang, for tools that break what it tests

What bounds it is time of a processor, and how long all its threads sleep; so a machine that is busy
makes no program hang that would not hang on a calm one.
"""
import os
import resource
import signal
import subprocess
import time

TICKS = os.sysconf("SC_CLK_TCK")
ASLEEP_SECONDS = 4  # without a thread that runs or waits for the disk: it hangs
LAYOUT_FIXED = subprocess.run(["setarch", "-R", "true"], capture_output=True).returncode == 0


def no_core():
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def used(pid):
    """(seconds of a processor, whether all threads sleep) of a process that was not waited for."""
    def fields(path):
        with open(path, encoding="ascii") as file:
            return file.read().rpartition(")")[2].split()
    stat = fields(f"/proc/{pid}/stat")
    states = []
    for thread in os.listdir(f"/proc/{pid}/task"):
        try:
            states.append(fields(f"/proc/{pid}/task/{thread}/stat")[0])
        except OSError:  # it has ended meanwhile
            return 0, False
    return (int(stat[11]) + int(stat[12])) / TICKS, all(state == "S" for state in states)


def watch(process, seconds):
    """Waits for its end. Its status, None when it took too much or hangs, and what it used."""
    poll, asleep_since, before = 0.02, None, -1.0
    while True:
        pid, status, usage = os.wait4(process.pid, os.WNOHANG)
        if pid != 0:
            process.returncode = os.waitstatus_to_exitcode(status)
            return process.returncode, usage.ru_utime + usage.ru_stime
        now = time.monotonic()
        spent, is_asleep = used(process.pid)
        if not is_asleep or spent != before:
            asleep_since, before = None, spent
        elif asleep_since is None:
            asleep_since = now
        if spent > seconds or (asleep_since is not None and now - asleep_since > ASLEEP_SECONDS):
            return None, spent
        time.sleep(poll)
        poll = min(0.2, 1.5 * poll)


def run(command, folder, seconds, env, out=subprocess.DEVNULL, memory=None):
    """(its exit status, or None when it had to be ended; the seconds of a processor that it used).
    @memory: of its addresses, in bytes. Ends all that it started, and nothing else."""
    prefix = ["setarch", "-R"] if LAYOUT_FIXED else []
    if memory:
        prefix += ["prlimit", f"--as={memory}"]
    # Its own process group, and not its own session: Linux shares the processor among sessions
    # first, and so this run's niceness would mean nothing.
    process = subprocess.Popen(prefix + command, cwd=folder, env=env, stdin=subprocess.DEVNULL,
                               stdout=out, stderr=out, process_group=0, preexec_fn=no_core)
    status, spent = watch(process, seconds)
    if status is None:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    return status, spent

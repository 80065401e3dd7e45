# SPDX-License-Identifier: MIT
"""cli - runs the command for the tests: `run` to its end, `Watch` beside the test

The environment names what is tested: CONNPT the program, CONNPT_MODULE_PATH the folders of the
modules, CONNPT_SYSTEM=windows a program that runs under Wine. Waiting is always for something,
with a deadline. The results are TAP.
"""
import json
import os
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import unittest

CONNPT = os.environ.get("CONNPT", "connpt")
WINDOWS = os.environ.get("CONNPT_SYSTEM") == "windows"
SUFFIX = ".dll" if WINDOWS else ".so"
PATHS = ";" if WINDOWS else ":"
DEADLINE = 300  # seconds: it ends what hangs, and is no measure of speed


def memory_folder():
    """Ten thousand files on a busy disk take their time. But modules are loaded from there too,
    which some containers forbid."""
    shm = "/dev/shm"
    if os.access(shm, os.W_OK | os.X_OK) and not os.statvfs(shm).f_flag & os.ST_NOEXEC:
        return shm
    return None


FOLDER = memory_folder()


def posix_only(reason):
    """Marks a test that the command cannot pass on Windows, or not under Wine."""
    return unittest.skipIf(WINDOWS, reason)


def native(path):
    """A path of this machine, as the command takes it."""
    return "Z:" + path.replace("/", "\\") if WINDOWS else path


def module_file(name):
    """The file of a module in CONNPT_MODULE_PATH."""
    return next(os.path.join(folder, name + SUFFIX)
                for folder in os.environ["CONNPT_MODULE_PATH"].split(PATHS)
                if os.path.exists(os.path.join(folder, name + SUFFIX)))


def has_module(name):
    return any(os.path.exists(os.path.join(folder, name + SUFFIX))
               for folder in os.environ["CONNPT_MODULE_PATH"].split(PATHS))


def with_fs(test):
    """Marks a test that needs the module of directories."""
    return unittest.skipUnless(has_module("fs"), "there is no module fs for this system")(test)


def run(*args, env=None, stdout=subprocess.PIPE):
    """The command, to its end."""
    return subprocess.run([CONNPT, *map(str, args)], stdin=subprocess.DEVNULL, stdout=stdout,
                          stderr=subprocess.PIPE, timeout=DEADLINE, check=False,
                          env={**os.environ, **(env or {})}, encoding="utf-8",
                          errors="surrogateescape")


def heed_interrupts():
    """What a shell starts in the background ignores SIGINT, and so does all that it starts."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


class Watch:
    """The command, running beside the test."""

    def __init__(self, *args, env=None, stdout=subprocess.PIPE, shell=None):
        """@shell: a line of sh that runs the command, which is "$0" "$@" in it."""
        command = [CONNPT, *map(str, args)]
        self.process = subprocess.Popen(["sh", "-c", shell, *command] if shell else command,
                                        stdin=subprocess.DEVNULL, stdout=stdout,
                                        stderr=subprocess.PIPE, preexec_fn=heed_interrupts,
                                        env={**os.environ, **(env or {})})
        self.stdout = b""
        self.stderr = b""
        self.parsed = []
        self.parsed_to = 0  # in stdout

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        if self.process.stdout:
            self.process.stdout.close()
        self.process.stderr.close()

    def _read(self, until, what):
        deadline = time.monotonic() + DEADLINE
        streams = {self.process.stderr.fileno(): "stderr"}
        if self.process.stdout:
            streams[self.process.stdout.fileno()] = "stdout"
        while not until():
            left = deadline - time.monotonic()
            ready = select.select(list(streams), [], [], max(left, 0))[0] if streams else []
            if not ready:
                raise AssertionError(f"waited in vain for {what}\n{self.stdout.decode()}\n"
                                     f"{self.stderr.decode()}")
            for descriptor in ready:
                piece = os.read(descriptor, 1 << 16)
                name = streams[descriptor]
                setattr(self, name, getattr(self, name) + piece)
                if not piece:
                    del streams[descriptor]

    def wait_ready(self):
        self._read(lambda: b"watching; " in self.stderr, "the watch to begin")
        return self

    def wait_error(self, text):
        self._read(lambda: text.encode() in self.stderr, repr(text))
        return self

    def wait_output(self, text):
        self._read(lambda: text.encode() in self.stdout, repr(text))
        return self

    def wait_output_if(self, condition, what):
        self._read(lambda: condition(self.stdout), what)
        return self

    def signal(self, number):
        self.process.send_signal(number)

    def stop(self):
        """Returns when it does nothing any more, until SIGCONT."""
        self.signal(signal.SIGSTOP)
        os.waitid(os.P_PID, self.process.pid, os.WSTOPPED)

    def end(self):
        """Its exit code, once it has ended by itself."""
        out, err = self.process.communicate(timeout=DEADLINE)
        self.stdout += out or b""
        self.stderr += err
        return self.process.returncode

    def events(self):
        """The complete JSON lines so far."""
        end = self.stdout.rfind(b"\n") + 1
        self.parsed += map(json.loads, self.stdout[self.parsed_to:end].splitlines())
        self.parsed_to = end
        return self.parsed


class TestCase(unittest.TestCase):
    maxDiff = None

    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="connpt-cli-", dir=FOLDER)
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)

    def path(self, *names):
        return os.path.join(self.folder, *names)

    def write(self, name, content=b""):
        with open(self.path(name), "wb") as file:
            file.write(content)
        return self.path(name)

    def ok(self, *args, **kwargs):
        result = run(*args, **kwargs)
        self.assertEqual(result.returncode, 0, result.stderr)
        return result.stdout

    def refused(self, code, *args, **kwargs):
        """stderr of a call that must fail with this exit code and say why."""
        result = run(*args, **kwargs)
        self.assertEqual(result.returncode, code, result.stdout + result.stderr)
        self.assertRegex(result.stderr, "(?m)^connpt: ")
        return result.stderr


class TapResult(unittest.TestResult):
    def __init__(self):
        super().__init__()
        self.number = 0
        self.complaints = []
        self.reason = ""

    def startTest(self, test):
        super().startTest(test)
        self.complaints, self.reason = [], ""

    def addError(self, test, err):
        super().addError(test, err)
        self.complaints.append(self.errors[-1][1])

    def addFailure(self, test, err):
        super().addFailure(test, err)
        self.complaints.append(self.failures[-1][1])

    def addSubTest(self, test, subtest, err):
        super().addSubTest(test, subtest, err)
        if err is not None:
            last = (self.failures if issubclass(err[0], test.failureException)
                    else self.errors)[-1]
            self.complaints.append(f"{subtest}\n{last[1]}")

    def addSkip(self, test, reason):
        super().addSkip(test, reason)
        self.reason = reason

    def stopTest(self, test):
        super().stopTest(test)
        self.number += 1
        name = test.id().removeprefix("__main__.")
        print(f"{'not ok' if self.complaints else 'ok'} {self.number} - {name}"
              + (f" # SKIP {self.reason}" if self.reason else ""), flush=True)
        for complaint in self.complaints:
            print("# " + complaint.rstrip().replace("\n", "\n# "), flush=True)


def main():
    """Runs the tests of the calling script, or those that are named: Class.test_name."""
    script, loader = sys.modules["__main__"], unittest.defaultTestLoader
    suite = (loader.loadTestsFromNames(sys.argv[1:], script) if sys.argv[1:]
             else loader.loadTestsFromModule(script))
    result = TapResult()
    print(f"1..{suite.countTestCases()}", flush=True)
    suite.run(result)
    sys.exit(0 if result.wasSuccessful() else 1)


__all__ = ["CONNPT", "DEADLINE", "PATHS", "SUFFIX", "TestCase", "WINDOWS", "Watch", "has_module",
           "json", "main", "module_file", "native", "os", "posix_only", "run", "shutil", "signal",
           "subprocess", "time", "with_fs"]

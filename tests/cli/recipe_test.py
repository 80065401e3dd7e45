#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""recipe_test - the shell lines of docs/ci/*.yml, run as a CI system would run them

SOURCE is the tree that they take connpt from; MODULE the source of "our module". Only the
installation of packages is left out.
"""
import glob
import re
import shutil
import tempfile
import xml.etree.ElementTree as ElementTree

from cli import TestCase, main, os, subprocess

SOURCE = os.environ["SOURCE"]
MODULE = os.environ["MODULE"]
MAKEFILE = """build/mine.so: mine.c
\tmkdir -p build
\t$(CC) $(CFLAGS) -shared -fPIC -o $@ mine.c `pkg-config --cflags --libs connpt`
"""
# An object whose first client finds it gone.
DEFECT = ("return connpt_object_create(&noisy_class, outer, ret_object);",
          "int *gone = malloc(4); free(gone); if (*(volatile int *)gone == 7) return E_FAIL; "
          "return connpt_object_create(&noisy_class, outer, ret_object);")


def blocks(path, key):
    """The shell text of each step: (its `if:`, text). @key: what stands in front of it; of a list
    ("-") only what has lines of its own."""
    lines = open(path, encoding="utf-8").read().splitlines()
    condition, found = "", []
    for number, line in enumerate(lines):
        if re.match(r" *- name: ", line):
            condition = ""
        if (match := re.match(r" *if: (.*)", line)):
            condition = match.group(1)
        match = re.match(rf"( *){key} ?(\||[^|].*)$", line)
        if not match:
            continue
        if match.group(2) != "|":
            if key == "-":
                continue
            found.append((condition, match.group(2)))
            continue
        text = []
        for inner in lines[number + 1:]:
            if inner.strip() and len(inner) - len(inner.lstrip()) <= len(match.group(1)):
                break
            text.append(inner)
        found.append((condition, "\n".join(text)))
    return found


def variables(path):
    """TARGET and OPTIONS, as the file sets them."""
    text = open(path, encoding="utf-8").read()
    return {name: re.search(rf"^ +{name}: (.*)$", text, re.M).group(1)
            for name in ("CONNPT_TAG", "TARGET", "OPTIONS")}


class Recipe(TestCase):
    @classmethod
    def setUpClass(cls):
        """A repository with what stands here, and the tag that the recipes ask for."""
        cls.work = tempfile.mkdtemp(prefix="connpt-recipe-")
        cls.repository = os.path.join(cls.work, "repository")
        cls.bin = os.path.join(cls.work, "bin")
        shutil.copytree(SOURCE, cls.repository,
                        ignore=shutil.ignore_patterns(".git", "build", "__pycache__"))
        git = ["git", "-c", "user.name=x", "-c", "user.email=x@example.org"]
        for command in (["init", "-q"], ["add", "-A"], ["commit", "-q", "-m", "x"],
                        ["tag", "v0.1.0"]):
            subprocess.run([*git, *command], cwd=cls.repository, check=True)
        os.mkdir(cls.bin)
        with open(os.path.join(cls.bin, "apt-get"), "w", encoding="utf-8") as shim:
            shim.write("#!/bin/sh\nexit 0\n")
        os.chmod(os.path.join(cls.bin, "apt-get"), 0o755)

    @classmethod
    def tearDownClass(cls):
        shutil.rmtree(cls.work, ignore_errors=True)

    def project(self, defect=False, known=""):
        folder = tempfile.mkdtemp(dir=self.work)
        source = open(MODULE, encoding="utf-8").read()
        if defect:
            source = source.replace(*DEFECT)
        for name, content in (("mine.c", source), ("Makefile", MAKEFILE), (".connpt-known", known)):
            with open(os.path.join(folder, name), "w", encoding="utf-8") as file:
                file.write(content)
        return folder

    def environment(self, path, **more):
        clean = {name: value for name, value in os.environ.items()
                 if name not in ("CC", "CFLAGS", "LD_LIBRARY_PATH", "MAKEFLAGS")}
        return {**clean, **variables(path), "PATH": f"{self.bin}:{os.environ['PATH']}",
                "CONNPT_SOURCE": "file://" + self.repository, **more}

    def sh(self, text, folder, env):
        return subprocess.run(["sh", "-e", "-c", text], cwd=folder, env=env, capture_output=True,
                              text=True, timeout=900, check=False)

    def github(self, folder, build, tools):
        """What the steps of one of the matrix's jobs return; the tools are built once."""
        path = os.path.join(SOURCE, "docs/ci/github.yml")
        env = self.environment(path, RUNNER_TEMP=tools, GITHUB_PATH=os.path.join(tools, "path"),
                               GITHUB_ENV=os.path.join(folder, "env"))
        tools_env = os.path.join(tools, "env")
        for condition, text in blocks(path, "run:"):
            if "matrix.build" in condition and f"'{build}'" not in condition:
                continue
            if "git clone" in text:
                env["GITHUB_ENV"] = tools_env
                if os.path.exists(tools_env):
                    text = ""
            done = self.sh(text, folder, env)
            env["GITHUB_ENV"] = os.path.join(folder, "env")
            for file in (tools_env, env["GITHUB_ENV"]):
                if os.path.exists(file):
                    env.update(line.split("=", 1) for line in open(file, encoding="utf-8")
                               .read().splitlines())
            if os.path.exists(env["GITHUB_PATH"]):
                first = open(env["GITHUB_PATH"], encoding="utf-8").read().split("\n")[0]
                env["PATH"] = f"{first}:{self.bin}:{os.environ['PATH']}"
            if done.returncode != 0:
                break
        return done

    def report(self, folder):
        return ElementTree.parse(os.path.join(folder, "connpt.xml")).getroot()

    def test_the_workflow_of_github(self):
        tools = tempfile.mkdtemp(dir=self.work)
        for build in ("plain", "sanitized"):
            folder = self.project()
            done = self.github(folder, build, tools)
            self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
            self.assertEqual(self.report(folder).get("failures"), "0")
        folder = self.project(defect=True)
        done = self.github(folder, "sanitized", tools)
        self.assertEqual(done.returncode, 7, done.stdout + done.stderr)
        self.assertIn("AddressSanitizer: heap-use-after-free", done.stdout)
        self.assertNotEqual(self.report(folder).get("errors"), "0")
        known = self.project(known="threads-*   # until they are repaired\npoints-*\n")
        done = self.github(known, "plain", tools)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        names = {case.get("name") for case in self.report(known).iter("testcase")}
        self.assertFalse([name for name in names if name.startswith(("threads-", "points-"))])

    def test_the_job_of_gitlab(self):
        path = os.path.join(SOURCE, "docs/ci/gitlab.yml")
        folder = self.project()
        env = self.environment(path, CI_PROJECT_DIR=folder, BUILD="sanitized")
        # GitLab gives all of them to one shell.
        done = self.sh("\n".join(text for _, text in blocks(path, "-")), folder, env)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertEqual(self.report(folder).get("failures"), "0")

    def test_each_recipe_is_on_the_page(self):
        page = open(os.path.join(SOURCE, "docs/check-ci.md"), encoding="utf-8").read()
        for path in glob.glob(os.path.join(SOURCE, "docs/ci/*.yml")):
            self.assertIn(f"<!-- quote: docs/ci/{os.path.basename(path)} -->", page)


main()

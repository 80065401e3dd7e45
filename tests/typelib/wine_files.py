# SPDX-License-Identifier: MIT
"""wine_files.py - the type libraries that Wine ships"""
import glob
import os

FOLDERS = ["/usr/lib/*/wine/", "/usr/lib/wine/", "/opt/wine-*/lib*/wine/"]


def wine_files(cpu="x86_64"):
    """Paths of modules with a resource of the kind TYPELIB, or that only look like it."""
    files = []
    for pattern in FOLDERS:
        for folder in glob.glob(pattern + ("i386" if cpu == "x86" else cpu) + "-windows"):
            for name in sorted(os.listdir(folder)):
                path = os.path.join(folder, name)
                with open(path, "rb") as file:
                    if "TYPELIB".encode("utf-16-le") in file.read():
                        files.append(path)
    return files

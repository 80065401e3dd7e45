# SPDX-License-Identifier: MIT
"""wine_files.py - the type libraries that Wine ships"""
import glob
import os

FOLDERS = ["/usr/lib/*/wine/x86_64-windows", "/usr/lib/wine/x86_64-windows",
           "/opt/wine-*/lib*/wine/x86_64-windows"]


def wine_files():
    """Paths of modules with a resource of the kind TYPELIB, or that only look like it."""
    files = []
    for pattern in FOLDERS:
        for folder in glob.glob(pattern):
            for name in sorted(os.listdir(folder)):
                path = os.path.join(folder, name)
                with open(path, "rb") as file:
                    if "TYPELIB".encode("utf-16-le") in file.read():
                        files.append(path)
    return files

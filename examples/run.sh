#!/bin/sh
# SPDX-License-Identifier: MIT
# run.sh EXPECTED PROGRAM [ARGUMENT...] - run an example and compare what it prints
set -eu
expected=$1
shift
# In a cross build Meson names the program that runs the others; Windows ends lines with CR LF.
${MESON_EXE_WRAPPER:-} "$@" | tr -d '\r' | diff -u "$expected" -

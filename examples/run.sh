#!/bin/sh
# SPDX-License-Identifier: MIT
# run.sh EXPECTED PROGRAM [ARGUMENT...] - run an example and compare what it prints
set -eu
expected=$1
shift
"$@" | diff -u "$expected" -

#!/bin/sh
# SPDX-License-Identifier: MIT
# run.sh EXPECTED PROGRAM [ARGUMENT...] - run an example and compare what it prints
set -eu
expected=$1
shift
out=$(mktemp)
trap 'rm -f "$out"' EXIT
"$@" >"$out"
tr -d '\r' <"$out" | diff -u "$expected" -

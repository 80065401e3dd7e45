#!/bin/sh
# SPDX-License-Identifier: MIT
#
# packaging_mingw_test BUILD CC PREFIX OBJDUMP RUN... - install the build for Windows, move it, and
# use it as others do: with mingw and pkg-config, by the DLL and statically. RUN... runs a program.
set -u
build=$1
cc=$2
prefix=${3#?:} # of C:/
objdump=$4
shift 4
top=$(cd "$(dirname "$0")/../.." && pwd)
temp=$(mktemp -d)
trap 'rm -rf "$temp"' EXIT
number=0
failed=0

# check NAME COMMAND... - one line of TAP, with what was said if it failed
check() {
    name=$1
    shift
    number=$((number + 1))
    if "$@" >"$temp/said" 2>&1; then
        echo "ok $number - $name"
    else
        echo "not ok $number - $name"
        sed 's/^/# /' "$temp/said"
        failed=1
    fi
}
finish() {
    echo "1..$number"
    exit $failed
}

check "meson install" meson install -C "$build" --no-rebuild --quiet --destdir "$temp/destdir"
[ $failed -eq 0 ] || finish
installed=$temp/installed
mv "$temp/destdir${prefix%/}" "$installed" || exit 1
WINEPATH=Z:$installed/bin
export WINEPATH

check "the DLL is where programs find it" test -f "$installed/bin/libconnpt-0.dll"
check "the import library is beside the static one" \
    test -f "$installed/lib/libconnpt.dll.a" -a -f "$installed/lib/libconnpt.a"
check "the module has its type library beside it" \
    test -f "$installed/lib/connpt/ticker.dll" -a -f "$installed/lib/connpt/ticker.tlb"

config() {
    PKG_CONFIG_PATH="" PKG_CONFIG_LIBDIR="$installed/lib/pkgconfig" \
        pkg-config --define-variable=prefix="$installed" "$@"
}
# compiled OUTPUT OPTION-OF-pkg-config OPTION-OF-THE-COMPILER SOURCE
compiled() {
    # shellcheck disable=SC2046,SC2086 # words on purpose
    "$cc" -std=c11 -Wall -Wextra -Wpedantic -Werror $3 -o "$temp/$1.exe" "$4" \
        $(config --cflags --libs $2 connpt)
}
needs_our_dll() {
    "$objdump" -p "$1" | grep -q 'DLL Name: libconnpt-0.dll'
}
system_dlls="kernel32|advapi32|msvcrt|ucrtbase|ole32|oleaut32|user32|libconnpt(-check)?-0"
needs_no_foreign_dll() {
    ! "$objdump" -p "$1" | sed -n 's/.*DLL Name: //p' |
        grep -viE "^($system_dlls)\\.dll\$|^api-ms-win-"
}
exports_nothing() {
    ! "$objdump" -p "$1" | grep -q 'Ordinal/Name Pointer'
}
# same_output PROGRAM EXPECTED RUN...
same_output() {
    program=$1
    expected=$2
    shift 2
    "$@" "$program" >"$temp/out" && tr -d '\r' <"$temp/out" | diff -u "$expected" -
}

for example in 01_connectable 02_dispatch_events; do
    source=$top/examples/$example.c
    expected=$top/examples/expected/$example.out
    check "$example: by the DLL" compiled "$example" "" "" "$source"
    check "$example: needs the DLL" needs_our_dll "$temp/$example.exe"
    check "$example: runs" same_output "$temp/$example.exe" "$expected" "$@"
    check "$example: statically" compiled "$example-static" --static -static "$source"
    check "$example: needs no DLL but the system's" \
        needs_no_foreign_dll "$temp/$example-static.exe"
    check "$example: exports none of our names" exports_nothing "$temp/$example-static.exe"
    check "$example: runs alone" same_output "$temp/$example-static.exe" "$expected" \
        env WINEPATH= "$@"
done

check "variable soname is a file" test -f "$installed/bin/$(config --variable=soname connpt)"
check "variable moduledir holds the modules" \
    test -f "$(config --variable=moduledir connpt)/ticker.dll"
check "variable abi" test "$(config --variable=abi connpt)" = windows

for file in bin/libconnpt-0.dll bin/connpt.exe lib/connpt/ticker.dll; do
    check "$file needs no DLL of the compiler" needs_no_foreign_dll "$installed/$file"
done
printed() {
    "$@" >"$temp/out" && grep -q "OnTick" "$temp/out"
}
check "the command shows the events of the installed module" \
    printed "$@" "$installed/bin/connpt.exe" events "mod:$installed/lib/connpt/ticker.dll#Ticker"

# The tree lies anywhere, in a folder with a name of any alphabet.
moved="$temp/Программы 1"
mv "$installed" "$moved"
WINEPATH=Z:$moved/bin
check "a module of a tree that was moved is found by its name" \
    printed "$@" "$moved/bin/connpt.exe" events mod:ticker#Ticker
listed() {
    "$@" >"$temp/out" && grep -q "mod:ticker#Ticker" "$temp/out"
}
check "and listed" listed "$@" "$moved/bin/connpt.exe" list
explained() {
    "$@" >"$temp/out" && grep -q "^# cookie-stale" "$temp/out"
}
check "and the pages of the checker are found" \
    explained "$@" "$moved/bin/connpt.exe" check --explain cookie-stale
finish

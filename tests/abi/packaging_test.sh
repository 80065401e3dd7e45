#!/bin/sh
# SPDX-License-Identifier: MIT
#
# packaging_test BUILD CC PREFIX - install the build, move it, and use it as others do: through
# pkg-config, through CMake, and with the installed connpt-widl
set -u
build=$1
cc=$2
prefix=$3
here=$(cd "$(dirname "$0")" && pwd)
temp=$(mktemp -d)
trap 'rm -rf "$temp"' EXIT
number=0
failed=0

# result STATUS NAME: one line of TAP, with what was said if it failed
result() {
    number=$((number + 1))
    if [ "$1" -eq 0 ]; then
        echo "ok $number - $2"
    else
        echo "not ok $number - $2"
        sed 's/^/# /' "$temp/said"
        failed=1
    fi
}
skip() {
    number=$((number + 1))
    echo "ok $number - $1 # SKIP $2"
}
# check NAME COMMAND...
check() {
    name=$1
    shift
    status=0
    "$@" >"$temp/said" 2>&1 || status=$?
    result $status "$name"
}
finish() {
    echo "1..$number"
    exit $failed
}

check "meson install" meson install -C "$build" --no-rebuild --quiet --destdir "$temp/destdir"
[ $failed -eq 0 ] || finish
moved="$temp/moved here"
mv "$temp/destdir$prefix" "$moved"
libdir=$(dirname "$(find "$moved" -name 'libconnpt.so.0' | head -n 1)")

cat >"$temp/use.c" <<'END'
#include <connpt/connpt.h>
#include <stdio.h>
int main(void)
{
    char text[CONNPT_GUID_TEXT_SIZE];
    connpt_guid_format(&IID_IConnectionPoint, text);
    puts(text);
    return 0;
}
END
runs() {
    [ "$(LD_LIBRARY_PATH=$libdir "$1")" = "{B196B286-BAB4-101A-B69C-00AA00341D07}" ]
}

# ---- pkg-config ---------------------------------------------------------------------------------

if command -v pkg-config >/dev/null 2>&1; then
    config() {
        PKG_CONFIG_PATH="$libdir/pkgconfig" \
            pkg-config --define-variable=prefix="$temp/link" "$@"
    }
    ln -s "$moved" "$temp/link" # flags are split at spaces
    compile_pc() {
        # shellcheck disable=SC2046
        "$cc" -std=c11 -Wall -Wextra -Wpedantic -Werror -o "$temp/use-pc" "$temp/use.c" \
            $(config --cflags --libs connpt)
    }
    check "pkg-config connpt: compiles and links" compile_pc
    check "pkg-config connpt: runs" runs "$temp/use-pc"
    compile_compat() {
        printf '#include "%s"\ntypedef int not_empty;\n' "$here/midl_shape.inc" >"$temp/midl.c"
        # shellcheck disable=SC2046
        "$cc" -std=c11 -Wall -Wextra -Werror -fsyntax-only "$temp/midl.c" \
            $(config --cflags connpt-compat)
    }
    check "pkg-config connpt-compat: MIDL's output compiles" compile_compat
    refused_without_compat() {
        # shellcheck disable=SC2046
        ! "$cc" -fsyntax-only "$temp/midl.c" $(config --cflags connpt)
    }
    check "pkg-config connpt: shadows no system header" refused_without_compat
    variable() {
        [ "$(config --variable="$1" connpt)" = "$2" ]
    }
    check "variable soname is a file" test -e "$libdir/$(config --variable=soname connpt)"
    check "variable abi" variable abi sysv-oleaut16
    check "variable idldir holds the base IDL" \
        test -f "$(config --variable=idldir connpt)/stdole2.idl"
    check "variable moduledir is below the prefix" \
        variable moduledir "$temp/link${libdir#"$moved"}/connpt"
    check "variable typelibdir is below the prefix" \
        variable typelibdir "$temp/link/share/connpt/typelibs"
else
    skip "pkg-config" "pkg-config is not installed"
fi

# ---- the IDL compiler ---------------------------------------------------------------------------

widl=$moved/bin/connpt-widl
status=0
"$widl" --version >/dev/null 2>&1 || status=$?
if [ $status -eq 3 ]; then
    skip "connpt-widl" "there is no widl (mingw-w64-tools)"
else
    check "the installed connpt-widl compiles the installed IDL" \
        "$widl" -o "$temp/idl" "$moved/share/connpt/idl/fs.idl"
    check "it wrote a type library" test -s "$temp/idl/fs.tlb"
fi

# ---- CMake --------------------------------------------------------------------------------------

if command -v cmake >/dev/null 2>&1; then
    mkdir "$temp/cmake"
    cp "$temp/use.c" "$temp/cmake"
    cp "$here/midl_shape.inc" "$temp/cmake"
    printf '#include "midl_shape.inc"\ntypedef int not_empty;\n' >"$temp/cmake/midl.c"
    cat >"$temp/cmake/CMakeLists.txt" <<'END'
cmake_minimum_required(VERSION 3.13)
project(use C)
find_package(connpt ${WANTED} REQUIRED)
find_package(connpt REQUIRED)
add_executable(use use.c)
target_link_libraries(use connpt::connpt)
add_library(midl OBJECT midl.c)
target_link_libraries(midl connpt::compat)
if(NOT EXISTS ${connpt_IDL_DIR}/oaidl.idl)
  message(FATAL_ERROR "connpt_IDL_DIR: ${connpt_IDL_DIR}")
endif()
END
    configure() {
        cmake -G Ninja -S "$temp/cmake" -B "$temp/cmake/$1" -DWANTED="$1" \
            -DCMAKE_PREFIX_PATH="$moved" -DCMAKE_C_COMPILER="$cc"
    }
    refused() {
        ! configure "$1" && grep -q 'version: 0' "$temp/said"
    }
    check "find_package(connpt 0.1): found in the moved copy" configure 0.1
    check "find_package(connpt 0.1): builds" cmake --build "$temp/cmake/0.1"
    check "find_package(connpt 0.1): runs" runs "$temp/cmake/0.1/use"
    check "find_package(connpt 9): refused" refused 9
else
    skip "find_package" "cmake is not installed"
fi
finish

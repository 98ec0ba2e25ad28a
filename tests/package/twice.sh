#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 esp-loader contributors
# SPDX-License-Identifier: Apache-2.0
#
# twice.sh BUILD FOLDER: scripts/dist, whose outcome is in BUILD/dist, makes the same once more, from a copy of the project in
# another folder, with another umask and other times of files.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
build=$(cd "$1" && pwd)
rm -rf "$2"
mkdir -p "$2"/{project,build}
cd "$2" || exit 1

make_again() {
    (cd "$project" && git ls-files --cached --others --exclude-standard -z | tar -c --null -T -) | tar -xm -C project || return
    cp -r "$build/stubs" build/ && mkdir build/dist-work && cp -r "$build/dist-work/debian-arm64" build/dist-work/ || return
    (umask 077 && EL_BUILD=$PWD/build SOURCE_DATE_EPOCH=$(git -C "$project" log -1 --format=%ct) project/scripts/dist)
}
is_equal() {
    diff -r build/dist "$build/dist"
}

check "dist: made a second time" make_again && check "dist: both times the same, byte for byte" is_equal

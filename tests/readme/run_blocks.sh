#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 esp-loader contributors
# SPDX-License-Identifier: Apache-2.0
#
# run_blocks.sh PROJECT PAGE BUILD CC FOLDER FLAGS...: runs the blocks of PAGE that are marked "sh run", in a folder that looks like the
# repository after `make tool`. Port 4000 of the pages becomes a free one. A block "cmake" is the project of the README's program.
set -euo pipefail
project=$1 page=$2 build=$3 cc=$4 folder=$5
shift 5
flags=$*

rm -rf "$folder"
mkdir -p "$folder/build"
cd "$folder"
for name in include src port examples; do ln -s "$project/$name" "$name"; done
ln -s "$build" build/tool
export HOME=$PWD/home
# blocks MARK: their text.
blocks() {
    sed -n "/^\`\`\`$1\$/,/^\`\`\`\$/p" "$project/$page" | sed '/^```/d'
}
cc() { command "$cc" $flags "$@"; } # the libraries may be built with sanitizers
export -f cc
export cc flags
blocks c >flash-app.c
blocks 'sh run' >all.sh
[ -s all.sh ]
free_port=$(python3 -c 'import socket; s = socket.create_server(("127.0.0.1", 0)); print(s.getsockname()[1])')
sed -i "s/\\b4000\\b/$free_port/g" all.sh
bash -euxmo pipefail all.sh </dev/null

blocks cmake >snippet.cmake
if [ -s snippet.cmake ]; then
    mkdir own
    { printf 'cmake_minimum_required(VERSION 3.16)\nproject(own C)\n'; cat snippet.cmake; } >own/CMakeLists.txt
    cp flash-app.c own/
    ln -s "$project" own/esp-loader
    cmake -S own -B own/build -DCMAKE_C_COMPILER="$cc" -DCMAKE_C_FLAGS="$flags" >own.log 2>&1 || { cat own.log; exit 1; }
    cmake --build own/build -j2 >own.log 2>&1 || { cat own.log; exit 1; }
    [ -x own/build/flash-app ]
fi

#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 esp-loader contributors
# SPDX-License-Identifier: Apache-2.0
#
# install.sh BUILD FOLDER: what `cmake --install BUILD` leaves, and other people's projects that use it: by find_package(),
# by pkg-config, and without any of it, by make. add_subdirectory() is the stage variants.
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"
build=$(cd "$1" && pwd)
rm -rf "$2"
mkdir -p "$2"
cd "$2" || exit 1
folder=$PWD
cc=${CC:-gcc}

install_all() {
    cmake --install "$build" --prefix "$folder/first" && mv first moved # nothing may depend on where it was installed
}
installed() {
    local file missing=0
    for file in bin/esp-loader bin/esp-sim bin/el-mkimage lib/udev/rules.d/60-esp-loader.rules share/doc/esp-loader/copyright \
        share/man/man1/{esp-sim,el-mkimage,esp-loader,esp-loader-flash}.1 share/bash-completion/completions/esp-loader \
        share/zsh/site-functions/_esp-loader share/fish/vendor_completions.d/esp-loader.fish; do
        [ -s "moved/$file" ] || { echo "$file"; missing=1; }
    done
    (cd "$project/include" && find . -type f) | while read -r file; do
        [ -f "moved/include/esp_loader/$file" ] || echo "include/esp_loader/$file"
    done | grep . && missing=1
    return $missing
}
programs_run() {
    moved/bin/esp-loader --version && moved/bin/esp-sim --help && moved/bin/el-mkimage --help
}
no_path_of_the_build() {
    ! grep -rlF -e "$project" -e "$folder" moved --include='*.cmake' --include='*.pc' --include='*.h' --include='*.1'
}
# Man pages that man has nothing to say against.
man_pages_are_sound() {
    local page said
    for page in moved/share/man/man1/*.1; do
        said=$(LC_ALL=C.UTF-8 MANWIDTH=80 man --warnings -E UTF-8 -l "$page" 2>&1 >/dev/null)
        [ -z "$said" ] || { echo "$page: $said"; return 1; }
        [ "$(man -l "$page" | wc -l)" -gt 10 ] || return 1
    done
}
# Every option of --help is in the page, and has not become part of a sentence.
man_pages_are_complete() {
    local program option
    for program in esp-sim el-mkimage; do
        MANWIDTH=200 LC_ALL=C man -l "moved/share/man/man1/$program.1" >page
        for option in $("moved/bin/$program" --help | sed -nE '/^Examples/q; s/^ {2,6}((-., )?--[a-z0-9-]+).*/\1/p' | grep -oE -e '--[a-z0-9-]+'); do
            grep -q "^ \{7\}\(-.*\)\?$option\\b" page || { echo "$program.1 lacks $option"; return 1; }
        done
        [ -n "$option" ] || return 1
    done
}
find_package_builds() {
    cmake -S "$project/tests/build/consumer" -B consumer "-DCMAKE_C_COMPILER=$cc" "-DCMAKE_PREFIX_PATH=$folder/moved" \
        "-DPROGRAM=$folder/flash-app.c" && cmake --build consumer && ctest --test-dir consumer --no-tests=error
}
find_package_refuses() {
    not cmake -S "$project/tests/build/consumer" -B refused "-DCMAKE_PREFIX_PATH=$folder/moved" -DVERSION_WANTED=0.0 &&
        not cmake -S "$project/tests/build/consumer" -B refused "-DCMAKE_PREFIX_PATH=$folder/moved" -DVERSION_WANTED=0.2
}
by_pkg_config() {
    PKG_CONFIG_PATH=$(dirname "$(find "$folder/moved" -name esp_loader.pc)") pkg-config --static "$@"
}
pkg_config_builds() {
    local version
    version=$(by_pkg_config --modversion esp_loader) || return
    [ "$version" = "$(moved/bin/esp-loader --version | sed -n 's/^esp-loader //p')" ] || return
    "$cc" -std=c99 $(by_pkg_config --cflags esp_loader) "$project/tests/build/consumer/main.c" -o by-pkg-config \
        $(by_pkg_config --libs esp_loader) && ./by-pkg-config &&
        "$cc" -Wall -Werror $(by_pkg_config --cflags esp_loader_ports_linux) flash-app.c -o flash-app \
            $(by_pkg_config --libs esp_loader_ports_linux)
}
flashes() {
    "$project/tests/readme/flash_over_pty.sh" "$1" "$folder/moved/bin/esp-sim" "$folder/moved/bin/el-mkimage" "$folder/chip"
}
make_builds() {
    mkdir -p make && cp -r "$project/tests/build/consumer" "$project/tests/build/makefile" make/ &&
        make -C make/makefile "CC=$cc" "ESP_LOADER=$project" && make/makefile/consumer
}

sed -n '/^```c$/,/^```$/p' "$project/README.md" | sed '/^```/d' >flash-app.c
check "cmake --install" install_all || exit 1
check "installed: programs, headers, udev rules, man pages, completions" installed
check "installed: the programs run" programs_run
check "installed: no path of the build" no_path_of_the_build
check "installed: man pages are sound" man_pages_are_sound
check "installed: man pages have every option" man_pages_are_complete
check "find_package: builds and runs" find_package_builds && check "find_package: flashes" flashes "$folder/consumer/program"
check "find_package: refuses another version" find_package_refuses
check "pkg-config: builds and runs" pkg_config_builds && check "pkg-config: flashes" flashes "$folder/flash-app"
check "make alone: builds and runs" make_builds
